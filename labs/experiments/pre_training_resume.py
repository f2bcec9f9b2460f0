"""What must a checkpoint hold?  For the article "From Data Curation to Checkpoints".

A small transformer reads the King James Bible once, in a shuffled order. Half way it is stopped,
written to bytes and read back, whole or with something forgotten, and goes on to the end.
"""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np

from labs import checkpoints as lab
from labs.run import Experiment
from labs.texts import ALPHABET, encoded, king_james, parts
from labs.tiny import Shape, bits

SHAPE = Shape(vocabulary=len(ALPHABET), width=32, heads=2)
LENGTH, BATCH, STEPS, STOP, RATE = 64, 16, 400, 200, 3e-3
EVERY = 10
HELD_OUT = 64
ARMS = ("whole", "averages", "step", "position", "digits", "everything")


def run(seed: int, steps: int = STEPS, stop: int = STOP) -> dict[str, list[float] | float]:
    """Return loss on held-out text by step for each arm, and what else befell it."""
    train, test = parts(encoded(king_james()))
    text = lab.order(train, LENGTH, seed)[: steps * BATCH]
    held = jnp.asarray(lab.order(test, LENGTH, seed=0)[:HELD_OUT])

    def loss(state: lab.State) -> float:
        return float(bits(state.params, held, SHAPE).mean())

    def to_end(state: lab.State, until: int) -> tuple[lab.State, list[float]]:
        found = []
        for done in range(until):
            state = lab.stepped(state, text, SHAPE, batch=BATCH, steps=steps, rate=RATE)
            if (done + 1) % EVERY == 0:
                found.append(loss(state))
        return state, found

    half, before = to_end(lab.begun(SHAPE, seed), stop)
    file = lab.saved(half)
    straight, after = to_end(half, steps - stop)
    found: dict[str, list[float] | float] = {"before": before, "straight": after}
    for arm in ARMS:
        state = lab.forgetful(lab.loaded(file), arm)
        end, curve = to_end(state, steps - stop)
        found[f"after_{arm}"] = curve
        found[f"same_{arm}"] = float(lab.equal(end, straight))
        found[f"end_{arm}"] = curve[-1]
        found[f"worst_{arm}"] = max(np.subtract(curve, after).tolist())
        found[f"late_{arm}"] = curve[-1] - after[-1]
    found["end_straight"] = after[-1]
    found["bytes"] = float(len(file))
    return found


def check() -> dict[str, list[float] | float]:
    """Return a part of it that takes seconds."""
    return run(0, steps=40, stop=20)


EXPERIMENT = Experiment(
    title="A training run interrupted half way, resumed with and without parts of its state",
    run=run,
    check=check,
    fixed={
        "arms": ARMS,
        "steps": STEPS,
        "stop": STOP,
        "step_before": tuple(range(EVERY, STOP + 1, EVERY)),
        "step_after": tuple(range(STOP + EVERY, STEPS + 1, EVERY)),
        "characters": STEPS * BATCH * LENGTH,
        "batch": BATCH,
        "length": LENGTH,
    },
    units={f"{name}_{arm}": "bits" for name in ("end", "worst", "late") for arm in ARMS}
    | {"end_straight": "bits"},
    seeds=range(5),
)
