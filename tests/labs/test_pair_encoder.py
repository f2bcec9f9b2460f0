"""The small encoder that the article on sentence encoders trains."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import jax.numpy as jnp
import numpy as np

from labs import contrastive
from labs.pair_encoder import (
    Pairs,
    Side,
    alignment,
    draw,
    encoded,
    exam,
    mined,
    named,
    reciprocal_rank,
    train,
    uniformity,
)


def pairs(count: int = 200) -> Pairs:
    """Return random texts whose partners share their first piece."""
    rng = np.random.default_rng(0)
    ids = rng.integers(1, 60, size=(2, count, 4)).astype(np.int32)
    ids[1, :, 0] = ids[0, :, 0]
    return Pairs(*(Side(side, np.ones(side.shape, bool)) for side in ids))


def test_the_loss_is_that_of_the_miniature_from_both_sides() -> None:
    questions, answers = contrastive.QUESTIONS, contrastive.ANSWERS
    there = contrastive.exam_loss(questions, answers, 0.2)
    back = contrastive.exam_loss(answers, questions, 0.2)
    none = jnp.zeros((0, 2))
    found = exam(jnp.asarray(questions), jnp.asarray(answers), none, 0.2, 3)
    assert np.isclose(float(found), (there + back) / 2, atol=1e-6)


def test_groups_hide_the_options_of_others() -> None:
    rng = np.random.default_rng(1)
    a, b = (contrastive.unit(rng.normal(size=(4, 3))) for _ in range(2))
    none = jnp.zeros((0, 3))
    whole = float(exam(jnp.asarray(a), jnp.asarray(b), none, 0.1, 2))
    parts = [
        float(exam(jnp.asarray(a[s]), jnp.asarray(b[s]), none, 0.1, 2))
        for s in (slice(2), slice(2, 4))
    ]
    assert np.isclose(whole, np.mean(parts), atol=1e-6)


def test_more_options_make_the_exam_harder() -> None:
    rng = np.random.default_rng(2)
    a, b, c = (jnp.asarray(contrastive.unit(rng.normal(size=(4, 3)))) for _ in range(3))
    assert exam(a, b, c, 0.1, 4) > exam(a, b, c[:0], 0.1, 4)


def test_training_finds_partners() -> None:
    data, start = pairs(), draw(60, 8, 0)
    params = train(data, start, temperature=0.1, group=32, batch=32, steps=60, rate=0.01, seed=0)

    def right(numbers: dict[str, object]) -> float:
        return reciprocal_rank(encoded(numbers, data.names), encoded(numbers, data.glosses))  # type: ignore[arg-type]

    assert right(params) > 2 * right(start)


def test_measures() -> None:
    x = np.eye(3, dtype=np.float32)
    assert reciprocal_rank(x, x) == 1
    assert alignment(x, x) == 0
    assert np.isclose(uniformity(x), -4)  # all squared distances are 2
    same = np.ones((5, 4), np.float32) / 2
    assert np.isclose(uniformity(same), 0, atol=1e-6)
    assert reciprocal_rank(same, same) == 1 / 5  # ties count against it


def test_mined_glosses_are_wrong_and_below_the_bound() -> None:
    data, params = pairs(400), draw(60, 8, 0)
    hard = mined(params, data, start=0, places=3, below=0.95, seed=0)
    names, right, wrong = (encoded(params, side) for side in (data.names, data.glosses, hard))
    own, other = (names * right).sum(axis=1), (names * wrong).sum(axis=1)
    positive = own > 0
    assert (other[positive] <= 0.95 * own[positive] + 1e-5).mean() > 0.9


def test_a_line_of_wordnet() -> None:
    line = (
        "04254777 06 n 02 sock 0 anklet 1 001 @ 03416489 n 0000 | "
        'hosiery consisting of a cloth covering for the foot; "a pair"'
    )
    assert named(line) == ("sock, anklet", "hosiery consisting of a cloth covering for the foot")
    assert named(line.replace("sock", "Sock")) is None


def test_anchors_of_uniformity() -> None:
    """One point gives 0; directions drawn evenly, in many numbers, about −4, and strangers 2."""
    drawn = contrastive.unit(np.random.default_rng(0).normal(size=(800, 384)))
    pairs = np.triu_indices(800, 1)
    squared = (2 - 2 * drawn @ drawn.T)[pairs]
    assert round(float(np.log(np.exp(-2 * squared).mean())), 1) == -4
    assert round(float(squared.mean()), 1) == 2
    assert uniformity(np.tile(np.array([1.0, 0.0]), (20, 1))) == 0


def kept() -> dict[str, list[float]]:
    path = Path(__file__).parents[2] / "labs" / "results" / "sentence-transformers.json"
    values = json.loads(path.read_text(encoding="utf-8"))["values"]
    return {name: entry["value"] for name, entry in values.items()}


def test_what_the_article_says_of_options_and_temperatures() -> None:
    found = kept()
    warmths = ["0_02", "0_05", "0_1", "0_2", "0_5", "1"]
    doublings = np.diff(np.log2(found["negatives"]))
    for warmth in warmths:
        gains = np.diff(found[f"mrr_{warmth}"]) / doublings
        assert all(later < earlier for earlier, later in pairwise(gains))
    one, three, *_, many, most = found["mrr_0_1"]
    assert [round(three - one, 2), round(most - many, 2)] == [0.04, 0.02]
    assert found["mrr_1"][4] < found["mrr_1"][3]
    for place in range(5):
        assert max(warmths, key=lambda warmth: found[f"mrr_{warmth}"][place]) == "0_1"
    assert int(np.argmax(found["slow"])) == warmths.index("0_1")
    assert found["mrr_1"][0] < found["untrained"]  # type: ignore[operator]


def test_the_two_numbers_are_no_mark() -> None:
    """As even, partners closer, and found worse: 0.5 against 0.02, with 511 options."""
    found = kept()
    assert abs(found["even_0_5"][4] - found["even_0_02"][4]) < 0.02
    assert found["apart_0_5"][4] < found["apart_0_02"][4]
    assert found["mrr_0_5"][4] < found["mrr_0_02"][4]
    evens = {name: found[f"even_{name}"][4] for name in ("0_02", "0_1", "0_5", "1")}
    assert min(evens, key=lambda name: evens[name]) == "0_1"
