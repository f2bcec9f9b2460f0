"""Tables on which writers of Sphinx end the build: LaTeX's on a header alone, text's on width."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.util import logging

logger = logging.getLogger(__name__)

_MOST = 30  # columns: a line of print is some hundred letters wide


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


class TooWide(SphinxTransform):
    """Reports such a table; of more than a hundred columns, each has a width of zero per cent."""

    default_priority = 500

    def apply(self, **kwargs: Any) -> None:
        for group in self.document.findall(nodes.tgroup):
            columns = [part for part in group.children if isinstance(part, nodes.colspec)]
            if len(columns) > _MOST:
                message = f"a table has {len(columns)} columns; expected at most {_MOST}"
                logger.warning(message, location=group.parent, type="book", subtype="table")
            for column in columns:
                column["colwidth"] = max(1, column.get("colwidth", 1))


def setup(app: Sphinx) -> None:
    """Register the transforms."""
    app.add_transform(HeaderOnly)
    app.add_transform(TooWide)
