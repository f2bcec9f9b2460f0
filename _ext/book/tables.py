"""Tables that have only a header: Sphinx's LaTeX writer ends the build on them."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.util import logging

logger = logging.getLogger(__name__)


class HeaderOnly(SphinxTransform):
    """Reports such a table, and makes its header a row."""

    default_priority = 500

    def apply(self, **kwargs: Any) -> None:
        for group in self.document.findall(nodes.tgroup):
            head = next((part for part in group.children if isinstance(part, nodes.thead)), None)
            if head is None or any(isinstance(part, nodes.tbody) for part in group.children):
                continue
            message = "a table needs a row below its header"
            logger.warning(message, location=group.parent, type="book", subtype="table")
            group.replace(head, nodes.tbody("", *head.children))


def setup(app: Sphinx) -> None:
    """Register the transform."""
    app.add_transform(HeaderOnly)
