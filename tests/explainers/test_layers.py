"""What the main path does not need: folded on pages, set apart elsewhere, with its own minutes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from docutils import nodes

from explainers.reading import SKIPPABLE, WORDS_A_MINUTE, reading_minutes

Project = Any  # of conftest.py, which is not for importing
Start = Callable[[str], Project]
BUILDERS = "html dirhtml singlehtml latex epub text man texinfo gettext xml".split()
ONE, TWO = "articles/alpha/one", "articles/alpha/two"
LONG = "Still more words here. " * 200  # 800 words, which take four minutes


@pytest.fixture
def layers(start: Start) -> Project:
    return start("test-layers")


@pytest.fixture(scope="module")
def built(start: Start) -> Project:
    """Return the project in the outputs that are looked at; not to be edited."""
    project = start("test-layers")
    for builder in ("html", "latex", "epub", "text", "man", "singlehtml"):
        assert project.build(builder) == "", builder
    return project


def text(markup: str) -> str:
    """Return what is read of some HTML, formulas as they were written."""
    markup = re.sub(r"(?s)<math.*?<annotation[^>]*>(.*?)</annotation>.*?</math>", r"$\1$", markup)
    return " ".join(unescape(re.sub(r"<[^>]+>", "", markup)).split())


def blocks(page: str) -> list[str]:
    """Return each block that goes deeper, whatever is folded in it."""
    found = []
    for start in re.finditer('<details class="deeper">', page):
        depth = 0
        for tag in re.finditer("<(/?)details", page[start.start() :]):
            depth += -1 if tag[1] else 1
            if not depth:
                found.append(page[start.start() :][: tag.end()])
                break
    return found


# In every output ---------------------------------------------------------------------------------


@pytest.mark.parametrize("builder", BUILDERS)
def test_every_builder_runs_without_a_warning(layers: Project, builder: str) -> None:
    assert layers.build(builder, parallel=2) == ""


@pytest.mark.parametrize("builder", ["html", "latex", "text"])
def test_parallel_and_serial_builds_give_the_same(layers: Project, builder: str) -> None:
    twin = layers.clean_twin()
    assert layers.build(builder, parallel=2) == ""
    assert twin.build(builder) == ""
    suffix = {"html": "html", "latex": "tex", "text": "txt"}[builder]
    ours, theirs = (
        {
            path.relative_to(p.out(builder=builder)): path.read_bytes()
            for path in p.out(builder=builder).rglob(f"*.{suffix}")
        }
        for p in (layers, twin)
    )
    assert ours == theirs
    assert ours


def test_a_page_folds_it_under_its_title_and_minutes(built: Project) -> None:
    first, second, third = blocks(built.page(f"{ONE}.html"))
    summary = re.findall(r"(?s)<summary>(.*?)</summary>", first)[0]
    assert text(summary) == (
        r"Going deeper: Products grow as $\sqrt{d}$: the derivation"
        "1 min · the text below does not need it"
    )
    assert "<em>as</em>" in summary
    # In what is folded, so that browsers open it for a link that leads there.
    assert first.index("</summary>") < first.index('id="why-root"')
    assert 'id="more"' in second
    assert 'id="deeper-Without-a-label"' in third
    assert "open" not in re.findall("<details[^>]*>", first)[0]


def test_print_sets_it_apart_and_open(built: Project) -> None:
    (file,) = built.out(builder="latex").glob("*.tex")
    tex = file.read_text(encoding="utf-8")
    assert tex.count(r"\begin{sphinxuseclass}{deeper}") == 4
    assert tex.count(rf"\label{{\detokenize{{{ONE}:why-root}}}}") == 1
    assert re.search(r"\\subsubsection\*\{Going deeper: Products grow .*sqrt\{d\}", tex)
    assert tex.count("1 min · the text below does not need it") == 4
    assert "flabbergasting" in tex
    style = (file.parent / "booklayout.sty").read_text(encoding="utf-8")
    assert r"\newenvironment{sphinxclassdeeper}" in style


def test_other_outputs_have_it_open_and_marked(built: Project) -> None:
    page = built.page(f"{ONE}.xhtml", "epub")
    assert "<summary>Going" not in page
    assert len(re.findall('<div class="deeper docutils container" id="why-root">', page)) == 1
    (manual,) = built.out(builder="man").glob("*.1")
    for shown in (text(page), built.page(f"{ONE}.txt", "text"), manual.read_text()):
        plain = " ".join(shown.replace("\\", "").split())
        assert "Going deeper: A second block" in plain
        assert "1 min · the text below does not need it" in plain
        assert "flabbergasting" in plain
        assert "sesquipedalian" in plain


def test_a_single_page_folds_too_and_repeats_no_id(built: Project) -> None:
    page = built.page("index.html", "singlehtml")
    assert page.count('<details class="deeper">') == 4
    for name in ("why-root", "more"):
        assert page.count(f'id="{name}"') == 1


# References --------------------------------------------------------------------------------------


def test_a_reference_has_the_title_or_the_words_given(built: Project) -> None:
    one, two = built.page(f"{ONE}.html"), built.page(f"{TWO}.html")
    links = [text(words) for words in re.findall(r'href="#why-root">(.*?)</a>', one)]
    title = r"Products grow as $\sqrt{d}$: the derivation"
    assert links == [title, "the proof", title]
    assert [text(words) for words in re.findall(r'href="#more">(.*?)</a>', one)] == [
        "the second block"
    ]
    far = re.findall(r'href="one.html#([\w-]+)">(.*?)</a>', two)
    assert [(name, text(words)) for name, words in far] == [
        ("why-root", title),
        ("more", "A second block"),
    ]


def test_references_in_print_lead_to_the_block(built: Project) -> None:
    (file,) = built.out(builder="latex").glob("*.tex")
    tex = file.read_text(encoding="utf-8")
    links = re.findall(rf"\\hyperref\[\\detokenize{{{ONE}:why-root}}\]", tex)
    assert len(links) == 4
    assert not any("why-root" in line for line in tex.splitlines() if "undefined" in line)


def test_what_is_inside_is_numbered_and_found_as_outside(built: Project) -> None:
    page = built.page(f"{ONE}.html")
    first = blocks(page)[0]
    before = page[: page.index("<details")]
    assert re.search(r'href="#equation-eq-variance">\(2\)</a>', before)
    assert re.search(r'href="#tab-growth"><span[^>]*>Table 1</span>', before)
    assert re.search(r'href="#equation-eq-product">\(1\)</a>', first)
    assert "Table 1" in text(first)
    assert 'role="doc-noteref"' in first
    assert "Of what is independent." in text(first)
    assert '<details class="sd-sphinx-override sd-dropdown' in first


def test_terms_link_and_mentions_count_inside(built: Project) -> None:
    two = built.page(f"{TWO}.html")
    assert re.search(r'explainer-term[^>]*><span class="doc">slope<', blocks(two)[0])
    data = json.loads(built.page("explainers.json"))["explainers"]
    (mention,) = data[1]["backlinks"]
    assert mention["slug"] == "one"
    assert mention["sentence"].startswith("Variances add")


def test_search_leads_into_it_by_its_title(built: Project) -> None:
    index = built.page("searchindex.js").removeprefix("Search.setIndex(").rstrip(");\n")
    found = json.loads(index)
    assert found["docnames"][found["alltitles"]["A second block"][0][0]] == ONE
    assert found["alltitles"]["A second block"][0][1] == "more"
    assert "sesquipedalian" in found["terms"]
    assert found["terms"].get("deeper") is None  # what is said of every block is of none


# Minutes -----------------------------------------------------------------------------------------


def facts(project: Project, name: str = ONE) -> list[str]:
    """Return what the head of an article says of its minutes, then its card."""
    found = []
    for page in (name, "index"):
        lines = re.findall(r'(?s)<p class="explainer-meta">.*?</p>', project.page(f"{page}.html"))
        found += re.findall(r">([^<]*\bmin\b[^<]*)<", lines[0])
    return found


def minutes(project: Project) -> tuple[int, int]:
    data = json.loads(project.page("explainers.json"))["explainers"]
    return data[0]["minutes"], data[0]["minutes_everything"]


def test_reading_time_is_told_without_and_with_everything(layers: Project) -> None:
    assert layers.build() == ""
    assert facts(layers) == ["1 min", "1 min read"]
    assert minutes(layers) == (1, 1)
    layers.edit(f"{ONE}.md", "Only words here,", f"{LONG}Only words here,")
    assert layers.build() == ""
    assert facts(layers) == ["1 min, 5 with everything", "1 min read"]
    assert minutes(layers) == (1, 5)
    assert "4 min · the text below" in text(blocks(layers.page(f"{ONE}.html"))[1])
    layers.edit(f"{ONE}.md", "All is said.", LONG)
    assert layers.build() == ""
    assert facts(layers) == ["4 min, 8 with everything", "4 min read"]
    assert minutes(layers) == (4, 8)
    assert layers.build("text") == ""
    assert "4 min, 8 with everything" in layers.page(f"{ONE}.txt", "text")


def words(count: int) -> nodes.paragraph:
    return nodes.paragraph("", "word " * count)


def test_whatever_says_so_may_be_skipped() -> None:
    inner = nodes.admonition("", words(WORDS_A_MINUTE))
    outer = nodes.container("", words(WORDS_A_MINUTE), inner)
    section = nodes.section("", words(WORDS_A_MINUTE), outer, nodes.math_block("", "x"))
    assert reading_minutes(section) == reading_minutes(section, skip=True) == 4
    inner[SKIPPABLE] = True
    assert (reading_minutes(section), reading_minutes(section, skip=True)) == (4, 3)
    outer[SKIPPABLE] = True  # what is skipped twice is left out once
    assert (reading_minutes(section), reading_minutes(section, skip=True)) == (4, 2)
    assert reading_minutes(outer) == 2
    assert reading_minutes(nodes.section(), skip=True) == 1


# Building again ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        (f"{ONE}.md", "Only words here,", f"{LONG}Only words here,"),
        (f"{ONE}.md", "grow *as*", "swell *as*"),
        (f"{ONE}.md", r"$\sqrt{d}$:", "much:"),
        (f"{ONE}.md", "{deeper} A second block", "{deeper} Another $x$"),
        (f"{ONE}.md", "as {explainer}`two` says", "as some say"),
        (f"{TWO}.md", ":::{deeper} A slope of its own\n", ":::{note}\n"),
    ],
)
def test_an_edit_shows_everywhere(layers: Project, path: str, old: str, new: str) -> None:
    assert layers.build() == ""
    layers.edit(path, old, new)
    assert layers.build() == ""
    twin = layers.clean_twin()
    assert twin.build() == ""
    assert layers.pages() == twin.pages()
    assert layers.page("explainers.json") == twin.page("explainers.json")


def test_an_unchanged_project_writes_no_page(layers: Project) -> None:
    assert layers.build() == ""
    layers.remember()
    assert layers.build("latex") == ""
    assert layers.build() == ""
    assert layers.written() == set()


# What contributors can get wrong -----------------------------------------------------------------

_FAULTS = {
    "title": ("Fine.\n\n:::{deeper}\n:name: bare\nHidden words.\n:::", 13, "needs a title"),
    "empty": ("Fine.\n\n:::{deeper} A title\n:::", 13, "there is nothing in it"),
    "nested": (
        "::::{deeper} Outside\nWords.\n\n:::{deeper} Inside\nHidden words.\n:::\n::::",
        14,
        "cannot stand in another deeper",
    ),
    "heading": (
        ":::{deeper} Outside\nWords.\n\n### A *heading*\n\nHidden words.\n:::",
        14,
        "holds no headings",
    ),
}


@pytest.mark.parametrize("subtype", _FAULTS)
@pytest.mark.parametrize("builder", ["html", "latex"])
def test_a_mistake_is_told_once_and_hides_nothing(
    layers: Project, builder: str, subtype: str
) -> None:
    body, line, said = _FAULTS[subtype]
    head = (layers.src / f"{TWO}.md").read_text(encoding="utf-8").partition("\nAll of it")[0]
    (layers.src / f"{TWO}.md").write_text(f"{head}\n{body}\n\nThe end.\n", encoding="utf-8")
    first = next(n for n, row in enumerate(f"{head}\n".split("\n"), 1) if n > 2 and row == "---")
    shift = first + 2 - 11  # the lines above are of a body that begins in line 11
    (message,) = re.sub(r"\x1b\[[\d;]*m", "", layers.build(builder)).splitlines()
    file, where, rest = re.fullmatch(r"(.*?):(\d+): WARNING: (.*)", message).groups()
    assert Path(file).name == "two.md"
    assert int(where) == line + shift
    assert said in rest
    assert rest.endswith(f"[layers.{subtype}]")
    shown = "".join(
        path.read_text(encoding="utf-8")
        for path in layers.out(builder=builder).rglob("*.html" if builder == "html" else "*.tex")
    )
    assert "The end." in shown
    if subtype != "empty":
        assert "Hidden words." in shown
    (layers.src / f"{ONE}.md").touch()
    assert layers.build(builder, suppress_warnings=[f"layers.{subtype}"]) == ""


def test_blocks_without_a_label_have_ids_of_their_own(layers: Project) -> None:
    layers.edit(f"{ONE}.md", "## The end", ":::{deeper} Without a label\nTwice.\n:::\n\n## The end")
    marked = "(marked)=\n:::{deeper} 数学\nLabelled.\n:::"
    layers.edit(f"{ONE}.md", "## The end", f"{marked}\n\n## The end")
    layers.edit(f"{ONE}.md", "All is said.", "All is said in {ref}`marked`.")
    assert layers.build() == ""
    page = layers.page(f"{ONE}.html")
    ids = re.findall(r'class="deeper-anchor" id="([^"]+)"', page)
    assert len(ids) == len(set(ids)) == 5
    assert text(re.findall(r'href="#marked">(.*?)</a>', page)[0]) == "数学"
    assert layers.build("latex") == ""
    (file,) = layers.out(builder="latex").glob("*.tex")
    assert file.read_text(encoding="utf-8").count(r"one:marked}}") == 2  # a label, a link to it
