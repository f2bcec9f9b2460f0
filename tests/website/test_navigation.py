"""The sidebar is Furo's own, though made once; breadcrumbs lead home."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
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
                    # one document in two toctrees is what Sphinx warns of, and meant here
                    rest = [w for w in app.warning.getvalue().splitlines() if "multiple" not in w]
                    assert rest == []
                    done[key] = Path(app.outdir)
                finally:
                    app.cleanup()
        return done[key]

    return run


def sidebar(page: Path) -> Tag:
    tree = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser").select_one(".sidebar-tree")
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
    current = tree.select("li.current-page")
    assert [link.get_text() for item in current for link in item.select(":scope > a")] == [
        "1.2.1. Leaf"
    ]
    assert current[0].select_one(":scope > a[href='#'].current")
    opened = tree.select("input[checked]")
    assert [box["aria-label"] for box in opened] == [
        "Toggle navigation of 1. Part",
        "Toggle navigation of 1.2. Deep",
    ]
    assert len(tree.select("input")) > len(opened)


def test_pages_outside_the_tree_have_no_current_entry(build: Build) -> None:
    for page in ("outside.html", "search.html"):
        tree = sidebar(build("html", ours=True) / page)
        assert tree.select("a")
        assert not tree.select(".current, .current-page, input[checked]"), page


def test_parallel_writing_changes_nothing(build: Build) -> None:
    alone, together = build("html", ours=True), build("html", ours=True, parallel=2)
    assert pages(alone) == pages(together)
    for page in pages(alone):
        assert (alone / page).read_bytes() == (together / page).read_bytes(), page
