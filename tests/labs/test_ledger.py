"""The ledger of the 2017 models, against their published table and by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from labs import ledger
from labs.ledger import BASE, BIG, Sizes

#: Vaswani et al. 2017, Table 3: each row that gives parameters, in millions.
PUBLISHED = {
    "base": (BASE, 65),
    "key 16": (replace(BASE, key=16), 58),
    "key 32": (replace(BASE, key=32), 60),
    "2 layers": (replace(BASE, layers=2), 36),
    "4 layers": (replace(BASE, layers=4), 50),
    "8 layers": (replace(BASE, layers=8), 80),
    "width 256": (replace(BASE, width=256, key=32, value=32), 28),
    "width 1024": (replace(BASE, width=1024, key=128, value=128), 168),
    "hidden 1024": (replace(BASE, hidden=1024), 53),
    "hidden 4096": (replace(BASE, hidden=4096), 90),
    "big": (BIG, 213),
}


def test_base_is_counted_as_by_hand() -> None:
    width, hidden = 512, 2048
    encoder = 4 * width**2 + 2 * width * hidden + hidden + width + 2 * 2 * width
    decoder = 8 * width**2 + 2 * width * hidden + hidden + width + 3 * 2 * width
    assert (encoder, decoder) == (3_150_336, 4_199_936)
    assert ledger.total(BASE) == 6 * (encoder + decoder) + 37_000 * width == 63_045_632


@pytest.mark.parametrize("row", [row for row in PUBLISHED if row != "big"])
def test_published_counts_with_the_vocabulary_that_fits(row: str) -> None:
    """Ten rows of Vaswani et al. 2017, Table 3, to the million; 41,100 is ours."""
    sizes, millions = PUBLISHED[row]
    assert round(ledger.total(replace(sizes, vocabulary=41_100)) / 1e6) == millions


def test_big_fits_no_vocabulary_of_the_others() -> None:
    fits = {row: ledger.vocabularies(sizes, m) for row, (sizes, m) in PUBLISHED.items()}
    others = [fit for row, fit in fits.items() if row != "big"]
    low, high = max(fit.start for fit in others), min(fit.stop for fit in others)
    assert range(low, high) == range(41_004, 41_209)
    assert fits["big"].stop < min(fit.start for fit in others)


@pytest.mark.parametrize("row", PUBLISHED)
def test_vocabularies_are_all_that_round_to_the_count(row: str) -> None:
    sizes, millions = PUBLISHED[row]
    fit = ledger.vocabularies(sizes, millions)
    for vocabulary, fits in [(fit.start - 1, False), (fit.start, True), (fit.stop - 1, True)]:
        count = ledger.total(replace(sizes, vocabulary=vocabulary)) / 1e6
        assert (millions - 0.5 <= count < millions + 0.5) is fits
    assert ledger.total(replace(sizes, vocabulary=fit.stop)) / 1e6 >= millions + 0.5


def test_heads_cost_nothing() -> None:
    for heads in (1, 2, 4, 16, 32):
        each = 512 // heads
        assert ledger.total(Sizes(heads=heads, key=each, value=each)) == ledger.total(BASE)
