"""What the pages of this site need besides explainers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the parts; each is a module of its own."""
    from . import accents, around, layout, navigation, policy, safety, search

    app.setup_extension("terms")  # and by it the explainers
    layout.setup(app)
    navigation.setup(app)
    safety.setup(app)
    around.setup(app)
    policy.setup(app)
    app.connect("write-started", accents.on_write_started)
    app.connect("write-started", search.on_write_started)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
