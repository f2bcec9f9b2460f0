"""What makes an experiment one that has to be run again, and what does not."""

from __future__ import annotations

import pytest

from labs.essence import essence

CODE = '''\
"""A module."""

from typing import TYPE_CHECKING
if TYPE_CHECKING:
    from labs.network import Numbers

RATE: float = 0.5  # a step


@dataclass
class Table:
    """Rows."""

    width: int
    names: tuple[str, ...] = ()


def mean(values: list[float], weight: float = 1.0) -> float:
    """Return the mean."""
    total: float = 0
    for value in values:
        total += value
    return f"{total / len(values):.2f}" if weight else None
'''


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("A module.", "A module of means."),
        ('    """Return the mean."""\n', ""),
        ("# a step", "# another remark"),
        ("RATE: float = 0.5", "RATE = 0.5"),
        ("labs.network import Numbers", "labs.network import Others"),
        ("values: list[float]", "values: Numbers"),
        (" -> float", ""),
        ("total: float = 0", "total = 0"),
        ("total += value", "total += (\n            value\n        )"),
        ("\n", "\r\n"),
    ],
)
def test_what_is_only_read_changes_nothing(old: str, new: str) -> None:
    assert old in CODE
    assert essence(CODE.replace(old, new).encode()) == essence(CODE.encode())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("RATE: float = 0.5", "RATE: float = 0.25"),
        ("width: int", "width: float"),
        ("    width: int\n", ""),
        ("weight: float = 1.0", "weight: float = 1"),
        ("total: float = 0\n", "total: float = 1\n"),
        ("total += value", "total -= value"),
        (":.2f", ":.3f"),
        ("else None", "else 0"),
        ("def mean", "def average"),
        ("@dataclass\n", ""),
    ],
)
def test_what_is_run_changes_it(old: str, new: str) -> None:
    assert old in CODE
    assert essence(CODE.replace(old, new).encode()) != essence(CODE.encode())
