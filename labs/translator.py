"""A transformer of 2017 small enough to follow by hand: English into Latin, weights set by us.

Width 8, two heads of width 4, one layer in each stack. Every column has a meaning, which trained
models seldom have. Left out: the learned scales and shifts of a normalisation, and its mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from labs.attention import softmax

Array = NDArray[np.float64]

#: The columns. A role is plus for who bites, minus for who is bitten.
COLUMNS = ("dog", "man", "bite", "end", "role", "latin", "east", "north")
DOG, MAN, BITE, END, ROLE, LATIN, EAST, NORTH = np.eye(8)
A, B, C, D = np.eye(4)  # the four entries of a query, key or value
UNIT = np.eye(8)  # the inner entries of a feed-forward layer

EMBEDDING = {
    "<start>": 0 * DOG,
    "<end>": 3 * END,
    "dog": 3 * DOG,
    "bites": 3 * BITE,
    "man": 3 * MAN,
    "canis": 2 * DOG + ROLE + 2 * LATIN,
    "canem": 2 * DOG - ROLE + 2 * LATIN,
    "homo": 2 * MAN + ROLE + 2 * LATIN,
    "hominem": 2 * MAN - ROLE + 2 * LATIN,
    "mordet": 2 * BITE + 2 * LATIN,
}
WORDS = tuple(EMBEDDING)
TABLE = np.array([EMBEDDING[word] for word in WORDS])  # (10, 8)


class Head(NamedTuple):
    """The matrices that make queries, keys and values of rows.  Shapes: (8, 4) each."""

    W_Q: Array
    W_K: Array
    W_V: Array


@dataclass(frozen=True, slots=True)
class Layer:
    """The weights of one layer; ``cross`` and ``W_cross`` are the decoder's alone."""

    heads: tuple[Head, ...]
    W_O: Array
    W_1: Array
    b_1: Array
    W_2: Array
    b_2: Array
    cross: tuple[Head, ...] = ()
    W_cross: Array = field(default_factory=lambda: np.zeros((8, 8)))


def move(*pairs: tuple[Array, Array]) -> Array:
    """Return the matrix that carries one direction to another, for each pair, and adds up."""
    whole: Array = np.sum([np.outer(start, goal) for start, goal in pairs], axis=0)
    return whole


HERE = move((EAST, A), (NORTH, B))  # a word's own clock hand
NEXT = 2 * move((NORTH, A), (-EAST, B))  # turned on by one place, twice as long
VERB = move((BITE / 3, A))
MEANING = move((DOG, A), (MAN, B), (BITE, C), (END, D))
GRAMMAR = move((ROLE, A), (LATIN, B))
BACK = np.vstack([MEANING.T, GRAMMAR.T])  # what two heads brought, to the columns it came from
SPOKEN = move((LATIN, A))
ASK = move((3 * NORTH, A), (-3 * EAST, A), (-4 * NORTH, B), (-4 * EAST, C))
OFFER = move((ROLE, A), (BITE, B), (END, C))

ENCODER = Layer(
    heads=(Head(NEXT, HERE, VERB), Head(-NEXT, HERE, VERB)),
    W_O=np.vstack([move((A, ROLE)), move((A, -ROLE))]),
    W_1=move((ROLE, UNIT[0]), (-ROLE, UNIT[1])),
    b_1=np.zeros(8),
    W_2=move((UNIT[0], 4 * ROLE), (UNIT[1], -4 * ROLE)),
    b_2=np.zeros(8),
)
DECODER = Layer(
    heads=(Head(SPOKEN, SPOKEN, MEANING), Head(SPOKEN, SPOKEN, GRAMMAR)),
    W_O=-2 * BACK,
    W_1=move((DOG, UNIT[0]), (MAN, UNIT[1]), (BITE, UNIT[2])),
    b_1=-UNIT[:3].sum(axis=0),
    W_2=move(*((unit, 4 * LATIN) for unit in UNIT[:3])),
    b_2=np.zeros(8),
    cross=(Head(ASK, OFFER, MEANING), Head(ASK, OFFER, move((ROLE, A)))),
    W_cross=BACK,
)


def clock(n: int) -> Array:
    """Return a hand for each place that turns a quarter from place to place.  Shapes: (n, 8)."""
    quarter = np.arange(n) * np.pi / 2
    hands: Array = np.outer(np.sin(quarter), EAST) + np.outer(np.cos(quarter), NORTH)
    return hands


def embed(words: Sequence[str], positions: bool = True) -> Array:
    """Return a row for each word, with its place added.  Shapes: (n, 8)."""
    rows: Array = np.array([EMBEDDING[word] for word in words])
    return rows + clock(len(words)) if positions else rows


def normalise(x: Array) -> Array:
    """Return each row divided by the root of the mean of its squares.  Shapes: (n, 8)."""
    scaled: Array = x / np.sqrt((x**2).mean(axis=1, keepdims=True))
    return scaled


def no_peeking(n: int) -> Array:
    """Return the causal mask: minus infinity where a row would read a later one.

    Shapes: (n, n).
    """
    return np.triu(np.full((n, n), -np.inf), k=1)


def shares(x: Array, memory: Array, head: Head, mask: Array | float = 0.0) -> Array:
    """Return how much each row of ``x`` listens to each row of ``memory``.  Shapes: (n, m)."""
    scores = (x @ head.W_Q) @ (memory @ head.W_K).T / np.sqrt(head.W_K.shape[1])
    return softmax(scores + mask)


def multi_head(
    x: Array,  # the rows that ask, (n, 8)
    memory: Array,  # the rows that are heard, (m, 8)
    heads: Sequence[Head],
    W_O: Array,
    mask: Array | float = 0.0,  # added to the scores
) -> Array:
    """Return what all heads bring, side by side, times W_O: (n, 8)."""
    mixes = []
    for head in heads:
        A = shares(x, memory, head, mask)
        mixes.append(A @ memory @ head.W_V)
    return np.hstack(mixes) @ W_O


def feed_forward(x: Array, layer: Layer) -> Array:
    """Return what the two matrices and the bend between them make of each row."""
    inner = np.maximum(0, x @ layer.W_1 + layer.b_1)
    return inner @ layer.W_2 + layer.b_2


def encode(x: Array, layer: Layer) -> Array:
    """Return the memory.  Shapes: (n, 8) -> (n, 8)."""
    x = normalise(x + multi_head(x, x, layer.heads, layer.W_O))
    return normalise(x + feed_forward(x, layer))


def decode(y: Array, memory: Array, layer: Layer) -> Array:
    """Return a row for each word written, from which the next can be read.

    Shapes: y (t, 8), memory (n, 8) -> (t, 8).
    """
    mask = no_peeking(len(y))
    y = normalise(y + multi_head(y, y, layer.heads, layer.W_O, mask))
    y = normalise(y + multi_head(y, memory, layer.cross, layer.W_cross))
    return normalise(y + feed_forward(y, layer))


def translate(
    words: Sequence[str],
    encoder: Layer = ENCODER,
    decoder: Layer = DECODER,
    positions: bool = True,  # False: the source without clock hands
) -> list[str]:
    """Return the Latin for ``words``, written word by word, at most six."""
    memory = encode(embed(words, positions), encoder)  # once a sentence
    written = ["<start>"]
    while written[-1] != "<end>" and len(written) <= 6:
        rows = decode(embed(written), memory, decoder)
        scores = rows[-1] @ TABLE.T  # the last row against all ten words
        written.append(WORDS[scores.argmax()])
    return written[1:]


def chances(words: Sequence[str], written: Sequence[str], positions: bool = True) -> Array:
    """Return for each row of what is written the probability of each word to come next.

    Shapes: (t, 10).
    """
    memory = encode(embed(words, positions), ENCODER)
    return softmax(decode(embed(written), memory, DECODER) @ TABLE.T)


def without(box: str) -> tuple[Layer, Layer]:
    """Return the encoder and the decoder with one box brought to silence: it then adds nothing."""
    silent: dict[str, tuple[str, ...]] = {
        "heads": ("W_O",), "cross": ("W_cross",), "feed-forward": ("W_2", "b_2"),
    }  # fmt: skip
    stack, _, name = box.partition(" ")
    changed = ENCODER if stack == "encoder" else DECODER
    changed = replace(changed, **{key: 0 * getattr(changed, key) for key in silent[name]})
    return (changed, DECODER) if stack == "encoder" else (ENCODER, changed)


def count() -> int:
    """Return how many numbers the machine has, the zeros among them included."""
    layers = [ENCODER, DECODER]
    matrices = [TABLE, ENCODER.W_O, DECODER.W_O, DECODER.W_O]  # the last for W_cross
    for layer in layers:
        matrices += [layer.W_1, layer.b_1, layer.W_2, layer.b_2]
        matrices += [matrix for head in (*layer.heads, *layer.cross) for matrix in head]
    return sum(matrix.size for matrix in matrices)
