"""The experiment of `rlhf-limits`: a learned reward, and what the article says of its results."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from labs import overoptimisation as lab
from labs.experiments import rlhf_limits as experiment
from labs.preferences import win_probability

RESULTS = Path(__file__).parents[2] / "labs" / "results" / "rlhf-limits.json"


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    values: dict[str, Any] = json.loads(RESULTS.read_text(encoding="utf-8"))["values"]
    return values


def at(found: dict[str, Any], key: str, n: int) -> tuple[float, float]:
    """Return mean and spread of a series along n."""
    place = found["n"]["value"].index(n)
    return found[key]["value"][place], found[key]["spread"][place]


# Selection


@pytest.mark.parametrize("n", [1, 4, 64])
def test_rank_weights_are_best_of_n_without_ties(n: int) -> None:
    size = 500
    won = lab.best_of_n(np.full(size, 1 / size), np.arange(float(size)), n)
    np.testing.assert_allclose(lab.rank_weights(size, n), won, atol=1e-15)


def test_published_best_of_n_of_normal_scores() -> None:
    """Shewhart's d2, the mean range of n normal draws, is twice the mean best of n.

    Values as in the table of the R package SixSigma, vignette "Shewhart Constants".
    """
    score = np.linspace(-9, 9, 20_001)
    prob = np.exp(-(score**2) / 2)
    prob /= prob.sum()
    for n, printed in ((2, 1.1284), (5, 2.3259), (10, 3.0775), (20, 3.7349)):
        best = float(lab.best_of_n(prob, score, n) @ score)
        assert 2 * best == pytest.approx(printed, abs=6e-5)


# The reward model


def test_fitted_weights_balance_surprise_and_prior() -> None:
    rng = np.random.default_rng(0)
    gaps = rng.standard_normal((300, 3))
    weights = lab.fit_reward(gaps)
    missed = np.array([1 - win_probability(lead, 0) for lead in gaps @ weights])
    np.testing.assert_allclose(missed @ gaps, weights, atol=1e-6)


def test_one_trait_by_hand() -> None:
    """Won 3 of 4 with a lead of one: without the prior the weight is ln 3."""
    gaps = np.array([[1.0], [1.0], [1.0], [-1.0]])
    assert lab.fit_reward(np.repeat(gaps, 100_000, axis=0))[0] == pytest.approx(np.log(3), abs=1e-4)
    assert 0 < lab.fit_reward(gaps)[0] < np.log(3)


def test_published_fit_of_the_baseball_season() -> None:
    """Agresti 2002, table 10.11, column 3, as asserted in BradleyTerry2's test-baseball.R.

    Games of 1987, home and away pooled; teams from Milwaukee down to Baltimore. Each game stands
    a thousand times, which leaves the fit and makes the prior negligible.
    """
    wins = np.array([
        [0, 7, 9, 7, 7, 9, 11], [6, 0, 7, 5, 11, 9, 9], [4, 6, 0, 7, 7, 8, 12],
        [6, 8, 6, 0, 6, 7, 10], [6, 2, 6, 7, 0, 7, 12], [4, 4, 5, 6, 6, 0, 6],
        [2, 4, 1, 3, 1, 7, 0],
    ])  # fmt: skip
    rows = [
        np.eye(7)[i] - np.eye(7)[j] for i in range(7) for j in range(7) for _ in range(wins[i, j])
    ]
    weights = lab.fit_reward(np.repeat(np.array(rows), 1000, axis=0))
    printed = [0.68, 1.11, 1.25, 1.29, 1.44, 1.58]
    assert sorted(np.round(weights[:-1] - weights[-1], 2)) == printed


def test_a_fit_that_needs_more_rounds_says_so() -> None:
    with pytest.raises(RuntimeError, match="in 1 rounds"):
        lab.fit_reward(np.ones((5, 1)), rounds=1)


# The simulated answers


@pytest.mark.parametrize("tail", experiment.TAILS)
def test_lengths_are_standardised(tail: str) -> None:
    length = experiment.lengths(tail, 2_000_000, np.random.default_rng(0))
    assert length.mean() == pytest.approx(0, abs=5e-3)
    assert length.var() == pytest.approx(1, abs=0.1)


def test_power_law_falls_with_the_cube() -> None:
    """Shifted to start at 1, P(more than x) is 1/x³."""
    length = experiment.lengths("power", 2_000_000, np.random.default_rng(0))
    start = length * np.sqrt(0.75) + 1.5
    for x in (2, 5):
        assert (start > x).mean() == pytest.approx(x**-3, rel=0.02)


def test_moderate_length_is_best_one_deviation_above_the_mean() -> None:
    world = experiment.WORLDS["moderate"]
    length = np.linspace(-3, 3, 601)
    true = world.true(np.zeros_like(length), length)
    assert length[true.argmax()] == pytest.approx(1)
    np.testing.assert_allclose(true, 2 - (length - 1) ** 2)
    normal = np.exp(-(length**2) / 2) / np.exp(-(length**2) / 2).sum()
    assert normal @ true == pytest.approx(0, abs=0.05)


def test_preferred_answers_are_those_that_raters_approve() -> None:
    gaps = experiment.compared(experiment.World(), "normal", 4000, np.random.default_rng(0))
    quality = gaps[:, : experiment.TRAITS].sum(axis=1)
    assert (quality > 0).mean() > 0.6
    assert gaps[:, -1].mean() == pytest.approx(0, abs=0.05)
    drawn = experiment.compared(experiment.World(taste=3), "normal", 4000, np.random.default_rng(0))
    assert (drawn[:, -1] > 0).mean() > 0.8


def test_rarities_tile_the_ranks() -> None:
    """Weighted with how often each rarity wins, its means give the best of n again."""
    ranked = np.arange(2.0**17)
    edges = np.array(experiment.EDGES)
    means = experiment.by_rarity(ranked)
    for n in (1, 64, 4096):
        share = (1 - edges[1:]) ** n - (1 - edges[:-1]) ** n
        assert share.sum() == pytest.approx(1)
        assert share @ means == pytest.approx(lab.rank_weights(2**17, n) @ ranked, rel=0.02)


def test_exponential_error_stops_at_a_ceiling() -> None:
    """Error at half an exponential: at high scores quality is normal with mean 2."""
    value = np.linspace(-8, 8, 801)
    p_value = np.exp(-(value**2) / 2)
    error = np.linspace(0, 16, 801)
    table = lab.add_error(value, p_value / p_value.sum(), error, np.exp(-2 * error))
    here = np.isclose(table.proxy, 12)
    mean = (table.prob * table.true)[here].sum() / table.prob[here].sum()
    assert mean == pytest.approx(2, abs=1e-3)
    assert experiment.WORLDS["drawn"].taste == 0.5


# What the article says of the results


def test_opening(found: dict[str, Any]) -> None:
    few, few_spread = at(found, "drawn_power_200", 4096)
    many, many_spread = at(found, "drawn_power_20000", 4096)
    assert few > many  # a hundredth did no worse
    assert many_spread < 0.1 < 0.5 < few_spread  # data remove the luck
    low, high = at(found, "score_power", 64)[0], at(found, "score_power", 4096)[0]
    assert 3.5 < high / low < 4  # nearly four times the score


def test_heavier_tails_rank_more_pairs_rightly(found: dict[str, Any]) -> None:
    accuracy = [found[f"accuracy_drawn_{tail}_20000"]["value"] for tail in experiment.TAILS]
    assert accuracy == sorted(accuracy)


@pytest.mark.parametrize("tail, peak", [("lognormal", 64), ("power", 64)])
def test_heavy_tails_turn(found: dict[str, Any], tail: str, peak: int) -> None:
    rewards = found[f"drawn_{tail}_20000"]["value"]
    assert found["n"]["value"][int(np.argmax(rewards))] == peak
    assert 0 < rewards[-1] < max(rewards) / 2


def test_independent_light_tails_do_not_turn(found: dict[str, Any]) -> None:
    for count in experiment.COMPARISONS:
        for tail in ("normal", "exponential"):
            assert np.all(np.diff(found[f"drawn_{tail}_{count}"]["value"]) > 0)
    level, spread = at(found, "drawn_exponential_20000", 4096)
    assert abs(level - 2) < spread


def test_slighter_pull_turns_later(found: dict[str, Any]) -> None:
    drawn, slight = (experiment.WORLDS[name].taste for name in ("drawn", "slight"))
    assert drawn / slight == pytest.approx(5)  # "a fifth as much"
    assert np.all(np.diff(found["slight_power_20000"]["value"]) > 0)  # yet to turn
    late, spread = at(found, "slight_power_20000", 4096)
    assert late + spread < at(found, "slight_normal_20000", 4096)[0]  # though it lags


def test_dependent_light_tail_turns(found: dict[str, Any]) -> None:
    rewards = found["moderate_normal_20000"]["value"]
    assert found["n"]["value"][int(np.argmax(rewards))] == 16
    assert rewards[-1] < 0
    for tail in experiment.TAILS:
        assert found[f"moderate_{tail}_20000"]["value"][-1] < -0.5
        assert np.all(np.diff(found[f"square_{tail}_20000"]["value"]) > 0)


def test_half_the_stakes(found: dict[str, Any]) -> None:
    late, spread = at(found, "gentle_normal_20000", 4096)
    assert abs(late - at(found, "gentle_normal_20000", 1024)[0]) < spread  # flat
    weight = found["weight_gentle_power_20000"]
    assert weight["value"] + 2 * weight["spread"] < 0
    assert np.all(np.diff(found["gentle_power_20000"]["value"]) > 0)


def test_each_error_has_its_own_cure(found: dict[str, Any]) -> None:
    taste, noise = found["last_drawn_power"], found["last_fair_power"]
    form, larger = found["last_moderate_normal"], found["last_square_normal"]
    assert max(taste["value"]) < 1
    assert noise["value"][-1] - noise["spread"][-1] > noise["value"][0]
    assert max(form["value"]) < 0 < min(larger["value"])


def test_entropy_first_rises_where_the_unfamiliar_is_rewarded(found: dict[str, Any]) -> None:
    start = found["reference_entropy"]["value"][0]
    betas = found["beta"]["value"]
    one = betas.index(1)
    assert found["entropy_unfamiliar"]["value"][one] > start
    for name in ("familiar", "neutral"):
        assert np.all(np.diff([start, *found[f"entropy_{name}"]["value"]]) < 0)
    assert found["entropy_neutral"]["value"][betas.index(0.1)] < 1
