"""Charts' code and results to small SVGs: pure functions, no Sphinx.

A chart is drawn in the light colours of `LIGHT`. For pages each becomes a CSS variable with
that colour behind it, so one drawing follows light and dark; paper and e-books take it as it
is. Colours between two of them, as a continuous scale has, stay.
"""

from __future__ import annotations

import ast
import hashlib
import json
import re
import sys
import traceback
from collections.abc import Mapping, Sequence
from copy import deepcopy
from functools import lru_cache
from pathlib import Path
from types import FunctionType, ModuleType, NoneType
from typing import Any
from xml.etree import ElementTree as ET

from explainers.record import did_you_mean
from figures import chart_sizes, vega_repairs
from figures.chart_sizes import Form
from figures.results import Results
from figures.svg_common import FONTS, SVG, releases

#: Part of the name of every drawing: count up when the same chart is drawn differently.
VERSION = 3

#: Role -> light colour, no two alike. Series have a contrast of at least 4.5 on either ground.
LIGHT: Mapping[str, str] = {
    "text": "#16181d",
    "subtle-text": "#4d535e",
    "axis": "#69707d",
    "grid": "#dfe2e8",
    "1": "#1b4fb8",
    "2": "#b3450e",
    "3": "#0b7350",
    "4": "#8b3f9e",
    "5": "#866000",
    "6": "#5c6471",
}

#: Widest plot, in pixels, of one of several states side by side.
STATE_WIDTH = 160

CONFIG: Mapping[str, Any] = {
    "background": None,
    "font": FONTS,
    "view": {"stroke": None, "continuousWidth": 400, "continuousHeight": 240},
    "mark": {"color": LIGHT["1"]},
    "line": {"strokeWidth": 2.5},
    "point": {"filled": True, "size": 60},
    "rule": {"color": LIGHT["axis"]},
    "text": {"color": LIGHT["text"], "fontSize": 13},
    "axis": {
        "labelColor": LIGHT["subtle-text"],
        "labelFontSize": 13,
        "titleColor": LIGHT["text"],
        "titleFontSize": 14,
        "titleFontWeight": "normal",
        "titlePadding": 8,
        "gridColor": LIGHT["grid"],
        "domainColor": LIGHT["axis"],
        "tickColor": LIGHT["axis"],
    },
    "axisX": {"labelAngle": 0, "labelSeparation": 6},
    "legend": {
        "labelColor": LIGHT["subtle-text"],
        "labelFontSize": 13,
        "titleColor": LIGHT["text"],
        "titleFontSize": 13,
        "titleFontWeight": "normal",
        "orient": "top",
    },
    "title": {"color": LIGHT["text"], "fontSize": 14, "fontWeight": "normal", "anchor": "start"},
    "header": {"labelColor": LIGHT["text"], "titleColor": LIGHT["text"]},
    "range": {"category": [LIGHT[str(number)] for number in range(1, 7)]},
}

_ALTAIRS_SIZE = {"continuousWidth": 300, "continuousHeight": 300}
_TAGS = frozenset(
    "svg g path rect circle line text tspan defs clipPath linearGradient radialGradient "
    "stop".split()
)
_DROPPED = frozenset({"class", "role", "pointer-events", "version", "href", "cursor"})
_DEFAULTS = {("font-family", FONTS)} | {
    (name, "1") for name in ("opacity", "fill-opacity", "stroke-opacity", "stroke-width")
}
_LONG_NUMBER = re.compile(r"-?(?<!\d)\d+\.\d{2,}(?:e-?\d+)?")
_NUMBERS = frozenset("d transform x y x1 y1 x2 y2 cx cy r width height".split())
_COLOUR = re.compile("|".join(LIGHT.values()))
_ROLES = {colour: role for role, colour in LIGHT.items()}


class ChartError(Exception):
    """A chart that cannot be drawn."""


@lru_cache(maxsize=1)
def versions() -> str:
    """Return which releases draw and in which colours, without loading them."""
    colours = f"colours {_digest(CONFIG, VERSION)}"
    return f"{colours}, {releases('altair', 'vl-convert-python')}"


def key(code: bytes, function: str, results: Sequence[bytes], states: Sequence[Any]) -> str:
    """Return a name for the drawing: another one whenever anything about it changes."""
    files = [hashlib.sha256(file).hexdigest() for file in (code, *results)]
    return _digest(versions(), files, function, states)


def _digest(*inputs: Any) -> str:
    return hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()[:16]


def specification(path: Path, function: str, results: Sequence[Results]) -> dict[str, Any]:
    """Return the Vega-Lite specification that ``function`` of the file ``path`` makes of results.

    Raises: ChartError.
    """
    make = _function(path, function)
    try:
        made = make(*results)
        spec = made if isinstance(made, dict) else made.to_dict() if _is_chart(made) else None
    except Exception as error:  # whatever may go wrong in somebody's function
        line = _line_in(path, error)
        what = str(error).strip().partition("\n")[0][:200]
        message = f"{type(error).__name__} at {path.name}:{line}: {what}"
        raise ChartError(message) from error
    if spec is None:
        kind = type(made).__name__
        raise ChartError(f"'{function}' returned {kind}, want a chart of Altair or a dict")
    if spec.get("config", {}).get("view") == _ALTAIRS_SIZE:  # a default, nobody's wish
        spec = spec | {"config": {k: v for k, v in spec["config"].items() if k != "view"}}
    if _reads_files(spec):
        raise ChartError(f"'{function}' reads data from an address; take them from the results")
    try:
        json.dumps(spec, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise ChartError(f"'{function}' returned what is no JSON: {error}") from error
    return spec


def _function(path: Path, name: str) -> Any:
    """Return the function ``name`` of the file ``path``, freshly run.

    Every input of a drawing is in its cache key, so the file imports nothing that is not.
    """
    try:
        tree = ast.parse(path.read_bytes(), str(path))
    except OSError:
        raise ChartError(f"there is no file of charts '{path.name}'") from None
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None) or 1
        message = f"{path.name}:{line} is no Python: {getattr(error, 'msg', error)}"
        raise ChartError(message) from error
    for node in ast.walk(tree):
        for package in _imported(node):
            if package not in {*sys.stdlib_module_names, "altair", "figures"}:
                message = "compute in the experiment and draw from its results"
                raise ChartError(f"{path.name}:{node.lineno} imports '{package}': {message}")  # type: ignore[attr-defined]
    module = ModuleType(f"chart_file_{path.stem}")
    sys.modules[module.__name__] = module  # dataclasses look their module up
    try:
        exec(compile(tree, str(path), "exec"), module.__dict__)  # noqa: S102  our own code
    except Exception as error:
        what = f"{type(error).__name__} at {path.name}:{_line_in(path, error)}: {error}"
        raise ChartError(what) from error
    finally:
        del sys.modules[module.__name__]
    found = getattr(module, name, None)
    if not callable(found):
        known = [k for k, v in vars(module).items() if isinstance(v, FunctionType)]
        hint = did_you_mean(name, known)
        raise ChartError(f"there is no function '{name}' in {path.name}{hint}")
    return found


def _imported(node: ast.AST) -> list[str]:
    """Return the packages that a statement imports; annotations' are nobody's input."""
    if isinstance(node, ast.Import):
        return [alias.name.partition(".")[0] for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [(node.module or ".").partition(".")[0] if not node.level else "."]
    return []


def _is_chart(made: object) -> bool:
    """Return whether ``made`` is one of Altair's, whose classes need not be loaded here."""
    return any(base.__module__.partition(".")[0] == "altair" for base in type(made).__mro__)


def _line_in(path: Path, error: Exception) -> int:
    """Return the line of ``path`` that ``error`` comes from."""
    frames = traceback.extract_tb(error.__traceback__)
    return max([f.lineno or 1 for f in frames if f.filename == str(path)][-1:], default=1)


def _reads_files(part: Any) -> bool:
    """Return whether a specification asks for data that are not in it."""
    if isinstance(part, list):
        return any(_reads_files(member) for member in part)
    if not isinstance(part, dict):
        return False
    data = part.get("data")
    if isinstance(data, dict) and "url" in data:
        return True
    return any(_reads_files(v) for k, v in part.items() if k not in {"values", "datasets"})


def with_state(spec: Mapping[str, Any], state: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``spec`` as it looks when its parameters have the values of ``state``.

    ``title`` stands above it. Raises: ChartError for a parameter that there is not.
    """
    new = deepcopy(dict(spec))
    wanted = {name: value for name, value in state.items() if name != "title"}
    known = parameters(new)
    for name, value in wanted.items():
        if name not in known:
            raise ChartError(f"there is no parameter '{name}'{did_you_mean(name, known)}")
        if not _accepts(known[name].get("bind"), value):
            raise ChartError(f"the control of '{name}' cannot be set to {json.dumps(value)}")
        known[name]["value"] = value
    new["title"] = state.get("title") or ", ".join(f"{k} = {v}" for k, v in wanted.items())
    if not {"hconcat", "vconcat", "concat", "facet", "repeat", "spec"} & new.keys():
        width = new.get("width", STATE_WIDTH)
        new["width"] = min(width, STATE_WIDTH) if isinstance(width, (int, float)) else width
    return new


def _accepts(bind: Any, value: Any) -> bool:
    """Return whether an input could be set to ``value``."""
    if not isinstance(bind, dict):
        return True
    if bind.get("input") == "range":
        low, high = bind.get("min", value), bind.get("max", value)
        return isinstance(value, (int, float)) and low <= value <= high
    return value in bind.get("options", [value])


def parameters(part: Any) -> dict[str, dict[str, Any]]:
    """Return the parameters of a specification and of the views within it, by name."""
    found: dict[str, dict[str, Any]] = {}
    if isinstance(part, list):
        for member in part:
            found |= parameters(member)
    elif isinstance(part, dict):
        for name, value in part.items():
            if name == "params" and isinstance(value, list):
                found |= {p["name"]: p for p in value if isinstance(p, dict) and "name" in p}
            elif name not in {"data", "datasets"}:
                found |= parameters(value)
    return found


def picture(spec: Mapping[str, Any], form: Form) -> str:
    """Return the chart drawn for ``form``, as `draw` does; lines are named where they end.

    Raises: ChartError.
    """
    filled = chart_sizes.fitted(spec, form)
    plain = compiled(filled, form)
    told = [legend for legend in plain.get("legends", ()) if isinstance(legend, dict)]
    title = told[0].get("title") if len(told) == 1 else None
    # Where readers set a chart, its lines may end anywhere.
    still = not any("bind" in param for param in parameters(spec).values())
    if still and len(told) == 1 and isinstance(title, (str, NoneType)):
        named = chart_sizes.with_ends(filled, form, title)
        root = _rendered(compiled(named, form)) if named else None
        if root is not None and chart_sizes.legible(root):
            return _tidied(root)
    return _tidied(_rendered(plain))


def draw(spec: Mapping[str, Any], *, words: bool = True) -> str:
    """Return the chart as SVG in light colours, its ids still short; it should have ``words``.

    Raises: ChartError for what Vega-Lite cannot draw.
    """
    return _tidied(_rendered(compiled(spec), words=words))


def compiled(spec: Mapping[str, Any], form: Form | None = None) -> dict[str, Any]:
    """Return a chart in Vega, mended, with legends as wide as ``form``.

    Its marks have no descriptions: its alternative text stands.
    Raises: ChartError for what Vega-Lite cannot draw.
    """
    import vl_convert  # not at the top: 29 MB of shared library, needed for what is new only

    config = dict(CONFIG) | {"aria": False}
    try:
        made: dict[str, Any] = vl_convert.vegalite_to_vega(dict(spec), config=config)
    except Exception as error:
        raise ChartError(f"Vega-Lite cannot draw this: {reason(error)}") from error
    return vega_repairs.mended(made, form.width if form else None)


def _rendered(vega: dict[str, Any], *, words: bool = True) -> ET.Element:
    """Return what Vega draws, with plain names of elements; it should have ``words``, or marks.

    Raises: ChartError.
    """
    import vl_convert  # as above

    try:
        markup = vl_convert.vega_to_svg(vega, allowed_base_urls=[])
    except Exception as error:
        raise ChartError(f"Vega-Lite cannot draw this: {reason(error)}") from error
    root = ET.fromstring(markup)  # noqa: S314  vl-convert's own output, no entities
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    foreign = {element.tag for element in root.iter()} - _TAGS - {"a"}
    if foreign:
        raise ChartError(f"a chart may not hold <{'>, <'.join(sorted(foreign))}>")
    seen = any(
        element.tag == "text" if words else "role-mark" in element.get("class", "")
        for element in root.iter()
    )
    if float(root.get("width", 0)) < 20 or not seen:
        raise ChartError("Vega-Lite drew nothing: it needs marks, and axes with words")
    return root


def reason(error: Exception) -> str:
    """Return what an error of vl-convert says, whose messages end in a stack trace."""
    lines = str(error).strip().split("\n")
    return next((line for line in lines if not line.endswith("failed:")), lines[0])[:300]


def _tidied(root: ET.Element) -> str:
    """Return what draws: numbers to a tenth of a pixel, no notes for scripts and readers."""
    for text in list(root.iter("text")):
        _raise_exponents(text)
    for element in root.iter():
        if element.tag == "a":
            element.tag = "g"
        for name, value in list(element.attrib.items()):
            if name in _DROPPED or name.startswith(("aria-", "data-", "on", "{")):
                del element.attrib[name]
            elif name in _NUMBERS:
                element.set(name, _LONG_NUMBER.sub(lambda m: f"{round(float(m[0]), 1):g}", value))
            elif (name, value) in _DEFAULTS:
                del element.attrib[name]
    root.set("font-family", FONTS)
    emptied = True
    while emptied:
        emptied = False
        for parent in list(root.iter()):
            for child in list(parent):
                unseen = child.get("display") == "none" or child.get("d") in {"", "M0,0h0v0h0Z"}
                if unseen or (child.tag in {"g", "defs"} and not len(child)):
                    parent.remove(child)
                    emptied = True
    return ET.tostring(root, encoding="unicode")


def _raise_exponents(text: ET.Element) -> None:
    """Write exponents with the font's own digits: of the raised ones most fonts have a few."""
    head, *rest = vega_repairs.split_at_exponents(text.text or "")
    if not rest:
        return
    size = float(re.sub(r"[^\d.]", "", text.get("font-size", "")) or 13)
    text.text, lifted = head, round(size * 0.35, 1)
    for exponent, tail in zip(rest[::2], rest[1::2], strict=True):
        shift = {"dy": f"-{lifted:g}", "font-size": f"{round(size * 0.75, 1):g}"}
        ET.SubElement(text, "tspan", shift).text = exponent
        if tail:
            ET.SubElement(text, "tspan", {"dy": f"{lifted:g}"}).text = tail


def placed(
    markup: str, prefix: str, attributes: Mapping[str, str], *, scale: float = 1, live: bool = False
) -> str:
    """Return a drawing as it stands in a page or file, every id in it starting with ``prefix``.

    With ``live``, colours are variables that the page's stylesheet may set, ``--chart-<role>``.
    Units: the size is the natural one times ``scale``, in CSS pixels.
    """
    root = ET.fromstring(markup)  # noqa: S314  our own output
    root.attrib.update(attributes)
    root.set("xmlns", SVG)
    for name in ("width", "height"):
        root.set(name, f"{float(root.get(name, 0)) * scale:g}")
    names = {element.get("id", "") for element in root.iter()} - {""}
    for element in root.iter():
        for name, value in element.attrib.items():
            if name == "id":
                element.set(name, f"{prefix}-{value}")
            elif "url(#" in value:
                found = re.search(r"url\(#([^)]+)\)", value)
                if found and found[1] in names:
                    element.set(name, value.replace(found[1], f"{prefix}-{found[1]}"))
    text = ET.tostring(root, encoding="unicode")
    return in_variables(text) if live else text


def in_variables(text: str) -> str:
    """Return ``text`` with each of our colours as a variable, the light one behind it."""
    return _COLOUR.sub(lambda m: f"var(--chart-{_ROLES[m[0]]},{m[0]})", text)
