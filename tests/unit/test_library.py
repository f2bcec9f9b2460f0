"""All records together: what contradicts is named and left out, every answer is well defined."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

import pytest

from explainers.library import Library, Selection
from explainers.record import PageRef, Problem, Record


def record(
    slug: str,
    theme: str = "t",
    needs: Sequence[str] = (),
    pins: Sequence[str] = (),
    **known: object,
) -> Record:
    """Return a record whose prerequisites stand from line 10 on, its pins from line 20 on."""
    values: dict[str, object] = {"title": f"About {slug}", "lines": {"title": 2}, **known}
    return Record(
        docname=f"articles/{theme}/{slug}",
        prerequisites=tuple(PageRef(name, f"why {name}", 10 + i) for i, name in enumerate(needs)),
        related=tuple(PageRef(name, "", 20 + i) for i, name in enumerate(pins)),
        **values,  # type: ignore[arg-type]
    )


def library(*records: Record, **known: object) -> Library:
    """Return a library in which every record is listed, in the order given."""
    order = [record.docname for record in records]
    return Library(records, **{"order": order, **known})  # type: ignore[arg-type]


def graph(edges: Mapping[str, str]) -> Library:
    """Return a library of slugs, each with the slugs it needs, parted by blanks."""
    return library(*(record(slug, needs=needs.split()) for slug, needs in edges.items()))


def slugs(records: Iterable[Record]) -> str:
    return " ".join(record.slug for record in records)


def told(lib: Library) -> list[tuple[str, str, int, str]]:
    return [
        (name.rpartition("/")[2], *problem[::2], problem.message)
        for name, problem in lib.problems()
    ]


# Look-up and order -------------------------------------------------------------------------------


def test_records_are_in_reading_order_and_the_unlisted_follow_by_name() -> None:
    records = [record("d"), record("a"), record("c"), record("b")]
    order = ["index", "articles/t/c", "articles/t/index", "articles/t/d"]
    lib = Library(records, order=order)
    assert slugs(lib.records) == "c d a b"
    assert lib.by_slug["a"] is records[1]
    assert lib.by_docname["articles/t/b"] is records[3]


def test_themes_are_found_by_their_folder() -> None:
    theme = Record(docname="articles/t/index", title="Theme")
    assert library(record("a"), themes=[theme]).themes == {"t": theme}


def test_time_adds_the_minutes_of_what_is_known() -> None:
    a, b, c = record("a"), record("b"), record("c")
    lib = library(a, b, c, minutes={a.docname: 4, b.docname: 7})
    assert (lib.time([a, b, c]), lib.time([]), lib.time([c])) == (11, 0, 0)


def test_an_empty_library_answers() -> None:
    lib = library()
    assert list(lib.problems()) == []
    assert lib.select(Selection()) == [("", [])]
    assert lib.select(Selection(group_by="theme")) == []
    assert lib.suggest({}, 4) == {}


# Mistakes ----------------------------------------------------------------------------------------


def test_no_mistake_no_problem() -> None:
    assert told(graph({"a": "", "b": "a", "c": "a b"})) == []


def test_a_slug_that_is_taken() -> None:
    first, second = record("same", "x"), record("same", "y", title="Another")
    lib = library(first, second)
    message = "the slug 'same' is taken by articles/x/same; rename the file"
    assert list(lib.problems()) == [("articles/y/same", Problem("duplicate", message, 1))]
    assert lib.records == (first, second)  # each with what is its own
    assert lib.by_slug["same"] is first


def test_a_title_that_is_taken_whatever_its_case() -> None:
    lib = library(record("a", title="The Größe"), record("b", title="THE GRÖSSE"), record("c"))
    assert told(lib) == [("b", "duplicate", 2, "title: articles/t/a has the same title")]
    assert slugs(lib.records) == "a b c"


def test_an_orphan_is_named_with_the_remedy() -> None:
    records, theme = [record("a"), record("b"), record("c", orphan=True)], "articles/t/index"
    order = ["articles/t/a"]
    message = "in no toctree; add 'b' to that of t/index"
    for found in (
        Library(records, [Record(theme, "Theme")], order),
        Library(records, order=order, pages={f"/{theme}": Record(theme, "A page of the folder")}),
    ):
        assert told(found) == [("b", "orphan", 1, message)]


def test_a_theme_without_a_page_is_told_once() -> None:
    lib = Library([record("a"), record("b"), record("c", "u", orphan=True), record("d", "v")])
    remedy = "create articles/{0}/index.md, with title, description and a toctree of '{1}'"
    assert told(lib) == [
        ("a", "orphan", 1, f"the theme 't' has no page: {remedy.format('t', 'a')}"),
        ("d", "orphan", 1, f"the theme 'v' has no page: {remedy.format('v', 'd')}"),
    ]


@pytest.mark.parametrize("key, line", [("needs", 11), ("pins", 21)])
def test_unknown_slugs_are_told_at_their_line(key: str, line: int) -> None:
    lib = library(record("policy"), record("a", **{key: ["policy", "polciy", "policy"]}))  # type: ignore[arg-type]
    name = {"needs": "prerequisites", "pins": "related"}[key]
    message = f"{name}: there is no explainer 'polciy'; did you mean 'policy'?"
    assert told(lib) == [("a", "unknown", line, message)]
    assert [need.slug for need in lib.prerequisites("a")] == ["policy"] * (key == "needs")


def test_no_suggestion_where_nothing_is_close() -> None:
    assert told(graph({"a": "zzzzzz"}))[0][3] == "prerequisites: there is no explainer 'zzzzzz'"


@pytest.mark.parametrize("key, line", [("needs", 10), ("pins", 20)])
def test_an_explainer_that_names_itself(key: str, line: int) -> None:
    lib = library(record("a", **{key: ["a"]}))  # type: ignore[arg-type]
    name = {"needs": "prerequisites", "pins": "related"}[key]
    assert told(lib) == [("a", "itself", line, f"{name}: an explainer cannot name itself")]
    assert lib.prerequisites("a") == []
    assert lib.path("a") == ()


def test_all_mistakes_of_all_records_are_told() -> None:
    lib = library(
        record("a", needs=["a", "nope", "b"], pins=["nix"]),
        record("b", needs=["a"], title="About a"),
    )
    assert [(name, subtype) for name, subtype, _, _ in told(lib)] == [
        ("a", "itself"),
        ("a", "unknown"),
        ("a", "unknown"),
        ("b", "duplicate"),
        ("b", "cycle"),
    ]


# Cycles ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "edges, cycles",
    [
        ({"a": "b", "b": "a"}, [("b", "b → a → b")]),
        ({"a": "b", "b": "c", "c": "a"}, [("c", "c → a → b → c")]),
        ({"a": "c", "b": "a", "c": "b"}, [("c", "c → b → a → c")]),
        # two cycles that touch nowhere, and two through one article
        ({"a": "b", "b": "a", "c": "d", "d": "c"}, [("b", "b → a → b"), ("d", "d → c → d")]),
        ({"a": "b c", "b": "a", "c": "a"}, [("b", "b → a → b"), ("c", "c → a → c")]),
        # the shortest way round is named
        (
            {"a": "b", "b": "c", "c": "d b", "d": "a"},
            [("c", "c → b → c"), ("d", "d → a → b → c → d")],
        ),
    ],
)
def test_a_cycle_is_named_whole(edges: dict[str, str], cycles: list[tuple[str, str]]) -> None:
    found = told(graph(edges))
    assert [(name, subtype) for name, subtype, _, _ in found] == [(n, "cycle") for n, _ in cycles]
    assert [message for *_, message in found] == [
        f"prerequisites form a cycle: {w}" for _, w in cycles
    ]


def test_a_cycle_costs_no_edge_but_the_one_that_closes_it() -> None:
    lib = graph({"base": "", "a": "base b", "b": "base c", "c": "base a top", "top": "base"})
    assert told(lib) == [("c", "cycle", 11, "prerequisites form a cycle: c → a → b → c")]
    assert [need.slug for need in lib.prerequisites("c")] == ["base", "top"]
    assert slugs(lib.path("a")) == "base top c b"
    assert [need.slug for need in lib.dependents("base")] == ["a", "b", "c", "top"]


def test_whatever_the_prerequisites_paths_are_in_order_and_end() -> None:
    """Random graphs, cycles included: each path has all that is needed, after its own needs."""
    rng = random.Random(3)
    for _ in range(150):
        names = [f"s{number}" for number in range(rng.randint(1, 8))]
        lib = graph({name: " ".join(rng.choices(names, k=rng.randint(0, 3))) for name in names})
        for name in names:
            path = [before.slug for before in lib.path(name)]
            assert len(set(path)) == len(path)
            assert name not in path
            place = {slug: number for number, slug in enumerate([*path, name])}
            for slug in place:
                for need in lib.prerequisites(slug):
                    assert place[need.slug] < place[slug]
                    assert slug in [back.slug for back in lib.dependents(need.slug)]
        cut = [message for _, subtype, _, message in told(lib) if subtype == "cycle"]
        for message in cut:
            way = message.removeprefix("prerequisites form a cycle: ").split(" → ")
            assert way[0] == way[-1]
            for needing, needed in pairwise(way):
                assert needed in [need.slug for need in lib.by_slug[needing].prerequisites]


# Prerequisites and paths -------------------------------------------------------------------------


def test_prerequisites_and_dependents_carry_the_reason() -> None:
    lib = graph({"a": "", "b": "a", "c": "b a"})
    assert lib.prerequisites("c") == [PageRef("b", "why b", 10), PageRef("a", "why a", 11)]
    assert lib.dependents("a") == [PageRef("b", "why a", 10), PageRef("c", "why a", 11)]
    assert lib.dependents("c") == []


def test_a_prerequisite_that_stands_twice_counts_once() -> None:
    lib = graph({"a": "", "b": "a a"})
    assert lib.prerequisites("b") == [PageRef("a", "why a", 10)]
    assert len(lib.dependents("a")) == 1


def test_a_path_follows_reading_order_as_far_as_needs_allow() -> None:
    lib = graph({"late": "early", "z": "", "early": "", "a": "", "goal": "a late z"})
    assert slugs(lib.path("goal")) == "z early late a"
    assert slugs(lib.path("late")) == "early"
    assert lib.path("z") == ()
    lib.minutes = {
        f"articles/t/{slug}": minutes
        for slug, minutes in zip("z late early a".split(), (3, 5, 8, 2), strict=True)
    }
    assert lib.time(lib.path("goal")) == 18


def test_a_diamond_is_read_once() -> None:
    lib = graph({"top": "left right", "left": "base", "right": "base", "base": ""})
    assert slugs(lib.path("top")) == "base left right"


def test_a_long_chain_needs_no_recursion() -> None:
    size = 3000
    lib = graph({f"s{n}": f"s{n + 1}" if n < size - 1 else "" for n in reversed(range(size))})
    assert slugs(lib.path("s2997")) == "s2999 s2998"
    assert told(lib) == []


def test_a_prerequisite_that_its_theme_lists_later_is_told() -> None:
    late = "prerequisites: 'two' comes later in the toctree of its theme"
    assert [found[1:] for found in told(graph({"one": "two", "two": ""}))] == [("order", 10, late)]
    assert told(graph({"two": "", "one": "two"})) == []


# Pages that are no explainers ---------------------------------------------------------------------


def with_pages(*records: Record, order: str = "", **minutes: int) -> Library:
    """Return a library beside which there are `basics`, `more` and, elsewhere, `deep/er`."""
    basics, more = Record("articles/basics", "Basics"), Record("articles/more", "More")
    deeper = Record("deep/er", "Deeper")
    pages = {"basics": basics, "/articles/basics": basics, "more": more, "/articles/more": more}
    listed = [*order.split(), *(record.docname for record in records)]
    pages["/deep/er"] = deeper
    return Library(records, order=listed, minutes=minutes, pages=pages)


def test_a_page_that_is_no_explainer_can_be_a_prerequisite() -> None:
    lib = with_pages(record("a", needs=["basics"]), record("b", needs=["a", "/deep/er"]))
    assert told(lib) == []
    assert lib.prerequisites("a") == [PageRef("basics", "why basics", 10)]
    assert [need.slug for need in lib.prerequisites("b")] == ["a", "/deep/er"]
    assert [page.docname for page in lib.path("b")] == [
        "articles/basics",
        "deep/er",
        "articles/t/a",
    ]
    assert lib.name(lib.path("b")[0]) == "basics"
    assert lib.name(lib.path("b")[1]) == "/deep/er"
    assert slugs(lib.records) == "a b"
    assert [chosen for _, chosen in lib.select(Selection())] == [list(lib.records)]


def test_pages_come_first_on_a_path_in_reading_order_and_take_their_time() -> None:
    records = [record("a", needs=["/deep/er", "more"]), record("b", needs=["a", "basics"])]
    lib = with_pages(*records, order="articles/more articles/basics")
    assert slugs(lib.path("b")) == "more basics er a"
    lib.minutes = {"articles/more": 2, "articles/basics": 3, "articles/t/a": 5}
    assert lib.time(lib.path("b")) == 10


def test_a_page_named_in_two_ways_counts_once() -> None:
    lib = with_pages(record("a", needs=["basics", "/articles/basics"]), record("b", needs=["a"]))
    assert told(lib) == []
    assert [need.slug for need in lib.prerequisites("a")] == ["basics"]
    assert slugs(lib.path("b")) == "basics a"


def test_an_explainer_may_be_named_by_its_document_and_goes_before_a_page() -> None:
    lib = with_pages(record("basics"), record("a", needs=["/articles/t/basics", "basics"]))
    assert [need.slug for need in lib.prerequisites("a")] == ["basics"]
    assert [page.docname for page in lib.path("a")] == ["articles/t/basics"]
    lib = with_pages(record("basics"), record("a", needs=["basics", "/articles/basics"]))
    assert [page.docname for page in lib.path("a")] == ["articles/basics", "articles/t/basics"]
    assert lib.name(lib.path("a")[0]) == "/articles/basics"


def test_cycles_and_oneself_are_found_behind_document_names() -> None:
    lib = with_pages(record("a", needs=["/articles/t/b"]), record("b", needs=["basics", "a"]))
    assert told(lib) == [("b", "cycle", 11, "prerequisites form a cycle: b → a → b")]
    assert slugs(lib.path("a")) == "basics b"
    lib = with_pages(record("a", needs=["/articles/t/a"]))
    assert told(lib) == [("a", "itself", 10, "prerequisites: an explainer cannot name itself")]


@pytest.mark.parametrize(
    "name, message",
    [
        ("basic", "prerequisites: there is no explainer 'basic'; did you mean 'basics'?"),
        ("/deep/err", "prerequisites: there is no page '/deep/err'; did you mean '/deep/er'?"),
        ("er", "prerequisites: there is no explainer 'er'"),
    ],
)
def test_unknown_names_may_mean_pages(name: str, message: str) -> None:
    lib = with_pages(record("a", needs=[name]))
    assert told(lib) == [("a", "unknown", 10, message)]
    assert lib.path("a") == ()


def test_a_page_is_nothing_to_suggest() -> None:
    lib = with_pages(record("a", pins=["basics"]))
    assert told(lib) == [("a", "unknown", 20, "related: there is no explainer 'basics'")]
    assert lib.suggest({}, 4) == {"a": []}


def test_what_needs_only_a_page_is_suggested_somewhere() -> None:
    """No page but explainers shows what builds on it."""
    lib = with_pages(record("a"), record("b"), record("c"), record("d", needs=["basics"]))
    near = computed(a="b c", b="a c", c="a b", d="b a c")
    assert any("d" in names.split() for names in shown(lib, near, 2).values())


# Selections --------------------------------------------------------------------------------------

SHELF = library(
    record("one", "x", kind="limits", level="advanced", tags=("p", "q"), title="beta",
           date="2026-01-03", checked="2026-02-01"),
    record("two", "y", kind="overview", level="intro", tags=("q",), title="Alpha",
           date="2026-01-01", checked="2026-02-03"),
    record("three", "x", kind="overview", level="intermediate", tags=("p",), title="gamma",
           date="2026-01-02", checked="2026-02-01"),
    record("four", "y", kind="building-blocks", level="intro", tags=(), title="Delta",
           date="2026-01-03", checked="2026-02-02"),
    record("five", "z", title="epsilon"),
    minutes={f"articles/{path}": minutes for path, minutes in
             (("x/one", 9), ("y/two", 3), ("x/three", 3), ("y/four", 12))},
)  # fmt: skip


@pytest.mark.parametrize(
    "wanted, expected",
    [
        ({}, "one two three four five"),
        ({"theme": ("x",)}, "one three"),
        ({"theme": ("z", "y")}, "two four five"),
        ({"theme": ("nowhere",)}, ""),
        ({"tag": ("p",)}, "one three"),
        ({"tag": ("p", "q")}, "one two three"),
        ({"kind": ("overview",)}, "two three"),
        ({"level": ("intro", "advanced")}, "one two four"),
        ({"theme": ("x",), "kind": ("overview",)}, "three"),
        ({"tag": ("q",), "level": ("intro",), "theme": ("x",)}, ""),
        ({"sort": "reading"}, "one two three four five"),
        ({"sort": "title"}, "two one four five three"),
        ({"sort": "date"}, "one four three two five"),
        ({"sort": "checked"}, "two four one three five"),
        ({"sort": "level"}, "two four three one five"),
        ({"sort": "minutes"}, "five two three one four"),
        ({"limit": 2}, "one two"),
        ({"limit": 99}, "one two three four five"),
        ({"sort": "minutes", "limit": 1, "theme": ("x",)}, "three"),
    ],
)
def test_selections(wanted: dict[str, object], expected: str) -> None:
    [(heading, chosen)] = SHELF.select(Selection(**wanted))  # type: ignore[arg-type]
    assert (heading, slugs(chosen)) == ("", expected)


@pytest.mark.parametrize(
    "wanted, expected",
    [
        # themes as they come, kinds and levels in their own order, what has none last
        ({"group_by": "theme"}, "x: one three | y: two four | z: five"),
        ({"group_by": "theme", "sort": "title"}, "y: two four | x: one three | z: five"),
        (
            {"group_by": "kind"},
            "overview: two three | building-blocks: four | limits: one | : five",
        ),
        ({"group_by": "level"}, "intro: two four | intermediate: three | advanced: one | : five"),
        ({"group_by": "level", "limit": 3, "sort": "title"}, "intro: two four | advanced: one"),
        ({"group_by": "kind", "theme": ("nowhere",)}, ""),
    ],
)
def test_groups(wanted: dict[str, object], expected: str) -> None:
    groups = SHELF.select(Selection(**wanted))  # type: ignore[arg-type]
    assert " | ".join(f"{key}: {slugs(chosen)}" for key, chosen in groups) == expected


# Suggestions -------------------------------------------------------------------------------------


def computed(**near: str) -> dict[str, list[tuple[str, float, tuple[str, ...]]]]:
    """Return what the engine would: for each slug the others, best first."""
    return {
        slug: [
            (other, 1 / (1 + place), (f"{slug}+{other}",))
            for place, other in enumerate(others.split())
        ]
        for slug, others in near.items()
    }


def shown(
    lib: Library,
    near: Mapping[str, Sequence[tuple[str, float, tuple[str, ...]]]],
    k: int,
    linked: Iterable[str] = (),
) -> dict[str, str]:
    return {
        slug: " ".join(name for name, _, _ in entries)
        for slug, entries in lib.suggest(near, k, linked).items()
    }


def test_pins_come_first_and_computed_ones_bring_their_reasons() -> None:
    lib = library(record("a", pins=["c"]), record("b"), record("c"), record("d"))
    near = computed(a="b c d", b="a", c="a", d="a")
    pinned, nearest = ("c", "pinned", ("a+c",)), ("b", "computed", ("a+b",))
    assert lib.suggest(near, 2)["a"] == [pinned, nearest]
    assert lib.suggest({}, 2)["a"] == [("c", "pinned", ())]


def test_pins_are_cut_to_k_and_count_once() -> None:
    lib = library(record("a", pins=["a", "d", "nope", "c", "d", "b"]), *map(record, "bcd"))
    assert shown(lib, computed(a="b"), 2)["a"] == "d c"
    assert shown(lib, computed(a="b"), 9)["a"] == "d c b"


def test_what_the_page_shows_anyway_is_not_suggested_but_may_be_pinned() -> None:
    lib = library(record("a", needs=["b"]), record("b", pins=["a"]), record("c"))
    near = computed(a="b c", b="a c", c="a b")
    assert shown(lib, near, 4) == {"a": "c", "b": "a c", "c": "a b"}


def test_what_nothing_leads_to_takes_the_last_computed_place_of_its_nearest() -> None:
    lib = library(*map(record, "abcd"))
    near = computed(a="b c", b="a c", c="a b", d="b a c")
    assert shown(lib, near, 2) == {"a": "b c", "b": "a d", "c": "a b", "d": "b a"}
    assert lib.suggest(near, 2)["b"][1] == ("d", "computed", ("d+b",))
    # nothing to do where prose links to it, or where it is in a path
    assert shown(lib, near, 2, linked={"d": [("a", "sentence")]})["b"] == "a c"
    lib = library(record("a"), record("b"), record("c"), record("d", needs=["c"]))
    assert shown(lib, near, 2)["b"] == "a c"


def test_a_free_place_is_taken_before_anything_is_displaced() -> None:
    lib = library(*map(record, "abc"))
    assert shown(lib, computed(a="b", b="a", c="b a"), 2) == {"a": "b", "b": "a c", "c": "b a"}


def test_a_pin_is_never_displaced_nor_what_would_then_be_lost() -> None:
    lib = library(record("a", pins=["b"]), record("b"), record("c"), record("d"))
    near = computed(a="b", b="c", c="a", d="a b c")
    # nearest to d is a, whose place is pinned, then b, which holds the only link to c
    assert shown(lib, near, 1) == {"a": "b", "b": "c", "c": "d", "d": "a"}
    # and where nobody can spare a place, all stays as it is
    near = computed(a="b", b="c", c="a", d="b")
    assert shown(lib, near, 1) == {"a": "b", "b": "c", "c": "a", "d": "b"}


def test_two_that_nothing_leads_to_do_not_displace_a_third() -> None:
    lib = library(*map(record, "abcxy"))
    near = computed(a="c b", b="c a", c="a b", x="a b c", y="b a c")
    every = shown(lib, near, 1)
    assert set(" ".join(every.values()).split()) >= set("cxy")


@pytest.mark.parametrize("k", [1, 2, 4])
def test_one_article_alone_has_no_suggestions(k: int) -> None:
    assert library(record("a")).suggest(computed(a=""), k) == {"a": []}


@pytest.mark.parametrize("k", [1, 2, 4])
def test_two_articles_lead_to_each_other(k: int) -> None:
    assert shown(library(record("a"), record("b")), computed(a="b", b="a"), k) == {
        "a": "b",
        "b": "a",
    }


def test_no_place_no_suggestion() -> None:
    lib = library(record("a", pins=["b"]), record("b"), record("c"))
    assert shown(lib, computed(a="b c", b="a c", c="a b"), 0) == {"a": "", "b": "", "c": ""}


def test_without_computed_neighbours_only_pins_are_shown() -> None:
    lib = library(record("a", pins=["b"]), record("b"), record("c"))
    assert shown(lib, {}, 4) == {"a": "b", "b": "", "c": ""}


def test_whatever_the_neighbours_every_article_is_reached() -> None:
    """Everybody is somebody's neighbour: with no pins in the way, nothing is left out."""
    rng = random.Random(11)
    for _ in range(300):
        names = [f"s{number}" for number in range(rng.randint(2, 9))]
        k = rng.randint(1, 4)
        needs = {name: rng.choice(names) if rng.random() < 0.15 else "" for name in names}
        lib = graph(needs)
        popular = rng.sample(names, len(names))  # all prefer the same few
        near = {}
        for name in names:
            others = [other for other in popular if other != name]
            if rng.random() < 0.3:
                rng.shuffle(others)
            near[name] = computed(**{name: " ".join(others)})[name]
        linked = rng.sample(names, rng.randint(0, 2))
        every = lib.suggest(near, k, linked)
        assert every == lib.suggest(near, k, linked)
        reached = {name for entries in every.values() for name, _, _ in entries} | {*linked}
        for name in names:
            entries = [other for other, _, _ in every[name]]
            assert len(entries) <= k
            assert len(set(entries)) == len(entries)
            assert name not in entries
            assert name in reached or lib.prerequisites(name) or lib.dependents(name)


# Outlines ----------------------------------------------------------------------------------------


def outlined(lib: Library) -> list[str]:
    return [
        f"{'.' * depth}{record.slug}{' + ' + slugs(others) if others else ''}"
        for record, depth, others in lib.outline(lib.records)
    ]


def test_an_outline_has_each_below_the_last_that_it_builds_on() -> None:
    lib = graph({"a": "", "b": "a", "c": "", "d": "a b", "e": "a", "f": "c d"})
    assert outlined(lib) == ["a", ".b", "..d + a", "...f + c", ".e", "c"]


def test_an_outline_knows_only_what_is_in_it() -> None:
    lib = graph({"a": "", "b": "a primer nowhere", "c": "b"})
    found = lib.outline(lib.records[1:])
    assert [(record.slug, depth, others) for record, depth, others in found] == [
        ("b", 0, []), ("c", 1, []),
    ]  # fmt: skip
    assert lib.outline([]) == []


def test_an_outline_leaves_nothing_out_whatever_the_order_is() -> None:
    order = [f"articles/t/{slug}" for slug in "cba"]
    needs = {"a": "", "b": "a", "c": "a b"}
    lib = Library([record(s, needs=n.split()) for s, n in needs.items()], order=order)
    assert sorted(slugs(r for r, _depth, _others in lib.outline(lib.records)).split()) == [
        "a",
        "b",
        "c",
    ]
