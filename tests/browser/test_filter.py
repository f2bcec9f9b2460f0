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


def tag(page: Page, name: str) -> Any:
    return page.locator(".filter-choice", has_text=name).locator("input")


def choose(page: Page, facet: str, value: str) -> None:
    page.get_by_label(facet, exact=True).select_option(value)


def options(page: Page, facet: str) -> list[str]:
    return list(page.get_by_label(facet, exact=True).locator("option").all_inner_texts())


def query(page: Page) -> str:
    return str(page.evaluate("location.search"))


def test_everything_is_there_before_anything_is_chosen(listing: Open) -> None:
    page = listing()
    shows(page, TITLES)
    says(page, "4 explainers")
    assert options(page, "Theme") == ["All themes", "Theme Alpha (2)", "Theme Beta (2)"]
    assert options(page, "Level")[1:] == ["Introductory (2)", "Intermediate (1)", "Advanced (1)"]
    assert options(page, "Kind")[1:] == ["Overview (2)", "Building blocks (1)", "Limits (1)"]
    expect(page.get_by_role("button", name="Clear")).to_be_hidden()
    expect(page.locator("#filter-tags")).to_be_hidden()


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


def test_choices_of_two_kinds_narrow(listing: Open) -> None:
    page = listing()
    choose(page, "Level", "intro")
    shows(page, ["One Gradient", "Four Datasets"])
    choose(page, "Theme", "beta")
    shows(page, ["Four Datasets"])
    says(page, "1 of 4 explainers")
    # What another choice would give: of the same kind in its place, of another on top.
    assert options(page, "Theme")[1:] == ["Theme Alpha (1)", "Theme Beta (1)"]
    assert options(page, "Kind")[1:] == ["Overview (1)", "Building blocks (0)", "Limits (0)"]
    choose(page, "Theme", "")
    shows(page, ["One Gradient", "Four Datasets"])


def test_tags_widen(listing: Open) -> None:
    page = listing()
    page.get_by_role("button", name="Tags").click()
    tag(page, "Data").check()
    shows(page, ["Two Learning Rates", "Four Datasets"])
    tag(page, "Geometry").check()
    shows(page, TITLES)
    assert query(page) == "?tag=data&tag=geometry"


def test_a_choice_that_is_not_there_is_none(listing: Open) -> None:
    page = listing("?theme=gamma&theme=beta&level=expert")
    shows(page, ["Three Valleys", "Four Datasets"])
    assert page.get_by_label("Level", exact=True).input_value() == ""


def test_a_group_without_cards_has_no_heading(listing: Open) -> None:
    page = listing()
    headings = page.locator(".explainer-filter > .rubric")
    assert headings.all_inner_texts() == ["Theme Alpha", "Theme Beta"]
    page.get_by_label("Filter by words").fill("valleys")
    expect(headings.first).to_be_hidden()
    expect(headings.last).to_be_visible()


def test_the_address_keeps_what_is_chosen(listing: Open) -> None:
    page = listing()
    choose(page, "Kind", "overview")
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
    choose(page, "Level", "intermediate")
    choose(page, "Theme", "alpha")
    shows(page, ["Two Learning Rates"])
    page.go_back()
    shows(page, ["Two Learning Rates"])
    assert page.get_by_label("Theme", exact=True).input_value() == ""
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
        tag(page, "Geometry").focus()
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
    assert tag(page, "Data").is_visible()  # the tags are unfolded


def test_by_keyboard(listing: Open) -> None:
    page = listing()
    page.get_by_label("Filter by words").focus()
    stops = []
    for _ in range(4):
        page.keyboard.press("Tab")
        stops.append(
            page.evaluate("document.activeElement.name || document.activeElement.className")
        )
    assert stops == ["theme", "level", "kind", "filter-more"]
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    shows(page, ["Two Learning Rates", "Four Datasets"])
    more = page.get_by_role("button", name="Tags")
    assert more.get_attribute("aria-expanded") == "true"
    more.click()
    expect(page.locator("#filter-tags")).to_be_hidden()
    shows(page, ["Two Learning Rates", "Four Datasets"])


def test_escape_shuts_a_list_and_clears_nothing(listing: Open) -> None:
    page = listing("?level=advanced")
    page.get_by_label("Level", exact=True).focus()
    page.keyboard.press("Escape")
    shows(page, ["Three Valleys"])


def test_enter_stays_on_the_page(listing: Open) -> None:
    page = listing()
    page.get_by_label("Filter by words").fill("valleys")
    page.keyboard.press("Enter")
    shows(page, ["Three Valleys"])


def test_on_a_phone_the_cards_are_near(listing: Open) -> None:
    page = listing(viewport={"width": 390, "height": 800})
    expect(page.get_by_label("Kind", exact=True)).to_be_hidden()
    assert page.locator("form.filter").bounding_box()["height"] < 110
    page.get_by_role("button", name="Narrow down").click()
    choose(page, "Kind", "limits")
    shows(page, ["Three Valleys"])
    page.get_by_role("button", name="Tags").click()
    expect(tag(page, "Data")).to_be_visible()
    page.get_by_role("button", name="Narrow down").click()
    expect(page.locator("#filter-tags")).to_be_hidden()


def test_it_is_one_bar(listing: Open) -> None:
    page = listing(viewport={"width": 1440, "height": 900})
    parts = page.locator(".filter-bar :is(input, select, button):visible").all()
    assert len(parts) == 5
    assert len({round(part.bounding_box()["y"]) for part in parts}) == 1
    assert all(part.bounding_box()["height"] >= 44 for part in parts)


@pytest.mark.parametrize(("width", "height"), [(1440, 700), (800, 700)])
def test_it_stays_in_sight_and_hides_no_row_that_has_the_focus(
    listing: Open, width: int, height: int
) -> None:
    page = listing(viewport={"width": width, "height": height})
    page.evaluate(
        "document.querySelector('form.filter').parentElement.style.paddingBottom = '99rem'"
    )
    page.mouse.move(width / 2, height / 2)
    page.mouse.wheel(0, 600)
    # A function: a bare expression is evaluated at each look, which the site's policy forbids.
    page.wait_for_function("() => scrollY > 300")
    bar = page.locator("form.filter").bounding_box()
    assert 0 <= bar["y"] < 80
    page.locator(".explainer-card a").first.focus()
    page.wait_for_function("""() => {
      const [row, bar] = [".explainer-card", "form.filter"].map((name) =>
        document.querySelector(name).getBoundingClientRect());
      return row.bottom > bar.bottom + 20 && row.bottom < innerHeight;
    }""")


def test_without_javascript_all_cards_are_there(listing: Open) -> None:
    page = listing("?q=valleys", java_script_enabled=False)
    shows(page, TITLES)
    expect(page.locator(".filter")).to_be_hidden()
