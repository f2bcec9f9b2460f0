"""``make reference``: the tables of CONTRIBUTING.md that say what the JSON Schemas say."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from explainers.record import validator

TABLES = ("front-matter", "theme")
# What the tools define stays allowed and is listed by name only.
TOOL = re.compile(r"(\w+): ")


def rewritten(page: str) -> str:
    """Return ``page`` with a fresh table between each pair of markers.

    Raises: ValueError, where a pair is missing.
    """
    for name in TABLES:
        begin, end = f"<!-- begin {name}: make reference -->", f"<!-- end {name} -->"
        before, opened, rest = page.partition(begin)
        _, closed, after = rest.partition(end)
        if not (opened and closed):
            raise ValueError(f"the markers of the table '{name}' are missing: {begin} … {end}")
        page = "".join((before, begin, "\n", *table(validator(name).schema), end, after))
    return page


def table(of: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines of a Markdown table of a schema's keys, then name those of the tools."""
    yield "\n| Key | Needed | What to write |\n| --- | --- | --- |\n"
    tools: dict[str, list[str]] = {}
    for key, value in of["properties"].items():
        says = value["description"]
        if match := TOOL.match(says):
            tools.setdefault(match[1], []).append(f"`{key}`")
        else:
            yield f"| `{key}` | {_needed(of, key)} | {says} |\n"
    listed = "; ".join(f"{tool}: {', '.join(keys)}" for tool, keys in tools.items())
    yield f"\nKeys that the tools define are allowed as well ({listed}). No others are.\n\n"


def _needed(of: Mapping[str, Any], key: str) -> str:
    """Return whether a key must be there: always, or beside which others."""
    partners = of.get("dependentRequired", {}).get(key, ())
    return "yes" if key in of["required"] else " ".join(f"with `{name}`" for name in partners)


def main(arguments: Sequence[str] | None = None) -> int:
    """Return 0 after bringing the page up to date."""
    parser = argparse.ArgumentParser(prog="make reference", description=__doc__)
    parser.add_argument("page", type=Path, nargs="?", default=Path("CONTRIBUTING.md"))
    page = parser.parse_args(arguments).page
    old = page.read_text(encoding="utf-8")
    if (new := rewritten(old)) != old:
        page.write_text(new, encoding="utf-8")
        print(f"{page} has changed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
