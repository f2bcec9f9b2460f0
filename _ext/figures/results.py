"""Results files and how their numbers are printed: pure functions, no Sphinx.

``labs/results/<name>.json`` holds *quantities* by key: a number or word, or a series of them,
with unit and spread, as ``labs/results.schema.json`` says. A *reference* is
``file:key|format``:

- ``key`` is ``error``, or ``error[comparisons=100]``: the member of a series that stands where
  the series ``comparisons`` has 100; ``seeds`` is the number of seeds;
- ``format`` says how it is printed: see :mod:`evidence.numbers`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from evidence.numbers import KnownFault, NumberError, Quantity, Scalar, parts_of, printed
from explainers.record import did_you_mean
from explainers.text import faults as faults_of
from explainers.text import read_text

SCHEMA = Path(__file__).parents[2] / "labs" / "results.schema.json"

_KEY = re.compile(r"(?P<name>\w+)(?:\[(?P<by>\w+)\s*=(?P<at>[^\]]+)\])?")


class BrokenFile(KnownFault):
    """A results file that cannot be used at all; ``line`` is where it shows."""

    def __init__(self, message: str, line: int = 1) -> None:
        super().__init__(message)
        self.line = line


class Results:
    """What one results file holds; charts are drawn from it."""

    def __init__(self, name: str, quantities: dict[str, Quantity]) -> None:
        self.name = name
        self.quantities = quantities

    def __getitem__(self, key: str) -> Quantity:
        """Return the quantity that ``key`` names, with ``[other=value]`` one of a series.

        Raises: NumberError.
        """
        match = _KEY.fullmatch(key.strip())
        if not match:
            raise NumberError(f"'{key}' is no key: write `key` or `key[other=value]`")
        found = self._named(match["name"])
        if match["by"] is None:
            return found
        by = self._named(match["by"])
        if not (found.is_series and by.is_series and len(found.value) == len(by.value)):
            raise NumberError(f"'{match['name']}' is no series along '{match['by']}'")
        labels = [_label(value) for value in by.value]
        wanted = match["at"].strip()
        if wanted not in labels:
            raise NumberError(f"'{match['by']}' is never {wanted}, but {', '.join(labels)}")
        return found[labels.index(wanted)]

    def rows(self, *keys: str) -> list[dict[str, Any]]:
        """Return series side by side as records, each spread as ``<key>_spread``.

        Raises: NumberError, also where the series differ in length.
        """
        columns: dict[str, list[Any]] = {}
        for key in keys:
            found = self[key]
            if not found.is_series:
                raise NumberError(f"'{key}' in '{self.name}' is one value, not a series")
            columns[key] = found.value
            if found.spread is not None:
                columns[f"{key}_spread"] = found.spread
        if len({len(column) for column in columns.values()}) > 1:
            raise NumberError(f"these series differ in length: {', '.join(keys)}")
        return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]

    def _named(self, key: str) -> Quantity:
        if key not in self.quantities:
            hint = did_you_mean(key, self.quantities)
            raise NumberError(f"there is no '{key}' in the results '{self.name}'{hint}")
        return self.quantities[key]


def path_of(folder: Path, name: str) -> Path:
    """Return where the results ``name`` are kept."""
    return folder / f"{name}.json"


def load(folder: Path, name: str) -> Results:
    """Return the results ``name``.

    Raises: NumberError if there is no such file, BrokenFile if it cannot be used.
    """
    path = path_of(folder, name)
    try:
        stat = path.stat()
    except OSError:
        known = sorted(file.stem for file in folder.glob("*.json"))
        hint = did_you_mean(name, known)
        raise NumberError(f"there are no results '{name}'{hint}") from None
    return _loaded(path, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=64)
def _loaded(path: Path, _mtime: int, _size: int) -> Results:
    """Return the results in ``path``, parsed once for as long as the file stays as it is."""
    try:
        text = read_text(path)
        for line, message in faults_of(text):
            raise BrokenFile(message, line)
        data = json.loads(text, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        line = min(error.lineno, max(len(error.doc.splitlines()), 1))  # not behind the end
        raise BrokenFile(f"this is no whole JSON: {error.msg}", line) from error
    except RecursionError as error:
        raise BrokenFile("this is nested too deeply to be read") from error
    except OSError as error:
        raise BrokenFile(f"these results cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise BrokenFile(f"these results cannot be read: {error}") from error
    for fault in faults(data):
        raise BrokenFile(fault)
    # How many seeds there were is a number too, and captions have to say it.
    quantities = {"seeds": Quantity(len(data["seeds"]))}
    quantities |= {key: Quantity(**entry) for key, entry in data["values"].items()}
    return Results(path.stem, quantities)


def faults(data: Any) -> list[str]:
    """Return what keeps ``data`` from being results, the plainest first."""
    from jsonschema.exceptions import best_match

    worst = best_match(_validator().iter_errors(data))
    if worst is not None:
        place = ".".join(str(part) for part in worst.absolute_path) or "the file"
        return [f"{place}: {worst.message[:200]}"]
    found = []
    for key, entry in data["values"].items():
        value, spread = entry["value"], entry.get("spread")
        shapes = [len(part) if isinstance(part, list) else None for part in (value, spread)]
        if spread is not None and shapes[0] != shapes[1]:
            found.append(f"values.{key}: value and spread differ in length")
    return found


@lru_cache(maxsize=1)
def _validator() -> Any:
    """Return what checks results against the schema."""
    from jsonschema import Draft202012Validator  # costly: only when results are read

    return Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


def _refuse(constant: str) -> Any:
    """Refuse what Python reads and JSON does not know."""
    raise ValueError(f"{constant} is no JSON")


def parse(reference: str) -> tuple[str, str, str]:
    """Return file, key and format of a reference.

    Raises: NumberError.
    """
    parts = parts_of(reference)
    if not parts:
        raise NumberError(f"'{reference}' is no result: write `file:key|format`")
    return parts


def _label(value: Scalar) -> str:
    """Return how a member of a series is written in brackets."""
    return f"{value:g}" if isinstance(value, float) else str(value)


def table(results: Results, keys: Sequence[str], formats: Sequence[str]) -> list[list[str]]:
    """Return series as the rows of a table, as text.

    Raises: NumberError.
    """
    length = len(results.rows(*keys))
    columns = [
        [printed(results[key][row], how) for row in range(length)]
        for key, how in zip(keys, formats, strict=True)
    ]
    return [list(row) for row in zip(*columns, strict=True)]
