"""What is kept of the figures of each page between builds."""

from __future__ import annotations

from collections.abc import Set
from typing import Any, NamedTuple

from sphinx.environment import BuildEnvironment

from explainers.domain import Store

#: By kind (figure, table, ...) and id: the number, as Sphinx keeps it.
Numbers = dict[str, dict[str, tuple[int, ...]]]


class Spot(NamedTuple):
    """A chart in a page: what it is drawn from, besides the files of that name."""

    slug: str
    function: str
    results: tuple[str, ...]
    states: str  # as JSON

    @property
    def name(self) -> str:
        """What authors call the chart."""
        return f"{self.slug}.{self.function}"


class FiguresDomain(Store):
    """By page: numbers of its captions and those its text refers to; its charts and where in it
    they stand; its tokenizers.
    """

    name = "figures"
    label = "Figures"
    data_version = 3
    read_now: frozenset[str] = frozenset()  # the pages that this run reads; not kept
    initial_data = {  # noqa: RUF012  Sphinx's name
        "numbers": {},
        "referred": {},
        "spots": {},
        "places": {},
        "tokenizers": {},
    }

    @property
    def numbers(self) -> dict[str, Numbers]:
        """Numbers of captions by page."""
        found: dict[str, Numbers] = self.data["numbers"]
        return found

    @property
    def referred(self) -> dict[str, tuple[str, ...]]:
        """Labels that a page's text shows the numbers of."""
        found: dict[str, tuple[str, ...]] = self.data["referred"]
        return found

    @property
    def spots(self) -> dict[str, tuple[Spot, ...]]:
        """Charts by page."""
        found: dict[str, tuple[Spot, ...]] = self.data["spots"]
        return found

    @property
    def places(self) -> dict[str, dict[str, str]]:
        """By page and by what authors call a chart: the id of its figure, or nothing."""
        found: dict[str, dict[str, str]] = self.data["places"]
        return found

    @property
    def tokenizers(self) -> dict[str, tuple[str, ...]]:
        """Names of the tokenizers that readers of a page can try."""
        found: dict[str, tuple[str, ...]] = self.data["tokenizers"]
        return found

    def clear_doc(self, docname: str) -> None:
        for part in self.initial_data:
            self.data[part].pop(docname, None)

    def merge_domaindata(self, docnames: Set[str], otherdata: dict[str, Any]) -> None:
        for part in self.initial_data:
            theirs = otherdata[part]
            self.data[part].update({name: theirs[name] for name in docnames & theirs.keys()})


def domain_of(env: BuildEnvironment) -> FiguresDomain:
    """Return the domain of ``env``."""
    found = env.get_domain(FiguresDomain.name)
    assert isinstance(found, FiguresDomain)
    return found
