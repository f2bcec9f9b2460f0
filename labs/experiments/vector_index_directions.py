"""What many independent numbers do to distances, angles and neighbours, and what texts have of it.

For the article on what to know before vector indexes: random vectors, each number drawn from a
bell curve, beside the kept sample of texts.
"""

from __future__ import annotations

import numpy as np

from labs.collection import SEARCHED, sample
from labs.neighbour_walks import Vectors, neighbours
from labs.run import Experiment, Measured

NUMBERS = (2, 8, 32, 128, 384)
POINTS, ASKED, PAIRS, K = SEARCHED, 100, 300, 10


def shares(points: Vectors, queries: Vectors, seed: int) -> dict[str, float]:
    """Return how near the nearest are, how angles spread, who touches, and who is popular."""
    rng = np.random.default_rng([seed, 3])
    squares = (points**2).sum(1) + (queries**2).sum(1)[:, None] - 2 * queries @ points.T
    far = np.sqrt(np.maximum(squares, 0))
    one = rng.integers(0, len(points), PAIRS)
    other = (one + rng.integers(1, len(points), PAIRS)) % len(points)
    long = np.linalg.norm(points[one], axis=1) * np.linalg.norm(points[other], axis=1)
    angles = np.degrees(np.arccos((points[one] * points[other]).sum(1) / long))
    touch = 0
    for a, b in zip(one, other, strict=True):  # no third in the ball between them: areas touch
        middle, half = (points[a] + points[b]) / 2, ((points[a] - points[b]) ** 2).sum() / 4
        within = ((points - middle) ** 2).sum(1) < half * (1 - 1e-4)
        touch += not within.any()
    chosen = np.bincount(neighbours(points, K).ravel(), minlength=len(points))
    return {
        "nearest": float((far.min(1) / far.mean(1)).mean()),
        "farthest": float((far.max(1) / far.min(1)).mean()),
        "angle": float(angles.std()),
        "touch": touch / PAIRS,
        "top": float(chosen.max()),
        "never": float((chosen == 0).mean()),
    }


def drawn(numbers: int, seed: int) -> dict[str, float]:
    """Return the same of random vectors."""
    both = np.random.default_rng([seed, numbers]).normal(size=(POINTS + ASKED, numbers))
    single = both.astype(np.float32)
    return shares(single[:POINTS], single[POINTS:], seed)


def run(seed: int) -> Measured:
    """Return each measure by how many numbers there are, and of texts."""
    vectors = sample()[1]
    points, queries = vectors[:SEARCHED], vectors[SEARCHED:]
    rows = [drawn(numbers, seed) for numbers in NUMBERS]
    asked = np.random.default_rng([seed, 4]).choice(len(queries), ASKED, replace=False)
    ours = shares(points, queries[asked], seed)
    return {key: [row[key] for row in rows] for key in ours} | {
        f"texts_{key}": value for key, value in ours.items()
    }


EXPERIMENT = Experiment(
    title="Distances, angles and neighbours, by how many independent numbers a vector has",
    run=run,
    check=lambda: {key: round(value, 2) for key, value in drawn(32, 0).items()},
    fixed={"numbers": NUMBERS, "points": POINTS, "asked": ASKED, "pairs": PAIRS, "k": K},
    seeds=range(5),
)
