"""What do numbers of few bits cost, before and after tuning?  For the article on LoRA and QLoRA.

Weights of the small model are rounded to several kinds of numbers. Then adapters are tuned on the
model in 16 levels (QLoRA) and on the exact one (LoRA), and joined with the weights in three ways.
"""

from __future__ import annotations

import numpy as np

from labs.lora import (
    Matrix,
    bits_each,
    floating_levels,
    integer_levels,
    normal_levels,
    relative_error,
    rounded,
)
from labs.lora_runs import MATRICES, adapters, base, changed, cost, together, tuned
from labs.run import Experiment
from labs.tiny import Params

BASE_ROUNDS = 60
ROUNDS = 6
RATE = {"unspaced": 0.01, "sounds": 0.01}
RANK = 8
TASKS = ("unspaced", "sounds")
#: Levels, block, whether scales are powers of two.
KINDS = {
    "int8": (integer_levels(8), 64, False),
    "NF4": (normal_levels(), 64, False),
    "FP4": (floating_levels(), 64, False),
    "int4": (integer_levels(4), 64, False),
    "NVFP4": (floating_levels(), 16, False),
    "MXFP4": (floating_levels(), 32, True),
}
BITS = (8 + 32 / 64, bits_each(double=True), 4.5, 4.5, 4 + 8 / 16, 4 + 8 / 32)


def in_few_bits(params: Params, kind: str) -> Params:
    """Return parameters whose matrices in the layers have made a trip through few bits."""
    levels, block, powers = KINDS[kind]
    made: dict[str, Matrix] = {}
    for name in MATRICES:
        weights = np.asarray(params[name], float)
        made[name] = rounded(weights, levels, block, powers=powers)
    return changed(params, made)


def error(params: Params, kind: str) -> float:
    """Return the relative error of all matrices taken together."""
    near = in_few_bits(params, kind)
    both = [np.concatenate([np.ravel(p[name]) for name in MATRICES]) for p in (params, near)]
    return relative_error(both[0].astype(float), both[1].astype(float))


def tuning(task: str, seed: int, base_rounds: int, rounds: int) -> dict[str, float]:
    """Return what each way of joining adapter and weights costs.  Units: bits a character."""
    exact = base(base_rounds)
    coarse = in_few_bits(exact, "NF4")
    lora, qlora = (
        tuned(frozen, adapters(RANK, seed), task, rounds=rounds, rate=RATE[task], seed=seed)
        for frozen in (exact, coarse)
    )
    merged = together(exact, lora), together(coarse, qlora)
    return {
        "lora": cost(merged[0], task),
        "qlora": cost(merged[1], task),
        "lora_rounded": cost(in_few_bits(merged[0], "NF4"), task),
        "qlora_rounded": cost(in_few_bits(merged[1], "NF4"), task),
        "qlora_on_exact": cost(together(exact, qlora), task),
        "lora_on_coarse": cost(together(coarse, lora), task),
    }


def run(seed: int) -> dict[str, float | list[float]]:
    """Return everything that one seed measured."""
    exact = base(BASE_ROUNDS)
    found: dict[str, float | list[float]] = {
        "error": [error(exact, kind) for kind in KINDS],
        "old": [cost(in_few_bits(exact, kind), "old") for kind in KINDS],
        "old_exact": cost(exact, "old"),
        "before": [cost(exact, task) for task in TASKS],
    }
    costs = [tuning(task, seed, BASE_ROUNDS, ROUNDS) for task in TASKS]
    return found | {key: [each[key] for each in costs] for key in costs[0]}


def check() -> dict[str, list[float]]:
    """Return a part of it that takes seconds."""
    return {"error": [round(error(base(1), kind), 3) for kind in KINDS]}


EXPERIMENT = Experiment(
    title="Weights in few bits, and three ways to join an adapter with them",
    run=run,
    check=check,
    fixed={
        "kind": list(KINDS),
        "bits": BITS,
        "task": TASKS,
        "task_name": ("Bible without spaces", "pronunciations"),
        "rank": RANK,
    },
    seeds=range(5),
)
