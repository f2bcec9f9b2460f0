"""Pages of the web, which can load more than other outputs: where they are, and what lies there."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from docutils import nodes
from sphinx.config import Config


def address_of(spot: nodes.Element, config: Config) -> str:
    """Return where the figure around ``spot`` is published, nothing where pages have no address.

    ``spot`` keeps its page as ``docname``, since a book is one page of many.
    """
    figure = spot.parent
    anchor = f"#{figure['ids'][0]}" if isinstance(figure, nodes.figure) and figure["ids"] else ""
    base = str(config.html_baseurl)
    return f"{base.rstrip('/')}/{spot['docname']}.html{anchor}" if base else ""


def short_path(name: str, config: Config) -> str:
    """Return the short address of the live chart ``name`` within the site, nothing without any.

    It is a folder, so that it is the same whichever way the host names pages.
    """
    folder = str(config.figures_short_addresses).strip("/")
    return f"{folder}/{name}/" if folder else ""


def short_address_of(spot: nodes.Element, name: str, config: Config) -> str:
    """Return where the live chart ``name`` is published, as short as this project has it."""
    base, path = str(config.html_baseurl), short_path(name, config)
    return f"{base.rstrip('/')}/{path}" if base and path else address_of(spot, config)


def sweep(folder: Path, stems: Collection[str]) -> None:
    """Remove the files of ``folder`` that have none of these names."""
    for file in folder.glob("*"):
        if file.stem not in stems and file.suffix != ".part":  # which another build may be writing
            file.unlink(missing_ok=True)
