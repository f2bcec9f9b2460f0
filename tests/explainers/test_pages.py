"""A page that is no explainer can be what to read before one, and is nowhere listed as one."""

from __future__ import annotations

import json
import re
from typing import Any

import jsonschema
import pytest

from explainers.record import validator

Project = Any  # of conftest.py, which is not for importing
PRIMER = "articles/primer.md"
ONE, TWO = "articles/alpha/one.md", "articles/alpha/two.md"


@pytest.fixture
def project(project: Project) -> Project:
    """The small project with a primer of two minutes, which `one` needs, and a page elsewhere."""
    primer = "# What You *May* Need\n\n" + "A word or two. " * 100
    (project.src / PRIMER).write_text(primer, encoding="utf-8")
    (project.src / "notes.md").write_text("# Notes\n\nSome.\n", encoding="utf-8")
    project.edit("index.md", "articles/index\n", "articles/primer\narticles/index\nnotes\n")
    project.edit(ONE, "tags:", "prerequisites: [{slug: primer, why: what a vector is}]\ntags:")
    project.edit(TWO, "prerequisites:\n", "prerequisites:\n  - /notes\n")
    return project


def text(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.partition("<body")[2]).split())


def test_it_is_shown_before_with_title_reason_and_minutes(project: Project) -> None:
    assert project.build() == ""
    one, two = (project.page(f"articles/alpha/{name}.html") for name in ("one", "two"))
    assert "Before you read: What You May Need (2 min) for what a vector is" in text(one)
    assert 'href="../primer.html"' in one
    assert "Before you read: Notes (1 min) ; One" in text(two)
    assert "Everything before it: 3 to read, 4 min" in text(two)


def test_a_path_begins_with_it(project: Project) -> None:
    project.edit("index.md", "# Home\n", "# Home\n\n```{explainer-path} three\n```\n")
    assert project.build() == ""
    names = ["What You May Need", "Notes", "One", "Two Learning Rates"]
    path = project.page("index.html").partition("Read first")[2].partition("</ol>")[0]
    assert re.findall(r"<span>([^<]+)</span>|doc\">([^<]+)<", path) == [("", n) for n in names]
    assert "4 to read, 5 min" in text(project.page("index.html"))


def test_it_is_no_card_and_nothing_related(project: Project) -> None:
    project.build()
    for page in ("index", "articles/index", "articles/alpha/index"):
        listed = re.findall(r'(?s)<li class="explainer-card.*?</li>', project.page(f"{page}.html"))
        assert listed
        assert "May Need" not in "".join(listed)
    primer = project.page("articles/primer.html")
    assert "explainer-" not in primer.partition("<body")[2]


def test_the_data_file_has_it_on_paths_only(project: Project) -> None:
    project.build()
    data = json.loads(project.page("explainers.json"))
    jsonschema.Draft202012Validator(validator("explainers").schema).validate(data)
    one, two, three = data["explainers"]
    assert (one["prerequisites"], one["path"]) == (["primer"], ["primer"])
    assert (two["prerequisites"], two["path"]) == (["/notes", "one"], ["primer", "/notes", "one"])
    assert three["path"] == ["primer", "/notes", "one", "two"]
    edges = {edge["slug"] for row in data["explainers"] for edge in row["related"]}
    assert edges == {"one", "two", "three"}


@pytest.mark.parametrize("builder", ["latex", "epub", "text", "man"])
def test_other_outputs_have_it_too(project: Project, builder: str) -> None:
    assert project.build(builder, version="1", copyright="2026, us") == ""
    files = (f for f in project.out(builder=builder).rglob("*") if f.suffix in (".tex", ".1"))
    found = {"text": ["articles/alpha/one.txt"], "epub": ["articles/alpha/one.xhtml"]}
    pages = [project.out(name, builder) for name in found.get(builder, [])] or list(files)
    assert "what a vector is" in "".join(page.read_text(encoding="utf-8") for page in pages)


EDITS: dict[str, tuple[str, str, str]] = {
    "title": (PRIMER, "What You *May* Need", "First Things"),
    "minutes": (PRIMER, "A word or two.", "A word or two, or three, or four, or five."),
    "gone from the needs": (ONE, "prerequisites: [{slug: primer, why: what a vector is}]\n", ""),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS.keys())
def test_an_edit_shows_everywhere(project: Project, edit: tuple[str, str, str]) -> None:
    assert project.build(parallel=2) == ""
    project.edit(*edit)
    assert project.build(parallel=2) == ""
    twin = project.clean_twin()
    twin.build()
    assert project.pages() == twin.pages()
    assert project.page("explainers.json") == twin.page("explainers.json")


def test_unknown_names_are_told_with_a_hint_that_knows_pages(project: Project) -> None:
    project.edit(ONE, "slug: primer,", "slug: prmer,")
    project.edit(TWO, "- /notes", "- /note")
    one, two = sorted(re.sub(r"\x1b\[[\d;]*m", "", project.build("text")).splitlines())
    assert one.endswith(
        "alpha/one.md:9: WARNING: prerequisites: there is no explainer 'prmer';"
        " did you mean 'primer'? [explainers.unknown]"
    )
    assert two.endswith(
        "alpha/two.md:10: WARNING: prerequisites: there is no page '/note';"
        " did you mean '/notes'? [explainers.unknown]"
    )


def test_a_page_that_goes_is_missed(project: Project) -> None:
    assert project.build() == ""
    (project.src / PRIMER).unlink()
    project.edit("index.md", "articles/primer\n", "")
    (message,) = project.build().splitlines()
    assert "there is no explainer 'primer'" in message
    assert "May Need" not in "".join(project.pages().values())
