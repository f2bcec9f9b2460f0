"""How the loss of the primer's network falls, or does not, at five learning rates.

No chance plays a part: start and examples are fixed.
"""

from __future__ import annotations

from collections.abc import Sequence

from labs.network import EXAMPLES, START, loss, predict, step
from labs.run import Experiment

RATES = (0.003, 0.01, 0.03, 0.1, 0.2)
#: The rate of the steps done by hand.
RATE = 0.03
STEPS = 300
#: Steps whose loss is kept: each of the first, then some.
KEPT = (*range(21), *range(25, 101, 5), *range(110, STEPS + 1, 10))
#: Steps whose answers are kept, and the hours asked about.
ANSWERED = (0, 2, 50, STEPS)
HOURS = tuple(quarter / 4 for quarter in range(17))


def run(_seed: int, steps: int = STEPS) -> dict[str, list[float]]:
    """Return the losses along the training at each rate, and answers and numbers on the way."""
    found: dict[str, list[float]] = {}
    for rate in RATES:
        numbers, name = list(START), f"{rate:g}".replace(".", "_")
        losses, answers, last = [], [], []
        for done in range(steps + 1):
            if done in KEPT:
                losses.append(loss(numbers))
            if rate == RATE and done in ANSWERED:
                answers += _answers(numbers, HOURS)
            last, numbers = numbers, step(numbers, rate)
        found[f"loss_{name}"] = losses
        found[f"end_{name}"] = [*last, *_answers(last, [hours for hours, _ in EXAMPLES])]
        if rate == RATE:
            found["answer"] = answers
    return found


def _answers(numbers: Sequence[float], asked: Sequence[float]) -> list[float]:
    """Return what a network answers."""
    return [predict(numbers, hours) for hours in asked]


EXPERIMENT = Experiment(
    title="Three numbers trained on three receipts, at five learning rates",
    run=run,
    check=lambda: run(0, steps=20),
    fixed={
        "rate": list(RATES),
        "rate_key": [f"{rate:g}".replace(".", "_") for rate in RATES],
        "step": list(KEPT),
        "answered": [done for done in ANSWERED for _ in HOURS],
        "hours": [hours for _ in ANSWERED for hours in HOURS],
        "receipt_hours": [hours for hours, _ in EXAMPLES],
        "receipt_coins": [coins for _, coins in EXAMPLES],
        "end_of": ["weight", "bias", "output weight", *(f"{h} h" for h, _ in EXAMPLES)],
    },
)
