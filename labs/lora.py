"""Low-rank adapters, numbers of four bits, and what tuning keeps in memory.

Rows times matrices: a matrix is (width in, width out), its adapter the product of A, which is
(width in, rank), and B, which is (rank, width out).
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]

#: Bits of a number, by what it is kept as.
FULL, HALF = 32, 16


def adapted(x: Matrix, w: Matrix, a: Matrix, b: Matrix, alpha: float) -> Matrix:
    """Return what a frozen matrix gives with its adapter beside it.

    Shapes: (n, in), (in, out), (in, rank), (rank, out) -> (n, out).
    """
    scale = alpha / a.shape[1]
    return np.asarray(x @ w + scale * (x @ a) @ b)


def merged(w: Matrix, a: Matrix, b: Matrix, alpha: float) -> Matrix:
    """Return one matrix that does the same.

    Shapes: (in, out), (in, rank), (rank, out) -> (in, out).
    """
    return np.asarray(w + alpha / a.shape[1] * (a @ b))


def step(
    x: Matrix, w: Matrix, a: Matrix, b: Matrix, wanted: Matrix, rate: float
) -> tuple[Matrix, Matrix]:
    """Return A and B after one training step; the loss is half the squared misses, alpha the rank.

    Shapes: (n, in), (in, out), (in, rank), (rank, out), (n, out) -> (in, rank), (rank, out).
    """
    miss = adapted(x, w, a, b, alpha=a.shape[1]) - wanted
    slope_a = x.T @ (miss @ b.T)
    slope_b = (x @ a).T @ miss
    return a - rate * slope_a, b - rate * slope_b


def held_by(update: Matrix, rank: int) -> float:
    """Return which share of an update's squares its best copy of that rank holds."""
    squares = np.linalg.svd(update, compute_uv=False) ** 2
    return float(squares[:rank].sum() / squares.sum())


def cut(update: Matrix, rank: int) -> Matrix:
    """Return the nearest matrix of that rank."""
    u, sizes, v = np.linalg.svd(update, full_matrices=False)
    return np.asarray((u[:, :rank] * sizes[:rank]) @ v[:rank])


# Numbers of few bits


def integer_levels(bits: int) -> Matrix:
    """Return evenly spaced levels from -1 to 1, an odd number of them, so that 0 is one."""
    most = 2 ** (bits - 1) - 1
    return np.asarray(np.arange(-most, most + 1) / most)


def normal_levels() -> Matrix:
    """Return the 16 levels of NF4: quantiles of a bell curve, and exactly 0 and ±1.

    Source: Dettmers et al. 2023, section 3, and bitsandbytes, ``create_normal_map``.
    """
    bell, outermost = NormalDist(), 1 - (1 / 30 + 1 / 32) / 2
    above = [bell.inv_cdf(p) for p in np.linspace(outermost, 0.5, 9)[:-1]]
    below = [-bell.inv_cdf(p) for p in np.linspace(outermost, 0.5, 8)[:-1]]
    return np.array(sorted([*below, 0.0, *above])) / max(above)


def floating_levels() -> Matrix:
    """Return the 15 levels of a float of 4 bits over the largest: two bits are the power."""
    above = np.array([0.5, 1, 1.5, 2, 3, 4, 6]) / 6
    return np.concatenate([-above[::-1], [0.0], above])


def quantised(
    weights: Matrix, levels: Matrix, block: int = 64, *, powers: bool = False
) -> tuple[NDArray[np.uint8], Matrix]:
    """Return the number of the nearest level of each weight, and each block's scale.

    The scale is the largest size in the block. ``powers``: as in MXFP4, it is 6 times a power of
    two, the one that makes the largest size lie from 4 to 8 steps; more than 6 is cut.
    Shapes: (n,) -> (n,), (n / block,).
    """
    blocks = weights.reshape(-1, block)
    scales = np.abs(blocks).max(axis=1)
    if powers:
        scales = 6 * 2.0 ** (np.floor(np.log2(scales)) - 2)
    distance = np.abs((blocks / scales[:, None])[..., None] - levels)
    return distance.argmin(axis=-1).astype(np.uint8).ravel(), scales


def restored(codes: NDArray[np.uint8], scales: Matrix, levels: Matrix) -> Matrix:
    """Return the weights that codes and scales stand for.

    Shapes: (n,), (n / block,) -> (n,).
    """
    return np.asarray((levels[codes].reshape(len(scales), -1) * scales[:, None]).ravel())


def rounded(weights: Matrix, levels: Matrix, block: int = 64, *, powers: bool = False) -> Matrix:
    """Return weights of any shape after a trip through few bits."""
    codes, scales = quantised(weights.ravel(), levels, block, powers=powers)
    return restored(codes, scales, levels).reshape(weights.shape)


def relative_error(weights: Matrix, kept: Matrix) -> float:
    """Return the root of the mean squared error, as a share of that of the weights."""
    return float(np.sqrt(((weights - kept) ** 2).mean() / (weights**2).mean()))


def bits_each(block: int = 64, *, double: bool = False) -> float:
    """Return the bits that a weight of 4 bits takes with its share of the scales.

    ``double``: scales are kept in 8 bits, and 256 of them share one of 32.
    """
    return 4 + (8 / block + FULL / (block * 256) if double else FULL / block)


# What tuning keeps in memory


@dataclass(frozen=True, slots=True)
class Model:
    """The sizes that a budget needs; without biases, and each feed-forward layer is gated."""

    layers: int
    width: int
    keys: int
    hidden: int
    vocabulary: int
    tables: int = 2
    queries: int = 0

    def shapes(self) -> list[tuple[int, int]]:
        """Return the matrices of one layer: queries, keys, values, output, gate, up, down."""
        d, asked = self.width, self.queries or self.width
        around = [(d, asked), (d, self.keys), (d, self.keys), (asked, d)]
        return [*around, (d, self.hidden), (d, self.hidden), (self.hidden, d)]


def in_matrices(model: Model) -> int:
    """Return the parameters of the matrices of all layers."""
    return model.layers * sum(rows * columns for rows, columns in model.shapes())


def elsewhere(model: Model) -> int:
    """Return the parameters of embedding and output tables, and of the normalisations."""
    scales = (2 * model.layers + 1) * model.width
    return model.tables * model.vocabulary * model.width + scales


def in_adapters(model: Model, rank: int) -> int:
    """Return the parameters of an adapter for each matrix of all layers."""
    return model.layers * rank * sum(rows + columns for rows, columns in model.shapes())


#: Bytes that training keeps for each number that may move: the number itself in 16 bits, its slope
#: in 16, a copy in 32, and Adam's two averages in 32 each.
MOVING = 2 + 2 + 4 + 4 + 4


def budget(model: Model, rank: int = 0, bits: float = HALF) -> dict[str, float]:
    """Return what training keeps without activations; rank 0 is full tuning.  Units: bytes.

    ``bits``: of each weight of a frozen matrix; tables and normalisations keep 16.
    """
    if rank == 0:
        count = in_matrices(model) + elsewhere(model)
        return {"weights": 2 * count, "kept beside": (MOVING - 2) * count}
    frozen = bits / 8 * in_matrices(model) + 2 * elsewhere(model)
    count = in_adapters(model, rank)
    return {"weights": frozen + 2 * count, "kept beside": (MOVING - 2) * count}


#: Sizes from the models' published configurations.
MODELS = {
    "Llama 3.2 3B": Model(28, 3072, 1024, 8192, 128_256, tables=1),
    "Llama 3.1 8B": Model(32, 4096, 1024, 14_336, 128_256),
    "Qwen3 32B": Model(64, 5120, 1024, 25_600, 151_936, queries=8192),
    "LLaMA 65B": Model(80, 8192, 8192, 22_016, 32_000),
    "Llama 3.1 70B": Model(80, 8192, 1024, 28_672, 128_256),
    "Llama 3.1 405B": Model(126, 16_384, 1024, 53_248, 128_256),
}
