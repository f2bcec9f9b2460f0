"""Every digit that the article on LoRA, QLoRA and full tuning works out."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from labs import lora as lab

ROOT = Path(__file__).parents[2]
PLACE = ROOT / "articles" / "fine-tuning" / "lora-qlora-full-fine-tuning.md"
ARTICLE = PLACE.read_text(encoding="utf-8")
EIGHT = lab.MODELS["Llama 3.1 8B"]
FEW = lab.bits_each(double=True)

X = np.array([[1.0, 2, 1]])
W = np.array([[2.0, 0, 1], [0, 1, 0], [1, 0, 1]])
WANTED = np.array([[3.0, 4, 1]])


def said(*texts: str) -> None:
    """Fail unless each text stands in the article, line breaks aside."""
    words = " ".join(ARTICLE.split())
    for text in texts:
        assert text in words, text


def parameters(model: lab.Model) -> int:
    return lab.in_matrices(model) + lab.elsewhere(model)


def gigabytes(model: lab.Model, rank: int = 0, bits: float = lab.HALF) -> float:
    return sum(lab.budget(model, rank, bits).values()) / 1e9


def test_functions_shown_exist() -> None:
    shown = re.findall(r":pyobject: (\w+)", ARTICLE)
    assert shown
    assert all(hasattr(lab, name) for name in shown)


# The whole in miniature


def miniature() -> list[tuple[lab.Matrix, lab.Matrix, lab.Matrix, float]]:
    a, b = np.array([[1.0], [1], [-1]]), np.zeros((1, 3))
    found = []
    for _ in range(3):
        answer = lab.adapted(X, W, a, b, alpha=1)
        found.append((a, b, answer, float(((answer - WANTED) ** 2).sum() / 2)))
        a, b = lab.step(X, W, a, b, WANTED, rate=0.1)
    return found


def test_two_steps_of_an_adapter() -> None:
    start, first, second = miniature()
    assert start[2].tolist() == [[3, 2, 2]]
    assert [round(row[3], 2) for row in (start, first, second)] == [2.5, 0.9, 0.15]
    np.testing.assert_allclose(first[0].ravel(), [1, 1, -1])
    np.testing.assert_allclose(first[1].ravel(), [0, 0.4, -0.2])
    np.testing.assert_allclose(first[2].ravel(), [3, 2.8, 1.6])
    np.testing.assert_allclose(second[0].ravel(), [1.06, 1.12, -0.94])
    np.testing.assert_allclose(second[1].ravel(), [0, 0.64, -0.32])
    np.testing.assert_allclose(second[2].ravel(), [3, 3.51, 1.24], atol=0.006)
    said("(1.06, 1.12, −0.94) | (0, 0.64, −0.32) | (3, 3.51, 1.24) | 0.15 |")
    update = first[0] @ first[1]
    np.testing.assert_allclose(update, [[0, 0.4, -0.2], [0, 0.4, -0.2], [0, -0.4, 0.2]])
    assert np.linalg.matrix_rank(update) == 1
    whole = lab.merged(W, first[0], first[1], alpha=1)
    np.testing.assert_allclose(whole, [[2, 0.4, 0.8], [0, 1.4, -0.2], [1, -0.4, 1.2]])
    np.testing.assert_allclose(X @ whole, first[2])


def test_what_passes_back_to_the_column() -> None:
    """In the second step each number of A moves by the rate, its input and what passes B."""
    _, (a, b, answer, _), (moved, *_) = miniature()
    slopes = answer - WANTED
    np.testing.assert_allclose(slopes, [[0, -1.2, 0.6]], atol=1e-12)
    assert float((slopes @ b.T).item()) == pytest.approx(-0.6)
    np.testing.assert_allclose((moved - a).ravel(), [0.06, 0.12, 0.06])
    said("0.4 · (−1.2) + (−0.2) · 0.6 = −0.6", "by 0.06, 0.12 and 0.06")


def test_one_step_of_full_tuning() -> None:
    moved = W - 0.1 * X.T @ (X @ W - WANTED)
    np.testing.assert_allclose(X @ moved, [[3, 3.2, 1.4]])
    assert ((X @ moved - WANTED) ** 2).sum() / 2 == pytest.approx(0.4)
    assert np.linalg.matrix_rank(moved - W) == 1


def test_two_zeros_never_move() -> None:
    zeros = np.zeros((3, 1)), np.zeros((1, 3))
    for moved in lab.step(X, W, *zeros, WANTED, rate=0.1):
        assert not moved.any()


def test_first_change_does_not_depend_on_the_rank() -> None:
    """With Adam each number of B first moves by the rate, against the sign of its slope."""
    rng = np.random.default_rng(0)
    x, g = rng.normal(size=(1, 64)), rng.normal(size=(1, 8))
    sizes = []
    for rank in (4, 4096):
        a = rng.normal(size=(64, rank))
        moved = -np.sign((x @ a).T @ g)
        sizes.append(np.abs(x @ a @ moved / rank).mean())
    assert sizes[0] == pytest.approx(sizes[1], rel=0.6)


# Rank


def test_counts_of_an_adapter() -> None:
    assert 4096 * 2 == 8192
    said("8,192 numbers in place of 16.8 million")
    assert round(4096**2 / 1e6, 1) == 16.8
    assert 16 * (4096 + 4096) == 131_072
    said("16 · (4,096 + 4,096) = 131,072, or 0.8% of the matrix")
    assert f"{131_072 / 4096**2:.1%}" == "0.8%"


def test_best_copy_of_a_rank() -> None:
    update = np.diag([3.0, 2, 1])
    assert lab.held_by(update, 1) == pytest.approx(9 / 14)
    np.testing.assert_allclose(lab.cut(update, 2), np.diag([3.0, 2, 0]), atol=1e-12)


def test_published_counts_of_gpt_3() -> None:
    """Hu 2022, Table 4: 4.7 and 37.7 million; section 4.2: a file of 35 MB at rank 4."""
    one = 96 * 2 * 2 * 12_288
    assert one == 4_718_592
    said("96 · 2 · 2 · 12,288 = 4,718,592")
    assert round(8 * one / 1e6, 1) == 37.7
    assert 4 * one * 2 / 2**20 == pytest.approx(36, abs=0.1)
    assert int(175_255.8e6 / (4 * one)) == 9285
    said("18.9 million, which is 9,285 times fewer")
    assert round(1.2e12 / 175e9) == 7


# Numbers of four bits


def test_levels_of_nf4_are_the_published_ones() -> None:
    """Dettmers 2023, appendix E, as in bitsandbytes."""
    published = (
        -1.0, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453,
        -0.28444138169288635, -0.18477343022823334, -0.09105003625154495, 0.0,
        0.07958029955625534, 0.16093020141124725, 0.24611230194568634, 0.33791524171829224,
        0.44070982933044434, 0.5626170039176941, 0.7229568362236023, 1.0,
    )  # fmt: skip
    np.testing.assert_allclose(lab.normal_levels(), published, atol=1e-6)


def test_levels_that_are_shown() -> None:
    for number, level in enumerate(lab.normal_levels()):
        shown = f"{level:.3f}".replace("-", "−").replace("1.000", "1").replace("0.000", "0")
        said(f"| {number} | {shown} |")
    assert round(1 - (1 / 30 + 1 / 32) / 2, 4) == 0.9677


def test_errors_on_a_bell_curve() -> None:
    weights = np.random.default_rng(1).normal(size=64 * 20_000)
    for levels, text in ((lab.normal_levels(), "9.2%"), (lab.integer_levels(4), "10.8%")):
        assert f"{lab.relative_error(weights, lab.rounded(weights, levels)):.1%}" == text
    said("misses by 9.2% of their size, even steps by 10.8%")


def test_block_of_four() -> None:
    block, levels = np.array([0.31, -0.52, 0.08, 1.30]), lab.normal_levels()
    codes, scales = lab.quantised(block, levels, block=4)
    assert codes.tolist() == [10, 3, 8, 15]
    assert scales.tolist() == [1.3]
    restored = lab.restored(codes, scales, levels)
    even = lab.rounded(block, lab.integer_levels(4), block=4)
    assert [round(x, 3) for x in restored.tolist()] == [0.32, -0.513, 0.103, 1.3]
    assert [round(x, 3) for x in even.tolist()] == [0.371, -0.557, 0, 1.3]
    said("| 0.31 | 0.238 | no. 10: 0.246 | 0.320 | 0.371 |", "no. 3: −0.395 | −0.513 | −0.557 |")
    said("| 0.08 | 0.062 | no. 8: 0.080 | 0.103 | 0 |")


def test_use_of_the_levels() -> None:
    weights = np.random.default_rng(2).normal(size=64 * 20_000)
    codes, _ = lab.quantised(weights, lab.normal_levels())
    shares = np.bincount(codes, minlength=16) / len(codes)
    assert f"{shares[0]:.0%} {shares[15]:.0%} {shares.max():.0%}" == "2% 2% 9%"
    said("from 2% at the ends to 9% near 0")


def test_bits_of_a_weight() -> None:
    assert lab.bits_each() == 4.5
    assert round(lab.bits_each(double=True), 3) == 4.127
    saved = lab.bits_each() - lab.bits_each(double=True)
    assert round(saved, 3) == 0.373
    assert round(65e9 * saved / 8 / 1e9) == 3
    said("0.373 less than 4.5; for 65 billion parameters, 3 GB")
    assert lab.bits_each(128) == 4.25


def test_powers_of_two_as_scales() -> None:
    block = np.array([0.9, -0.2, 0.1, 0.0])
    codes, scales = lab.quantised(block, lab.floating_levels(), block=4, powers=True)
    assert scales.tolist() == [6 * 2.0**-3]
    kept = lab.restored(codes, scales, lab.floating_levels())
    np.testing.assert_allclose(kept, [0.75, -0.1875, 0.125, 0], atol=1e-12)


# The ledger


def test_sizes_of_models() -> None:
    """The models' own counts: 3,212,749,824 and 8,030,261,248; 32.8 and 405 billion."""
    assert parameters(lab.MODELS["Llama 3.2 3B"]) == 3_212_749_824
    assert parameters(EIGHT) == 8_030_261_248
    assert parameters(lab.MODELS["Qwen3 32B"]) / 1e9 == pytest.approx(32.8, abs=0.05)
    assert parameters(lab.MODELS["Llama 3.1 405B"]) / 1e9 == pytest.approx(405.9, abs=0.1)
    assert lab.in_adapters(EIGHT, 16) == 41_943_040
    assert sum(rows + columns for rows, columns in EIGHT.shapes()) == 81_920
    said("= 81,920 in sum", "each unit of rank is 2.62 million")
    assert round(lab.in_adapters(EIGHT, 1) / 1e6, 2) == 2.62
    said("(41.9 million parameters)", "6.98 billion weights", "1.05 billion, stay in 16 bits")
    assert round(lab.in_matrices(EIGHT) / 1e9, 2) == 6.98
    assert round(lab.elsewhere(EIGHT) / 1e9, 2) == 1.05
    forward = 3 * 4096 * 14_336
    assert forward / (lab.in_matrices(EIGHT) / 32) == pytest.approx(0.8, abs=0.01)


def test_ledger_of_three_methods() -> None:
    count, moving = parameters(EIGHT), lab.in_adapters(EIGHT, 16)
    few = FEW / 8 * lab.in_matrices(EIGHT) + 2 * lab.elsewhere(EIGHT)
    columns = [(0.0, count), (2.0 * count, moving), (few, moving)]
    for name, each in (
        ("moving weights", 2),
        ("slopes", 2),
        ("exact copy", 4),
        ("Adam's averages", 8),
    ):
        row = " | ".join(f"{each * moves / 1e9:.2f}" for _, moves in columns)
        said(f"| {name} | {row} |")
    said(f"| frozen weights | 0 | {2 * count / 1e9:.2f} | {few / 1e9:.2f} |")
    totals = [gigabytes(EIGHT), gigabytes(EIGHT, 16), gigabytes(EIGHT, 16, FEW)]
    said("| **together** | " + " | ".join(f"**{total:.1f}**" for total in totals) + " |")
    for (frozen, moves), total in zip(columns, totals, strict=True):
        assert (frozen + lab.MOVING * moves) / 1e9 == pytest.approx(total)
    assert lab.MOVING == 16


@pytest.mark.parametrize(
    ("rank", "row"),
    [
        (1, "| 1 | 2.6 million | 0.03% | 0.04 GB | 5 MB |"),
        (16, "| 16 | 41.9 million | 0.52% | 0.67 GB | 84 MB |"),
        (64, "| 64 | 168 million | 2.1% | 2.7 GB | 336 MB |"),
        (256, "| 256 | 671 million | 8.4% | 10.7 GB | 1,342 MB |"),
    ],
)
def test_costs_of_a_rank(rank: int, row: str) -> None:
    said(row)
    count = lab.in_adapters(EIGHT, rank)
    numbers = [float(text.replace(",", "")) for text in re.findall(r"[\d.,]+", row)]
    expected = [
        rank,
        count / 1e6,
        100 * count / parameters(EIGHT),
        16 * count / 1e9,
        2 * count / 1e6,
    ]
    for shown, exact in zip(numbers, expected, strict=True):
        assert shown == pytest.approx(exact, rel=0.1 if shown < 10 else 0.005), row


def test_published_memory_of_llama_65b() -> None:
    """Dettmers 2023: more than 780 GB in 16 bits, less than 48 GB with QLoRA."""
    model = lab.MODELS["LLaMA 65B"]
    assert round(12 * parameters(model) / 1e9) == 783
    assert round(16 * parameters(model) / 1e9) == 1045
    assert round(gigabytes(model, 64, FEW), 1) == 47.3
    without_copy = gigabytes(model, 64, FEW) - 4 * lab.in_adapters(model, 64) / 1e9
    assert round(without_copy, 1) == 44.1
    said("783 GB", "1,045 GB", "44.1 GB, with an exact copy 47.3")


def test_published_counts_of_variants() -> None:
    """Hugging Face 2026: 129,024 trained numbers for VeRA, 9,175,040 for LoRA of rank 32."""
    model = lab.MODELS["Llama 3.2 3B"]
    width, keys, layers = model.width, model.keys, model.layers
    assert layers * (256 + width + 256 + keys) == 129_024
    assert layers * 32 * (2 * width + width + keys) == 9_175_040
    said("28 · (256 + 3,072 + 256 + 1,024) = 129,024")


def test_activations() -> None:
    inputs, scores = 4096 * 4096 * 2 * 32 / 1e9, 4096 * 128_256 * 4 / 1e9
    assert (round(inputs, 2), round(scores, 2)) == (1.07, 2.10)
    said("32 layers = 1.07 GB", "4 bytes = 2.10 GB", "adds 5.3 more")
    assert round(inputs + 2 * scores, 1) == 5.3
    text = inputs + 2 * scores
    assert round(text, 2) == 5.28
    said(f"6.37 + 5.28 | {gigabytes(EIGHT, 16, FEW) + text:.1f} GB")
    said(f"16.73 GB + 5.28 for 4,096 tokens | {gigabytes(EIGHT, 16) + text:.1f} GB")


def test_sizes_before_any_text() -> None:
    for name in ("Llama 3.2 3B", "Llama 3.1 8B", "Qwen3 32B", "Llama 3.1 70B"):
        model = lab.MODELS[name]
        each = [gigabytes(model), gigabytes(model, 16), gigabytes(model, 16, FEW)]
        said(f"| {name} | " + " | ".join(f"{size:,.1f}" for size in each) + " |")
    assert round(gigabytes(EIGHT) / 8) == 16


def test_room_for_the_questions_on_code() -> None:
    """Llama-2-7B: 4 matrices of 4,096 squared and 3 of 4,096 x 11,008 in each of 32 layers."""
    trained = 32 * 16 * (4 * (4096 + 4096) + 3 * (4096 + 11_008))
    assert round(2 * trained / 1e6) == 80
    said("rank 16 has room for 80 million bits", "73 million tokens")


def test_customers() -> None:
    assert round(lab.in_adapters(EIGHT, 16) * 2 / 1e6) == 84
    said("a file of 84 MB")


# In practice and check yourself


def test_case_of_ten_thousand_examples() -> None:
    rate = 5e-5 * 10 * (2000 / 4096) ** 0.781
    assert round(rate * 1e4, 1) == 2.9
    assert round(2 * lab.in_adapters(EIGHT, 16) / 1e6) == 84


def test_shares_of_the_comparison() -> None:
    """Hugging Face 2026: bytes and seconds in the files of results."""
    assert f"{22_292_725_760 / 38_868_615_168:.0%}" == "57%"
    assert f"{941.96 / 2147.30:.0%}" == "44%"
    said("57% of the memory and 44% of the time", "8 bytes a parameter (25.7 GB)")
    assert round(8 * parameters(lab.MODELS["Llama 3.2 3B"]) / 1e9, 1) == 25.7


def test_question_1_an_adapter_of_rank_8() -> None:
    assert 8 * (4096 + 14_336) == 147_456
    assert round(4096 * 14_336 / 1e6, 1) == 58.7
    assert f"{147_456 / (4096 * 14_336):.2%}" == "0.25%"


def test_question_2_seventy_billion_on_48_gigabytes() -> None:
    model = lab.MODELS["Llama 3.1 70B"]
    assert round(parameters(model) / 1e9, 1) == 70.6
    assert round(lab.in_matrices(model) / 1e9, 1) == 68.5
    assert round(lab.in_adapters(model, 1) / 1e6, 1) == 12.9
    assert round(gigabytes(model, 16, FEW), 1) == 42.8
    said("42.8 GB. Yes")
