"""Every digit of the article on what to know before transformers; its snippet and control."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import pytest

from labs import costs, handing_on, sequences
from labs.charts import transformer_prerequisites as charts
from labs.experiments import transformer_gates as gates
from labs.experiments import transformer_prerequisites as experiment

ARTICLES = Path(__file__).parents[2] / "articles" / "transformers"
ARTICLE = (ARTICLES / "transformer-prerequisites.md").read_text(encoding="utf-8")
ARTICLE_RECORD = ARTICLES / "transformer-prerequisites.record.yaml"


def results(slug: str) -> dict[str, dict[str, Any]]:
    """Return what an experiment found."""
    file = Path(__file__).parents[2] / "labs" / "results" / f"{slug}.json"
    values: dict[str, dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))["values"]
    return values


RESULTS, GATES = results("transformer-prerequisites"), results("transformer-gates")


def last(key: str) -> float:
    """Return the mean of a series at its last distance, or furthest back."""
    return float(RESULTS[key]["value"][-1])


def said(*texts: str) -> None:
    """Fail unless each text stands in the article, line breaks aside."""
    words = " ".join(ARTICLE.split())
    for text in texts:
        assert text in words, text


def test_functions_shown_exist() -> None:
    shown = re.findall(r"labs/(\w+)\.py\n:pyobject: (\w+)", ARTICLE)
    assert shown == [("sequences", "lstm_step"), ("handing_on", "fetched")]
    modules = {"sequences": sequences, "handing_on": handing_on}
    assert all(callable(getattr(modules[module], name)) for module, name in shown)


def test_the_table_of_rows() -> None:
    for letter, row, powers, shown in (
        ("A", (handing_on.MESSAGE, 0.0), "16 and 1", "16/17 = 0.9412"),
        ("dot", (0.0, 0.0), "1 and 1", "1/2 = 0.5000"),
        ("B", (0.0, handing_on.MESSAGE), "1 and 16", "1/17 = 0.0588"),
    ):
        scores = jnp.array(row)
        chance = float(sequences.softmax(scores)[0])
        bits = float(sequences.surprise(scores, jnp.array(0)))
        numbers = ", ".join(f"{number:.4f}" if number else "0" for number in row)
        assert " and ".join(f"{math.exp(number):.0f}" for number in row) == powers
        assert shown.endswith(f"{chance:.4f}")
        said(f"| {letter} | ({numbers}) | {powers} | {shown} | {bits:.4f} bits |")
    said("the row of A only 0.0875 bits", "so 1 − 0.0875 = 0.9125 of the one bit")


def test_the_table_of_halvings() -> None:
    for dots in range(4):
        lead = handing_on.handed_on(handing_on.MESSAGE, 0.5, dots)
        state = jnp.array([lead, 0.0])
        chance = float(sequences.softmax(state)[0])
        bits = 1 - float(sequences.surprise(state, jnp.array(0)))
        assert handing_on.arrived(lead) == pytest.approx(bits, abs=1e-6)
        odds = handing_on.odds(lead)
        assert chance / (1 - chance) == pytest.approx(odds, rel=1e-5)
        shown = f"{odds:.0f}" if dots < 3 else f"{odds:.4f}"
        said(f"| {dots} | ({lead:.4f}, 0) | {shown} | {chance:.4f} | {bits:.4f} |")
    said("2.7726 · ½ + 0 · 0, 2.7726 · 0 + 0 · ½) = (1.3863, 0)")


def test_the_nudge_fades_as_the_state_does() -> None:
    nudges = [handing_on.handed_on(0.08, 0.5, dots) for dots in range(4)]
    assert nudges == pytest.approx([0.08, 0.04, 0.02, 0.01])
    said("nudge the first by 0.08", "After one dot 0.04 of that is left, then 0.02, then 0.01")
    said("½ · ½ · ½ = 0.125")


def loss(lead: float, dots: int) -> float:
    """Return the surprise at the last of ``dots`` dots, if A was sent.  Units: bits."""
    return 1 - handing_on.arrived(handing_on.handed_on(lead, 0.5, dots))


def test_the_table_of_nudges() -> None:
    gains = {}
    for row, lead in (("(0, 0)", 0.0), ("(2.7726, 0)", handing_on.MESSAGE)):
        for dots in (0, 3, 80) if lead else (0, 3):
            before, after = loss(lead, dots), loss(lead + 0.08, dots)
            gains[row, dots] = before - after
            left = f"{handing_on.handed_on(0.08, 0.5, dots):.2f}"
            said(f"| {row} | {dots} | {left} | {before:.4f} | {after:.4f} | {before - after:.4f} |")
    assert gains["(0, 0)", 3] / gains["(0, 0)", 0] == pytest.approx(1 / 8, abs=0.003)
    assert gains["(2.7726, 0)", 3] / gains["(2.7726, 0)", 0] > 0.9
    assert abs(gains["(2.7726, 0)", 80]) < 1e-15


def test_an_eighth_of_the_slope_is_left_near_zero_only() -> None:
    """An eighth from a row of zeros; 88% from the finished row; after eighty dots, nothing."""

    def slope(lead: float, dots: int) -> float:
        state = jnp.array([lead, 0.0])

        def cost(row: jax.Array) -> jax.Array:
            return sequences.surprise(row * 0.5**dots, jnp.array(0))

        return -float(jax.grad(cost)(state)[0])

    assert slope(0.0, 3) / slope(0.0, 0) == pytest.approx(1 / 8)
    assert slope(handing_on.MESSAGE, 3) / slope(handing_on.MESSAGE, 0) == pytest.approx(
        0.88, abs=0.005
    )
    for lead in (0.0, handing_on.MESSAGE):
        assert 0 < slope(lead, 80) < 1e-23
    said(
        "near zero the slope after three dots is an eighth",
        "and after eighty almost nothing anywhere",
    )


def test_a_change_of_the_matrix_does_as_little_after_eighty_dots() -> None:
    def cost(keep: jax.Array) -> jax.Array:
        state = jnp.array([handing_on.MESSAGE, 0.0]) * keep**80
        return sequences.surprise(state, jnp.array(0))

    assert abs(float(jax.grad(cost)(jnp.array(0.5)))) < 1e-21


def test_the_score_worked_out() -> None:
    """The marked rows, times chosen matrices, give the scores that were set by hand."""
    rows = jnp.array([[handing_on.MESSAGE, 0, 0], [0, 0, 1]])  # A and a dot
    query = jnp.array([[0.0, 0], [0, 0], [5.1, 5.1]])
    key = value = jnp.array([[1.0, 0], [0, 1], [0, 0]])
    scores = (rows[1] @ query) @ (rows @ key).T
    assert f"{float(scores[0]):.2f}" == "14.14"
    scores = scores / math.sqrt(2)
    assert [f"{float(score):.1f}" for score in scores] == ["10.0", "0.0"]
    shares = sequences.softmax(jnp.concatenate([scores, jnp.zeros(2)]))
    assert f"{float(shares[0]):.4f}" == "0.9999"
    assert f"{float(shares[0] * (rows @ value)[0, 0]):.4f}" == "2.7722"
    said("(5.1 · 2.7726 + 5.1 · 0) ÷ √2 = 14.14 ÷ 1.4142 = 10.0", "(5.1 · 0 + 5.1 · 0) ÷ √2 = 0")
    said("| *key* | what it can be found by | (2.7726, 0) | (0, 0) |")


def test_the_table_of_factors() -> None:
    said(
        f"| 0.5 | {0.5**3} | {0.5**20:.6f} | 8 · 10⁻²⁵ |",
        f"| 0.9 | {0.9**3:.3f} | {0.9**20:.2f} | {0.9**80:.5f} |",
        f"| 0.99 | {0.99**3:.3f} | {0.99**20:.2f} | {0.99**80:.2f} |",
        f"| 1.1 | {1.1**3:.3f} | {1.1**20:.1f} | {1.1**80:,.0f} |",
    )
    assert f"{0.5**80:.0e}" == "8e-25"
    assert math.tanh(3) == pytest.approx(0.9951, abs=5e-5)
    said("3 becomes 0.9951")


def test_the_cell_that_keeps() -> None:
    cell = [handing_on.handed_on(handing_on.MESSAGE, 0.9, dots) for dots in range(4)]
    assert [f"{value:.4f}" for value in cell] == ["2.7726", "2.4953", "2.2458", "2.0212"]
    assert f"{handing_on.odds(cell[-1]):.2f}" == "7.55"
    said("leave 2.4953, then 2.2458, then 2.0212", "odds of 7.55 instead of 1.41")


def test_the_message_that_is_fetched() -> None:
    lead = handing_on.fetched(handing_on.MESSAGE, 10, 3)
    assert (f"{lead:.4f}", f"{handing_on.odds(lead):.2f}") == ("2.7722", "15.99")
    assert f"{lead / handing_on.MESSAGE:.4f}" == "0.9999"
    assert f"{math.exp(10):,.0f}" == "22,026"
    said("22,026 ÷ 22,029 = 0.9999", "receives (2.7722, 0)", "the odds are 15.99")
    half = handing_on.fetched(handing_on.MESSAGE, 10, round(math.exp(10)))
    assert half == pytest.approx(handing_on.handed_on(handing_on.MESSAGE, 0.5, 1), rel=1e-4)
    assert f"{math.exp(5):.0f}" == "148"
    said("among 22,026 dots", "$e^5 = 148$")


def test_fetching_is_attention() -> None:
    """One position holds the message and is scored, three hold nothing."""
    shares = sequences.softmax(jnp.array([10.0, 0.0, 0.0, 0.0]))
    rows = jnp.array([[handing_on.MESSAGE, 0.0], [0, 0], [0, 0], [0, 0]])
    assert float((shares @ rows)[0]) == pytest.approx(handing_on.fetched(handing_on.MESSAGE, 10, 3))


def test_the_table_of_arrivals() -> None:
    start = 1 / (1 + math.exp(-1))
    ways = {"factor ½, the RNN above": 0.5, "keep 0.731, an LSTM's cell at its start, alone": start}
    for name, keep in (ways | {"keep 0.9": 0.9, "keep 0.99": 0.99}).items():
        bits = [
            handing_on.arrived(handing_on.handed_on(handing_on.MESSAGE, keep, dots))
            for dots in (3, 80, 1000)
        ]
        said(f"| {name} | " + " | ".join(f"{value:.4f}" for value in bits) + " |")
    bits = [
        handing_on.arrived(handing_on.fetched(handing_on.MESSAGE, 10, dots))
        for dots in (3, 80, 1000)
    ]
    said("| attention, score 10 against 0 | " + " | ".join(f"{v:.4f}" for v in bits) + " |")


def test_powers_of_the_text() -> None:
    gate = 1 / (1 + math.exp(-1))
    assert gate == pytest.approx(0.731, abs=5e-4)
    assert gate**80 == pytest.approx(1.3e-11, rel=0.03)
    assert math.log(2) / -math.log(gate) == pytest.approx(2.2, abs=0.05)
    assert -80 * math.log10(gate) == pytest.approx(10.9, abs=0.05)
    said("$0.731^{80} = 1.3 \\times 10^{-11}$", "the cell alone loses half in 2.2 steps")
    said("80th power would lose 10.9")


def test_room_of_a_state_of_fixed_size() -> None:
    bits = 32 * 16
    assert (bits, bits // 3) == (512, 170)
    said("32 numbers of 16 bits holds 512 bits", "after 170 of them")


def test_cups_under_the_letters() -> None:
    cups, orders = "12345", ["12345"]
    for letter in "ABAB":
        cups = cups[1] + cups[0] + cups[2:] if letter == "A" else cups[1:] + cups[0]
        orders.append(cups)
    said("| order of the cups | " + " | ".join(orders) + " |")
    reached, new = {"12345"}, {"12345"}
    while new:
        new = {x for c in new for x in (c[1] + c[0] + c[2:], c[1:] + c[0])} - reached
        reached |= new
    assert len(reached) == math.factorial(5)
    cups = "12345"[1:] + "1"  # B
    assert cups[1] + cups[0] + cups[2:] == "32451"  # then A
    said("A then B turns 12345 into 13452, while B then A would give 32451")


def test_steps_that_are_merged() -> None:
    assert pytest.approx(0.72) == 0.9 * 0.8
    assert (math.log2(8), math.ceil(math.log2(1000))) == (3, 10)
    said("keep 0.9 and then keep 0.8 is one step with keep 0.72", "8 steps take 3 rounds")
    said("eight letters need three layers and a thousand need ten")


def test_margins_of_the_transformer() -> None:
    german, french = (28.4 - 26.03, 28.4 - 26.36), (41.8 - 40.56, 41.8 - 41.29)
    assert [f"{x:.1f}" for x in german + french] == ["2.4", "2.0", "1.2", "0.5"]
    said("best single system by 2.4 and 1.2 points, the best voters by 2.0 and 0.5")


def test_bytes_and_milliseconds_of_writing() -> None:
    assert 32 * 8 * 2 * 128 * 2 == 131_072 == 128 * 2**10
    assert 8192 * 128 * 2**10 == 2**30
    reading = 8e9 * 2 / 3.35e12
    computing = 8e9 * 2 / 990e12
    assert (f"{reading * 1000:.1f}", f"{computing * 1000:.2f}") == ("4.8", "0.02")
    said("131,072 = 128 KiB", "takes 4.8 milliseconds to read, and about 0.02 to compute")


def test_gate_of_the_exercise() -> None:
    gate = 2 ** (-1 / 80)
    assert gate == pytest.approx(0.9914, abs=5e-5)
    assert math.log(gate / (1 - gate)) == pytest.approx(4.744, abs=5e-4)
    assert f"{gate / (1 - gate):.0f}" == "115"
    said("= 0.9914$", "\\ln 114.92 = 4.744$")


def test_gates_of_the_long_memory() -> None:
    keep = 1 / (1 + math.exp(-math.log(79)))
    assert keep == pytest.approx(79 / 80)
    assert f"{keep**80:.2f}" == "0.37"
    assert f"{math.exp(-1):.4f}" == "0.3679"
    said(
        "$u$ = 79 keeps 79/80 = 0.9875 a step, and after 80 steps still 0.37",
        "such a number admits 1/80 = 0.0125",
        "1/(1 + 0.3679) = 0.731",
    )


def test_perplexity_in_bits() -> None:
    record = ARTICLE_RECORD.read_text(encoding="utf-8")
    assert (f"{math.log2(5.8):.2f}", f"{math.log2(4.7):.2f}") == ("2.54", "2.23")
    assert "from 2.54 to 2.23 bits" in " ".join(record.split())


def test_shares_of_the_exercise_and_the_advice() -> None:
    assert costs.quadratic_share(2048, 512) == 0.4
    said("2048/5120 = 40\\%")


def test_half_is_square_at_sixteen_widths_if_written_and_gated() -> None:
    d = 512
    for widths, matrices in (
        (12, costs.projections(1, d) + costs.feed_forward(1, d)),
        (16, 16 * d**2),
    ):
        assert costs.pairs(widths * d, d) / 2 == widths * d * matrices  # half the pairs
    said("half later, at 12 to 16 widths", "With both it is $n/(n + 16d)$")


def test_counts_of_the_table() -> None:
    counts = (costs.recurrent(4, 2), costs.lstm(4, 2), costs.pairs(4, 2))
    assert counts == (32, 128, 64)
    said("| $2nd^2$ | 32 |", "| $8nd^2$ | 128 |", "| $2n^2d$ | 64 |", "| $2nrd$ | 32 for $r = 2$ |")
    said("16 · 2 + 16 · 2 = 64", "4 · (4 + 4) = 32")


def test_lengths_of_paths_in_the_text() -> None:
    assert costs.hops(81, costs.previous) == 80
    assert costs.hops(81, costs.dilated(3)) == 4
    assert costs.hops(81, costs.everything(81)) == 1
    said("the ends of 81 positions in 4 layers", "recurrence takes 80 hand-overs")


@pytest.mark.parametrize(("n", "d"), [(4, 2), (64, 512), (131_072, 4096)])
def test_control_counts_as_the_labs_do(n: int, d: int) -> None:
    found = [eval(count.format(n="n"), {}, {"n": n, "d": d}) for count in charts.LAYERS.values()]  # noqa: S307
    whole = costs.pairs(n, d) + costs.projections(n, d) + costs.feed_forward(n, d)
    assert found == [costs.recurrent(n, d), costs.lstm(n, d), costs.pairs(n, d), whole]


def test_sizes_of_the_networks() -> None:
    sizes = {"lstm": 6528, "attention": 6432, "plain": 1824, "orthogonal": 1824}
    for kind, size in sizes.items():
        params = sequences.draw(kind, jax.random.key(0), 32, 80)
        assert sum(param.size for param in params.values()) == size
    said("the LSTM has 6,528 parameters, attention 6,432, the plain networks 1,824")


def test_one_start_in_sixteen_explodes() -> None:
    ends = []
    for seed in experiment.SEEDS:
        params = sequences.draw("plain", jax.random.key(seed), 32, 80)
        codes = sequences.messages(jax.random.key(2000 + seed), 256, 80)
        sizes = sequences.gradient_sizes("plain", params, codes)
        ends.append(float(sizes[0] / sizes[-1]))
        assert float(jnp.linalg.norm(params["U"], 2)) == pytest.approx(2, abs=0.25)
    assert len(ends) == 16
    assert sum(end > 1 for end in ends) == 1
    said("one start in sixteen does gain", "has a norm near 2")


def test_table_of_scores_outgrows_the_cache_at_the_last_doubling() -> None:
    sizes = [costs.score_bytes(n, 1, bytes_each=4) / 2**20 for n in experiment.TIMED[-2:]]
    assert sizes == [16, 64]
    said("from 16 to 64 MiB")
    assert costs.score_bytes(131_072, 1) == 32 * 2**30
    said("takes 32 GiB at 131,072 positions")


def test_results_are_as_the_text_compares_them() -> None:
    """The words "best", "at every rate", "larger", "less" around numbers that it reads."""
    assert max(experiment.RATES, key=lambda name: last(f"recall_lstm_{name}")) == "low"
    for name in experiment.RATES:
        assert min(RESULTS[f"recall_attention_{name}"]["value"]) > 0.995
    for kind in ("plain", "orthogonal", "lstm", "chrono"):
        shares = [RESULTS[f"recall_{kind}_{name}"]["value"] for name in experiment.RATES]
        assert min(map(min, shares)) < 0.95
    assert last("lost_slope_lstm") < last("lost_slope_orthogonal")
    assert last("recall_lstm_middle") < last("recall_orthogonal_middle")
    assert last("found_lstm_middle") + last("lost_lstm_middle") > 0.9
    assert (last("found_lstm_middle"), last("lost_lstm_middle")) == (2 / 16, 14 / 16)
    assert (last("found_chrono_middle"), last("lost_chrono_middle")) == (14 / 16, 1 / 16)
    for kind in ("plain", "orthogonal"):
        between = 1 - last(f"found_{kind}_middle") - last(f"lost_{kind}_middle")
        assert between >= 2 / 16
    recurrent = {kind: last(f"recall_{kind}_middle") for kind in ("lstm", "plain", "orthogonal")}
    assert min(recurrent, key=recurrent.__getitem__) == "lstm"
    assert max(recurrent.values()) < last("recall_chrono_middle")
    order = [
        last("recall_plain_" + name) < last("recall_orthogonal_" + name)
        for name in experiment.RATES
    ]
    assert set(order) == {True, False}  # of the plain networks: it changes with the rate
    assert last("found_lstm_low") > last("found_chrono_low")


def test_the_two_biases_set_alone_are_as_the_text_compares_them() -> None:
    """Neither and both are the LSTMs of the main experiment; forget alone, and input alone."""
    starts = GATES["start"]["value"]
    for name in gates.RATES:
        recall = dict(zip(starts, GATES[f"recall_{name}"]["value"], strict=True))
        assert recall["neither"] == pytest.approx(last(f"recall_lstm_{name}"))
        assert recall["both"] == pytest.approx(last(f"recall_chrono_{name}"))
        assert recall["forget"] > recall["neither"] + 0.2
        assert recall["input"] == pytest.approx(1 / 8, abs=0.01)  # guessing
        helps = recall["both"] > recall["forget"]
        assert helps == (name == "middle")
    said("lift recall at 0.01 from", "but lower it at 0.003 from")


def test_only_the_named_gate_is_put_back() -> None:
    key, params = jax.random.key(3), {}
    for start in gates.STARTS:
        params[start] = gates.drawing(sequences.draw)(start, key, 4, 80)
    b = {start: param["b"] for start, param in params.items()}
    assert b["forget"][:4].tolist() == b["both"][:4].tolist() == (-b["both"][4:8]).tolist()
    assert b["input"][4:8].tolist() == b["both"][4:8].tolist()
    assert b["input"][:4].tolist() == b["neither"][:4].tolist() == [1] * 4
    assert not b["forget"][4:].any()
    assert not b["neither"][4:].any()
    for start in ("input", "forget"):
        assert all((params[start][name] == params["both"][name]).all() for name in ("input", "U"))
