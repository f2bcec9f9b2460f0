"""Every digit of the article "Attention Mechanism Explained", recomputed, and its snippets run."""

from __future__ import annotations

import math
import re
from pathlib import Path

import numpy as np
import pytest

from labs import attention as lab
from labs.attention import KEYS, QUERY, VALUES, WORDS

ARTICLE = (
    Path(__file__).parents[2] / "articles" / "transformers" / "attention-mechanism.md"
).read_text(encoding="utf-8")
RAW = KEYS @ QUERY
SCORES = RAW / math.sqrt(len(QUERY))
WEIGHTS = lab.softmax(SCORES)


def said(*texts: str) -> None:
    """Fail unless each text stands in the article, line breaks aside."""
    words = " ".join(ARTICLE.split())
    for text in texts:
        assert text in words, text


def pair(numbers: lab.Array) -> str:
    """Return two numbers as the article prints a vector."""
    return f"({numbers[0]:.4f}, {numbers[1]:.4f})"


def entries(vector: lab.Array, between: str = " ") -> str:
    """Return a vector of whole numbers and halves as the article prints it."""
    return between.join("½" if v == 0.5 else f"{v:.0f}".replace("-", "−") for v in vector)


def row(name: str, numbers: lab.Array, mix: lab.Array) -> str:
    """Return a row of a table of shares as the article prints it."""
    return f"| {name} | {' | '.join(f'{n:.4f}' for n in numbers)} | {pair(mix)} |"


# The article itself


def test_functions_shown_exist() -> None:
    shown = re.findall(r":pyobject: (\w+)", ARTICLE)
    assert shown == ["attention", "tiled_attention"]
    assert all(hasattr(lab, name) for name in shown)


# Five words by hand


def test_table_of_the_five_words() -> None:
    said(f"with the question ({entries(QUERY, ', ')})")
    for i, word in enumerate(WORDS):
        numbers = f"{RAW[i]:.0f} | {SCORES[i]:.0f}".replace("-", "−")
        shares = f"{np.exp(SCORES[i]):.4f} | {WEIGHTS[i]:.4f}"
        said(f"| {word} | {entries(KEYS[i])} | {entries(VALUES[i])} | {numbers} | {shares} |")
    said(f"| {np.exp(SCORES).sum():.4f} | 1.0000 |")


def test_labels_fit_what_their_places_mean() -> None:
    water, money, action, grammar = KEYS.T
    assert water.argmax() == WORDS.index("rowed")
    assert money.argmax() == WORDS.index("bank")
    assert set(np.flatnonzero(action)) == {WORDS.index("she"), WORDS.index("rowed")}
    assert set(np.flatnonzero(grammar)) == {WORDS.index("to"), WORDS.index("the")}
    assert (KEYS >= 0).all()


def test_output_of_the_example() -> None:
    powers = np.exp(SCORES)
    said(f"{powers[1]:.4f} ÷ {powers.sum():.4f} = {WEIGHTS[1]:.4f}")
    said(" + ".join(f"{WEIGHTS[i]:.4f}·{VALUES[i, 0]:.0f}" for i in (0, 1, 4)))
    said(" + ".join(f"{WEIGHTS[i]:.4f}·{VALUES[i, 1]:.0f}" for i in (0, 4)))
    said(f"With unrounded shares this makes {pair(WEIGHTS @ VALUES)}")
    said(f"{WEIGHTS[1]:.0%} of its listening went to *rowed* and only {WEIGHTS[4]:.0%} to itself")
    np.testing.assert_allclose(lab.attention(QUERY[None], KEYS, VALUES)[0], WEIGHTS @ VALUES)


def test_pictures_of_the_example() -> None:
    for word, value, share in zip(WORDS, VALUES, WEIGHTS, strict=True):
        said(f'["{word}<br/>({entries(value, ", ")})"]')
        said(f'|"{share:.4f}"| M')
    said(f'["mix for bank<br/>{pair(WEIGHTS @ VALUES)}"]')
    said(f"| {entries(KEYS[4], ', ')} |")
    said(f"5 × 5 | {entries(SCORES, ', ')} |")
    said(f"5 × 5 | {', '.join(f'{share:.4f}' for share in WEIGHTS)} |")


def test_bank_asking_with_its_own_label_hears_itself() -> None:
    own = KEYS @ KEYS[4]
    said(f"own label, ({entries(KEYS[4], ', ')})", "0 with the others")
    said(f"{own[1]:.0f} with *rowed*, {own[4]:.2f} with itself")
    assert (KEYS @ KEYS[1])[4] == own[1]  # "every match would be mutual"
    assert own.argmax() == 4
    assert own[[0, 2, 3]].max() == 0


def test_order_counts_once_distance_does() -> None:
    for order, mix in (
        ((0, 1, 2, 3, 4), "(2.7894, 0.8191)"),
        ((4, 0, 3, 2, 1), "(2.5844, 0.9400)"),
    ):
        steps = np.abs(np.arange(5) - order.index(4))
        scores = SCORES[list(order)] - steps / 4
        assert pair(lab.softmax(scores) @ VALUES[list(order)]) == mix
        said(mix)
    plain, marked = pair(WEIGHTS @ VALUES), "(2.7894, 0.8191) | (2.5844, 0.9400)"
    said(f"| formula alone | {plain} | {plain} |", f"| less ¼ for each step | {marked} |")


def test_keys_and_values_must_match() -> None:
    with pytest.raises(ValueError, match="v has 4"):
        lab.attention(QUERY[None], KEYS, VALUES[:4])


def test_softmax_survives_large_scores() -> None:
    np.testing.assert_allclose(lab.softmax(np.array([2000.0, 0, -2000])), [1, 0, 0])


# Why the root of the width


def test_variance_of_a_dot_product_is_the_width() -> None:
    """Vaswani 2017, footnote 4: independent entries of variance 1 give variance d_k."""
    rng = np.random.default_rng(0)
    for width in (16, 256):
        q, k = rng.standard_normal((2, 40_000, width))
        assert (q * k).sum(axis=1).var() == pytest.approx(width, rel=0.03)


def test_slopes_of_rowed() -> None:
    for scores in (SCORES, RAW):
        weights = lab.softmax(scores)
        slope = lab.jacobian(weights)[1, 1]
        assert slope == pytest.approx(weights[1] * (1 - weights[1]))
        said(f"{slope:.4f}")
    said("$0.6239\\cdot 0.3761 = 0.2346$")


def test_a_nudge_moves_a_share_little_once_it_is_near_one() -> None:
    nudge = np.eye(5)[1] / 100
    moved = lab.softmax(SCORES + nudge)[1] - WEIGHTS[1]
    said(f"Raising the score of *rowed* by 0.01 raises its share by {moved:.4f}")
    wide = SCORES * math.sqrt(64)
    assert wide[[1, 4, 0, 2]].tolist() == [16, 8, 0, -8]
    said("2, 1, 0 and −1, came from lists of 64", "eight times as large: 16, 8, 0 and −8")
    share = lab.softmax(wide)[1]
    moved = lab.softmax(wide + nudge)[1] - share
    said(f"its share is {share:.4f}, and the same nudge adds {moved:.6f}")


def test_thousand_coins() -> None:
    assert round(math.sqrt(1000)) == round(math.sqrt(1024)) == 32
    assert 10**13 < math.exp(32) < 10**14  # "fourteen digits"


def test_spread_at_the_start() -> None:
    gpt2 = lab.spread_at_start(768, 0.02)
    said(
        f"the table expects {gpt2:.2f}; without the division by √64 = 8 it would be {8 * gpt2:.1f}"
    )
    part = f"{math.sqrt(768) * 0.02:.3f}"
    said(f"√768 · 0.02 = {part} |", f"√64 · {part}² = {8 * gpt2:.2f} |")
    said(f"{8 * gpt2:.2f} ÷ 8 = {gpt2:.2f} |")
    assert f"{8 * float(part) ** 2:.2f}" == f"{8 * gpt2:.2f}"
    rng = np.random.default_rng(0)
    x, w_q, w_k = rng.standard_normal((3, 768, 768))
    q, k = (x @ w[:, :64] * 0.02 for w in (w_q, w_k))
    assert (q @ k.T / math.sqrt(64)).std() == pytest.approx(gpt2, rel=0.05)


def test_jacobian_is_the_derivative_of_softmax() -> None:
    for place, step in enumerate(np.eye(5) * 1e-6):
        moved = (lab.softmax(SCORES + step) - lab.softmax(SCORES - step)) / 2e-6
        np.testing.assert_allclose(lab.jacobian(WEIGHTS)[:, place], moved, atol=1e-9)


def test_derivative_for_the_query_is_a_covariance() -> None:
    found = lab.covariance(WEIGHTS, KEYS, VALUES) / 2
    for place, step in enumerate(np.eye(4) * 1e-6):
        above, below = (lab.attention((QUERY + s)[None], KEYS, VALUES)[0] for s in (step, -step))
        np.testing.assert_allclose(found[:, place], (above - below) / 2e-6, atol=1e-8)
    drawn = np.random.default_rng(0).choice(5, size=200_000, p=WEIGHTS)
    covariance = np.cov(VALUES[drawn].T, KEYS[drawn].T)[:2, 2:]
    np.testing.assert_allclose(found * 2, covariance, atol=0.02)


def test_covariance_takes_many_queries_at_once() -> None:
    both = np.stack([WEIGHTS, lab.softmax(RAW)])
    found = lab.covariance(both, KEYS, VALUES)
    for weights, moment in zip(both, found, strict=True):
        np.testing.assert_allclose(moment, lab.covariance(weights, KEYS, VALUES))


def test_one_key_with_all_weight_teaches_nothing() -> None:
    np.testing.assert_allclose(lab.covariance(np.eye(5)[2], KEYS, VALUES), 0, atol=1e-15)


def test_alternative_text_of_the_five_words() -> None:
    first = f"rowed has {WEIGHTS[1]:.3f}, bank {WEIGHTS[4]:.3f}, she {WEIGHTS[0]:.3f}"
    said(first, f"to and the {WEIGHTS[2]:.3f} each")
    hot = lab.softmax(SCORES / 4)
    said(f"lie between {hot.min():.2f} and {hot.max():.2f}")
    np.testing.assert_allclose(lab.softmax(SCORES * math.sqrt(16) / 4), WEIGHTS)


# A look-up is a local average


def test_attention_is_a_smoother_that_weighs_long_keys_more() -> None:
    bandwidth = len(QUERY) ** 0.25
    loudness = np.exp((KEYS**2).sum(axis=1) / (2 * bandwidth**2))
    bumps = np.exp(-((QUERY - KEYS) ** 2).sum(axis=1) / (2 * bandwidth**2))
    both = loudness * bumps
    np.testing.assert_allclose(both / both.sum(), WEIGHTS)
    near = bumps / bumps.sum()
    np.testing.assert_allclose(lab.smoother(QUERY[None], KEYS, VALUES, bandwidth)[0], near @ VALUES)
    said(f"give *rowed* {near[1]:.4f} and *bank* {near[4]:.4f}")
    said(f"loudness {loudness[1]:.4f} against {loudness[4]:.4f}")
    assert loudness.argmax() == 1


def test_with_keys_of_equal_length_it_is_the_smoother() -> None:
    rng = np.random.default_rng(0)
    q, k, v = rng.standard_normal((3, 7, 16))
    k /= np.linalg.norm(k, axis=1, keepdims=True)
    np.testing.assert_allclose(lab.attention(q, k, v), lab.smoother(q, k, v, 16**0.25))


# What the step costs


def test_multiplications_of_a_layer() -> None:
    for n in (1024, 8192, 65_536, 1_000_000):
        matrices, pairs = lab.multiplications(n, 4096)
        part = pairs / (matrices + pairs)
        said(f"| {n:,} | {matrices / 1e9:,.0f} | {pairs / 1e9:,.0f} | {part:.0%} |")
    assert lab.multiplications(8192, 4096)[0] == lab.multiplications(8192, 4096)[1]
    assert lab.multiplications(5, 4) == (4 * 5 * 16, 2 * 25 * 4)
    said("At a million words, with $D$ = 4,096, the pairs take 99%")


def test_bytes_stored_for_a_token() -> None:
    said("With 32 layers, 8 sets, width 128 and two bytes a number that is 128 KiB")
    assert 2 * 32 * 8 * 128 * 2 == 128 * 1024


@pytest.mark.parametrize(("rows", "columns"), [(1, 1), (3, 5), (8, 8), (64, 7), (100, 100)])
def test_tiles_give_the_same_output(rows: int, columns: int) -> None:
    rng = np.random.default_rng(0)
    q, k = 20 * rng.standard_normal((37, 8)), 20 * rng.standard_normal((41, 8))
    v = rng.standard_normal((41, 5))
    exact = lab.attention(q, k, v)
    np.testing.assert_allclose(lab.tiled_attention(q, k, v, rows, columns), exact, atol=1e-12)


def test_running_sums_of_the_example() -> None:
    said("$\\ell = 1$, $u = (1, 1)$")
    shrink = math.exp(SCORES[0] - SCORES[1])
    said(f"$\\ell = {shrink + 1:.4f}$", f"$u = {pair(shrink * VALUES[0] + VALUES[1])}$")
    later = np.exp(SCORES - SCORES[1])
    said(f"*To* and *the* add {later[2]:.4f} each to $\\ell$, *bank* {later[4]:.4f}")
    total, mixed = later.sum(), later @ VALUES
    said(f"$\\ell = {total:.4f}$ and $u = {pair(mixed)}$", f"quotient is ${pair(mixed / total)}$")


def test_sums_word_by_word() -> None:
    powers = np.exp(SCORES)
    said("1 + 7.3891 + …", "1·1 + 7.3891·4 + …")
    river, total = (powers * VALUES[:, 0]).sum(), powers.sum()
    said(f"{river:.4f} ÷ {total:.4f} = {river / total:.4f}")
    assert f"{round(river, 4) / round(total, 4):.4f}" == f"{river / total:.4f}"


class Counted:
    """An array that counts the numbers read from it."""

    def __init__(self, numbers: lab.Array) -> None:
        self.numbers, self.shape, self.read = numbers, numbers.shape, 0

    def __len__(self) -> int:
        return len(self.numbers)

    def __getitem__(self, where: slice) -> lab.Array:
        found: lab.Array = self.numbers[where]
        self.read += found.size
        return found


@pytest.mark.parametrize(("rows", "columns"), [(16, 8), (16, 64), (10, 7)])
def test_tiles_read_as_much_as_counted(rows: int, columns: int) -> None:
    n, d = 64, 8
    q, k, v = (Counted(numbers) for numbers in np.random.default_rng(0).standard_normal((3, n, d)))
    output = lab.tiled_attention(q, k, v, rows, columns)  # type: ignore[arg-type]
    assert q.read + k.read + v.read + output.size == lab.tiled_traffic(n, d, rows)


def test_tiling_divides_traffic_by_4() -> None:
    said("here by nearly 4, for long texts by $2r/d$")
    long = 1 << 22
    assert lab.plain_traffic(long, 64) / lab.tiled_traffic(long, 64, 128) == pytest.approx(
        2 * 128 / 64, rel=1e-3
    )


def test_flash_attention_figure_2() -> None:
    """Dao 2022, figure 2, left: 4.4 GB moved, with 192 KB of fast memory (section 2.1).

    1,024 tokens, 16 heads of width 64, 64 texts, two bytes a number.
    """
    texts, heads, bytes_each = 64, 16, 2
    scale = texts * heads * bytes_each / 1e9
    tiled = lab.flash_traffic(1024, 64, 192 * 1024 // bytes_each) * scale
    assert tiled == pytest.approx(4.4, rel=0.1)
    said(f"gives {tiled:.1f} GB, where")
    assert lab.flash_traffic(1024, 64, 100 * 1024 // bytes_each) * scale > tiled
    standard = lab.standard_traffic(1024, 64) * scale
    said(f"for the standard program it gives {standard:.1f} GB")
    assert standard < 35.3  # the lower of the two printed, which has a mask besides


# Where it fails


def test_a_word_that_asks_nothing_hears_all_alike() -> None:
    for query in (np.zeros(4), np.array([0.0, 0, 0, 4])):
        shares = lab.softmax(KEYS @ query / 2)
        said(row(entries(query), shares, shares @ VALUES))


def test_silenced_word() -> None:
    silent = VALUES * (np.arange(5) != 1)[:, None]
    said(row("computed", WEIGHTS, WEIGHTS @ VALUES))
    said(row("*rowed* silenced", WEIGHTS, WEIGHTS @ silent))


def test_other_weights_with_the_same_output() -> None:
    conditions = np.vstack([VALUES.T, np.ones(5)])
    target = np.append(WEIGHTS @ VALUES, 1)
    assert len(WEIGHTS) - np.linalg.matrix_rank(conditions) == 2
    rowed, money = WEIGHTS[1], (WEIGHTS @ VALUES)[1]
    rest = 1 - rowed
    without = np.array([0, rowed, (rest - money / 2) / 2, (rest - money / 2) / 2, money / 2])
    most = np.array([2 * rest - money, rowed, 0, 0, money - rest])
    for weights in (without, most):
        assert (weights >= 0).all()
        np.testing.assert_allclose(conditions @ weights, target)
    shown = [f"{w:.4f}".replace("0.0000", "0") for w in without]
    said(f"({', '.join(shown)}) is another point")
    said(row("another way", most, most @ VALUES).replace("0.0000", "0"))
    assert most[0] > 2 * WEIGHTS[0]
    more = VALUES[:, 0] - VALUES[:, 1]  # "nobody else says more of a river than of money"
    assert np.flatnonzero(more).tolist() == [1]


def test_lead_that_half_of_the_share_needs() -> None:
    crowd = lab.softmax(np.append(np.zeros(999), SCORES[1]))[-1]
    said(f"Among a thousand, all others at 0, it would have {crowd:.1%}.")
    said(f"{lab.gap_for(0.5, 1000):.1f} against a thousand")
    said(f"{lab.gap_for(0.5, 10**6):.1f} against a million")
    scores = np.append(np.zeros(1000), lab.gap_for(0.25, 1000))
    assert lab.softmax(scores)[-1] == pytest.approx(0.25)


# Check yourself


def test_question_1_without_she() -> None:
    left = lab.softmax(SCORES[1:])
    total = np.exp(SCORES[1:]).sum()
    said(f"becoming {total:.4f}", f"/{total:.4f} = {left[0]:.4f}$, *bank* {left[3]:.4f}")
    said(f"*to* and *the* {left[1]:.4f} each", f"the mix is {pair(left @ VALUES[1:])}")


def test_question_2_a_lead_out_of_reach() -> None:
    said(f"ln 127,999 = {lab.gap_for(0.5, 127_999):.2f}.")
    assert math.sqrt(128) == pytest.approx(11.3, abs=0.02)  # lengths √128, width 128
    assert lab.gap_for(0.5, 127_999) > 11.3


def test_question_3_without_division() -> None:
    raw = lab.softmax(RAW)
    np.testing.assert_allclose(RAW, 2 * SCORES)
    said(f"The share of *rowed* rises to {raw[1]:.4f}, and the mix becomes {pair(raw @ VALUES)}")


def test_what_tiling_leaves_quadratic() -> None:
    assert lab.tiled_traffic(2**16, 64, 128) / lab.tiled_traffic(2**15, 64, 128) == pytest.approx(
        4, rel=0.01
    )
