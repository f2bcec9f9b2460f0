"""Recurrence, LSTM and attention over sequences."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from labs import sequences


def test_softmax_gives_odds_and_surprise_gives_bits() -> None:
    scores = jnp.log(jnp.array([4.0, 2.0, 2.0]))
    np.testing.assert_allclose(sequences.softmax(scores), [0.5, 0.25, 0.25], rtol=1e-6)
    bits = [float(sequences.surprise(scores, jnp.array(truth))) for truth in range(3)]
    assert bits == pytest.approx([1, 2, 2], rel=1e-6)
    assert float(sequences.softmax(scores + 1000).sum()) == pytest.approx(1)


def test_lstm_step_is_that_of_the_equations() -> None:
    rng = np.random.default_rng(0)
    h, c, x, U, b = (rng.standard_normal(size) for size in ((3,), (3,), (12,), (3, 12), (12,)))
    f, i, o, g = np.split(x + h @ U + b, 4)

    def gate(z: np.ndarray) -> np.ndarray:
        return 1 / (1 + np.exp(-z))

    cell = gate(f) * c + gate(i) * np.tanh(g)
    state, kept = sequences.lstm_step(*map(jnp.asarray, (h, c, x, U, b)))
    np.testing.assert_allclose(kept, cell, rtol=1e-5)
    np.testing.assert_allclose(state, gate(o) * np.tanh(cell), rtol=1e-5)


@pytest.mark.parametrize("bias", [0.0, 1.0, 4.744])
def test_cell_alone_keeps_the_power_of_its_gate(bias: float) -> None:
    U, b = jnp.zeros((1, 4)), jnp.array([bias, 0.0, 0.0, 0.0])

    def after(c: jax.Array) -> jax.Array:
        h = jnp.zeros(1)
        for _ in range(80):
            h, c = sequences.lstm_step(h, c, jnp.zeros(4), U, b)
        return c[0]

    gate = 1 / (1 + np.exp(-bias))
    assert float(jax.grad(after)(jnp.ones(1))[0]) == pytest.approx(gate**80, rel=1e-4)


def test_gradients_obey_the_bound() -> None:
    rng = np.random.default_rng(0)
    for size in (0.5, 0.9, 1.0):
        U = rng.standard_normal((6, 6))
        U *= size / np.linalg.norm(U, 2)
        xs = rng.standard_normal((20, 6))

        def last(h: jax.Array, U: np.ndarray = U, xs: np.ndarray = xs) -> jax.Array:
            for x in xs:
                h = sequences.plain_step(h, jnp.asarray(x), jnp.asarray(U), jnp.zeros(6))
            return h

        jacobian = jax.jacobian(last)(jnp.zeros(6))
        assert np.linalg.norm(jacobian, 2) <= size**20 * (1 + 1e-4)


def test_gradient_lasts_although_both_eigenvalues_are_zero() -> None:
    U = jnp.array([[1.0, -1.0], [1.0, -1.0]])
    # Nilpotent; the eigenvalues that a computer finds are zero only to the root of its precision.
    assert np.abs(np.linalg.eigvals(np.asarray(U, float))).max() < 1e-6
    assert not (U @ U).any()

    def after(h: jax.Array) -> jax.Array:
        for _ in range(50):  # the input holds the first unit at 0 and the second at 1
            h = sequences.plain_step(h, jnp.array([-1.0, 20.0]), U, jnp.zeros(2))
        return h

    jacobian = jax.jacobian(after)(jnp.array([0.0, 1.0]))
    assert float(jacobian[0, 0]) == pytest.approx(1)


def test_messages_are_a_capital_and_small_letters() -> None:
    codes = np.asarray(sequences.messages(jax.random.key(0), 500, 7))
    assert codes.shape == (500, 8)
    assert set(codes[:, 0]) == set(range(8))
    assert set(codes[:, 1:].ravel()) == set(range(8, 16))


@pytest.mark.parametrize("kind", sequences.KINDS)
def test_every_network_answers_from_its_last_position(kind: str) -> None:
    params = sequences.draw(kind, jax.random.key(0), 16, 5)
    codes = sequences.messages(jax.random.key(1), 4, 5)
    x = params["input"][codes]
    known = sequences.carried(kind, params, x)
    assert known.shape == (4, 16)
    assert not np.allclose(known, sequences.carried(kind, params, x.at[:, 0].add(1.0)))


def test_starts_are_what_they_are_called() -> None:
    drawn = {kind: sequences.draw(kind, jax.random.key(0), 16, 80) for kind in sequences.KINDS}
    np.testing.assert_allclose(
        drawn["orthogonal"]["U"] @ drawn["orthogonal"]["U"].T, np.eye(16), atol=1e-5
    )
    assert not drawn["lstm0"]["b"].any()
    assert (drawn["lstm"]["b"][:16] == 1).all()
    kept = np.exp(np.asarray(drawn["chrono"]["b"][:16]))
    assert (kept >= 1).all()
    assert (kept <= 80).all()
    np.testing.assert_allclose(drawn["chrono"]["b"][16:32], -drawn["chrono"]["b"][:16])


def test_training_teaches_a_short_message() -> None:
    settings = {"width": 16, "distance": 2, "steps": 80, "batch": 16}
    params, losses = sequences.trained("attention", jax.random.key(0), 0.03, **settings)
    assert losses[0] > 2
    codes = sequences.messages(jax.random.key(1), 256, 2)
    share, bits = sequences.scored("attention", params, codes)
    assert float(share) > 0.9
    assert float(bits) < 1
