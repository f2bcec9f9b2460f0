"""Can tokens that a model never met be found in its weights?  For "Glitch Tokens …".

The tokenizer's merges are from the whole King James Bible, the model reads the Old Testament.
What its output table says of the tokens that it never met is compared with those it did, and what
the New Testament costs it where such a token comes next.
"""

from __future__ import annotations

import numpy as np

from labs.glitch import (
    NEVER,
    Array,
    distance,
    occurrences,
    separation,
    surprise,
    testaments,
    trained,
    vocabulary,
)
from labs.run import Experiment

STEPS = 300
#: Groups of tokens by how often they stand in the Old Testament: at least, and below.
GROUPS = {"never": (0, 1), "1 to 29": (1, 30), "30 to 99": (30, 100), "100 or more": (100, 10**9)}
EDGES = np.linspace(0, 2, 21)


def merged() -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Return for each token whether a merge made it."""
    found: np.ndarray[tuple[int, ...], np.dtype[np.bool_]] = np.arange(len(vocabulary())) >= 256
    return found


def members(low: int, high: int) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Return which merged tokens the Old Testament has ``low`` times or more, but not ``high``."""
    counts = occurrences(testaments()[0])
    found: np.ndarray[tuple[int, ...], np.dtype[np.bool_]] = (
        merged() & (counts >= low) & (counts < high)
    )
    return found


def run(seed: int, steps: int = STEPS) -> dict[str, float | list[float]]:
    """Return what one model's weights say of the groups, and what their tokens cost it."""
    new = testaments()[1]
    params, shape = trained(seed, steps)
    columns = np.asarray(params["output"]).astype(float)
    rows: Array = np.linalg.norm(np.asarray(params["characters"]).astype(float), axis=1)
    far = distance(columns)
    masks = [members(low, high) for low, high in GROUPS.values()]
    never, met = masks[0], merged() & ~masks[0]
    costs = surprise(params, shape, new)
    count = len(costs)
    targets, before = new[1 : count + 1], new[:count]
    found: dict[str, float | list[float]] = {
        "distance": [float(far[mask].mean()) for mask in masks],
        "cost": [float(costs[mask[targets]].mean()) for mask in masks],
        "cost_after": [float(costs[mask[before]].mean()) for mask in masks],
        "auc": separation(far[never], far[met]),
        "auc_rare": separation(far[never], far[masks[1]]),
        "auc_rows": separation(rows[never], rows[met]),
        "auc_lengths": separation(
            np.linalg.norm(columns, axis=0)[never], np.linalg.norm(columns, axis=0)[met]
        ),
        "tokens": [float(mask.sum()) for mask in masks],
        "loss": float(costs.mean()),
        "hit": float(never[np.argsort(np.where(merged(), far, 9))[: never.sum()]].mean()),
    }
    for name, mask in (("never", never), ("met", met)):
        found[f"share_{name}"] = (np.histogram(far[mask], EDGES)[0] / mask.sum()).tolist()
    return found


def check() -> dict[str, list[float]]:
    """Return a part of it that takes seconds."""
    counts = [float(members(low, high).sum()) for low, high in GROUPS.values()]
    columns = np.random.default_rng(0).standard_normal((4, len(vocabulary())))
    return {"counts": counts, "distance": distance(columns)[:3].tolist()}


EXPERIMENT = Experiment(
    title="Tokens that a model never met, found by the direction of their output columns",
    run=run,
    check=check,
    fixed={
        "group": list(GROUPS),
        "edge": EDGES[:-1].round(2).tolist(),
        "steps": STEPS,
        "width": 64,
        "references": len(NEVER),
    },
    units={"cost": "bits", "cost_after": "bits", "loss": "bits"},
    seeds=range(5),
    data=("data/king-james-merges.json",),
)
