"""Front matter: every mistake at its own line, what is right kept, and never an exception."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from explainers.record import (
    PLACEHOLDER,
    FrontMatter,
    PageRef,
    Problem,
    Record,
    did_you_mean,
    make_record,
    read_front_matter,
    read_tags,
    validator,
)

ROOT = Path(__file__).resolve().parents[2]
DESCRIPTION = "What a gradient is and why its length says how fast the loss falls near here."
# Line 1 is the opening hyphens: `title` stands in line 2, `tags` in line 8, what a test adds in 9.
KEYS = {
    "title": "A Title",
    "description": DESCRIPTION,
    "date": "2026-01-01",
    "checked": "2026-01-02",
    "kind": "overview",
    "level": "intro",
    "tags": "[rlhf, reward-model]",
}
TAGS = {"rlhf": "RLHF", "reward-model": "Reward model", "kl-divergence": "KL divergence"}
DOCNAME = "articles/alignment/what-is-rlhf"
Read = tuple[Record, list[Problem]]


def source(more: str = "", **changed: str | None) -> str:
    """Return an article with valid front matter, but for what a test changes or adds."""
    keys = {**KEYS, **changed}
    lines = [f"{key}: {value}\n" for key, value in keys.items() if value is not None]
    return f"---\n{''.join(lines)}{more}---\n\nText.\n"


def read(text: str, name: str = "front-matter", docname: str = DOCNAME) -> Read:
    return make_record(docname, read_front_matter(text), name, TAGS)


def only(text: str, name: str = "front-matter") -> Problem:
    _, problems = read(text, name)
    assert len(problems) == 1, problems
    return problems[0]


# What is right -----------------------------------------------------------------------------------


def test_valid_front_matter_becomes_a_record() -> None:
    more = """\
short_title: Title
authors: [Ada Lovelace, Alan Turing]
prerequisites:
  - attention-mechanism
  - {slug: fine-tuning, why: what it changes in a model}
related: [rlhf-limits]
thumbnail: map.svg
thumbnail_alt: A map
draft: true
unlinked: [reward, KL]
orphan: true
"""
    record, problems = read(source(more))
    assert problems == []
    lines = record.lines
    assert record == Record(
        DOCNAME,
        "A Title",
        short_title="Title",
        description=DESCRIPTION,
        kind="overview",
        level="intro",
        thumbnail="map.svg",
        thumbnail_alt="A map",
        draft=True,
        date="2026-01-01",
        checked="2026-01-02",
        authors=("Ada Lovelace", "Alan Turing"),
        tags=("rlhf", "reward-model"),
        prerequisites=(
            PageRef("attention-mechanism", "", 12),
            PageRef("fine-tuning", "what it changes in a model", 13),
        ),
        related=(PageRef("rlhf-limits", "", 14),),
        orphan=True,
        unlinked=("reward", "KL"),
        lines=lines,
    )
    assert (record.slug, record.theme) == ("what-is-rlhf", "alignment")
    assert [lines[key] for key in ("title", "tags", "prerequisites", "orphan")] == [2, 8, 11, 19]


def test_the_tools_own_keys_are_allowed() -> None:
    more = "tocdepth: 2\nhtml_theme: {sidebar: false}\nmyst: {x: 1}\n"
    assert read(source(more))[1] == []


def test_without_a_list_of_tags_every_tag_is_known() -> None:
    front = read_front_matter(source(tags="[one, two]"))
    record, problems = make_record(DOCNAME, front, "front-matter", None)
    assert (record.tags, problems) == (("one", "two"), [])


def test_a_theme_page_has_a_schema_of_its_own() -> None:
    text = f"---\ntitle: Alignment\ndescription: {DESCRIPTION}\naccent: '#0a7Bcd'\n---\n"
    record, problems = read(text, "theme", "articles/alignment/index")
    assert problems == []
    assert (record.theme, record.title, record.accent) == ("alignment", "Alignment", "#0a7Bcd")


def test_repr_has_what_other_pages_show_and_nothing_else() -> None:
    before = read(source())[0]
    unseen = read(source("authors: [Ada]\nrelated: [x]\n", date="2020-01-01", tags="[rlhf, x]"))[0]
    seen = read(source(title="Another"))[0]
    assert repr(before) == repr(unseen)
    assert repr(before) != repr(seen)


# One mistake, one message at its line ------------------------------------------------------------


@pytest.mark.parametrize(
    "key, value, subtype, fragment",
    [
        ("title", "''", "value", 'title: is ""; expected the heading of the page'),
        ("title", "", "type", "title: is null; expected the heading of the page"),
        ("title", "2026", "type", "title: is 2026; expected"),
        ("title", "'padded '", "value", 'title: is "padded "; expected'),
        ("title", "x" * 161, "length", "title: has 161 characters; expected"),
        ("title", "[a, b]", "type", 'title: is ["a", "b"]; expected'),
        ("description", "Too short.", "length", "description: has 10 characters; expected one"),
        ("description", "x" * 161, "length", "has 161 characters; expected one plain sentence"),
        ("date", "2026-02-30", "value", 'date: is "2026-02-30"; expected the day'),
        ("date", "yesterday", "value", "as YYYY-MM-DD"),
        ("date", "20260101", "type", "date: is 20260101; expected"),
        ("checked", "2026-1-2", "value", 'checked: is "2026-1-2"; expected the day the facts'),
        ("checked", "2026-01-01 10:00:00", "value", "as YYYY-MM-DD"),
        ("kind", "overwiev", "value", "or limits; did you mean 'overview'?"),
        ("kind", "3", "value", "kind: is 3; expected overview, building-blocks"),
        ("kind", "{a: [b]}", "value", 'kind: is {"a": ["b"]}; expected'),
        ("level", "Intro", "value", "; did you mean 'intro'?"),
        ("level", "zzz", "value", 'level: is "zzz"; expected intro, intermediate or advanced'),
        ("tags", "rlhf", "type", 'tags: is "rlhf"; expected two to six tags'),
        ("tags", "[rlhf]", "length", "tags: has 1 entries; expected two to six tags"),
        ("tags", "[]", "length", "tags: has 0 entries"),
        ("tags", "[rlhf, reward-model, RLHF]", "value", 'tags: is "RLHF"; expected'),
        ("tags", "[rlhf, reward-model, 3]", "type", "tags: is 3; expected"),
        ("tags", "[rlhf, 3]", "type", "; YAML reads it as a number: put it in quotes"),
        ("tags", "[rlhf, on]", "type", "tags: is true; expected"),
        ("tags", "[rlhf, No]", "type", "; YAML reads yes, no, on, off, true and false so: put the"),
        ("title", "2026", "type", "; YAML reads it as a number: put it in quotes"),
        ("related", "[2026]", "type", "; YAML reads it as a number: put it in quotes"),
        ("prerequisites", "[2026]", "type", "; YAML reads it as a number: put it in quotes"),
        ("tags", "[rlhf, reward-model, rlhf]", "value", "tags: an entry stands twice"),
        ("tags", "[rlhf, reward-mode]", "tag", "not in tags.yaml; did you mean 'reward-model'?"),
        ("short_title", "x" * 41, "length", "short_title: has 41 characters; expected a title"),
        ("authors", "Ada", "type", 'authors: is "Ada"; expected the authors\' names, as a list'),
        ("authors", "[]", "length", "authors: has 0 entries"),
        ("authors", "[Ada, 3]", "type", "authors: is 3; expected"),
        ("prerequisites", "one", "type", 'prerequisites: is "one"; expected what to read first'),
        ("prerequisites", "[{slug: a, wy: b}]", "type", 'is {"slug": "a", "wy": "b"}; expected'),
        ("prerequisites", "[{why: b}]", "type", 'prerequisites: is {"why": "b"}; expected'),
        ("prerequisites", "[{slug: a, why: " + "x" * 161 + "}]", "type", "at most 160 characters"),
        ("prerequisites", "[A Title]", "type", 'prerequisites: is "A Title"; expected'),
        ("related", "[{slug: a}]", "type", 'related: is {"slug": "a"}; expected slugs'),
        ("related", "[a, b, a]", "value", "related: an entry stands twice"),
        ("thumbnail", "a.png", "missing", "'thumbnail' needs 'thumbnail_alt' beside it"),
        ("thumbnail_alt", "A map", "missing", "'thumbnail_alt' needs 'thumbnail' beside it"),
        ("draft", "'true'", "type", 'draft: is "true"; expected true keeps'),
        ("unlinked", "yess", "type", 'unlinked: is "yess"; expected true, or the glossary terms'),
        ("tag", "[rlhf]", "key", "unknown key 'tag'; did you mean 'tags'?"),
        ("zzz", "1", "key", "unknown key 'zzz'"),
        # names of the record's own fields are no keys
        ("docname", "x", "key", "unknown key 'docname'"),
        ("lines", "x", "key", "unknown key 'lines'"),
        ("accent", "'#ffffff'", "key", "unknown key 'accent'"),
    ],
)
def test_a_mistake_is_one_message_at_its_line(
    key: str, value: str, subtype: str, fragment: str
) -> None:
    problem = only(source(**{key: value}))
    line = {name: number for number, name in enumerate(KEYS, 2)}.get(key, 9)
    assert (problem.subtype, problem.line) == (subtype, line)
    assert fragment in problem.message


def test_no_suggestion_where_nothing_is_close() -> None:
    assert only(source(zzz="1")).message == "unknown key 'zzz'"
    assert did_you_mean("zzz", ["overview"]) == ""
    assert did_you_mean("overwiev", {"limits", "overview"}) == "; did you mean 'overview'?"


@pytest.mark.parametrize(
    "value, remedy",
    [
        ("A: b", "put a value with a colon in it in quotes"),
        ("'A' b", "put the whole value in quotes"),
        ("@a", "put a value that begins with it in quotes"),
        ("`a`", "put a value that begins with it in quotes"),
        ("A\n\tb: c", "indent with blanks, not with tabs"),
        ("A\nb", "write a key, a colon, a blank and the value"),
    ],
)
def test_yaml_that_cannot_be_read_is_told_with_what_to_do(value: str, remedy: str) -> None:
    problem = only(source(title=value))
    assert problem.message.startswith("not readable as YAML: ")
    assert problem.message.endswith(f"; {remedy}")


@pytest.mark.parametrize("value", ["20260101", "2026"])
def test_no_quotes_are_advised_where_they_do_not_help(value: str) -> None:
    assert "quotes" not in only(source(date=value)).message


@pytest.mark.parametrize(
    "changed, line, message",
    [
        ({"checked": "2025-12-31"}, 5, "checked: 2025-12-31 is before the day of first pub"),
        ({"checked": "2026-03-02"}, 5, "checked: 2026-03-02 is still to come"),
        ({"checked": "2026-03-01"}, 0, ""),
        ({"checked": "2026-01-01"}, 0, ""),
        ({"description": f"{PLACEHOLDER}one sentence that says what it is."}, 3, "description: is"),
    ],
)
def test_what_has_the_right_form_and_cannot_be_meant(
    changed: dict[str, str], line: int, message: str
) -> None:
    front = read_front_matter(source(**changed))
    record, problems = make_record(DOCNAME, front, "front-matter", TAGS, latest="2026-03-01")
    assert [(problem.subtype, problem.line) for problem in problems] == [("value", line)] * bool(
        line
    )
    assert all(problem.message.startswith(message) for problem in problems)
    assert record.checked == changed.get("checked", "2026-01-02")


def test_both_days_may_be_still_to_come() -> None:
    front = read_front_matter(source(date="2027-01-01", checked="2027-01-01"))
    assert make_record(DOCNAME, front, "front-matter", TAGS)[1] == []
    problems = make_record(DOCNAME, front, "front-matter", TAGS, latest="2026-12-31")[1]
    assert [problem.line for problem in problems] == [4, 5]


def test_a_draft_may_be_without_its_description() -> None:
    text = source("draft: true\n", description=f"{PLACEHOLDER}one sentence that says what it is.")
    assert read(text)[1] == []


def test_keys_that_are_missing_are_one_message() -> None:
    text = source(date=None, level=None, kind=None)
    message = "these keys are missing: date, kind, level"
    assert only(text) == Problem("missing", message, 1)
    missing = "these keys are missing: title, description, date, checked, kind, level, tags"
    assert only("---\n{}\n---\n") == Problem("missing", missing, 1)


@pytest.mark.parametrize("key", list(KEYS))
def test_a_missing_key_is_told_with_what_it_is_for(key: str) -> None:
    problem = only(source(**{key: None}))
    meaning = validator("front-matter").schema["properties"][key]["description"]
    assert problem == Problem("missing", f"the key '{key}' is missing: {meaning}", 1)


@pytest.mark.parametrize(
    "key, value, subtype, fragment",
    [
        ("accent", "red", "value", 'accent: is "red"; expected the theme\'s colour, as #rrggbb'),
        ("accent", "'#ffg000'", "value", "expected the theme's colour"),
        ("title", "x" * 81, "length", "title: has 81 characters"),
        ("date", "2026-01-01", "key", "unknown key 'date'"),
    ],
)
def test_mistakes_on_a_theme_page(key: str, value: str, subtype: str, fragment: str) -> None:
    keys = {"title": "Alignment", "description": DESCRIPTION, key: value}
    text = "---\n" + "".join(f"{name}: {said}\n" for name, said in keys.items()) + "---\n"
    problem = only(text, "theme")
    assert (problem.subtype, problem.line) == (subtype, list(keys).index(key) + 2)
    assert fragment in problem.message


def test_an_entry_of_a_block_list_is_told_at_its_own_line() -> None:
    more = """\
prerequisites:
  - one
  - Not A Slug
  - slug: two
    why: because
  - {slug: three, because: nothing}
related:
  - four
  - 5
  - six
"""
    record, problems = read(source(more))
    assert [(p.subtype, p.line) for p in problems] == [("type", 11), ("type", 14), ("type", 17)]
    assert record.prerequisites == (PageRef("one", "", 10), PageRef("two", "because", 12))
    assert record.related == (PageRef("four", "", 16), PageRef("six", "", 18))


def test_many_mistakes_are_all_told_in_the_order_of_lines() -> None:
    more = "colour: red\nrelated: [a, B C]\n"
    record, problems = read(
        source(more, title="''", date="soon", kind=None, level="hard", tags="[rlhf, xyz]")
    )
    assert [(p.subtype, p.line) for p in problems] == [
        ("missing", 1),
        ("value", 2),
        ("value", 4),
        ("value", 6),
        ("tag", 7),
        ("key", 8),
        ("value", 9),
    ]
    assert record.title == "what is rlhf"  # a page needs one
    assert (record.date, record.kind, record.level) == ("", "", "")
    assert (record.description, record.checked) == (DESCRIPTION, "2026-01-02")
    assert (record.tags, record.related) == (("rlhf",), (PageRef("a", "", 9),))


def test_a_value_of_the_wrong_length_is_kept() -> None:
    record, problems = read(source(description="Short.", title="x" * 200, tags="[rlhf]"))
    assert {problem.subtype for problem in problems} == {"length"}
    assert (record.title, record.description, record.tags) == ("x" * 200, "Short.", ("rlhf",))


def test_what_stands_twice_is_kept_once_and_told_at_the_second() -> None:
    more = "related:\n  - a\n  - b\n  - a\nprerequisites: [{slug: c, why: w}, d]\n"
    record, problems = read(source(more, tags="[rlhf, rlhf, reward-model]"))
    assert [(p.subtype, p.line) for p in problems] == [("value", 8), ("value", 12)]
    assert record.tags == ("rlhf", "reward-model")
    assert [need.slug for need in record.related] == ["a", "b"]
    assert record.prerequisites == (PageRef("c", "w", 13), PageRef("d", "", 13))


def test_entries_that_are_wrong_and_stand_twice_do_not_lose_the_others() -> None:
    record, problems = read(source("related: [Not One, a, Not One]\n"))
    assert {problem.line for problem in problems} == {9}
    assert [need.slug for need in record.related] == ["a"]


# YAML and its oddities ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text, line, fragment",
    [
        ("---\ntitle: x\n", 1, "the front matter is not closed"),
        ("---\n", 1, "not closed"),
        ("---", 1, "not closed"),
        ("---\n---\n", 2, "must be lines of 'key: value'"),
        ("---\n# only a remark\n---\n", 2, "must be lines of 'key: value'"),
        ("---\n- a\n- b\n---\n", 2, "must be lines of 'key: value'"),
        ("---\njust text\n---\n", 2, "must be lines of 'key: value'"),
        ("---\n!!set {a, b}\n---\n", 2, "must be lines of 'key: value'"),
        (source("\tdraft: true\n"), 9, "cannot start any token"),
        (source("related:\n\t- a\n"), 10, "cannot start any token"),
        (source("short_title: One: two\n"), 9, "mapping values are not allowed here"),
        (source("short_title: 'open\n"), 9, "unexpected end of stream"),
        (source("related: [a, b\n"), 9, "expected ',' or ']'"),
        (source("related: &slugs [a]\nauthors: *slugs\n"), 10, "aliases are not supported"),
        (source("<<: {draft: true}\n"), 9, "merge"),
        (source("? [a, b]\n: c\n"), 9, "unhashable"),
        (source("? {a: b}\n: c\n"), 9, "unhashable"),
        (source("authors: [!!python/name:os.system '']\n"), 9, "could not determine"),
        (source("authors: [!unknown x]\n"), 9, "could not determine a constructor"),
        (source("authors: =\n"), 9, "could not determine a constructor"),
        (source('authors:\n  - "a\\0b"\n'), 10, "a character no page can show"),
        (source('authors: ["a\\eb"]\n'), 9, "a character no page can show"),
        (source('authors: ["a\\ue004b"]\n'), 9, "a character no page can show"),
        (source(title='"fox \\ud83e\\udd8a"'), 2, "a character no page can show"),
        (source("title: %\n").replace("title: A Title", "title: @home"), 2, "cannot start"),
    ],
)
def test_unreadable_yaml_is_one_message(text: str, line: int, fragment: str) -> None:
    problem = only(text)
    assert (problem.subtype, problem.line) == ("yaml", line)
    assert fragment in problem.message
    assert "\n" not in problem.message


@pytest.mark.parametrize(
    "character, name", [("\0", "U+0000"), ("\x07", "U+0007"), ("\ue000", "U+E000")]
)
def test_a_control_character_costs_nothing_but_itself(character: str, name: str) -> None:
    problem = only(source(f"authors: [a{character}b]\n"))
    assert (problem.subtype, problem.line) == ("character", 9)
    assert problem.message.startswith(name)


@pytest.mark.parametrize(
    "value",
    [
        "!!timestamp soon",
        "!!int ''",
        "!!int x",
        "!!bool perhaps",
        "!!float ''",
        "!!binary 'ä'",
        '"\\U99999999"',
        "0x_",
        "9" * 5000,
        "[" * 3000 + "]" * 3000,
        "{a: " * 3000 + "}" * 3000,
    ],
)
def test_what_yaml_itself_trips_over_is_a_message(value: str) -> None:
    assert only(source(f"authors: [{value}]\n")).subtype == "yaml"


def test_aliases_cannot_make_a_short_file_huge() -> None:
    rows = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    rows += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    problem = only(source("\n".join(rows) + "\n"))
    assert problem == Problem("yaml", "not readable as YAML: aliases are not supported", 10)


@pytest.mark.parametrize(
    "text",
    ["", "\n", "Text.\n", " ---\ntitle: x\n---\n", "\n---\ntitle: x\n---\n", "----\n", "+++"],
)
def test_no_front_matter_is_one_message(text: str) -> None:
    assert read_front_matter(text) == FrontMatter()
    problem = only(text)
    assert (problem.subtype, problem.line) == ("missing", 1)
    needed = "title, description, date, checked, kind, level, tags"
    assert problem.message == f"no front matter; the page needs at least {needed}"
    assert only(text, "theme").message.endswith("at least title, description")


def test_a_duplicate_key_is_told_at_the_second_and_the_last_counts() -> None:
    record, problems = read(source("kind: limits\nkind: limits\n"))
    message = "the key 'kind' stands twice"
    assert problems == [Problem("key", message, 9), Problem("key", message, 10)]
    assert record.kind == "limits"


def test_what_a_duplicate_key_holds_does_not_stand_twice() -> None:
    lists = "prerequisites:\n  - {slug: a, why: b}\n  - c\n" * 2
    record, problems = read(source(lists))
    assert problems == [Problem("key", "the key 'prerequisites' stands twice", 12)]
    assert record.prerequisites == (PageRef("a", "b", 13), PageRef("c", "", 14))
    front = read_front_matter("---\na:\n  b: 1\na: 2\n---\n")
    assert front.lines == {("a",): 4}


def test_a_duplicate_key_inside_of_an_entry_is_told() -> None:
    problem = only(source("prerequisites:\n  - slug: a\n    slug: b\n"))
    assert problem == Problem("key", "the key 'slug' stands twice", 11)


def test_windows_line_ends_change_nothing() -> None:
    text = source("draft: true\nzzz: 1\nrelated:\n  - a\n", title="'Ünï 🦊'")
    windows = read_front_matter(text.replace("\n", "\r\n"))
    assert windows == read_front_matter(text)
    assert windows.line("zzz") == 10


def test_a_byte_order_mark_changes_nothing() -> None:
    text = source("draft: true\n")
    assert read_front_matter("\ufeff" + text) == read_front_matter(text)


@pytest.mark.parametrize("end", ["---", "...", "---   ", "...\t"])
def test_hyphens_or_dots_end_the_block(end: str) -> None:
    front = read_front_matter(f"---\ntitle: x\n{end}\ntitle: y\n---\n")
    assert (front.data, front.length, front.problems) == ({"title": "x"}, 3, ())


def test_hyphens_inside_of_a_text_do_not_end_the_block() -> None:
    front = read_front_matter("---\ntitle: |-\n  a\n  ---\n  b\ndraft: true\n---\n")
    assert front.data == {"title": "a\n---\nb", "draft": True}


def test_the_length_counts_lines_as_editors_do() -> None:
    text = "---\ntitle: 'a\u2028b\x85c'\ndraft: true\n---\nbody\n"
    front = read_front_matter(text)
    assert (front.length, front.problems) == (4, ())
    assert text.split("\n")[front.length] == "body"


def test_dates_stay_text() -> None:
    front = read_front_matter("---\na: 2026-01-01\nb: 2026-01-01T10:00:00Z\nc: [2026-01-01]\n---\n")
    assert front.data == {"a": "2026-01-01", "b": "2026-01-01T10:00:00Z", "c": ["2026-01-01"]}


def test_keys_that_are_no_text_are_told_at_their_line() -> None:
    more = "2: a\non: b\n3.5: c\n2026-01-01: d\n~: e\n"
    _, problems = read(source(more))
    told = {problem.line: problem.message.split("'")[1] for problem in problems}
    assert told == {9: "2", 10: "True", 11: "3.5", 12: "2026-01-01", 13: "None"}


@pytest.mark.parametrize("key", ["!!binary aGk=", "2026-01-01", "~", "1"])
def test_odd_keys_inside_of_a_value_are_told(key: str) -> None:
    assert only(source(kind=f"{{{key}: x}}")).message.startswith("kind: is {")


@pytest.mark.parametrize("mark", ["|", ">", "|+"])
def test_a_block_scalar_may_end_in_a_line_break(mark: str) -> None:
    record, problems = read(source(description=f"{mark}\n  {DESCRIPTION}"))
    assert (record.description, problems) == (DESCRIPTION, [])


def test_a_title_of_two_lines_is_refused() -> None:
    assert only(source(title="|\n  One\n  Two")).message.startswith(
        'title: is "One\\nTwo"; expected'
    )


def test_any_script_and_emoji_are_text() -> None:
    title = "Ẽmöjî 🦊🏳️‍🌈 и 漢字 – “quoted” ﷺ"
    record, problems = read(source(title=title))
    assert (record.title, problems) == (title, [])
    assert only(source(títle="x")).message == "unknown key 'títle'; did you mean 'title'?"


def test_a_very_long_value_is_measured_not_printed() -> None:
    problem = only(source(title="x" * 1_000_000))
    assert problem.message.startswith("title: has 1000000 characters;")
    assert len(problem.message) < 200


def test_the_line_of_a_deeper_path_is_that_of_its_deepest_known_part() -> None:
    front = read_front_matter("---\na:\n  b:\n    - c\n---\n")
    assert [front.line("a"), front.line("a", "b"), front.line("a", "b", 0)] == [2, 3, 4]
    assert [front.line("a", "x"), front.line("a", "b", 7, "y"), front.line("z"), front.line()] == [
        2,
        3,
        1,
        1,
    ]


# tags.yaml ---------------------------------------------------------------------------------------


def test_tags_have_slugs_and_names() -> None:
    text = "# the closed list\n- {slug: a, name: A, about: x}\n- slug: b-c\n  name: B & C\n"
    assert read_tags(text) == ({"a": "A", "b-c": "B & C"}, [])
    assert read_tags(text.replace("\n", "\r\n")) == ({"a": "A", "b-c": "B & C"}, [])
    assert read_tags("\ufeff" + text) == ({"a": "A", "b-c": "B & C"}, [])


@pytest.mark.parametrize(
    "text", ["", "# empty\n", "a: b\n", "[]\n", "text\n", "{slug: a, name: b}"]
)
def test_something_else_than_a_list_of_tags_is_one_message(text: str) -> None:
    message = "must be a list of tags, each with a slug (a-z, 0-9 and hyphens) and a name"
    assert read_tags(text) == ({}, [Problem("tags", message, 1)])


def test_a_wrong_tag_is_told_at_its_line_and_the_others_are_kept() -> None:
    names, problems = read_tags("- {slug: a, name: A}\n- b\n- slug: c\n- {slug: d, name: D}\n")
    assert names == {"a": "A", "d": "D"}
    assert [(problem.subtype, problem.line) for problem in problems] == [("tags", 2), ("tags", 3)]
    names, problems = read_tags("- {slug: a, name: A}\n- {slug: 'x\"><b', name: B}\n")
    assert names == {"a": "A"}
    assert [(problem.subtype, problem.line) for problem in problems] == [("tags", 2)]


@pytest.mark.parametrize(
    "row, message",
    [
        ("slug: no, name: N", "put the word in quotes"),
        ("slug: 3, name: Three", "put it in quotes"),
        ("slug: c, name: 3", "put it in quotes"),
        ("slug: c, name: ''", "each with a slug (a-z, 0-9 and hyphens) and a name"),
        ("slug: c, name: ' '", "each with a slug (a-z, 0-9 and hyphens) and a name"),
        ("slug: '', name: C", "each with a slug (a-z, 0-9 and hyphens) and a name"),
        ("slug: a, name: Again", "the tag 'a' stands twice"),
    ],
)
def test_a_tag_that_is_none_or_stands_twice(row: str, message: str) -> None:
    names, problems = read_tags(f"- {{slug: a, name: A}}\n- {{{row}}}\n- {{slug: d, name: D}}\n")
    assert names == {"a": "A", "d": "D"}
    assert [(problem.subtype, problem.line) for problem in problems] == [("tags", 2)]
    assert problems[0].message.endswith(message)


@pytest.mark.parametrize(
    "text, line",
    [
        ("- {slug: a\n- b\n", 2),
        ("- {slug: a, name: A}\n- [\n", 2),
        ("\t- a\n", 1),
        ("- &a x\n- *a", 2),
    ],
)
def test_unreadable_tags_are_one_message(text: str, line: int) -> None:
    names, problems = read_tags(text)
    assert names == {}
    assert [(problem.subtype, problem.line) for problem in problems] == [("yaml", line)]


# Never an exception ------------------------------------------------------------------------------

FULL = source(
    "authors: [Ada]\nprerequisites:\n  - a\n  - {slug: b, why: c}\nrelated: [d, e]\n"
    "thumbnail: x.png\nthumbnail_alt: X\nunlinked: [f]\nhtml_theme: {g: h}\ndraft: false\n"
)
SNIPPETS = [
    *("---", "...", ": ", "- ", "? ", "[", "]", "{", "}", "'", '"', "|", ">", "%", "@", "`", "#"),
    *("&a ", "*a", "!!int ", "!!binary ", "!!set ", "!!omap ", "!!timestamp ", "!x ", "<<: ", "~"),
    *("\n", "\r\n", "\r", "\t", "  ", "\0", "\x1b", "\x85", "\u2028", "\ufeff", "\ud800", "🦊"),
    *("yes", "0x_", "1e999", ".nan", "2026-02-30", "\\x00", "null", "docname: x\n", "x" * 500),
]


def mutated(rng: random.Random, text: str) -> str:
    """Return ``text`` after a few of the things that hands and editors do to files."""
    for _ in range(rng.randint(1, 5)):
        at, to = sorted(rng.randrange(len(text) + 1) for _ in range(2))
        lines = text.split("\n")
        match rng.randrange(5):
            case 0:
                text = text[:at] + rng.choice(SNIPPETS) + text[at:]
            case 1:
                text = text[:at] + text[min(to, at + 30) :]
            case 2:
                rng.shuffle(lines)
                text = "\n".join(lines)
            case 3:
                lines.insert(rng.randrange(len(lines)), rng.choice(lines))
                text = "\n".join(lines)
            case _:
                text = (
                    text[:at]
                    + chr(rng.choice([rng.randrange(128), rng.randrange(0x3000)]))
                    + text[at:]
                )
    return text


@pytest.mark.parametrize("name", ["front-matter", "theme"])
def test_whatever_the_text_there_are_only_problems(name: str) -> None:
    rng = random.Random(20261123)
    seen: set[str] = set()
    theme = f"---\ntitle: Theme\ndescription: {DESCRIPTION}\naccent: '#aabbcc'\ntocdepth: 2\n---\n"
    for _ in range(400):
        text = mutated(rng, rng.choice([FULL, theme]))
        record, problems = read(text, name)
        seen |= {problem.subtype for problem in problems}
        for problem in problems:
            assert 1 <= problem.line <= text.count("\n") + 1, (text, problem)
            assert problem.message
            assert "\n" not in problem.message, (text, problem)
        assert record.title
        assert all(isinstance(need.slug, str) for need in record.prerequisites + record.related)
    assert seen >= {"key", "missing", "yaml"} | ({"type"} if name == "front-matter" else set())


def test_whatever_the_tags_there_are_only_problems() -> None:
    rng = random.Random(7)
    good = "".join(f"- {{slug: {slug}, name: {name}}}\n" for slug, name in TAGS.items())
    for _ in range(300):
        text = mutated(rng, good)
        names, problems = read_tags(text)
        assert all(isinstance(name, str) for pair in names.items() for name in pair)
        assert all(1 <= problem.line <= text.count("\n") + 1 for problem in problems), text
        assert names or problems


# The pure modules --------------------------------------------------------------------------------


def test_the_pure_modules_import_neither_sphinx_nor_docutils() -> None:
    """In a fresh interpreter: they can be used, and tested, without a build."""
    code = """
import sys
import explainers.record, explainers.library, explainers.relations, explainers.prose
front = explainers.record.read_front_matter("---\\ntitle: x\\n---\\n")
explainers.record.make_record("articles/t/s", front, "front-matter", None)
loaded = {name.partition(".")[0] for name in sys.modules}
print(sorted(loaded & {"sphinx", "docutils", "myst_parser"}))
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT / "_ext", capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


SCHEMAS = sorted([*(ROOT / "_ext").rglob("*.schema.json"), ROOT / "labs/results.schema.json"])


def patterns(schema: object) -> Iterator[str]:
    """Yield every pattern of a schema."""
    parts = schema.values() if isinstance(schema, dict) else schema
    if isinstance(schema, dict) and isinstance(schema.get("pattern"), str):
        yield schema["pattern"]
    for part in parts if isinstance(schema, (dict, list)) else ():
        yield from patterns(part)


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.name)
def test_no_pattern_lets_a_line_break_through_at_the_end(path: Path) -> None:
    for pattern in patterns(json.loads(path.read_text(encoding="utf-8"))):
        assert pattern.endswith(r"$(?!\n)"), pattern


def test_a_block_of_yaml_ends_in_no_line_break() -> None:
    text = """---
title: >
  Title
prerequisites:
  - slug: one
    why: |
      because
---
"""
    record, _problems = make_record("articles/a/b", read_front_matter(text), "theme")
    assert record.title == "Title"
    assert read_front_matter(text).data["prerequisites"] == [{"slug": "one", "why": "because"}]


@pytest.mark.parametrize(
    "line", ["formerly: [a/" + "b" * 300 + "]", "authors: [" + "x" * 300 + "]"]
)
def test_what_would_be_too_long_a_name_is_left_out(line: str) -> None:
    front = read_front_matter(f"---\ntitle: T\n{line}\n---\n")
    record, problems = make_record("articles/a/b", front, "front-matter")
    assert record.formerly == record.authors == ()
    assert [problem.line for problem in problems if problem.subtype == "length"] == [3]
