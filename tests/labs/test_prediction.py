"""Guessing the next word, as the article on pre-training prints it."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from labs.network import softmax
from labs.prediction import (
    NEW,
    STORIES,
    bits_per_byte,
    by_frequency,
    by_last_word,
    by_story,
    gpu_hours,
    masked,
    perplexity,
    spans_cut,
    surprises,
    training_flop,
)

LAST = 10


def test_the_new_story_is_new() -> None:
    assert NEW not in STORIES
    assert len(" ".join(STORIES).split()) == 60
    assert NEW.split()[LAST:] == ["ann", "feeds", "her", "dog", "."]


def test_three_guessers() -> None:
    tables = {
        by_frequency: ([0.1, 0.0667, 0.0333, 0.1, 0.2], [3.32, 3.91, 4.91, 3.32, 2.32], 3.56),
        by_last_word: ([0.5, 0.3333, 0.5, 0.5, 1], [1, 1.58, 1, 1, 0], 0.92),
        by_story: ([0.5, 1, 1, 1, 1], [1, 0, 0, 0, 0], 0.2),
    }
    for guesser, (chances, costs, mean) in tables.items():
        found = surprises(guesser, NEW, LAST)
        assert [round(2**-cost, 4) for cost in found] == chances
        assert [round(cost, 2) for cost in found] == costs
        assert round(sum(found) / 5, 2) == mean
    assert by_frequency([]) == pytest.approx(
        {"ann": 0.1, "ben": 0.1, "has": 8 / 60, "a": 8 / 60, "cat": 0.1, "dog": 0.1, ".": 0.2}
        | {"feeds": 4 / 60, "her": 2 / 60, "his": 2 / 60}
    )
    assert by_last_word(["ann"]) == pytest.approx({"has": 2 / 3, "feeds": 1 / 3})


def test_each_piece_of_knowledge_has_its_price() -> None:
    pairs, story = surprises(by_last_word, NEW, LAST), surprises(by_story, NEW, LAST)
    saved = [round(a - b, 2) for a, b in zip(pairs, story, strict=True)]
    assert saved == [0, 1.58, 1, 1, 0]
    assert round(sum(pairs), 2) == 4.58
    assert round(sum(surprises(by_frequency, NEW, LAST)), 1) == 17.8
    assert round(sum(story), 2) == 1


def test_every_story_ends_with_the_owners_pet_and_half_with_the_latest() -> None:
    assert all(surprises(by_story, story, 13)[0] == 0 for story in STORIES)
    latest = [story.split()[8] == story.split()[13] for story in STORIES]
    assert latest == [False, True, True, False]
    one_owner = "ann has a cat . ann feeds her cat ."
    assert one_owner.split()[3] == one_owner.split()[-2]


def test_one_step() -> None:
    before = softmax([0, 0])
    slopes = [before[0], before[1] - 1]
    assert slopes == [0.5, -0.5]
    after = softmax([0 - slopes[0], 0 - slopes[1]])
    assert round(after[1], 4) == 0.7311
    assert [round(math.exp(score), 4) for score in (0.5, -0.5)] == [1.6487, 0.6065]
    assert round(after[0], 4) == 0.2689
    assert [round(-math.log2(p), 2) for p in (before[1], after[1])] == [1, 0.45]


def test_a_small_nudge_shows_the_slope() -> None:
    before, after, other = (-math.log(softmax(x)[1]) for x in ([0, 0], [0, 0.01], [0.01, 0]))
    assert [round(before, 4), round(after, 4)] == [0.6931, 0.6882]
    assert [round((x - before) / 0.01, 1) for x in (after, other)] == [-0.5, 0.5]


def test_the_packed_size_and_the_even_waverer() -> None:
    assert len(b"ann feeds her dog .") * 8 == 152
    assert round(0.72 / 8, 2) == 0.09
    assert perplexity(math.log(8)) == pytest.approx(8)
    assert round(math.log2(3), 2) == 1.58


def test_units() -> None:
    bits = 4.584962500721156
    assert sum(surprises(by_last_word, NEW, LAST)) == pytest.approx(bits)
    text = "ann feeds her dog ."
    assert len(text.encode()) == 19
    nats = bits * math.log(2) / 5
    assert round(nats, 3) == 0.636
    assert round(perplexity(nats), 2) == round(2 ** (bits / 5), 2) == 1.89
    assert round(bits_per_byte(nats, 5, 19), 3) == 0.241
    assert round(perplexity(sum(surprises(by_frequency, NEW, LAST)) * math.log(2) / 5), 1) == 11.8
    assert round(perplexity(1 * math.log(2) / 5), 2) == 1.15


def test_the_same_model_under_two_tokenizers() -> None:
    coarse, fine = bits_per_byte(2.4, 1, 4.8), bits_per_byte(1.6, 1, 3.2)
    assert round(coarse, 2) == round(fine, 2) == 0.72
    assert [round(perplexity(x), 1) for x in (2.4, 1.6)] == [11.0, 5.0]


def test_objectives() -> None:
    words = NEW.split()
    shown, asked = masked(words, [6, 12])
    assert " ".join(shown) == "ann has a dog . ben [MASK] a cat . ann feeds [MASK] dog ."
    assert asked == {6: "has", 12: "her"}
    cut, answer = spans_cut(words, [(2, 4), (13, 14)])
    assert " ".join(cut) == "ann has <X> . ben has a cat . ann feeds her <Y> ."
    assert " ".join(answer) == "<X> a dog <Y> dog <Z>"


def test_published_runs() -> None:
    gpt3 = training_flop(174.6e9, 300e9)
    assert float(f"{gpt3:.2e}") == pytest.approx(3.14e23)  # its Table D.1
    assert round(gpu_hours(gpt3, 400e12), -3) == 218_000
    qwen = training_flop(22e9, 36e12)
    assert round(gpu_hours(qwen, 400e12) / 1e6, 1) == 3.3
    llama = training_flop(405e9, 15.6e12)
    assert f"{llama:.1e}" == "3.8e+25"  # its section 3.2
    assert round(gpu_hours(llama, 400e12) / 1e6, 1) == 26.3
    assert round(26.3 * 2, 1) == 52.6
    assert round(llama / 400e12 / 16384 / 86400) == 67
    deepseek = training_flop(37e9, 14.8e12)
    assert f"{deepseek:.2e}" == "3.29e+24"
    assert round(gpu_hours(deepseek, 400e12) / 1e6, 2) == 2.28
    assert round(gpu_hours(deepseek, 400e12) * 2 / 1e6, 2) == 4.56
    assert round(2664e3 * 2 / 1e6, 2) == 5.33
    assert round(2788e3 * 2 / 1e6, 3) == 5.576
    assert round(deepseek / (2664e3 * 3600) / 1e12) == 343
    assert f"{training_flop(49e9, 33e12):.1e}" == "9.7e+24"
    assert f"{training_flop(22e9, 36e12):.1e}" == "4.8e+24"


def test_the_checked_answer() -> None:
    flop = training_flop(3e9, 300e9)
    assert f"{flop:.1e}" == "5.4e+21"
    hours = gpu_hours(flop, 400e12)
    assert round(hours) == 3750
    assert round(hours * 2) == 7500
    assert round(hours / 64 / 24, 1) == 2.4
    assert round(gpu_hours(flop, 0.4 * 989e12) / hours - 1, 2) == 0.01


def test_guessing_pays_unless_errors_cost() -> None:
    for cost, points in ((0, 0.5), (3, -1)):
        assert 0.5 * 1 - 0.5 * cost == points
    assert 0.75 / (1 - 0.75) == 3  # above three quarters a guess gains, below it loses


def test_the_small_run_of_the_table() -> None:
    flop = training_flop(1e9, 20e9)
    assert f"{flop:.1e}" == "1.2e+20"
    assert round(gpu_hours(flop, 400e12)) == 83
    assert round(gpu_hours(flop, 400e12) * 2) == 167


def test_a_run_at_home() -> None:
    flop = training_flop(124e6, 10e9)
    assert f"{flop:.1e}" == "7.4e+18"
    assert round(gpu_hours(flop, 400e12)) == 5


def test_a_leap_and_a_file() -> None:
    assert [round(p**5, 2) for p in (0.6, 0.9)] == [0.08, 0.59]
    length = 1 / 2 * 1 / 3 * 1 / 2 * 1 / 2 * 1
    assert round(1 / length) == 24
    assert math.ceil(-math.log2(length)) + 1 == 6
    assert math.ceil(sum(surprises(by_frequency, NEW, LAST))) + 1 == 19


def test_what_stands_at_the_start_and_what_is_left() -> None:
    assert round(math.log(50_257), 1) == 10.8
    pairs, story = (sum(surprises(guesser, NEW, LAST)) / 5 for guesser in (by_last_word, by_story))
    assert [round(bits, 2) for bits in (pairs, story, pairs - story)] == [0.92, 0.2, 0.72]


def test_when_a_large_model_packs_badly() -> None:
    model, text, packed = 70e9 * 2, 1e9, 0.083
    assert model == 140e9
    assert round(100 * (model / text + packed)) == 14_008
    assert round(model / (1 - packed) / 1e9) == 153


def test_the_table_of_units() -> None:
    rows = []
    for guesser in (by_frequency, by_last_word, by_story):
        nats = sum(surprises(guesser, NEW, LAST)) * math.log(2) / 5
        rows.append((round(nats, 3), round(bits_per_byte(nats, 5, 19), 3)))
    assert rows == [(2.465, 0.936), (0.636, 0.241), (0.139, 0.053)]
    assert [round(x / math.log(2), 2) for x in (2.4, 1.6)] == [3.46, 2.31]
    assert 19 / 5 == 3.8


def test_tokens_per_parameter() -> None:
    runs = [(0.3, 175), (1.4, 70), (2, 70), (15.6, 405), (14.8, 671), (15.5, 1040), (36, 235)]
    runs += [(28.5, 744), (33, 1600), (15, 8), (22, 400), (17, 400), (20, 550), (30, 1000)]
    found = [round(tokens * 1000 / parameters, 1) for tokens, parameters in runs]
    assert found == [1.7, 20, 28.6, 38.5, 22.1, 14.9, 153.2, 38.3, 20.6, 1875, 55, 42.5, 36.4, 30]


def test_the_samples_are_those_of_the_results() -> None:
    root = Path(__file__).parents[2]
    kept = root / "labs/results/what-is-pre-training-samples.json"
    values = json.loads(kept.read_text(encoding="utf-8"))["values"]
    article = root / "articles/pre-training/what-is-pre-training.md"
    printed = article.read_text(encoding="utf-8")
    signs = [" / " if sign == "new line" else sign for sign in values["alphabet"]["value"]]
    size, start = values["written"]["value"], len(values["prompt"]["value"])
    for number in range(len(values["checked"]["value"])):
        codes = values["codes"]["value"][number * size :][start : start + 50]
        sample = " ".join("".join(signs[int(code)] for code in codes).split())
        assert f"| `{sample}` |" in printed


def test_fitted_law() -> None:
    """The law refitted to Chinchilla's points, and what ten times the operations leave."""
    floor, a, alpha, b, beta = 1.8172, 482.01, 0.3478, 2085.43, 0.3658
    for size, text, parts in (
        (70e9, 1.4e12, (0.0815, 0.0752, 1.9739)),
        (280e9, 300e9, (0.0503, 0.1321, 1.9996)),
    ):
        gaps = a / size**alpha, b / text**beta
        assert [round(x, 4) for x in (*gaps, floor + sum(gaps))] == list(parts)
    power = alpha * beta / (alpha + beta)
    assert round(power, 3) == 0.178
    assert round(10**-power, 2) == 0.66
    assert round(2 ** (1 / power)) == 49
    best = (alpha * a / (beta * b)) ** (1 / (alpha + beta))
    for flop, ratio in ((1e20, 23), (1e26, 16)):
        size = best * (flop / 6) ** (beta / (alpha + beta))
        assert round(flop / 6 / size**2) == ratio


def test_the_best_ratio_of_the_printed_law() -> None:
    a, alpha, b, beta = 406.4, 0.34, 410.7, 0.28
    best = (alpha * a / (beta * b)) ** (1 / (alpha + beta))
    for flop, ratio in ((1e20, 40), (5.76e23, 93)):
        size = best * (flop / 6) ** (beta / (alpha + beta))
        assert round(flop / 6 / size**2) == ratio
