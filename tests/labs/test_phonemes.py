"""The dictionary of pronunciations, as the articles use it."""

from __future__ import annotations

import numpy as np
import pytest

from labs import phonemes
from labs.phonemes import PHONEMES, decoded, encoded, is_right, parts, pronunciations


def test_words_are_said_without_stress() -> None:
    assert pronunciations()["though"] == (("DH", "OW"),)
    assert len(PHONEMES) == 40
    used = {phoneme for said in pronunciations().values() for one in said for phoneme in one}
    assert used == set(PHONEMES[1:])


def test_every_pronunciation_counts() -> None:
    assert pronunciations()["tomato"] == (
        ("T", "AH", "M", "EY", "T", "OW"),
        ("T", "AH", "M", "AA", "T", "OW"),
    )
    assert is_right("tomato", ("T", "AH", "M", "AA", "T", "OW"))
    assert not is_right("tomato", ("T", "AH", "M", "EY", "T"))


def test_codes_lead_back() -> None:
    pairs = encoded(("though", "tomato"))
    assert pairs.lengths.tolist() == [6, 6]
    assert decoded(pairs.phonemes[0]) == ("DH", "OW")
    assert "".join(phonemes.LETTERS[code] for code in pairs.letters[1]) == "tomato.........."


def test_parts_share_no_word() -> None:
    train, tests = parts()
    assert len(tests) == 10_000
    assert len(train) > 100_000
    assert not set(train.words) & set(tests.words)
    assert train.letters.shape == (len(train), phonemes.LONGEST)
    assert np.all(train.phonemes[:, -1] == phonemes.END)


def test_another_edition_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(phonemes, "DATA_HASH", "another")
    pronunciations.cache_clear()
    with pytest.raises(ValueError, match="another edition"):
        pronunciations()
    pronunciations.cache_clear()
