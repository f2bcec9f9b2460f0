"""Which documents are related, how strongly, and through which words. Knows no Sphinx.

A pair's score is ``cosine(a, b) * exp((mention(a, b) + mention(b, a)) / 2) / crowd(b) ** 0.3``
over stemmed words and phrases of two words. ``mention(a, b)`` is the share, by rarity, of b's
title that occurs in a; ``crowd(b)``, the mean of b's ten best cosines, keeps one page from being
in every list. The numbers below were chosen on links that authors had made by hand in fourteen
public collections and confirmed on sixteen others.
"""

from __future__ import annotations

import hashlib
import math
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from heapq import nlargest, nsmallest
from itertools import chain, repeat
from operator import mul
from pathlib import Path
from typing import Any, NamedTuple

import snowballstemmer  # type: ignore[import-untyped]  # comes with Sphinx, needs nothing of it

__all__ = ["Counts", "Language", "Related", "count_terms", "related", "related_from_counts"]

_WEIGHTS = {"body": 1, "headings": 1, "summary": 3, "title": 1}  # of an occurrence; the title last
_TAG = 50  # a tag weighs as much as all occurrences divided by this
_PHRASE = 0.7  # factor on the rarity of phrases
_COMMON = 400  # a term in more documents says little; the cap keeps the work linear
_LEADING, _POOL = 100, 40  # heaviest terms, by which a document finds others to compare with

_NOISE = re.compile(  # fenced code, mathematics, TeX commands, addresses, markup
    r"^ *(```+|~~~+).*?(?:^ *\1[`~]* *$|\Z)|\$\$.{0,4000}?\$\$|\\\((?:(?!\\\().){0,999}?\\\)"
    r"|\\\[(?:(?!\\\[).){0,4000}?\\\]|\$(?=\S)[^$\n]{1,300}(?<=\S)\$(?!\d)|\\[A-Za-z]+"
    r"|https?://[^\s)>\]]+|(?<=\])\([^()\s]*\)|<!--(?:(?!<!--).)*?-->|</?[A-Za-z][^<>]{0,300}>",
    re.DOTALL | re.MULTILINE,
)
_TOKEN = re.compile(  # the second: k-means, Q-learning
    r"([぀-ヿ㐀-鿿]|\b[^\W\d_]-[^\W\d_]{2,}|[^\W\d_][^\W_]*(?:['’][^\W\d_]+)?|(?<!\d)\d+[^\W\d_]+)"
)
_BREAK = re.compile(r"[.,;:!?…()\[\]{}|\"“”]|\n\s*\n")  # never inside of a phrase
_LISTS = Path(__file__).with_name("stopwords.txt").read_text(encoding="utf-8").split("#")
_STOP, _DULL = (frozenset(part.partition("\n")[2].split()) for part in _LISTS[1:])


class Language(NamedTuple):
    """Words that say nothing of a text's subject, and what makes a word's forms one."""

    stop: frozenset[str]
    stem: Callable[[str], str]


ENGLISH = Language(_STOP, snowballstemmer.stemmer("english").stemWord)


class Related(NamedTuple):
    """Another document, its score (comparable within one list), and terms that both use."""

    id: Any
    score: float
    reasons: tuple[str, ...]


class Counts(NamedTuple):
    """What is kept of a document: stemmed terms and #tags, as it writes them, and their weights."""

    digest: str
    terms: tuple[str, ...]
    forms: tuple[str, ...]
    weights: tuple[int, ...]
    title: tuple[str, ...]


_Vector = dict[str, float]
_Ranked = list[tuple[float, int]]  # cosines or scores with their rows, best first


def related(
    documents: Iterable[Any], k: int = 5, language: Language = ENGLISH
) -> dict[Any, list[Related]]:
    """Return for each document, by id in the order given, at most ``k`` others, best first.

    A document is a mapping or an object with ``id``, ``title``, ``summary``, ``headings``, ``body``
    and ``tags``; what is missing counts as empty. Raises: ValueError if two have the same id.
    """
    counts: dict[Any, Counts] = {}
    for document in documents:
        name = document["id"] if isinstance(document, Mapping) else document.id
        if name in counts:
            raise ValueError(f"two documents have the id {name!r}")
        counts[name] = count_terms(document, language)
    return related_from_counts(counts, k, language=language)


def count_terms(document: Any, language: Language = ENGLISH) -> Counts:
    """Return all that :func:`related_from_counts` needs to know of a document."""
    weights: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    for name, weight in _WEIGHTS.items():
        found = Counter(_terms("\n\n".join(_texts(document, name)), language))
        pairs.update(found)
        for (term, _), count in found.items():
            weights[term] += weight * count
    title = {sys.intern(term) for term, _ in found}  # the last field
    written = _commonest(pairs)
    share = 1 + weights.total() // _TAG
    for tag in _texts(document, "tags"):
        weights[f"#{tag}"], written[f"#{tag}"] = share, tag.replace("-", " ")
    terms = sorted(weights)
    content = (
        tuple(map(sys.intern, terms)),  # equal strings are then kept and pickled once
        tuple(sys.intern(written[term]) for term in terms),
        tuple(weights[term] for term in terms),
        tuple(sorted(title)),
    )
    return Counts(hashlib.sha256(repr(content).encode()).hexdigest(), *content)


def related_from_counts(
    counts_by_id: Mapping[Any, Counts],
    k: int = 5,
    prefer: Collection[str] = frozenset(),
    language: Language = ENGLISH,
) -> dict[Any, list[Related]]:
    """Return what :func:`related` returns; terms in ``prefer`` are the first choice as reasons."""
    ids = sorted(counts_by_id, key=str)  # the order given must not matter
    counts = [counts_by_id[name] for name in ids]
    rarity, vectors = _vectors(counts)
    best = [ranked[: max(k, 0)] for ranked in _rank(_near(vectors, max(_POOL, k)), counts, rarity)]
    liked = []
    for form in sorted(prefer):
        terms = list(dict(_terms(form, language)))
        phrases = [term for term in terms if " " in term]
        words = [word for word in re.split(r"[\s-]+", form) if word != "of"]
        if len(words) == len(terms) - len(phrases) == len(phrases) + 1:  # else some were left out
            liked.append((form, phrases or terms))
    titles = [frozenset(c.title) for c in counts]
    reasons = {
        (row, other): _reasons(
            vectors[row], vectors[other], rarity, liked, titles[row] & titles[other]
        )
        for row, ranked in enumerate(best)
        for _, other in ranked
    }
    shown = set(chain.from_iterable(reasons.values()))
    pairs = chain.from_iterable(zip(c.terms, c.forms, strict=True) for c in counts)
    written = _commonest(Counter(pair for pair in pairs if pair[0] in shown))

    def link(row: int, score: float, other: int) -> Related:
        terms = (t if t in prefer else written.get(t, t) for t in reasons[row, other])
        return Related(ids[other], score, tuple(dict.fromkeys(terms)))

    found = {name: [link(row, *pair) for pair in best[row]] for row, name in enumerate(ids)}
    return {name: found[name] for name in counts_by_id}


def _texts(document: Any, name: str) -> list[str]:
    """Return a field of a mapping or an object: a list, one text, or missing."""
    get = document.get if isinstance(document, Mapping) else partial(getattr, document)
    value = get(name, None) or ()
    return [value] if isinstance(value, str) else [str(item) for item in value]


def _terms(text: str, language: Language) -> Iterator[tuple[str, str]]:
    """Yield each word and each phrase of two words: its stems, and how it is written."""
    last = last_form = ""
    pieces = _TOKEN.split(_NOISE.sub(" . ", text))  # gap, word, gap, word, ..., gap
    for gap, token in zip(pieces[::2], pieces[1::2], strict=False):
        glue = "-" if gap == "-" else " "
        if gap != glue and _BREAK.search(gap):
            last = ""
        for form, stem in _words(token, language):
            if stem:
                yield stem, form
                if last:
                    yield f"{last} {stem}", f"{last_form}{glue}{form}" if glue else form
            elif form == "of" and last:  # "chain of thought" is a phrase
                last_form += f"{glue}of"
                continue
            last, last_form, glue = stem, form, ""


@lru_cache(maxsize=1 << 17)
def _words(token: str, language: Language) -> tuple[tuple[str, str], ...]:
    """Return how a token is written, and its stem (two for ``PyTorch``), "" for empty words."""
    word = re.split("['’]", token)[0]
    parts = re.split("(?<=[a-z])(?=[A-Z])", word)
    if word[:-1].isupper() and word[-1] == "s":
        parts = [word[:-1]]  # LLMs: the stemmer wants to see a vowel
    said = [p.lower() not in language.stop and (len(p) > 1 or not p.isascii()) for p in parts]
    return tuple(
        (word, language.stem(p.lower()) if s else "") for p, s in zip(parts, said, strict=True)
    )


def _commonest(written: Mapping[tuple[str, str], int]) -> dict[str, str]:
    """Return how each term is mostly written; in doubt in small letters, which sort last."""
    return dict(pair for pair, _ in sorted(written.items(), key=lambda item: (item[1], item[0])))


def _vectors(counts: Sequence[Counts]) -> tuple[_Vector, list[_Vector]]:
    """Return how rare each term is, and each document's shared terms with their weights."""
    users = Counter(chain.from_iterable(c.terms for c in counts))
    rarity = {
        term: (math.log((1 + len(counts)) / (1 + df)) + 1) * (_PHRASE if " " in term else 1)
        for term, df in users.items()
        if df <= _COMMON
    }
    shared = {term: x for term, x in rarity.items() if users[term] > 1}
    vectors = []
    for c in counts:
        pairs = zip(c.terms, c.weights, strict=True)
        vector = {term: math.sqrt(w) * shared[term] for term, w in pairs if term in shared}
        length = math.sqrt(math.fsum(x * x for x in vector.values()))
        vectors.append({term: x / length for term, x in vector.items()})
    return rarity, vectors


def _near(vectors: Sequence[_Vector], pool: int) -> list[_Ranked]:
    """Return for each row its cosines above 0 with about ``pool`` rows, found by heavy terms.

    So the work grows with the number of rows, not with its square.
    """
    leading = [nlargest(_LEADING, v.items(), key=lambda item: (item[1], item[0])) for v in vectors]
    users: dict[str, _Ranked] = defaultdict(list)
    for row, terms in enumerate(leading):
        for term, weight in terms:
            users[term].append((weight, row))
    pairs: set[tuple[int, int]] = set()
    for row, terms in enumerate(leading):
        others: Iterable[int] = range(len(vectors))
        if len(vectors) > pool:
            likely = _likely(terms, users)
            others = nsmallest(pool + 1, likely, key=lambda other: (-likely[other], other))
        pairs.update((min(row, other), max(row, other)) for other in others if other != row)
    near: list[_Ranked] = [[] for _ in vectors]
    for row, other in sorted(pairs):
        if (cosine := _cosine(vectors[row], vectors[other])) > 0:
            near[row].append((cosine, other))
            near[other].append((cosine, row))
    return [sorted(ranked, key=lambda pair: (-pair[0], pair[1])) for ranked in near]


def _likely(terms: Iterable[tuple[str, float]], users: Mapping[str, _Ranked]) -> dict[int, float]:
    """Return the rows that share one of ``terms``, with their cosine in these terms."""
    sums: dict[int, float] = defaultdict(float)
    for term, weight in terms:
        for theirs, row in users[term]:
            sums[row] += weight * theirs
    return sums


def _cosine(a: _Vector, b: _Vector) -> float:
    """Return the product of two vectors, rounded so that equal pairs tie."""
    short, long = sorted((a, b), key=len)
    return round(math.fsum(map(mul, short.values(), map(long.get, short, repeat(0.0)))), 9)


def _rank(near: Sequence[_Ranked], counts: Sequence[Counts], rarity: _Vector) -> list[_Ranked]:
    """Return the same pairs, with the scores that the module's docstring defines."""
    titles = [{term: rarity[term] for term in c.title if term in rarity} for c in counts]
    titled = set(chain.from_iterable(titles))
    said = [  # one occurrence says 2/3, many say 1
        {t: w / (w + 0.5) for t, w in zip(c.terms, c.weights, strict=True) if t in titled}
        for c in counts
    ]
    whole = [math.fsum(title.values()) or 1.0 for title in titles]
    most = max(1, min(10, len(near) - 1))
    crowd = [max(1e-6, math.fsum(x for x, _ in ranked[:most]) / most) for ranked in near]

    def mention(a: int, b: int) -> float:
        return math.fsum(x * said[a].get(t, 0.0) for t, x in titles[b].items()) / whole[b]

    def score(cosine: float, a: int, b: int) -> float:
        boost = math.exp((mention(a, b) + mention(b, a)) / 2)
        return round(cosine * boost / math.pow(crowd[b], 0.3), 6)

    return [
        sorted(((score(x, row, o), o) for x, o in ranked), key=lambda pair: (-pair[0], pair[1]))
        for row, ranked in enumerate(near)
    ]


def _reasons(
    a: _Vector, b: _Vector, rarity: _Vector, liked: Sequence[tuple[str, Sequence[str]]],
    titles: Collection[str],
) -> tuple[str, ...]:  # fmt: skip
    """Return up to three terms that make two documents alike; a phrase hides its words.

    Where there are terms that are ``liked``, any other has to be in the ``titles`` of both: what
    else they share is general, such as *letters*.
    """
    gains = {t: a[t] * b[t] * math.sqrt(rarity[t]) for t in a.keys() & b.keys()}
    offers = []
    for term, gain in gains.items():
        if liked and term not in titles:
            continue
        factor = 0.0 if term[0] == "#" else 4.0 if " " in term else 0.1 if term in _DULL else 1.0
        offers.append((gain * factor, term, term.split()))
    for form, terms in liked:
        if all(term in gains for term in terms):
            offers.append((8 * sum(gains[t] for t in terms), form, " ".join(terms).split()))
    chosen: list[str] = []
    used: set[str] = set()
    for gain, label, words in sorted(offers, key=lambda offer: (-offer[0], offer[1])):
        if gain > 0 and len(chosen) < 3 and used.isdisjoint(words):
            used.update(words)
            chosen.append(label)
    return tuple(chosen)
