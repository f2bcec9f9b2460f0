"""Does a word's row in a transformer tell its senses apart?  For the article on embeddings."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np

from labs.contexts import SENSES, by_layer, rows_of, told_apart
from labs.minilm import Shape, draw, load
from labs.run import Experiment, Measured


def run(_seed: int) -> Measured:
    """Return cosines within and across senses, in the table and after each layer."""
    params, vocabulary = load()
    found = []
    for word, sentences in SENSES.items():
        layers = rows_of(params, vocabulary, word, sentences)
        found.append([told_apart(rows) for rows in layers])
    table = np.array(found).round(6)  # (words, layers, 3)
    bank = rows_of(params, vocabulary, "bank", SENSES["bank"])
    return {
        "same": table[..., 0].mean(0).tolist(),
        "other": table[..., 1].mean(0).tolist(),
        "same_words": table[..., 0].std(0, ddof=1).tolist(),
        "other_words": table[..., 1].std(0, ddof=1).tolist(),
        "right": table[..., 2].mean(0).tolist(),
        "bank_same": (bank[:, 0] * bank[:, 1]).sum(-1).tolist(),
        "bank_other": (bank[:, 0] * bank[:, 2]).sum(-1).tolist(),
    }


def check() -> dict[str, list[float]]:
    """Return a part of it that takes seconds: a tiny network, random rows, no files."""
    shape = Shape(vocabulary=40, width=8, layers=2, heads=2, inner=16, rows=6)
    ids = np.random.default_rng(0).integers(1, 40, size=(4, 6)).astype(np.int32)
    rows = by_layer(draw(shape, 0), jnp.asarray(ids), jnp.ones((4, 6), bool), 2)
    return {"mean": [round(float(abs(part).mean()), 3) for part in rows]}


EXPERIMENT = Experiment(
    title="One word in two senses: its row in each layer of MiniLM",
    run=run,
    check=check,
    fixed={
        "layer": list(range(Shape().layers + 1)),
        "words": list(SENSES),
        "count": len(SENSES),
        "sentences": 4 * len(SENSES),
        "guess": 1 / 3,
    },
)
