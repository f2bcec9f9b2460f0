"""What is folded opens for whoever is led into it, for paper, and without JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from .test_pages import violations

ONE = "articles/alpha/one.html"


@pytest.fixture
def folder(build_once: Callable[[str], Path]) -> Path:
    return build_once("layers")


@pytest.fixture
def visit(visitor: Any, address: Any, folder: Path) -> Callable[..., Page]:
    """Return what opens the article, as a reader without taste for motion would."""

    def go(place: str = "", **options: object) -> Page:
        page: Page = visitor.open(
            address(folder) + ONE + place, **{"reduced_motion": "reduce", **options}
        )
        return page

    return go


def block(page: Page, title: str) -> Locator:
    return page.locator("details.deeper", has=page.locator("summary", has_text=title))


def is_open(fold: Locator) -> bool:
    found: bool = fold.evaluate("(fold) => fold.open")
    return found


def test_it_is_folded_and_tells_what_it_would_take(visit: Any) -> None:
    page = visit()
    expect(page.locator("details.deeper")).to_have_count(3)
    expect(page.locator("details.deeper[open]")).to_have_count(0)
    summary = block(page, "A second block").locator("summary")
    expect(summary).to_have_text(
        "Going deeper: A second block1 min · the text below does not need it"
    )
    expect(page.get_by_text("sesquipedalian")).to_be_hidden()
    title, facts = (summary.locator(f".deeper-{name}") for name in ("title", "facts"))
    assert facts.bounding_box()["y"] > title.bounding_box()["y"]


@pytest.mark.parametrize("script", [True, False])
def test_a_link_opens_it(visit: Any, script: bool) -> None:
    page = visit("#more", java_script_enabled=script)
    fold = block(page, "A second block")
    expect(fold).to_have_attribute("open", "")
    expect(fold.locator("summary")).to_be_in_viewport()
    assert not is_open(block(page, "derivation"))
    page.get_by_role("link", name="(2)").first.click()  # a formula in it
    expect(block(page, "derivation")).to_have_attribute("open", "")
    expect(page.locator("#equation-eq-variance")).to_be_in_viewport()


def test_a_link_followed_twice_opens_it_twice(visit: Any) -> None:
    page = visit()
    fold, link = block(page, "A second block"), page.get_by_role("link", name="the second block")
    for _ in range(2):
        link.click()
        expect(fold).to_have_attribute("open", "")
        expect(fold.locator("summary")).to_be_in_viewport()
        fold.locator("summary").click()
        expect(fold).not_to_have_attribute("open", "")


def test_a_script_opens_what_the_browser_does_not(visit: Any) -> None:
    """Browsers open what is around a target; older ones do not, so neither does this one here."""
    page = visit()
    fold = block(page, "derivation")
    shut = """(fold) => new Promise((done) => {
      history.replaceState(null, "", "#tab-growth");
      fold.open = false;
      dispatchEvent(new HashChangeEvent("hashchange"));
      setTimeout(done, 100);
    })"""
    fold.evaluate(shut)
    assert is_open(fold)
    expect(page.locator("#tab-growth")).to_be_in_viewport()


def test_an_answer_within_opens_with_what_is_around_it(visit: Any) -> None:
    page = visit()
    answer = page.locator("details.sd-dropdown")
    page.evaluate("document.querySelector('details.sd-dropdown p').id = 'deep'")
    page.evaluate("location.hash = '#deep'")
    expect(answer).to_have_attribute("open", "")
    expect(page.get_by_text("quadruplicity")).to_be_visible()


@pytest.mark.parametrize("place", ["", "#%E0%A4%A", "#nothing", "#the-end"])
def test_other_addresses_open_nothing(visit: Any, place: str) -> None:
    page = visit(place)
    page.wait_for_timeout(150)
    expect(page.locator("details.deeper[open]")).to_have_count(0)


def test_keys_open_and_shut_it(visit: Any) -> None:
    page = visit()
    fold = block(page, "A second block")
    fold.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("sesquipedalian")).to_be_visible()
    page.keyboard.press(" ")
    expect(page.get_by_text("sesquipedalian")).to_be_hidden()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    expect(fold.locator("summary")).to_be_focused()


def test_find_in_page_opens_it(visitor: Any, address: Any, folder: Path) -> None:
    page = visitor.open(f"{address(folder)}{ONE}#:~:text=sesquipedalian")
    expect(block(page, "A second block")).to_have_attribute("open", "")


@pytest.mark.parametrize("script", [True, False])
def test_paper_shows_it(visit: Any, script: bool) -> None:
    page = visit(java_script_enabled=script)
    page.emulate_media(media="print")
    hidden = page.get_by_text("sesquipedalian"), page.get_by_text("quadruplicity")
    for words in hidden:
        assert words.evaluate("(words) => words.checkVisibility()")
        assert words.bounding_box()["height"] > 0


def test_printing_opens_what_is_folded_and_folds_it_again(visit: Any) -> None:
    page = visit("#more")
    folds = page.locator("article details")
    before = folds.evaluate_all("(all) => all.map((fold) => fold.open)")
    assert sorted(before) == [False, False, False, True]
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert all(folds.evaluate_all("(all) => all.map((fold) => fold.open)"))
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert folds.evaluate_all("(all) => all.map((fold) => fold.open)") == before


@pytest.mark.parametrize(
    ("words", "opened"),
    [
        ("sesquipedalian", ["A second block"]),
        ("sesquipedalian larger", ["A second block"]),  # the other word stands outside as well
        ("larger", []),
        ("flabbergasting quadruplicity", ["Products grow"]),
    ],
)
def test_search_opens_what_alone_holds_a_word(
    visitor: Any, address: Any, folder: Path, words: str, opened: list[str]
) -> None:
    page = visitor.open(f"{address(folder)}search.html?q={words.replace(' ', '+')}")
    page.locator("#search-results li a").first.click()
    page.wait_for_url("**/one.html*")
    expect(page.locator(".highlighted").first).to_be_attached()
    page.wait_for_timeout(150)
    titles = page.locator("details.deeper[open] > summary .deeper-title").all_inner_texts()
    assert [title[: len(start)] for title, start in zip(titles, opened, strict=True)] == opened


def test_search_leads_to_it_by_its_title(visitor: Any, address: Any, folder: Path) -> None:
    page = visitor.open(f"{address(folder)}search.html?q=second+block")
    page.locator("#search-results").get_by_role("link", name="A second block").click()
    page.wait_for_url("**/one.html#more")
    expect(block(page, "A second block")).to_have_attribute("open", "")
    expect(block(page, "A second block").locator("summary")).to_be_in_viewport()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("opened", [True, False])
def test_it_is_for_everybody(visit: Any, scheme: str, opened: bool) -> None:
    page = visit(color_scheme=scheme, viewport={"width": 360, "height": 740})
    page.evaluate(
        """(open) => document.querySelectorAll("article details").forEach(
          (fold) => { fold.open = open; })""",
        opened,
    )
    assert violations(page) == []
    root = "document.documentElement"
    assert page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth")


def test_its_rule_is_in_the_accent_and_stays_in_forced_colours(visit: Any) -> None:
    page = visit(color_scheme="light")
    rule = "(fold) => getComputedStyle(fold).borderInlineStart"
    fold = block(page, "A second block")
    assert fold.evaluate(rule) == "2px solid rgb(160, 48, 112)"
    page.emulate_media(forced_colors="active")
    assert fold.evaluate(rule).startswith("2px solid")
