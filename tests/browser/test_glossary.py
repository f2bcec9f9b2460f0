"""The glossary: letters that lead to its parts, and words that narrow it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

Open = Callable[..., Page]


@pytest.fixture
def glossary(visitor: Any, address: Any, small: Path) -> Open:
    return lambda **options: visitor.open(address(small) + "glossary.html", **options)


def shows(page: Page, names: list[str]) -> None:
    expect(page.locator("dl.glossary > dt:visible")).to_have_text(names)


def test_letters_lead_to_their_terms(glossary: Open) -> None:
    page = glossary(viewport={"width": 1200, "height": 300})
    letters = page.get_by_role("navigation", name="Letters").get_by_role("link")
    assert letters.all_inner_texts() == ["G", "L", "P"]
    letters.last.click()
    page.wait_for_url("**#term-plateau")
    page.wait_for_function(
        """() => {
          const box = (name) => document.querySelector(name).getBoundingClientRect();
          return box("#term-plateau").top >= box(".letters").bottom;
        }"""
    )


def test_words_narrow(glossary: Open) -> None:
    page = glossary()
    field = page.get_by_label("Filter the glossary").get_by_role("searchbox")
    status = page.locator(".glossary-filter [role=status]")
    field.fill("steepest")  # in a definition; all names of the thing are shown
    shows(page, ["gradient¶", "slope¶"])
    expect(status).to_have_text("1 of 3 entries")
    expect(page.locator(".letters a:visible")).to_have_text(["G"])
    field.fill("zeppelin")
    shows(page, [])
    expect(status).to_have_text("No entry fits.")
    page.keyboard.press("Escape")
    shows(page, ["gradient¶", "slope¶", "learning rate¶", "plateau¶"])
    expect(status).to_have_text("")


def test_a_link_to_a_hidden_entry_shows_it(glossary: Open) -> None:
    page = glossary()
    page.get_by_label("Filter the glossary").get_by_role("searchbox").fill("plateau")
    shows(page, ["plateau¶"])
    page.evaluate("location.hash = '#term-slope'")
    expect(page.locator("#term-slope")).to_be_visible()


def test_without_javascript_letters_are_links(glossary: Open) -> None:
    page = glossary(java_script_enabled=False)
    expect(page.locator(".glossary-filter")).to_be_hidden()
    assert page.locator(".letters a").first.get_attribute("href") == "#term-gradient"


def test_on_a_phone_letters_are_one_row(glossary: Open) -> None:
    page = glossary(viewport={"width": 360, "height": 740})
    sizes = [link.bounding_box() for link in page.locator(".letters a").all()]
    assert len({size["y"] for size in sizes}) == 1
    assert all(min(size["width"], size["height"]) >= 44 for size in sizes)
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
