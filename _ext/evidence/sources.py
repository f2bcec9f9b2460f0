"""What the record needs of an entry of the bibliography. Knows no Sphinx."""

from __future__ import annotations

from typing import Any, NamedTuple


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
