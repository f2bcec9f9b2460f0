"""What a book consists of, left beside its TeX file for whoever cuts it up. Knows no Sphinx."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

PLAN = "parts.json"
ANSWERS = "answers"  # the document name of the chapter that no page of the site is
# Where the answers of a document begin, and where they end: labels after its name and a colon.
# No heading of a page is called so.
ANSWERS_BEGIN, ANSWERS_END = ":answers", ":answers-end"


@dataclass(frozen=True)
class Part:
    """A part of a book: a name for its file, its title, and the documents that it is made of."""

    slug: str
    title: str
    docname: str
    chapters: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """What the book is called, where pages of the site are, which there are, the book's parts.

    ``address`` ends in a slash, or is empty.
    """

    title: str
    address: str
    docnames: tuple[str, ...]
    parts: tuple[Part, ...]

    def write(self, folder: Path) -> None:
        """Leave it beside the TeX file."""
        (folder / PLAN).write_text(json.dumps(asdict(self), indent=1), encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> Plan | None:
        """Return the plan of a book, or None if it has no parts."""
        file = folder / PLAN
        if not file.is_file():
            return None
        data = json.loads(file.read_text(encoding="utf-8"))
        parts = [Part(**part | {"chapters": tuple(part["chapters"])}) for part in data["parts"]]
        return cls(data["title"], data["address"], tuple(data["docnames"]), tuple(parts))
