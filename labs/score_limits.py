"""What a limit on a score lets through, in collections of different sizes."""

from __future__ import annotations


def expected_precision(kept: float, alarms: float, texts: int) -> float:
    """Return the share of right texts among those above a limit, for one right text a question.

    ``kept`` is the share of right texts above it, ``alarms`` that of the wrong ones.
    """
    return kept / (kept + alarms * texts)
