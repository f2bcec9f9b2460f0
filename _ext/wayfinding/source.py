"""Reads a YAML file that is a list, against its schema. Knows no Sphinx."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from explainers.record import FrontMatter, Problem, explain, load_yaml, validator

Rows = list[tuple[int, dict[str, Any]]]


def read_rows(text: str, name: str) -> tuple[Rows, FrontMatter, list[Problem]]:
    """Return the mappings of the list ``text`` with their numbers, their lines, and what is wrong.

    ``name`` is that of the schema, and what the list is of: ``chains`` or ``paths``.
    """
    data, lines, found = load_yaml(text)
    front = FrontMatter(lines=lines)
    if not isinstance(data, list):
        return [], front, found or [Problem("type", f"must be a list of {name}", 1)]
    for error in validator(name, Path(__file__).parent).iter_errors(data):
        found += explain(front, error, {})
    return [pair for pair in enumerate(data) if isinstance(pair[1], dict)], front, found
