"""Whatever was built in between and however the last build ended, the next one is right."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sphinx.errors import SphinxError

from incremental import lock, turns

from .conftest import MOMENTS, Copy, differences

EXTENSIONS = Path(__file__).parents[2] / "_ext"
ONE, TWO, THREE = (f"articles/{name}.md" for name in ("alpha/one", "alpha/two", "beta/three"))


def _swap(copy: Copy) -> None:
    """Have two files of one time and size trade places."""
    one, two = copy.src / ONE, copy.src / TWO
    for path in (one, two):
        os.utime(path, (1, 1))
    copy.build()
    between = one.with_suffix(".swap")
    one.rename(between)
    two.rename(one)
    between.rename(two)


def _edit(path: str, old: str, new: str) -> Callable[[Copy], None]:
    return lambda copy: copy.edit(path, old, new)


def _several(*edits: Callable[[Copy], None]) -> Callable[[Copy], None]:
    return lambda copy: [edit(copy) for edit in edits] and None


def _put_back(copy: Copy) -> None:
    """Put back what a file was, with its old time."""
    copy.edit(THREE, "Back to", "Off to")
    copy.build("latex")
    shutil.copy2(copy.root / THREE, copy.src / THREE)


EDITS = {
    "included file": _edit("articles/shared.txt", "two articles", "some articles"),
    "picture": _edit("articles/picture.svg", 'r="5"', 'r="6"'),
    "bibliography": _edit("articles/references.bib", "Many Trees", "Few Trees"),
    "results": _edit("labs/results/few.json", '"value": 3', '"value": 4'),
    "setting": _edit(
        "conf.py", "numfig = True", 'numfig, numfig_format = True, {"figure": "Picture %s"}'
    ),
    "accent": _edit("articles/alpha/index.md", "#7a4fbf", "#a04f00"),
    "style sheet": _edit("_static/small.css", "margin", "padding"),
    "place of a label": _several(
        _edit(ONE, "(steps)=\n", ""), _edit(THREE, "## Far", "(steps)=\n## Far")
    ),
    "slug of a heading": _several(
        _edit(THREE, "## Far", "(far)=\n## Far away"), _edit(ONE, "## Steps", "## Stairs")
    ),
    "heading far below a visible toctree": _several(
        _edit("index.md", ":hidden:\n", ""), _edit(TWO, "## Down", "## Downhill")
    ),
    "two articles swapped": _swap,
    "an older file": _put_back,
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS.keys())
def test_an_edit_shows_although_another_builder_has_read_it(copy: Copy, edit) -> None:
    copy.build()
    edit(copy)
    copy.build("latex")
    copy.build()
    assert differences(copy.files(), copy.fresh()) == {}


def test_all_outputs_are_right_after_edits_between_them(copy: Copy) -> None:
    for edit, builder in zip(EDITS.values(), ["html", "text", "epub", "dirhtml"] * 3, strict=True):
        copy.build(builder)
        edit(copy)
    for builder in ("dirhtml", "text", "epub", "html"):
        copy.build(builder, parallel=2)
        assert differences(copy.files(builder), copy.fresh(builder)) == {}


@pytest.mark.parametrize("builder", ["html", "dirhtml", "text"])
def test_without_an_edit_no_page_is_written_whatever_was_built_between(
    copy: Copy, builder: str
) -> None:
    suffix = ".txt" if builder == "text" else ".html"
    copy.build(builder)
    copy.remember(builder)
    copy.build("latex")
    copy.build(builder)
    always = {"genindex/index", "search/index"}  # by Sphinx
    assert copy.written(builder, suffix) - always == set()


# What was killed or failed


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("parallel", [0, 2])
def test_a_killed_build_is_made_good(copy: Copy, moment: str, parallel: int) -> None:
    copy.build()
    copy.edit(ONE, "A gradient points uphill", "A slope leads up")
    copy.edit(THREE, "title: Three Valleys", "title: Valleys")
    assert copy.killed(moment, parallel=parallel)
    copy.build()
    assert differences(copy.files(), copy.fresh()) == {}


def test_other_settings_are_not_forgotten_by_a_killed_build(copy: Copy) -> None:
    copy.build()
    copy.edit("conf.py", "website_description =", 'html_title = "Other"\nwebsite_description =')
    assert copy.killed("while it writes")
    copy.build()
    assert differences(copy.files(), copy.fresh()) == {}


def test_what_a_killed_build_has_read_is_read_again_by_another_builder(copy: Copy) -> None:
    copy.build("latex")
    before = (copy.src / ONE).stat()
    copy.edit(ONE, "uphill", "downhill")
    assert copy.killed("while it writes")
    copy.edit(ONE, "downhill", "uphill")
    os.utime(copy.src / ONE, ns=(before.st_atime_ns, before.st_mtime_ns))
    copy.build("latex")
    assert differences(copy.files("latex"), copy.fresh("latex")) == {}


def test_a_failed_build_is_made_good(copy: Copy) -> None:
    def fail(_app: object, page: str, *_others: object) -> None:
        if page == "articles/index":
            raise SphinxError("no more")

    copy.build()
    copy.edit(THREE, "title: Three Valleys", "title: Valleys")
    app = copy.app("html")
    app.connect("html-page-context", fail)
    with pytest.raises(SphinxError):
        app.build()
    app.cleanup()
    copy.build()
    assert differences(copy.files(), copy.fresh()) == {}


def test_pages_that_were_not_asked_for_are_written_later(copy: Copy) -> None:
    copy.build()
    copy.edit(ONE, "uphill", "downhill")
    copy.edit(THREE, "title: Three Valleys", "title: Valleys")
    app = copy.app("html")
    app.build(filenames=[copy.src / ONE])
    app.cleanup()
    copy.build()
    assert differences(copy.files(), copy.fresh()) == {}


def test_what_only_killed_builds_have_written_is_known(copy: Copy) -> None:
    copy.build("epub")  # what is drawn is kept
    copy.edit(ONE, "kind:", "formerly: [alpha/old]\nkind:")
    assert copy.killed("before what stands beside the pages")
    assert copy.out("articles/alpha/old.html").exists()
    copy.edit(ONE, "formerly: [alpha/old]\n", "")
    (copy.src / THREE).unlink()
    copy.build()
    assert differences(copy.files(), copy.fresh()) == {}


# What is removed


def test_a_page_that_becomes_a_folder_keeps_its_address(copy: Copy) -> None:
    for builder in ("html", "dirhtml", "epub"):
        copy.build(builder)
    (copy.src / "articles/guide").mkdir()
    (copy.src / "articles/guide.md").rename(copy.src / "articles/guide/index.md")
    copy.edit("articles/guide/index.md", "](alpha", "](../alpha")
    copy.edit("index.md", "articles/guide", "articles/guide/index")
    for builder in ("html", "dirhtml", "epub"):
        copy.build(builder)
        assert differences(copy.files(builder), copy.fresh(builder)) == {}


LEADS_ON = """
from pathlib import Path

def leads_on(app, error):
    target = Path(app.outdir, "articles/guide.html")
    if not target.exists():
        target.write_text("It has moved.")

def setup(app):
    app.connect("html-collect-pages", lambda app: [("articles/beta/three", {}, "page.html")])
    app.connect("build-finished", leads_on)
"""


def test_what_stands_at_an_old_address_stays(copy: Copy) -> None:
    copy.build()
    for name in (ONE, TWO, THREE, "articles/guide.md"):
        (copy.src / name).unlink()
    extra = copy.src / "extra/articles/alpha/one.html"
    extra.parent.mkdir(parents=True)
    extra.write_text("It has moved.")
    settings = 'html_additional_pages = {"articles/alpha/two": "page.html"}\n'
    text = (copy.src / "conf.py").read_text()
    (copy.src / "conf.py").write_text(text + settings + LEADS_ON)
    for _ in range(2):
        copy.build()
        assert differences(copy.files(), copy.fresh()) == {}
    for path in ("alpha/one", "alpha/two", "beta/three", "guide"):
        assert copy.out(f"articles/{path}.html").exists()


def test_a_page_that_no_longer_leads_on_is_gone(copy: Copy) -> None:
    copy.edit(ONE, "kind:", "formerly: [alpha/old]\nkind:")
    copy.build()
    assert copy.out("articles/alpha/old.html").exists()
    copy.edit(ONE, "formerly: [alpha/old]\n", "")
    copy.build()
    assert differences(copy.files(), copy.fresh()) == {}


def test_a_removed_page_leaves_no_folder(copy: Copy) -> None:
    copy.build("dirhtml")
    (copy.src / THREE).unlink()
    copy.build("dirhtml")
    assert not copy.out("articles/beta/three", "dirhtml").exists()
    assert copy.out("articles/beta", "dirhtml").exists()


def test_an_e_book_loses_pages_and_pictures(copy: Copy) -> None:
    copy.edit(THREE, "../picture.svg", "../other.svg")
    shutil.copy2(copy.src / "articles/picture.svg", copy.src / "articles/other.svg")
    copy.build("epub")
    assert copy.out("_images/other.svg", "epub").exists()
    (copy.src / THREE).unlink()
    copy.build("epub")
    assert not copy.out("_images/other.svg", "epub").exists()
    assert differences(copy.files("epub"), copy.fresh("epub")) == {}


# What stands outside of the environment


def test_tags_that_appear_later_are_known(copy: Copy) -> None:
    tags = copy.src / "articles/tags.yaml"
    text = tags.read_text()
    tags.unlink()
    copy.build()
    assert "Geometry" not in copy.page("articles/alpha/one.html")
    tags.write_text(text.replace("slug: geometry", "slug: shapes"))
    assert "tags: 'geometry'" in copy.build()
    tags.write_text(text)
    copy.build()
    assert differences(copy.files(), copy.fresh()) == {}


def test_as_many_articles_are_related_as_the_settings_say(copy: Copy) -> None:
    text = (copy.src / THREE).read_text()
    for number in range(9):
        article = text.replace("Three Valleys", f"Valley {number}").replace("(far)=\n", "")
        (copy.src / f"articles/beta/valley-{number}.md").write_text(article)
    copy.build(explainers_related=1)
    copy.build(explainers_related=12)
    assert differences(copy.files(), copy.fresh(explainers_related=12)) == {}


def test_a_link_leads_to_a_page_that_appears_later(copy: Copy) -> None:
    text = (copy.src / THREE).read_text()
    (copy.src / THREE).unlink()
    copy.build()
    (copy.src / THREE).write_text(text)
    copy.build()
    assert differences(copy.files(), copy.fresh()) == {}


def test_a_thumbnail_is_as_new_as_its_file(copy: Copy) -> None:
    copy.edit(ONE, "kind:", "thumbnail: ../small.svg\nthumbnail_alt: Small.\nkind:")
    assert "there is no file" in copy.build()
    for size in ("2", "3"):
        text = (copy.src / "articles/picture.svg").read_text()
        (copy.src / "articles/small.svg").write_text(text.replace('r="5"', f'r="{size}"'))
        assert "there is no file" not in copy.build("latex")
        copy.build()
        assert differences(copy.files(), copy.fresh()) == {}


def test_a_picture_for_the_language_that_appears_later(copy: Copy) -> None:
    copy.build()
    text = (copy.src / "articles/picture.svg").read_text()
    (copy.src / "articles/picture.en.svg").write_text(text.replace('r="5"', 'r="6"'))
    copy.build()
    assert differences(copy.files(), copy.fresh()) == {}
    assert copy.out("_images/picture.en.svg").exists()
    (copy.src / "articles/picture.en.svg").unlink()
    copy.build()
    assert differences(copy.files(), copy.fresh()) == {}


def test_a_better_picture_that_appears_later(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (root / "conf.py").write_text("extensions = ['incremental']\n")
    (root / "index.rst").write_text("Page\n====\n\n.. image:: picture.*\n")
    (root / "picture.gif").write_bytes(b"GIF89a\1\0\1\0\x80\0\0;")
    copy = Copy(tmp_path, root)
    copy.build()
    (copy.src / "picture.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    copy.build()
    assert 'src="_images/picture.svg"' in copy.page("index.html")
    assert differences(copy.files(), copy.fresh()) == {}


def test_sources_of_pages_that_are_gone(copy: Copy) -> None:
    copy.build(html_copy_source=True)
    assert copy.out("_sources/articles/beta/three.md.txt").exists()
    (copy.src / THREE).unlink()
    copy.build(html_copy_source=True)
    assert differences(copy.files(), copy.fresh(html_copy_source=True)) == {}
    copy.build(html_copy_source=True, html_sourcelink_suffix=".md")
    fresh = copy.fresh(html_copy_source=True, html_sourcelink_suffix=".md")
    assert differences(copy.files(), fresh) == {}
    copy.build()
    assert not [path for path in copy.files() if path.startswith("_sources/")]


@pytest.mark.parametrize("builder", ["html", "epub"])
def test_static_files_that_are_copied_no_more(copy: Copy, builder: str) -> None:
    (copy.src / "_static/folder").mkdir()
    for name in ("more.css", "picture.svg", "folder/more.js"):
        (copy.src / "_static" / name).write_text("")
    copy.build(builder, language="de")
    assert copy.out("_static/more.css", builder).exists()
    for name in ("more.css", "picture.svg", "folder/more.js"):
        (copy.src / "_static" / name).unlink()
    (copy.src / "_static/folder").rmdir()
    copy.build(builder)
    assert differences(copy.files(builder), copy.fresh(builder)) == {}
    assert not copy.out("_static/folder", builder).exists()


def test_static_files_of_others_stay(copy: Copy) -> None:
    copy.build(language="de")
    copy.out("_static/theirs.css").write_text("")
    copy.build()
    assert differences(copy.files(), copy.fresh()) == {"_static/theirs.css": "left over"}


# One build at a time


def test_a_second_build_waits_for_the_first(copy: Copy) -> None:
    doctrees = copy.folder / "build/doctrees"
    lock.take(doctrees / turns.LOCK, pytest.fail)
    options = ["-q", "-b", "html", "-d", str(doctrees), str(copy.src), str(copy.out())]
    second = subprocess.Popen(
        [sys.executable, "-m", "sphinx", *options],
        env=os.environ | {"PYTHONPATH": str(EXTENSIONS)}, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert second.stderr
        said = second.stderr.readline()
        assert said == f"Waiting for another build (process {os.getpid()}) to end in {doctrees}\n"
        assert not copy.out("index.html").exists()
    finally:
        lock.release(doctrees / turns.LOCK)
        rest = second.communicate()[1]  # a pipe that is shut would end the build
    assert (second.returncode, rest) == (0, "")
    assert copy.out("index.html").exists()


def test_the_mark_stays_until_a_build_has_finished(copy: Copy) -> None:
    mark = copy.folder / "build/doctrees" / turns.MARK
    copy.build()
    assert not mark.exists()
    assert copy.killed("while it writes")
    assert mark.exists()
    copy.build("latex")
    assert not mark.exists()
