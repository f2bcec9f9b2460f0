"""Dense and sparse, as the article prints them; tiny texts, no files."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from labs.comparing import cosine, distance, dot, length, unit
from labs.experiments.dense_vs_sparse import compressed, fused, shared_rare
from labs.few_dimensions import (
    all_pairs,
    asking_for,
    curve,
    fitted,
    margin,
    most_pairs,
    rounded,
    widest,
)
from labs.fusion import mixed, place_of, ranks, recall, reciprocal, scaled
from labs.help_desk import E42, EXPANDED, NOTES, RAW, WIFI, WIFI_EXPANDED
from labs.keyword_search import Index, bm25, rarity, saturated, sparse_dot, stem, terms
from labs.two_dictionaries import paired, plain, webster, wordnet

NOTE = list(NOTES.values())
ERROR = [bm25("error E42", note, NOTE) for note in NOTE]
NEAR_ERROR = [cosine(E42, raw) for raw in RAW.values()]


# --- the worked example


def test_vectors_of_length_one() -> None:
    assert [[round(x, 2) for x in unit(raw)] for raw in RAW.values()] == [
        [0.6, 0.8],
        [0.8, 0.6],
        [0.96, 0.28],
        [-0.6, 0.8],
    ]


def test_both_questions() -> None:
    assert [round(score, 2) for score in ERROR] == [2.04, 0.69, 0, 0]
    assert [bm25("my wifi is down", note, NOTE) for note in NOTE] == [0, 0, 0, 0]
    assert [round(score, 2) for score in NEAR_ERROR] == [0.96, 1.0, 0.94, 0]
    near = [cosine(WIFI, raw) for raw in RAW.values()]
    assert [round(score, 2) for score in near] == [0.6, 0.8, 0.96, -0.6]
    assert mixed(ERROR, NEAR_ERROR, 0.5).round(2).tolist() == [0.98, 0.67, 0.47, 0]
    assert mixed([0, 0, 0, 0], near, 0.5).round(2).tolist() == [0.38, 0.45, 0.5, 0]


def test_rarity_saturation_and_length() -> None:
    assert [round(rarity(n, 4), 3) for n in (1, 2, 4)] == [1.204, 0.693, 0.105]
    assert round(rarity(2, 5), 3) == 0.875
    worth = [round(saturated(count, 6, 6), 3) for count in (1, 2, 3, 10, 100)]
    assert worth == [1, 1.375, 1.571, 1.964, 2.174]
    assert round(saturated(1, 5, 6), 3) == 1.073
    assert round(saturated(1, 8, 6), 3) == 0.88
    assert round(2.2 / (1 + 1.2 * (0.25 + 0.75 * 5 / 6)), 3) == 1.073
    assert saturated(1.2, 6, 6) == pytest.approx(1.1)
    assert [len(terms(note)) for note in NOTE] == [5, 6, 5, 8]
    assert round((0.693 + 1.204) * 1.073, 3) == 2.035
    assert round(ERROR[0], 3) == 2.036
    assert round(math.log(0.5 / 4.5), 3) == -2.197


def test_learned_weights() -> None:
    found = [sparse_dot(WIFI_EXPANDED, weights) for weights in EXPANDED.values()]
    assert [round(score, 2) for score in found] == [0, 0.48, 2.7, 0]


def test_three_comparisons_pick_three_notes() -> None:
    raw = list(RAW.values())
    assert [round(length(v), 1) for v in raw] == [1, 5, 2.5, 2]
    assert [round(cosine(WIFI, v), 2) for v in raw] == [0.6, 0.8, 0.96, -0.6]
    assert [round(dot(WIFI, v), 1) for v in raw] == [0.6, 4, 2.4, -1.2]
    assert [round(distance(WIFI, v), 3) for v in raw] == [0.894, 4.243, 1.565, 2.72]
    ones = [unit(v) for v in raw]
    assert round(distance(WIFI, ones[2]), 3) == 0.283
    for one in ones:
        assert distance(WIFI, one) ** 2 == pytest.approx(2 - 2 * cosine(WIFI, one))
    orders = [
        sorted("ABCD", key=lambda n: -dot(WIFI, ones["ABCD".index(n)])),
        sorted("ABCD", key=lambda n: distance(WIFI, ones["ABCD".index(n)])),
    ]
    assert orders == [list("CBAD")] * 2


def test_cosine_means_nothing_for_dot_products() -> None:
    assert cosine((1, 1), (1, -1)) == 0
    assert round(cosine((10, 1), (10, -1)), 2) == 0.98
    assert round(cosine((0.1, 1), (0.1, -1)), 2) == -0.98
    assert dot((1, 1), (1, -1)) == dot((0.1, 1), (10, -1)) == 0
    before, after = ((1, 1), (1, 1), (1, -1)), ((0.1, 1), (10, 1), (10, -1))
    squares = [sum(length(v) ** 2 for v in vectors) for vectors in (before, after)]
    assert [round(square) for square in squares] == [6, 203]


def test_a_dot_product_is_no_distance() -> None:
    assert round(dot(RAW["C"], RAW["C"]), 2) == 6.25
    assert round(dot(RAW["C"], RAW["B"]), 1) == 11.7


def test_one_number_more_makes_products_distances() -> None:
    lifted = [[*v, math.sqrt(25 - length(v) ** 2)] for v in RAW.values()]
    squares = [distance([*WIFI, 0.0], v) ** 2 for v in lifted]
    assert [round(square, 1) for square in squares] == [24.8, 18, 21.2, 28.4]
    for square, raw in zip(squares, RAW.values(), strict=True):
        assert square == pytest.approx(1 + 25 - 2 * dot(WIFI, raw))


def test_one_minus_cosine_is_no_distance() -> None:
    at = [(math.cos(math.radians(t)), math.sin(math.radians(t))) for t in (0, 60, 120)]
    steps = [1 - cosine(at[a], at[b]) for a, b in ((0, 1), (1, 2), (0, 2))]
    assert [round(step, 9) for step in steps] == [0.5, 0.5, 1.5]


#: nDCG@10 of BEIR, in thousandths, as printed: TREC-COVID, BioASQ, NFCorpus, NQ, HotpotQA, FiQA,
#: Signal-1M, TREC-NEWS, Robust04, ArguAna, Touché, CQADupStack, Quora, DBPedia, SCIDOCS, FEVER,
#: Climate-FEVER, SciFact.
BEIR = {
    "BM25": "656 465 325 329 603 236 330 398 408 315 367 299 789 313 158 753 213 665",
    "DeepCT": "406 407 283 188 503 191 269 220 287 309 156 268 691 177 124 353 66 630",
    "SPARTA": "538 351 301 398 492 198 252 258 276 279 175 257 630 314 126 596 82 582",
    "docT5query": "713 431 328 399 580 291 307 420 437 349 347 325 802 331 162 714 201 675",
    "DPR": "332 127 189 474 391 112 155 161 252 175 131 153 248 263 77 562 148 318",
    "ANCE": "654 306 237 446 456 295 249 382 392 415 240 296 852 281 122 669 198 507",
    "TAS-B": "481 383 319 463 584 300 289 377 427 429 162 314 835 384 149 700 228 643",
    "GenQ": "619 398 319 358 534 308 281 396 362 493 182 347 830 328 143 669 175 644",
    "ColBERT": "677 474 305 524 593 317 274 393 391 233 202 350 854 392 145 771 184 671",
    "rereads": "757 523 350 533 707 347 338 431 475 311 271 370 825 409 166 819 253 688",
}


def test_averages_of_unseen_collections() -> None:
    """Of the table of 2021, without MS MARCO, and of the thirteen that later papers use."""
    table = {name: [int(number) for number in row.split()] for name, row in BEIR.items()}
    means = [round(sum(row) / 180, 2) for row in table.values()]
    assert means == [42.34, 30.71, 33.92, 43.4, 23.71, 38.87, 41.48, 41.03, 43.06, 47.63]
    thirteen = [place for place in range(18) if place not in (1, 6, 7, 8, 11)]
    found = [sum(table[name][place] for place in thirteen) / 130 for name in ("BM25", "TAS-B")]
    assert [round(mean, 1) for mean in found] == [44.0, 43.7]


def test_averages_against_words() -> None:
    table = {name: [int(number) for number in row.split()] for name, row in BEIR.items()}
    words = table.pop("BM25")
    found = {
        name: (
            round(100 * (sum(row) / sum(words) - 1), 1),
            sum(one > other for one, other in zip(row, words, strict=True)),
        )
        for name, row in table.items()
    }
    assert found == {
        "rereads": (12.5, 16),
        "docT5query": (2.5, 12),
        "ColBERT": (1.7, 9),
        "TAS-B": (-2.0, 8),
        "GenQ": (-3.1, 6),
        "ANCE": (-8.2, 4),
        "SPARTA": (-19.9, 2),
        "DeepCT": (-27.5, 0),
        "DPR": (-44.0, 1),
    }


def test_people_drawn_by_lot() -> None:
    listed = (2, 10, 20)
    assert [round(100 * count / 46, 1) for count in listed] == [4.3, 21.7, 43.5]
    assert [100 * count / 50_000 for count in (2, 10, 100)] == [0.004, 0.02, 0.2]


def test_vectors_cut_to_a_quarter_and_less() -> None:
    """Recall@10 on LIMIT's 46 people and @100 on 50,000, cut and whole; nDCG@10 on a report."""
    kept = {
        "Qwen3": (48.7, 52.3),
        "Gemini": (67.5, 72.4),
        "Arctic": (48.2, 54.9),
        "E5-Mistral": (60.5, 68.1),
        "Promptriever": (73.5, 90.0),
        "GritLM": (61.4, 75.4),
    }
    assert [round(100 * cut / whole) for cut, whole in kept.values()] == [93, 93, 88, 89, 82, 81]
    among_many = {
        "Qwen3": (4.6, 4.8),
        "Gemini": (7.6, 10.0),
        "Arctic": (2.5, 3.3),
        "E5-Mistral": (5.9, 8.3),
        "Promptriever": (12.8, 18.9),
        "GritLM": (10.6, 12.9),
    }
    shares = [round(100 * cut / whole) for cut, whole in among_many.values()]
    assert shares == [96, 76, 76, 71, 68, 82]
    report = ((0.8184, 0.8254), (0.7234, 0.7684), (0.7892, 0.8254), (0.6440, 0.7684))
    assert [round(100 * cut / whole) for cut, whole in report] == [99, 94, 96, 84]


def test_doubt_of_a_test() -> None:
    """Of a share of 50 or 80%, and of a difference where one question in ten tells two apart."""
    counts = (50, 100, 200, 500, 1000, 2000)
    half = [round(196 * math.sqrt(0.5 * 0.5 / count), 1) for count in counts]
    assert half == [13.9, 9.8, 6.9, 4.4, 3.1, 2.2]
    share = [round(196 * math.sqrt(0.8 * 0.2 / count), 1) for count in counts]
    assert share == [11.1, 7.8, 5.5, 3.5, 2.5, 1.8]
    apart = [round(196 * math.sqrt(0.1 / count), 1) for count in counts]
    assert apart == [8.8, 6.2, 4.4, 2.8, 2.0, 1.4]


def test_splade_against_words_elsewhere() -> None:
    assert round(100 * (50.6 / 45.6 - 1)) == 11
    assert round(100 * (50.6 / 44.0 - 1)) == 15


def test_a_million_vectors_read() -> None:
    assert round(1_000_000 * 384 * 4 / 20e9, 2) == 0.08


def test_reciprocal_ranks_tie() -> None:
    both = reciprocal(ERROR, least=0) + reciprocal(NEAR_ERROR)
    assert both[:2].round(4).tolist() == [0.0325, 0.0325]
    assert both[0] == both[1]
    assert 1 / 63 + 1 / 61 > 2 / 62
    assert [round(1 / 63 + 1 / 61, 5), round(2 / 62, 5)] == [0.03227, 0.03226]


def test_two_unit_vectors_at_cosine_a_half() -> None:
    q, d = (1.0, 0.0), (0.5, math.sqrt(0.75))
    assert dot(q, d) == 0.5
    assert distance(q, d) == pytest.approx(1)


# --- search


def test_index_and_direct_scores_agree() -> None:
    index = Index([terms(note) for note in NOTE])
    for question in ("error E42", "restart the router", "wifi"):
        direct = [bm25(question, note, NOTE) for note in NOTE]
        np.testing.assert_allclose(index.scores(terms(question)), direct)
    assert index.documents_with("the") == 4
    assert index.documents_with("wifi") == 0
    assert index.entries() == 22


def test_stems() -> None:
    words = ("restarted", "restarting", "bed", "noses", "policies")
    assert [stem(word) for word in words] == ["restart", "restart", "bed", "nose", "polic"]


def test_ranks_places_and_recall() -> None:
    assert ranks([3, 1, 3]).tolist() == [1, 3, 2]
    assert scaled([[2, 4], [5, 5]]).tolist() == [[0, 1], [0, 0]]
    assert scaled([[2, 4, 3, 0]], window=3).tolist() == [[0, 1, 0.5, 0]]
    assert mixed([3, 2, 1], [1, 2, 3], 0.5, window=2).tolist() == [0.5, 0, 0.5]
    assert place_of([[3, 1, 3], [0, 2, 1]], [0, 1]).tolist() == [1.5, 1]
    assert recall([1, 10, 11, 30]) == 0.5


def test_fused_lists_have_a_window() -> None:
    words, dense = np.array([[2.0, 1.0, 0.0]]), np.array([[0.1, 0.2, 0.3]])
    whole = fused(words, dense)
    assert whole[0, 2] == pytest.approx(1 / 61)
    assert fused(words, dense, window=1).round(6).tolist() == [
        [round(1 / 61, 6), 0, round(1 / 61, 6)]
    ]


def test_shared_rare_words() -> None:
    documents = [["a", "b"], ["a", "c"]] + [["a"]] * 20
    index = Index(documents)
    assert shared_rare(index, [["a", "b"], ["c", "d"]], documents[:2]) == [1, 1]


def test_compressed_vectors_lose_little() -> None:
    rng = np.random.default_rng(0)
    d = rng.normal(size=(400, 384))
    d /= np.linalg.norm(d, axis=1, keepdims=True)
    found = compressed(d, d, np.arange(400))
    assert found["int8"] == 1
    assert found["signs"] == 1


# --- two dictionaries

WEBSTER = """
Lapidist \\Lap"i*dist\\, n. [L. lapis, -idis, a stone.]
   One who cuts or polishes gems. --Ray.
   [1913 Webster]

Lapping \\Lap"ping\\, n.
   1. A kind of blanket.
      [1913 Webster]

   2. Another.
      [1913 Webster]

Lapse \\Lapse\\, v. i.
   To pass slowly.
   [1913 Webster]

Lappet \\Lap"pet\\, n.
   A small fold (as of lace), on a dress; as, the lappet of a cap.
   [1913 Webster]

Lapdog \\Lap"dog`\\, n.
   a dog small enough to be held [WordNet 1.5]
"""
WORDNET = """
lapidist
    n 1: an expert on precious stones and how to cut and polish
         them [syn: {lapidarist}]
lappet
    n 1: a small fold on a garment or headdress
lapse
    n 1: a mistake
    v 1: pass into a state
"""


def test_definitions_of_both() -> None:
    assert webster(WEBSTER) == {
        "lapidist": "One who cuts or polishes gems",
        "lappet": "A small fold , on a dress",
    }
    assert wordnet(WORDNET) == {
        "lapidist": "an expert on precious stones and how to cut and polish them",
        "lappet": "a small fold on a garment or headdress",
    }
    assert [word for word, *_ in paired(webster(WEBSTER), wordnet(WORDNET))] == [
        "lapidist",
        "lappet",
    ]
    assert plain('a cup (of tea); "she drank it"') == "a cup"


def test_pairs_do_not_name_the_word() -> None:
    assert paired({"smugness": "a b smug d"}, {"smugness": "e f g h"}) == []


# --- few dimensions


@pytest.mark.parametrize(
    ("n", "most"), [(4, (4, 6, 6)), (5, (5, 9, 10)), (12, (12, 30, 66)), (100, (100, 294, 4950))]
)
def test_most_pairs(n: int, most: tuple[int, ...]) -> None:
    assert tuple(most_pairs(n, d) for d in (2, 3, 4)) == most


@pytest.mark.parametrize("n", [5, 12, 40])
def test_four_numbers_reach_all_pairs(n: int) -> None:
    points, pairs = curve(n), all_pairs(n)
    np.testing.assert_allclose(np.linalg.norm(points, axis=1), 1)
    questions = np.array([asking_for(*pair, n) for pair in pairs])
    assert margin(questions, points, pairs).min() > 1e-6


def test_no_direction_reaches_more_on_the_circle() -> None:
    points = np.array([unit(raw) for raw in RAW.values()])
    turn = np.linspace(0, 2 * np.pi, 3601)
    scores = np.stack([np.cos(turn), np.sin(turn)], 1) @ points.T
    best = {frozenset("ABCD"[n] for n in np.argsort(-row)[:2]) for row in scores}
    assert best == {frozenset(pair) for pair in ("CB", "BA", "AD", "DC")}


def test_all_pairs_of_four_notes_by_raw_dot_products() -> None:
    points = np.array([[0, 1], [-0.9, -0.5], [0.9, -0.5], [0.0, 0.0]])
    turn = np.linspace(0, 2 * np.pi, 3601)
    scores = np.stack([np.cos(turn), np.sin(turn)], 1) @ points.T
    assert len({frozenset(np.argsort(-row)[:2].tolist()) for row in scores}) == 6


def test_free_optimisation_never_beats_geometry() -> None:
    for d in (2, 3):
        assert fitted(7, d, 0, 400) * 21 <= most_pairs(7, d) + 1e-9
    assert fitted(5, 4, 0, 400) == 1


def test_the_hardest_pair_as_the_loss_reaches_all_pairs() -> None:
    assert fitted(12, 4, 0) < 1
    assert widest(12, 4, 0) > 0.005
    assert widest(8, 4, 0, 400) > 0.1


def test_rounding() -> None:
    assert rounded(np.array([-1, 0.4, 1]), 4).round(4).tolist() == [-1, 0.4286, 1]


def test_bounds_of_the_folded_part() -> None:
    def least(n: int, k: int) -> int:
        whole = math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
        return math.ceil(whole / math.log(11))

    assert [least(10_000_000, 2), least(10_000_000, 100)] == [14, 521]


def test_bytes() -> None:
    texts = 10_000_000
    sizes = (384 * 4, 384, 384 / 8, 16 * 8, 16 * 10, 4096 * 4, 100 * 128 * 2, 100 * 36, 200)
    found = [round(texts * size / 1e9, 2) for size in sizes]
    assert found == [15.36, 3.84, 0.48, 1.28, 1.6, 163.84, 256, 36, 2]


# --- differences that the article tells in words


def test_points_told_in_words() -> None:
    path = Path(__file__).parents[2] / "labs" / "results" / "dense-vs-sparse.json"
    values = json.loads(path.read_text(encoding="utf-8"))["values"]

    def found(key: str, place: int | None = None) -> float:
        value = values[key]["value"]
        return 100 * float(value if place is None else value[place])

    dense = found("dense")
    half = values["weight"]["value"].index(0.5)
    sizes = values["numbers"]["value"]
    lost = {
        "dot": dense - found("raw_dot"),
        "distance": dense - found("raw_near"),
        "half": dense - found("mixed", half),
        "top": dense - found("top"),
        "ranks": dense - found("ranks"),
        "128": dense - found("cut", sizes.index(128)),
        "32": dense - found("cut", sizes.index(32)),
    }
    told = {"dot": 4, "distance": 14, "half": 6, "top": 1, "ranks": 9, "128": 1, "32": 7}
    assert {key: round(points) for key, points in lost.items()} == told
    swept = values["swept"]["value"]
    assert round(100 * (max(swept) - min(swept))) == 4
    assert round(8 * values["entries_each"]["value"]) == 73
    shared = values["dense_shared"]["value"][0] - values["half_shared"]["value"][0]
    assert round(100 * shared) == 25
    assert round(found("only_words")) == 2
    limit = json.loads(path.with_name("dense-vs-sparse-limit.json").read_text(encoding="utf-8"))
    leads = limit["values"]["lead"]["value"]
    assert round(leads[limit["values"]["sizes"]["value"].index(12)], 2) == 0.25
    assert math.comb(46, 2) == 1035
    best = max(range(21), key=values["mixed"]["value"].__getitem__)
    assert values["weight"]["value"][best] == values["best"]["value"] == 0.85
