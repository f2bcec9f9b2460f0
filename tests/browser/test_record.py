"""Published results as readers see them: a table on wide screens, cards on phones."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from sphinx.testing.util import SphinxTestApp

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory, rootdir: Path) -> Path:
    """Return the folder of the small record's pages, in the look of the site."""
    folder = tmp_path_factory.mktemp("record")
    shutil.copytree(rootdir / "test-record", folder / "src")
    look: dict[str, Any] = {
        "extensions": ["myst_parser", "figures", "evidence", "mathml"],
        "html_math_renderer": "mathml",
        "html_theme": "furo",
        "html_static_path": [str(ROOT / "_static")],
        "html_css_files": ["site.css"],
    }
    app = SphinxTestApp("html", folder / "src", builddir=folder, confoverrides=look)
    try:
        app.build()
        assert app.warning.getvalue() == ""
    finally:
        app.cleanup()
    return folder / "html"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_rows_are_cards_on_phones(visitor: Any, pages: Path, scheme: str) -> None:
    page = visitor.open(
        f"file://{pages}/index.html", viewport={"width": 360, "height": 740}, color_scheme=scheme
    )
    table = page.locator("table.record-table")
    expect(table.locator("thead")).to_be_hidden()
    labels = table.locator("tbody tr").first.locator(".record-label")
    expect(labels).to_have_text(
        ["Who, when", "What was found", "Setting", "Place", "Does not show"]
    )
    expect(labels.first).to_be_visible()
    sideways = """[document.documentElement, ...document.querySelectorAll(
      "[role=main] :is(table, ul, li, td, p, div.table-wrapper)")]
      .filter((e) => e.scrollWidth > e.clientWidth && e.clientWidth).map((e) => e.outerHTML)"""
    assert page.evaluate(sideways) == []
    rules = {"runOnly": ["color-contrast", "list", "listitem", "link-in-text-block"]}
    found = Axe().run(page, context="[role=main]", options={**rules, "preload": False})
    assert [rule["id"] for rule in found.response["violations"]] == []


def test_rows_are_a_table_on_wide_screens(visitor: Any, pages: Path) -> None:
    page = visitor.open(f"file://{pages}/index.html", viewport={"width": 1440, "height": 900})
    table = page.locator("table.record-table")
    expect(table.locator("th").first).to_be_visible()
    expect(table.locator(".record-label").first).to_be_hidden()
    assert page.evaluate(
        "document.querySelector('.table-wrapper').scrollWidth"
        " <= document.querySelector('.table-wrapper').clientWidth"
    )
    citation = table.locator("a.footnote-reference").first
    citation.click()
    expect(page.locator(":target")).to_contain_text("Many trees")
