"""Every digit of the article on the transformer's architecture, recomputed; its snippet runs."""

from __future__ import annotations

import json
import math
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from labs import ledger, lengths, texts, tiny, translator
from labs.charts import transformer_architecture as charts
from labs.ledger import BASE, BIG, Sizes

ARTICLE = (
    Path(__file__).parents[2] / "articles" / "transformers" / "transformer-architecture.md"
).read_text(encoding="utf-8")
RESULTS = Path(__file__).parents[2] / "labs" / "results" / "transformer-architecture.json"
FITS = {
    "base": (BASE, 65),
    "$d_k = 16$": (replace(BASE, key=16), 58),
    "$d_k = 32$": (replace(BASE, key=32), 60),
    "2 layers": (replace(BASE, layers=2), 36),
    "4 layers": (replace(BASE, layers=4), 50),
    "8 layers": (replace(BASE, layers=8), 80),
    "$d = 256$, $d_k = 32$": (replace(BASE, width=256, key=32, value=32), 28),
    "$d = 1024$, $d_k = 128$": (replace(BASE, width=1024, key=128, value=128), 168),
    "$d_{\\mathrm{ff}} = 1024$": (replace(BASE, hidden=1024), 53),
    "$d_{\\mathrm{ff}} = 4096$": (replace(BASE, hidden=4096), 90),
    "big": (BIG, 213),
}

#: The rows that the article prints; the others are in its sentence about ten of eleven.
SHOWN = ("base", "2 layers", "$d = 256$, $d_k = 32$", "$d = 1024$, $d_k = 128$", "big")


def said(*texts: str) -> None:
    """Fail unless each text stands in the article, line breaks aside."""
    words = " ".join(ARTICLE.split())
    for text in texts:
        assert text in words, text


def clock(distance: int) -> float:
    """Return the score of the worked example by hand."""
    fast, slow = (math.cos(math.radians(turn * distance)) for turn in (60, 10))
    return (fast + slow) / 2


def test_functions_shown_exist() -> None:
    shown = re.findall(r"labs/(\w+)\.py\n:pyobject: (\w+)", ARTICLE)
    both = [("translator", name) for name in ("encode", "decode", "translate", "multi_head")]
    assert shown == [*both, ("lengths", "rotate")]
    modules = {"lengths": lengths, "translator": translator}
    assert all(callable(getattr(modules[module], name)) for module, name in shown)


# --- the clock


def test_the_clock_table() -> None:
    for distance, shown in {0: "1", 1: "0.74", 2: "0.22", 6: "0.75", 18: "0"}.items():
        assert float(shown) == pytest.approx(clock(distance), abs=5e-3)
        said(f"| {distance} | {60 * distance % 360}° | {10 * distance}° | {shown} |")
    assert clock(3) == pytest.approx(-0.07, abs=5e-3)
    said("| 3 | 180° | 30° | −0.07 |", "the agreement is 0.22 both times")


def test_how_far_the_slowest_head_of_our_alibi_looks() -> None:
    slowest = -np.asarray(tiny.distance_penalty(256, 4))[-1, -1][::-1]
    assert slowest[1] == pytest.approx(1 / 256)
    weights = np.exp(-slowest)
    said(f"would give {weights[64:].sum() / weights.sum():.0%} of its weight to keys 64 or more")
    assert -tiny.distance_penalty(2, 4)[0, 1, 0] == pytest.approx(1 / 4)


def table_costs(letters: int, seen: int | None = None, little: float = 0.01) -> float:
    """Return the bits a character costs by counts of what follows so many letters in training.

    Only the first ``seen`` places of training are counted; what never followed counts ``little``.
    """
    size = len(texts.ALPHABET)
    found = []
    for codes in texts.parts(texts.encoded(texts.king_james())):
        before = np.zeros(len(codes) - letters, dtype=int)
        for place in range(letters):
            before = size * before + codes[place : len(codes) - letters + place]
        found.append((before, codes[letters:]))
    (before, after), (test_before, test_after) = found
    before, after = before[:seen], after[:seen]
    pairs = np.bincount(size * before + after, minlength=size ** (letters + 1))
    chances = pairs.reshape(-1, size) + little
    chances /= chances.sum(axis=1, keepdims=True)
    return float(-np.log2(chances[test_before, test_after]).mean())


def test_what_tables_pay() -> None:
    cost = table_costs(3)
    said(f"which letter follows every three pays {cost:.2f} bits")
    results = json.loads(RESULTS.read_text(encoding="utf-8"))["values"]
    seen = math.prod(results[name]["value"] for name in ("steps", "batch", "trained"))
    assert 2.1 < table_costs(3, seen, 0.1) < 2.3
    letters = len(texts.parts(texts.encoded(texts.king_james()))[0])
    said(f"all {letters / 1e6:.1f} million letters", "about 2.2, like RoPE", f"saw, {seen:,}.")
    assert results["bits_rope"]["value"][3] == pytest.approx(2.2, abs=0.05)
    assert all(cost < min(results[f"bits_{scheme}"]["value"]) for scheme in charts.SCHEMES)


def test_the_clock_at_twelve_and_where_the_fast_hand_returns() -> None:
    assert clock(12) == pytest.approx(0.25)
    here = [distance for distance in range(37) if 60 * distance % 360 == 0]
    said(f"at {', '.join(map(str, here[:-1]))} and {here[-1]}", "/2 = 0.25")


def test_the_hands_of_the_small_model() -> None:
    furthest = np.degrees(63 * np.asarray(lengths.angles(16)))
    assert [round(float(angle)) for angle in furthest[3:5]] == [114, 36]
    said("the fourth reaches 114°, the others 36° at most")
    fastest = math.degrees(1)
    assert (round(fastest), round(fastest / 4)) == (57, 14)
    said("turns 14° where it used to turn 57°")


def test_wavelengths_named() -> None:
    slowest = 2 * math.pi / float(lengths.angles(128)[-1])
    assert slowest == pytest.approx(54_410, rel=1e-4)
    said(f"once in {2 * math.pi:.1f} places", "takes 54,410 places for a round")
    slow = 2 * math.pi / float(lengths.angles(128, base=500_000.0)[-1])
    said(f"{slow / 1e6:.1f} million at the 500,000 of Llama 3")


def test_wavelengths_of_2017() -> None:
    slowest = 2 * math.pi * 10_000 ** (510 / 512)
    said(
        f"the slowest of 256 once in {slowest:,.0f}", f"takes {10_000 ** (2 / 512) - 1:.1%} longer"
    )
    said("1, 0.1, 0.01 and 0.001.")
    assert [10_000 ** (-2 * hand / 8) for hand in range(4)] == pytest.approx([1, 0.1, 0.01, 0.001])


# --- heads and depth


def test_predicted_fall_and_the_direct_road() -> None:
    said(f"= {math.sqrt((1 + 2 * 32) / (1 + 2 * 2)):.1f}$")
    assert math.sqrt(0.5) ** 12 == pytest.approx(1 / 64)
    said("$2^{-6} = 1/64$")


# --- the ledger


def test_counts_of_base_and_big() -> None:
    parts = ledger.ledger(BASE)
    attention = parts["self-attention"] + parts["cross-attention"]
    for count in (attention, parts["feed-forward"], parts["normalisation"]):
        said(f"{count:,}")
    said(f"$4d^2$ = {attention // 18:,}", f"= {parts['feed-forward'] // 12:,}")
    said(f"{parts['embedding']:,}", f"{ledger.total(BASE):,}", f"{ledger.total(BIG):,}")


def test_share_of_the_feed_forward_layers() -> None:
    attention, feed_forward, norm = 4 * 512**2, 2 * 512 * 2048 + 2048 + 512, 2 * 512
    encoder = attention + feed_forward + 2 * norm
    decoder = 2 * attention + feed_forward + 3 * norm
    shares = [
        feed_forward / encoder,
        feed_forward / decoder,
        2 * feed_forward / (encoder + decoder),
    ]
    assert 6 * (encoder + decoder) + 37_000 * 512 == ledger.total(BASE)
    said("encoder layer {:.0%}, of a decoder layer {:.0%}, of all layers {:.0%} |".format(*shares))
    llama = 5_637_144_576 / (8_030_261_248 - 1_050_673_152)
    said(f"of all layers {llama:.0%} |")
    tables = ledger.ledger(BASE)["embedding"]
    said(f"twice {tables / 1e6:.1f} million more, {(ledger.total(BASE) + 2 * tables) / 1e6:.0f} ")


def test_llama_3_8b() -> None:
    """Llama 3 8B, published as 8.03 billion by its model files, counted as the table does."""
    d, inner, layers, shared, vocabulary = 4096, 14_336, 32, 1024, 128_256
    attention = 2 * d**2 + 2 * d * shared
    feed_forward = 3 * d * inner
    parts = (layers * attention, layers * feed_forward, (2 * layers + 1) * d, 2 * vocabulary * d)
    assert sum(parts) == 8_030_261_248
    said(*(f"{count:,}" for count in (attention, feed_forward, *parts, sum(parts))))


def test_the_equation_is_the_ledger() -> None:
    for sizes in (BASE, BIG):
        layers, d, ff = sizes.layers, sizes.width, sizes.hidden
        equation = layers * (3 * 4 * d**2 + 2 * (2 * d * ff + ff + d) + 5 * 2 * d)
        assert equation + sizes.vocabulary * d == ledger.total(sizes)


@pytest.mark.parametrize("row", SHOWN)
def test_the_table_of_vocabularies(row: str) -> None:
    sizes, millions = FITS[row]
    fit = ledger.vocabularies(sizes, millions)
    count = f"{ledger.total(sizes) / 1e6:.2f}"
    said(f"| {row} | {millions} | {count} | {fit.start:,}–{fit.stop - 1:,} |")


def test_what_ten_rows_agree_on_and_big_does_not() -> None:
    fits = [ledger.vocabularies(*FITS[row]) for row in FITS if row != "big"]
    low, high = max(fit.start for fit in fits), min(fit.stop for fit in fits) - 1
    said(f"between {low:,} and {high:,}.", "some $4{,}100\\,d$ numbers")
    assert ledger.total(BASE) / 1e6 == pytest.approx(63.0, abs=0.05)
    said("We count 63.0 million")
    assert 4000 < low - 37_000 < 4100 < high - 37_000 < 4300
    assert (high - low) / low < 0.005


def test_shares_said_of_the_chart() -> None:
    for sizes, shown in [(BASE, {"feed-forward": "40%", "embedding": "30%",
                                 "self-attention": "20%", "cross-attention": "10%"}),
                         (BIG, {"feed-forward": "47%", "embedding": "18%"})]:  # fmt: skip
        parts, whole = ledger.ledger(sizes), ledger.total(sizes)
        for part, share in shown.items():
            assert f"{parts[part] / whole:.0%}" == share


@pytest.mark.parametrize("sizes", [BASE, BIG, Sizes(layers=24), Sizes(vocabulary=9000)])
def test_the_chart_counts_as_the_ledger_does(sizes: Sizes) -> None:
    names = {"layers": sizes.layers, "d": sizes.width, "vocabulary": sizes.vocabulary,
             "ratio": sizes.hidden // sizes.width}  # fmt: skip
    counted = {
        part: eval(count, {}, names)  # noqa: S307 - written in our own chart
        for part, count in charts.PARTS.items()
    }
    assert counted == ledger.ledger(sizes)


def test_gpt2_small() -> None:
    """GPT-2 small, published as 124M (readme of openai/gpt-2), counted as the exercise does."""
    d, vocabulary, positions = 768, 50_257, 1024
    layer = 12 * d**2 + 9 * d + 4 * d
    parts = (12 * layer, vocabulary * d, positions * d, 2 * d)
    assert sum(parts) == 124_439_808
    assert round(sum(parts) / 1e6) == 124
    said(*(f"{count:,}" for count in (*parts, sum(parts))))
    said(f"| {12 * d**2:,} |", f"| {13 * d:,} |")
