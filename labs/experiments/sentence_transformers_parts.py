"""Chosen options and nested vectors, tried on the small encoder.  For the article on sentence
encoders.

Does one further wrong definition for each name help more if it is chosen to be near?  And what do
the first 8, 16 or 32 numbers of a vector hold, with and without having been trained to hold it?
"""

from __future__ import annotations

import numpy as np

from labs.pair_encoder import Pairs, Params, Side, cut, draw, encoded, mined, reciprocal_rank, train
from labs.run import Experiment, Measured

BATCH, STEPS, RATE, WIDTH, TESTED = 512, 400, 0.01, 64, 1000
TEMPERATURE = 0.1
GROUP = 16
WIDTHS = (8, 16, 32, 64)
#: Which wrong definition -> first place, places, share of the right score that none may exceed.
CHOICES: dict[str, tuple[int, int, float | None]] = {
    "anywhere": (0, 5000, None),
    "places 31 to 50": (30, 20, None),
    "places 1 to 5": (0, 5, None),
    "places 1 to 5, below 95%": (0, 5, 0.95),
}


def right(params: Params, test: Pairs, width: int = WIDTH) -> float:
    """Return the mean reciprocal rank by the first ``width`` numbers of the vectors."""
    return reciprocal_rank(encoded(params, test.names, width), encoded(params, test.glosses, width))


def run(seed: int) -> Measured:
    """Return everything that one seed measured."""
    learned, test, vocabulary = cut(seed, TESTED)
    start = draw(vocabulary, WIDTH, seed)

    def trained(group: int, hard: Side | None = None, widths: tuple[int, ...] = ()) -> Params:
        return train(
            learned, start, temperature=TEMPERATURE, group=group, batch=BATCH, steps=STEPS,
            rate=RATE, seed=seed, hard=hard, widths=widths,
        )  # fmt: skip

    plain, nested = trained(BATCH), trained(BATCH, widths=WIDTHS)
    chosen = [
        mined(plain, learned, start=start_at, places=places, below=below, seed=seed)
        for start_at, places, below in CHOICES.values()
    ]
    narrow = [trained(BATCH, widths=(width,)) for width in WIDTHS[:-1]]
    return {
        "none": right(trained(GROUP), test),
        "chosen": [right(trained(GROUP, hard), test) for hard in chosen],
        "cut_short": [right(plain, test, width) for width in WIDTHS],
        "nested": [right(nested, test, width) for width in WIDTHS],
        "alone": [
            right(params, test, width)
            for params, width in zip([*narrow, plain], WIDTHS, strict=True)
        ],
    }


def check() -> dict[str, list[float]]:
    """Return a part of it that takes seconds: random pairs that share their first piece."""
    rng = np.random.default_rng(0)
    ids = rng.integers(1, 60, size=(2, 240, 4)).astype(np.int32)
    ids[1, :, 0] = ids[0, :, 0]
    pairs = Pairs(*(Side(side, np.ones(side.shape, bool)) for side in ids))
    start = draw(60, 8, 0)
    hard = mined(start, pairs, start=0, places=3, below=0.95, seed=0)
    params = train(
        pairs, start, temperature=0.1, group=8, batch=32, steps=40, rate=0.01, seed=0, hard=hard,
        widths=(4, 8),
    )  # fmt: skip
    return {"right": [round(right(params, pairs, width), 2) for width in (4, 8)]}


EXPERIMENT = Experiment(
    title="Wrong definitions chosen near, and vectors trained to be cut short",
    run=run,
    check=check,
    fixed={
        "choice": list(CHOICES),
        "width": WIDTHS,
        "temperature": TEMPERATURE,
        "options": GROUP,
        "batch": BATCH,
        "steps": STEPS,
        "tested": TESTED,
    },
    seeds=range(5),
)
