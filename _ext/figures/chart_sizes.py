"""How a chart fills the place where it stands: pure functions on Vega-Lite and Vega, no Sphinx.

A chart whose author gave it no width is drawn as wide as a line of text, and once more for phones;
then its lines are named at their ends, where there is room for that, instead of in a legend.
Charts of several views, and those with sizes of their own, keep them: what is in them was placed
by these sizes. On phones, views stand below each other, and who drew to a size may draw once more:
``usermeta`` of a specification, which Vega-Lite itself passes over, has that drawing as ``phone``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree as ET


@dataclass(frozen=True, slots=True)
class Form:
    """A place for a drawing; ``height`` is the plot's, if its author gave none.

    Units: CSS pixels.
    """

    width: int
    height: int


#: A line of text, and one of a phone that is 360 px wide.
PAGE = Form(624, 280)
PHONE = Form(328, 220)

_VIEWS = frozenset({"hconcat", "vconcat", "concat", "facet", "repeat", "spec"})
_FACETS = frozenset({"row", "column", "facet"})
# An edge's thickness, and what other fonts than ours may need behind the last label.
_PADDING = {"left": 0, "top": 2, "right": 4, "bottom": 2}

#: As many lines are named at their ends at most; more are not told apart by their colours' words.
MOST_ENDS = 4
# What labels at the ends take: their part of the width at most, each letter, each line.
_SHARE, LETTER, LINE = 0.3, 7.0, 15.0
_END = "end_of_line_"
_OWN = "phone"  # in `usermeta`, what is drawn for phones instead
_NAMES = ("color", "stroke", "fill", "shape", "strokeDash")


def fitted(spec: Mapping[str, Any], form: Form) -> dict[str, Any]:
    """Return ``spec`` as it fills ``form``; what has sizes of its own is returned as it is."""
    own = spec.get("usermeta", {}).get(_OWN) if form == PHONE else None
    new = deepcopy(dict(own if isinstance(own, dict) else spec))
    new.pop("usermeta", None)
    if form == PHONE:
        _stack(new)
    if _VIEWS & new.keys() or {"width", "autosize"} & new.keys() or _has_facets(new):
        return new
    new["width"] = form.width
    new["autosize"] = {"type": "fit-x", "contains": "padding"}
    new.setdefault("padding", _PADDING)
    config = new["config"] = dict(new.get("config", {}))
    config["view"] = {"continuousHeight": form.height} | config.get("view", {})
    return new


def _stack(spec: dict[str, Any]) -> None:
    """Put views that stand side by side below each other."""
    if "hconcat" in spec:
        spec["vconcat"] = spec.pop("hconcat")
    if "concat" in spec:
        spec["columns"] = 1
    facet = spec.get("facet")
    if isinstance(facet, dict) and "column" in facet and "row" not in facet:
        facet["row"] = facet.pop("column")


def _has_facets(spec: Mapping[str, Any]) -> bool:
    """Return whether one of the encodings makes several views."""
    return any(_FACETS & unit.get("encoding", {}).keys() for unit in (spec, *_units(spec)))


def _units(spec: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the units of a chart of one view."""
    for layer in spec.get("layer", ()):
        yield from _units(layer) if "layer" in layer else (layer,)


def with_ends(spec: Mapping[str, Any], form: Form, title: str | None) -> dict[str, Any] | None:
    """Return ``spec`` with names at the ends of its lines and no legend; none if that cannot be.

    ``title`` is what its legend says of them all.
    """
    new = deepcopy(dict(spec))
    lines = [unit for unit in _units(new) if _mark(unit) == "line"]
    shared = new.get("encoding", {})
    told = [shared | unit.get("encoding", {}) for unit in lines]
    fields = {encoding.get("color", {}).get("field") for encoding in told}
    field = fields.pop() if len(fields) == 1 else None
    names = told and told[0].get("color", {}).get("scale", {}).get("domain")
    known = isinstance(names, list) and 2 <= len(names) <= MOST_ENDS
    if not (field and known and "layer" in new) or ("title" in new and title):
        return None
    if max(len(str(name)) for name in names) * LETTER > _SHARE * form.width:
        return None
    if not all(_ends_somewhere(encoding) for encoding in told):
        return None
    for encoding in [shared, *(unit.get("encoding", {}) for unit in _units(new))]:
        for channel in _NAMES:
            if encoding.get(channel, {}).get("field") == field:
                encoding[channel]["legend"] = None
    pairs = enumerate(zip(lines, told, strict=True))
    new["layer"] += [{"name": f"{_END}{number}", **_end(*pair)} for number, pair in pairs]
    if title:
        new["title"] = {"text": title, "anchor": "end", "frame": "bounds", "fontSize": 13}
    return new


def _mark(unit: Mapping[str, Any]) -> str | None:
    """Return what a unit draws."""
    mark = unit.get("mark")
    return str(mark.get("type")) if isinstance(mark, dict) else mark


def _ends_somewhere(encoding: Mapping[str, Any]) -> bool:
    """Return whether lines run along plain values of both axes."""
    axes = (encoding.get("x", {}), encoding.get("y", {}))
    plain = all("field" in axis and axis.get("type") == "quantitative" for axis in axes)
    return (
        plain and "order" not in encoding and not any({"aggregate", "bin"} & a.keys() for a in axes)
    )


def _end(unit: Mapping[str, Any], encoding: Mapping[str, Any]) -> dict[str, Any]:
    """Return the unit that names the lines of ``unit`` where they end."""
    x, y, color = encoding["x"]["field"], encoding["y"]["field"], encoding["color"]
    last = "min" if encoding["x"].get("scale", {}).get("reverse") else "max"
    rightmost = {"op": last, "field": x, "as": "end_of_line"}
    kept = {"data": unit["data"]} if "data" in unit else {}
    transform = [
        *unit.get("transform", ()),
        {"filter": f"isValid(datum[{y!r}])"},
        {"joinaggregate": [rightmost], "groupby": [color["field"]]},
        {"filter": f"datum[{x!r}] == datum.end_of_line"},
    ]
    words = {"field": color["field"], "type": "nominal"}
    drawn = {"x": encoding["x"], "y": encoding["y"], "color": color, "text": words}
    mark = {"type": "text", "align": "left", "baseline": "middle", "dx": 8, "aria": False}
    return kept | {"transform": transform, "mark": mark, "encoding": drawn}


def legible(root: ET.Element) -> bool:
    """Return whether the names at the ends of lines, in a drawing of Vega's, can be read.

    They stand one below the other, apart, within the plot's height, and run into no other words.
    """
    ends: list[tuple[tuple[float, float], str]] = []
    others: list[tuple[tuple[float, float], str]] = []
    for mark in root.iter("g"):
        kind = mark.get("class", "")
        if "mark-text role-mark" in kind:
            found = [(_place(text), text.text or "") for text in mark.iter("text")]
            (ends if _END in kind else others).extend(found)
    if not ends:
        return False
    left = min(x for (x, _), _ in ends)
    if any(x - left > 1 for (x, _), _ in ends):
        return False
    heights = sorted(y for (_, y), _ in ends)
    reach = [y for (x, y), words in others if x + len(words) * LETTER > left]
    apart = all(low - high >= LINE for high, low in pairwise(heights))
    return apart and not any(abs(y - end) < LINE for y in reach for end in heights)


def _place(element: ET.Element) -> tuple[float, float]:
    """Return where a mark is moved to."""
    match = re.search(r"translate\(([-\d.e]+),([-\d.e]+)\)", element.get("transform", ""))
    return (float(match[1]), float(match[2])) if match else (0.0, 0.0)
