"""What pages show of one another, and the data file: what depends on all pages at once."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from incremental.files import write_file
from incremental.inputs import look

from .domain import ExplainersDomain, domain_of, log, place_of, root_of, warn
from .library import Library
from .prose import parts
from .reading import known_tags
from .record import KINDS, LEVELS
from .render import BlockRenderer

_FIELDS = "docname title description theme kind level tags date checked".split()


def on_builder_inited(app: Sphinx) -> None:
    """Serve the extension's own style sheet."""
    own = str(Path(__file__).parent / "static")
    app.config.html_static_path = [*app.config.html_static_path, own]


def on_env_updated(app: Sphinx, env: BuildEnvironment) -> None:
    """Derive again what follows from the pages."""
    domain = domain_of(env)
    domain.forget()
    domain.related  # noqa: B018 - computed before Sphinx saves the environment


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


def _plain(sentence: str) -> str:
    return "".join(text or f"${tex}$" for text, tex in parts(sentence))


def explainers_json(app: Sphinx, domain: ExplainersDomain) -> str:
    """Return what is known of every explainer, as ``explainers.schema.json`` describes it."""
    library, rows = domain.library, []
    for record in library.records:
        slug = library.name(record)
        needs = library.prerequisites(slug)
        both = (("prerequisite", needs), ("dependent", library.dependents(slug)))
        edges = [(n.slug, kind, [n.why] if n.why else []) for kind, near in both for n in near
                 if n.slug in library.by_slug]  # fmt: skip
        edges += [(s, kind, list(why)) for s, kind, why in domain.suggestions[slug]]
        mentions = domain.mentions.get(slug, ())
        row: dict[str, Any] = {"slug": slug, "tags": record.tags}
        row |= {name: value for name in _FIELDS if (value := getattr(record, name))}
        row["url"] = app.builder.get_target_uri(record.docname)
        row["minutes"] = library.minutes[record.docname]
        row["minutes_everything"] = library.minutes_everything[record.docname]
        row["prerequisites"] = [need.slug for need in needs]
        row["path"] = [library.name(before) for before in library.path(slug)]
        row["related"] = [{"slug": s, "kind": kind, "reasons": why} for s, kind, why in edges]
        row["backlinks"] = [{"slug": s, "sentence": _plain(text)} for s, text in mentions]
        rows.append(row)
    return json.dumps({"version": 1, "explainers": rows}, ensure_ascii=False, indent=1) + "\n"


def on_build_finished(app: Sphinx, error: Exception | None) -> None:
    """Write the data file beside HTML."""
    if error or app.builder.name not in ("html", "dirhtml"):
        return
    write_file(Path(app.outdir, "explainers.json"), explainers_json(app, domain_of(app.env)))
