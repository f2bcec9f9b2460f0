"""When will training sets be as large as the stock of text?  A forecast with its doubts.

The inputs are those of Villalobos et al. 2024, read in the code that they published: a range that
holds the number with 95% (or 90%), from which one is drawn whose logarithm is normally distributed.
Used by the article on scaling walls.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

#: How many standard deviations the middle 95% and 90% reach to either side.
REACH = {95: 1.959964, 90: 1.644854}
START = 2024.0


def between(
    rng: np.random.Generator, low: float, high: float, draws: int, percent: int = 95
) -> Array:
    """Return numbers of normal logarithm, ``percent`` of them between ``low`` and ``high``."""
    middle = (math.log(low) + math.log(high)) / 2
    spread = (math.log(high) - math.log(low)) / 2 / REACH[percent]
    return np.exp(rng.normal(middle, spread, draws))


def raw_stock(rng: np.random.Generator, draws: int) -> Array:
    """Return tokens on all pages that search engines index, at the beginning of 2024."""
    pages = between(rng, 75e9, 1e12, draws)
    bytes_of_page = between(rng, 6100, 8200, draws)
    bytes_of_token = 6 - between(rng, 1, 4, draws)
    # In a draw of a thousand the range above leaves next to nothing for a token.
    return pages * bytes_of_page / np.maximum(bytes_of_token, 0.5)


def good_share(rng: np.random.Generator, draws: int) -> Array:
    """Return which share of it is left when bad and repeated text is thrown away."""
    return between(rng, 0.1, 0.4, draws)


def years(rng: np.random.Generator, stock: Array) -> Array:
    """Return in which year the largest training set meets each stock, which grows as well."""
    draws = len(stock)
    largest = between(rng, 3e12, 13e12, draws, percent=90)
    growth = between(rng, 10**0.27, 10**0.48, draws)
    stock_growth = between(rng, 1.02, 1.04, draws) * between(rng, 1.0, 1.1, draws)
    pace = np.log(growth) - np.log(stock_growth)
    wait = np.log(stock / largest) / pace
    return START + np.where(pace > 0, np.maximum(wait, 0), np.inf)
