"""From the library to nodes, for whatever builder asks.

A page is written again exactly when the nodes that :class:`Shelf` makes for it change
(:mod:`.refresh`), so whatever is shown of other pages is made here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.errors import NoUri
from sphinx.locale import get_translation
from sphinx.transforms.post_transforms import SphinxPostTransform

from .domain import LISTS, Block, ExplainersDomain, app_of, block_of, domain_of, placeholder
from .library import Selection
from .prose import parts
from .record import Record

_ = get_translation("explainers")
# Mermaid's ends of labels, entities, formulas, Markdown, escapes, tags and comments.
_NO_LABEL = re.compile(r'["#`\\<]|\$\$|%%|&(?=\w+;)')
Notes = Iterable[tuple[str, str]]  # pairs of a page's name and why it is in a list


def word(name: str) -> str:
    """Return the reader's word for a kind or level."""
    words = {
        "overview": _("overview"), "building-blocks": _("building blocks"),
        "prerequisites": _("prerequisites"), "limits": _("limits"), "intro": _("introductory"),
        "intermediate": _("intermediate"), "advanced": _("advanced"),
    }  # fmt: skip
    return words.get(name, name)


class Shelf:
    """Makes the blocks of one project's pages; ``here`` is always the page they stand on."""

    def __init__(self, domain: ExplainersDomain) -> None:
        self.domain, self.library = domain, domain.library

    def render(self, block: Block, here: str) -> nodes.container:
        """Return the nodes of ``block``, without children where there is nothing to show.

        What builds on what in a map is in the attribute ``edges``, as pairs of slugs.
        """
        box = nodes.container(classes=["explainer-block", f"explainer-{block.name}", "no-search"])
        if block.listing:
            self.listing(box, block, here)
        elif record := self.library.article(block.explainer):
            getattr(self, block.name)(box, self.library.name(record), here)
        return box

    def listing(self, box: nodes.Element, block: Block, here: str) -> None:
        """Add the selected explainers, under a heading for each group."""
        options = dict(block.options)
        lists = {name: tuple(v for n, v in block.named() if n == name) for name in LISTS}
        sort, by = options.get("sort", "reading"), options.get("group-by", "")
        layout = "line" if block.name == "map" else options.get("layout", "grid")
        wanted = Selection(**lists, sort=sort, limit=int(options.get("limit", 0)), group_by=by)
        one_theme = by == "theme" or len(lists["theme"]) == 1
        box["classes"] += ["explainer-filter"] if "filter" in options else []
        for key, records in self.library.select(wanted):
            theme = self.library.themes.get(key) if by == "theme" else None
            text = self.theme(records[0]) if by == "theme" else word(key).capitalize()
            heading = link(theme.docname, text, here) if theme else nodes.Text(text)
            box += nodes.rubric("", "", heading, **{"heading-level": 3}) if text else []
            items = [self.item(record, here, layout, theme=not one_theme) for record in records]
            box += _list(items, layout) if items else []
            if block.name == "map":
                slugs = [self.library.name(record) for record in records]
                needs = ((n.slug, s) for s in slugs for n in self.library.prerequisites(s))
                box["edges"] = [edge for edge in needs if edge[0] in slugs]

    def header(self, box: nodes.Element, slug: str, here: str) -> None:
        record = self.library.by_slug[slug]
        box["classes"].append(f"page-theme-{record.theme}")
        box += [_paragraph("description", record.description), self.meta(record, dates=True)]

    def prerequisites(self, box: nodes.Element, slug: str, here: str) -> None:
        needs = self.library.prerequisites(slug)
        self.fill(box, _("Before you read"), ((n.slug, n.why) for n in needs), here)
        if len(self.library.path(slug)) > len(needs):
            box += _paragraph("meta", _("With what these need in turn: %s") % self.sum(slug))

    def path(self, box: nodes.Element, slug: str, here: str) -> None:
        path = ((self.library.name(page), "") for page in self.library.path(slug))
        self.fill(box, _("Read first, in this order"), path, here, kind=nodes.enumerated_list)
        box += _paragraph("meta", self.sum(slug)) if box.children else []

    def related(self, box: nodes.Element, slug: str, here: str) -> None:
        pairs = (
            (other, _("both explain %s") % ", ".join(reasons) if reasons else "")
            for other, _kind, reasons in self.domain.suggestions[slug]
        )
        self.fill(box, _("Related explainers"), pairs, here, "list")

    def dependents(self, box: nodes.Element, slug: str, here: str) -> None:
        pairs = ((need.slug, need.why) for need in self.library.dependents(slug))
        self.fill(box, _("Explainers that build on this"), pairs, here)

    def backlinks(self, box: nodes.Element, slug: str, here: str) -> None:
        self.fill(box, _("Mentioned in"), self.domain.mentions.get(slug, ()), here, "quote")

    def fill(
        self, box: nodes.Element, heading: str, notes: Notes, here: str,
        layout: str = "line", kind: type[nodes.Element] = nodes.bullet_list,
    ) -> None:  # fmt: skip
        """Add a heading and a list of pages to ``box``, if there are any."""
        pages = ((self.library.find(name), note) for name, note in notes)
        items = [self.item(page, here, layout, note) for page, note in pages if page]
        if items:
            box += nodes.rubric("", heading, **{"heading-level": 2})
            box += _list(items, layout, kind)

    def theme(self, record: Record) -> str:
        """Return the name of an article's theme."""
        theme = self.library.themes.get(record.theme)
        return theme.title if theme else record.theme.replace("-", " ").capitalize()

    def sum(self, slug: str) -> str:
        """Return how many pages there are to read before ``slug``, and how long it takes."""
        path = self.library.path(slug)
        numbers = {"count": len(path), "minutes": self.library.time(path)}
        return _("%(count)d to read, %(minutes)d min") % numbers

    def minutes(self, record: Record) -> str:
        """Return how long a first reading of an article takes, and if it is more, everything."""
        first = self.library.time([record])
        everything = self.library.minutes_everything.get(record.docname, first)
        if everything == first:
            return _("%d min") % first
        numbers = {"minutes": first, "everything": everything}
        return _("%(minutes)d min, %(everything)d with everything") % numbers

    def meta(self, record: Record, *, theme: bool = True, dates: bool = False) -> nodes.paragraph:
        """Return the line of facts about an article, parted by dots."""
        facts = [
            _("draft") if record.draft else "",
            self.theme(record) if theme else "",
            word(record.kind),
            word(record.level),
            self.minutes(record) if dates else _("%d min read") % self.library.time([record]),
            _("published %s") % record.date if dates and record.date else "",
            _("facts checked %s") % record.checked if dates and record.checked else "",
        ]
        line = _paragraph("meta", "")
        for fact in filter(None, facts):
            line += [nodes.Text(" · ")] if line.children else []
            line += nodes.inline(fact, fact, classes=["explainer-fact"])
        return line

    def item(
        self, record: Record, here: str, layout: str, note: str = "", *, theme: bool = True
    ) -> nodes.list_item:
        """Return one explainer as an entry of a list; ``layout`` says how much of it."""
        item = nodes.list_item("", classes=["explainer-card"])
        if layout == "grid" and record.thumbnail:
            uri, alt = record.thumbnail, record.thumbnail_alt
            item += nodes.image(uri=uri, alt=alt, candidates={"*": uri})
        title = _paragraph("title", "")
        title += link(record.docname, record.title, here)
        item += title
        if layout in ("line", "compact"):
            minutes = _("%d min") % self.library.minutes.get(record.docname, 0)
            text = f" – {note} ({minutes})" if note else f" ({minutes})"
            title += nodes.inline(text, text, classes=["explainer-note"])
            return item
        if layout != "quote":
            names = {"theme": record.theme, "kind": record.kind, "level": record.level}
            item["classes"] += [f"{name}-{value}" for name, value in names.items() if value]
            item["classes"] += [f"tag-{tag}" for tag in record.tags]
            item += [_paragraph("description", record.description), self.meta(record, theme=theme)]
        if note:
            last = _paragraph("note", "")
            last += [nodes.math(tex, tex) if tex else nodes.Text(text) for text, tex in parts(note)]
            item += last
        return item


def link(docname: str, text: str, here: str) -> nodes.Element:
    """Return a link that each builder resolves its own way, or turns into text."""
    target = {"refdomain": "std", "reftype": "doc", "reftarget": f"/{docname}", "refdoc": here}
    return addnodes.pending_xref("", nodes.inline(text, text), refexplicit=True, **target)


def _paragraph(name: str, text: str) -> nodes.paragraph:
    return nodes.paragraph("", text, classes=[f"explainer-{name}"])


def _list(
    items: list[nodes.list_item], layout: str, kind: type[nodes.Element] = nodes.bullet_list
) -> nodes.Element:
    return kind("", *items, classes=["explainer-cards", f"explainer-cards-{layout}"])


def drawn_text(text: str) -> str:
    """Return what Mermaid, between quotes, draws as ``text``: twins of what it reads as more."""
    return _NO_LABEL.sub(lambda found: "".join(map(_twin, found[0])), text)


def _twin(character: str) -> str:
    """Return a character that looks like ``character``, which is one of ASCII."""
    return {'"': "”", "`": "‘"}.get(character) or chr(ord(character) + 0xFEE0)


class FillPlaceholders(SphinxPostTransform):
    """Put the blocks in."""

    default_priority = 5  # references are resolved from 9 on

    def run(self, **kwargs: Any) -> None:
        domain = domain_of(self.env)
        shelf = Shelf(domain)
        for node in list(self.document.findall(placeholder)):
            box = shelf.render(block_of(node), node["docname"])
            if box.get("edges") and "sphinxcontrib.mermaid" in app_of(self.env).extensions:
                box.insert(0, self._drawing(shelf, box, node["docname"]))
            node.replace_self([box] if box.children else [])

    def _drawing(self, shelf: Shelf, box: nodes.Element, here: str) -> nodes.Element:
        """Return what builds on what as the node that the project's Mermaid extension draws."""
        from sphinxcontrib.mermaid import mermaid

        rows = ["flowchart TD"]
        slugs = dict.fromkeys(slug for edge in box["edges"] for slug in edge)
        names = {slug: f"n{number}" for number, slug in enumerate(slugs, 1)}  # `end` is a keyword
        for slug, name in names.items():
            record = shelf.library.by_slug[slug]
            rows.append(f'  {name}["{drawn_text(record.short_title or record.title)}"]')
            try:
                uri = app_of(self.env).builder.get_relative_uri(here, record.docname)
                rows.append(f'  click {name} href "{uri}"')
            except NoUri:
                continue
        rows += [f"  {names[first]} --> {names[then]}" for first, then in box["edges"]]
        alt = _("Arrows lead from each explainer to those that build on it.")
        node: nodes.Element = mermaid("", code="\n".join(rows), options={}, alt=alt)
        return node
