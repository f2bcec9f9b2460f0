"""The experiment of "What is RLHF": scores recovered from comparisons."""

from __future__ import annotations

import numpy as np
import pytest

from labs.experiments import what_is_rlhf as lab


def test_comparisons_are_as_many_as_asked_and_of_two() -> None:
    wins = lab.comparisons(np.zeros(4), 50, np.random.default_rng(0))
    assert wins.sum() == 50
    assert np.diag(wins).sum() == 0


def test_better_answers_win_as_often_as_their_score_says() -> None:
    wins = lab.comparisons(np.array([np.log(3), 0.0]), 4000, np.random.default_rng(0))
    assert wins[0, 1] / wins.sum() == pytest.approx(0.75, abs=0.02)


def test_error_ignores_a_common_shift() -> None:
    true = np.array([1.0, 2.0, 4.0])
    assert lab.recovery_error(true + 5, true) == pytest.approx(0)
    assert lab.recovery_error(true + np.array([1, -1, 0]), true) == pytest.approx(np.sqrt(2 / 3))


def test_sixteen_times_the_comparisons_quarter_the_error() -> None:
    """The standard error falls as one over the root of the count; few are off it by the prior."""
    errors = np.mean([lab.run(seed, counts=(200, 3200))["error"] for seed in range(10)], axis=0)
    assert errors[0] / errors[1] == pytest.approx(4, abs=1)
