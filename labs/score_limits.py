"""What a limit on a score lets through, in collections of different sizes."""

from __future__ import annotations

from collections.abc import Sequence


def expected_precision(kept: float, alarms: float, texts: int) -> float:
    """Return the share of right texts among those above a limit, for one right text a question.

    ``kept`` is the share of right texts above it, ``alarms`` that of the wrong ones.
    """
    return kept / (kept + alarms * texts)


def isotonic(right: Sequence[float]) -> list[float]:
    """Return the staircase that never falls and comes nearest to ``right``, a value for each.

    ``right`` says of pairs in the order of their cosines whether they belong together, 1 or 0.
    Neighbouring steps that fall are joined to their average until none does.
    """
    steps: list[tuple[float, int]] = []
    for value in right:
        mean, count = float(value), 1
        while steps and steps[-1][0] >= mean:
            before, many = steps.pop()
            mean = (before * many + mean * count) / (many + count)
            count += many
        steps.append((mean, count))
    return [mean for mean, count in steps for _ in range(count)]
