"""The tiny transformer and the text it is trained on."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pytest

from labs import texts, tiny

SCHEMES = ["learned", "sinusoid", "rope", "alibi", "none"]


@pytest.fixture(scope="module")
def codes() -> texts.Codes:
    return texts.encoded(texts.king_james()[:60_000])


def small(positions: str = "learned", *, causal: bool = True) -> tiny.Shape:
    return tiny.Shape(
        len(texts.ALPHABET), width=16, heads=2, positions=positions, rows=32, causal=causal
    )


# --- the text


def test_text_is_the_bible_in_the_alphabet() -> None:
    text = texts.king_james()
    assert text.startswith("in the beginning god created the heaven and the earth.")
    assert "and darkness was upon the face of the deep" in text  # brackets are gone
    assert set(text) == set(texts.ALPHABET)


def test_codes_are_the_text() -> None:
    text = texts.king_james()[1000:1200]
    assert texts.decoded(texts.encoded(text)) == text
    with pytest.raises(ValueError, match="not found"):
        texts.encoded("Ω")


def test_nothing_is_both_trained_and_tested_on() -> None:
    train, test = texts.parts(np.arange(250, dtype=np.uint8), block=10, every=10)
    assert sorted([*train, *test]) == list(range(250))
    assert list(test) == [*range(90, 100), *range(190, 200)]


def test_windows_are_stretches_of_the_text() -> None:
    found = texts.windows(np.arange(12, dtype=np.uint8), 5, 200, np.random.default_rng(0))
    assert (np.diff(found, axis=1) == 1).all()
    assert {found.min(), found.max()} == {0, 11}


# --- the model


def test_parameters_are_counted_as_by_hand() -> None:
    shape = small()
    width = shape.width
    layer = 4 * width**2 + 8 * width**2 + 2 * width
    ends = 2 * len(texts.ALPHABET) * width + 32 * width + width
    assert tiny.count(tiny.draw(shape, seed=0)) == 2 * layer + ends


@pytest.mark.parametrize("positions", SCHEMES)
def test_causal_models_see_nothing_later(positions: str, codes: texts.Codes) -> None:
    shape = small(positions)
    params = tiny.draw(shape, seed=0)
    first = jnp.asarray(codes[None, :20])
    second = first.at[0, 12].set((first[0, 12] + 1) % 30)
    one, other = (tiny.logits(params, now, shape) for now in (first, second))
    np.testing.assert_allclose(one[:, :12], other[:, :12], atol=1e-6)
    assert not np.allclose(one[:, 12:], other[:, 12:], atol=1e-6)


def test_without_the_mask_they_do(codes: texts.Codes) -> None:
    shape = small(causal=False)
    params = tiny.draw(shape, seed=0)
    first = jnp.asarray(codes[None, :20])
    second = first.at[0, 12].set((first[0, 12] + 1) % 30)
    one, other = (tiny.logits(params, now, shape) for now in (first, second))
    assert not np.allclose(one[:, 0], other[:, 0], atol=1e-6)


def test_rotated_scores_depend_on_distance_alone() -> None:
    q, k = np.random.default_rng(0).standard_normal((2, 8))
    turned_q, turned_k = (tiny.rotated(jnp.tile(jnp.asarray(x), (10, 1))) for x in (q, k))
    scores = np.asarray(turned_q @ turned_k.T)
    for distance in (0, 3, 7):
        along = np.diagonal(scores, -distance)
        np.testing.assert_allclose(along, along[0], rtol=1e-3, atol=1e-4)
    assert scores[3, 0] != pytest.approx(scores[7, 0])


def test_slopes_of_eight_heads_are_the_published_ones() -> None:
    """Press, Smith and Lewis 2022: for eight heads 1/2, 1/4, … 1/256."""
    penalty = tiny.distance_penalty(2, 8)
    assert [-1 / float(x) for x in penalty[:, 1, 0]] == [2, 4, 8, 16, 32, 64, 128, 256]


def test_an_untrained_model_knows_nearly_nothing(codes: texts.Codes) -> None:
    shape = small()
    now = jnp.asarray(texts.windows(codes, 33, 16, np.random.default_rng(0)))
    cost = tiny.bits(tiny.draw(shape, seed=0), now, shape)
    assert cost.shape == (16, 32)
    # scores of variance one around a uniform guess cost half a nat more
    assert float(cost.mean()) == pytest.approx(np.log2(len(texts.ALPHABET)) + 0.72, abs=0.6)


def test_training_learns_and_is_repeated_exactly(codes: texts.Codes) -> None:
    shape = small()
    now = jnp.asarray(texts.windows(codes, 33, 16, np.random.default_rng(0)))
    seen: list[int] = []

    def trained(seed: int) -> float:
        params = tiny.train(
            shape, codes, length=32, steps=100, seed=seed, batch=16, rate=1e-2,
            each_step=lambda step, _: seen.append(step),
        )  # fmt: skip
        return float(tiny.bits(params, now, shape).mean())

    cost = trained(0)
    assert cost < 3.7  # single characters by their frequency cost 4.1
    assert trained(0) == cost
    assert trained(1) != cost
    assert seen[:100] == list(range(1, 101))
