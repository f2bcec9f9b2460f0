"""From the library to nodes, for whatever builder asks.

A page is written again exactly when the nodes that :class:`BlockRenderer` makes for it change
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
from sphinx.writers.html5 import HTML5Translator

from .domain import LISTS, Block, ExplainersDomain, app_of, block_of, domain_of, is_web, placeholder
from .library import Selection
from .prose import parts
from .record import Record

_ = get_translation("explainers")
# Mermaid's ends of labels, entities, formulas, Markdown, escapes, tags and comments.
_NO_LABEL = re.compile(r'["#`\\<]|\$\$|%%|&(?=\w+;)')
_DEEPEST = 6  # a list is indented no further
# A drawing that is wider, in pixels, would not fit beside a sidebar: the outline says the same.
_WIDEST = 930
Notes = Iterable[tuple[str, str]]  # pairs of a page's name and why it is in a list


def word(name: str) -> str:
    """Return the reader's word for a kind or level."""
    words = {
        "overview": _("overview"), "building-blocks": _("building blocks"),
        "prerequisites": _("prerequisites"), "limits": _("limits"), "intro": _("introductory"),
        "intermediate": _("intermediate"), "advanced": _("advanced"),
    }  # fmt: skip
    return words.get(name, name)


class folded(nodes.General, nodes.Element):  # noqa: N801 - docutils names nodes so
    """What readers of the web open by its ``label``; elsewhere it stands open if it is ``kept``."""


def visit_folded(self: HTML5Translator, node: nodes.Element) -> None:
    """Begin what the browser folds."""
    self.body.append(f"<details>\n<summary>{self.encode(node['label'])}</summary>\n")


def depart_folded(self: HTML5Translator, node: nodes.Element) -> None:
    """End it."""
    self.body.append("</details>\n")


class BlockRenderer:
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
        layout = options.get("layout", "grid")
        by = "theme" if layout == "table" else by
        wanted = Selection(**lists, sort=sort, limit=int(options.get("limit", 0)), group_by=by)
        one_theme = by == "theme" or len(lists["theme"]) == 1
        box["classes"] += ["explainer-filter"] if "filter" in options else []
        if layout == "table":
            box += self.table(self.library.select(wanted), here)
            return
        for key, records in self.library.select(wanted):
            theme = self.library.themes.get(key) if by == "theme" else None
            text = self.theme(records[0]) if by == "theme" else word(key).capitalize()
            heading = link(theme.docname, text, here) if theme else nodes.Text(text)
            title = nodes.rubric("", "", heading, **{"heading-level": 3})
            title["classes"] += [f"theme-{key}"] if by == "theme" else []
            box += title if text else []
            if block.name == "map":
                self.map(box, records, here)
                continue
            items = [self.item(record, here, layout, theme=not one_theme) for record in records]
            box += _list(items, layout) if items else []

    def map(self, box: nodes.Element, records: list[Record], here: str) -> None:
        """Add an outline: each explainer below the last of those that it builds on."""
        items = []
        for record, depth, others in self.library.outline(records):
            names = ", ".join(other.short_title or other.title for other in others)
            item = self.item(record, here, "line", _("also builds on %s") % names if names else "")
            item["classes"] += [f"depth-{min(depth, _DEEPEST)}"] if depth else []
            items.append(item)
        box += _list(items, "line") if items else []
        slugs = [self.library.name(record) for record in records]
        needs = ((n.slug, s) for s in slugs for n in self.library.prerequisites(s))
        box["edges"] = [edge for edge in needs if edge[0] in slugs]

    def table(self, groups: Iterable[tuple[str, list[Record]]], here: str) -> nodes.table:
        """Return themes as rows and what their explainers are about as columns."""
        columns = {
            _("What it is"): ("overview", "prerequisites", ""),
            _("How it is built"): ("building-blocks",),
            _("Where it breaks"): ("limits",),
        }
        body = nodes.tbody()
        for key, records in groups:
            theme, name = self.library.themes.get(key), self.theme(records[0])
            title = link(theme.docname, name, here) if theme else nodes.Text(name)
            row = nodes.row("", _cell(nodes.paragraph("", "", title)), classes=[f"theme-{key}"])
            for column, kinds in columns.items():
                chosen = [record for record in records if record.kind in kinds]
                row += _cell(*(self.entry(record, here) for record in chosen), column=column)
            body += row
        head = nodes.row("", *(_cell(nodes.paragraph("", t)) for t in (_("Theme"), *columns)))
        widths = (
            nodes.colspec(colwidth=width, stub=int(not n)) for n, width in enumerate((3, 4, 4, 4))
        )
        group = nodes.tgroup("", *widths, nodes.thead("", head), body, cols=4)
        return nodes.table("", group, classes=["explainer-table"])

    def entry(self, record: Record, here: str) -> nodes.paragraph:
        """Return an explainer's short title and its level."""
        level = word(record.level)
        line = _paragraph("entry", "")
        line += link(record.docname, record.short_title or record.title, here)
        line += nodes.Text(" ")
        line += nodes.inline(level, level, classes=["explainer-level", f"level-{record.level}"])
        return line

    def header(self, box: nodes.Element, slug: str, here: str) -> None:
        record = self.library.by_slug[slug]
        box["classes"].append(f"page-theme-{record.theme}")
        box += [
            _paragraph("description", record.description),
            self.meta(record, theme=False, head=True),
        ]

    def prerequisites(self, box: nodes.Element, slug: str, here: str) -> None:
        """Add what to read first as one sentence; what that needs in turn can be asked for."""
        needs = self.library.prerequisites(slug)
        line = _paragraph("needs", "")
        for page, why in ((self.library.find(need.slug), need.why) for need in needs):
            if page is None:
                continue
            line += nodes.Text("; " if line.children else "")
            line += self.name(page, here)
            line += nodes.Text(" " + _("for %s") % why.rstrip(".") if why else "")
        if needs:
            label = _("Before you read:")
            line[:0] = [nodes.strong(label, label), nodes.Text(" ")]
            box += line
        if len(self.library.path(slug)) > len(needs):
            inner = folded("", label=_("Everything before it: %s") % self.sum(slug))
            inner += self._path(slug, here)
            box += inner

    def path(self, box: nodes.Element, slug: str, here: str) -> None:
        if self.library.path(slug):
            box += _heading(_("Read first, in this order"))
            box += [self._path(slug, here), _paragraph("meta", self.sum(slug))]

    def _path(self, slug: str, here: str) -> nodes.Element:
        items = [self.item(page, here, "line") for page in self.library.path(slug)]
        return _list(items, "line", nodes.enumerated_list)

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
        """Add the sentences that mention an article, folded: they are many."""
        self.fill(box, _("Mentioned in"), self.domain.mentions.get(slug, ()), here, "quote")
        if box.children:
            label, rows = box[0].astext(), len(box[-1].children)
            box[:] = [folded("", *box.children, label=f"{label} ({rows})", kept=True)]

    def fill(
        self, box: nodes.Element, heading: str, notes: Notes, here: str, layout: str = "line"
    ) -> None:
        """Add a heading and a list of pages to ``box``, if there are any."""
        pages = ((self.library.find(name), note) for name, note in notes)
        items = [self.item(page, here, layout, note) for page, note in pages if page]
        if items:
            box += [_heading(heading), _list(items, layout)]

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

    def meta(self, record: Record, *, theme: bool = True, head: bool = False) -> nodes.paragraph:
        """Return the line of facts about an article, parted by dots; ``head`` is its own page's."""
        facts = [
            _("draft") if record.draft else "",
            self.theme(record) if theme else "",
            word(record.kind),
            level := word(record.level),
            self.minutes(record) if head else _("%d min read") % self.library.time([record]),
            _("facts checked %s") % record.checked if head and record.checked else "",
        ]
        line = _paragraph("meta", "")
        for fact in filter(None, facts):
            line += [nodes.Text(" · ")] if line.children else []
            named = [f"level-{record.level}"] if fact == level else []
            line += nodes.inline(fact, fact, classes=["explainer-fact", *named])
        return line

    def name(self, page: Record, here: str) -> list[nodes.Node]:
        """Return a page's short title as a link, and how long it takes to read."""
        minutes = f" ({_('%d min') % self.library.time([page])})"
        title = link(page.docname, page.short_title or page.title, here)
        return [title, nodes.inline(minutes, minutes, classes=["explainer-note"])]

    def item(
        self, record: Record, here: str, layout: str, note: str = "", *, theme: bool = True
    ) -> nodes.list_item:
        """Return one explainer as an entry of a list; ``layout`` says how much of it.

        The attribute ``explainer`` names its document, for those who add to it.
        """
        item = nodes.list_item("", classes=["explainer-card"], explainer=record.docname)
        if layout == "grid" and record.thumbnail:
            uri, alt = record.thumbnail, record.thumbnail_alt
            item += nodes.image(uri=uri, alt=alt, candidates={"*": uri})
        title = _paragraph("title", "")
        item += title
        if layout in ("line", "compact"):
            title += self.name(record, here)
            text = f" – {note}" if note else ""
            title += nodes.inline(text, text, classes=["explainer-note"]) if note else []
            return item
        title += link(record.docname, record.title, here)
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


def _cell(*parts: nodes.Element, column: str = "") -> nodes.entry:
    """Return a cell; its ``column`` is named in it for screens that have no room for a head."""
    label = nodes.paragraph("", column, classes=["explainer-column"])
    return nodes.entry("", *([label] if column and parts else []), *parts)


def _heading(text: str) -> nodes.rubric:
    return nodes.rubric("", text, **{"heading-level": 2})


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
        renderer = BlockRenderer(domain)
        for node in list(self.document.findall(placeholder)):
            box = renderer.render(block_of(node), node["docname"])
            if box.get("edges") and "sphinxcontrib.mermaid" in app_of(self.env).extensions:
                box.insert(0, self._drawing(renderer, box, node["docname"]))
            self._unfold(box)
            node.replace_self([box] if box.children else [])

    def _unfold(self, box: nodes.Element) -> None:
        """Open what is folded: what can be opened and shut needs its heading no longer."""
        web = is_web(self.env)
        for part in list(box.findall(folded)):
            if not web:
                part.replace_self(part.children if part.get("kept") else [])
            elif isinstance(part[0], nodes.rubric):
                part.pop(0)
        for label in [] if web else list(box.findall(nodes.paragraph)):
            if "explainer-column" in label["classes"]:
                label.parent.remove(label)

    def _drawing(self, renderer: BlockRenderer, box: nodes.Element, here: str) -> nodes.Element:
        """Return what builds on what as the node that the project's Mermaid extension draws."""
        from sphinxcontrib.mermaid import mermaid

        rows = ["flowchart TD"]
        slugs = dict.fromkeys(slug for edge in box["edges"] for slug in edge)
        names = {slug: f"n{number}" for number, slug in enumerate(slugs, 1)}  # `end` is a keyword
        for slug, name in names.items():
            record = renderer.library.by_slug[slug]
            rows.append(f'  {name}["{drawn_text(record.short_title or record.title)}"]')
            try:
                uri = app_of(self.env).builder.get_relative_uri(here, record.docname)
                rows.append(f'  click {name} href "{uri}"')
            except NoUri:
                continue
        rows += [f"  {names[first]} --> {names[then]}" for first, then in box["edges"]]
        alt = _("Arrows lead from each explainer to those that build on it.")
        code = "\n".join(rows)
        node: nodes.Element = mermaid("", code=code, options={}, alt=alt, widest=_WIDEST)
        return node
