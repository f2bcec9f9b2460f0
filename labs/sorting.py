"""Three ways to teach a network to sort sentences: a probe, full tuning, and from scratch.

A *head*, one matrix and a bias, turns a sentence vector into a score for each category; everything
below it is the *body*. Used by the experiment of the article on fine-tuning.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from labs.minilm import Params, vectors

Moments = tuple[Params, Params]


@dataclass(frozen=True, slots=True)
class Batch:
    """Sentences as rows of the vocabulary, where they are real, and their categories."""

    ids: NDArray[np.int32]
    real: NDArray[np.bool_]
    labels: NDArray[np.int64]

    def part(self, chosen: NDArray[np.int64] | slice) -> Batch:
        """Return the sentences ``chosen``."""
        return Batch(self.ids[chosen], self.real[chosen], self.labels[chosen])

    def __len__(self) -> int:
        """Return how many sentences there are."""
        return len(self.labels)


def new_head(width: int, categories: int) -> Params:
    """Return a head that gives every category the same score."""
    return {"head": jnp.zeros((width, categories)), "head_bias": jnp.zeros(categories)}


def surprise(scores: jax.Array, labels: jax.Array) -> jax.Array:
    """Return the mean surprise at the right categories.  Units: nats.

    Shapes: (batch, categories), (batch,) -> ().
    """
    chances = jax.nn.log_softmax(scores)
    return -jnp.take_along_axis(chances, labels[:, None], axis=1).mean()


def scores(params: Params, ids: jax.Array, real: jax.Array, heads: int) -> jax.Array:
    """Return a score for each category.

    Shapes: (batch, n) twice -> (batch, categories).
    """
    return jnp.matmul(vectors(params, ids, real, heads), params["head"]) + params["head_bias"]


def adam(
    params: Params, moments: Moments, gradient: Params, rate: float, count: float | jax.Array
) -> tuple[Params, Moments]:
    """Return parameters and averages after step ``count``, from 1, of Adam."""
    mean = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, moments[0], gradient)
    square = jax.tree.map(lambda s, g: 0.999 * s + 0.001 * g**2, moments[1], gradient)
    fix_mean, fix_square = 1 - 0.9**count, 1 - 0.999**count
    params = jax.tree.map(
        lambda p, m, s: p - rate * (m / fix_mean) / (jnp.sqrt(s / fix_square) + 1e-8),
        params, mean, square,
    )  # fmt: skip
    return params, (mean, square)


def still(params: Params) -> Moments:
    """Return averages of slopes before any step."""
    return jax.tree.map(jnp.zeros_like, params), jax.tree.map(jnp.zeros_like, params)


@partial(jax.jit, static_argnames="heads", donate_argnums=(0, 1))
def _step(
    params: Params,
    moments: Moments,
    data: tuple[jax.Array, jax.Array, jax.Array],
    rate: float,
    count: float,
    heads: int,
) -> tuple[Params, Moments]:
    """Return parameters and averages after one training step, body and head alike."""
    ids, real, labels = data
    gradient = jax.grad(lambda p: surprise(scores(p, ids, real, heads), labels))(params)
    return adam(params, moments, gradient, rate, count)


def train(
    body: Params,
    data: Batch,
    *,
    categories: int,
    heads: int,
    rate: float,
    steps: int,
    batch: int,
    seed: int,
) -> Params:
    """Return body and a new head, all of their numbers trained on ``data``.

    The rate rises over the first tenth of the steps and then falls to nothing along a line.
    """
    rng = np.random.default_rng([seed, 11])
    params = {name: jnp.array(table) for name, table in body.items()}
    params |= new_head(body["query"].shape[-1], categories)
    moments, order = still(params), np.empty(0, int)
    for step in range(steps):
        if len(order) < batch:
            order = np.concatenate([order, rng.permutation(len(data))])
        now, order = data.part(order[:batch]), order[batch:]
        rate_now = rate * min(1.0, (step + 1) / (steps / 10)) * (1 - step / steps)
        chosen = (jnp.asarray(now.ids), jnp.asarray(now.real), jnp.asarray(now.labels))
        params, moments = _step(params, moments, chosen, rate_now, step + 1.0, heads)
    return params


@partial(jax.jit, static_argnames="heads")
def _vectors(body: Params, ids: jax.Array, real: jax.Array, heads: int) -> jax.Array:
    return vectors(body, ids, real, heads)


def features(body: Params, data: Batch, heads: int, size: int = 50) -> NDArray[np.float32]:
    """Return the sentence vectors, ``size`` at once.  Shapes: (sentences, width)."""
    parts = (data.part(slice(start, start + size)) for start in range(0, len(data), size))
    return np.concatenate([np.asarray(_vectors(body, p.ids, p.real, heads)) for p in parts])


@partial(jax.jit, static_argnames=("steps", "categories"))
def _fit(found: jax.Array, labels: jax.Array, weight: float, steps: int, categories: int) -> Params:
    head = new_head(found.shape[1], categories)

    def loss(head: Params) -> jax.Array:
        fit = surprise(jnp.matmul(found, head["head"]) + head["head_bias"], labels)
        return fit + weight * (head["head"] ** 2).sum()

    def step(count: jax.Array, state: tuple[Params, Moments]) -> tuple[Params, Moments]:
        return adam(*state, jax.grad(loss)(state[0]), 0.01, count + 1.0)

    fitted: Params = jax.lax.fori_loop(0, steps, step, (head, still(head)))[0]
    return fitted


def probe(
    found: NDArray[np.float32], labels: NDArray[np.int64], categories: int, weight: float = 1e-3
) -> Params:
    """Return a head trained on fixed sentence vectors; ``weight`` keeps its numbers small."""
    head: Params = _fit(jnp.asarray(found), jnp.asarray(labels), weight, 500, categories)
    return head


def accuracy(found: NDArray[np.float32], head: Params, labels: NDArray[np.int64]) -> float:
    """Return the share of sentences that are sorted rightly."""
    given = found @ np.asarray(head["head"]) + np.asarray(head["head_bias"])
    return float((given.argmax(axis=1) == labels).mean())


# --- how far the numbers moved


def moved(new: Params, old: Params, names: Sequence[str] | None = None) -> float:
    """Return how far the body's numbers have moved, as a share of their own length."""
    names = list(old) if names is None else names
    away = sum(float(((new[name] - old[name]) ** 2).sum()) for name in names)
    return float(np.sqrt(away / sum(float((old[name] ** 2).sum()) for name in names)))


def largest_changes(new: Params, old: Params, share: float) -> Params:
    """Return ``old`` with the ``share`` of changes that are largest; the head stays new."""
    changes = {name: np.asarray(new[name] - old[name]) for name in old}
    sizes = np.abs(np.concatenate([change.ravel() for change in changes.values()]))
    least = np.partition(sizes, -int(share * sizes.size))[-int(share * sizes.size)]
    return dict(new) | {
        name: old[name] + jnp.where(jnp.abs(change) >= least, change, 0.0)
        for name, change in changes.items()
    }


def random_changes(new: Params, old: Params, share: float, seed: int) -> Params:
    """Return ``old`` with a random ``share`` of changes, enlarged by 1 / share; the head stays new.

    Source: Yu et al. 2023 (DARE).
    """
    rng = np.random.default_rng([seed, 13])
    return dict(new) | {
        name: old[name] + (new[name] - old[name]) * (rng.random(old[name].shape) < share) / share
        for name in old
    }
