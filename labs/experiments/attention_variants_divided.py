"""What the sums of linear attention recall as first defined, φ and divisor included.

For the article on attention variants: its experiment stores the same pairs in sums without either,
as newer layers keep them. Keys, symbols and seeds are those of that experiment.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from labs import associative
from labs.run import Experiment

WIDTHS = (16, 32, 64)
PAIRS = (4, 8, 16, 32, 64, 128, 256, 512)
SYMBOLS = 64


def positive(x: associative.Array) -> associative.Array:
    """Return φ(x) = elu(x) + 1, positive everywhere.  Source: Katharopoulos et al. 2020."""
    return np.where(x > 0, x + 1, np.exp(np.minimum(x, 0)))


def recall(seed: int, pairs: Sequence[int] = PAIRS) -> dict[str, list[float]]:
    """Return by rule and width which share of the pairs comes back, by number of pairs.

    ``summed`` has neither φ nor divisor, ``divided`` both; ``centred`` is told the mean of all
    values besides and takes it from what ``divided`` reads.
    """
    rng = np.random.default_rng([seed, 2])
    found: dict[str, list[float]] = {
        f"{rule}_{width}": [] for width in WIDTHS for rule in ("summed", "divided", "centred")
    }
    for width in WIDTHS:
        codes = rng.choice([-1.0, 1.0], size=(SYMBOLS, width))
        for count in pairs:
            keys = rng.choice([-1.0, 1.0], size=(count, width))
            symbols = rng.integers(SYMBOLS, size=count)
            values = codes[symbols]
            features = positive(keys)
            table, total = associative.summed(features, values), features.sum(axis=0)
            read = np.array([associative.linear_read(asked, table, total) for asked in features])
            reads = {
                "summed": keys @ associative.summed(keys, values),
                "divided": read,
                "centred": read - values.mean(axis=0),
            }
            for rule, what in reads.items():
                found[f"{rule}_{width}"].append(associative.recalled(what, codes, symbols))
    return found


EXPERIMENT = Experiment(
    title="Sums of linear attention: recall with and without φ and divisor",
    run=recall,
    check=lambda: recall(0, PAIRS[:5]),
    fixed={"pairs": PAIRS, "widths": WIDTHS, "symbols": SYMBOLS},
    seeds=range(5),
)
