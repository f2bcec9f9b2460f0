"""The page for addresses that lead nowhere.

A host shows it at any depth, so every address in it starts at the host's root.
sphinx-notfound-page is made for this, but writes `404/index.html` with the dirhtml builder,
where no host looks, and merges all metadata of parallel readers.
"""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urljoin

from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder

from incremental.files import write_file

from .address import base_path
from .site import Site

NAME = "404"
_ADDRESS = re.compile(r'(?<=\s)(href|src|action|data-content_root)="([^"#]*)(#[^"]*)?"')


def make(app: Sphinx, site: Site) -> None:
    """Write the page into the output."""
    builder = app.builder
    assert isinstance(builder, StandaloneHTMLBuilder)
    draft = Path(app.doctreedir, f"{NAME}.html")  # so that one that changes nothing is not written
    themes = [(page, name) for page, name, _ in site.themes() if page]
    context = {"title": "Page not found", "themes": themes}
    builder.handle_page(NAME, context, "404.html", outfilename=draft)
    text = draft.read_text(encoding="utf-8")
    draft.unlink()
    here = base_path(app) + builder.get_target_uri(NAME)
    write_file(Path(app.outdir, f"{NAME}.html"), absolute(text, here))


def absolute(html: str, here: str) -> str:
    """Return ``html`` with every relative address resolved against the path ``here``."""

    def resolve(match: re.Match[str]) -> str:
        name, address, fragment = match[1], match[2], match[3] or ""
        return f'{name}="{urljoin(here, address) if address else ""}{fragment}"'

    return _ADDRESS.sub(resolve, html)
