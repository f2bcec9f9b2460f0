"""Optimising a proxy reward on small tables: best-of-n, KL, tilted policies, entropy.

A table lists kinds of answer. ``prob`` is how often the reference policy writes each kind,
``true`` the reward we want, ``proxy`` the score the optimiser sees. Logarithms are natural.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Table:
    """Kinds of answer: reference probability, true reward, proxy score.  Shapes: all (k,)."""

    prob: Array
    true: Array
    proxy: Array


def _table(rows: Sequence[tuple[float, float, float]]) -> Table:
    """Return a table from (prob, true, proxy) rows."""
    prob, true, proxy = np.array(rows, dtype=float).T
    return Table(prob, true, proxy)


BROAD = _table(
    [(1 / 8, -1, -2), (1 / 8, -1, 0), (1 / 4, 0, -1), (1 / 4, 0, 1), (1 / 8, 1, 0), (1 / 8, 1, 2)]
)
"""Model A: true reward −1, 0, 1 with shares ¼, ½, ¼; every score is off by +1 or −1."""

SPIKY = _table([(0.25, -1, -1), (0.46, 0, 0), (0.25, 1, 1), (0.02, 0, 5), (0.02, 0, -5)])
"""Model B: same answers, exact scores, but 2 in 100 (ordinary ones) score +5 and 2 in 100 −5."""


def best_of_n(prob: Array, score: Array, n: int) -> Array:
    """Return how often each kind of answer is the best of ``n`` draws; ties are split by chance.

    Shapes: prob (k,), score (k,) -> (k,).
    Raises: ValueError if n < 1.
    """
    if n < 1:
        raise ValueError(f"n is {n}, want at least 1")
    levels, which = np.unique(score, return_inverse=True)
    mass = np.bincount(which, weights=prob, minlength=len(levels))
    below = np.concatenate([[0.0], np.cumsum(mass)])  # P(score < level), then the total
    below /= below[-1]
    wins = below[1:] ** n - below[:-1] ** n  # best score is exactly this level
    return np.asarray(prob / mass[which] * wins[which])


def rank_weights(size: int, n: int) -> Array:
    """Return how often each of ``size`` equally likely answers, worst first, is the best of ``n``.

    This is ``best_of_n`` without ties, for samples too large to sort again for every n.
    Shapes: -> (size,).
    """
    return np.diff((np.arange(size + 1) / size) ** n)


def fit_reward(gaps: Array, rounds: int = 100, tolerance: float = 1e-9) -> Array:
    """Return the weights of a linear reward model fitted to comparisons.

    A row of ``gaps`` holds the features of the preferred answer minus those of
    the other. The weights minimise sum log(1 + exp(−gap·w)) + |w|²/2: Bradley
    and Terry's loss, and a standard normal prior. Newton's method.
    Shapes: gaps (comparisons, features) -> (features,).
    Raises: RuntimeError if ``rounds`` are too few.  Source: Ouyang 2022, eq. 1.
    """
    weights, prior = np.zeros(gaps.shape[1]), np.eye(gaps.shape[1])
    loss = _reward_loss(weights, gaps)
    for _ in range(rounds):
        missed = np.exp(-np.logaddexp(0, gaps @ weights))  # P(other choice)
        slope = weights - missed @ gaps
        doubt = missed * (1 - missed)
        step = np.linalg.solve(gaps.T @ (doubt[:, None] * gaps) + prior, slope)
        if np.abs(step).max() < tolerance:
            return weights
        while _reward_loss(weights - step, gaps) > loss * (1 + 1e-12):  # more than rounding
            step /= 2
        weights = weights - step
        loss = _reward_loss(weights, gaps)
    raise RuntimeError(f"not converged in {rounds} rounds")


def _reward_loss(weights: Array, gaps: Array) -> float:
    """Return what ``fit_reward`` minimises.  Units: nats."""
    return float(np.logaddexp(0, -gaps @ weights).sum() + weights @ weights / 2)


def kl(new: Array, ref: Array) -> float:
    """Return KL(new ‖ ref).  Shapes: (k,), (k,).  Units: nats.

    Raises: ValueError if ``new`` uses what ``ref`` never does (the divergence is infinite).
    """
    used = new > 0
    if np.any(ref[used] <= 0):
        raise ValueError("new puts weight where ref has none")
    return float(np.sum(new[used] * np.log(new[used] / ref[used])))


def kl_formula(n: int) -> float:
    """Return log n − (n−1)/n: KL of best-of-n if scores never tie, else an upper bound.

    Units: nats.  Source: Stiennon 2020, appendix G.3, as used by Gao 2022, section 2.
    """
    return math.log(n) - (n - 1) / n


def tilt(ref: Array, reward: Array, beta: float) -> Array:
    """Return the policy ∝ ref · exp(reward/β): best expected reward minus β·KL to ref.

    Shapes: ref (k,), reward (k,) -> (k,).
    Raises: ValueError if β is not positive.
    """
    if beta <= 0:
        raise ValueError(f"beta is {beta}, want a positive number")
    weights = ref * np.exp((reward - reward.max()) / beta)  # the largest exponent is 0
    return np.asarray(weights / weights.sum())


def entropy(prob: Array) -> float:
    """Return the entropy of a distribution.  Shapes: (k,).  Units: nats."""
    used = prob[prob > 0]
    return float(-np.sum(used * np.log(used)))


def entropy_slope(ref: Array, reward: Array, strength: float) -> float:
    """Return d entropy / d strength of the tilted policy, strength being 1/β.

    It is minus the covariance of reward and log-probability.  Shapes: (k,), (k,).
    """
    weights = ref * np.exp(strength * reward)
    policy = weights / weights.sum()
    centred = reward - policy @ reward
    return float(-(policy * centred) @ np.log(policy))


def pair_accuracy(table: Table) -> float:
    """Return how often the proxy ranks two answers of unequal true reward rightly.

    Equal scores count one half, as a coin toss would.
    """
    better = table.true[:, None] > table.true[None, :]
    weight = np.where(better, np.outer(table.prob, table.prob), 0.0)
    gap = table.proxy[:, None] - table.proxy[None, :]
    right = np.where(gap > 0, 1.0, np.where(gap == 0, 0.5, 0.0))
    return float((weight * right).sum() / weight.sum())


def add_error(value: Array, p_value: Array, error: Array, p_error: Array) -> Table:
    """Return the table of a proxy = true reward + an error independent of it.

    Shapes: value (a,), error (b,) -> columns (a·b,).
    """
    return Table(
        prob=np.outer(p_value, p_error).ravel(),
        true=np.repeat(value, len(error)),
        proxy=np.add.outer(value, error).ravel(),
    )


def coin_sum(flips: int) -> tuple[Array, Array]:
    """Return values and probabilities of heads minus its mean.  Variance: flips/4."""
    heads = np.arange(flips + 1)
    ways = np.array([math.comb(flips, int(h)) for h in heads], dtype=float)
    return np.asarray(heads - flips / 2), ways / 2**flips


def power_law(variance: float, largest: int, exponent: int = 4) -> tuple[Array, Array]:
    """Return a symmetric error on whole numbers, P(k) ∝ |k|^−exponent, with that variance.

    What is left of the probability sits at 0.
    Raises: ValueError if nothing is left.
    """
    size = np.arange(1, largest + 1, dtype=float)
    share = size**-exponent
    share *= variance / (2 * float(np.sum(size**2 * share)))
    rest = 1 - 2 * float(share.sum())
    if rest < 0:
        raise ValueError(f"variance {variance} is too large for this shape")
    return (
        np.concatenate([-size[::-1], [0.0], size]),
        np.concatenate([share[::-1], [rest], share]),
    )


def two_part_kl(share: float, tail: float) -> float:
    """Return the KL of moving the probability of one event from ``tail`` to ``share``.

    Inside and outside the event nothing changes, so this is the KL of the whole policy.
    Units: nats.
    """
    return kl(np.array([share, 1 - share]), np.array([tail, 1 - tail]))


def two_part_chi2(share: float, tail: float) -> float:
    """Return the χ² divergence of the same move."""
    return share**2 / tail + (1 - share) ** 2 / (1 - tail) - 1


def gold_best_of_n(d: Array, alpha: float, beta: float) -> Array:
    """Return d(α − βd), d = √KL.  Source: Gao 2022, section 1."""
    return np.asarray(d * (alpha - beta * d))


def gold_rl(d: Array, alpha: float, beta: float) -> Array:
    """Return d(α − β log d), d = √KL.  Source: Gao 2022, section 1."""
    return np.asarray(d * (alpha - beta * np.log(d)))


def peak_best_of_n(alpha: float, beta: float) -> float:
    """Return the d at which ``gold_best_of_n`` is largest, α/2β."""
    return alpha / (2 * beta)


def peak_rl(alpha: float, beta: float) -> float:
    """Return the d at which ``gold_rl`` is largest, exp(α/β − 1)."""
    return math.exp(alpha / beta - 1)


def passing_shares(solve: Array, hack: Array, trained: bool) -> tuple[float, float]:
    """Return (pass rate, share of passes that are hacks) over equally many prompts of each sort.

    ``trained`` is the KL-regularised optimum of a 0/1 verifier as β falls to 0: every
    prompt passes, and honest and hacked passes keep the ratio the reference gave them.
    Shapes: solve (k,), hack (k,): the reference's chances per sort of prompt.
    """
    scale = solve + hack if trained else np.ones_like(solve)
    passes = float(np.mean((solve + hack) / scale))
    return passes, float(np.mean(hack / scale)) / passes
