"""What Vega-Lite compiles, mended where all of our charts need it: pure functions, no Sphinx.

It is done to Vega's own language, in which all layers and defaults have been resolved, so it does
not matter how a chart's author wrote it; a picture and its live chart are the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_LOWERED = {raised: low for low, raised in _RAISED.items()} | {ord("⁻"): "−"}
_EXPONENT = re.compile("(?<=10)([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)")
_LARGEST = 30  # beyond are no results of ours

# Size of a legend's letters, and what its symbol and the gap behind it take. Units: CSS pixels.
_LETTER, _SYMBOL = 6.8, 34.0


def mended(vega: dict[str, Any], width: float | None) -> dict[str, Any]:
    """Return ``vega``, changed in place; ``width`` is that of its legends, if it is known."""
    _mend(vega, {}, width)
    return vega


def split_at_exponents(text: str) -> list[str]:
    """Return words and, between them, raised exponents as plain digits with their sign."""
    parts = _EXPONENT.split(text)
    parts[1::2] = [part.translate(_LOWERED) for part in parts[1::2]]
    return parts


def _mend(group: dict[str, Any], outside: Mapping[str, Any], width: float | None) -> None:
    """Mend a group of marks, and those within it, which know the scales ``outside``."""
    scales = {**outside, **{scale["name"]: scale for scale in group.get("scales", ())}}
    for axis in group.get("axes", ()):
        if scales.get(axis["scale"], {}).get("type") == "log" and axis.get("labels", True):
            _write_powers(axis)
    for legend in group.get("legends", ()):
        _keep_dashes_to_lines(legend)
        if width:
            _wrap(legend, scales, width)
    for mark in group.get("marks", ()):
        if mark.get("type") == "symbol":
            for properties in mark.get("encode", {}).values():
                properties.pop("strokeDash", None)
        if mark.get("type") == "group":
            _mend(mark, scales, width)


def _write_powers(axis: dict[str, Any]) -> None:
    """Write 10⁻³ on a logarithmic axis where its author asked for 1e-3."""
    labels = axis.get("encode", {}).get("labels", {}).get("update", {})
    if "text" in labels or not str(axis.get("format", "")).endswith("e"):
        return
    del axis["format"]
    raised = [f"'{str(power).translate(_RAISED)}'" for power in range(-_LARGEST, _LARGEST + 1)]
    power = "floor(log(abs(datum.value)) / LN10 + 1e-9)"
    factor = f"datum.value / pow(10, {power})"
    times = f"abs({factor} - 1) < 1e-6 ? '' : format({factor}, '.2~f') + ' × '"
    text = f"({times}) + '10' + [{', '.join(raised)}][{power} + {_LARGEST}]"
    plain = "abs(datum.value) >= 1 && abs(datum.value) < 100"
    signal = f"{plain} ? format(datum.value, '.2~f') : {text}"
    update = axis.setdefault("encode", {}).setdefault("labels", {}).setdefault("update", {})
    update["text"] = {"signal": signal}


def _keep_dashes_to_lines(legend: dict[str, Any]) -> None:
    """Dash the lines of a legend, and no outlines of its symbols."""
    if "shape" in legend:
        legend.pop("strokeDash", None)
        for properties in legend.get("encode", {}).get("symbols", {}).values():
            properties.pop("strokeDash", None)
    elif "strokeDash" in legend and "stroke" in legend:
        legend["symbolType"] = "stroke"
        legend.pop("fill", None)


def _wrap(legend: dict[str, Any], scales: Mapping[str, Any], width: float) -> None:
    """Set a legend in as many columns as a line of ``width`` holds, in rows of equal length."""
    if legend.get("direction") != "horizontal":
        return
    names = list(_names(legend, scales))
    if not names:
        return
    room = max(len(name) for name in names) * _LETTER + _SYMBOL
    rows = -(-len(names) // max(1, int(width // room)))
    legend["columns"] = -(-len(names) // rows)


def _names(legend: Mapping[str, Any], scales: Mapping[str, Any]) -> Iterator[str]:
    """Yield what the entries of a legend are called, where its scale lists them."""
    for channel in ("fill", "stroke", "shape", "strokeDash", "size"):
        domain = scales.get(legend.get(channel, ""), {}).get("domain")
        if isinstance(domain, list):
            yield from map(str, domain)
            return
