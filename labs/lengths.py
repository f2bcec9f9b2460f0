"""Reading further than training reached: as it comes, windowed, capped or squeezed.

The models are those of ``tiny``; trained parameters are read here in other ways. The rotary
functions are those of the worked example.
"""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from labs.tiny import Params, Shape, distance_penalty, normalised


class Reading(NamedTuple):
    """How a trained model reads.

    Only the last ``window`` characters; positions times ``scale``; positions, or of relative
    schemes distances, beyond ``cap`` count as ``cap``.
    """

    window: int | None = None
    scale: float = 1.0
    cap: int | None = None


def angles(width: int, base: float = 10_000.0) -> jax.Array:
    """Return by how much each pair of a head turns from one position to the next.

    Shapes: (width / 2,).  Units: radians.
    """
    return jnp.power(base, -jnp.arange(0, width, 2) / width)


def rotate(x: jax.Array, steps: jax.Array, turn: jax.Array) -> jax.Array:
    """Return ``x`` with each pair of features turned by ``turn`` radians per step.

    Feature i and feature i + width / 2 are a pair.

    Shapes: x (..., n, width), steps (n,), turn (width / 2,) -> (..., n, width).
    """
    angle = steps[:, None] * turn
    first, second = jnp.split(x, 2, axis=-1)
    return jnp.concatenate(
        [
            first * jnp.cos(angle) - second * jnp.sin(angle),
            first * jnp.sin(angle) + second * jnp.cos(angle),
        ],
        axis=-1,
    )


def turned_once(width: int, length: int) -> int:
    """Return how many pairs of a head complete a turn within ``length`` positions."""
    return int((length * np.asarray(angles(width)) >= 2 * np.pi).sum())


def visible(n: int, window: int | None) -> jax.Array:
    """Return which keys a query may read: none that come later, and at most ``window`` of them.

    Shapes: (n, n), true where query i may read key j.
    """
    distance = jnp.arange(n)[:, None] - jnp.arange(n)
    return (distance >= 0) & (distance < (window or n))


def position_rows(params: Params, n: int, shape: Shape, reading: Reading) -> jax.Array:
    """Return what is added to the characters at each position, between rows of a learned table.

    Shapes: (n, width).
    """
    steps = jnp.minimum(reading.scale * jnp.arange(n), reading.cap or n)
    if shape.positions == "learned":
        below = jnp.minimum(steps.astype(int), shape.rows - 2)
        part = (steps - below)[:, None]
        table = params["positions"]
        return (1 - part) * table[below] + part * table[below + 1]
    if shape.positions == "sinusoid":
        angle = steps[:, None] * angles(shape.width)
        return 0.02 * 2**0.5 * jnp.concatenate([jnp.sin(angle), jnp.cos(angle)], axis=1)
    return jnp.zeros((n, shape.width))


def rotary_scores(q: jax.Array, k: jax.Array, reading: Reading) -> jax.Array:
    """Return the products of rotated queries and keys, further keys as if they were ``cap`` away.

    Shapes: (..., n, width) twice -> (..., n, n).
    """
    n, width = q.shape[-2:]
    steps, turn = reading.scale * jnp.arange(n), angles(width)
    near = rotate(q, steps, turn) @ rotate(k, steps, turn).swapaxes(-1, -2)
    if reading.cap is None:
        return jnp.asarray(near)
    far = rotate(q, jnp.full(n, reading.cap), turn) @ k.swapaxes(-1, -2)
    return jnp.where(steps[:, None] - steps <= reading.cap, near, far)


def attention(x: jax.Array, part: Params, shape: Shape, reading: Reading) -> jax.Array:
    """Return what one layer's attention adds.

    Shapes: (batch, n, width) -> the same.
    """
    batch, n, width = x.shape
    each = width // shape.heads
    q, k, v = jnp.moveaxis(
        (x @ part["attention"]).reshape(batch, n, 3, shape.heads, each), (2, 3), (0, 2)
    )
    if shape.positions == "rope":
        scores = rotary_scores(q, k, reading) * each**-0.5
    else:
        scores = q @ k.swapaxes(-1, -2) * each**-0.5
    if shape.positions == "alibi":
        penalty = distance_penalty(n, shape.heads)
        furthest = penalty[:, reading.cap or n - 1, 0, None, None]
        scores += reading.scale * jnp.maximum(penalty, furthest)
    scores = jnp.where(visible(n, reading.window), scores, -jnp.inf)
    heads = (jax.nn.softmax(scores, axis=-1) @ v).swapaxes(1, 2)
    return jnp.matmul(heads.reshape(batch, n, width), part["mixed"])


@partial(jax.jit, static_argnames=("shape", "reading"))
def bits(params: Params, codes: jax.Array, shape: Shape, reading: Reading) -> jax.Array:
    """Return what each next character costs a causal model that reads so.  Units: bits.

    Shapes: (batch, n + 1) -> (batch, n).
    """
    n = codes.shape[1] - 1
    x = params["characters"][codes[:, :-1]] + position_rows(params, n, shape, reading)
    for layer in range(shape.layers):
        part = {name: params[name][layer] for name in ("attention", "mixed", "up", "down")}
        scales = params["scales"][layer]
        x += attention(normalised(x, scales[0]), part, shape, reading)
        x += jax.nn.gelu(normalised(x, scales[1]) @ part["up"]) @ part["down"]
    chances = jax.nn.log_softmax(normalised(x, params["last_scale"]) @ params["output"])
    chosen = jnp.take_along_axis(chances, codes[:, 1:, None].astype(int), axis=-1)
    return -chosen[..., 0] / jnp.log(2.0)
