"""Writing token by token, as the article on decoder-only models prints it."""

from __future__ import annotations

import re
from decimal import Decimal, localcontext
from pathlib import Path

import numpy as np
import pytest

from labs import decoding as lab
from labs.stack import Stack

ROOT = Path(__file__).parents[2]
ARTICLE = " ".join(
    (ROOT / "articles/architectures/decoder-only.md").read_text(encoding="utf-8").split()
)
SENTENCE = ["the", "cat", "sat", "on", "the", "mat"]
GIVEN = np.array([0.50, 0.22, 0.15, 0.08, 0.05])
GUESSER = np.array([0.70, 0.10, 0.10, 0.05, 0.05])
TOKENS = ["mat", "sofa", "roof", "moon", "of"]
#: Sizes as their sources give them.
LLAMA_8B = (32, 8, 128)
PARAMETERS = 8_030_261_248
BANDWIDTH, SPEED = 3.35e12, 9.9e14


def said(*texts: str) -> None:
    for text in texts:
        assert text in ARTICLE, text


def runs() -> tuple[lab.Machine, list[lab.Array]]:
    machine = lab.Machine()
    return machine, [machine.read(word) for word in SENTENCE]


# The machine of six words


def test_second_the_hears_sat() -> None:
    machine, _ = runs()
    scores = lab.QUERIES["the"] * np.array(machine.keys[:5])
    shares = lab.softmax(scores)
    said(f"| {np.exp(scores).sum():.4f} | 1.0000 | |")
    for word, score, share, value in zip(SENTENCE, scores, shares, machine.values, strict=False):
        key = 1 if word == "sat" else 0
        said(f"| {word} | {key} | {score:.0f} | {np.exp(score):.4f} | {share:.4f} | {value:.0f} |")
    mix = float(shares @ np.array(machine.values[:5]))
    said(f"The mix is {shares[2]:.4f} · 3 = {mix:.4f}.")
    assert machine.keys == [0, 0, 1, 0, 0, 0]
    assert machine.values == [0, 0, 3, 0, 0, 0]


def test_what_follows_the_second_the() -> None:
    _, found = runs()
    scores = lab.Machine.scores("the", 1.9464)
    powers = np.exp(lab.Machine.scores("the", 3 * lab.softmax(np.array([0, 0, 2.0, 0, 0]))[2]))
    place = {word: lab.WORDS.index(word) for word in lab.WORDS}
    said(f"| cat | 2 | 2 − 1.9464 = {scores[place['cat']]:.4f} | {powers[place['cat']]:.4f} |")
    said(f"| mat | 1 | 1 + 1.9464 = {scores[place['mat']]:.4f} | {powers[place['mat']]:.4f} |")
    said(f"| *sum* | | | {powers.sum():.4f} | 1.0000 |")
    for word in ("cat", "mat"):
        said(f"{powers[place[word]]:.4f} | {found[4][place[word]]:.4f} |")
    said(f"−1 | {powers[place['sat']]:.4f} each | {found[4][place['sat']]:.4f} each |")
    first = found[0]
    said(f"*cat* would have had {first[place['cat']]:.4f}, *mat* {first[place['mat']]:.4f}")


def test_the_loop_and_its_product() -> None:
    _, found = runs()
    chances = [float(row.max()) for row in found[1:]]
    written = [lab.WORDS[int(row.argmax())] for row in found[1:]]
    assert written == lab.generate(["the", "cat"]) == ["sat", "on", "the", "mat", "."]
    names = [*written[:-1], "full stop"]
    for number, (word, chance) in enumerate(zip(names, chances, strict=True), 1):
        cells = rf"[^|]+\| [^|]+\| {word} \| {chance:.4f} \| {number + 1}"
        assert re.search(rf"\| {number} \| {cells} \|", ARTICLE)
    product = " · ".join(f"{chance:.4f}" for chance in chances)
    said(f"{product} = {np.prod(chances):.4f}")
    assert sum(range(2, 7)) == 20
    said(f"the remaining {1 - np.prod(chances):.4f}")
    nats = -np.log(np.prod(chances)) / 5
    bits = nats / np.log(2)
    said(f"−log₂ 0.6021 ÷ 5 = {bits:.4f} bits a token", f"with ln: {nats:.4f}")
    said(f"{2**bits:.4f}, is the **perplexity**")


def test_without_its_head_the_machine_loops() -> None:
    word, text = "the", ["the"]
    for _ in range(8):
        word = lab.WORDS[int(lab.Machine.scores(word, 0).argmax())]
        text.append(word)
    assert " ".join(text) == "the cat sat on the cat sat on the"
    said("*the cat sat on the cat sat on*")


# Rules of choice


def test_rules_on_five_tokens() -> None:
    columns = [
        GIVEN,
        lab.heated(GIVEN, 0.5),
        lab.heated(GIVEN, 2),
        lab.top_k(GIVEN, 2),
        lab.top_p(GIVEN, 0.9),
        lab.min_p(GIVEN, 0.2),
    ]
    for token, *row in zip(TOKENS, *columns, strict=True):
        cells = [f"{row[0]:.2f}"] + [f"{chance:.4f}" if chance else "0" for chance in row[1:]]
        said(f"| {token} | {' | '.join(cells)} |")
    squares = GIVEN**2
    np.testing.assert_allclose(columns[1], squares / squares.sum())


def test_how_many_stay() -> None:
    sure = np.array([0.95] + [0.05 / 99] * 99)
    torn = np.array([0.45] * 2 + [0.10 / 98] * 98)
    for name, chances in {"sure": sure, "torn": torn, "open": np.full(100, 0.01)}.items():
        left = lab.top_k(chances, 5), lab.top_p(chances, 0.9), lab.min_p(chances, 0.1)
        counts = " | ".join(str(int((row > 0).sum())) for row in left)
        assert re.search(rf"\| {name}: [^|]+ \| {re.escape(counts)} \|", ARTICLE), (name, counts)


def test_rules_keep_shares_of_what_stays() -> None:
    for kept in (lab.top_k(GIVEN, 3), lab.top_p(GIVEN, 0.85), lab.min_p(GIVEN, 0.1)):
        assert kept.sum() == pytest.approx(1)
        stays = kept > 0
        np.testing.assert_allclose(kept[stays] / kept[0], GIVEN[stays] / GIVEN[0])
    np.testing.assert_allclose(lab.top_p(GIVEN, 1.0), GIVEN)
    assert lab.top_p(GIVEN, 0.01).tolist() == [1, 0, 0, 0, 0]


# Speculative decoding


def test_speculation_is_exact() -> None:
    np.testing.assert_allclose(lab.speculated(GIVEN, GUESSER), GIVEN)
    assert lab.accepted(GIVEN, GUESSER) == pytest.approx(0.8)
    np.testing.assert_allclose(lab.residual(GIVEN, GUESSER), [0, 0.6, 0.25, 0.15, 0], atol=1e-12)
    said("| sofa | 0.22 | 0.10 | 0.10 | 0.20 · 0.60 = 0.12 | 0.22 |")
    said("| roof | 0.15 | 0.10 | 0.10 | 0.20 · 0.25 = 0.05 | 0.15 |")
    said("| moon | 0.08 | 0.05 | 0.05 | 0.20 · 0.15 = 0.03 | 0.08 |")
    rng = np.random.default_rng(0)
    for _ in range(20):
        target, draft = rng.dirichlet(np.ones(7), size=2)
        np.testing.assert_allclose(lab.speculated(target, draft), target)


def test_speculation_drawn() -> None:
    rng = np.random.default_rng(1)
    draws = 100_000
    guesses = rng.choice(5, size=draws, p=GUESSER)
    kept = rng.random(draws) < np.minimum(1, GIVEN / GUESSER)[guesses]
    again = rng.choice(5, size=draws, p=lab.residual(GIVEN, GUESSER))
    found = np.bincount(np.where(kept, guesses, again), minlength=5) / draws
    np.testing.assert_allclose(found, GIVEN, atol=0.005)


def test_tokens_per_run() -> None:
    assert lab.tokens_per_run(0.8, 4) == pytest.approx((1 - 0.8**5) / (1 - 0.8))
    said("1 + 0.8 + 0.64 + 0.512 + 0.4096 = 3.36 tokens")
    assert f"{lab.tokens_per_run(0.8, 4):.4f}" == "3.3616"
    assert f"{3.3616 / 1.2:.2f}" == "2.80"
    assert f"{3.3616 / 3:.2f}" == "1.12"
    # DeepSeek-V3: one guess accepted in 85 to 90% makes at most 1.85 to 1.90; reported: 1.8.
    assert lab.tokens_per_run(0.85, 1) == pytest.approx(1.85)


# Bytes and seconds


def test_bytes_of_published_models() -> None:
    kib = {
        "GPT-3": lab.token_bytes(96, 96, 128),
        "OPT": lab.token_bytes(40, 40, 128),
        "Llama 3.1 405B": lab.token_bytes(126, 8, 128),
        "Llama 3.1 70B": lab.token_bytes(80, 8, 128),
        "Llama 3.1 8B": lab.token_bytes(*LLAMA_8B),
        "Qwen3 235B": lab.token_bytes(94, 4, 128),
        "Qwen3 8B": lab.token_bytes(36, 8, 128),
        "Gemma 3 27B": lab.token_bytes(10, 16, 128),
        "DeepSeek-V3": 61 * (512 + 64) * 2,
        "gpt-oss 120B": lab.token_bytes(18, 8, 64),
    }
    assert kib["OPT"] == 800 * 1024  # as Kwon et al. 2023 print it, section 3
    for name, found in kib.items():
        each = f"{found / 1024:,.1f}".removesuffix(".0")
        whole = f"{found * 131_072 / 2**30:,.1f}".removesuffix(".0")
        pattern = rf"\| {re.escape(name)}[^|]*\| [^|]+\| {each} \| {whole} \|"
        assert re.search(pattern, ARTICLE), (name, each, whole)
    said("2 · 32 · 8 · 128 · 2 = 131,072 bytes, or 128 KiB")
    assert kib["GPT-3"] / lab.token_bytes(36, 8, 64) == 64  # all layers of both
    assert round(kib["GPT-3"] / kib["Llama 3.1 405B"], 1) == 9.1
    # DeepSeek-V4 Pro as reported: 9.62 GiB for 2^20 tokens.
    assert round(kib["GPT-3"] / (9.62 * 1024)) == 479
    windows = lab.token_bytes(18, 8, 64) * 128, lab.token_bytes(52, 16, 128) * 1024
    assert [each / 2**20 for each in windows] == [4.5, 416]


def test_seconds_of_llama() -> None:
    weights, cache = 2.0 * PARAMETERS, lab.token_bytes(*LLAMA_8B) * 8192
    said(f"which makes {weights / 1e9:.2f} GB", f"which is {cache / 1e9:.2f} GB")
    one = lab.step_seconds(weights, cache, BANDWIDTH)
    many = lab.step_seconds(weights, cache, BANDWIDTH, 32)
    said(f"{(weights + cache) / 1e9:.2f} ÷ 3,350 = {1000 * one:.1f} ms")
    said(f"gets about {1 / one:.0f} tokens a second")
    said(f"it takes {1000 * many:.1f} ms and writes {32 / many:,.0f} tokens a second in all")
    less = weights - 128_256 * 4096 * 2
    assert f"{less / 1e9:.1f}" == "15.0"
    assert round(1 / lab.step_seconds(less, cache, BANDWIDTH)) == 208
    said(f"{lab.prefill_seconds(PARAMETERS, 8192, SPEED):.2f} seconds for the whole prompt")
    assert round(SPEED / BANDWIDTH) == 296
    assert round(weights / lab.token_bytes(*LLAMA_8B), -2) == 122_500
    said("its weights at 122,500 tokens")


def test_eighty_gigabytes() -> None:
    weights, token = 2.0 * PARAMETERS, lab.token_bytes(*LLAMA_8B)
    free = 0.9 * 80e9 - weights
    texts = int(free / (8192 * token))
    step = lab.step_seconds(weights, 8192 * token, BANDWIDTH, texts)
    tokens = f"{round(free / token, -2):,.0f}"
    said(f"{free / 1e9:.2f} GB of cache: about {tokens} tokens, or {texts} texts of 8,192")
    said(f"a step of {1000 * step:.1f} ms, {texts / step:,.0f} tokens a second together")


def test_order_of_a_sum() -> None:
    with localcontext() as digits:
        digits.prec = 4
        large, small = Decimal(1000), Decimal("0.4")
        assert (large + small) + small == 1000
        assert large + (small + small) == 1001
    said("| (1,000 + 0.4) + 0.4 | 1,000 | 1,000 |", "| 1,000 + (0.4 + 0.4) | 0.8 | 1,001 |")


def test_operations_a_byte() -> None:
    said("990 ÷ 3.35, or 296, operations")
    assert round(2 * 128 * (576 + 512) / (2 * 576)) == 242
    said("2 · 128 · (576 + 512) ÷ (2 · 576) = 242 operations a byte")


def test_slips_add_up() -> None:
    said(f"0.99¹⁰⁰ = {0.99**100:.0%}")


# Check yourself


def test_question_1_bytes() -> None:
    token = lab.token_bytes(48, 4, 128)
    said(f"= {token:,.0f} bytes or {token / 1024:.0f} KiB")
    assert token * 32_768 == 3 * 2**30
    assert lab.token_bytes(48, 4, 128, 1) * 32_768 == 1.5 * 2**30


def test_question_2_rules() -> None:
    chances = np.array([0.6, 0.2, 0.1, 0.06, 0.04])
    kept = lab.top_k(chances, 3), lab.top_p(chances, 0.85), lab.min_p(chances, 0.15)
    assert [int((row > 0).sum()) for row in kept] == [3, 3, 3]


def test_question_3_guesses() -> None:
    target, draft = np.array([0.6, 0.4]), np.array([0.9, 0.1])
    assert lab.accepted(target, draft) == pytest.approx(0.7)
    said(f"= {lab.tokens_per_run(0.7, 3):.3f} tokens on average")


# The experiment's stack


def test_cache_changes_no_result_and_counts() -> None:
    stack = Stack(2, 32, 4, seed=3)
    x = np.random.default_rng(0).standard_normal((300, 32)).astype(np.float32)
    whole = stack.read(x, stack.empty(300), 0)
    assert stack.multiplied >= 2 * 12 * 32 * 32 * 300
    cache = stack.empty(300)
    first = stack.read(x[:299], cache, 0)
    stack.multiplied = 0
    last = stack.read(x[299:], cache, 299)
    np.testing.assert_allclose(np.vstack([first, last]), whole, atol=1e-4)
    assert stack.multiplied == 2 * (12 * 32 * 32 + 2 * 32 * 300)


def test_stack_is_causal() -> None:
    stack = Stack(2, 16, 2, seed=0)
    x = np.random.default_rng(1).standard_normal((40, 16)).astype(np.float32)
    changed = x.copy()
    changed[30:] += 1
    kept = stack.read(x, stack.empty(40), 0), stack.read(changed, stack.empty(40), 0)
    np.testing.assert_allclose(kept[0][:30], kept[1][:30], atol=1e-5)
    assert not np.allclose(kept[0][30:], kept[1][30:], atol=1e-2)
