"""Two small recurrent networks, one that reads and one that writes, with and without attention.

Vectors are rows. The only difference between the two ways is the context that the writer is given
at each step: the reader's last state, always the same, or a mix of all its states, in shares that
the writer asks for anew. Codes below zero stand for no letter.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import jax
import jax.numpy as jnp

Params = dict[str, jax.Array]
Moments = tuple[Params, Params, Params]
#: Makes a batch from a key: what is read (batch, m) and what is to be written (batch, n).
Batches = Callable[[jax.Array], tuple[jax.Array, jax.Array]]

#: Kinds of letters in the strings to be written backwards, so that each is worth four bits.
LETTERS = 16


def gru_step(h: jax.Array, x: jax.Array, U: jax.Array) -> jax.Array:
    """Return the next state of a gated recurrent unit; ``x`` is its input already times W, plus b.

    Shapes: h (..., d), x (..., 3d), U (d, 3d) -> (..., d).  Source: Cho et al. 2014, with the
    reset gate after the matrix.
    """
    keep_x, reset_x, new_x = jnp.split(x, 3, axis=-1)
    keep_h, reset_h, new_h = jnp.split(h @ U, 3, axis=-1)
    keep = jax.nn.sigmoid(keep_x + keep_h)
    reset = jax.nn.sigmoid(reset_x + reset_h)
    return keep * h + (1 - keep) * jnp.tanh(new_x + reset * new_h)


def draw(key: jax.Array, width: int, letters: int, signs: int) -> Params:
    """Return parameters drawn at random, spread 1/√width, biases zero.

    ``letters`` kinds are read and ``signs`` kinds written; one more row stands for the start.
    """
    sizes = {
        "read": (letters, 3 * width),
        "U_read": (width, 3 * width),
        "first": (width, width),
        "write": (signs + 1, 3 * width),
        "U_write": (width, 3 * width),
        "context": (width, 3 * width),
        "ask": (width, width),
        "output": (2 * width, signs),
    }
    keys = jax.random.split(key, len(sizes))
    return {
        name: width**-0.5 * jax.random.normal(each, size)
        for each, (name, size) in zip(keys, sizes.items(), strict=True)
    } | {"b_read": jnp.zeros(3 * width), "b_write": jnp.zeros(3 * width)}


def states(params: Params, source: jax.Array) -> jax.Array:
    """Return the reader's state after each letter; where there is none, it stays as it was.

    Shapes: (batch, m) -> (batch, m, d).
    """
    start = jnp.zeros((len(source), params["first"].shape[0]))

    def step(h: jax.Array, codes: jax.Array) -> tuple[jax.Array, jax.Array]:
        moved = gru_step(h, params["read"][codes] + params["b_read"], params["U_read"])
        h = jnp.where((codes >= 0)[:, None], moved, h)
        return h, h

    return jax.lax.scan(step, start, source.T)[1].swapaxes(0, 1)


def looked_up(
    params: Params, s: jax.Array, h: jax.Array, there: jax.Array, attend: bool
) -> tuple[jax.Array, jax.Array]:
    """Return the context for the writer's state ``s``, and the shares of the reader's states.

    Shapes: s (batch, d), h (batch, m, d), there (batch, m) -> (batch, d), (batch, m).
    Source: Luong et al. 2015 (general score), divided by √d.
    """
    if not attend:
        return h[:, -1], jnp.zeros(there.shape).at[:, -1].set(1.0)
    scores = jnp.einsum("bd,bmd->bm", s @ params["ask"], h) * h.shape[-1] ** -0.5
    shares = jax.nn.softmax(jnp.where(there, scores, -jnp.inf))
    return jnp.einsum("bm,bmd->bd", shares, h), shares


def written(
    params: Params, source: jax.Array, target: jax.Array, attend: bool, free: bool = False
) -> tuple[jax.Array, jax.Array]:
    """Return the scores of each next sign, and the shares.

    The writer is given the right signs before; with ``free``, those that it chose itself.

    Shapes: (batch, m), (batch, n) -> (batch, n, signs), (batch, n, m).
    """
    h, there = states(params, source), source >= 0

    def step(
        state: tuple[jax.Array, jax.Array], right: jax.Array
    ) -> tuple[tuple[jax.Array, jax.Array], tuple[jax.Array, jax.Array]]:
        s, before = state
        c, shares = looked_up(params, s, h, there, attend)
        x = params["write"][before] + c @ params["context"] + params["b_write"]
        s = gru_step(s, x, params["U_write"])
        scores = jnp.concatenate([s, c], axis=-1) @ params["output"]
        return (s, scores.argmax(-1).astype(right.dtype) if free else right), (scores, shares)

    start = jnp.full(len(target), params["write"].shape[0] - 1, target.dtype)
    begin = (jnp.tanh(h[:, -1] @ params["first"]), start)
    scores, shares = jax.lax.scan(step, begin, target.T)[1]
    return scores.swapaxes(0, 1), shares.swapaxes(0, 1)


def surprise(scores: jax.Array, target: jax.Array) -> jax.Array:
    """Return what each right sign costs, 0 where there is none.  Units: bits."""
    chances = jax.nn.log_softmax(scores)
    chosen = jnp.take_along_axis(chances, jnp.maximum(target, 0)[..., None], axis=-1)[..., 0]
    return jnp.where(target >= 0, -chosen / jnp.log(2.0), 0.0)


def strings(
    key: jax.Array, batch: int, longest: int, length: int | None = None
) -> tuple[jax.Array, jax.Array]:
    """Return random strings and the same backwards.

    Lengths are drawn evenly from 1 to ``longest`` unless ``length`` is given. Short strings stand
    at the end of what is read and at the beginning of what is written.

    Shapes: two of (batch, longest).
    """
    which, how = jax.random.split(key)
    codes = jax.random.randint(which, (batch, longest), 0, LETTERS)
    lengths = jax.random.randint(how, (batch, 1), 1, longest + 1)
    if length is not None:
        lengths = jnp.full_like(lengths, length)
    source = jnp.where(jnp.arange(longest) >= longest - lengths, codes, -1)
    return source, source[:, ::-1]


def trained(
    key: jax.Array,
    rate: float,
    batches: Batches,
    *,
    width: int,
    letters: int,
    signs: int,
    attend: bool,
    steps: int,
) -> Params:
    """Return parameters trained by Adam on the mean surprise of a sign.

    The gradient is cut to length one; the rate falls to nothing along a cosine.
    """
    begin, rest = jax.random.split(key)
    params = draw(begin, width, letters, signs)
    zeros = jax.tree.map(jnp.zeros_like, params)

    def step(state: Moments, now: tuple[jax.Array, jax.Array]) -> tuple[Moments, None]:
        params, mean, square = state
        key, t = now
        source, target = batches(key)

        def cost(params: Params) -> jax.Array:
            scores, _ = written(params, source, target, attend)
            return surprise(scores, target).sum() / (target >= 0).sum()

        gradient = jax.grad(cost)(params)
        length = jnp.sqrt(sum((g**2).sum() for g in gradient.values()))
        gradient = jax.tree.map(lambda g: g / jnp.maximum(1.0, length), gradient)
        mean = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, mean, gradient)
        square = jax.tree.map(lambda s, g: 0.99 * s + 0.01 * g**2, square, gradient)
        rate_now = rate * 0.5 * (1 + jnp.cos(jnp.pi * t / steps))
        fix = jnp.sqrt(1 - 0.99 ** (t + 1)) / (1 - 0.9 ** (t + 1))
        params = jax.tree.map(
            lambda p, m, s: p - rate_now * fix * m / (jnp.sqrt(s) + 1e-8), params, mean, square
        )
        return (params, mean, square), None

    each = (jax.random.split(rest, steps), jnp.arange(steps, dtype=jnp.float32))
    return jax.lax.scan(step, (params, zeros, zeros), each)[0][0]


@partial(jax.jit, static_argnames=("width", "longest", "attend", "steps", "batch"))
def trained_on_strings(
    key: jax.Array, rate: float, *, width: int, longest: int, attend: bool, steps: int, batch: int
) -> Params:
    """Return parameters trained to write strings of up to ``longest`` letters backwards."""
    return trained(
        key, rate, lambda key: strings(key, batch, longest),
        width=width, letters=LETTERS, signs=LETTERS, attend=attend, steps=steps,
    )  # fmt: skip


@partial(jax.jit, static_argnames=("attend", "asked", "longest", "length"))
def asked_for_strings(
    params: Params, key: jax.Array, *, attend: bool, asked: int, longest: int, length: int
) -> dict[str, jax.Array]:
    """Return what trained parameters make of fresh strings of one ``length``.

    ``letters``: share of the letters that are right, the letters before being given; ``whole``:
    share of the strings written without a mistake; ``bits``: how many of a string's bits arrived,
    that is, what its letters would cost unseen less what they cost; ``by_place``: the first, by
    place in what is written.
    """
    source, target = strings(key, asked, longest, length)
    scores, _ = written(params, source, target, attend)
    right = (scores.argmax(-1) == target)[:, :length]
    missing = surprise(scores, target).sum(axis=1).mean()
    return {
        "letters": right.mean(),
        "whole": right.all(axis=1).mean(),
        "bits": length * jnp.log2(float(LETTERS)) - missing,
        "by_place": right.mean(axis=0),
    }
