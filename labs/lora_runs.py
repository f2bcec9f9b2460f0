"""A small language model, tuned whole and by adapters: two new kinds of text, one model.

Used by the experiment of the article on LoRA. The model is that of ``tiny.py``.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache, partial

import jax
import jax.numpy as jnp
import numpy as np

from labs.phonemes import pronunciations
from labs.texts import ALPHABET, Codes, decoded, encoded, king_james, parts, windows
from labs.tiny import Params, Shape, bits, draw

LENGTH = 64
BATCH = 16
TOGETHER = 50
TEST_WINDOWS = 384
SHAPE = Shape(len(ALPHABET), width=64, heads=4, layers=2, positions="rope")
#: The matrices that get an adapter: all in the layers.
MATRICES = ("attention", "mixed", "up", "down")
#: Over the rank this is what an adapter is multiplied by.
ALPHA = 16.0

State = tuple[Params, Params, Params]


def unspaced(text: str) -> str:
    """Return a text whose words run into each other: *inthebeginning*."""
    return text.replace(" ", "")


def sounds() -> str:
    """Return a line for each word of a dictionary: its spelling and how it is said."""
    lines = [f"{word}: {' '.join(said[0]).lower()}" for word, said in pronunciations().items()]
    return "\n".join(np.random.default_rng(5).permutation(lines).tolist())


@lru_cache(maxsize=4)
def texts(name: str) -> tuple[Codes, Codes]:
    """Return what to train on and what to test on: ``old``, ``unspaced`` or ``sounds``."""
    if name == "sounds":
        return parts(encoded(sounds()))
    learned, tested = parts(encoded(king_james()))
    if name == "unspaced":
        return encoded(unspaced(decoded(learned))), encoded(unspaced(decoded(tested)))
    return learned, tested


@lru_cache(maxsize=4)
def exam(name: str) -> jax.Array:
    """Return the windows that every model is tested on.

    Shapes: (TEST_WINDOWS, LENGTH + 1).
    """
    rng = np.random.default_rng(2021)
    return jnp.asarray(windows(texts(name)[1], LENGTH + 1, TEST_WINDOWS, rng))


def cost(params: Params, name: str) -> float:
    """Return what a character of a text never seen costs.  Units: bits."""
    return float(bits(params, exam(name), SHAPE).mean())


def adapters(rank: int, seed: int) -> Params:
    """Return adapters that change nothing yet: A drawn, B zero.

    Shapes: for each matrix (layers, in, rank) and (layers, rank, out).
    """
    base = jax.eval_shape(lambda: draw(SHAPE, 0))
    keys = jax.random.split(jax.random.key(seed), len(MATRICES))
    made: Params = {}
    for key, name in zip(keys, MATRICES, strict=True):
        layers, rows, columns = base[name].shape
        made[f"{name} a"] = jax.random.normal(key, (layers, rows, rank)) * rows**-0.5
        made[f"{name} b"] = jnp.zeros((layers, rank, columns))
    return made


def together(frozen: Params, moving: Params) -> Params:
    """Return the parameters that the model runs with: ``moving`` replaces or adapts ``frozen``."""
    params = dict(frozen)
    for name, values in moving.items():
        if name.endswith(" a"):
            matrix = name.removesuffix(" a")
            scale = ALPHA / values.shape[-1]
            params[matrix] = frozen[matrix] + scale * values @ moving[f"{matrix} b"]
        elif not name.endswith(" b"):
            params[name] = values
    return params


@partial(jax.jit, donate_argnums=1)
def _steps(
    frozen: Params,
    state: State,
    codes: jax.Array,
    first: jax.Array,
    steps: jax.Array,
    rate: jax.Array,
) -> State:
    """Return the state after ``TOGETHER`` steps of Adam; the rate rises, then falls to nothing."""

    def one(state: State, now: tuple[jax.Array, jax.Array]) -> tuple[State, None]:
        moving, mean, square = state
        batch, step = now
        gradient = jax.grad(lambda m: bits(together(frozen, m), batch, SHAPE).mean())(moving)
        rise = jnp.minimum(1.0, (step + 1) / (steps / 20))
        rate_now = rate * rise * 0.5 * (1 + jnp.cos(jnp.pi * step / steps))
        mean = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, mean, gradient)
        square = jax.tree.map(lambda s, g: 0.99 * s + 0.01 * g**2, square, gradient)
        fix_mean, fix_square = 1 - 0.9 ** (step + 1), 1 - 0.99 ** (step + 1)
        moving = jax.tree.map(
            lambda p, m, s: p - rate_now * (m / fix_mean) / (jnp.sqrt(s / fix_square) + 1e-8),
            moving, mean, square,
        )  # fmt: skip
        return (moving, mean, square), None

    numbers = first + jnp.arange(TOGETHER, dtype=jnp.float32)
    return jax.lax.scan(one, state, (codes, numbers))[0]


def tuned(
    frozen: Params, moving: Params, name: str, *, rounds: int, rate: float, seed: int
) -> Params:
    """Return ``moving`` after ``rounds`` × ``TOGETHER`` steps on the text ``name``."""
    rng = np.random.default_rng([seed, 7])
    # copies, because a step reuses the room of what it is given
    moving = jax.tree.map(jnp.array, moving)
    state = (moving, jax.tree.map(jnp.zeros_like, moving), jax.tree.map(jnp.zeros_like, moving))
    for number in range(rounds):
        codes = windows(texts(name)[0], LENGTH + 1, TOGETHER * BATCH, rng)
        batches = jnp.asarray(codes.reshape(TOGETHER, BATCH, LENGTH + 1))
        first, steps = jnp.float32(number * TOGETHER), jnp.float32(rounds * TOGETHER)
        state = _steps(frozen, state, batches, first, steps, jnp.float32(rate))
    return state[0]


@lru_cache(maxsize=2)
def base(rounds: int) -> Params:
    """Return a model that has read the old text, the same for every seed."""
    return tuned({}, draw(SHAPE, 0), "old", rounds=rounds, rate=3e-3, seed=0)


def changed(params: Params, matrices: Mapping[str, np.ndarray]) -> Params:
    """Return the parameters with other matrices, each (layers, in, out)."""
    return params | {name: jnp.asarray(value, jnp.float32) for name, value in matrices.items()}
