"""From spelling to sound, with one row for the word and with attention.

For the article on the bottleneck between encoder and decoder: errors by the length of the word, and
where the writer of one trained pair looks, for a word that training did not show.
"""

from __future__ import annotations

from functools import cache, lru_cache

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from labs import looking_back, phonemes
from labs.run import Experiment

SEEDS = range(5)
WIDTH, STEPS, BATCH, RATE = 64, 600, 48, 0.01
#: The word whose alignment is shown.
SHOWN, SAID = "photograph", ("F", "OW", "T", "AH", "G", "R", "AE", "F", "<end>")
#: Letters of a word, from and to.
BANDS = ((2, 5), (6, 7), (8, 9), (10, 11), (12, 16))
ASKED = 3000
WAYS = {"off": False, "on": True}

Codes = NDArray[np.int32]


@lru_cache(maxsize=1)
def data() -> tuple[Codes, Codes, tuple[str, ...], Codes]:
    """Return what is read and what is to be written in training, and words to ask for with theirs.

    Codes below zero stand for nothing. The word shown is not trained on.
    """
    train, test = phonemes.parts()
    keep = np.array(train.words) != SHOWN
    said = train.phonemes.copy()
    said[np.cumsum(said == phonemes.END, axis=1) > 1] = -1  # one end is written, no filling
    return train.letters[keep] - 1, said[keep], test.words[:ASKED], test.letters[:ASKED] - 1


@cache
def learned(
    attend: bool, seeds: tuple[int, ...] = tuple(SEEDS), steps: int = STEPS
) -> looking_back.Params:
    """Return parameters of each seed, trained side by side."""
    letters, said, _, _ = data()
    read, write = jnp.asarray(letters), jnp.asarray(said)

    def batches(key: jax.Array) -> tuple[jax.Array, jax.Array]:
        rows = jax.random.randint(key, (BATCH,), 0, len(read))
        return read[rows], write[rows]

    def one(seed: jax.Array) -> looking_back.Params:
        return looking_back.trained(
            jax.random.key(seed), RATE, batches, width=WIDTH,
            letters=len(phonemes.LETTERS) - 1, signs=len(phonemes.PHONEMES),
            attend=attend, steps=steps,
        )  # fmt: skip

    params: looking_back.Params = jax.jit(jax.vmap(one))(jnp.array(seeds))
    return params


def edits(written: phonemes.Said, right: phonemes.Said) -> int:
    """Return how many phonemes must be put in, taken out or changed to make one the other."""
    costs = list(range(len(right) + 1))
    for i, sign in enumerate(written, 1):
        before, costs[0] = costs[0], i
        for j, other in enumerate(right, 1):
            best = min(costs[j] + 1, costs[j - 1] + 1, before + (sign != other))
            before, costs[j] = costs[j], best
    return costs[-1]


def errors(params: looking_back.Params, attend: bool) -> tuple[list[float], list[float]]:
    """Return by length of word the share of phonemes that are wrong, and of words.

    The writer goes on from what it wrote itself, always with the likeliest phoneme.
    """
    _, _, words, letters = data()
    room = jnp.zeros((len(words), phonemes.MOST_PHONEMES + 1), jnp.int32)
    free = jax.jit(looking_back.written, static_argnames=("attend", "free"))
    codes = np.asarray(free(params, jnp.asarray(letters), room, attend, free=True)[0].argmax(-1))
    wrong, signs, bad, many = (np.zeros(len(BANDS)) for _ in range(4))
    for word, row in zip(words, codes, strict=True):
        band = next(i for i, (low, high) in enumerate(BANDS) if low <= len(word) <= high)
        said = phonemes.decoded(row)
        best = min(phonemes.pronunciations()[word], key=lambda right: edits(said, right))
        wrong[band] += edits(said, best)
        signs[band] += len(best)
        bad[band] += said != best
        many[band] += 1
    return (wrong / signs).tolist(), (bad / many).tolist()


def alignment(params: looking_back.Params) -> list[float]:
    """Return the shares of the letters of the word shown, phoneme by phoneme, in one list."""
    letters = jnp.asarray(phonemes.spelled((SHOWN,)))[:, : len(SHOWN)] - 1
    said = jnp.array([[phonemes.PHONEMES.index(sign) for sign in SAID]])
    return np.asarray(looking_back.written(params, letters, said, True)[1][0]).ravel().tolist()


def run(seed: int) -> dict[str, list[float]]:
    """Return the errors of one seed; the alignment is that of the first seed's writer."""
    found: dict[str, list[float]] = {}
    for way, attend in WAYS.items():
        every = learned(attend)
        params = jax.tree.map(lambda p: p[SEEDS.index(seed)], every)
        found[f"signs_{way}"], found[f"words_{way}"] = errors(params, attend)
        if attend:
            found["alignment"] = alignment(jax.tree.map(lambda p: p[0], every))
    return found


def check() -> dict[str, list[float]]:
    """Return a part of it that takes seconds."""
    params = jax.tree.map(lambda p: p[0], learned(True, seeds=(0,), steps=5))
    return {"alignment": alignment(params)[:10]}


EXPERIMENT = Experiment(
    title="From spelling to sound, with one row for the word and with attention",
    run=run,
    check=check,
    fixed={
        "band": [f"{low}–{high}" for low, high in BANDS],
        "width": WIDTH,
        "steps": STEPS,
        "batch": BATCH,
        "rate": RATE,
        "asked": ASKED,
        "letter": tuple(SHOWN),
        "sign": SAID,
    },
    seeds=SEEDS,
)
