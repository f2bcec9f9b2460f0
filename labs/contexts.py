"""One word in two senses: its row in every layer of an encoder."""

from __future__ import annotations

from collections.abc import Sequence

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from labs.minilm import LAYERED, Params, encode, layer, normalised, padded
from labs.word_vectors import unit

#: Word -> two sentences in one sense, two in another. Written for this test, before it was run.
SENSES: dict[str, tuple[str, str, str, str]] = {
    "bank": (
        "She opened an account at the bank.",
        "The bank lent the firm some money.",
        "We sat on the bank of the river.",
        "Reeds grow along the muddy bank.",
    ),
    "bat": (
        "The bat slept upside down in a cave.",
        "A bat catches insects at night.",
        "He hit the ball with a wooden bat.",
        "The player swung his bat and missed.",
    ),
    "spring": (
        "Flowers bloom in the spring.",
        "The birds return every spring.",
        "The spring in the old mattress is broken.",
        "Push the lever and the spring is pressed together.",
    ),
    "match": (
        "Our team won the match on Saturday.",
        "The referee stopped the match early.",
        "He struck a match to light the stove.",
        "The match burned his fingers.",
    ),
    "palm": (
        "Coconuts fell from the palm on the beach.",
        "A tall palm gave us shade.",
        "She held the coin in her palm.",
        "He has a scar on his left palm.",
    ),
    "seal": (
        "The seal dived for fish under the ice.",
        "A grey seal lay on the rocks.",
        "The letter bore the seal of the king.",
        "He pressed his seal into the wax.",
    ),
    "crane": (
        "The crane lifted the steel beam to the roof.",
        "A driver sat high up in the crane.",
        "The crane flew south over the marsh.",
        "A white crane stood in the water on one leg.",
    ),
    "organ": (
        "She plays the organ in church.",
        "The organ filled the cathedral with sound.",
        "The heart is an organ that pumps blood.",
        "Doctors replaced the failing organ.",
    ),
    "bark": (
        "The dog gave a loud bark.",
        "I was woken by the bark of a hound.",
        "The bark of the birch is white.",
        "Beetles live under the bark of old trees.",
    ),
    "mouse": (
        "The cat caught a mouse in the barn.",
        "A mouse ate the cheese at night.",
        "Click the left button of the mouse.",
        "My computer has a wireless mouse.",
    ),
    "letter": (
        "He wrote a long letter to his mother.",
        "The letter arrived by post this morning.",
        "The first letter of the alphabet is A.",
        "Each word begins with a capital letter.",
    ),
    "table": (
        "Dinner is on the table in the kitchen.",
        "He put his cup on the wooden table.",
        "The table lists the results by year.",
        "Each row of the table has three columns.",
    ),
}


def by_layer(params: Params, ids: jax.Array, real: jax.Array, heads: int = 12) -> jax.Array:
    """Return the rows of all tokens: those of the table, then those after each layer.

    Shapes: (batch, n) twice -> (1 + layers, batch, n, width).
    """
    rows = [params["words"][ids]]
    x = rows[0] + params["positions"][: ids.shape[1]] + params["kinds"][0]
    x = normalised(x, params["first_scale"], params["first_shift"])
    for number in range(len(params["query"])):
        x = layer(x, {name: params[name][number] for name in LAYERED}, real, heads)
        rows.append(x)
    return jnp.stack(rows)


def rows_of(
    params: Params, vocabulary: dict[str, int], word: str, sentences: Sequence[str], heads: int = 12
) -> NDArray[np.float64]:
    """Return the rows of ``word`` in each sentence, of length one, layer by layer.

    Shapes: s sentences -> (1 + layers, s, width).
    """
    encoded = [encode(text, vocabulary) for text in sentences]
    ids, real = padded(encoded, max(map(len, encoded)))
    places = [row.index(vocabulary[word]) for row in encoded]
    found = np.asarray(by_layer(params, jnp.asarray(ids), jnp.asarray(real), heads), float)
    picked = found[:, np.arange(len(places)), places]
    return unit(picked.reshape(-1, picked.shape[-1])).reshape(picked.shape)


def told_apart(rows: NDArray[np.float64]) -> tuple[float, float, float]:
    """Return mean cosines within and across senses, and how often the nearest has the same sense.

    Shapes: (4, width) of length one, the first two in one sense.
    """
    cosines = rows @ rows.T
    same = [cosines[0, 1], cosines[2, 3]]
    other = cosines[:2, 2:]
    right = [
        cosines[i, j] > 1e-6 + max(cosines[i, k] for k in range(4) if k not in (i, j))
        for i, j in ((0, 1), (1, 0), (2, 3), (3, 2))
    ]
    return float(np.mean(same)), float(other.mean()), float(np.mean(right))
