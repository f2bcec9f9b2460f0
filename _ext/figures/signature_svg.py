"""A chart drawn small and without words, as a picture of what an article is about: no Sphinx.

What is left are curves, bars and areas between two bare axes. Whoever shows the picture may stretch
it, since nothing in it has to keep its proportions.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from copy import deepcopy
from typing import Any

from figures.vega_svg import ChartError, draw, key

#: Part of the name of every picture: count up when the same chart is drawn differently.
VERSION = 1

#: Size of the plot, and the room around it.  Units: pixels.
WIDTH, HEIGHT, PADDING = 240, 96, 3

_BARE = {"labels": False, "ticks": False, "grid": False, "title": None}
_SIDE_BY_SIDE = ("hconcat", "vconcat", "concat")
_SMALL_MULTIPLES = {"facet", "repeat", "row", "column"}
_INHERITED = ("data", "datasets", "transform", "params", "config", "$schema")
_POINTS = {"point", "circle", "square"}
_WORDS = {"title", "text", "tooltip", "description", "href", "url"}
_PLACES = {"x", "y", "x2", "y2"}


def picture(spec: Mapping[str, Any]) -> str:
    """Return a chart without words as SVG in light colours, `WIDTH` by `HEIGHT` and a margin.

    Raises: ChartError for what Vega-Lite cannot draw, or is several charts of one kind.
    """
    return draw(wordless(spec), words=False)


def name(chart: str) -> str:
    """Return a name for the picture of the chart that `vega_svg.key` calls ``chart``."""
    return key(chart.encode(), "signature", [], [VERSION, WIDTH, HEIGHT])


def wordless(spec: Mapping[str, Any]) -> dict[str, Any]:
    """Return the specification without its words, legends and, beside other marks, points; beside
    lines without the bars that tell how far their points are spread.

    Of views side by side it is the first. Raises: ChartError for small multiples.
    """
    view = deepcopy(dict(spec))
    while members := next((view[k] for k in _SIDE_BY_SIDE if k in view), None):
        outer = {k: view[k] for k in _INHERITED if k in view}
        view = _within(outer, members[0])
    if _SMALL_MULTIPLES & {*view, *view.get("encoding", {})}:
        raise ChartError("small multiples are too much for a small picture; choose another chart")
    marks = _marks(view)
    unwanted = {"text"}
    if marks - _POINTS - {"text", "rule", "spread"}:
        unwanted |= _POINTS
    if "line" in marks:
        unwanted.add("spread")
    bare = _bare(view, unwanted)
    return {**bare, "width": WIDTH, "height": HEIGHT, "padding": PADDING, "autosize": "none"}


def _within(outer: dict[str, Any], view: Mapping[str, Any]) -> dict[str, Any]:
    """Return a view with what it has of the one around it."""
    both = {**outer, **view}
    for part in ("transform", "params"):
        if part in outer and part in view:
            both[part] = [*outer[part], *view[part]]
    return both


def _mark(view: Mapping[str, Any]) -> str:
    """Return the kind of a view's marks; nothing for one that is made of layers."""
    mark = view.get("mark", "")
    kind = str(mark.get("type", "") if isinstance(mark, dict) else mark)
    is_spread = kind == "rule" and {"x2", "y2"} & view.get("encoding", {}).keys()
    return "spread" if is_spread or kind == "errorbar" else kind


def _marks(view: Mapping[str, Any]) -> set[str]:
    """Return the kinds of a view's marks and of those in its layers."""
    layers = view.get("layer", ())
    return {_mark(view)}.union(*map(_marks, layers)) - {""}


def _bare(view: Mapping[str, Any], unwanted: Collection[str]) -> dict[str, Any]:
    """Return a view, or the layers of one, without words and unwanted marks."""
    bare = {k: v for k, v in view.items() if k not in {"title", "width", "height"}}
    if isinstance(bare.get("mark"), dict):
        bare["mark"] = {k: v for k, v in bare["mark"].items() if k not in {"point", "tooltip"}}
    if "encoding" in bare:
        channels = bare["encoding"].items()
        bare["encoding"] = {k: _channel(k, v) for k, v in channels if k not in _WORDS}
    if "layer" in bare:
        kept = [layer for layer in bare["layer"] if _mark(layer) not in unwanted]
        bare["layer"] = [_bare(layer, unwanted) for layer in kept]
    return bare


def _channel(name: str, channel: Any) -> Any:
    """Return how a channel is encoded, without the axis or legend that explains it."""
    if not isinstance(channel, dict) or ("value" in channel and "field" not in channel):
        return channel
    found = {k: v for k, v in channel.items() if k != "title"}
    if name in _PLACES:
        if found.get("axis", _BARE) is not None:
            found["axis"] = _BARE
    elif name not in {"order", "detail", "key", "xOffset", "yOffset"}:
        found["legend"] = None
    return found
