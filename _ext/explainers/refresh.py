"""Which pages to write again, and the data file: what depends on all pages at once."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from .domain import ExplainersDomain, domain_of, reading_order, warn
from .prose import parts
from .reading import known_tags
from .record import KINDS, LEVELS, did_you_mean
from .render import Shelf

_FIELDS = "slug docname title description theme kind level tags date checked".split()


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
    sidebar = _sidebar(env) if app.builder.format == "html" else ""
    found = {}
    for docname in sorted(env.found_docs):
        shown: list[Any] = [sidebar]
        shown += [str(env.titles.get(name)) for name in around.get(docname, ()) if name]
        page = domain.pages.get(docname)
        if page:
            shown += [str(shelf.render(block, docname)) for block in page.blocks]
            shown += shelf.terms(docname)
            for link in page.links:
                article = domain.article(link.target)
                target = article.docname if article else link.target.lstrip("/")
                tip = article.description if article and link.target[0] != "/" else ""
                shown.append((target, link.automatic and str(env.titles.get(target)), tip))
            labels = env.domains.standard_domain.labels
            shown += [labels[label] for label in page.labels if label in labels]
        found[docname] = sha256(repr(shown).encode()).hexdigest()[:16]
    return found


def _sidebar(env: BuildEnvironment) -> str:
    """Return what a table of contents over the whole site shows, section titles left out."""
    return repr([
        (name, next((a.astext() for a in env.tocs[name].findall(nodes.reference)), ""), [
            (t.get("caption"), t["entries"], t.get("numbered"), t.get("hidden"))
            for t in env.tocs[name].findall(addnodes.toctree)])
        for name in reading_order(env) if name in env.tocs
    ])  # fmt: skip


def _state(app: Sphinx) -> Path:
    """Return where the signatures are kept of what stands in this run's output folder."""
    key = sha256(str(app.outdir).encode()).hexdigest()[:12]
    return Path(app.doctreedir, f"explainers-{key}.json")


def _load(app: Sphinx) -> dict[str, str]:
    try:
        state: dict[str, str] = json.loads(_state(app).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return state


def on_consistency(app: Sphinx, env: BuildEnvironment) -> None:
    """Report what only shows when all pages are known."""
    domain, library = domain_of(env), domain_of(env).library
    for docname, (subtype, message, line) in library.problems():
        warn(subtype, message, f"{env.doc2path(docname)}:{line}")
    used = {tag: "" for record in library.records for tag in record.tags}
    tags = known_tags(env, report=True) or used
    values = {"theme": {record.theme for record in library.records} | library.themes.keys(),
              "tag": tags.keys(), "kind": KINDS, "level": LEVELS}  # fmt: skip
    for docname, page in sorted(domain.pages.items()):
        where = env.doc2path(docname)
        for line, kind, value, known in (
            *((b.line, name, value, values[name]) for b in page.blocks for name, text in b.options
              if name in values for value in text.replace(",", " ").split()),
            *((b.line, "explainer", b.explainer, library.by_slug) for b in page.blocks
              if b.name not in ("cards", "map")),
            *((link.line, "explainer", link.target, library.by_slug) for link in page.links
              if not link.target.startswith("/")),
        ):  # fmt: skip
            if value not in known:
                hint = did_you_mean(value, known)
                warn("unknown", f"there is no {kind} '{value}'{hint}", f"{where}:{line}")


def _plain(sentence: str) -> str:
    return "".join(text or f"${tex}$" for text, tex in parts(sentence))


def explainers_json(app: Sphinx, domain: ExplainersDomain) -> str:
    """Return what is known of every explainer, as ``explainers.schema.json`` describes it."""
    library, rows = domain.library, []
    for record in library.records:
        slug = record.slug
        needs, dependents = library.prerequisites(slug), library.dependents(slug)
        edges = [
            *((need.slug, "prerequisite", [need.why] if need.why else []) for need in needs),
            *((need.slug, "dependent", [need.why] if need.why else []) for need in dependents),
            *domain.suggestions[slug],
        ]
        mentions = domain.mentions.get(slug, ())
        rows.append(
            {name: getattr(record, name) for name in _FIELDS}
            | {
                "url": app.builder.get_target_uri(record.docname),
                "minutes": library.minutes[record.docname],
                "prerequisites": [need.slug for need in needs],
                "path": [before.slug for before in library.path(slug)],
                "related": [{"slug": s, "kind": kind, "reasons": why} for s, kind, why in edges],
                "backlinks": [{"slug": s, "sentence": _plain(text)} for s, text in mentions],
            }
        )
    return json.dumps({"version": 1, "explainers": rows}, ensure_ascii=False, indent=1) + "\n"


def on_build_finished(app: Sphinx, error: Exception | None) -> None:
    """Keep the signatures of the pages that this run wrote; write the data file beside HTML."""
    domain = domain_of(app.env)
    if error or not domain.signatures:
        return
    state = _load(app)
    state |= {name: domain.signatures[name] for name in domain.resolved & domain.signatures.keys()}
    gone = state.keys() - domain.signatures.keys()
    if app.builder.name in ("html", "dirhtml"):
        for name in gone:  # Sphinx would leave the pages of removed documents to be found
            Path(app.builder.get_output_path(name)).unlink(missing_ok=True)
        _write(Path(app.outdir, "explainers.json"), explainers_json(app, domain))
    _write(_state(app), json.dumps({name: state[name] for name in state.keys() - gone}))


def _write(path: Path, text: str) -> None:
    """Write a file, unless it says so already."""
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")
