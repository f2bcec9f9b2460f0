"""A pipeline for text, small enough to read: extract, filter, remove copies, keep tests apart."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html.parser import HTMLParser

#: The words of which Gopher's rules ask for two.
STOP_WORDS = frozenset({"the", "be", "to", "of", "and", "that", "have", "with"})


class _Article(HTMLParser):
    """Collects the text of paragraphs and leaves menus and footers alone."""

    def __init__(self) -> None:
        super().__init__()
        self.inside, self.texts = False, list[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = self.inside or tag == "p"

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "p"

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.texts.append(data)


def words(text: str) -> list[str]:
    """Return the words of a text in lower case."""
    return re.findall(r"[a-z']+", text.lower())


def extracted(page: str) -> str:
    """Return what stands in a page's paragraphs, a line each."""
    parser = _Article()
    parser.feed(page)
    return "\n".join(parser.texts)


def repeated(text: str) -> float:
    """Return the share of a text's runs of four words that occurred earlier in it."""
    found = words(text)
    runs = list(zip(*(found[i:] for i in range(4)), strict=False))
    return 1 - len(set(runs)) / len(runs) if runs else 0.0


def looks_like_prose(text: str, least: int = 50) -> bool:
    """Return whether rules of thumb take a text for prose.

    At least ``least`` words of 3 to 10 letters on average, two different stop words, and at most
    a fifth of repeated runs.  Source: Rae et al. 2021 (Gopher), whose rules are more.
    """
    found = words(text)
    if len(found) < least:
        return False
    letters = sum(map(len, found)) / len(found)
    stops = len(STOP_WORDS.intersection(found))
    return 3 <= letters <= 10 and stops >= 2 and repeated(text) <= 0.2


def runs_of(text: str, size: int = 13) -> set[tuple[str, ...]]:
    """Return all runs of ``size`` words: what a text must not share with a test."""
    found = words(text)
    return {tuple(found[i : i + size]) for i in range(len(found) - size + 1)}


def contaminated(text: str, tests: set[tuple[str, ...]]) -> bool:
    """Return whether a text shares a run of words with the tests."""
    return not runs_of(text).isdisjoint(tests)


def first_copies(texts: Sequence[str]) -> list[int]:
    """Return which texts are not letter by letter the same as an earlier one."""
    seen: dict[str, int] = {}
    for place, text in enumerate(texts):
        seen.setdefault(text, place)
    return sorted(seen.values())
