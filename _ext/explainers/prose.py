"""Sentences with links: a text in which marks stand for links and formulas. Knows no Sphinx."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

_ABBREVIATIONS = r"(?<!\be\.g\.)(?<!\bi\.e\.)(?<!\b(?:cf|vs|al|Eq)\.)(?<!\bFig\.)(?<!\b[A-Z]\.)"
_SENTENCE_START = r"[\"'(\[“‘]*(?:\ue000[^\ue000\ue001]*\ue001)?(?:\ue003|[^\W_a-z])"
_SENTENCE_END = re.compile(
    rf"(?:(?<=[.!?…]){_ABBREVIATIONS}|(?<=[.!?…][\"')\]”’]))\s+(?={_SENTENCE_START})"
)
_MARK = re.compile("\ue000([^\ue000\ue001]*)\ue001([^\ue000\ue003]*)\ue003")
_MARKS = dict.fromkeys(range(0xE000, 0xE006))


def unmarked(text: str) -> str:
    """Return what an author wrote without the characters that are marks here."""
    return text.translate(_MARKS)


def mark(target: str, text: str) -> str:
    """Return what stands in a sentence for a link; without ``text`` it will show a title."""
    joined = "\ue002".join(unmarked(text).split())  # a sentence cannot end inside of a link
    return f"\ue000{unmarked(target)}\ue001{joined}\ue003"


def marked_sentences(text: str) -> Iterator[tuple[str, str]]:
    """Yield the target and the sentence of every :func:`mark` in a paragraph's ``text``."""
    for sentence in _SENTENCE_END.split(text):
        for found in _MARK.finditer(sentence):
            yield found[1], " ".join(sentence.split())


def mark_math(tex: str) -> str:
    """Return what stands in a sentence for a formula."""
    joined = "\ue002".join(unmarked(tex).split())  # nor inside of a formula
    return f"\ue004{joined}\ue005"


def parts(sentence: str) -> Iterator[tuple[str, str]]:
    """Yield the parts of a sentence: (text, "") or ("", formula)."""
    for index, part in enumerate(re.split("[\ue004\ue005]", sentence)):
        if part:
            yield ("", part.replace("\ue002", " ")) if index % 2 else (part, "")


def fill_marks(sentence: str, title: Callable[[str], str]) -> str:
    """Return ``sentence`` as it reads, with ``title(target)`` where a mark has no text."""
    return _MARK.sub(lambda m: m[2].replace("\ue002", " ") or unmarked(title(m[1])), sentence)
