"""Signature pictures: the article's own chart, small and without words."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from figures import signature_svg
from figures.vega_svg import LIGHT, ChartError, draw

ARTICLE = "articles/alpha/sine"
DATA = {"values": [{"a": 1, "b": 2, "c": "x"}, {"a": 2, "b": 3, "c": "y"}]}
PLACES = {
    "x": {"field": "a", "type": "quantitative", "title": "width", "axis": {"labelAngle": 45}},
    "y": {"field": "b", "type": "quantitative"},
}
LINES = {
    "data": DATA,
    "title": "Lines",
    "width": 400,
    "layer": [
        {"mark": {"type": "line", "point": True}, "encoding": PLACES},
        {"mark": "point", "encoding": PLACES | {"color": {"field": "c"}}},
        {"mark": "rule", "encoding": PLACES | {"y2": {"field": "c"}}},
        {"mark": "text", "encoding": PLACES | {"text": {"field": "c"}}},
    ],
}
POINTS = {
    "data": DATA,
    "mark": "point",
    "encoding": PLACES | {"color": {"field": "c", "type": "nominal"}},
}


@pytest.fixture
def waves(project: Callable[[str], Any]) -> Any:
    return project("signature")


def pictures(page: str) -> list[str]:
    return re.findall(
        r'<div class="signature" aria-hidden="true">(<svg.*?</svg>)</div>', page, re.DOTALL
    )


# --- what is drawn


@pytest.mark.parametrize("spec", [LINES, POINTS, {"data": DATA, "hconcat": [POINTS, LINES]}])
def test_a_picture_has_no_words_and_one_size(spec: dict[str, Any]) -> None:
    root = ET.fromstring(signature_svg.picture(spec))  # noqa: S314  our own output
    assert {e.tag for e in root.iter()}.isdisjoint({"text", "tspan"})
    margins = 2 * 3
    size = (signature_svg.WIDTH + margins, signature_svg.HEIGHT + margins)
    assert (float(root.get("width", 0)), float(root.get("height", 0))) == size


def test_lines_stay_and_what_explains_them_goes() -> None:
    (line,) = signature_svg.wordless(LINES)["layer"]
    assert line["mark"] == {"type": "line"}
    assert line["encoding"]["x"]["axis"]["labels"] is False
    assert LINES["width"] == 400  # the chart itself is as it was


def test_points_stay_where_there_is_nothing_else() -> None:
    bare = signature_svg.wordless(POINTS)
    assert bare["mark"] == "point"
    assert bare["encoding"]["color"]["legend"] is None


def test_an_axis_that_is_not_there_stays_away() -> None:
    view = {"data": DATA, "mark": "bar", "encoding": {"x": PLACES["y"] | {"axis": None}}}
    assert signature_svg.wordless(view)["encoding"]["x"]["axis"] is None


@pytest.mark.parametrize("how", ["facet", "row"])
def test_small_multiples_are_refused(how: str) -> None:
    faceted = {"data": DATA, "facet": {"field": "c"}, "spec": POINTS}
    rows = POINTS | {"encoding": POINTS["encoding"] | {"row": {"field": "c"}}}  # type: ignore[operator]
    with pytest.raises(ChartError, match="small multiples"):
        signature_svg.picture(faceted if how == "facet" else rows)


def test_nothing_left_is_no_picture() -> None:
    words = {"data": DATA, "mark": "text", "encoding": PLACES | {"text": {"field": "c"}}}
    with pytest.raises(ChartError, match="drew nothing"):
        signature_svg.picture({"data": DATA, "layer": [words]})


def test_the_name_is_another_one_for_another_chart() -> None:
    assert len({signature_svg.name("a"), signature_svg.name("b"), signature_svg.name("a")}) == 2


def test_a_chart_still_needs_words() -> None:
    bare = {"data": DATA, "mark": "bar", "encoding": {"x": PLACES["y"] | {"axis": None}}}
    with pytest.raises(ChartError, match="axes with words"):
        draw(bare)


# --- where it is shown


@pytest.mark.parametrize(
    "builder", ["html", "dirhtml", "singlehtml", "latex", "epub", "text", "gettext"]
)
def test_every_builder_is_silent(waves: Any, builder: str) -> None:
    waves.build(builder)
    assert waves.warnings == []


def test_cards_have_the_picture_of_their_article(waves: Any) -> None:
    waves.build()
    for page in ("articles/index.html", "articles/alpha/index.html"):
        text = waves.page(page)
        (found,) = pictures(text)
        assert 'preserveAspectRatio="none"' in found
        assert f"var(--chart-1,{LIGHT['1']})" in found
        assert (
            text.index("explainer-card") < text.index(found) < text.index("What a Sine Is</span>")
        )
        assert "charts.css" in text
    assert pictures(waves.page(f"{ARTICLE}.html")) == []
    assert "charts.css" not in waves.page("index.html")


def test_no_id_stands_twice(waves: Any) -> None:
    waves.edit("articles/alpha/plain.md", "prerequisites:", "signature: waves.bars\nprerequisites:")
    waves.build()
    text = waves.page("articles/index.html")
    ids = re.findall(r'\bid="([^"]+)"', text)
    assert len(pictures(text)) == 2
    assert len(ids) == len(set(ids))


def test_a_thumbnail_is_enough(waves: Any) -> None:
    (waves.src / "articles/alpha/own.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
    )
    both = "thumbnail: own.svg\nthumbnail_alt: A square.\nsignature: waves.sine"
    waves.edit(f"{ARTICLE}.md", "signature: waves.sine", both)
    waves.build()
    assert waves.warnings == []
    assert pictures(waves.page("articles/alpha/index.html")) == []


def test_the_share_card_has_it(waves: Any) -> None:
    waves.build()
    image = re.compile(r'og:image" content="[^"]*/([^"/]+)"')
    with_picture = image.search(waves.page(f"{ARTICLE}.html"))[1]
    waves.edit(f"{ARTICLE}.md", "signature: waves.sine\n", "")
    waves.build()
    assert with_picture != image.search(waves.page(f"{ARTICLE}.html"))[1]


def test_chapters_of_the_book_open_with_it(waves: Any) -> None:
    waves.build("latex")
    tex = next(waves.out(builder="latex").glob("*.tex")).read_text(encoding="utf-8")
    (name,) = re.findall(r"\\booksignature\{([\w-]+\.pdf)\}", tex)
    assert waves.out(name, "latex").read_bytes().startswith(b"%PDF")
    assert tex.index(r"\chapter{What a Sine Is}") < tex.index(name) < tex.index("Up and down")
    waves.build("epub")
    (found,) = pictures(waves.page(f"{ARTICLE}.xhtml", "epub"))
    assert "var(--" not in found
    assert pictures(waves.page("articles/index.xhtml", "epub")) == []


def test_plain_text_does_not_tell_of_it(waves: Any) -> None:
    waves.build("text")
    assert waves.page(f"{ARTICLE}.txt", "text").count("A wave") == 1


# --- when it is drawn


def kept(waves: Any) -> set[str]:
    folder = waves.kept.parent / "signatures"
    return {path.name for path in folder.glob("*")}


def test_it_is_drawn_once_and_again_when_the_chart_changes(waves: Any, monkeypatch: Any) -> None:
    waves.build()
    first = kept(waves)
    assert len(first) == 1
    with monkeypatch.context() as patch:
        patch.setattr(signature_svg, "picture", lambda spec: pytest.fail("drawn again"))
        assert waves.build() == set()
        waves.build("latex")
    waves.edit("labs/charts/waves.py", "- 0.2", "- 0.3")
    before = waves.page("articles/index.html")
    waves.edit("labs/charts/waves.py", "clip=True", 'clip=True, interpolate="basis"')
    waves.build()
    assert waves.page("articles/index.html") != before
    assert len(kept(waves)) == 1
    assert kept(waves).isdisjoint(first)


def test_a_parallel_build_is_the_same(waves: Any) -> None:
    waves.build()
    alone = waves.page("articles/index.html")
    waves.edit("articles/index.md", "# All explainers", "# All explainers \n")
    waves.build(parallel=2)
    assert pictures(waves.page("articles/index.html")) == pictures(alone)


# --- what may be wrong


@pytest.mark.parametrize(
    ("written", "message"),
    [
        (
            "waves.sines",
            "there is no chart 'waves.sines' in this article; did you mean 'waves.sine'?",
        ),
        (
            "waves.bars",
            "there is no chart 'waves.bars' in this article: it stands in articles/alpha/plain",
        ),
        (
            "quite.other",
            "there is no chart 'quite.other' in this article: "
            "its charts are waves.sine, waves.cosine",
        ),
    ],
)
def test_a_chart_that_is_not_there_is_one_message(waves: Any, written: str, message: str) -> None:
    waves.edit(f"{ARTICLE}.md", "signature: waves.sine", f"signature: {written}")
    waves.build()
    ((file, line, kind, text),) = waves.warnings
    assert (Path(file).name, line, kind) == ("sine.md", 9, "signature")
    assert text == f"signature: {message}"
    assert pictures(waves.page("articles/index.html")) == []


@pytest.mark.parametrize("builder", ["html", "latex"])
def test_a_chart_that_makes_no_picture_is_one_message(waves: Any, builder: str) -> None:
    waves.edit("articles/alpha/plain.md", "waves.bars", "waves.faceted")
    waves.edit("articles/alpha/plain.md", "tags:", "signature: waves.faceted\ntags:")
    waves.build(builder)
    ((file, line, kind, text),) = waves.warnings
    assert (Path(file).name, line, kind) == ("plain.md", 8, "signature")
    assert "small multiples" in text


def test_what_is_said_of_the_chart_is_not_said_again(waves: Any) -> None:
    waves.edit("labs/charts/waves.py", "def sine(results):", "def sine(results):\n    1 / 0")
    waves.build()
    assert {kind for _file, _line, kind, _text in waves.warnings} == {"chart"}


def test_what_is_no_name_of_a_chart_is_a_fault_of_the_front_matter(waves: Any) -> None:
    waves.edit(f"{ARTICLE}.md", "signature: waves.sine", "signature: waves")
    with pytest.raises(AssertionError, match=r"as slug\.function"):
        waves.build()  # not one of `figures`
