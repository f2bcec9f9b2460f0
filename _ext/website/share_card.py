"""The picture that others show beside a link to a page: drawn as SVG, published as PNG.

A name holds a hash of what is shown and of how it is drawn, so what exists is what is wanted: no
build draws a card twice, and whoever keeps a card under its address never keeps an old one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from hashlib import sha256
from html import escape
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import NamedTuple

from incremental.files import write_file

WIDTH, HEIGHT = 1200, 630
FOLDER = "_images/cards"
_MARGIN, _TOP, _RULE = 84, 160, 516  # the sides; where the title begins; above the last line
_SPACE = WIDTH - 2 * _MARGIN
_BOX, _BOX_HEIGHT, _GAP = 360, 220, 48  # a picture's ground, and what parts it from the text
_FONT = "Liberation Sans, Arial, sans-serif"  # the first is inside vl-convert
_INK, _QUIET, _PAPER = "#17191f", "#565d6b", "#ffffff"
_SIZES, _SMALL, _TEXT = (78, 72, 66, 60, 54, 48, 42), 30, 34
# Widths of that font's bold face in thousandths of its size; what is not here is a wide letter.
_WIDTHS = {
    238: "'", 278: " ,./I\\ijl’", 280: "|", 333: "!()-:;[]`ft", 389: "*r{}", 474: '"',
    500: "z“”", 556: "#$0123456789J_aceksvxyé–", 584: "+<=>^~×", 611: "?FLTZbdghnopqu",
    667: "EPSVXY", 722: "&ABCDHKNRU", 778: "GOQw", 833: "M", 889: "%m", 944: "W",
}  # fmt: skip
# What a line may end after: a character of those written without spaces, with the stops after it,
# or all up to the next of them.
_WIDE = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_PART = re.compile(rf"[{_WIDE}][\u3001\u3002\uff01-\uff65]*|[^\s{_WIDE}]+")
_WIDTH_OF = {character: width for width, text in _WIDTHS.items() for character in text}


class Card(NamedTuple):
    """What a card shows; ``text`` is a sentence, left out where the title needs its room.

    ``picture`` is an SVG that takes a third of the width.
    """

    title: str
    theme: str
    left: str  # on the last line
    right: str
    accent: str
    text: str
    picture: str = ""


def draw(card: Card) -> str:
    """Return a card as SVG."""
    title, theme, left, right, accent, text, picture = card
    space = _SPACE - _BOX - _GAP if picture else _SPACE
    size, lines = fit(title, space)
    step, small = 1.14 * size, _fill(text, _TEXT, space)
    rows = [_text(line, _TOP + 0.8 * size + i * step, size, _INK) for i, line in enumerate(lines)]
    under = _TOP + 0.8 * size + (len(lines) - 1) * step + 74
    if under + (len(small) - 1) * 1.35 * _TEXT < _RULE - 30:
        at = (under + i * 1.35 * _TEXT for i in range(len(small)))
        rows += [_text(line, y, _TEXT, _QUIET, "400") for line, y in zip(small, at, strict=True)]
    return "\n".join((
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}"'
        f' viewBox="0 0 {WIDTH} {HEIGHT}" font-family="{_FONT}">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{_PAPER}"/>',
        f'<rect width="{WIDTH}" height="18" fill="{accent}"/>',
        _mark(accent),
        _text(theme, 116, _SMALL, accent),
        *rows,
        _pictured(picture, accent) if picture else "",
        f'<rect x="{_MARGIN}" y="{_RULE}" width="{_SPACE}" height="2" fill="{_INK}"'
        ' opacity=".14"/>',
        _text(left, 570, _SMALL, _INK),
        f'<g text-anchor="end" transform="translate({WIDTH - 2 * _MARGIN})">',
        _text(right, 570, _SMALL, _QUIET, "400"),
        "</g>",
        "</svg>",
    ))  # fmt: skip


def _mark(accent: str) -> str:
    """Return the site's sign: one thing understood leads to the next."""
    return (
        f'<g transform="translate({WIDTH - _MARGIN - 92} 82)" fill="{accent}" stroke="{accent}"'
        ' stroke-width="5"><path d="M12 38 46 12 80 38" fill="none" opacity=".45"/>'
        '<circle cx="12" cy="38" r="9"/><circle cx="46" cy="12" r="9"/>'
        f'<circle cx="80" cy="38" r="9" fill="{_PAPER}"/></g>'
    )


def _pictured(picture: str, accent: str) -> str:
    """Return a picture on a soft ground at the right, stretched to its room."""
    x, y, edge = WIDTH - _MARGIN - _BOX, _TOP, 26
    size = f'x="{x + edge}" y="{y + edge}" width="{_BOX - 2 * edge}"'
    size += f' height="{_BOX_HEIGHT - 2 * edge}"'
    placed = re.sub(r' (?:width|height)="[^"]*"', "", picture.partition(">")[0])
    drawn = placed.replace("<svg", f'<svg {size} preserveAspectRatio="none"', 1)
    ground = f'<rect x="{x}" y="{y}" width="{_BOX}" height="{_BOX_HEIGHT}" rx="10" fill="{accent}"'
    return f'{ground} opacity=".08"/>{drawn}>{picture.partition(">")[2]}'


def _text(text: str, y: float, size: int, fill: str, weight: str = "700") -> str:
    where = f'x="{_MARGIN}" y="{y:.0f}" font-size="{size}"'
    return f'<text {where} font-weight="{weight}" fill="{fill}">{escape(text)}</text>'


def fit(title: str, space: int = _SPACE) -> tuple[int, list[str]]:
    """Return the largest size in which ``title`` has room, and its lines, as even as can be."""
    parts = [part for _glue, part in _parts(title)]
    sizes = (
        size for size in _SIZES
        if size * len(_fill(title, size, space)) <= 270
        and all(width(part, size) <= space for part in parts)
    )  # fmt: skip
    size = next(sizes, _SIZES[-1])
    narrow, number = space, len(_fill(title, size, space))
    while narrow > space / 2 and len(_fill(title, size, narrow - 20)) == number:
        narrow -= 20
    return size, _fill(title, size, narrow)


def _fill(text: str, size: int, space: int) -> list[str]:
    """Return ``text`` in lines at most ``space`` wide where words allow it, never off the card."""
    lines: list[str] = []
    for glue, part in _parts(text):
        longer = f"{lines[-1]}{glue}{part}" if lines else part
        if lines and width(longer, size) <= space:
            lines[-1] = longer
        else:
            lines += _broken(part, size, space)
    return lines


def _parts(text: str) -> Iterator[tuple[str, str]]:
    """Yield what a line may end after, each with what parts it from the one before on a line."""
    for word in text.split():
        for index, part in enumerate(_PART.findall(word)):
            yield "" if index else " ", part


def _broken(part: str, size: int, space: int) -> Iterator[str]:
    """Yield a word, in pieces where it is wider than there is room."""
    while part:
        whole = (n for n in range(len(part), 1, -1) if width(part[:n], size) <= space)
        end = next(whole, 1)
        yield part[:end]
        part = part[end:]


def width(text: str, size: int) -> float:
    """Return how wide ``text`` is in bold type."""
    return sum(_WIDTH_OF.get(character, 1000) for character in text) * size / 1000


@cache
def _drawn_with() -> str:
    """Return what decides, besides a card, which bytes it becomes; nothing if none can be made."""
    try:
        converter = version("vl-convert-python")
    except PackageNotFoundError:
        return ""
    return converter + Path(__file__).read_text(encoding="utf-8")


def path(card: Card, slug: str = "") -> str:
    """Return the path of a card in the output, or nothing where none can be drawn."""
    digest = sha256(repr((_drawn_with(), card)).encode()).hexdigest()[:10]
    name = ".".join(filter(None, (slug[:100], digest, "png")))  # systems have room for 255 bytes
    return f"{FOLDER}/{name}" if _drawn_with() else ""


def write(outdir: Path, cards: Mapping[str, Card]) -> None:
    """Draw the cards, given by path, that are not there yet, and remove all others."""
    for name, card in cards.items():
        target = outdir / name
        if not target.exists():
            import vl_convert  # not at the top: most builds draw nothing

            write_file(target, vl_convert.svg_to_png(draw(card)))
    for found in (outdir / FOLDER).glob("*.png"):
        if f"{FOLDER}/{found.name}" not in cards:
            found.unlink()
