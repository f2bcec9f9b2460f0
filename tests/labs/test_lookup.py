"""The attention that learns to look up, and what the article says of it."""

from __future__ import annotations

import json

import numpy as np
import pytest

from labs import lookup as lab
from labs.experiments import attention_mechanism as experiment
from labs.run import RESULTS

from .test_attention import said


def test_gradients_are_those_of_the_loss() -> None:
    rng = np.random.default_rng(0)
    weights = lab.matrices(8, lab.ARMS["divided"], rng)
    task = lab.draw(rng)
    slopes, _, _ = lab.gradients(weights, task, 8**-0.5)
    for which, place in ((0, (3, 2)), (1, (5, 7))):
        errors = []
        for step in (1e-6, -1e-6):
            moved = [weight.copy() for weight in weights]
            moved[which][place] += step
            errors.append(lab.gradients(moved, task, 8**-0.5)[1])
        numeric = (errors[0] - errors[1]) / 2e-6
        assert slopes[which][place] == pytest.approx(numeric, rel=1e-4)


def test_scores_at_the_start_have_the_spread_that_the_arm_says() -> None:
    width = 1024
    for name, spread in {"undivided": 32, "divided": 1, "start": 1, "width": 1 / 32}.items():
        arm = lab.ARMS[name]
        found = []
        for seed in range(20):
            rng = np.random.default_rng(seed)
            weights = lab.matrices(width, arm, rng)
            q, k, _ = lab.read(weights, lab.draw(rng), 1)
            found.append((q @ k.T * width**arm.scores).std())
        assert np.mean(found) == pytest.approx(spread, rel=0.2)


def test_errors_of_perfect_and_silent_and_wrong_answers() -> None:
    """0, 1 and 2, as the article says."""
    said("0 is perfect, 1 is what an answer of zeros would get, and 2 is what somebody else's")
    rng = np.random.default_rng(0)
    values = rng.standard_normal((2, 100_000))
    assert (values[0] ** 2).mean() == pytest.approx(1, abs=0.02)
    assert ((values[0] - values[1]) ** 2).mean() == pytest.approx(2, abs=0.04)


def test_it_learns() -> None:
    error, hits = lab.learn(0, 16, lab.ARMS["divided"], lab.Adam(0.01))
    assert error < 0.1
    assert hits > 0.9
    error, _ = lab.learn(0, 16, lab.ARMS["divided"], lab.Descent(1.0))
    assert error < 0.1


def test_first_step_of_adam_is_the_rate() -> None:
    weight = np.zeros((2, 2))
    lab.Adam(0.1).step([weight], [np.array([[3.0, -1e-3], [1e3, 0]])])
    np.testing.assert_allclose(weight, [[-0.1, 0.1], [-0.1, 0]], rtol=1e-4)


def test_what_the_article_says_was_chosen() -> None:
    said("nine learning rates each", "Four ways", f"In every step {lab.ASKED} queries")
    assert len(experiment.RATES) == 9
    assert len(lab.ARMS) == 4
    said(f"random items of {lab.ITEM} numbers, each with a random value of {lab.VALUE}")
    said(f"over the last {lab.LAST} steps")
    said("sixteen random keys", "Sixteen random lists have a random value each")
    assert experiment.KEYS == lab.ITEMS == 16


def test_sentences_about_the_figures_hold() -> None:
    found = json.loads((RESULTS / "attention-mechanism.json").read_text(encoding="utf-8"))
    value = {key: entry["value"] for key, entry in found["values"].items()}
    tops = dict(zip(value["width"], value["top_undivided"], strict=True))
    assert tops[4] < 0.5 < tops[16]  # "Between 4 and 16"
    stuck = dict(zip(value["width"], value["stuck_undivided"], strict=True))
    assert 0.6 < stuck[1024] < 0.7
    assert pytest.approx(0.00001) == experiment.STUCK * 0.01  # "by less than 0.00001"
    undivided, divided = (value[f"error_{arm}_1024"] for arm in ("undivided", "divided"))
    said("the undivided attention learns worse than the divided at every rate tried")
    assert all(a > b for a, b in zip(undivided, divided, strict=True))
    said("at their best rates the other three do about equally well")
    lows = [min(value[f"error_{arm}_1024"]) for arm in ("divided", "start", "width")]
    assert max(lows) < 1.25 * min(lows) < min(undivided) / 5
    best = {
        (arm, width): int(np.argmin(value[f"error_{arm}_{width}"]))
        for arm in lab.ARMS
        for width in value["trained"]
    }
    assert len({best["width", width] for width in value["trained"]}) == 1
    for arm in ("undivided", "divided", "start"):
        assert len({best[arm, width] for width in value["trained"]}) > 1, arm
    assert best["divided", 1024] - best["start", 1024] == 2  # half decades: a tenth
    lowest = [round(min(value[f"error_{arm}_16"]), 2) for arm in lab.ARMS]
    assert (min(lowest), max(lowest)) == (0.03, 0.04)
    said("At width 16 all four reach 0.03 to 0.04")
    gap, later = (
        min(value[key.format("undivided")]) - min(value[key.format("divided")])
        for key in ("error_{}_1024", "long_error_{}")
    )
    assert 0 < later < gap / 2  # "Most of this is delay"
    longer = value["long_rate"][int(np.argmin(value["long_error_undivided"]))]
    assert longer < value["rate"][best["undivided", 1024]]  # "at a lower rate"
    plain = [int(np.argmin(value[f"plain_error_{arm}"])) for arm in ("undivided", "divided")]
    assert plain[1] - plain[0] == 4  # a hundred times smaller
