"""The small translator's shape, trained from random weights on the same two sentences.

As ``translator``, but 32 numbers wide inside the feed-forward layers, and the embedding enters
times the root of the width, as in 2017.
"""

from __future__ import annotations

from functools import partial

import jax
import jax.numpy as jnp

from labs.translator import EAST, NORTH, WORDS

Params = dict[str, jax.Array]

WIDTH, HEADS, INNER = 8, 2, 32


def codes(*texts: str) -> jax.Array:
    """Return the number of each word of each text.  Shapes: (texts, words)."""
    return jnp.array([[WORDS.index(word) for word in text.split()] for text in texts])


SOURCE = codes("dog bites man <end>", "man bites dog <end>")
READ = codes("<start> canis hominem mordet", "<start> homo canem mordet")
WANTED = codes("canis hominem mordet <end>", "homo canem mordet <end>")
#: The same hand as in ``translator``: a quarter of a turn a place.
PLACES = jnp.outer(jnp.array([0.0, 1, 0, -1]), jnp.asarray(EAST)) + jnp.outer(
    jnp.array([1.0, 0, -1, 0]), jnp.asarray(NORTH)
)


def draw(seed: int) -> Params:
    """Return random weights: three attentions, two feed-forward layers, one embedding."""
    shapes = {"table": (len(WORDS), WIDTH)}
    shapes |= {f"{part}_{role}": (WIDTH, WIDTH) for part in ("e", "d", "x") for role in "qkvo"}
    for stack in "ed":
        shapes |= {f"{stack}_up": (WIDTH, INNER), f"{stack}_down": (INNER, WIDTH)}
    keys = jax.random.split(jax.random.key(seed), len(shapes))
    drawn = {}
    for key, (name, shape) in zip(keys, shapes.items(), strict=True):
        inputs = WIDTH if name == "table" else shape[0]
        drawn[name] = jax.random.normal(key, shape) / inputs**0.5
    biases = {f"{stack}_{bias}": jnp.zeros(size) for stack in "ed"
              for bias, size in (("bend", INNER), ("out", WIDTH))}  # fmt: skip
    return drawn | biases


def count(params: Params) -> int:
    """Return how many numbers the weights are."""
    return sum(param.size for param in params.values())


def normalised(x: jax.Array) -> jax.Array:
    """Return each row divided by the root of the mean of its squares."""
    return x / jnp.sqrt((x**2).mean(axis=-1, keepdims=True) + 1e-6)


def attend(
    params: Params, part: str, x: jax.Array, memory: jax.Array, mask: jax.Array | float = 0.0
) -> jax.Array:
    """Return what the heads of one attention bring.  Shapes: (batch, n, width) -> the same."""

    def split(rows: jax.Array) -> jax.Array:
        return rows.reshape(*rows.shape[:-1], HEADS, WIDTH // HEADS).swapaxes(-2, -3)

    q = split(x @ params[f"{part}_q"])
    k, v = (split(memory @ params[f"{part}_{role}"]) for role in "kv")
    scores = q @ k.swapaxes(-1, -2) / (WIDTH // HEADS) ** 0.5
    brought = jax.nn.softmax(scores + mask) @ v
    return brought.swapaxes(-2, -3).reshape(x.shape) @ params[f"{part}_o"]


def feed(params: Params, stack: str, x: jax.Array) -> jax.Array:
    """Return what a feed-forward layer adds."""
    inner = jax.nn.relu(x @ params[f"{stack}_up"] + params[f"{stack}_bend"])
    return inner @ params[f"{stack}_down"] + params[f"{stack}_out"]


def guesses(params: Params, positions: float, read: jax.Array = READ) -> jax.Array:
    """Return the logarithm of each word's probability to come next, for each row written.

    ``positions`` is 1, or 0 if the source's words do not know their places.
    Shapes: (sentences, 4, words).
    """
    table = params["table"]
    mask = jnp.triu(jnp.full((4, 4), -jnp.inf), k=1)
    x = WIDTH**0.5 * table[SOURCE] + positions * PLACES
    x = normalised(x + attend(params, "e", x, x))
    x = normalised(x + feed(params, "e", x))
    y = WIDTH**0.5 * table[read] + PLACES
    y = normalised(y + attend(params, "d", y, y, mask))
    y = normalised(y + attend(params, "x", y, x))
    y = normalised(y + feed(params, "d", y))
    return jax.nn.log_softmax(y @ table.T)


def loss(params: Params, positions: float) -> jax.Array:
    """Return the mean surprise at the right words.  Units: bits."""
    right = jnp.take_along_axis(guesses(params, positions), WANTED[..., None], axis=-1)
    return -right.mean() / jnp.log(2)


@partial(jax.jit, static_argnames=("steps", "rate"))
def train(params: Params, positions: float, steps: int, rate: float) -> jax.Array:
    """Return the loss before each training step, by Adam, and after the last.

    Shapes: (steps + 1,).  Units: bits.  Source of the rule: Kingma and Ba 2015.
    """

    def step(
        state: tuple[Params, Params, Params], number: jax.Array
    ) -> tuple[tuple[Params, Params, Params], jax.Array]:
        params, mean, square = state
        cost, slope = jax.value_and_grad(loss)(params, positions)
        mean = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, mean, slope)
        square = jax.tree.map(lambda s, g: 0.999 * s + 0.001 * g**2, square, slope)

        def moved(p: jax.Array, m: jax.Array, s: jax.Array) -> jax.Array:
            return p - rate * (m / (1 - 0.9**number)) / (jnp.sqrt(s / (1 - 0.999**number)) + 1e-8)

        return (jax.tree.map(moved, params, mean, square), mean, square), cost

    zero = jax.tree.map(jnp.zeros_like, params)
    state, costs = jax.lax.scan(step, (params, zero, zero), jnp.arange(1, steps + 1))
    return jnp.append(costs, loss(state[0], positions))
