"""Live charts as readers use them: by mouse, keyboard and touch, served and from a folder.

The visitor besides sees that no page reports an error, breaks its policy or asks another host.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.pages import address as address_of
from tests.pages import marked, sources

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


@pytest.fixture(scope="session")
def charts(build_once: Any) -> Path:
    folder: Path = build_once("live")
    return folder


@pytest.fixture
def page(visitor: Any, address: Any, charts: Path) -> Page:
    opened: Page = visitor.open(f"{address(charts)}index.html")
    return opened


def chart(page: Page, number: int = 0) -> Locator:
    return page.locator(".chart-live").nth(number)


def explore(page: Page, number: int = 0) -> Locator:
    """Make a chart live and return it."""
    box = chart(page, number)
    box.get_by_role("button").click()
    expect(box.locator(".chart-drawn")).to_be_visible()
    return box


def drawing(box: Locator) -> str:
    return str(box.locator(".chart-drawn svg").inner_html())


SERIES_ON_GROUND = """() => {
  const light = (colour) => {
    const parts = colour.match(/[\\d.]+/g).slice(0, 3).map((part) => part / 255);
    const [r, g, b] = parts.map((c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const line = document.querySelector(".chart svg [stroke*='--chart-1']");
  const both = [getComputedStyle(line).stroke, getComputedStyle(document.body).backgroundColor];
  const [low, high] = both.map(light).sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("theme", ["auto", "light", "dark"])
def test_series_stand_out_from_the_ground_that_the_system_chose(
    page: Page, scheme: Any, theme: str
) -> None:
    page.emulate_media(forced_colors="active", color_scheme=scheme)
    page.evaluate("theme => { document.body.dataset.theme = theme; }", theme)
    assert page.evaluate(SERIES_ON_GROUND) >= 4.5


def test_nothing_is_loaded_before_the_click(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    page.reload()
    page.wait_for_load_state("networkidle")
    assert not [name for name in asked if name.startswith(("vega-", "chart-"))]
    assert any(name.startswith("charts.js") for name in asked)
    explore(page)
    loaded = [name for name in asked if name.startswith(("vega-", "chart-"))]
    assert len(loaded) == 2
    explore(page, 1)
    assert len([name for name in asked if name.startswith("vega-")]) == 1


def test_first_state_is_the_picture(page: Page) -> None:
    box = chart(page)
    still = box.locator(".chart-picture svg:not(.chart-phone)")
    caption = page.locator("figcaption").first
    before = still.bounding_box()
    labels = still.locator("text").all_text_contents()
    colours = still.evaluate(COLOURS)
    explore(page)
    moving = box.locator(".chart-drawn svg")
    # Whatever the browser scrolled to: both lie upon each other.
    assert moving.bounding_box() == pytest.approx(still.bounding_box(), abs=1)
    assert moving.bounding_box()["width"] == pytest.approx(before["width"], abs=1)
    assert [t for t in moving.locator("text").all_text_contents() if t] == labels
    assert moving.evaluate(COLOURS) == colours
    assert caption.bounding_box()["y"] > box.get_by_role("slider").last.bounding_box()["y"]


COLOURS = """(svg) => [...new Set([...svg.querySelectorAll("path, text")].flatMap((mark) => {
  const { fill, stroke } = getComputedStyle(mark);
  return [fill, stroke];
}))].filter((colour) => !["none", "transparent", "rgba(0, 0, 0, 0)"].includes(colour)).sort()"""


def test_slider_is_moved_by_keyboard(page: Page) -> None:
    chart(page).get_by_role("button").focus()
    page.keyboard.press("Enter")
    box = chart(page)
    slider = box.get_by_role("slider", name="exponent e")
    expect(slider).to_be_focused()
    assert slider.evaluate("element => getComputedStyle(element).outlineStyle") == "solid"
    expect(box.get_by_role("status")).to_have_text("At 3 it is 9.00.")
    before = drawing(box)
    page.keyboard.press("ArrowRight")
    expect(box.get_by_role("status")).to_have_text("At 3 it is 15.59.")
    expect(slider).to_have_attribute("aria-valuetext", "2.5")
    assert drawing(box) != before
    page.keyboard.press("Home")
    expect(box.locator(".chart-value").first).to_have_text("\u22121.0")
    page.keyboard.press("Tab")
    expect(box.get_by_role("slider", name="log")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(box.locator(".chart-value").nth(1)).to_have_text("10.00")


def test_slider_is_moved_by_mouse(page: Page) -> None:
    box = explore(page)
    before = drawing(box)
    place = box.get_by_role("slider", name="exponent e").bounding_box()
    y = place["y"] + place["height"] / 2
    page.mouse.move(place["x"] + place["width"] * 0.75, y)
    page.mouse.down()
    page.mouse.move(place["x"] + place["width"] - 2, y, steps=4)
    page.mouse.up()
    expect(box.locator(".chart-value").first).to_have_text("3.0")
    expect(box.get_by_role("status")).to_have_text("At 3 it is 27.00.")
    assert drawing(box) != before


def test_choices_are_made(page: Page) -> None:
    box = explore(page, 1)
    expect(box.get_by_role("radio", name="two")).to_be_focused()
    points = box.locator(".chart-drawn .mark-symbol.role-mark path")
    expect(points).to_have_count(8)
    page.keyboard.press("ArrowRight")
    expect(box.get_by_role("radio", name="three")).to_be_checked()
    colour = points.first.get_attribute("fill")
    assert "--chart-2" in colour
    sizes = points.first.get_attribute("d")
    box.get_by_role("checkbox", name="large points").check()
    expect(points.first).not_to_have_attribute("d", sizes)
    box.get_by_role("combobox", name="points at").select_option(label="5")
    expect(points).to_have_count(1)
    box.get_by_role("combobox", name="points at").select_option(label="all")
    expect(points).to_have_count(8)


def test_two_charts_are_set_apart(page: Page) -> None:
    first, second = explore(page), explore(page, 1)
    before = drawing(second)
    first.get_by_role("slider").first.press("ArrowLeft")
    expect(first.get_by_role("status")).to_have_text("At 3 it is 5.20.")
    assert drawing(second) == before
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map((element) => element.id)")
    assert len(ids) == len(set(ids))


def test_the_way_back(page: Page) -> None:
    box = explore(page)
    group = box.get_by_role("group", name="Controls of the chart: Figure 1")
    group.get_by_role("slider").first.press("ArrowRight")
    group.get_by_role("button", name="Back to the picture").click()
    expect(box.locator(".chart-drawn")).to_have_count(0)
    expect(box.locator(".chart-picture")).to_be_visible()
    expect(box.get_by_role("status")).to_be_empty()
    expect(box.get_by_role("button", name="Move exponent e and log: Figure 1")).to_be_focused()
    page.keyboard.press("Space")
    expect(box.get_by_role("status")).to_have_text("At 3 it is 9.00.")


def test_readers_who_hear_get_the_words_once(page: Page) -> None:
    name = "A quokka's curve that rises from 0 to 9."
    expect(page.get_by_role("img", name=name)).to_have_count(1)
    box = explore(page)
    expect(page.get_by_role("img", name=name)).to_have_count(1)
    expect(box.locator(".chart-drawn > svg")).to_have_attribute("aria-hidden", "true")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_controls_are_for_everybody(visitor: Any, serve: Any, charts: Path, scheme: Any) -> None:
    page = visitor.open(f"{serve(charts)}index.html", color_scheme=scheme)
    for number in (0, 1):
        explore(page, number)
    options = {"preload": False, "resultTypes": ["violations"]}
    found = Axe().run(page, "article", options).response["violations"]
    assert [(rule["id"], rule["nodes"][0]["html"][:200]) for rule in found] == []


def test_without_its_bundle_the_picture_stays(page: Page) -> None:
    box = chart(page)
    button = box.get_by_role("button")
    page.evaluate(MISSING)
    button.click()
    expect(box.get_by_role("status")).to_contain_text("could not be loaded")
    expect(box.locator(".chart-picture")).to_be_visible()
    expect(button).to_have_text("Move exponent e and log")
    expect(button).to_be_focused()
    page.evaluate("delete Document.prototype.createElement.lost")
    button.click()
    expect(box.locator(".chart-drawn")).to_be_visible()
    expect(box.get_by_role("status")).to_have_text("At 3 it is 9.00.")


# A script that never arrives, without the console's complaint of a file that is not there.
MISSING = """() => {
  const make = Document.prototype.createElement;
  Document.prototype.createElement = function (tag) {
    const element = make.call(this, tag);
    if (tag === "script" && "lost" in Document.prototype.createElement)
      queueMicrotask(() => element.dispatchEvent(new Event("error")));
    return element;
  };
  Document.prototype.createElement.lost = true;
}"""


def test_dark_and_light_change_while_live(page: Page) -> None:
    box = explore(page)
    line = box.locator(".chart-drawn .mark-line path").first
    stroke = "element => getComputedStyle(element).stroke"
    assert line.evaluate(stroke) == "rgb(27, 79, 184)"
    page.emulate_media(color_scheme="dark")
    assert line.evaluate(stroke) == "rgb(141, 180, 255)"
    page.evaluate("document.body.dataset.theme = 'light'")
    assert line.evaluate(stroke) == "rgb(27, 79, 184)"
    still = box.locator(".chart-picture svg:not(.chart-phone)").evaluate(COLOURS)
    assert box.locator(".chart-drawn svg").evaluate(COLOURS) == still


@pytest.mark.parametrize("live", [False, True])
def test_paper_shows_pictures_alone(page: Page, live: bool) -> None:
    if live:
        for number in (0, 1):
            explore(page, number).get_by_role("button", name="Back").focus()
    expect(chart(page).locator(".chart-states")).to_be_hidden()
    page.emulate_media(media="print")
    expect(chart(page).locator(".chart-states")).to_be_visible()
    expect(chart(page).locator(".chart-picture")).to_be_hidden()
    expect(chart(page, 1).locator(".chart-picture")).to_be_visible()
    for hidden in (".chart-drawn", ".chart-controls"):
        for part in page.locator(hidden).all():
            expect(part).to_be_hidden()


def test_without_scripts_the_states_stand_there(visitor: Any, address: Any, charts: Path) -> None:
    page = visitor.open(f"{address(charts)}index.html", java_script_enabled=False)
    expect(chart(page).locator(".chart-picture")).to_be_visible()
    expect(chart(page).locator(".chart-states")).to_be_visible()
    expect(page.locator(".chart-controls button")).to_have_count(0)


def test_a_phone_has_room_for_all(visitor: Any, address: Any, charts: Path) -> None:
    page = visitor.open(f"{address(charts)}index.html", **PHONE)
    for number in (0, 1):
        button = chart(page, number).get_by_role("button")
        assert button.bounding_box()["height"] >= 44
        button.tap()
        expect(chart(page, number).locator(".chart-drawn")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    for drawn in page.locator(".chart-drawn").all():
        assert drawn.evaluate("element => element.scrollWidth - element.clientWidth") == 0
    targets = page.locator(".chart-set :is(button, select, input[type=range], label:has(input))")
    boxes = [target.bounding_box() for target in targets.all()]
    assert len(boxes) == 2 + 2 + 3 + 1
    assert min(box["height"] for box in boxes) >= 44
    assert max(box["x"] + box["width"] for box in boxes) <= 360
    slider = chart(page).get_by_role("slider").first
    slider.scroll_into_view_if_needed()
    place = slider.bounding_box()
    page.touchscreen.tap(place["x"] + 12, place["y"] + place["height"] / 2)
    expect(chart(page).locator(".chart-value").first).to_have_text("\u22121.0")


def test_a_phone_has_a_drawing_of_its_own(visitor: Any, address: Any, charts: Path) -> None:
    page = visitor.open(f"{address(charts)}index.html", **PHONE)
    picture = chart(page).locator(".chart-picture .chart-phone")
    expect(picture).to_be_visible()
    expect(chart(page).locator(".chart-picture svg")).to_have_count(2)
    expect(chart(page).locator(".chart-picture svg:visible")).to_have_count(1)
    line = page.locator("article").evaluate(LINE)
    place = picture.bounding_box()
    assert (place["x"], place["width"]) == pytest.approx(line, abs=1)
    size = picture.locator("text").first.evaluate(
        "text => parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a"
    )
    assert size >= 13
    labels = picture.locator("text").all_text_contents()
    box = explore(page)
    moving = box.locator(".chart-drawn svg")
    assert moving.bounding_box() == pytest.approx(picture.bounding_box(), abs=1)
    assert [text for text in moving.locator("text").all_text_contents() if text] == labels
    page.set_viewport_size({"width": 740, "height": 360})  # it is turned
    expect(box.locator(".chart-drawn")).to_have_count(0)
    expect(picture).to_be_hidden()


# Where a line of text starts, and how long it can be.
LINE = """(article) => {
  const { left, width } = article.querySelector("section > p").getBoundingClientRect();
  return [left, width];
}"""


def test_charts_stand_where_text_does(page: Page) -> None:
    place = chart(page).locator(".chart-picture svg:not(.chart-phone)").bounding_box()
    left, width = page.locator("article").evaluate(LINE)
    assert place["x"] == pytest.approx(left, abs=1)
    assert place["width"] == pytest.approx(min(width, 624), abs=1)


def test_nothing_moves_of_itself(visitor: Any, address: Any, charts: Path) -> None:
    page = visitor.open(f"{address(charts)}index.html", reduced_motion="reduce")
    box = explore(page)
    box.get_by_role("slider").first.press("ArrowRight")
    expect(box.get_by_role("status")).to_have_text("At 3 it is 15.59.")
    assert box.evaluate("element => element.getAnimations({ subtree: true }).length") == 0


def test_the_button_moves_nothing(visitor: Any, address: Any, charts: Path) -> None:
    address_of_page = f"{address(charts)}index.html"
    bare = visitor.open(address_of_page)
    with_button = bare.locator("figcaption").first.bounding_box()["y"]
    bare.locator(".chart-controls").first.evaluate("element => element.replaceChildren()")
    assert bare.locator("figcaption").first.bounding_box()["y"] == with_button


def test_searching_finds_what_a_chart_shows(visitor: Any, address: Any, charts: Path) -> None:
    page = visitor.open(f"{address(charts)}search.html?q=quokka")
    found = page.locator("#search-results a")
    expect(found.first).to_have_attribute("href", re.compile(r"index\.html"))


# --- the site's own


def with_charts() -> list[str]:
    """Return the paths of the pages whose sources have charts."""
    return [address_of(path) for path in sources() if "{chart}" in path.read_text(encoding="utf-8")]


def settings(box: Locator) -> Iterator[Iterator[None]]:
    """Yield for each control what sets it to one value after another."""

    def ends(slider: Locator) -> Iterator[None]:
        for key in ("Home", "End"):
            yield slider.press(key)

    def options(select: Locator) -> Iterator[None]:
        for index in range(select.locator("option").count()):
            select.select_option(index=index)
            yield None

    yield from (ends(slider) for slider in box.locator("input[type=range]").all())
    yield from (options(select) for select in box.locator("select").all())
    for group in box.locator("fieldset").all():
        yield (radio.check() for radio in group.locator("input").all())
    for checkbox in box.locator("input[type=checkbox]").all():
        yield (checkbox.set_checked(on) for on in (False, True))


@pytest.mark.parametrize("path", marked(with_charts()))
def test_charts_of_the_site_can_be_set(visitor: Any, serve: Any, site: Path, path: str) -> None:
    base = serve(site, "/explainer-articles/", headers=visitor.headers(site))
    page = visitor.open(base + path)
    page.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")
    for number in range(page.locator(".chart-live").count()):
        box = explore(page, number)
        still, moving = (
            box.locator(".chart-picture svg:not(.chart-phone)"),
            box.locator(".chart-drawn svg"),
        )
        assert moving.evaluate(COLOURS) == still.evaluate(COLOURS)
        for control in settings(box):
            seen = set()
            for _ in control:
                page.wait_for_function("() => new Promise(requestAnimationFrame)")
                # a picture may stay as it is, if that is the point and the words say it
                seen.add((drawing(box), box.locator(".chart-says").inner_text()))
                assert moving.bounding_box() == pytest.approx(still.bounding_box(), abs=1)
            assert len(seen) > 1, "a control that changes nothing"
        assert box.locator(".chart-says").inner_text(), "nothing says what is shown"
