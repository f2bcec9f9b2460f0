"""Every digit of the article on what to know before transformers; its snippet and control."""

from __future__ import annotations

import doctest
import json
import math
import re
from pathlib import Path

import jax
import jax.numpy as jnp
import pytest

from labs import costs, sequences
from labs.charts import transformer_prerequisites as charts
from labs.experiments import transformer_prerequisites as experiment

ARTICLE = (
    Path(__file__).parents[2] / "articles" / "transformers" / "transformer-prerequisites.md"
).read_text(encoding="utf-8")


RESULTS = json.loads(
    (Path(__file__).parents[2] / "labs" / "results" / "transformer-prerequisites.json").read_text(
        encoding="utf-8"
    )
)["values"]


def last(key: str) -> float:
    """Return the mean of a series at its last distance, or furthest back."""
    return float(RESULTS[key]["value"][-1])


def said(*texts: str) -> None:
    """Fail unless each text stands in the article, line breaks aside."""
    words = " ".join(ARTICLE.split())
    for text in texts:
        assert text in words, text


def test_snippet_runs_as_printed() -> None:
    blocks = re.findall(r"```python\n(.*?)```", ARTICLE, flags=re.DOTALL)
    assert len(blocks) == 1
    test = doctest.DocTestParser().get_doctest("\n".join(blocks), {}, "article", None, 0)
    results = doctest.DocTestRunner().run(test)
    assert (results.attempted, results.failed) == (4, 0)


def test_functions_shown_exist() -> None:
    shown = re.findall(r"labs/(\w+)\.py\n:pyobject: (\w+)", ARTICLE)
    assert shown == [("sequences", "surprise"), ("sequences", "lstm_step"), ("costs", "hops")]
    modules = {"sequences": sequences, "costs": costs}
    assert all(callable(getattr(modules[module], name)) for module, name in shown)


def test_the_table_of_halvings() -> None:
    for dots in range(4):
        state = jnp.array([4 * math.log(2), 0.0]) / 2**dots
        chance = float(sequences.softmax(state)[0])
        bits = 1 - float(sequences.surprise(state, jnp.array(0)))
        odds = chance / (1 - chance)
        shown = f"{odds:.0f}" if dots < 3 else f"{odds:.4f}"
        said(f"| {dots} | ({state[0]:.4f}, 0) | {shown} | {chance:.4f} | {bits:.4f} |")
    said("$p_A = 16/17 = 0.9412$", "surprise is 0.0875 bits", "0.9125 have arrived")
    assert -math.log2(16 / 17) == pytest.approx(0.0875, abs=5e-5)


def test_powers_of_the_text() -> None:
    assert pytest.approx(0.00022, abs=5e-6) == 0.9**80
    assert math.log(2) / -math.log(0.9) == pytest.approx(6.6, abs=0.05)
    assert pytest.approx(0.729) == 0.9**3
    assert pytest.approx(7.55, abs=5e-3) == 16**0.729
    gate = 1 / (1 + math.exp(-1))
    assert gate == pytest.approx(0.731, abs=5e-4)
    assert gate**80 == pytest.approx(1.3e-11, rel=0.03)
    assert math.log(2) / -math.log(gate) == pytest.approx(2.2, abs=0.05)
    assert -80 * math.log10(gate) == pytest.approx(10.9, abs=0.05)
    said("$0.9^{80} = 0.00022$", "6.6 steps", "$16^{0.729} = 7.55$", "1.3 \\times 10^{-11}")
    said("80th power would lose 10.9")


def test_gate_of_the_exercise() -> None:
    gate = 2 ** (-1 / 80)
    assert gate == pytest.approx(0.9914, abs=5e-5)
    assert math.log(gate / (1 - gate)) == pytest.approx(4.744, abs=5e-4)
    said("= 0.9914$", "= 4.744$")


def test_shares_of_the_exercise() -> None:
    assert costs.quadratic_share(2048, 512) == 0.4
    assert costs.quadratic_share(2048, 512, causal=True) == pytest.approx(0.25, abs=1e-3)


def test_counts_of_the_table() -> None:
    counts = (
        costs.recurrent(4, 2),
        costs.lstm(4, 2),
        costs.convolution(4, 2, 3),
        costs.pairs(4, 2),
    )
    assert counts == (32, 128, 48, 64)
    said("| $2nd^2$ | 32 |", "| $8nd^2$ | 128 |", "| $3nd^2$ | 48 |", "| $2n^2d$ | 64 |")


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
    said("one start in sixteen gains", "has a norm near 2")


def test_table_of_scores_outgrows_the_cache_at_the_last_doubling() -> None:
    sizes = [costs.score_bytes(n, 1, bytes_each=4) / 2**20 for n in experiment.TIMED[-2:]]
    assert sizes == [16, 64]
    said("from 16 to 64 MiB")


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
    assert last("recall_chrono_low") < last("recall_chrono_middle")
    assert (
        RESULTS["recall_lstm_middle"]["value"][2] < RESULTS["recall_orthogonal_middle"]["value"][2]
    )
