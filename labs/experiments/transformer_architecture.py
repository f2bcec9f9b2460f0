"""How far positions reach, and what the order of normalisation does to gradients.

Lengths: five tiny transformers, alike except in how they know positions, are trained on windows of
64 characters and read windows of 256, in four ways: as they are, with attention cut to the last 64
characters, with what is further counted as if it were 63 away, and with positions divided by four.

Depth: the gradients of untrained towers that normalise before or after each addition.

For the article "Multi-Head Attention, Positional Encoding, and the Encoder-Decoder Structure".
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import jax
import jax.numpy as jnp
import numpy as np

from labs.depth import draw, gradients
from labs.lengths import Reading, bits, turned_once
from labs.run import Experiment
from labs.texts import ALPHABET, Codes, encoded, king_james, parts, windows
from labs.tiny import Shape, count, train
from labs.tiny import draw as draw_tiny

SCHEMES = ("learned", "sinusoid", "rope", "alibi", "none")
TRAINED, READ = 64, 256
STEPS = 1000
BATCH = 8
TEST_WINDOWS = 256
BUCKET = 16
STARTS = tuple(range(1, READ + 1, BUCKET))
#: Readings -> what the keys of their results end in.
READINGS = {
    "": Reading(),
    "_window": Reading(window=TRAINED),
    "_capped": Reading(cap=TRAINED - 1),
    "_squeezed": Reading(scale=TRAINED / READ),
}

LAYERS = (2, 4, 8, 16, 32)
TOWER = 16
ORDERS = ("post", "pre")
DRAWS = 4


@lru_cache(maxsize=1)
def texts() -> tuple[Codes, Codes]:
    """Return what the models are trained on and what they then read."""
    return parts(encoded(king_james()))


def model(positions: str) -> Shape:
    """Return the shape of the model that knows positions in this way."""
    return Shape(len(ALPHABET), positions=positions, rows=READ)


def costs(
    seed: int, positions: str, steps: int = STEPS, test_windows: int = TEST_WINDOWS
) -> dict[str, list[float]]:
    """Return by reading what the next character costs a trained model, by position.  Units: bits.

    Shapes: a cost for each bucket of 16 positions.
    """
    train_codes, test_codes = texts()
    shape = model(positions)
    params = train(shape, train_codes, length=TRAINED, steps=steps, seed=seed, batch=BATCH)
    rng = np.random.default_rng([seed, 1])  # the same windows for every scheme
    test = jnp.asarray(windows(test_codes, READ + 1, test_windows, rng))
    return {
        ending: by_bucket(
            np.concatenate(
                [bits(params, batch, shape, reading) for batch in jnp.split(test, len(test) // 64)]
            )
        )
        for ending, reading in READINGS.items()
    }


def by_bucket(cost: np.ndarray) -> list[float]:
    """Return the mean cost of each bucket of positions.

    Shapes: (windows, positions) -> (positions / 16,).
    """
    means = cost.mean(axis=0).reshape(-1, BUCKET).mean(axis=1)
    return [float(mean) for mean in means]


def by_frequency() -> float:
    """Return what a character costs that is guessed by how often it occurs.  Units: bits."""
    train_codes, test_codes = texts()
    shares = np.bincount(train_codes, minlength=len(ALPHABET)) / len(train_codes)
    return float(-np.log2(shares[test_codes]).mean())


def depths(seed: int, layers: Sequence[int] = LAYERS, tower: int = TOWER) -> dict[str, list[float]]:
    """Return the gradients of the last layers of towers, and of all layers of one."""
    found: dict[str, list[float]] = {}
    for order in ORDERS:
        found[f"last_{order}"] = [float(gradients_of(seed, size, order)[-1]) for size in layers]
        found[f"each_{order}"] = [float(size) for size in gradients_of(seed, tower, order)]
    return found


def gradients_of(seed: int, layers: int, order: str) -> np.ndarray:
    """Return the gradient of each layer, mean over four draws.

    Shapes: (layers,).
    """
    draws = [tower_gradients(DRAWS * seed + draw, layers, order) for draw in range(DRAWS)]
    sizes: np.ndarray = np.mean(draws, axis=0)
    return sizes


def tower_gradients(seed: int, layers: int, order: str) -> np.ndarray:
    """Return how large the gradient is in each layer of an untrained tower fed with noise.

    Shapes: (layers,).
    """
    shape = Shape(64, layers=layers, positions="none", causal=False)
    first, second = jax.random.split(jax.random.key(seed + 1000))
    x = jax.random.normal(first, (16, 32, shape.width))
    wanted = jax.random.randint(second, (16, 32), 0, shape.vocabulary)
    return np.asarray(gradients(draw(shape, seed), x, wanted, shape, order))


def run(seed: int) -> dict[str, float | list[float]]:
    """Return what one seed found."""
    found: dict[str, float | list[float]] = {"by_frequency": by_frequency()}
    for positions in SCHEMES:
        for ending, cost in costs(seed, positions).items():
            found[f"bits_{positions}{ending}"] = cost
    return found | depths(seed)


def check() -> dict[str, float | list[float]]:
    """Return the small part that tests run again."""
    found: dict[str, float | list[float]] = {"by_frequency": by_frequency()}
    found["bits_rope"] = costs(0, "rope", steps=30, test_windows=64)[""]
    return found | depths(0, layers=LAYERS[:1], tower=LAYERS[0])


EXPERIMENT = Experiment(
    title="Five ways to know positions, trained at length 64; two orders of normalisation",
    run=run,
    check=check,
    fixed={
        "from": STARTS,
        "trained": TRAINED,
        "read": READ,
        "steps": STEPS,
        "batch": BATCH,
        "windows": TEST_WINDOWS,
        "scheme": SCHEMES,
        "parameters": [count(draw_tiny(model(positions), seed=0)) for positions in SCHEMES],
        "turned_once": turned_once(model("rope").width // model("rope").heads, TRAINED),
        "layers": LAYERS,
        "layer": list(range(1, TOWER + 1)),
    },
    units={"by_frequency": "bits"}
    | {f"bits_{positions}{ending}": "bits" for positions in SCHEMES for ending in READINGS},
    seeds=range(5),
)
