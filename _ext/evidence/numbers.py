"""How a number with its unit is printed, ours or a published one: pure functions, no Sphinx.

A *format* is Python's ``,`` ``.2f`` ``d`` ``%`` ``+`` in their order, before it ``±`` for the
spread as well, after it ``no unit`` where the sentence says it. A number of which the digits are
kept as they were typed, a :class:`~decimal.Decimal`, needs none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")

_REFERENCE = re.compile(rf"(?P<name>{NAME.pattern}):(?P<key>[^|]+)(?:\|(?P<format>.*))?")
_FORMAT = re.compile(r"(?P<spread>±?)(?P<spec>\+?,?(?:\.\d{1,2})?[df%]?)(?P<bare> ?no unit)?")
_GAP = "\N{NO-BREAK SPACE}"
_CLOSE = ("%", "‰", "×", "°")  # units that stand at their number
_MOST_DIGITS = 300  # a float has few more; typed, nine characters may stand for a billion
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")

Scalar = float | int | str | Decimal


class NumberError(Exception):
    """A number that cannot be printed."""


class KnownFault(NumberError):
    """One whose file is broken: that is said once, where it is broken, and at no use of it."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value, or a series of them, with unit and spread."""

    value: Any
    spread: Any = None
    unit: str = ""

    @property
    def is_series(self) -> bool:
        """Return whether there are several values."""
        return isinstance(self.value, list)

    def __getitem__(self, index: int) -> Quantity:
        """Return one member of a series."""
        spread = None if self.spread is None else self.spread[index]
        return Quantity(self.value[index], spread, self.unit)


def parts_of(reference: str) -> tuple[str, str, str] | None:
    """Return name, key and format of ``name:key|format``, or None where it is no such thing."""
    match = _REFERENCE.fullmatch(reference.strip())
    if not match:
        return None
    return match["name"], match["key"].strip(), (match["format"] or "").strip()


def printed(found: Quantity, how: str) -> str:
    """Return ``found`` in words, formatted as ``how`` says.

    Raises: NumberError for a format that is none, or that does not fit the value.
    """
    match = _FORMAT.fullmatch(how)
    if not match:
        raise NumberError(f"'{how}' is no format: write one such as `.2f`, `,d`, `.1%` or `±.2f`")
    if found.is_series:
        raise NumberError("this is a series: say which with `[key=value]`")
    text = _number(found.value, match["spec"])
    if match["spread"]:
        if found.spread is None:
            raise NumberError("this has no spread, so `±` says nothing")
        spread = _number(found.spread, match["spec"].removeprefix("+"))
        text = f"{text.removesuffix('%')}{_GAP}±{_GAP}{spread}"
    if match["bare"] or not found.unit:
        return text
    return text + ("" if found.unit.startswith(_CLOSE) else _GAP) + found.unit


def _number(value: Scalar, spec: str) -> str:
    """Return one number or word with a true minus sign."""
    if isinstance(value, str):
        if spec:
            raise NumberError(f"'{value}' is no number, so `{spec}` does not fit")
        return value
    if not spec and isinstance(value, float):
        raise NumberError(f"{value} needs a format such as `.2f`")
    exact = Decimal(value)
    if not exact.is_finite() or (spec[-1:] in "df%" and abs(exact.adjusted()) > _MOST_DIGITS):
        raise NumberError(f"{value} has too many digits for `{spec}`")
    if spec.endswith("d"):
        if value != int(value):
            raise NumberError(f"{value} is no whole number, so `{spec}` does not fit")
        value = int(value)
    if isinstance(value, Decimal) and spec in ("", "+"):
        spec += ","  # else its digits stay as they are
    try:
        text = format(value, spec)
    except ValueError as error:
        raise NumberError(f"`{spec}` does not fit {value}: {error}") from error
    if not any(digit in text for digit in "123456789"):
        text = text.removeprefix("-")  # what rounds to nothing has no sign
    digits, power, exponent = text.partition("E")
    if power:
        exponent = exponent.removeprefix("+").translate(_RAISED)
        text = f"{digits}{_GAP}×{_GAP}10{exponent}"
    return text.replace("-", "\N{MINUS SIGN}")
