"""What does a cosine say?  Small changes of great weight, thresholds for three kinds of pairs, and
questions that are nearer to questions than to answers.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from labs.by_layer import of_texts
from labs.cone import Array, apart, cosines, found_inverse
from labs.gloss_pairs import drawn
from labs.minilm import Shape, load
from labs.minimal_pairs import TEMPLATES, foursomes
from labs.run import Experiment

DRAWN, PAIRS = 60, 1000
FALSE_ALARMS = 0.01
FIXED = 0.5
EDGES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6)
HEADS = Shape().heads
KINDS = ("example", "question", "word")


def small_changes(one: Array, near: Array, far: Array, changed: Array) -> dict[str, float]:
    """Return mean cosines, and how often the changed sentence is nearer than one that agrees."""
    close, turned, altered = (np.diag(cosines(one, other)) for other in (near, far, changed))
    return {
        "near": float(close.mean()),
        "far": float(turned.mean()),
        "changed": float(altered.mean()),
        "fooled_near": float((altered > close).mean()),
        "fooled_far": float((altered > turned).mean()),
    }


def threshold(similar: Array) -> dict[str, float]:
    """Return where a limit would have to lie, and what a fixed one does."""
    off = similar[~np.eye(len(similar), dtype=bool)]
    right = np.diag(similar)
    limit = float(np.quantile(off, 1 - FALSE_ALARMS))
    return {
        "right": float(right.mean()),
        "wrong": float(off.mean()),
        "limit": limit,
        "kept": float((right > limit).mean()),
        "fixed_kept": float((right > FIXED).mean()),
        "fixed_false": float((off > FIXED).sum() / len(similar)),
        "apart": apart(right, off),
        "found": found_inverse(similar),
    }


def chances(similar: Array) -> list[float]:
    """Return how often a pair belongs together, by its cosine, if half of all pairs do."""
    off = similar[~np.eye(len(similar), dtype=bool)]
    right = np.diag(similar)
    edges = [-1.0, *EDGES, 1.01]
    hits = np.histogram(right, edges)[0] / len(right)
    misses = np.histogram(off, edges)[0] / len(off)
    return [float(a / max(a + b, 1e-9)) for a, b in zip(hits, misses, strict=True)]


def run(seed: int) -> dict[str, float | list[float]]:
    """Return what one draw of words shows."""
    params, vocabulary = load()

    def vectors(texts: list[str]) -> Array:
        return np.asarray(of_texts(params, vocabulary, texts, HEADS)[-1])

    found: dict[str, float | list[float]] = {}
    changes: dict[str, list[float]] = {}
    for kind in TEMPLATES:
        parts = zip(*foursomes(kind, DRAWN, seed), strict=True)
        for key, value in small_changes(*(vectors(list(part)) for part in parts)).items():
            changes.setdefault(f"change_{key}", []).append(value)
    entries = drawn(PAIRS, seed)
    glosses = vectors([entry.gloss for entry in entries])
    asked = {
        "example": vectors([entry.example for entry in entries]),
        "question": vectors([f"What does {entry.word} mean?" for entry in entries]),
        "word": vectors([entry.word for entry in entries]),
    }
    limits: dict[str, list[float]] = {}
    for kind in KINDS:
        similar = cosines(asked[kind], glosses)
        for key, value in threshold(similar).items():
            limits.setdefault(f"limit_{key}", []).append(value)
        found[f"chance_{kind}"] = chances(similar)
    to_questions = cosines(asked["question"], asked["question"])
    np.fill_diagonal(to_questions, -1)
    to_answers = cosines(asked["question"], glosses)
    found["question_first"] = float((to_questions.max(1) > to_answers.max(1)).mean())
    found["question_before_right"] = float((to_questions.max(1) > np.diag(to_answers)).mean())
    found["questions_alike"] = float(to_questions[to_questions > -1].mean())
    return found | changes | limits


def check() -> dict[str, float]:
    """Return a part of it that takes no time and no files: vectors drawn at random."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(200, 8))
    similar = cosines(x, x + rng.normal(size=x.shape))
    return {key: round(value, 4) for key, value in threshold(similar).items()}


EXPERIMENT = Experiment(
    title="Small changes of great weight, thresholds by kind of pair, questions against answers",
    run=run,
    check=check,
    fixed={
        "change": list(TEMPLATES),
        "kind": KINDS,
        "drawn": DRAWN,
        "pairs": PAIRS,
        "fixed": FIXED,
        "bin": ["below 0.1", *(f"{a} to {b}" for a, b in pairwise(EDGES)), "above 0.6"],
    },
    seeds=range(6),
)
