"""From the library to nodes: first a plain *view* of each block, then the view as nodes.

A page is written again exactly when one of its views changes (:mod:`.refresh`), so nothing may
be shown that is not in the view.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from docutils import nodes
from sphinx import addnodes
from sphinx.errors import NoUri
from sphinx.locale import get_translation
from sphinx.transforms.post_transforms import SphinxPostTransform

from .directives import LISTS
from .domain import Block, ExplainersDomain, block_of, domain_of, placeholder
from .library import Selection
from .prose import Hit, find_concepts, parts
from .reading import prose
from .record import Record

_ = get_translation("explainers")
_LAYOUTS = {"cards": "grid", "related": "list", "backlinks": "quote"}  # the rest: one line each


class Entry(NamedTuple):
    """A record as a card or line shows it; ``note`` is why it is here."""

    record: Record
    theme: str
    minutes: int
    note: str = ""


class Group(NamedTuple):
    """Entries under a heading, which may link to the page ``docname``."""

    heading: str
    docname: str
    entries: tuple[Entry, ...]


class View(NamedTuple):
    """What a block shows; ``edges`` are pairs of slugs, the second building on the first."""

    heading: str = ""
    groups: tuple[Group, ...] = ()
    closing: str = ""
    edges: tuple[tuple[str, str], ...] = ()


def word(name: str) -> str:
    """Return the reader's word for a kind or level."""
    words = {
        "overview": _("overview"),
        "building-blocks": _("building blocks"),
        "prerequisites": _("prerequisites"),
        "limits": _("limits"),
        "intro": _("introductory"),
        "intermediate": _("intermediate"),
        "advanced": _("advanced"),
    }
    return words.get(name, name)


class Views:
    """The views of one project's blocks, made from its domain."""

    def __init__(self, domain: ExplainersDomain) -> None:
        self.domain, self.library = domain, domain.library

    def view(self, block: Block) -> View:
        """Return what ``block`` shows; empty where it has nothing to show."""
        if block.name in ("cards", "map"):
            return self.listing(block)
        if block.explainer not in self.library.by_slug:
            return View()
        make: Callable[[str], View] = getattr(self, block.name)
        view = make(block.explainer)
        return view if view.groups[0].entries else View()

    def entry(self, record: Record, note: str = "", brief: bool = False) -> Entry:
        """Return how ``record`` appears; ``brief`` with no more than its title and minutes."""
        minutes = self.library.minutes.get(record.docname, 0)
        if brief:
            return Entry(Record(record.docname, record.title), "", minutes, note)
        theme = self.library.themes.get(record.theme)
        name = theme.title if theme else record.theme.replace("-", " ").capitalize()
        return Entry(record, name, minutes, note)

    def listing(self, block: Block) -> View:
        """Return the selected explainers, and for a map what builds on what among them."""
        options = dict(block.options)
        lists = {name: tuple(options.get(name, "").replace(",", " ").split()) for name in LISTS}
        sort, by = options.get("sort", "reading"), options.get("group-by", "")
        wanted = Selection(**lists, sort=sort, limit=int(options.get("limit", 0)), group_by=by)
        groups, edges = [], []
        for key, records in self.library.select(wanted):
            entries = tuple(map(self.entry, records))
            theme = self.library.themes.get(key) if by == "theme" else None
            heading = entries[0].theme if by == "theme" else word(key).capitalize()
            groups.append(Group(heading, theme.docname if theme else "", entries))
            slugs = {record.slug for record in records} if block.name == "map" else set()
            edges += [
                (need.slug, slug)
                for slug in sorted(slugs, key=list(self.library.by_slug).index)
                for need in self.library.prerequisites(slug)
                if need.slug in slugs
            ]
        return View("", tuple(groups), "", tuple(edges))

    def _view(
        self,
        heading: str,
        pairs: Iterable[tuple[str, str]],
        closing: str = "",
        brief: bool = True,
    ) -> View:
        by_slug = self.library.by_slug
        entries = (self.entry(by_slug[slug], note, brief) for slug, note in pairs)
        return View(heading, (Group("", "", tuple(entries)),), closing)

    def header(self, slug: str) -> View:
        return self._view("", [(slug, "")], brief=False)

    def prerequisites(self, slug: str) -> View:
        needs, path = self.library.prerequisites(slug), self.library.path(slug)
        more = _("With what these need in turn: %s") % self._sum(slug)
        pairs = ((need.slug, need.why) for need in needs)
        return self._view(_("Before you read"), pairs, more if len(path) > len(needs) else "")

    def path(self, slug: str) -> View:
        pairs = ((record.slug, "") for record in self.library.path(slug))
        return self._view(_("Read first, in this order"), pairs, self._sum(slug))

    def _sum(self, slug: str) -> str:
        path = self.library.path(slug)
        numbers = {"count": len(path), "minutes": self.library.time(path)}
        return _("%(count)d explainers, %(minutes)d minutes") % numbers

    def related(self, slug: str) -> View:
        pairs = (
            (other, _("both explain %s") % ", ".join(reasons) if reasons else "")
            for other, _kind, reasons in self.domain.suggestions[slug]
        )
        return self._view(_("Related explainers"), pairs, brief=False)

    def dependents(self, slug: str) -> View:
        pairs = ((need.slug, need.why) for need in self.library.dependents(slug))
        return self._view(_("Explainers that build on this"), pairs)

    def backlinks(self, slug: str) -> View:
        return self._view(_("Mentioned in"), self.domain.mentions.get(slug, ()))

    def terms(self, docname: str) -> list[Hit]:
        """Return the glossary terms that become links in the article ``docname``."""
        page = self.domain.pages[docname]
        if not page.article or not page.record or page.record.unlinked is True:
            return []
        articles = (self.domain.article(link.target) for link in page.links)
        homes = {page.record.slug, *(article.slug for article in articles if article)}
        return find_concepts(
            page.prose,
            self.domain.concepts,
            limit=self.domain.env.config.explainers_terms,
            skip_homes=homes,
            skip_terms=page.record.unlinked or (),
        )


def _link(docname: str, text: str, here: str) -> nodes.Element:
    """Return a link that each builder resolves its own way, or turns into text."""
    target = {"refdomain": "std", "reftype": "doc", "reftarget": f"/{docname}", "refdoc": here}
    return addnodes.pending_xref("", nodes.inline(text, text), refexplicit=True, **target)


def _paragraph(name: str, text: str) -> nodes.paragraph:
    return nodes.paragraph("", text, classes=[f"explainer-{name}"])


def _meta(entry: Entry, dates: bool = False) -> nodes.paragraph:
    """Return the line of facts about an article, parted by dots."""
    record = entry.record
    facts = [_("draft") if record.draft else "", entry.theme, word(record.kind), word(record.level)]
    facts += [_("%d min read") % entry.minutes]
    facts += [_("published %s") % record.date] if dates and record.date else []
    facts += [_("facts checked %s") % record.checked] if dates and record.checked else []
    return _paragraph("meta", " · ".join(fact for fact in facts if fact))


def _item(entry: Entry, here: str, layout: str) -> nodes.list_item:
    """Return one explainer as an entry of a list; ``layout`` says how much of it."""
    record = entry.record
    names = {"theme": record.theme, "kind": record.kind, "level": record.level}
    item = nodes.list_item("", classes=["explainer-card"])
    item["classes"] += [f"{name}-{value}" for name, value in names.items() if value]
    if layout == "grid" and record.thumbnail:
        uri = record.thumbnail
        item += nodes.image(uri=uri, alt=record.thumbnail_alt, candidates={"*": uri})
    title = _paragraph("title", "")
    title += _link(record.docname, record.title, here)
    item += title
    if layout in ("line", "compact"):
        note = f" – {entry.note}" if entry.note else ""
        note += f" ({_('%d min') % entry.minutes})"
        title += nodes.inline(note, note, classes=["explainer-note"])
        return item
    if layout != "quote":
        item += [_paragraph("description", record.description), _meta(entry)]
    if entry.note:
        item += _paragraph("note", "")
        for text, tex in parts(entry.note):
            item[-1] += nodes.math(tex, tex) if tex else nodes.Text(text)
    return item


def render(view: View, block: Block, here: str) -> nodes.container:
    """Return the nodes of a block, without children where there is nothing to show."""
    layout = dict(block.options).get("layout", _LAYOUTS.get(block.name, "line"))
    box = nodes.container(classes=["explainer-block", f"explainer-{block.name}", "no-search"])
    if view.heading:
        box += nodes.rubric("", view.heading, **{"heading-level": 2})
    for heading, docname, entries in view.groups:
        if heading:
            content = _link(docname, heading, here) if docname else nodes.Text(heading)
            box += nodes.rubric("", "", content, **{"heading-level": 3})
        if block.name == "header":
            box += _paragraph("description", entries[0].record.description)
            box += _meta(entries[0], dates=True)
        elif entries:
            kind = nodes.enumerated_list if block.name == "path" else nodes.bullet_list
            items = [_item(entry, here, layout) for entry in entries]
            box += kind("", *items, classes=["explainer-cards", f"explainer-cards-{layout}"])
    if view.closing:
        box += _paragraph("meta", view.closing)
    return box


def draw(view: View, uri: Callable[[str], str]) -> str:
    """Return a Mermaid diagram of what builds on what; ``uri`` gives a page's address."""
    records = [entry.record for group in view.groups for entry in group.entries]
    number = {record.slug: f"n{index}" for index, record in enumerate(records)}
    rows = ["flowchart TD"]
    for record in records:
        label = (record.short_title or record.title).replace('"', "”").replace("#", "＃")
        rows.append(f'  {number[record.slug]}["{label}"]')
        if address := uri(record.docname):
            rows.append(f'  click {number[record.slug]} href "{address}"')
    rows += [f"  {number[first]} --> {number[then]}" for first, then in view.edges]
    return "\n".join(rows)


class FillPlaceholders(SphinxPostTransform):
    """Put the blocks and the glossary links in, for whatever builder asks."""

    default_priority = 5  # references are resolved from 9 on

    def run(self, **kwargs: Any) -> None:
        domain = domain_of(self.env)
        domain.resolved.add(self.env.docname)
        views = Views(domain)
        for section in self.document.findall(nodes.section):
            if "explainer" in section:
                self._link_terms(section, views)
        for node in list(self.document.findall(placeholder)):
            block, here = block_of(node), node["docname"]
            view = views.view(block)
            box = render(view, block, here)
            if view.edges and "sphinxcontrib.mermaid" in self.env._app.extensions:
                box.insert(0, self._drawing(view, here))
            node.replace_self([box] if box.children else [])

    def _drawing(self, view: View, here: str) -> nodes.Element:
        """Return the node that the project's Mermaid extension draws."""
        from sphinxcontrib.mermaid import mermaid

        def uri(docname: str) -> str:
            try:
                return self.env._app.builder.get_relative_uri(here, docname)
            except NoUri:
                return ""

        alt = _("Arrows lead from each explainer to those that build on it.")
        node: nodes.Element = mermaid("", code=draw(view, uri), options={}, alt=alt)
        return node

    def _link_terms(self, section: nodes.Element, views: Views) -> None:
        """Turn the first mention of each glossary term into a link."""
        texts, here = list(prose(section)), section["explainer"]
        hits = views.terms(here)
        for index in {hit.text for hit in hits}:
            text, done = texts[index].astext(), 0
            parts: list[nodes.Node] = []
            for _text, start, end, slug in (hit for hit in hits if hit.text == index):
                link = _link(views.library.by_slug[slug].docname, text[start:end], here)
                link["classes"] = ["explainer-term"]
                parts += [nodes.Text(text[done:start]), link]
                done = end
            texts[index].parent.replace(texts[index], [*parts, nodes.Text(text[done:])])
