"""Reading paths: what is wrong is told at its line, what is right is kept and in order."""

from __future__ import annotations

import pytest

from explainers.library import Library
from explainers.record import PageRef, Problem, Record
from wayfinding.paths import Leg, legs, misled, read_paths

GOOD = """\
- slug: from-nothing
  title: Start from nothing
  description: You know some Python.
  stops:
    - {slug: primer, why: What a number is.}
    - {slug: one, why: What one is.}
    - {slug: two, why: What two are.}
"""


def explainer(slug: str, *needs: str) -> Record:
    wanted = tuple(PageRef(need, "", 7) for need in needs)
    return Record(f"articles/alpha/{slug}", slug.title(), prerequisites=wanted)


def library(*records: Record) -> Library:
    pages = {"primer": Record("articles/primer", "Primer")}
    return Library(records, (), [record.docname for record in records], pages=pages)


ONE, TWO, THREE = explainer("one", "primer"), explainer("two", "one"), explainer("three", "two")


# Reading -----------------------------------------------------------------------------------------


def test_a_good_file_has_its_paths_in_order() -> None:
    (path,), problems = read_paths(GOOD)
    assert problems == []
    assert (path.slug, path.title, path.line) == ("from-nothing", "Start from nothing", 1)
    assert path.description == "You know some Python."
    assert [(stop.slug, stop.why, stop.line) for stop in path.stops] == [
        ("primer", "What a number is.", 5), ("one", "What one is.", 6), ("two", "What two are.", 7),
    ]  # fmt: skip


FAULTS: dict[str, tuple[str, str, int, str, str]] = {
    # what is replaced, by what, and line, subtype and part of the one message
    "no list": (GOOD, "paths: none\n", 1, "type", "must be a list of paths"),
    "no title": ("  title: Start from nothing\n", "", 1, "missing", "title"),
    "no description": ("  description: You know some Python.\n", "", 1, "missing", "description"),
    "no stops": (GOOD[GOOD.index("  stops") :], "  stops: []\n", 4, "length", "stops"),
    "no why": (", why: What one is.", "", 6, "missing", "why"),
    "unknown key": ("  title", "  titel: x\n  title", 2, "key", "did you mean 'title'?"),
    "long": ("some Python", "some " + "Python " * 20, 3, "length", "120"),
    "a stop twice": ("slug: two", "slug: one", 7, "twice", "'one' is a stop of its path twice"),
    "a path twice": ("- slug", GOOD + "- slug", 8, "twice", "two paths 'from-nothing'"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_mistake_is_one_message_at_its_line(fault: str) -> None:
    old, new, line, subtype, words = FAULTS[fault]
    assert old in GOOD
    problems = read_paths(GOOD.replace(old, new, 1))[1]
    assert [(problem.line, problem.subtype) for problem in problems] == [(line, subtype)]
    assert words in problems[0].message


@pytest.mark.parametrize("text", ["", "[", "- 1\n- 2\n", "- stops: 7\n", "a: &a [*a]\n"])
def test_nothing_that_is_written_ends_the_build(text: str) -> None:
    paths, problems = read_paths(text)
    assert problems
    assert list(misled(paths, library(ONE))) == []


# Together with the explainers --------------------------------------------------------------------


def test_stops_that_there_are_not_are_told_with_a_guess() -> None:
    paths, _ = read_paths(GOOD.replace("slug: two", "slug: twoo"))
    message = "stops: there is no explainer 'twoo'; did you mean 'two'?"
    assert list(misled(paths, library(ONE, TWO))) == [Problem("stop", message, 7)]


def test_nothing_stands_before_what_it_needs_however_far_back() -> None:
    rows = ("three", "one", "primer")
    text = GOOD[: GOOD.index("    - ")] + "".join(f"    - {{slug: {x}, why: x}}\n" for x in rows)
    found = list(misled(read_paths(text)[0], library(ONE, TWO, THREE)))
    late = "stops: '{}' stands before '{}', which is to be read first"
    assert found == [
        Problem("order", late.format("three", "one"), 5),
        Problem("order", late.format("one", "primer"), 6),
    ]
    assert list(misled(read_paths(GOOD)[0], library(ONE, TWO))) == []


def test_an_explainer_knows_where_on_its_paths_it_is() -> None:
    books = library(ONE, TWO, THREE)
    paths, _ = read_paths(GOOD)
    assert legs(paths, books, "one") == [Leg("Start from nothing", 2, 3, TWO)]
    assert legs(paths, books, "two") == [Leg("Start from nothing", 3, 3, None)]
    assert legs(paths, books, "three") == []


def test_a_stop_that_is_no_page_does_not_count() -> None:
    paths, _ = read_paths(GOOD.replace("slug: one", "slug: nowhere"))
    assert legs(paths, library(ONE, TWO), "two") == [Leg("Start from nothing", 2, 2, None)]
