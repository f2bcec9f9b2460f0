"""The sidebar is Furo's own, though made once; breadcrumbs lead home."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.testing.util import SphinxTestApp

from website import navigation

Build = Callable[..., Path]


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory, rootdir: Path) -> Build:
    """Return what builds the nested project with stock Furo's sidebar or with ours."""
    done: dict[tuple[Any, ...], Path] = {}

    def run(builder: str, *, ours: bool, parallel: int = 0) -> Path:
        key = (builder, ours, parallel)
        if key not in done:
            with pytest.MonkeyPatch.context() as patch:
                if not ours:
                    patch.setattr(navigation, "setup", lambda app: None)
                app = SphinxTestApp(
                    builder,
                    srcdir=rootdir / "test-navigation",
                    builddir=tmp_path_factory.mktemp("navigation"),
                    parallel=parallel,
                )
                try:
                    app.build()
                    lines = app.warning.getvalue().splitlines()
                    # a document listed twice is meant; one page for all has no index to list
                    assert not [w for w in lines if "multiple" not in w and "genindex" not in w]
                    done[key] = Path(app.outdir)
                finally:
                    app.cleanup()
        return done[key]

    return run


def sidebar(page: Path) -> Tag:
    tree = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser").select_one(
        ".sidebar-tree"
    )
    assert tree is not None
    return tree


def pages(folder: Path) -> list[str]:
    return sorted(page.relative_to(folder).as_posix() for page in folder.rglob("*.html"))


@pytest.mark.parametrize("builder", ["html", "dirhtml"])
def test_every_sidebar_is_what_furo_makes(build: Build, builder: str) -> None:
    stock, ours = build(builder, ours=False), build(builder, ours=True)
    assert pages(ours) == pages(stock)
    assert len(pages(ours)) >= 11  # nine documents, search and index
    for page in pages(stock):
        assert sidebar(ours / page) == sidebar(stock / page), page


def test_a_page_below_others_opens_them_and_is_current(build: Build) -> None:
    tree = sidebar(build("html", ours=True) / "part/deep/deeper/leaf.html")
    [link] = tree.select("li.current-page > a.current")
    assert (link.get_text(), link["href"]) == ("1.1.2.1. Leaf", "#")
    opened = [box["aria-label"] for box in tree.select("input[checked]")]
    assert opened == ["Toggle navigation of 1. Part", "Toggle navigation of 1.1.2. Deep"]
    assert len(tree.select("input")) > len(opened)


def test_pages_outside_the_tree_have_no_current_entry(build: Build) -> None:
    for page in ("outside.html", "search.html"):
        tree = sidebar(build("html", ours=True) / page)
        assert tree.select("a")
        assert not tree.select(".current, .current-page, input[checked]"), page


def test_sphinx_resolves_the_tree_for_no_single_page(
    tmp_path: Path, rootdir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trees: list[navigation.Tree] = []

    class Counted(navigation.Tree):
        def __init__(self, builder: StandaloneHTMLBuilder) -> None:
            trees.append(self)
            super().__init__(builder)

    def never(*_args: object, **_options: object) -> str:
        raise AssertionError("a page asked for a tree of its own")

    monkeypatch.setattr(navigation, "Tree", Counted)
    monkeypatch.setattr(StandaloneHTMLBuilder, "_get_local_toctree", never)
    app = SphinxTestApp("html", srcdir=rootdir / "test-navigation", builddir=tmp_path)
    try:
        app.build()
        app.build(force_all=True)
    finally:
        app.cleanup()
    assert len(trees) == 2  # one for each of the two builds


def test_parallel_writing_changes_nothing(build: Build) -> None:
    alone, together = build("html", ours=True), build("html", ours=True, parallel=2)
    assert pages(alone) == pages(together)
    for page in pages(alone):
        assert (alone / page).read_bytes() == (together / page).read_bytes(), page


def breadcrumbs(page: Path) -> list[tuple[str, str]]:
    soup = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
    return [
        (str(item.a["href"]) if item.a else "", " ".join(item.get_text().split()))
        for item in soup.select("nav[aria-label=Breadcrumb] li")
    ]


def test_breadcrumbs_lead_home(build: Build) -> None:
    folder = build("html", ours=True)
    assert breadcrumbs(folder / "part/deep/deeper/leaf.html") == [
        ("../../../index.html", "Home"),
        ("../../index.html", "Part"),
        ("../index.html", "Deep"),
        ("", "Leaf"),
    ]
    assert breadcrumbs(folder / "part/one.html")[-1] == ("", "One with markup & more")
    assert breadcrumbs(folder / "outside.html") == [
        ("index.html", "Home"),
        ("", "Outside of the tree"),
    ]
    assert breadcrumbs(folder / "genindex.html") == [("index.html", "Home"), ("", "Index")]
    assert breadcrumbs(folder / "search.html") == [("index.html", "Home"), ("", "Search")]
    assert breadcrumbs(folder / "index.html") == []
    address = breadcrumbs(build("dirhtml", ours=True) / "part/one/index.html")[0][0]
    assert address == "../../"


@pytest.mark.parametrize("builder", ["singlehtml", "epub"])
def test_other_builders_keep_their_pages(build: Build, builder: str) -> None:
    suffix = "*.xhtml" if builder == "epub" else "*.html"
    texts = [page.read_text() for page in build(builder, ours=True).rglob(suffix)]
    assert any("Listed twice" in text for text in texts)
    assert not any("Breadcrumb" in text for text in texts)


@pytest.fixture
def explainers(tmp_path: Path, rootdir: Path) -> Path:
    """Return a copy of the small project of explainers, with our navigation."""
    source = tmp_path / "source"
    shutil.copytree(rootdir / "test-explainers", source)
    with (source / "conf.py").open("a") as conf:
        conf.write((rootdir / "test-navigation" / "conf.py").read_text())
    return source


def test_a_new_title_reaches_every_sidebar_and_breadcrumb(explainers: Path) -> None:
    def built(name: str) -> Path:
        app = SphinxTestApp("html", srcdir=explainers, builddir=explainers.parent / name)
        try:
            app.build()
        finally:
            app.cleanup()
        return Path(app.outdir)

    built("again")
    theme = explainers / "articles/alpha/index.md"
    theme.write_text(theme.read_text().replace("title: ", "title: Quite Another ", 1))
    later = theme.stat().st_mtime + 2
    os.utime(theme, (later, later))
    again, clean = built("again"), built("clean")
    assert pages(again) == pages(clean)
    for page in pages(clean):
        assert sidebar(again / page) == sidebar(clean / page), page
        assert breadcrumbs(again / page) == breadcrumbs(clean / page), page
    trail = [title for _, title in breadcrumbs(again / "articles/alpha/one.html")]
    assert trail[2].startswith("Quite Another ")
