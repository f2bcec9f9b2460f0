"""The search index is the same whatever was built before."""

from __future__ import annotations

import json
import shutil

import pytest
from sphinx.testing.util import SphinxTestApp


@pytest.fixture
def build(tmp_path, rootdir):
    """Build into one output again and again; each call returns the bytes of the search index."""

    def run(**options) -> bytes:
        app = SphinxTestApp("html", rootdir / "test-search", builddir=tmp_path, **options)
        try:
            app.build(force_all=options.get("freshenv", False))
            assert app.warning.getvalue() == ""
            return (app.outdir / "searchindex.js").read_bytes()
        finally:
            app.cleanup()

    return run


def test_building_again_keeps_every_index_entry(build) -> None:
    first = build()
    index = json.loads(first.decode().strip().removeprefix("Search.setIndex(").removesuffix(")"))
    assert {"apple", "kernel", "pear", "tree"} <= {e.split(";")[0] for e in index["indexentries"]}
    assert build() == first
    assert build(freshenv=True) == first


@pytest.mark.parametrize("tags, found", [(["live"], False), ([], True)])
def test_the_preview_has_no_search(tmp_path, rootdir, tags, found) -> None:
    source = tmp_path / "source"
    shutil.copytree(rootdir / "test-search", source)
    (source / "conf.py").write_text(
        "html_theme = 'furo'\n\n\ndef setup(app):\n    from website import search\n\n"
        "    search.setup(app)\n"
    )
    app = SphinxTestApp("html", source, builddir=tmp_path / "build", tags=tags)
    try:
        app.build()
    finally:
        app.cleanup()
    assert app.warning.getvalue() == ""
    assert (app.outdir / "searchindex.js").exists() is found
    assert (app.outdir / "search.html").exists() is found
    assert ('action="search.html"' in (app.outdir / "index.html").read_text()) is found
