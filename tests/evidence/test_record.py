"""Rows of the record: read with the digits typed, checked, filled; knows no Sphinx."""

from __future__ import annotations

import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pybtex.database.input.bibtex import Parser

from evidence.numbers import NumberError, Quantity, parts_of, printed
from evidence.record import File, Record, Row, read_file, read_rows, sorted_files
from evidence.sources import source_of, unseen

ROOT = Path(__file__).parents[2]
HERE = Path("x.record.yaml")
GAP = "\N{NO-BREAK SPACE}"
ENTRIES = Parser().parse_file(ROOT / "tests/roots/test-record/articles/references.bib").entries
KEYS = {
    "id": "a-row",
    "claim": "Something was found in {n} of them.",
    "setting": "Here.",
    "limits": "Nothing else.",
    "numbers": "{n: {value: 28.40, unit: BLEU}, m: {value: 150000}}",
    "source": "ash2017many",
    "place": "Table 2",
}
LINE = {key: number for number, key in enumerate(KEYS, 1)}


def source(**changes: str | None) -> str:
    """Return the YAML of one row, a key a line."""
    pairs = {key: value for key, value in (KEYS | changes).items() if value is not None}
    return "- " + "\n  ".join(f"{key}: {value}" for key, value in pairs.items()) + "\n"


def read(text: str) -> Record:
    return Record([read_rows(text, HERE)], ENTRIES)


def row(**changes: str | None) -> Row:
    found = read(source(**changes))
    assert found.problems == []
    (only,) = found.rows.values()
    return only


@pytest.mark.parametrize(
    ("value", "how", "text"),
    [
        ("28.40", "", "28.40"),
        ("28.40", ".1f", "28.4"),
        ("150000", "", "150,000"),
        ("1500.250", "", "1,500.250"),
        ("-0.5", "", "−0.5"),
        ("0.5", "+", "+0.5"),
        ("0.284", ".1%", "28.4%"),
        ("2.3e19", "", f"2.3{GAP}×{GAP}10¹⁹"),
        ("1.5e-9", "", f"1.5{GAP}×{GAP}10⁻⁹"),
        ("-0.0", "", "0.0"),
        ("12", "d", "12"),
    ],
)
def test_digits_are_those_that_were_typed(value: str, how: str, text: str) -> None:
    found = row(numbers=f"{{n: {{value: {value}}}}}")
    assert printed(found.number("n"), how) == text


@pytest.mark.parametrize(
    ("unit", "text"),
    [("BLEU", f"7{GAP}BLEU"), ("%", "7%"), ("×", "7×"), ("% of it", "7% of it"), ("", "7")],
)
def test_units(unit: str, text: str) -> None:
    assert printed(Quantity(Decimal(7), unit=unit), "") == text
    assert printed(Quantity(Decimal(7), unit=unit), "no unit") == "7"


@pytest.mark.parametrize("how", [",d", ".2f", ".1%", "+.99f", "±.2f"])
@pytest.mark.parametrize("value", ["1e300000000", "-1e999999999", "1e-300000000", "1E+401"])
def test_few_characters_print_no_millions_of_digits(value: str, how: str) -> None:
    with pytest.raises(NumberError, match="too many digits"):
        printed(Quantity(Decimal(value), Decimal(value)), how)


def test_spread_of_a_published_number() -> None:
    found = row(numbers="{n: {value: 3.50, spread: 0.25, unit: s}}").number("n")
    assert printed(found, "±") == f"3.50{GAP}±{GAP}0.25{GAP}s"


def test_reference_has_three_parts() -> None:
    assert parts_of("a-b:c|.1f") == ("a-b", "c", ".1f")
    assert parts_of("a b:c") is parts_of("a") is None


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("Between {m} and {n|.1f no unit}.", "Between 150,000 and 28.4."),
        ("$d_{n}$, `{n}`, {math}`x_{n}` {m}", "$d_{n}$, `{n}`, {math}`x_{n}` 150,000"),
        (r"Not \{n}.", r"Not \{n}."),
    ],
)  # fmt: skip
def test_numbers_stand_in_texts(text: str, filled: str) -> None:
    assert row(setting=repr(text).replace("\\\\", "\\")).texts["setting"] == filled


def test_what_is_printed_is_no_markdown() -> None:
    found = row(numbers='{n: {value: 1, unit: "a_b*"}, m: {value: 2}}')
    assert found.texts["claim"] == f"Something was found in 1{GAP}a\\_b\\* of them."


def problems(text: str) -> list[tuple[str, int]]:
    found = read(text)
    assert found.rows == {}
    return [(problem.subtype, problem.line) for _, problem in found.problems]


@pytest.mark.parametrize(
    ("changes", "subtype", "key", "message"),
    [
        ({"limits": None}, "missing", "id", "the key 'limits' is missing: what it does not show"),
        ({"source": None}, "missing", "id", "the key 'source' is missing"),
        ({"place": None}, "missing", "id", "the key 'place' is missing"),
        ({"setting": "[Here]"}, "type", "setting", "expected what it was found on"),
        ({"id": "Not it"}, "value", "id", "lower-case words and hyphens"),
        ({"id": "2017"}, "type", "id", "lower-case words and hyphens"),
        ({"claim": "Short."}, "length", "claim", "has 6 characters"),
        ({"numbers": "{}"}, "value", "numbers", "at least one number"),
        ({"numbers": "{N: {value: 1}}"}, "value", "numbers", "by its name"),
        ({"numbers": "{n: {value: many}}"}, "type", "numbers", "numbers.n.value: is \"many\""),
        ({"numbers": "{n: {value: 1_000}}"}, "type", "numbers", "expected a number"),
        ({"numbers": "{n: {value: .nan}}"}, "type", "numbers", "expected a number"),
        ({"numbers": "{n: {valu: 1, value: 1}}"}, "key", "numbers", "did you mean 'value'?"),
        ({"numbers": "{n: {unit: m}}"}, "missing", "numbers", "'value' is missing: a number"),
        ({"setting": "In {o}."}, "number", "setting", "setting: there is no number 'o'"),
        ({"setting": "In {nn}."}, "number", "setting", "did you mean 'n'?"),
        ({"claim": "A claim with {n|.2x} of them."}, "number", "claim", "is no format"),
        ({"limits": "A claim with {n|±}."}, "number", "limits", "no spread"),
        ({"source": "ash2017may"}, "source", "source", "did you mean 'ash2017many'?"),
        ({"source": "elm2019two"}, "place", "place", "its place is 'abstract', not 'Table 2'"),
    ],
)  # fmt: skip
def test_fault_is_named_at_its_line(
    changes: dict[str, str | None], subtype: str, key: str, message: str
) -> None:
    ((_, problem),) = read(source(**changes)).problems
    assert (problem.subtype, problem.line) == (subtype, LINE[key])
    assert message in problem.message


def test_unknown_key_is_named() -> None:
    ((_, problem),) = read(source(limit="None.")).problems
    assert problem == ("key", "unknown key 'limit'; did you mean 'limits'?", 8)


@pytest.mark.parametrize(
    "text", ["", "id: x\n", "- id: [\n", "only words", "- id: x\n  a: &a\n  b: *a\n"]
)
def test_no_list_is_one_problem(text: str) -> None:
    assert [kind for kind, _ in problems(text)] == ["yaml"]


def test_ids_of_an_unreadable_file_are_known() -> None:
    found = read('- id: half\n  claim: "never closed\n- id: other\n')
    assert set(found.paths) == {"half", "other"}
    assert found.rows == {}


def test_good_rows_stay_beside_bad_ones() -> None:
    found = read(source() + source(id="b", limits=None) + "- words\n")
    assert set(found.rows) == {"a-row"}
    assert set(found.paths) == {"a-row", "b"}
    assert [(p.subtype, p.line) for _, p in found.problems] == [("missing", 8), ("type", 14)]


def test_an_id_that_stands_twice_names_both_places() -> None:
    other = Path("y.record.yaml")
    found = Record([read_rows(source(), HERE), read_rows(source(), other)], ENTRIES)
    ((path, problem),) = found.problems
    assert path == other
    assert problem == ("duplicate", "the id 'a-row' stands in x.record.yaml:1 as well", 1)
    assert found.rows["a-row"].path == HERE


def test_files_outside_of_the_project_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "out.record.yaml").write_text(source())
    link = tmp_path / "in" / "x.record.yaml"
    link.symlink_to(tmp_path / "out.record.yaml")
    (file,) = sorted_files([link], tmp_path / "in")
    assert (file.rows, file.problems[0].message) == ((), "this file lies outside of the project")


def test_file_that_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"\xff")
    for name in ("x", "nothing"):
        file: File = read_file(tmp_path / name)
        assert [problem.subtype for problem in file.problems] == ["yaml"]


def test_any_change_of_a_row_is_reported_or_harmless() -> None:
    """Whatever is cut out of a file, nothing is raised."""
    whole = (ROOT / "tests/roots/test-record/articles/theta/trees.record.yaml").read_text()
    for start in range(0, len(whole), 7):
        read(whole[:start] + whole[start + 11 :])


@pytest.mark.parametrize(
    ("key", "names", "year", "seen"),
    [
        ("ash2017many", ("Ash", "Birch", "Cedar"), "2017", "fulltext"),
        ("elm2019two", ("Élm", "van der Fir"), "2019", "abstract"),
        ("lumber2026", ("The Lumber Team",), "2026", "secondary"),
        ("anon", ("UnSigned",), "", "fulltext"),
    ],
)
def test_names_come_from_the_bibliography(key: str, names: Any, year: str, seen: str) -> None:
    assert source_of(ENTRIES[key]) == (names, year, seen)


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("fulltext 2026-01-01", ""),
        ("abstract", ""),
        ("secondary 2026-01-01", ""),
        ("", "seen: is missing: say fulltext, abstract or secondary, and the day, in 'a2020'"),
        ("abstrct", "seen: is 'abstrct'; expected fulltext, abstract or secondary, and the day"),
    ],
)
def test_an_entry_says_what_was_seen_of_it(said: str, message: str) -> None:
    text = f"@comment{{x, y}}\n\n@book{{a2020,\n  title = {{A}},\n  seen = {{{said}}}\n}}\n"
    found = list(unseen(text, Parser().parse_string(text).entries))
    assert [(problem.subtype, problem.line) for problem in found] == [("seen", 3)] * bool(message)
    assert all(problem.message.startswith(message) for problem in found)
    bare = text.replace(f",\n  seen = {{{said}}}", "")
    (problem,) = unseen(bare, Parser().parse_string(bare).entries)
    assert problem.message.startswith("seen: is missing")


def test_number_that_a_row_has_not() -> None:
    with pytest.raises(NumberError, match="no number 'nn' in 'a-row'; did you mean 'n'"):
        row().number("nn")


def test_no_sphinx_is_loaded() -> None:
    code = "import sys; from evidence import record; print('sphinx' in sys.modules)"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=ROOT / "_ext", capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


# --- the real record


def test_every_source_says_what_was_seen_of_it() -> None:
    entries = Parser().parse_file(ROOT / "articles" / "references.bib").entries
    said = {key: entry.fields.get("seen", "").split() for key, entry in entries.items()}
    kinds = ("fulltext", "abstract", "secondary")
    assert [key for key, words in said.items() if len(words) != 2 or words[0] not in kinds] == []


def test_every_row_has_a_source_and_a_place_that_was_seen() -> None:
    entries = Parser().parse_file(ROOT / "articles" / "references.bib").entries
    files = sorted_files((ROOT / "articles").glob("*/*.record.yaml"), ROOT)
    assert Record(files, entries).problems == []
