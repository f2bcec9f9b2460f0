"""Repairs of what checkers find in the pages, where others make them of our documents.

The landmarks that Furo gives no names have them from the template `page.html`.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

from explainers.reading import around

from .layout import is_site


class Repair(SphinxPostTransform):
    """Ids that stand once, and headings that skip no level."""

    default_priority = 510  # Furo wraps tables at 500

    def run(self, **kwargs: Any) -> None:
        if not is_site(self.env._app):
            return
        for table in self.document.findall(nodes.table):
            box = table.parent
            if isinstance(box, nodes.container) and "table-wrapper" in box["classes"]:
                box["ids"] = []  # Furo copies them from the table that it puts in a box
        for rubric in self.document.findall(nodes.rubric):
            boxes = list(around(rubric))
            if "heading-level" in rubric and "explainer-block" in boxes[0].get("classes", ()):
                # One below the section that a block was put in, wherever that is.
                depth = sum(isinstance(box, nodes.section) for box in boxes)
                rubric["heading-level"] = min(depth + 1, 6)


def on_builder_inited(app: Sphinx) -> None:
    """Load the script by which boxes that scroll can be reached with the keyboard."""
    if is_site(app):
        app.add_js_file("scroll.js", loading_method="defer")


def setup(app: Sphinx) -> None:
    """Connect to Sphinx."""
    app.connect("builder-inited", on_builder_inited)
    app.add_post_transform(Repair)
