"""What a small model writes while it learns.  For the article on what pre-training is.

The model of ``what_is_pre_training``, trained once and four times as long. At each checkpoint it
writes on after the same words, and what text that it never saw costs it is noted.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from labs import writing
from labs.experiments.what_is_pre_training import (
    BATCH,
    LENGTH,
    RATE,
    SHAPE,
    as_rows,
    copied,
    held_bits,
    real_words,
    texts,
)
from labs.run import Experiment
from labs.texts import ALPHABET, encoded, king_james
from labs.tiny import Params, draw, train

STEPS = 2400
CHECKED = (0, 10, 100, 600, 2400)
PROMPT = "and the lord said "
#: Characters of a sample, with the prompt.
WRITTEN = 90


def sample(params: Params, seed: int) -> list[float]:
    """Return the codes of what the model writes after the prompt, drawn as it says."""
    writer = writing.Writer(as_rows(params), SHAPE, 1, WRITTEN)
    rng = np.random.default_rng([seed, 6])
    written, _ = writing.write(writer, encoded(PROMPT)[None], WRITTEN, lambda chances: chances, rng)
    return [float(code) for code in written[0]]


def run(seed: int, steps: int = STEPS, checked: Sequence[int] = CHECKED) -> dict[str, list[float]]:
    """Return costs, shares of real words, and the codes of a sample for each checkpoint."""
    learned, held = texts()
    known = frozenset(writing.words(king_james()))
    found: dict[str, list[float]] = {"cost": [], "words": [], "first": [], "again": []}
    samples: list[float] = []

    def note(step: int, params: Params) -> None:
        if step in checked:
            first, again = copied(params, seed)
            found["cost"].append(held_bits(params, held))
            found["words"].append(real_words(params, known, seed))
            found["first"].append(first)
            found["again"].append(again)
            samples.extend(sample(params, seed))

    note(0, draw(SHAPE, seed))
    train(
        SHAPE, learned, length=LENGTH, steps=steps, seed=seed, batch=BATCH, rate=RATE,
        each_step=note,
    )  # fmt: skip
    return {**found, "codes": samples}


def check() -> dict[str, list[float]]:
    """Return the first checkpoint, which needs no training."""
    learned, held = texts()
    del learned
    params = draw(SHAPE, 0)
    return {"cost": [round(held_bits(params, held), 2)], "codes": sample(params, 0)}


EXPERIMENT = Experiment(
    title="What a small model writes at five checkpoints of a longer training",
    run=run,
    check=check,
    fixed={
        "checked": CHECKED,
        "read": [step * BATCH * LENGTH for step in CHECKED],
        "alphabet": ["new line" if char == "\n" else char for char in ALPHABET],
        "written": WRITTEN,
        "steps": STEPS,
        "prompt": PROMPT,
    },
    units={"cost": "bits", "first": "bits", "again": "bits"},
)
