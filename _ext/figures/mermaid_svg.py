"""Mermaid source to a small, valid SVG: pure functions, no Sphinx.

merman draws in *placeholder colours*, one per role (text, line, border, ...), which are then
replaced by CSS variables for pages that follow light and dark, or by fixed light colours for
paper and e-books. What merman writes besides, for browsers that would restyle the drawing
later, is taken out again: four fifths of the bytes.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from xml.etree import ElementTree as ET

from figures.svg_common import FONTS, SVG, releases

#: Part of the name of every drawn file: count up when the same source is drawn differently.
VERSION = 2

#: Role -> light colour. Text on either surface has a contrast of at least 12, lines of 4.5.
LIGHT: Mapping[str, str] = {
    "canvas": "#ffffff",
    "surface": "#f1f5f9",
    "surface-alt": "#e2e8f0",
    "text": "#111827",
    "subtle-text": "#475569",
    "border": "#64748b",
    "line": "#475569",
    "note-background": "#fef9c3",
    "note-border": "#a16207",
}

_PLACEHOLDERS = {role: f"#{n:02x}{n:02x}{n:02x}" for n, role in enumerate(LIGHT, 1)}
_ROLES = {colour: role for role, colour in _PLACEHOLDERS.items()}
_COLOUR = re.compile(r"#(0[0-9])\1\1\b|rgba?\((\d), \2, \2(?:, ([\d.]+))?\)")

_OPTIONS: dict[str, Any] = {
    "presentation": {
        "theme": {"appearance": "light", "font_family": FONTS, "roles": _PLACEHOLDERS}
    },
    # `look: classic` draws no shadows. Padding leaves room for wider fonts than Arial;
    # otherwise boxes are as narrow as their words, so that more fits on a phone.
    "site_config": {
        "look": "classic",
        "htmlLabels": False,
        "flowchart": {
            "htmlLabels": False,
            "padding": 16,
            "minNodeWidth": 40,
            "wrappingWidth": 170,
            "nodeSpacing": 36,
            "rankSpacing": 40,
        },
        "state": {"minNodeWidth": 56, "nodeSpacing": 36, "rankSpacing": 40},
        "sequence": {"width": 120, "actorMargin": 40},
        "class": {"htmlLabels": False},
    },
    "svg": {"pipeline": "resvg-safe", "root_background_color": "transparent"},
}

_HOOKS = frozenset({"name", "rel", "role", "target"})
# What merman paints without asking.
_FIXED = {"white": "canvas", "#000000": "line"}

_TAGS = frozenset(
    "svg g a path rect circle ellipse line polyline polygon text tspan marker defs style title "
    "desc symbol use clipPath linearGradient radialGradient stop filter feDropShadow "
    "feGaussianBlur feOffset feFlood feComposite feMerge feMergeNode".split()
)
# To another site in so many words, or to a page of this one: not to `//host`, as browsers read it.
_LINK = re.compile(r"(?:https?://|mailto:)\S*|(?!//)[^:\\\s\0-\x1f?#]*(?:[?#]\S*)?", re.IGNORECASE)
_RULE = re.compile(r"(?<![^{}])([^{}]+)\{([^{}]*)\}")
_NAME = re.compile(r"[.#][\w-]+|\[[^][]*\]|(?<![\w.#-])[a-zA-Z]+")
_ID_ATTRIBUTE = re.compile(r'\[id="([\w-]+)"\]')
_REFERENCE = re.compile(r"#([\w.-]+)")
# A symbol as formulas write it, W_Q, and no name of code, my_name. Units: pixels, of 16 px letters.
_SUBSCRIPT = re.compile(r"(?<!\w)([^\W\d_])_([^\W_]{1,2})(?!\w)")
_LOWERED, _SMALLER = "4", "75%"
_LONG_NUMBER = re.compile(r"-?(?<!\d)\d+\.\d{2,}(?:e-?\d+)?")
_NUMBERS = frozenset("d points transform x y x1 y1 x2 y2 cx cy r rx ry dx dy width height".split())


class DrawingError(Exception):
    """Mermaid source that cannot be drawn; ``line`` counts from 1 within it, if known."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawn diagram, still in placeholder colours.

    Units: ``width`` and ``height`` in CSS pixels.
    """

    root: ET.Element
    width: float
    height: float

    @property
    def has_links(self) -> bool:
        """Return whether a reader could click on something in it."""
        return self.root.find(".//a[@href]") is not None

    def markup(self, colours: Mapping[str, str], attributes: Mapping[str, str]) -> str:
        """Return the SVG with each role's colour and the root's ``attributes`` put in."""
        root = ET.Element("svg", self.root.attrib | dict(attributes))
        root.extend(self.root)
        text = ET.tostring(root, encoding="unicode")
        return _COLOUR.sub(lambda match: _colour(match, colours), text)

    def page(self, attributes: Mapping[str, str]) -> str:
        """Return the SVG for a page whose stylesheet may set the colours, ``--diagram-<role>``."""
        colours = {role: f"var(--diagram-{role},{light})" for role, light in LIGHT.items()}
        width = f"{self.width:.0f}"
        size = {"width": width, "height": f"{self.height:.0f}"}
        return self.markup(
            colours, {"xmlns": SVG, "style": f"--diagram-width:{width}px"} | size | dict(attributes)
        )

    def file(self, *, scale: float = 1.0, attributes: Mapping[str, str] | None = None) -> str:
        """Return the SVG complete in itself: light colours, no links, its natural size scaled."""
        still = Drawing(deepcopy(self.root), self.width, self.height)
        for link in still.root.iter("a"):
            link.tag = "g"
            link.attrib.pop("href", None)
        size = {"width": f"{self.width * scale:.2f}", "height": f"{self.height * scale:.2f}"}
        return still.markup(LIGHT, {"xmlns": SVG} | size | dict(attributes or {}))


@lru_cache(maxsize=1)
def _merman() -> Any:
    """Return the merman module, or None where its wheel does not exist or does not load."""
    try:
        import merman  # not at the top: a build that draws nothing should not load it
    except (ImportError, OSError):
        return None
    return merman


def available() -> bool:
    """Return whether diagrams can be drawn on this machine."""
    return _merman() is not None


def draw(source: str, diagram_id: str) -> Drawing:
    """Return ``source`` drawn, every id in it starting with ``diagram_id``.

    Raises: DrawingError for source that Mermaid does not accept, or that draws what a
    self-contained page must not hold (scripts, remote pictures, links without `https:`).
    """
    merman = _merman()
    options = _OPTIONS | {"svg": _OPTIONS["svg"] | {"diagram_id": diagram_id}}
    try:
        markup = merman.Merman().render_svg(source, json.dumps(options))
    except merman.MermanError as error:
        raise DrawingError(*_explained(error, source)) from error
    root = ET.fromstring(markup)  # noqa: S314  merman's own output, no entities
    _drop_namespaces(root)
    foreign = {element.tag for element in root.iter()} - _TAGS
    if foreign:
        raise DrawingError(f"a drawing may not hold <{'>, <'.join(sorted(foreign))}>")
    for link in root.iter("a"):
        if not _LINK.fullmatch(link.get("href", "")):
            raise DrawingError(f"a drawing may not lead to '{link.get('href', '')[:60]}'")
    return _tidied(root)


def file_name(source: str, suffix: str) -> str:
    """Return a name for the drawn ``source``: another one whenever anything about it changes."""
    inputs = [VERSION, _OPTIONS, LIGHT, versions(), source]
    digest = hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()
    return f"diagram-{digest[:16]}{suffix}"


def versions() -> str:
    """Return which releases draw."""
    return releases("merman", "vl-convert-python")


@lru_cache
def _explained(error: Any, source: str) -> tuple[str, int | None]:
    """Return what merman says and the line of ``source`` it says it of."""
    message = str(getattr(error, "message", None) or error)
    diagnostic = getattr(error, "diagnostic", None)
    span = diagnostic and diagnostic.span
    if not span:
        return message, None
    return message, source.encode()[: span.start].count(b"\n") + 1  # merman counts bytes


def _colour(match: re.Match[str], colours: Mapping[str, str]) -> str:
    """Return the colour that the placeholder in ``match`` stands for."""
    digit = match[1] or f"0{match[2]}"
    role = _ROLES.get(f"#{digit * 3}")
    if role is None:
        return match[0]
    colour = colours[role]
    if match[3] is None:
        return colour
    if colour.startswith("#"):
        return f"{colour}{round(float(match[3]) * 255):02x}"
    return f"color-mix(in srgb, {colour} {float(match[3]):.0%}, transparent)"


def _drop_namespaces(root: ET.Element) -> None:
    """Take ElementTree's ``{namespace}`` prefixes off all names."""
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
        for name in [name for name in element.attrib if "}" in name]:
            element.set(name.rpartition("}")[2], element.attrib.pop(name))


def _tidied(root: ET.Element) -> Drawing:
    """Return the drawing without what nothing in it uses."""
    box = [float(number) for number in root.get("viewBox", "0 0 1 1").split()]
    root.attrib = {"id": root.get("id", ""), "viewBox": " ".join(f"{n:g}" for n in box)}
    for element in root.iter():
        _tidy_attributes(element)
    _drop_unreferenced(root)
    for element in root.iter("style"):
        element.text = "".join(_used_rules(element.text or "", root))
    _repair(root)
    for text in root.iter("text"):
        _lower_subscripts(text)
    styled = set(re.findall(r"[.#]([\w-]+)", "".join(s.text or "" for s in root.iter("style"))))
    for element in root.iter():
        kept = _classes(element) & styled
        element.attrib.pop("class", None)
        if kept:
            element.set("class", " ".join(sorted(kept)))
    return Drawing(root, width=box[2], height=box[3])


def _repair(root: ET.Element) -> None:
    """Centre the labels of states, set labels off from the lines that they stand on."""
    for node in root.iter("g"):
        if _classes(node) & {"statediagram-state", "statediagram-note"}:
            for label in node.findall("g"):
                if "label" in _classes(label):
                    label.set("text-anchor", "middle")
                    label.set("transform", re.sub(r"\([^,]*,", "(0,", label.get("transform", "")))
        if "edgeLabel" in _classes(node):
            for text in node.findall("g/g/g[text]"):
                text.set("transform", re.sub(r",[^)]*\)", ",0)", text.get("transform", "")))
    style = root.find("style")
    if style is not None:
        name, canvas = root.get("id"), _PLACEHOLDERS["canvas"]
        extra = f"#{name} .edgeLabel .label rect{{fill:{canvas};opacity:1}}"
        halo = f"{{paint-order:stroke;stroke:{canvas};stroke-width:5px;stroke-linejoin:round}}"
        extra += f"#{name} .messageText{halo}#{name} .loopText{halo}"
        css = (style.text or "").replace("#f8f8f8", canvas)  # of numbers on lines
        style.text = css + "".join(_used_rules(extra, root))


def _lower_subscripts(text: ET.Element) -> None:
    """Write W_Q as formulas do; the words behind it return to their line."""
    lowered = False
    for word in [part for part in text.iter() if not len(part)]:
        if lowered and "y" not in word.attrib:
            word.set("dy", f"-{_LOWERED}")
        head, *rest = _SUBSCRIPT.split(word.text or "")
        lowered = bool(rest) and not rest[-1]
        word.text = head
        for letter, index, tail in zip(rest[::3], rest[1::3], rest[2::3], strict=True):
            before = word[-1] if len(word) else None
            if before is None:
                word.text += letter
            elif before.get("dy") == _LOWERED:
                ET.SubElement(word, "tspan", {"dy": f"-{_LOWERED}"}).text = letter
            else:
                before.text = f"{before.text}{letter}"
            index_style = {"dy": _LOWERED, "font-size": _SMALLER}
            ET.SubElement(word, "tspan", index_style).text = index
            if tail:
                ET.SubElement(word, "tspan", {"dy": f"-{_LOWERED}"}).text = tail


def _tidy_attributes(element: ET.Element) -> None:
    """Keep what draws: numbers to a tenth of a pixel, no scripting hooks, no editor's notes."""
    for name, value in list(element.attrib.items()):
        if name.startswith(("data-", "on", "aria-")) or name in _HOOKS:
            del element.attrib[name]
        elif name in _NUMBERS:
            element.set(name, _LONG_NUMBER.sub(lambda m: f"{round(float(m[0]), 1):g}", value))
        elif value in _FIXED:
            element.set(name, _PLACEHOLDERS[_FIXED[value]])
    if element.tag == "circle":
        element.attrib.pop("width", None)
        element.attrib.pop("height", None)
    if element.tag == "tspan" and element.get("font-style") == "normal":
        del element.attrib["font-style"]
        if element.get("font-weight") == "normal":
            del element.attrib["font-weight"]


def _drop_unreferenced(root: ET.Element) -> None:
    """Remove markers, filters and symbols that nothing points to, and unused ids."""
    used = {
        name
        for element in root.iter()
        for attribute, value in element.attrib.items()
        if "url(" in value or attribute == "href"
        for name in _REFERENCE.findall(value)
    }
    for parent, child in list(_pairs(root)):
        name = child.get("id")
        if name in used or child is root:
            continue
        if child.tag in {"marker", "filter", "symbol", "title", "desc", "linearGradient"}:
            parent.remove(child)
        elif name:
            del child.attrib["id"]
    for parent, child in list(_pairs(root)):
        if child.tag in {"g", "defs"} and not len(child):
            parent.remove(child)


def _classes(element: ET.Element) -> set[str]:
    """Return the classes of ``element``."""
    return set(element.get("class", "").split())


def _pairs(root: ET.Element) -> Iterator[tuple[ET.Element, ET.Element]]:
    """Yield every element with its parent."""
    for parent in root.iter():
        for child in parent:
            yield parent, child


def _used_rules(css: str, root: ET.Element) -> Iterator[str]:
    """Yield the rules of ``css`` that apply to something in ``root``.

    At-rules (imports, animations) match no element and go with the rest.
    """
    elements = list(root.iter())
    known = {element.tag for element in elements}
    known |= {f"#{element.get('id')}" for element in elements}
    known |= {f".{name}" for element in elements for name in _classes(element)}
    for selectors, declarations in _RULE.findall(css):
        kept = [
            selector
            for selector in _ID_ATTRIBUTE.sub(r"#\1", selectors).strip().split(",")
            if selector.startswith("#") and _names(selector) <= known
        ]
        if kept and declarations:
            yield f"{','.join(kept)}{{{declarations.rstrip(';')}}}"


def _names(selector: str) -> set[str]:
    """Return the tags, classes and ids that ``selector`` asks for; attributes match nothing."""
    return set(_NAME.findall(re.sub(r":[\w-]+", "", selector)))
