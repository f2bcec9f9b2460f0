"""Long texts with one fact somewhere in them, and the windows that they can be cut into."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

PLACES = (
    "harbour office",
    "old library",
    "botanical garden",
    "north station",
    "city archive",
    "chess club",
    "observatory",
    "swimming pool",
    "music school",
    "bakery",
    "weather station",
    "puppet theatre",
)
CODES = (
    "marigold",
    "copper",
    "walnut",
    "falcon",
    "cinnamon",
    "glacier",
    "velvet",
    "saffron",
    "pelican",
    "granite",
    "juniper",
    "lantern",
)


def facts(seed: int) -> list[tuple[str, str]]:
    """Return questions and the sentences that answer them, one a place."""
    order = np.random.default_rng([seed, 17]).permutation(len(CODES))
    return [
        (f"What is the password of the {place}?", f"The password of the {place} is {CODES[n]}.")
        for place, n in zip(PLACES, order, strict=True)
    ]


def hidden(
    fact: Sequence[int], fillers: Sequence[Sequence[int]], start: int, length: int
) -> list[int]:
    """Return ``length`` pieces of text: fillers, with ``fact`` at the place ``start``."""
    around = [piece for filler in fillers for piece in filler]
    return [*around[:start], *fact, *around[start:]][:length]


def windows(pieces: Sequence[int], size: int, step: int) -> list[list[int]]:
    """Return pieces cut into windows of ``size`` that begin every ``step`` pieces."""
    last = max(1, len(pieces) - size + step)
    return [list(pieces[start : start + size]) for start in range(0, last, step)]
