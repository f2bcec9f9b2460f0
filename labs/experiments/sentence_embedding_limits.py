"""Does a narrow cone of vectors make a bad search?  For the article on limits of sentence vectors.

Definitions of WordNet and sentences of example, read by MiniLM: at each of its layers, the mean
cosine of texts that have nothing to do with each other, and how well examples find definitions;
both before and after centring and three further repairs, fitted on other texts.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from labs.by_layer import of_texts
from labs.cone import (
    Array,
    centred,
    cosines,
    found_inverse,
    listed,
    mean_cosine,
    shares,
    skewness,
    standardised,
    whitened,
    without_top,
)
from labs.gloss_pairs import drawn
from labs.minilm import Params, Shape, draw, load
from labs.run import Experiment

PAIRS, FITTED = 1000, 1500
HEADS = Shape().heads
TOP, NEAREST = 3, 10
LAYERS = range(Shape().layers + 1)


def as_it_is(x: Array, fitted: Array) -> Array:
    """Return ``x``."""
    return x


def without_three(x: Array, fitted: Array) -> Array:
    """Return ``x`` centred and without its three main directions."""
    return without_top(x, fitted, TOP)


REPAIRS: dict[str, Callable[[Array, Array], Array]] = {
    "raw": as_it_is,
    "centred": centred,
    "standardised": standardised,
    "top": without_three,
    "whitened": whitened,
}


def measured(glosses: Array, examples: Array, fitted: Array) -> dict[str, list[float]]:
    """Return what is to be said of each layer.

    Shapes: (layers, n, d) twice, (layers, m, d) -> series as long as there are layers.
    """
    found: dict[str, list[float]] = {}

    def note(key: str, value: float) -> None:
        found.setdefault(key, []).append(float(value))

    for gloss, example, others in zip(glosses, examples, fitted, strict=True):
        both = np.concatenate([gloss, example])
        parts = np.sort(shares(both))[::-1]
        note("largest", parts[0] / parts.sum())
        note("largest_three", parts[:3].sum() / parts.sum())
        for name, repair in REPAIRS.items():
            texts, asked = repair(gloss, others), repair(example, others)
            similar = cosines(asked, texts)
            lists = listed(similar, NEAREST)
            note(f"random_{name}", mean_cosine(repair(both, others)))
            note(f"right_{name}", np.diag(similar).mean())
            note(f"found_{name}", found_inverse(similar))
            note(f"hub_{name}", lists.max())
            note(f"never_{name}", (lists == 0).mean())
            note(f"skew_{name}", skewness(lists))
    return found


def read(params: Params, vocabulary: dict[str, int], seed: int, pairs: int) -> list[Array]:
    """Return the vectors of definitions and of examples at each layer."""
    entries = drawn(pairs, seed)
    return [
        of_texts(params, vocabulary, [getattr(entry, part) for entry in entries], HEADS)
        for part in ("gloss", "example")
    ]


def run(seed: int) -> dict[str, list[float]]:
    """Return what one draw of definitions and examples shows."""
    params, vocabulary = load()
    glosses, examples = read(params, vocabulary, seed, PAIRS + FITTED)
    fitted = np.concatenate([glosses[:, PAIRS:], examples[:, PAIRS:]], axis=1)
    found = measured(glosses[:, :PAIRS], examples[:, :PAIRS], fitted)
    blank = np.concatenate(read(draw(Shape(), seed), vocabulary, seed, 250), axis=1)
    last = cosines(examples[-1, :PAIRS], glosses[-1, :PAIRS])
    found["untrained"] = [mean_cosine(layer) for layer in blank]
    found["spread_random"] = [float(last[~np.eye(PAIRS, dtype=bool)].std())]
    return found


def check() -> dict[str, list[float]]:
    """Return a part of it that takes seconds: a tiny network, random sentences, no files."""
    shape = Shape(vocabulary=40, width=8, layers=2, heads=2, inner=16, rows=8)
    words = [chr(97 + number) for number in range(26)]
    vocabulary = {
        word: number for number, word in enumerate(["[PAD]", "[UNK]", "[CLS]", "[SEP]", *words])
    }
    rng = np.random.default_rng(0)
    texts = [" ".join(rng.choice(words, size=5)) for _ in range(60)]
    vectors = of_texts(draw(shape, 0), vocabulary, texts, 2)
    found = measured(vectors[:, :20], vectors[:, 1:21], vectors[:, 20:])
    return {
        key: [round(value, 3) for value in found[key]] for key in ("random_raw", "random_centred")
    }


EXPERIMENT = Experiment(
    title="How narrow the cone is and how well a search works, layer by layer, with repairs",
    run=run,
    check=check,
    fixed={
        "layer": list(LAYERS),
        "pairs": PAIRS,
        "texts": 2 * PAIRS,
        "fitted": 2 * FITTED,
        "nearest": NEAREST,
    },
    seeds=range(6),
)
