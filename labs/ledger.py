"""The ledger of an encoder and a decoder as published in 2017: every parameter, by part."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sizes:
    """The sizes that a ledger needs; the defaults are those of the base model.

    Source: Vaswani et al. 2017, Table 3; the vocabulary, "about 37,000", section 5.1.
    """

    layers: int = 6
    width: int = 512
    hidden: int = 2048
    heads: int = 8
    key: int = 64
    value: int = 64
    vocabulary: int = 37_000


BASE = Sizes()
BIG = Sizes(width=1024, hidden=4096, heads=16)


def attention(sizes: Sizes) -> int:
    """Return the numbers in the four matrices of one attention, none of which has a bias."""
    return 2 * sizes.width * sizes.heads * (sizes.key + sizes.value)


def feed_forward(sizes: Sizes) -> int:
    """Return the numbers in two matrices and two biases."""
    return 2 * sizes.width * sizes.hidden + sizes.hidden + sizes.width


def ledger(sizes: Sizes) -> dict[str, int]:
    """Return how many parameters each part has, of both stacks together.

    The embedding is counted once: both stacks and the output share it. A normalisation has a
    scale and a shift; there are two in a layer of the encoder and three in one of the decoder.
    """
    return {
        "self-attention": 2 * sizes.layers * attention(sizes),
        "cross-attention": sizes.layers * attention(sizes),
        "feed-forward": 2 * sizes.layers * feed_forward(sizes),
        "normalisation": sizes.layers * (2 + 3) * 2 * sizes.width,
        "embedding": sizes.vocabulary * sizes.width,
    }


def total(sizes: Sizes) -> int:
    """Return how many parameters the whole model has."""
    return sum(ledger(sizes).values())


def vocabularies(sizes: Sizes, millions: int) -> range:
    """Return the vocabularies with which the model, rounded, has so many million parameters."""
    rest = total(sizes) - sizes.vocabulary * sizes.width
    low = math.ceil((millions * 1e6 - 5e5 - rest) / sizes.width)
    high = math.ceil((millions * 1e6 + 5e5 - rest) / sizes.width)
    return range(low, high)
