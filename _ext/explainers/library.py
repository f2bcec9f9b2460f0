"""All records of a project together: look-up, reading order, prerequisites and paths.

Knows no Sphinx. What contradicts between records becomes a located problem and is left out,
so that every answer below is well defined: in particular, prerequisites never form a cycle.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from .record import KINDS, LEVELS, Need, Problem, Record, did_you_mean

Located = tuple[str, Problem]  # the document's name, and what is wrong in it
Suggestion = tuple[str, str, tuple[str, ...]]  # slug, "pinned" or "computed", reasons
_ORDERS = {"kind": KINDS, "level": LEVELS}


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

    ``order`` are document names in reading order; ``minutes`` says how long a first reading of
    each takes, ``minutes_everything`` how long it takes with what that may skip.
    """

    def __init__(
        self,
        records: Iterable[Record],
        themes: Iterable[Record] = (),
        order: Sequence[str] = (),
        minutes: Mapping[str, int] | None = None,
        minutes_everything: Mapping[str, int] | None = None,
    ) -> None:
        place = {docname: index for index, docname in enumerate(order)}
        self._listed = frozenset(order)
        self._all = sorted(records, key=lambda r: (place.get(r.docname, len(order)), r.docname))
        self.by_slug: dict[str, Record] = {}
        for record in self._all:
            self.by_slug.setdefault(record.slug, record)
        self.records = tuple(self.by_slug.values())
        self.by_docname = {record.docname: record for record in self.records}
        self.themes = {theme.theme: theme for theme in themes}
        self.minutes = minutes or {}
        self.minutes_everything = {**self.minutes, **(minutes_everything or {})}

    def problems(self) -> Iterator[Located]:
        """Yield every mistake that only shows when all records are known."""
        titles: dict[str, Record] = {}
        for record in self._all:
            slug, name = record.slug, record.docname
            same, twin = self.by_slug[slug], titles.setdefault(record.title.casefold(), record)
            if same is not record:
                message = f"the slug '{slug}' is taken by {same.docname}; rename the file"
                yield name, Problem("duplicate", message, 1)
            if twin is not record:
                message = f"title: {twin.docname} has the same title"
                yield name, Problem("duplicate", message, record.lines.get("title", 1))
            if name not in self._listed and not record.orphan:
                message = f"in no toctree; add '{slug}' to that of {record.theme}/index"
                yield name, Problem("orphan", message, 1)
            for key in ("prerequisites", "related"):
                for need in getattr(record, key):
                    if need.slug == slug:
                        message = f"{key}: an explainer cannot name itself"
                        yield name, Problem("itself", message, need.line)
                    elif need.slug not in self.by_slug:
                        hint = did_you_mean(need.slug, self.by_slug)
                        message = f"{key}: there is no explainer '{need.slug}'{hint}"
                        yield name, Problem("unknown", message, need.line)
        yield from self._graph[1]

    @cached_property
    def _graph(self) -> tuple[dict[str, list[Need]], list[Located]]:
        """The usable prerequisites of each slug, and a problem for every cycle that was cut."""
        kept: dict[str, list[Need]] = {record.slug: [] for record in self.records}
        cut: list[Located] = []
        for record in self.records:
            for need in record.prerequisites:
                known = {record.slug, *(earlier.slug for earlier in kept[record.slug])}
                if need.slug not in self.by_slug or need.slug in known:
                    continue
                way = _walk(kept, need.slug, record.slug)
                if way:  # from what is needed back to the one that needs it
                    message = f"prerequisites form a cycle: {' → '.join([record.slug, *way])}"
                    cut.append((record.docname, Problem("cycle", message, need.line)))
                else:
                    kept[record.slug].append(need)
        return kept, cut

    def prerequisites(self, slug: str) -> list[Need]:
        """Return what ``slug`` declares to be read first, without unknown or circular entries."""
        return self._graph[0][slug]

    @cached_property
    def _needed_by(self) -> dict[str, list[Need]]:
        reverse: dict[str, list[Need]] = {record.slug: [] for record in self.records}
        for record in self.records:
            for slug, why, line in self.prerequisites(record.slug):
                reverse[slug].append(Need(record.slug, why, line))
        return reverse

    def dependents(self, slug: str) -> list[Need]:
        """Return the explainers that declare ``slug`` as a prerequisite, in reading order."""
        return self._needed_by[slug]

    def path(self, slug: str) -> tuple[Record, ...]:
        """Return everything to read before ``slug``: each after its own prerequisites."""
        needed, todo = {slug}, [slug]
        while todo:
            new = {need.slug for need in self.prerequisites(todo.pop())} - needed
            needed |= new
            todo += new
        done: dict[str, Record] = {}
        waiting = [record for record in self.records if record.slug in needed]
        while waiting:  # always takes the first in reading order whose prerequisites are done
            ready = next(r for r in waiting
                         if all(n.slug in done for n in self.prerequisites(r.slug)))  # fmt: skip
            done[ready.slug] = ready
            waiting.remove(ready)
        return tuple(record for name, record in done.items() if name != slug)

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
    ) -> dict[str, list[Suggestion]]:
        """Return at most ``k`` suggestions for every slug, the author's pins first.

        What the page shows anyway, its prerequisites and dependents, is not suggested again. An
        article that nothing leads to (``linked`` are those that prose links to) takes the last
        computed place of the article nearest to it that can spare one.
        """
        shown: dict[str, list[Suggestion]] = {}
        for record in self.records:
            slug, needs = record.slug, self.prerequisites(record.slug)
            pins = dict.fromkeys(p.slug for p in record.related if p.slug in self.by_slug)
            pins.pop(slug, None)
            near = {slug, *pins, *(n.slug for n in [*needs, *self.dependents(slug)])}
            whys = {other: why for other, _, why in computed.get(slug, ())}
            rest = [(s, "computed", why) for s, why in whys.items() if s not in near]
            shown[slug] = [*((pin, "pinned", whys.get(pin, ())) for pin in pins), *rest][:k]
        inbound = Counter(s for entries in shown.values() for s, _, _ in entries)
        inbound.update(list(linked))  # a mapping would add its values
        inbound.update(s for s in self.by_slug if self.prerequisites(s) or self.dependents(s))
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


def _rank(name: str, value: str) -> int:
    """Return the place of a kind or level among its like; 0 for what has no order of its own."""
    order = _ORDERS.get(name, ())
    return order.index(value) if value in order else len(order)


def _walk(edges: Mapping[str, Iterable[Need]], start: str, goal: str) -> list[str]:
    """Return the slugs from ``start`` to ``goal`` along ``edges``, both included, or nothing."""
    ways = {start: [start]}
    queue = [start]
    for here in queue:
        for need in edges[here]:
            if need.slug not in ways:
                ways[need.slug] = [*ways[here], need.slug]
                queue.append(need.slug)
    return ways.get(goal, [])
