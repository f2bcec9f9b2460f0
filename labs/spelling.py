"""An encoder-decoder that learns how words are said from how they are spelled.

Two gated recurrent units: one reads the letters and leaves a single row, the context; the other
begins with that row and writes phonemes until it writes the end. Nothing else joins the two.
"""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from labs.phonemes import END, LETTERS, PHONEMES, START, Pairs

Params = dict[str, jax.Array]
Codes = NDArray[np.int32]
#: Batches hold words of like length, cut to one of these, which saves half of the work.
LENGTHS = (6, 8, 10, 17)


def draw(seed: int, width: int) -> Params:
    """Return parameters drawn at random; every entry of a matrix has spread 1/√width.

    Shapes: tables of letters and phonemes (codes, 3 width), recurrent matrices (width, 3 width).
    """
    sizes = {
        "letters": (len(LETTERS), 3 * width),
        "phonemes": (len(PHONEMES) + 1, 3 * width),
        "read": (width, 3 * width),
        "write": (width, 3 * width),
        "output": (width, len(PHONEMES)),
    }
    keys = jax.random.split(jax.random.key(seed), len(sizes))
    drawn = {
        name: width**-0.5 * jax.random.normal(key, size)
        for key, (name, size) in zip(keys, sizes.items(), strict=True)
    }
    return drawn | {"bias": jnp.zeros(len(PHONEMES))}


def count(params: Params) -> int:
    """Return how many numbers the parameters are."""
    return sum(param.size for param in params.values())


def gru_step(h: jax.Array, x: jax.Array, U: jax.Array) -> jax.Array:
    """Return the next state of a gated recurrent unit; ``x`` is its input already times W.

    Shapes: h (..., d), x (..., 3d), U (d, 3d) -> (..., d).  Source: Cho et al. 2014, with the
    reset gate behind the matrix, as programs have it.
    """
    keep, reset, new = jnp.split(h @ U, 3, axis=-1)
    x_keep, x_reset, x_new = jnp.split(x, 3, axis=-1)
    z = jax.nn.sigmoid(keep + x_keep)
    r = jax.nn.sigmoid(reset + x_reset)
    return z * h + (1 - z) * jnp.tanh(r * new + x_new)


def encode(params: Params, letters: jax.Array) -> jax.Array:
    """Return the context of each word; its letters are read from the last to the first.

    Shapes: (batch, letters) -> (batch, d).
    """

    def read(h: jax.Array, now: tuple[jax.Array, jax.Array]) -> tuple[jax.Array, None]:
        x, is_letter = now
        return jnp.where(is_letter, gru_step(h, x, params["read"]), h), None

    backwards = letters[:, ::-1].T
    each = (params["letters"][backwards], (backwards > 0)[..., None])  # nothing else is read
    start = jnp.zeros((len(letters), params["output"].shape[0]))
    return jax.lax.scan(read, start, each)[0]


def write(params: Params, h: jax.Array, last: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Return the decoder's next state, and the logarithm of each phoneme's probability.

    Shapes: h (..., d), last (...) -> (..., d), (..., phonemes).
    """
    h = gru_step(h, params["phonemes"][last], params["write"])
    return h, jax.nn.log_softmax(h @ params["output"] + params["bias"])


def shifted(phonemes: jax.Array) -> jax.Array:
    """Return what a decoder is fed that is always told the truth: the start, then all but one."""
    return jnp.concatenate([jnp.full((len(phonemes), 1), START), phonemes[:, :-1]], axis=1)


def told(params: Params, letters: jax.Array, fed: jax.Array) -> jax.Array:
    """Return the log-probabilities of each next phoneme, whatever the decoder said itself.

    Shapes: (batch, letters), (batch, n) -> (batch, n, phonemes).
    """

    def step(h: jax.Array, x: jax.Array) -> tuple[jax.Array, jax.Array]:
        h = gru_step(h, x, params["write"])
        return h, h

    inputs = params["phonemes"][fed.T]
    states = jax.lax.scan(step, encode(params, letters), inputs)[1].swapaxes(0, 1)
    return jax.nn.log_softmax(states @ params["output"] + params["bias"])


def counted(phonemes: jax.Array) -> jax.Array:
    """Return one for each place up to and with the first end, zero behind it."""
    ends = jnp.cumsum(phonemes == END, axis=1)
    return (ends - (phonemes == END) == 0).astype(float)


def loss(params: Params, letters: jax.Array, phonemes: jax.Array) -> jax.Array:
    """Return the mean surprise at a phoneme, the end among them.  Units: bits."""
    chances = told(params, letters, shifted(phonemes))
    right = jnp.take_along_axis(chances, phonemes[..., None], axis=2)[..., 0]
    places = counted(phonemes)
    return -(right * places).sum() / places.sum() / jnp.log(2)


@partial(jax.jit, donate_argnums=(0, 1))
def _step(
    params: Params,
    moments: tuple[Params, Params],
    letters: jax.Array,
    phonemes: jax.Array,
    rate: jax.Array,
    t: jax.Array,
) -> tuple[Params, tuple[Params, Params]]:
    """Return parameters and moments after step ``t`` of Adam; gradients are cut to length one."""
    gradient = jax.grad(loss)(params, letters, phonemes)
    length = jnp.sqrt(sum((g**2).sum() for g in gradient.values()))
    gradient = jax.tree.map(lambda g: g / jnp.maximum(1.0, length), gradient)
    mean = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, moments[0], gradient)
    square = jax.tree.map(lambda s, g: 0.99 * s + 0.01 * g**2, moments[1], gradient)
    fix = jnp.sqrt(1 - 0.99**t) / (1 - 0.9**t)
    params = jax.tree.map(
        lambda p, m, s: p - rate * fix * m / (jnp.sqrt(s) + 1e-8), params, mean, square
    )
    return params, (mean, square)


def batches(pairs: Pairs, size: int, rng: np.random.Generator) -> list[tuple[Codes, Codes]]:
    """Return all pairs once, in batches of words of like length, shuffled.

    Shapes: a batch is (size, n) and (size, n), with n of ``LENGTHS``.
    """
    needed = np.maximum(pairs.lengths, (pairs.phonemes != END).sum(axis=1) + 1)
    found = []
    for shorter, length in zip((0, *LENGTHS), LENGTHS, strict=False):
        rows = rng.permutation(np.flatnonzero((needed > shorter) & (needed <= length)))
        for start in range(0, len(rows) - size + 1, size):
            batch = rows[start : start + size]
            found.append((pairs.letters[batch, :length], pairs.phonemes[batch, :length]))
    return [found[place] for place in rng.permutation(len(found))]


def train(
    pairs: Pairs, seed: int, *, width: int, epochs: int, batch: int = 128, rate: float = 4e-3
) -> Params:
    """Return parameters after all pairs ``epochs`` times; the rate falls along a cosine."""
    rng = np.random.default_rng(seed)
    params = draw(seed, width)
    moments = (jax.tree.map(jnp.zeros_like, params), jax.tree.map(jnp.zeros_like, params))
    all_batches = [one for _ in range(epochs) for one in batches(pairs, batch, rng)]
    for step, (letters, phonemes) in enumerate(all_batches):
        rate_now = rate * 0.5 * (1 + np.cos(np.pi * step / len(all_batches)))
        params, moments = _step(
            params, moments, letters, phonemes, jnp.float32(rate_now), jnp.float32(step + 1)
        )
    return params


class Found(NamedTuple):
    """What a beam found, best first.

    Shapes: phonemes (batch, beam, n); scores (batch, beam), log-probabilities of the whole; lost
    (batch,), the best log-probability of anything dropped on the way.
    """

    phonemes: jax.Array
    scores: jax.Array
    lost: jax.Array


#: States, scores, last phonemes, all phonemes, and the best score that was dropped.
Beams = tuple[jax.Array, jax.Array, jax.Array, jax.Array, jax.Array]


@partial(jax.jit, static_argnames=("beam", "steps"))
def search(params: Params, letters: jax.Array, beam: int, steps: int) -> Found:
    """Return the pronunciations that beam search finds; with a beam of one it is greedy.

    Each kept beginning is continued by every phoneme, and the ``beam`` likeliest of all are kept.
    A finished one stays as it is and competes.
    """
    batch, codes = len(letters), len(PHONEMES)
    h = jnp.repeat(encode(params, letters)[:, None], beam, axis=1)
    scores = jnp.full((batch, beam), -jnp.inf).at[:, 0].set(0.0)
    last = jnp.full((batch, beam), START)
    stay = jnp.full(codes, -jnp.inf).at[END].set(0.0)

    def step(state: Beams, t: jax.Array) -> tuple[Beams, None]:
        h, scores, last, written, lost = state
        h, chances = write(params, h, last)
        chances = jnp.where((last == END)[..., None], stay, chances)
        all_scores = (scores[..., None] + chances).reshape(batch, -1)
        best, place = jax.lax.top_k(all_scores, beam + 1)
        lost = jnp.maximum(lost, best[:, -1])
        best, place = best[:, :beam], place[:, :beam]
        parent, last = place // codes, place % codes
        h = jnp.take_along_axis(h, parent[..., None], axis=1)
        written = jnp.take_along_axis(written, parent[..., None], axis=1).at[..., t].set(last)
        return (h, best, last, written, lost), None

    written = jnp.full((batch, beam, steps), END)
    start = (h, scores, last, written, jnp.full(batch, -jnp.inf))
    (_, scores, last, written, lost), _ = jax.lax.scan(step, start, jnp.arange(steps))
    return Found(written, scores, lost)


def distance(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    """Return how many phonemes must be put in, left out or exchanged to get one from the other."""
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        diagonal, row[0] = row[0], i
        for j, b in enumerate(other, 1):
            best = min(row[j] + 1, row[j - 1] + 1, diagonal + (a != b))
            diagonal, row[j] = row[j], best
    return row[-1]
