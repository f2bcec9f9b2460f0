"""A tiny transformer under any mask, trained, then asked without the future.

The network is that of ``labs.tiny``; there the mask is causal or absent, here it is a table of
who may read whom. Used to see what a wrong mask does to the loss that training reports.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from labs.texts import Codes, windows
from labs.tiny import Params, Shape, draw, normalised

Mask = NDArray[np.bool_]


def read(
    params: Params, codes: jax.Array, mask: jax.Array, shape: Shape
) -> tuple[jax.Array, list[jax.Array]]:
    """Return the scores of each next character, and each layer's attention weights.

    Shapes: codes (batch, n), mask (n, n) -> (batch, n, vocabulary), (batch, heads, n, n) a layer.
    """
    batch, n = codes.shape
    x = params["characters"][codes] + params["positions"][:n]
    seen = []
    for layer in range(shape.layers):
        first, second = params["scales"][layer]
        parts = normalised(x, first) @ params["attention"][layer]
        q, k, v = jnp.moveaxis(parts.reshape(batch, n, 3, shape.heads, -1), (2, 3), (0, 2))
        scores = q @ k.swapaxes(-1, -2) * q.shape[-1] ** -0.5
        weights = jax.nn.softmax(jnp.where(mask, scores, -jnp.inf), axis=-1)
        mixed = (weights @ v).swapaxes(1, 2).reshape(batch, n, -1)
        x += mixed @ params["mixed"][layer]
        x += jax.nn.gelu(normalised(x, second) @ params["up"][layer]) @ params["down"][layer]
        seen.append(weights)
    return jnp.matmul(normalised(x, params["last_scale"]), params["output"]), seen


@partial(jax.jit, static_argnames="shape")
def reported(params: Params, codes: jax.Array, mask: jax.Array, shape: Shape) -> jax.Array:
    """Return what each next character costs under ``mask``, as training counts it.  Units: bits.

    Shapes: codes (batch, n + 1), mask (n, n) -> (batch, n).
    """
    chances = jax.nn.log_softmax(read(params, codes[:, :-1], mask, shape)[0])
    chosen = jnp.take_along_axis(chances, codes[:, 1:, None].astype(int), axis=-1)
    return jnp.asarray(-chosen[..., 0] / jnp.log(2.0))


@partial(jax.jit, static_argnames="shape")
def honest(params: Params, codes: jax.Array, mask: jax.Array, shape: Shape) -> jax.Array:
    """Return what each next character costs if the text ends before it.  Units: bits.

    For each prefix, keys past its end are hidden from it, and its last place is read.
    Shapes: codes (batch, n + 1), mask (n, n) -> (batch, n).
    """
    n = len(mask)

    def ends_at(place: jax.Array) -> jax.Array:
        # what lies past the end sees itself alone: a row that sees nothing would be no number
        cut = (mask & (jnp.arange(n) <= place)) | jnp.eye(n, dtype=bool)
        at_all: jax.Array = reported(params, codes, cut, shape)
        return at_all[:, place]

    return jnp.transpose(jax.lax.map(ends_at, jnp.arange(n)))


@partial(jax.jit, static_argnames=("shape", "steps", "rate"))
def _step(
    params: Params,
    moments: tuple[Params, Params],
    codes: jax.Array,
    mask: jax.Array,
    step: jax.Array,
    shape: Shape,
    steps: int,
    rate: float,
) -> tuple[Params, tuple[Params, Params], jax.Array]:
    """Return parameters and moments after one step of Adam, and the loss before it.

    The rate rises over the first twentieth of ``steps`` and falls to nothing along a cosine.
    """
    loss, gradient = jax.value_and_grad(lambda p: reported(p, codes, mask, shape).mean())(params)
    rise = jnp.minimum(1.0, (step + 1) / (steps / 20))
    now = rate * rise * 0.5 * (1 + jnp.cos(jnp.pi * step / steps))
    mean = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, moments[0], gradient)
    square = jax.tree.map(lambda s, g: 0.99 * s + 0.01 * g**2, moments[1], gradient)
    lift, widen = 1 - 0.9 ** (step + 1), 1 - 0.99 ** (step + 1)
    params = jax.tree.map(
        lambda p, m, s: p - now * (m / lift) / (jnp.sqrt(s / widen) + 1e-8), params, mean, square
    )
    return params, (mean, square), loss


def train(
    shape: Shape,
    mask: Mask,
    codes: Codes,
    *,
    steps: int,
    seed: int,
    batch: int = 32,
    rate: float = 3e-3,
    each_step: Callable[[int, Params], None] | None = None,
) -> Params:
    """Return parameters trained under ``mask`` on windows as long as the mask is wide.

    ``each_step`` is called with the number of steps done and the parameters so far.
    """
    rng = np.random.default_rng(seed)
    params, allowed = draw(shape, seed), jnp.asarray(mask)
    moments = (jax.tree.map(jnp.zeros_like, params), jax.tree.map(jnp.zeros_like, params))
    for step in range(steps):
        codes_now = jnp.asarray(windows(codes, len(mask) + 1, batch, rng))
        params, moments, _ = _step(
            params, moments, codes_now, allowed, jnp.float32(step), shape, steps, rate
        )
        if each_step:
            each_step(step + 1, params)
    return params
