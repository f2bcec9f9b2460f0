"""Which pages to write again, and the data file: what depends on all pages at once."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.environment import BuildEnvironment

from .domain import ExplainersDomain, domain_of, log, place_of, root_of, warn
from .library import Library
from .prose import parts
from .reading import known_tags
from .record import KINDS, LEVELS, did_you_mean
from .render import Shelf

_FIELDS = "docname title description theme kind level tags date checked".split()


def on_builder_inited(app: Sphinx) -> None:
    """Serve the extension's own style sheet."""
    own = str(Path(__file__).parent / "static")
    app.config.html_static_path = [*app.config.html_static_path, own]


def on_env_updated(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Return the pages of this output whose shown data differ from what was written there."""
    domain = domain_of(env)
    domain.forget()
    domain.related  # noqa: B018 - computed before Sphinx saves the environment
    domain.signatures = _signatures(app, domain)
    before = _load(app)
    return [name for name, value in domain.signatures.items() if before.get(name) != value]


def _signatures(app: Sphinx, domain: ExplainersDomain) -> dict[str, str]:
    """Return a digest, by page, of everything it shows that comes from other pages."""
    env, shelf = app.env, Shelf(domain)
    around = env.collect_relations()
    sidebar = _sidebar(env, around) if app.builder.format == "html" else ""
    found = {}
    for docname in sorted(env.found_docs):
        shown: list[Any] = [sidebar, app.emit("explainers-page-shows", env, docname)]
        shown += [str(env.titles.get(name)) for name in around.get(docname, ()) if name]
        page = domain.pages.get(docname)
        if page:
            shown += [str(shelf.render(block, docname)) for block in page.blocks]
            for link in page.links:
                article = domain.article(link.target)
                target = article.docname if article else link.target.lstrip("/")
                tip = article.description if article and link.target[0] != "/" else ""
                shown.append((target, link.automatic and str(env.titles.get(target)), tip))
            labels = env.domains.standard_domain.labels
            shown += [labels[label] for label in page.labels if label in labels]
        found[docname] = sha256(repr(shown).encode()).hexdigest()[:16]
    return found


def _sidebar(env: BuildEnvironment, order: Iterable[str]) -> str:
    """Return a digest of what a table of contents over the whole site shows, sections left out."""
    shown: list[Any] = []
    for name in (n for n in order if n in env.tocs):  # `genindex` may stand in a toctree
        toc = env.tocs[name]
        shown += [a.astext() for a in list(toc.findall(nodes.reference))[:1]]
        shown += [sorted(t.attributes.items()) for t in toc.findall(addnodes.toctree)]
    return sha256(repr(shown).encode()).hexdigest()


def _state(app: Sphinx) -> Path:
    """Return where the signatures are kept of what stands in this run's output folder."""
    key = sha256(str(app.outdir).encode()).hexdigest()[:12]
    return Path(app.doctreedir, f"explainers-{key}.json")


def _load(app: Sphinx) -> dict[str, str]:
    with suppress(OSError, ValueError):
        return dict(json.loads(_state(app).read_text(encoding="utf-8")))
    return {}


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
                hint = did_you_mean(name, known[kind])
                where = f"{env.doc2path(docname)}:{line}"
                warn("unknown", f"there is no {kind} '{name}'{hint}", where)


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
    """Keep the signatures of the pages that this run wrote; write the data file beside HTML."""
    domain = domain_of(app.env)
    if error or not domain.signatures:
        return
    now = domain.signatures
    state = _load(app) | {name: now[name] for name in domain.resolved & now.keys()}
    if isinstance(app.builder, StandaloneHTMLBuilder) and app.builder.name in ("html", "dirhtml"):
        for name in state.keys() - now.keys():  # Sphinx leaves the pages of removed documents
            app.builder.get_output_path(name).unlink(missing_ok=True)
        path, text = Path(app.outdir, "explainers.json"), explainers_json(app, domain)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
    kept = {name: value for name, value in state.items() if name in now}
    _state(app).write_text(json.dumps(kept), encoding="utf-8")
