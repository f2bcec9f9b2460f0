"""The cover of the book, on paper and as an e-book, drawn from the facts of the imprint."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path
from textwrap import wrap

from .imprint import Imprint

WIDTH, HEIGHT = 1600, 2400
HEIGHT_A4 = 2263
#: The fonts of headings, as on the site's pages; TeX and vl-convert read them from here.
FONTS = Path(__file__).parent / "fonts"
_MARGIN = 150
_INK, _PAPER, _QUIET, _ACCENT = "#ffffff", "#17233f", "#c9d3ea", "#8db4ff"
_FONT = "Liberation Sans, Arial, sans-serif"  # the first is inside vl-convert
_HEADS = "Explainers Heading, serif"


def svg(facts: Imprint, accents: Sequence[str] = (), height: int = HEIGHT) -> str:
    """Return the cover as SVG; ``accents`` are the colours of its parts, #rrggbb."""
    size = 190 if max(map(len, facts.title.split() or [""])) < 12 else 130
    title = wrap(facts.title, int(1.75 * (WIDTH - 2 * _MARGIN) / size), break_long_words=False)
    rows = [_text(line, 560 + i * 1.15 * size, size, _INK, _HEADS) for i, line in enumerate(title)]
    below = 560 + (len(title) - 1) * 1.15 * size + 190
    for number, line in enumerate(wrap(facts.description, 46)):
        rows.append(_text(line, below + number * 78, 54, _QUIET))
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


def png(facts: Imprint, accents: Sequence[str] = ()) -> bytes:
    """Return the cover of an e-book."""
    import vl_convert  # not at the top: only where a cover is drawn

    vl_convert.register_font_directory(str(FONTS))
    return vl_convert.svg_to_png(svg(facts, accents))


def pdf(facts: Imprint, accents: Sequence[str] = ()) -> bytes:
    """Return the cover of a printed book, in the proportions of A4."""
    import vl_convert  # as above

    from figures.svg import to_pdf

    vl_convert.register_font_directory(str(FONTS))
    return to_pdf(svg(facts, accents, HEIGHT_A4))
