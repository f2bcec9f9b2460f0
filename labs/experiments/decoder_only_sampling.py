"""How does the rule of choice show in what a model writes?  For the article on decoder-only models.

A small model learns the King James Bible, then writes after the same prompts under several rules.
Measured: how much it repeats, how many of its words are none of the book's, and how much the text
surprises the model, beside the book's own text. Then: how often a much cheaper model, counts of
three characters in a row, guesses what the model would draw, as speculative decoding needs it.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from labs import decoding, writing
from labs.run import Experiment
from labs.texts import ALPHABET, Codes, decoded, encoded, king_james, parts, windows
from labs.tiny import Shape, train

SHAPE = Shape(len(ALPHABET), positions="rope")
LENGTH = 128
PROMPT = 28
STEPS = 600
BATCH = 16
TEXTS = 60

RULES: dict[str, Callable[[decoding.Array], decoding.Array]] = {
    "likeliest": lambda chances: decoding.top_k(chances, 1),
    "temperature 0.5": lambda chances: decoding.heated(chances, 0.5),
    "temperature 0.8": lambda chances: decoding.heated(chances, 0.8),
    "all, as they are": lambda chances: chances,
    "top-k 5": lambda chances: decoding.top_k(chances, 5),
    "top-p 0.9": lambda chances: decoding.top_p(chances, 0.9),
    "min-p 0.1": lambda chances: decoding.min_p(chances, 0.1),
    "temperature 1.5": lambda chances: decoding.heated(chances, 1.5),
    "1.5 and min-p 0.1": lambda chances: decoding.min_p(decoding.heated(chances, 1.5), 0.1),
}
GUESSES = (1, 2, 4, 8)
#: After this the control shows what may come next.
SHOWN = "and he said unto the "


def run(seed: int, steps: int = STEPS, texts: int = TEXTS) -> dict[str, float | list[float]]:
    """Return by rule what one seed's model wrote, and how well a cheap model guesses it."""
    learned, held = parts(encoded(king_james()))
    trained = train(SHAPE, learned, length=LENGTH - 1, steps=steps, seed=seed, batch=BATCH)
    params = {name: np.asarray(value) for name, value in trained.items()}
    human = windows(held, LENGTH, texts, np.random.default_rng([seed, 1]))
    known = set(writing.words(king_james()))
    found: dict[str, list[float]] = {"repeated": [], "unknown": [], "surprise": []}
    drawn = {}
    for number, (name, rule) in enumerate(RULES.items()):
        writer = writing.Writer(params, SHAPE, texts, LENGTH)
        rng = np.random.default_rng([seed, 2, number])
        written, chances = writing.write(writer, human[:, :PROMPT], LENGTH, rule, rng)
        drawn[name] = (written, chances)
        for key, value in measured(written, chances, known).items():
            found[key].append(value)
    writer = writing.Writer(params, SHAPE, texts, LENGTH)
    read, chances = writing.write(writer, human, LENGTH, RULES["likeliest"], rng)
    book = {f"book_{key}": value for key, value in measured(read, chances, known).items()}
    return found | book | guessed(*drawn["all, as they are"], learned) | shown(params)


def measured(texts: Codes, chances: decoding.Array, known: set[str]) -> dict[str, float]:
    """Return what texts show after their prompts."""
    return {
        "repeated": writing.repeated(texts, PROMPT),
        "unknown": writing.unknown([decoded(text[PROMPT - 1 :]) for text in texts], known),
        "surprise": writing.surprise(texts, chances, PROMPT),
    }


def guessed(
    texts: Codes, chances: decoding.Array, learned: Codes
) -> dict[str, float | list[float]]:
    """Return how often counts of three characters guess what the model draws."""
    counted = writing.trigrams(learned)
    places = range(PROMPT - 1, LENGTH - 1)
    rates = [
        decoding.accepted(chances[row, place], counted[text[place - 1], text[place]])
        for row, text in enumerate(texts)
        for place in places
    ]
    rate = float(np.mean(rates))
    return {"accepted": rate, "per_run": [decoding.tokens_per_run(rate, n) for n in GUESSES]}


def shown(params: dict[str, writing.Rows]) -> dict[str, list[float]]:
    """Return the probabilities of every next character after ``SHOWN``."""
    writer = writing.Writer(params, SHAPE, 1, LENGTH)
    for code in encoded(SHOWN):
        chances = writer.read(np.array([code]))
    return {"next": chances[0].tolist()}


def check() -> dict[str, float]:
    """Return a part of it that takes seconds."""
    found = run(0, steps=5, texts=4)
    return {key: value for key, value in found.items() if isinstance(value, float)}


EXPERIMENT = Experiment(
    title="What a small model writes under several rules of choice",
    run=run,
    check=check,
    fixed={
        "rule": tuple(RULES),
        "length": LENGTH,
        "prompt": PROMPT,
        "steps": STEPS,
        "texts": TEXTS,
        "guesses": GUESSES,
        "shown": SHOWN,
        "character": tuple({" ": "space", "\n": "new line"}.get(char, char) for char in ALPHABET),
    },
    units={"surprise": "bits", "book_surprise": "bits"},
    seeds=range(5),
)
