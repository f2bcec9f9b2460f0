"""EPUB as reading systems check it: the package file says which pages hold MathML or SVG.

Sphinx's builder, with two things done to the pages it has written. EPUB demands the first
(OPF-014 in epubcheck); the second repairs icons that other extensions write for HTML, where
SVG needs no namespace, while in XHTML it is no picture without one (RSC-005).
"""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from sphinx.builders.epub3 import Epub3Builder

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

_ITEM = re.compile(r'<item ([^>]*)href="([^"]+)"([^>]*)media-type="application/xhtml\+xml" />')
_BARE_SVG = re.compile(r"<svg(?![^>]*\sxmlns=)")
_PROPERTIES = {"mathml": "<math", "scripted": "<script", "svg": "<svg"}


class EbookBuilder(Epub3Builder):
    """The ``epub`` builder, with pages' properties in the package file."""

    def build_content(self) -> None:
        outdir = Path(self.outdir)
        for page in outdir.rglob(f"*{self.out_suffix}"):
            text = page.read_text(encoding="utf-8")
            whole = _BARE_SVG.sub('<svg xmlns="http://www.w3.org/2000/svg"', text)
            if whole != text:
                page.write_text(whole, encoding="utf-8")
        # Sphinx leaves this behind when the configuration changed, and then warns about it.
        (outdir / ".buildinfo.bak").unlink(missing_ok=True)
        super().build_content()
        package = outdir / "content.opf"
        text = package.read_text(encoding="utf-8")
        package.write_text(_ITEM.sub(self._declared, text), encoding="utf-8")

    def _declared(self, item: re.Match[str]) -> str:
        """Return the manifest's ``item`` with the properties of its page."""
        page = Path(self.outdir) / unquote(unescape(item[2]))
        text = page.read_text(encoding="utf-8")
        found = [name for name, sign in _PROPERTIES.items() if re.search(rf"{sign}[\s>]", text)]
        if not found:
            return item[0]
        return f'{item[0].removesuffix("/>")}properties="{" ".join(found)}" />'


def setup(app: Sphinx) -> ExtensionMetadata:
    """Put the builder in the place of Sphinx's own."""
    app.add_builder(EbookBuilder, override=True)
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": True}
