"""``explainers.json``: what is known of every explainer, for other programs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from incremental.files import write_file

from .domain import ExplainersDomain, domain_of
from .prose import parts

_FIELDS = "docname title description theme kind level tags date checked".split()


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
        edges += [(s, kind, list(why)) for s, kind, why in domain.derived.suggestions[slug]]
        mentions = domain.derived.mentions.get(slug, ())
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
