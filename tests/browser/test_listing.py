"""A listing's rows and a theme's cards with their pictures; what fingers press; code to read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

LISTING, THEME = "articles/index.html", "articles/alpha/index.html"
ARTICLE = "articles/alpha/sine.html"
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 360, "height": 740}


@pytest.fixture(scope="session")
def waves(build_once: Callable[[str], Path]) -> Path:
    """Return the folder of a small site whose articles have pictures."""
    return build_once("signature")


@pytest.fixture
def visit(visitor: Any, address: Any, waves: Path) -> Callable[..., Any]:
    return lambda path, **options: visitor.open(address(waves) + path, **options)


def overflows(page: Any) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))


def test_a_row_has_picture_words_and_facts_beside_each_other(visit: Any) -> None:
    page = visit(LISTING, viewport=WIDE)
    row = page.locator(".explainer-card").first
    picture, title, facts = (
        row.locator(f"> {part}").bounding_box()
        for part in (".signature", ".explainer-title", ".explainer-meta")
    )
    assert picture["x"] + picture["width"] < title["x"]
    assert title["x"] + title["width"] < facts["x"]
    assert row.bounding_box()["height"] < 130
    starts = page.locator(".explainer-title").evaluate_all(
        "titles => titles.map((title) => title.getBoundingClientRect().x)"
    )
    assert len(set(starts)) == 1  # also where there is no picture


def test_all_of_a_row_leads_to_its_article(visit: Any) -> None:
    page = visit(LISTING, viewport=WIDE)
    box = page.locator(".signature").first.bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_url(f"**/{ARTICLE}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_card_has_its_picture_in_the_colours_of_the_page(visit: Any, scheme: str) -> None:
    page = visit(THEME, viewport=WIDE, color_scheme=scheme)
    drawn = page.locator(".signature svg path[stroke]:not([stroke=none])").last
    colour = drawn.evaluate("path => getComputedStyle(path).stroke")
    assert (
        colour
        in {"light": "rgb(105, 112, 125) rgb(27, 79, 184)", "dark": "rgb(141, 180, 255)"}[scheme]
    )
    box = page.locator(".signature").first.bounding_box()
    assert 80 < box["height"] < 130
    assert box["width"] == pytest.approx(
        page.locator(".explainer-card").first.bounding_box()["width"], abs=4
    )


def test_who_hears_the_page_does_not_hear_of_it(visit: Any) -> None:
    page = visit(THEME)
    snapshot = page.locator(".explainer-cards-grid").aria_snapshot()
    assert "img" not in snapshot
    assert "What a Sine Is" in snapshot


@pytest.mark.parametrize("path", [LISTING, THEME])
def test_on_phones_nothing_is_too_wide(visit: Any, path: str) -> None:
    page = visit(path, viewport=PHONE)
    assert not overflows(page)
    assert page.locator(".explainer-cards-list .signature:visible").count() == 0


def test_a_map_is_a_drawing_or_an_outline(visit: Any) -> None:
    page = visit(THEME, viewport=WIDE)
    drawing, outline = (
        page.locator(".explainer-map > .diagram"),
        page.locator(".explainer-map > ul"),
    )
    expect(outline).to_be_visible()
    if drawing.count():  # merman has a wheel for this machine
        expect(drawing).to_be_visible()
        assert drawing.evaluate("box => box.scrollWidth <= box.clientWidth")
        page.set_viewport_size(PHONE)
        expect(drawing).to_be_hidden()
    left = [row.bounding_box()["x"] for row in outline.locator("li").all()]
    assert left[0] < left[1]  # it builds on the first
    assert not overflows(page)


def test_fingers_find_what_they_press(visit: Any) -> None:
    page = visit(ARTICLE, viewport=PHONE)
    links = page.locator("section > .explainer-tags a, .page-links a, .page-cite > summary")
    assert links.count() >= 3
    assert all(link.bounding_box()["height"] >= 44 for link in links.all())


@pytest.mark.parametrize("viewport", [WIDE, PHONE])
def test_sentences_in_code_fit(visit: Any, viewport: Any) -> None:
    page = visit(ARTICLE, viewport=viewport)
    box = page.locator("article pre:has(.sd)").bounding_box()
    right = page.locator("article pre .sd").evaluate_all(
        "all => Math.max(...all.flatMap((part) => [...part.getClientRects()].map((r) => r.right)))"
    )
    assert right <= box["x"] + box["width"]
