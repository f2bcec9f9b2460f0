"""Every digit of the primer, recomputed, and its snippets run."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from labs import network as lab

PRIMER = (Path(__file__).parents[2] / "articles" / "primer.md").read_text(encoding="utf-8")
RATE = 0.03


def said(*texts: str) -> None:
    """Fail unless each text stands in the primer, line breaks aside."""
    words = " ".join(PRIMER.split())
    for text in texts:
        assert text in words, text


def shown(number: float) -> str:
    """Return a number of the table, to four digits with a true minus sign."""
    text = f"{number:.4f}"
    return "0.0000" if float(text) == 0 else text.replace("-", "−")


def trained(steps: int) -> list[float]:
    numbers = list(lab.START)
    for _ in range(steps):
        numbers = lab.step(numbers, RATE)
    return numbers


def test_two_steps_are_those_of_the_table() -> None:
    start, first, second = trained(0), trained(1), trained(2)
    for which, name in enumerate(("weight $w$", "bias $b$", "output weight $v$")):
        slopes = [lab.slope(numbers, which) for numbers in (start, first)]
        row = [f"{start[which]:g}", shown(slopes[0]), shown(first[which]), shown(slopes[1])]
        said(f"| {name} | {' | '.join([*row, shown(second[which])])} |")
    losses = [shown(lab.loss(numbers)) for numbers in (start, first, second)]
    said(f"| **loss** | {' | | '.join(losses)} |")


def test_answers_are_those_of_the_table() -> None:
    answers = [[lab.predict(trained(n), hours) for hours, _ in lab.EXAMPLES] for n in range(3)]
    assert answers[0] == [1, 2, 3]
    rows = [", ".join(f"{answer:.2f}" for answer in row) for row in answers[1:]]
    said(f"| 1, 2, 3 | | {rows[0]} | | {rows[1]} |")


def test_slope_by_hand() -> None:
    assert lab.loss([1.01, 0, 1]) == pytest.approx(0.6538, abs=5e-5)
    assert lab.slope(lab.START, 0) == pytest.approx(-4 / 3, abs=1e-6)
    said("from 0.6667 to 0.6538", "−1.3333")


def test_the_shape_can_hold_the_rule() -> None:
    rule = [1.0, -1.0, 2.0]
    assert lab.loss(rule) == 0
    assert lab.predict(rule, 4) == 6


def test_too_large_a_rate_kills_every_slope() -> None:
    numbers = list(lab.START)
    for _ in range(300):
        numbers = lab.step(numbers, 0.2)
    assert [lab.predict(numbers, hours) for hours, _ in lab.EXAMPLES] == [0, 0, 0]
    assert [lab.slope(numbers, which) for which in range(3)] == [0, 0, 0]
    assert lab.predict(numbers, 5) > 0  # so the primer says "to all three" and not "always"
    assert lab.loss(numbers) == pytest.approx(20 / 3)


def test_next_token_table() -> None:
    row, columns = (1, 2), {"the": (-1, 0), "cat": (0, 1), "sat": (1, -1), "mat": (1, 0)}
    scores = [sum(a * b for a, b in zip(row, column, strict=True)) for column in columns.values()]
    assert scores == [-1, 2, -1, 1]
    said("the columns $(-1, 0)$, $(0, 1)$, $(1, -1)$ and $(1, 0)$ is the list $-1, 2, -1, 1$")
    for token, score, p in zip(columns, scores, lab.softmax(scores), strict=True):
        column = f"({columns[token][0]}, {columns[token][1]})".replace("-", "−")
        cells = [str(score).replace("-", "−"), f"{math.exp(score):.4f}", f"{p:.4f}"]
        said(f"| {token} | {column} | {' | '.join(cells)} | {-math.log2(p):.2f} |")
    assert sum(map(math.exp, scores)) == pytest.approx(10.8431, abs=5e-5)


def test_answers_to_the_questions() -> None:
    assert 1 - 0.1 * lab.slope(lab.START, 2) == pytest.approx(1.1333, abs=5e-5)
    assert -math.log2(1 / 8) == 3
    assert -math.log2(1 / 1024) == 10
