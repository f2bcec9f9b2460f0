"""Training under any mask, and asking without the future."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pytest

from labs import leaking, masks, texts, tiny

N = 16
SHAPE = tiny.Shape(len(texts.ALPHABET), width=16, heads=2, rows=N)


@pytest.fixture(scope="module")
def codes() -> texts.Codes:
    return texts.encoded(texts.king_james()[:60_000])


@pytest.fixture(scope="module")
def scored(codes: texts.Codes) -> texts.Codes:
    return texts.windows(codes, N + 1, 8, np.random.default_rng(0))


@pytest.mark.parametrize("causal", [True, False])
def test_the_network_is_the_tiny_one(scored: texts.Codes, causal: bool) -> None:
    mask = masks.causal(N) if causal else masks.full(N)
    shape = tiny.Shape(len(texts.ALPHABET), width=16, heads=2, rows=N, causal=causal)
    params = tiny.draw(shape, seed=0)
    here = leaking.reported(params, jnp.asarray(scored), jnp.asarray(mask), shape)
    np.testing.assert_allclose(here, tiny.bits(params, jnp.asarray(scored), shape), rtol=1e-5)


def test_weights_of_each_row_add_up_to_one_and_respect_the_mask(scored: texts.Codes) -> None:
    mask = masks.window(N, 3)
    params = tiny.draw(SHAPE, seed=0)
    _, seen = leaking.read(params, jnp.asarray(scored[:, :-1]), jnp.asarray(mask), SHAPE)
    assert len(seen) == SHAPE.layers
    for weights in seen:
        np.testing.assert_allclose(weights.sum(-1), 1, rtol=1e-5)
        assert not np.asarray(weights)[..., ~mask].any()


def test_honest_and_reported_agree_under_a_causal_mask(scored: texts.Codes) -> None:
    params, mask = tiny.draw(SHAPE, seed=0), jnp.asarray(masks.causal(N))
    np.testing.assert_allclose(
        leaking.honest(params, jnp.asarray(scored), mask, SHAPE),
        leaking.reported(params, jnp.asarray(scored), mask, SHAPE),
        rtol=1e-4,
    )


def test_honest_is_what_each_prefix_says_when_it_stands_alone(scored: texts.Codes) -> None:
    params = tiny.draw(SHAPE, seed=0)
    mask = masks.all_but_answer(N)
    whole = leaking.honest(params, jnp.asarray(scored), jnp.asarray(mask), SHAPE)
    for end in (1, 5, N):
        prefix = jnp.asarray(scored[:, : end + 1])
        alone = leaking.reported(params, prefix, jnp.asarray(mask[:end, :end]), SHAPE)
        np.testing.assert_allclose(whole[:, end - 1], alone[:, -1], rtol=1e-4)


def test_without_a_mask_training_learns_to_copy(codes: texts.Codes, scored: texts.Codes) -> None:
    mask, shape = masks.full(N), tiny.Shape(len(texts.ALPHABET), width=32, rows=N)
    params = leaking.train(shape, mask, codes, steps=250, seed=0, batch=16, rate=5e-3)
    now, shown = jnp.asarray(scored), jnp.asarray(mask)
    reported = leaking.reported(params, now, shown, shape)
    assert float(reported[:, :-1].mean()) < 1
    assert float(reported[:, -1].mean()) > 2  # the one answer that is not in the window
    assert float(leaking.honest(params, now, shown, shape)[:, :-1].mean()) > 4
