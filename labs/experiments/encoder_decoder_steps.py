"""One trained model says five words that it has never seen: its chances at every step.

For the live chart of the article "What Is Encoder-Decoder Architecture". The model is that of the
first seed of ``encoder_decoder``. Once it is told what it said itself, once what is true.
"""

from __future__ import annotations

from collections.abc import Mapping

import jax.numpy as jnp
import numpy as np

from labs import spelling as lab
from labs.experiments.encoder_decoder import BATCH, EPOCHS, RATE, WIDTH, searched
from labs.phonemes import END, PHONEMES, START, encoded, parts, pronunciations
from labs.run import Experiment

WORDS = ("bough", "highlighting", "thoroughbred", "punctuality")
STEPS, TOP = 12, 5

#: What is asked apart, by name: the word, what was said, and whose chance to be next.
ASKED = {
    "bough_aw": ("bough", ("B",), "AW"),
    "bough_ao": ("bough", ("B",), "AO"),
    "high_ih": ("highlighting", ("HH",), "IH"),
    "high_ay": ("highlighting", ("HH",), "AY"),
    "high_g": ("highlighting", ("HH", "IH"), "G"),
    "high_g_told": ("highlighting", ("HH", "AY"), "G"),
}

Found = Mapping[str, "float | list[float]"]


def step_by_step(params: lab.Params, words: tuple[str, ...]) -> Found:
    """Return for each word, way and step the likeliest phonemes, their chances, and what is fed.

    Ways: told what it said, told the truth. Shapes, flattened: codes and chances (words, 2,
    STEPS, TOP), said (words, 2, STEPS): what the decoder is told behind each step.
    """
    pairs = encoded(words)
    letters = jnp.asarray(pairs.letters)
    own = np.asarray(searched(params, pairs.letters, 1).phonemes[:, 0, :STEPS])
    ways = np.stack([own, pairs.phonemes[:, :STEPS]], axis=1)
    codes, chances = [], []
    for way in range(2):
        fed = lab.shifted(jnp.asarray(ways[:, way]))
        now = np.exp(np.asarray(lab.told(params, letters, fed)))
        best = np.argsort(-now, axis=2)[:, :, :TOP]
        codes.append(best)
        chances.append(np.take_along_axis(now, best, axis=2))
    return {
        "code": np.stack(codes, axis=1).astype(float).ravel().tolist(),
        "chance": np.stack(chances, axis=1).ravel().tolist(),
        "said": ways.astype(float).ravel().tolist(),
    }


def asked(params: lab.Params) -> dict[str, float]:
    """Return the chances that are asked apart."""
    found = {}
    for name, (word, said, wanted) in ASKED.items():
        fed = [START, *(PHONEMES.index(phoneme) for phoneme in said)]
        letters = jnp.asarray(encoded((word,)).letters)
        chances = lab.told(params, letters, jnp.array([fed]))[0, -1]
        found[name] = float(jnp.exp(chances[PHONEMES.index(wanted)]))
    return found


def run(seed: int) -> Found:
    """Return the steps of the first model."""
    params = lab.train(parts()[0], seed, width=WIDTH, epochs=EPOCHS, batch=BATCH, rate=RATE)
    return dict(step_by_step(params, WORDS)) | asked(params)


def check() -> Mapping[str, float]:
    """Return some chances of a model that was not trained."""
    return asked(lab.draw(0, 16))


EXPERIMENT = Experiment(
    title="Five words said step by step",
    run=run,
    check=check,
    fixed={
        "word": WORDS,
        "true": [" ".join(pronunciations()[word][0]) for word in WORDS],
        "phoneme": PHONEMES,
        "steps": STEPS,
        "top": TOP,
        "end": END,
    },
)
