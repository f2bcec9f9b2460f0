"""Raters as tables of probabilities, and the clicks they make.

``opinion[i, j]`` is the probability that a rater prefers answer ``i`` to answer ``j``, so
``opinion + opinion.T`` is one everywhere and nobody prefers an answer to itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations, product

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


def on_scale(scores: Array) -> Array:
    """Return the opinion of a rater who obeys Bradley and Terry.

    It is also what fitted scores predict of any rater.  Shapes: scores (n,) -> (n, n).
    """
    gaps = scores[:, None] - scores[None, :]
    opinion: Array = np.exp(-np.logaddexp(0, -gaps))
    return opinion


def circular(firmness: float) -> Array:
    """Return the opinion of one who goes round: A over B, B over C, C over A.

    Each with probability ``firmness``.  Shapes: -> (3, 3).
    """
    against = 1 - firmness
    return np.array([[0.5, firmness, against], [against, 0.5, firmness], [firmness, against, 0.5]])


def ranker(ranking: Sequence[int]) -> Array:
    """Return the opinion of one who never departs from a ranking, best first.

    Shapes: ranking (n,) -> (n, n).
    """
    place = np.argsort(np.asarray(ranking))
    opinion: Array = (1 + np.sign(place[None, :] - place[:, None])) / 2
    return opinion


def pooled(opinions: Sequence[Array]) -> Array:
    """Return the opinion of a pool in which each click is that of a member drawn at random."""
    opinion: Array = np.mean(opinions, axis=0)
    return opinion


def inattentive(opinion: Array, share: float) -> Array:
    """Return the opinion that shows if a ``share`` of the clicks is made without looking.

    A pool with this share of members who never look shows the same.
    """
    return (1 - share) * opinion + share / 2


def clicks(opinion: Array, asked: Array, rng: np.random.Generator) -> Array:
    """Return wins for ``asked`` comparisons of each pair.

    Shapes: opinion and asked (n, n) -> (n, n); above the diagonal counts what ``asked`` says.
    """
    first = np.triu(rng.binomial(np.triu(asked, 1).astype(int), opinion)).astype(float)
    wins: Array = first + (np.triu(asked, 1) - first).T
    return wins


def off_by(scores: Array, opinion: Array) -> float:
    """Return by how much the scores' probabilities miss the opinion, averaged over the pairs.

    Units: percentage points.
    """
    pairs = np.triu_indices(len(scores), 1)
    return float(100 * np.abs(on_scale(scores) - opinion)[pairs].mean())


def goes_round(opinion: Array) -> bool:
    """Return whether the majority on three answers is a circle, in either direction."""
    steps = [float(opinion[i, j]) for i, j in ((0, 1), (1, 2), (2, 0))]
    return min(steps) > 0.5 or max(steps) < 0.5


def chance_of_circle(people: int) -> float:
    """Return how often rankings of three answers, drawn blindly, have a circular majority.

    All profiles are counted, 6 to the power of ``people``.
    """
    rankers = [ranker(order) for order in permutations(range(3))]
    rounds = [goes_round(pooled(profile)) for profile in product(rankers, repeat=people)]
    return sum(rounds) / len(rounds)
