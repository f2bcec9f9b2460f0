"""Captions are numbered within each page, and what refers to them agrees, in every output."""

from __future__ import annotations

import re
from typing import Any

import pytest


def captions(page: str) -> list[str]:
    found = re.findall(r'caption-number">(.*?)</span>(?:<span class="caption-text">(.*?)<)?', page)
    return [f"{number}{text}" for number, text in found]


def references(page: str) -> list[str]:
    return re.findall(r'<span class="std std-numref">(.*?)</span>', page)


ALONE = ["Figure 1", "Table 1", "Table 2", "Listing 1"]
CHART = "```{chart} waves.still\n:alt: Once more.\n:caption: One more.\n```\n\n"


@pytest.mark.parametrize(("builder", "suffix"), [("html", "html"), ("epub", "xhtml")])
def test_each_page_counts_its_own(live: Any, builder: str, suffix: str) -> None:
    live.build(builder)
    page = live.page(f"index.{suffix}", builder)
    assert [caption.split(" The")[0] for caption in captions(page)] == [
        "Figure 1", "Figure 2", "Figure 3",
    ]  # fmt: skip
    assert references(page) == ["Figure 1", "Figure 2"]
    assert captions(live.page(f"still.{suffix}", builder)) == ["Figure 1 The errors."]
    page = live.page(f"alone.{suffix}", builder)
    assert sorted(c.split()[0] + c.split()[1] for c in captions(page)) == sorted(
        name.replace(" ", "") for name in ALONE
    )
    assert references(page) == ALONE
    assert re.search(r'href="#equation-eq-alone">\(1\)</a>', page)
    assert re.search(r'href="#tab-errors"><span class="std std-ref">what fell</span>', page)


def test_one_more_figure_rewrites_only_what_shows_its_number(live: Any) -> None:
    live.build()
    live.edit("index.md", "```{chart} waves.power", CHART + "```{chart} waves.power")
    assert live.build() == {"index", "still"}
    assert references(live.page("index.html")) == ["Figure 2", "Figure 3"]
    assert references(live.page("still.html")) == ["Figure 2 there"]
    assert live.build() == set()
    live.edit("still.md", "```{chart}", CHART + "```{chart}")
    assert "alone" not in live.build()


def test_reference_is_true_after_another_builder_read_the_page(live: Any) -> None:
    live.build()
    live.edit("index.md", "```{chart} waves.power", CHART + "```{chart} waves.power")
    live.build("text")
    assert "Figure 2 there" in live.page("still.txt", "text")
    live.build()
    assert references(live.page("still.html")) == ["Figure 2 there"]


def test_unchanged_build_opens_no_page(live: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from sphinx.environment import BuildEnvironment

    live.build()
    opened: list[str] = []
    known = BuildEnvironment.get_doctree

    def watched(env: BuildEnvironment, name: str) -> Any:
        opened.append(name)
        return known(env, name)

    monkeypatch.setattr(BuildEnvironment, "get_doctree", watched)
    live.build("text")
    assert set(opened) == {"alone", "index", "still"}
    opened.clear()
    live.build("text")
    assert opened == []


def test_plain_text_has_the_numbers(live: Any) -> None:
    live.build("text")
    text = live.page("alone.txt", "text")
    assert "Figure 1. From A to B." in text
    assert "Table 1. Four numbers." in text
    assert "Table 2. Errors of 5 runs." in text
    assert "Listing 1. A sum." in text
    assert "See Figure 1, Table 1, Table 2, Listing 1, (1) and what fell." in text
    assert "%s" not in text
    assert "Figure 1 there" in live.page("still.txt", "text")


@pytest.mark.parametrize(("builder", "file"), [("man", "*.1"), ("texinfo", "*.texi")])
def test_manuals_have_the_numbers(live: Any, builder: str, file: str) -> None:
    live.build(builder)
    (path,) = live.out(builder=builder).glob(file)
    text = path.read_text(encoding="utf-8")
    assert "See Figure 1, Table 1, Table 2, Listing 1" in text
    assert "Figure 3. The errors." in text
    assert "%s" not in text


def test_print_counts_within_chapters(live: Any) -> None:
    live.build("latex")
    (path,) = live.out(builder="latex").glob("*.tex")
    tex = path.read_text(encoding="utf-8")
    assert "numfigreset=1" in tex
    assert r"{Figure \ref{\detokenize{alone:fig-flow}}}" in tex
    assert r"{Table \ref{\detokenize{alone:tab-errors}}}" in tex
    assert r"{Listing \ref{\detokenize{alone:code-sum}}}" in tex


def test_single_page_counts_through(live: Any) -> None:
    live.build("singlehtml")
    page = live.page("index.html", "singlehtml")
    numbers = [int(n) for n in re.findall(r'caption-number">Figure (\d+) ', page)]
    assert sorted(numbers) == [1, 2, 3, 4, 5]
    live.build()
    assert captions(live.page("still.html")) == ["Figure 1 The errors."]


def test_numbered_toctree_numbers_as_sphinx_does(live: Any) -> None:
    live.edit("index.md", "```{toctree}\n", "```{toctree}\n:numbered:\n")
    live.build()
    assert captions(live.page("still.html")) == ["Figure 1.1 The errors."]
    assert references(live.page("alone.html"))[0] == "Figure 2.1"


def test_parallel_readers_count_alike(live: Any) -> None:
    for number in range(6):
        text = f"---\norphan: true\n---\n# M\n\n{CHART}{CHART}"
        (live.src / f"more-{number}.md").write_text(text)
    live.build("text", parallel=3)
    for number in range(6):
        page = live.page(f"more-{number}.txt", "text")
        assert re.findall(r"Figure \d\.", page) == ["Figure 1.", "Figure 2."]


def test_project_without_numbers_has_none(live: Any) -> None:
    live.edit("index.md", "{numref}`fig-power`", "this")
    live.edit("index.md", "{numref}`fig-choice`", "that")
    live.edit("still.md", "{numref}`Figure {number} there <fig-power>`", "elsewhere")
    (live.src / "alone.md").write_text("# Alone\n")
    for builder in ("html", "text"):
        live.build(builder, numfig=False)
        assert live.warnings == []
    assert captions(live.page("index.html")) == []
    assert "Figure 1" not in live.page("still.txt", "text")


def test_diagram_is_found_by_its_alternative_text(live: Any) -> None:
    live.build()
    assert '"axolotl"' in live.page("searchindex.js")
