"""Captions numbered within each page: "Figure 3" is the third figure of its article.

Sphinx counts through all pages whose toctrees have no numbers, so one more figure would change
those of other articles, and it opens every page again in every build to do so. Here each page is
counted when it is read. Where toctrees are numbered, and in a single long page, Sphinx's way is
right; LaTeX counts by itself, within chapters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes
from sphinx.domains.std import StandardDomain
from sphinx.environment.collectors.toctree import TocTreeCollector
from sphinx.transforms.post_transforms import SphinxPostTransform

from figures.domain import Numbers, domain_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment


def counted(env: BuildEnvironment, doctree: nodes.document) -> Numbers:
    """Return the numbers of everything in one page that has a caption, and of its equations."""
    found: Numbers = {}
    for node in doctree.findall(nodes.Element):
        kind = None if isinstance(node, nodes.section) else _kind(env, node)
        if kind and node["ids"]:
            same = found.setdefault(kind, {})
            same[node["ids"][0]] = (len(same) + 1,)
    if found:
        found.setdefault("displaymath", {})  # Sphinx looks there, whatever else has numbers
    return found


def _kind(env: BuildEnvironment, node: nodes.Element) -> str | None:
    """Return as what ``node`` is numbered, if it is."""
    for domain in env.domains.sorted():
        kind = domain.get_enumerable_node_type(node)
        if kind and not (isinstance(domain, StandardDomain) and not domain.get_numfig_title(node)):
            return kind
    return None


def on_doctree_read(app: Sphinx, doctree: nodes.document) -> None:
    """Count what the page has, and note the numbers that its text shows."""
    domain, docname = domain_of(app.env), app.env.current_document.docname
    domain.numbers[docname] = counted(app.env, doctree)
    links = doctree.findall(addnodes.pending_xref)
    labels = {link["reftarget"] for link in links if link.get("reftype") == "numref"}
    domain.referred[docname] = tuple(sorted(labels))


def on_shown(app: Sphinx, env: BuildEnvironment) -> dict[str, list[Any]]:
    """Return the numbers in each page that other pages decide, so that it is never out of date."""
    domain, known = domain_of(env), env.domains.standard_domain.anonlabels
    found: dict[str, list[Any]] = {}
    for docname, labels in domain.referred.items():
        for label in labels:
            page, name = known.get(label, ("", ""))
            kinds = env.toc_fignumbers.get(page, {}).values()
            shown = (label, [ids[name] for ids in kinds if name in ids])
            found.setdefault(docname, []).append(shown)
    return found


def _within_pages(collector: TocTreeCollector) -> Callable[[BuildEnvironment], list[str]]:
    """Return what takes the place of Sphinx's count."""
    throughout = collector.assign_figure_numbers

    def assign(env: BuildEnvironment) -> list[str]:
        single = env._app.builder.name == "singlehtml"
        if single or env.numbered_toctrees or not env.config.numfig:
            return throughout(env)
        env.toc_fignumbers = {
            name: kinds for name, kinds in domain_of(env).numbers.items() if kinds
        }
        return []  # a page's numbers change only when it is read again

    return assign


def on_config_inited(app: Sphinx, config: Config) -> None:
    """Take over from Sphinx's collector, which offers no other way to say how it counts."""
    for listener in app.events.listeners["env-get-updated"]:
        collector = getattr(listener.handler, "__self__", None)
        if isinstance(collector, TocTreeCollector):
            collector.assign_figure_numbers = _within_pages(collector)  # type: ignore[method-assign, assignment]


class WrittenNumbers(SphinxPostTransform):
    """Writes the numbers where Sphinx's writers would leave them out, or write "Figure %s"."""

    default_priority = 410
    formats = ("text", "man", "texinfo")

    def run(self, **kwargs: Any) -> None:
        if not self.config.numfig:
            return
        for link in list(self.document.findall(addnodes.number_reference)):
            link.replace_self(link.children)
        for caption in list(self.document.findall(_is_caption)):
            assert isinstance(caption, nodes.TextElement)
            kind = _kind(self.env, caption.parent)
            numbers = self.env.toc_fignumbers.get(_page_of(caption), {}).get(kind or "", {})
            number = numbers.get(next(iter(caption.parent["ids"]), ""))
            if number:
                words = self.config.numfig_format[kind] % ".".join(map(str, number))
                caption.insert(0, nodes.Text(f"{words}. "))


def _is_caption(node: nodes.Node) -> bool:
    """Return whether ``node`` is the caption of something numbered."""
    table = isinstance(node, nodes.title) and isinstance(node.parent, nodes.table)
    return table or isinstance(node, nodes.caption)


def _page_of(node: nodes.Node) -> str:
    """Return the page of ``node``, also in a book of all pages."""
    outer: nodes.Node | None = node
    while outer is not None and not isinstance(outer, (addnodes.start_of_file, nodes.document)):
        outer = outer.parent
    if isinstance(outer, addnodes.start_of_file):
        return str(outer["docname"])
    return str(node.document.settings.env.current_document.docname) if node.document else ""


def setup(app: Sphinx) -> None:
    """Register what counts."""
    app.connect("config-inited", on_config_inited)
    app.connect("doctree-read", on_doctree_read)
    app.connect("incremental-shown", on_shown)
    app.add_post_transform(WrittenNumbers)
