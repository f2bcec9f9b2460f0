"""Running text: which words are glossary terms to link, which sentence holds a link.

Knows no Sphinx.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

_WORD = re.compile(r"\w+")
_ABBREVIATIONS = r"(?<!\be\.g\.)(?<!\bi\.e\.)(?<!\b(?:cf|vs|al|Eq)\.)(?<!\bFig\.)(?<!\b[A-Z]\.)"
_SENTENCE_START = r"[\"'(\[“‘]*(?:\ue000[^\ue001]*\ue001)?(?:\ue003|[^\W_a-z])"
_SENTENCE_END = re.compile(
    rf"(?:(?<=[.!?…]){_ABBREVIATIONS}|(?<=[.!?…][\"')\]”’]))\s+(?={_SENTENCE_START})"
)
_MARK = re.compile("\ue000([^\ue001]*)\ue001([^\ue003]*)\ue003")


class Concept(NamedTuple):
    """A glossary entry: its term and synonyms, and the slug of the article that explains it."""

    terms: tuple[str, ...]
    home: str
    line: int


class Hit(NamedTuple):
    """Characters ``start`` to ``end`` of text number ``text`` name what ``slug`` explains."""

    text: int
    start: int
    end: int
    slug: str


_Starts = dict[str, list[tuple[int, re.Pattern[str], Concept]]]


def find_concepts(
    texts: Sequence[str],
    concepts: Iterable[Concept],
    limit: int,
    skip_homes: Collection[str] = (),
    skip_terms: Collection[str] = (),
) -> list[Hit]:
    """Return the first mention of each concept in ``texts``, at most ``limit``, in text order.

    Longer terms win over shorter ones. Letter case is ignored except in terms without small
    letters (``PPO``); a plural s is allowed.
    """
    starts = _by_first_word(concepts, skip_homes, {term.casefold() for term in skip_terms})
    hits: list[Hit] = []
    seen: set[Concept] = set()
    for index, text in enumerate(texts):
        resume = 0
        for word in _WORD.finditer(text):
            first = word[0].casefold()
            for form in dict.fromkeys((first, first.removesuffix("s"), first.removesuffix("es"))):
                for _, pattern, concept in starts.get(form, ()):
                    found = pattern.match(text, word.start()) if word.start() >= resume else None
                    if found:
                        resume = found.end()
                        if concept not in seen and len(hits) < limit:
                            hits.append(Hit(index, found.start(), found.end(), concept.home))
                        seen.add(concept)
    return hits


def _by_first_word(
    concepts: Iterable[Concept], skip_homes: Collection[str], skip_terms: Collection[str]
) -> _Starts:
    """Return a pattern for each term, longest first, by the term's first word."""
    starts: _Starts = defaultdict(list)
    for concept in concepts:
        if concept.home in skip_homes or not {t.casefold() for t in concept.terms}.isdisjoint(
            skip_terms
        ):
            continue
        for term in concept.terms:
            first = _WORD.search(term)
            flags = re.NOFLAG if term == term.upper() else re.IGNORECASE
            body = r"\s+".join(map(re.escape, term.split()))
            pattern = re.compile(rf"{body}(?:e?s)?(?!\w)", flags)
            if first:
                starts[first[0].casefold()].append((-len(term), pattern, concept))
    for entries in starts.values():
        entries.sort(key=lambda entry: (entry[0], entry[2]))
    return starts


def mark(target: str, text: str) -> str:
    """Return what stands in a sentence for a link; without ``text`` it will show a title."""
    joined = "\ue002".join(text.split())  # a sentence cannot end inside of a link
    return f"\ue000{target}\ue001{joined}\ue003"


def marked_sentences(text: str) -> Iterator[tuple[str, str]]:
    """Yield the target and the sentence of every :func:`mark` in a paragraph's ``text``."""
    for sentence in _SENTENCE_END.split(text):
        for found in _MARK.finditer(sentence):
            yield found[1], " ".join(sentence.split())


def mark_math(tex: str) -> str:
    """Return what stands in a sentence for a formula."""
    joined = "\ue002".join(tex.split())  # nor inside of a formula
    return f"\ue004{joined}\ue005"


def parts(sentence: str) -> Iterator[tuple[str, str]]:
    """Yield the parts of a sentence: (text, "") or ("", formula)."""
    for index, part in enumerate(re.split("[\ue004\ue005]", sentence)):
        if part:
            yield ("", part.replace("\ue002", " ")) if index % 2 else (part, "")


def fill_marks(sentence: str, title: Callable[[str], str]) -> str:
    """Return ``sentence`` as it reads, with ``title(target)`` where a mark has no text."""
    return _MARK.sub(lambda m: m[2].replace("\ue002", " ") or title(m[1]), sentence)
