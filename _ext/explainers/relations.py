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
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from heapq import nlargest, nsmallest
from itertools import chain, repeat
from operator import mul
from typing import Any, NamedTuple

import snowballstemmer  # comes with Sphinx, needs nothing of it

__all__ = ["Counts", "Related", "count_terms", "related", "related_from_counts"]

_WEIGHTS = {"title": 1, "summary": 3, "headings": 1, "body": 1}  # of one occurrence
_PHRASE = 0.7  # rarity of a phrase, times this
_TAGS = 0.1  # what equal tags add to a cosine
_COMMON = 400  # a term in more documents says little; the cap keeps the work linear
_SATURATION = 0.5  # one occurrence mentions by 1 / 1.5, many by 1
_HUB_BEST, _HUB_POWER = 10, 0.3
_LEADING, _POOL = 100, 40  # by its heaviest terms a document finds the others to compare with
_REASONS = 3

_NOISE = re.compile(  # fenced code, mathematics, TeX commands, addresses, tags
    r"^[ ]*(```+|~~~+).*?^[ ]*\1[`~]*[ ]*$"
    r"|\$\$.{0,4000}?\$\$|\\\(.{0,999}?\\\)|\\\[.{0,4000}?\\\]"
    r"|\$(?=\S)[^$\n]{1,300}(?<=\S)\$(?!\d)|\\[A-Za-z]+"
    r"|https?://[^\s)>\]]+|(?<=\])\([^()\s]*\)|<!--.*?-->|</?[A-Za-z][^<>]{0,300}>",
    re.DOTALL | re.MULTILINE,
)
_TOKEN = re.compile(r"([぀-ヿ㐀-鿿]|[^\W\d_][^\W_]*(?:['’][^\W\d_]+)?|\d+[^\W\d_]+)")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_GLUE = frozenset((" ", "-"))  # may stand between the words of a phrase as they are
_BREAK = re.compile(r"[.,;:!?…()\[\]{}|\"“”]|\n\s*\n")  # may not stand there at all
_STOP = frozenset(
    """a about above across after again against al all almost along already also although always am
    among an and any anyone anything are around as at away back be became because become becomes
    been before behind being below between both but by can cannot come could did do does doing done
    down during each either else enough et etc even ever every few first following for from further
    get gets getting give given go goes going good got had has have having he hence her here hers
    him his how however if in indeed instead into is it its itself just keep kept know known last
    later least less let like likely made mainly make makes making many may maybe me might more
    moreover most mostly much must my need needs neither never next no nor not nothing now of off
    often on once one only onto or other others otherwise our out over own per perhaps please put
    quite rather re really said same say see seem seems several shall she should show shown since
    so some something sometimes still such take taken than that the their them then there therefore
    these they thing things this those though through thus to together too toward two under until
    up upon us use used useful user users uses using usually various very via want was way we well
    were what when where whether which while who whole whose why will with within without would yes
    yet you your eg ie example examples note section figure table chapter article post""".split()
)
_stemmer = snowballstemmer.stemmer("english")


class Related(NamedTuple):
    """Another document, its score (only comparable in one list), and terms that both use."""

    id: Any
    score: float
    reasons: tuple[str, ...]


class Counts(NamedTuple):
    """What is kept of a document: stemmed terms, how it writes each, and how often, weighted."""

    digest: str
    terms: tuple[str, ...]
    forms: tuple[str, ...]
    weights: tuple[int, ...]
    title: tuple[str, ...]
    tags: tuple[str, ...]


def related(documents: Iterable[Any], k: int = 5) -> dict[Any, list[Related]]:
    """Return for each document, by id in the order given, at most ``k`` others, best first.

    A document is a mapping or an object with ``id``, ``title``, ``summary``, ``headings``, ``body``
    and ``tags``; what is missing counts as empty. Raises: ValueError if two have the same id.
    """
    counts: dict[Any, Counts] = {}
    for document in documents:
        name = _field(document, "id")
        if name is None or name in counts:
            raise ValueError(f"every document needs an id of its own, not {name!r}")
        counts[name] = count_terms(document)
    return related_from_counts(counts, k)


def count_terms(document: Any) -> Counts:
    """Return all that :func:`related_from_counts` needs to know of a document."""
    fields = {name: Counter(_terms("\n\n".join(_items(document, name)))) for name in _WEIGHTS}
    weights: Counter[str] = Counter()
    written: Counter[tuple[str, str]] = Counter()
    for name, found in fields.items():
        written.update(found)
        for (term, _), count in found.items():
            weights[term] += _WEIGHTS[name] * count
    forms = _commonest(written)
    terms = tuple(sys.intern(term) for term in sorted(weights))  # equal ones are pickled once
    content = (
        terms,
        tuple(sys.intern(forms[term]) for term in terms),
        tuple(weights[term] for term in terms),
        tuple(sys.intern(term) for term in sorted({term for term, _ in fields["title"]})),
        tuple(sorted(set(_items(document, "tags")))),
    )
    return Counts(hashlib.sha256(repr(content).encode()).hexdigest(), *content)


def related_from_counts(
    counts_by_id: Mapping[Any, Counts], k: int = 5, prefer: Collection[str] = frozenset()
) -> dict[Any, list[Related]]:
    """Return what :func:`related` returns; terms in ``prefer`` are the first choice as reasons."""
    ids = sorted(counts_by_id, key=str)  # the order given must not matter
    counts = [counts_by_id[name] for name in ids]
    rarity, vectors = _vectors(counts)
    best = [ranked[: max(k, 0)] for ranked in _rank(_near(vectors, max(_POOL, k)), counts, rarity)]
    liked = [(phrases, term) for term in sorted(prefer) if (phrases := _phrases(term))]
    why = {
        (row, other): _reasons(vectors[row], vectors[other], rarity, liked)
        for row, chosen in enumerate(best)
        for _, other in chosen
    }
    shown = set(chain.from_iterable(why.values()))
    pairs = chain.from_iterable(zip(c.terms, c.forms, strict=True) for c in counts)
    forms = _commonest(Counter(pair for pair in pairs if pair[0] in shown))
    found = {}
    for row, chosen in enumerate(best):
        found[ids[row]] = [
            Related(ids[other], score, tuple(dict.fromkeys(forms.get(t, t) for t in why[row, other])))
            for score, other in chosen
        ]  # fmt: skip
    return {name: found[name] for name in counts_by_id}


def _field(document: Any, name: str) -> Any:
    """Return a field of a mapping or of an object, None where it is missing."""
    return document.get(name) if isinstance(document, Mapping) else getattr(document, name, None)


def _items(document: Any, name: str) -> list[str]:
    """Return a field as a list of texts, whether it is a list, one text or missing."""
    value = _field(document, name) or ()
    return [value] if isinstance(value, str) else [str(item) for item in value]


def _terms(text: str) -> Iterator[tuple[str, str]]:
    """Yield each word and each phrase of two words: its stems, and how it is written."""
    last = last_form = ""
    pieces = _TOKEN.split(_NOISE.sub(" . ", text))  # gap, word, gap, word, ..., gap
    for gap, token in zip(pieces[::2], pieces[1::2], strict=False):
        glue = gap
        if gap not in _GLUE:
            glue = " "
            if _BREAK.search(gap):
                last = ""
        for form, stem in _words(token):
            if stem:
                yield stem, form
                if last:
                    yield f"{last} {stem}", f"{last_form}{glue}{form}" if glue else form
            elif form == "of" and last:  # "chain of thought" is a phrase
                last_form += " of"
                continue
            last, last_form, glue = stem, form, ""


@lru_cache(maxsize=1 << 17)
def _words(token: str) -> tuple[tuple[str, str], ...]:
    """Return how a token is written and its stem, twice for ``PyTorch``; "" for empty words."""
    word = re.split("['’]", token)[0]
    if token.endswith(("n't", "n’t")):
        return ((word, ""),)
    parts = [word] if word.islower() or word.isupper() else _CAMEL.split(word)
    return tuple((word, _stem(part)) for part in parts)


def _stem(word: str) -> str:
    """Return a word's stem, nothing if the word says nothing."""
    lower = word.lower()
    if lower in _STOP or (len(word) < 2 and word.isascii()):
        return ""
    if word[:-1].isupper() and word[-1] == "s":  # LLMs: the stemmer wants to see a vowel
        return lower[:-1]
    return str(_stemmer.stemWord(lower))


def _phrases(text: str) -> tuple[str, ...]:
    """Return the phrases of a term, its word if it is only one."""
    terms = [term for term, _ in _terms(text)]
    return tuple(term for term in terms if " " in term) or tuple(terms)


def _commonest(written: Mapping[tuple[str, str], int]) -> dict[str, str]:
    """Return how each term is mostly written; in doubt in small letters."""
    best: dict[str, tuple[int, str, str]] = {}
    for (term, form), count in written.items():
        key = (-count, form.swapcase(), form)
        if term not in best or key < best[term]:
            best[term] = key
    return {term: form for term, (_, _, form) in best.items()}


_Vector = dict[str, float]
_Ranked = list[tuple[float, int]]  # score and row, best first


def _vectors(counts: Sequence[Counts]) -> tuple[_Vector, list[_Vector]]:
    """Return how rare each term is, and each document's terms and #tags with their weights."""
    n = len(counts)
    users = Counter(chain.from_iterable(c.terms for c in counts))
    tagged = Counter(chain.from_iterable(c.tags for c in counts))
    rarity = {
        term: (math.log((1 + n) / (1 + df)) + 1) * (_PHRASE if " " in term else 1)
        for term, df in users.items()
        if df <= _COMMON
    }
    vectors = []
    for c in counts:
        text = {
            term: math.sqrt(weight) * rarity[term]
            for term, weight in zip(c.terms, c.weights, strict=True)
            if 1 < users[term] <= _COMMON
        }
        tags = {
            f"#{tag}": math.log((1 + n) / tagged[tag])
            for tag in c.tags
            if 1 < tagged[tag] <= _COMMON
        }
        vectors.append(_scaled(text, 1.0) | _scaled(tags, math.sqrt(_TAGS)))
    return rarity, vectors


def _scaled(vector: _Vector, length: float) -> _Vector:
    """Return ``vector`` made ``length`` long."""
    scale = length / (math.sqrt(math.fsum(x * x for x in vector.values())) or 1.0)
    return {term: x * scale for term, x in vector.items()}


def _near(vectors: Sequence[_Vector], pool: int) -> list[_Ranked]:
    """Return for each row its cosines above 0 with the rows it shares heavy terms with.

    About ``pool`` rows each, so that the work grows with the number of rows, not its square.
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
        cosine = _cosine(vectors[row], vectors[other])
        if cosine > 0:
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
    return round(sum(map(mul, short.values(), map(long.get, short, repeat(0.0)))), 9)


def _rank(near: Sequence[_Ranked], counts: Sequence[Counts], rarity: _Vector) -> list[_Ranked]:
    """Return the same pairs with their scores."""
    titles = [
        _shares({term: rarity[term] for term in c.title if term in rarity}) for c in counts
    ]
    titled = set(chain.from_iterable(titles))
    texts = [
        {t: w / (w + _SATURATION) for t, w in zip(c.terms, c.weights, strict=True) if t in titled}
        for c in counts
    ]
    most = max(1, min(_HUB_BEST, len(near) - 1))
    crowd = [max(1e-6, sum(x for x, _ in pairs[:most]) / most) ** _HUB_POWER for pairs in near]

    def mention(text: int, title: int) -> float:
        return sum(share * texts[text].get(t, 0.0) for t, share in titles[title].items())

    ranked = []
    for row, pairs in enumerate(near):
        scored = [
            (round(x * math.exp((mention(row, o) + mention(o, row)) / 2) / crowd[o], 6), o)
            for x, o in pairs
        ]
        ranked.append(sorted(scored, key=lambda pair: (-pair[0], pair[1])))
    return ranked


def _shares(vector: _Vector) -> _Vector:
    """Return each term's share of the whole."""
    whole = math.fsum(vector.values())
    return {term: x / whole for term, x in vector.items()}


def _reasons(
    a: _Vector, b: _Vector, rarity: _Vector, liked: Sequence[tuple[tuple[str, ...], str]]
) -> tuple[str, ...]:
    """Return the shared terms that count most, liked ones first; a phrase hides its words."""
    gains = {t: a[t] * b[t] * math.sqrt(rarity.get(t, 0.0)) for t in a.keys() & b.keys()}
    offers = [(gain * _appeal(t), t.split(), t) for t, gain in gains.items() if t[0] != "#"]
    offers += [(0.0, t[1:].split("-"), t[1:].replace("-", " ")) for t in gains if t[0] == "#"]
    for phrases, form in liked:
        if all(phrase in gains for phrase in phrases):
            gain = sum(gains[phrase] for phrase in phrases)
            offers.append((8 * gain, " ".join(phrases).split(), form))
    chosen: list[str] = []
    used: set[str] = set()
    for _, words, label in sorted(offers, key=lambda offer: (-offer[0], offer[2])):
        if len(chosen) < _REASONS and used.isdisjoint(words):
            used.update(words)
            chosen.append(label)
    return tuple(chosen)


_EMPTY = frozenset(
    _stem(word)
    for word in """approach case code curve data different form general method model new number
    part point problem result set system task text time type value work""".split()
)


def _appeal(term: str) -> float:
    """Return how much better than another word a term tells what two documents share."""
    return 4.0 if " " in term else 0.1 if term in _EMPTY else 1.0
