"""Search: an index that does not depend on what was built before, results that say what a page is
about, and a preview without either.

Sphinx 9.0 keeps the index entries (glossary terms, ``{index}``) of the pages that one run writes
and forgets those of all others, so that the second build of an unchanged site already finds less.
They are known all the same: the domain of index entries has them for every document. It also keeps
the words that no page has any more.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.util.index_entries import split_index_msg

from .layout import is_site


def on_write_started(app: Sphinx, builder: Builder) -> None:
    """Give the index builder the entries of all documents before it takes those of some."""
    known = app.env._search_index_index_entries  # no public name; the test tells when it is gone
    known.clear()
    for docname, entries in sorted(app.env.domains.index_domain.entries.items()):
        found: set[tuple[str, str, str]] = set()
        for kind, value, target, main, _key in entries:
            with suppress(ValueError):  # malformed, and reported when it was read
                found |= {(part, target or "", main) for part in split_index_msg(kind, value)}
        known[docname] = sorted(found)


def on_collect_pages(app: Sphinx) -> list[tuple[str, dict[str, Any], str]]:
    """Drop the words of no page, once all pages are written; return no further page."""
    indexer: Any = getattr(app.builder, "indexer", None)
    for words in (indexer._mapping, indexer._title_mapping) if indexer else ():
        for word in [word for word, pages in words.items() if not pages]:
            del words[word]
    return []


def on_builder_inited(app: Sphinx) -> None:
    """Leave index and search page out of a preview: the index costs a fifth of every edit."""
    if app.tags.has("live") and isinstance(app.builder, StandaloneHTMLBuilder):
        app.builder.search = False


def on_page_context(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:  # fmt: skip
    """Load the script on the page that searches; in a preview, leave the sidebar's box out."""
    if pagename == "search" and is_site(app):
        app.add_js_file("results.js", loading_method="defer", priority=900)  # after the previews
    if app.tags.has("live"):  # the box would lead nowhere
        shown = context.get("sidebars", ())
        context["sidebars"] = [name for name in shown if name != "sidebar/search.html"]


def setup(app: Sphinx) -> None:
    """Connect to Sphinx."""
    app.connect("write-started", on_write_started)
    app.connect("html-collect-pages", on_collect_pages)
    app.connect("builder-inited", on_builder_inited)
    app.connect("html-page-context", on_page_context)
