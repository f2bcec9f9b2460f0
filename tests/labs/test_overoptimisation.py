"""The digits of `rlhf-limits`, checked against the functions the article shows."""

from __future__ import annotations

import math
import re
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from labs import overoptimisation as lab

ARTICLE = Path(__file__).parents[2] / "articles" / "alignment" / "rlhf-limits.md"


def kept(table: lab.Table, n: int) -> tuple[float, float]:
    """Return true reward and score of the best of n."""
    won = lab.best_of_n(table.prob, table.proxy, n)
    return float(won @ table.true), float(won @ table.proxy)


# The worked example


@pytest.mark.parametrize("table", [lab.BROAD, lab.SPIKY])
def test_both_models_have_the_same_error(table: lab.Table) -> None:
    error = table.proxy - table.true
    assert table.prob.sum() == pytest.approx(1)
    assert table.prob @ error**2 == pytest.approx(1)
    for kind, share in ((-1, 0.25), (0, 0.5), (1, 0.25)):
        here = table.true == kind
        assert table.prob[here].sum() == pytest.approx(share)
        assert (table.prob * error)[here].sum() == pytest.approx(0)


def test_pair_accuracy() -> None:
    assert lab.pair_accuracy(lab.BROAD) == pytest.approx(0.775)
    assert lab.pair_accuracy(lab.SPIKY) == pytest.approx(0.968)
    weights = [Fraction(1, 4), Fraction(1, 4), Fraction(1, 8)]  # good-ordinary, ordinary-bad, rest
    broad = [Fraction(3, 4), Fraction(3, 4), Fraction(7, 8)]
    spiky = [Fraction(24, 25), Fraction(24, 25), Fraction(1)]
    for parts, want in ((broad, Fraction(775, 1000)), (spiky, Fraction(968, 1000))):
        assert sum(w * p for w, p in zip(weights, parts, strict=True)) / sum(weights) == want


@pytest.mark.parametrize("n", [1, 2, 4, 9, 16, 64, 256, 1024])
def test_closed_forms_of_the_example(n: int) -> None:
    broad = 1 - (7 / 8) ** n - (1 / 8) ** n
    spiky = 0.98**n - 0.73**n - 0.27**n + 0.02**n
    assert kept(lab.BROAD, n)[0] == pytest.approx(broad, abs=1e-12)
    assert kept(lab.SPIKY, n)[0] == pytest.approx(spiky, abs=1e-12)


def test_four_draws_by_hand() -> None:
    parts = [Fraction(k, 100) ** 4 for k in (98, 73, 27, 2)]
    assert [float(p) for p in parts] == [0.92236816, 0.28398241, 0.00531441, 0.00000016]
    assert float(parts[0] - parts[1] - parts[2] + parts[3]) == 0.6330715
    broad = 1 - Fraction(7, 8) ** 4 - Fraction(1, 8) ** 4
    assert float(Fraction(7, 8) ** 4) == pytest.approx(0.586182, abs=5e-7)
    assert float(Fraction(1, 8) ** 4) == pytest.approx(0.000244, abs=5e-7)
    assert broad == 1 - Fraction(2402, 4096)
    assert float(broad) == pytest.approx(0.413574, abs=5e-7)


def test_winners_of_four_draws() -> None:
    """Rows of the table: false source, good, ordinary, bad, capitals."""
    won = lab.best_of_n(lab.SPIKY.prob, lab.SPIKY.proxy, 4)
    exact = {5: 0.07763184, 1: 0.63838575, 0: 0.27866800, -1: 0.00531425, -5: 0.00000016}
    assert sum(exact.values()) == pytest.approx(1, abs=1e-12)
    for score, probability in exact.items():
        assert won[lab.SPIKY.proxy == score].sum() == pytest.approx(probability, abs=1e-12)
    assert exact[1] - exact[-1] == pytest.approx(0.6330715, abs=1e-12)
    assert won @ lab.SPIKY.proxy == pytest.approx(1.0212299, abs=5e-8)


TABLE = [  # n, A true, B true, B score, chance that B's winner is over-scored
    (1, 0.000, 0.000, 0.00, 0.020),
    (4, 0.414, 0.633, 1.02, 0.078),
    (16, 0.882, 0.717, 2.10, 0.276),
    (64, 1.000, 0.274, 3.90, 0.726),
    (256, 1.000, 0.006, 4.98, 0.994),
    (1024, 1.000, 0.000, 5.00, 1.000),
]


@pytest.mark.parametrize("n, broad, spiky, score, over", TABLE)
def test_table_of_the_example(
    n: int, broad: float, spiky: float, score: float, over: float
) -> None:
    assert kept(lab.BROAD, n)[0] == pytest.approx(broad, abs=5e-4)
    assert kept(lab.SPIKY, n)[0] == pytest.approx(spiky, abs=5e-4)
    assert kept(lab.SPIKY, n)[1] == pytest.approx(score, abs=5e-3)
    won = lab.best_of_n(lab.SPIKY.prob, lab.SPIKY.proxy, n)
    assert won[lab.SPIKY.proxy == 5].sum() == pytest.approx(over, abs=5e-4)


def test_peak() -> None:
    rewards = {n: kept(lab.SPIKY, n)[0] for n in range(1, 200)}
    assert max(rewards, key=rewards.__getitem__) == 9
    assert rewards[9] == pytest.approx(0.775, abs=5e-4)
    broad = [kept(lab.BROAD, n)[0] for n in range(1, 200)]
    assert np.all(np.diff(broad) >= -1e-12)  # A never turns over


def test_conditional_means() -> None:
    for table, want in (
        (lab.BROAD, {-2: -1, -1: 0, 0: 0, 1: 0, 2: 1}),
        (lab.SPIKY, {-5: 0, -1: -1, 0: 0, 1: 1, 5: 0}),
    ):
        for score, mean in want.items():
            here = table.proxy == score
            assert (table.prob * table.true)[here].sum() / table.prob[here].sum() == mean


# KL of best-of-n


def test_published_kl_of_best_of_n() -> None:
    """Gao 2022, section 3.1: n = 1,000 is about 6 nats, n = 60,000 about 10 nats."""
    assert lab.kl_formula(1000) == pytest.approx(5.91, abs=5e-3)
    assert lab.kl_formula(60_000) == pytest.approx(10.00, abs=5e-3)
    assert round(lab.kl_formula(1000)) == 6
    assert round(lab.kl_formula(60_000)) == 10


def test_formula_is_exact_without_ties() -> None:
    fine = np.full(200_000, 1 / 200_000)
    won = lab.best_of_n(fine, np.arange(200_000.0), 16)
    assert lab.kl(won, fine) == pytest.approx(lab.kl_formula(16), abs=1e-4)
    assert lab.kl(won, fine) < lab.kl_formula(16)


@pytest.mark.parametrize("table", [lab.BROAD, lab.SPIKY])
def test_formula_is_an_upper_bound(table: lab.Table) -> None:
    """Beirami 2024, abstract: upper bound on the KL; win rate at most n/(n+1)."""
    for n in (2, 4, 16, 64, 1024):
        won = lab.best_of_n(table.prob, table.proxy, n)
        assert lab.kl(won, table.prob) <= lab.kl_formula(n)
        ahead = np.where(np.subtract.outer(table.proxy, table.proxy) > 0, 1.0, 0.0)
        ties = np.where(np.equal.outer(table.proxy, table.proxy), 0.5, 0.0)
        assert won @ (ahead + ties) @ table.prob <= n / (n + 1) + 1e-12


def test_kl_numbers_of_the_example() -> None:
    won = lab.best_of_n(lab.SPIKY.prob, lab.SPIKY.proxy, 1024)
    assert lab.kl_formula(1024) == pytest.approx(5.93, abs=5e-3)
    assert lab.kl(won, lab.SPIKY.prob) == pytest.approx(3.91, abs=5e-3)
    assert lab.kl(won, lab.SPIKY.prob) == pytest.approx(math.log(50), abs=1e-6)


# Over-optimisation curves


@pytest.mark.parametrize("alpha, beta", [(1.5, 0.4), (1.0, 0.5)])
def test_peaks_of_the_fitted_curves(alpha: float, beta: float) -> None:
    d = np.linspace(1e-6, 40, 400_001)
    for curve, peak in ((lab.gold_best_of_n, lab.peak_best_of_n), (lab.gold_rl, lab.peak_rl)):
        best = d[np.argmax(curve(d, alpha, beta))]
        assert best == pytest.approx(peak(alpha, beta), abs=2e-4)


def test_gaussian_world_gives_straight_lines() -> None:
    """Reward and error both standard normal: score 2d, true reward d, with d = √KL."""
    grid = np.linspace(-14, 14, 561)
    bell = np.exp(-(grid**2) / 2)
    bell /= bell.sum()
    world = lab.add_error(grid, bell, grid, bell)
    for beta in (2.0, 1.0, 0.5):
        policy = lab.tilt(world.prob, world.proxy, beta)
        d = math.sqrt(lab.kl(policy, world.prob))
        assert d == pytest.approx(1 / beta, rel=1e-6)
        assert policy @ world.true == pytest.approx(d, rel=1e-6)
        assert policy @ world.proxy == pytest.approx(2 * d, rel=1e-6)


# Independent errors of equal variance

INDEPENDENT = [  # n, coin error, power-law error
    (4, 0.881, 0.901),
    (16, 1.496, 1.580),
    (64, 1.952, 1.931),
    (256, 2.305, 1.734),
    (1024, 2.591, 1.089),
    (4096, 2.816, 0.651),
    (65_536, 3.000, 0.250),
]


@pytest.fixture(scope="module")
def independent() -> tuple[lab.Table, lab.Table]:
    value, p_value = lab.coin_sum(6)
    coins = lab.add_error(value, p_value, value, p_value)
    return coins, lab.add_error(value, p_value, *lab.power_law(1.5, 10_000))


def test_independent_errors(independent: tuple[lab.Table, lab.Table]) -> None:
    coins, power = independent
    for table in independent:
        assert table.prob @ (table.proxy - table.true) ** 2 == pytest.approx(1.5)
    for n, light, heavy in INDEPENDENT:
        assert kept(coins, n)[0] == pytest.approx(light, abs=5e-4)
        assert kept(power, n)[0] == pytest.approx(heavy, abs=5e-4)


def test_pair_accuracy_of_independent_errors(independent: tuple[lab.Table, lab.Table]) -> None:
    assert lab.pair_accuracy(independent[0]) == pytest.approx(0.806, abs=5e-4)
    value, p_value = lab.coin_sum(6)
    error, p_error = lab.power_law(1.5, 10_000)
    gap = np.convolve(p_error, p_error[::-1])  # error of one answer minus error of the other
    size = np.arange(gap.size) - (error.size - 1)
    right = total = 0.0
    for i in range(7):
        for j in range(i):
            lead, weight = value[i] - value[j], p_value[i] * p_value[j]
            right += weight * (gap[size > -lead].sum() + gap[size == -lead].sum() / 2)
            total += weight
    assert right / total == pytest.approx(0.815, abs=5e-4)


def mean_at(table: lab.Table, score: float) -> float:
    """Return the mean true reward of answers with that score."""
    here = table.proxy == score
    return float((table.prob * table.true)[here].sum() / table.prob[here].sum())


def test_conditional_means_of_independent_errors(independent: tuple[lab.Table, lab.Table]) -> None:
    coins, power = independent
    rising = [mean_at(coins, score) for score in range(-6, 7)]
    assert np.all(np.diff(rising) > 0)
    assert mean_at(power, 4) == pytest.approx(2.34, abs=5e-3)
    assert mean_at(power, 100) == pytest.approx(0.06, abs=5e-3)
    assert power.prob @ power.true == pytest.approx(0, abs=1e-12)
    error, p_error = lab.power_law(1.5, 10_000)
    assert p_error[error == 0] == pytest.approx(0.013, abs=5e-4)


@pytest.mark.parametrize("seed", range(5))
def test_log_concave_error_never_lets_the_mean_fall(seed: int) -> None:
    """Whatever the distribution of the true reward, if the error is independent of it."""
    p_value = np.random.default_rng(seed).dirichlet(np.full(9, 0.3))
    table = lab.add_error(np.arange(9.0), p_value, *lab.coin_sum(6))
    means = [mean_at(table, score) for score in np.unique(table.proxy)]
    assert np.all(np.diff(means) >= -1e-12)


def test_rarity_of_a_larger_error() -> None:
    """How many times rarer it is to lie above x + 1 than above x, at 2, 4, 20 and 100."""

    def above(x: float) -> float:
        return math.erfc(x / math.sqrt(2)) / 2

    bell = [above(x) / above(x + 1) for x in (2, 4, 20)]
    assert bell == pytest.approx([16.9, 110, 8.4e8], rel=0.005)
    assert 100.5 / math.log(10) > 43  # density falls by e^(x + 1/2), the share above by more
    assert round(math.e, 1) == 2.7  # e^(−x)
    skewed = [above(math.log(x)) / above(math.log(x + 1)) for x in (2, 4, 20, 100)]
    assert skewed == pytest.approx([1.8, 1.5, 1.2, 1.05], abs=0.05)
    assert skewed[3] == pytest.approx(1.05, abs=0.005)
    power = [((x + 1) / x) ** 3 for x in (2, 4, 20, 100)]  # x^(−3)
    assert power == pytest.approx([3.375, 1.95, 1.16, 1.03], abs=0.005)


# The KL penalty


LEASH = [  # β, share of false sources in %, quality, distance
    (8, 3.7, 0.062, 0.01),
    (2, 19.2, 0.205, 0.34),
    (1.5, 34.3, 0.219, 0.79),
    (1, 70.7, 0.140, 2.24),
    (0.5, 99.5, 0.004, 3.86),
]


@pytest.mark.parametrize("beta, share, quality, distance", LEASH)
def test_table_of_the_leash(beta: float, share: float, quality: float, distance: float) -> None:
    policy = lab.tilt(lab.SPIKY.prob, lab.SPIKY.proxy, beta)
    assert 100 * policy[lab.SPIKY.proxy == 5].sum() == pytest.approx(share, abs=0.05)
    assert policy @ lab.SPIKY.true == pytest.approx(quality, abs=5e-4)
    assert lab.kl(policy, lab.SPIKY.prob) == pytest.approx(distance, abs=5e-3)


def test_best_of_nine_beside_the_leash() -> None:
    won = lab.best_of_n(lab.SPIKY.prob, lab.SPIKY.proxy, 9)
    assert 100 * won[lab.SPIKY.proxy == 5].sum() == pytest.approx(16.6, abs=0.05)
    assert lab.kl(won, lab.SPIKY.prob) == pytest.approx(1.11, abs=5e-3)


def test_noise_drops_out_row_by_row() -> None:
    """The small table of judge A at β = 1."""
    share, quality = np.array([0.25, 0.5, 0.25]), np.array([-1.0, 0, 1])
    weights = share * np.exp(quality)
    assert weights == pytest.approx([0.092, 0.5, 0.680], abs=5e-4)
    assert math.cosh(1) == pytest.approx(1.543, abs=5e-4)
    assert weights / weights.sum() == pytest.approx([0.072, 0.393, 0.534], abs=5e-4)


def test_tilted_policies_at_beta_one() -> None:
    perfect = lab.tilt(np.array([0.25, 0.5, 0.25]), np.array([-1.0, 0, 1]), 1)
    broad = lab.tilt(lab.BROAD.prob, lab.BROAD.proxy, 1)
    spiky = lab.tilt(lab.SPIKY.prob, lab.SPIKY.proxy, 1)
    assert broad @ lab.BROAD.true == pytest.approx(math.tanh(0.5))
    assert broad @ lab.BROAD.true == pytest.approx(0.462, abs=5e-4)
    assert perfect @ np.array([-1, 0, 1]) == pytest.approx(math.tanh(0.5))
    assert lab.kl(broad, lab.BROAD.prob) == pytest.approx(0.550, abs=5e-4)
    assert lab.kl(perfect, np.array([0.25, 0.5, 0.25])) == pytest.approx(0.222, abs=5e-4)
    assert spiky @ lab.SPIKY.true == pytest.approx(0.140, abs=5e-4)
    assert spiky @ lab.SPIKY.proxy == pytest.approx(3.67, abs=5e-3)


def test_no_penalty_rescues_the_spiky_model() -> None:
    """Over all β the tilted policy stays far below the best of nine."""
    rewards = [
        float(lab.tilt(lab.SPIKY.prob, lab.SPIKY.proxy, beta) @ lab.SPIKY.true)
        for beta in np.geomspace(0.05, 50, 4001)
    ]
    assert max(rewards) == pytest.approx(0.220, abs=5e-4)
    assert kept(lab.SPIKY, 9)[0] > 3 * max(rewards)


@pytest.mark.parametrize("beta", [4.0, 1.0, 0.3])
def test_independent_light_error_cancels(beta: float) -> None:
    value, p_value = lab.coin_sum(6)
    noisy = lab.add_error(value, p_value, *lab.coin_sum(10))
    with_noise = lab.tilt(noisy.prob, noisy.proxy, beta) @ noisy.true
    assert with_noise == pytest.approx(lab.tilt(p_value, value, beta) @ value)


def test_false_sources_at_beta_one_by_hand() -> None:
    parts = [2 * math.exp(5), 25 * math.e, 46, 25 / math.e]
    assert [round(part) for part in parts] == [297, 68, 46, 9]
    assert pytest.approx(0.707, abs=5e-4) == 297 / 420
    assert pytest.approx(0.140, abs=5e-4) == (68 - 9) / 420
    assert (25 * math.e - 25 / math.e) / (25 * math.e + 50 + 25 / math.e) == pytest.approx(
        0.462, abs=5e-4
    )


@pytest.mark.parametrize("lowest", [-5, -1])
def test_a_cap_close_to_the_best_quality(lowest: int) -> None:
    capped = np.clip(lab.SPIKY.proxy, lowest, 1)
    policy = lab.tilt(lab.SPIKY.prob, capped, 0.1)
    assert policy @ lab.SPIKY.true == pytest.approx(0.926, abs=5e-4)


def test_bounded_errors_unrelated_to_quality() -> None:
    """±5 with 2% each, whatever the quality: best-of-n turns and comes back, a price cancels it."""
    value, p_value = np.array([-1.0, 0, 1]), np.array([0.25, 0.5, 0.25])
    table = lab.add_error(value, p_value, np.array([-5.0, 0, 5]), np.array([0.02, 0.96, 0.02]))
    for n, want in ((9, 0.772), (64, 0.443), (1024, 0.994)):
        assert kept(table, n)[0] == pytest.approx(want, abs=5e-4)
    assert lab.tilt(table.prob, table.proxy, 1) @ table.true == pytest.approx(0.462, abs=5e-4)


def test_catastrophic_numbers() -> None:
    share, tail = 1e-3, (1e6) ** -3
    mean_above = 1.5 * 1e6  # P(score > t) = t^-3 for t >= 1 has density 3 s^-4
    mean = 1.5
    mean_below = (mean - tail * mean_above) / (1 - tail)
    gain = share * mean_above + (1 - share) * mean_below - mean
    assert gain == pytest.approx(1500, abs=0.01)
    assert gain >= share * 1e6
    assert lab.two_part_kl(share, tail) == pytest.approx(0.0335, abs=5e-5)
    assert lab.two_part_kl(share, tail) <= share * math.log(1 / tail)
    assert share * math.log(share / tail) == pytest.approx(0.03454, abs=5e-6)
    assert (1 - share) * math.log(1 - share) == pytest.approx(-0.00100, abs=5e-6)
    assert math.log(share / tail) == pytest.approx(34.5, abs=0.05)
    assert 100 * lab.two_part_kl(share, tail) == pytest.approx(3.4, abs=0.05)
    assert lab.two_part_chi2(share, tail) == pytest.approx(1e12, rel=1e-6)


def test_move_outside_the_reference_is_refused() -> None:
    with pytest.raises(ValueError, match="ref has none"):
        lab.kl(np.array([0.5, 0.5]), np.array([1.0, 0.0]))
    with pytest.raises(ValueError, match="at least 1"):
        lab.best_of_n(np.array([1.0]), np.array([0.0]), 0)
    with pytest.raises(ValueError, match="positive"):
        lab.tilt(np.array([1.0]), np.array([0.0]), 0)
    with pytest.raises(ValueError, match="too large"):
        lab.power_law(10, 1)


# Diversity


@pytest.mark.parametrize(
    "beta, first, nats, kinds",
    [(1, 51.0, 0.693, 2.00), (0.1, 59.9, 0.6735, 1.96), (0.01, 98.2, 0.090, 1.09)],
)
def test_two_equally_good_answers(beta: float, first: float, nats: float, kinds: float) -> None:
    policy = lab.tilt(np.array([0.5, 0.5]), np.array([math.log(51 / 49), 0]), beta)
    assert 100 * policy[0] == pytest.approx(first, abs=0.05)
    assert lab.entropy(policy) == pytest.approx(nats, abs=5e-4)
    assert math.exp(lab.entropy(policy)) == pytest.approx(kinds, abs=5e-3)


def test_entropy_can_rise_first() -> None:
    ref, reward = np.array([0.9, 0.1]), np.array([0.0, 1.0])
    assert lab.entropy(ref) == pytest.approx(0.325, abs=5e-4)
    level = lab.tilt(ref, reward, 1 / math.log(9))
    assert level == pytest.approx([0.5, 0.5])
    assert lab.entropy(level) == pytest.approx(0.693, abs=5e-4)
    assert lab.entropy_slope(ref, reward, 1) > 0 > lab.entropy_slope(ref, reward, 3)
    assert math.log(9) == pytest.approx(2.20, abs=5e-3)


@pytest.mark.parametrize("strength", [0.2, 1.0, 3.0])
def test_entropy_slope_matches_a_difference_quotient(strength: float) -> None:
    ref, reward, h = np.array([0.5, 0.3, 0.2]), np.array([0.0, 2.0, 1.0]), 1e-5
    up, down = (lab.entropy(lab.tilt(ref, reward, 1 / (strength + s * h))) for s in (1, -1))
    assert lab.entropy_slope(ref, reward, strength) == pytest.approx(
        (up - down) / (2 * h), rel=1e-5
    )


def test_entropy_of_the_near_tie_by_hand() -> None:
    first = lab.tilt(np.array([0.5, 0.5]), np.array([math.log(51 / 49), 0]), 0.1)[0]
    assert [first, 1 - first] == pytest.approx([0.599, 0.401], abs=5e-4)
    assert [-math.log(first), -math.log(1 - first)] == pytest.approx([0.513, 0.913], abs=5e-4)
    assert pytest.approx(0.673, abs=5e-4) == 0.599 * 0.513 + 0.401 * 0.913
    assert math.exp(0.673) == pytest.approx(1.96, abs=5e-3)


# Verifiers and audits


def test_hacks_among_passes() -> None:
    solve, hack = np.array([0.5, 0.001]), np.array([0.01, 0.01])
    before, share_before = lab.passing_shares(solve, hack, trained=False)
    after, share_after = lab.passing_shares(solve, hack, trained=True)
    assert 100 * before == pytest.approx(26.05)
    assert 100 * share_before == pytest.approx(3.8, abs=0.05)
    assert after == pytest.approx(1)
    assert 100 * share_after == pytest.approx(46.4, abs=0.05)
    each = 100 * hack / (solve + hack)
    assert each == pytest.approx([1.96, 90.9], abs=0.05)


def test_audits() -> None:
    assert pytest.approx(0.332, abs=5e-4) == 1 - 0.98**20
    over = 1 - 0.98**64
    assert over == pytest.approx(0.726, abs=5e-4)
    assert pytest.approx(150) == 3 / 0.02  # met once with 95%: about 3 / share, if it is small
    assert pytest.approx(0.048, abs=5e-4) == 0.98**150
    assert pytest.approx(0.016, abs=5e-4) == 0.25**3
    assert 0.25**2 > 0.05  # so three audits are needed, and do
    assert (1 - over) ** 20 < 1e-11  # twenty winners of 64 and not one over-scored


def test_gain_split_into_length_and_rest() -> None:
    before, after = np.array([0.8, 0.2]), np.array([0.2, 0.8])
    old, new = np.array([1.0, 2.0]), np.array([1.1, 2.1])
    assert [before @ old, after @ new] == pytest.approx([1.2, 1.9])
    assert after @ (new - old) == pytest.approx(0.1)
    assert pytest.approx(0.14, abs=0.005) == 0.1 / 0.7
    assert (after - before) @ old / 0.7 == pytest.approx(0.86, abs=0.005)


def test_pairs_of_unequal_quality() -> None:
    bad, ordinary, good = 25, 50, 25
    pairs = bad * ordinary + ordinary * good + bad * good
    assert pairs == 3125
    assert 1 - (2 * good + 2 * bad) / pairs == pytest.approx(0.968)
    assert math.exp(4) == pytest.approx(55, abs=0.5)
    assert pytest.approx(math.exp(-3), abs=0.005) == 0.98**150


# Exercises


def test_exercise_two_draws() -> None:
    assert kept(lab.BROAD, 2)[0] == pytest.approx(0.21875)
    assert kept(lab.SPIKY, 2)[0] == pytest.approx(0.355)


def test_exercise_capped_scores() -> None:
    capped = lab.Table(lab.SPIKY.prob, lab.SPIKY.true, np.clip(lab.SPIKY.proxy, -1, 1))
    won = lab.best_of_n(capped.prob, capped.proxy, 1024)
    assert won @ capped.true == pytest.approx(25 / 27)
    assert pytest.approx(0.926, abs=5e-4) == 25 / 27


def test_functions_shown_exist() -> None:
    article = ARTICLE.read_text(encoding="utf-8")
    shown = re.findall(r":pyobject: (\w+)", article)
    assert shown == ["best_of_n", "passing_shares"]
    assert all(hasattr(lab, name) for name in shown)
