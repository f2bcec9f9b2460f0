"""Can one row hold a string?  For the article on the bottleneck between encoder and decoder.

Two small recurrent networks write random strings backwards. With attention the writer mixes the
reader's states anew for each letter; without, it is given the last state each time. Everything
else is the same. One training run for each width, way and seed; then fresh strings of one length
each, also of lengths that training never showed.

Nothing of chance: how many numbers and multiplications cross-attention takes.
"""

from __future__ import annotations

from functools import cache

import jax
import jax.numpy as jnp
import numpy as np

from labs import bottleneck, looking_back
from labs.run import Experiment

SEEDS = range(5)
WIDTHS = (16, 32, 64, 128)
LONGEST, STEPS, BATCH, RATE = 20, 400, 32, 0.01
LENGTHS = (4, 8, 12, 16, 20)
BEYOND = (25, 30, 40)
ASKED = 512
WAYS = {"off": False, "on": True}


@cache
def answers(
    width: int, attend: bool, seeds: tuple[int, ...] = tuple(SEEDS), steps: int = STEPS
) -> dict[int, dict[str, np.ndarray]]:
    """Return by length what networks of that width make of fresh strings.

    The seeds are trained side by side, which is quicker.

    Shapes: (seeds, ...).
    """

    def one(seed: jax.Array) -> dict[int, dict[str, jax.Array]]:
        params = looking_back.trained_on_strings(
            jax.random.key(seed), RATE,
            width=width, longest=LONGEST, attend=attend, steps=steps, batch=BATCH,
        )  # fmt: skip
        return {
            length: looking_back.asked_for_strings(
                params, jax.random.key(1000 + seed),
                attend=attend, asked=ASKED, longest=max(length, LONGEST), length=length,
            )
            for length in (*LENGTHS, *BEYOND)
        }  # fmt: skip

    found: dict[int, dict[str, np.ndarray]]
    found = jax.tree.map(np.asarray, jax.jit(jax.vmap(one))(jnp.array(seeds)))
    return found


def run(seed: int) -> dict[str, list[float]]:
    """Return by width and way, at each length, what one seed wrote."""
    found: dict[str, list[float]] = {}
    place = SEEDS.index(seed)
    for width in WIDTHS:
        for way, attend in WAYS.items():
            each = answers(width, attend)
            for name in ("letters", "whole", "bits"):
                found[f"{name}_{way}_{width}"] = [float(each[n][name][place]) for n in LENGTHS]
            found[f"beyond_{way}_{width}"] = [float(each[n]["letters"][place]) for n in BEYOND]
            found[f"place_{way}_{width}"] = each[LONGEST]["by_place"][place].tolist()
    return found


def check() -> dict[str, list[float]]:
    """Return a part of it that takes seconds."""
    found = {}
    for way, attend in WAYS.items():
        each = answers(16, attend, seeds=(0,), steps=20)
        found[f"bits_{way}"] = [float(each[n]["bits"][0]) for n in LENGTHS]
    return found


EXPERIMENT = Experiment(
    title="Random strings written backwards, with one row for the string and with attention",
    run=run,
    check=check,
    fixed={
        "width": WIDTHS,
        "length": LENGTHS,
        "beyond": BEYOND,
        "place": tuple(range(1, LONGEST + 1)),
        "steps": STEPS,
        "rate": RATE,
        "batch": BATCH,
        "asked": ASKED,
        "kinds": looking_back.LETTERS,
        "bits_sent": [4 * n for n in LENGTHS],
        "step": ("la", "maison", "bleue"),
        "shares": bottleneck.example_shares().ravel().tolist(),
    },
    units={f"bits_{way}_{width}": "bits" for way in WAYS for width in WIDTHS},
    seeds=SEEDS,
)
