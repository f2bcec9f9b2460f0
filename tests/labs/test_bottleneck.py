"""Every digit of the article on the bottleneck, recomputed, and its snippets' functions."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path

import numpy as np
import pytest

from labs import bottleneck as lab

ARTICLE = (
    Path(__file__).parents[2] / "articles" / "architectures" / "cross-attention-bottleneck.md"
).read_text(encoding="utf-8")
RESULTS = Path(lab.__file__).parent / "results"
STATES = lab.read(lab.ROWS)


def said(*texts: str) -> None:
    """Fail unless each text stands in the article, line breaks aside."""
    words = " ".join(ARTICLE.split())
    for text in texts:
        assert text in words, text


def row(numbers: lab.Array, digits: int = 4) -> str:
    """Return numbers as the article prints a vector."""
    return ", ".join(f"{n:.{digits}f}" for n in numbers)


def test_functions_shown_exist() -> None:
    shown = re.findall(r":pyobject: (\w+)", ARTICLE)
    assert shown == ["look_back", "additive", "cross_attention"]
    assert all(hasattr(lab, name) for name in shown)


# Three words by hand


def test_states() -> None:
    for word, state in zip(lab.SOURCE, STATES, strict=True):
        said(f"| {word} | {' | '.join(f'{n:.0f}' for n in state)} |")
    said(f"after ten words the first would have been halved nine times, to 4/512 = {4 / 2**9:.4f};"
         f" doubled nine times that is {4 / 2**9 * 2**9:.0f} again")  # fmt: skip
    ten = lab.read(4.0 * np.eye(10))
    assert ten[-1, 0] == 4 / 512


def test_one_vector() -> None:
    last = STATES[-1]
    powers = np.exp(last)
    said(f"is {powers[0]:.3f}, {powers[1]:.3f} and {powers[2]:.3f}, together {powers.sum():.3f}")
    assert sum(round(power, 3) for power in powers) == pytest.approx(round(powers.sum(), 3))
    la, bleue, maison = lab.softmax(last)
    said(f"= {maison:.4f}, *bleue* {bleue:.4f} and *la* {la:.4f}")
    said(f"| one vector | {la:.4f} | {maison:.4f} | {bleue:.4f} |")


def test_three_looks_back() -> None:
    right = []
    for word, place, query in zip(lab.TARGET, lab.PLACES, lab.QUERIES, strict=True):
        shares, context = lab.look_back(query, STATES)
        right.append(lab.softmax(context)[place])
        cells = (
            word, f"({row(query, 0)})", row(STATES @ query, 0), row(shares),
            f"({row(context)})", f"{right[-1]:.4f}",
        )  # fmt: skip
        said(f"| {' | '.join(cells)} |")
        assert lab.softmax(context).argmax() == place
    said(f"| look back | {' | '.join(f'{p:.4f}' for p in right)} |")
    largest = lab.example_shares().max(axis=1)
    assert largest.argmin() == 0  # "In the first"


def test_share_of_bleue() -> None:
    powers = np.exp(STATES @ lab.QUERIES[2])
    said(f"are 1, {powers[1]:.3f} and {powers[2]:.3f}")
    said(f"{powers[1]:.3f} ÷ {powers.sum():.3f} = {powers[1] / powers.sum():.4f}")


def test_map_of_the_example() -> None:
    shares = lab.example_shares()
    said(f"La reads the with {shares[0, 0]:.2f}, maison reads house with {shares[1, 2]:.2f}")
    said(f"bleue reads blue with {shares[2, 1]:.2f}")


def test_coverage() -> None:
    shares = lab.example_shares()
    for asked, rows in (("*blue*", (0, 1, 2)), ("*house*", (0, 1, 1))):
        sums = shares[list(rows)].sum(axis=0)
        said(f"| *the*, *house*, {asked} | {' | '.join(f'{n:.4f}' for n in sums)} |")


def test_coverage_as_googles_translator_counts_it() -> None:
    shares = lab.example_shares()
    done, missed = (
        float(np.log(np.minimum(shares[list(rows)].sum(axis=0), 1)).sum())
        for rows in ((0, 1, 2), (0, 1, 1))
    )
    said(f"that is −{-done:.4f} for the first line and −{-missed:.4f} for the second")


def test_coverage_taken_off_the_scores() -> None:
    sums = lab.example_shares()[:2].sum(axis=0)
    said(f"have been read {sums[0]:.4f}, {sums[1]:.4f} and {sums[2]:.4f} times")
    none, four, six = (lab.softmax(STATES @ lab.QUERIES[1] - k * sums) for k in (0, 4, 6))
    said(f"has a share of {none[2]:.4f}", f"it is {four[2]:.4f}; take six")
    said(f"it is {six[2]:.4f}, while the second state, *blue*, has {six[1]:.4f}")


def loss_of_bleue(scores: lab.Array) -> float:
    """Return the surprise of the right word, in nats, when the states have these scores."""
    return -float(np.log(lab.softmax(lab.softmax(scores) @ STATES)[1]))


def test_slope_of_a_look_back() -> None:
    scores = STATES @ lab.QUERIES[2]
    shares, context = lab.look_back(lab.QUERIES[2], STATES)
    chances = lab.softmax(context)
    g = chances - np.eye(3)[1]
    slopes = shares * ((STATES - context) @ g)
    said(f"gave {chances[0]:.4f}, {chances[1]:.4f} and {chances[2]:.4f}")
    said(f"$g$ = ({row(g)})".replace("-", "−"))
    said(f"slopes are {slopes[0]:.4f}, −{-slopes[1]:.4f} and {slopes[2]:.4f}")
    assert slopes.sum() == pytest.approx(0)
    for slope, nudge in zip(slopes, 1e-6 * np.eye(3), strict=True):
        measured = (loss_of_bleue(scores + nudge) - loss_of_bleue(scores - nudge)) / 2e-6
        assert measured == pytest.approx(slope, rel=1e-5)


# Additive and multiplicative


def additive_of_maison() -> tuple[lab.Array, lab.Array]:
    """Return the bent numbers of the article's table, and the scores."""
    eye = np.eye(3)
    bent = np.tanh(4 * lab.QUERIES[1] + STATES - 6)
    scores = lab.additive(lab.QUERIES[1], STATES, 4 * eye, eye, np.full(3, -6.0), np.full(3, 2.0))
    return bent, scores


def test_additive_and_multiplicative_scores() -> None:
    bent, scores = additive_of_maison()
    other = lab.multiplicative(lab.QUERIES[1], STATES, np.eye(3))
    np.testing.assert_allclose(scores, 2 * bent.sum(axis=1))
    for i, state in enumerate(STATES):
        cells = [f"{n:.3f}" for n in (*bent[i], scores[i])]
        cells += [f"{lab.softmax(scores)[i]:.4f}", f"{other[i]:.0f}"]
        cells += [f"{lab.softmax(other)[i]:.4f}"]
        said(f"| ({row(state, 0)}) | {' | '.join(cells)} |".replace("-", "−"))
    said(f"tanh(4 + 4 · 1 − 6) = tanh(2) = {math.tanh(2):.3f}")
    said(f"it is tanh(−2) = −{math.tanh(2):.3f}, and with neither −1.000")
    assert f"{math.tanh(-6):.3f}" == "-1.000"


def test_additive_score_is_bounded_by_its_weights() -> None:
    rng = np.random.default_rng(0)
    v = rng.standard_normal(8)
    W, U = 100 * rng.standard_normal((2, 5, 8))
    scores = lab.additive(rng.standard_normal(5), rng.standard_normal((50, 5)), W, U, 0 * v, v)
    assert np.abs(scores).max() <= np.abs(v).sum()
    said("Here the bound is 6", "by more than 12", f"{math.exp(12):,.0f} times")


def test_numbers_that_scores_learn() -> None:
    d = 1000
    said(f"| general | {d * d:,} | 1 million |")
    said(f"paper) | {2 * d * d + 2 * d:,} | 1 billion |")


# Cross-attention


def test_cross_attention_is_the_look_back_with_matrices() -> None:
    eye = np.eye(3)
    root = math.sqrt(3)
    found = lab.cross_attention(root * lab.QUERIES, STATES, eye, eye, eye)
    np.testing.assert_allclose(found, lab.example_shares() @ STATES)
    said(f"4 ÷ $\\sqrt 3$ = {4 / root:.4f}")
    rng = np.random.default_rng(0)
    X, H = rng.standard_normal((5, 8)), rng.standard_normal((7, 8))
    W_Q, W_K, W_V = rng.standard_normal((8, 4)), rng.standard_normal((8, 4)), np.ones((8, 2))
    assert lab.cross_attention(X, H, W_Q, W_K, W_V).shape == (5, 2)


def test_whisper() -> None:
    """OpenAI's sizes: 1,500 states of 1,280 numbers, 32 or 4 decoder layers."""
    for name, layers in (("large-v3", 32), ("large-v3-turbo", 4)):
        once, each, pairs = (layers * n / 1e9 for n in lab.cross_work(1500, 100, 1280))
        megabytes = lab.stored(layers, 1500, 1280) * 2 / 1e6
        said(f"| {name} | {layers} | {megabytes:.0f} MB | {once:.1f}"
             f" | {each + pairs:.1f}, of which {pairs:.1f} |")  # fmt: skip


def test_parameters_of_a_layer() -> None:
    said(f"are $4d^2$ parameters, {4 * 1280**2 / 1e6:.1f} million at this width")


@pytest.mark.parametrize(
    ("width", "layers", "whole"), [(512, 6, 65), (1024, 6, 213), (1280, 32, 1550), (1280, 4, 809)]
)
def test_parameters_of_whole_models(width: int, layers: int, whole: int) -> None:
    """Published sizes: Attention Is All You Need, Table 3; the readme of Whisper."""
    asked = layers * 4 * width**2 / 1e6
    said(f"| {width:,} | {layers} | {asked:.1f} | {whole:,} | {asked / whole:.1%} |")


def test_numbers_kept_of_a_source() -> None:
    for words in (10, 50):
        said(f"{words * 2000:,}", f"{words * 512:,}", f"{words * 2 * 6 * 512:,}")
    said(f"| its keys and values: 2 · 6 layers · 512 | {2 * 6 * 512:,} | 61,440 | 307,200 |")
    assert 2 * 4 * 1000 == 8000  # cell and output of four layers


def test_reading_4000_rows() -> None:
    """One stack of 24 layers, and 24 that ask an encoder of 12: all multiplications."""
    m, d, layers = 4000, 1024, 24
    passed, pairs = layers * m * 12 * d * d, layers * m * m * d
    asked, encoder = layers * lab.cross_work(m, 0, d)[0], 12 * m * (12 * d * d + 2 * m * d)
    said(f"takes {(passed + pairs) / 1e12:.2f} trillion multiplications in one stack"
         f", and {(asked + encoder) / 1e12:.2f} in two")  # fmt: skip
    said(f"= {passed / 1e12:.2f} trillion multiplications, and {pairs / 1e12:.2f} for the pairs")
    said(f"= {asked / 1e12:.2f}, and an encoder", f"hears every other, {encoder / 1e12:.2f}.")
    assert asked + 2 * encoder > passed + pairs  # "the dearer way"


def test_whisper_hears_a_row_each_20_milliseconds() -> None:
    """whisper/decoding.py, published: "usually 0.02 seconds"."""
    assert 30 / 1500 == 0.02
    said("one for each 20 milliseconds")


def test_stores() -> None:
    said(f"= {lab.stored(24, 4000, 8 * 128) * 2 / 1e6:.0f} MB for each text")
    said(f"2 · 12 · 750 · 768 · 2 bytes = {lab.stored(12, 750, 768) * 2 / 1e6:.1f} MB")


# Counting


def test_counting_rule() -> None:
    assert lab.longest(32, 2.5, 4) == 20
    for letters in (4, 20, 100):
        bits = 4 * letters
        said(f"| {letters} | {bits} | {bits / 32:g} each | {bits / 128:g} each |")
        assert lab.longest(32, bits / 32, 4) == letters
    assert lab.longest(64, 1, 4) == 16
    assert lab.longest(64, 1, 8) == 8
    assert lab.fetched_right(3, 16, 1000) == 1000 / 4096
    said(f"or {1000 / 4096:.0%}, come back right")
    said(f"{10 * math.log2(10):.0f} bits; 384 numbers need to hold {10 * math.log2(10) / 384:.2f}")
    said(f"is 5,000 bits, or {5000 / 384:.0f} a number")


def test_no_table_of_answers_beats_the_count() -> None:
    """Of all ways to share out 5 values among 8 strings, none brings back more than 5."""
    rng = np.random.default_rng(0)
    for _ in range(100):
        value = rng.integers(0, 5, size=8)
        assert len(set(value.tolist())) / 8 <= lab.fetched_right(3, 2, 5)
    assert lab.fetched_right(1, 4, 100) == 1.0


def test_checked_answer() -> None:
    shares, _ = lab.look_back(np.array([0.0, 2, 0]), STATES)
    said(f"the shares are {shares[0]:.4f}, {shares[1]:.4f} and {shares[2]:.4f}")
    said(f"Powers are 1, {math.exp(8):,.2f} and {math.exp(4):.2f}")


def test_long_words() -> None:
    kept = json.loads((RESULTS / "cross-attention-spelling.json").read_text(encoding="utf-8"))
    off, on = (kept["values"][f"signs_{way}"]["value"] for way in ("off", "on"))
    said("errors more than double with it, and rise by two fifths with attention")
    assert off[-1] / off[0] > 2
    assert on[-1] / on[0] == pytest.approx(1.4, abs=0.02)
    shares = np.array(kept["values"]["alignment"]["value"]).reshape(9, 10)
    said(
        "For the first F it looks at the state after *h*", "it looks at the last three states alike"
    )
    assert shares[0].argmax() == 1
    assert np.ptp(shares[6, 7:]) < 0.05
    assert shares[6, 7:].sum() > 0.9


@pytest.mark.parametrize("width", [16, 32, 64, 128])
def test_one_state_with_all_the_share_is_the_context_vector(width: int) -> None:
    states = np.random.default_rng(width).standard_normal((9, width))
    shares = np.eye(9)[-1]
    np.testing.assert_array_equal(shares @ states, states[-1])
