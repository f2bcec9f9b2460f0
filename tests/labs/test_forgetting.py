"""Every digit of the article on the limits of fine-tuning, and what its runs are made of."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path

import jax.numpy as jnp
import numpy as np
import pytest

from labs import forgetting as lab
from labs.continual import Recipe, between, importance, tune
from labs.experiments.fine_tuning_limits import drift
from labs.glosses import lines
from labs.texts import encoded, king_james
from labs.tiny import Shape, bits, draw

ROOT = Path(__file__).parents[2]
FILE = ROOT / "articles" / "fine-tuning" / "fine-tuning-limits.md"
ARTICLE = FILE.read_text(encoding="utf-8")
RESULTS = ROOT / "labs" / "results" / "fine-tuning-limits.json"
RECORD = FILE.with_suffix(".record.yaml").read_text(encoding="utf-8")
TINY = Shape(36, width=8, heads=2, layers=1, rows=16)


def said(*texts: str) -> None:
    """Fail unless each text stands in the article, line breaks aside."""
    words = " ".join(ARTICLE.split())
    for text in texts:
        assert text in words, text


def test_functions_shown_exist() -> None:
    shown = re.findall(r":pyobject: (\w+)", ARTICLE)
    assert shown
    assert all(hasattr(lab, name) for name in shown)


# The miniature


def test_two_runs() -> None:
    def row(**how: float) -> str:
        a, b = lab.tune(**how)  # type: ignore[arg-type]
        new, old = lab.answers(a, b)
        return f"{a:g}, {b:g} | {new:g} | {old:g}".replace("-", "−")

    for steps in (1, 2, 3):
        said(f"| {steps} | {row(steps=steps)} | {row(steps=steps, replay=1)} |")
    assert lab.answers(*lab.tune(200)) == pytest.approx((3, 4))
    assert lab.tune(200, replay=1) == pytest.approx((3, -1))
    assert 2 * (1 - 3) == -4
    said("$2 \\times (1 - 3) = -4$", "$1 + 0.25 \\times 4 = 2$")


def test_a_weaker_reminder_gets_there_too() -> None:
    assert lab.tune(400, replay=0.25) == pytest.approx((3, -1))
    slow, fast = (lab.answers(*lab.tune(20, replay=weight))[1] for weight in (0.25, 1))
    assert slow - 2 > 10 * (fast - 2) > 0


def test_springs_and_averages() -> None:
    assert lab.tune(1, pull=1) == lab.tune(50, pull=1) == (2, 1)
    halfway = [(x + y) / 2 for x, y in zip(lab.START, lab.tune(200), strict=True)]
    assert halfway == pytest.approx([2, 1])
    said("| springs, or EWC | 2, 1 | 2 | 3 |", "| average, halfway (below) | 2, 1 | 2 | 3 |")


def test_importance_of_the_miniature() -> None:
    """The old loss rises by half the move times second slopes times the move."""
    second = np.full((2, 2), 2.0)
    for move, cost in (((1, 0), 1), ((1, -1), 0)):
        assert np.array(move) @ second @ np.array(move) / 2 == cost
        old = lab.answers(1 + move[0], 1 + move[1])[1]
        assert (old - 2) ** 2 == cost
    diagonal = np.diag(np.diag(second))
    assert np.array((1, -1)) @ diagonal @ np.array((1, -1)) / 2 == 2


def test_two_right_answers() -> None:
    before, rewarded = np.array([0.6, 0.3, 0.1]), np.array([0, 0.3, 0.1]) / 0.4
    assert rewarded == pytest.approx([0, 0.75, 0.25])
    far = rewarded[1:] @ np.log(rewarded[1:] / before[1:])
    assert far == pytest.approx(math.log(2.5))
    said(f"| {math.log(10):.2f} | {far:.2f} |", "$1 \\times \\ln 10 = 2.30$")
    assert math.log(1 / 0.3) == pytest.approx(1.20, abs=0.005)


def test_forgotten() -> None:
    lost, saved = lab.forgotten(2.0, 2.6, 2.2)
    assert lost == pytest.approx(0.6)
    assert saved == pytest.approx(2 / 3)
    said("from 2.0 to 2.6, and to 2.2 with replay, then 0.6 were lost and replay saved two thirds")


# Does it hold?


def test_shares_saved_and_straight_lines() -> None:
    values = json.loads(RESULTS.read_text(encoding="utf-8"))["values"]
    start, tuned = (values["averaged_old"]["value"][i] for i in (0, -1))
    saved = [lab.forgotten(start, tuned, kept)[1] for kept in values["replay_10_old"]["value"]]
    assert saved[1:3] == pytest.approx([0.30, 0.61], abs=0.005)
    rows = re.findall(r"(?m)^\| (?:one|four) in twenty \| 0\.001 .* \| (\d+)% \|$", ARTICLE)
    assert rows == ["30", "61"]
    for name, line in (("averaged_old", 2.39), ("averaged_new", 3.24)):
        ends = values[name]["value"]
        assert (ends[0] + ends[-1]) / 2 == pytest.approx(line, abs=0.005)
        assert ends[2] < line - 0.1
        said(f"{line}")
    distance, lost = (np.array(values[f"free_{x}"]["value"]) for x in ("kl", "lost"))
    slope, base = np.polyfit(distance, lost, 1)
    foretold = start + base + slope * values["replay_10_kl"]["value"][2]
    assert foretold == pytest.approx(2.50, abs=0.005)
    floor = [values[f"few_{size}_old"]["value"] for size in (4000, 16000, 64000)]
    gaps = [*(x[-1] - x[0] for x in floor), tuned - start]
    assert gaps == pytest.approx([2.9, 1.0, 0.7, 0.6], abs=0.05)
    gap = values["few_64000_new"]["value"][-1] - values["few_64000_known"]["value"][-1]
    assert gap == pytest.approx(0.4, abs=0.05)


# In practice


def test_size_of_a_test() -> None:
    assert lab.visible_fall(0.7, 200) == pytest.approx(0.09, abs=0.005)
    assert lab.visible_fall(0.7, 2000) == pytest.approx(0.03, abs=0.005)
    assert lab.visible_fall_paired(0.1, 200) == pytest.approx(0.045, abs=0.0005)
    said("= 9 points", "With 2,000 it is 3 points", "200 questions show 4.5 points")


def test_chance_gives_such_falls_in_one_of_twenty() -> None:
    rng = np.random.default_rng(1)
    before, after = rng.binomial(200, 0.7, size=(2, 100_000)) / 200
    assert (abs(before - after) > lab.visible_fall(0.7, 200)).mean() == pytest.approx(
        0.05, abs=0.01
    )


def test_a_planned_test_notices_four_falls_of_five() -> None:
    rng = np.random.default_rng(2)
    many = round(lab.questions(0.03, 2 * 0.7 * 0.3))
    before, after = rng.binomial(many, [[0.7], [0.67]], size=(2, 50_000)) / many
    assert (before - after > lab.visible_fall(0.7, many)).mean() == pytest.approx(0.8, abs=0.02)
    assert (many, round(lab.questions(0.03, 0.1))) == (3659, 871)
    assert 2 * math.sqrt(15 + 5) == pytest.approx(8.9, abs=0.05)
    assert lab.questions(0.1, 0.42) / (2**2 * 0.42 / 0.1**2) == pytest.approx(1.96)
    said("= 3,659 questions", "871", "= 8.9$")


def test_no_failure_among_many() -> None:
    assert pytest.approx(0.05, abs=0.002) == (1 - 3 / 330) ** 330
    assert pytest.approx(0.009, abs=0.0005) == 3 / 330
    said("0.9% after 330 requests")


def test_surprise_at_another_wording() -> None:
    assert -math.log2(1 / 10) == pytest.approx(3.3, abs=0.05)
    assert -math.log2(1 / 1000) == pytest.approx(10, abs=0.05)
    said("one chance in ten it costs 3.3 bits, with one in a thousand 10 bits")


def test_budgets() -> None:
    assert lab.old_tokens(10, 0.2) == pytest.approx(2.5)
    assert lab.epochs(300, 16, 500) == 9.6
    said("10 × 0.2 ÷ 0.8 = 2.5 million", "1 ÷ 0.8 = 1.25", "are 9.6 readings")


# Check yourself


def test_checks() -> None:
    _, old = lab.answers(*lab.tune(200, start=(2, 0)))
    assert old == pytest.approx(3)
    assert lab.old_tokens(40, 0.1) == pytest.approx(4.4, abs=0.05)
    assert pytest.approx(1.11, abs=0.005) == 1 / 0.9
    assert lab.visible_fall(0.8, 400) == pytest.approx(0.057, abs=0.0005)
    assert lab.visible_fall_paired(0.1, 400) == pytest.approx(0.032, abs=0.0005)
    said("= 4.4 million", "= 5.7 points", "= 3.2 points")


# Published numbers


def test_averages_of_the_replay_study() -> None:
    """Ibrahim et al. 2024, table 2, prints the mean of both losses."""
    english = [(2.44, 2.50, 2.47), (2.26, 2.50, 2.38), (2.23, 2.51, 2.37), (2.21, 2.51, 2.36)]
    german = [(3.56, 1.11, 2.34), (2.83, 1.12, 1.97), (2.57, 1.12, 1.85), (2.33, 1.16, 1.75)]
    for old, new, mean in english + german:
        assert (old + new) / 2 == pytest.approx(mean, abs=0.0101)
        said(f"| {old:.2f} | {new:.2f} |")
    assert pytest.approx(0.18) == 2.44 - 2.26
    assert pytest.approx(0.27) == 2.44 - 2.17
    assert pytest.approx(0.73) == 3.56 - 2.83
    assert pytest.approx(1.39) == 3.56 - 2.17
    said("0.18 of 0.27 nats near home, 0.73 of 1.39 far from it")
    assert 3.56 / 2.17 > 1.5  # "rose by more than half"


def test_straight_line_of_the_study_of_facts() -> None:
    def right(known: float, unknown: float) -> float:
        return 36.9 + 7.3 * known - 8.3 * unknown

    assert right(0.5, 0.5) == pytest.approx(36.4)
    assert right(0.9 * 0.5, 0.1 * 0.5) == pytest.approx(39.8, abs=0.05)
    said("36.9 + 3.65 − 4.15 = 36.4", "36.9 + 3.29 − 0.42 = 39.8")


def test_record_and_tables_agree() -> None:
    for number in ("25.8", "37.5", "43.2", "88.8", "31.8", "87.5", "58.8"):
        assert f"value: {number}" in RECORD
    said("| never knew | 37.5 → 25.8 |", "| Alpaca, one reading | 5.5 → 31.8% | 0.3 → 16.1% |")


def test_a_larger_rate_doubles_the_harm() -> None:
    small, large = (23.6, 20.6, 15.8, 16.1), (46.4, 37.9, 31.5, 34.2)
    assert all(1.8 < b / a < 2.2 for a, b in zip(small, large, strict=True))
    said(
        "23.6, 20.6, 15.8 and 16.1%",
        "46.4, 37.9, 31.5 and 34.2%",
        "2.5 times as large, Llama did about twice as much",
    )
    assert pytest.approx(2.5) == 5 / 2


def test_two_sides_agree_with_the_record() -> None:
    for number in ("26.3", "22.4", "0.71", "0.96", "68.6", "2.1", "1.5", "87.9", "11.1", "38.5"):
        assert f"value: {number}" in RECORD
    said("| 20 billion tokens of code | learned | 16.2 | 19.6 | 22.4 | 26.3 |")
    assert pytest.approx(0.27, abs=0.001) == 0.52**2


# What the runs are made of


def test_lines_of_a_dictionary() -> None:
    text = (
        '00-database-info\n    about: it\nadjoin\n    v 1: lie adjacent to another; "Canada\n'
        '         adjoins" [syn: {border}]\n    2: be in contact\nborder\n'
        "    v 1: lie adjacent to another\n"
        "adjutant\n    n 1: an officer who\n         acts"
    )
    assert lines(text) == [
        "adjoin: lie adjacent to another",
        "adjoin: be in contact",
        "adjutant: an officer who acts",
    ]


def test_a_strong_pull_keeps_the_start() -> None:
    codes = encoded(king_james()[:5000])
    start = draw(TINY, 0)
    moved = [
        max(float(abs(end[name] - start[name]).max()) for name in start)
        for end in (
            tune(start, TINY, codes, codes, Recipe(5, 1e-3, 4, 1, pull), 0) for pull in (0, 1e6)
        )
    ]
    assert moved[0] > 2 * moved[1]


def test_importance_and_between() -> None:
    codes = encoded(king_james()[:200]).reshape(-1, 20)[:, :17]
    start = draw(TINY, 0)
    weights = importance(start, TINY, codes)
    total = sum(float(weight.sum()) for weight in weights.values())
    assert total / sum(weight.size for weight in weights.values()) == pytest.approx(1, rel=1e-4)
    other = draw(TINY, 1)
    same = between(start, other, 0.0)
    assert float(bits(same, jnp.asarray(codes), TINY).sum()) == pytest.approx(
        float(bits(start, jnp.asarray(codes), TINY).sum())
    )


def test_drift_puts_replay_apart() -> None:
    arms = {
        f"replay_{rate}_{key}": [value, 0.5, 0.4, 0.3]
        for rate in (3, 10, 30)
        for key, value in (("kl", rate / 30), ("old", 2 + rate / 30))
    }
    others = {f"{arm}_{key}": [x + 2 * (key == "old") for x in (0.2, 0.1)]
              for arm in ("spring", "elastic") for key in ("kl", "old")}  # fmt: skip
    averaged = {"averaged_kl": [0.0, 0.3, 1.0], "averaged_old": [2.0, 2.3, 3.0]}
    found = drift(arms | others | averaged)
    assert found["free_fit"] == pytest.approx(1)
    assert len(found["mixed_kl"]) == 9  # type: ignore[arg-type]
