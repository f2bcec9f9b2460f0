"""Wording: what Sphinx and docutils say stands in one line, at a file that there is.

docutils quotes the block that it complains of, which may be a whole article; Sphinx names files as
Python writes objects, and takes the file of a directive for a document, to which it adds an ending.
Editors, which find messages by their lines, and people would look in the wrong place.
"""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.util.logging import NAMESPACE

_OBJECT = re.compile(r"\b_StrPath\((['\"].*?['\"])\)")


class Mender(logging.Handler):
    """Changes messages before those who come after it see them."""

    def emit(self, record: logging.LogRecord) -> None:
        said: Any = record
        place = getattr(said, "location", None)
        if isinstance(place, tuple) and place[0] and Path(place[0]).is_file():
            said.location = f"{place[0]}:{place[1] or ''}"
        text = logging.LogRecord.getMessage(record)
        mended = worded(text, quotes=getattr(said, "type", None) == "docutils")
        if mended != text:
            record.msg, record.args = mended, ()


def worded(message: str, *, quotes: bool) -> str:
    """Return ``message`` with files in words, and without the block that it ``quotes``."""
    if quotes:
        message = " ".join(message.strip().partition("\n\n")[0].split("\n"))
    return _OBJECT.sub(r"\1", message)


def setup(app: Sphinx) -> dict[str, Any]:
    """Have messages mended; in processes that help, Sphinx takes all handlers off."""
    logging.getLogger(NAMESPACE).handlers.insert(0, Mender(logging.WARNING))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
