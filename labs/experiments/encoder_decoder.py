"""An encoder-decoder without attention learns to say words: what fails, and where.

For the article "What Is Encoder-Decoder Architecture". One row carries each word from the network
that reads letters to the one that writes phonemes. How do errors grow with the word? What does a
wider beam mend? What does one mistake do to what follows?
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np

from labs import spelling as lab
from labs.phonemes import END, MOST_PHONEMES, Pairs, decoded, is_right, parts, pronunciations
from labs.run import Experiment

WIDTH, EPOCHS, BATCH, RATE = 64, 2, 64, 8e-3
#: Of the words that no model was trained on, so many are asked.
ASKED = 3_000
BEAMS = (1, 2, 4, 8)
#: By letters of the word; the first stands for all shorter ones, the last for all longer ones.
LETTERS = tuple(range(4, 14))
#: Of so many words the best pronunciation of all is searched for, by a beam of this width.
SURE, WIDE = 500, 32
#: How far behind a mistake is looked.
BEHIND = (1, 2, 3)
MOST = MOST_PHONEMES + 4  # steps that a decoder may take

Params = lab.Params


def searched(params: Params, letters: lab.Codes, beam: int) -> lab.Found:
    """Return what beam search finds, a thousand words at a time."""
    pieces = [
        lab.search(params, jnp.asarray(letters[start : start + 1000]), beam, MOST)
        for start in range(0, len(letters), 1000)
    ]
    found: lab.Found = jax.tree.map(lambda *arrays: jnp.concatenate(arrays), *pieces)
    return found


def by_letters(tests: Pairs, top: np.ndarray, bottom: np.ndarray) -> list[float]:
    """Return the sum of ``top`` over that of ``bottom``, for words of each length."""
    length = np.clip(tests.lengths, LETTERS[0], LETTERS[-1])
    return [float(top[length == n].sum() / bottom[length == n].sum()) for n in LETTERS]


def judged(tests: Pairs, phonemes: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return for each word whether it is wrong, its wrong phonemes, and its true ones.

    Of several pronunciations that of which the answer is nearest counts.
    """
    wrong, misses, true = [], [], []
    for word, row in zip(tests.words, phonemes, strict=True):
        said = decoded(row)
        nearest = min((lab.distance(said, one), len(one)) for one in pronunciations()[word])
        wrong.append(not is_right(word, said))
        misses.append(nearest[0])
        true.append(nearest[1])
    return np.array(wrong), np.array(misses), np.array(true)


@partial(jax.jit, static_argnames="steps")
def _behind(
    params: Params, letters: jax.Array, phonemes: jax.Array, steps: tuple[int, ...]
) -> tuple[jax.Array, jax.Array, jax.Array]:
    """Return hits behind each word's first mistake, told the truth and told the mistake.

    Shapes: three of (words, steps): hits, hits, and whether there is anything to hit.
    """
    fed = lab.shifted(phonemes)
    guess = lab.told(params, letters, fed).argmax(axis=2)
    place = jnp.arange(phonemes.shape[1])
    missed = (guess != phonemes) & (lab.counted(phonemes) == 1)
    first = jnp.where(missed.any(axis=1), missed.argmax(axis=1), phonemes.shape[1])[:, None]
    mistake = jnp.take_along_axis(guess, jnp.minimum(first, len(place) - 1), axis=1)
    spoiled = jnp.where(place == first + 1, mistake, fed)
    after = lab.told(params, letters, spoiled).argmax(axis=2)
    hits = []
    for answer in (guess, after):
        right = (answer == phonemes) & (lab.counted(phonemes) == 1) & (mistake != END)
        hits.append(jnp.stack([(right & (place == first + k)).any(axis=1) for k in steps], axis=1))
    there = (lab.counted(phonemes) == 1) & (mistake != END)
    asked = jnp.stack([(there & (place == first + k)).any(axis=1) for k in steps], axis=1)
    return hits[0], hits[1], asked


def after_mistake(params: Params, tests: Pairs) -> dict[str, list[float]]:
    """Return how often the next phonemes are right behind a mistake, by what the decoder is told.

    All is told truly except the mistake itself, so nothing is shifted.
    """
    told, spoiled, asked = _behind(
        params, jnp.asarray(tests.letters), jnp.asarray(tests.phonemes), BEHIND
    )
    count = asked.sum(axis=0)
    return {
        "right_told_truth": (told.sum(axis=0) / count).tolist(),
        "right_told_mistake": (spoiled.sum(axis=0) / count).tolist(),
    }


def told_errors(params: Params, tests: Pairs) -> tuple[np.ndarray, np.ndarray, float]:
    """Return wrong places and places of each word when the truth is told, and the mean surprise.

    Units: phonemes, phonemes, bits.
    """
    phonemes = jnp.asarray(tests.phonemes)
    chances = lab.told(params, jnp.asarray(tests.letters), lab.shifted(phonemes))
    places = lab.counted(phonemes)
    wrong = ((chances.argmax(axis=2) != phonemes) * places).sum(axis=1)
    bits = float(lab.loss(params, jnp.asarray(tests.letters), phonemes))
    return np.asarray(wrong), np.asarray(places.sum(axis=1)), bits


def sure(params: Params, tests: Pairs) -> dict[str, float]:
    """Return what a wide beam finds, and how often it is surely the likeliest of all.

    It is sure where nothing that was dropped had a better chance than what was found.
    """
    letters = tests.letters[:SURE]
    wide = searched(params, letters, WIDE)
    best = np.asarray(wide.scores[:, 0])
    certain = best >= np.asarray(wide.lost)
    found = {"certain": float(certain.mean())}
    for beam in (1, 4):
        here = np.asarray(searched(params, letters, beam).scores[:, 0])
        found[f"missed_{beam}"] = float((here[certain] < best[certain] - 1e-3).mean())
    wrong, _, _ = judged(_first(tests, SURE), np.asarray(wide.phonemes[:, 0]))
    narrow, _, _ = judged(
        _first(tests, SURE), np.asarray(searched(params, letters, 1).phonemes[:, 0])
    )
    empty = np.asarray(wide.phonemes[:, 0, 0]) == END
    return found | {
        "wrong_wide": float(wrong.mean()),
        "wrong_narrow": float(narrow.mean()),
        "empty_wide": float(empty.mean()),
    }


def _first(pairs: Pairs, count: int) -> Pairs:
    """Return the first words."""
    return Pairs(
        pairs.words[:count], pairs.letters[:count], pairs.lengths[:count], pairs.phonemes[:count]
    )


def measure(params: Params, tests: Pairs) -> dict[str, float | list[float]]:
    """Return everything that is asked of one trained model."""
    found: dict[str, float | list[float]] = {}
    words, phonemes, scores = [], [], []
    for beam in BEAMS:
        answer = searched(params, tests.letters, beam)
        scores.append(float(answer.scores[:, 0].mean() / np.log(2)))
        wrong, misses, true = judged(tests, np.asarray(answer.phonemes[:, 0]))
        words.append(float(wrong.mean()))
        phonemes.append(float(misses.sum() / true.sum()))
        found[f"words_{beam}"] = by_letters(tests, wrong, np.ones(len(wrong)))
        found[f"phonemes_{beam}"] = by_letters(tests, misses, true)
    wrong, places, bits = told_errors(params, tests)
    found["told"] = by_letters(tests, wrong, places)
    found |= {"words": words, "phonemes": phonemes, "score": scores, "bits": bits}
    return found | sure(params, tests) | after_mistake(params, tests)


def run(seed: int) -> Mapping[str, float | list[float]]:
    """Return what a model measured that was trained from this seed."""
    train, tests = parts()
    params = lab.train(train, seed, width=WIDTH, epochs=EPOCHS, batch=BATCH, rate=RATE)
    return measure(params, _first(tests, ASKED))


def check() -> dict[str, list[float]]:
    """Return a part that takes seconds: a small model, after few words."""
    train, tests = parts()
    params = lab.train(_first(train, 4_000), 0, width=16, epochs=1, batch=64, rate=1e-2)
    few = _first(tests, 200)
    wrong, places, bits = told_errors(params, few)
    return {"bits": [bits], "told": [float(wrong.sum() / places.sum())]}


EXPERIMENT = Experiment(
    title="Spelling to phonemes through one row: errors by length, beams and mistakes",
    run=run,
    check=check,
    fixed={
        "letters": LETTERS,
        "beam": BEAMS,
        "behind": BEHIND,
        "width": WIDTH,
        "epochs": EPOCHS,
        "batch": BATCH,
        "parameters": lab.count(lab.draw(0, WIDTH)),
        "trained_words": len(parts()[0]),
        "test_words": ASKED,
        "sure_words": SURE,
        "wide": WIDE,
    },
    units={"score": "bits", "bits": "bits"},
    seeds=range(5),
)
