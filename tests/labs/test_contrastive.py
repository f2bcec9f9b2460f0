"""Contrastive learning by hand, as the article on sentence encoders prints it."""

from __future__ import annotations

import math

import numpy as np
import pytest

from labs.contrastive import (
    ANSWERS,
    QUESTIONS,
    chances,
    cosent_loss,
    encoder_calls,
    exam_loss,
    margin_loss,
    mean_pooled,
    step,
    triplet_loss,
    unit,
)

TEMPERATURE, RATE = 0.2, 0.5


def test_vectors_have_length_one() -> None:
    for vectors in (QUESTIONS, ANSWERS):
        assert np.allclose(np.linalg.norm(vectors, axis=1), 1)


def test_runs_of_the_network() -> None:
    assert encoder_calls(10_000) == (49_995_000, 10_000)


def test_parcel_question_before_training() -> None:
    scores = QUESTIONS[1] @ ANSWERS.T / TEMPERATURE
    assert np.allclose(scores, [5, 4.8, 4])
    assert np.exp(scores).round(2).tolist() == [148.41, 121.51, 54.60]
    assert round(float(np.exp(scores).sum()), 2) == 324.52


def test_shares_and_loss_before_training() -> None:
    given = chances(QUESTIONS, ANSWERS, TEMPERATURE)
    assert given.round(4).tolist() == [
        [0.6934, 0.2551, 0.0515],
        [0.4573, 0.3744, 0.1682],
        [0.1024, 0.2783, 0.6193],
    ]
    assert (-np.log(np.diag(given))).round(4).tolist() == [0.3661, 0.9824, 0.4791]
    assert round(exam_loss(QUESTIONS, ANSWERS, TEMPERATURE), 4) == 0.6092


def test_the_parcel_question_moves_from_the_mix_to_its_answer() -> None:
    mix = chances(QUESTIONS, ANSWERS, TEMPERATURE)[1] @ ANSWERS
    assert mix.round(4).tolist() == [0.6376, 0.7355]
    away = ANSWERS[1] - mix
    assert away.round(4).tolist() == [-0.0376, 0.0645]
    share = RATE / (TEMPERATURE * 3)
    assert round(share, 4) == 0.8333
    moved = QUESTIONS[1] + share * away
    assert moved.round(4).tolist() == [0.7686, 0.6538]
    assert round(float(np.linalg.norm(moved)), 4) == 1.0091
    assert unit(moved).round(4).tolist() == [0.7617, 0.6479]


def test_after_one_step() -> None:
    questions, answers = step(QUESTIONS, ANSWERS, TEMPERATURE, RATE)
    assert questions.round(4).tolist() == [
        [0.9985, -0.0544], [0.7617, 0.6479], [-0.1104, 0.9939],
    ]  # fmt: skip
    assert answers.round(4).tolist() == [[0.9345, 0.3561], [0.6744, 0.7384], [0.1041, 0.9946]]
    given = chances(questions, answers, TEMPERATURE)
    assert np.diag(given).round(4).tolist() == [0.7941, 0.4898, 0.8124]
    assert round(exam_loss(questions, answers, TEMPERATURE), 4) == 0.3840
    assert given.argmax(axis=1).tolist() == [0, 1, 2]
    asked = np.array([0.6, 0.8])
    assert (answers @ asked).round(4).tolist() == [0.8455, 0.9953, 0.8581]


@pytest.mark.parametrize(
    ("temperature", "shares"),
    [
        (1, [0.3598, 0.3457, 0.2946]),
        (0.2, [0.4573, 0.3744, 0.1682]),
        (0.05, [0.6814, 0.3062, 0.0125]),
        (0.02, [0.8808, 0.1192, 0.0]),
    ],
)
def test_shares_by_temperature(temperature: float, shares: list[float]) -> None:
    assert chances(QUESTIONS, ANSWERS, temperature)[1].round(4).tolist() == shares


def test_the_step_goes_down_the_slope() -> None:
    """Nudging a vector changes the loss as the rule of the step says."""
    given = chances(QUESTIONS, ANSWERS, TEMPERATURE)
    expected = -(ANSWERS[1] - given[1] @ ANSWERS) / TEMPERATURE / 3
    for place in range(2):
        nudge = np.zeros_like(QUESTIONS)
        nudge[1, place] = 1e-6
        up, down = (exam_loss(QUESTIONS + s * nudge, ANSWERS, TEMPERATURE) for s in (1, -1))
        assert math.isclose((up - down) / 2e-6, expected[place], rel_tol=1e-5)


def test_pooling_leaves_out_what_is_filled_up() -> None:
    rows = np.array([[1, 3], [3, 1], [2, 2], [9, 9]])
    assert mean_pooled(rows, [1, 1, 1, 0]).tolist() == [2, 2]
    assert rows.mean(axis=0).tolist() == [3.75, 3.75]


def test_other_losses_on_the_parcel_question() -> None:
    question, right, wrong = QUESTIONS[1], ANSWERS[1], ANSWERS[0]
    assert round(float(np.linalg.norm(question - right)), 4) == 0.2828
    assert round(triplet_loss(question, right, wrong, margin=0.5), 4) == 0.7828
    assert round((1 - 0.96) ** 2, 4) == 0.0016
    assert round(cosent_loss([0.96, 1.0], [1, 0], scale=20), 4) == 1.1711
    assert round(margin_loss([0.9, 0.2], [0.96, 1.0]), 4) == 0.5476


def test_the_parcel_answer_moves_by_its_column() -> None:
    column = chances(QUESTIONS, ANSWERS, TEMPERATURE)[:, 1]
    assert column.round(4).tolist() == [0.2551, 0.3744, 0.2783]
    moved = unit(ANSWERS[1] + RATE / (TEMPERATURE * 3) * (QUESTIONS[1] - column @ QUESTIONS))
    assert moved.round(4).tolist() == [0.6744, 0.7384]


def test_undivided_cosines_cannot_be_sure() -> None:
    assert round(math.e**2, 1) == 7.4
    assert math.e**2 / (math.e**2 + 999) < 0.01


def test_a_guide_and_a_weight_on_the_parcel_question() -> None:
    cosines = QUESTIONS[1] @ ANSWERS.T
    scores = cosines / TEMPERATURE
    ignored = np.exp(scores[1:])
    assert round(float(ignored[0] / ignored.sum()), 4) == 0.69
    weighted = scores + cosines * np.array([1, 0, 1])
    assert np.allclose(weighted, [6, 4.8, 4.8])
    assert round(float(np.exp(weighted[1]) / np.exp(weighted).sum()), 4) == 0.1880


def test_yes_and_no_pairs_and_the_row_of_the_classifier() -> None:
    far = 1 - QUESTIONS[1] @ ANSWERS.T
    assert round(far[1] ** 2 / 2, 4) == 0.0008
    assert round((0.5 - far[0]) ** 2 / 2, 4) == 0.125
    u, v = QUESTIONS[1], ANSWERS[1]
    row = np.concatenate([u, v, abs(u - v)]).round(1)
    assert row.tolist() == [0.8, 0.6, 0.6, 0.8, 0.2, 0.2]


def test_no_question_has_north_and_south_first() -> None:
    answers = np.array([[0, 1], [1, 0], [0, -1], [-1, 0]])
    assert round(float(unit(np.array([1.0, 1.0])) @ answers[0]), 2) == 0.71
    for turn in np.linspace(0, 2 * math.pi, 1000):
        scores = answers @ np.array([math.sin(turn), math.cos(turn)])
        assert set(np.argsort(-scores)[:2].tolist()) not in ({0, 2}, {1, 3})


def test_check_yourself() -> None:
    given = chances(QUESTIONS, ANSWERS, 0.1)[2]
    powers = np.exp([6, 8, 9.6])
    assert powers.round(1).tolist() == [403.4, 2981.0, 14764.8]
    assert round(float(powers.sum()), 1) == 18149.2
    assert round(float(given[2]), 4) == 0.8135
    same = np.tile([1.0, 0.0], (512, 1))
    assert math.isclose(exam_loss(same, same, 0.1), math.log(512))
    assert round(math.log(512), 2) == 6.24


def test_sums_of_the_practice() -> None:
    assert round(1_000_000 / 2_800) == 357
    assert round(1_000_000 / 1_800) == 556
    assert round(1_000_000 / 180 / 3600, 1) == 1.5
    assert round(100 / 1_800, 3) == 0.056
    assert [round(1_000_000 * width * 4 / 1e9, 1) for width in (384, 4096, 256)] == [1.5, 16.4, 1.0]
    assert round(2 * 1024 * 384 * 4 / 1e6, 1) == 3.1
    assert [1_000_000 * 384 * size / 1e6 for size in (4, 1, 1 / 8)] == [1536, 384, 48]


def test_a_second_right_answer_halves_the_share() -> None:
    options = np.vstack([ANSWERS, ANSWERS[1]])
    powers = np.exp(QUESTIONS[1] @ options.T / TEMPERATURE)
    shares = powers / powers.sum()
    assert shares.round(4).tolist() == [0.3327, 0.2724, 0.1224, 0.2724]
    assert round(-math.log(shares[1]), 4) == 1.3004


def test_the_filter_keeps_the_refund_answer_only() -> None:
    cosines = QUESTIONS[1] @ ANSWERS.T
    bound = 0.95 * cosines[1]
    assert round(float(bound), 3) == 0.912
    assert (cosines[[0, 2]] < bound).tolist() == [False, True]
