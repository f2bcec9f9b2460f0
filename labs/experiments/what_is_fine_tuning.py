"""How much does a pre-trained body save, and how far does tuning move it?  For the article on
fine-tuning.

Glosses of WordNet, such as "a dealer in ready-made clothing", are to be sorted into eight
categories. Three ways from the same examples: a probe on MiniLM's fixed sentence vectors, all of
MiniLM's numbers tuned, and the same network trained from random numbers.
"""

from __future__ import annotations

import math

import numpy as np

from labs.minilm import LAYERED, Params, Shape, draw, encode, load, padded, sizes
from labs.run import Experiment, Measured
from labs.sorting import (
    Batch,
    accuracy,
    features,
    largest_changes,
    moved,
    probe,
    random_changes,
    train,
)
from labs.wordnet import CATEGORIES, WORDS, dealt

EXAMPLES = (16, 64, 256, 1024)
STEPS = (10, 16, 32, 64)
SCRATCH_STEPS = (16, 32, 64, 192)
BATCH = 32
RATE, SCRATCH_RATE = 3e-4, 5e-4  # tried on another draw; from scratch 1e-3 is faster, but collapses
FACTORS = (0.1, 1, 10)
SWEPT = 256
LENGTH = 12
TESTED = 30  # of each category
KEPT = (0.001, 0.01, 0.1)
DROPPED = (0.01, 0.1)
KINDS, HEADS = len(CATEGORIES), Shape().heads


def batch_of(pairs: list[tuple[str, int]], vocabulary: dict[str, int]) -> Batch:
    """Return glosses as a network reads them."""
    ids, real = padded([encode(text, vocabulary) for text, _ in pairs], LENGTH)
    return Batch(ids, real, np.array([label for _, label in pairs]))


def data(seed: int, vocabulary: dict[str, int]) -> tuple[Batch, Batch]:
    """Return examples to learn from and others to be tested on.

    Categories take turns, so that the first 16, 64, 256 examples have equally many of each.
    """
    each = max(EXAMPLES) // KINDS
    learned, tested = dealt((each, TESTED), seed)
    turns = [learned[kind * each + number] for number in range(each) for kind in range(KINDS)]
    return batch_of(turns, vocabulary), batch_of(tested, vocabulary)


def right(params: Params, tested: Batch) -> float:
    """Return the share that a network sorts rightly."""
    return accuracy(features(params, tested, HEADS), params, tested.labels)


def tuned(body: Params, data: Batch, steps: int, rate: float, seed: int) -> Params:
    """Return body and head after training on ``data``."""
    return train(
        body, data, categories=KINDS, heads=HEADS, rate=rate, steps=steps, batch=BATCH, seed=seed
    )


def layer(number: int, params: Params) -> Params:
    """Return the tables of one layer."""
    return {name: params[name][number] for name in LAYERED}


def changes(params: Params, body: Params, tested: Batch, seed: int) -> Measured:
    """Return what moved where, and what a part of the changes is worth."""
    sizes = np.concatenate([np.abs(np.asarray(params[name] - body[name])).ravel() for name in body])
    weights = np.concatenate([np.abs(np.asarray(body[name])).ravel() for name in body])
    layers = range(Shape().layers)
    return {
        "layer_moved": [moved(layer(n, params), layer(n, body)) for n in layers],
        "words_moved": moved(params, body, ["words"]),
        "farthest": float(sizes.max()),
        "typical_change": float(np.median(sizes[sizes > 0])),
        "typical_weight": float(np.median(weights)),
        "kept": [right(largest_changes(params, body, share), tested) for share in KEPT],
        "dropped": [right(random_changes(params, body, share, seed), tested) for share in DROPPED],
    }


def run(seed: int) -> Measured:
    """Return everything that one seed measured."""
    body, vocabulary = load()
    learned, tested = data(seed, vocabulary)
    fixed, fixed_tested = (features(body, batch, HEADS) for batch in (learned, tested))
    blank = draw(Shape(), seed)
    found: dict[str, list[float]] = {}

    def note(key: str, value: float) -> None:
        found.setdefault(key, []).append(value)

    for count, steps, scratch_steps in zip(EXAMPLES, STEPS, SCRATCH_STEPS, strict=True):
        examples = learned.part(slice(count))
        head = probe(fixed[:count], examples.labels, KINDS)
        note("probe", accuracy(fixed_tested, head, tested.labels))
        params = tuned(blank, examples, scratch_steps, SCRATCH_RATE, seed)
        note("scratch", right(params, tested))
        note("scratch_moved", moved(params, blank))
        params = tuned(body, examples, steps, RATE, seed)
        note("tuned", right(params, tested))
        note("tuned_moved", moved(params, body))
    parts = changes(params, body, tested, seed)
    size = EXAMPLES.index(SWEPT)
    for factor in FACTORS:
        if factor == 1:
            note("swept", found["tuned"][size])
            note("swept_moved", found["tuned_moved"][size])
            continue
        params = tuned(body, learned.part(slice(SWEPT)), STEPS[size], RATE * factor, seed)
        note("swept", right(params, tested))
        note("swept_moved", moved(params, body))
    return found | dict(parts)


def check() -> dict[str, list[float]]:
    """Return a part of it that takes seconds: a tiny network, random sentences, no files."""
    shape = Shape(vocabulary=40, width=8, layers=2, heads=2, inner=16, rows=6)
    body, rng = draw(shape, 0), np.random.default_rng(0)
    ids = rng.integers(1, 40, size=(32, 6)).astype(np.int32)
    sentences = Batch(ids, np.ones((32, 6), bool), (ids[:, 0] > 20).astype(int))
    params = train(body, sentences, categories=2, heads=2, rate=1e-2, steps=20, batch=8, seed=0)
    given = features(params, sentences, 2)
    return {
        "right": [accuracy(given, params, sentences.labels)],
        "moved": [round(moved(params, body), 2)],
    }


EXPERIMENT = Experiment(
    title="Glosses sorted by a probe, by full tuning, and by the same network from scratch",
    run=run,
    check=check,
    fixed={
        "examples": EXAMPLES,
        "steps": STEPS,
        "scratch_steps": SCRATCH_STEPS,
        "batch": BATCH,
        "rate": RATE,
        "scratch_rate": SCRATCH_RATE,
        "rates": [f"{RATE * factor:.5f}".rstrip("0") for factor in FACTORS],
        "share_kept": KEPT,
        "share_left": DROPPED,
        "kinds": list(CATEGORIES.values()),
        "tested": TESTED * KINDS,
        "layer": list(range(1, Shape().layers + 1)),
        "parameters": sum(math.prod(size) for size in sizes(Shape()).values()),
        "glosses": WORDS,
    },
    seeds=range(5),
)
