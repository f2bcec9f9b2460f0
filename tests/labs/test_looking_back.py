"""A reader and a writer, with one vector between them and with attention."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np

from labs import looking_back as lab
from labs import phonemes
from labs.experiments import cross_attention_spelling as spelling

PARAMS = lab.draw(jax.random.key(0), 8, lab.LETTERS, lab.LETTERS)


def test_gru_step_is_that_of_the_prerequisites() -> None:
    """New state = keep × old + (1 − keep) × new content; reset says what content sees."""
    rng = np.random.default_rng(0)
    h, x, U = rng.standard_normal(3), rng.standard_normal(9), rng.standard_normal((3, 9))
    keep_u, reset_u, new_u = np.split(h @ U, 3)
    keep_x, reset_x, new_x = np.split(x, 3)

    def gate(z: np.ndarray) -> np.ndarray:
        return 1 / (1 + np.exp(-z))

    keep, reset = gate(keep_x + keep_u), gate(reset_x + reset_u)
    right = keep * h + (1 - keep) * np.tanh(new_x + reset * new_u)
    np.testing.assert_allclose(lab.gru_step(*map(jnp.asarray, (h, x, U))), right, rtol=1e-5)


def test_strings_are_written_backwards() -> None:
    source, target = lab.strings(jax.random.key(0), 50, 6)
    for read, write in zip(np.asarray(source), np.asarray(target), strict=True):
        letters = read[read >= 0]
        np.testing.assert_array_equal(write[: len(letters)], letters[::-1])
        assert (write[len(letters) :] == -1).all()
    assert set(np.asarray((source >= 0).sum(axis=1)).tolist()) == set(range(1, 7))


def test_no_letter_changes_no_state() -> None:
    codes = jnp.array([[3, 1, 4]])
    alone = lab.states(PARAMS, codes)
    for padded in ([[-1, -1, 3, 1, 4]], [[3, 1, 4, -1, -1]]):
        np.testing.assert_allclose(lab.states(PARAMS, jnp.array(padded))[:, -1], alone[:, -1])


def test_without_attention_the_last_state_is_the_context() -> None:
    h = jax.random.normal(jax.random.key(1), (2, 5, 8))
    there = jnp.ones((2, 5), bool)
    context, shares = lab.looked_up(PARAMS, h[:, 0], h, there, attend=False)
    np.testing.assert_array_equal(context, h[:, -1])
    np.testing.assert_array_equal(shares.sum(axis=1), [1, 1])


def test_attention_mixes_states_and_skips_where_there_is_no_letter() -> None:
    h = jax.random.normal(jax.random.key(1), (2, 5, 8))
    there = jnp.array([[False, True, True, True, True]] * 2)
    context, shares = lab.looked_up(PARAMS, h[:, 0], h, there, attend=True)
    assert float(jnp.abs(shares[:, 0]).max()) == 0
    np.testing.assert_allclose(context, jnp.einsum("bm,bmd->bd", shares, h), rtol=1e-5)


def test_a_free_writer_reads_what_it_wrote() -> None:
    source, target = lab.strings(jax.random.key(2), 4, 6)
    free, _ = lab.written(PARAMS, source, target, True, free=True)
    given, _ = lab.written(PARAMS, source, free.argmax(-1), True)
    np.testing.assert_allclose(free, given, rtol=1e-4, atol=1e-5)


def test_a_guesser_pays_four_bits_a_letter() -> None:
    _, target = lab.strings(jax.random.key(3), 4, 6, length=6)
    bits = lab.surprise(jnp.zeros((4, 6, lab.LETTERS)), target)
    np.testing.assert_allclose(bits.sum(axis=1), 24.0, rtol=1e-6)


def test_training_helps() -> None:
    params = lab.trained_on_strings(
        jax.random.key(0), 0.01, width=16, longest=2, attend=True, steps=60, batch=32
    )
    found = lab.asked_for_strings(
        params, jax.random.key(9), attend=True, asked=64, longest=2, length=2
    )
    assert float(found["letters"]) > 3 / lab.LETTERS
    assert 0 < float(found["bits"]) <= 8


def test_edits_between_pronunciations() -> None:
    assert spelling.edits(tuple("kitten"), tuple("sitting")) == 3
    assert spelling.edits((), ("K", "AE", "T")) == 3
    assert spelling.edits(("K", "AE", "T"), ("K", "AE", "T")) == 0


def test_every_tested_word_has_a_band() -> None:
    lengths = range(phonemes.SHORTEST, phonemes.LONGEST + 1)
    bands = [range(low, high + 1) for low, high in spelling.BANDS]
    assert [n for band in bands for n in band] == list(lengths)
    assert len(spelling.SHOWN) <= phonemes.LONGEST
