"""Does a law fitted to small runs predict larger ones?  For the article "What Are Scaling Laws".

Tiny transformers of five widths read four amounts of the King James Bible, each with a learning
rate that was tuned for its width, and a schedule of its own.  A law is fitted to these runs.  A
wider model, trained on more text than any of them, is what it has to predict.

What was found of each run is kept in ``_build``, so that the experiment can be stopped and resumed.
"""

from __future__ import annotations

import hashlib
import json
import time
from functools import lru_cache

import numpy as np

from labs import scaling
from labs.essence import essence
from labs.run import LABS, Experiment
from labs.scaling import Array, Law, fit
from labs.scaling_runs import UNIT, embeddings, parameters, trained

WIDTHS = (8, 16, 24, 32, 48)
UNITS = (2, 4, 8, 16)
SEEDS = range(5)
#: Held out of every fit: width and units.
HELD_WIDTH = 96
HELD_UNITS = (16, 32)
HELD_SEEDS = range(3)

RATES = (0.0025, 0.005, 0.01, 0.02, 0.04, 0.08, 0.16)
TUNED_ON, TUNED_SEED = 4, 100
#: The best of ``RATES`` for each width; of the widest the four lowest were tried.
RATE = {8: 0.08, 16: 0.02, 24: 0.02, 32: 0.02, 48: 0.01, 96: 0.005}

#: Budgets whose valleys are drawn, in FLOP, and how far from their lowest points.
BUDGETS = (1e20, 1e22, 1e24)
BESIDE = tuple(float(x) for x in np.geomspace(1 / 16, 16, 25))

#: Redrawings of the runs, to see how far a prediction depends on which were made.
DRAWS = 200
#: How many sizes and lengths a reader may drop, smallest and shortest first.
DROPS = (0, 1, 2)
#: Characters at which the law is drawn.
DRAWN = tuple(float(x) for x in np.geomspace(1e5, 5e6, 18))

#: Keys of results -> the numbers of a law.
NAMES = {"floor": "E", "a": "A", "b": "B", "alpha": "alpha", "beta": "beta"}

KEPT = LABS.parent / "_build" / "scaling-laws"


@lru_cache(maxsize=1)
def code() -> str:
    """Return a name for the code that trains: what another code found does not count."""
    whole = [essence((LABS / name).read_bytes()) for name in ("scaling_runs.py", "tiny.py")]
    return hashlib.sha256("".join(whole).encode()).hexdigest()[:12]


def one(width: int, units: int, rate: float, seed: int) -> dict[str, float]:
    """Return the cost that a run reached, in bits a character, and its seconds.

    What was measured once is read from ``_build``.
    """
    file = KEPT / f"{code()}-{width}-{units}-{rate:g}-{seed}.json"
    if not file.exists():
        start = time.monotonic()
        cost = trained(width, units, rate, seed)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps({"bits": cost, "seconds": time.monotonic() - start}))
    found: dict[str, float] = json.loads(file.read_text())
    return found


def costs(width: int, units: int, seeds: range) -> Array:
    """Return what runs that differ in their seed cost.  Units: bits a character."""
    return np.array([one(width, units, RATE[width], seed)["bits"] for seed in seeds])


def table(sizes: Array, lengths: Array, bits: Array, drop: tuple[int, int] = (0, 0)) -> Array:
    """Return the runs of a fit, without the smallest sizes and the shortest lengths.

    Shapes: (s,), (l,), (s, l) -> (runs, 3).
    """
    size, length = drop
    N, D = np.meshgrid(sizes[size:], lengths[length:], indexing="ij")
    return np.stack([N.ravel(), D.ravel(), bits[size:, length:].ravel()], axis=1)


def redrawn(runs: Array, each: Array, best: Law, rng: np.random.Generator) -> Law:
    """Return the law of runs drawn again with replacement: which cells, and which seeds of each.

    Shapes: (runs, 3), (runs, seeds).
    """
    while True:
        cells = rng.integers(len(runs), size=len(runs))
        if len(set(cells)) > 9:
            break
    seeds = rng.integers(each.shape[1], size=(len(cells), each.shape[1]))
    again = runs[cells].copy()
    again[:, 2] = np.take_along_axis(each[cells], seeds, axis=1).mean(axis=1)
    return fit(again, [best, scaling.grid(again)[13]])


def measured() -> dict[str, Array]:
    """Return all runs: sizes, lengths, and what each cost, by size, length and seed."""
    return {
        "size": np.array([float(parameters(width)) for width in WIDTHS]),
        "length": np.array([float(units * UNIT) for units in UNITS]),
        "bits": np.array([[costs(w, u, SEEDS) for u in UNITS] for w in WIDTHS]),
        "held_size": np.array([float(parameters(HELD_WIDTH))] * len(HELD_UNITS)),
        "held_length": np.array([float(units * UNIT) for units in HELD_UNITS]),
        "held": np.array([costs(HELD_WIDTH, units, HELD_SEEDS) for units in HELD_UNITS]),
    }


def tuning() -> dict[str, list[float]]:
    """Return by learning rate what each width of the fit cost, on little text."""
    return {
        f"tuned_{width}": [one(width, TUNED_ON, rate, TUNED_SEED)["bits"] for rate in RATES]
        for width in WIDTHS
    }


def seconds() -> float:
    """Return how long all runs that are kept took."""
    files = KEPT.glob(f"{code()}-*.json")
    return float(sum(json.loads(file.read_text())["seconds"] for file in files))


def run(seed: int) -> dict[str, float | list[float]]:
    """Return runs, laws fitted to them, and what each predicts of the runs held out."""
    runs = measured()
    sizes, lengths, bits = runs["size"], runs["length"], runs["bits"].mean(axis=2)
    held = list(zip(runs["held_size"], runs["held_length"], strict=True))
    found: dict[str, float | list[float]] = {
        "run_size": np.repeat(sizes, len(lengths)).tolist(),
        "run_length": np.tile(lengths, len(sizes)).tolist(),
        "run_bits": bits.ravel().tolist(),
        "run_sd": runs["bits"].std(axis=2, ddof=1).ravel().tolist(),
        "held_bits": runs["held"].mean(axis=1).tolist(),
        "held_sd": runs["held"].std(axis=1, ddof=1).tolist(),
        "training_seconds": seconds(),
    }
    chosen: dict[str, list[float]] = {name: [] for name in (*NAMES, "far")}
    for at in range(len(held)):
        chosen[f"told_{at}"], chosen[f"miss_{at}"] = [], []
    for drop_sizes in DROPS:
        for drop_lengths in DROPS:
            law = fit(table(sizes, lengths, bits, (drop_sizes, drop_lengths)))
            for name, field in NAMES.items():
                chosen[name].append(getattr(law, field))
            chosen["far"].append(law.loss(held[-1][0] * 100, held[-1][1] * 100))
            for at, (N, D) in enumerate(held):
                chosen[f"told_{at}"].append(law.loss(N, D))
                chosen[f"miss_{at}"].append(law.loss(N, D) / runs["held"][at].mean() - 1)
    whole = table(sizes, lengths, bits)
    best = fit(whole)
    rng = np.random.default_rng(seed)
    each = runs["bits"].reshape(len(whole), -1)
    laws = [redrawn(whole, each, best, rng) for _ in range(DRAWS)]
    told = np.array([[law.loss(N, D) for N, D in held] for law in laws])
    far = np.array([law.loss(held[-1][0] * 100, held[-1][1] * 100) for law in laws])
    low, high = np.quantile(told, (0.05, 0.95), axis=0)
    told_best = [best.loss(N, D) for N, D in held]
    found["told"] = told_best
    reached = runs["held"].mean(axis=1)
    found["miss"] = [float(law / real - 1) for law, real in zip(told_best, reached, strict=True)]
    found["low"], found["high"] = low.tolist(), high.tolist()
    found["far_low"], found["far_high"] = (float(x) for x in np.quantile(far, (0.05, 0.95)))
    for name, field in NAMES.items():
        values = np.array([getattr(law, field) for law in laws])
        found[f"{name}_low"], found[f"{name}_high"] = (
            float(x) for x in np.quantile(values, (0.05, 0.95))
        )
    found["told_by_repeats"] = [
        fit(table(sizes, lengths, runs["bits"][:, :, : k + 1].mean(axis=2))).loss(*held[-1])
        for k in range(len(SEEDS))
    ]
    found["fit_miss"] = float(np.abs([best.loss(N, D) / L - 1 for N, D, L in whole]).mean())
    found |= bare(sizes, lengths, bits, held)
    return found | chosen | tuning()


def bare(
    sizes: Array, lengths: Array, bits: Array, held: list[tuple[float, float]]
) -> dict[str, float | list[float]]:
    """Return what other ways to fit the same runs predict.

    Without the embedding tables in the count of parameters; without a floor, that is, one straight
    line through the longest runs of each size, both axes logarithmic.
    """
    inner = sizes - np.array([embeddings(width) for width in WIDTHS])
    law = fit(table(inner, lengths, bits))
    inner_held = held[0][0] - embeddings(HELD_WIDTH)
    work = scaling.TRAINING * np.outer(sizes, lengths)
    frontier = lowest(work, bits)
    slope, height = np.polyfit(np.log(frontier[:, 0]), np.log(frontier[:, 1]), 1)
    line = [float(np.exp(height) * (scaling.TRAINING * N * D) ** slope) for N, D in held]
    return {
        "inner_alpha": law.alpha,
        "inner_told": [law.loss(inner_held, D) for _, D in held],
        "line_slope": float(-slope),
        "line_told": line,
    }


def lowest(work: Array, bits: Array) -> Array:
    """Return the runs that no cheaper run beats, by their work.

    Shapes: (s, l), (s, l) -> (n, 2).
    """
    order = np.argsort(work.ravel())
    pairs = np.stack([work.ravel()[order], bits.ravel()[order]], axis=1)
    best = np.minimum.accumulate(pairs[:, 1])
    kept: Array = pairs[pairs[:, 1] <= best]
    return kept


def valleys() -> dict[str, list[float]]:
    """Return, without chance, what the published law says of three budgets, size by size."""
    best = [scaling.best_split(scaling.REFIT, C) for C in BUDGETS]
    found = {
        "budget": list(BUDGETS),
        "best_size": [N for N, _ in best],
        "best_billions": [N / 1e9 for N, _ in best],
        "best_loss": [scaling.REFIT.loss(N, D) for N, D in best],
        "beside": list(BESIDE),
    }
    for at, (N, D) in enumerate(best):
        found[f"valley_{at}"] = [scaling.REFIT.loss(N * x, D / x) for x in BESIDE]
    return found


def check() -> dict[str, float | list[float]]:
    """Return the small part that tests run again: one short run, and a fit to exact losses."""
    N, D = np.meshgrid(np.geomspace(2e3, 6e4, 5), np.geomspace(1e5, 1e6, 4), indexing="ij")
    law = Law(1.2, 15.0, 90.0, 0.3, 0.35)
    exact = [(n, d, law.loss(n, d)) for n, d in zip(N.ravel(), D.ravel(), strict=True)]
    runs = np.array(exact)
    again = fit(runs)
    return {"trained": trained(8, 1, 0.02, 0), "told": again.loss(1e6, 1e7)}


EXPERIMENT = Experiment(
    title="A law fitted to twenty tiny training runs, and larger runs that it has to predict",
    run=run,
    check=check,
    fixed={
        "width": WIDTHS,
        "size": [parameters(width) for width in WIDTHS],
        "embedding": [embeddings(width) for width in WIDTHS],
        "length": [units * UNIT for units in UNITS],
        "table_share": [embeddings(width) / parameters(width) for width in WIDTHS],
        "held_size": parameters(HELD_WIDTH),
        "held_length": [units * UNIT for units in HELD_UNITS],
        "run": list(range(len(WIDTHS) * len(UNITS))),
        "choice": list(range(len(DROPS) ** 2)),
        "drop_sizes": [sizes for sizes in DROPS for _ in DROPS],
        "drop_lengths": [lengths for _ in DROPS for lengths in DROPS],
        **valleys(),
        "rate": [RATE[width] for width in WIDTHS],
        "held_rate": RATE[HELD_WIDTH],
        "rates": RATES,
        "repeats": len(SEEDS),
        "repeats_used": [k + 1 for k in range(len(SEEDS))],
        "held_repeats": len(HELD_SEEDS),
        "draws": DRAWS,
        "drawn": DRAWN,
    },
    units={"run_bits": "bits", "held_bits": "bits", "told": "bits", "floor": "bits"},
)
