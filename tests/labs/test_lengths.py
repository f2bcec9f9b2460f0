"""Reading past the training length: the rotary clock, windows, caps, squeezed positions."""

from __future__ import annotations

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from labs import lengths, texts, tiny
from labs.lengths import Reading

TURN = jnp.radians(jnp.array([60.0, 10.0]))
SCHEMES = ["learned", "sinusoid", "rope", "alibi", "none"]
N, CAP = 24, 9


def shape(positions: str) -> tiny.Shape:
    return tiny.Shape(len(texts.ALPHABET), width=16, heads=2, positions=positions, rows=32)


def codes(n: int = N) -> jax.Array:
    drawn = np.random.default_rng(0).integers(0, len(texts.ALPHABET), (3, n + 1))
    return jnp.asarray(drawn)


def read(positions: str, reading: Reading) -> np.ndarray:
    params = tiny.draw(shape(positions), seed=0)
    # Positions of size one, so that moving them shows.
    params = {k: 50 * v if k == "positions" else v for k, v in params.items()}
    return np.asarray(lengths.bits(params, codes(), shape(positions), reading))


# --- the clock of the article


def test_the_clock_scores_as_by_hand() -> None:
    word = jnp.array([[1.0, 1.0, 0.0, 0.0]] * 37)
    turned = lengths.rotate(word, jnp.arange(37), TURN)
    scores = np.asarray(turned @ turned[0] / 2)
    by_hand = {0: 1, 1: 0.7424, 2: 0.2198, 3: -0.0670, 6: 0.75, 12: 0.25, 18: 0, 36: 1}
    for distance, score in by_hand.items():
        assert scores[distance] == pytest.approx(score, abs=5e-5)
    weights = np.asarray(jax.nn.softmax(scores[:4]))
    assert weights.round(4).tolist() == pytest.approx([0.3883, 0.3001, 0.1780, 0.1336])


def test_rotated_scores_depend_on_distance_alone() -> None:
    q, k = np.random.default_rng(0).standard_normal((2, 4))
    steps = jnp.arange(20)
    turned_q, turned_k = (lengths.rotate(jnp.tile(jnp.asarray(x), (20, 1)), steps, TURN)
                          for x in (q, k))  # fmt: skip
    scores = np.asarray(turned_q @ turned_k.T)
    for distance in (0, 5, 11):
        along = np.diagonal(scores, -distance)
        np.testing.assert_allclose(along, along[0], rtol=1e-3, atol=1e-4)
    assert scores[5, 0] != pytest.approx(scores[11, 0], abs=0.01)


def test_turning_is_what_tiny_does() -> None:
    x = jnp.asarray(np.random.default_rng(0).standard_normal((2, 30, 16)))
    ours = lengths.rotate(x, jnp.arange(30), lengths.angles(16))
    np.testing.assert_allclose(ours, tiny.rotated(x), atol=1e-5)


def test_the_slowest_hand_turns_as_the_article_says() -> None:
    slowest = 2 * np.pi / float(lengths.angles(128)[-1])
    assert slowest == pytest.approx(54_410, rel=1e-4)
    assert lengths.turned_once(16, 64) == 3


# --- readings


@pytest.mark.parametrize("positions", SCHEMES)
def test_as_it_comes_is_what_tiny_reads(positions: str) -> None:
    params = tiny.draw(shape(positions), seed=0)
    ours = lengths.bits(params, codes(), shape(positions), Reading())
    np.testing.assert_allclose(ours, tiny.bits(params, codes(), shape(positions)), atol=1e-4)


@pytest.mark.parametrize("positions", SCHEMES)
@pytest.mark.parametrize("reading", [Reading(window=CAP + 1), Reading(cap=CAP)])
def test_readings_change_nothing_within_reach(positions: str, reading: Reading) -> None:
    plain, other = read(positions, Reading()), read(positions, reading)
    np.testing.assert_allclose(plain[:, : CAP + 1], other[:, : CAP + 1], atol=1e-4)
    capped_none = positions == "none" and reading.cap is not None
    assert np.allclose(plain, other, atol=1e-4) == capped_none


@pytest.mark.parametrize("positions", SCHEMES)
def test_squeezing_moves_positions(positions: str) -> None:
    plain, squeezed = read(positions, Reading()), read(positions, Reading(scale=0.25))
    assert np.allclose(plain, squeezed, atol=1e-4) == (positions == "none")


def test_a_window_hides_what_lies_before_it() -> None:
    one = replace(shape("rope"), layers=1)
    params = tiny.draw(one, seed=0)
    first = codes()
    second = first.at[:, 2].set((first[:, 2] + 1) % 30)
    costs = [np.asarray(lengths.bits(params, now, one, Reading(window=5))) for now in
             (first, second)]  # fmt: skip
    np.testing.assert_allclose(costs[0][:, 7:], costs[1][:, 7:], atol=1e-5)
    assert not np.allclose(costs[0][:, 2:7], costs[1][:, 2:7], atol=1e-4)


def test_squeezed_rows_lie_between_learned_ones() -> None:
    params = tiny.draw(shape("learned"), seed=0)
    rows = lengths.position_rows(params, 9, shape("learned"), Reading(scale=0.5))
    table = np.asarray(params["positions"])
    np.testing.assert_allclose(rows[4], table[2], atol=1e-6)
    np.testing.assert_allclose(rows[5], (table[2] + table[3]) / 2, atol=1e-6)


def test_capped_rotary_scores_are_those_at_the_cap() -> None:
    q, k = (jnp.asarray(x) for x in np.random.default_rng(1).standard_normal((2, 12, 4)))
    near = lengths.rotary_scores(q, k, Reading())
    capped = lengths.rotary_scores(q, k, Reading(cap=3))
    np.testing.assert_allclose(np.tril(capped) - np.tril(capped, -4),
                               np.tril(near) - np.tril(near, -4), atol=1e-5)  # fmt: skip
    turned = lengths.rotate(q, jnp.full(12, 3), lengths.angles(4))
    np.testing.assert_allclose(capped[10, 1], turned[10] @ k[1], atol=1e-5)


# --- shuffling, as the article derives it


def test_without_mask_and_positions_outputs_are_shuffled_with_inputs() -> None:
    blind = replace(shape("none"), causal=False)
    params = tiny.draw(blind, seed=0)
    part = {name: params[name][0] for name in ("attention", "mixed")}
    x = jnp.asarray(np.random.default_rng(0).standard_normal((1, 7, 16)))
    order = np.array([3, 0, 6, 1, 5, 2, 4])
    out = tiny.attention(x, part, blind)
    shuffled = tiny.attention(x[:, order], part, blind)
    np.testing.assert_allclose(shuffled, out[:, order], atol=1e-5)
    masked = replace(blind, causal=True)
    first, second = (tiny.attention(now, part, masked) for now in (x, x[:, order]))
    assert not np.allclose(second, first[:, order], atol=1e-3)


def test_slopes_of_alibi_weigh_as_by_hand() -> None:
    weights = np.asarray(jax.nn.softmax(-0.5 * jnp.arange(4)))
    assert weights.round(4).tolist() == pytest.approx([0.4551, 0.2760, 0.1674, 0.1015])
