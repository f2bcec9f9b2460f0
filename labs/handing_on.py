"""One message, handed on step by step or fetched in one.  The worked example of the prerequisites.

The state holds the scores of A and of B; only their difference, the lead of A, matters here.
"""

from __future__ import annotations

import math

#: The lead that makes A sixteen times as likely as B.
MESSAGE = 4 * math.log(2)


def handed_on(lead: float, keep: float, steps: int) -> float:
    """Return what is left of ``lead`` after ``steps`` steps that each keep the share ``keep``."""
    for _ in range(steps):
        lead = keep * lead
    return lead


def fetched(lead: float, score: float, others: int) -> float:
    """Return what attention fetches of ``lead``, from one position among ``others`` that are empty.

    ``score`` is that of the one position; the others have score 0.
    """
    share = math.exp(score) / (math.exp(score) + others)
    return share * lead


def odds(lead: float) -> float:
    """Return how many times as likely as B this lead makes A."""
    return math.exp(lead)


def arrived(lead: float) -> float:
    """Return how much of the one bit sent has arrived, if A was sent.  Units: bits."""
    chance = odds(lead) / (odds(lead) + 1)
    return 1 + math.log2(chance)
