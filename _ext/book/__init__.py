"""The site as a book to print, and as an e-book."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata


def setup(app: Sphinx) -> ExtensionMetadata:
    """Connect the parts."""
    from . import index, latex, tables  # importing the package alone imports no Sphinx

    app.setup_extension("terms")  # and by it the explainers
    app.setup_extension("book.ebook")  # of use without explainers, too
    latex.setup(app)
    index.setup(app)
    tables.setup(app)
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": True}
