"""The collection of embedded texts, on a few of them; the whole where its files are at hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from labs import collection
from labs.collection import ASKED, SEARCHED, definition, embedded, quantised, restored, sample
from labs.minilm import WHEEL


def test_definition() -> None:
    line = '00001930 03 n 01 stone 0 000 | a hard thing; a small one; "he threw a stone"  '
    assert definition(line) == "a hard thing"
    assert definition("  29 Princeton University | and LICENSEE") is None


def test_quantised() -> None:
    drawn = np.random.default_rng(1).normal(size=(5, 384)).astype(np.float32)
    vectors = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
    again = restored(quantised(vectors))
    np.testing.assert_allclose(np.linalg.norm(again, axis=1), 1, rtol=1e-6)
    assert ((vectors * again).sum(1) > 0.999).all()
    with pytest.raises(ValueError, match="larger than"):
        quantised(10 * vectors)


def test_sample() -> None:
    """It is what the searches ask for, and small enough to be kept."""
    texts, vectors = sample()
    assert len(set(texts)) == len(texts) == len(vectors) == SEARCHED + ASKED
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=1e-6)
    kept = [collection.SAMPLE.with_suffix(ending) for ending in (".npy", ".txt")]
    assert sum(file.stat().st_size for file in kept) < 3_000_000
    film = texts.index("United States film actor (1899-1957)")
    asked = texts.index(
        "United States actress (born in England) who married Alfred Lunt and performed with him in"
        " many plays (1887-1983)"
    )
    assert asked >= SEARCHED
    assert film in np.argsort(vectors[:SEARCHED] @ vectors[asked])[-5:]


def test_embedded_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Pieces that were made are read again, and no more are made than needed."""
    made: list[int] = []

    def fake(some: tuple[str, ...]) -> collection.Vectors:
        made.append(len(some))
        return np.full((len(some), 3), len(made), np.float32)

    monkeypatch.setattr(collection, "CACHE", tmp_path / "cache")
    monkeypatch.setattr(collection, "PIECE", 4)
    monkeypatch.setattr(collection, "texts", lambda: tuple("abcdefghij"))
    monkeypatch.setattr(collection, "_made", fake)
    assert embedded(3)[:, 0].tolist() == [1, 1, 1]
    assert embedded(6)[:, 0].tolist() == [1, 1, 1, 1, 2, 2]
    assert embedded(99)[:, 0].tolist() == [1, 1, 1, 1, 2, 2, 2, 2, 3, 3]
    assert made == [4, 4, 2]


@pytest.mark.skipif(
    not (WHEEL.exists() and collection.NOUNS.exists()), reason="MiniLM or WordNet is not at hand"
)
def test_real_vectors() -> None:
    """The sample has the texts of WordNet, and vectors of MiniLM's."""
    texts, vectors = sample()
    assert collection.texts()[: len(texts)] == texts
    again = collection._made(texts[:64])
    assert ((again * vectors[:64]).sum(1) > 0.9998).all()
