"""Scaling laws, as the article prints them, and as their papers do."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import minimize

from labs.scaling import (
    CHINCHILLA,
    REFIT,
    UNROUNDED,
    Law,
    best_split,
    cheapest,
    deviation,
    fit,
    floor_of_three,
    huber,
    matched,
    misfit,
    repaid,
)
from labs.scaling_runs import embeddings, parameters

#: The law of the worked example.
EXAMPLE = Law(2, 128, 128 * 20 ** math.log10(2), math.log10(2), math.log10(2))


@pytest.mark.parametrize(
    ("N", "D", "loss"), [(1e6, 2e9, 4.5), (1e7, 2e8, 4.0), (1e8, 2e7, 4.5), (1e8, 2e9, 3.0)]
)
def test_splits_of_the_example(N: float, D: float, loss: float) -> None:
    assert EXAMPLE.loss(N, D) == pytest.approx(loss, abs=1e-3)


@pytest.mark.parametrize(
    ("N", "loss"), [(1e6, 4.0), (1e7, 3.0), (1e8, 2.5), (1e9, 2.25), (1e10, 2.125)]
)
def test_runs_of_the_example(N: float, loss: float) -> None:
    assert EXAMPLE.loss(N, 1e99) == pytest.approx(loss, abs=1e-6)
    found = [128 / size**0.301 for size in (1e6, 1e7)]
    assert found == pytest.approx([2, 1], abs=1e-3)


def test_best_split_of_the_example_has_twenty_tokens_a_parameter() -> None:
    N, D = best_split(EXAMPLE, 6 * 2e15)
    assert (pytest.approx(1e7, rel=1e-6), pytest.approx(2e8, rel=1e-6)) == (N, D)


def test_a_slip_in_one_run() -> None:
    assert floor_of_three(4, 3, 2.5) == 2
    E = floor_of_three(4, 3, 2.52)
    kept = (2.52 - E) / (3 - E)
    assert (round(E, 2), round(kept, 2)) == (2.08, 0.48)
    assert [round(E + (2.52 - E) * kept**k, 2) for k in (1, 3)] == [2.29, 2.13]
    assert [round(2 + 0.5 * 0.5**k, 2) for k in (1, 3)] == [2.25, 2.06]
    assert round(floor_of_three(4.1, 3, 2.5), 2) == 2.08
    assert [round(0.48**k, 2) for k in (2, 3, 4)] == [0.23, 0.11, 0.05]
    assert round(2.52 - 0.48**2 / (1 - 0.48), 2) == 2.08


def test_floor_of_three_is_the_sum_of_the_falls_still_to_come() -> None:
    a, b, c = 4, 3, 2.52
    r = (b - c) / (a - b)
    assert c - (b - c) * r / (1 - r) == pytest.approx(floor_of_three(a, b, c))
    assert c - (b - c) ** 2 / ((a - b) - (b - c)) == pytest.approx(floor_of_three(a, b, c))


def test_kaplans_split() -> None:
    assert [round(10**power, 1) for power in (0.73, 0.27)] == [5.4, 1.9]


@pytest.mark.parametrize(
    ("slip", "floor", "told"),
    [
        (None, 1.82, (2.19, 1.90)),
        (1, 1.86, (2.20, 1.92)),
        (2, 1.66, (2.17, 1.80)),
        (3, 1.91, (2.22, 1.96)),
    ],
)
def test_a_slip_in_one_of_four_runs(
    slip: int | None, floor: float, told: tuple[float, float]
) -> None:
    runs = [REFIT.loss(37e6 * 3**k, 3.7e9 * 3**k) for k in range(4)]
    assert [round(loss, 3) for loss in runs] == [3.601, 3.026, 2.636, 2.372]
    if slip is not None:
        runs[slip] += 0.01
    E = floor_of_three(*runs[1:])
    kept = (runs[3] - E) / (runs[2] - E)
    assert round(E, 2) == floor
    assert tuple(round(E + (runs[3] - E) * kept**k, 2) for k in (1, 5)) == told
    assert (round(0.999 * 3), round(0.999 * 3**5)) == (3, 243)


@pytest.mark.parametrize(
    ("exponent", "keeps", "halves"),
    [
        (0.050, 0.89, 1_048_576),
        (0.076, 0.84, 9_139),
        (0.178, 0.66, 49.1),
        (0.301, 0.50, 10.0),
        (0.348, 0.45, 7.33),
    ],
)
def test_what_an_exponent_means(exponent: float, keeps: float, halves: float) -> None:
    assert round(10**-exponent, 2) == keeps
    assert 2 ** (1 / exponent) == pytest.approx(halves, rel=1e-3)


def test_chinchilla_and_gopher_by_the_refit() -> None:
    assert round(482.01 / 70e9**0.3478, 4) == 0.0815
    assert round(2085.43 / 1.4e12**0.3658, 4) == 0.0752
    assert round(482.01 / 280e9**0.3478, 4) == 0.0503
    assert round(2085.43 / 300e9**0.3658, 4) == 0.1321
    assert round(REFIT.loss(70e9, 1.4e12), 4) == 1.9739
    assert round(REFIT.loss(280e9, 300e9), 4) == 1.9996


def test_the_paper_s_own_optimum_for_the_budget_of_gopher() -> None:
    """Published: 40 billion parameters (Hoffmann et al.), 20 tokens each (Besiroglu et al.)."""
    told = {law: best_split(law, 5.76e23) for law in (CHINCHILLA, UNROUNDED, REFIT)}
    assert [round(N / 1e9) for N, _ in told.values()] == [32, 40, 72]
    assert [round(D / N) for N, D in told.values()] == [93, 59, 18]
    assert round(0.3658 / (0.3478 + 0.3658), 3) == 0.513
    assert round(0.28 / (0.34 + 0.28), 3) == 0.452
    assert round(0.3478 * 0.3658 / (0.3478 + 0.3658), 3) == 0.178
    assert round(0.34 * 0.28 / (0.34 + 0.28), 3) == 0.154


def test_tokens_a_parameter_by_budget() -> None:
    told = {C: best_split(REFIT, C) for C in (1e20, 1e26)}
    assert [round(D / N) for N, D in told.values()] == [23, 16]


def test_the_printed_constants_do_not_give_twenty() -> None:
    """Tokens a parameter for 10^20, 10^22, Gopher's budget and 10^26 FLOP; and where 70 are."""
    budgets = (1e20, 1e22, 5.76e23, 1e26)
    for law, ratios in ((CHINCHILLA, [40, 63, 93, 153]), (UNROUNDED, [28, 42, 59, 93])):
        assert [round(D / N) for N, D in (best_split(law, C) for C in budgets)] == ratios
    for law, C in ((CHINCHILLA, 3e22), (UNROUNDED, 4e24)):
        N, D = best_split(law, C)
        assert round(D / N) == 70


def test_the_line_of_llama_3() -> None:
    assert round(0.29 * 3.8e25**0.53 / 1e12) == 10
    assert round(0.295 * 3.8e25**0.535 / 1e12) == 14
    assert round(0.299 * 3.8e25**0.537 / 1e12, 1) == 16.3
    assert f"{6 * 402e9 * 16.55e12:.1e}" == "4.0e+25"
    assert f"{6 * 405e9 * 15.6e12:.1e}" == "3.8e+25"


@pytest.mark.parametrize(
    ("law", "missed"), [(CHINCHILLA, (0.3, 5.4)), (Law(1.69, 400, 400, 0.31, 0.31), (0.0, 0.0))]
)
@pytest.mark.parametrize("C", [1e18, 1e21])
def test_a_parabola_misses_the_bottom_of_a_valley(
    law: Law, missed: tuple[float, float], C: float
) -> None:
    best, _ = best_split(law, C)
    for reach, share in zip((2, 16), missed, strict=True):
        sizes = best * np.geomspace(1 / reach, reach, 15)
        loss = [law.loss(N, C / (6 * N)) for N in sizes]
        bend, slope, _ = np.polyfit(np.log(sizes / best), loss, 2)
        assert round(100 * (math.exp(-slope / (2 * bend)) - 1), 1) == pytest.approx(share)


def test_an_error_of_the_exponent_grows_with_the_distance() -> None:
    tenfolds = math.log10(5.76e23 / 3e21)
    assert round(tenfolds, 1) == 2.3
    assert round(10 ** (0.051 / 2 * tenfolds), 2) == 1.14


@pytest.mark.parametrize(
    ("times", "text", "size"),
    [
        (2, 1.97, 1.91),
        (4, 3.73, 3.29),
        (8, 6.62, 4.89),
        (16, 10.58, 5.99),
        (40, 15.17, 6.31),
        (math.inf, 16.39, 6.31),
    ],
)
def test_what_rereading_is_worth(times: float, text: float, size: float) -> None:
    for fades, worth in ((15.387756, text), (5.309743, size)):
        assert round(1 + fades * (1 - math.exp(-(times - 1) / fades)), 2) == worth
    assert round(1 - math.exp(-1 / 15.387756), 2) == 0.06
    found = [math.exp(x) for x in (0.6254804, 6.255414, 7.3049974)]
    assert [round(x, 2) for x in found[:1]] + [round(x) for x in found[1:]] == [1.87, 521, 1488]


def test_tokens_a_parameter_in_the_published_table() -> None:
    sizes = [4e8, 1e9, 1e10, 67e9, 175e9, 280e9, 1e12, 1e13]
    tokens = [8e9, 20.2e9, 205.1e9, 1.5e12, 3.7e12, 5.9e12, 21.2e12, 216.2e12]
    found = [round(D / N) for N, D in zip(sizes, tokens, strict=True)]
    assert found == [20, 20, 21, 22, 21, 21, 21, 22]


def test_kaplans_steps_hardly_grow() -> None:
    assert (round(10**0.24, 1), round(10**0.03, 2), round(8**0.74, 1)) == (1.7, 1.07, 4.7)


def test_what_gpt_3_could_have_been() -> None:
    N = math.sqrt(6 * 175e9 * 300e9 / 120)
    assert (round(N / 1e9), round(20 * N / 1e12, 1), round(3.5e12 / 300e9)) == (51, 1.0, 12)


def test_the_valley_flattens() -> None:
    for C, costs in ((1e20, 0.023), (1e24, 0.004)):
        N, D = best_split(REFIT, C)
        assert round(REFIT.loss(N / 2, 2 * D) - REFIT.loss(N, D), 3) == costs


def test_what_another_size_costs() -> None:
    assert round(deviation(REFIT, 1 / 2)[0], 4) == 1.0306
    assert round(1.0306 ** (1 / 0.178), 2) == 1.18
    assert round(1 - 1.0306 ** (-1 / 0.178), 2) == 0.16
    found = [deviation(REFIT, factor) for factor in (1 / 8, 1 / 4, 1 / 2, 2, 4)]
    assert [round(gap, 2) for gap, _ in found] == [1.28, 1.12, 1.03, 1.03, 1.13]
    assert [round(waste, 2) for _, waste in found] == [0.75, 0.48, 0.16, 0.16, 0.49]
    N, D = best_split(REFIT, 1e24)
    other = best_split(REFIT, 1e24 * (1 - found[1][1]))
    assert REFIT.loss(N / 4, D * 4) == pytest.approx(REFIT.loss(*other), abs=1e-9)


def test_the_plan() -> None:
    C = 1000 * 2_592_000 * 989e12 * 0.4
    assert f"{C:.3g}" == "1.03e+24"
    N = math.sqrt(1.03e24 / 120)
    assert (round(N / 1e9), round(20 * N / 1e12, 2)) == (93, 1.85)
    assert round(REFIT.loss(N, 20 * N), 4) == 1.9590
    assert round(20 * N / 3.73 / 1e12, 2) == 0.50


def test_a_small_model_repays_its_training() -> None:
    small = (8e9, 15e12)
    assert f"{6 * small[0] * small[1]:.3g}" == "7.2e+23"
    loss = REFIT.loss(*small)
    assert round(loss, 4) == 2.0221
    large = matched(REFIT, loss)
    assert (round(large[0] / 1e9), round(large[1] / 1e12, 2)) == (34, 0.64)
    assert f"{6 * large[0] * large[1]:.3g}" == "1.31e+23"
    assert round(large[0] / small[0], 1) == 4.2
    assert repaid(small, large) == pytest.approx(1.1e13, rel=0.05)


def local(N: float, D: float) -> float:
    """Return the slope of the whole loss against size, both logarithmic."""
    gap = CHINCHILLA.A / N**CHINCHILLA.alpha
    return CHINCHILLA.alpha * gap / CHINCHILLA.loss(N, D)


def test_kaplans_exponent_is_a_slope_of_the_whole_loss() -> None:
    assert round(406.4 / 1e9**0.34, 3) == 0.354
    assert [round(CHINCHILLA.loss(1e9, D), 2) for D in (2e10, math.inf)] == [2.58, 2.04]
    assert [round(local(1e9, D), 3) for D in (2e10, math.inf)] == [0.047, 0.059]
    assert [round(local(N, math.inf), 3) for N in (1e6, 1e8)] == [0.234, 0.107]
    counted = np.geomspace(1e6, 1.5e9, 400)
    for added, slope in ((0, 0.13), (47491, 0.09)):
        loss = [CHINCHILLA.loss(N, math.inf) for N in counted + added * counted ** (1 / 3)]
        assert round(-np.polyfit(np.log(counted), np.log(loss), 1)[0], 2) == slope


def test_patterns_that_grow_rare_by_a_power() -> None:
    weight = np.arange(1, 3_000_001) ** -1.35
    beyond = weight[::-1].cumsum()[::-1] + 3e6**-0.35 / 0.35
    assert beyond[10_000] / beyond[1_000] == pytest.approx(10**-0.35, rel=1e-3)
    assert round(10**-0.35, 2) == 0.45


@pytest.mark.parametrize(
    ("served", "size", "ratio", "work", "saved"),
    [
        (0, 96, 18, 1.00, 0),
        (1e12, 79, 27, 1.17, 2),
        (1e13, 48, 90, 2.22, 24),
        (1e14, 29, 500, 8.36, 59),
    ],
)
def test_serving_makes_the_best_model_smaller(
    served: float, size: int, ratio: int, work: float, saved: int
) -> None:
    best = best_split(REFIT, 1e24)
    loss = REFIT.loss(*best)
    assert round(loss, 4) == 1.9597
    N, D, found = cheapest(REFIT, loss, served)
    assert (round(N / 1e9), round(D / N), round(found / 1e24, 2)) == (size, ratio, work)
    assert round(100 * (1 - found / (1e24 + 2 * best[0] * served))) == saved


def test_checked_answers() -> None:
    assert math.log2(200) == pytest.approx(7.64, abs=0.005)
    assert round(10 ** (6 + math.log2(200)) / 1e12) == 44
    N = math.sqrt(1e22 / 120)
    assert (round(N / 1e9, 1), round(20 * N / 1e9)) == (9.1, 183)
    assert [round(x, 4) for x in (482.01 / N**0.3478, 2085.43 / (20 * N) ** 0.3658)] == [
        0.1655,
        0.1584,
    ]
    assert round(REFIT.loss(N, 20 * N), 4) == 2.1411
    assert round(482.01 / 1.75e11**0.3478, 4) == 0.0593


def test_a_smooth_loss_and_a_sudden_ability() -> None:
    losses = [1, 0.5, 0.25, 0.125, 0.0625]
    assert [round(100 * math.exp(-loss)) for loss in losses] == [37, 61, 78, 88, 94]
    ten = [100 * math.exp(-10 * loss) for loss in losses]
    assert [round(x, 3) for x in ten[:1]] == [0.005]
    assert [round(x, 1) for x in ten[1:2]] == [0.7]
    assert [round(x) for x in ten[2:]] == [8, 29, 54]


def test_huber() -> None:
    found = huber(np.array([0.0, 1e-3, -1e-2]))
    assert found.tolist() == pytest.approx([0, 5e-7, 1e-3 * (1e-2 - 5e-4)])


def test_fit_finds_the_law_behind_exact_losses() -> None:
    law = Law(1.2, 15.0, 90.0, 0.3, 0.35)
    N, D = np.meshgrid(np.geomspace(2e3, 6e4, 5), np.geomspace(1e5, 1e6, 4), indexing="ij")
    runs = np.array([(n, d, law.loss(n, d)) for n, d in zip(N.ravel(), D.ravel(), strict=True)])
    again = fit(runs)
    assert again.loss(1e6, 1e7) == pytest.approx(law.loss(1e6, 1e7), rel=2e-3)
    assert misfit(again, runs) < 1e-6


def test_sizes_of_the_tiny_models() -> None:
    assert [parameters(width) for width in (8, 48, 96)] == [2152, 58992, 228576]
    assert [embeddings(width) for width in (8, 48)] == [576, 3456]


@pytest.mark.parametrize(
    ("N", "D", "ratio"),
    [
        (280e9, 0.3e12, 1.1),
        (175e9, 0.3e12, 1.7),
        (70e9, 1.4e12, 20),
        (405e9, 15.6e12, 39),
        (37e9, 14.8e12, 400),
        (22e9, 36e12, 1636),
        (32e9, 15.5e12, 484),
        (49e9, 33e12, 673),
        (8e9, 15e12, 1875),
    ],
)
def test_tokens_a_parameter_of_models(N: float, D: float, ratio: float) -> None:
    assert round(D / N, 1 if ratio < 10 else None) == ratio


def test_ten_times_the_compute() -> None:
    loss = [REFIT.loss(*best_split(REFIT, C)) for C in (1e24, 1e25)]
    assert [round(x, 3) for x in loss] == [1.960, 1.912]
    assert round((loss[1] - REFIT.E) / (loss[0] - REFIT.E), 2) == 0.66
    assert round(math.exp(loss[0] - loss[1]), 2) == 1.05


def test_a_higher_floor_fits_the_tiny_runs_worse() -> None:
    """And what else the article says of the experiment beside its numbers."""
    kept = Path(__file__).parents[2] / "labs/results/scaling-laws.json"
    found = json.loads(kept.read_text(encoding="utf-8"))["values"]
    of = {name: np.array(entry["value"]) for name, entry in found.items()}
    runs = np.stack([of["run_size"], of["run_length"], of["run_bits"]])
    N, D, loss = np.log(runs)

    def away(x: list[float], floor: float) -> float:
        told = floor + np.exp(x[0] - x[2] * N) + np.exp(x[1] - x[3] * D)
        return float(huber(np.log(told) - loss).sum())

    misfits = []
    for floor in (of["floor"][0], 0.5, 1.0, 1.5):
        start = [math.log(of["a"][0]), math.log(of["b"][0]), 0.13, 0.24]
        for _ in range(4):
            options = {"maxiter": 4000, "maxfev": 4000, "xatol": 1e-6, "fatol": 1e-12}
            start = minimize(away, start, (floor,), method="Nelder-Mead", options=options).x
        misfits.append(away(start, floor))
    assert misfits == sorted(misfits)
    assert of["floor_high"] < 0.0067 * runs[2].max()
    work = runs[0] * runs[1]
    cheapest_first = runs[2][np.argsort(work)]
    assert (cheapest_first <= np.minimum.accumulate(cheapest_first)).sum() == 8
    held = of["held_size"] * of["held_length"]
    assert [round(x, 1) for x in held / work.max()] == [3.9, 7.7]
