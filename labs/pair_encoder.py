"""A small encoder of texts, trained from nothing on pairs that belong together.

A text is the mean of its pieces' vectors, bent once and brought to length one. The pairs are the
names of things and WordNet's definitions of them.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from labs import minilm
from labs.pinned import pinned
from labs.wordnet import NOUNS, NOUNS_SHA256

Params = dict[str, jax.Array]
Vectors = NDArray[np.float32]

LENGTH = 16
WORDS = (4, 16)
RARE = 3  # pieces met less often in training are left out


@dataclass(frozen=True, slots=True)
class Side:
    """One half of the pairs: rows of pieces, and where they are not filled up.

    Shapes: (pairs, length) twice.
    """

    ids: NDArray[np.int32]
    real: NDArray[np.bool_]

    def part(self, chosen: NDArray[np.int_] | slice) -> Side:
        """Return the chosen texts."""
        return Side(self.ids[chosen], self.real[chosen])


@dataclass(frozen=True, slots=True)
class Pairs:
    """Names and glosses, the n-th of each belonging together."""

    names: Side
    glosses: Side

    def part(self, chosen: NDArray[np.int_] | slice) -> Pairs:
        """Return the chosen pairs."""
        return Pairs(self.names.part(chosen), self.glosses.part(chosen))


# --- the pairs


@lru_cache(maxsize=1)
def texts() -> list[tuple[str, str]]:
    """Return names and gloss of each common noun whose gloss has four to sixteen words.

    Raises: FileNotFoundError, or ValueError if the file is another than the pinned one.
    """
    found: dict[str, str] = {}
    for line in pinned(NOUNS, NOUNS_SHA256).decode("utf-8").splitlines():
        if not line.startswith(" ") and (pair := named(line)):
            found.setdefault(pair[1], pair[0])
    return [(names, gloss) for gloss, names in found.items()]


def named(line: str) -> tuple[str, str] | None:
    """Return names and gloss of a line of the file; None for proper nouns and other lengths."""
    head, _, rest = line.partition(" | ")
    fields = head.split()
    names = [fields[4 + 2 * n].replace("_", " ") for n in range(int(fields[3], 16))]
    gloss = rest.partition('"')[0].partition(";")[0].strip()
    if names[0][0].isupper() or not WORDS[0] <= len(gloss.split()) <= WORDS[1]:
        return None
    return ", ".join(names), gloss


def split(seed: int, tested: int) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Return pairs to learn from and ``tested`` others, drawn by lot."""
    pairs = texts()
    order = np.random.default_rng([seed, 11]).permutation(len(pairs))
    return [pairs[n] for n in order[tested:]], [pairs[n] for n in order[:tested]]


def cut(seed: int, tested: int) -> tuple[Pairs, Pairs, int]:
    """Return the pairs of ``split`` in pieces of words, and how many pieces there are.

    The vocabulary is MiniLM's, as far as training has it.
    """
    with minilm.package() as archive:
        rows = json.loads(archive.read("tokenizer.json"))["model"]["vocab"]
    sets = [
        [
            [minilm.encode(text, rows)[1:-1][:LENGTH] for text in side]
            for side in zip(*part, strict=True)
        ]
        for part in split(seed, tested)
    ]
    met = Counter(piece for side in sets[0] for text in side for piece in text)
    kept = {piece: 1 + n for n, piece in enumerate(p for p, times in met.items() if times >= RARE)}
    learned, test = (Pairs(*(side_of(side, kept) for side in part)) for part in sets)
    return learned, test, len(kept) + 1


def side_of(rows: Sequence[Sequence[int]], kept: dict[int, int]) -> Side:
    """Return texts as the encoder reads them; pieces that it does not know are left out."""
    ids, real = minilm.padded([[kept[p] for p in row if p in kept] for row in rows], LENGTH)
    return Side(ids, real)


# --- the encoder


def draw(vocabulary: int, width: int, seed: int) -> Params:
    """Return parameters drawn at random."""
    keys = jax.random.split(jax.random.key(seed), 3)
    return {
        "pieces": 0.1 * jax.random.normal(keys[0], (vocabulary, width)),
        "up": width**-0.5 * jax.random.normal(keys[1], (width, 2 * width)),
        "down": 0.1 * (2 * width) ** -0.5 * jax.random.normal(keys[2], (2 * width, width)),
    }


def pooled(params: Params, ids: jax.Array, real: jax.Array) -> jax.Array:
    """Return the mean of each text's pieces, bent once.  Shapes: (texts, n) -> (texts, width)."""
    rows = params["pieces"][ids] * real[..., None]
    mean = rows.sum(1) / jnp.maximum(real.sum(1, keepdims=True), 1)
    return mean + jnp.tanh(mean @ params["up"]) @ params["down"]


def unit(x: jax.Array) -> jax.Array:
    """Return vectors brought to length one."""
    return x / jnp.sqrt((x**2).sum(-1, keepdims=True) + 1e-6)


def exam(
    anchors: jax.Array, answers: jax.Array, others: jax.Array, temperature: float, group: int
) -> jax.Array:
    """Return the mean surprise at the right partners, asked from both sides.

    The batch falls into groups; texts of other groups are no options. ``others`` are options that
    belong to nobody, asked from the anchors' side only.
    Shapes: (batch, width) twice, (more, width), more a multiple of batch or 0 -> ().
    """
    width = anchors.shape[1]
    a, b = anchors.reshape(-1, group, width), answers.reshape(-1, group, width)
    more = others.reshape(len(a), -1, width)
    scores = a @ jnp.concatenate([b, more], axis=1).swapaxes(1, 2) / temperature
    own = jnp.arange(group)
    there = jax.nn.log_softmax(scores, axis=2)[:, own, own]
    back = jax.nn.log_softmax(scores[:, :, :group], axis=1)[:, own, own]
    return -(there.mean() + back.mean()) / 2


def loss(
    params: Params,
    batch: tuple[jax.Array, ...],
    temperature: float,
    group: int,
    widths: tuple[int, ...],
) -> jax.Array:
    """Return the exam's loss, averaged over the first ``widths`` numbers of the vectors."""
    sides = [pooled(params, ids, real) for ids, real in zip(batch[::2], batch[1::2], strict=True)]
    total = jnp.float32(0)
    for width in widths:
        a, b, *more = (unit(side[:, :width]) for side in sides)
        total += exam(a, b, more[0] if more else a[:0], temperature, group)
    return jnp.asarray(total / len(widths))


@partial(jax.jit, static_argnames=("group", "widths"), donate_argnums=(0, 1))
def _step(
    params: Params,
    moments: tuple[Params, Params],
    batch: tuple[jax.Array, ...],
    n: jax.Array,
    temperature: jax.Array,
    rate: jax.Array,
    steps: jax.Array,
    group: int,
    widths: tuple[int, ...],
) -> tuple[Params, tuple[Params, Params]]:
    """Return parameters and averages after one step of Adam; the rate falls along a cosine."""
    slopes = jax.grad(loss)(params, batch, temperature, group, widths)
    mean = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, moments[0], slopes)
    square = jax.tree.map(lambda s, g: 0.99 * s + 0.01 * g**2, moments[1], slopes)
    now = rate * jnp.minimum(1.0, (n + 1) / 20) * 0.5 * (1 + jnp.cos(jnp.pi * n / steps))
    fix_mean, fix_square = 1 - 0.9 ** (n + 1), 1 - 0.99 ** (n + 1)
    params = jax.tree.map(
        lambda p, m, s: p - now * (m / fix_mean) / (jnp.sqrt(s / fix_square) + 1e-8),
        params, mean, square,
    )  # fmt: skip
    return params, (mean, square)


def train(
    pairs: Pairs,
    params: Params,
    *,
    temperature: float,
    group: int,
    batch: int,
    steps: int,
    rate: float,
    seed: int,
    widths: tuple[int, ...] = (),
    hard: Side | None = None,
    each_step: Callable[[int, Params], None] | None = None,
) -> Params:
    """Return parameters trained on ``pairs``; those given stay as they were.

    ``hard`` has a further wrong gloss for each pair. ``each_step`` is called with the number of
    steps done and the parameters so far.
    """
    rng = np.random.default_rng([seed, 13])
    params = jax.tree.map(jnp.copy, params)
    moments = (jax.tree.map(jnp.zeros_like, params), jax.tree.map(jnp.zeros_like, params))
    widths = widths or (int(params["pieces"].shape[1]),)
    sides = [pairs.names, pairs.glosses, *([hard] if hard else [])]
    for n in range(steps):
        chosen = rng.choice(len(pairs.names.ids), batch, replace=False)
        drawn = tuple(part for side in sides for part in (side.ids[chosen], side.real[chosen]))
        params, moments = _step(
            params, moments, drawn, jnp.float32(n), jnp.float32(temperature), jnp.float32(rate),
            jnp.float32(steps), group, widths,
        )  # fmt: skip
        if each_step:
            each_step(n + 1, params)
    return params


@jax.jit
def _pooled(params: Params, ids: jax.Array, real: jax.Array) -> jax.Array:
    return pooled(params, ids, real)


def encoded(params: Params, side: Side, width: int | None = None) -> Vectors:
    """Return the texts' vectors, the first ``width`` numbers of them, at length one."""
    return np.asarray(unit(_pooled(params, side.ids, side.real)[:, :width]))


# --- what is measured


def reciprocal_rank(asked: Vectors, found: Vectors) -> float:
    """Return the mean of 1 / place of the right partner among ``found``; ties count against it."""
    scores = asked @ found.T
    places = (scores >= np.diag(scores)[:, None]).sum(axis=1)
    return float((1 / places).mean())


def alignment(a: Vectors, b: Vectors) -> float:
    """Return the mean squared distance of partners.  Source: Wang and Isola 2020, section 4.1."""
    return float(((a - b) ** 2).sum(axis=1).mean())


def uniformity(x: Vectors) -> float:
    """Return ln of the mean of exp(−2 · squared distance) over all pairs: lower is more even.

    Source: Wang and Isola 2020, section 4.1.2.
    """
    squares = np.maximum(2 - 2 * x @ x.T, 0)[np.triu_indices(len(x), 1)]
    return float(np.log(np.exp(-2 * squares, dtype=np.float64).mean()))


def mined(
    params: Params, pairs: Pairs, *, start: int, places: int, below: float | None, seed: int
) -> Side:
    """Return a wrong gloss for each pair, near its name: from ``places`` places after ``start``.

    Candidates are a tenth of the glosses, drawn by lot. With ``below``, those that score above
    this share of the right gloss's score are passed over.
    """
    rng = np.random.default_rng([seed, 17])
    count = len(pairs.names.ids)
    pool = rng.choice(count, count // 10, replace=False)
    names, glosses = encoded(params, pairs.names), encoded(params, pairs.glosses)
    own = (names * glosses).sum(axis=1)
    chosen = np.empty(count, int)
    for first in range(0, count, 2048):
        rows = np.arange(first, min(first + 2048, count))
        scores = names[rows] @ glosses[pool].T
        scores[rows[:, None] == pool] = -np.inf
        if below is not None:
            scores[scores > below * own[rows, None]] = -np.inf
        top = np.argpartition(-scores, start + places, axis=1)[:, : start + places]
        order = np.take_along_axis(scores, top, 1).argsort(axis=1)[:, ::-1]
        place = start + rng.integers(places, size=len(rows))
        chosen[rows] = pool[top[np.arange(len(rows)), order[np.arange(len(rows)), place]]]
    return pairs.glosses.part(chosen)
