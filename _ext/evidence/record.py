"""The record: published results as data, read with line numbers and checked. Knows no Sphinx.

``articles/<theme>/<slug>.record.yaml`` is a list of rows, as ``record.schema.json`` says. In a
row's texts ``{name}`` or ``{name|format}`` prints one of its numbers, with the digits that were
typed. A mistake becomes a :class:`Problem` with its line, and its row is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from explainers.record import FrontMatter, Loader, Problem, did_you_mean, explain, load_yaml
from explainers.record import validator as validator_of
from explainers.text import read_text

from .numbers import NumberError, Quantity, printed
from .sources import NO_SOURCE, Source, source_of

TEXTS = ("claim", "setting", "baseline", "cost", "limits")

_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?$")
_PLAIN = {f"tag:yaml.org,2002:{kind}" for kind in ("int", "float")}
# Formulas, code and roles have braces of their own.
_BRACES = re.compile(
    r"\\.|(?P<own>\$[^$]+\$|(?:\{[\w:+-]+\})?(?P<ticks>(?<!`)`++).+?(?P=ticks))|\{(?P<name>[^{}|]*)(?:\|(?P<how>[^{}]*))?\}",
    re.DOTALL,
)
_MARKDOWN = re.compile(r"[\\`*_{}\[\]<>$&~^|#!]")
_ID = re.compile(r"^-\s+id:\s*[\"']?([a-z0-9-]+)", re.MULTILINE)


class _Loader(Loader):
    """YAML whose numbers keep the digits that were typed."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - the name and shape are PyYAML's
        first: [pair for pair in pairs if pair[0] not in _PLAIN]
        for first, pairs in Loader.yaml_implicit_resolvers.items()
    }


_Loader.add_implicit_resolver("!number", _NUMBER, list("-+0123456789"))
_Loader.add_constructor("!number", lambda _, node: Decimal(node.value))


@dataclass(frozen=True, slots=True)
class Row:
    """One published result; ``texts`` are Markdown in which the numbers stand already."""

    id: str
    path: Path
    texts: Mapping[str, str]
    numbers: Mapping[str, Quantity]
    key: str
    place: str
    vendor: bool
    lines: Mapping[str, int]
    source: Source = NO_SOURCE

    def number(self, name: str) -> Quantity:
        """Return the number of this name.

        Raises: NumberError.
        """
        if name not in self.numbers:
            hint = did_you_mean(name, self.numbers)
            raise NumberError(f"there is no number '{name}' in '{self.id}'{hint}")
        return self.numbers[name]


@dataclass(frozen=True, slots=True)
class File:
    """What one file holds: its good rows, the ids of the others, and what is wrong."""

    path: Path
    rows: tuple[Row, ...] = ()
    broken: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def validator() -> Any:
    """Return what checks a file of the record; its ``schema`` describes the keys of a row."""
    return validator_of("record", Path(__file__).parent)


def read_file(path: Path) -> File:
    """Return what ``path`` holds, parsed once for as long as it stays as it is."""
    try:
        stat = path.stat()
        return _read(path, stat.st_mtime_ns, stat.st_size)
    except OSError as error:
        return File(path, problems=(Problem("yaml", f"this cannot be read: {error.strerror}", 1),))


@lru_cache(maxsize=1024)
def _read(path: Path, _mtime: int, _size: int) -> File:
    return read_rows(read_text(path), path)


def read_rows(text: str, path: Path) -> File:
    """Return the rows of YAML ``text``, which is that of ``path``."""
    data, lines, found = load_yaml(text, loader_type=_Loader)
    if not isinstance(data, list) or any(problem.subtype == "yaml" for problem in found):
        wrong = Problem("yaml", "the record must be a list of rows, each beginning '- id: …'", 1)
        return File(path, broken=tuple(_ID.findall(text)), problems=tuple(found or [wrong]))
    twice = {problem.line for problem in found}
    good, broken = [], []
    for index, entry in enumerate(data):
        own = {key[1:]: line for key, line in lines.items() if key[0] == index}
        row, problems = _row(path, FrontMatter(entry, own))
        found += problems
        if row and not problems and not twice.intersection(own.values()):
            good.append(row)
        elif isinstance(entry, dict):
            broken.append(str(entry.get("id")))
    return File(path, tuple(good), tuple(broken), tuple(sorted(found, key=_in_order)))


def _row(path: Path, entry: FrontMatter) -> tuple[Row | None, list[Problem]]:
    """Return one row, and what is wrong with it."""
    data: Any = entry.data
    if not isinstance(data, dict):
        return None, [Problem("type", "a row is lines of 'key: value'", entry.line())]
    rules = validator().schema["items"]["properties"]
    errors = list(validator().evolve(schema=_row_schema()).iter_errors(data))
    problems = [problem for error in errors for problem in explain(entry, error, rules)]
    if problems:
        return None, list(dict.fromkeys(problems))
    numbers = {name: Quantity(**number) for name, number in data["numbers"].items()}
    row = Row(
        id=data["id"],
        path=path,
        texts={name: " ".join(data[name].split()) for name in TEXTS if name in data},
        numbers=numbers,
        key=data["source"],
        place=data["place"],
        vendor=data.get("vendor", False),
        lines={str(key[0]): line for key, line in entry.lines.items() if len(key) == 1},
    )
    texts = {}
    for name, text in row.texts.items():
        texts[name], faults = filled(text, row)
        problems += [Problem("number", f"{name}: {fault}", row.lines[name]) for fault in faults]
    return replace(row, texts=texts), problems


def _in_order(problem: Problem) -> tuple[int, str, str]:
    """Return what sorts problems as they stand in their file; a schema's come in any order."""
    return problem.line, problem.subtype, problem.message


@lru_cache(maxsize=1)
def _row_schema() -> dict[str, Any]:
    schema = validator().schema
    return {**schema["items"], "$defs": schema["$defs"]}


def filled(text: str, row: Row) -> tuple[str, list[str]]:
    """Return Markdown ``text`` with its numbers, and why some of them cannot be printed."""
    faults = []

    def fill(match: re.Match[str]) -> str:
        if match["name"] is None:
            return match[0]
        try:
            words = printed(row.number(match["name"].strip()), (match["how"] or "").strip())
        except NumberError as error:
            faults.append(str(error))
            return ""
        return _MARKDOWN.sub(r"\\\g<0>", words)

    return _BRACES.sub(fill, text), faults


class Record:
    """All rows of a project by id, and what is wrong with its files."""

    def __init__(self, files: Iterable[File], entries: Mapping[str, Any]) -> None:
        self.rows: dict[str, Row] = {}
        self.paths: dict[str, Path] = {}  # of broken rows as well
        self.problems: list[tuple[Path, Problem]] = []
        for file in files:
            found = list(file.problems)
            for row in file.rows:
                problem = self._twice(row) or _source_problem(row, entries)
                self.paths.setdefault(row.id, file.path)
                if problem:
                    found.append(problem)
                else:
                    self.rows[row.id] = replace(row, source=source_of(entries[row.key]))
            for name in file.broken:
                self.paths.setdefault(name, file.path)
            self.problems += [(file.path, problem) for problem in sorted(found, key=_in_order)]

    def _twice(self, row: Row) -> Problem | None:
        """Return what is wrong where another row has this id."""
        first = self.rows.get(row.id)
        if not first:
            return None
        place = f"{first.path.name}:{first.lines['id']}"
        return Problem("duplicate", f"the id '{row.id}' stands in {place} as well", row.lines["id"])


def _source_problem(row: Row, entries: Mapping[str, Any]) -> Problem | None:
    """Return what is wrong with a row's source, or with the place in it."""
    if row.key not in entries:
        hint = did_you_mean(row.key, list(entries))
        message = f"source: there is no '{row.key}' in the bibliography{hint}"
        return Problem("source", message, row.lines["source"])
    if source_of(entries[row.key]).seen == "abstract" and row.place != "abstract":
        message = (
            f"place: '{row.key}' was seen as an abstract only, so its place is 'abstract', "
            f"not '{row.place}'"
        )
        return Problem("place", message, row.lines["place"])
    return None


def sorted_files(paths: Iterable[Path], root: Path) -> Iterator[File]:
    """Yield the files at ``paths`` in their order; those that lie outside of ``root`` are empty."""
    for path in sorted(paths):
        if path.resolve().is_relative_to(root.resolve()):
            yield read_file(path)
        else:
            problem = Problem("yaml", "this file lies outside of the project", 1)
            yield File(path, problems=(problem,))
