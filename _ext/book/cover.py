"""The cover of the e-book, drawn from the facts of the imprint."""

from __future__ import annotations

from html import escape
from textwrap import wrap

from .imprint import Imprint

WIDTH, HEIGHT = 1600, 2400
_MARGIN = 150
_INK, _PAPER, _QUIET, _ACCENT = "#ffffff", "#17233f", "#c9d3ea", "#8db4ff"
_FONT = "Liberation Sans, Arial, sans-serif"  # the first is inside vl-convert


def svg(facts: Imprint) -> str:
    """Return the cover as SVG."""
    size = 190 if max(map(len, facts.title.split() or [""])) < 12 else 130
    title = wrap(facts.title, int(1.75 * (WIDTH - 2 * _MARGIN) / size), break_long_words=False)
    rows = [_text(line, 560 + i * 1.15 * size, size, _INK, 700) for i, line in enumerate(title)]
    below = 560 + (len(title) - 1) * 1.15 * size + 190
    for number, line in enumerate(wrap(facts.description, 46)):
        rows.append(_text(line, below + number * 78, 54, _QUIET))
    state = f"Version {facts.version}, {facts.date}"
    rows += [_text(facts.authors, HEIGHT - 260, 50, _INK), _text(state, HEIGHT - 180, 44, _QUIET)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}"'
        f' viewBox="0 0 {WIDTH} {HEIGHT}" font-family="{_FONT}">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{_PAPER}"/>{_mark()}{"".join(rows)}</svg>'
    )


def _mark() -> str:
    """Return the site's sign, large: one thing understood leads to the next."""
    return (
        f'<g transform="translate({_MARGIN} 150) scale(3)" fill="{_ACCENT}" stroke="{_ACCENT}"'
        ' stroke-width="5"><path d="M12 38 46 12 80 38" fill="none" opacity=".6"/>'
        '<circle cx="12" cy="38" r="9"/><circle cx="46" cy="12" r="9"/>'
        f'<circle cx="80" cy="38" r="9" fill="{_PAPER}"/></g>'
    )


def _text(text: str, y: float, size: int, fill: str, weight: int = 400) -> str:
    where = f'x="{_MARGIN}" y="{y:.0f}" font-size="{size}"'
    return f'<text {where} font-weight="{weight}" fill="{fill}">{escape(text)}</text>'
