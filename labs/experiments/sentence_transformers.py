"""How many options, and how sharp a softmax?  For the article on sentence encoders.

A small encoder learns from nothing which of WordNet's definitions belongs to which name. Batches,
steps and rate are the same in all runs; what differs is how many of the other definitions in a
batch count as wrong options, and the temperature.
"""

from __future__ import annotations

import numpy as np

from labs.pair_encoder import (
    Pairs,
    Params,
    Side,
    alignment,
    cut,
    draw,
    encoded,
    reciprocal_rank,
    train,
    uniformity,
)
from labs.run import Experiment, Measured

NEGATIVES = (1, 3, 15, 63, 511)
TEMPERATURES = (0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
BATCH, STEPS, RATE = 512, 400, 0.01
SLOW = RATE / 3
WIDTH = 64
TESTED = 1000
KEPT_STEPS = (0, 25, 50, 100, 200, 400)
Point = tuple[float, float, float]
SHOWN = [f"{temperature:g}" for temperature in TEMPERATURES]
KEYS = [shown.replace(".", "_") for shown in SHOWN]


def measures(params: Params, test: Pairs) -> Point:
    """Return mean reciprocal rank, alignment and uniformity on pairs not learned from."""
    names, glosses = encoded(params, test.names), encoded(params, test.glosses)
    both = np.concatenate([names, glosses])
    return reciprocal_rank(names, glosses), alignment(names, glosses), uniformity(both)


def run(seed: int) -> Measured:
    """Return everything that one seed measured."""
    learned, test, vocabulary = cut(seed, TESTED)
    start = draw(vocabulary, WIDTH, seed)
    found: dict[str, list[float]] = {}
    untrained = measures(start, test)
    for key, temperature in zip(KEYS, TEMPERATURES, strict=True):
        for negatives in NEGATIVES:
            path = [untrained]

            def note(
                step: int, params: Params, path: list[tuple[float, float, float]] = path
            ) -> None:
                if step in KEPT_STEPS:
                    path.append(measures(params, test))

            train(
                learned, start, temperature=temperature, group=negatives + 1, batch=BATCH,
                steps=STEPS, rate=RATE, seed=seed, each_step=note,
            )  # fmt: skip
            found.setdefault(f"mrr_{key}", []).append(path[-1][0])
            found.setdefault(f"apart_{key}", []).append(path[-1][1])
            found.setdefault(f"even_{key}", []).append(path[-1][2])
            if negatives == max(NEGATIVES):
                found[f"path_mrr_{key}"] = [point[0] for point in path]
                found[f"path_apart_{key}"] = [point[1] for point in path]
                found[f"path_even_{key}"] = [point[2] for point in path]
        slow = train(
            learned, start, temperature=temperature, group=BATCH, batch=BATCH,
            steps=STEPS, rate=SLOW, seed=seed,
        )  # fmt: skip
        found.setdefault("slow", []).append(measures(slow, test)[0])
    return found | {
        "untrained": untrained[0],
        "pieces": vocabulary,
        "learned": len(learned.names.ids),
    }


def check() -> dict[str, list[float]]:
    """Return a part of it that takes seconds: random pairs that share their first piece."""
    rng = np.random.default_rng(0)
    ids = rng.integers(1, 60, size=(2, 240, 4)).astype(np.int32)
    ids[1, :, 0] = ids[0, :, 0]
    pairs = Pairs(*(Side(side, np.ones(side.shape, bool)) for side in ids))
    params = train(
        pairs.part(slice(200)), draw(60, 8, 0), temperature=0.1, group=8, batch=32, steps=40,
        rate=0.01, seed=0,
    )  # fmt: skip
    return {"found": [round(value, 2) for value in measures(params, pairs.part(slice(200, 240)))]}


EXPERIMENT = Experiment(
    title="Names and definitions matched by an encoder trained from nothing",
    run=run,
    check=check,
    fixed={
        "negatives": NEGATIVES,
        "temperature": SHOWN,
        "step": KEPT_STEPS,
        "batch": BATCH,
        "steps": STEPS,
        "rate": RATE,
        "slow_rate": round(SLOW, 4),
        "width": WIDTH,
        "tested": TESTED,
    },
    seeds=range(5),
)
