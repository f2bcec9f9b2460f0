"""Masks, what softmax makes of them, how far they reach; sharing keys and values."""

from __future__ import annotations

import math
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from labs import cache_width, leaking, masks
from labs.tiny import Shape, draw

#: The worked example, "the bank sloped steeply": odds and values, as the second word asks.
ODDS = np.array([1.0, 3.0, 4.0, 8.0])
VALUES = np.array([0.0, 8.0, 12.0, 16.0])
SCORES = np.log(np.tile(ODDS, (4, 1)))
SECOND = 1

ARTICLE = Path(__file__).parents[2] / "articles" / "transformers" / "attention-variants.md"


def read(weights: masks.Array) -> float:
    return float(weights[SECOND] @ VALUES)


# --- the worked example of the article


def test_without_a_mask_the_second_position_reads_everybody() -> None:
    weights = masks.weights(SCORES, masks.full(4))
    np.testing.assert_allclose(weights[SECOND], [0.0625, 0.1875, 0.25, 0.5])
    assert read(weights) == pytest.approx(200 / 16) == pytest.approx(12.5)


def test_the_causal_mask_renormalises_over_what_is_left() -> None:
    weights = masks.weights(SCORES, masks.causal(4))
    np.testing.assert_allclose(weights[SECOND], [1 / 4, 3 / 4, 0, 0])
    assert read(weights) == pytest.approx(24 / 4) == pytest.approx(6)


def test_masked_weights_are_the_conditional_ones() -> None:
    scores = np.random.default_rng(0).standard_normal((7, 7))
    mask = masks.causal(7)
    kept = masks.weights(scores, masks.full(7)) * mask
    conditional = kept / kept.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(masks.weights(scores, mask), conditional)


def test_zeroing_afterwards_lets_the_future_into_the_denominator() -> None:
    assert read(masks.zeroed(SCORES, masks.causal(4))) == pytest.approx(24 / 16)
    future = np.log(np.tile([1.0, 3.0, 4.0, 40.0], (4, 1)))
    assert read(masks.zeroed(future, masks.causal(4))) == pytest.approx(24 / 48) == 0.5
    assert read(masks.weights(future, masks.causal(4))) == pytest.approx(6)


def test_cross_attention_reads_another_sequence() -> None:
    """The French *rive* asks the four English words."""
    weights = masks.weights(np.log([[1.0, 7.0, 4.0, 4.0]]), np.ones((1, 4), dtype=bool))
    np.testing.assert_allclose(weights[0], [0.0625, 0.4375, 0.25, 0.25])
    assert weights[0] @ VALUES == pytest.approx(10.5)


def test_a_null_key_lets_half_of_the_share_go_nowhere() -> None:
    weights = masks.weights(np.log([[1.0, 3.0, 4.0]]), np.ones((1, 3), dtype=bool))
    np.testing.assert_allclose(weights[0], [1 / 8, 3 / 8, 1 / 2])
    assert weights[0, :2] @ VALUES[:2] == pytest.approx(3)


def test_a_large_negative_number_lets_a_row_that_permits_nobody_hear_all_alike() -> None:
    scores = np.array([[0.3, -1.0, 2.0]]) + np.finfo(np.float32).min
    np.testing.assert_allclose(
        masks.weights(scores.astype(np.float32), masks.full(3)[:1]), [[1 / 3, 1 / 3, 1 / 3]]
    )


def test_a_number_that_leaves_scores_standing_lets_the_unmasked_shares_through() -> None:
    """All four forbidden by adding −10,000: 0.0625 to 0.5, as without a mask."""
    scores = SCORES.astype(np.float32) - np.float32(1e4)
    np.testing.assert_allclose(
        masks.weights(scores, masks.full(4))[SECOND], [0.0625, 0.1875, 0.25, 0.5], rtol=1e-2
    )


def test_a_row_that_may_read_nobody_is_refused() -> None:
    mask = masks.causal(3)
    mask[0, 0] = False
    with pytest.raises(ValueError, match="permits nobody"):
        masks.weights(np.zeros((3, 3)), mask)


def test_the_third_position_of_the_exercise() -> None:
    assert masks.weights(SCORES, masks.causal(4))[2] @ VALUES == pytest.approx(9)


def test_earlier_outputs_stay_when_a_word_is_added() -> None:
    """Why past keys and values stay valid: under the causal mask alone, to the last bit."""
    scores = np.random.default_rng(0).standard_normal((5, 5))
    values = np.random.default_rng(1).standard_normal((5, 3))
    for mask, stays in ((masks.causal, True), (masks.full, False)):
        before = masks.weights(scores[:4, :4], mask(4)) @ values[:4]
        after = masks.weights(scores, mask(5)) @ values
        assert np.allclose(before, after[:4]) is stays


# --- what masks permit


def test_counts_of_the_article() -> None:
    assert masks.full(16).sum() == 256
    assert masks.causal(16).sum() == 136
    assert masks.window(16, 4).sum() == 58
    assert masks.all_but_answer(16).sum() == 241


def test_patterns_by_hand() -> None:
    def row(mask: masks.Mask) -> list[int]:
        return [int(j) for j in np.flatnonzero(mask[8])]

    assert row(masks.window(10, 3)) == [6, 7, 8]
    assert row(masks.dilated(10, 3, 2)) == [4, 6, 8]
    assert row(masks.strided(10, 3)) == [2, 5, 6, 7, 8]
    assert row(masks.window_and_first(10, 3, 2)) == [0, 1, 6, 7, 8]
    assert row(masks.one_ahead(10)) == list(range(10))
    assert row(masks.all_but_answer(10)) == list(range(9))


@pytest.mark.parametrize(("n", "width"), [(16, 4), (9, 9), (30, 1)])
def test_pairs_by_formula(n: int, width: int) -> None:
    assert masks.window(n, width).sum() == n * width - width * (width - 1) // 2
    assert masks.causal(n).sum() == n * (n + 1) // 2


def test_pairs_at_the_length_of_the_article() -> None:
    n, width = 131_072, 4_096
    some, every = n * width - width * (width - 1) // 2, n * (n + 1) // 2
    assert (round(some / 1e9, 2), round(every / 1e9, 2)) == (0.53, 8.59)
    assert round(every / some) == 16


@pytest.mark.parametrize(("width", "layers"), [(3, 1), (3, 4), (5, 2)])
def test_windows_reach_as_far_as_the_formula_says(width: int, layers: int) -> None:
    first = masks.first_reached(masks.window(40, width), layers)
    assert np.flatnonzero(first[39])[0] == 39 - layers * (width - 1)


def test_a_window_of_three_by_hand() -> None:
    """The fifth word hears words 3 to 5; the third has heard the first."""
    first = masks.first_reached(masks.window(5, 3), 2)
    assert first[4].tolist() == [2, 2, 1, 1, 1]
    assert (masks.window(5, 3).sum(), masks.causal(5).sum()) == (12, 15)


def test_two_strided_layers_reach_everything_before() -> None:
    first = masks.first_reached(masks.strided(16, 4), 2)
    assert ((first > 0) == masks.causal(16)).all()


def test_dilation_leaves_every_other_position_out_for_ever() -> None:
    first = masks.first_reached(masks.dilated(16, 4, 2), 16)
    assert not first[15][::2].any()


@pytest.mark.parametrize(
    ("mask", "layers", "leaks"),
    [
        (masks.causal(8), 5, False),
        (masks.full(8), 1, True),
        (masks.one_ahead(8), 1, True),
        (masks.all_but_answer(8), 1, False),
        (masks.all_but_answer(8), 2, True),
        (masks.window(8, 3), 5, False),
        (np.triu(masks.full(12), 2), 5, False),  # only what comes after the answer
        (masks.all_but_answer(12) & (masks.behind(12) != -2), 2, True),
    ],
)
def test_leaks(mask: masks.Mask, layers: int, leaks: bool) -> None:
    assert masks.leaks(mask, layers) is leaks


@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize(
    "mask", [masks.all_but_answer(12), masks.window(12, 3), masks.strided(12, 3)]
)
def test_reach_is_what_changes_in_a_real_network(mask: masks.Mask, layers: int) -> None:
    """Changing one character moves exactly the outputs that its reach names."""
    shape = Shape(36, width=16, heads=2, layers=layers, rows=12)
    params = draw(shape, seed=0)
    codes = jnp.asarray(np.random.default_rng(0).integers(36, size=(1, 12)))
    forward = jax.jit(leaking.read, static_argnames="shape")
    before, _ = forward(params, codes, jnp.asarray(mask), shape)
    changed = codes.at[0, 5].set((codes[0, 5] + 1) % 36)
    after, _ = forward(params, changed, jnp.asarray(mask), shape)
    moved = np.abs(np.asarray(after - before))[0].max(axis=1) > 1e-6
    np.testing.assert_array_equal(moved, masks.first_reached(mask, layers)[:, 5] > 0)


# --- influence


def test_influence_is_a_distribution_with_the_mean_of_independent_hops() -> None:
    shares = masks.influence(64, layers=10, kept=0.9)
    assert shares.sum() == pytest.approx(1)
    assert shares @ np.arange(len(shares)) == pytest.approx(10 * 0.1 * 63 / 2)
    assert len(shares) == 10 * 63 + 1
    assert round(32 * 0.05 * 4095 / 2, -2) == 3300  # the article: 1.6 hops of half a window


def test_one_layer_of_influence_by_hand() -> None:
    np.testing.assert_allclose(masks.influence(4, 1, 0.6), [0.7, 0.1, 0.1, 0.1])
    assert masks.within(masks.influence(4, 1, 0.6), 0.75) == 1


def test_two_layers_of_hops_by_hand() -> None:
    kept = 0.95
    assert kept**2 == pytest.approx(0.9025)
    assert 2 * kept * (1 - kept) == pytest.approx(0.095)
    assert (1 - kept) ** 2 == pytest.approx(0.0025)


def test_two_hops_are_commoner_than_the_rule_of_thumb_counts() -> None:
    kept, layers = 0.95, 32
    assert math.comb(layers, 2) == 496
    assert (1 - kept) ** 2 == pytest.approx(0.0025)
    assert math.comb(layers, 2) * kept**30 * (1 - kept) ** 2 == pytest.approx(0.266, abs=5e-4)
    assert round(4096 * math.log(0.01) / math.log(1 - kept)) == 6297


def test_hops_are_binomial() -> None:
    """Windows of two: a hop moves one back or stays, each half the time."""
    kept, layers = 0.8, 6
    shares = masks.influence(2, layers, kept)
    moves = (1 - kept) / 2
    for distance, share in enumerate(shares):
        ways = math.comb(layers, distance)
        assert share == pytest.approx(ways * moves**distance * (1 - moves) ** (layers - distance))


def test_published_reach_of_mistral() -> None:
    """Jiang et al. 2023, section 2: window 4,096, 32 layers, "approximately 131K tokens"."""
    assert round(32 * 4096, -3) == 131_000
    # with the window counted as here, itself included, a little less
    assert len(masks.influence(4096, 32, 0.95)) - 1 == 32 * 4095 == 131_040


# --- what a token leaves in the cache


def test_widths_of_the_table() -> None:
    heads, width, layers = 128, 128, 60
    assert cache_width.shared_width(layers, heads, width) == 1_966_080
    assert cache_width.shared_width(layers, 8, width) == 122_880
    assert cache_width.shared_width(layers, 1, width) == 15_360
    assert cache_width.latent_width(layers, 512, 64) == 34_560
    assert cache_width.shared_width(1, heads, width) == 32_768
    assert cache_width.shared_width(1, 8, width) == 2_048
    assert cache_width.shared_width(1, 1, width) == 256
    assert cache_width.latent_width(1, 512, 64) == 576


def test_published_widths_of_deepseek() -> None:
    """DeepSeek-V2, table 1: as many as 2.25 groups; table 9: 110.6K, 15.6K and 34.6K elements."""
    latent = cache_width.latent_width(60, 512, 64)
    assert latent / cache_width.shared_width(60, 1, 128) == 2.25
    assert round(latent / 1000, 1) == 34.6
    assert round(cache_width.shared_width(27, 16, 128) / 1000, 1) == 110.6
    assert round(cache_width.latent_width(27, 512, 64) / 1000, 1) == 15.6


def test_the_published_saving_needs_the_six_bits() -> None:
    """DeepSeek-V2, abstract: 93.3% less than DeepSeek 67B; section 3.2.3: 6 bits an element."""
    before = cache_width.shared_width(95, 8, 128)
    after = cache_width.latent_width(60, 512, 64)
    assert before == 194_560
    assert round(100 * (1 - after / before), 1) == 82.2
    assert round(100 * (1 - after * 6 / (before * 16)), 1) == 93.3


KIB, MIB, GIB = 2**10, 2**20, 2**30


@pytest.mark.parametrize(
    ("numbers", "a_word", "a_text"),
    [
        (cache_width.shared_width(32, 32, 128), 512 * KIB, 4 * GIB),
        (cache_width.shared_width(32, 8, 128), 128 * KIB, GIB),
        (cache_width.shared_width(32, 1, 128), 16 * KIB, 128 * MIB),
        (cache_width.latent_width(32, 512, 64), 36 * KIB, 288 * MIB),
    ],
)
def test_bytes_of_the_example_model(numbers: int, a_word: int, a_text: int) -> None:
    """32 layers, 32 heads of 128, two bytes a number, 8,192 words."""
    assert (2 * numbers, 2 * numbers * 8_192) == (a_word, a_text)


def test_bytes_that_do_not_grow() -> None:
    """A window of 1,024 words with eight sets; tables of 128 by 128, one for each head."""
    assert 2 * cache_width.shared_width(32, 8, 128) * 1_024 == 128 * MIB
    assert 32 * MIB == 2 * 128 * 128 * 32 * 32


def test_bytes_asked_in_the_exercise() -> None:
    """48 layers, 40 heads of 128."""
    assert 2 * cache_width.shared_width(48, 40, 128) == 983_040 == 960 * KIB
    assert 2 * cache_width.shared_width(48, 8, 128) == 192 * KIB
    assert 2 * cache_width.latent_width(48, 512, 64) == 55_296 == 54 * KIB


#: Bytes a second that an H100 reads, and bytes of 8 billion weights of two bytes.
SPEED, WEIGHTS = 3.35e12, 16e9


@pytest.mark.parametrize(
    ("store", "each", "eight"), [(4 * GIB, 1.28, 15.0), (GIB, 0.32, 7.3), (288 * MIB, 0.09, 5.5)]
)
def test_milliseconds_a_word(store: int, each: float, eight: float) -> None:
    """The table of the article: the weights are read once for everybody, each store for one."""
    assert round(1000 * WEIGHTS / SPEED, 2) == 4.78
    assert round(1000 * store / SPEED, 2) == each
    assert round(4.78 + 8 * each, 1) == eight  # what is printed adds up
    assert round(1000 * (WEIGHTS + 8 * store) / SPEED, 1) == eight


def test_fetches_for_each_operation() -> None:
    """Shazeer 2019: n / d + 1 / b word by word; a set shared by h heads divides the first by h."""
    n, d, h, b = 8_192, 4_096, 32, 32
    assert n / d == 2
    assert (round(1 / b, 2), round(n / (d * h), 2)) == (0.03, 0.06)


def test_reads_of_a_whole_answer() -> None:
    """512 KiB a word, read again for each of 8,192 words written: half of 8,192 times 4 GiB."""
    read = 512 * KIB * 8_192 * 8_193 / 2
    assert round(read / 1e12, 1) == 17.6
    assert round(read / SPEED, 1) == 5.3
    assert round(8_192 * WEIGHTS / SPEED) == 39
    assert round(2 * 512 * KIB * 16_384 * 16_385 / 2 / read / 2) == 4


def test_folding_changes_no_score() -> None:
    rng = np.random.default_rng(0)
    q, latents, up = (rng.standard_normal(size) for size in ((3, 8), (5, 4), (4, 8)))
    np.testing.assert_allclose(
        cache_width.folded_scores(q, latents, up), cache_width.unfolded_scores(q, latents, up)
    )


def test_values_fold_as_keys_do() -> None:
    """Mix the latents first, then multiply once: (Σ share · c) U equals Σ share · (c U)."""
    rng = np.random.default_rng(0)
    shares, latents, up = (rng.random(size) for size in ((3, 5), (5, 4), (4, 8)))
    np.testing.assert_allclose((shares @ latents) @ up, shares @ (latents @ up))


def test_the_small_fold_of_the_article() -> None:
    """Key = latent 3 times (2, 1); the query (1, 4) scores 18, moved to the latent 6 · 3."""
    q, latent, up = np.array([[1.0, 4.0]]), np.array([[3.0]]), np.array([[2.0, 1.0]])
    assert (latent @ up).tolist() == [[6, 3]]
    assert (q @ up.T).tolist() == [[6]]
    assert cache_width.folded_scores(q, latent, up).tolist() == [[18]]
    assert cache_width.unfolded_scores(q, latent, up).tolist() == [[18]]


def test_what_merging_value_and_output_matrix_would_store() -> None:
    """DeepSeek-V2: 128 heads of 128, latents of 512, width 5,120; numbers a layer."""
    heads, width, latent, model = 128, 128, 512, 5_120
    assert round(heads * latent * model / 1e6, 1) == 335.5
    assert round((heads * latent * width + heads * width * model) / 1e6, 1) == 92.3


def test_widths_of_a_score_folded_and_rebuilt() -> None:
    """DeepSeek-V2: latents of 512 or keys of 128, and in both cases a rotated key of 64."""
    assert cache_width.latent_width(1, 512, 64) == 576
    assert cache_width.latent_width(1, 128, 64) == 192


def test_a_rotation_between_them_forbids_folding() -> None:
    """Turn each key by its position: no one matrix serves all positions any more."""
    query, same = np.array([[1.0, 0.0]]), np.array([[1.0, 0.0], [1.0, 0.0]])
    quarter = np.array([[0.0, 1.0], [-1.0, 0.0]])
    assert (query @ same[0]).item() == 1
    assert (query @ (same[1] @ quarter)).item() == 0
    assert cache_width.folded_scores(query, same, np.eye(2)).tolist() == [[1, 1]]
    rng = np.random.default_rng(0)
    q, latents, up = (rng.standard_normal(size) for size in ((1, 2), (2, 2), (2, 2)))
    turned = np.array([[0.0, 1.0], [-1.0, 0.0]])
    keys = latents @ up
    scores = np.array([q[0] @ keys[0], q[0] @ (keys[1] @ turned)])
    assert not np.allclose(cache_width.folded_scores(q, latents, up)[0], scores)


# --- the article itself


def test_a_leak_looks_better_in_longer_windows() -> None:
    assert round(3.3 / 64, 2) == 0.05
    assert round(3.3 / 1024, 3) == 0.003
