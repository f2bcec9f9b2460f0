"""Costs of layers, and the crossovers that the article derives from them."""

from __future__ import annotations

import itertools
import math

import pytest

from labs import costs


def exponent(count, n: int, d: int, k: int) -> tuple[int, int, int]:
    """Return by which power of two a count grows when n, d or k doubles."""
    once = count(n, d, k)
    grown = (count(2 * n, d, k), count(n, 2 * d, k), count(n, d, 2 * k))
    return tuple(round(math.log2(more / once)) for more in grown)  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("count", "published"),
    [
        (lambda n, d, k: costs.pairs(n, d), (2, 1, 0)),
        (lambda n, d, k: costs.recurrent(n, d), (1, 2, 0)),
        (lambda n, d, k: costs.convolution(n, d, k), (1, 2, 1)),
    ],
)
def test_growth_per_layer_is_that_of_vaswani_2017_table_1(count, published) -> None:
    """n²d for self-attention, nd² for recurrence, knd² for convolution."""
    assert exponent(count, 64, 32, 3) == published


def test_longest_paths_are_those_of_vaswani_2017_table_1() -> None:
    """1 for self-attention, n for recurrence, log_k n for convolution, n/r for a window of r."""
    for n in (9, 27, 81, 729):
        assert costs.hops(n, costs.everything(n)) == 1
        assert costs.hops(n, costs.previous) == n - 1
        assert costs.hops(n, costs.dilated(3)) == round(math.log(n, 3))
        assert costs.hops(n, costs.last(8)) == math.ceil((n - 1) / 8)
        assert costs.hops(n, costs.last(2)) == math.ceil((n - 1) / 2)  # kernel of three


def test_cost_equals_that_of_recurrence_where_length_equals_width() -> None:
    """Vaswani et al. 2017, section 4: attention is faster when n is smaller than d."""
    for d in (2, 64, 512):
        assert costs.pairs(d, d) == costs.recurrent(d, d)
        assert costs.pairs(d - 1, d) < costs.recurrent(d - 1, d)
        assert costs.pairs(d + 1, d) > costs.recurrent(d + 1, d)
        whole = costs.pairs(2 * d, d) + costs.projections(2 * d, d)
        assert whole == costs.lstm(2 * d, d)


def test_whole_layer_turns_quadratic_at_the_published_lengths() -> None:
    """Scaling book, chapter 4: gated feed-forward, n = 8d; 37k for Gemma-27B, whose d is 4608."""
    for d in (64, 512, 4608):
        assert costs.quadratic_share(6 * d, d) == 0.5
        assert costs.quadratic_share(8 * d, d, matrices=3) == 0.5
    assert round(8 * 4608 / 1000) == 37


def test_causal_layer_turns_quadratic_at_twelve_widths() -> None:
    """Kaplan et al. 2020, section 2.1: little below d > n / 12, which counts causal pairs."""
    d = 768
    assert costs.quadratic_share(12 * d, d, causal=True) == pytest.approx(0.5, abs=1e-4)
    per_token = 2 * costs.pairs(1024, d, causal=True) / 1024  # operations; two a multiplication
    assert per_token == pytest.approx(2 * 1024 * d, rel=2e-3)  # their table 1, "Mask"


def test_counts_are_those_of_loops() -> None:
    n, d, k = 4, 2, 3
    cells = itertools.product(range(n), range(n), range(d))
    assert costs.pairs(n, d) == 2 * len(list(cells)) == 64
    assert costs.recurrent(n, d) == 32
    assert costs.lstm(n, d) == 128
    assert costs.convolution(n, d, k) == 48
    causal = [(i, j) for i in range(n) for j in range(i + 1)]
    assert costs.pairs(n, d, causal=True) == 2 * d * len(causal) == 40
    assert costs.pairs(2, 2) == costs.recurrent(2, 2) == 16


def test_table_of_scores_of_the_article() -> None:
    assert costs.score_bytes(1024, 1) == 2 * 2**20
    assert costs.score_bytes(131_072, 1) == 32 * 2**30


def test_paths_of_the_example() -> None:
    assert costs.hops(4, costs.previous) == 3
    assert costs.hops(4, costs.everything(4)) == 1


def test_scan_gives_the_states_of_the_loop_in_logarithmic_rounds() -> None:
    steps = [(0.5, 1.0), (0.9, 2.0), (0.1, 3.0), (1.0, -1.0), (2.0, 0.5)]
    state, states = 0.0, []
    for a, b in steps:
        state = a * state + b
        states.append(state)
    found, rounds = costs.scanned(steps)
    assert found == pytest.approx(states)
    assert rounds == 3
    for n in (2, 4, 1024, 1025):
        assert costs.scanned([(0.5, 1.0)] * n)[1] == math.ceil(math.log2(n))
