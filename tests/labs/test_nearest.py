"""Similarity search, as the article prints it: eight messages, then small collections."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from labs import nearest as labs_nearest
from labs import nearest_walks
from labs.experiments.similarity_search import needed
from labs.nearest import (
    ASKED,
    CELLS,
    LEVELS,
    LINKS,
    MESSAGES,
    bucket,
    by_table,
    caught,
    code,
    in_cells,
    nearest,
    recall,
    seconds,
    squared_distance,
    walk,
)
from labs.nearest_contrast import contrast
from labs.nearest_indexes import Cells, Codes, Flat, Graph, Hashes, Vectors
from labs.nearest_walks import BOXES, gap, opened, wide_walk

TRUE = ["F", "B", "C"]
RESULTS = Path(labs_nearest.__file__).parent / "results"


# --- the worked example


def test_exact() -> None:
    far = [squared_distance(ASKED, point) for point in MESSAGES.values()]
    assert far == [13, 9, 10, 61, 17, 4, 34, 26]
    assert nearest(ASKED, MESSAGES, 3) == TRUE
    assert nearest(ASKED, MESSAGES, 5) == ["F", "B", "C", "A", "E"]
    assert recall(["A", "B", "C"], TRUE) == pytest.approx(2 / 3)


def test_middles_are_means() -> None:
    for middle, names in CELLS.items():
        assert middle == tuple(np.mean([MESSAGES[name] for name in names], axis=0))


def test_cells() -> None:
    assert [squared_distance(ASKED, middle) for middle in CELLS] == [8, 20, 29]
    one, two = in_cells(ASKED, 1), in_cells(ASKED, 2)
    assert (nearest(ASKED, one[0], 3), one[1]) == (["B", "C", "A"], 6)
    assert (nearest(ASKED, two[0], 3), two[1]) == (TRUE, 9)


def test_graph(monkeypatch: pytest.MonkeyPatch) -> None:
    assert all(name in LINKS[other] for name, others in LINKS.items() for other in others)
    assert walk(ASKED, "D") == (["D", "E", "F"], 5)
    assert all(walk(ASKED, start)[0][-1] == "F" for start in MESSAGES)
    assert wide_walk(ASKED, "D", 3) == (TRUE, 7)
    assert wide_walk(ASKED, "D", 1) == (["F"], 5)
    assert met_on_the_way("DEHFBAC", 3) == ["EHD", "FEH", "FBE", "FBC"]
    cut = LINKS | {"B": "AC", "F": "E"}
    monkeypatch.setattr(labs_nearest, "LINKS", cut)
    assert walk(ASKED, "C")[0] == ["C", "B"]
    monkeypatch.setattr(nearest_walks, "LINKS", cut)
    assert all("F" not in wide_walk(ASKED, "C", wide)[0] for wide in range(1, 6))
    assert wide_walk(ASKED, "C", 6) == (["F", "B", "C", "A", "E", "H"], 8)


def met_on_the_way(order: str, wide: int) -> list[str]:
    """Return the list of the best after the links of D, E, F and B were looked at."""
    far = {name: squared_distance(ASKED, MESSAGES[name]) for name in order}
    return ["".join(sorted(order[:met], key=far.__getitem__)[:wide]) for met in (3, 4, 5, 7)]


def test_hashing() -> None:
    same = [
        [name for name, point in MESSAGES.items() if bucket(point, table) == bucket(ASKED, table)]
        for table in (0, 1)
    ]
    assert same == [["B"], ["A", "B", "C", "F"]]
    assert round(caught(0.9, 8, 1), 2) == 0.43
    assert round(caught(0.9, 8, 4), 2) == 0.89
    assert round(0.57**4, 2) == 0.11
    assert round(caught(0.5, 8, 4), 3) == 0.016
    assert round(caught(0.67, 8, 1), 2) == 0.04
    assert round(1 - math.degrees(math.acos(0.504)) / 180, 2) == 0.67
    assert round(1 - math.degrees(math.acos(0.068)) / 180, 2) == 0.52
    rho = math.log(0.9) / math.log(0.5)
    assert (round(rho, 2), round(1e6**rho)) == (0.15, 8)
    rho = math.log(0.67) / math.log(0.52)
    assert (round(rho, 2), round(16384**rho, -1)) == (0.61, 380)
    lines = math.log(1 / 16384) / math.log(0.52)
    assert (round(lines), round(lines * 16384**rho, -3)) == (15, 6000)
    assert round(caught(0.52, 8, 1), 3) == 0.005
    assert round(caught(0.52, 8, 64), 1) == 0.3


@pytest.mark.parametrize(("share", "long"), [(0.5, 28), (0.1, 154), (0.01, 1568)])
def test_ten_pass_a_filter_in_19_of_20_queries(share: float, long: int) -> None:
    def enough(length: int) -> float:
        few = range(10)
        return 1 - sum(math.comb(length, n) * share**n * (1 - share) ** (length - n) for n in few)

    assert enough(long - 1) < 0.95 <= enough(long)


def test_tree() -> None:
    assert [gap(ASKED, box) for box in BOXES.values()] == [0, 2.25, 0.25, 2.5]
    assert len(opened()) == 4
    tight = [zip(*(MESSAGES[name] for name in names), strict=True) for names in BOXES]
    boxes = [tuple(zip(*((min(n), max(n)) for n in box), strict=True)) for box in tight]
    around = [[(low, high) for low, high in zip(*box, strict=True)] for box in boxes]
    far = [
        sum((min(max(a, low), high) - a) ** 2 for a, (low, high) in zip(ASKED, box, strict=True))
        for box in around
    ]
    assert far == [0, 10, 26, 17]


def test_codes() -> None:
    kept = {name: by_table(ASKED, code(point)) for name, point in MESSAGES.items()}
    assert [kept[name] for name in "FBAC"] == [4.25, 9.25, 11.25, 11.25]
    assert code(MESSAGES["A"]) == code(MESSAGES["C"])
    assert code(MESSAGES["F"]) == (1, 2)  # counted from 0
    numbers = zip(LEVELS, zip(*MESSAGES.values(), strict=True), strict=True)
    for levels, values in numbers:
        for level in levels:
            near = [one for one in values if min(levels, key=lambda x: abs(x - one)) == level]
            assert level == np.mean(near)
    assert sorted(kept, key=kept.__getitem__)[:4] == ["F", "B", "A", "C"]


def test_random_vectors_stand_apart_less_and_less() -> None:
    tenths, nearest = zip(*map(contrast, (2, 10, 50, 384)), strict=True)
    assert np.round(tenths, 2) == pytest.approx([0.04, 0.41, 0.73, 0.90], abs=0.011)
    assert np.round(nearest, 2) == pytest.approx([0, 0.17, 0.50, 0.78], abs=0.011)
    assert round(math.sqrt((2 - 2 * 0.504) / (2 - 2 * 0.068)), 2) == 0.73


def test_costs() -> None:
    assert round(seconds(1e6, 384, 4, 20e9), 3) == 0.077
    assert [round(seconds(n, 384, 4, 20e9), 4) for n in (1e4, 5e7, 1e9)] == [0.0008, 3.84, 76.8]
    assert [round(1e3 * seconds(n, 384, 4, 4.8e12), 3) for n in (1e4, 1e6, 5e7)] == [
        0.003,
        0.32,
        16,
    ]
    best = math.sqrt(10 * 1e6)
    assert (round(best), round(best + 10 * 1e6 / best)) == (3162, 6325)
    assert round(seconds(20e6, 768, 4, 20e9), 1) == 3.1
    assert round(1 / seconds(1e6, 128, 4, 20e9)) == 39
    assert round(1 / seconds(1_183_514, 100, 4, 20e9)) == 42
    assert round(1 / seconds(1e6, 128, 4, 4.8e12), -2) == 9400
    assert round(1 / seconds(1_183_514, 100, 4, 4.8e12), -3) == 10_000
    assert round(1 / seconds(677_305, 384, 4, 20e9)) == 19
    assert round(10_000 * 256 / 384, -2) == 6700


def test_what_each_halving_of_the_misses_costs() -> None:
    def kept(misses: tuple[float, float], rates: tuple[float, float]) -> float:
        return math.pow(rates[1] / rates[0], 1 / math.log2(misses[0] / misses[1]))

    assert kept((5.547, 0.027), (1904, 266)) == pytest.approx(3 / 4, abs=0.03)
    assert kept((26.81, 0.278), (1735, 80)) == pytest.approx(0.63, abs=0.01)
    assert round(0.544 / 0.027) == 20
    assert round(762 / 266) == 3


def test_hnsw_against_cells_with_codes() -> None:
    """Queries a second at a recall of 95% on VIBE's collections of texts and code."""
    rates = {
        "yahoo": (1466, 1813),
        "agnews": (933, 343),
        "arxiv": (1418, 915),
        "ccnews": (1425, 1100),
        "codesearchnet": (972, 408),
        "gooaq": (1411, 595),
        "simplewiki": (470, 263),
    }
    faster = sorted(round(hnsw / codes, 1) for hnsw, codes in rates.values())
    assert (faster[0], faster[1], faster[-1], len(faster)) == (0.8, 1.3, 2.7, 7)


def test_the_article_says_what_was_measured() -> None:
    found = json.loads((RESULTS / "similarity-search.json").read_text())["values"]
    graph, cells = found["graph_needs"]["value"], found["cells_need"]["value"]
    assert round(16_384 / graph[-1]) == 47  # about a fiftieth
    assert round(cells[-1] / graph[-1]) == 4
    assert round(cells[-1] / cells[0], 1) == 3.5
    assert round(graph[-1] / graph[0], 1) == 1.5


def test_check_yourself() -> None:
    asked = (2, 5)
    assert [squared_distance(asked, middle) for middle in CELLS] == [45, 13, 10]
    assert [squared_distance(asked, MESSAGES[name]) for name in "GHEF"] == [17, 5, 18, 17]
    assert nearest(asked, MESSAGES, 1) == ["H"]
    assert (round(caught(0.8, 4, 1), 2), round(caught(0.8, 4, 5), 2)) == (0.41, 0.93)
    assert round(seconds(4e5, 1024, 2, 40e9), 4) == 0.0205


# --- the indexes


@pytest.fixture(scope="module")
def vectors() -> Vectors:
    rng = np.random.default_rng(0)
    middles = rng.normal(size=(12, 24))
    found = middles[rng.integers(12, size=600)] + 0.4 * rng.normal(size=(600, 24))
    return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True), np.float32)


def test_full_effort_finds_all(vectors: Vectors) -> None:
    query = vectors[-1]
    true, cost = Flat(vectors).search(query, 5)
    assert cost == 600
    assert true.tolist()[0] == 599
    cells = Cells(vectors, 10, 0).search(query, 5, 10)
    codes = Codes(vectors, 6, 16, 0).search(query, 5, 600)
    assert cells[1] == 610
    assert codes[1] == 16 + 600 * 6 / 24 + 600
    graph = Graph(vectors, 8, 40, 0)
    graph.grow(600)
    for found in (cells, codes, graph.search(query, 5, 200)):
        assert found[0].tolist() == true.tolist()


def test_hashes_are_alike_by_angle(vectors: Vectors) -> None:
    lines = Hashes(vectors, 1, 4000, 0)
    a, b = vectors[0], vectors[1]
    same = np.mean((lines.planes[:, 0] @ a > 0) == (lines.planes[:, 0] @ b > 0))
    angle = math.acos(float(a @ b))
    assert same == pytest.approx(1 - angle / math.pi, abs=0.03)


def test_a_vector_shares_its_own_bucket(vectors: Vectors) -> None:
    found, cost = Hashes(vectors, 6, 2, 0).search(vectors[7], 1, 1)
    assert found.tolist() == [7]
    assert cost < 600


def test_graph_has_few_links_and_is_whole(vectors: Vectors) -> None:
    graph = Graph(vectors, 8, 40, 1)
    graph.grow(300)
    graph.grow(600)
    assert max(len(kept) for kept in graph.layers[0].values()) <= 16
    assert len(graph.layers[0]) == 600
    hits = sum(graph.search(vectors[one], 1, 20)[0][0] == one for one in range(0, 600, 20))
    assert hits >= 29


def test_between_two_settings() -> None:
    assert needed([0.9, 1.0], [100, 400], []) == pytest.approx(200)
