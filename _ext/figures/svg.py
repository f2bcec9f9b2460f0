"""SVG to vector PDF for print, in process: neither Inkscape nor rsvg-convert is needed."""

from __future__ import annotations

import os
import re
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.transforms.post_transforms.images import ImageConverter
from sphinx.util import logging

from incremental.files import write_file

if TYPE_CHECKING:
    from sphinx.application import Sphinx

logger = logging.getLogger(__name__)

_ATTEMPTS = 20
# Names of resources, a line each. Their order is that of a hash table, another in every run.
_ENTRIES = re.compile(rb"(?:^ +/\w+ (?:\d+ 0 R|\[/\w+ \d+ 0 R\])\n){2,}", re.MULTILINE)


def available() -> bool:
    """Return whether PDFs can be made on this machine, without loading what makes them."""
    return find_spec("vl_convert") is not None


def to_pdf(svg: str) -> bytes:
    """Return ``svg`` as one page of PDF, a point for every CSS pixel; text stays text.

    Raises: ValueError for what is no SVG.
    """
    found = _converted(svg)
    if found.count(b"/FontDescriptor ") > 1:
        # Which font comes first is another chance; the smallest of many files is the same one.
        return min(found, *(_converted(svg) for _ in range(_ATTEMPTS)))
    return found


def _converted(svg: str) -> bytes:
    """Return what the converter makes of ``svg``, its resources in order.

    Raises: ValueError for what is no SVG.
    """
    import vl_convert  # not at the top: 29 MB of shared library, needed for print only

    try:
        return _ENTRIES.sub(_in_order, vl_convert.svg_to_pdf(svg))
    except RuntimeError as error:  # its message ends in a stack trace
        raise ValueError(str(error).partition("\n")[0]) from error


def _in_order(entries: re.Match[bytes]) -> bytes:
    """Return the lines in order; what follows them stays where the file's table says it is."""
    return b"".join(sorted(entries[0].splitlines(keepends=True)))


def write_pdf(svg: str, target: Path) -> None:
    """Write ``svg`` as PDF to ``target``, which never exists half-written."""
    write_file(target, to_pdf(svg))


class SvgToPdf(ImageConverter):
    """Gives LaTeX, which cannot show SVG, a PDF of each SVG figure."""

    conversion_rules = [("image/svg+xml", "application/pdf")]  # noqa: RUF012  Sphinx's name

    def is_available(self) -> bool:
        return available()

    def convert(self, _from: str | os.PathLike[str], _to: str | os.PathLike[str]) -> bool:
        try:
            write_pdf(Path(_from).read_text(encoding="utf-8"), Path(_to))
        except (OSError, ValueError) as error:
            logger.warning(
                "figure not converted for print: %s (%s)",
                os.fspath(_from),
                error,
                location=(self.env.current_document.docname, None),
                type="figures",
                subtype="svg",
            )
            return False
        return True


def setup(app: Sphinx) -> None:
    """Register the converter."""
    app.add_post_transform(SvgToPdf)
