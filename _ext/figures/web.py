"""Pages of the web, which can load more than other outputs: where they are, and what lies there."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from docutils import nodes
from sphinx.builders import Builder
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.config import Config


def is_web(builder: Builder) -> bool:
    """Return whether what is written are pages that may load scripts."""
    return isinstance(builder, StandaloneHTMLBuilder) and not builder.embedded


def address_of(spot: nodes.Element, config: Config) -> str:
    """Return where the figure around ``spot`` is published, nothing where pages have no address.

    ``spot`` keeps its page as ``docname``, since a book is one page of many.
    """
    figure = spot.parent
    anchor = f"#{figure['ids'][0]}" if isinstance(figure, nodes.figure) and figure["ids"] else ""
    base = str(config.html_baseurl)
    return f"{base.rstrip('/')}/{spot['docname']}.html{anchor}" if base else ""


def sweep(folder: Path, stems: Collection[str]) -> None:
    """Remove the files of ``folder`` that have none of these names."""
    for file in folder.glob("*"):
        if file.stem not in stems and file.suffix != ".part":  # which another build may be writing
            file.unlink(missing_ok=True)
