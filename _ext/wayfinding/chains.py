"""Chains of boxes, such as text → tokens → vectors, and what stands in which box. Knows no Sphinx.

``chains.yaml`` has the boxes only; an explainer says which of them is its ``place``. A mistake
becomes a :class:`Problem` with its line; what is right is kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from explainers.library import Library, Located
from explainers.record import FrontMatter, Problem, Record, did_you_mean

from .source import read_rows

_LETTERS = 56  # of all names of a chain: so many stand on a phone in two rows


class Box(NamedTuple):
    """A part of a chain; ``theme`` is for as long as no explainer has the box as its place."""

    slug: str
    name: str
    theme: str
    line: int


class Chain(NamedTuple):
    """What the boxes are parts of, and the boxes in order."""

    slug: str
    title: str
    boxes: tuple[Box, ...]
    line: int


class Stop(NamedTuple):
    """A box as a page shows it: name, the page it leads to, if any, and whether it is lit."""

    name: str
    docname: str
    here: bool


def read_chains(text: str) -> tuple[tuple[Chain, ...], list[Problem]]:
    """Return the chains of a ``chains.yaml``, and what is wrong with it."""
    rows, front, found = read_rows(text, "chains")
    chains = tuple(_chain(row, number, front) for number, row in rows)
    found += [*_repeated(chains), *_too_wide(chains)]
    return chains, sorted(dict.fromkeys(found), key=lambda problem: problem.line)


def _chain(row: Mapping[str, Any], number: int, front: FrontMatter) -> Chain:
    """Return a chain, with those of its boxes that have a slug at least."""
    slug = str(row.get("slug", ""))
    boxes = row.get("boxes")
    found = []
    for place, box in enumerate(boxes if isinstance(boxes, list) else ()):
        if isinstance(box, dict) and isinstance(box.get("slug"), str):
            name = str(box.get("name", box["slug"].replace("-", " ")))
            line = front.line(number, "boxes", place)
            found.append(Box(box["slug"], name, str(box.get("theme", "")), line))
    title = str(row.get("title", slug.replace("-", " ")))
    return Chain(slug, title, tuple(found), front.line(number))


def _repeated(chains: Sequence[Chain]) -> Iterator[Problem]:
    """Yield a problem for every slug that stands for a second chain or box."""
    seen: dict[str, Chain] = {}
    slugs: set[str] = set()
    for chain in chains:
        if chain.slug in slugs:
            yield Problem("twice", f"slug: there are two chains '{chain.slug}'", chain.line)
        slugs.add(chain.slug)
        for box in chain.boxes:
            first = seen.setdefault(box.slug, chain)
            if first is not chain:
                where = f"here and in the chain '{first.slug}'; a place is in one chain only"
                yield Problem("twice", f"the box '{box.slug}' stands {where}", box.line)
            elif box != next(other for other in chain.boxes if other.slug == box.slug):
                yield Problem("twice", f"the box '{box.slug}' stands twice in its chain", box.line)


def _too_wide(chains: Sequence[Chain]) -> Iterator[Problem]:
    """Yield a problem for every chain whose names need more than two rows on a phone."""
    for chain in chains:
        letters = sum(len(box.name) for box in chain.boxes)
        if letters > _LETTERS:
            message = f"the names of its boxes have {letters} characters; expected at most"
            yield Problem(
                "length", f"{message} {_LETTERS}, as many as a phone has room for", chain.line
            )


def unknown_themes(chains: Sequence[Chain], library: Library) -> Iterator[Problem]:
    """Yield a problem for every theme that boxes name and the library does not have."""
    known = library.themes.keys() | {record.theme for record in library.records}
    for box in (box for chain in chains for box in chain.boxes):
        if box.theme and box.theme not in known:
            message = f"theme: there is no theme '{box.theme}'{did_you_mean(box.theme, known)}"
            yield Problem("theme", message, box.line)


def unknown_places(chains: Sequence[Chain], library: Library) -> Iterator[Located]:
    """Yield a problem for every explainer whose place is in no chain."""
    known = {box.slug for chain in chains for box in chain.boxes}
    for record in library.records:
        if record.place and record.place not in known:
            hint = did_you_mean(record.place, known)
            message = f"place: no chain has a box '{record.place}'{hint}"
            yield record.docname, Problem("place", message, record.lines["place"])


def route(
    chains: Sequence[Chain], library: Library, place: str
) -> tuple[str, tuple[Stop, ...]] | None:
    """Return the title and the stops of the chain that has ``place``, or None if there is none."""
    for chain in chains:
        if any(box.slug == place for box in chain.boxes):
            return chain.title, stops(chain, library, place)
    return None


def stops(chain: Chain, library: Library, place: str = "") -> tuple[Stop, ...]:
    """Return a chain's boxes as a page shows them; lit is the first that is ``place``."""
    slugs = [box.slug for box in chain.boxes]
    lit = slugs.index(place) if place in slugs else -1
    return tuple(
        Stop(box.name, "" if number == lit else _page(box, library), number == lit)
        for number, box in enumerate(chain.boxes)
    )


def crossed(
    chains: Sequence[Chain], library: Library, theme: str
) -> tuple[tuple[str, tuple[Stop, ...]], ...]:
    """Return title and stops of each chain that has explainers of ``theme``; their boxes are lit.

    A lit box leads to the first of them to read.
    """
    found = []
    for chain in chains:
        shown = []
        for box in chain.boxes:
            inside = [r for r in _members(library).get(box.slug, ()) if r.theme == theme]
            page = inside[0].docname if inside else _page(box, library)
            shown.append(Stop(box.name, page, bool(inside)))
        if any(stop.here for stop in shown):
            found.append((chain.title, tuple(shown)))
    return tuple(found)


def _page(box: Box, library: Library) -> str:
    """Return the page that a box leads to, or nothing.

    That is its only explainer, the page of the theme that all of its explainers are of, or the
    first of them to read. A box without explainers may lead to a theme's page.
    """
    records = _members(library).get(box.slug, [])
    themes = {record.theme for record in records} or {box.theme}
    theme = library.themes.get(themes.pop()) if len(themes) == 1 else None
    if theme and len(records) != 1:
        return theme.docname
    return records[0].docname if records else ""


@lru_cache(maxsize=1)  # every page of a build asks
def _members(library: Library) -> dict[str, list[Record]]:
    """Return the explainers in each box, in reading order."""
    found: dict[str, list[Record]] = {}
    for record in library.records:
        found.setdefault(record.place, []).append(record)
    return found
