"""What a layer over a sequence costs: multiplications, bytes, steps in a row, length of path.

``n`` positions, width ``d``. A multiplication comes with an addition, so two floating-point
operations each; softmax, tanh, biases and normalisation are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable


def recurrent(n: int, d: int) -> int:
    """Return the multiplications of a plain recurrent layer: U and W once a position."""
    return 2 * n * d * d


def lstm(n: int, d: int) -> int:
    """Return those of an LSTM: U and W for three gates and a candidate."""
    return 8 * n * d * d


def convolution(n: int, d: int, k: int) -> int:
    """Return those of a convolution over ``k`` positions."""
    return k * n * d * d


def pairs(n: int, d: int, *, causal: bool = False) -> int:
    """Return those of attention's pairs: a score for each, and a sum of values by its weight.

    ``causal``: each position meets itself and what came before.
    """
    return 2 * d * (n * (n + 1) // 2 if causal else n * n)


def projections(n: int, d: int) -> int:
    """Return those of attention's four matrices."""
    return 4 * n * d * d


def feed_forward(n: int, d: int, *, matrices: int = 2, ratio: int = 4) -> int:
    """Return those of a feed-forward layer ``ratio`` times as wide; a gated one has 3 matrices."""
    return matrices * ratio * n * d * d


def quadratic_share(n: int, d: int, *, matrices: int = 2, causal: bool = False) -> float:
    """Return the share of a transformer layer's multiplications that goes to pairs."""
    squared = pairs(n, d, causal=causal)
    return squared / (squared + projections(n, d) + feed_forward(n, d, matrices=matrices))


def score_bytes(n: int, heads: int, bytes_each: int = 2) -> int:
    """Return how much room a layer's table of scores takes if it is written out.  Units: bytes."""
    return heads * n * n * bytes_each


Reads = Callable[[int, int], Iterable[int]]


def hops(n: int, reads: Reads) -> int:
    """Return over how many connections the first reaches the last.

    ``reads(i, hop)``: what position ``i`` reads at that hop.
    """
    reached, hop = {n - 1}, 0
    while 0 not in reached:
        read = {j for i in reached for j in reads(i, hop)}
        reached |= read & set(range(n))
        hop += 1
    return hop


def previous(i: int, hop: int) -> Iterable[int]:
    """Return what a recurrent layer reads: the state before."""
    return (i - 1,)


def everything(n: int) -> Reads:
    """Return what attention reads among ``n``: every position."""
    return lambda i, hop: range(n)


def last(r: int) -> Reads:
    """Return what a layer reads that sees ``r`` positions back: a window, or a kernel of r + 1."""
    return lambda i, hop: range(i - r, i)


def dilated(k: int) -> Reads:
    """Return what stacked convolutions read whose ``k`` taps lie ``k`` times further each layer."""
    return lambda i, hop: (i - tap * k**hop for tap in range(k))


def combined(first: tuple[float, float], then: tuple[float, float]) -> tuple[float, float]:
    """Return two steps h → a h + b as one: what lets a linear recurrence skip."""
    return then[0] * first[0], then[0] * first[1] + then[1]


def scanned(steps: list[tuple[float, float]]) -> tuple[list[float], int]:
    """Return the states of a linear recurrence from nothing, and in how many rounds.

    In each round every position joins with what lies twice as far back; all at the same time.
    """
    rounds, reach = 0, 1
    while reach < len(steps):
        ahead = [combined(a, b) for a, b in zip(steps, steps[reach:], strict=False)]
        steps = [*steps[:reach], *ahead]
        reach, rounds = 2 * reach, rounds + 1
    return [b for _, b in steps], rounds
