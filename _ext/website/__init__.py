"""What the pages of this site need besides explainers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the parts; each is a module of its own."""
    from . import (
        accents,
        copying,
        filtering,
        layout,
        letters,
        live,
        markup,
        metadata,
        moved,
        navigation,
        policy,
        previews,
        results,
        safety,
        search,
        tags,
    )

    app.setup_extension("terms")  # and by it the explainers
    layout.setup(app)
    navigation.setup(app)
    safety.setup(app)
    metadata.setup(app)
    policy.setup(app)
    moved.setup(app)
    for aid in (tags, filtering, letters, previews, results, copying, markup, live):
        aid.setup(app)
    app.add_message_catalog("website", str(Path(__file__).parent / "locale"))
    app.connect("incremental-shown", accents.on_shown)
    app.connect("write-started", accents.on_write_started)
    app.connect("write-started", search.on_write_started)
    app.connect("html-collect-pages", search.on_collect_pages)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
