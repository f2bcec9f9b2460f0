"""What is wrong with the explainers of a project, and only shows when all pages are known."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from .domain import domain_of, log, place_of, root_of, warn
from .library import Library
from .record import KINDS, LEVELS
from .tags import known_tags


def on_consistency(app: Sphinx, env: BuildEnvironment) -> None:
    """Report what only shows when all pages are known."""
    domain, library = domain_of(env), domain_of(env).library
    _check_root(app, library)
    for docname, (subtype, message, line) in library.problems():
        warn(subtype, message, f"{env.doc2path(docname)}:{line}")
    used = {tag: "" for record in library.records for tag in record.tags}
    known: dict[str, Collection[str]] = {
        "explainer": {*library.by_slug, *(f"/{name}" for name in library.by_docname)},
        "tag": known_tags(env, report=True) or used,
        "theme": {record.theme for record in library.records} | library.themes.keys(),
        "kind": KINDS, "level": LEVELS,
    }  # fmt: skip
    for docname, page in sorted(domain.pages.items()):
        named = [(b.line, "explainer", b.explainer) for b in page.blocks if not b.listing]
        named += [(b.line, *pair) for b in page.blocks for pair in b.named()]
        named += [(link.line, "explainer", link.target) for link in page.links if link.role]
        for line, kind, value in named:
            if value not in known[kind]:
                name = value.rpartition("/")[2] if value == f"/{docname}" else value  # named none
                where = f"{env.doc2path(docname)}:{line}"
                warn("unknown", library.missing(kind, name, known[kind]), where)


def _check_root(app: Sphinx, library: Library) -> None:
    """Say so where there is no explainer at all: a warning if the project means to have some."""
    config, root = app.config, root_of(app.config)
    if library.records or config.explainers_drafts:
        return
    message = f"explainers_root: there is no page at {place_of(config)} with the key 'kind'"
    if config.explainers_strict or root != "articles":
        warn("root", message, f"{Path(app.confdir, 'conf.py')}:1")
    else:  # it may be there for its directives, or before the first explainer
        log.info("%s", message)
