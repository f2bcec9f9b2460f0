"""What keeps an SVG from being shown.

Opened by itself, a drawing is a page of this site's, so what no list has is refused: other
elements than those that draw, other namespaces, styles that could load something. It is read as
browsers read it, without anything that could make them read it otherwise. Knows no Sphinx.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self
from xml.parsers import expat

_SVG = "http://www.w3.org/2000/svg"
_PREFIXES = {
    "": "",
    "http://www.w3.org/1999/xlink": "xlink:",
    "http://www.w3.org/XML/1998/namespace": "xml:",
}
_DEEPEST = 100  # what converts for print follows elements by recursion
_WIDEST = 10_000  # a side, in any unit; what converts for print makes a page of this size
_SIDES = re.compile(r"[^\s,]+")
_NUMBER = re.compile(r"\s*[+-]?(?:\d{1,400}\.?\d{0,400}|\.\d{1,400})(?:[eE][+-]?\d{1,9})?")
_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]*")
_PART = re.compile(r"#[\w:.-]+")
_OWN_URL = re.compile(r"(?<![\w-])url\(\s*(?P<quote>[\"']?)#[\w:.-]+(?P=quote)\s*\)")
_CALL = re.compile(r"(?<![\w-])([\w-]*)\(")


@dataclass(frozen=True, slots=True)
class Rules:
    """What drawings may hold; the values of ``words`` are for readers, and draw nothing."""

    elements: frozenset[str]
    attributes: frozenset[str]
    words: frozenset[str]
    functions: frozenset[str]

    @classmethod
    def of(cls, lists: Mapping[str, list[str]]) -> Self:
        """Return the rules that ``lists`` are."""
        return cls(**{name: frozenset(members) for name, members in lists.items()})


def fault(data: bytes, rules: Rules) -> str:
    """Return why a drawing may not be shown, or nothing."""
    reader = _Reader(rules)
    try:
        reader.read(data.decode("utf-8-sig"))
    except (expat.ExpatError, ValueError) as error:
        return f"the drawing is no XML in UTF-8: {error}"
    except _Found as found:
        return f"the drawing holds {found} in line {reader.line}; save it as plain SVG"
    return ""


class _Found(Exception):
    """What a drawing holds and must not."""


class _Reader:
    """Reads a drawing from its start to what it must not hold."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.open: list[str] = []  # the ids of the elements around
        self.style: list[str] | None = None  # the text of the one that is open
        self.users: set[str] = set()  # ids of elements that show others
        self.used: set[str] = set()  # and of those that are shown
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.XmlDeclHandler = self.declaration
        self.parser.StartDoctypeDeclHandler = self.doctype
        self.parser.ProcessingInstructionHandler = self.instruction
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.text

    @property
    def line(self) -> int:
        """Return where it has come to."""
        return self.parser.CurrentLineNumber

    def read(self, text: str) -> None:
        """Read all of it.

        Raises: _Found, ExpatError.
        """
        self.parser.Parse(text, True)
        if self.users & self.used:  # each level of it would multiply what is drawn
            raise _Found("a <use> of what has a <use> in it")

    def declaration(self, _version: str, encoding: str | None, _alone: int) -> None:
        if encoding and encoding.lower() not in ("utf-8", "utf8"):
            raise _Found(f"the encoding '{encoding}'")

    def doctype(self, _name: str, _system: str | None, _public: str | None, own: int) -> None:
        if own:  # entities, and attributes that elements have unseen
            raise _Found("declarations in its <!DOCTYPE>")

    def instruction(self, target: str, _data: str) -> None:
        raise _Found(f"<?{target}")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if self.style is not None:
            raise _Found("a <style> in pieces")
        space, _blank, element = name.rpartition(" ")
        if not self.open and (space, element) != (_SVG, "svg"):
            raise _Found("no element <svg> of SVG")
        if space != _SVG or element not in self.rules.elements:
            raise _Found(f"<{element}>")
        if not self.open:
            self.size(attributes)
        if len(self.open) >= _DEEPEST:
            raise _Found(f"elements more than {_DEEPEST} deep")
        for whole, value in attributes.items():
            space, _blank, attribute = whole.rpartition(" ")
            self.attribute(element, _PREFIXES.get(space, f"{space} ") + attribute, value)
        self.open.append(attributes.get("id", ""))
        if element == "use":
            self.users.update(filter(None, self.open))
        self.style = [] if element == "style" else None

    def size(self, attributes: dict[str, str]) -> None:
        """Look at how large the drawing is by its sides, or where it has none by what is shown."""
        sides = [attributes.get(name, "") for name in ("width", "height")]
        if not all(_NUMBER.match(side) and not side.rstrip().endswith("%") for side in sides):
            sides += _SIDES.findall(attributes.get("viewBox", ""))[2:4]
        numbers = filter(None, map(_NUMBER.match, sides))
        if any(float(number[0]) > _WIDEST for number in numbers):
            raise _Found(f"a side of more than {_WIDEST:,}")

    def attribute(self, element: str, name: str, value: str) -> None:
        if name in ("href", "xlink:href"):
            if not (_PICTURE if element == "image" else _PART).fullmatch(value.strip()):
                raise _Found("a link")
            if element == "use":
                self.used.add(value.strip().removeprefix("#"))
        elif name in self.rules.attributes:
            self.styled(value)
        elif name not in self.rules.words:
            raise _Found(f"the attribute '{name}'")

    def styled(self, css: str) -> None:
        """Look at what may be a style; what it calls is found without knowing its grammar."""
        for sign in "@\\":
            if sign in css:
                raise _Found(f"a style with '{sign}'")
        for call in _CALL.findall(_OWN_URL.sub("", css)):
            if call.lower() == "url":
                raise _Found("an address elsewhere")
            if call not in self.rules.functions:
                raise _Found(f"a style with '{call}()'")

    def text(self, text: str) -> None:
        if self.style is not None:
            self.style.append(text)

    def end(self, _name: str) -> None:
        self.open.pop()
        if self.style is not None:
            self.styled("".join(self.style))
            self.style = None
