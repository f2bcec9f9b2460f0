"""Tables in print: what writers of Sphinx end the build on, and what goes over pages.

LaTeX's writer ends on a header alone, text's on width. A table that is not to be parted but takes
most of a page leaves the page before it half empty.
"""

from __future__ import annotations

import re
from math import ceil, sqrt
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.util import logging

from explainers.reading import ancestors

logger = logging.getLogger(__name__)

_MOST = 30  # columns: a line of print is some hundred letters wide
MANY_COLUMNS = 6  # such a table is set smaller
# A number, or a word too short to be divided; in columns, a word stands alone on its line.
_UNDIVIDED = re.compile(r"(?<![^ \n–-])(?:[\d.,]+|[^ \n–-]{1,11})(?:-|(?![^ \n–-]))")
_LINE, _GAP = 84, 4  # letters of a table's size in a line, and those between two columns
_SMALL_LINE, _SMALL_GAP = 96, 2
_TALL = 20  # lines of print, where a page has some fifty


class HeaderOnly(SphinxTransform):
    """Reports such a table, and makes its header a row."""

    default_priority = 500

    def apply(self, **kwargs: Any) -> None:
        for group in self.document.findall(nodes.tgroup):
            head = next((part for part in group.children if isinstance(part, nodes.thead)), None)
            if head is None or any(isinstance(part, nodes.tbody) for part in group.children):
                continue
            message = "a table needs a row below its header"
            logger.warning(message, location=group.parent, type="book", subtype="table")
            group.replace(head, nodes.tbody("", *head.children))


class TooWide(SphinxTransform):
    """Reports such a table; of more than a hundred columns, each has a width of zero per cent."""

    default_priority = 500

    def apply(self, **kwargs: Any) -> None:
        for group in self.document.findall(nodes.tgroup):
            columns = [part for part in group.children if isinstance(part, nodes.colspec)]
            if len(columns) > _MOST:
                message = f"a table has {len(columns)} columns; expected at most {_MOST}"
                logger.warning(message, location=group.parent, type="book", subtype="table")
            for column in columns:
                column["colwidth"] = max(1, column.get("colwidth", 1))


def part_if_tall(table: nodes.Element) -> None:
    """Let ``table`` go over pages if it is tall, with columns as wide as their words need.

    Cells that span others, and tables within tables or boxes, stay as they are.
    """
    boxes = (nodes.Admonition, nodes.entry, nodes.sidebar, nodes.topic, nodes.figure)
    if any(isinstance(outer, boxes) for outer in ancestors(table)):
        return
    if any(entry.get("morerows") or entry.get("morecols") for entry in table.findall(nodes.entry)):
        return
    rows = [[cell.astext() for cell in row.children] for row in table.findall(nodes.row)]
    columns = list(table.findall(nodes.colspec))
    given = "colwidths-given" in table["classes"]
    widths = _widths(rows) if not given else [column["colwidth"] for column in columns]
    if not widths or _lines(rows, widths) <= _TALL:
        return
    for column, width in zip(columns, widths, strict=True):
        column["colwidth"] = width
    table["classes"] += ["longtable", *([] if given else ["colwidths-given"])]


def _widths(rows: list[list[str]]) -> list[int]:
    """Return the width of each column, in letters, with the room between two.

    It grows with the root of what the column holds, and no word need leave it. There is none where
    the words need more than there is: TeX balances them better.
    """
    columns = [" ".join(cells) for cells in zip(*rows, strict=True)]
    small = len(columns) >= MANY_COLUMNS
    line, gap = (_SMALL_LINE, _SMALL_GAP) if small else (_LINE, _GAP)
    needs = [sqrt(len(text) + 1) for text in columns]
    words = [max(map(_letters, undivided(text)), default=1) for text in columns]
    widths = [ceil(1.2 * word) + gap for word in words]  # headers are bold
    if sum(widths) > line:
        return []
    free = set(range(len(columns)))
    while free:  # those that need less than their longest word are settled first
        room = line - sum(w for i, w in enumerate(widths) if i not in free)
        share = room / sum(needs[i] for i in free)
        narrow = {i for i in free if needs[i] * share <= widths[i]}
        if not narrow:
            break
        free -= narrow
    for i in free:
        widths[i] = int(needs[i] * share)
    return widths


def undivided(text: str) -> list[str]:
    """Return the words of ``text`` that are not divided, the widest first, else in their order."""
    words = dict.fromkeys(_UNDIVIDED.findall(text))  # no set: its order is another in every run
    return sorted(words, key=_letters, reverse=True)


def _letters(word: str) -> float:
    """Return how wide ``word`` is, in small letters."""
    return len(word) + 0.35 * sum(map(str.isupper, word))


def _lines(rows: list[list[str]], widths: list[int]) -> float:
    """Return about how many lines of print ``rows`` take."""
    letters = [_LINE * width / sum(widths) - 2 for width in widths]
    heights = (
        max(ceil(len(cell) / max(1, room)) for cell, room in zip(row, letters, strict=True))
        for row in rows
    )
    return sum(height + 0.3 for height in heights)


def setup(app: Sphinx) -> None:
    """Register the transforms."""
    app.add_transform(HeaderOnly)
    app.add_transform(TooWide)
