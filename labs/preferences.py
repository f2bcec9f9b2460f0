"""Bradley-Terry scores from pairwise comparisons, and what RLHF does with them.

``wins[i, j]`` counts how often answer ``i`` was preferred to answer ``j``.
Logarithms are natural; a score is a log-odds, so only differences matter.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

CHAIN: Array = np.array([[0, 3, 0], [1, 0, 2], [0, 1, 0]], dtype=float)
"""Seven comparisons of answers A, B, C: A to B 3 to 1, B to C 2 to 1, A to C never asked."""

CYCLE: Array = np.array([[0, 3, 1], [1, 0, 3], [3, 1, 0]], dtype=float)
"""Twelve comparisons by a rater who goes round: A over B, B over C, C over A, 3 to 1 each."""


def win_probability(score: float, rival: float) -> float:
    """Return the probability that an answer beats its rival, 1 / (1 + exp(rival - score)).

    Source: Bradley and Terry 1952; the loss of Ouyang 2022, eq. 1, is minus its logarithm.
    """
    gap = score - rival
    if gap >= 0:  # the branch keeps exp() from overflowing
        return 1 / (1 + math.exp(-gap))
    return math.exp(gap) / (1 + math.exp(gap))


def log_likelihood(scores: Array, wins: Array) -> float:
    """Return the log-probability of the observed comparisons under ``scores``.

    Shapes: scores (n,), wins (n, n).  Units: nats.
    """
    gaps = scores[:, None] - scores[None, :]
    return float(-(wins * np.logaddexp(0, -gaps)).sum())


def best_log_likelihood(wins: Array) -> float:
    """Return the log-likelihood of a table with one free probability per pair.

    No scale can do better; the shortfall of fitted scores is the part they cannot express.
    Shapes: wins (n, n).  Units: nats.
    """
    asked = wins + wins.T
    share = np.divide(wins, asked, out=np.ones_like(wins), where=wins > 0)
    return float((wins * np.log(share)).sum())


def has_finite_fit(wins: Array) -> bool:
    """Return whether every answer is linked to every other by a chain of wins.

    Otherwise some group was never beaten from outside, and its scores run to infinity.
    Source: Ford 1957, as reported by Yan, arXiv 1411.1168.
    """
    reach = wins > 0
    for _ in range(len(wins)):
        reach = reach | (reach @ reach)
    return bool(reach.all())


def fit_scores(wins: Array, tolerance: float = 1e-13, max_rounds: int = 100_000) -> Array:
    """Return the maximum-likelihood scores, the last one set to zero.

    Each round divides an answer's wins by the rate at which its current odds
    would earn them; at the fixed point expected wins equal observed wins.
    Shapes: wins (n, n) -> (n,).  Raises: ValueError if no finite fit exists;
    RuntimeError if ``max_rounds`` are too few.
    Source: Hunter 2004, the MM algorithm.
    """
    if not has_finite_fit(wins):
        raise ValueError("some answers never lose to the rest: infinite scores")
    asked = wins + wins.T
    odds = np.ones(len(wins))
    for _ in range(max_rounds):
        new = wins.sum(axis=1) / (asked / (odds[:, None] + odds[None, :])).sum(axis=1)
        new /= new[-1]
        if np.abs(new / odds - 1).max() < tolerance:
            scores: Array = np.log(new)
            return scores
        odds = new
    raise RuntimeError(f"not converged in {max_rounds} rounds")


def loop_odds(wins: Array, loop: Sequence[int]) -> float:
    """Return the product of observed odds around a closed loop of answers.

    One, up to sampling noise, if a scale exists: the scores cancel in pairs.
    Raises: ZeroDivisionError if a step of the loop was never lost.
    """
    steps = zip(loop, [*loop[1:], loop[0]], strict=True)
    return math.prod(float(wins[i, j]) / float(wins[j, i]) for i, j in steps)


def loop_interval(wins: Array, loop: Sequence[int], z: float = 1.96) -> tuple[float, float]:
    """Return an approximate 95% interval for ``loop_odds``.

    Variances 1/wins + 1/losses of the steps' log-odds add.
    Raises: ZeroDivisionError if a step of the loop was never won or never lost.
    """
    steps = zip(loop, [*loop[1:], loop[0]], strict=True)
    variance = sum(1 / float(wins[i, j]) + 1 / float(wins[j, i]) for i, j in steps)
    factor = math.exp(z * math.sqrt(variance))
    product = loop_odds(wins, loop)
    return product / factor, product * factor


def skip_pair(wins: Array, i: int, j: int) -> Array:
    """Return the same comparisons as if the pair (i, j) had never been asked."""
    asked = wins.copy()
    asked[i, j] = asked[j, i] = 0
    return asked


def chained(*probabilities: float) -> float:
    """Return the probability a scale predicts end to end: the odds multiply.

    ``chained(P(A≻B), P(B≻C))`` is P(A≻C).
    """
    odds = math.prod(p / (1 - p) for p in probabilities)
    return odds / (1 + odds)


def chained_interval(*counts: tuple[int, int], z: float = 1.96) -> tuple[float, float]:
    """Return an approximate 95% interval for the probability at the end of a chain.

    ``counts`` are (wins, losses) per link; variances 1/wins + 1/losses of the log-odds add.
    """
    centre = sum(math.log(wins / losses) for wins, losses in counts)
    half = z * math.sqrt(sum(1 / wins + 1 / losses for wins, losses in counts))
    return win_probability(centre - half, 0), win_probability(centre + half, 0)


def kl_divergence(policy: Array, reference: Array) -> float:
    """Return KL(policy ‖ reference).  Units: nats."""
    return float((policy * np.log(policy / reference)).sum())


def objective(policy: Array, reference: Array, scores: Array, beta: float) -> float:
    """Return expected score minus ``beta`` times the KL divergence from the reference.

    Source: Ouyang 2022, eq. 2, without its pre-training term.
    """
    return float(policy @ scores) - beta * kl_divergence(policy, reference)


def best_policy(reference: Array, scores: Array, beta: float) -> Array:
    """Return the maximiser of score - beta KL: reference times exp(score / beta).

    Shapes: reference (n,), scores (n,) -> (n,), summing to one.
    Raises: ValueError unless beta is positive.  Source: derived in rlhf-pipeline.
    """
    if beta <= 0:
        raise ValueError(f"beta is {beta}, want a positive number")
    tilt = reference * np.exp((scores - scores.max()) / beta)  # max: avoids overflow
    policy: Array = tilt / tilt.sum()
    return policy


def implied_scores(policy: Array, reference: Array, beta: float) -> Array:
    """Return the scores that would make ``policy`` optimal, the last one set to zero.

    This inverts ``best_policy``; direct preference optimisation trains on it.
    """
    log_ratio = np.log(policy / reference)
    scores: Array = beta * (log_ratio - log_ratio[-1])
    return scores


def label_ceiling(agreement: float) -> tuple[float, float]:
    """Return the least and greatest accuracy a perfect judge could reach on one rater's labels.

    ``agreement`` is how often two raters agree, errors independent.  Least: every pair
    is either certain or a coin flip.  Greatest: every pair is equally hard.
    Raises: ValueError unless 0.5 <= agreement <= 1.
    """
    if not 0.5 <= agreement <= 1:
        raise ValueError(f"agreement is {agreement}, want 0.5 to 1")
    return agreement, (1 + math.sqrt(2 * agreement - 1)) / 2


def pairs_from_rankings(prompts: int, answers: int) -> int:
    """Return how many pairs result when ``answers`` per prompt are ranked without ties."""
    return prompts * math.comb(answers, 2)
