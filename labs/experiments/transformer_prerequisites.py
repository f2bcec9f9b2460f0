"""What arrives at the end of a sequence?  For the article on what to know before transformers.

Recall: a capital, then noise; the network is asked for the capital. One training run for each
network, distance, learning rate and seed; then the capitals of fresh sequences are asked for.
Whether a run finds the message is close to a toss of a coin for some networks, hence many seeds.

Slopes: how strongly the answer depends on the input at each position, in the same networks before
they were trained.

Time: what a plain recurrent layer and attention's pairs take of one processor, as length doubles.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cache

import jax
import jax.numpy as jnp
import numpy as np

from labs import costs, sequences
from labs.run import Experiment

SEEDS = range(16)
WIDTH, STEPS, BATCH = 32, 300, 32
DISTANCES = (10, 20, 40, 80)
TRAINED = ("plain", "orthogonal", "lstm", "chrono", "attention")
#: What the keys of these results end in -> learning rate.
RATES = {"low": 0.003, "middle": 0.01, "high": 0.03}
ASKED = 1024
#: A network that recalls a larger share has found the message; below the other it has lost it.
FOUND, LOST = 0.9, 0.25

SLOPED = ("plain", "orthogonal", "lstm0", "lstm", "chrono", "attention")
SLOPES_AT = 80
BACK = (0, 1, 2, 5, 10, 20, 40, 60, 80)

TIMED, TIMED_WIDTH = (512, 1024, 2048, 4096), 64
#: One thread, so that the time of all threads is that of the work.
COMPILED = {"xla_cpu_multi_thread_eigen": False}


@cache
def recalled(
    kind: str, distance: int, seeds: tuple[int, ...] = tuple(SEEDS), steps: int = STEPS
) -> tuple[jax.Array, jax.Array]:
    """Return which share of fresh messages trained networks recall, and the bits missing.

    The seeds are trained side by side, which is quicker.

    Shapes: two of (rates, seeds).
    """

    def one(seed: jax.Array, rate: float) -> tuple[jax.Array, jax.Array]:
        key, fresh = jax.random.key(seed), jax.random.key(1000 + seed)
        params, _ = sequences.trained(
            kind, key, rate, width=WIDTH, distance=distance, steps=steps, batch=BATCH
        )
        share, bits = sequences.scored(kind, params, sequences.messages(fresh, ASKED, distance))
        return share, bits

    each = jax.jit(jax.vmap(one, (0, None)))
    found = [each(jnp.array(seeds), rate) for rate in RATES.values()]
    return jnp.stack([share for share, _ in found]), jnp.stack([bits for _, bits in found])


def recall(seed: int) -> dict[str, list[float]]:
    """Return by network and learning rate, at each distance, what one seed recalls.

    That is: the share of messages, the bits missing, and whether the message was found or lost.
    """
    found: dict[str, list[float]] = {}
    for kind in TRAINED:
        each = [recalled(kind, distance) for distance in DISTANCES]
        for row, name in enumerate(RATES):
            shares = [float(share[row, SEEDS.index(seed)]) for share, _ in each]
            found[f"recall_{kind}_{name}"] = shares
            found[f"missing_{kind}_{name}"] = [float(b[row, SEEDS.index(seed)]) for _, b in each]
            found[f"found_{kind}_{name}"] = [float(share > FOUND) for share in shares]
            found[f"lost_{kind}_{name}"] = [float(share < LOST) for share in shares]
    return found


def slopes(seed: int) -> dict[str, list[float]]:
    """Return by network how many powers of ten the slope lost, so many positions back.

    It is compared with that of the last position; attention's with the mean over all positions,
    since its last one asks, too. Powers of ten, because starts differ by factors: a mean of the
    slopes would be that of the largest.
    """
    found = {}
    for kind in SLOPED:
        params = sequences.draw(kind, jax.random.key(seed), WIDTH, SLOPES_AT)
        codes = sequences.messages(jax.random.key(2000 + seed), 256, SLOPES_AT)
        sizes = np.asarray(sequences.gradient_sizes(kind, params, codes))[::-1]
        whole = sizes.mean() if kind == "attention" else sizes[0]
        found[f"lost_slope_{kind}"] = [float(-np.log10(sizes[back] / whole)) for back in BACK]
    return found


def recurrent(x: jax.Array) -> jax.Array:
    """Return the states of a plain recurrent layer.

    Shapes: (n, d) -> (n, d).
    """
    U = jnp.eye(x.shape[1]) / 2
    start = jnp.zeros(x.shape[1])
    return jnp.asarray(jax.lax.scan(lambda h, x: (jnp.tanh(x + h @ U),) * 2, start, x @ U)[1])


def pairs(x: jax.Array) -> jax.Array:
    """Return attention's weighted sums, without its projections.

    Shapes: (n, d) -> (n, d).
    """
    return jnp.matmul(sequences.softmax(x @ x.T / 8), x)


LAYERS = {
    "recurrent": jax.jit(recurrent, compiler_options=COMPILED),
    "pairs": jax.jit(pairs, compiler_options=COMPILED),
}


def seconds(layer: Callable[[jax.Array], jax.Array], n: int) -> float:
    """Return the processor time of a layer over ``n`` positions: the least of seven.  Units: s.

    The wall clock would not do: on a busy machine a long call also waits for other programs.
    """
    x = jax.random.normal(jax.random.key(n), (n, TIMED_WIDTH))
    layer(x).block_until_ready()
    taken = []
    for _ in range(7):
        start = time.process_time()
        layer(x).block_until_ready()
        taken.append(time.process_time() - start)
    return min(taken)


def timed() -> dict[str, list[float]]:
    """Return seconds by length, and by which power of length they grew at each doubling."""
    found = {}
    for name, layer in LAYERS.items():
        took = [seconds(layer, n) for n in TIMED]
        found[f"seconds_{name}"] = took
        found[f"exponent_{name}"] = np.diff(np.log2(took)).tolist()
    return found


def run(seed: int) -> dict[str, list[float]]:
    """Return what one seed found."""
    return recall(seed) | slopes(seed) | timed()


def check() -> dict[str, list[float]]:
    """Return slopes before training, and recall over a short distance after a little of it."""
    found = slopes(0)
    short = [float(rates[1, 0]) for rates in recalled("attention", 5, (0,), 100)]
    return {f"lost_slope_{kind}": found[f"lost_slope_{kind}"] for kind in ("plain", "lstm")} | {
        "short": [round(value, 2) for value in short]
    }


EXPERIMENT = Experiment(
    title="What arrives at the end of a sequence, by recurrence, LSTM and attention",
    run=run,
    check=check,
    fixed={
        "distance": DISTANCES,
        "trained": TRAINED,
        "width": WIDTH,
        "steps": STEPS,
        "batch": BATCH,
        "asked": ASKED,
        "symbols": sequences.SYMBOLS,
        "chance": 1 / sequences.SYMBOLS,
        "found": FOUND,
        "lost": LOST,
        "rate": list(RATES),
        "rate_value": list(RATES.values()),
        "back": BACK,
        "timed": TIMED,
        "doubled": TIMED[1:],
        "timed_width": TIMED_WIDTH,
        "multiplied_recurrent": [costs.recurrent(n, TIMED_WIDTH) for n in TIMED],
        "multiplied_pairs": [costs.pairs(n, TIMED_WIDTH) for n in TIMED],
    },
    seeds=SEEDS,
)
