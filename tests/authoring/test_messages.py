"""MESSAGES.md has every message that our code can say, and only those."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from authoring import messages

ROOT = Path(__file__).resolve().parents[2]
LISTED = {each.name: each for _, group in messages.listed().values() for each in group}


def test_the_page_is_up_to_date() -> None:
    assert (ROOT / "MESSAGES.md").read_text(encoding="utf-8") == messages.page(), "make reference"


def test_every_message_of_the_code_has_an_entry() -> None:
    missing = {name: files for name, files in messages.said().items() if name not in LISTED}
    assert missing == {}, "add them to _ext/authoring/messages.toml"


def test_every_entry_is_said_somewhere() -> None:
    """Also by code that says it in a way of its own: its name stands there."""
    said = messages.said()
    code = "".join(path.read_text(encoding="utf-8") for path in messages.CODE.rglob("*.py"))
    gone = [name for name in LISTED if name not in said and f'"{name.split(".")[1]}"' not in code]
    assert gone == []


def templates() -> Iterator[re.Pattern[str]]:
    """Yield what matches the texts that the code can say, of which eight letters are its own."""
    for path in messages.CODE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            parts = node.values if isinstance(node, ast.JoinedStr) else [node]
            words = [str(p.value) if isinstance(p, ast.Constant) else "%s" for p in parts]
            text = "".join(words) if isinstance(node, (ast.JoinedStr, ast.Constant)) else ""
            if len(re.findall("[a-z]", text.replace("%s", ""))) >= 8:
                yield re.compile(".*".join(map(re.escape, text.split("%s"))), re.DOTALL)


TEMPLATES = tuple(templates())


@pytest.mark.parametrize("name", LISTED)
def test_an_example_is_what_the_code_says(name: str) -> None:
    example = LISTED[name].example
    assert any(template.search(example) for template in TEMPLATES), example


@pytest.mark.parametrize("name", LISTED)
def test_an_entry_is_of_sentences(name: str) -> None:
    entry = LISTED[name]
    assert entry.means[0].isupper() or entry.means[0] == "`"
    assert entry.means.endswith(".")
    assert entry.cure.endswith(".")
    assert not entry.example.endswith(".")


@pytest.mark.parametrize(
    "code, subtypes",
    [
        ('warn("a", "text", node)', {"a"}),
        (
            'store.warn("a", f"{x}", node)\nself.refuse("b-c", x, y)\n_warn("d", x, y)',
            {"a", "b-c", "d"},
        ),
        ('Problem(\n    "a", x, 1)', {"a"}),
        ('log.warning("%s", x, type="t", subtype="a")', {"a"}),
        ('subtype = "a" if rule in ("x", "y") else "b"', {"a", "b"}),
        ('return "a", message, line', {"a"}),
        ('return "a", "b", "c"\nprint("d")\nwarn(message, place)\nwarn("A text", place)', set()),
    ],
)
def test_what_code_says(code: str, subtypes: set[str]) -> None:
    assert set(messages._subtypes(ast.parse(code))) == subtypes
