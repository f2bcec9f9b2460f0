"""How many comparisons does it take to recover scores? For the article "What is RLHF".

Eight answers have true scores drawn from a normal distribution. A rater who obeys Bradley and
Terry compares pairs drawn at random; the scores are fitted to the comparisons alone.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from labs.preferences import Array, fit_scores, win_probability
from labs.run import Experiment

ANSWERS = 8
COMPARISONS = (50, 100, 200, 400, 800, 1600, 3200)
# Virtual wins both ways for each pair, half a comparison in all: without them some draws of few
# comparisons leave an answer unbeaten, whose fitted score is infinite.
PRIOR_WINS = 0.25


def comparisons(scores: Array, count: int, rng: np.random.Generator) -> Array:
    """Return the wins of ``count`` comparisons of pairs drawn at random.

    Shapes: scores (n,) -> (n, n).
    """
    wins = np.zeros((len(scores), len(scores)))
    for _ in range(count):
        i, j = rng.choice(len(scores), size=2, replace=False)
        first = rng.random() < win_probability(scores[i], scores[j])
        wins[(i, j) if first else (j, i)] += 1
    return wins


def recovery_error(fitted: Array, true: Array) -> float:
    """Return the root mean square error, both scores shifted to mean zero.  Units: log-odds."""
    gaps = (fitted - fitted.mean()) - (true - true.mean())
    return float(np.sqrt((gaps**2).mean()))


def run(seed: int, counts: Sequence[int] = COMPARISONS) -> dict[str, list[float]]:
    """Return by number of comparisons how far the fitted scores are from the true ones."""
    rng = np.random.default_rng(seed)
    true = rng.standard_normal(ANSWERS)
    prior = PRIOR_WINS * (1 - np.eye(ANSWERS))
    errors, agree = [], []
    for count in counts:
        fitted = fit_scores(comparisons(true, count, rng) + prior, tolerance=1e-9)
        errors.append(recovery_error(fitted, true))
        agree.append(float(fitted.argmax() == true.argmax()))
    return {"error": errors, "best_found": agree}


EXPERIMENT = Experiment(
    title="Error of Bradley-Terry scores fitted to a growing number of comparisons",
    run=run,
    check=lambda: run(seed=0, counts=COMPARISONS[:3]),
    fixed={"answers": ANSWERS, "comparisons": COMPARISONS},
    units={"error": "log-odds"},
    seeds=range(20),
)
