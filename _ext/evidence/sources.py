"""What the record needs of an entry of the bibliography. Knows no Sphinx."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from explainers.record import Problem, did_you_mean

SEEN = ("fulltext", "abstract", "secondary")
_ENTRY = re.compile(r"^[ \t]*@\w+\s*[{(]\s*([^\s,]+)", re.MULTILINE)


class Source(NamedTuple):
    """Whose a result is: all names, the year, and what the site's writers have seen of it."""

    names: tuple[str, ...]
    year: str
    seen: str  # fulltext, abstract, secondary or nothing


NO_SOURCE = Source((), "", "")


def source_of(entry: Any) -> Source:
    """Return what an entry of pybtex says; without persons its title is the name."""
    people = entry.persons.get("author") or entry.persons.get("editor") or []
    names = [
        " ".join(str(part) for part in (*person.rich_prelast_names, *person.rich_last_names))
        for person in people
    ]
    title = entry.fields.get("title", entry.key).translate({ord(brace): None for brace in "{}"})
    words = entry.fields.get("seen", "").split()
    return Source(tuple(names) or (title,), entry.fields.get("year", ""), words[0] if words else "")


def unseen(text: str, entries: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield the entries of a .bib file's ``text`` that do not say what was seen of them."""
    for match in _ENTRY.finditer(text):
        entry = entries.get(match[1])
        said = source_of(entry).seen if entry is not None else SEEN[0]  # no entry: a comment
        if said not in SEEN:
            what = f"is '{said}'; expected" if said else "is missing: say"
            message = f"seen: {what} {SEEN[0]}, {SEEN[1]} or {SEEN[2]}, and the day"
            message += f", in '{match[1]}'{did_you_mean(said, SEEN)}"
            yield Problem("seen", message, text.count("\n", 0, match.start()) + 1)
