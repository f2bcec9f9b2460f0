"""The preview of ``make live`` without a search: its index costs a fifth of every edit."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder


def on_builder_inited(app: Sphinx) -> None:
    """Leave index and search page out."""
    if app.tags.has("live") and isinstance(app.builder, StandaloneHTMLBuilder):
        app.builder.search = False


def on_page_context(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:  # fmt: skip
    """Leave the sidebar's box out, which would lead to neither."""
    if app.tags.has("live"):
        shown = context.get("sidebars", ())
        context["sidebars"] = [name for name in shown if name != "sidebar/search.html"]


def setup(app: Sphinx) -> None:
    """Connect to Sphinx."""
    app.connect("builder-inited", on_builder_inited)
    app.connect("html-page-context", on_page_context)
