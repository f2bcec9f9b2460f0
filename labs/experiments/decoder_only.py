"""What does one more token cost with and without a cache?  For the article on decoder-only models.

The same decoder of random weights computes what follows n tokens, once from all of them and once
from the last alone with the others' keys and values in a cache. Multiplications are counted;
milliseconds are the processor's, on one core (set OMP_NUM_THREADS=1), and say nothing of others.
"""

from __future__ import annotations

import time

import numpy as np

from labs.run import Experiment
from labs.stack import Rows, Stack

CONTEXTS = (256, 512, 1024, 2048, 4096)
LAYERS, WIDTH, HEADS = 4, 256, 8
REPEATS = 5


def measured(seed: int, contexts: tuple[int, ...]) -> dict[str, list[float]]:
    """Return by context what the last token costs, and by how much the two ways differ."""
    stack = Stack(LAYERS, WIDTH, HEADS, seed)
    names = ("recomputed", "cached", "recomputed_ms", "cached_ms", "kept", "differ")
    found: dict[str, list[float]] = {name: [] for name in names}
    rng = np.random.default_rng([seed, 1])
    for n in contexts:
        x = rng.standard_normal((n, WIDTH)).astype(np.float32)
        cache = stack.empty(n)
        stack.read(x[:-1], cache, 0)
        stack.multiplied = 0
        times = [_seconds(stack, x[-1:], cache, n - 1) for _ in range(REPEATS)]
        found["cached"].append(stack.multiplied / REPEATS / 1e6)
        found["cached_ms"].append(1000 * min(times))
        last = stack.read(x[-1:], cache, n - 1)
        stack.multiplied = 0
        start = time.process_time()
        whole = stack.read(x, stack.empty(n), 0)
        found["recomputed_ms"].append(1000 * (time.process_time() - start))
        found["recomputed"].append(stack.multiplied / 1e6)
        found["kept"].append(cache.nbytes / 1e6)
        found["differ"].append(float(np.abs(whole[-1:] - last).max()))
    return found


def _seconds(stack: Stack, row: Rows, cache: Rows, before: int) -> float:
    """Return how long the processor is busy with the last token."""
    start = time.process_time()
    stack.read(row, cache, before)
    return time.process_time() - start


def run(seed: int) -> dict[str, list[float]]:
    """Return everything that one seed measured."""
    found = measured(seed, CONTEXTS)
    found["fewer"] = [a / b for a, b in zip(found["recomputed"], found["cached"], strict=True)]
    pairs = zip(found["recomputed_ms"], found["cached_ms"], strict=True)
    found["faster"] = [a / b for a, b in pairs]
    found["read_rate"] = [1e3 * a / b for a, b in _rates(found, "recomputed")]
    found["write_rate"] = [1e3 * a / b for a, b in _rates(found, "cached")]
    return found


def _rates(found: dict[str, list[float]], way: str) -> list[tuple[float, float]]:
    """Return multiplications and milliseconds side by side."""
    return list(zip(found[way], found[f"{way}_ms"], strict=True))


def check() -> dict[str, list[float]]:
    """Return a part of it that takes seconds: what was counted, not timed."""
    found = measured(0, (64, 300))
    return {key: found[key] for key in ("recomputed", "cached", "kept")}


EXPERIMENT = Experiment(
    title="One more token with and without a cache, counted and timed",
    run=run,
    check=check,
    fixed={"context": CONTEXTS, "layers": LAYERS, "width": WIDTH, "heads": HEADS},
    units={
        "recomputed": "million",
        "cached": "million",
        "recomputed_ms": "ms",
        "cached_ms": "ms",
        "kept": "MB",
        "read_rate": "million a second",
        "write_rate": "million a second",
    },
    seeds=range(5),
)
