"""Chains: what is wrong is told at its line, what is right is kept, each box leads somewhere."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from explainers.library import Library
from explainers.record import Problem, Record
from wayfinding.chains import Stop, read_chains, route, unknown_places, unknown_themes

GOOD = """\
- slug: running
  title: how a model runs
  boxes:
    - {slug: text, name: text}
    - {slug: vectors, name: vectors}
    - {slug: attention, name: attention}
    - {slug: next-token, name: next token, theme: beta}
"""


def explainer(theme: str, slug: str, place: str = "") -> Record:
    return Record(f"articles/{theme}/{slug}", slug, place=place, lines={"place": 8})


def library(*records: Record, themes: str = "alpha beta") -> Library:
    pages = [Record(f"articles/{theme}/index", theme) for theme in themes.split()]
    return Library(records, pages, [record.docname for record in records])


def leads(*records: Record, themes: str = "alpha beta", at: str = "text") -> dict[str, str]:
    """Return the pages that the boxes of the good chain lead to, by the boxes' names."""
    found = route(read_chains(GOOD)[0], library(*records, themes=themes), at)
    assert found
    return {stop.name: stop.docname for stop in found[1]}


# Reading -----------------------------------------------------------------------------------------


def test_a_good_file_has_its_chains_in_order() -> None:
    (chain,), problems = read_chains(GOOD)
    assert problems == []
    assert (chain.slug, chain.title, chain.line) == ("running", "how a model runs", 1)
    assert [box.slug for box in chain.boxes] == ["text", "vectors", "attention", "next-token"]
    assert [box.name for box in chain.boxes][-1] == "next token"
    assert [box.line for box in chain.boxes] == [4, 5, 6, 7]


LONG = "\n".join(f"    - {{slug: s{n}, name: a name of length 18}}" for n in range(4))
FAULTS: dict[str, tuple[str, str, int, str, str]] = {
    # what is replaced, by what, and line, subtype and part of the one message
    "too few": (
        "    - {slug: text, name: text}\n",
        "",
        3,
        "length",
        "has 3 entries; expected four",
    ),
    "too many": (
        "    - {slug: text, name: text}\n",
        "".join(f"    - {{slug: s{n}, name: n}}\n" for n in range(5)),
        3,
        "length",
        "boxes: has 8 entries; expected four to seven boxes",
    ),
    "twice": ("slug: vectors", "slug: text", 5, "twice", "the box 'text' stands twice in its"),
    "unknown key of a box": (
        "name: text}",
        "name: text, naame: x}",
        4,
        "key",
        "'naame'; did you mea",
    ),
    "unknown key of a chain": (
        "  title:",
        "  boxez: 1\n  title:",
        2,
        "key",
        "'boxez'; did you mean",
    ),
    "key twice": ("  title:", "  slug: again\n  title:", 2, "key", "'slug' stands twice"),
    "no name": (", name: vectors", "", 5, "missing", "the key 'name' is missing: what the box"),
    "no title": ("  title: how a model runs\n", "", 1, "missing", "the key 'title' is missing"),
    "no slug of a box": ("slug: text, ", "", 4, "missing", "the key 'slug' is missing: what expl"),
    "no boxes": (GOOD[GOOD.index("  boxes") :], "", 1, "missing", "the key 'boxes' is missing"),
    "boxes that are none": (GOOD[GOOD.index("\n    - ") :], " 7", 3, "type", "boxes: is 7; expect"),
    "a box that is none": ("{slug: text, name: text}", "text", 4, "type", 'is "text"; expected a'),
    "a chain that is none": ("- slug: running\n", "- 7\n- slug: running\n", 1, "type", "is 7; exp"),
    "slug": ("slug: text", "slug: Text!", 4, "value", 'boxes.slug: is "Text!"; expected what expl'),
    "long name": ("name: text", "name: a text of a certain length", 4, "length", "has 26 charac"),
    "number for a name": (
        "name: text",
        "name: 7",
        4,
        "type",
        "boxes.name: is 7; expected what the",
    ),
    "too wide": (
        GOOD[GOOD.index("    - ") :],
        LONG,
        1,
        "length",
        "have 76 characters; expected at",
    ),
    "no YAML": ("title: how", "title: a: b", 2, "yaml", "not readable as YAML"),
    "an alias": ("name: text", "name: *text", 4, "yaml", "aliases are not supported"),
    "no list": (GOOD, "slug: running", 1, "type", "must be a list of chains"),
    "empty": (GOOD, "", 1, "type", "must be a list of chains"),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_a_mistake_is_one_message_at_its_line(fault: tuple[str, str, int, str, str]) -> None:
    old, new, line, subtype, fragment = fault
    assert old in GOOD
    _, problems = read_chains(GOOD.replace(old, new, 1))
    assert [(problem.line, problem.subtype) for problem in problems] == [(line, subtype)]
    assert fragment in problems[0].message


def test_a_place_is_in_one_chain_only() -> None:
    again = GOOD.replace("running", "making").replace("{slug: ", "{slug: an-")
    chains, problems = read_chains(GOOD + again.replace("an-vectors", "vectors"))
    message = (
        "the box 'vectors' stands here and in the chain 'running'; a place is in one chain only"
    )
    assert problems == [Problem("twice", message, 12)]
    found = route(chains, library(), "vectors")
    assert found
    assert found[0] == "how a model runs"
    _, problems = read_chains(GOOD + GOOD.replace("{slug: ", "{slug: an-"))
    assert problems == [Problem("twice", "slug: there are two chains 'running'", 8)]


def test_what_is_right_beside_a_mistake_is_kept() -> None:
    text = GOOD.replace(", name: vectors", "").replace("  title: how a model runs\n", "")
    (chain,), _ = read_chains(text.replace("{slug: text, name: text}", "{name: text}"))
    assert chain.title == "running"
    assert [box.name for box in chain.boxes] == ["vectors", "attention", "next token"]


# Where boxes lead to -----------------------------------------------------------------------------


def test_the_box_of_the_place_is_lit() -> None:
    found = route(read_chains(GOOD)[0], library(explainer("alpha", "a", "vectors")), "vectors")
    assert found
    assert found[0] == "how a model runs"
    assert found[1][:2] == (Stop("text", "", False), Stop("vectors", "", True))
    assert [stop.here for stop in found[1]] == [False, True, False, False]
    twice, _ = read_chains(GOOD.replace("slug: attention", "slug: vectors"))
    again = route(twice, library(), "vectors")
    assert again
    assert sum(stop.here for stop in again[1]) == 1


def test_a_place_in_no_chain_has_no_route() -> None:
    assert route(read_chains(GOOD)[0], library(), "nowhere") is None
    assert route((), library(), "text") is None


def test_a_box_leads_to_its_explainer_or_to_the_theme_of_several() -> None:
    one, two = explainer("alpha", "a", "vectors"), explainer("alpha", "b", "vectors")
    assert leads(one)["vectors"] == "articles/alpha/a"
    assert leads(one, two)["vectors"] == "articles/alpha/index"
    assert leads(one, two, themes="beta")["vectors"] == "articles/alpha/a"


def test_a_box_of_several_themes_leads_to_the_first_explainer_to_read() -> None:
    late, early = explainer("alpha", "a", "vectors"), explainer("beta", "b", "vectors")
    assert leads(early, late)["vectors"] == "articles/beta/b"


def test_a_box_without_explainers_leads_to_its_theme_or_nowhere() -> None:
    assert leads()["text"] == ""
    assert leads()["next token"] == "articles/beta/index"
    assert leads(themes="alpha")["next token"] == ""
    assert leads(explainer("alpha", "a", "next-token"))["next token"] == "articles/alpha/a"


# What only shows when all is known ---------------------------------------------------------------


def test_unknown_themes_are_told() -> None:
    chains, _ = read_chains(GOOD)
    assert list(unknown_themes(chains, library())) == []
    message = "theme: there is no theme 'beta'; did you mean 'betta'?"
    assert list(unknown_themes(chains, library(themes="betta"))) == [Problem("theme", message, 7)]
    assert list(unknown_themes(chains, library(explainer("beta", "b"), themes=""))) == []


def test_unknown_places_are_told() -> None:
    chains, _ = read_chains(GOOD)
    lib = library(explainer("alpha", "a", "attentiom"), explainer("alpha", "b", "text"))
    message = "place: no chain has a box 'attentiom'; did you mean 'attention'?"
    assert list(unknown_places(chains, lib)) == [("articles/alpha/a", Problem("place", message, 8))]


def test_the_chains_need_no_sphinx() -> None:
    code = "import sys, wayfinding.chains; print(*(m for m in sys.modules if 'phinx' in m))"
    path = {"PYTHONPATH": str(Path(__file__).parents[2] / "_ext")}
    run = subprocess.run([sys.executable, "-c", code], env=path, capture_output=True, text=True)
    assert (run.stdout.strip(), run.stderr) == ("", "")
