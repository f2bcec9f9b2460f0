"""What pages show to find one's way by, and when they have to be written again.

=========  ===========================================================================
``place``  above an explainer that has one: the chain it is in, its box lit
``theme``  in a book, where a theme opens: the chains its explainers are in, their boxes lit
``next``   at its end: where it is on the reading paths, and what comes after it
``chains`` where a page asks for it (``{chains}``): all chains
``paths``  where a page asks for it (``{reading-paths}``): all reading paths
=========  ===========================================================================

A page has a spot until all pages are known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from pathlib import Path
from typing import Any, NamedTuple

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.locale import get_translation
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from explainers import domain as explainers
from explainers.library import Library
from explainers.record import Problem, Record
from explainers.render import BlockRenderer

from . import strip
from .chains import Stop, crossed, route, stops, unknown_places, unknown_themes
from .domain import chains_of, domain_of, file_of, paths_of
from .paths import Leg, legs, misled

_ = get_translation("wayfinding")
log = logging.getLogger(__name__)
# By file, the blocks that are made of it.
_MISTAKES = {"chains": {"place", "theme", "chains"}, "paths": {"paths"}}


class spot(nodes.General, nodes.Element):  # noqa: N801 - docutils names nodes so
    """Where the block ``shows`` of the page ``docname`` goes, once every page is known."""


class Chains(SphinxDirective):
    """``{chains}``: all chains, their boxes leading to explainers."""

    shows = "chains"

    def run(self) -> list[nodes.Node]:
        node = spot("", docname=self.env.docname, shows=self.shows, whys="whys" in self.options)
        self.set_source_info(node)
        return [node]


class ReadingPaths(Chains):
    """``{reading-paths}``: all reading paths; with ``:whys:``, what each stop gives the reader."""

    shows = "paths"
    option_spec = {"whys": directives.flag}  # noqa: RUF012 - docutils' name


class Next(NamedTuple):
    """What to read after an explainer, and why it comes next."""

    page: Record
    reasons: tuple[str, ...]


def on_doctree_read(app: Sphinx, doctree: nodes.document) -> None:
    """Mark the spots in an explainer, and note what the page shows."""
    env, docname = app.env, app.env.current_document.docname
    page = explainers.domain_of(env).pages[docname]
    record, section = page.record, next(iter(doctree.findall(nodes.section)), None)
    if record and section is not None:
        if page.article and record.place:
            section.insert(1, spot("", docname=docname, shows="place"))
        if page.article:
            section.insert(_end(section), spot("", docname=docname, shows="next"))
        else:
            section.insert(1, spot("", docname=docname, shows="theme"))
    found = {node["shows"] for node in doctree.findall(spot)}
    if found:
        domain_of(env).shown[docname] = found
    for name, blocks in _MISTAKES.items():  # are told again whenever the file has changed
        if found & blocks and file_of(env, name).is_file():
            env.note_dependency(file_of(env, name))


def _end(section: nodes.section) -> int:
    """Return where an explainer's own text ends: at the first of the blocks around it."""
    last = len(section.children)
    while last and isinstance(section[last - 1], explainers.placeholder):
        last -= 1
    return last


def shown(env: BuildEnvironment, docname: str, name: str) -> Any:
    """Return what a block of a page shows, or nothing where there is nothing to show."""
    library = explainers.domain_of(env).library
    record, chains, paths = library.by_docname.get(docname), chains_of(env)[0], paths_of(env)[0]
    if name == "chains":
        return [(chain.title, stops(chain, library)) for chain in chains]
    if name == "paths":
        found = [(path, [(library.find(stop.slug), stop.why) for stop in path.stops])
                 for path in paths]  # fmt: skip
        return [(path, [pair for pair in pairs if pair[0]]) for path, pairs in found]
    if name == "theme":
        page = explainers.domain_of(env).pages[docname].record
        return crossed(chains, library, page.theme) if page and not explainers.is_web(env) else ()
    if record and name == "place":
        return route(chains, library, record.place)
    return (legs(paths, library, record.slug), following(library, record)) if record else None


def following(library: Library, record: Record) -> Record | None:
    """Return the explainer after ``record`` in reading order, or None after the last one."""
    after = library.records[library.records.index(record) + 1 :]
    return after[0] if after else None


def on_page_depends_on(app: Sphinx, env: BuildEnvironment, docname: str) -> Any:
    """Return what a page shows of all this; when that changes it is written again."""
    library = explainers.domain_of(env).library
    found = [shown(env, docname, name) for name in sorted(domain_of(env).shown.get(docname, ()))]
    return found, [library.time([page]) for page in _pages(found)]


def _pages(found: Any) -> Iterator[Record]:
    """Yield the pages in what is shown, however deep."""
    if isinstance(found, Record):
        yield found
    elif isinstance(found, (list, tuple)):
        for part in found:
            yield from _pages(part)


class FillSpots(SphinxPostTransform):
    """Put the blocks in."""

    default_priority = 5  # references are resolved from 9 on

    def run(self, **kwargs: Any) -> None:
        site = explainers.is_web(self.env)
        renderer = BlockRenderer(explainers.domain_of(self.env))
        for node in list(self.document.findall(spot)):
            here, name = node["docname"], node["shows"]
            found, section = shown(self.env, here, name), node.parent
            if name == "place" and found and site:
                surroundings = section.parent
                label = _("Where you are: %s") % found[0]
                at = surroundings.index(section)
                surroundings.insert(at, strip.boxes(label, found[1], here))
                section.remove(node)
            elif name == "place" and found:
                section.remove(node)
                section.insert(1, strip.line(found[1], here))
            elif name == "theme" and found:
                node.replace_self(strip.lines(found, here))
            elif name == "chains":
                node.replace_self(list(_chains(found, here, site)))
            elif name == "paths":
                node.replace_self(list(_paths(renderer, found, here, whys=node["whys"])))
            elif name == "next":
                on_paths, after = found or ((), None)
                node.replace_self(_next(renderer, on_paths, after, here, site))
            else:
                section.remove(node)


class SaidOnce(SphinxPostTransform):
    """Take what comes next out of the related explainers: it need not be said twice."""

    default_priority = 6  # the explainers' blocks are filled in

    def run(self, **kwargs: Any) -> None:
        for box in self.document.findall(nodes.container):
            if "wayfinding-next" in box["classes"] and box.parent:
                named = {str(x["reftarget"]) for x in box.findall(addnodes.pending_xref)}
                for related in list(box.parent.findall(nodes.container)):
                    if "explainer-related" in related["classes"]:
                        _without(related, named)


def _without(block: nodes.Element, targets: Set[str]) -> None:
    """Take the entries that lead to ``targets`` out of a list of explainers, if all, the list."""
    entries = list(block.findall(nodes.list_item))
    links = {entry: entry.findall(addnodes.pending_xref) for entry in entries}
    gone = [entry for entry in entries if any(x["reftarget"] in targets for x in links[entry])]
    for part in gone if len(gone) < len(entries) else [block]:
        assert isinstance(part.parent, nodes.Element)
        part.parent.remove(part)


def _chains(
    found: Iterable[tuple[str, tuple[Stop, ...]]], here: str, site: bool
) -> Iterable[nodes.Node]:
    """Yield every chain under its title."""
    for title, chain in found:
        yield nodes.paragraph("", title.capitalize(), classes=["chain-title", "no-search"])
        yield strip.boxes(title, chain, here) if site else strip.line(chain, here)


def _paths(renderer: BlockRenderer, found: Any, here: str, *, whys: bool) -> Iterable[nodes.Node]:
    """Yield a box around every path: whom it is for, how long it takes, its stops."""
    group = nodes.container(classes=["reading-paths", "no-search"])
    for path, pairs in found:
        box = nodes.container(classes=["reading-path", "explainer-block"])
        box += nodes.rubric("", path.title, **{"heading-level": 3})
        box += nodes.paragraph("", path.description, classes=["reading-path-for"])
        items = [renderer.item(page, here, "line", why if whys else "") for page, why in pairs]
        box += nodes.enumerated_list("", *items, classes=["explainer-cards"])
        minutes = renderer.library.time(page for page, _why in pairs)
        numbers = {"count": len(pairs), "minutes": minutes}
        total = _("%(count)d to read, %(minutes)d min") % numbers
        box += nodes.paragraph("", total, classes=["explainer-meta"])
        group += box
    if group.children:
        yield group


def _next(
    renderer: BlockRenderer,
    on_paths: Iterable[Leg],
    following: Record | None,
    here: str,
    site: bool,
) -> list[nodes.Node]:
    """Return what comes after an explainer: on its paths, else in reading order."""
    ways: dict[str, Next] = {}
    rows: list[nodes.Node] = []
    for leg in on_paths:
        numbers = {"number": leg.number, "count": leg.stops, "path": leg.title}
        if leg.following is None:
            text = _("%(number)d of %(count)d on the path “%(path)s”, its last stop") % numbers
            rows.append(nodes.paragraph("", text, classes=["next-stop"]))
            continue
        text = _("%(number)d of %(count)d on the path “%(path)s”") % numbers
        known = ways.get(leg.following.docname)
        reasons = (*(known.reasons if known else ()), text)
        ways[leg.following.docname] = Next(leg.following, reasons)
    if following and site and not ways:  # in a book it is the next chapter
        ways[following.docname] = Next(following, ())
    box = nodes.container(classes=["wayfinding-next", "no-search"])
    for way in ways.values():
        box += _row(renderer, way, here) if site else _line(renderer, way, here)
    box += rows
    return [box] if box.children else []


def _row(renderer: BlockRenderer, way: Next, here: str) -> nodes.container:
    """Return one page to read next as a box: why, its name, its description."""
    page, row = way.page, nodes.container(classes=["next-page-row"])
    if page.docname in renderer.library.by_docname:
        row["classes"].append(f"theme-{page.theme}")
    row += nodes.paragraph("", _why(way), classes=["next-why"])
    row += nodes.paragraph("", "", *renderer.name(page, here), classes=["next-title"])
    if page.description:
        row += nodes.paragraph("", page.description, classes=["next-text"])
    return row


def _line(renderer: BlockRenderer, way: Next, here: str) -> nodes.paragraph:
    """Return one page to read next as a line of words."""
    why = nodes.Text(f"{_why(way)}: ")
    return nodes.paragraph("", "", why, *renderer.name(way.page, here), classes=["next-stop"])


def _why(way: Next) -> str:
    """Return why a page comes next."""
    reasons = "; ".join(way.reasons)
    return (_("%s · next") % reasons) if reasons else _("Next in reading order")


def on_consistency(app: Sphinx, env: BuildEnvironment) -> None:
    """Report what is wrong with chains and paths, and places that are in no chain."""
    library = explainers.domain_of(env).library
    (chains, in_chains), (paths, in_paths) = chains_of(env), paths_of(env)
    found: list[tuple[Path, Problem]] = [
        *((file_of(env, "chains"), p) for p in [*in_chains, *unknown_themes(chains, library)]),
        *((file_of(env, "paths"), p) for p in [*in_paths, *misled(paths, library)]),
    ]
    if chains or not in_chains:  # else no place is to blame for being in no chain
        places = unknown_places(chains, library)
        found += [(Path(env.doc2path(docname)), problem) for docname, problem in places]
    for file, (subtype, message, line) in found:
        log.warning(
            "%s", message, type="wayfinding", subtype=subtype, location=f"{file}:{line}"
        )  # fmt: skip


def on_builder_inited(app: Sphinx) -> None:
    """Serve the extension's own style sheet."""
    own = str(Path(__file__).parent / "static")
    app.config.html_static_path = [*app.config.html_static_path, own]
    app.add_css_file("wayfinding.css")
