"""A PDF of each part beside that of the whole book: its pages cut out, nothing set again.

``<book>-<part>.pdf`` has the book's first pages, the part, and the pages with the answers to its
questions, numbered as they are in the book. Bookmarks and links within it are kept; links to other
pages of the book lead to the site, where it has an address, and else are plain words. The builder
leaves a :class:`Plan` beside the TeX file; where TeX put things is read from its ``.aux`` file.
Knows no Sphinx.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import quote

from pypdf import PdfReader, PdfWriter
from pypdf.constants import PageLabelStyle
from pypdf.generic import DictionaryObject, Fit, IndirectObject, NameObject, TextStringObject

from .plan import ANSWERS, ANSWERS_BEGIN, ANSWERS_END, Part, Plan

_LABEL = re.compile(r"^\\newlabel\{([^}]*)\}\{.*\{([^{}]*)\}\{[^{}]*\}\}$", re.MULTILINE)
_CITED = "cite."  # what begins the anchors of a bibliography; the label follows


class Anchors:
    """Where TeX put the labels of a book, and which label is at each of its anchors."""

    def __init__(self, aux: str) -> None:
        self.of_label: dict[str, str] = {}
        self.labels: dict[str, list[str]] = {}
        for label, anchor in _LABEL.findall(aux):
            self.of_label[label] = anchor
            self.labels.setdefault(anchor, []).append(label)

    def address(self, anchor: str, plan: Plan) -> str:
        """Return where the site has what is at ``anchor``, or nothing."""
        names = [anchor.removeprefix(_CITED)] if anchor.startswith(_CITED) else []
        names += self.labels.get(anchor, ())
        for label in sorted(names, key=lambda name: "::" not in name):  # first those of pages
            docname, _, spot = label.removeprefix("equation:").partition(":")
            if plan.address and docname in plan.docnames:
                spot = f"equation-{spot}" if label.startswith("equation:") else spot
                fragment = f"#{quote(spot)}" if spot and not spot.startswith(":") else ""
                return f"{plan.address}{quote(docname)}.html{fragment}"
        return ""


def split(pdf: Path) -> list[Path]:
    """Write the parts of the book ``pdf`` beside it; return their files, in its order.

    Files of parts that the book has no more are removed.
    """
    plan = Plan.read(pdf.parent)
    if plan is None:
        return []
    anchors = Anchors(pdf.with_suffix(".aux").read_text(encoding="utf-8", errors="replace"))
    made = []
    for part in plan.parts:
        target = pdf.with_name(f"{pdf.stem}-{part.slug}.pdf")
        _Cut(PdfReader(pdf), plan, part, anchors).write(target)
        made.append(target)
    for old in pdf.parent.glob(f"{pdf.stem}-*.pdf"):
        if old not in made:
            old.unlink()
    return made


class _Cut:
    """One part, cut out of a book that nothing else is cut out of: its links are changed."""

    def __init__(self, book: PdfReader, plan: Plan, part: Part, anchors: Anchors) -> None:
        self.book, self.plan, self.part, self.anchors = book, plan, part, anchors
        self.labels = book.page_labels
        self.places = {name: self._page(at) for name, at in book.named_destinations.items()}
        self.pages = sorted({*self._front(), *self._text(), *self._answers()})

    def _page(self, destination: Any) -> int:
        """Return the number of the page, from 0, that is led to; -1 where that is nowhere."""
        page = self.book.get_destination_page_number(destination)
        return -1 if page is None else page

    def _at(self, label: str) -> int:
        """Return the page that has a label."""
        return self.places.get(self.anchors.of_label.get(label, ""), -1)

    def _front(self) -> range:
        """Return the pages before the contents, whose number is the first roman one."""
        return range(self.labels.index("i") if "i" in self.labels else 0)

    def _text(self) -> range:
        """Return the pages of the part: up to where the next part begins, or what follows."""
        start = self._at(f"{self.part.docname}::doc")
        tops = [self._page(entry) for entry in self.book.outline if not isinstance(entry, list)]
        end = min((page for page in tops if page > start), default=len(self.labels))
        return range(start, end) if start >= 0 else range(0)

    def _answers(self) -> Iterator[int]:
        """Yield the pages with answers to the part's questions."""
        for chapter in self.part.chapters:
            start = self._at(f"{chapter}:{ANSWERS_BEGIN}")
            end = self._at(f"{chapter}:{ANSWERS_END}")
            yield from range(start, end + 1) if start >= 0 else ()

    def write(self, target: Path) -> None:
        """Write the part."""
        self._lead_outside()
        writer = PdfWriter()
        writer.append(self.book, pages=self.pages, import_outline=False)
        self._number(writer)
        self._bookmark(writer, self.book.outline, None)
        self._describe(writer)
        with target.open("wb") as file:
            writer.write(file)

    def _lead_outside(self) -> None:
        """Let links to pages that are left out lead to the site; pypdf drops those that cannot."""
        for number in self.pages:
            for reference in self.book.pages[number].get("/Annots") or ():
                link = reference.get_object()
                name = str(link.get("/A", {}).get("/D", ""))
                if self.places.get(name, -1) in self.pages:
                    continue
                if name and (address := self.anchors.address(name, self.plan)):
                    there = {"/S": NameObject("/URI"), "/URI": TextStringObject(address)}
                    action = DictionaryObject({NameObject(k): v for k, v in there.items()})
                    link[NameObject("/A")] = action

    def _number(self, writer: PdfWriter) -> None:
        """Keep what is printed on each page as its number; on the first pages it is not printed."""
        for _, run in groupby(enumerate(self.pages), key=lambda pair: pair[1] - pair[0]):
            (first, page), *others = run
            last, start = first + len(others), int(self.labels[page])
            writer.set_page_label(first, last, PageLabelStyle.DECIMAL, start=start)

    def _bookmark(self, writer: PdfWriter, entries: Any, above: IndirectObject | None) -> None:
        """Keep bookmarks that lead to the part; they and those below them are in ``entries``."""
        kept: IndirectObject | None = None
        for entry in entries:
            if not isinstance(entry, list):
                page = self._bookmarked(entry)
                fit = Fit.xyz(entry.left, entry.top) if page == self._page(entry) else Fit.fit()
                kept = None
                if page in self.pages:
                    number = self.pages.index(page)
                    kept = writer.add_outline_item(
                        title=str(entry.title),
                        page_number=number,
                        parent=above,
                        fit=fit,
                        is_open=False,
                    )
            elif kept is not None:
                self._bookmark(writer, entry, kept)

    def _bookmarked(self, entry: Any) -> int:
        """Return the page for a bookmark, -1 for none.

        Answers to other parts' questions get none, wherever they stand; the heading of all answers
        leads to the first of the part's.
        """
        name = str(entry.node.get("/A", {}).get("/D", ""))
        labels = self.anchors.labels.get(name, ())
        if f"{ANSWERS}::doc" in labels:
            return min(self._answers(), default=-1)
        ours = {f"{chapter}:{ANSWERS_BEGIN}" for chapter in self.part.chapters}
        if any(label.endswith(f":{ANSWERS_BEGIN}") and label not in ours for label in labels):
            return -1
        return self._page(entry)

    def _describe(self, writer: PdfWriter) -> None:
        """Say which part of which book this is, and else what the book says of itself."""
        facts = {key: str(value) for key, value in (self.book.metadata or {}).items()}
        number = self.plan.parts.index(self.part) + 1
        writer.add_metadata(
            facts | {"/Title": f"{self.plan.title}, part {number}: {self.part.title}"}
        )
        for name in ("/Lang", "/PageMode"):
            if name in self.book.root_object:
                writer.root_object[NameObject(name)] = self.book.root_object[name]
