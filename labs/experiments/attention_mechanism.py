"""What does dividing scores by the root of the width do?  For the article "Attention Mechanism".

Start: queries and keys of random numbers, as at the start of training. How large is the largest
weight, how far does it move when its score does, and how far does the output when the query does?

Training: the same attention learns to look up, with four ways to keep scores small. Those with
undivided and divided scores learn five times as long as well: is one slower, or worse?

Nothing of chance: the scores of the worked example, and how many bytes attention moves.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from labs import attention as lab
from labs.lookup import ARMS, STEPS, Adam, Descent, learn
from labs.run import Experiment

WIDTHS = (1, 4, 16, 64, 256, 1024)
KEYS = 16
QUERIES = 1000
MANY = (4, 16, 64, 256, 1024, 4096)  # keys, at the usual width of a head
HEAD = 64
#: A query with a smaller slope hardly learns: its largest weight is above 0.999.
STUCK = 1e-3

TRAINED = (16, 128, 1024)
RATES = tuple(round(10 ** (power / 2), 7) for power in range(-10, -1))  # of Adam
PLAIN_RATES = tuple(round(10 ** (power / 2), 5) for power in range(-4, 3))  # of plain descent
LONG = 5 * STEPS
LONG_RATES = RATES[2:6]  # the best of both arms lie between its ends

LENGTHS = (1024, 4096, 16384, 65536)
ROWS = 128
BYTES = 2  # half precision


def scores(seed: int, width: int, keys: int) -> tuple[lab.Array, lab.Array, lab.Array]:
    """Return raw scores of random queries, the keys, and a value of one number for each key.

    Shapes: (QUERIES, keys), (keys, width), (keys, 1).
    """
    rng = np.random.default_rng([seed, width, keys])
    q, k = rng.standard_normal((QUERIES, width)), rng.standard_normal((keys, width))
    return q @ k.T, k, rng.standard_normal((keys, 1))


def start(seed: int, widths: Sequence[int]) -> dict[str, list[float]]:
    """Return by width what random queries see, with scores divided and not.

    ``top`` is the largest weight, ``slope`` a(1 - a) of it, ``pull`` the length of the derivative
    of the output with respect to the query, all means over queries; ``middle`` and ``pull_middle``
    are medians of slope and pull. ``stuck`` is the share of queries with a slope below ``STUCK``,
    ``one`` of those whose largest weight is exactly one in single precision.
    """
    names = ("top", "slope", "middle", "stuck", "one", "pull", "pull_middle")
    found: dict[str, list[float]] = {f"{name}_{arm}": [] for name in names for arm in scales(1)}
    for width in widths:
        raw, k, v = scores(seed, width, KEYS)
        for arm, scale in scales(width).items():
            weights = lab.softmax(raw * scale)
            top = weights.max(axis=1)
            slope = top * (1 - top)
            pull = np.linalg.norm(lab.covariance(weights, k, v)[:, 0], axis=1) * scale
            values = (
                top.mean(),
                slope.mean(),
                np.median(slope),
                (slope < STUCK).mean(),
                (top.astype(np.float32) == 1).mean(),
                pull.mean(),
                np.median(pull),
            )
            for name, value in zip(names, values, strict=True):
                found[f"{name}_{arm}"].append(float(value))
    return found


def scales(width: int) -> dict[str, float]:
    """Return what raw scores are multiplied by."""
    return {"undivided": 1.0, "divided": 1 / math.sqrt(width)}


def crowd(seed: int, many: Sequence[int]) -> list[float]:
    """Return by number of keys the largest weight, scores divided."""
    tops = []
    for keys in many:
        raw, _, _ = scores(seed, HEAD, keys)
        tops.append(float(lab.softmax(raw / math.sqrt(HEAD)).max(axis=1).mean()))
    return tops


def training(seed: int) -> dict[str, list[float]]:
    """Return by learning rate errors and hits of an attention trained, for each arm and width."""
    found: dict[str, list[float]] = {}
    for width in TRAINED:
        for name, arm in ARMS.items():
            runs = [learn(seed, width, arm, Adam(rate)) for rate in RATES]
            found[f"error_{name}_{width}"] = [error for error, _ in runs]
            found[f"hits_{name}_{width}"] = [hits for _, hits in runs]
    for name in ("undivided", "divided"):
        runs = [learn(seed, max(TRAINED), ARMS[name], Descent(rate)) for rate in PLAIN_RATES]
        found[f"plain_error_{name}"] = [error for error, _ in runs]
        runs = [learn(seed, max(TRAINED), ARMS[name], Adam(rate), LONG) for rate in LONG_RATES]
        found[f"long_error_{name}"] = [error for error, _ in runs]
    return found


def run(seed: int) -> dict[str, list[float]]:
    """Return everything that one seed measured."""
    return start(seed, WIDTHS) | {"crowd": crowd(seed, MANY)} | training(seed)


def check() -> dict[str, list[float]]:
    """Return a part of it that takes seconds."""
    short = [learn(0, 64, arm, Adam(1e-3), steps=60)[0] for arm in ARMS.values()]
    return {"top": start(0, (64, 1024))["top_undivided"], "crowd": crowd(0, (16,)), "error": short}


EXPERIMENT = Experiment(
    title="Softmax with and without division by the root of the width, at the start and trained",
    run=run,
    check=check,
    fixed={
        "width": WIDTHS,
        "keys": KEYS,
        "queries": QUERIES,
        "many": MANY,
        "head": HEAD,
        "trained": TRAINED,
        "steps": STEPS,
        "rate": RATES,
        "plain_rate": PLAIN_RATES,
        "long_steps": LONG,
        "long_rate": LONG_RATES,
        "word": lab.WORDS,
        "score": (lab.KEYS @ lab.QUERY / math.sqrt(len(lab.QUERY))).tolist(),
        "river": lab.VALUES[:, 0].tolist(),
        "money": lab.VALUES[:, 1].tolist(),
        "block": ROWS,
        "length": LENGTHS,
        "plain_gb": [lab.plain_traffic(n, HEAD) * BYTES / 1e9 for n in LENGTHS],
        "tiled_gb": [lab.tiled_traffic(n, HEAD, ROWS) * BYTES / 1e9 for n in LENGTHS],
        "stored_gb": [n * n * BYTES / 1e9 for n in LENGTHS],
    },
    seeds=range(10),
)
