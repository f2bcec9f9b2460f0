"""Previews of explainers, terms and citations: by mouse, by keyboard, by touch."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

PHONE = {"viewport": {"width": 390, "height": 800}, "has_touch": True, "is_mobile": True}
ONE, TWO, THREE = (f"articles/{n}.html" for n in ("alpha/one", "alpha/two", "beta/three"))


@pytest.fixture
def read(visitor: Any, address: Any, small: Path) -> Any:
    return lambda path, **options: visitor.open(address(small) + path, **options)


def card(page: Page) -> Locator:
    return page.get_by_role("tooltip")


def prose(page: Page, text: str) -> Locator:
    return page.locator("article p > a", has_text=text).first


TWO_SAYS = [
    "Two Learning Rates",
    "How the step length decides whether descent converges, crawls or jumps away.",
    "Theme Alpha · intermediate · 1 min read",
]


def test_an_explainer_shows_its_card_on_hover(read: Any) -> None:
    page = read(ONE)
    expect(card(page)).to_have_count(0)
    link = prose(page, "Two Learning Rates")
    link.hover()
    expect(card(page).locator("p")).to_have_text(TWO_SAYS)
    assert link.get_attribute("aria-describedby") == "preview"
    assert link.get_attribute("title") is None  # the browser's own tip would be a second one
    page.locator("h1").hover()
    expect(card(page)).to_have_count(0)
    assert link.get_attribute("aria-describedby") is None


def test_a_passing_pointer_opens_nothing(read: Any) -> None:
    page = read(ONE)
    link = prose(page, "Two Learning Rates")
    link.hover()
    page.locator("h1").hover()
    page.wait_for_timeout(600)
    expect(card(page)).to_have_count(0)


def test_the_card_stays_while_the_pointer_is_on_it_and_moves_nothing(read: Any) -> None:
    page = read(ONE)
    link = prose(page, "Two Learning Rates")
    size = "[document.documentElement.scrollHeight, document.documentElement.scrollWidth]"
    before, place = page.evaluate(size), link.bounding_box()
    link.hover()
    expect(card(page)).to_be_visible()
    assert (page.evaluate(size), link.bounding_box()) == (before, place)
    card(page).hover()
    page.wait_for_timeout(500)
    expect(card(page)).to_be_visible()
    page.keyboard.press("Escape")
    expect(card(page)).to_have_count(0)


def test_a_focused_link_shows_its_card_and_keeps_the_focus_on_escape(read: Any) -> None:
    page = read(ONE)
    link = prose(page, "Two Learning Rates")
    page.locator("a.footnote-reference").first.focus()
    page.keyboard.press("Tab")
    expect(link).to_be_focused()
    expect(card(page).locator("p")).to_have_text(TWO_SAYS)
    page.keyboard.press("Escape")
    expect(card(page)).to_have_count(0)
    expect(link).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    expect(card(page)).to_be_visible()
    page.keyboard.press("Tab")
    expect(card(page).get_by_text("Learning")).to_have_count(0)


@pytest.mark.parametrize(
    ("path", "link", "says"),
    [
        (ONE, "plateau", ["plateau", "Where nothing falls."]),  # the role `term`
        # linked by itself, in another form: a name of an entry that has two
        (TWO, "slopes", ["slope", "The direction of steepest rise", "Explained in One Gradient"]),
        (THREE, "learning rate", ["learning rate", "How far", "Explained in Two Learning Rates"]),
    ],
)
def test_a_term_shows_its_definition(read: Any, path: str, link: str, says: list[str]) -> None:
    page = read(path)
    prose(page, link).hover()
    rows = card(page).locator("p")
    expect(rows).to_have_count(len(says))
    for row, text in zip(rows.all(), says, strict=True):
        expect(row).to_contain_text(text)
    expect(card(page).locator("a")).to_have_count(0)


def test_a_definition_has_its_formula(read: Any) -> None:
    page = read(TWO)
    prose(page, "slopes").hover()
    expect(card(page).locator("math")).to_have_count(1)
    assert "∇" in card(page).inner_text()


def test_a_citation_shows_its_reference(read: Any) -> None:
    page = read(ONE)
    page.locator("a.footnote-reference").hover()
    expect(card(page)).to_have_text("A. Climber. On Hills. See https://example.org/hills.")
    expect(card(page).locator("a, [id]")).to_have_count(0)


@pytest.mark.parametrize(
    "link",
    [
        ".explainer-cards-grid .explainer-title a",  # a card says it already
        ".breadcrumbs a",
        ".sidebar-tree a",
    ],
)
def test_what_shows_no_card(read: Any, link: str) -> None:
    page = read("articles/alpha/index.html")
    page.locator(link).last.hover()
    page.wait_for_timeout(500)
    expect(card(page)).to_have_count(0)


def touch(page: Page, link: Locator, milliseconds: int, move: int = 0) -> None:
    """Put a finger on a link, and take it away."""
    link.scroll_into_view_if_needed()
    row = (
        "(link) => { const row = link.getClientRects()[0]; return { x: row.x + 9, y: row.y + 9 }; }"
    )
    point = link.evaluate(row)
    client = page.context.new_cdp_session(page)
    client.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [point]})
    if move:
        there = point | {"y": point["y"] + move}
        client.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [there]})
    page.wait_for_timeout(milliseconds)
    client.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_a_tap_follows_the_link(read: Any) -> None:
    page = read(ONE, **PHONE)
    prose(page, "Two Learning Rates").tap()
    page.wait_for_url("**/alpha/two.html")
    expect(card(page)).to_have_count(0)


@pytest.mark.parametrize("milliseconds", [480, 900])
def test_a_resting_finger_shows_the_card_and_follows_nothing(read: Any, milliseconds: int) -> None:
    page = read(ONE, **PHONE)
    link = prose(page, "Two Learning Rates")
    touch(page, link, milliseconds)
    expect(card(page).locator("p")).to_have_text(TWO_SAYS)
    page.wait_for_timeout(500)
    expect(card(page)).to_be_visible()
    assert page.url.endswith(ONE)
    box, width = card(page).bounding_box(), 390
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    page.touchscreen.tap(200, 60)  # anywhere else
    expect(card(page)).to_have_count(0)
    link.tap()
    page.wait_for_url("**/alpha/two.html")


def test_a_finger_that_scrolls_opens_nothing(read: Any) -> None:
    page = read(ONE, **PHONE)
    touch(page, prose(page, "Two Learning Rates"), 700, move=-60)
    expect(card(page)).to_have_count(0)


def test_the_browsers_menu_opens_where_the_card_is_open(read: Any) -> None:
    page = read(ONE, **PHONE)
    link = prose(page, "Two Learning Rates")
    # What a browser asks when a finger rests; this one, without a window, would open no menu.
    press = """async (link) => {
      const options = { bubbles: true, cancelable: true, pointerType: "touch" };
      link.dispatchEvent(new PointerEvent("pointerdown", options));
      await new Promise((resolve) => setTimeout(resolve, 600));
      const opens = link.dispatchEvent(new PointerEvent("contextmenu", options));
      link.dispatchEvent(new PointerEvent(opens ? "pointercancel" : "pointerup", options));
      return opens;
    }"""
    assert link.evaluate(press) is False
    expect(card(page)).to_be_visible()
    assert link.evaluate(press) is True
    assert page.locator(".breadcrumbs a").first.evaluate(press) is True


def test_a_citation_by_touch(read: Any) -> None:
    page = read(ONE, **PHONE)
    touch(page, page.locator("a.footnote-reference"), 600)
    expect(card(page)).to_contain_text("A. Climber")


def test_the_data_are_loaded_when_they_are_needed(read: Any) -> None:
    page = read(ONE)
    loaded = "() => performance.getEntriesByType('resource').map((entry) => entry.name).join()"
    assert "preview-data" not in page.evaluate(loaded)
    assert page.evaluate("() => document.scripts.length") == page.locator("script").count()
    scripts = page.locator("script[src*='preview-data.js']")
    expect(scripts).to_have_count(0)
    prose(page, "Two Learning Rates").hover()
    expect(scripts).to_have_count(1)


def test_nothing_moves_for_those_who_want_no_motion(read: Any) -> None:
    page = read(ONE, reduced_motion="reduce")
    prose(page, "Two Learning Rates").hover()
    expect(card(page)).to_be_visible()
    assert card(page).evaluate("(element) => getComputedStyle(element).animationName") == "none"
