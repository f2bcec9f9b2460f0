"""Teaching a trained network a second kind of text, and asking what it still knows of the first.

Used by the experiment of the article on the limits of fine-tuning; the network is that of ``tiny``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np

from labs.texts import Codes, windows
from labs.tiny import Params, Shape, bits


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a network is tuned.

    Of each batch ``replayed`` windows are of the old text. ``pull`` is the weight of the penalty
    on having moved; ``stiffness``, if there is one, says of each parameter how much it counts.
    """

    steps: int
    rate: float
    batch: int = 20
    replayed: int = 0
    pull: float = 0.0
    stiffness: Params | None = None


@partial(jax.jit, static_argnames=("shape", "steps"), donate_argnums=(0, 1))
def _step(
    params: Params,
    moments: tuple[Params, Params],
    start: Params,
    stiffness: Params,
    codes: jax.Array,
    step: jax.Array,
    rate: jax.Array,
    pull: jax.Array,
    shape: Shape,
    steps: int,
) -> tuple[Params, tuple[Params, Params]]:
    """Return parameters and moments after one step of Adam, with the schedule of ``tiny``."""

    def loss(params: Params) -> jax.Array:
        moved = jax.tree.map(lambda f, p, s: (f * (p - s) ** 2).sum(), stiffness, params, start)
        return jnp.asarray(
            bits(params, codes, shape).mean() + pull / 2 * sum(jax.tree.leaves(moved))
        )

    gradient = jax.grad(loss)(params)
    rise = jnp.minimum(1.0, (step + 1) / (steps / 20))
    rate_now = rate * rise * 0.5 * (1 + jnp.cos(jnp.pi * step / steps))
    mean, square = moments
    mean = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, mean, gradient)
    square = jax.tree.map(lambda s, g: 0.99 * s + 0.01 * g**2, square, gradient)
    fix_mean, fix_square = 1 - 0.9 ** (step + 1), 1 - 0.99 ** (step + 1)
    params = jax.tree.map(
        lambda p, m, s: p - rate_now * (m / fix_mean) / (jnp.sqrt(s / fix_square) + 1e-8),
        params, mean, square,
    )  # fmt: skip
    return params, (mean, square)


def tune(
    start: Params,
    shape: Shape,
    new: Codes,
    old: Codes,
    recipe: Recipe,
    seed: int,
    each_step: Callable[[int, Params], None] | None = None,
) -> Params:
    """Return parameters tuned from ``start`` on windows of the new text and some of the old.

    ``each_step`` is called with the number of steps done and the parameters so far.
    """
    rng = np.random.default_rng([seed, 4])
    params: Params = jax.tree.map(jnp.copy, start)
    moments = (jax.tree.map(jnp.zeros_like, params), jax.tree.map(jnp.zeros_like, params))
    stiffness = recipe.stiffness or jax.tree.map(jnp.ones_like, params)
    size, fresh = shape.rows + 1, recipe.batch - recipe.replayed
    for step in range(recipe.steps):
        codes = np.concatenate(
            [windows(new, size, fresh, rng), windows(old, size, recipe.replayed, rng)]
        )
        params, moments = _step(
            params, moments, start, stiffness, jnp.asarray(codes), jnp.float32(step),
            jnp.float32(recipe.rate), jnp.float32(recipe.pull), shape, recipe.steps,
        )  # fmt: skip
        if each_step:
            each_step(step + 1, params)
    return params


def importance(params: Params, shape: Shape, codes: Codes) -> Params:
    """Return how much each parameter matters for windows of text: the mean square of its slopes.

    Divided by its mean over all parameters, so that a pull of 1 is as strong on average as one
    that treats all alike. The windows' true next characters stand in for drawn ones.
    Shapes: (count, n + 1) -> as the parameters.
    Source: Kirkpatrick et al. 2017, the diagonal of the Fisher information.
    """
    slope = jax.jit(jax.grad(lambda params, window: bits(params, window[None], shape).sum()))
    total = jax.tree.map(jnp.zeros_like, params)
    for window in codes:
        total = jax.tree.map(lambda t, g: t + g**2, total, slope(params, jnp.asarray(window)))
    leaves = jax.tree.leaves(total)
    mean = sum(leaf.sum() for leaf in leaves) / sum(leaf.size for leaf in leaves)
    scaled: Params = jax.tree.map(lambda leaf: leaf / mean, total)
    return scaled


def between(start: Params, end: Params, share: float) -> Params:
    """Return the parameters that lie ``share`` of the way from ``start`` to ``end``.

    Source: Wortsman et al. 2022, WiSE-FT.
    """
    mixed: Params = jax.tree.map(lambda a, b: (1 - share) * a + share * b, start, end)
    return mixed
