"""Three walls of pre-training as arithmetic: what a run costs, what text is left, what it buys.

Used by the article on scaling walls.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

#: Constants of Muennighoff et al. 2023, as their repository's readme prints them, for losses in
#: nats a token on C4. There both exponents are one number.
FLOOR = math.exp(0.6254804)
FROM_SIZE = math.exp(6.255414)
FROM_TEXT = math.exp(7.3049974)
EXPONENT = 0.3526596
#: After how many repetitions a further one is worth 1/e of new text (Muennighoff et al. 2023).
STALE = 15.387756

#: One chip, an H100 of Nvidia's: what it computes while training, what a rented hour costs, and
#: its power with everything around it. Units: FLOP/s, dollars, kW.
SPEED = 4e14
PRICE = 2.0
POWER = 1.7


@dataclass(frozen=True, slots=True)
class Bill:
    """What a training run takes.  Units: FLOP, hours, dollars, kWh."""

    compute: float
    chip_hours: float
    dollars: float
    energy: float


def bill(parameters: float, tokens: float) -> Bill:
    """Return what it takes to train a model on that many tokens."""
    compute = 6 * parameters * tokens
    chip_hours = compute / SPEED / 3600
    return Bill(compute, chip_hours, PRICE * chip_hours, POWER * chip_hours)


def loss(parameters: float, tokens: float) -> float:
    """Return the loss to expect of a model that reads only new text.  Units: nats a token."""
    return float(FLOOR + FROM_SIZE / parameters**EXPONENT + FROM_TEXT / tokens**EXPONENT)


def worth(readings: float) -> float:
    """Return as how many texts of its size a text counts that is read so often.

    Source: Muennighoff et al. 2023.
    """
    return 1 + STALE * (1 - math.exp(-(readings - 1) / STALE))


def years_left(stock: float, largest: float, growth: float) -> float:
    """Return after how many years the largest training set is as large as the stock.

    ``growth`` is the factor by which the largest grows in a year.
    """
    return math.log(stock / largest) / math.log(growth)
