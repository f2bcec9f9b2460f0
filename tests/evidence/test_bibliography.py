"""A mistake in the bibliography is told at its line and costs its entry its looks at most."""

from __future__ import annotations

import re
from typing import Any

import pybtex.plugin
import pytest
from pybtex.database import BibliographyData
from pybtex.plugin import find_plugin

from evidence import plugins
from evidence.bibliography import read

Project = Any  # of conftest.py, which is not for importing
GOOD = "@misc{good,\n  author = {Good, Ann},\n  title = {Good},\n  year = 2001\n}\n"
AFTER = GOOD.replace("good", "after")
SEEN = "seen = {fulltext 2026-01-01}"
FIELDS = "author = {B, Ben},\n  publisher = {P},\n  year = 2001"


def entry(more: str, kind: str = "book") -> str:
    return f"@{kind}{{bad,\n  {more},\n  {FIELDS}\n}}\n"


DEEP = f"title = {{{'{' * 120}x{'}' * 120}}}"
# Name, what stands after the first entry, line of the message in the file, a part of it.
FAULTS = [
    ("comma", entry("title = {T}").replace("},\n  publisher", "}\n  publisher"), 9, "a comma miss"),
    ("no-title", entry("note = {N}"), 6, "'bad': an entry of type @book needs title"),
    ("abbreviation", entry("title = foo"), 7, "'foo' is no abbreviation"),
    ("type", entry("title = {T}", "bok"), 6, "there is no type @bok"),
    ("field-twice", entry("title = {T}, title = {U}"), 6, "the field 'title' stands twice"),
    ("name", entry("title = {T}, editor = {A, B, C, D}"), 6, "Too many commas in 'A, B, C, D'"),
    ("open-brace", "@book{bad,\n  title = {T,\n", 6, "left open"),
    ("open-quote", '@book{bad,\n  title = "T,\n', 6, "left open"),
    ("deep", entry(DEEP), 7, "too many nested braces"),
    ("nothing", "@misc{bad,}\n", 6, "nothing in this entry to print"),
    ("tex", entry(r"title = {a } b}"), 7, "not readable as BibTeX"),
    ("no-key", "@misc{,\n  title = {T}\n}\n", 6, "entry key expected"),
    ("no-type", "@{x}\n", 6, "a valid name expected"),
    ("control", entry("title = {T\x02}"), 7, "U+0002 is no character"),
]


def parsed(text: str) -> tuple[BibliographyData, list[tuple[int, str]]]:
    data = BibliographyData()
    style = find_plugin("pybtex.style.formatting", "alpha")()
    found = [(problem.line, problem.message) for problem in read(text, data, style)]
    for each in data.entries.values():
        assert style.format_entry("", each)
    return data, found


@pytest.mark.parametrize("text, line, message", [f[1:] for f in FAULTS], ids=[f[0] for f in FAULTS])
def test_a_mistake_is_one_message_and_the_other_entries_are_read(
    text: str, line: int, message: str
) -> None:
    data, ((where, what),) = parsed(GOOD + text + ("" if "left open" in message else AFTER))
    assert (where, message in what) == (line, True), what
    assert data.entries["good"].fields["title"] == "Good"
    assert ("after" in data.entries) == ("left open" not in message)


def test_what_is_right_in_a_faulty_entry_is_printed() -> None:
    data, _ = parsed(GOOD + entry("note = {N}"))
    assert data.entries["bad"].fields["publisher"] == "P"
    assert str(data.entries["bad"].persons["author"][0]) == "B, Ben"


def test_a_second_entry_of_a_key_is_left_out() -> None:
    data, found = parsed(GOOD + GOOD.replace("Good}", "Other}"))
    assert found == [(6, "there are two entries 'good': this one is left out")]
    assert data.entries["good"].fields["title"] == "Good"


def test_what_bibtex_knows_besides_entries_is_no_mistake() -> None:
    text = '@string{p = {Press}}\n@preamble{"x"}\n@comment{y}\nWords.\n'
    data, found = parsed(f"{text}@misc{{bad, title = p # {{ of}}, month = jan}}\n{GOOD}")
    assert found == []
    assert data.entries["bad"].fields["title"] == "Press of"


@pytest.mark.parametrize("parallel", [0, 2])
def test_a_build_tells_it_in_every_run_and_builds_the_rest(record: Project, parallel: int) -> None:
    bib = record.src / "articles/references.bib"
    lines = bib.read_text(encoding="utf-8").count("\n")
    bib.write_text(
        bib.read_text(encoding="utf-8") + entry(f"note = {{N}}, {SEEN}"), encoding="utf-8"
    )
    sources = "\n\n```{footbibliography}\n```\n\n```{bibliography}\n```\n"
    record.edit("other.md", "Planks", f"{{footcite:t}}`bad` and {{cite}}`bad`{sources}Planks")
    wanted = [("references.bib", lines + 1, "evidence.bibliography")]
    for builder in ("html", "latex", "html"):
        record.build(builder, parallel=parallel)
        told = [found[:3] for found in record.warnings if found[2].startswith("evidence.")]
        assert told == wanted
    assert "Ben" in record.page("other.html")


def test_a_bibliography_that_is_not_there_ends_no_build(record: Project) -> None:
    (record.src / "articles/references.bib").unlink()
    record.build("text")
    assert ("references.bib", 1, "evidence.bibliography") in {w[:3] for w in record.warnings}


def test_one_in_another_encoding_is_read(record: Project) -> None:
    bib = record.src / "articles/references.bib"
    bib.write_bytes(bib.read_bytes() + entry(f"title = {{É}}, {SEEN}").encode("latin-1"))
    record.build("text")
    assert [w[2:] for w in record.warnings] == [
        ("evidence.character", "the file is not in UTF-8: have your editor save it as UTF-8")
    ]


@pytest.mark.parametrize("keys", ["a{", ",", "}", "good,,good", "a b"])
def test_keys_that_are_none_are_told_and_shown(record: Project, keys: str) -> None:
    record.edit("other.md", "# ", f"# Of {{cite:p}}`{keys}`: ")
    record.build()
    told = [found for found in record.warnings if found[2] == "evidence.citation"]
    assert [(file, kind) for file, _, kind, _ in told] == [("other.md", "evidence.citation")]
    assert f"Of {keys}" in record.page("other.html")


@pytest.mark.parametrize("keys", [",", " , ", ",,"])
def test_gaps_in_a_list_of_keys_are_told_once(record: Project, keys: str) -> None:
    record.edit("other.md", "Planks", f"Words {{footcite:p}}`{keys}` and {{cite}}`!x`.\n\nPlanks")
    record.build()
    assert [found[2] for found in record.warnings] == ["evidence.citation"]
    assert record.warnings[0][1] == 3


@pytest.mark.parametrize("before", ["", "```{footbibliography}\n```\n\n"])
def test_a_source_that_no_list_has_is_told_in_every_output(record: Project, before: str) -> None:
    """On pages it is a number that leads nowhere; the book ends on it."""
    key = re.findall(r"{(\w+),", (record.src / "articles/references.bib").read_text())[0]
    record.edit("other.md", "Planks", f"{before}Words {{footcite:p}}`{key}`.\n\nPlanks")
    record.build("html")
    (told,) = record.warnings
    assert told[:3] == ("other.md", 3 + before.count("\n"), "evidence.citation")
    assert "add one" in told[3]
    record.build("latex")
    assert record.warnings == []  # as it was read before


def test_plugins_are_looked_for_once_and_a_source_is_printed_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plugins.remember()
    monkeypatch.setattr(pybtex.plugin, "entry_points", pytest.fail)
    style = find_plugin("pybtex.style.formatting", "alpha")()
    assert find_plugin("pybtex.backends", "docutils")
    entries = parsed(GOOD + AFTER)[0].entries
    good, after = (style.format_entry("1", entries[key]) for key in ("good", "after"))
    assert (good.key, good.label, after.key) == ("good", "1", "after")
    again = style.format_entry("2", entries["good"])
    assert (again.text is good.text, again.label) == (True, "2")
    plugins.forget()
    anew = style.format_entry("1", entries["good"])
    assert anew.text is not good.text
    assert anew.text == good.text
