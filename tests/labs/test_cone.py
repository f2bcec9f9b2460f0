"""The cone of four sentences, as the article on limits of sentence embeddings prints it."""

from __future__ import annotations

import json
import math
from pathlib import Path
from statistics import NormalDist

import jax.numpy as jnp
import numpy as np
import pytest

from labs.by_layer import cut, of_texts, pooled
from labs.cone import (
    apart,
    centred,
    cosines,
    directions,
    found_inverse,
    listed,
    mean_cosine,
    ranks,
    shares,
    skewness,
    standardised,
    unit,
    whitened,
    without_top,
)
from labs.experiments.sentence_embedding_limits import REPAIRS, measured
from labs.experiments.sentence_embedding_pairs import chances, small_changes, threshold
from labs.gloss_pairs import entry
from labs.long_texts import facts, hidden, windows
from labs.minilm import Shape, draw, padded, vectors
from labs.minimal_pairs import TEMPLATES, foursomes
from labs.score_limits import expected_precision, isotonic

RESULTS = Path(__file__).parents[2] / "labs" / "results" / "sentence-embedding-limits.json"
#: The cat sleeps; the cat does not sleep; the rate rises; the rate does not rise.
FOUR = np.array([[6, 2, 1], [6, 2, -1], [6, -2, 1], [6, -2, -1]], float)
TINY = Shape(vocabulary=30, width=8, layers=2, heads=2, inner=16, rows=12)
VOCABULARY = {word: number for number, word in enumerate("[PAD] [UNK] [CLS] [SEP] a b c d".split())}


def test_cosines_of_the_four() -> None:
    np.testing.assert_allclose(cosines(FOUR, FOUR)[0], [1, 39 / 41, 33 / 41, 31 / 41])
    assert cosines(FOUR, FOUR)[0].round(3).tolist() == [1, 0.951, 0.805, 0.756]
    assert round(mean_cosine(FOUR), 3) == 0.837


def test_centring_opens_the_cone() -> None:
    moved = centred(FOUR, FOUR)
    assert moved.tolist() == [[0, 2, 1], [0, 2, -1], [0, -2, 1], [0, -2, -1]]
    np.testing.assert_allclose(cosines(moved, moved)[0], [1, 0.6, -0.6, -1])
    assert mean_cosine(moved) == pytest.approx(-1 / 3)


def test_whitening_makes_topic_and_denial_equal() -> None:
    similar = cosines(whitened(FOUR, FOUR), whitened(FOUR, FOUR))
    np.testing.assert_allclose(similar[0], [1, 0, 0, -1], atol=1e-6)
    scaled = standardised(FOUR[:, 1:], FOUR[:, 1:])
    np.testing.assert_allclose(scaled, [[1, 1], [1, -1], [-1, 1], [-1, -1]])


def test_one_number_makes_the_cone() -> None:
    parts = shares(FOUR)
    assert parts.sum() == pytest.approx(mean_cosine(FOUR))
    assert round(float(parts[0]), 3) == 0.878
    assert round(float(parts[0] / parts.sum()), 2) == 1.05


def test_two_topics_in_one_vector() -> None:
    both = FOUR[[0, 2]].mean(0, keepdims=True)
    assert both.tolist() == [[6, 0, 1]]
    assert cosines(FOUR[:2], FOUR[:1]).round(3).tolist() == [[1], [0.951]]
    assert float(cosines(FOUR[:1], both)[0, 0].round(3)) == 0.95
    moved = cosines(centred(FOUR[:1], FOUR), centred(both, FOUR))
    assert float(moved[0, 0].round(3)) == 0.447


def test_a_fifth_sentence() -> None:
    fifth = np.array([[6, 1, 1.0]])
    assert float(cosines(FOUR[:1], fifth)[0, 0].round(3)) == 0.988
    assert float(cosines(centred(FOUR[:1], FOUR), centred(fifth, FOUR))[0, 0].round(3)) == 0.949


def test_a_text_that_says_little_is_everybodys_neighbour() -> None:
    texts = np.vstack([FOUR, [6, 0, 0]])
    similar = cosines(texts[:4], texts)
    np.fill_diagonal(similar, -1)
    assert similar[0].round(3).tolist() == [-1, 0.951, 0.805, 0.756, 0.937]
    assert listed(similar, 2).tolist() == [1, 1, 1, 1, 4]
    assert skewness(listed(similar, 2)) == pytest.approx(1.5)


def test_precision_falls_with_the_collection() -> None:
    assert round(expected_precision(0.5, 0.01, 1_000), 3) == 0.048
    assert round(expected_precision(0.5, 0.01, 100), 2) == 0.33
    assert round(expected_precision(0.5, 0.01, 100_000), 4) == 0.0005
    assert round(expected_precision(0.8, 0.0001, 20_000), 3) == 0.286


def test_directions_and_their_removal() -> None:
    variances, axes = directions(FOUR)
    np.testing.assert_allclose(variances, [4, 1, 0], atol=1e-9)
    np.testing.assert_allclose(np.abs(axes[:, 0]), [0, 1, 0], atol=1e-9)
    left = without_top(FOUR, FOUR, 1)
    np.testing.assert_allclose(left, [[0, 0, 1], [0, 0, -1], [0, 0, 1], [0, 0, -1]], atol=1e-9)


def test_other_measures_of_a_cone() -> None:
    spreads = directions(FOUR)[0]
    used = float(spreads.sum() ** 2 / (spreads**2).sum())
    assert round(used, 2) == 1.47
    assert round((used - 1) / 2, 2) == 0.24
    even = directions(whitened(FOUR[:, 1:], FOUR[:, 1:]))[0]
    assert even.sum() ** 2 / (even**2).sum() == pytest.approx(2)
    for texts, score in ((FOUR, 0.004), (centred(FOUR, FOUR), 0.27)):
        along = np.exp(texts).sum(0)
        assert along.min() / along.max() == pytest.approx(score, abs=0.005)


def test_three_comparisons_of_the_four() -> None:
    a, b, c = FOUR[:3]
    assert (a @ b, a @ c) == (39, 33)
    assert np.linalg.norm(a - b) == pytest.approx(2)
    assert np.linalg.norm(a - c) == pytest.approx(4)
    assert math.isclose(82 * (1 - 39 / 41), 4)


def test_a_shared_part_and_the_order() -> None:
    rests = cosines(centred(FOUR, FOUR), centred(FOUR, FOUR))
    np.testing.assert_allclose((36 + 5 * rests) / 41, cosines(FOUR, FOUR))
    loud = np.array([[6, 8, 4.0]])
    assert float(cosines(FOUR[:1], loud)[0, 0].round(3)) == 0.812
    moved = cosines(centred(FOUR[:1], FOUR), centred(loud, FOUR))
    assert float(moved[0, 0]) == pytest.approx(1)


def test_a_loud_number_that_varies() -> None:
    commas = FOUR + np.array([[2.0], [-2], [-2], [2]]) * [1, 0, 0]
    moved = centred(commas, commas)
    assert moved[0].tolist() == [2, 2, 1]
    assert cosines(moved, moved)[0].round(2).tolist() == [1, -0.11, -0.78, -0.11]
    assert standardised(commas, commas)[0].tolist() == pytest.approx([1, 1, 1])


def test_what_chance_gives() -> None:
    rows = {
        384: (0.051, 0.16, 0.24),
        768: (0.036, 0.11, 0.17),
        1024: (0.031, 0.10, 0.15),
        4096: (0.016, 0.05, 0.07),
    }
    for numbers, (scatter, thousand, million) in rows.items():
        assert round(numbers**-0.5, 3) == scatter
        assert round(NormalDist().inv_cdf(1 - 1e-3) * numbers**-0.5, 2) == thousand
        assert round(NormalDist().inv_cdf(1 - 1e-6) * numbers**-0.5, 2) == million
    measured_spread = json.loads(RESULTS.read_text())["values"]["spread_random"]["value"][0]
    assert round(measured_spread, 3) == 0.084
    assert round(1 / measured_spread**2, -1) == 140


def test_chunks_of_a_document() -> None:
    assert math.ceil((3000 - 64) / (256 - 64)) == 16
    assert math.ceil((3000 - 128) / (256 - 128)) == 23
    assert 16 * 384 * 4 == 24_576


def test_one_third_of_the_hits_is_right_for_every_kind() -> None:
    values = json.loads(RESULTS.with_name("sentence-embedding-pairs.json").read_text())["values"]
    kept, false = (values[f"limit_fixed_{key}"]["value"] for key in ("kept", "false"))
    for right, wrong in zip(kept, false, strict=True):
        assert 0.32 < right / (right + wrong) < 0.355


def test_repairs_that_the_text_reads_out() -> None:
    values = json.loads(RESULTS.read_text())["values"]
    raw, top = (np.array(values[f"found_{name}"]["value"]) for name in ("raw", "top"))
    assert top[5] / raw[5] == pytest.approx(1.2, abs=0.01)
    for name in ("centred", "standardised", "top"):
        assert abs(values[f"found_{name}"]["value"][6] - raw[6]) < 0.01
    for layer in (3, 4):
        assert values["found_standardised"]["value"][layer] < raw[layer]
    cone = values["random_raw"]["value"]
    assert cone[0] / cone[2] == pytest.approx(0.5, abs=0.05)
    assert raw[0] - raw[2] == pytest.approx(0, abs=0.005)
    assert cone[5] == pytest.approx(cone[2], abs=0.005)
    assert raw[5] > raw[2] + 0.04


def test_ranks_and_pairs() -> None:
    similar = np.array([[0.9, 0.1, 0.2], [0.8, 0.5, 0.1], [0.4, 0.4, 0.4]])
    assert ranks(similar).tolist() == [1, 2, 3]
    assert found_inverse(similar) == pytest.approx((1 + 1 / 2 + 1 / 3) / 3)
    assert apart(np.array([0.5, 0.9]), np.array([0.1, 0.5])) == pytest.approx(0.875)
    assert unit(np.array([[0.0, 0.0], [3.0, 4.0]])).tolist() == [[0, 0], [0.6, 0.8]]


def test_layers_end_in_the_vectors_of_minilm() -> None:
    params = draw(TINY, 0)
    ids, real = padded([[2, 4, 5, 3], [2, 6, 3]], 4)
    found = pooled(params, jnp.asarray(ids), jnp.asarray(real), 2)
    assert found.shape == (3, 2, 8)
    last = vectors(params, jnp.asarray(ids), jnp.asarray(real), 2)
    np.testing.assert_allclose(np.asarray(found[-1]), np.asarray(last), rtol=1e-5, atol=1e-6)


def test_what_is_cut_off_does_not_count() -> None:
    assert cut([[2, 4, 5, 6, 3], [2, 4, 3]], 4) == [[2, 4, 5, 3], [2, 4, 3]]
    found = of_texts(draw(TINY, 0), VOCABULARY, ["a b c d", "a b c a", "a b"], 2, limit=5, batch=2)
    assert found.shape == (3, 3, 8)
    np.testing.assert_allclose(found[:, 0], found[:, 1])
    assert not np.allclose(found[:, 0], found[:, 2])


def test_a_line_of_the_dictionary() -> None:
    line = '00002942 29 v 01 give_up 0 001 ! 1 | stop trying to do it; "She gave up the search" '
    found = entry(line)
    assert found is not None
    assert (found.word, found.gloss) == ("give up", "stop trying to do it")
    assert found.example == "She gave up the search"
    assert entry(line.replace('; "She gave up the search"', "")) is None
    assert entry(line.replace("stop trying to do it", "stop")) is None


def test_a_fact_is_put_where_it_belongs() -> None:
    assert hidden([9, 9], [[1, 2], [3, 4, 5]], 3, 6) == [1, 2, 3, 9, 9, 4]
    assert windows(list(range(6)), 4, 2) == [[0, 1, 2, 3], [2, 3, 4, 5]]
    assert windows([1, 2], 4, 2) == [[1, 2]]
    codes = {fact.split()[-1] for _, fact in facts(3)}
    assert len(codes) == 12


def test_foursomes_change_what_matters() -> None:
    for one, near, far, changed in foursomes("number", 20, 1):
        price = int(one.split()[-2])
        assert f" {price} " in near
        assert f" {price} " in far
        assert f" {10 * price} " in changed
    assert foursomes("roles", 3, 1) == foursomes("roles", 3, 1)
    assert all(len(texts) == 4 for texts in TEMPLATES.values())


def test_what_is_counted_of_changes_and_thresholds() -> None:
    one = np.array([[1.0, 0.0], [0.0, 1.0]])
    near = np.array([[1.0, 0.1], [0.5, 1.0]])
    found = small_changes(one, near, one[::-1], np.array([[1.0, 0.2], [0.2, 1.0]]))
    assert found["fooled_near"] == 0.5
    assert found["fooled_far"] == 1
    similar = np.full((4, 4), 0.2) + 0.7 * np.eye(4)
    kept = threshold(similar)
    assert (kept["kept"], kept["fixed_kept"], kept["fixed_false"]) == (1, 1, 0)
    assert chances(similar)[-1] == 1
    assert sum(chances(similar)) == 1


def test_every_repair_is_measured() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(2, 30, 5))
    found = measured(x, x + 0.1 * rng.normal(size=x.shape), rng.normal(size=(2, 60, 5)))
    assert {f"found_{name}" for name in REPAIRS} <= found.keys()
    assert all(len(series) == 2 for series in found.values())


def test_a_staircase_that_never_falls() -> None:
    assert isotonic([0, 0, 1, 0, 1, 1]) == [0, 0, 0.5, 0.5, 1, 1]
    assert isotonic([1, 0, 0]) == pytest.approx([1 / 3] * 3)
    rng = np.random.default_rng(0)
    right = rng.integers(0, 2, 40).tolist()
    found = isotonic(right)
    assert found == sorted(found)
    assert sum(found) == pytest.approx(sum(right))
