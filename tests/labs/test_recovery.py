"""The experiment of "What is RLHF": scores recovered from comparisons."""

from __future__ import annotations

import numpy as np
import pytest

from labs.experiments import what_is_rlhf as lab
from labs.raters import on_scale


def test_comparisons_are_as_many_as_asked_and_of_two() -> None:
    wins = lab.comparisons(on_scale(np.zeros(4)), 50, np.random.default_rng(0))
    assert wins.sum() == 50
    assert np.diag(wins).sum() == 0


def test_better_answers_win_as_often_as_their_score_says() -> None:
    opinion = on_scale(np.array([np.log(3), 0.0]))
    wins = lab.comparisons(opinion, 4000, np.random.default_rng(0))
    assert wins[0, 1] / wins.sum() == pytest.approx(0.75, abs=0.02)


def test_error_ignores_a_common_shift() -> None:
    true = np.array([1.0, 2.0, 4.0])
    assert lab.recovery_error(true + 5, true) == pytest.approx(0)
    assert lab.recovery_error(true + np.array([1, -1, 0]), true) == pytest.approx(np.sqrt(2 / 3))


def test_sixteen_times_the_comparisons_quarter_the_error() -> None:
    """The standard error falls as one over the root of the count; few are off it by the prior."""
    errors = np.mean([lab.recovery(seed, (200, 3200))["error"] for seed in range(10)], axis=0)
    assert errors[0] / errors[1] == pytest.approx(4, abs=1)


def test_stretch_is_the_slope_whatever_the_shift() -> None:
    true = np.array([0.0, 1.0, 3.0])
    assert lab.stretch(0.7 * true + 5, true) == pytest.approx(0.7)


def test_every_click_is_spread_over_the_pairs_asked() -> None:
    for questions, pairs in (("all", 3), ("chain", 2)):
        for count in lab.CLICKS:
            each = lab.asked_each(questions, count)
            assert np.triu(each).sum() == count
            assert each.max() == count / pairs
    assert lab.asked_each("chain", 12)[0, 2] == 0


def test_loop_test_convicts_circles_and_not_scales() -> None:
    rng = np.random.default_rng(0)
    honest, circular = lab.OPINIONS["honest"], lab.OPINIONS["circular"]
    assert lab.refuted(circular, 3000, rng)
    assert not lab.refuted(honest, 3000, rng)
    assert lab.refuted(circular.T, 3000, rng)  # the other way round


def test_members_fitted_alone_have_no_circle() -> None:
    assert lab.off_each(12288, np.random.default_rng(0)) < 0.1
