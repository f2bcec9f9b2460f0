"""Writing one token after another: a machine of six words, rules of choice, and what it costs."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

WORDS = ("the", "cat", "sat", "on", "mat", ".")
#: What a word asks for, what it is found by, what it hands over: one number each.
QUERIES = {"the": 2.0}
KEYS = {"sat": 1.0}
VALUES = {"sat": 3.0}
#: Scores of the next word by the last one alone; all others have -1.
FOLLOWS = {
    "the": {"cat": 2.0, "mat": 1.0},
    "cat": {"sat": 3.0},
    "sat": {"on": 3.0},
    "on": {"the": 3.0},
    "mat": {".": 3.0},
}


def softmax(scores: Array) -> Array:
    """Return shares of the last axis that sum to one."""
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    shares: Array = powers / powers.sum(axis=-1, keepdims=True)
    return shares


@dataclass
class Machine:
    """A decoder of one layer with one head of width 1; it keeps what each word leaves."""

    keys: list[float] = field(default_factory=list)
    values: list[float] = field(default_factory=list)

    def read(self, word: str) -> Array:
        """Return the probabilities of what follows ``word``, which goes into the cache.

        Shapes: (words,).
        """
        self.keys.append(KEYS.get(word, 0.0))
        self.values.append(VALUES.get(word, 0.0))
        query = QUERIES.get(word, 0.0)
        shares = softmax(query * np.array(self.keys))
        mix = float(shares @ np.array(self.values))
        return softmax(self.scores(word, mix))

    @staticmethod
    def scores(word: str, mix: float) -> Array:
        """Return the score of each next word: the last word's habit, and what attention brought.

        Shapes: (words,).
        """
        found = np.array([FOLLOWS.get(word, {}).get(other, -1.0) for other in WORDS])
        found[WORDS.index("mat")] += mix
        found[WORDS.index("cat")] -= mix
        return found


def generate(prompt: list[str], most: int = 10) -> list[str]:
    """Return what the machine writes after ``prompt``, the likeliest word each time."""
    machine = Machine()
    for word in prompt:  # prefill; a real model takes all words at once
        chances = machine.read(word)
    written: list[str] = []
    while len(written) < most:  # decode
        written.append(WORDS[int(chances.argmax())])
        if written[-1] == ".":
            break
        chances = machine.read(written[-1])
    return written


# Rules of choice


def heated(chances: Array, temperature: float) -> Array:
    """Return probabilities after the scores behind them were divided by ``temperature``."""
    return softmax(np.log(chances) / temperature)


def top_k(chances: Array, k: int) -> Array:
    """Return probabilities of the ``k`` likeliest alone; of equals the first stay."""
    return among(chances, np.argsort(-chances, kind="stable")[:k])


def top_p(chances: Array, p: float) -> Array:
    """Return probabilities of the fewest that have ``p`` together.

    The likeliest come first.  Source: Holtzman et al. 2020.
    """
    order = np.argsort(-chances, kind="stable")
    before = np.cumsum(chances[order]) - chances[order]
    return among(chances, order[before < p - 1e-12])


def min_p(chances: Array, share: float) -> Array:
    """Return probabilities of those with at least ``share`` of the likeliest's.

    Source: Nguyen et al. 2024.
    """
    return among(chances, np.flatnonzero(chances >= share * chances.max() - 1e-12))


def among(chances: Array, kept: NDArray[np.intp]) -> Array:
    """Return ``chances`` of those kept, made to sum to one; 0 for the others."""
    left = np.zeros_like(chances)
    left[kept] = chances[kept]
    return np.asarray(left / left.sum())


# Speculative decoding


def accepted(target: Array, draft: Array) -> float:
    """Return how often a token drawn from ``draft`` is accepted.

    Source: Leviathan, Kalman and Matias 2023.
    """
    return float(np.minimum(target, draft).sum())


def residual(target: Array, draft: Array) -> Array:
    """Return what to draw from after a rejection: where the draft gave too little."""
    short = np.maximum(target - draft, 0)
    return np.asarray(short / short.sum())


def speculated(target: Array, draft: Array) -> Array:
    """Return how likely each token is to come out of draft, test and second draw together."""
    kept = draft * np.minimum(1, target / draft)
    return np.asarray(kept + (1 - kept.sum()) * residual(target, draft))


def tokens_per_run(rate: float, guesses: int) -> float:
    """Return how many tokens one run of the large model yields on average.

    Each of ``guesses`` is accepted with probability ``rate``, up to the first that is not;
    one more token comes from the large model itself.
    """
    return sum(rate**i for i in range(guesses + 1))


# Bytes and seconds


def token_bytes(layers: int, kv_heads: int, head_width: int, size: float = 2) -> float:
    """Return how many bytes one token leaves in the cache: a key and a value a head and layer."""
    return 2 * layers * kv_heads * head_width * size


def step_seconds(weights: float, cache: float, bandwidth: float, texts: int = 1) -> float:
    """Return the least time of a decode step: weights once, each text's cache once.

    Units: bytes, bytes, bytes a second -> seconds.
    """
    return (weights + texts * cache) / bandwidth


def prefill_seconds(parameters: float, tokens: int, speed: float, busy: float = 0.5) -> float:
    """Return the time to read a prompt: 2 operations a parameter and token, attention left out.

    ``speed`` is the processor's most, of which it reaches ``busy``.  Units: operations a second.
    """
    return 2 * parameters * tokens / (speed * busy)
