"""Laws that say how the loss of a language model falls with its size and its text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

Array = NDArray[np.float64]

#: Work of one training token and parameter: 2 FLOP on the way forward, 4 on the way back.
TRAINING = 6
#: Work of one token that a finished model reads or writes.
SERVING = 2


@dataclass(frozen=True, slots=True)
class Law:
    """Loss = E + A / N^alpha + B / D^beta, with N parameters and D training tokens."""

    E: float
    A: float
    B: float
    alpha: float
    beta: float

    def loss(self, N: float, D: float) -> float:
        """Return the loss of N parameters trained on D tokens, in the units of E."""
        return float(self.E + self.A / N**self.alpha + self.B / D**self.beta)


#: As printed.  Units: nats a token.  Source: Hoffmann et al. 2022, section 3.3.
CHINCHILLA = Law(1.69, 406.4, 410.7, 0.34, 0.28)
#: The same with the digits that the paper's own source file has, as Besiroglu et al. report.
UNROUNDED = Law(1.6934, 406.4, 410.7, 0.3392, 0.2849)
#: Fitted anew to points read off a figure of that paper.  Source: Besiroglu et al. 2024.
REFIT = Law(1.8172, 482.01, 2085.43, 0.3478, 0.3658)


def best_split(law: Law, C: float) -> tuple[float, float]:
    """Return how many parameters and tokens make the loss smallest for C FLOP of training.

    Source: Hoffmann et al. 2022, equation 4.
    """
    both = law.alpha + law.beta
    G = (law.alpha * law.A / (law.beta * law.B)) ** (1 / both)
    N = G * (C / TRAINING) ** (law.beta / both)
    return N, C / (TRAINING * N)


def floor_of_three(first: float, second: float, third: float) -> float:
    """Return the floor under three losses whose sizes grow by one factor.

    The gaps above it then shrink by one factor: (second - E)^2 = (first - E)(third - E).
    Raises: ZeroDivisionError if the losses fall by equal steps, for which there is no floor.
    """
    return (first * third - second**2) / (first + third - 2 * second)


def cheapest(law: Law, target: float, served: float) -> tuple[float, float, float]:
    """Return parameters, training tokens and FLOP of the cheapest model with this loss.

    The work is that of training and of ``served`` tokens read or written in the model's life.
    Source: Sardana et al. 2024, equation 3.
    """
    N = np.geomspace(1e7, 1e14, 70_001)
    left = target - law.E - law.A / N**law.alpha
    N, left = N[left > 0], left[left > 0]
    D = (law.B / left) ** (1 / law.beta)
    work = TRAINING * N * D + SERVING * N * served
    best = int(np.argmin(work))
    return float(N[best]), float(D[best]), float(work[best])


def deviation(law: Law, factor: float) -> tuple[float, float]:
    """Return what a size of ``factor`` times the best costs: the gap, and the compute wasted.

    The gap above the floor as a multiple of the smallest, and the share of the compute that the
    best size could have saved for the same loss. Both are the same for every amount of compute.
    """
    both = law.alpha + law.beta
    size, text = law.beta / both, law.alpha / both  # shares of the gap at the best split
    gap = size * factor**-law.alpha + text * factor**law.beta
    return gap, 1 - gap ** (-both / (law.alpha * law.beta))


def matched(law: Law, target: float) -> tuple[float, float]:
    """Return parameters and tokens of the compute-optimal model with this loss."""
    low, high = 1e12, 1e40
    for _ in range(200):
        C = (low * high) ** 0.5
        low, high = (C, high) if law.loss(*best_split(law, C)) > target else (low, C)
    return best_split(law, high)


def repaid(small: tuple[float, float], large: tuple[float, float]) -> float:
    """Return after how many served tokens a small model has repaid its longer training.

    Each model is its parameters and training tokens; both are to have the same loss.
    """
    extra = TRAINING * (small[0] * small[1] - large[0] * large[1])
    return extra / (SERVING * (large[0] - small[0]))


def huber(miss: Array, width: float = 1e-3) -> Array:
    """Return the square of small misses, halved, and of large ones ``width`` times their size."""
    size = np.abs(miss)
    return np.where(size <= width, miss**2 / 2, width * (size - width / 2))


def misfit(law: Law, runs: Array) -> float:
    """Return how badly a law fits runs: the Huber loss of what it misses in the logarithm.

    Shapes: ``runs`` (n, 3), of each its parameters, tokens and loss.
    """
    N, D, loss = runs.T
    told = law.E + law.A / N**law.alpha + law.B / D**law.beta
    return float(huber(np.log(told) - np.log(loss)).sum())


def fit(runs: Array, starts: Sequence[Law] = ()) -> Law:
    """Return the law that fits runs best, searched from each start, or from a grid of them.

    Shapes: (n, 3), of each run its parameters, tokens and loss.
    Source: Hoffmann et al. 2022, equation 3, with the misses summed and not averaged.
    """
    N, D, loss = (np.log(column) for column in runs.T)

    def away(x: Array) -> tuple[float, Array]:
        """Return the misfit and its slopes; x holds log A, log B, log E, alpha and beta."""
        parts = np.stack([x[0] - x[3] * N, x[1] - x[4] * D, np.full_like(N, x[2])])
        told = np.logaddexp.reduce(parts)
        share = np.exp(parts - told)
        pull = np.clip((told - loss) / 1e-3, -1, 1)
        slopes = np.stack([*share, -share[0] * N, -share[1] * D]) @ pull
        return float(huber(told - loss).sum()) / 1e-3, slopes

    lowest = float(loss.min())
    bounds = [(-20, 60), (-20, 60), (lowest - 5, lowest), (0.01, 3), (0.01, 3)]
    found = []
    for start in starts or grid(runs):
        x = np.array([*np.log([start.A, start.B, start.E]), start.alpha, start.beta])
        for _ in range(2):  # begun again: the search may stop on a kink
            x = minimize(away, x, jac=True, method="L-BFGS-B", bounds=bounds).x
        found.append(x)
    x = min(found, key=lambda x: away(x)[0])
    A, B, E = (float(part) for part in np.exp(x[:3]))
    return Law(E, A, B, float(x[3]), float(x[4]))


def grid(runs: Array) -> list[Law]:
    """Return laws to start from: three floors, and three exponents each for size and text."""
    lowest, middle = runs[:, 2].min(), np.exp(np.log(runs).mean(axis=0))
    laws = []
    for E in (0.3 * lowest, 0.6 * lowest, 0.9 * lowest):
        for alpha in (0.2, 0.5, 0.8):
            for beta in (0.2, 0.5, 0.8):
                gap = (middle[2] - E) / 2
                A, B = gap * middle[0] ** alpha, gap * middle[1] ** beta
                laws.append(Law(float(E), float(A), float(B), alpha, beta))
    return laws
