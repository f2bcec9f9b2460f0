"""A transformer small enough to train on one core in a minute: a decoder over characters.

Normalisation comes before each part, the feed-forward layer is four times as wide as the model,
and nothing has a bias. Used by the experiments; the articles explain the parts elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np

from labs.texts import Codes, windows

Params = dict[str, jax.Array]


@dataclass(frozen=True, slots=True)
class Shape:
    """How large a model is and how it knows positions.

    ``positions``: learned, sinusoid, rope, alibi or none. ``rows`` of a learned table may be more
    than training reaches: the others stay as they were drawn. ``causal`` hides later characters.
    """

    vocabulary: int
    width: int = 64
    heads: int = 4
    layers: int = 2
    positions: str = "learned"
    rows: int = 256
    causal: bool = True


def draw(shape: Shape, seed: int) -> Params:
    """Return parameters drawn at random.

    Shapes: of each layer, attention (layers, width, 3 width) and (layers, width, width),
    feed-forward (layers, width, 4 width) and back.
    """
    width, layers = shape.width, shape.layers
    sizes = {
        "characters": (shape.vocabulary, width),
        "attention": (layers, width, 3 * width),
        "mixed": (layers, width, width),
        "up": (layers, width, 4 * width),
        "down": (layers, 4 * width, width),
        "output": (width, shape.vocabulary),
    }
    if shape.positions == "learned":
        sizes["positions"] = (shape.rows, width)
    keys = jax.random.split(jax.random.key(seed), len(sizes))
    drawn = {}
    for key, (name, size) in zip(keys, sizes.items(), strict=True):
        spread = 0.02 if name in {"characters", "positions"} else size[-2] ** -0.5
        drawn[name] = spread * jax.random.normal(key, size)
    # Each part adds to the stream: the more layers, the less each may add at first.
    for name in ("mixed", "down"):
        drawn[name] /= (2 * layers) ** 0.5
    return drawn | {"scales": jnp.ones((layers, 2, width)), "last_scale": jnp.ones(width)}


def count(params: Params) -> int:
    """Return how many numbers the parameters are."""
    return sum(param.size for param in params.values())


def sinusoid(n: int, width: int) -> jax.Array:
    """Return sines and cosines of positions, wavelengths from 2π to 20,000π.

    Shapes: (n, width).  Source: Vaswani et al. 2017, section 3.5; sines come first here.
    """
    angles = jnp.arange(n)[:, None] * 10_000.0 ** (-jnp.arange(0, width, 2) / width)
    return jnp.concatenate([jnp.sin(angles), jnp.cos(angles)], axis=1)


def rotated(x: jax.Array) -> jax.Array:
    """Return queries or keys, each pair of features turned by an angle that grows with position.

    Shapes: (..., n, width) -> the same.  Source: Su et al. 2021 (RoPE); pairs are halves here.
    """
    n, width = x.shape[-2:]
    sine, cosine = jnp.split(sinusoid(n, width), 2, axis=1)
    first, second = jnp.split(x, 2, axis=-1)
    return jnp.concatenate(
        [first * cosine - second * sine, first * sine + second * cosine], axis=-1
    )


def distance_penalty(n: int, heads: int) -> jax.Array:
    """Return what ALiBi adds to the scores: minus slope times distance, a slope a head.

    Shapes: (heads, n, n).  Source: Press, Smith and Lewis 2022; slopes from 2^(-8/heads) to 2^-8.
    """
    slopes = 2.0 ** (-8 * jnp.arange(1, heads + 1) / heads)
    distance = jnp.abs(jnp.arange(n)[:, None] - jnp.arange(n))
    return -slopes[:, None, None] * distance


def normalised(x: jax.Array, scale: jax.Array) -> jax.Array:
    """Return ``x`` with mean square one over its last axis, times ``scale``."""
    return jnp.asarray(scale * x * jax.lax.rsqrt((x**2).mean(-1, keepdims=True) + 1e-6))


def attention(x: jax.Array, params: Params, shape: Shape) -> jax.Array:
    """Return what one layer's attention adds.

    Shapes: (batch, n, width) -> the same.
    """
    batch, n, width = x.shape
    each = width // shape.heads
    parts = (x @ params["attention"]).reshape(batch, n, 3, shape.heads, each)
    q, k, v = jnp.moveaxis(parts, (2, 3), (0, 2))  # three of (batch, heads, n, each)
    if shape.positions == "rope":
        q, k = rotated(q), rotated(k)
    scores = q @ k.swapaxes(-1, -2) * each**-0.5
    if shape.positions == "alibi":
        scores += distance_penalty(n, shape.heads)
    if shape.causal:
        scores = jnp.where(jnp.tril(jnp.ones((n, n), bool)), scores, -jnp.inf)
    read = jax.nn.softmax(scores, axis=-1) @ v
    return jnp.matmul(read.swapaxes(1, 2).reshape(batch, n, width), params["mixed"])


def logits(params: Params, codes: jax.Array, shape: Shape) -> jax.Array:
    """Return the scores of each next character.

    Shapes: (batch, n) -> (batch, n, vocabulary).
    """
    n = codes.shape[1]
    x = params["characters"][codes]
    if shape.positions == "learned":
        x += params["positions"][:n]
    elif shape.positions == "sinusoid":
        x += 0.02 * 2**0.5 * sinusoid(n, shape.width)  # as large as a learned row at the start
    for layer in range(shape.layers):
        part = {name: params[name][layer] for name in ("attention", "mixed", "up", "down")}
        scales = params["scales"][layer]
        x += attention(normalised(x, scales[0]), part, shape)
        x += jax.nn.gelu(normalised(x, scales[1]) @ part["up"]) @ part["down"]
    return normalised(x, params["last_scale"]) @ params["output"]


@partial(jax.jit, static_argnames="shape")
def bits(params: Params, codes: jax.Array, shape: Shape) -> jax.Array:
    """Return what each next character costs.  Units: bits.

    Shapes: (batch, n + 1) -> (batch, n).
    """
    chances = jax.nn.log_softmax(logits(params, codes[:, :-1], shape))
    chosen = jnp.take_along_axis(chances, codes[:, 1:, None].astype(int), axis=-1)
    return -chosen[..., 0] / jnp.log(2.0)


@partial(jax.jit, static_argnames=("shape", "steps", "rate"), donate_argnums=(0, 1))
def _step(
    params: Params,
    moments: tuple[Params, Params],
    codes: jax.Array,
    step: jax.Array,
    shape: Shape,
    steps: int,
    rate: float,
) -> tuple[Params, tuple[Params, Params]]:
    """Return parameters and moments after one step of Adam.

    The rate rises over the first twentieth of ``steps`` and falls to nothing along a cosine.
    """
    gradient = jax.grad(lambda params: bits(params, codes, shape).mean())(params)
    rise = jnp.minimum(1.0, (step + 1) / (steps / 20))
    rate_now = rate * rise * 0.5 * (1 + jnp.cos(jnp.pi * step / steps))
    mean, square = moments
    mean = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, mean, gradient)
    square = jax.tree.map(lambda s, g: 0.99 * s + 0.01 * g**2, square, gradient)
    fix_mean, fix_square = 1 - 0.9 ** (step + 1), 1 - 0.99 ** (step + 1)
    params = jax.tree.map(
        lambda p, m, s: p - rate_now * (m / fix_mean) / (jnp.sqrt(s / fix_square) + 1e-8),
        params, mean, square,
    )  # fmt: skip
    return params, (mean, square)


def train(
    shape: Shape,
    codes: Codes,
    *,
    length: int,
    steps: int,
    seed: int,
    batch: int = 32,
    rate: float = 3e-3,
    each_step: Callable[[int, Params], None] | None = None,
) -> Params:
    """Return parameters trained on windows of ``length`` + 1 codes.

    ``each_step`` is called with the number of steps done and the parameters so far.
    """
    rng = np.random.default_rng(seed)
    params = draw(shape, seed)
    moments = (jax.tree.map(jnp.zeros_like, params), jax.tree.map(jnp.zeros_like, params))
    for step in range(steps):
        codes_now = jnp.asarray(windows(codes, length + 1, batch, rng))
        params, moments = _step(params, moments, codes_now, jnp.float32(step), shape, steps, rate)
        if each_step:
            each_step(step + 1, params)
    return params
