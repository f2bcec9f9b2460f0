"""Simulated raters, and what the article "What is RLHF" says of them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from labs import preferences, raters
from labs.experiments import what_is_rlhf as experiment

ROOT = Path(__file__).parents[2]
ARTICLE = " ".join((ROOT / "articles" / "alignment" / "what-is-rlhf.md").read_text("utf-8").split())
FOUND = json.loads((ROOT / "labs" / "results" / "what-is-rlhf.json").read_text("utf-8"))["values"]
HONEST, CIRCULAR, POOL = (experiment.OPINIONS[name] for name in ("honest", "circular", "pool"))


def kept(key: str, by: str, at: str | float) -> float:
    """Return one member of a series in the results."""
    value: float = FOUND[key]["value"][FOUND[by]["value"].index(at)]
    return value


# Raters


@pytest.mark.parametrize("opinion", experiment.OPINIONS.values(), ids=experiment.OPINIONS)
def test_one_of_two_is_always_preferred(opinion: raters.Array) -> None:
    np.testing.assert_allclose(opinion + opinion.T, 1)


def test_honest_rater_has_the_odds_of_the_article() -> None:
    odds = HONEST / HONEST.T
    assert [odds[0, 1], odds[1, 2], odds[0, 2]] == pytest.approx([3, 2, 6])
    assert "clicks at odds of 3, 2 and 6" in ARTICLE


def test_scale_agrees_with_the_chance_of_a_win() -> None:
    scores = np.array([800.0, 0.3, -800.0])  # without overflow
    for i, j in ((0, 1), (1, 0), (1, 2), (0, 2)):
        win = preferences.win_probability(scores[i], scores[j])
        assert raters.on_scale(scores)[i, j] == pytest.approx(win)


def test_ranker_never_departs_from_the_ranking() -> None:
    opinion = raters.ranker((1, 2, 0))
    assert opinion.tolist() == [[0.5, 0, 0], [1, 0.5, 1], [1, 0, 0.5]]


def test_pool_of_three_rankings_goes_round_two_to_one() -> None:
    assert [POOL[0, 1], POOL[1, 2], POOL[2, 0]] == pytest.approx([2 / 3] * 3)
    assert raters.goes_round(POOL)
    assert raters.goes_round(CIRCULAR)
    assert raters.goes_round(CIRCULAR.T)
    assert not raters.goes_round(HONEST)


def test_careless_share_of_clicks_is_that_of_members() -> None:
    coin = np.full((3, 3), 0.5)
    members = raters.pooled([HONEST] * 4 + [coin])
    np.testing.assert_allclose(raters.inattentive(HONEST, 0.2), members)


def test_inattention_hardly_bends_a_scale() -> None:
    assert preferences.loop_odds(raters.inattentive(HONEST, 0.2), [0, 1, 2]) < 1.2
    assert preferences.loop_odds(raters.inattentive(CIRCULAR, 0.2), [0, 1, 2]) > 12


def test_clicks_are_as_many_as_asked_at_the_rates_of_the_opinion() -> None:
    asked = np.array([[0, 30000, 0], [30000, 0, 60000], [0, 60000, 0]], dtype=float)
    wins = raters.clicks(HONEST, asked, np.random.default_rng(0))
    np.testing.assert_array_equal(wins + wins.T, asked)
    assert wins[0, 1] / 30000 == pytest.approx(3 / 4, abs=0.01)
    assert wins[1, 2] / 60000 == pytest.approx(2 / 3, abs=0.01)


def test_distance_is_in_points_and_over_pairs() -> None:
    assert raters.off_by(np.zeros(3), CIRCULAR) == pytest.approx(25)
    assert raters.off_by(np.log([6.0, 2.0, 1.0]), HONEST) == pytest.approx(0)


def test_chance_of_a_circle_is_the_published_one() -> None:
    """Three voters, three candidates, impartial culture: 5.556%.

    Source: the table of Wikipedia's "Condorcet paradox" as the package elsim reproduces it,
    examples/wikipedia_condorcet_paradox_likelihood.py.
    """
    chance = raters.chance_of_circle(3)
    assert f"{100 * chance:.3f}" == "5.556"


# What the article says of the results in words


def test_square_root_law_without_random_clicks() -> None:
    first, last = kept("error", "comparisons", 50), kept("error", "comparisons", 3200)
    assert 3200 / 50 == 64
    assert 6.5 < first / last < 7.5  # "about a seventh"


def test_random_clicks_stop_the_fall_and_keep_the_order() -> None:
    for ending in ("_careless10", "_careless20"):
        error = FOUND[f"error{ending}"]["value"]
        assert error[-2] / error[-1] < 1.1  # of 1.41 by the square-root law
        assert FOUND[f"best_found{ending}"]["value"][-1] >= 0.9


def test_circular_rater_is_missed_alike_at_any_number_of_clicks() -> None:
    for noise in ("0%", "20%", "40%", "60%", "80%"):
        for clicks in experiment.CLICKS[1:]:
            miss = kept("off", "cell", f"circular all {noise} {clicks}")
            assert miss == pytest.approx(25, abs=0.05)
    assert kept("off", "cell", "honest all 0% 12288") < 0.5
    assert experiment.CLICKS[-1] / experiment.CLICKS[0] == 1024  # "a thousand times"


def test_unasked_pair_is_predicted_surely_and_wrongly() -> None:
    """Odds multiply, 3 by 3; the rater's own preference is a quarter."""
    limit = preferences.chained(0.75, 0.75)
    assert kept("fit_ac", "cell", "circular chain 0% 12288") == pytest.approx(limit, abs=0.005)
    assert CIRCULAR[0, 2] == 0.25
    spread = FOUND["fit_ac"]["spread"]
    cells = FOUND["cell"]["value"]
    few, many = (spread[cells.index(f"circular chain 0% {n}")] for n in (12, 12288))
    assert many < few / 20


def test_raters_who_obey_the_rule_are_seldom_refuted() -> None:
    assert not raters.goes_round(experiment.STEADY)
    for key in ("refuted_honest", "refuted_careless"):
        assert max(FOUND[key]["value"]) < 0.07
    assert kept("refuted_circular", "loop_clicks", 48) > 0.9  # 16 a pair, the article's advice
    assert kept("refuted_pool", "loop_clicks", 96) > 0.9  # 32 a pair


def test_a_steady_ranker_is_missed_and_refuted_all_the_same() -> None:
    """Odds that are the same near and far do not multiply, though the order comes out right."""
    steady = experiment.STEADY
    assert preferences.loop_odds(steady, [0, 1, 2]) == pytest.approx(3)
    scores = preferences.fit_scores(steady * experiment.EVERY_PAIR)
    said = raters.on_scale(scores)
    assert [round(100 * said[i, j]) for i, j in ((0, 1), (1, 2), (0, 2))] == [68, 68, 82]
    assert kept("off_steady", "clicks", 12288) == pytest.approx(raters.off_by(scores, steady), 0.02)
    assert FOUND["refuted_steady"]["value"] == sorted(FOUND["refuted_steady"]["value"])
    assert kept("refuted_steady", "loop_clicks", 384) > 0.8
    careless = raters.inattentive(HONEST, 0.2)
    assert f"{preferences.loop_odds(careless, [0, 1, 2]):.1f}" == "1.1"
    assert "whose product is 1.1" in ARTICLE


def test_what_is_overrated_turns_the_true_score() -> None:
    judged, true = FOUND["far_judged"]["value"], FOUND["far_true"]["value"]
    assert judged == sorted(judged)
    peak = true.index(max(true))
    assert true[: peak + 1] == sorted(true[: peak + 1])
    assert true[peak:] == sorted(true[peak:], reverse=True)
    assert f"far_true[far_price={FOUND['far_price']['value'][peak]}]" in ARTICLE


def test_variety_first_grows_then_goes() -> None:
    shares = np.array([FOUND[f"share_{note}"]["value"] for note in "abc"]).T
    variety = [float(-(row * np.log(row)).sum()) for row in shares]
    assert FOUND["price"]["value"][int(np.argmax(variety))] == "1"


def test_virtual_wins_are_those_that_the_article_owns_up_to() -> None:
    assert experiment.PRIOR_WINS == 1 / 4
    assert "a quarter of a win each way" in ARTICLE
    few = np.array([[0, 4, 4], [0, 0, 4], [0, 0, 0]], dtype=float)
    scores = experiment.fitted(few, experiment.EVERY_PAIR)
    assert np.isfinite(scores).all()
    assert raters.off_by(scores, raters.ranker((0, 1, 2))) > 1  # shrunk, as the article says


def test_cells_are_in_the_order_that_the_live_chart_counts_on() -> None:
    names = ("cell_asked", "cell_noise", "cell_clicks")
    cells = list(zip(*(FOUND[name]["value"] for name in names), strict=True))
    for number, rater in enumerate(experiment.OPINIONS):
        own = [i for i, name in enumerate(FOUND["cell_rater"]["value"]) if name == rater]
        assert own == list(range(60 * number, 60 * (number + 1)))
        for asked, noise, clicks in ((0, 1, 2), (1, 4, 5)):
            cell = cells[own[(asked * 5 + noise) * 6 + clicks]]
            assert cell == (
                list(experiment.ASKED)[asked], experiment.NOISE[noise], experiment.CLICKS[clicks]
            )  # fmt: skip
