"""Vectors of words: skip-gram with negative sampling, counted neighbours, and analogies.

``update`` is the rule that the article works out by hand; ``train`` applies it to a whole text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ids = NDArray[np.int32]
Tables = tuple[jax.Array, jax.Array]


#: The article's five words, and how often each of four others stands near them.
WORDS = ("king", "queen", "man", "woman", "bread")
NEAR = ("crown", "he", "she", "eat")
COUNTS = np.array([[5, 3, 1, 0], [4, 1, 4, 0], [1, 3, 2, 1], [1, 2, 3, 1], [0, 1, 1, 5]])


def sigmoid(score: Floats | float) -> Floats:
    """Return 1 / (1 + e to the minus score): a score as a probability."""
    return np.asarray(1 / (1 + np.exp(-np.asarray(score, float))))


def loss(word: Floats, seen: Floats, drawn: Floats) -> float:
    """Return the surprise, in nats, that one neighbour was seen and that the others were drawn.

    Shapes: (d,), (d,), (k, d).  Source: Mikolov 2013, eq. 4, with the sign turned.
    """
    return float(-np.log(sigmoid(seen @ word)) - np.log(sigmoid(-(drawn @ word))).sum())


def update(word: Floats, seen: Floats, drawn: Floats, rate: float) -> tuple[Floats, Floats, Floats]:
    """Return the three after one training step: towards the seen, away from the drawn.

    Shapes: (d,), (d,), (k, d) -> the same.
    """
    pull = 1 - sigmoid(seen @ word)  # how far the seen neighbour's probability is from 1
    push = sigmoid(drawn @ word)  # how far those of the drawn words are from 0
    new_word = word + rate * (pull * seen - push @ drawn)
    return new_word, seen + rate * pull * word, drawn - rate * push[:, None] * word


def cosine(a: Floats, b: Floats) -> float:
    """Return the cosine of the angle between two vectors."""
    return float(a @ b / np.sqrt((a @ a) * (b @ b)))


def frequencies(counts: NDArray[np.int64], power: float = 0.75) -> Floats:
    """Return with which probability each word is drawn as a negative."""
    raised = counts.astype(float) ** power
    return np.asarray(raised / raised.sum())


def learned(
    counts: NDArray[np.int64], width: int, steps: int, seed: int, rate: float = 0.02, drawn: int = 2
) -> Floats:
    """Return the words' vectors before and after each step, all counts being shown in each.

    A neighbour that was seen is shown as often as it was counted, drawn ones ``drawn`` times as
    often as they would be on average.  Shapes: (V, C) -> (1 + steps, V, width).
    """
    rng = np.random.default_rng(seed)
    words, others = (rng.normal(0, 0.5, (size, width)) for size in counts.shape)
    negatives = drawn * np.outer(counts.sum(1), frequencies(counts.sum(0)))
    path = [words]
    for _ in range(steps):
        chance = sigmoid(words @ others.T)
        push = counts * (1 - chance) - negatives * chance
        words, others = words + rate * push @ others, others + rate * push.T @ words
        path.append(words)
    return np.array(path)


# --- a text as pairs of neighbours


def words_of(text: str) -> list[str]:
    """Return the words of a text in lower case."""
    return re.findall(r"[a-z]+(?:'[a-z]+)?", text)


def numbered(words: Sequence[str], least: int) -> tuple[list[str], NDArray[np.int64], Ids]:
    """Return the words that occur ``least`` times, commonest first, their counts, and the text.

    The text is the rows of its words; rarer words are left out of it.
    """
    counted = [(word, count) for word, count in Counter(words).most_common() if count >= least]
    row = {word: number for number, (word, _) in enumerate(counted)}
    text = np.array([row[word] for word in words if word in row], np.int32)
    return [word for word, _ in counted], np.array([count for _, count in counted]), text


def thinned(text: Ids, counts: NDArray[np.int64], share: float, rng: np.random.Generator) -> Ids:
    """Return the text without some of its commonest words.

    A word that makes up more than ``share`` of the text is kept with probability
    sqrt(share / its own share).  Source: Mikolov 2013, eq. 5.
    """
    kept = np.minimum(1, np.sqrt(share * counts.sum() / counts))
    left: Ids = text[rng.random(len(text)) < kept[text]]
    return left


def neighbours(text: Ids, window: int, rng: np.random.Generator | None = None) -> tuple[Ids, Ids]:
    """Return all pairs of a word and one that stands at most ``window`` places away.

    With ``rng`` each word's own window is drawn from 1 to ``window``, so that near
    words count more.
    """
    size = np.full(len(text), window) if rng is None else rng.integers(1, window + 1, len(text))
    words, near = [], []
    for away in range(1, window + 1):
        for shift in (away, -away):
            places = np.flatnonzero(size >= away)
            places = places[(places + shift >= 0) & (places + shift < len(text))]
            words.append(text[places])
            near.append(text[places + shift])
    return np.concatenate(words), np.concatenate(near)


# --- training on a whole text


@partial(jax.jit, static_argnames="negatives", donate_argnums=0)
def _pass(
    tables: Tables,
    pairs: tuple[jax.Array, jax.Array],
    urn: jax.Array,
    rates: jax.Array,
    key: jax.Array,
    negatives: int,
) -> Tables:
    """Return both tables after one pass over batches of pairs: (batches, batch) twice."""

    def one(tables: Tables, part: tuple[jax.Array, ...]) -> tuple[Tables, None]:
        inner, outer = tables
        words, near, rate, key = part
        drawn = urn[jax.random.randint(key, (len(words), negatives), 0, len(urn))]
        shown = jnp.concatenate([near[:, None], drawn], axis=1)  # (batch, 1 + k)
        word, other = inner[words], outer[shown]
        miss = -jax.nn.sigmoid(jnp.einsum("bd,bkd->bk", word, other))
        miss = rate * miss.at[:, 0].add(1.0)
        inner = inner.at[words].add(jnp.einsum("bk,bkd->bd", miss, other))
        outer = outer.at[shown].add(miss[..., None] * word[:, None])
        return (inner, outer), None

    keys = jax.random.split(key, len(rates))
    return jax.lax.scan(one, tables, (*pairs, rates, keys))[0]


def train(
    text: Ids,
    counts: NDArray[np.int64],
    *,
    width: int,
    window: int,
    negatives: int,
    passes: int,
    rate: float,
    share: float,
    seed: int,
    batch: int = 128,
    power: float = 0.75,
) -> tuple[Floats, Floats]:
    """Return both vectors of each word, learned by skip-gram with negative sampling.

    The first is the word's own, the second the one that it has as somebody's neighbour.

    The steps are those of ``update``, summed over the pairs of a batch; the rate falls to zero.

    Shapes: (n,), (V,) -> (V, width) twice.
    """
    rng = np.random.default_rng(seed)
    urn = np.repeat(
        np.arange(len(counts)),
        np.maximum(1, np.round(1e5 * frequencies(counts, power))).astype(int),
    )
    inner = jnp.asarray((rng.random((len(counts), width)) - 0.5) / width, jnp.float32)
    tables = (inner, jnp.zeros_like(inner))
    for number in range(passes):
        words, near = neighbours(thinned(text, counts, share, rng), window, rng)
        order = rng.permutation(len(words))[: len(words) // batch * batch]
        pairs = tuple(jnp.asarray(side[order].reshape(-1, batch)) for side in (words, near))
        left = 1 - (number + np.linspace(0, 1, len(pairs[0]))) / passes
        rates = jnp.asarray(rate * np.maximum(left, 1e-3), jnp.float32)
        key = jax.random.key(seed * 1_000 + number)
        tables = _pass(tables, (pairs[0], pairs[1]), jnp.asarray(urn), rates, key, negatives)
    return np.asarray(tables[0], float), np.asarray(tables[1], float)


# --- counting instead of training


def cooccurrences(text: Ids, size: int, window: int) -> Floats:
    """Return how often each word has each other within ``window`` places.

    Shapes: (n,) -> (size, size).
    """
    words, near = neighbours(text, window)
    flat = np.bincount(words.astype(np.int64) * size + near, minlength=size * size)
    return flat.reshape(size, size).astype(float)


def ppmi(together: Floats, power: float = 0.75) -> Floats:
    """Return for each pair the logarithm of how much oftener than by chance it occurs, at least 0.

    The neighbours' counts are raised to ``power``.  Source: Levy, Goldberg and Dagan 2015.

    Shapes: (V, V) -> (V, V).
    """
    words = together.sum(1, keepdims=True)
    chance = frequencies(together.sum(0), power)
    with np.errstate(divide="ignore"):
        return np.asarray(np.maximum(0, np.log(together / (words * chance))))


def compressed(table: Floats, width: int) -> Floats:
    """Return the rows of ``table`` in ``width`` numbers: left singular vectors times √ values.

    Shapes: (V, V) -> (V, width).
    """
    values, vectors = np.linalg.eigh(table @ table.T)
    best = slice(-1, -width - 1, -1)
    return np.asarray(vectors[:, best] * np.maximum(values[best], 0) ** 0.25)


# --- what is near


def unit(table: Floats) -> Floats:
    """Return the rows of a table, each of length one (rows of zeros stay)."""
    lengths = np.sqrt((table**2).sum(1, keepdims=True))
    return np.asarray(table / np.where(lengths == 0, 1, lengths))


def nearest(vectors: Floats, row: int, count: int) -> Ids:
    """Return the ``count`` rows of highest cosine with one, itself left out.

    Shapes: ``vectors`` (V, d), of length one.
    """
    scores = vectors @ vectors[row]
    scores[row] = -np.inf
    return np.argsort(-scores)[:count].astype(np.int32)


def analogy(vectors: Floats, a: int, b: int, c: int, exclude: bool = True) -> int:
    """Return the row nearest to b − a + c: "a is to b as c is to …".

    ``exclude`` leaves a, b and c out, as is usual.  Shapes: ``vectors`` (V, d), of length one.
    """
    scores = vectors @ (vectors[b] - vectors[a] + vectors[c])
    if exclude:
        scores[[a, b, c]] = -np.inf
    return int(scores.argmax())


def questions(pairs: Sequence[tuple[int, int]]) -> Ids:
    """Return all questions that two different pairs make: a is to b as c is to d.

    Shapes: m pairs -> (m (m − 1), 4).
    """
    return np.array([(*one, *other) for one in pairs for other in pairs if one != other], np.int32)


def answered(vectors: Floats, asked: Ids, offset: bool = True, exclude: bool = True) -> Ids:
    """Return for each question the row nearest to b − a + c, or without ``offset`` to c alone.

    Shapes: (V, d), (n, 4) -> (n,).
    """
    a, b, c, _ = asked.T
    scores = (vectors[c] + (vectors[b] - vectors[a] if offset else 0)) @ vectors.T
    if exclude:
        scores[np.arange(len(asked))[:, None], asked[:, :3]] = -np.inf
    return np.asarray(scores.argmax(1), np.int32)
