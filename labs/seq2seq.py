"""An encoder-decoder small enough to follow by hand: letters in, sounds out.

The context has three entries, one a sound. An entry says how urgently its sound wants out: 4 is
now, 2 is next, 1 the one after. Weights are set by us; ``spelling`` trains the same shape.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from labs.attention import softmax

Array = NDArray[np.float64]

SOUNDS = ("P", "AA", "T", "<end>")
#: What each letter adds to the context: its sound, with full urgency.
ROWS = {"p": np.array([4.0, 0, 0]), "o": np.array([0.0, 4, 0]), "t": np.array([0.0, 0, 4])}
#: The score of the end, always: below what wants out now, above what is done.
END_SCORE = 2.0


def encode(word: str) -> Array:
    """Return the context, (3,): the letters read backwards, so that the first is freshest."""
    state = np.zeros(3)
    for letter in reversed(word):
        state = state / 2 + ROWS[letter]
    return state


def chances(state: Array) -> Array:
    """Return the probability of each sound, the end among them: (3,) -> (4,)."""
    return softmax(np.append(state, END_SCORE))


def after(state: Array, sound: str) -> Array:
    """Return the state once ``sound`` was said: it is crossed off, the others move up."""
    said = np.array([sound == other for other in SOUNDS[:3]])
    left: Array = 2 * (state - 4 * said)
    return left


def decode(state: Array, most: int = 8) -> list[str]:
    """Return the sounds, each the likeliest; at most ``most``."""
    written: list[str] = []
    while len(written) < most:
        sound = SOUNDS[chances(state).argmax()]
        if sound == "<end>":
            break
        written.append(sound)
        state = after(state, sound)
    return written


def surprises(word: str, truth: Sequence[str]) -> list[float]:
    """Return what each true sound costs if the true ones before it are fed in.  Units: bits."""
    state, costs = encode(word), []
    for sound in truth:
        costs.append(-np.log2(chances(state)[SOUNDS.index(sound)]))
        state = after(state, sound)
    return [float(cost) for cost in costs]


def rounded(context: Array, step: float) -> Array:
    """Return a context of which only whole multiples of ``step`` arrive: it is rounded down."""
    arrived: Array = np.floor(context / step) * step
    return arrived


#: Invented chances for the spelling *bough*: what may follow what was said so far.
BOUGH: dict[tuple[str, ...], dict[str, float]] = {
    (): {"B": 1.0},
    ("B",): {"AO": 0.40, "AW": 0.36, "AH": 0.24},
    ("B", "AO"): {"F": 0.45, "T": 0.35, "<end>": 0.20},
    ("B", "AW"): {"<end>": 0.95, "T": 0.05},
    ("B", "AH"): {"F": 0.90, "<end>": 0.10},
    ("B", "AO", "F"): {"<end>": 1.0},
    ("B", "AO", "T"): {"<end>": 1.0},
    ("B", "AW", "T"): {"<end>": 1.0},
    ("B", "AH", "F"): {"<end>": 1.0},
}

Beam = list[tuple[tuple[str, ...], float]]


def beam_search(follow: Mapping[tuple[str, ...], Mapping[str, float]], width: int) -> list[Beam]:
    """Return, step by step, the ``width`` likeliest beginnings and their chances."""
    kept: Beam = [((), 1.0)]
    steps = []
    while not all(said[-1:] == ("<end>",) for said, _ in kept):
        longer: Beam = []
        for said, chance in kept:
            if said[-1:] == ("<end>",):
                longer.append((said, chance))  # finished: it competes as it is
            else:
                longer += [((*said, s), chance * p) for s, p in follow[said].items()]
        kept = sorted(longer, key=lambda one: -one[1])[:width]
        steps.append(kept)
    return steps


#: An H100: bytes it reads and operations it does in a second.  Source: Austin et al. 2025.
READS, WORKS = 3.35e12, 990e12
#: The share of the operations that programs are taken to reach; bytes are taken at full speed.
REACHED = 0.5


def milliseconds(
    reading: float,  # billions of parameters that work on a token of the input
    writing: float,  # billions of parameters that work on a token of the output
    prompt: int,
    answer: int,
    width: int = 2,  # bytes a parameter
    together: int = 1,  # requests that are written at once
) -> tuple[float, float]:
    """Return what reading and writing one request takes.

    Reading does two operations a parameter and token, all tokens at once, at half of the peak;
    writing fetches all parameters of the writer for each token, once for all requests that are
    written together, until their arithmetic takes longer. Caches and all else are left out.
    """
    read = 2 * reading * 1e9 * prompt / (REACHED * WORKS)
    fetch = writing * 1e9 * width / READS / together
    write = answer * max(fetch, 2 * writing * 1e9 / (REACHED * WORKS))
    return 1000 * read, 1000 * write


def tokens_read(turns: int, each: int) -> tuple[int, int]:
    """Return what an encoder and a decoder alone read in a talk that grows by ``each`` a turn.

    The encoder reads all of it anew in every turn, because earlier words may hear later ones.
    """
    return each * turns * (turns + 1) // 2, each * turns


def scores(prompt: int, answer: int) -> dict[str, int]:
    """Return the attention scores of one layer and head, by kind of layer.

    Units: scores. Who looks back only has half of a square, with its diagonal.
    """
    both = prompt + answer
    return {
        "encoder": prompt**2,
        "own": answer * (answer + 1) // 2,
        "across": answer * prompt,
        "single": both * (both + 1) // 2,
    }


def layer(d: int, *, writes: bool) -> int:
    """Return the weights of a transformer's layer, without biases.

    An attention has four matrices of width ``d``, the feed-forward part, four times as wide inside,
    has two. A layer that writes looks at its own text and across at the input: two attentions.
    """
    attentions = 2 if writes else 1
    return 4 * d * d * attentions + 2 * d * (4 * d)
