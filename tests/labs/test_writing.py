"""The small model's writer gives the probabilities of training; what is measured of texts."""

from __future__ import annotations

import numpy as np
import pytest

from labs import writing
from labs.texts import ALPHABET, encoded

jax = pytest.importorskip("jax")


def test_cache_gives_what_the_whole_window_gives() -> None:
    from labs.tiny import Shape, draw, logits

    shape = Shape(len(ALPHABET), positions="rope")
    params = draw(shape, 0)
    codes = np.random.default_rng(0).integers(0, len(ALPHABET), (3, 20)).astype(np.uint8)
    kept = {name: np.asarray(value) for name, value in params.items()}
    writer = writing.Writer(kept, shape, 3, 32)
    found = np.stack([writer.read(codes[:, place]) for place in range(20)], axis=1)
    whole = jax.nn.softmax(logits(params, jax.numpy.asarray(codes), shape))
    np.testing.assert_allclose(found, np.asarray(whole), atol=1e-5)


def test_repeated_stretches() -> None:
    codes = np.array([encoded("abcdefghabcdefgh")])
    assert writing.repeated(codes, prompt=8, size=8) == pytest.approx(1 / 8)
    assert writing.repeated(codes, prompt=1, size=8) == pytest.approx(1 / 9)
    assert writing.repeated(np.array([encoded("abcdefghijklmnop")]), 8) == 0


def test_unknown_words_leave_out_what_is_cut() -> None:
    assert writing.words("ark of the ungodly co") == ["of", "the", "ungodly"]
    assert writing.unknown(["ark of the frog co"], {"of", "the"}) == pytest.approx(1 / 3)


def test_surprise_counts_after_the_prompt() -> None:
    texts = np.array([[0, 1, 2]], dtype=np.uint8)
    chances = np.full((1, 3, 4), 0.25)
    assert writing.surprise(texts, chances, prompt=1) == pytest.approx(2)


def test_trigrams_are_shares() -> None:
    counted = writing.trigrams(encoded("the the the"))
    np.testing.assert_allclose(counted.sum(axis=2), 1)
    t, h, e = encoded("the")
    assert counted[t, h].argmax() == e
