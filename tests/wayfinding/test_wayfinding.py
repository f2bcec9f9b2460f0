"""The chain above an explainer, in every output, after every edit, and with every mistake."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

Project = Any  # of the explainers' conftest.py
EXTENSION = Path(__file__).resolve().parents[2] / "_ext" / "wayfinding"
CHAINS, ONE, TWO = "articles/chains.yaml", "articles/alpha/one.md", "articles/alpha/two.md"
THREE, FOUR = "articles/alpha/three.md", "articles/beta/four.md"


@pytest.fixture
def project(start: Callable[[str], Project]) -> Project:
    return start("test-wayfinding")


def strip(project: Project, page: str) -> str:
    """Return the strip on an HTML page, or nothing."""
    found = re.search(r"(?s)<nav [^>]*class=\"wayfinding.*?</nav>", project.page(page))
    return found[0] if found else ""


def messages(warnings: str) -> list[str]:
    """Return the warnings of a build, each from its file's name on."""
    rows = re.sub(r"\x1b\[[\d;]*m", "", warnings).splitlines()
    return sorted(row.rpartition("/articles/")[2] for row in rows)


# Outputs -----------------------------------------------------------------------------------------


def test_a_page_has_its_chain_above_its_heading(project: Project) -> None:
    assert project.build() == ""
    found = strip(project, "articles/alpha/three.html")
    assert 'aria-label="Where you are: how a model runs"' in found
    boxes = re.findall(r"<li>(.*?)</li>", found)
    assert [re.sub("<.*?>", "", box) for box in boxes] == [
        *("text", "vectors", "attention", "layers &amp; more", "next token")
    ]
    assert boxes[0] == "<span>text</span>"
    assert 'href="../beta/four.html"' in boxes[1]
    assert 'href="index.html"' in boxes[2]  # two explainers of one theme
    assert boxes[3] == '<span aria-current="location">layers &amp; more</span>'
    assert 'href="../beta/index.html"' in boxes[4]
    page = project.page("articles/alpha/three.html")
    assert page.index("wayfinding no-search") < page.index("<h1>")
    assert "is made" not in page


def test_other_pages_have_none(project: Project) -> None:
    project.build()
    for page in ("index", "articles/alpha/index", "articles/beta/five"):
        assert strip(project, f"{page}.html") == ""


def test_explainers_of_one_box_light_the_same_box(project: Project) -> None:
    project.build()
    for page in ("one", "two"):
        found = strip(project, f"articles/alpha/{page}.html")
        assert found.count("aria-current") == 1
        assert '<span aria-current="location">attention</span>' in found
        assert 'href="three.html"' in found


LINE = "text → vectors → attention → {}layers & more{} → next token"


def test_text_has_a_line(project: Project) -> None:
    assert project.build("text") == ""
    page = project.page("articles/alpha/three.txt", "text")
    assert page.startswith("Three Layers\n************\n\n" + LINE.format("**", "**"))


def test_an_e_book_has_a_line_with_links(project: Project) -> None:
    assert project.build("epub", version="1", copyright="2026, us") == ""
    page = project.page("articles/alpha/three.xhtml", "epub")
    line = re.search(r'(?s)<div class="wayfinding.*?</div>', page)
    assert line
    plain = LINE.format("", "").replace("&", "&amp;")
    assert re.sub("<.*?>", "", line[0]).strip() == plain
    assert "<strong>layers &amp; more</strong>" in line[0]
    assert 'href="../beta/four.xhtml"' in line[0]
    assert page.index("</h1>") < page.index('<div class="wayfinding')
    assert "<nav" not in page


def test_latex_has_a_line_with_links_below_the_heading(project: Project) -> None:
    assert project.build("latex", latex_engine="xelatex") == ""
    tex = next(project.out(builder="latex").glob("*.tex")).read_text(encoding="utf-8")
    (line,) = re.findall(r"(?m)^text → .*\\sphinxstylestrong\{layers.*$(?:\n.*)?", tex)
    assert r"\sphinxstylestrong{layers \& more}" in line
    assert r"\hyperref[\detokenize{articles/beta/four::doc}]" in line
    assert tex.index(r"\section{Three Layers}") < tex.index(line)
    assert tex.count(r"\begin{sphinxuseclass}{wayfinding}") == 6


THEME = "How a model runs: text → vectors → {0}attention{1} → {0}layers & more{1} → next token"


def test_in_a_book_a_theme_opens_with_the_chains_its_explainers_are_in(project: Project) -> None:
    assert project.build("text") == ""
    page = project.page("articles/alpha/index.txt", "text")
    words = " ".join(page.split())
    assert words.startswith("Theme alpha *********** " + THEME.format("**", "**"))
    assert page.index("→") < page.index("A theme that exists")
    assert "is made" not in page
    assert project.build("latex", latex_engine="xelatex") == ""
    tex = next(project.out(builder="latex").glob("*.tex")).read_text(encoding="utf-8")
    box = tex.partition(r"\begin{sphinxuseclass}{wayfinding-theme}")[2].partition(r"\end{")[0]
    lit = re.findall(r"\\sphinxstylestrong\{(?:\{\\hyperref\[\\detokenize\{(.*?)::doc\}\])?", box)
    assert lit == ["articles/alpha/one", "articles/alpha/three"]  # the first of two, the only one
    assert r"\hyperref[\detokenize{articles/beta/four::doc}]" in box
    assert "page" not in box


def test_in_an_e_book_too(project: Project) -> None:
    assert project.build("epub", version="1", copyright="2026, us") == ""
    page = project.page("articles/beta/index.xhtml", "epub")
    box = re.search(r'(?s)<div class="wayfinding wayfinding-theme.*?</div>', page)
    assert box
    lit = re.findall("<strong>(.*?)</strong>", box[0])
    assert [re.sub("<.*?>", "", name) for name in lit] == ["vectors"]
    assert "next token</p>" in box[0]  # of this theme, but without an explainer yet


def test_a_theme_in_no_chain_opens_without(project: Project) -> None:
    project.edit(FOUR, "place: vectors\n", "")
    project.build("text")
    assert "→" not in project.page("articles/beta/index.txt", "text")


def test_a_manual_page_has_it_in_bold(project: Project) -> None:
    pages = [("index", "small", "Small", "us", 1)]
    assert project.build("man", man_pages=pages) == ""
    text = project.page("small.1", "man")
    assert r"→ \fBlayers & more\fP →" in text


@pytest.mark.parametrize("builder", ["dirhtml", "singlehtml", "texinfo", "xml", "gettext"])
def test_every_other_builder_runs_without_a_warning(project: Project, builder: str) -> None:
    assert project.build(builder) == ""


def test_a_single_page_has_each_chain_before_its_explainer(project: Project) -> None:
    project.build("singlehtml")
    page = project.page("index.html", "singlehtml")
    assert page.count('class="wayfinding no-search"') == 4
    order = [page.index(part) for part in ('location">layers', "<h3>Three", 'location">vectors')]
    assert order == sorted(order)


@pytest.mark.parametrize("builder", ["html", "latex", "text"])
def test_parallel_and_serial_builds_give_the_same(project: Project, builder: str) -> None:
    twin = project.clean_twin()
    assert project.build(builder, parallel=2) == ""
    assert twin.build(builder) == ""
    suffix = {"html": "html", "latex": "tex", "text": "txt"}[builder]
    ours, theirs = (
        {f.name: f.read_bytes() for f in p.out(builder=builder).rglob(f"*.{suffix}")}
        for p in (project, twin)
    )
    assert ours == theirs


def test_the_search_does_not_find_boxes(project: Project) -> None:
    project.build()
    text = project.out("searchindex.js").read_text(encoding="utf-8").strip()
    index = json.loads(text.removeprefix("Search.setIndex(").removesuffix(")"))
    assert "token" not in index["terms"]


def test_a_target_outside_the_book_is_text(project: Project) -> None:
    documents = [("articles/alpha/index", "a.tex", "A", "us", "manual")]
    assert project.build("latex", latex_documents=documents) == ""
    tex = project.page("a.tex", "latex")
    assert "vectors" in tex
    assert "beta/four" not in tex


# Edits -------------------------------------------------------------------------------------------


def edit(path: str, old: str, new: str) -> Callable[[Project], None]:
    return lambda project: project.edit(path, old, new)


EDITS = {
    "title of an explainer in a box": edit(FOUR, "Four Numbers", "4 Numbers"),
    "title of a theme": edit("articles/beta/index.md", "Theme beta", "Second theme"),
    "an explainer moves to another box": edit(TWO, "place: attention", "place: layers"),
    "an explainer gets a place": edit("articles/beta/five.md", "tags:", "place: text\ntags:"),
    "an explainer loses its place": edit(FOUR, "place: vectors\n", ""),
    "name of a box": edit(CHAINS, "name: vectors", "name: numbers"),
    "order of boxes": edit(
        CHAINS, "name: text}\n    - {slug: vectors", "name: text}\n    - {slug: v"
    ),
    "title of a chain": edit(CHAINS, "how a model runs", "how models run"),
    "theme of a box": edit(CHAINS, "theme: beta", "theme: alpha"),
    "an explainer goes": lambda project: (
        (project.src / FOUR).unlink(),
        project.edit("articles/beta/index.md", "four\n", ""),
    ),
}


@pytest.mark.parametrize("change", EDITS.values(), ids=EDITS.keys())
@pytest.mark.parametrize("parallel", [0, 2])
def test_an_edit_shows_everywhere(project: Project, change: Any, parallel: int) -> None:
    assert project.build(parallel=parallel) == ""
    change(project)
    project.build(parallel=parallel)
    twin = project.clean_twin()
    twin.build()
    assert project.pages() == twin.pages()


def test_only_pages_that_show_a_chain_are_written_when_it_changes(project: Project) -> None:
    project.build()
    project.remember()
    assert project.build() == ""
    assert project.written() == set()
    EDITS["name of a box"](project)
    project.build()
    assert {"articles/alpha/one", "articles/alpha/three", "articles/beta/four"} < project.written()
    assert "articles/beta/five" not in project.written()


def test_chains_that_come_and_go_are_noticed(project: Project) -> None:
    text = (project.src / CHAINS).read_text(encoding="utf-8")
    (project.src / CHAINS).unlink()
    assert len(messages(project.build())) == 4
    assert strip(project, "articles/alpha/one.html") == ""
    (project.src / CHAINS).write_text(text, encoding="utf-8")
    assert project.build() == ""
    assert "location" in strip(project, "articles/alpha/one.html")


# Mistakes ----------------------------------------------------------------------------------------

BOX = "    - {slug: text, name: text}\n"
FAULTS = {
    "place": (
        (ONE, "place: attention", "place: attentiom"),
        "alpha/one.md:8: WARNING: place: no chain has a box 'attentiom'; did you mean 'attention'?"
        " [wayfinding.place]",
    ),
    "twice": (
        (CHAINS, "slug: assistant", "slug: raw"),
        "chains.yaml:15: WARNING: the box 'raw' stands twice in its chain [wayfinding.twice]",
    ),
    "ambiguous": (
        (CHAINS, "slug: assistant", "slug: text"),
        "chains.yaml:15: WARNING: the box 'text' stands here and in the chain 'running'; a place is"
        " in one chain only [wayfinding.twice]",
    ),
    "few": (
        (CHAINS, "    - {slug: raw, name: raw text}\n", ""),
        "chains.yaml:11: WARNING: boxes: has 3 entries; expected four to seven boxes"
        " [wayfinding.length]",
    ),
    "many": (
        (CHAINS, BOX, BOX + "".join(BOX.replace("text", f"t{n}") for n in range(3))),
        "chains.yaml:3: WARNING: boxes: has 8 entries; expected four to seven boxes"
        " [wayfinding.length]",
    ),
    "theme": (
        (CHAINS, "theme: beta", "theme: betta"),
        "chains.yaml:8: WARNING: theme: there is no theme 'betta'; did you mean 'beta'?"
        " [wayfinding.theme]",
    ),
    "yaml": (
        (CHAINS, "title: how a model is", "title: how: a"),
        "chains.yaml:10: WARNING: not readable as YAML: mapping values are not allowed here; put "
        "a value with a colon in it in quotes"
        " [wayfinding.yaml]",
    ),
    "key": (
        (CHAINS, "{slug: raw, name:", "{slug: raw, colour: red, name:"),
        "chains.yaml:12: WARNING: unknown key 'colour' [wayfinding.key]",
    ),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_a_mistake_is_one_message_at_its_line_and_the_rest_is_built(
    project: Project, fault: tuple[tuple[str, str, str], str]
) -> None:
    project.edit(*fault[0])
    assert messages(project.build()) == [fault[1]]
    for page in ("alpha/one", "alpha/three", "beta/four"):
        assert project.out(f"articles/{page}.html").is_file()
    (kind,) = re.findall(r"\[(.*)\]$", fault[1])
    assert project.clean_twin().build("text", suppress_warnings=[kind]) == ""


def test_a_mistake_that_comes_with_an_edit_is_told(project: Project) -> None:
    assert project.build() == ""
    fault, message = FAULTS["key"]
    project.edit(*fault)
    assert messages(project.build()) == [message]


def test_a_place_that_is_no_slug_is_told_by_the_schema(project: Project) -> None:
    project.edit(ONE, "place: attention", "place: [attention]")
    (message,) = messages(project.build())
    assert message.startswith('alpha/one.md:8: WARNING: place: is ["attention"]; expected the box')


def test_chains_that_are_no_utf8_or_a_folder_end_no_build(project: Project) -> None:
    (project.src / CHAINS).write_bytes(b"- {slug: \xff}\n")
    assert "Traceback" not in project.build()
    (project.src / CHAINS).unlink()
    (project.src / CHAINS).mkdir()
    assert all("no chain has a box" in row for row in messages(project.build()))


# Words -------------------------------------------------------------------------------------------


def test_the_template_for_translators_is_up_to_date() -> None:
    found = (extract_from_file("python", f, keywords={"_": None}) for f in EXTENSION.glob("*.py"))
    with (EXTENSION / "locale" / "wayfinding.pot").open("rb") as template:
        known = {str(message.id) for message in read_po(template) if message.id}
    command = "pybabel extract --add-location=file -o wayfinding/locale/wayfinding.pot wayfinding"
    assert {m for part in found for _, m, *_ in part} == known, f"in _ext, run: {command}"
