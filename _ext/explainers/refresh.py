"""What pages show of one another, so that they are written again when it changes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from incremental.inputs import look

from .domain import domain_of
from .render import BlockRenderer


def on_env_updated(app: Sphinx, env: BuildEnvironment) -> None:
    """Derive again what follows from the pages."""
    domain = domain_of(env)
    domain.forget()
    domain.derived.related  # noqa: B018 - computed before Sphinx saves the environment


def on_shown(app: Sphinx, env: BuildEnvironment) -> dict[str, list[Any]]:
    """Return, by page, everything it shows that follows from other explainers."""
    domain = domain_of(env)
    renderer, found = BlockRenderer(domain), {}
    thumbnails = (record.thumbnail for record in domain.library.records if record.thumbnail)
    pictures = [look(Path(env.srcdir, path)) for path in thumbnails]
    for docname in sorted(env.found_docs):
        shown: list[Any] = [app.emit("explainers-page-depends-on", env, docname)]
        page = domain.pages.get(docname)
        if page:
            shown += [str(renderer.render(block, docname)) for block in page.blocks]
            shown += pictures if any(block.listing for block in page.blocks) else []
            for link in page.links:
                article = domain.article(link.target)
                target = article.docname if article else link.target.lstrip("/")
                tip = article.description if article and link.target[0] != "/" else ""
                shown.append((target, link.automatic and str(env.titles.get(target)), tip))
        found[docname] = shown
    return found
