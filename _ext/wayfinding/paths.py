"""Reading paths: which explainers to read in which order, for kinds of reader. Knows no Sphinx.

``paths.yaml`` has them. A mistake becomes a :class:`Problem` with its line; what is right is kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from explainers.library import Library
from explainers.record import FrontMatter, Problem, Record, did_you_mean

from .source import read_rows


class Stop(NamedTuple):
    """What to read, and what the reader gets there."""

    slug: str
    why: str
    line: int


class ReadingPath(NamedTuple):
    """Stops in order; ``description`` says whom they are for."""

    slug: str
    title: str
    description: str
    stops: tuple[Stop, ...]
    line: int


class Leg(NamedTuple):
    """Where an explainer is on a path: the how manieth of how many ``stops``, and what is next."""

    title: str
    number: int
    stops: int
    following: Record | None


def read_paths(text: str) -> tuple[tuple[ReadingPath, ...], list[Problem]]:
    """Return the paths of a ``paths.yaml``, and what is wrong with it."""
    rows, front, found = read_rows(text, "paths")
    paths = tuple(_path(row, number, front) for number, row in rows)
    found += _repeated(paths)
    return paths, sorted(found, key=lambda problem: problem.line)


def _path(row: Mapping[str, Any], number: int, front: FrontMatter) -> ReadingPath:
    """Return a path, with those of its stops that have a slug at least."""
    slug, stops = str(row.get("slug", "")), row.get("stops")
    found = []
    for place, stop in enumerate(stops if isinstance(stops, list) else ()):
        if isinstance(stop, dict) and isinstance(stop.get("slug"), str):
            line = front.line(number, "stops", place)
            found.append(Stop(stop["slug"], str(stop.get("why", "")), line))
    title = str(row.get("title", slug.replace("-", " ")))
    return ReadingPath(
        slug, title, str(row.get("description", "")), tuple(found), front.line(number)
    )


def _repeated(paths: Sequence[ReadingPath]) -> Iterator[Problem]:
    """Yield a problem for every second path of a name, and every second stop at one page."""
    slugs: set[str] = set()
    for path in paths:
        if path.slug in slugs:
            yield Problem("twice", f"slug: there are two paths '{path.slug}'", path.line)
        slugs.add(path.slug)
        seen: set[str] = set()
        for stop in path.stops:
            if stop.slug in seen:
                yield Problem("twice", f"'{stop.slug}' is a stop of its path twice", stop.line)
            seen.add(stop.slug)


def misled(paths: Sequence[ReadingPath], library: Library) -> Iterator[Problem]:
    """Yield a problem for every stop that there is not, or that comes before what it needs."""
    known = library.by_slug.keys() | library.pages.keys()
    for path in paths:
        pages = [library.find(stop.slug) for stop in path.stops]
        for place, (stop, page) in enumerate(zip(path.stops, pages, strict=True)):
            if page is None:
                message = f"stops: there is no explainer '{stop.slug}'"
                yield Problem("stop", message + did_you_mean(stop.slug, known), stop.line)
                continue
            before = library.path(page.slug) if page.slug in library.by_slug else ()
            late = [later for later in pages[place + 1 :] if later in before]
            if late and late[0]:
                needed = library.name(late[0])
                message = (
                    f"stops: '{stop.slug}' stands before '{needed}', which is to be read first"
                )
                yield Problem("order", message, stop.line)


def legs(paths: Sequence[ReadingPath], library: Library, slug: str) -> list[Leg]:
    """Return where ``slug`` is on each path that has it; stops that are no page do not count."""
    found, here = [], library.find(slug)
    for path in paths:
        pages = [page for page in (library.find(stop.slug) for stop in path.stops) if page]
        if here in pages:
            number = pages.index(here) + 1
            following = pages[number] if number < len(pages) else None
            found.append(Leg(path.title, number, len(pages), following))
    return found
