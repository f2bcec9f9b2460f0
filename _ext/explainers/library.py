"""All records of a project together: look-up, reading order, prerequisites and paths.

Knows no Sphinx. What contradicts between records becomes a located problem and is left out,
so that every answer below is well defined: in particular, prerequisites never form a cycle.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from .record import KINDS, LEVELS, PageRef, Problem, Record, did_you_mean

Located = tuple[str, Problem]  # the document's name, and what is wrong in it
Suggestion = tuple[str, str, tuple[str, ...]]  # slug, "pinned" or "computed", reasons
_ORDERS = {"kind": KINDS, "level": LEVELS}
_UNNAMEABLE = re.compile(r"[\s,]")  # the options of listings part names by them


class Selection(NamedTuple):
    """Which records a listing shows and how; an empty field does not restrict."""

    theme: tuple[str, ...] = ()
    tag: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    level: tuple[str, ...] = ()
    sort: str = "reading"
    limit: int = 0
    group_by: str = ""


class Library:
    """The articles of a project and its themes' pages.

    An article's slug is what others call it: its file's name, or ``/docname`` where an earlier one
    has that name.
    ``order`` are document names in reading order; ``minutes`` says how long a first reading of
    each takes, ``minutes_everything`` how long it takes with what that may skip. ``pages`` are all
    others that explainers may name as prerequisites, by ``/docname`` and, as far as they have one,
    by a short name. They come first on a path, and are listed nowhere else. ``drafts`` are document
    names of articles that are left out for now.
    """

    def __init__(
        self,
        records: Iterable[Record],
        themes: Iterable[Record] = (),
        order: Sequence[str] = (),
        minutes: Mapping[str, int] | None = None,
        minutes_everything: Mapping[str, int] | None = None,
        *,
        pages: Mapping[str, Record] | None = None,
        drafts: Collection[str] = (),
    ) -> None:
        self._listed = {docname: index for index, docname in enumerate(order)}
        self._all = sorted(records, key=self._place)
        self.by_slug: dict[str, Record] = {}
        for record in self._all:
            twin = record.slug in self.by_slug
            self.by_slug[f"/{record.docname}" if twin else record.slug] = record
        self.records = tuple(self.by_slug.values())
        self.by_docname = {record.docname: record for record in self.records}
        self.themes = {theme.theme: theme for theme in sorted(themes, key=self._place)}
        self.minutes = minutes or {}
        self.minutes_everything = {**self.minutes, **(minutes_everything or {})}
        self.pages = pages or {}
        self._drafts = drafts

    def _place(self, record: Record) -> tuple[int, str]:
        """Return what sorts records into reading order, those in no toctree last."""
        return self._listed.get(record.docname, len(self._listed)), record.docname

    def article(self, name: str) -> Record | None:
        """Return the explainer of this slug or ``/docname``."""
        return self.by_docname.get(name[1:]) if name[:1] == "/" else self.by_slug.get(name)

    def find(self, name: str) -> Record | None:
        """Return the explainer or other page of this slug, short name or ``/docname``."""
        return self.article(name) or self.pages.get(name)

    def name(self, page: Record) -> str:
        """Return the shortest name by which :meth:`find` finds ``page``."""
        return page.slug if self.find(page.slug) is page else f"/{page.docname}"

    def missing(self, kind: str, name: str, known: Collection[str]) -> str:
        """Return that no ``kind`` has this name, and why: it is a draft's, or one close by."""
        drafts = {f"/{docname}": docname for docname in self._drafts}
        drafts |= {docname.rpartition("/")[2]: docname for docname in self._drafts}
        draft = drafts.get(name, "") if kind in ("explainer", "page") else ""
        hint = f": {draft} is a draft" if draft else did_you_mean(name, known)
        return f"there is no {kind} '{name}'{hint}"

    def problems(self) -> Iterator[Located]:
        """Yield every mistake that only shows when all records are known."""
        titles: dict[str, Record] = {}
        told: set[str] = set()
        pageless: set[str] = set()  # folders of themes that have been told to have no page
        for record in self._all:
            slug, name = record.slug, record.docname
            same, twin = self.by_slug[slug], titles.setdefault(record.title.casefold(), record)
            if same is not record:
                message = f"the slug '{slug}' is taken by {same.docname}; rename the file"
                yield name, Problem("duplicate", message, 1)
            for word in dict.fromkeys((record.theme, slug)):
                if word not in told and _UNNAMEABLE.search(word):
                    told.add(word)
                    message = f"no list can name '{word}': rename it, without blanks and commas"
                    yield name, Problem("name", message, 1)
            if twin is not record:
                message = f"title: {twin.docname} has the same title"
                yield name, Problem("duplicate", message, record.lines.get("title", 1))
            if name not in self._listed and not record.orphan:
                if record.theme in self.themes or f"/{_folder(record)}/index" in self.pages:
                    message = f"in no toctree; add '{slug}' to that of {record.theme}/index"
                    yield name, Problem("orphan", message, 1)
                elif _folder(record) not in pageless:  # once for all that it would list
                    pageless.add(_folder(record))
                    message = f"the theme '{record.theme}' has no page: create {_folder(record)}/"
                    message += f"index.md, with title, description and a toctree of '{slug}'"
                    yield name, Problem("orphan", message, 1)
            yield from ((name, problem) for problem in self._misnamed(record))
        yield from self._graph[1] or self._disordered()

    def _misnamed(self, record: Record) -> Iterator[Problem]:
        """Yield what ``record`` names as prerequisite, or to suggest it, and cannot."""
        explainers = self.by_slug
        for key, find, known in (
            ("prerequisites", self.find, explainers.keys() | self.pages.keys()),
            ("related", self.article, explainers.keys()),
        ):
            for need in getattr(record, key):
                if need.slug in (self.name(record), f"/{record.docname}"):
                    message = f"{key}: an explainer cannot name itself"
                    yield Problem("itself", message, need.line)
                elif not find(need.slug):
                    kind = "page" if need.slug[0] == "/" else "explainer"
                    message = f"{key}: {self.missing(kind, need.slug, known)}"
                    yield Problem("unknown", message, need.line)

    def _disordered(self) -> Iterator[Located]:
        """Yield a problem for every prerequisite that its theme lists after what needs it."""
        for record in (record for record in self.records if record.docname in self._listed):
            for need in self.prerequisites(record.slug):
                other = self.by_slug.get(need.slug)
                same = other and other.theme == record.theme and other.docname in self._listed
                if other and same and self._place(record) < self._place(other):
                    message = (
                        f"prerequisites: '{need.slug}' comes later in the toctree of its theme"
                    )
                    yield record.docname, Problem("order", message, need.line)

    @cached_property
    def _graph(self) -> tuple[dict[str, list[PageRef]], list[Located]]:
        """The usable prerequisites of each slug, and a problem for every cycle that was cut."""
        kept: dict[str, list[PageRef]] = {slug: [] for slug in self.by_slug}
        cut: list[Located] = []
        for slug, record in self.by_slug.items():
            for need in record.prerequisites:
                known = {slug, *(earlier.slug for earlier in kept[slug])}
                page = self.find(need.slug)
                name = self.name(page) if page else ""
                if not name or name in known:
                    continue
                way = _walk(kept, name, slug)
                if way:  # from what is needed back to the one that needs it
                    message = f"prerequisites form a cycle: {' → '.join([slug, *way])}"
                    cut.append((record.docname, Problem("cycle", message, need.line)))
                else:
                    kept[slug].append(need._replace(slug=name))
        return kept, cut

    def prerequisites(self, slug: str) -> list[PageRef]:
        """Return what ``slug`` declares to be read first, without unknown or circular entries."""
        return self._graph[0][slug]

    @cached_property
    def _needed_by(self) -> dict[str, list[PageRef]]:
        reverse: dict[str, list[PageRef]] = {slug: [] for slug in self.by_slug}
        for slug in self.by_slug:
            for name, why, line in self.prerequisites(slug):
                if name in reverse:
                    reverse[name].append(PageRef(slug, why, line))
        return reverse

    def dependents(self, slug: str) -> list[PageRef]:
        """Return the explainers that declare ``slug`` as a prerequisite, in reading order."""
        return self._needed_by[slug]

    def path(self, slug: str) -> tuple[Record, ...]:
        """Return everything to read before ``slug``: each after its own prerequisites.

        Pages that are no explainers come first: they have no prerequisites.
        """
        needed, todo = {slug}, [slug]
        while todo:
            new = {need.slug for need in self._graph[0].get(todo.pop(), ())} - needed
            needed |= new
            todo += new
        done = {name: self.pages[name] for name in needed - self.by_slug.keys()}
        done = dict(sorted(done.items(), key=lambda item: self._place(item[1])))
        waiting = [name for name in self.by_slug if name in needed]
        while waiting:  # always takes the first in reading order whose prerequisites are done
            ready = next(name for name in waiting
                         if all(n.slug in done for n in self.prerequisites(name)))  # fmt: skip
            done[ready] = self.by_slug[ready]
            waiting.remove(ready)
        return tuple(record for name, record in done.items() if name != slug)

    def outline(self, records: Sequence[Record]) -> list[tuple[Record, int, list[Record]]]:
        """Return ``records`` as an outline: each below the last of those that it builds on.

        With each come how deep it stands, from 0, and what else of ``records`` it builds on.
        """
        below: dict[str, list[tuple[Record, list[Record]]]] = {}
        names = [self.name(record) for record in records]
        for name, record in zip(names, records, strict=True):
            needed = {need.slug for need in self.prerequisites(name)}
            *others, last = ["", *(known for known in names if known in needed)]
            below.setdefault(last, []).append((record, [self.by_slug[o] for o in others if o]))
        found: list[tuple[Record, int, list[Record]]] = []
        left = [(0, *entry) for entry in reversed(below.get("", ()))]
        while left:
            depth, record, others_ = left.pop()
            found.append((record, depth, others_))
            children = below.get(self.name(record), ())
            left += [(depth + 1, *entry) for entry in reversed(children)]
        return found

    def time(self, records: Iterable[Record]) -> int:
        """Return the minutes that reading all of ``records`` takes."""
        return sum(self.minutes.get(record.docname, 0) for record in records)

    def select(self, wanted: Selection) -> list[tuple[str, list[Record]]]:
        """Return the records that ``wanted`` names, sorted, cut to its limit, by group."""

        def fits(record: Record) -> bool:
            wishes = ((wanted.theme, {record.theme}), (wanted.tag, set(record.tags)),
                      (wanted.kind, {record.kind}), (wanted.level, {record.level}))  # fmt: skip
            return all(not wish or not has.isdisjoint(wish) for wish, has in wishes)

        def key(record: Record) -> Any:
            if wanted.sort == "minutes":
                return self.minutes.get(record.docname, 0)
            value = getattr(record, wanted.sort)
            return _rank(wanted.sort, value) if wanted.sort == "level" else value.casefold()

        chosen = [record for record in self.records if fits(record)]
        if wanted.sort != "reading":
            chosen.sort(key=key, reverse=wanted.sort in ("date", "checked"))  # newest first
        chosen = chosen[: wanted.limit or None]
        groups: dict[str, list[Record]] = {} if wanted.group_by else {"": chosen}
        for record in chosen if wanted.group_by else ():
            groups.setdefault(getattr(record, wanted.group_by), []).append(record)
        return sorted(groups.items(), key=lambda group: _rank(wanted.group_by, group[0]))

    def suggest(
        self,
        computed: Mapping[str, Sequence[tuple[str, float, tuple[str, ...]]]],
        k: int,
        linked: Iterable[str] = (),
        floor: float = 0.0,
    ) -> dict[str, list[Suggestion]]:
        """Return at most ``k`` suggestions for every slug, the author's pins first.

        What the page shows anyway, its prerequisites and dependents, is not suggested again, and
        nothing that is computed to fit worse than ``floor``: no suggestion is better. An article
        that nothing leads to (``linked`` are those that prose links to) takes the last
        computed place of the article nearest to it that can spare one.
        """
        shown: dict[str, list[Suggestion]] = {}
        for slug, record in self.by_slug.items():
            needs = self.prerequisites(slug)
            pinned = filter(None, (self.article(pin.slug) for pin in record.related))
            pins = dict.fromkeys(map(self.name, pinned))
            pins.pop(slug, None)
            near = {slug, *pins, *(n.slug for n in [*needs, *self.dependents(slug)])}
            whys = {other: why for other, _, why in computed.get(slug, ())}
            good = [(s, why) for s, score, why in computed.get(slug, ()) if score >= floor]
            rest = [(s, "computed", why) for s, why in good if s not in near]
            shown[slug] = [*((pin, "pinned", whys.get(pin, ())) for pin in pins), *rest][:k]
        inbound = Counter(s for entries in shown.values() for s, _, _ in entries)
        inbound.update(list(linked))  # a mapping would add its values
        led = {s for s in self.by_slug for n in self.prerequisites(s) if n.slug in self.by_slug}
        inbound.update(s for s in self.by_slug if s in led or self.dependents(s))
        for slug in self.by_slug if k else ():
            if inbound[slug]:
                continue
            for host, _, why in computed.get(slug, ()):
                last = shown[host][k - 1 :]
                if not last or (last[0][1] == "computed" and inbound[last[0][0]] > 1):
                    shown[host] = [*shown[host][: k - 1], (slug, "computed", why)]
                    inbound.subtract(name for name, _, _ in last)
                    break
        return shown


def _folder(record: Record) -> str:
    """Return where the articles of a theme are."""
    return record.docname.rpartition("/")[0]


def _rank(name: str, value: str) -> int:
    """Return the place of a kind or level among its like; 0 for what has no order of its own."""
    order = _ORDERS.get(name, ())
    return order.index(value) if value in order else len(order)


def _walk(edges: Mapping[str, Iterable[PageRef]], start: str, goal: str) -> list[str]:
    """Return the slugs from ``start`` to ``goal`` along ``edges``, both included, or nothing."""
    before = {start: start}  # where each is come upon; whole ways would take a chain's cube
    queue = [start]
    for here in queue:
        if goal in before:
            break
        for need in edges.get(here, ()):
            if need.slug not in before:
                before[need.slug] = here
                queue.append(need.slug)
    if goal not in before:
        return []
    way = [goal]
    while way[-1] != start:
        way.append(before[way[-1]])
    return way[::-1]
