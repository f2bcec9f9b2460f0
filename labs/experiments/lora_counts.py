"""What do tables of letter counts predict?  A yardstick for the article on LoRA and QLoRA.

The texts on which the small model is tuned, and the windows on which it is tested; as many letters
are counted as tuning reads.
"""

from __future__ import annotations

import numpy as np

from labs.counting import counted_bits
from labs.lora_runs import BATCH, LENGTH, TOGETHER, exam, texts
from labs.run import Experiment
from labs.texts import ALPHABET

TASKS = ("unspaced", "sounds")
#: Letters alone, pairs, triples.
ORDERS = (1, 2, 3)
#: As many as six rounds of tuning read.
LETTERS = 6 * TOGETHER * BATCH * LENGTH


def cost(task: str, order: int) -> float:
    """Return what a letter of the test windows costs, as far as the windows reach back.

    Units: bits.
    """
    windows = np.asarray(exam(task))
    bits = counted_bits(texts(task)[0][:LETTERS], windows.ravel(), order)
    places = np.concatenate([np.zeros(order - 1), bits]).reshape(windows.shape)
    return float(places[:, max(1, order - 1) :].mean())


def run(_: int) -> dict[str, list[float] | float]:
    """Return for each text what a letter costs.  Units: bits a character."""
    found: dict[str, list[float] | float] = {"guess": float(np.log2(len(ALPHABET)))}
    return found | {f"counted_{task}": [cost(task, n) for n in ORDERS] for task in TASKS}


def check() -> dict[str, float]:
    """Return a part of it that takes seconds."""
    return {"counted_sounds": round(cost("sounds", 3), 2)}


EXPERIMENT = Experiment(
    title="Letters, pairs and triples counted in the texts that adapters are tuned on",
    run=run,
    check=check,
    fixed={"order": ORDERS, "letters": LETTERS},
    units={},
)
