"""Pages at the addresses that articles and themes had before, which lead to where they are now;
and at the short addresses that print shows below charts with controls.

A host of static files knows no redirects, so each is a page of its own. It leads on without a
script and names the address that counts; search engines are asked not to list it, and nothing here
does.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from explainers.domain import domain_of, root_of
from explainers.library import Library

from . import address
from .layout import is_site

log = logging.getLogger(__name__)


class Move(NamedTuple):
    """A document's name before and now, how the front matter says it, and on which line."""

    old: str
    new: str
    says: str
    line: int


def moves(library: Library, root: str) -> Iterator[Move]:
    """Yield what the front matter of articles and themes says under ``formerly``.

    ``root`` is the folder of the themes' folders; it may be empty.
    """
    themes = library.themes.values()
    for record, end in [*((r, ()) for r in library.records), *((r, ("index",)) for r in themes)]:
        for said in record.formerly:
            old = "/".join(filter(None, (root, said.slug, *end)))
            yield Move(old, record.docname, said.slug, said.line)


def sorted_out(
    found: Iterator[Move], documents: Collection[str]
) -> tuple[list[Move], list[tuple[Move, str]]]:
    """Return the moves to make pages of, and the others with what is wrong with each."""
    good: dict[str, Move] = {}
    wrong = []
    for move in found:
        if move.old in documents:
            wrong.append((move, "is the address of a page, so nothing else can lead from there"))
        elif move.old in good:
            wrong.append((move, f"leads to '{good[move.old].new}' already, which names it too"))
        else:
            good[move.old] = move
    return list(good.values()), wrong


def _moves(app: Sphinx) -> tuple[list[Move], list[tuple[Move, str]]]:
    found = moves(domain_of(app.env).library, root_of(app.config))
    return sorted_out(found, app.env.found_docs)


def on_consistency(app: Sphinx, env: BuildEnvironment) -> None:
    """Report former addresses that cannot lead anywhere."""
    for move, reason in _moves(app)[1]:
        log.warning(
            "formerly: '%s' %s",
            move.says,
            reason,
            location=f"{env.doc2path(move.new)}:{move.line}",
            type="website",
            subtype="moved",
        )


def on_collect_pages(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Yield a page for each former address."""
    for move in _moves(app)[0] if is_site(app) else ():
        yield move.old, _leading(app, move.old, move.new), "moved.html"


def on_collect_charts(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Yield a page for each short address."""
    if not (is_site(app) and "figures" in app.extensions and app.config.html_baseurl):
        return
    from figures.chart_drawings import live_places  # where there are figures
    from figures.web import short_path

    for name, (docname, anchor) in live_places(app.env).items():
        path = short_path(name, app.config)
        page = f"{path}index"
        if path and page not in app.env.found_docs:
            yield page, _leading(app, page, docname, anchor) | {"chart": True}, "moved.html"


def _leading(app: Sphinx, here: str, docname: str, anchor: str = "") -> dict[str, Any]:
    """Return what the template of the page ``here`` is given to lead to another."""
    there = app.builder.get_relative_uri(here, docname)
    return {
        "title": app.env.titles[docname].astext(),
        "there": f"{there}#{anchor}" if anchor else there,
        "canonical": address.public(app, docname) if app.config.html_baseurl else "",
    }


def setup(app: Sphinx) -> None:
    """Connect to Sphinx."""
    app.connect("env-check-consistency", on_consistency)
    app.connect("html-collect-pages", on_collect_pages)
    app.connect("html-collect-pages", on_collect_charts)
