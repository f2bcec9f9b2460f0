"""The limits of search, as the article prints them: cells, longer vectors, directions."""

from __future__ import annotations

import math

import numpy as np
import pytest

from labs import nearest as labs_nearest
from labs import nearest_walks
from labs.intrinsic import (
    by_axes,
    by_doubling,
    by_neighbours,
    by_spread,
    by_two,
    gaussian,
    lookalike,
    shuffled,
    typical,
)
from labs.nearest import ASKED, LINKS, MESSAGES
from labs.nearest_walks import wide_walk
from labs.ruling_out import averaged, bounds, least, list_for, near_by_far, repeated, shut

FAR = sorted(math.dist(ASKED, point) for point in MESSAGES.values())


def test_cells() -> None:
    rows = [[round(value, 2) for value in row] for row in bounds(ASKED, MESSAGES).values()]
    assert rows == [[2.83, 2.24, 0.59], [4.47, 3.61, 0.87], [5.39, 1.0, 4.39]]
    assert shut(ASKED, MESSAGES) == shut(ASKED, MESSAGES, 3) == ["GH"]
    assert round(FAR[2], 2) == 3.16
    assert least(1.0, 2.0) == 0


def test_longer() -> None:
    for numbers in (2, 10, 100, 384):
        asked, points = repeated(numbers)
        assert round(near_by_far(asked, points), 2) == 0.46
        assert shut(asked, points) == ["GH"]
    rows = [tuple(round(value, 2) for value in averaged(n, 1_000)) for n in (2, 10, 100, 384)]
    assert rows == [(0.46, 1, 1), (0.73, 0.09, 0.22), (0.92, 0, 0.13), (0.96, 0, 0.12)]


def test_dice() -> None:
    spread = math.sqrt(35 / 12)
    assert round(spread, 1) == 1.7
    assert round(spread / 3.5, 2) == 0.49
    assert 384 * 3.5 == 1344
    assert round(spread * math.sqrt(384)) == 33
    assert round(spread / math.sqrt(384) / 3.5, 3) == 0.025


def test_directions() -> None:
    five = FAR[:5]
    assert [round(far, 2) for far in five] == [2, 3, 3.16, 3.61, 4.12]
    assert [round(five[-1] / far, 2) for far in five[:-1]] == [2.06, 1.37, 1.30, 1.14]
    logs = [math.log(five[-1] / far) for far in five[:-1]]
    assert [round(log, 2) for log in logs] == [0.72, 0.32, 0.27, 0.13]
    assert round(sum(logs), 2) == 1.44
    assert round(by_neighbours(five), 2) == 2.08
    asked, points = repeated(384)
    far = sorted(math.dist(asked, point) for point in points.values())
    assert round(by_neighbours(far[:5]), 2) == 2.08


def test_curse_rule() -> None:
    assert [round((10 / 16384) ** (1 / d), 2) for d in (2, 16, 50, 100)] == [0.02, 0.63, 0.86, 0.93]
    assert (10 / 40) ** (1 / 2) == 0.5
    assert [10 * 2**d for d in (2, 16)] == [40, 655_360]
    assert f"{10 * 2.0**50:.0e}" == "1e+16"
    assert round(10 * 2.0**50 / 1e15) == 11
    assert round(10 * 2.0**100 / 1e30) == 13


def test_filters_and_foreign_queries() -> None:
    assert (list_for(ASKED, "ABC", 3), list_for(ASKED, "DGH", 3)) == (4, 8)
    assert 3 * (8 + 1) / (3 + 1) == 6.75
    foreign = (20, 15)
    assert round(near_by_far(foreign, MESSAGES), 2) == 0.82
    found = {name: round(row[2], 2) for name, row in bounds(foreign, MESSAGES).items()}
    assert (found["ABC"], found["DEF"]) == (15.46, 13.86)
    assert round(min(math.dist(foreign, point) for point in MESSAGES.values()), 2) == 15.56


def test_excess() -> None:
    wrong = sum(math.dist(ASKED, MESSAGES[name]) for name in "BCA")
    assert round(wrong / sum(FAR[:3]), 2) == 1.20


def test_a_missing_link(monkeypatch: pytest.MonkeyPatch) -> None:
    cut = LINKS | {"B": "AC", "F": "E"}
    monkeypatch.setattr(labs_nearest, "LINKS", cut)
    monkeypatch.setattr(nearest_walks, "LINKS", cut)
    assert all("F" not in wide_walk(ASKED, "C", wide)[0] for wide in range(1, 6))
    assert wide_walk(ASKED, "C", 6)[1] == 8


@pytest.mark.parametrize("directions", [3, 8])
def test_estimates_find_the_directions(directions: int) -> None:
    vectors = gaussian(3_000, directions + 1, 24, np.random.default_rng(directions))
    far = np.sqrt(np.maximum(2 - 2 * vectors[:500] @ vectors.T, 0)).astype(np.float64)
    near = np.sort(far, axis=1)[:, 1:41]
    assert typical(near[:, :20]) == pytest.approx(directions, rel=0.09)
    assert by_two(near) == pytest.approx(directions, rel=0.15)
    assert by_doubling(near, 20, 40) == pytest.approx(directions, rel=0.15)
    assert by_axes(vectors)[0] == pytest.approx(directions + 1, rel=0.05)
    assert by_spread(far[:, 500:]) > directions


def test_made_sets() -> None:
    rng = np.random.default_rng(0)
    vectors = gaussian(2_000, 3, 12, rng)
    assert np.linalg.matrix_rank(vectors, tol=1e-3) == 3
    assert by_axes(shuffled(vectors, rng))[0] > 8
    assert by_axes(lookalike(vectors, rng))[0] == pytest.approx(3, rel=0.05)


def test_checks() -> None:
    assert least(7, 4) > 2.5 > least(7, 5)
    assert [round(math.log(4 / far), 3) for far in (1, 2)] == [1.386, 0.693]
    assert round(by_neighbours([1, 2, 2, 4]), 2) == 0.72
    assert 10 / 0.05 == 200


def test_practice() -> None:
    assert 10 / 0.02 == 500
    assert 2_000_000 * 0.02 * 768 * 4 == 122_880_000
    assert round(122_880_000 / 20e9 * 1000) == 6
    assert round(1_000_000 * 768 * 4 / 20e9 * 1000) == 154
    assert round(1e6 ** (1 / 7)) == 7
    assert round(1 / (2 * 1.1**2 - 1), 2) == 0.70
    assert round(1e6 ** (1 / (2 * 1.1**2 - 1)), -3) == 17_000


def test_sample() -> None:
    worst = [1.96 * math.sqrt(0.95 * 0.05 / n) * 100 for n in (100, 500, 2_000)]
    assert [round(points, 1) for points in worst] == [4.3, 1.9, 1.0]
    assert round(21 * 0.04, 2) == 0.84


def test_spread_of_distances() -> None:
    assert round(math.sqrt(2 * 384), 1) == 27.7
    assert round(1 / math.sqrt(2 * 384), 3) == 0.036
    assert round(1 - 4 / math.sqrt(2 * 384), 2) == 0.86
    rng = np.random.default_rng(0)
    far = np.linalg.norm(rng.normal(size=(4_000, 384)) - rng.normal(size=(4_000, 384)), axis=1)
    assert far.mean() == pytest.approx(27.7, abs=0.1)
    assert far.std() == pytest.approx(1, abs=0.05)


def test_farthest() -> None:
    rng = np.random.default_rng(0)
    rows = []
    for numbers in (2, 10, 100, 1_000):
        points = rng.random((16_384, numbers), dtype=np.float32)
        far = [np.linalg.norm(points - rng.random(numbers), axis=1) for _ in range(20)]
        rows.append(float(np.median([row.max() / row.min() for row in far])))
    assert [round(rows[0]), *(round(row, 2) for row in rows[1:])] == [350, 5.73, 1.57, 1.15]


def test_guarantees() -> None:
    assert round((1.2 + 1) / (1.2 - 1)) == 11
    assert round(1.2 / (1.2 - 1)) == 6
    assert round(math.log(1e6) / 0.1**2, -2) == 1_400
    assert round(1 / math.sqrt(384), 2) == 0.05
