"""Search: pages with descriptions, sections below their page, terms with definitions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect


@pytest.fixture
def search(visitor: Any, address: Any, small: Path) -> Any:
    def run(words: str) -> Page:
        page: Page = visitor.open(address(small) + "index.html")
        page.get_by_role("textbox", name="Search").fill(words)
        page.keyboard.press("Enter")
        page.wait_for_url("**/search.html?q=*")
        return page

    return run


def test_a_page_has_its_description_and_facts(search: Any) -> None:
    page = search("valleys")
    expect(page.locator(".search-summary[role=status]")).to_have_text(
        "Search finished, found one page matching the search query."
    )
    entry = page.locator("#search-results li")
    expect(entry.get_by_role("link")).to_have_text(["Three Valleys"])
    expect(entry).to_contain_text("Why a landscape of losses has valleys")
    expect(entry).to_contain_text("Theme Beta · advanced · 1 min read")
    entry.get_by_role("link").click()
    page.wait_for_url("**/articles/beta/three.html*")


def test_a_section_stands_below_its_page(search: Any) -> None:
    page = search("Crème brûlée")
    links = page.locator("#search-results").get_by_role("link")
    expect(links).to_have_text(["Two Learning Rates", "Crème brûlée"])
    expect(page.locator(".search-summary[role=status]")).to_contain_text("one page")
    links.last.click()
    page.wait_for_url("**/two.html#creme-brulee")


def test_a_term_is_found_once_with_its_definition(search: Any) -> None:
    page = search("slope")
    links = page.locator("#search-results").get_by_role("link")
    expect(links.first).to_have_text("slope")
    terms = page.locator("#search-results li", has_text="The direction of steepest rise")
    expect(terms).to_have_count(1)
    expect(terms.locator("math")).to_have_count(1)


def test_one_definition_comes_first_then_pages_then_other_terms(search: Any) -> None:
    page = search("gradient")
    expect(page.locator(".search-summary[role=status]")).to_contain_text("pages")
    page.wait_for_timeout(300)  # results come one by one
    kinds = page.locator("#search-results ul.search > li").evaluate_all(
        "all => all.map((entry) => entry.classList.contains('search-lead') ? 'lead' :"
        " entry.classList.contains('search-term') ? 'term' : 'page')"
    )
    assert kinds[0] == "lead"
    assert "page" in kinds
    assert kinds == sorted(kinds, key=["lead", "page", "term"].index)
    expect(page.locator(".search-lead > a")).to_have_text("gradient")


def test_a_term_by_another_name_comes_after_the_pages(search: Any) -> None:
    page = search("falls")  # in a definition, and in no name
    page.wait_for_timeout(300)
    expect(page.locator(".search-lead")).to_have_count(0)


def test_nothing_found_says_so(search: Any) -> None:
    page = search("zeppelin")
    expect(page.locator(".search-summary[role=status]")).to_contain_text(
        "did not match any documents"
    )


def test_what_stands_on_every_page_is_not_found(search: Any) -> None:
    page = search("cite")
    expect(page.locator(".search-summary[role=status]")).to_contain_text(
        "did not match any documents"
    )


def test_the_page_asks_for_words_itself(visitor: Any, address: Any, small: Path) -> None:
    page = visitor.open(address(small) + "search.html", viewport={"width": 390, "height": 800})
    page.locator("article").get_by_role("searchbox").fill("valleys")
    page.locator("article").get_by_role("button", name="Search").click()
    expect(page.locator("#search-results").get_by_role("link")).to_have_text(["Three Valleys"])
