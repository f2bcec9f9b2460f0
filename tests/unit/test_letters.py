"""The letters of a glossary."""

from __future__ import annotations

import pytest

from website.letters import bar, letters


@pytest.mark.parametrize(
    ("terms", "found"),
    [
        ([], {}),
        (["a", "attention", "Beam", "BLEU"], {"A": "a", "B": "Beam"}),
        (["1-bit", "2-bit", "élan", "entropy"], {"#": "1-bit", "E": "élan"}),
        (["αβγ"], {"Α": "αβγ"}),  # a capital alpha
        (["b", "a", "b again"], {}),  # by no order of letters
    ],
)
def test_first_of_each(terms: list[str], found: dict[str, str]) -> None:
    assert letters((term, term) for term in terms) == found


def test_an_anchor_cannot_hold_markup() -> None:
    assert '"#&quot;x"' in bar([("a", '"x'), ("b", "y")])


def test_one_letter_is_no_help() -> None:
    assert "<nav" not in bar([("a", "x"), ("at", "y")])
