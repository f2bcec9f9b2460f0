"""Attention as a memory of pairs."""

from __future__ import annotations

import math

import numpy as np
import pytest

from labs import associative, masks
from labs.experiments.attention_variants_divided import positive

#: The worked example: features whose products are the odds 1, 3, 4 and 8.
ASKED = np.array([1.0, 2.0])
FEATURES = np.array([[1.0, 0.0], [1.0, 1.0], [0.0, 2.0], [2.0, 3.0]])
VALUES = np.array([[0.0], [8.0], [12.0], [16.0]])


def test_features_give_the_odds_of_the_example() -> None:
    assert (FEATURES @ ASKED).tolist() == [1, 3, 4, 8]


def test_sums_of_the_example() -> None:
    """The table of the article, row by row."""
    tables, totals = associative.running(FEATURES, VALUES)
    assert tables[:, :, 0].tolist() == [[0, 0], [8, 8], [8, 32], [40, 80]]
    assert totals.tolist() == [[1, 0], [2, 1], [2, 3], [4, 6]]
    assert [
        (float(ASKED @ t[:, 0]), float(ASKED @ z)) for t, z in zip(tables, totals, strict=True)
    ] == [(0, 1), (24, 4), (72, 8), (200, 16)]
    read = [associative.linear_read(ASKED, tables[i], totals[i])[0] for i in range(4)]
    np.testing.assert_allclose(read, [0, 6, 9, 12.5])


def test_the_delta_rule_by_hand() -> None:
    """The table answers 5 where 8 is new: only 3 is written, and then it answers 8."""
    table, key = np.array([[3.0], [4.0]]), np.array([0.6, 0.8])
    assert (key @ table).item() == pytest.approx(5)
    table = table + np.outer(key, 8 - key @ table)
    assert (key @ table).item() == pytest.approx(8)


def test_e_sharpens_what_a_plain_product_only_doubles() -> None:
    assert round(math.exp(8) / math.exp(4)) == 55


def test_the_query_waits_outside_the_bracket() -> None:
    """(q·k₁)v₁ + (q·k₂)v₂ = q·(k₁v₁ + k₂v₂), for *the* and *bank*: 24 both ways."""
    apart = sum((ASKED @ FEATURES[i]) * VALUES[i, 0] for i in range(2))
    together = ASKED @ sum(FEATURES[i] * VALUES[i, 0] for i in range(2))
    assert apart == together == 24


def test_lead_and_disturbance_of_the_article() -> None:
    """Width 64: the lead is 64, the disturbance has size √(2n)."""
    assert [round(math.sqrt(2 * n)) for n in (64, 256)] == [11, 23]
    assert 64 / math.sqrt(2 * 256) < 3


def test_capacities_of_the_article() -> None:
    assert [round(w * w / (4 * math.log(64))) for w in (16, 32, 64)] == [15, 62, 246]


def test_positive_features_make_all_keys_alike() -> None:
    """Width 64, entries ±1: own odds 132, those of a stranger 90, so 2.3% of the share in 64."""
    keys = np.random.default_rng(0).choice([-1.0, 1.0], size=(2000, 64))
    np.testing.assert_allclose(positive(np.array([1.0, -1.0])), [2, math.exp(-1)])
    own, other = 64 * (4 + math.exp(-2)) / 2, 64 * ((2 + math.exp(-1)) / 2) ** 2
    assert (round(math.exp(-1), 2), round(math.exp(-2), 2)) == (0.37, 0.14)
    assert (round(own), round(other), round((2 + math.exp(-1)) / 2, 2)) == (132, 90, 1.18)
    odds = positive(keys) @ positive(keys).T
    assert np.diag(odds).mean() == pytest.approx(own, rel=0.02)
    assert odds[~np.eye(2000, dtype=bool)].mean() == pytest.approx(other, rel=0.02)
    assert round(132 / (132 + 63 * 90), 3) == 0.023


def test_odds_that_drown_the_right_key_at_width_16() -> None:
    rng = np.random.default_rng(0)
    keys = rng.choice([-1.0, 1.0], size=(2000, 16))
    odds = np.exp(keys @ rng.choice([-1.0, 1.0], size=16) / 4)
    assert math.exp(math.sqrt(16)) == pytest.approx(55, abs=0.5)
    # cosh(1/4)^16, the mean of e^(sum of sixteen ±1/4); for wide keys it tends to e^(1/2)
    assert math.cosh(0.25) ** 16 == pytest.approx(1.64, abs=5e-3)
    assert odds.mean() == pytest.approx(math.cosh(0.25) ** 16, rel=0.1)


def test_sums_read_what_causal_attention_with_the_same_odds_reads() -> None:
    rng = np.random.default_rng(0)
    asked, features, values = (rng.random((6, width)) for width in (3, 3, 2))
    tables, totals = associative.running(features, values)
    read = [associative.linear_read(asked[i], tables[i], totals[i]) for i in range(6)]
    weights = masks.weights(np.log(asked @ features.T), masks.causal(6))
    np.testing.assert_allclose(read, weights @ values)


def test_sums_are_exact_for_orthogonal_keys_and_no_more_of_them() -> None:
    keys = np.eye(4)
    values = np.random.default_rng(0).standard_normal((4, 3))
    np.testing.assert_allclose(keys @ associative.summed(keys, values), values)
    fifth = np.vstack([keys, np.full((1, 4), 0.5)])
    five = np.vstack([values, np.ones((1, 3))])
    assert not np.allclose(fifth @ associative.summed(fifth, five), five)


def test_correction_knows_the_last_pair_exactly_and_overwrites() -> None:
    rng = np.random.default_rng(0)
    keys = rng.choice([-1.0, 1.0], size=(50, 16)) / 4
    values = rng.standard_normal((50, 16))
    np.testing.assert_allclose(keys[-1] @ associative.corrected(keys, values), values[-1])
    twice = np.vstack([keys[:1], keys[:1]])
    told = np.vstack([values[:1], values[1:2]])
    np.testing.assert_allclose(twice[0] @ associative.corrected(twice, told), told[1])
    np.testing.assert_allclose(twice[0] @ associative.summed(twice, told), told.sum(axis=0))


def test_gentle_correction_comes_near_to_sums() -> None:
    rng = np.random.default_rng(0)
    keys = rng.choice([-1.0, 1.0], size=(40, 16)) / 4
    values = rng.standard_normal((40, 16))
    small = 1e-6
    table = associative.corrected(keys, values, small) / small
    np.testing.assert_allclose(table, associative.summed(keys, values), atol=1e-3)


def test_gentle_correction_by_hand() -> None:
    """Half of each difference: the first pair leaves 4 of 8, the second 4 + (2 - 4) / 2 = 3."""
    keys, values = np.array([[1.0], [1.0]]), np.array([[8.0], [2.0]])
    assert associative.corrected(keys[:1], values[:1], 0.5)[0, 0] == pytest.approx(4)
    assert associative.corrected(keys, values, 0.5)[0, 0] == pytest.approx(3)


def test_how_much_is_written_trades_old_for_new() -> None:
    """Of 512 pairs at width 64 the full delta rule holds fewest, the gentle one as many as sums."""
    rng = np.random.default_rng(0)
    codes = rng.choice([-1.0, 1.0], size=(64, 64))
    symbols = rng.integers(64, size=512)
    keys = rng.choice([-1.0, 1.0], size=(512, 64)) / 8

    def recalls(table: associative.Array) -> tuple[float, float]:
        read = keys @ table
        late = associative.recalled(read[-16:], codes, symbols[-16:])
        return associative.recalled(read, codes, symbols), late

    full, gentle = (recalls(associative.corrected(keys, codes[symbols], s)) for s in (1, 0.1))
    sums = recalls(associative.summed(keys, codes[symbols]))
    assert full[0] < sums[0] / 2
    assert gentle[0] == pytest.approx(sums[0], abs=0.05)
    assert full[1] >= gentle[1] > sums[1]


def test_errors_stay_below_the_bound_on_them() -> None:
    """The chance that one of 64 values wins wrongly: 64 e^(-d_k d_v / 4n), here 0.21."""
    rng = np.random.default_rng(0)
    width, count = 64, 180
    bound = 64 * math.exp(-(width**2) / (4 * count))
    assert bound == pytest.approx(0.216, abs=5e-3)
    codes = rng.choice([-1.0, 1.0], size=(64, width))
    symbols = rng.integers(64, size=count)
    keys = rng.choice([-1.0, 1.0], size=(count, width)) / 8
    read = keys @ associative.summed(keys, codes[symbols])
    assert 0 < 1 - associative.recalled(read, codes, symbols) < bound


def test_crosstalk_grows_as_pairs_over_width() -> None:
    rng = np.random.default_rng(0)
    width, count = 64, 257
    keys = rng.choice([-1.0, 1.0], size=(count, width)) / np.sqrt(width)
    values = rng.choice([-1.0, 1.0], size=(count, width))
    noise = keys @ associative.summed(keys, values) - values
    assert noise.var() == pytest.approx((count - 1) / width, rel=0.05)


def test_softmax_recalls_what_sums_lose() -> None:
    rng = np.random.default_rng(0)
    codes = rng.choice([-1.0, 1.0], size=(64, 64))
    symbols = rng.integers(64, size=512)
    keys = rng.choice([-1.0, 1.0], size=(512, 64)) / 8
    sums = keys @ associative.summed(keys, codes[symbols])
    assert associative.recalled(sums, codes, symbols) < 0.6
    assert (
        associative.recalled(associative.softmax_read(keys, codes[symbols]), codes, symbols) > 0.99
    )


def test_sharper_scores_bring_back_what_blunt_ones_drown() -> None:
    rng = np.random.default_rng(0)
    codes = rng.choice([-1.0, 1.0], size=(64, 16))
    symbols = rng.integers(64, size=512)
    keys = rng.choice([-1.0, 1.0], size=(512, 16)) / 4
    blunt, sharp = (
        associative.recalled(
            associative.softmax_read(keys, codes[symbols], sharpness), codes, symbols
        )
        for sharpness in (1, 2)
    )
    assert blunt < 0.4 < 0.95 < sharp
