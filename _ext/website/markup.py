"""Repairs of what checkers and typographers find in pages that others make of our documents.

The landmarks that Furo gives no names have them from the template `page.html`.
"""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.writers.html5 import HTML5Translator

from explainers.reading import ancestors

from .layout import is_site

# What may not begin a line, or end it.
_AFTER = re.compile(r"[,.;:!?)\]’”…%]+|[-‑–]\w+")
_BEFORE = "([‘“"


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
            boxes = list(ancestors(rubric))
            if "heading-level" in rubric and "explainer-block" in boxes[0].get("classes", ()):
                # One below the section that a block was put in, wherever that is.
                depth = sum(isinstance(box, nodes.section) for box in boxes)
                rubric["heading-level"] = min(depth + 1, 6)


class KeepTogether(SphinxPostTransform):
    """A formula in running text stays with the punctuation around it.

    Browsers may break a line on both sides of a formula, whatever stands there.
    """

    default_priority = 510

    def run(self, **kwargs: Any) -> None:
        if not is_site(self.env._app):
            return
        for formula in list(self.document.findall(nodes.math)):
            parent = formula.parent
            assert isinstance(parent, nodes.Element)
            index = parent.index(formula)
            before, after = (
                parent[index - 1] if index else None,
                formula.next_node(descend=False, siblings=True),
            )
            glued: list[nodes.Node] = [formula]
            if isinstance(after, nodes.Text) and (found := _AFTER.match(after)):
                parent[index + 1] = nodes.Text(after[found.end() :])
                glued.append(nodes.Text(found[0]))
            if isinstance(before, nodes.Text) and before.endswith(tuple(_BEFORE)):
                kept = str(before).rstrip(_BEFORE)
                parent[index - 1] = nodes.Text(kept)
                glued.insert(0, nodes.Text(before[len(kept) :]))
            if len(glued) > 1:
                parent[index] = nodes.inline("", "", *glued, classes=["glued"])


def visit_entry(translator: HTML5Translator, entry: nodes.entry) -> None:
    """Write a cell of a table; one that heads nothing, as in a corner, is no heading.

    Screen readers would name an empty heading with every cell below it.
    """
    HTML5Translator.visit_entry(translator, entry)
    if isinstance(entry.parent.parent, nodes.thead) and not list(entry.findall(_shown)):
        translator.body[-1] = translator.body[-1].replace("<th", "<td", 1)
        translator.context[-1] = "</td>\n"


def depart_entry(translator: HTML5Translator, entry: nodes.entry) -> None:
    """End a cell."""
    HTML5Translator.depart_entry(translator, entry)


def _shown(node: nodes.Node) -> bool:
    """Return whether readers see something of ``node`` itself."""
    return isinstance(node, (nodes.Text, nodes.image, nodes.math))


def on_builder_inited(app: Sphinx) -> None:
    """Load the script by which boxes that scroll can be reached with the keyboard."""
    if is_site(app):
        app.add_js_file("scroll.js", loading_method="defer")


def setup(app: Sphinx) -> None:
    """Connect to Sphinx."""
    app.connect("builder-inited", on_builder_inited)
    app.add_node(nodes.entry, override=True, html=(visit_entry, depart_entry))
    app.add_post_transform(Repair)
    app.add_post_transform(KeepTogether)
