"""Sentence vectors as each layer of an encoder would give them, and of texts of any length."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from labs.minilm import LAYERED, Params, encode, layer, normalised, padded

Array = NDArray[np.float64]


@partial(jax.jit, static_argnames="heads")
def pooled(params: Params, ids: jax.Array, real: jax.Array, heads: int) -> jax.Array:
    """Return the mean row of each text, before the first layer and after every layer.

    Shapes: (batch, n) twice -> (layers + 1, batch, width).
    """
    x = params["words"][ids] + params["positions"][: ids.shape[1]] + params["kinds"][0]
    x = normalised(x, params["first_scale"], params["first_shift"])
    many = real.sum(1, keepdims=True)
    found = [(x * real[..., None]).sum(1) / many]
    for number in range(len(params["query"])):
        x = layer(x, {name: params[name][number] for name in LAYERED}, real, heads)
        found.append((x * real[..., None]).sum(1) / many)
    return jnp.stack(found)


def cut(rows: Sequence[Sequence[int]], limit: int) -> list[list[int]]:
    """Return the rows of pieces, at most ``limit`` long, each with its last piece (the end)."""
    return [[*row[: min(limit, len(row)) - 1], row[-1]] for row in rows]


def of_texts(
    params: Params,
    vocabulary: Mapping[str, int],
    texts: Sequence[str],
    heads: int,
    limit: int = 256,
    batch: int = 32,
) -> Array:
    """Return the vectors of texts at every layer; short texts are read together.

    Shapes: m texts -> (layers + 1, m, width).
    """
    rows = cut([encode(text, vocabulary) for text in texts], limit)
    order = sorted(range(len(rows)), key=lambda place: len(rows[place]))
    width = params["words"].shape[1]
    found = np.zeros((len(params["query"]) + 1, len(rows), width))
    for start in range(0, len(rows), batch):
        chosen = order[start : start + batch]
        longest = max(len(rows[place]) for place in chosen)
        length = min(limit, -(-longest // 8) * 8)  # few lengths, so that few programs are compiled
        ids, real = padded([rows[place] for place in chosen], length)
        found[:, chosen] = np.asarray(pooled(params, jnp.asarray(ids), jnp.asarray(real), heads))
    return found
