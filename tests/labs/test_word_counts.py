"""Counting words, on two short texts and by hand."""

from __future__ import annotations

import pytest

from labs.word_counts import naive_bayes, sorted_into


def test_two_texts() -> None:
    counts = naive_bayes([("a dog barks", 0), ("A shop sells a dog", 1)], kinds=2)
    assert counts[0]["dog"] == counts[1]["dog"] == pytest.approx(1.1)
    assert counts[1]["a"] == pytest.approx(2.1)
    assert sorted_into("barks", counts) == 0
    assert sorted_into("The shop", counts) == 1
    # One word of three in the first text, one of five in the second; six kinds of words, 0.1 each.
    assert sum(counts[0].values()) == pytest.approx(3.6)
    assert sum(counts[1].values()) == pytest.approx(5.6)
    assert sorted_into("dog", counts) == 0
