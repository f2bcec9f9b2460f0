"""Fine-tuning by hand, and the sums of the article on it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from labs.tuning import (
    COLUMNS,
    EXAMPLES,
    RANDOM_COLUMNS,
    RANDOM_ROWS,
    ROWS,
    chances,
    farthest,
    loss,
    masked_loss,
    moved,
    operations,
    step,
    steps_of,
    training_bytes,
    tuned,
)
from labs.word_counts import sorted_rightly, words

RATE = 0.5
#: (rows, columns, steps) -> leaks, charged, cracked, owed; loss; moved.
STEPS = {
    ("trained", 0): ((0.259, 0.259, 0.221, 0.221), 1.349, 0.00),
    ("trained", 1): ((0.657, 0.657, 0.512, 0.512), 0.420, 0.18),
    ("trained", 3): ((0.851, 0.851, 0.708, 0.708), 0.162, 0.30),
    ("random", 0): ((0.354, 0.341, 0.293, 0.409), 1.057, 0.00),
    ("random", 3): ((0.549, 0.405, 0.295, 0.403), 0.752, 0.38),
    ("random", 10): ((0.897, 0.754, 0.283, 0.458), 0.196, 1.15),
}
STARTS = {"trained": (ROWS, COLUMNS), "random": (RANDOM_ROWS, RANDOM_COLUMNS)}


@pytest.mark.parametrize(("start", "count"), STEPS)
def test_table_of_steps(start: str, count: int) -> None:
    before = STARTS[start]
    after = tuned(*before, EXAMPLES, RATE, count)
    given = chances(*after)
    wanted, costs, far = STEPS[start, count]
    found = (given[0, 1], given[2, 2], given[1, 1], given[3, 2])
    assert tuple(round(float(share), 3) for share in found) == wanted
    assert round(loss(*after, EXAMPLES), 3) == costs
    assert round(moved(after, before), 2) == far


def test_random_numbers_need_more_than_ten_steps() -> None:
    trained = loss(*tuned(ROWS, COLUMNS, EXAMPLES, RATE, 3), EXAMPLES)
    assert loss(*tuned(RANDOM_ROWS, RANDOM_COLUMNS, EXAMPLES, RATE, 10), EXAMPLES) > trained
    assert loss(*tuned(RANDOM_ROWS, RANDOM_COLUMNS, EXAMPLES, RATE, 11), EXAMPLES) < trained


def test_random_numbers_go_farther() -> None:
    def length(start: tuple[np.ndarray, ...]) -> float:
        return float(np.sqrt(sum((part**2).sum() for part in start)))

    trained, drawn = STARTS["trained"], STARTS["random"]
    assert (round(length(trained), 1), round(length(drawn), 1)) == (4.6, 1.7)
    near = moved(tuned(*trained, EXAMPLES, RATE, 3), trained) * length(trained)
    far = moved(tuned(*drawn, EXAMPLES, RATE, 11), drawn) * length(drawn)
    assert (round(near, 2), round(far, 2)) == (1.35, 2.13)


def test_loss_is_minus_the_logarithm() -> None:
    given = chances(ROWS, COLUMNS)
    assert round(float(-np.log(given[0, 1])), 3) == round(loss(ROWS, COLUMNS, EXAMPLES), 3)
    assert round(float(-np.log(given[0, 1])), 3) == 1.349


def test_fourteen_numbers() -> None:
    assert ROWS.size + COLUMNS.size == 14
    assert RANDOM_ROWS.size + RANDOM_COLUMNS.size == 14


def test_first_update_to_the_last_digit() -> None:
    assert (ROWS @ COLUMNS)[0].tolist() == [3, 2, 0]
    given = chances(ROWS, COLUMNS)
    assert given[0].round(4).tolist() == [0.7054, 0.2595, 0.0351]
    assert round(given[0, 1] / given[0, 2]) == 7
    assert ((given[0, 1] - 1) * ROWS[0]).round(4).tolist() == [-1.4810, 0]
    assert (given[2, 1] * ROWS[2]).round(4).tolist() == [0, 0.0702]
    _, columns = step(ROWS, COLUMNS, EXAMPLES, RATE)
    assert columns[:, 1].round(4).tolist() == [1.3703, -0.0176]
    assert columns[:, 2].round(4).tolist() == [-0.0176, 1.3703]
    assert columns[:, 0].round(4).tolist() == [1.1473, 1.1473]
    assert ROWS[1] @ COLUMNS[:, 1] == 1.8
    assert round(float(ROWS[1] @ columns[:, 1]), 3) == 2.463


def test_a_step_is_the_slope_of_the_loss() -> None:
    rows, columns = step(ROWS, COLUMNS, EXAMPLES, 1.0)
    for table, new, place in ((ROWS, rows, (0, 1)), (COLUMNS, columns, (1, 0))):
        nudged = [table.copy(), table.copy()]
        nudged[0][place] += 1e-6
        nudged[1][place] -= 1e-6
        losses = [
            loss(n, COLUMNS, EXAMPLES) if table is ROWS else loss(ROWS, n, EXAMPLES) for n in nudged
        ]
        slope = (losses[0] - losses[1]) / 2e-6
        assert table[place] - new[place] == pytest.approx(slope, abs=1e-6)


def test_mask() -> None:
    assert masked_loss([5, 3, 2, 1], [0, 0, 1, 1]) == 1.5
    assert masked_loss([5, 3, 2, 1], [1, 1, 1, 1]) == 2.75


@pytest.mark.parametrize(
    ("examples", "epochs", "batch", "rate", "steps", "reach"),
    [
        (1_000, 5, 16, 1e-5, 315, 0.0016),  # s1, appendix D
        (2_000, 3, 16, 1e-5, 375, 0.0019),
        (27_540, 2, 64, 2e-5, 862, 0.0086),  # Llama 2, section 3.1
    ],
)
def test_reach(
    examples: int, epochs: int, batch: int, rate: float, steps: int, reach: float
) -> None:
    found = steps_of(examples, epochs, batch)
    assert round(found + 1e-9) == pytest.approx(steps, abs=1)
    assert round(farthest(rate, found), 4) == reach


def test_costs() -> None:
    tokens = 2_000 * 600 * 3
    assert tokens == 3_600_000
    work = operations(8e9, tokens)
    assert f"{work:.1e}" == "1.7e+17"
    assert round(work / 4e14 / 60) == 7
    assert training_bytes(8e9) == 128e9
    assert round(tokens / 1e6 * 0.40, 2) == 1.44
    assert training_bytes(3e9) == 48e9
    assert operations(3e9, 1e7) / 4e14 == 450


def test_rates_are_lower_by_the_factors_that_the_article_says() -> None:
    before = {"405B": 8, "8B": 30, "70B": 15}
    after = {"405B": 1, "8B": 0.5, "70B": 0.2}
    assert [before[size] / after[size] for size in before] == [8, 60, pytest.approx(75)]


def test_row_and_scores_after_one_update() -> None:
    rows, columns = step(ROWS, COLUMNS, EXAMPLES, RATE)
    slope = float((chances(ROWS, COLUMNS)[0] - np.array([0, 1, 0])) @ COLUMNS[0])
    assert round(slope, 4) == 0.3176
    assert round(slope / 2 * RATE, 4) == 0.0794
    assert [round(float(number), 4) for number in rows[0]] == [1.9206, -0.2733]
    assert [round(float(score), 3) for score in rows[0] @ columns] == [1.890, 2.637, -0.408]


def test_inputs_of_layers_kept_by_checkpointing() -> None:
    assert round(16 * 600 * 32 * 4_096 * 2 / 1e9, 1) == 2.5  # GB


def test_first_try_is_more_than_chance() -> None:
    right, wrong = 11, 2
    assert 24 + right - wrong == 33
    assert round(2 * (right + wrong) ** 0.5, 1) == 7.2 < right - wrong
    assert round(384 * 16_384 / 1e6, 1) == 6.3  # Hermes 4, tokens a step


def test_numbers_of_a_head() -> None:
    assert 8 * (384 + 1) == 3_080


def test_sixteen_bits() -> None:
    spacing = 2**-6 / 128
    assert round(spacing, 5) == 0.00012
    nearest = np.round(0.02 / spacing) * spacing
    assert np.round((nearest - 1e-5) / spacing) * spacing == nearest


def test_width() -> None:
    row, column = np.array([2.0, 0.0]), np.array([1.0, 0.0])
    assert 1 / (np.linalg.norm(row) * np.linalg.norm(column)) == 0.5
    assert round(1 / 384**0.5, 2) == 0.05
    assert round(1 / 4096**0.5, 3) == 0.016
    assert round(384**0.5, 1) == 19.6


def test_sums_of_the_record() -> None:
    assert round(45.4 / 5_930, 3) == 0.008  # Olmo 3 Think's tuning, of its base's tokens
    assert round(4.9 / 3_640, 4) == 0.0013  # InstructGPT
    assert round(56 / 19, 1) == 2.9  # Hermes 4, readings
    assert round(1_800 / 17_920, 1) == 0.1  # Qwen3
    assert round(0.68 / 1.26, 1) == 0.5  # self-distillation


def test_what_the_article_reads_out_of_the_results() -> None:
    path = Path(__file__).parents[2] / "labs" / "results" / "what-is-fine-tuning.json"
    values = json.loads(path.read_text(encoding="utf-8"))["values"]
    found = {key: entry["value"] for key, entry in values.items()}
    spread = {key: entry["spread"] for key, entry in values.items() if "spread" in entry}
    assert found["examples"] == [16, 64, 256, 1024]
    assert found["tuned"][0] > found["scratch"][3]  # sixteen examples, 64 times as many
    assert all(tuned > probe for tuned, probe in zip(found["tuned"], found["probe"], strict=True))
    assert found["layer_moved"][-1] == max(found["layer_moved"])
    assert found["words_moved"] < min(found["layer_moved"])
    assert found["swept"][2] == pytest.approx(1 / 8, abs=0.02)  # guessing
    assert 0 < found["swept"][1] - found["swept"][0] < 0.1
    assert [round(found["swept_moved"][1] / far) for far in found["swept_moved"][::2]] == [5, 0]
    assert round(found["swept_moved"][2] / found["swept_moved"][1]) == 8
    assert spread["probe"][0] > 2 * spread["probe"][3]
    assert found["dropped"][1] == pytest.approx(found["tuned"][3], abs=0.015)
    assert found["kept"][1] < found["dropped"][0]  # of a hundredth: the largest, random ones
    assert found["rate"] * 64 / 2 == pytest.approx(0.0096)


def test_counting_words_lies_between() -> None:
    """What the article says of it: more than from scratch, reached by tuning with a sixteenth."""
    found = [
        json.loads((Path(__file__).parents[2] / "labs" / "results" / name).read_text("utf-8"))
        for name in ("what-is-fine-tuning.json", "what-is-fine-tuning-words.json")
    ]
    network, counts = (each["values"] for each in found)
    assert network["examples"] == counts["examples"]
    counted = counts["counted"]["value"]
    assert all(c > s for c, s in zip(counted, network["scratch"]["value"], strict=True))
    assert counted[2] < network["tuned"]["value"][0] < counted[3]


def test_shares_of_what_the_changes_add() -> None:
    """With the tuned head alone as nothing: a thousandth, a hundredth, a random hundredth."""
    alone, network = (
        json.loads((Path(__file__).parents[2] / "labs" / "results" / name).read_text("utf-8"))
        for name in ("what-is-fine-tuning-head.json", "what-is-fine-tuning.json")
    )
    none, whole = (alone["values"][key]["value"] for key in ("head_alone", "tuned"))
    assert whole == pytest.approx(network["values"]["tuned"]["value"][3])  # the same runs
    assert round(100 * (whole - none)) == 14

    def added(key: str, place: int) -> float:
        return float((network["values"][key]["value"][place] - none) / (whole - none))

    shares = dict(zip(network["values"]["share_kept"]["value"], range(3), strict=True))
    assert 14 * added("kept", shares[0.001]) == pytest.approx(1, abs=0.3)
    assert added("kept", shares[0.01]) == pytest.approx(1 / 4, abs=0.05)
    assert added("dropped", 0) == pytest.approx(6 / 7, abs=0.03)


def test_words_are_counted() -> None:
    learned = [("a cat", 0), ("the dog", 1)]
    assert words("It's a Cat.") == ["it", "s", "a", "cat"]
    assert sorted_rightly(learned, [("cat", 0), ("dog", 1)], 2) == 1
    assert sorted_rightly(learned, [("house", 0)], 2) == 0.5  # unknown: a lot is drawn
