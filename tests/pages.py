"""The pages of the real site, named from its sources, and one of each kind among them.

What is asked of every page takes longer with each article. It is marked ``pages``; `make test` asks
it of the pages that are marked ``sample`` as well, `make test-pages` of all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from authoring import published

ROOT = Path(__file__).parents[1]
MADE = ("genindex.html", "search.html?q=reward", "404.html")  # by Sphinx and by us
_DIRECTIVE = re.compile(r"^[`:]{3,}\{([\w:-]+)\}", re.MULTILINE)


def sources() -> list[Path]:
    """Return the sources of all pages."""
    return published.sources(ROOT)


def address(source: Path) -> str:
    """Return the path of a source's page in the site."""
    return published.address(source, ROOT)


def kind(source: Path) -> str:
    """Return what a page is: an explainer, a theme, or one of its own kind."""
    if source.parent.parent != ROOT / "articles":
        return address(source)
    return "theme" if source.stem == "index" else "explainer"


@cache
def one_of_each_kind() -> frozenset[str]:
    """Return the paths of a page of each kind: the one that uses most of the directives."""

    def richness(source: Path) -> int:
        return len(set(_DIRECTIVE.findall(source.read_text(encoding="utf-8"))))

    best = {kind(source): source for source in sorted(sources(), key=richness)}
    return frozenset([*MADE, *map(address, best.values())])


def every_page() -> list[str]:
    """Return the paths of all pages."""
    return [*map(address, sources()), *MADE]


def marked(paths: Iterable[str]) -> list[ParameterSet]:
    """Return ``paths`` as parameters of a test that is asked of every page."""
    sample = {page.partition("?")[0] for page in one_of_each_kind()}
    return [
        pytest.param(
            path,
            marks=[pytest.mark.pages, *[pytest.mark.sample] * (path.partition("?")[0] in sample)],
        )
        for path in paths
    ]
