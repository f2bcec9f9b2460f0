"""Files of any encoding, and the characters that no page can show."""

from __future__ import annotations

from pathlib import Path

import pytest

from explainers.record import load_yaml, read_tags
from explainers.text import cleaned, decoded, faults, read_text

UNSHOWN = (
    "\0\x02\x0b\x0c\x1b\x7f\x85\x9f\ue000\uf8ff\ufdd0\ufffe\uffff\U0001fffe\U000effff\U0010ffff"
)
SHOWN = "\t\n aé\xa0\u2028\ufffd\U0001f600\U0001fffd\U00020000\uf900"


@pytest.mark.parametrize("character", UNSHOWN, ids=ascii)
def test_what_no_page_can_show_is_named_at_its_line(character: str) -> None:
    text = f"One\ntwo{character} {character}\n"
    name = f"U+{ord(character):04X}"
    assert [*faults(text)] == [(2, f"{name} is no character that a page can show: delete it")]
    assert cleaned(text) == "One\ntwo\ufffd \ufffd\n"


def test_all_else_stays() -> None:
    assert [*faults(SHOWN)] == []
    assert cleaned(SHOWN) == SHOWN


def test_another_encoding_is_told_once_and_read_as_well_as_can_be() -> None:
    text = decoded("aé\nü\n".encode("latin-1"))
    assert [*faults(text)] == [(1, "the file is not in UTF-8: have your editor save it as UTF-8")]
    assert cleaned(text) == "a\ufffd\n\ufffd\n"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be"])
def test_utf16_is_told_and_read(encoding: str) -> None:
    mark = "" if encoding == "utf-16" else "\ufeff"
    text = decoded(f"{mark}aé\nü\n".encode(encoding))
    assert [*faults(text)] == [(1, "the file is in UTF-16: have your editor save it as UTF-8")]
    assert cleaned(text) == "aé\nü\n"


def test_a_mark_and_any_line_ends_are_no_mistake(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes("\ufeffa\r\nb\rc\n".encode())
    assert read_text(path) == "a\nb\nc\n"


def test_yaml_with_such_a_character_keeps_the_rest() -> None:
    data, _, found = load_yaml("a: one\nb: t\x02wo\nc: three\n", before=1)
    assert data == {"a": "one", "b": "t\ufffdwo", "c": "three"}
    assert [(p.subtype, p.line) for p in found] == [("character", 3)]
    names, problems = read_tags(decoded("- {slug: a, name: É}\n".encode("latin-1")))
    assert names == {"a": "\ufffd"}
    assert [(p.subtype, p.line) for p in problems] == [("character", 1)]


@pytest.mark.parametrize("escape", [r"\0", r"\uFFFE", r"\uE000", r"\x9f", r"\U0001FFFF"])
def test_by_an_escape_it_is_a_mistake_in_yaml(escape: str) -> None:
    _, _, (problem,) = load_yaml(f'a: 1\nb: "x{escape}"\n')
    assert (problem.subtype, problem.line) == ("yaml", 2)
    assert "a character no page can show, U+" in problem.message
