"""What may not lie in the folders of articles, and how it is passed over."""

from __future__ import annotations

from pathlib import Path, PurePath

import pytest
from sphinx.util.matching import get_matching_files, patmatch

from website.folders import name_fault, pattern, place_fault, unfit

FOLDERS = ("articles",)


@pytest.mark.parametrize(
    "name", ["a.md", "what-is-rlhf.record.yaml", "_static", "README", "x.en.svg", "2.py", "end.md"]
)
def test_names_that_may_be(name: str) -> None:
    assert name_fault(name) == ""


@pytest.mark.parametrize(
    "name",
    [
        *("a}\\input{X}{.png", "x{}body{display:none}", "a b.png", 'a"b', "a'b", "a`b", "a\nb"),
        *("-a.png", ".png", "a..png", "a.", "", "é.png", "a/b", "a%b", "a#b", "a$b", "a&b", "a^b"),
        *("a[b].md", "a?b", "a*b", "a:b", "a<b>", "a\ue000", "a\u202eb", "a" * 101),
        *("site.css_t", "page.html.jinja", "page.JINJA"),
    ],
)
def test_names_that_may_not_be(name: str) -> None:
    assert name_fault(name)


def test_folders_have_no_endings() -> None:
    assert name_fault("a.b") == ""
    assert name_fault("a.b", folder=True)
    assert name_fault("a-b", folder=True) == ""


def test_every_name_on_the_way_counts(tmp_path: Path) -> None:
    assert place_fault(tmp_path, tmp_path / "a/a.b") == ""
    assert place_fault(tmp_path, tmp_path / "a.b/a.b")
    assert place_fault(tmp_path, tmp_path / "a.b/a.b/a.b")
    assert place_fault(tmp_path, tmp_path / "a b/c")
    assert place_fault(tmp_path, tmp_path) == ""


@pytest.mark.parametrize("name", ["a[b].md", "a]b", "[[]", "a*b", "a?b", "[!a]", "a\\b", "é[^x]"])
@pytest.mark.filterwarnings("error")
def test_a_pattern_fits_its_path_and_no_other(name: str) -> None:
    found = pattern(PurePath(name))
    assert patmatch(name, found)
    for other in (name + "x", "x" + name, name.replace("[", "x"), name.replace("*", "xx")):
        assert other == name or not patmatch(other, found)


def test_circles_have_an_end(tmp_path: Path) -> None:
    """Two ways round double with every step; Sphinx follows forty of them."""
    theme = tmp_path / "articles/theme"
    theme.mkdir(parents=True)
    (theme / "page.md").write_text("# Page\n")
    for number in range(4):
        (theme / f"round{number}").symlink_to("..")
        (tmp_path / f"round{number}").symlink_to(".")
    (theme / "loop.md").symlink_to("loop.md")
    found = dict(unfit(tmp_path, FOLDERS))
    rounds = [f"round{number}" for number in range(4)]
    inside = {PurePath("articles/theme", name) for name in rounds}
    loop = PurePath("articles/theme/loop.md")
    assert found.keys() == inside | set(map(PurePath, rounds)) | {loop}
    assert all("a link" in found[path] for path in inside)
    assert not any(found[PurePath(name)] for name in rounds)
    assert "outside" in found[loop]
    pages = get_matching_files(tmp_path, ["**"], list(map(pattern, found)))
    assert list(pages) == ["articles/theme/page.md"]


def test_hidden_files_are_nobodys_concern(tmp_path: Path) -> None:
    (tmp_path / "articles/.x y").mkdir(parents=True)
    (tmp_path / "articles/.a b").write_text("")
    (tmp_path / "other").mkdir()
    (tmp_path / "other/a b").write_text("")
    assert list(unfit(tmp_path, FOLDERS)) == []


def test_a_folder_is_not_called_as_a_file_is(tmp_path: Path) -> None:
    for name in ("references.bib", "theme/page.md", "a b"):
        (tmp_path / "articles" / name).mkdir(parents=True)
    found = {path.name: fault for path, fault in unfit(tmp_path, FOLDERS)}
    assert found.keys() == {"references.bib", "page.md", "a b"}
    assert found["page.md"] == found["references.bib"] == "it is a folder, and called as a file is"


def test_a_page_has_its_ending_in_small_letters(tmp_path: Path) -> None:
    theme = tmp_path / "articles/theme"
    theme.mkdir(parents=True)
    for name in ("a.md", "b.MD", "c.Md", "d.PNG", "md"):
        (theme / name).write_text("", encoding="utf-8")
    message = "the ending of a page is .md, in small letters"
    assert list(unfit(tmp_path, FOLDERS)) == [
        (PurePath(f"articles/theme/{name}"), message) for name in ("b.MD", "c.Md")
    ]
