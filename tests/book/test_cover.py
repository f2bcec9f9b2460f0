"""The cover: one drawing for paper and e-book, with the chart of the home page as its curve."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from sphinx.testing.util import SphinxTestApp

from book import cover
from book.imprint import Imprint
from figures.vega_svg import LIGHT

FACTS = Imprint(
    "A Small Book", "Ann Author", "What it is about.", "2", "2026-01-01", "", "", "", ""
)
CURVE = (
    '<svg width="246" height="102" viewBox="0 0 246 102"><g transform="translate(3,3)">'
    f'<path d="M0,90L240,6" stroke="{LIGHT["1"]}"/><path d="M0,96h240" stroke="{LIGHT["axis"]}"/>'
    "</g></svg>"
)
SVG = "{http://www.w3.org/2000/svg}"


def light(colour: str) -> float:
    """Return the luminance of #rrggbb."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_curve_is_between_words_and_bars_in_colours_for_dark_paper() -> None:
    root = ET.fromstring(cover.svg(FACTS, ["#1d6f8a"], curve=CURVE))  # noqa: S314  our own output
    (curve,) = root.findall(f"{SVG}svg")
    top, height = float(curve.get("y", 0)), float(curve.get("height", 0))
    above = [float(text.get("y", 0)) for text in root.iter(f"{SVG}text")]
    (bar,) = (rect for rect in root.iter(f"{SVG}rect") if rect.get("rx"))
    assert max(y for y in above if y < top) + 40 < top
    assert top + height < float(bar.get("y", 0))
    colours = [path.get("stroke", "") for path in curve.iter(f"{SVG}path")]
    assert set(colours).isdisjoint(LIGHT.values())
    paper = light(root[0].get("fill", ""))
    assert (light(colours[0]) + 0.05) / (paper + 0.05) >= 4.5


def test_without_a_curve_or_room_for_it_there_are_words_alone() -> None:
    assert cover.svg(FACTS).count("<svg") == 1
    long = FACTS._replace(description="What it is about. " * 40)
    assert cover.svg(long, curve=CURVE).count("<svg") == 1


CHART = "\n```{chart} waves.sine\n:alt: A wave.\n```\n"


@pytest.mark.sphinx("epub", testroot="signature", freshenv=True, copy_test_root=True)
def test_curve_is_the_chart_of_the_home_page(app: SphinxTestApp) -> None:
    home = Path(app.srcdir, "index.md")
    app.build()
    assert cover.curve_of(app) == ""
    home.write_text(home.read_text(encoding="utf-8") + CHART, encoding="utf-8")
    app.build(force_all=True)
    curve = cover.curve_of(app)
    assert re.search(r"<path [^>]*stroke=", curve)
    assert "<text" not in curve
    kept = list(Path(app.doctreedir, "signatures").glob("*.json"))
    assert any(curve[:200] in path.read_text(encoding="utf-8").replace('\\"', '"') for path in kept)
