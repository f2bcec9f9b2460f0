"""Every digit of the article "From Data Curation to Checkpoints", recomputed, and its code."""

from __future__ import annotations

import json
import math
import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from labs import near_duplicates as minhash
from labs import sieve
from labs import small_pipeline as small
from labs import training_budget as budget
from labs.experiments import pre_training_pipeline as experiment

ARTICLE = (
    Path(__file__).parents[2] / "articles" / "pre-training" / "pre-training-pipeline.md"
).read_text(encoding="utf-8")
A, B = set(range(1, 8)), {1, 2, 3, 4, 5, 6, 8}
H100 = 989e12


def said(*texts: str) -> None:
    """Fail unless each text stands in the article, line breaks aside."""
    words = " ".join(ARTICLE.split())
    for text in texts:
        assert text in words, text


def minus(number: float) -> str:
    """Return a number as the article prints it."""
    return f"{number:.10g}".replace("-", "−")


def test_functions_shown_exist() -> None:
    shown = re.findall(r"labs/(\w+)\.py\n:pyobject: (\w+)", ARTICLE)
    modules = {"near_duplicates": minhash, "training_budget": budget}
    assert len(shown) == 3
    assert all(hasattr(modules[module], name) for module, name in shown)


# Six pages and one number


def test_pages_and_what_becomes_of_them() -> None:
    menu = len(small.MENU.split())
    for name, text in small.PAGES.items():
        said(f"| {name} | {text} | {len(text.split())} |")
    total = sum(len(text.split()) + menu for text in small.PAGES.values())
    said(f"the crawl holds {total} words")
    left = [sum(len(text.split()) for text in small.PAGES.values())]
    for name in "DCB":
        left.append(left[-1] - len(small.PAGES[name].split()))
    said(f"{left[0]} are left; rules leave {left[1]}", f"copies leaves {left[2]}")
    said(f"Of {total} words {left[3]} arrive, {left[3] / total:.0%}.")
    assert small.PAGES["A"] == small.PAGES["C"]
    assert tuple(len(small.PAGES[name].split()) for name in "EFA") == small.LENGTHS
    assert sieve.repeated(small.PAGES["D"]) > 0.2 >= sieve.repeated(small.PAGES["E"])


def test_three_steps_and_three_restarts() -> None:
    now = small.Checkpoint(5, 0, 0)
    for number in (1, 2, 3):
        slopes = small.slopes(now.weight, now.position)
        mean = sum(slopes) / 2
        after = small.step(now)
        shown = ", ".join(minus(slope) for slope in slopes)
        said(f"| {shown} | {minus(mean)} | {minus(after.momentum)} | {minus(after.weight)} |")
        if number == 2:
            saved = after
            said(f"*{after.position} pages read* | | | *{minus(after.momentum)}*")
        now = after
    said(f"arrives at {minus(now.weight)}")
    without = small.step(small.Checkpoint(saved.weight, 0, saved.position))
    said(f"step 3 gives {minus(without.weight)}")
    again = small.step(small.Checkpoint(saved.weight, saved.momentum, 0))
    said(f"reads E and F again, and gets {minus(again.weight)}")
    wrong = (small.slopes(5, 0)[0] + 4) / 2
    said(f"$m$ would be {minus(wrong)}, and $w$ would go to {minus(5 - small.RATE * wrong)}")


def test_similarity_of_the_two_pages() -> None:
    runs = [minhash.shingles(small.PAGES[name].split(), 2) for name in "AB"]
    assert {small.PAIRS[n - 1] for n in A} == {" ".join(run) for run in runs[0]}
    assert {small.PAIRS[n - 1] for n in B} == {" ".join(run) for run in runs[1]}
    assert minhash.jaccard(*runs) == 0.75 == len(A & B) / len(A | B)


def test_four_hash_functions() -> None:
    for place, (kept_a, kept_b) in enumerate(zip(small.hashes(A), small.hashes(B), strict=True)):
        rule = f"{small.FACTORS[place]}$n$ + {small.SHIFTS[place]}"
        said(f"| {rule} | {kept_a} | {kept_b} |")
    equal = np.equal(small.hashes(A), small.hashes(B))
    assert equal.tolist() == [False, True, True, True]


def test_catch_rates() -> None:
    said(f"0.75² = {0.75**2}", f"0.4375² = {0.4375**2:.4f}")
    said(f"caught with {minhash.caught(0.75, 2, 2):.4f}")
    half = minhash.half_point(14, 8)
    said(f"half of the pairs at similarity {half:.3f}", f"this is {half:.3f}")
    said(f"and {minhash.caught(0.85, 14, 8):.0%} at 0.85")
    assert minhash.caught(half, 14, 8) == pytest.approx(0.5)
    said(f"caught in {minhash.caught(0.5, 14, 8):.1%} of cases")


def test_bands_and_rows_of_pipelines() -> None:
    for bands, rows in ((14, 8), (20, 13), (26, 11)):
        half, at = minhash.half_point(bands, rows), minhash.caught(0.8, bands, rows)
        said(f"| {bands} × {rows} |", f"| {half:.3f} | {at:.0%} |")


def test_olmo_3_table_4() -> None:
    """Team Olmo 2025: billions of tokens of code, and of all, in the pool and in the mix."""
    said(f"code, {137 / 9310:.1%} of what there was, became {409 / 5930:.1%} of the mix")
    assert round(409 / 137) == 3


def test_fineweb_section_3_4() -> None:
    """Penedo et al. 2024 print 56, 77, 92 and 98.8% for 14 bands of 8 rows."""
    rates = [100 * minhash.caught(s, 14, 8) for s in (0.7, 0.75, 0.8, 0.85)]
    assert [f"{rate:.0f}" for rate in rates[:3]] == ["56", "77", "92"]
    assert f"{rates[3]:.1f}" == "98.8"
    said("56, 77, 92 and 98.8% at 0.7, 0.75, 0.8 and 0.85")


# The second half


def test_zero_figure_1() -> None:
    """Rajbhandari et al. 2020: 7.5 billion parameters on 64 workers."""
    gigabytes = [budget.bytes_per_worker(7.5e9, 64, stage) / 1e9 for stage in range(4)]
    assert [f"{g:.4g}" for g in gigabytes] == ["120", "31.41", "16.64", "1.875"]
    said("| 120 GB | 31.4 GB | 16.6 GB | 1.9 GB |", "| 90 GB | 1.4 GB | 1.4 GB | 1.4 GB |")
    each = [bytes_ * 7.5 / 64 for bytes_ in (2, 12)]
    assert [f"{part:.1f}" for part in each] == ["0.2", "1.4"]
    assert [bytes_ * 7.5 for bytes_ in (2, 12)] == [15, 90]
    said(f"which need {budget.bytes_per_worker(8e9, 1, 0) / 1e9:.0f} gigabytes")


def test_bubble_and_step() -> None:
    said(f"{budget.bubble(4, 4):.0%} with 4 pieces, {budget.bubble(4, 32):.0%} with 32")
    assert budget.bubble(2, 3) == 0.25
    seconds = budget.step_seconds(405e9, 16e6, 16_384, H100, 0.41)
    said(f"needs {seconds:.1f} seconds")
    assert 8 * 16 * 128 == 8 * 16 * 16 * 8 == 16_384


def test_formats() -> None:
    w = 6.48
    for bits, name in ((7, "6.46875 | 0.03125"), (3, "6.5 | 0.5")):
        gap = 4 * 2.0**-bits  # between 4 and 8
        assert name == f"{round(w / gap) * gap:g} | {gap:g}"
        said(f"| {name} away |")
    largest = (1 + 1 / 2) * 2**2  # one bit of detail, no infinity in E2M1
    said(f"| {largest:g}, its largest | {largest - 4:g} away, below |")
    assert float(np.spacing(np.float32(w))) == pytest.approx(5e-7, rel=0.1)


def test_young_on_llama_3() -> None:
    between = 54 * 86_400 / 419
    said(f"one in {between / 3600:.1f} hours")
    for save in (60, 5):
        best = budget.interval(save, between)
        said(f"| {save} s | {best / 60:.0f} minutes | {budget.lost(save, between, best):.0%} |")
    rarely = 3 * 3600 / budget.interval(60, between)
    assert round(rarely) == 9
    said(f"it would say {budget.lost(60, between, 3 * 3600):.0%}")
    exact = 1 - 10_800 / (between * math.expm1((10_800 + 60) / between))
    said(f"nine times too rarely | {exact:.0%} |")
    said(f"are {12 * 405e9 / 1e12:.1f} terabytes", f"so {12 * 405e9 / 2e12:.1f} seconds")
    said("$1 - T/(M(e^{(T+\\delta)/M} - 1))$")


def test_one_page_too_long() -> None:
    mean = (2 * (6.48 - 7) + 2 * (6.48 - 1e6)) / 2
    for name, slope in (("as it is", mean), ("clipped to 10", -10.0)):
        momentum = small.MEMORY * -8.8 + slope
        numbers = [f"{n:,.10g}".replace("-", "−") for n in (slope, momentum, 6.48 - 0.1 * momentum)]
        said(f"| {name} | {' | '.join(numbers)} |")


def test_interval_is_the_best() -> None:
    best = budget.interval(60, 10_000)
    losses = [budget.lost(60, 10_000, factor * best) for factor in (0.5, 0.9, 1, 1.1, 2)]
    assert min(losses) == losses[2]
    assert all(a > b for a, b in pairwise(losses[:3]))


def test_memory_of_llama_3() -> None:
    piece = 405e9 / (8 * 16)
    said(f"{piece / 1e9:.2f}\\times 10^{{9}}$ each", f"take {2 * piece / 1e9:.1f} gigabytes")
    said(f"data-parallel workers, {14 * piece / 128 / 1e9:.2f}.")


def test_collectives_by_hand() -> None:
    slopes = np.array([[1, 2], [3, 6]])
    assert slopes.sum(axis=0).tolist() == [4, 8]
    assert slopes.T.tolist() == [[1, 3], [2, 6]]
    said("| 4, 8 |", "| (4, 8), (4, 8) |", "| (1, 3), (2, 6) |")
    assert budget.bubble(4, 4) / (1 - budget.bubble(4, 4)) == pytest.approx(3 / 4)


def test_activations() -> None:
    """Megatron-Core counts (18 + 4·4) bytes a token, number of the width and layer."""
    numbers = 8192 * 4096 * 32
    assert 18 + 4 * 4 == 34
    said(f"= {34 * numbers / 1e9:.1f}\\ \\text{{GB}}", f"takes {2 * numbers / 1e9:.1f}, and")
    layer = 34 * 8192 * 4096 / 1e9
    said(f"and {layer:.1f} for the layer at work", f"of them {4 * 8192 * 128_256 / 1e9:.1f} GB")
    said(f"{34 * numbers / 1e9:.1f} GB, which fits")
    said(f"all afresh {2 * numbers / 1e9:.1f} GB and {layer:.1f} for one layer")


def test_bytes_of_megatron_core() -> None:
    said(f"makes {8 * (6 + 12 / 64):.1f} GB")
    said(f"would make {budget.bytes_per_worker(8e9, 64, 1) / 1e9:.1f}.")
    assert 2 + 4 + 12 == 18


def test_causes_of_llama_3s_stops() -> None:
    """Grattafiori et al. 2024, Table 5: the counts of the causes, those of GPUs first."""
    gpu, rest = [148, 72, 19, 17, 6, 6], [54, 35, 32, 7, 7, 3, 3, 2, 2, 2, 2, 2]
    total = sum(gpu) + sum(rest)
    assert total == 466 - 47
    said(f"{sum(gpu)} of {total}, {sum(gpu) / total:.0%}", f"and are {148 / total:.1%}")
    said(f"other GPU parts {sum(gpu[2:])}, host and the rest {sum(rest[3:])}")


def test_tensor_parallelism_by_hand() -> None:
    x, first, second = np.array([1, 2]), np.eye(2), np.array([[3], [5]])
    whole = np.maximum(0, x @ first) @ second
    parts = [np.maximum(0, x @ first[:, [i]]) @ second[[i]] for i in range(2)]
    assert whole.item() == 13 == sum(part.item() for part in parts)
    assert [part.item() for part in parts] == [3, 10]


# In practice


def test_plan() -> None:
    work = 6 * 8e9 * 2e12
    said(f"= {work / 1e22:.1f} × 10²² FLOP")
    seconds = work / (256 * H100 * 0.4)
    said(f"{seconds:,.0f} s = {seconds / 86_400:.1f} days")
    hours = seconds / 3600
    said(f"256 · {hours:.1f} · 2 = {256 * hours * 2:,.0f}; at 30% {256 * hours * 2 * 4 / 3:,.0f}")
    said(f"{seconds / 86_400:.1f} days; at 30% {seconds / 86_400 * 4 / 3:.1f}")
    said(f"{12 * 8:.0f} ÷ 3.2 = {12 * 8 / 3.2:.0f} s")
    said(f"{budget.step_seconds(8e9, 4e6, 256, H100, 0.4):.2f} s")
    between = 54 * 24 / 419 * 16_384 / 256
    said(f"every {between:.0f} h: one or two")
    assert 1 < hours / between < 2
    opt = 60 * 24 / 105 * 992 / 256
    said(f"every {opt:.0f} h: about five")
    assert round(hours / opt) == 5
    best = budget.interval(30, between * 3600)
    said(f"{round(best, -1):,.0f} s = {best / 3600:.1f} h")


def test_mfu_of_public_runs() -> None:
    trinity = 6 * 13e9 * 17e12 / (2048 * 33 * 86_400) / 1e12
    said(f"33 days ({trinity:.0f} TFLOP/s each)")
    assert round(469e9 / 14.8e12, 2) == 0.03
    assert round(2.664 + 0.119 + 0.005, 3) == 2.788
    said(f"{2.664 / 2.788:.0%} of it for pre-training")
    said(f"2,048 H800, FP8 ({budget.utilisation(37e9, 14.8e12, 2.664e6, H100):.0%})")
    olmo = budget.utilisation(32e9, 5.5e12, 24 * (9.5 * 512 + 35 * 1024), H100)
    said("its days, stops included, come to 30%", f"over all days {olmo:.0%}")
    said(f"({6 * 32e9 * 1960 / H100:.0%} by 6ND; over all days")
    smol = budget.utilisation(3e9, 11.2e12, 384 * 24 * 24, H100)
    said(f"That is {smol:.0%}")
    said(f"= {6 * 3e9 * 11.2e12 / 1e23:.1f}\\times 10^{{23}}$ FLOP")
    said(f"= {384 * 24 * 86_400 * H100 / 1e23:.1f}\\times 10^{{23}}$. That")


# Check yourself


def test_question_2_refinedweb() -> None:
    said(
        f"= {minhash.half_point(450, 20):.3f}$. At 0.7", f"it is {minhash.half_point(450, 20):.3f}"
    )
    said(f"= {100 * minhash.caught(0.7, 450, 20):.0f}\\%$, where 14 × 8 catches 56%")
    assert (450 * 20, 14 * 8) == (9000, 112)


def test_question_3_seventy_billion() -> None:
    for workers, each in ((8, 140), (16, 70), (32, 35)):
        assert budget.bytes_per_worker(70e9, workers, 3) / 1e9 == each
    said("= 140$ gigabytes each. On sixteen it is 70", "on 32 it is 35")


# The functions


def test_minhash_agrees_as_often_as_sets_are_alike() -> None:
    hashes = minhash.drawn(4000, seed=1)
    runs = [minhash.shingles(small.PAGES[name].split(), 2) for name in "AB"]
    one, other = (minhash.signature(minhash.coded(part), *hashes) for part in runs)
    assert float((one == other).mean()) == pytest.approx(0.75, abs=4 * math.sqrt(0.1875 / 4000))
    one, other = minhash.signature(A, *hashes), minhash.signature(B, *hashes)
    said(f"agree in {(one == other).mean():.2f} of cases instead of 0.75")


def test_candidates_are_the_pairs_that_share_a_band() -> None:
    hashes = minhash.drawn(8, seed=0)
    texts = [set(range(start, start + 20)) for start in (0, 1, 2, 100)]
    signatures = [minhash.signature(text, *hashes) for text in texts]
    found = minhash.candidates(signatures, 4, 2)
    for i in range(4):
        for j in range(i + 1, 4):
            same = minhash.same_band(signatures[i], signatures[j], 4, 2)
            assert ((i, j) in found) == same
    assert minhash.kept(4, [(0, 1), (1, 2)]) == [0, 3]


def test_sieve() -> None:
    page = "<html><nav>menu</nav><p>Some text.</p><footer>end</footer></html>"
    assert sieve.extracted(page) == "Some text."
    letters = "abcdefghijklmnopqrstuvwxyz"
    prose = " ".join(f"the word{letters[i % 26]}{letters[i // 26]} of" for i in range(60))
    assert sieve.looks_like_prose(prose)
    assert not sieve.looks_like_prose("the wind and the rain were on the hill")  # too short
    assert not sieve.looks_like_prose("add to the basket and compare " * 40)  # repeats itself
    assert sieve.first_copies(["a", "b", "a"]) == [0, 1]
    tests = sieve.runs_of(" ".join(f"w{chr(97 + i)}" for i in range(20)))
    assert sieve.contaminated("x " + " ".join(f"w{chr(97 + i)}" for i in range(13)), tests)
    assert not sieve.contaminated(" ".join(f"w{chr(97 + i)}" for i in range(12)), tests)


# What the experiments found


def found(slug: str, key: str) -> float:
    """Return a number that an experiment found."""
    file = Path(__file__).parents[2] / "labs" / "results" / f"{slug}.json"
    return float(json.loads(file.read_text(encoding="utf-8"))["values"][key]["value"])


def test_what_a_resumed_run_showed() -> None:
    """The article says which way each of these went."""
    slug = "pre-training-resume"
    assert found(slug, "same_whole") == 1
    assert round(1 - 0.99**200, 2) == 0.87
    assert round(0.1 / math.sqrt(0.01 / 0.87), 2) == 0.93
    assert found(slug, "worst_averages") > 0 > found(slug, "late_averages")
    assert found(slug, "late_step") < found(slug, "late_averages")
    assert abs(found(slug, "late_position")) < 0.01
    assert abs(found(slug, "late_digits")) < 1e-4


def test_parallel_passages_with_more_draws() -> None:
    """What five draws of hash functions showed for ten pairs, a hundred do not."""
    near = [(i, j, s) for i, j, s in experiment.twins() if 0.675 <= s < 0.725]
    assert len(near) == 10
    texts = experiment.passages()
    pairs = [
        [minhash.coded(minhash.shingles(texts[place], experiment.RUN)) for place in (i, j)]
        for i, j, _ in near
    ]
    caught = []
    for seed in range(10_000, 10_100):
        hashes = minhash.drawn(14 * 8, seed)
        for one, other in pairs:
            signatures = minhash.signature(one, *hashes), minhash.signature(other, *hashes)
            caught.append(minhash.same_band(*signatures, 14, 8))
    assert f"{np.mean(caught):.0%}" == "62%"
    said("With a hundred new draws of hash functions it was 62%")


def test_what_the_sieve_showed() -> None:
    file = Path(__file__).parents[2] / "labs" / "results" / "pre-training-pipeline.json"
    values = json.loads(file.read_text(encoding="utf-8"))["values"]
    articles, leaked = values["articles"]["value"], values["leaked"]["value"]
    assert leaked[-1] == 0
    assert round(articles[-2] - articles[-1]) == 4
    said(f"1 − 0.94⁵ = {1 - 0.94**5:.0%}")  # a word spoils five runs
    alike = 0.94**5 / (2 - 0.94**5)
    said(f"0.73/1.27 = {alike:.2f}")
    assert round(1 / minhash.caught(alike, *experiment.SETTING)) == 6
    assert len(values["band"]["value"]) * len(values["row"]["value"]) == 25
    said("all 25 settings and 18 similarities", "largest of all 450 differences")
    assert 25 * 18 == 450
    gaps = [
        abs(caught - due)
        for band in values["band"]["value"]
        for row in values["row"]["value"]
        for caught, due in zip(
            values[f"caught_{band}x{row}"]["value"],
            values[f"due_{band}x{row}"]["value"],
            strict=True,
        )
    ]
    assert len(gaps) == 450
    assert np.mean(gaps) / values["gap"]["value"] == pytest.approx(0.5, abs=0.01)
    said(
        f"in a single draw, and {max(gaps):.0%} in the means",
        "by half as much in the chart's means",
    )
