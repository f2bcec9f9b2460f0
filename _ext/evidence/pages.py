"""``{reported}`` and ``{record-table}``: numbers and rows of the record in pages.

Rows are parsed as part of the page that shows them, so whatever a page may not hold a row may not
either; messages name the row's own file and line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.locale import get_translation
from sphinx.util.docutils import SphinxDirective, SphinxRole
from sphinxcontrib.bibtex.foot_roles import FootCiteRole

from .domain import domain_of, report, warn
from .numbers import NumberError
from .record import Row

_ = get_translation("evidence")

_WIDTHS = (16, 33, 25, 14, 20)
_Nodes = list[nodes.Node]


class ReportedRole(SphinxRole):
    """The role: plain text, so it can stand wherever words can."""

    def run(self) -> tuple[_Nodes, list[nodes.system_message]]:
        try:
            text = domain_of(self.env).number(self.text)
        except NumberError as error:
            report(error, self.get_location())
            text = self.text
        return [nodes.Text(text)], []


class RecordTable(SphinxDirective):
    """The directive: each line of its content is the id of a row."""

    has_content = True
    option_spec = {  # noqa: RUF012  docutils' name
        "layout": lambda text: directives.choice(text, ("table", "sentences")),
        "caption": directives.unchanged_required,
        "name": directives.unchanged,
    }

    def run(self) -> list[nodes.Node]:
        rows = list(self._rows())
        if not any(line.strip() for line in self.content):
            warn("empty", "no row is named: write the id of one on each line", self.get_location())
        if not rows:
            return []
        if self.options.get("layout") == "sentences":
            whole: nodes.Element = self._sentences(rows)
        else:
            whole = self._table(rows)
        self.set_source_info(whole)
        self.add_name(whole)
        return [whole]

    def _rows(self) -> Iterator[Row]:
        """Yield the rows that are named, reporting ids of none."""
        for index, line in enumerate(self.content):
            if line.strip():
                try:
                    yield domain_of(self.env).row(line.strip())
                except NumberError as error:
                    # MyST-Parser counts the content's lines from the directive's own.
                    at = self.lineno + self.content_offset + index + 1
                    report(error, f"{self.get_source_info()[0]}:{at}")

    # As a list

    def _sentences(self, rows: list[Row]) -> nodes.bullet_list:
        """Return the rows as a list of what was found, each with what is to know about it."""
        if "caption" in self.options:
            warn("caption", "only the layout 'table' has a caption", self.get_location())
        whole = nodes.bullet_list(bullet="-", classes=["record"])
        for row in rows:
            who = nodes.strong("", f"{_who(row)}.")
            claim = self._claim(row, _place(row), *_marks(row))
            whole += nodes.list_item(
                "",
                _paragraph(row, "claim", who, _space(), *claim),
                _paragraph(row, "setting", *self._about(row), classes=["record-about"]),
            )
        return whole

    def _about(self, row: Row) -> Iterator[nodes.Node]:
        """Yield what there is to know about a row besides its claim."""
        yield nodes.Text(_("Setting:") + " ")
        yield from self._under(row)
        yield nodes.Text(" " + _("Does not show:") + " ")
        yield from self._text(row, "limits")

    # As a table

    def _table(self, rows: list[Row]) -> nodes.table:
        """Return the rows as a table, which may go over more than one page in print."""
        whole = nodes.table(classes=["record-table", "longtable", "colwidths-given"])
        if caption := self.options.get("caption"):
            whole += nodes.title(caption, "", *self.parse_inline(caption)[0])
        group = nodes.tgroup(cols=len(_WIDTHS))
        group += [nodes.colspec(colwidth=width) for width in _WIDTHS]
        heads = (_("Who, when"), _("What was found"), _("Setting"), _("Place"), _("Does not show"))
        head = [nodes.entry("", nodes.paragraph("", text)) for text in heads]
        group += nodes.thead("", nodes.row("", *head))
        group += nodes.tbody("", *[self._row(row) for row in rows])
        whole += group
        return whole

    def _row(self, row: Row) -> nodes.row:
        """Return one row of the table."""
        cells: list[tuple[str, _Nodes]] = [
            ("source", [nodes.Text(_who(row))]),
            ("claim", self._claim(row, *_marks(row))),
            ("setting", list(self._under(row))),
            ("place", [nodes.Text(_place(row))]),
            ("limits", self._text(row, "limits")),
        ]
        return nodes.row("", *(nodes.entry("", _paragraph(row, key, *cell)) for key, cell in cells))

    # Parts of both

    def _claim(self, row: Row, *notes: str) -> _Nodes:
        """Return what was found, with its source and ``notes`` before the full stop."""
        claim, end = self._text(row, "claim"), []
        if isinstance(claim[-1], nodes.Text) and claim[-1].endswith("."):
            claim[-1], end = nodes.Text(claim[-1].removesuffix(".")), [nodes.Text(".")]
        found = [*claim, _space(), *self._cited(row)]
        if notes:
            text = f"({', '.join(notes)})"
            found += [_space(), nodes.inline("", text, classes=["record-place"])]
        return found + end

    def _under(self, row: Row) -> Iterator[nodes.Node]:
        """Yield the setting of a row, what it was compared with, and what it cost."""
        labels = {"setting": "", "baseline": _("Compared with:"), "cost": _("Cost:")}
        for key in [key for key in labels if key in row.texts]:
            yield nodes.Text(f" {labels[key]} " if labels[key] else "")
            text = self._text(row, key)
            yield from text
            yield nodes.Text("" if text[-1].astext().endswith((".", "!", "?")) else ".")

    def _text(self, row: Row, key: str) -> _Nodes:
        """Return one text of a row."""
        with _reading(self.state.document, row):
            found = self.parse_inline(row.texts[key], lineno=row.lines[key] - 1)[0]
        return found or [nodes.Text("")]  # all of it may have been refused

    def _cited(self, row: Row) -> _Nodes:
        """Return the citation of a row's source, as ``{footcite:p}`` makes it."""
        role, text = "footcite:p", row.key
        inliner: Any = self.state.inliner
        return FootCiteRole()(role, f"{{{role}}}`{text}`", text, self.lineno, inliner)[0]


def _who(row: Row) -> str:
    """Return whose a result is, and of when."""
    names, year = row.source.names, row.source.year
    who = names[0]
    if len(names) == 2 and names[1] != "others":
        who = _("%s and %s") % names
    elif len(names) > 1:
        who = _("%s and others") % who
    return f"{who}, {year}" if year else who


def _place(row: Row) -> str:
    """Return where the source says it; a number stays with what it counts."""
    return re.sub(r"(?<=[A-Za-z]) (?=\d)", "\N{NO-BREAK SPACE}", row.place)


def _marks(row: Row) -> list[str]:
    """Return what makes a row's numbers less certain than others."""
    vendor = [_("vendor’s own figure")] if row.vendor else []
    return vendor + ([_("second-hand")] if row.source.seen == "secondary" else [])


def _space() -> nodes.Text:
    return nodes.Text(" ")


def _paragraph(row: Row, key: str, *parts: nodes.Node, **attributes: Any) -> nodes.paragraph:
    """Return a paragraph that stands in the file of ``row``."""
    found = nodes.paragraph("", "", *parts, **attributes)
    found.source, found.line = str(row.path), row.lines[key]
    return found


@contextmanager
def _reading(document: nodes.document, row: Row) -> Iterator[None]:
    """Have what is parsed meanwhile stand in the file of ``row``."""
    before = document["source"], document.reporter.source
    document["source"] = document.reporter.source = str(row.path)
    try:
        yield
    finally:
        document["source"], document.reporter.source = before


def on_doctree_resolved(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the head of its column before each cell: on narrow screens a row is a card."""
    if app.builder.format != "html" or app.builder.name == "epub":  # it has not our style sheet
        return
    for table in doctree.findall(nodes.table):
        if "record-table" in table["classes"]:
            head, *rows = table.findall(nodes.row)
            for row in rows:
                for title, cell in zip(head.children, row.children, strict=True):
                    label = nodes.inline("", title.astext(), classes=["record-label"])
                    next(cell.findall(nodes.paragraph)).insert(0, label)


def on_page_context(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Give the pages with rows their style."""
    if (
        doctree
        and app.builder.name != "epub"
        and any(
            not {"record", "record-table"}.isdisjoint(node["classes"])
            for kind in (nodes.bullet_list, nodes.table)
            for node in doctree.findall(kind)
        )
    ):
        app.add_css_file("record.css")


def setup(app: Sphinx) -> None:
    """Register role, directive and what completes a table."""
    app.add_role("reported", ReportedRole())
    app.add_directive("record-table", RecordTable)
    app.connect("doctree-resolved", on_doctree_resolved)
    app.connect("html-page-context", on_page_context)
