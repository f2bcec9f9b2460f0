"""How much of full tuning does an adapter reach?  For the article on LoRA, QLoRA and full tuning.

A small model has read the Bible. It is tuned on two texts: the same with its spaces taken out, and
a dictionary of pronunciations, which has nothing in common with it but the letters. Once all
matrices of the layers move, once only adapters of several ranks. Then: how much of the full update
does its best copy of a low rank hold, and what is that copy worth as a model?
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from labs.lora import MODELS, cut, elsewhere, held_by, in_adapters, in_matrices
from labs.lora_runs import (
    BATCH,
    LENGTH,
    MATRICES,
    SHAPE,
    TOGETHER,
    adapters,
    base,
    changed,
    cost,
    together,
    tuned,
)
from labs.run import Experiment
from labs.tiny import Params, count, draw

TASKS = ("unspaced", "sounds")
#: Ranks that adapters had; copies of the full update have all of ``CUTS``.
RANKS = (1, 2, 8, 32)
CUTS = (1, 2, 4, 8, 16, 32, 64)
BASE_ROUNDS = 60
ROUNDS = 6
FULL_RATE = {"unspaced": 0.003, "sounds": 0.01}
ADAPTER_RATE = {"unspaced": 0.01, "sounds": 0.01}


def updates(frozen: Params, moving: Params) -> dict[str, np.ndarray]:
    """Return what tuning added to each matrix, (layers, in, out)."""
    return {name: np.asarray(moving[name] - frozen[name], float) for name in MATRICES}


def one(
    task: str, seed: int, base_rounds: int, rounds: int, ranks: Sequence[int]
) -> dict[str, list[float] | float]:
    """Return what one seed measured on one task."""
    frozen = base(base_rounds)
    whole = {name: frozen[name] for name in MATRICES}
    full = tuned(frozen, whole, task, rounds=rounds, rate=FULL_RATE[task], seed=seed)
    added = updates(frozen, full)
    found: dict[str, list[float] | float] = {
        "before": cost(frozen, task),
        "full": cost(together(frozen, full), task),
        "old_full": cost(together(frozen, full), "old"),
    }
    held, copies = [], []
    for rank in CUTS:
        held.append(float(np.mean([held_by(u, rank) for a in added.values() for u in a])))
        near = {
            name: np.asarray(frozen[name]) + np.stack([cut(u, rank) for u in a])
            for name, a in added.items()
        }
        copies.append(cost(changed(frozen, near), task))
    found |= {"held": held, "cut": copies}
    lora, old = [], []
    for rank in ranks:
        start = adapters(rank, seed)
        moved = tuned(frozen, start, task, rounds=rounds, rate=ADAPTER_RATE[task], seed=seed)
        lora.append(cost(together(frozen, moved), task))
        old.append(cost(together(frozen, moved), "old"))
    return {
        f"{key}_{task}": value for key, value in (found | {"lora": lora, "old_lora": old}).items()
    }


def run(seed: int) -> dict[str, list[float] | float]:
    """Return everything that one seed measured."""
    found: dict[str, list[float] | float] = {"old_before": cost(base(BASE_ROUNDS), "old")}
    for task in TASKS:
        found |= one(task, seed, BASE_ROUNDS, ROUNDS, RANKS)
        gain = float(found[f"before_{task}"]) - float(found[f"full_{task}"])  # type: ignore[arg-type]
        for key in ("lora", "cut"):
            costs = found[f"{key}_{task}"]
            assert isinstance(costs, list)
            found[f"{key}_share_{task}"] = [(found[f"before_{task}"] - c) / gain for c in costs]  # type: ignore[operator]
    return found


def check() -> dict[str, list[float]]:
    """Return a part of it that takes seconds."""
    found = one("sounds", 0, 1, 1, (2,))
    return {key: np.round(found[f"{key}_sounds"], 2).tolist() for key in ("held", "lora")}


EXPERIMENT = Experiment(
    title="Full tuning and adapters of several ranks, on a near and a far text",
    run=run,
    check=check,
    fixed={
        "rank": RANKS,
        "cut_rank": CUTS,
        "parameters": count(draw(SHAPE, 0)),
        "tuned_full": sum(draw(SHAPE, 0)[name].size for name in MATRICES),
        "tuned_lora": [count(adapters(rank, 0)) for rank in RANKS],
        "width": SHAPE.width,
        "base_seen": BASE_ROUNDS * TOGETHER * BATCH * LENGTH,
        "seen": ROUNDS * TOGETHER * BATCH * LENGTH,
        "steps": ROUNDS * TOGETHER,
        "full_rate": list(FULL_RATE.values()),
        "adapter_rate": list(ADAPTER_RATE.values()),
        "model": list(MODELS),
        "in_matrices": [in_matrices(model) for model in MODELS.values()],
        "elsewhere": [elsewhere(model) for model in MODELS.values()],
        "in_adapters": [in_adapters(model, 1) for model in MODELS.values()],
    },
    units={},
    seeds=range(5),
)
