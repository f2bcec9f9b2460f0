"""The bibliography, read so that a mistake in an entry costs that entry its looks and no more.

Pybtex and sphinxcontrib-bibtex end the build on most mistakes. Here each becomes a
:class:`Problem` with its line, and what can be used of the entry is used. Knows no Sphinx.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pybtex import errors
from pybtex.database import BibliographyData, Entry
from pybtex.database.input.bibtex import DuplicateField, LowLevelParser, Parser, UndefinedMacro
from pybtex.scanner import PrematureEOF, TokenRequired
from pybtex.style.template import FieldIsMissing

from explainers.record import Problem
from explainers.text import cleaned, faults

_FALLBACK = "misc"  # a type that needs no field
_FORMATS = ("get_{}_template", "format_{}")  # methods of styles, by type


def read(text: str, data: BibliographyData, style: Any) -> list[Problem]:
    """Add the entries of BibTeX ``text`` to ``data``; return what is wrong with them.

    ``style`` is what prints entries: none is added that it cannot.
    """
    found = [Problem("character", message, line) for line, message in faults(text)]
    text = cleaned(text)
    parser = Parser()
    commands: Any = LowLevelParser(
        text,
        macros=parser.macros,
        handle_error=lambda error: found.append(_syntax(error, text, commands.command_start)),
    )
    for command, (key, fields) in _entries(commands):
        line = _line(text, commands.command_start)
        if key is None:  # which is said already
            continue
        if key in data.entries:
            message = f"there are two entries '{key}': this one is left out"
            found.append(Problem("bibliography", message, line))
            continue
        with errors.capture() as faulty:  # else each is raised
            parser.process_entry(command, key, fields)
        found += [Problem("bibliography", f"'{key}': {_content(error)}", line) for error in faulty]
        entry, message = _printable(parser.data.entries[key], style)
        data.add_entry(key, entry)
        if message and not any(problem.line >= line for problem in found):
            found.append(Problem("bibliography", message, line))
    return sorted(dict.fromkeys(found), key=lambda problem: problem.line)


def _entries(commands: Any) -> Iterator[tuple[str, tuple[str | None, Sequence[Any]]]]:
    """Yield type, key and fields of each entry; abbreviations are known to the parser."""
    for command, body in commands:
        if command.lower() not in ("string", "preamble"):
            yield command, body


def _line(text: str, place: int) -> int:
    """Return the line of the character number ``place``."""
    return text.count("\n", 0, place) + 1


def _syntax(error: Any, text: str, start: int) -> Problem:
    """Return what an error of the parser means to the author of the file."""
    line, what = error.lineno, error.args[0]
    if isinstance(error, PrematureEOF):
        line, message = (
            _line(text, start),
            "a brace or a quotation mark in this entry is left open",
        )
    elif isinstance(error, UndefinedMacro):
        message = f"'{what}' is no abbreviation that an @string defines: put text in braces"
    elif isinstance(error, TokenRequired):
        message = f"not readable as BibTeX, {what}: is a comma missing before this?"
    else:
        message = f"not readable as BibTeX: {what}"
    return Problem("bibliography", message, line)


def _content(error: Any) -> str:
    """Return what is wrong with the fields of an entry."""
    if isinstance(error, DuplicateField):  # which has no words of its own but these
        return f"the field '{str(error).split()[-2]}' stands twice"
    return str(error)


def _printable(entry: Entry, style: Any) -> tuple[Entry, str]:
    """Return ``entry``, or in its place one that ``style`` can print, and why it cannot."""
    if not (message := _fault(entry, style)):
        return entry, ""
    plain = {name: text for name, text in entry.fields.items() if name != "crossref"}
    plain.setdefault("title", entry.key)
    for fields, persons in ((plain, entry.persons), ({"title": entry.key}, {})):
        other = Entry(_FALLBACK, fields, persons)
        other.key = entry.key
        if not _fault(other, style):
            break
    return other, message


def _fault(entry: Entry, style: Any) -> str:
    """Return why ``style`` cannot print an entry."""
    if not any(hasattr(style, name.format(entry.type)) for name in _FORMATS):
        return f"'{entry.key}': there is no type @{entry.type}; @{_FALLBACK} takes any source"
    if not (entry.fields or entry.persons):
        return f"'{entry.key}': there is nothing in this entry to print"
    try:
        style.format_entry("", entry)
    except FieldIsMissing as error:
        return f"'{entry.key}': an entry of type @{entry.type} needs {error.args[0].split()[1]}"
    except Exception as error:  # of TeX in a field: Pybtex has errors of many kinds
        return f"'{entry.key}' cannot be printed: {error}"
    return ""
