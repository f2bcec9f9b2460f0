"""What attention variants keep of a token, and the algebra that lets latents stay folded."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def shared_width(layers: int, kv_heads: int, head_width: int) -> int:
    """Return how many numbers a token leaves in the cache: a key and a value a key-value head.

    ``kv_heads`` is the number of heads for multi-head, 1 for multi-query attention.
    """
    return 2 * kv_heads * head_width * layers


def latent_width(layers: int, latent: int, rotary: int) -> int:
    """Return how many numbers a token leaves: a latent, and one rotated key that all heads share.

    Source: DeepSeek-AI 2024, DeepSeek-V2, appendix C, equations 41 and 43.
    """
    return (latent + rotary) * layers


def unfolded_scores(q: Array, latents: Array, up: Array) -> Array:
    """Return queries against keys that are first rebuilt from the latents.

    Shapes: q (n, d_k), latents (m, d_c), up (d_c, d_k) -> (n, m).
    """
    keys = latents @ up
    return q @ keys.T


def folded_scores(q: Array, latents: Array, up: Array) -> Array:
    """Return the same scores: the matrix moves to the query's side.

    Shapes: q (n, d_k), latents (m, d_c), up (d_c, d_k) -> (n, m).
    """
    asked = q @ up.T
    return asked @ latents.T
