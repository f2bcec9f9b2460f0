"""Copy buttons on code and on the citation, with and without the clipboard's interface."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

ONE = "articles/alpha/one.html"
_NO_INTERFACE = "Object.defineProperty(navigator, 'clipboard', { value: undefined })"


@pytest.fixture(params=["interface", "no interface"])
def page(request: pytest.FixtureRequest, visitor: Any, address: Any, small: Path) -> Page:
    opened: Page = visitor.open(address(small) + ONE)
    opened.context.grant_permissions(["clipboard-read", "clipboard-write"])
    if request.param == "no interface":
        opened.context.add_init_script(_NO_INTERFACE)
        opened.reload()
    return opened


def pasted(page: Page) -> str:
    """Return what a reader would paste."""
    page.evaluate(
        """() => {
          const field = document.createElement("textarea");
          field.id = "paste-here";
          document.querySelector("article").prepend(field);
          field.focus();
        }"""
    )
    page.keyboard.press("Control+V")
    return page.locator("#paste-here").input_value()


def test_code_is_copied_without_its_prompts(page: Page) -> None:
    button = page.locator(".highlight").get_by_role("button")
    page.locator(".highlight").hover()
    button.click()
    expect(page.locator("p.visually-hidden[role=status]")).to_have_text("Copied!")
    assert pasted(page) == "1 + 1\nsum(\n    [3, 4])"


def test_the_citation_is_copied(page: Page) -> None:
    page.get_by_text("How to cite").click()
    button = page.get_by_role("button", name="Copy BibTeX entry")
    button.click()
    expect(page.locator("p.visually-hidden[role=status]")).to_have_text("Copied")
    expect(page.locator(".copy-button")).to_have_text("Copied")
    text = pasted(page)
    assert text.startswith("@misc{one,\n  title  = {{One Gradient}},\n")
    assert text.endswith("}")
    expect(page.locator(".copy-button")).to_have_text("Copy BibTeX entry")


def test_by_keyboard_the_buttons_show(page: Page) -> None:
    button = page.locator(".highlight").get_by_role("button")
    assert button.evaluate("(element) => getComputedStyle(element).opacity") == "0"
    page.locator("a.footnote-reference").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(button).to_be_focused()
    expect(button).to_have_css("opacity", "1")
    expect(button).to_have_css("outline-style", "solid")
    page.keyboard.press("Enter")
    expect(page.locator("p.visually-hidden[role=status]")).to_have_text("Copied!")


def test_by_touch_the_buttons_show(visitor: Any, address: Any, small: Path) -> None:
    page = visitor.open(address(small) + ONE, has_touch=True, is_mobile=True)
    expect(page.locator(".highlight").get_by_role("button")).to_have_css("opacity", "1")


def test_without_javascript_there_is_no_button(visitor: Any, address: Any, small: Path) -> None:
    page = visitor.open(address(small) + ONE, java_script_enabled=False)
    page.get_by_text("How to cite").click()
    expect(page.locator(".page-bibtex")).to_be_visible()
    expect(page.locator("article button, .page-foot button")).to_have_count(0)
