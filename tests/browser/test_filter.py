"""The filter of the listing: words, choices, counts, the address, the keyboard, no script."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

LISTING = "articles/index.html"
TITLES = ["One Gradient", "Two Learning Rates", "Three Valleys", "Four Datasets"]
Open = Callable[..., Page]


@pytest.fixture
def listing(visitor: Any, address: Any, small: Path) -> Open:
    """Return what opens the listing, with a query."""
    return lambda query="", **options: visitor.open(address(small) + LISTING + query, **options)


def shows(page: Page, titles: list[str]) -> None:
    cards = page.locator(".explainer-filter .explainer-card:visible .explainer-title")
    expect(cards).to_have_text(titles)


def says(page: Page, text: str) -> None:
    expect(page.locator(".filter [role=status]")).to_have_text(text)


def choice(page: Page, name: str) -> Any:
    return page.locator(".filter-choice", has_text=name).locator("input")


def query(page: Page) -> str:
    return str(page.evaluate("location.search"))


def test_everything_is_there_before_anything_is_chosen(listing: Open) -> None:
    page = listing()
    shows(page, TITLES)
    says(page, "4 explainers")
    assert page.locator(".filter legend").all_inner_texts() == ["Theme", "Level", "Kind"]
    counts = page.locator(".filter-choice:visible").all_inner_texts()
    assert [" ".join(text.split()) for text in counts] == [
        "Theme Alpha 2", "Theme Beta 2",
        "Introductory 2", "Intermediate 1", "Advanced 1",
        "Overview 2", "Building blocks 1", "Limits 1",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "titles"),
    [
        ("valleys", ["Three Valleys"]),
        ("CONVERGES", ["Two Learning Rates"]),  # in a description
        ("geometry loss", ["One Gradient", "Three Valleys"]),  # a tag's name, and a description
        ("beta", ["Three Valleys", "Four Datasets"]),  # a theme, which only its heading names
        ("fóur", ["Four Datasets"]),
        ("nothing like it", []),
    ],
)
def test_words_narrow(listing: Open, typed: str, titles: list[str]) -> None:
    page = listing()
    page.get_by_label("Filter by words").fill(typed)
    shows(page, titles)
    says(
        page,
        f"{len(titles)} of 4 explainers"
        if titles
        else "No explainer fits. Take something away, or clear the filter.",
    )


def test_choices_of_one_kind_widen_and_of_two_narrow(listing: Open) -> None:
    page = listing()
    choice(page, "Introductory").check()
    shows(page, ["One Gradient", "Four Datasets"])
    choice(page, "Advanced").check()
    shows(page, ["One Gradient", "Three Valleys", "Four Datasets"])
    choice(page, "Theme Beta").check()
    shows(page, ["Three Valleys", "Four Datasets"])
    says(page, "2 of 4 explainers")
    # What another choice would give: of the same kind in its place, of another on top.
    count = page.locator(".filter-choice", has_text="Theme Alpha").locator(".filter-count")
    assert count.inner_text() == "1"
    count = page.locator(".filter-choice", has_text="Building blocks").locator(".filter-count")
    assert count.inner_text() == "0"


def test_a_group_without_cards_has_no_heading(listing: Open) -> None:
    page = listing()
    headings = page.locator(".explainer-filter > .rubric")
    assert headings.all_inner_texts() == ["Theme Alpha", "Theme Beta"]
    page.get_by_label("Filter by words").fill("valleys")
    expect(headings.first).to_be_hidden()
    expect(headings.last).to_be_visible()


def test_the_address_keeps_what_is_chosen(listing: Open) -> None:
    page = listing()
    choice(page, "Overview").check()
    page.get_by_label("Filter by words").fill("café")
    page.wait_for_url(lambda url: "q=" in url)
    assert query(page) == "?q=caf%C3%A9&kind=overview"
    page.reload()
    shows(page, [])
    assert page.get_by_label("Filter by words").input_value() == "café"
    page.get_by_label("Filter by words").fill("")
    shows(page, ["One Gradient", "Four Datasets"])


def test_back_and_forward_go_through_choices(listing: Open) -> None:
    page = listing("?level=advanced")
    shows(page, ["Three Valleys"])
    choice(page, "Intermediate").check()
    choice(page, "Theme Alpha").check()
    shows(page, ["Two Learning Rates"])
    page.go_back()
    shows(page, ["Two Learning Rates", "Three Valleys"])
    assert not choice(page, "Theme Alpha").is_checked()
    page.go_back()
    assert query(page) == "?level=advanced"
    shows(page, ["Three Valleys"])
    page.go_forward()
    page.go_forward()
    shows(page, ["Two Learning Rates"])


@pytest.mark.parametrize("how", ["Escape", "Clear"])
def test_clearing(listing: Open, how: str) -> None:
    page = listing("?q=gradient&level=intro&tag=geometry")
    shows(page, ["One Gradient"])
    if how == "Escape":
        choice(page, "Introductory").focus()
        page.keyboard.press("Escape")
    else:
        page.get_by_role("button", name="Clear").click()
    shows(page, TITLES)
    assert query(page) == ""
    expect(page.get_by_label("Filter by words")).to_be_focused()
    page.go_back()
    shows(page, ["One Gradient"])


def test_a_tag_leads_to_the_listing_filtered_by_it(visitor: Any, address: Any, small: Path) -> None:
    page = visitor.open(address(small) + "articles/beta/four.html")
    page.locator("section > .explainer-tags").get_by_text("Data", exact=True).click()
    page.wait_for_url("**/articles/index.html?tag=data")
    shows(page, ["Two Learning Rates", "Four Datasets"])
    assert choice(page, "Data").first.is_visible()  # the tags are unfolded
    page.locator(".explainer-card:visible .explainer-tags").get_by_text("Geometry").click()
    page.wait_for_url("**/articles/index.html?tag=geometry")
    shows(page, ["One Gradient", "Three Valleys", "Four Datasets"])


def test_by_keyboard(listing: Open) -> None:
    page = listing()
    page.get_by_label("Filter by words").focus()
    stops = []
    for _ in range(4):
        page.keyboard.press("Tab")
        stops.append(page.evaluate("document.activeElement.outerHTML.slice(0, 60)"))
    assert "reset" in stops[0]
    assert "summary" in stops[1]
    assert 'value="alpha"' in stops[2]
    assert 'value="beta"' in stops[3]
    page.keyboard.press("Space")
    shows(page, ["Three Valleys", "Four Datasets"])


def test_enter_stays_on_the_page(listing: Open) -> None:
    page = listing()
    page.get_by_label("Filter by words").fill("valleys")
    page.keyboard.press("Enter")
    shows(page, ["Three Valleys"])


def test_on_a_phone_the_cards_are_near(listing: Open) -> None:
    page = listing(viewport={"width": 390, "height": 800})
    expect(page.locator(".filter-facet").first).to_be_hidden()
    page.get_by_text("Narrow down").click()
    choice(page, "Limits").check()
    shows(page, ["Three Valleys"])


def test_without_javascript_all_cards_are_there(listing: Open) -> None:
    page = listing("?q=valleys", java_script_enabled=False)
    shows(page, TITLES)
    expect(page.locator(".filter")).to_be_hidden()
