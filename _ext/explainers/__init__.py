"""Explainers: front matter in; cards, links between articles, reading paths and data out.

Add ``"explainers"`` to ``extensions``; ``README.md`` says what a project needs and gets. Articles
are ``<root>/<theme>/<slug>.md``, themes ``<root>/<theme>/index.md``, if their front matter has the
key ``kind``; all other pages are left as they are. The flow is one-way:
``record → library → relations → domain → drafts, reading → directives → render → refresh``.

Reading times are told twice where a node of a page has the attribute ``skippable``: for a first
reading, which leaves such nodes out, and for everything. Whoever makes the node sets it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the extension to Sphinx; imported here so that the pure modules need no Sphinx."""
    from pathlib import Path

    from docutils import nodes

    from . import circles, directives, domain, drafts, reading, refresh, render

    app.require_sphinx("8.2")
    app.setup_extension("incremental")
    app.add_config_value("explainers_root", "articles", "env", str)
    app.add_config_value("explainers_strict", False, "env", bool)  # all pages there take part
    app.add_config_value("explainers_related", 4, "env", int)
    app.add_config_value("explainers_drafts", [], "env", list)  # set here, read by the toctrees
    app.add_message_catalog("explainers", str(Path(__file__).parent / "locale"))
    app.add_domain(domain.ExplainersDomain)
    app.add_node(domain.placeholder)
    app.add_node(render.folded, html=(render.visit_folded, render.depart_folded))
    app.add_event("explainers-page-depends-on")  # (app, env, docname): what else shows other pages
    for name, directive in directives.DIRECTIVES.items():
        app.add_directive(f"explainer-{name}", directive)
    app.add_role("explainer", directives.ExplainerRole(innernodeclass=nodes.inline))
    app.add_transform(reading.FrontMatterTexts)
    app.add_post_transform(circles.CutCircles)
    app.add_post_transform(render.FillPlaceholders)
    app.connect("config-inited", drafts.on_config_inited)
    app.connect("builder-inited", refresh.on_builder_inited)
    app.add_css_file("explainers.css")
    app.connect("env-get-outdated", reading.on_env_get_outdated)
    app.connect("builder-inited", reading.on_builder_inited)
    app.connect("source-read", reading.on_raw_source, priority=10)  # before all who look at it
    app.connect("source-read", reading.on_source_read)
    app.connect("doctree-read", reading.on_raw_doctree, priority=10)
    app.connect("doctree-read", reading.on_doctree_read, priority=600)
    app.connect("env-get-outdated", circles.on_env_get_outdated)
    app.connect("env-updated", circles.on_env_updated, priority=100)  # before all who follow them
    app.connect("env-updated", refresh.on_env_updated)
    app.connect("incremental-shown", refresh.on_shown)
    app.connect("env-check-consistency", refresh.on_consistency)
    app.connect("build-finished", refresh.on_build_finished)
    return {"env_version": 4, "parallel_read_safe": True, "parallel_write_safe": True}
