"""Slips: Markdown that is valid, and yet not what its author meant, is told of.

:mod:`.markdown` says what these are; here they are looked for in every page of Markdown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def on_source_read(app: Sphinx, docname: str, content: list[str]) -> None:
    """Report the slips of a page."""
    from markdown_it.renderer import RendererHTML
    from myst_parser.parsers.mdit import create_md_parser
    from sphinx.util import logging

    from .markdown import slips

    path = app.env.doc2path(docname)
    if path.suffix != ".md":
        return
    parser = create_md_parser(app.env.myst_config, RendererHTML)  # type: ignore[attr-defined]
    for subtype, message, line in slips(content[0], parser):
        logging.getLogger(__name__).warning(
            "%s", message, type="slips", subtype=subtype, location=f"{path}:{line}"
        )


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the extension to Sphinx; imported late so that the pure module needs none."""
    app.setup_extension("myst_parser")
    app.connect("source-read", on_source_read, priority=50)  # before others rewrite the text
    return {"env_version": 2, "parallel_read_safe": True, "parallel_write_safe": True}
