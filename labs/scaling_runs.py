"""Tiny training runs for a scaling law: one size, one number of characters, one learning rate.

The model and its cost are those of ``tiny.py``; the loop is written anew, so that one compiled
program serves every length of training and every learning rate.
"""

from __future__ import annotations

from functools import lru_cache, partial

import jax
import jax.numpy as jnp
import numpy as np

from labs.texts import ALPHABET, Codes, encoded, king_james, parts, windows
from labs.tiny import Params, Shape, bits, count, draw

LENGTH = 64
BATCH = 16
#: Steps that one call of the compiled program takes; every run is a multiple of them.
TOGETHER = 61
#: Characters that one such call reads.
UNIT = TOGETHER * BATCH * LENGTH
TEST_WINDOWS = 512

State = tuple[Params, Params, Params]


@lru_cache(maxsize=1)
def texts() -> tuple[Codes, Codes]:
    """Return what the models are trained on and what they are then tested on."""
    return parts(encoded(king_james()))


@lru_cache(maxsize=1)
def exam() -> jax.Array:
    """Return the windows that every model is tested on.

    Shapes: (TEST_WINDOWS, LENGTH + 1).
    """
    rng = np.random.default_rng(2020)
    return jnp.asarray(windows(texts()[1], LENGTH + 1, TEST_WINDOWS, rng))


def shape_of(width: int) -> Shape:
    """Return a model of two layers whose heads are about 16 wide; it has rotary positions."""
    heads = max(1, width // 16)
    return Shape(len(ALPHABET), width=width, heads=heads, layers=2, positions="rope")


def parameters(width: int) -> int:
    """Return how many parameters a model has, all of them."""
    return count(draw(shape_of(width), 0))


def embeddings(width: int) -> int:
    """Return how many of them are the two tables that turn characters into rows and back."""
    return 2 * len(ALPHABET) * width


@partial(jax.jit, static_argnames="shape", donate_argnums=0)
def _steps(
    state: State,
    codes: jax.Array,
    first: jax.Array,
    shape: Shape,
    steps: jax.Array,
    rate: jax.Array,
) -> State:
    """Return the state after ``TOGETHER`` steps of Adam, of which the first is number ``first``.

    The rate rises over the first twentieth of ``steps`` and falls to nothing along a cosine.
    """

    def one(state: State, now: tuple[jax.Array, jax.Array]) -> tuple[State, None]:
        params, mean, square = state
        batch, step = now
        gradient = jax.grad(lambda params: bits(params, batch, shape).mean())(params)
        rise = jnp.minimum(1.0, (step + 1) / (steps / 20))
        rate_now = rate * rise * 0.5 * (1 + jnp.cos(jnp.pi * step / steps))
        mean = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, mean, gradient)
        square = jax.tree.map(lambda s, g: 0.99 * s + 0.01 * g**2, square, gradient)
        fix_mean, fix_square = 1 - 0.9 ** (step + 1), 1 - 0.99 ** (step + 1)
        params = jax.tree.map(
            lambda p, m, s: p - rate_now * (m / fix_mean) / (jnp.sqrt(s / fix_square) + 1e-8),
            params, mean, square,
        )  # fmt: skip
        return (params, mean, square), None

    numbers = first + jnp.arange(TOGETHER, dtype=jnp.float32)
    return jax.lax.scan(one, state, (codes, numbers))[0]


def trained(width: int, units: int, rate: float, seed: int) -> float:
    """Return what a character of the test costs a model trained on ``units`` × ``UNIT`` characters.

    Units: bits a character.
    """
    shape = shape_of(width)
    rng = np.random.default_rng(seed)
    params = draw(shape, seed)
    state = (params, jax.tree.map(jnp.zeros_like, params), jax.tree.map(jnp.zeros_like, params))
    steps = jnp.float32(units * TOGETHER)
    for unit in range(units):
        codes = windows(texts()[0], LENGTH + 1, TOGETHER * BATCH, rng)
        batches = jnp.asarray(codes.reshape(TOGETHER, BATCH, LENGTH + 1))
        first = jnp.float32(unit * TOGETHER)
        state = _steps(state, batches, first, shape, steps, jnp.float32(rate))
    return float(bits(state[0], exam(), shape).mean())
