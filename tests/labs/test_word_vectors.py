"""Vectors of words, as the article on embeddings prints them."""

from __future__ import annotations

import numpy as np
import pytest

from labs.analogies import PAIRS
from labs.word_vectors import (
    COUNTS,
    WORDS,
    analogy,
    answered,
    compressed,
    cooccurrences,
    cosine,
    frequencies,
    learned,
    loss,
    nearest,
    neighbours,
    numbered,
    ppmi,
    questions,
    sigmoid,
    thinned,
    train,
    unit,
    update,
    words_of,
)

KING, QUEEN, MAN, WOMAN, BREAD = range(5)


def test_cosines_of_the_counts() -> None:
    assert COUNTS[KING] @ COUNTS[QUEEN] == 27
    assert np.sqrt((COUNTS**2).sum(1)).round(3)[:2].tolist() == [5.916, 5.745]
    found = [round(cosine(COUNTS[KING], COUNTS[word]), 3) for word in (QUEEN, MAN, WOMAN, BREAD)]
    assert found == [0.794, 0.698, 0.611, 0.130]
    assert round(cosine(COUNTS[WOMAN], COUNTS[BREAD]), 3) == 0.497
    assert round(cosine(COUNTS[MAN], COUNTS[WOMAN]), 3) == 0.933
    assert COUNTS[MAN] @ COUNTS[WOMAN] == 14
    apart = [np.linalg.norm(COUNTS[a] - COUNTS[b]) for a, b in ((KING, QUEEN), (MAN, WOMAN))]
    assert np.round(apart, 3).tolist() == [3.742, 1.414]


def test_the_king_stays_king() -> None:
    total = COUNTS[KING] - COUNTS[MAN] + COUNTS[WOMAN]
    assert total.tolist() == [5, 2, 2, 0]
    found = [round(cosine(total, row), 3) for row in COUNTS]
    assert found == [0.971, 0.909, 0.674, 0.674, 0.134]
    vectors = unit(COUNTS.astype(float))
    assert analogy(vectors, MAN, KING, WOMAN, exclude=True) == QUEEN


def test_distance_of_unit_vectors_follows_from_their_cosine() -> None:
    a, b = unit(COUNTS.astype(float))[:2]
    assert (a - b) @ (a - b) == pytest.approx(2 - 2 * cosine(a, b))


def test_one_step_by_hand() -> None:
    king, crown, eat = np.array([1, 0]), np.array([0, 1]), np.array([[1, 0]])
    assert round(loss(king, crown, eat), 4) == 2.0064
    assert [float(sigmoid(crown @ king)), round(float(sigmoid(eat @ king)[0]), 4)] == [0.5, 0.7311]
    king, crown, eat = update(king, crown, eat, rate=0.5)
    assert king.round(4).tolist() == [0.6345, 0.25]
    assert crown.tolist() == [0.25, 1]
    assert eat.round(4).tolist() == [[0.6345, 0]]
    assert round(loss(king, crown, eat), 4) == 1.4241
    after = [float(sigmoid(crown @ king)), float(sigmoid(eat @ king)[0])]
    assert np.round(after, 4).tolist() == [0.6008, 0.5993]
    queen, _, _ = update(np.array([0, -1]), crown, np.zeros((0, 2)), rate=0.5)
    assert round(float(sigmoid(-1.0)), 4) == 0.2689
    assert queen.round(4).tolist() == [0.0914, -0.6345]


def test_queen_comes_nearer_to_king() -> None:
    king, queen = np.array([0.6345, 0.25]), np.array([0.0914, -0.6345])
    found = [round(cosine(king, row), 2) for row in (np.array([0, -1]), queen)]
    assert found == [-0.37, -0.23]


def test_ratios_tell_king_from_queen() -> None:
    shares = COUNTS / COUNTS.sum(1, keepdims=True)
    crown, _, she, _ = range(4)
    assert COUNTS.sum(1)[[KING, QUEEN]].tolist() == [9, 9]
    assert shares[QUEEN, she] / shares[KING, she] == pytest.approx(4)
    assert shares[QUEEN, crown] / shares[KING, crown] == pytest.approx(0.8)
    assert round(float(np.log(4)), 3) == 1.386


def test_subsampling_keeps_one_in_91() -> None:
    assert round(63_919 / 765_809 * 12) == 1
    assert round(np.sqrt(1e-5 * 12), 3) == 0.011
    assert round(1 / np.sqrt(1e-5 * 12)) == 91


def test_random_directions_overlap_little() -> None:
    rows = unit(np.random.default_rng(0).normal(size=(300, 1000)))
    cosines = (rows @ rows.T)[np.triu_indices(300, 1)]
    assert round(float(np.sqrt((cosines**2).mean())), 2) == 0.03
    assert round(10 / 21_745, 4) == 0.0005


def test_the_update_goes_against_the_slope() -> None:
    rng = np.random.default_rng(0)
    word, seen, drawn = rng.normal(size=3), rng.normal(size=3), rng.normal(size=(2, 3))
    moved = update(word, seen, drawn, 1.0)[0] - word
    nudge = 1e-6 * np.eye(3)
    slopes = [
        (loss(word + step, seen, drawn) - loss(word - step, seen, drawn)) / 2e-6 for step in nudge
    ]
    assert moved == pytest.approx(-np.array(slopes), abs=1e-6)


def test_the_power_draws_common_words_less_often() -> None:
    assert round(63_919 / 66) == 968
    the, crown = frequencies(np.array([63_919, 66]))
    assert round(the / crown) == 174
    assert frequencies(COUNTS.sum(0)).sum() == pytest.approx(1)


def test_two_numbers_merge_man_and_woman() -> None:
    two = learned(COUNTS, 2, 200, 0)[-1]
    assert cosine(two[KING], two[QUEEN]) > 0.99
    assert np.linalg.norm(two[MAN] - two[WOMAN]) < 0.01
    three = learned(COUNTS, 3, 200, 0)[-1]
    assert cosine(three[KING], three[MAN]) > cosine(three[KING], three[WOMAN]) + 0.1


def test_other_starts_end_elsewhere() -> None:
    ends = [learned(COUNTS, 2, 200, seed)[-1] for seed in range(200)]
    assert min(cosine(end[KING], end[QUEEN]) for end in ends) > 0.99
    bread = [cosine(end[KING], end[BREAD]) for end in ends]
    assert [round(min(bread), 2), round(max(bread), 2)] == [-0.23, 0.10]


def test_a_stretch_changes_cosines_and_no_score() -> None:
    rng = np.random.default_rng(0)
    words, others, stretch = rng.normal(size=(5, 2)), rng.normal(size=(4, 2)), np.diag([1, 0.25])
    stretched, shrunk = words @ stretch, others @ np.linalg.inv(stretch)
    assert stretched @ shrunk.T == pytest.approx(words @ others.T)
    assert abs(cosine(*stretched[:2]) - cosine(*words[:2])) > 0.01


def test_scores_end_at_shifted_information() -> None:
    table = np.array([[4, 2], [1, 3]])
    rng = np.random.default_rng(0)
    words, others = rng.normal(0, 0.5, (2, 2)), rng.normal(0, 0.5, (2, 2))
    negatives = 2 * np.outer(table.sum(1), frequencies(table.sum(0)))
    for _ in range(20_000):
        chance = sigmoid(words @ others.T)
        push = table * (1 - chance) - negatives * chance
        words, others = words + 0.02 * push @ others, others + 0.02 * push.T @ words
    assert words @ others.T == pytest.approx(np.log(table / negatives), abs=1e-3)
    expected = 9 * 11 / 39
    assert [round(expected, 2), round(np.log(5 / expected), 3)] == [2.54, 0.678]


def test_pairs_of_neighbours() -> None:
    words, counts, text = numbered(words_of("a crown, a king; a crown."), 2)
    assert words == ["a", "crown"]
    assert counts.tolist() == [3, 2]
    assert text.tolist() == [0, 1, 0, 0, 1]
    table = cooccurrences(text, 2, 1)
    assert table.tolist() == [[2, 3], [3, 0]]
    assert (ppmi(table) >= 0).all()
    rng = np.random.default_rng(0)
    assert len(thinned(text, counts, 1.0, rng)) == 5
    assert len(neighbours(text, 3, rng)[0]) <= len(neighbours(text, 3)[0])


def test_compression_keeps_products() -> None:
    table = COUNTS @ COUNTS.T.astype(float)
    found = compressed(table, 4)
    assert found @ found.T == pytest.approx(table, abs=1e-6)


def test_training_brings_words_of_like_company_together() -> None:
    lines = ["king wears crown", "queen wears crown", "man eats bread", "woman eats bread"] * 200
    words, counts, text = numbered(" ".join(lines).split(), 1)
    inner, outer = train(
        text,
        counts,
        width=8,
        window=1,
        negatives=2,
        passes=5,
        rate=0.05,
        share=1.0,
        seed=0,
        batch=16,
    )
    assert inner.shape == outer.shape == (8, 8)
    vectors, row = unit(inner), {word: number for number, word in enumerate(words)}
    assert cosine(vectors[row["king"]], vectors[row["queen"]]) > cosine(
        vectors[row["king"]], vectors[row["bread"]]
    )


def test_questions_are_asked_of_all_pairs() -> None:
    asked = questions([(MAN, WOMAN), (KING, QUEEN)])
    assert asked.tolist() == [[MAN, WOMAN, KING, QUEEN], [KING, QUEEN, MAN, WOMAN]]
    vectors = unit(COUNTS.astype(float))
    assert answered(vectors, asked).tolist()[0] == QUEEN
    assert nearest(vectors, KING, 2).tolist() == [QUEEN, MAN]
    assert answered(vectors, asked, offset=False).tolist() == [QUEEN, WOMAN]
    assert {"family", "plural"} <= PAIRS.keys()
    assert ("king", "queen") in PAIRS["family"]
    assert len(WORDS) == len(COUNTS)
