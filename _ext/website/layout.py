"""The site's page templates, on top of Furo's."""

from __future__ import annotations

from pathlib import Path

from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.jinja2glue import BuiltinTemplateLoader, SphinxFileSystemLoader
from sphinx.util._pathlib import _StrPath

_FOLDER = Path(__file__).parent / "templates"


def is_site(app: Sphinx) -> bool:
    """Return whether this run writes the site: pages of HTML in the theme that it is made for."""
    return app.builder.name in ("html", "dirhtml") and app.config.html_theme == "furo"


def on_builder_inited(app: Sphinx) -> None:
    """Look for templates here before the theme; not by `templates_path`, which all builders use."""
    if not is_site(app):
        return
    assert isinstance(app.builder, StandaloneHTMLBuilder)
    templates = app.builder.templates
    assert isinstance(templates, BuiltinTemplateLoader)
    templates.pathchain.insert(0, _StrPath(_FOLDER))  # pages are older than a changed template
    templates.loaders.insert(0, SphinxFileSystemLoader(str(_FOLDER)))
    templates.templatepathlen += 1


def setup(app: Sphinx) -> None:
    """Connect to Sphinx."""
    app.connect("builder-inited", on_builder_inited)
