"""What `_static/previews.js` shows of the page or the glossary's entry that a link leads to.

The cards are in a file of data that the script loads when the first link is pointed at: a script,
since pages opened from a folder may load scripts but fetch nothing. It is written when all pages
are, so that no page has to be written again when another one's description changes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path
from textwrap import shorten
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.locale import get_translation

from explainers.domain import domain_of
from explainers.render import BlockRenderer, word
from incremental.files import write_file
from terms import home

from .layout import is_site

_ = get_translation("website")
DATA = "preview-data.js"
_TAGS: dict[type[nodes.Node], str] = {
    nodes.paragraph: "p",
    nodes.emphasis: "em",
    nodes.strong: "strong",
    nodes.literal: "code",
    nodes.subscript: "sub",
    nodes.superscript: "sup",
}
_NO_TEXT = (home, addnodes.index, nodes.comment, nodes.footnote_reference)


def data(app: Sphinx) -> dict[str, Any]:
    """Return the cards: of pages by address, and of the glossary's entries with all their names."""
    return {
        "pages": {
            app.builder.get_target_uri(docname): _page(app, docname)
            for docname in sorted(app.env.found_docs)
        },
        "terms": list(_terms(app)),
        "words": {"explained": _("Explained in {title}")},
    }


def _page(app: Sphinx, docname: str) -> list[str]:
    """Return title and description of a page; of an explainer also facts, and its theme's name."""
    domain = domain_of(app.env)
    page, article = domain.pages.get(docname), domain.library.by_docname.get(docname)
    record = page.record if page else None
    if article:
        renderer, minutes = BlockRenderer(domain), domain.library.minutes.get(docname, 0)
        facts = [renderer.theme(article), word(article.level), _("%d min read") % minutes]
        return [article.title, article.description, " · ".join(facts), article.theme]
    if record:
        return [record.title, record.description]
    title = app.env.titles.get(docname)
    text = str(app.config.website_description) if docname == app.config.root_doc else ""
    if not text:
        first = next(iter(app.env.get_doctree(docname).findall(nodes.paragraph)), None)
        text = shorten(first.astext(), 160, placeholder=" …") if first else ""
    return [title.astext() if title else docname, text]


def _terms(app: Sphinx) -> Iterator[list[Any]]:
    """Yield names, addresses and definition of each entry, and the page that explains it."""
    env, uri = app.env, app.builder.get_target_uri
    by_slug = domain_of(env).library.by_slug
    objects = env.domains.standard_domain.objects
    pages = {docname for (kind, _name), (docname, _id) in objects.items() if kind == "term"}
    for docname in sorted(pages):
        doctree = env.get_doctree(docname)
        for glossary in doctree.findall(addnodes.glossary):
            for entry in glossary.findall(nodes.definition_list_item):
                terms = list(entry.findall(nodes.term))
                names = [" ".join(term.astext().split()) for term in terms]
                anchors = [f"{uri(docname)}#{term['ids'][0]}" for term in terms if term["ids"]]
                homes = [by_slug.get(node["explainer"]) for node in entry.findall(home)]
                definition = next(iter(entry.findall(nodes.definition)), nodes.definition())
                markup = as_html(definition, _titles(app), _formulas(app)).strip()
                yield [names, anchors, markup, *(uri(r.docname) for r in homes[:1] if r)]


def as_html(node: nodes.Node, title: Callable[[str], str], formula: Callable[[str], str]) -> str:
    """Return what is read below ``node`` as HTML: text, emphasis and formulas, but no links."""
    if isinstance(node, nodes.Text):
        return escape(node.astext())
    if isinstance(node, _NO_TEXT):
        return ""
    if isinstance(node, (nodes.math, nodes.math_block)):
        return formula(node.astext())
    if isinstance(node, addnodes.pending_xref) and not node.get("refexplicit"):
        return escape(title(node["reftarget"]))
    inside = "".join(as_html(child, title, formula) for child in node.children)
    tag = _TAGS.get(type(node))
    return f"<{tag}>{inside.strip()}</{tag}>" if tag else inside


def _titles(app: Sphinx) -> Callable[[str], str]:
    return domain_of(app.env).title


def _formulas(app: Sphinx) -> Callable[[str], str]:
    """Return what draws a formula in a line of text, as pages do."""
    if "mathml" not in app.extensions:
        return lambda tex: f"<code>{escape(tex)}</code>"
    from math_core import LatexError

    import mathml

    def draw(tex: str) -> str:
        known, macros = mathml.prepared(tex, block=False), app.config.mathml_macros
        try:
            return mathml.converted(known, block=False, macros=macros, source=None, xml=False)
        except LatexError:  # reported where the page has it
            return f"<code>{escape(tex)}</code>"

    return draw


def on_builder_inited(app: Sphinx) -> None:
    """Load the script and the style of all reading aids."""
    if is_site(app):
        app.add_css_file("aids.css")
        app.add_js_file("previews.js", loading_method="defer")


def on_build_finished(app: Sphinx, error: Exception | None) -> None:
    """Write the data."""
    if not error and is_site(app):
        text = json.dumps(data(app), ensure_ascii=False, separators=(",", ":"))
        write_file(Path(app.outdir, "_static", DATA), f"previewData = {text};\n")


def setup(app: Sphinx) -> None:
    """Connect to Sphinx."""
    app.connect("builder-inited", on_builder_inited)
    app.connect("build-finished", on_build_finished)
