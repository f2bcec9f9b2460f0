"""Wayfinding: above each explainer, where its subject stands in the whole.

``chains.yaml`` in the explainers' root has chains of boxes; the front matter's ``place`` says in
which box an explainer is. The chain with that box stands above it, the box lit. Builds on the
extension ``explainers``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the extension to Sphinx; imported here so that the pure module needs no Sphinx."""
    from pathlib import Path

    from . import strip

    app.setup_extension("explainers")
    app.add_message_catalog("wayfinding", str(Path(__file__).parent / "locale"))
    app.add_node(strip.spot)
    app.add_node(strip.strip, html=(strip.visit_strip, strip.depart_strip))
    app.add_node(strip.box, html=(strip.visit_box, strip.depart_box))
    app.add_post_transform(strip.FillSpots)
    app.connect("builder-inited", strip.on_builder_inited)
    app.connect("doctree-read", strip.on_doctree_read, priority=700)  # after the article's head
    app.connect("explainers-page-shows", strip.on_page_shows)
    app.connect("env-check-consistency", strip.on_consistency)
    return {"env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
