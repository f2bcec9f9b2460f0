"""After any edit an incremental build shows what a clean one would, and writes no page more.

Each case is a hazard of listings: what one page says stands on others, in the sidebar, in
suggestions and in outputs that other builders share doctrees with.
"""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

ONE, TWO, THREE = (f"articles/{name}.md" for name in ("alpha/one", "alpha/two", "beta/three"))
EVERY = {
    "articles/alpha/index", "articles/alpha/one", "articles/alpha/two", "articles/beta/index",
    "articles/beta/three", "articles/index", "glossary", "index",
}  # fmt: skip


def _found(project) -> dict:
    """Return the search index, as far as Sphinx itself keeps it right between builds.

    It keeps words that no page has any more, and forgets the index entries of pages not written.
    """
    text = project.out("searchindex.js").read_text().strip()
    index = json.loads(text.removeprefix("Search.setIndex(").removesuffix(")"))
    del index["indexentries"]
    for terms in ("terms", "titleterms"):
        index[terms] = {word: pages for word, pages in index[terms].items() if pages != []}
    return index


def _new_article(project) -> None:
    text = (project.src / THREE).read_text(encoding="utf-8")
    text = text.replace("Three Valleys", "Four Ridges").replace("[two]", "[three]")
    (project.src / "articles/beta/four.md").write_text(text, encoding="utf-8")
    project.edit("articles/beta/index.md", "three\n", "three\nfour\n")


def _drop_article(project) -> None:
    (project.src / THREE).unlink()
    project.edit(ONE, " See {explainer}`three` for more.", "")
    project.edit(TWO, "[](../beta/three.md) and ", "")


def _drop_article_only(project) -> None:
    (project.src / THREE).unlink()


def _edit(path: str, old: str, new: str) -> Callable[..., None]:
    return lambda project: project.edit(path, old, new)


EDITS = {
    "title": _edit(ONE, "One & *Only* Gradient", "A Gradient"),
    "title of a page that others link without text": _edit(THREE, "Three Valleys", "3 Valleys"),
    "short title": _edit(ONE, "short_title: One", "short_title: Uno"),
    "description": _edit(THREE, "Why a landscape", "How a landscape"),
    "kind": _edit(TWO, "building-blocks", "limits"),
    "level": _edit(TWO, "intermediate", "advanced"),
    "tag": _edit(TWO, "[optimisation, geometry]", "[geometry, optimisation, descent]"),
    "why of a prerequisite": _edit(TWO, "what a gradient is", "what a slope is"),
    "prerequisite gone": _edit(THREE, "prerequisites: [two]", "prerequisites: []"),
    "pin": _edit(ONE, "tags: ", "related: [two]\ntags: "),
    "prose": _edit(TWO, "A gradient again.", "Steepness grows with valleys and saddles."),
    "much prose, so minutes": _edit(TWO, "A gradient again.", "A long way down. " * 200),
    "sentence of a mention": _edit(ONE, "for more", "for much more"),
    "glossary term": _edit("glossary.md", "learning rate", "loss"),
    "home of a term": _edit("glossary.md", "How steep. {home}`one`", "How steep. {home}`three`"),
    "theme's title": _edit("articles/beta/index.md", "Theme beta", "Second theme"),
    "order in a theme": _edit("articles/alpha/index.md", "one\ntwo", "two\none"),
    "order of themes": _edit(
        "articles/index.md", "alpha/index\nbeta/index", "beta/index\nalpha/index"
    ),
    "new article": _new_article,
    "article gone": _drop_article,
    "draft": _edit(THREE, "level: ", "draft: true\nlevel: "),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS.keys())
def test_an_edit_shows_everywhere(project, edit) -> None:
    project.edit("articles/tags.yaml", "- {slug: geo", "- {slug: descent, name: D}\n- {slug: geo")
    assert project.build() == ""
    edit(project)
    project.build()
    twin = project.clean_twin()
    twin.build()
    assert project.pages() == twin.pages()
    assert project.out("explainers.json").read_text() == twin.out("explainers.json").read_text()
    assert _found(project) == _found(twin)


def test_an_unchanged_project_writes_no_page_and_changes_no_byte(project) -> None:
    project.build()
    before = {p: p.read_bytes() for p in project.out().rglob("*") if p.is_file()}
    project.remember()
    assert project.build() == ""
    assert project.written() == set()
    assert project.written(suffix=".json") == set()
    after = {p: p.read_bytes() for p in project.out().rglob("*") if p.is_file()}
    index = project.out("searchindex.js")  # made whole by the site's own extension, tested there
    assert {**after, index: b""} == {**before, index: b""}


def test_only_pages_that_show_a_description_are_written(project) -> None:
    project.build()
    project.remember()
    EDITS["description"](project)
    project.build()
    # cards: home, listing, theme; suggestions and tips of links: one; itself. Not `two`, which
    # shows only the title, nor the glossary. Sphinx adds the toctree parents of what it writes.
    assert project.written() == {
        "articles/beta/three", "articles/beta/index", "articles/alpha/one", "articles/index",
        "index", "articles/alpha/index",
    }  # fmt: skip


def test_a_title_is_written_everywhere_because_sidebars_show_it(project) -> None:
    project.build()
    project.remember()
    EDITS["title of a page that others link without text"](project)
    project.build()
    assert project.written() == EVERY


def test_prose_that_changes_no_relation_writes_one_page(project) -> None:
    project.build()
    project.remember()
    project.edit(TWO, "The slope is steep.", "The slope is quite steep.")
    project.build()
    assert project.written() == {"articles/alpha/two", "articles/alpha/index"}  # and its parent


def test_two_outputs_of_one_source_do_not_hide_edits_from_each_other(project) -> None:
    """A page re-read for one builder is up to date for Sphinx, yet stale in the other's output."""
    for builder in ("html", "dirhtml", "latex"):
        project.build(builder)
    EDITS["description"](project)
    project.build("latex")
    project.build("dirhtml")
    project.build("html")
    twin = project.clean_twin()
    twin.build()
    twin.build("dirhtml")
    assert project.pages() == twin.pages()
    assert project.pages("dirhtml") == twin.pages("dirhtml")
    assert "How a landscape" in next(project.out(builder="latex").glob("*.tex")).read_text()


def test_a_removed_article_that_others_still_name_is_reported_and_gone(project) -> None:
    project.build()
    _drop_article_only(project)
    warnings = project.build()
    assert "toctree contains reference to nonexisting document 'articles/beta/three'" in warnings
    assert f"{ONE}:" in warnings
    assert "there is no explainer 'three'" in warnings
    assert "Three Valleys" not in "".join(project.pages().values())


def test_a_failed_build_is_made_good_by_the_next(project) -> None:
    project.build()
    project.edit(THREE, "prerequisites: [two]", "prerequisites: [twoo]")
    assert "explainers.unknown" in project.build()
    project.edit(THREE, "prerequisites: [twoo]", "prerequisites: [two]")
    assert project.build() == ""
    twin = project.clean_twin()
    twin.build()
    assert project.pages() == twin.pages()


def test_a_generated_page_may_stand_in_a_toctree(project) -> None:
    project.edit("index.md", "glossary\n", "glossary\nIndex <genindex>\n")
    assert project.build() == ""
    assert "Index" in project.page("articles/index.html")
