"""Reading paths and chains where pages ask for them, and what comes next at an explainer's end."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

Project = Any  # of the explainers' conftest.py
PATHS = "articles/paths.yaml"
TEXT = """\
- slug: short
  title: A short path
  description: For those in a hurry.
  stops:
    - {slug: one, why: A look at it.}
    - {slug: four, why: Numbers of it.}

- slug: long
  title: A long path
  description: For all others.
  stops:
    - {slug: two, why: Two looks at it.}
    - {slug: three, why: Its layers.}
    - {slug: four, why: Its numbers again.}
"""
HOME = "# Home\n\n```{chains}\n```\n\n```{reading-paths}\n:whys:\n```\n"


@pytest.fixture
def project(start: Callable[[str], Project]) -> Project:
    found = start("test-wayfinding")
    (found.src / PATHS).write_text(TEXT, encoding="utf-8")
    found.edit("index.md", "# Home\n", HOME)
    return found


def words(page: str) -> str:
    """Return what a page says."""
    return " ".join(re.sub("<[^>]+>", " ", page).split())


def following(project: Project, page: str) -> str:
    """Return the block at an explainer's end."""
    found = re.search(r'(?s)<div class="wayfinding-next.*', project.page(f"articles/{page}.html"))
    return found[0].partition("explainer-related")[0] if found else ""


def test_a_page_shows_all_chains_and_lights_no_box(project: Project) -> None:
    assert project.build() == ""
    home = project.page("index.html")
    assert home.count('class="wayfinding no-search"') == 2
    assert "aria-current" not in home
    assert 'href="articles/beta/four.html"' in home
    assert "How a model runs" in words(home)


def test_a_page_shows_all_paths_with_times_and_reasons(project: Project) -> None:
    project.build()
    home = words(project.page("index.html"))
    assert "A short path For those in a hurry. One Look (1 min) – A look at it." in home
    assert "2 to read, 2 min A long path For all others." in home


def test_without_the_option_only_names_and_times_are_shown(project: Project) -> None:
    project.edit("index.md", ":whys:\n", "")
    project.build()
    assert "One Look (1 min) Four Numbers (1 min) 2 to read" in words(project.page("index.html"))


def test_an_explainer_says_which_stop_it_is_and_what_comes_next(project: Project) -> None:
    project.build()
    one = following(project, "alpha/one")
    assert "1 of 2 on the path “A short path” · next Four Numbers (1 min)" in words(one)
    assert 'href="../beta/four.html"' in one
    four = words(following(project, "beta/four"))
    assert "2 of 2 on the path “A short path”, its last stop" in four
    assert "3 of 3 on the path “A long path”, its last stop" in four


def test_after_the_last_stop_and_off_all_paths_reading_order_goes_on(project: Project) -> None:
    project.build()
    assert "Next in reading order Five Others" in words(following(project, "beta/four"))
    assert following(project, "beta/five") == ""


def test_a_page_that_two_paths_lead_to_is_offered_once(project: Project) -> None:
    project.edit(PATHS, "slug: three, why: Its layers.", "slug: one, why: It again.")
    project.build()
    found = following(project, "alpha/one")
    assert found.count("next-page-row") == 1
    text = "1 of 2 on the path “A short path”; 2 of 3 on the path “A long path” · next"
    assert text in words(found)


def test_what_comes_next_is_not_related_as_well(project: Project) -> None:
    project.edit("articles/alpha/one.md", "tags:", "related: [four, two]\ntags:")
    project.build()
    page = project.page("articles/alpha/one.html")
    related = page.partition("explainer-related")[2].partition("</ul>")[0]
    assert "Two Looks" in related
    assert "Four Numbers" not in related


def test_a_book_names_the_paths_and_leaves_reading_order_to_its_pages(project: Project) -> None:
    assert project.build("latex", latex_engine="xelatex") == ""
    tex = next(project.out(builder="latex").glob("*.tex")).read_text(encoding="utf-8")
    assert "1 of 2 on the path “A short path” · next" in tex
    assert "Next in reading order" not in tex


@pytest.mark.parametrize("builder", ["text", "epub", "dirhtml", "singlehtml", "man", "texinfo"])
def test_every_builder_runs_without_a_warning(project: Project, builder: str) -> None:
    settings = {"version": "1", "copyright": "2026, us"} if builder == "epub" else {}
    assert project.build(builder, **settings) == ""


EDITS = {
    "a title": ("articles/beta/four.md", "Four Numbers", "4 Numbers"),
    "a description": ("articles/beta/four.md", "An explainer", "One explainer"),
    "a stop": (PATHS, "slug: one,", "slug: three,"),
    "a reason": (PATHS, "Its layers", "Layers of it"),
    "a path's title": (PATHS, "A short path", "The short path"),
    "reading order": ("articles/beta/index.md", "four\nfive", "five\nfour"),
    "a length": ("articles/beta/four.md", "Text of four.", "Text. " * 600),
    "a box": ("articles/chains.yaml", "name: vectors", "name: numbers"),
}


@pytest.mark.parametrize("change", EDITS.values(), ids=EDITS.keys())
def test_an_edit_shows_everywhere(project: Project, change: tuple[str, str, str]) -> None:
    assert project.build() == ""
    project.edit(*change)
    assert project.build() == ""
    twin = project.clean_twin()
    twin.build()
    assert project.pages() == twin.pages()


def test_mistakes_are_told_at_their_lines(project: Project) -> None:
    project.edit(PATHS, "slug: one,", "slug: onne,")
    project.edit("articles/beta/four.md", "tags:", "prerequisites: [five]\ntags:")
    project.edit("articles/beta/index.md", "four\nfive", "five\nfour")
    project.edit(PATHS, "- {slug: two, why: Two looks at it.}", "- {slug: four, why: x}")
    project.edit(PATHS, "- {slug: four, why: Its numbers again.}", "- {slug: five, why: y}")
    rows = re.sub(r"\x1b\[[\d;]*m", "", project.build()).splitlines()
    assert sorted(row.rpartition("/articles/")[2] for row in rows) == [
        "paths.yaml:12: WARNING: stops: 'four' stands before 'five', which is to be read first"
        " [wayfinding.order]",
        "paths.yaml:5: WARNING: stops: there is no explainer 'onne'; did you mean 'one'?"
        " [wayfinding.stop]",
    ]
    assert "Three Layers" in project.page("index.html")


def test_a_project_without_paths_shows_none(project: Project) -> None:
    (project.src / PATHS).unlink()
    assert project.build() == ""
    assert "reading-path" not in project.page("index.html")
