"""Gradients of untrained towers that normalise before or after each addition."""

from __future__ import annotations

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from labs import depth, tiny

SHAPE = tiny.Shape(11, width=16, heads=2, layers=3, positions="none", causal=False)


def inputs() -> tuple[jax.Array, jax.Array]:
    x = jax.random.normal(jax.random.key(0), (2, 5, 16))
    return x, jax.random.randint(jax.random.key(1), (2, 5), 0, 11)


@pytest.mark.parametrize("order", ["pre", "post"])
def test_gradients_are_those_of_small_steps(order: str) -> None:
    weights, (x, wanted) = depth.draw(SHAPE, seed=0), inputs()
    sizes = depth.gradients(weights, x, wanted, SHAPE, order)
    assert sizes.shape == (3,)
    exact = jax.grad(depth.loss)(weights, x, wanted, SHAPE, order)["down"]
    direction = exact[1] / jnp.linalg.norm(exact[1])
    step = 1e-2
    up, below = (
        depth.loss(weights | {"down": weights["down"].at[1].add(sign * step * direction)},
                   x, wanted, SHAPE, order)
        for sign in (1, -1)
    )  # fmt: skip
    assert float((up - below) / (2 * step)) == pytest.approx(float(sizes[1]), rel=0.02)


def test_post_leaves_the_stream_at_unit_size_and_pre_lets_it_grow() -> None:
    weights, (x, _) = depth.draw(SHAPE, seed=0), inputs()
    part = {name: weights[name][0] for name in ("attention", "mixed", "up", "down")}
    after = {order: depth.layer(x, part, SHAPE, order) for order in ("pre", "post")}
    sizes = {order: np.sqrt(np.asarray(y**2).mean(-1)) for order, y in after.items()}
    np.testing.assert_allclose(sizes["post"], 1, rtol=1e-3)
    assert (sizes["pre"].mean() > np.sqrt(np.asarray(x**2).mean(-1)).mean() + 0.1).all()


def test_matrices_have_the_published_spread() -> None:
    """Glorot and Bengio 2010: variance 2 / (rows + columns)."""
    wide = tiny.Shape(64, width=64, layers=4)
    weights = depth.draw(wide, seed=0)
    assert float(weights["down"].var()) == pytest.approx(2 / (256 + 64), rel=0.05)
    assert float(weights["attention"].var()) == pytest.approx(2 / 128, rel=0.05)


# --- row by row, as the article says


@partial(jax.jit, static_argnames=("shape", "order"))
def last_gradients(
    weights: tiny.Params, x: jax.Array, wanted: jax.Array, shape: tiny.Shape, order: str
) -> tuple[jax.Array, jax.Array]:
    """Return the gradient of the last matrix as it is, and as if its rows were independent."""
    names = ("attention", "mixed", "up", "down")
    below = {name: weights[name][:-1] for name in names}
    x, _ = jax.lax.scan(lambda x, part: (depth.layer(x, part, shape, order), None), x, below)
    part = {name: weights[name][-1] for name in names}
    if order == "pre":
        x = x + tiny.attention(depth.unscaled(x), part, shape)
        inner = jax.nn.relu(depth.unscaled(x) @ part["up"])
    else:
        x = depth.unscaled(x + tiny.attention(x, part, shape))
        inner = jax.nn.relu(x @ part["up"])

    def rest(added: jax.Array) -> jax.Array:
        # Whatever the order, the last thing before the guesses is a normalisation.
        guesses = jax.nn.log_softmax(depth.unscaled(x + added) @ weights["output"])
        return -jnp.take_along_axis(guesses, wanted[..., None], axis=-1).mean()

    errors = jax.grad(rest)(inner @ part["down"])
    whole = jnp.einsum("bnf,bnd->fd", inner, errors)
    squares = (inner**2).sum(-1) * (errors**2).sum(-1)
    return jnp.linalg.norm(whole), jnp.sqrt(squares.sum())


def test_row_by_row_the_derivation_holds() -> None:
    rows, wholes = {}, {}
    for order in ("pre", "post"):
        for layers in (2, 32):
            shape = tiny.Shape(64, layers=layers, positions="none", causal=False)
            found = []
            for seed in range(4):
                first, second = jax.random.split(jax.random.key(seed + 1000))
                x = jax.random.normal(first, (16, 32, 64))
                wanted = jax.random.randint(second, (16, 32), 0, 64)
                weights = depth.draw(shape, seed)
                found.append(last_gradients(weights, x, wanted, shape, order))
            wholes[order, layers], rows[order, layers] = np.mean(found, axis=0)
            exact = float(depth.gradients(weights, x, wanted, shape, order)[-1])
            assert float(found[-1][0]) == pytest.approx(exact, rel=0.01)
    # "stays at 0.28", "falls to a quarter", of 3.6 derived
    assert rows["post", 2] == pytest.approx(0.28, abs=0.01)
    assert rows["post", 32] == pytest.approx(0.28, abs=0.01)
    assert rows["pre", 32] / rows["pre", 2] == pytest.approx(1 / 4, abs=0.03)
    # "that lifts both curves": the more alike rows are, the more their sum exceeds their share
    for order in ("pre", "post"):
        assert wholes[order, 32] / rows[order, 32] > 1.5 * wholes[order, 2] / rows[order, 2]
