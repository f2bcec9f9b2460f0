"""The cover of the book, on paper and as an e-book: the facts of the imprint, and a curve of ours.

The curve is the chart of the home page, drawn small and without words as articles' pictures are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING

from .imprint import Imprint

if TYPE_CHECKING:
    from sphinx.application import Sphinx

WIDTH, HEIGHT = 1600, 2400
HEIGHT_A4 = 2263
#: The fonts of headings, as on the site's pages; TeX and vl-convert read them from here.
FONTS = Path(__file__).parent / "fonts"
_MARGIN = 150
_INK, _PAPER, _QUIET, _ACCENT = "#ffffff", "#17233f", "#c9d3ea", "#8db4ff"
_FONT = "Liberation Sans, Arial, sans-serif"  # the first is inside vl-convert
_HEADS = "Explainers Heading, serif"
# What charts draw axes in, and their series, in the order of `figures.vega_svg.LIGHT`.
_AXIS, _SERIES = "#46557a", (_ACCENT, "#e0b184", "#86cbb0", "#d0a6e0", "#d8c27a", "#a9b3c9")
_CURVE_HEIGHT, _CURVE_LEAST = 560, 300


def curve_of(app: Sphinx) -> str:
    """Return the picture for the cover as SVG in light colours, nothing where there are no charts.

    It is the first chart of the home page.
    """
    if "figures" not in app.extensions:
        return ""
    from figures.signatures import first_of_page  # where there are figures

    return first_of_page(app.env, app.config.root_doc)


def svg(facts: Imprint, accents: Sequence[str] = (), height: int = HEIGHT, curve: str = "") -> str:
    """Return the cover as SVG.

    ``accents`` are the colours of its parts, #rrggbb, ``curve`` is a picture in light colours.
    """
    size = 190 if max(map(len, facts.title.split() or [""])) < 12 else 130
    title = wrap(facts.title, int(1.75 * (WIDTH - 2 * _MARGIN) / size), break_long_words=False)
    rows = [_text(line, 560 + i * 1.15 * size, size, _INK, _HEADS) for i, line in enumerate(title)]
    below = 560 + (len(title) - 1) * 1.15 * size + 190
    description = wrap(facts.description, 46)
    for number, line in enumerate(description):
        rows.append(_text(line, below + number * 78, 54, _QUIET))
    top, bottom = below + len(description) * 78 + 60, height - 480
    if curve and bottom - top >= _CURVE_LEAST:
        room = min(bottom - top, _CURVE_HEIGHT)
        rows.append(_curve(curve, (top + bottom - room) / 2, room))
    state = f"Version {facts.version}, {facts.date}"
    rows += [_text(facts.authors, height - 260, 50, _INK), _text(state, height - 180, 44, _QUIET)]
    rows += _bars(accents, height - 400)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}"'
        f' viewBox="0 0 {WIDTH} {height}" font-family="{_FONT}">'
        f'<rect width="{WIDTH}" height="{height}" fill="{_PAPER}"/>{_mark()}{"".join(rows)}</svg>'
    )


def _mark() -> str:
    """Return the site's sign, large: one thing understood leads to the next."""
    return (
        f'<g transform="translate({_MARGIN} 150) scale(3)" fill="{_ACCENT}" stroke="{_ACCENT}"'
        ' stroke-width="5"><path d="M12 38 46 12 80 38" fill="none" opacity=".6"/>'
        '<circle cx="12" cy="38" r="9"/><circle cx="46" cy="12" r="9"/>'
        f'<circle cx="80" cy="38" r="9" fill="{_PAPER}"/></g>'
    )


def _curve(picture: str, y: float, height: float) -> str:
    """Return a picture whose axes are as wide as the text, in colours for dark paper."""
    from figures.signature_svg import PADDING
    from figures.signature_svg import WIDTH as PLOT
    from figures.vega_svg import LIGHT, placed

    inks = {LIGHT[str(number)]: ink for number, ink in enumerate(_SERIES, 1)}
    inks |= {LIGHT[role]: _AXIS for role in ("axis", "grid", "text", "subtle-text")}
    text = WIDTH - 2 * _MARGIN
    edge = text / PLOT * PADDING
    place = {
        "x": f"{_MARGIN - edge:.0f}",
        "y": f"{y:.0f}",
        "width": f"{text + 2 * edge:.0f}",
        "height": f"{height:.0f}",
        "preserveAspectRatio": "none",
    }
    drawn = placed(picture, "cover", place)
    return re.sub("|".join(inks), lambda match: inks[match[0]], drawn)


def _bars(accents: Sequence[str], y: float) -> list[str]:
    """Return a bar for each part."""
    return [
        f'<rect x="{_MARGIN + number * 150}" y="{y:.0f}" width="126" height="16" rx="8"'
        f' fill="{accent}"/>'
        for number, accent in enumerate(accents)
    ]


def _text(text: str, y: float, size: int, fill: str, font: str = _FONT) -> str:
    where = f'x="{_MARGIN}" y="{y:.0f}" font-size="{size}"'
    return f'<text {where} font-family="{font}" fill="{fill}">{escape(text)}</text>'


def png(facts: Imprint, accents: Sequence[str] = (), curve: str = "") -> bytes:
    """Return the cover of an e-book."""
    import vl_convert  # not at the top: only where a cover is drawn

    vl_convert.register_font_directory(str(FONTS))
    return vl_convert.svg_to_png(svg(facts, accents, curve=curve))


def pdf(facts: Imprint, accents: Sequence[str] = (), curve: str = "") -> bytes:
    """Return the cover of a printed book, in the proportions of A4."""
    import vl_convert  # as above

    from figures.svg import to_pdf

    vl_convert.register_font_directory(str(FONTS))
    return to_pdf(svg(facts, accents, HEIGHT_A4, curve))
