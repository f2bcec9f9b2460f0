"""What to know before vector indexes, as the article prints it: a drawn net, then small ones."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from figures.results import load
from labs import neighbour_graphs
from labs.charts import vector_index_walk
from labs.nearest import ASKED, squared_distance
from labs.nearest import MESSAGES as EIGHT
from labs.neighbour_graphs import (
    MESSAGES,
    Links,
    area,
    arriving,
    both_ways,
    by_distance,
    circle,
    delaunay,
    express,
    greedy,
    islands,
    near,
    relative,
    spread,
    with_list,
)
from labs.neighbour_walks import (
    Net,
    Vectors,
    down,
    layers,
    neighbours,
    triangles,
    walk,
    wide_walk,
    with_long,
)
from labs.neighbour_walks import near as near_net
from labs.neighbour_walks import spread as spread_net

RESULTS = Path(neighbour_graphs.__file__).parent / "results"


def squared(a: str, b: str) -> float:
    return squared_distance(MESSAGES[a], MESSAGES[b])


# --- the worked example


def test_messages() -> None:
    far = [squared_distance(ASKED, point) for point in MESSAGES.values()]
    assert far == [13, 9, 10, 61, 17, 4, 34, 26, 18, 58, 25, 73, 20, 20]
    assert all(MESSAGES[name] == point for name, point in EIGHT.items())


def test_a_walk_gets_stuck() -> None:
    three = near(MESSAGES, 3)
    assert {name: "".join(three[name]) for name in "GCBKM"} == {
        "G": "CHM",
        "C": "ABGM",
        "B": "ACIK",
        "K": "ABI",
        "M": "ACGH",
    }
    assert greedy(MESSAGES, three, ASKED, "G") == ["G", "C", "B"]
    assert greedy(MESSAGES, three, ASKED, "M") == ["M", "C", "B"]
    assert greedy(MESSAGES, three, ASKED, "D") == ["D", "E", "F"]
    assert len({"G", "C", "B", *three["G"], *three["C"], *three["B"]}) == 8


def test_a_list_leads_out() -> None:
    three = near(MESSAGES, 3)
    assert with_list(MESSAGES, three, ASKED, "G", 3) == (["B", "C", "A"], 8)
    assert with_list(MESSAGES, three, ASKED, "G", 4) == (["F", "B", "C", "A"], 11)
    assert with_list(MESSAGES, spread(MESSAGES), ASKED, "B", 1)[0] == ["B"]
    assert with_list(MESSAGES, spread(MESSAGES), ASKED, "B", 2) == (["F", "B"], 10)
    assert "F" in three["I"]


def test_metrics() -> None:
    assert [round(math.sqrt(squared("F", "B")), 2), math.dist(ASKED, MESSAGES["B"])] == [3.61, 3]
    f, b = np.array(MESSAGES["F"]), np.array(MESSAGES["B"])
    assert (f @ f, f @ b) == (72, 78)


@pytest.mark.parametrize(
    ("links", "each", "arrive", "find"),
    [
        (near(MESSAGES, 2), 2.3, 89, 3),
        (near(MESSAGES, 3), 3.6, 170, 8),
        (spread(MESSAGES), 2.3, 182, 10),
        (relative(MESSAGES), 2.0, 143, 7),
        (delaunay(MESSAGES), 4.3, 182, 14),
    ],
)
def test_five_ways(links: Links, each: float, arrive: int, find: int) -> None:
    assert round(sum(map(len, links.values())) / 14, 1) == each
    assert arriving(MESSAGES, links) == arrive
    ends = [greedy(MESSAGES, links, ASKED, start)[-1] for start in MESSAGES]
    assert ends.count("F") == find
    assert islands(links) == (["ABCEFGHIKMN", "DJL"] if arrive == 89 else ["ABCDEFGHIJKLMN"])


def test_stand_in_rule() -> None:
    order = [(name, squared("B", name)) for name in by_distance(MESSAGES, "B")[:5]]
    assert order == [("K", 4), ("I", 9), ("A", 10), ("C", 13), ("F", 13)]
    kept = spread(MESSAGES)
    assert (kept["B"], squared("A", "C"), squared("I", "F")) == (["K", "I", "A"], 1, 10)
    assert greedy(MESSAGES, kept, MESSAGES["F"], "B") == ["B", "I", "N", "F"]
    assert kept["A"] == ["C", "B"]  # check yourself
    assert [squared(*pair) for pair in ("AC", "AB", "AM", "CB", "CM", "BM")] == [
        1,
        10,
        17,
        13,
        10,
        41,
    ]


def both(links: Links) -> Links:
    """Return the links with each added back."""
    return both_ways(MESSAGES, ((a, b) for a, others in links.items() for b in others))


def test_stand_in_rule_both_ways() -> None:
    links = both(spread(MESSAGES))
    assert round(sum(map(len, links.values())) / 14, 1) == 2.6
    assert arriving(MESSAGES, links) == 182
    assert {greedy(MESSAGES, links, ASKED, start)[-1] for start in MESSAGES} == {"F"}
    ends = [greedy(MESSAGES, links, (0, 5), start)[-1] for start in MESSAGES]
    assert (ends.count("H"), by_distance(MESSAGES | {"?": (0, 5)}, "?")[0]) == (13, "H")


def test_walk_with_a_list_of_four() -> None:
    three, met, told = near(MESSAGES, 3), {"G"}, []
    for name in "GCBAIF":
        new = sorted(set(three[name]) - met, key=lambda one: squared_distance(ASKED, MESSAGES[one]))
        met |= set(new)
        best = sorted(met, key=lambda one: squared_distance(ASKED, MESSAGES[one]))[:4]
        told.append(("".join(sorted(new)), "".join(best)))
    assert told == [
        ("CHM", "CMHG"),
        ("AB", "BCAM"),
        ("IK", "BCAI"),
        ("", "BCAI"),
        ("FN", "FBCA"),
        ("E", "FBCA"),
    ]


def test_measures_disagree() -> None:
    query = np.array(ASKED)
    dots = {name: int(query @ point) for name, point in MESSAGES.items()}
    assert [name for name, dot in dots.items() if dot == max(dots.values())] == ["I", "K"]
    assert (dots["I"], dots["F"]) == (82, 60)
    long = {name: float(np.hypot(*point)) for name, point in MESSAGES.items()}
    angles = {
        name: math.degrees(math.acos(dot / long[name] / float(np.hypot(*ASKED))))
        for name, dot in dots.items()
    }
    assert min(angles, key=angles.__getitem__) == "I"
    assert [round(angles[name]) for name in "IF"] == [4, 11]


def test_three_times_the_best_is_certain() -> None:
    links = spread(MESSAGES)
    for x, y in np.random.default_rng(3).uniform(-2, 14, size=(200, 2)).tolist():
        far = {name: math.dist((x, y), point) for name, point in MESSAGES.items()}
        for start in MESSAGES:
            met, asked = {start}, set[str]()
            while waiting := met - asked:
                name = min(waiting, key=far.__getitem__)
                if far[name] > 3 * min(far[one] for one in met):
                    break
                asked.add(name)
                met |= set(links[name])
            assert min(met, key=far.__getitem__) == min(far, key=far.__getitem__)


def test_three_times_the_best() -> None:
    assert [round(math.dist(ASKED, MESSAGES[name]), 2) for name in "IN"] == [4.24, 4.47]


def test_delaunay_never_fails() -> None:
    rng = np.random.default_rng(0)
    links = delaunay(MESSAGES)
    assert "F" in links["B"]
    for x, y in rng.uniform(-2, 14, size=(200, 2)).tolist():
        true = min(MESSAGES, key=lambda name: squared_distance((x, y), MESSAGES[name]))
        assert {greedy(MESSAGES, links, (x, y), start)[-1] for start in MESSAGES} == {true}
    assert circle((0, 0), (1, 1), (2, 2)) is None


def test_area() -> None:
    corners = area(MESSAGES, "B", [(0, -1), (12, -1), (12, 13), (0, 13)])
    for x, y in np.random.default_rng(0).uniform(0, 12, size=(300, 2)).tolist():
        mine = min(MESSAGES, key=lambda name: squared_distance((x, y), MESSAGES[name])) == "B"
        turns = [
            (u - s) * (y - t) - (v - t) * (x - s)
            for (s, t), (u, v) in zip(corners, [*corners[1:], corners[0]], strict=True)
        ]
        assert mine == all(turn >= 0 for turn in turns)


def test_rings() -> None:
    share = [3 * 4**ring / (4**9 - 1) for ring in (8, 6, 4, 0)]
    assert [f"{one:.1%}" for one in share] == ["75.0%", "4.7%", "0.3%", "0.0%"]
    assert round(share[-1], 5) == 0.00001
    assert round(1 / 9, 2) == 0.11


def test_links_that_halve_the_way() -> None:
    for far, anybody, alike in ((300, 12, 44), (100, 105, 42), (30, 1_165, 46)):
        assert round((512**2 - 1) / (far / 2) ** 2) == anybody
        # the share of a circle of each radius that lies within half the way of the target
        edges = np.linspace(far / 2, 3 * far / 2, 20_001)
        radius = (edges[1:] + edges[:-1]) / 2
        cosine = (radius**2 + far**2 - far**2 / 4) / (2 * radius * far)
        share = np.arccos(np.clip(cosine, -1, 1)) / np.pi
        ring = 4.0 ** np.floor(np.log2(radius))  # a ring's places number 3 π times this
        chance = float((share * 2 * radius / (3 * ring) / 9).sum() * (edges[1] - edges[0]))
        assert abs(1 / chance - alike) < 0.6


def test_drawn_links_can_be_walked() -> None:
    results = load(RESULTS, "vector-index-walk")
    heads = {(row["from"], row["to"]) for row in vector_index_walk._heads(results)}
    links = spread(MESSAGES)
    assert heads == {(a, b) for a in links for b in links[a] if a not in links[b]}
    assert heads == {("C", "F"), ("D", "H"), ("F", "B"), ("N", "J")}


def test_express() -> None:
    assert express(16, 14, (4, 1)) == [0, 4, 8, 12, 13, 14]
    assert max(len(express(16, target, (4, 1))) - 1 for target in range(16)) == 6
    assert round(3 * math.log(65_536, 4)) == 24
    assert round(9 * math.log10(1e6)) == 54


def test_bytes() -> None:
    assert (32 * 4, 32 * 4 * 10e6 / 1e9, 10e6 * 384 * 4 / 1e9) == (128, 1.28, 15.36)


# --- walks over many


@pytest.fixture(scope="module")
def square() -> Vectors:
    return np.random.default_rng(1).random((400, 2)).astype(np.float32)


def test_nets(square: Vectors) -> None:
    found = neighbours(square, 20)
    gaps = ((square[:, None] - square) ** 2).sum(2)
    assert (found[:, 0] == np.argsort(gaps, axis=1)[:, 1]).all()
    wide = np.hstack([square, square, square])
    assert (neighbours(wide, 5) == found[:, :5]).mean() > 0.99
    net = near_net(found, 4)
    assert all(point in net.of(other) for point in range(400) for other in net.of(point).tolist())
    assert net.largest() <= 1
    assert Net(4, np.array([0]), np.array([1])).largest() == 0.5
    assert with_long(square, found, 4, 2, 0, graded=True).each() > net.each()
    assert spread_net(square, found, 12).each() < 5


def test_spread_is_the_rule_of_the_example(square: Vectors) -> None:
    few = square[:40]
    kept = spread_net(few, neighbours(few, 39), 39)
    points = {str(at): (float(x), float(y)) for at, (x, y) in enumerate(few)}
    both = {(int(a), int(b)) for a, others in spread(points).items() for b in others}
    both |= {(b, a) for a, b in both}
    assert {(at, int(other)) for at in range(40) for other in kept.of(at)} == both


def test_walks(square: Vectors) -> None:
    net, rng = triangles(square), np.random.default_rng(2)
    for query in rng.random((50, 2)).astype(np.float32):
        true = int(((square - query) ** 2).sum(1).argmin())
        assert walk(square, net, query, 7)[0] == true
        assert wide_walk(square, net, query, 7, 8)[0] == true
    upper = layers(square, 12, 16)
    assert [one.size for one in upper] == [25]
    assert down(square, upper, square[3])[0] < 25


def test_kept_results_are_what_the_article_says() -> None:
    values = json.loads((RESULTS / "vector-index-walk.json").read_text())["values"]
    starts = [values[f"{key}_starts"]["value"] for key in ("two", "three", "spread", "delaunay")]
    assert starts == [3, 8, 10, 14]
