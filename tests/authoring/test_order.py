"""What ``_ext/README.md`` says of the extensions is so."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from authoring import order, reference

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "_ext" / "README.md").read_text(encoding="utf-8")
PRIVATE = PAGE.partition("## What Sphinx does not promise")[2]


def test_the_order_of_events_is_up_to_date() -> None:
    assert reference.filled(PAGE, {"order": [order.of_project(ROOT)]}) == PAGE, "make reference"


def test_an_event_that_nobody_placed_is_named() -> None:
    class Listeners:
        listeners = {"warn-missing-reference": [type("Listener", (), {"handler": order.main})()]}  # noqa: RUF012

    app = type("App", (), {"events": Listeners})()
    with pytest.raises(ValueError, match="EVENTS does not name warn-missing-reference"):
        list(order.steps(app))


def private(tree: ast.AST) -> Iterator[str]:
    """Yield the private names of others that a module uses: attributes, imports, modules."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) not in ("self", "cls"):
            yield node.attr
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield from (alias.name for alias in node.names)
            yield node.module if re.search(r"\._", node.module or "") else ""


def defined(tree: ast.AST) -> Iterator[str]:
    """Yield what a module names itself."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.id if isinstance(node, ast.Name) else node.attr


def test_every_private_name_of_others_is_listed() -> None:
    trees = [ast.parse(path.read_text("utf-8")) for path in (ROOT / "_ext").rglob("*.py")]
    ours = {name for tree in trees for name in defined(tree)}
    ours |= {"_replace", "_exit", "_", "__"}  # of Python's own, and gettext's
    used = {name for tree in trees for name in private(tree)} - ours
    used = {name for name in used if re.search(r"(^|\.)_[^_]", name)}
    assert len(used) > 5
    assert [name for name in sorted(used) if name not in PRIVATE] == []
    listed = re.findall(r"`(?:[\w.]+\.)?(_\w+)`", PRIVATE)
    assert [name for name in listed if not any(name in use for use in used)] == []


def test_the_tests_that_guard_them_are_there() -> None:
    tests = "".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    named = re.findall(r"\| `([tT]est\w+)` \|$", PRIVATE, re.MULTILINE)
    assert len(named) > 5
    assert [name for name in named if not re.search(rf"\b{name}( =|\()", tests)] == []
