"""Gradients at the start of training in towers that normalise before or after each addition."""

from __future__ import annotations

from functools import partial

import jax
import jax.numpy as jnp

from labs.tiny import Params, Shape, attention, normalised


def draw(shape: Shape, seed: int) -> Params:
    """Return a tower's weights, each matrix of variance 2 / (rows + columns).

    Source: Glorot and Bengio 2010.
    """
    width, layers = shape.width, shape.layers
    sizes = {
        "attention": (layers, width, 3 * width),
        "mixed": (layers, width, width),
        "up": (layers, width, 4 * width),
        "down": (layers, 4 * width, width),
        "output": (width, shape.vocabulary),
    }
    keys = jax.random.split(jax.random.key(seed), len(sizes))
    drawn = {}
    for key, (name, size) in zip(keys, sizes.items(), strict=True):
        # three square matrices lie side by side in "attention"
        columns = width if name == "attention" else size[-1]
        spread = (2 / (size[-2] + columns)) ** 0.5
        drawn[name] = spread * jax.random.normal(key, size)
    return drawn


def layer(x: jax.Array, part: Params, shape: Shape, order: str) -> jax.Array:
    """Return the stream after one layer that normalises in ``order``: "pre" or "post".

    Shapes: (batch, n, width) -> the same.
    """
    if order == "pre":
        x = x + attention(unscaled(x), part, shape)
        return x + feed_forward(unscaled(x), part)
    x = unscaled(x + attention(x, part, shape))
    return unscaled(x + feed_forward(x, part))


def feed_forward(x: jax.Array, part: Params) -> jax.Array:
    """Return what the two matrices, with what is negative cut off between them, make of ``x``."""
    return jnp.matmul(jax.nn.relu(x @ part["up"]), part["down"])


def unscaled(x: jax.Array) -> jax.Array:
    """Return ``x`` with mean square one over its last axis."""
    return normalised(x, jnp.ones(x.shape[-1]))


def loss(weights: Params, x: jax.Array, wanted: jax.Array, shape: Shape, order: str) -> jax.Array:
    """Return the mean cross-entropy of the tower's guesses.  Units: nats.

    Shapes: x (batch, n, width), wanted (batch, n) -> ().
    """
    parts = {name: weights[name] for name in ("attention", "mixed", "up", "down")}
    x, _ = jax.lax.scan(lambda x, part: (layer(x, part, shape, order), None), x, parts)
    guesses = jax.nn.log_softmax(unscaled(x) @ weights["output"])
    return -jnp.take_along_axis(guesses, wanted[..., None], axis=-1).mean()


@partial(jax.jit, static_argnames=("shape", "order"))
def gradients(
    weights: Params, x: jax.Array, wanted: jax.Array, shape: Shape, order: str
) -> jax.Array:
    """Return the size of the loss's gradient by each layer's last matrix, its Frobenius norm.

    Shapes: x (batch, n, width), wanted (batch, n) -> (layers,).
    """
    found = jax.grad(loss)(weights, x, wanted, shape, order)
    return jnp.sqrt((found["down"] ** 2).sum((1, 2)))
