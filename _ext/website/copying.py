"""Buttons that copy: on code by sphinx-copybutton, elsewhere by `_static/copy.js`."""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx
from sphinx.locale import get_translation

from .layout import is_site

_ = get_translation("website")


def on_builder_inited(app: Sphinx) -> None:
    """Load the script, with what it says in the site's language."""
    if is_site(app):
        words: Any = {
            "data-label": _("Copy {what}"),
            "data-copied": _("Copied"),
            "data-failed": _("Selected: copy it with your keyboard"),
        }
        app.add_js_file("copy.js", loading_method="defer", **words)


def setup(app: Sphinx) -> None:
    """Connect to Sphinx."""
    app.connect("builder-inited", on_builder_inited)
