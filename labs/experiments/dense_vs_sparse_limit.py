"""How many pairs of documents can be the best two?  For the article on dense and sparse.

Vectors of documents and questions are moved freely, without any text, by two losses: the usual one,
averaged over all pairs, and the lead of the hardest pair. Beside it the most that geometry allows,
and vectors of four numbers that reach all pairs, rounded.
"""

from __future__ import annotations

import numpy as np

from labs.comparing import unit
from labs.few_dimensions import (
    all_pairs,
    asking_for,
    curve,
    fitted,
    margin,
    most_pairs,
    rounded,
    widest,
)
from labs.help_desk import RAW
from labs.run import Experiment, Measured

NUMBERS = (2, 3, 4, 5, 6, 8)
DOCUMENTS = 12
LARGEST = 40
COUNTS = (8, 16, 32, 64, 128)
BITS = (4, 8, 12, 16)
ASKED_OF = 46  # documents of the small LIMIT
SIZES = (8, 12, 16, 24)
FEW = (8, DOCUMENTS, 16)


def critical(d: int, seed: int) -> int:
    """Return for how many documents, at most, free optimisation still gets all pairs."""
    n = d + 1
    while n < LARGEST and fitted(n + 1, d, seed) == 1:
        n += 1
    return n


def exact(n: int) -> dict[str, float]:
    """Return the margin of the curve's pairs, and what share of them outlives rounding."""
    pairs, points = all_pairs(n), curve(n)
    questions = np.array([asking_for(*pair, n) for pair in pairs])
    found = {"margin": float(margin(questions, points, pairs).min())}
    for bits in BITS:
        leads = margin(rounded(questions, bits), rounded(points, bits), pairs)
        found[f"kept_{bits}"] = float((leads > 1e-12).mean())
    return found


def run(seed: int) -> Measured:
    """Return what one start found."""
    exacts = [exact(n) for n in COUNTS]
    every = len(all_pairs(DOCUMENTS))
    found: dict[str, list[float] | float] = {
        "fitted": [every * fitted(DOCUMENTS, d, seed) for d in NUMBERS],
        "critical": [float(critical(d, seed)) for d in NUMBERS],
        "widest": [widest(n, 4, seed) for n in FEW],
        "lead": [widest(ASKED_OF, d, seed, 1000) for d in SIZES],
        "lead_curve": exact(ASKED_OF)["margin"],
    }
    return found | {key: [one[key] for one in exacts] for key in exacts[0]}


def check() -> dict[str, list[float]]:
    """Return a part of it that takes a second."""
    small = exact(16)
    lead = round(widest(8, 4, 0, 400), 3)
    exacts = [small["margin"], small["kept_8"]]
    return {"fitted": [fitted(5, 4, 0, 300)], "exact": exacts, "widest": [lead]}


EXPERIMENT = Experiment(
    title="Pairs of documents that can be the best two, by how many numbers a vector has",
    run=run,
    check=check,
    fixed={
        "numbers": NUMBERS,
        "documents": DOCUMENTS,
        "pairs": len(all_pairs(DOCUMENTS)),
        "most": [most_pairs(DOCUMENTS, d) for d in NUMBERS],
        "count": COUNTS,
        "bits": BITS,
        "few": FEW,
        "asked_of": ASKED_OF,
        "sizes": SIZES,
        "note": list(RAW),
        "first": [unit(raw)[0] for raw in RAW.values()],
        "second": [unit(raw)[1] for raw in RAW.values()],
        "long_first": [raw[0] for raw in RAW.values()],
        "long_second": [raw[1] for raw in RAW.values()],
    },
    seeds=range(5),
)
