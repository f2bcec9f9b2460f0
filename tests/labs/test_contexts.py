"""One word in two senses."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np

from labs.contexts import SENSES, by_layer, rows_of, told_apart
from labs.minilm import Shape, draw, words
from labs.word_vectors import unit

TINY = Shape(vocabulary=30, width=8, layers=2, heads=2, inner=16, rows=8)


def test_the_table_does_not_know_the_sentence() -> None:
    vocabulary = {"[CLS]": 0, "[SEP]": 1, "[UNK]": 2, "bank": 3, "river": 4, "money": 5}
    params = {name: 20 * table for name, table in draw(TINY, 0).items()}
    found = rows_of(params, vocabulary, "bank", ["river bank", "money bank"], heads=2)
    assert found.shape == (3, 2, 8)
    cosines = (found[:, 0] * found[:, 1]).sum(-1)
    assert abs(cosines[0] - 1) < 1e-6
    assert cosines[1] < 1 - 1e-6


def test_every_layer_has_a_row_for_each_token() -> None:
    ids = np.ones((2, 4), np.int32)
    rows = by_layer(draw(TINY, 0), jnp.asarray(ids), jnp.ones((2, 4), bool), 2)
    assert rows.shape == (3, 2, 4, 8)


def test_senses_are_told_apart_by_the_nearest() -> None:
    rows = unit(np.array([[1, 0], [1, 0.1], [0, 1], [0.1, 1]]))
    same, other, right = told_apart(rows)
    assert same > other
    assert right == 1
    assert told_apart(np.ones((4, 2)) / np.sqrt(2))[2] == 0


def test_each_word_stands_once_in_each_of_its_sentences() -> None:
    assert len(SENSES) == 12
    for word, sentences in SENSES.items():
        assert all(words(text).count(word) == 1 for text in sentences)
