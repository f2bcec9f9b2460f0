"""The chain above an explainer as readers meet it: on a phone, by ear, in any colours, on paper."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from explainers.record import read_front_matter
from tests.pages import address, marked, sources

WIDEST = """\
- slug: running
  title: how a model runs
  boxes:
    - {slug: text, name: nine sign}
    - {slug: vectors, name: nine sign, theme: alpha}
    - {slug: attention, name: nine sign}
    - {slug: layers, name: nine sign}
    - {slug: next, name: nine sign, theme: beta}
    - {slug: more, name: five., theme: beta}
    - {slug: most, name: sixsix, theme: alpha}
"""


@pytest.fixture(scope="module")
def chained(tmp_path_factory: Any, rootdir: Path) -> Path:
    """Return the folder of a small site in which a chain is as wide as it may be."""
    import shutil

    from sphinx.testing.util import SphinxTestApp

    folder = tmp_path_factory.mktemp("chained")
    shutil.copytree(rootdir / "test-wayfinding", folder / "src")
    (folder / "src/articles/chains.yaml").write_text(WIDEST, encoding="utf-8")
    app = SphinxTestApp(
        "html", folder / "src", builddir=folder / "build", confoverrides={"html_theme": "furo"}
    )
    try:
        app.build()
        assert app.warning.getvalue() == ""
    finally:
        app.cleanup()
    return folder / "build" / "html"


def rows(page: Page) -> int:
    """Return in how many rows the boxes stand."""
    tops = "(boxes) => boxes.map((box) => Math.round(box.getBoundingClientRect().top))"
    return len(set(page.locator(".wayfinding li").evaluate_all(tops)))


def open_small(visitor: Any, chained: Path, **options: object) -> Page:
    page: Page = visitor.open(f"file://{chained}/articles/alpha/three.html", **options)
    return page


def test_the_widest_chain_takes_two_rows_of_a_phone(visitor: Any, chained: Path) -> None:
    page = open_small(visitor, chained, viewport={"width": 360, "height": 740})
    assert rows(page) == 2
    root = "document.documentElement"
    assert page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth")
    page.set_viewport_size({"width": 1440, "height": 900})
    assert rows(page) == 1


def placed() -> list[str]:
    """Return the paths of the pages that a chain stands on."""
    front = {path: read_front_matter(path.read_text(encoding="utf-8")).data for path in sources()}
    return [address(path) for path, data in front.items() if "place" in data]


@pytest.mark.parametrize("path", marked(placed()))
def test_real_chains_take_two_rows_of_a_phone(visitor: Any, site: Path, path: str) -> None:
    page = visitor.open(f"file://{site}/{path}", viewport={"width": 360, "height": 740})
    expect(page.locator(".wayfinding")).to_have_count(1)
    assert rows(page) <= 2
    expect(page.locator(".wayfinding [aria-current=location]")).to_have_count(1)
    assert page.locator(".breadcrumbs + *").count() == 1


def test_readers_hear_where_they_are(visitor: Any, chained: Path) -> None:
    page = open_small(visitor, chained)
    strip = page.get_by_role("navigation", name="Where you are: how a model runs")
    expect(strip).to_be_visible()
    expect(strip.get_by_role("listitem")).to_have_count(7)
    lit = strip.locator("[aria-current=location]")
    expect(lit).to_have_text("nine sign")
    expect(lit.get_by_role("link")).to_have_count(0)
    snapshot = strip.aria_snapshot()
    assert "→" not in snapshot
    strip.get_by_role("link").first.click()
    page.wait_for_url("**/beta/four.html")


def test_the_lit_box_stands_out_whatever_the_colours(visitor: Any, chained: Path) -> None:
    page = open_small(visitor, chained)
    style = """() => ["a", "[aria-current]"].map((name) => {
      const found = getComputedStyle(document.querySelector(`.wayfinding ${name}`));
      return [found.backgroundColor, found.color, found.fontWeight];
    })"""
    for options in (
        {"color_scheme": "light"},
        {"color_scheme": "dark"},
        {"forced_colors": "active"},
    ):
        page.emulate_media(**options)
        other, lit = page.evaluate(style)
        assert lit[0] != other[0], options
        assert lit[0] != lit[1], options
        assert int(lit[2]) > int(other[2]), options
    page.emulate_media(media="print", forced_colors="none", color_scheme="light")
    other, lit = page.evaluate(style)
    assert lit[0] == other[0] == "rgba(0, 0, 0, 0)"
    assert int(lit[2]) > int(other[2])
