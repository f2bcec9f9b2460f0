"""The box in which readers type a text and see its tokens: served and from a folder.

The visitor besides sees that no page reports an error, breaks its policy or asks another host.
"""

from __future__ import annotations

import sys
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from figures import cutting
from labs import bpe
from tests.browser.test_charts import MISSING
from tests.samples import SAMPLES

BUTTON = "Type your own"
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


@pytest.fixture(scope="session")
def folder(build_once: Any) -> Path:
    built: Path = build_once("tokenizer")
    return built


@pytest.fixture
def page(visitor: Any, address: Any, folder: Path) -> Page:
    opened: Page = visitor.open(f"{address(folder)}index.html")
    return opened


def box(page: Page, number: int = 0) -> Locator:
    return page.locator(".tokenizer").nth(number)


def begin(page: Page, number: int = 0) -> Locator:
    """Open a box and return its field."""
    box(page, number).get_by_role("button", name=BUTTON).click()
    return box(page, number).get_by_role("textbox")


def tokens(page: Page, number: int = 0) -> list[str]:
    return box(page, number).locator(".token").all_text_contents()


def test_nothing_is_loaded_before_the_click(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    page.reload()
    page.wait_for_load_state("networkidle")
    assert not [name for name in asked if name.startswith("king-james")]
    begin(page)
    begin(page, 1)
    expect(page.locator(".tokenizer textarea")).to_have_count(2)
    assert len([name for name in asked if name.startswith("king-james")]) == 1


def test_it_begins_with_what_was_cut_while_building(page: Page) -> None:
    before, said = tokens(page), box(page).locator(".tokenizer-facts").text_content()
    field = begin(page)
    expect(field).to_have_value('jesus wept, and "wrote" a < গা')
    page.wait_for_timeout(100)
    assert tokens(page) == before
    assert box(page).locator(".tokenizer-facts").text_content() == said
    assert tokens(page, 1) == ["the", "␣womb", "at"]


def test_all_by_keyboard(page: Page) -> None:
    box(page).get_by_role("button").focus()
    page.keyboard.press("Enter")
    field = box(page).get_by_role("textbox", name="Your text, of at most 2,000 characters")
    expect(field).to_be_focused()
    assert field.evaluate("element => getComputedStyle(element).outlineStyle") == "solid"
    page.keyboard.press("Control+A")
    page.keyboard.type("jesus ")
    page.keyboard.insert_text("and 👍\n")
    assert tokens(page) == ["j", "es", "us", "␣and", "␣", *"⟨F0⟩ ⟨9F⟩ ⟨91⟩ ⟨8D⟩".split(), "↵"]
    page.keyboard.press("Tab")
    reset = box(page).get_by_role("button", name="Reset: Figure 1")
    expect(reset).to_be_focused()
    page.keyboard.press("Space")
    expect(field).to_be_focused()
    expect(field).to_have_value('jesus wept, and "wrote" a < গা')
    assert len(tokens(page)) == 22


def test_the_sentence_is_told_once_typing_ends(page: Page) -> None:
    field = begin(page)
    status = box(page).get_by_role("status")
    expect(field).to_be_visible()
    page.evaluate("new Promise((done) => setTimeout(done, 50))")  # after what opening tells
    expect(status).to_contain_text("tokens: 22,")
    page.evaluate(TOLD)
    field.evaluate(TYPE, "and jesus wept")
    expect(status).to_have_text("Characters: 14, bytes: 14, tokens: 3, tokens per word: 1.00.")
    assert page.evaluate("window.told") == 1
    field.fill(" \n")
    expect(status).to_have_text("Characters: 2, bytes: 2, tokens: 2.")
    field.fill("")
    expect(status).to_have_text("Characters: 0, bytes: 0, tokens: 0.")
    assert tokens(page) == []


# Key after key without a pause, however busy the machine is.
TYPE = """(field, text) => {
  for (let count = 1; count <= text.length; count += 1) {
    field.value = text.slice(0, count);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}"""
TOLD = """() => {
  window.told = 0;
  const says = document.querySelector(".tokenizer [role=status]");
  new MutationObserver(() => (window.told += 1)).observe(says, { childList: true });
}"""


def test_long_texts_are_cut_off_and_that_is_told(page: Page) -> None:
    field = begin(page)
    field.fill("👍" * 2001)
    status = box(page).get_by_role("status")
    expect(status).to_have_text(
        "Characters: 2,000, bytes: 8,000, tokens: 8,000, tokens per word: 8000.00. "
        "Only the first 2,000 characters are cut."
    )
    assert len(tokens(page)) == 8000
    shown = box(page).get_by_role("group", name="Tokens")
    expect(shown).to_have_attribute("tabindex", "0")  # it scrolls
    field.fill("👍")
    expect(status).to_have_text("Characters: 1, bytes: 4, tokens: 4, tokens per word: 4.00.")
    expect(shown).not_to_have_attribute("tabindex", "0")


def test_pages_cut_as_python_does(page: Page) -> None:
    expect(begin(page)).to_be_visible()
    merges = bpe.king_james_merges()
    # A field of a page has no other ends of lines.
    texts = [text.replace("\r\n", "\n").replace("\r", "\n") for text in SAMPLES]
    assert len(texts) > 200
    for text, found in zip(texts, page.evaluate(CUT, texts), strict=True):
        wanted = [cutting.shown(token) for token in bpe.encode(text, merges)]
        assert found == wanted, text


CUT = """(texts) => texts.map((text) => {
  const field = document.querySelector(".tokenizer textarea");
  field.value = text;
  field.dispatchEvent(new Event("input"));
  return Array.from(document.querySelectorAll(".tokenizer:first-of-type .token"),
    (token) => token.textContent).slice(0, -3); // those of the second box
})"""


def test_pages_count_as_python_does(page: Page) -> None:
    field = begin(page)
    merges = bpe.king_james_merges()
    for text in SAMPLES[::9]:
        field.fill(text)
        counts = cutting.counts(text, cutting.encode(text, merges))
        status = box(page).get_by_role("status")
        expect(status).to_contain_text(f"Characters: {counts['characters']}, ")
        expect(status).to_contain_text(f"bytes: {counts['bytes']}, tokens: {counts['tokens']}")
        if "ratio" in counts:
            expect(status).to_contain_text(f"word: {counts['ratio']}.")


def test_letters_and_spaces_are_those_of_python(visitor: Any, serve: Any, folder: Path) -> None:
    """Every character that Python knows; what later editions of Unicode add has no class there."""
    page = visitor.open(f"{serve(folder)}index.html")
    known = [
        code for code in range(sys.maxunicode + 1)
        if unicodedata.category(chr(code)) not in ("Cn", "Cs")
    ]  # fmt: skip
    patterns = [cutting.WORDS_IN_SCRIPTS, cutting.SPACES_IN_SCRIPTS]
    found = page.evaluate(CLASSES, [known, *patterns])
    assert found == [
        "".join(str(len(cutting.words(f"a{chr(code)} {chr(code)}"))) for code in known),
        [code for code in known if chr(code).isspace()],
    ]


CLASSES = """([codes, words, spaces]) => {
  const [word, space] = [new RegExp(words, "gu"), new RegExp(`^${spaces}$`, "u")];
  const chars = codes.map((code) => String.fromCodePoint(code));
  return [chars.map((char) => `a${char} ${char}`.match(word).length).join(""),
    codes.filter((code, at) => space.test(chars[at]))];
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_for_everybody(visitor: Any, serve: Any, folder: Path, scheme: Any) -> None:
    page = visitor.open(f"{serve(folder)}index.html", color_scheme=scheme)
    options = {"preload": False, "resultTypes": ["violations"]}
    for opened in (False, True):
        if opened:
            begin(page).fill("गाना " * 100)
            expect(box(page).get_by_role("status")).to_contain_text("Characters: 500")
            begin(page, 1)
        found = Axe().run(page, "article", options).response["violations"]
        assert [(rule["id"], rule["nodes"][0]["html"][:200]) for rule in found] == []


def test_boxes_are_told_apart_in_colours_of_the_system(
    visitor: Any, serve: Any, folder: Path
) -> None:
    page = visitor.open(f"{serve(folder)}index.html", forced_colors="active")
    token = box(page).locator(".token").first
    assert token.evaluate("element => getComputedStyle(element).borderTopWidth") == "1px"


def test_colours_follow_light_and_dark(page: Page) -> None:
    begin(page)
    token = box(page).locator(".token").first
    colour = "element => getComputedStyle(element).backgroundColor"
    light = token.evaluate(colour)
    page.emulate_media(color_scheme="dark")
    assert token.evaluate(colour) != light


def test_what_is_copied_has_bars(page: Page) -> None:
    assert box(page, 1).locator(".tokens").evaluate(SELECTED) == "the | ␣womb | at"


SELECTED = """(element) => {
  getSelection().selectAllChildren(element);
  return getSelection().toString().trim();
}"""


def test_without_scripts_the_tokens_stand_there(visitor: Any, address: Any, folder: Path) -> None:
    page = visitor.open(f"{address(folder)}index.html", java_script_enabled=False)
    expect(box(page, 1).locator(".token")).to_have_text(["the", "␣womb", "at"])
    expect(box(page, 1)).to_contain_text("Characters: 10, bytes: 10, tokens: 3")
    expect(page.locator(".tokenizer button")).to_have_count(0)
    assert page.locator(".tokenizer-controls").first.bounding_box()["height"] < 12


def test_without_its_tokenizer_the_text_stays(page: Page) -> None:
    page.evaluate(MISSING)
    button = box(page, 1).get_by_role("button")
    for _again in range(2):
        button.click()
        expect(box(page, 1).locator(".tokenizer-facts")).to_have_text(
            "Characters: 10, bytes: 10, tokens: 3, tokens per word: 1.50. "
            "The tokenizer could not be loaded; this is how it cuts one text."
        )
        expect(button).to_have_text(BUTTON)
    assert tokens(page, 1) == ["the", "␣womb", "at"]
    page.evaluate("delete Document.prototype.createElement.lost")
    button.click()
    expect(box(page, 1).get_by_role("textbox")).to_be_focused()
    expect(box(page, 1).get_by_role("status")).not_to_contain_text("could not")


def test_two_boxes_are_set_apart(page: Page) -> None:
    first, second = begin(page), begin(page, 1)
    second.fill("x")
    assert tokens(page, 1) == ["x"]
    assert len(tokens(page)) == 22
    first.fill("y")
    assert tokens(page, 1) == ["x"]
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map((element) => element.id)")
    assert len(ids) == len(set(ids))


def test_paper_shows_the_tokens_alone(page: Page) -> None:
    begin(page).fill("a " * 900)
    page.emulate_media(media="print")
    for hidden in (".tokenizer-typed", ".tokenizer-controls"):
        expect(page.locator(hidden).first).to_be_hidden()
    overflow = "element => element.scrollHeight - element.clientHeight"
    assert box(page).locator(".tokens").evaluate(overflow) <= 1


def test_a_phone_has_room_for_all(visitor: Any, address: Any, folder: Path) -> None:
    page = visitor.open(f"{address(folder)}index.html", **PHONE)
    button = box(page).get_by_role("button")
    assert button.bounding_box()["height"] >= 44
    button.tap()
    field = box(page).get_by_role("textbox")
    field.fill(("jesus" * 40) + " 字" * 20)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert float(field.evaluate("e => parseFloat(getComputedStyle(e).fontSize)")) >= 16
    expect(field).to_have_attribute("autocapitalize", "none")
    assert box(page).get_by_role("button", name="Reset").bounding_box()["height"] >= 44


def test_nothing_is_kept_or_sent(page: Page) -> None:
    before = page.url
    asked: list[str] = []
    field = begin(page)
    expect(field).to_be_visible()
    page.on("request", lambda request: asked.append(request.url))
    field.fill("secret")
    page.wait_for_timeout(600)
    assert asked == []
    assert page.url == before
    assert "secret" not in page.evaluate("JSON.stringify([localStorage, sessionStorage])")
    assert "secret" not in page.evaluate("document.cookie")
