"""Three ways to carry a symbol to the end of a sequence: recurrence, LSTM, attention.

Vectors are rows, as in the articles. The message is one of ``SYMBOLS`` capitals, the noise after it
small letters; what is asked at the end is the message.
"""

from __future__ import annotations

from functools import partial

import jax
import jax.numpy as jnp

Params = dict[str, jax.Array]

#: Capitals that can be sent; as many small letters are noise.
SYMBOLS = 8
KINDS = ("plain", "orthogonal", "lstm0", "lstm", "chrono", "attention")


def softmax(scores: jax.Array) -> jax.Array:
    """Return the distribution whose odds are e to the differences of ``scores``.

    Shapes: (..., V) -> the same, each row summing to one.
    """
    powers = jnp.exp(scores - scores.max(axis=-1, keepdims=True))  # avoids overflow
    return powers / powers.sum(axis=-1, keepdims=True)


def surprise(scores: jax.Array, truth: jax.Array) -> jax.Array:
    """Return what the truth costs under softmax.  Units: bits.

    Shapes: scores (..., V), truth (...) -> (...).
    """
    p = softmax(scores)
    p_truth = jnp.take_along_axis(p, truth[..., None], axis=-1)
    return -jnp.log2(p_truth[..., 0])


def plain_step(h: jax.Array, x: jax.Array, U: jax.Array, b: jax.Array) -> jax.Array:
    """Return the next state of a plain recurrent network; ``x`` is its input already times W.

    Shapes: h, x, b (..., d), U (d, d) -> (..., d).  Source: Elman 1990, with tanh.
    """
    return jnp.tanh(x + h @ U + b)


def lstm_step(
    h: jax.Array, c: jax.Array, x: jax.Array, U: jax.Array, b: jax.Array
) -> tuple[jax.Array, jax.Array]:
    """Return the next state and cell; ``x`` is already times W.

    Shapes: h, c (..., d), U (d, 4d), x, b (..., 4d) -> two of (..., d).
    """
    f, i, o, g = jnp.split(x + h @ U + b, 4, axis=-1)
    c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
    return jax.nn.sigmoid(o) * jnp.tanh(c), c


def messages(key: jax.Array, batch: int, distance: int) -> jax.Array:
    """Return sequences of a capital and ``distance`` small letters, as codes.

    Shapes: (batch, distance + 1), the first column below ``SYMBOLS``.
    """
    first, noise = jax.random.split(key)
    capital = jax.random.randint(first, (batch, 1), 0, SYMBOLS)
    small = jax.random.randint(noise, (batch, distance), SYMBOLS, 2 * SYMBOLS)
    return jnp.concatenate([capital, small], axis=1)


def draw(kind: str, key: jax.Array, width: int, distance: int) -> Params:
    """Return parameters drawn at random; every entry that is drawn has spread 1/√width.

    ``orthogonal`` recurs by an orthogonal matrix, which changes no length; ``lstm0`` starts with
    forget gates half open, ``lstm`` with bias 1, ``chrono`` with biases for memories of up to
    ``distance`` steps.

    Source: chrono, Tallec and Ollivier 2018.
    """
    keys = iter(jax.random.split(key, 8))

    def matrix(rows: int, columns: int) -> jax.Array:
        return jnp.asarray(rows**-0.5 * jax.random.normal(next(keys), (rows, columns)))

    output = matrix(width, SYMBOLS)
    if kind == "attention":
        table = {name: matrix(width, width) for name in ("query", "key", "value")}
        places = width**-0.5 * jax.random.normal(next(keys), (distance + 1, width))
        return table | {
            "input": width**-0.5 * jax.random.normal(next(keys), (2 * SYMBOLS, width)),
            "places": places,
            "output": output,
        }
    wide = 1 if kind in {"plain", "orthogonal"} else 4
    U, b = matrix(width, wide * width), jnp.zeros(wide * width)
    if kind == "orthogonal":
        U = jnp.linalg.qr(U)[0]
    if kind == "lstm":
        b = b.at[:width].set(1.0)
    if kind == "chrono":
        longest = jnp.maximum(2.0, distance)
        bias = jnp.log(jax.random.uniform(next(keys), (width,), minval=1.0, maxval=longest))
        b = b.at[:width].set(bias).at[width : 2 * width].set(-bias)
    inputs = width**-0.5 * jax.random.normal(next(keys), (2 * SYMBOLS, wide * width))
    return {"input": inputs, "U": U, "b": b, "output": output}


def carried(kind: str, params: Params, x: jax.Array) -> jax.Array:
    """Return what the last position knows, given the inputs at every position.

    Shapes: (batch, n, d or 4d) -> (batch, d).
    """
    width = params["output"].shape[0]
    if kind == "attention":
        x = x + params["places"]
        query = x[:, -1] @ params["query"]
        scores = jnp.einsum("bd,bnd->bn", query, x @ params["key"]) * width**-0.5
        return jnp.einsum("bn,bnd->bd", softmax(scores), x @ params["value"])
    start = jnp.zeros((x.shape[0], width))
    U, b = params["U"], params["b"]
    by_time = x.swapaxes(0, 1)
    if kind in {"plain", "orthogonal"}:
        return jax.lax.scan(lambda h, x: (plain_step(h, x, U, b), None), start, by_time)[0]
    both = (start, start)
    return jax.lax.scan(lambda hc, x: (lstm_step(*hc, x, U, b), None), both, by_time)[0][0]


def loss(params: Params, x: jax.Array, truth: jax.Array, kind: str) -> jax.Array:
    """Return the mean surprise at the messages, given the inputs.  Units: bits."""
    return surprise(carried(kind, params, x) @ params["output"], truth).mean()


@partial(jax.jit, static_argnames="kind")
def gradient_sizes(kind: str, params: Params, codes: jax.Array) -> jax.Array:
    """Return by position how strongly the loss depends on the input there (root mean square).

    Shapes: codes (batch, n) -> (n,).
    """
    x = params["input"][codes]
    slopes = jax.grad(loss, argnums=1)(params, x, codes[:, 0], kind) * len(codes)
    return jnp.sqrt((slopes**2).sum(-1).mean(0))


@partial(jax.jit, static_argnames=("kind", "width", "distance", "steps", "batch"))
def trained(
    kind: str, key: jax.Array, rate: float, *, width: int, distance: int, steps: int, batch: int
) -> tuple[Params, jax.Array]:
    """Return parameters after training by Adam, and the loss of each step.  Units: bits.

    The gradient is cut to length one; the rate falls to nothing along a cosine.

    Shapes: losses (steps,).
    """
    begin, rest = jax.random.split(key)
    params = draw(kind, begin, width, distance)
    zeros = jax.tree.map(jnp.zeros_like, params)

    def step(
        state: tuple[Params, Params, Params], now: tuple[jax.Array, jax.Array]
    ) -> tuple[tuple[Params, Params, Params], jax.Array]:
        params, mean, square = state
        key, t = now
        codes = messages(key, batch, distance)

        def cost(params: Params) -> jax.Array:
            return loss(params, params["input"][codes], codes[:, 0], kind)

        bits, gradient = jax.value_and_grad(cost)(params)
        length = jnp.sqrt(sum((g**2).sum() for g in gradient.values()))
        gradient = jax.tree.map(lambda g: g / jnp.maximum(1.0, length), gradient)
        mean = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, mean, gradient)
        square = jax.tree.map(lambda s, g: 0.99 * s + 0.01 * g**2, square, gradient)
        rate_now = rate * 0.5 * (1 + jnp.cos(jnp.pi * t / steps))
        fix = jnp.sqrt(1 - 0.99 ** (t + 1)) / (1 - 0.9 ** (t + 1))
        params = jax.tree.map(
            lambda p, m, s: p - rate_now * fix * m / (jnp.sqrt(s) + 1e-8), params, mean, square
        )
        return (params, mean, square), bits

    each = (jax.random.split(rest, steps), jnp.arange(steps, dtype=jnp.float32))
    (params, _, _), losses = jax.lax.scan(step, (params, zeros, zeros), each)
    return params, losses


@partial(jax.jit, static_argnames="kind")
def scored(kind: str, params: Params, codes: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Return which share of the messages is recalled, and their mean surprise in bits."""
    scores = carried(kind, params, params["input"][codes]) @ params["output"]
    right = scores.argmax(axis=-1) == codes[:, 0]
    return right.mean(), surprise(scores, codes[:, 0]).mean()
