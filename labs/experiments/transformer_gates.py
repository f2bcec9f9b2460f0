"""Which gate's start lets an LSTM remember?  For the article on what to know before transformers.

The start for a long memory of Tallec and Ollivier sets two biases: ln u for the forget gate, -ln u
for the input gate. Here each is set alone, too. Neither and both are the networks ``lstm`` and
``chrono`` of the article's main experiment, with its seeds, training and messages.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from unittest import mock

import jax
import jax.numpy as jnp

from labs import sequences
from labs.run import Experiment

SEEDS = range(16)
WIDTH, STEPS, BATCH, DISTANCE = 32, 300, 32, 80
ASKED = 1024
#: A network that recalls a larger share has found the message; below the other it has lost it.
FOUND, LOST = 0.9, 0.25
#: What the keys of these results end in -> learning rate.
RATES = {"low": 0.003, "middle": 0.01}
#: Biases set for a long memory -> where the numbers come from, and the gate put back to its usual
#: bias: its place among the four rows that an LSTM makes, and that bias.
STARTS: dict[str, tuple[str, tuple[int, float] | None]] = {
    "neither": ("lstm", None),
    "input": ("chrono", (0, 1.0)),
    "forget": ("chrono", (1, 0.0)),
    "both": ("chrono", None),
}

Draw = Callable[[str, jax.Array, int, int], sequences.Params]


def drawing(draw: Draw) -> Draw:
    """Return a function that draws by the names of ``STARTS``, with the help of ``draw``."""

    def drawn(start: str, key: jax.Array, width: int, distance: int) -> sequences.Params:
        kind, back = STARTS[start]
        params = draw(kind, key, width, distance)
        if back is None:
            return params
        gate, bias = back
        return params | {"b": params["b"].at[gate * width : (gate + 1) * width].set(bias)}

    return drawn


@cache
def recalled(
    start: str,
    rate: float,
    seeds: tuple[int, ...] = tuple(SEEDS),
    distance: int = DISTANCE,
    steps: int = STEPS,
) -> jax.Array:
    """Return which share of fresh messages trained networks recall.

    The seeds are trained side by side, which is quicker.

    Shapes: (seeds,).
    """

    def one(seed: jax.Array) -> jax.Array:
        key, fresh = jax.random.key(seed), jax.random.key(1000 + seed)
        params, _ = sequences.trained(
            start, key, rate, width=WIDTH, distance=distance, steps=steps, batch=BATCH
        )
        share, _ = sequences.scored(start, params, sequences.messages(fresh, ASKED, distance))
        return jnp.asarray(share)

    # Training draws its own start; every name that is no plain network or attention is an LSTM.
    with mock.patch.object(sequences, "draw", drawing(sequences.draw)):
        return jnp.asarray(jax.jit(jax.vmap(one))(jnp.array(seeds)))


def run(seed: int) -> dict[str, list[float]]:
    """Return by learning rate, for each start, what one seed recalls.

    Whether the message was found or lost is scaled so that the mean over seeds is their number.
    """
    found: dict[str, list[float]] = {}
    for name, rate in RATES.items():
        shares = [float(recalled(start, rate)[SEEDS.index(seed)]) for start in STARTS]
        found[f"recall_{name}"] = shares
        found[f"found_{name}"] = [float(len(SEEDS) * (share > FOUND)) for share in shares]
        found[f"lost_{name}"] = [float(len(SEEDS) * (share < LOST)) for share in shares]
    return found


def check() -> dict[str, list[float]]:
    """Return by start how far the gates stand open; and one start's recall after some training."""
    opened: dict[str, list[float]] = {"keep": [], "write": []}
    for start in STARTS:
        params = drawing(sequences.draw)(start, jax.random.key(0), WIDTH, DISTANCE)
        gates = jax.nn.sigmoid(params["b"]).reshape(4, WIDTH).mean(1)
        opened["keep"].append(float(gates[0]))
        opened["write"].append(float(gates[1]))
    return opened | {"short": [round(float(recalled("forget", 0.01, (0,), 5, 100)[0]), 2)]}


EXPERIMENT = Experiment(
    title="Which gate's start lets an LSTM remember",
    run=run,
    check=check,
    fixed={
        "start": list(STARTS),
        "distance": DISTANCE,
        "width": WIDTH,
        "steps": STEPS,
        "batch": BATCH,
        "asked": ASKED,
        "found": FOUND,
        "lost": LOST,
        "rate": list(RATES.values()),
    },
    seeds=SEEDS,
)
