"""Search results that say what a page is about; `_static/results.js` makes them."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from .layout import is_site


def on_page_context(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:  # fmt: skip
    """Load the script on the page that searches."""
    if pagename == "search" and is_site(app):
        app.add_js_file("results.js", loading_method="defer", priority=900)  # after the previews


def setup(app: Sphinx) -> None:
    """Connect to Sphinx."""
    app.connect("html-page-context", on_page_context)
