"""Wayfinding: where an explainer's subject stands in the whole, and what to read in which order.

``chains.yaml`` in the explainers' root has chains of boxes; the front matter's ``place`` says in
which box an explainer is. The chain with that box stands above it, the box lit. ``paths.yaml`` has
reading paths: an explainer's end says where on them it is, and what comes next. The directives
``{chains}`` and ``{reading-paths}`` show all of them. Builds on the extension ``explainers``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the extension to Sphinx; imported here so that the pure module needs no Sphinx."""
    from pathlib import Path

    from . import blocks, domain, strip

    app.setup_extension("explainers")
    app.add_message_catalog("wayfinding", str(Path(__file__).parent / "locale"))
    app.add_domain(domain.WayfindingDomain)
    app.add_node(blocks.spot)
    app.add_node(strip.strip, html=(strip.visit_strip, strip.depart_strip))
    app.add_node(strip.box, html=(strip.visit_box, strip.depart_box))
    app.add_directive("chains", blocks.Chains)
    app.add_directive("reading-paths", blocks.ReadingPaths)
    app.add_post_transform(blocks.FillSpots)
    app.add_post_transform(blocks.SaidOnce)
    app.connect("builder-inited", blocks.on_builder_inited)
    app.connect("doctree-read", blocks.on_doctree_read, priority=700)  # after the article's head
    app.connect("explainers-page-depends-on", blocks.on_page_depends_on)
    app.connect("env-check-consistency", blocks.on_consistency)
    return {"env_version": 3, "parallel_read_safe": True, "parallel_write_safe": True}
