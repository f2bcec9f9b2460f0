"""Vector indexing, as the article prints it: a ninth message, then what the runs found."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from labs import ninth_message
from labs.graph_without import Nearest, OneLayer
from labs.nearest import ASKED, LINKS, MESSAGES, nearest, squared_distance
from labs.nearest_indexes import Graph
from labs.ninth_message import (
    LEFT_LEVELS,
    NEWCOMER,
    NINE,
    UPPER,
    bytes_each,
    choose,
    coded,
    grown,
    height,
    insert,
    left,
    looked_up,
    means,
    search,
    tables,
    walk,
)

RESULTS = Path(ninth_message.__file__).parent / "results"
MIDDLES = [(7, 3), (3, 9), (1, 2)]
#: Members of the cell that the query opens first.
CELL = "ABCFX"


def far(a: str, b: str) -> float:
    return squared_distance(NINE[a], NINE[b])


# --- HNSW


def test_distances() -> None:
    assert [far("X", name) for name in NINE] == [13, 17, 8, 65, 25, 10, 20, 16, 0]
    from_query = [squared_distance(ASKED, point) for point in NINE.values()]
    assert from_query == [13, 9, 10, 61, 17, 4, 34, 26, 2]
    assert nearest(ASKED, NINE, 3) == ["X", "F", "B"]


def test_height() -> None:
    assert [round(-math.log(0.2), 2), round(math.log(3), 2)] == [1.61, 1.10]
    assert round(-math.log(0.2) / math.log(3), 2) == 1.46
    assert height(0.2, 3) == 1
    assert round(-math.log(0.04) / math.log(3), 2) == 2.93
    assert height(0.04, 3) == 2
    assert round(1e6 / 9, -3) == 111_000
    assert pytest.approx(1e6, rel=0.05) == 16**5
    draws = np.random.default_rng(0).random(20_000)
    assert np.mean([height(1 - draw, 3) >= 1 for draw in draws]) == pytest.approx(1 / 3, abs=0.01)


def test_the_newcomer_is_linked() -> None:
    upper, lower = dict(UPPER), dict(LINKS)
    found = insert("X", upper, lower)
    assert found == {"upper": ["B", "D"], "lower": ["C", "F", "A", "H"]}
    assert upper == {"B": "DX", "D": "BX", "X": "BD"}
    assert lower["X"] == "CFH"
    assert (lower["C"], lower["B"], lower["H"]) == ("AX", "ACF", "GXD")
    assert choose("X", "CFAH", 3) == ["C", "F", "H"]
    assert sorted(MESSAGES, key=lambda name: far("X", name))[:3] == ["C", "F", "A"]
    assert [far("C", name) for name in "FAH"] == [26, 1, 40]
    assert [far("F", name) for name in "AH"] == [29, 34]
    assert [far("H", name) for name in "CX"] == [40, 16]
    assert [name for name, links in lower.items() if "G" in links] == ["H"]


def test_the_walk_of_the_newcomer() -> None:
    asked = []
    lists = []
    seen = {"B": 17.0, "D": 65.0}
    for name, links in (("B", "ACF"), ("C", "H"), ("F", "E"), ("A", ""), ("H", "G")):
        asked.append(name)
        seen |= {other: far("X", other) for other in links}
        lists.append("".join(sorted(seen, key=seen.__getitem__)[:4]))
    assert lists == ["CFAB", "CFAH", "CFAH", "CFAH", "CFAH"]
    assert walk(NEWCOMER, ["B", "D"], LINKS, 4) == (list("CFAH"), seen)


def test_a_loosened_rule_keeps_b() -> None:
    assert (far("C", "B"), far("F", "B"), far("X", "B")) == (13, 13, 17)
    roots = [round(math.sqrt(far(a, b)), 2) for a, b in ("CB", "XB")]
    assert roots == [3.61, 4.12]
    assert round(1.2 * math.sqrt(13), 2) == 4.33
    assert 1.2 * math.sqrt(far("C", "A")) < math.sqrt(far("X", "A"))


def test_a_filter_cuts_g_off_and_h_would_lead_there() -> None:
    _, lower = grown()
    allowed = set("DEG")
    inside = {name: "".join(sorted(set(lower[name]) & allowed)) for name in "DEG"}
    assert inside == {"D": "E", "E": "D", "G": ""}
    assert set(walk(ASKED, ["D"], inside, 3)[1]) == set("DE")
    assert lower["G"] == "H"
    assert {"D", "G"} <= set(lower["H"])


def test_a_query_unlike_the_collection() -> None:
    asked = (12, 12)
    assert nearest(asked, NINE, 3) == ["E", "F", "B"]
    assert [squared_distance(asked, NINE[name]) for name in "EFB"] == [65, 72, 73]
    assert min(MIDDLES, key=lambda middle: squared_distance(asked, middle)) == (3, 9)


def test_gift_cards_share_a_code() -> None:
    assert min(MIDDLES, key=lambda middle: squared_distance((12, 3), middle)) == (7, 3)
    assert {coded(left(point, (7, 3))) for point in ((11, 3), (12, 3), (13, 4))} == {(4, 3)}


def test_searches() -> None:
    assert search(ASKED, 1) == (["X"], 6)
    assert search(ASKED, 3) == (["X", "F", "B"], 8)
    upper, lower = grown()
    start, first = walk(ASKED, ["D"], upper, 1)
    assert (start, set(first)) == (["X"], set("BDX"))
    assert set(walk(ASKED, start, lower, 3)[1]) | set(first) == set("ABCDEFHX")


# --- IVF


def test_k_means() -> None:
    groups, moved = means([NINE[name] for name in "ADG"])
    assert (groups, moved) == (["ABCFX", "DE", "GH"], MIDDLES)
    assert means(moved) == (groups, moved)
    assert [far("F", name) for name in "ADG"] == [29, 41, 50]
    assert [squared_distance(ASKED, middle) for middle in MIDDLES] == [2, 34, 29]
    assert nearest(ASKED, {name: NINE[name] for name in CELL}, 3) == ["X", "F", "B"]


def test_a_border_hides_the_nearest() -> None:
    asked = (4, 6)
    assert squared_distance(asked, NINE["H"]) == 18
    assert [squared_distance(asked, middle) for middle in MIDDLES] == [18, 10, 25]
    assert nearest(asked, NINE, 1) == ["F"]
    assert [squared_distance(asked, NINE[name]) for name in "FEX"] == [4, 5, 10]


# --- PQ


def test_codes() -> None:
    middle = MIDDLES[0]
    rests = {name: left(NINE[name], middle) for name in CELL}
    assert rests == {"A": (1, -2), "B": (2, 1), "C": (0, -2), "F": (-1, 3), "X": (-2, 0)}
    codes = {name: coded(rest) for name, rest in rests.items()}
    assert codes == {"A": (3, 1), "B": (4, 3), "C": (2, 1), "F": (2, 4), "X": (1, 3)}
    assert tables(ASKED, middle) == [[1, 0.5625, 4, 9], [9, 4, 0.0625, 4]]
    found = {name: looked_up(ASKED, middle, code) for name, code in codes.items()}
    assert found == {"A": 13, "B": 9.0625, "C": 9.5625, "F": 4.5625, "X": 1.0625}
    assert {name: looked_up((7, 6), middle, codes[name]) for name in "BX"} == {
        "B": 9.0625,
        "X": 9.0625,
    }
    assert [squared_distance((7, 6), NINE[name]) for name in "BX"] == [8, 13]
    assert [looked_up((4, 6), middle, codes[name]) for name in "FX"] == [7.5625, 6.0625]


def test_levels_are_means_of_what_is_nearest() -> None:
    groups = means([NINE[name] for name in "ADG"])[0]
    pairs = zip(groups, MIDDLES, strict=True)
    rests = [left(NINE[name], middle) for group, middle in pairs for name in group]
    for numbers, levels in zip(zip(*rests, strict=True), LEFT_LEVELS, strict=True):
        for level in levels:
            own = [one for one in numbers if min(levels, key=lambda x: abs(x - one)) == level]
            assert level == np.mean(own)


# --- bytes


def test_bytes() -> None:
    assert bytes_each(768, 4, links=16) == 3_200
    assert 50e6 * bytes_each(768, 4, links=16) == 160e9
    assert 50e6 * bytes_each(768, 4) == pytest.approx(153.6e9)
    assert bytes_each(0, 0, codes=96) == 104
    assert 96 + 8 * 16 == 224
    assert (50e6 * 104, 50e6 * 224) == (5.2e9, 11.2e9)
    assert bytes_each(1_024, 2, links=32) == 2_304
    assert (round(1e7 * 2_304 / 1e9), round(1e7 * 136 / 1e9, 1)) == (23, 1.4)
    layers = 4 * 16 / 15
    assert round(128 + 8 + 4 + layers, 2) == 144.27
    assert round(layers / 144.27, 2) == 0.03
    assert 48 + 8 + 1_024 * 1_536 / 65_536 + 256 * 1_536 / 65_536 == 86


# --- the runs


def test_graphs_with_a_part_taken_out() -> None:
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(300, 16)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    for kind, layers in ((Graph, 2), (OneLayer, 1), (Nearest, 2)):
        graph = kind(vectors, 6, 30, 0)
        graph.grow(300)
        assert len(graph.layers) >= layers
        assert kind is not OneLayer or len(graph.layers) == 1
        hits = [graph.search(vectors[one], 1, 30)[0][0] == one for one in range(0, 300, 10)]
        assert np.mean(hits) > 0.8


def measured(name: str) -> dict[str, Any]:
    values = json.loads((RESULTS / f"{name}.json").read_text())["values"]
    return {key: found["value"] for key, found in values.items()}


def test_the_article_says_what_was_measured() -> None:
    found = measured("vector-indexing")
    assert found["hnsw_bytes"] - 1_536 == pytest.approx(144.30, abs=0.01)
    assert found["ivfpq_bytes"] == pytest.approx(86.1, abs=0.05)
    assert round(65_536 / found["hnsw_needs"], -2) == 200
    assert round((found["ivfpq_needs"] - 1_024) * 48 / 1_000) == 41
    assert 1_024 * 1_536 / 1_000 / found["ivfpq_read"] > 0.85
    assert round(65_536 * 1_536 / 1_000) == 100_663
    gap = np.array(found["ivf_recall"]) - np.array(found["ivfpq_recall"])
    assert np.abs(gap).max() < 0.002  # one line in the chart
    dials = measured("vector-indexing-dials")
    kinds = zip(dials["links"], dials["breadth"], strict=True)
    needs = dict(zip(kinds, dials["graph_needs"], strict=True))
    assert min(needs, key=needs.__getitem__) == (8, 100)
    assert needs[16, 40] <= min(needs[16, breadth] for breadth in (20, 100, 200))
    assert dials["codes_raw"][1] == pytest.approx(dials["codes_raw"][4], abs=0.02)
    rest = measured("vector-indexing-residuals")
    assert rest["rest_error"] / rest["vectors_error"] == pytest.approx(2 / 3, abs=0.03)
    assert rest["rest_length_one"] == pytest.approx(rest["vectors_length_one"], abs=0.005)


def test_parts_taken_out_did_not_matter() -> None:
    found = json.loads((RESULTS / "vector-indexing-own.json").read_text())["values"]
    whole, *fewer = found["without_needs"]["value"]
    spread = max(found["without_needs"]["spread"])
    assert all(abs(some - whole) < 2 * spread for some in fewer)
    assert 512 * 11 == 5_632
