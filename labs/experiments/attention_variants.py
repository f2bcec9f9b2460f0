"""What does a mask decide?  For the article on attention variants and their limits.

Leak: the same small network learns to predict the next character of the King James Bible under six
masks. Each is then scored twice on text that it never saw: as training scores it, the whole window
in view where the mask allows, and honestly, each prefix alone.

Recall: random pairs of key and symbol are stored and each key is asked for its symbol, by softmax
over all pairs, by a table that adds up, by tables that correct themselves, fully or gently, and by
a window of pairs that takes as many numbers as the tables do.

Reach: which positions a mask connects in how many layers; nothing is left to chance there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import jax.numpy as jnp
import numpy as np

from labs import associative, leaking, masks
from labs.run import Experiment
from labs.texts import ALPHABET, Codes, encoded, king_james, parts, windows
from labs.tiny import Params, Shape

LENGTH = 64
STEPS = 600
BATCH = 16
CHECKED = (25, 50, 100, 200, 300, 450, 600)
#: Windows scored: at a checkpoint, honestly at the end, as training does at the end.
SCORED = (16, 32, 256)


@dataclass(frozen=True, slots=True)
class Arm:
    """A mask to train under."""

    name: str
    mask: Callable[[int], masks.Mask]
    layers: int = 2


ARMS = {
    "causal": Arm("causal", masks.causal),
    "full": Arm("no mask", masks.full),
    "ahead": Arm("causal, off by one", masks.one_ahead),
    "hole": Arm("answer's cell hidden", masks.all_but_answer),
    "hole1": Arm("the same, one layer", masks.all_but_answer, layers=1),
    "window": Arm("window of 8", lambda n: masks.window(n, 8)),
}

#: What the control shows, on sixteen positions.
SHOWN = 16
DEPTH = 4
PATTERNS = {
    "full": masks.full(SHOWN),
    "all but the answer": masks.all_but_answer(SHOWN),
    "causal": masks.causal(SHOWN),
    "window of 4": masks.window(SHOWN, 4),
    "dilated: 4, every 2nd": masks.dilated(SHOWN, 4, 2),
    "strided: 4 and every 4th": masks.strided(SHOWN, 4),
    "window of 4 and first 2": masks.window_and_first(SHOWN, 4, 2),
}

DEPTHS = (1, 8, 32, 100)
WINDOW = 4096
KEPT = 0.95

WIDTHS = (16, 32, 64)
PAIRS = (4, 8, 16, 32, 64, 128, 256, 512)
SYMBOLS = 64
#: ``late_…`` counts the pairs told last only, at the largest width.
LATE = 16
#: Which share of the difference the gentle delta rule writes, and how much sharper the sharp
#: softmax scores.
GENTLE = 0.1
SHARP = 2.0
MEMORIES = ("softmax", "sharp", "corrected", "gentle", "summed", "window")
LATE_MEMORIES = ("corrected", "gentle", "summed")


def leak(seed: int, steps: int, checked: Sequence[int]) -> dict[str, float | list[float]]:
    """Return by mask what the next character costs as reported and asked honestly.  Units: bits."""
    train, test = parts(encoded(king_james()))
    scored = windows(test, LENGTH + 1, SCORED[-1], np.random.default_rng([seed, 1]))
    ends: dict[str, list[float]] = {"reported": [], "honest": [], "last": [], "before_last": []}
    found: dict[str, float | list[float]] = {}
    for key, arm in ARMS.items():
        mask = arm.mask(LENGTH)
        shape = Shape(len(ALPHABET), layers=arm.layers, rows=LENGTH)
        notes = Notes(mask, shape, scored[: SCORED[0]], checked)
        params = leaking.train(
            shape, mask, train, steps=steps, seed=seed, batch=BATCH, each_step=notes.add
        )
        by_place = costs(params, scored, mask, shape).mean(axis=0)
        asked = scored if sees_nothing_later(mask) else scored[: SCORED[1]]
        ends["reported"].append(float(by_place.mean()))
        ends["honest"].append(float(honest(params, asked, mask, shape).mean()))
        ends["last"].append(float(by_place[-1]))
        ends["before_last"].append(float(by_place[:-1].mean()))
        found |= {f"reported_{key}": notes.reported, f"honest_{key}": notes.honest}
        if key in {"causal", "full", "hole"}:
            found[f"place_{key}"] = by_place.tolist()
        if key == "causal":
            found |= first_share(params, scored, mask, shape)
    return found | ends


@dataclass(slots=True)
class Notes:
    """What a model costs while it is trained, at the steps ``checked``.  Units: bits."""

    mask: masks.Mask
    shape: Shape
    scored: Codes
    checked: Sequence[int]
    reported: list[float] = field(default_factory=list)
    honest: list[float] = field(default_factory=list)

    def add(self, step: int, params: Params) -> None:
        """Take both costs if the step is one of those to check."""
        if step in self.checked:
            here = (params, self.scored, self.mask, self.shape)
            self.reported.append(float(costs(*here).mean()))
            self.honest.append(float(honest(*here).mean()))


def sees_nothing_later(mask: masks.Mask) -> bool:
    """Return whether each row permits itself and earlier positions only."""
    return not np.triu(mask, 1).any()


def costs(params: Params, codes: Codes, mask: masks.Mask, shape: Shape) -> masks.Array:
    """Return what each next character costs as training counts it.

    Shapes: (batch, n + 1) -> (batch, n).
    """
    return np.asarray(leaking.reported(params, jnp.asarray(codes), jnp.asarray(mask), shape))


def honest(params: Params, codes: Codes, mask: masks.Mask, shape: Shape) -> masks.Array:
    """Return what each next character costs if the text ends before it.

    Shapes: (batch, n + 1) -> (batch, n).
    """
    if sees_nothing_later(mask):  # then each row is a prefix already
        return costs(params, codes, mask, shape)
    return np.asarray(leaking.honest(params, jnp.asarray(codes), jnp.asarray(mask), shape))


def first_share(params: Params, codes: Codes, mask: masks.Mask, shape: Shape) -> dict[str, float]:
    """Return how much weight the second half of the queries give to the first position.

    ``first_even`` is what each of them would give it if all weighed the same.
    """
    half = LENGTH // 2
    _, seen = leaking.read(params, jnp.asarray(codes[:, :-1]), jnp.asarray(mask), shape)
    by_head = np.array([layer[:, :, half:, 0].mean(axis=(0, 2)) for layer in seen])
    even = np.mean(1 / np.arange(half + 1, LENGTH + 1))
    return {
        "first_mean": float(by_head.mean()),
        "first_largest": float(by_head.max()),
        "first_even": float(even),
    }


def recall(seed: int, pairs: Sequence[int]) -> dict[str, list[float]]:
    """Return by memory and width which share of the pairs comes back, by number of pairs."""
    rng = np.random.default_rng([seed, 2])
    found: dict[str, list[float]] = {f"{m}_{w}": [] for w in WIDTHS for m in MEMORIES}
    found |= {f"late_{m}": [] for m in LATE_MEMORIES}
    for width in WIDTHS:
        codes = rng.choice([-1.0, 1.0], size=(SYMBOLS, width))
        for count in pairs:
            keys = rng.choice([-1.0, 1.0], size=(count, width)) / np.sqrt(width)
            symbols = rng.integers(SYMBOLS, size=count)
            values = codes[symbols]
            reads = {
                "softmax": associative.softmax_read(keys, values),
                "sharp": associative.softmax_read(keys, values, SHARP),
                "corrected": keys @ associative.corrected(keys, values),
                "gentle": keys @ associative.corrected(keys, values, GENTLE),
                "summed": keys @ associative.summed(keys, values),
            }
            for memory, read in reads.items():
                found[f"{memory}_{width}"].append(associative.recalled(read, codes, symbols))
                if width == WIDTHS[-1] and memory in LATE_MEMORIES:
                    late = associative.recalled(read[-LATE:], codes, symbols[-LATE:])
                    found[f"late_{memory}"].append(late)
            # width² numbers hold width / 2 pairs; who is not among them is guessed
            held = min(1.0, width / 2 / count)
            found[f"window_{width}"].append(held + (1 - held) / SYMBOLS)
    return found


def run(
    seed: int, steps: int = STEPS, checked: Sequence[int] = CHECKED, pairs: Sequence[int] = PAIRS
) -> dict[str, float | list[float]]:
    """Return what one seed found."""
    return leak(seed, steps, checked) | recall(seed, pairs)


def check() -> dict[str, list[float]]:
    """Return the part without training, and what a few steps of training under a mask cost."""
    train, test = parts(encoded(king_james()[:100_000]))
    mask = masks.all_but_answer(16)
    shape = Shape(len(ALPHABET), width=16, heads=2, rows=16)
    params = leaking.train(shape, mask, train, steps=20, seed=0, batch=8)
    scored = windows(test, 17, 8, np.random.default_rng(0))
    learned = [float(f(params, scored, mask, shape).mean()) for f in (costs, honest)]
    return recall(0, PAIRS[:4]) | {"learned": [round(bits, 2) for bits in learned]}


def rows_of(pattern: masks.Mask) -> list[str]:
    """Return a string a row: after how many layers each column arrives, 0 for never."""
    return ["".join(map(str, row)) for row in masks.first_reached(pattern, DEPTH)]


def travelled() -> dict[str, list[float]]:
    """Return how far windows reach, and from where what arrives has come, by number of layers."""
    shares = [masks.influence(WINDOW, layers, KEPT) for layers in DEPTHS]
    return {
        "farthest": [layers * (WINDOW - 1) for layers in DEPTHS],
        "mean_distance": [float(share @ np.arange(len(share))) for share in shares],
        "own": [float(KEPT + (1 - KEPT) / WINDOW) ** layers for layers in DEPTHS],
        "beyond_window": [float(share[WINDOW:].sum()) for share in shares],
        "within_99": [masks.within(share, 0.99) for share in shares],
    }


EXPERIMENT = Experiment(
    title="Masks: what training reports and what is true, what they reach, what memories recall",
    run=run,
    check=check,
    fixed={
        "arm": [arm.name for arm in ARMS.values()],
        "arm_key": list(ARMS),
        "arm_layers": [arm.layers for arm in ARMS.values()],
        "leaks": [
            "yes" if masks.leaks(arm.mask(LENGTH), arm.layers) else "no" for arm in ARMS.values()
        ],
        "length": LENGTH,
        "place": list(range(1, LENGTH + 1)),
        "steps": STEPS,
        "batch": BATCH,
        "checked": CHECKED,
        "uniform": float(np.log2(len(ALPHABET))),
        "pattern": list(PATTERNS),
        "pattern_pairs": [int(pattern.sum()) for pattern in PATTERNS.values()],
        "pattern_rows": [row for pattern in PATTERNS.values() for row in rows_of(pattern)],
        "depth": DEPTHS,
        "pairs": PAIRS,
        "widths": WIDTHS,
        "symbols": SYMBOLS,
        "late": LATE,
        "gentle": GENTLE,
        "sharpness": SHARP,
        **travelled(),
    },
    units={
        "reported": "bits",
        "honest": "bits",
        "last": "bits",
        "before_last": "bits",
        "uniform": "bits",
    },
    seeds=range(5),
)
