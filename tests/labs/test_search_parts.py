"""The building blocks of similarity search, as the article prints them."""

from __future__ import annotations

import json
import math
from pathlib import Path

import faiss
import numpy as np
import pytest

from labs import search_parts
from labs.collection import SEARCHED, sample
from labs.experiments import similarity_search_building_blocks as experiment
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
    nearest,
    squared_distance,
)
from labs.search_forest import Node, fallen, halfway, tree
from labs.search_parts import (
    by_parts,
    code_bytes,
    cosine,
    dot,
    hamming,
    jaccard,
    least,
    manhattan,
    parts,
    rest_code,
    stands_for,
    with_number,
)

RESULTS = Path(search_parts.__file__).parent / "results" / "similarity-search-building-blocks.json"
MIDDLE = {name: middle for middle, names in CELLS.items() for name in names}


def answers(point: tuple[float, float]) -> tuple[bool, ...]:
    """Return the answers to the four questions of both hash tables."""
    return bucket(point, 0) + bucket(point, 1)


# --- the whole in miniature


def test_rests_and_their_codes() -> None:
    rough = {
        name: squared_distance(ASKED, stands_for(rest_code(name, middle), middle))
        for name, middle in MIDDLE.items()
    }
    rounded = {name: round(rough[name], 2) for name in "ABCDEF"}
    assert rounded == {"A": 13, "B": 11.11, "C": 10, "D": 61, "E": 20.69, "F": 4.44}
    assert stands_for(rest_code("F", (4, 8)), (4, 8)) == pytest.approx((4 + 4 / 3, 6))
    assert sorted("ABCDEF", key=rough.__getitem__)[:3] == ["F", "C", "B"]


def test_composed() -> None:
    assert by_parts(ASKED, 2, 3) == ["F", "B", "C"] == nearest(ASKED, MESSAGES, 3)
    assert by_parts(ASKED, 1, 3) == ["B", "C", "A"]


def test_a_filter_leaves_nothing_of_one_cell() -> None:
    allowed = {name for name, point in MESSAGES.items() if point[1] > 5}
    near = sorted(CELLS, key=lambda middle: squared_distance(ASKED, middle))
    opened = [{name for middle in near[:probes] for name in CELLS[middle]} for probes in (1, 2)]
    assert opened == [set("ABC"), set("ABCDEF")]
    assert [allowed & one for one in opened] == [set(), set("DEF")]
    assert sorted(allowed, key=lambda name: squared_distance(ASKED, MESSAGES[name])) == list("FED")


def test_rests_miss_a_third_of_what_plain_levels_miss() -> None:
    plain = sum(
        squared_distance(point, [LEVELS[at][which] for at, which in enumerate(code(point))])
        for point in MESSAGES.values()
    )
    rests = sum(
        squared_distance(MESSAGES[name], stands_for(rest_code(name, middle), middle))
        for name, middle in MIDDLE.items()
    )
    assert (plain, round(rests, 2)) == (3.5, 1.17)


# --- distances


def test_who_is_near() -> None:
    order = sorted(MESSAGES, key=lambda name: manhattan(ASKED, MESSAGES[name]))
    assert order[:3] == ["F", "B", "C"]
    dots = {name: dot(ASKED, point) for name, point in MESSAGES.items()}
    assert sorted(dots, key=dots.__getitem__)[:-4:-1] == ["B", "E", "F"]
    assert [dots[name] for name in "BEFA"] == [70, 62, 60, 52]
    likeness = {name: round(cosine(ASKED, point), 6) for name, point in MESSAGES.items()}
    assert max(likeness, key=likeness.__getitem__) == "B"
    assert likeness["F"] == likeness["G"]
    assert round(likeness["F"], 3) == 0.981
    assert sorted(likeness.values())[-4] < likeness["F"]
    differ = {name: hamming(answers(ASKED), answers(point)) for name, point in MESSAGES.items()}
    assert {name: differ[name] for name in "BACF"} == {"B": 0, "A": 1, "C": 1, "F": 1}
    assert min(differ[name] for name in "DEGH") == 2
    assert jaccard({"charged", "parcel", "come"}, {"charged", "twice"}) == 0.25


def test_pruning() -> None:
    to_middle = math.sqrt(squared_distance(ASKED, (1, 2)))
    assert (round(to_middle, 2), round(least(to_middle, 1), 2)) == (5.39, 4.39)
    third = math.sqrt(squared_distance(ASKED, MESSAGES["C"]))
    assert round(third, 2) == 3.16
    assert least(to_middle, 1) > third
    assert squared_distance(ASKED, (1, 2)) - 1 == 28 > squared_distance(ASKED, MESSAGES["H"])
    a = MESSAGES["A"]
    assert (dot(a, a), dot(a, MESSAGES["B"])) == (65, 76)


def test_added_number() -> None:
    longest = max(dot(point, point) for point in MESSAGES.values())
    assert longest == 101 == dot(MESSAGES["D"], MESSAGES["D"])
    longer = {name: with_number(point, longest) for name, point in MESSAGES.items()}
    assert (longer["A"][2], longer["B"][2]) == (6, 2)
    far = {name: squared_distance((*ASKED, 0), point) for name, point in longer.items()}
    assert [round(far[name]) for name in "BEFA"] == [13, 29, 33, 49]
    for name, point in MESSAGES.items():
        assert far[name] == pytest.approx(dot(ASKED, ASKED) + longest - 2 * dot(ASKED, point))


# --- ways to skip


def test_a_tree_of_two_cuts() -> None:
    points = {name: np.array(point, np.float32) for name, point in MESSAGES.items()}
    asked = np.array(ASKED, np.float32)
    normal, offset = halfway(points["A"], points["D"])
    side = [name for name, point in points.items() if normal @ point > offset]
    assert side == ["A", "B", "C", "F", "G"]
    assert normal @ asked > offset
    normal, offset = halfway(points["F"], points["G"])
    assert [name for name in side if normal @ points[name] > offset] == list("ABCF")
    assert normal @ asked > offset


def test_leaves_part_all_points() -> None:
    vectors = np.random.default_rng(0).normal(size=(300, 8)).astype(np.float32)
    root = tree(vectors, np.arange(300), 20, np.random.default_rng(1))
    leaves, waiting = [], [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Node):
            waiting += [node.yes, node.no]
        else:
            leaves.append(node)
    assert sorted(np.concatenate(leaves).tolist()) == list(range(300))
    assert max(map(len, leaves)) <= 20
    found, asked = fallen(root, vectors[7])
    assert 7 in found
    assert asked >= 4


# --- codes, names, bytes


def test_turned_by_45_degrees_the_diagonal_needs_one_number() -> None:
    turn = np.array([[1, 1], [-1, 1]]) / math.sqrt(2)
    points = np.array([[1, 1], [2, 2], [3, 3], [4, 4]]) @ turn.T
    assert np.allclose(points[:, 1], 0)


def test_a_turn_may_bring_a_vector_nearer_to_its_signs() -> None:
    before, signs = np.array([2, 0.1]), np.ones(2)
    after = np.array([[1, -1], [1, 1]]) / math.sqrt(2) @ before
    assert after.round(2).tolist() == [1.34, 1.48]
    likeness = [cosine(one.tolist(), signs.tolist()) for one in (before, after)]
    assert (round(likeness[0], 2), round(likeness[1], 3)) == (0.74, 0.999)
    assert [round(math.degrees(math.acos(one))) for one in likeness] == [42, 3]


def test_how_many_tables_and_cells() -> None:
    def tables(near: float, far: float) -> tuple[float, float]:
        rho = math.log(near) / math.log(far)
        return round(rho, 2), 1e6**rho

    assert tables(0.95, 0.5)[0] == 0.07
    assert round(tables(0.95, 0.5)[1]) == 3
    rho, needed = tables(1 - 57 / 180, 0.5)
    assert (rho, round(needed, -3)) == (0.55, 2_000)
    assert round(math.sqrt(32 * 100e6), -3) == 57_000
    assert 256 + 32_768 / 256 == 384
    assert [round(math.exp(sign * 0.3 * 1.645), 1) for sign in (-1, 1)] == [0.6, 1.6]


def test_signs() -> None:
    assert 384 * 60 / 180 == 128
    doubt = math.sqrt(1 / 3 * 2 / 3 / 384)
    assert (round(doubt, 3), round(doubt * 180, 1)) == (0.024, 4.3)
    mean = np.mean(list(MESSAGES.values()), axis=0)
    assert mean.tolist() == [4.75, 4.25]
    kinds = {name: tuple((np.array(point) > mean).tolist()) for name, point in MESSAGES.items()}
    assert kinds["A"] == kinds["B"] == kinds["C"] == (True, False)
    assert kinds["D"] == (False, True)
    assert kinds["E"] == kinds["F"] == (True, True)
    assert kinds["G"] == kinds["H"] == (False, False)


def test_a_list_of_three_by_plain_levels_keeps_c_out() -> None:
    far = {name: by_table(ASKED, code(point)) for name, point in MESSAGES.items()}
    assert far["A"] == far["C"]
    assert sorted(far, key=far.__getitem__)[:4] == ["F", "B", "A", "C"]
    assert "C" in LINKS["B"]


def test_names() -> None:
    kinds = [kind for _, kind in parts("OPQ48,IVF256,PQ48x4fs,RFlat")]
    assert kinds == ["turn", "skip", "shorten", "look again"]
    assert parts("IVF65536_HNSW32,RaBitQ")[0][1] == "skip"
    assert [kind for _, kind in parts("RR768,IVF65536,RaBitQ")] == ["turn", "skip", "shorten"]


@pytest.mark.parametrize("name", ["Flat", "SQ4", "SQ6", "SQ8", "SQfp16", "PQ48", "PQ12", "RaBitQ"])
def test_bytes_are_those_of_faiss(name: str) -> None:
    assert code_bytes(name, 384) == faiss.index_factory(384, name).sa_code_size()


def test_sizes_in_the_experiment() -> None:
    for names, key in (("SHORT", "short"), ("FEWER", "fewer"), ("RABIT", "rabit")):
        sizes = [
            faiss.index_factory(384, name).sa_code_size() for name in getattr(experiment, names)
        ]
        assert list(experiment.EXPERIMENT.fixed[f"{key}_bytes"]) == sizes  # type: ignore[arg-type]


def test_tables_for_rests() -> None:
    table = 48 * 256 * 8
    assert table == 98_304 == 256 * 384 == 16 * 128 * 48
    assert hasattr(faiss.IndexIVFPQ, "use_precomputed_table")


def test_defaults_of_faiss() -> None:
    assert faiss.IndexRefineFlat(faiss.IndexFlatL2(8)).k_factor == 1
    assert faiss.IndexIVFFlat(faiss.IndexFlatL2(8), 8, 4).nprobe == 1
    assert faiss.IndexIVFPQ(faiss.IndexFlatL2(8), 8, 4, 4, 8).by_residual
    clustering = faiss.ClusteringParameters()
    assert (clustering.min_points_per_centroid, clustering.max_points_per_centroid) == (39, 256)
    assert faiss.IndexHNSWFlat(8, 32).hnsw.nb_neighbors(0) == 64  # type: ignore[attr-defined]


def test_a_calculation_to_redo() -> None:
    vectors, numbers, links = 100e6, 768, 64 * 4
    sizes = {
        "flat": 4 * numbers,
        "graph": 4 * numbers + links,
        "short": code_bytes("SQ8", numbers) + links,
        "pieces": code_bytes("PQ96", numbers) + 8,
        "signs": code_bytes("RaBitQ", numbers) + 8,
    }
    told = {name: round(vectors * size / 1e9, 1) for name, size in sizes.items()}
    assert told == {"flat": 307.2, "graph": 332.8, "short": 102.4, "pieces": 10.4, "signs": 11.2}
    assert round(65_536 * 3_072 / 1e9, 1) == 0.2
    assert round(100 * 3_072 / 1e3) == 307
    assert (round(100 * 1_536 / 1e3), links) == (154, 256)
    assert round(1_000 * 100 * 4_096 / 1e6, -1) == 410
    assert round(4 * numbers * numbers / 1e6, 1) == 2.4
    assert 0.03 < sizes["pieces"] / sizes["flat"] < sizes["signs"] / sizes["flat"] < 0.04
    assert sizes["short"] / sizes["graph"] < 1 / 3


def test_check_yourself() -> None:
    assert code_bytes("PQ64x4fs", 768) + 8 == 40
    dots = {name: dot((2, 1), point) for name, point in MESSAGES.items()}
    assert max(dots, key=dots.__getitem__) == "B"
    assert dots["B"] == 22
    far = squared_distance((2, 1, 0), with_number(MESSAGES["B"], 101))
    assert far == pytest.approx(62) == 5 + 101 - 44
    middle = math.sqrt(squared_distance((2, 4), (8, 2)))
    radius = max(math.sqrt(squared_distance((8, 2), MESSAGES[name])) for name in "ABC")
    assert (round(middle, 2), round(radius, 2)) == (6.32, 2.24)
    assert round(least(middle, radius), 2) == 4.09
    assert round(math.sqrt(squared_distance((2, 4), MESSAGES["H"])), 2) == 1.41


# --- the experiment


def test_one_sided_signs_find_more() -> None:
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(2_000, 384)).astype(np.float32)
    queries = vectors[:50] + 0.8 * rng.normal(size=(50, 384)).astype(np.float32)
    true = faiss.knn(queries, vectors, 10)[1]
    both, one = experiment.by_signs(vectors, queries, 384, np.random.default_rng(1))
    assert experiment.share(one, true) > experiment.share(both, true)
    assert experiment.looked_again(one, true) == sorted(experiment.looked_again(one, true))


def test_proved_is_never_wrong_in_the_plane() -> None:
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(500, 2)).astype(np.float32)
    share = experiment.proved(vectors, vectors[:20], vectors[:25])
    assert 0.5 < share < 0.98


def test_rests_miss_less_but_less_evenly() -> None:
    faiss.omp_set_num_threads(1)
    vectors, queries = sample()[1][:SEARCHED], sample()[1][SEARCHED : SEARCHED + 64]
    far, near = faiss.knn(queries, vectors, 100)
    sizes, spreads = [], []
    for rests in (False, True):
        index = faiss.IndexIVFPQ(faiss.IndexFlatL2(384), 384, 32, 48, 8)
        index.by_residual, index.pq.cp.niter, index.cp.niter = rests, 4, 8
        index.train(vectors)
        index.add(vectors)
        index.make_direct_map()
        coded = np.stack([index.reconstruct(number) for number in range(SEARCHED)])
        sizes.append(float(np.square(vectors - coded).sum(1).mean()))
        errors = np.square(queries[:, None] - coded[near]).sum(2) - far
        spreads.append(float((errors - errors.mean(1, keepdims=True)).std()))
    assert sizes[1] < 0.95 * sizes[0]
    assert spreads[1] > spreads[0]


def test_the_article_says_what_was_measured() -> None:
    found = json.loads(RESULTS.read_text(encoding="utf-8"))["values"]
    pq = dict(zip(experiment.PIECES, found["pq_10"]["value"], strict=True))
    exact, coded = found["cells_exact_10"]["value"], found["cells_whole_10"]["value"]
    assert round(exact[3] * pq[48], 2) == 0.68 < coded[3]
    again = found["cells_whole_100"]["value"]
    assert max(abs(a - b) for a, b in zip(exact, again, strict=True)) < 0.002
    rests, whole = found["cells_rest_10"], found["cells_whole_10"]
    lost = [a - b for a, b in zip(whole["value"], rests["value"], strict=True)]
    assert all(0 < one < 0.0165 for one in lost)
    assert found["cells_bit_10"]["value"][-1] > found["rabit_10"]["value"][0] + 0.02
    assert found["graph_built_all"]["value"][1] < found["graph_whole_all"]["value"][1] - 0.08
    assert round(math.sqrt(found["rest_size"]["value"]), 1) == 0.8
    signs, fewer = found["signs_100"]["value"][3], found["fewer_100"]["value"][1]
    assert (round(1 - signs, 2), round(1 - fewer, 2)) == (0.02, 0.09)
    assert found["opq_100"]["value"][0] < 0.95
    assert found["proved"]["value"] < 0.002
    assert found["dot_by_added"]["value"] > 0.999
    said, counted = found["hash_said"]["value"], found["hash_counted"]["value"]
    assert max(abs(a - b) for a, b in zip(said, counted, strict=True)) < 0.05
    assert round(caught(2 / 3, 8, 16), 2) == 0.47
    forest, graph = found["forest_cost"]["value"][-1], found["graph_cost"]["value"][1]
    assert round(forest / graph) == 10
    assert found["graph_whole_all"]["value"][-1] > found["graph_exact_all"]["value"][-1] - 0.003
    assert min(found["short_10"]["value"][0], found["rabit_10"]["value"][2]) > 0.9
