"""The small translator: what its heads listen to, and whether training finds what we set by hand.

For the article "Multi-Head Attention, Positional Encoding, and the Encoder-Decoder Structure".
"""

from __future__ import annotations

import numpy as np

from labs import translator as hand
from labs import translator_training as learned
from labs.run import Experiment

SOURCE = ("dog", "bites", "man", "<end>")
READ = ("<start>", "canis", "hominem", "mordet")
STEPS, RATE = 300, 0.01
SHOWN = tuple(range(0, STEPS + 1, 10))
#: Do the words of the source know their places? -> what the results' key ends in.
PLACES = {1.0: "placed", 0.0: "unplaced"}


def listening() -> dict[str, list[float]]:
    """Return the weights of the heads by name, row after row: who asks, then who is heard."""
    x, y = hand.embed(SOURCE), hand.embed(READ)
    memory = hand.encode(x, hand.ENCODER)
    mask = hand.no_peeking(len(y))
    right, left = hand.ENCODER.heads
    after = hand.normalise(y + hand.multi_head(y, y, hand.DECODER.heads, hand.DECODER.W_O, mask))
    tables = {
        "right": hand.shares(x, x, right),
        "left": hand.shares(x, x, left),
        "own": hand.shares(y, y, hand.DECODER.heads[0], mask),
        "across": hand.shares(after, memory, hand.DECODER.cross[0]),
    }
    return {name: [float(weight) for weight in table.flat] for name, table in tables.items()}


def likeliest() -> dict[str, str | float]:
    """Return which word follows *canis*, and how likely it is."""
    chances = hand.chances(SOURCE, READ[:2])[-1]
    return {"likeliest": hand.WORDS[chances.argmax()], "likely": float(chances.max())}


def run(seed: int) -> dict[str, list[float]]:
    """Return the loss while training, with and without positions in the source.  Units: bits."""
    found = {}
    for positions, name in PLACES.items():
        costs = learned.train(learned.draw(seed), positions, STEPS, RATE)
        found[f"bits_{name}"] = [float(cost) for cost in np.asarray(costs)[list(SHOWN)]]
    return found


def check() -> dict[str, list[float]]:
    """Return the small part that tests run again."""
    costs = learned.train(learned.draw(0), 1.0, 20, RATE)
    return {"bits_placed": [float(cost) for cost in np.asarray(costs)[::10]]}


EXPERIMENT = Experiment(
    title="A small translator: its heads, and the same shape trained with and without positions",
    run=run,
    check=check,
    fixed={
        "source": SOURCE,
        "read": READ,
        "step": SHOWN,
        "parameters": learned.count(learned.draw(0)),
        "parameters_by_hand": hand.count(),
        **likeliest(),
        **listening(),
    },
    units={f"bits_{name}": "bits" for name in PLACES.values()},
    seeds=range(10),
)
