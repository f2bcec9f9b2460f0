"""``make reference``: MESSAGES.md, and tables of other pages that say what schemas and code say."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from evidence import record
from explainers.record import validator
from website.allowed import allowed

from . import messages, order

ROOT = order.EXTENSIONS.parent
# What each table describes, by its name in the markers.
SCHEMAS: dict[str, Mapping[str, Any]] = {
    "front-matter": validator("front-matter").schema,
    "theme": validator("theme").schema,
    "record": record.validator().schema["items"],
}
# What the tools define stays allowed and is listed by name only.
TOOL = re.compile(r"(\w+): ")


def rewritten(page: str) -> str:
    """Return the page of reference with fresh tables.

    Raises: ValueError, where a pair of markers is missing.
    """
    return filled(page, {n: table(of) for n, of in SCHEMAS.items()} | {"allowed": allowed_table()})


def filled(page: str, tables: Mapping[str, Iterable[str]]) -> str:
    """Return ``page`` with each table between the pair of markers that has its name.

    Raises: ValueError, where a pair is missing.
    """
    for name, lines in tables.items():
        begin, end = f"<!-- begin {name}: make reference -->", f"<!-- end {name} -->"
        before, opened, rest = page.partition(begin)
        _, closed, after = rest.partition(end)
        if not (opened and closed):
            raise ValueError(f"the markers of the table '{name}' are missing: {begin} … {end}")
        page = "".join((before, begin, "\n", *lines, end, after))
    return page


def table(of: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines of a Markdown table of a schema's keys, then name those of the tools."""
    yield "\n| Key | Needed | What to write |\n| --- | --- | --- |\n"
    tools: dict[str, list[str]] = {}
    escaped = r"\|"
    for key, value in of["properties"].items():
        says = value["description"]
        if key in allowed().front_matter:  # known to tools, refused by this site
            continue
        if match := TOOL.match(says):
            tools.setdefault(match[1], []).append(f"`{key}`")
        else:
            yield f"| `{key}` | {_needed(of, key)} | {says.replace('|', escaped)} |\n"
    listed = "; ".join(f"{tool}: {', '.join(keys)}" for tool, keys in tools.items())
    also = f"\nKeys that the tools define are allowed as well ({listed}). No others are.\n"
    yield f"{also if tools else ''}\n"


def allowed_table() -> Iterator[str]:
    """Yield the lines of Markdown that say what an article's text may hold."""
    yield "\n| Directives | For | With the options |\n| --- | --- | --- |\n"
    for use in allowed().directives:
        options = "all" if "*" in use.options else _names(use.options)
        yield f"| {_names(use.names)} | {use.use} | {options} |\n"
    yield "\n| Roles | For |\n| --- | --- |\n"
    for use in allowed().roles:
        yield f"| {_names(use.names)} | {use.use} |\n"
    yield (
        f"\nLinks lead to pages of this site or start with "
        f"{_names(f'{scheme}:' for scheme in allowed().schemes)}. Files come from "
        f"{_names(f'{folder}/' for folder in allowed().folders)}; pictures end in "
        f"{_names(allowed().pictures)}, files to download in {_names(allowed().downloads)}. "
        f"Front matter has no {_names(allowed().front_matter)}.\n\n"
    )


def _names(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def _needed(of: Mapping[str, Any], key: str) -> str:
    """Return whether a key must be there: always, or beside which others."""
    partners = of.get("dependentRequired", {}).get(key, ())
    return "yes" if key in of["required"] else " ".join(f"with `{name}`" for name in partners)


def main(arguments: Sequence[str] | None = None) -> int:
    """Return 0 after bringing the page, that of the messages beside it and ours up to date."""
    parser = argparse.ArgumentParser(prog="make reference", description=__doc__)
    parser.add_argument("page", type=Path, nargs="?", default=Path("REFERENCE.md"))
    page = parser.parse_args(arguments).page
    house = page.parent / "_ext" / "README.md"
    for path, new in (
        (page, rewritten(page.read_text(encoding="utf-8"))),
        (page.with_name("MESSAGES.md"), messages.page()),
        (house, filled(house.read_text(encoding="utf-8"), {"order": [order.of_project(ROOT)]})),
    ):
        if not path.is_file() or path.read_text(encoding="utf-8") != new:
            path.write_text(new, encoding="utf-8")
            print(f"{path} has changed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
