"""MinHash against its theory, and what is left after each stage of a small pipeline.

For the article "From Data Curation to Checkpoints". All texts are made from the King James Bible
by seeded edits, so every machine gets the same ones.

Catch rate: passages beside a copy in which words were replaced, a copy to which other text was
added, and pairs of passages that the Bible itself holds twice. Each pair's true similarity is
computed, and whether bands of MinHash values catch it is tried with hash functions drawn anew.

Sieve: a crawl of pages with menus, copies, edited copies, junk and leaked tests, whose kinds are
known, goes through the stages of ``labs/sieve.py``.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import lru_cache
from itertools import combinations

import numpy as np

from labs import near_duplicates as lab
from labs import sieve
from labs.run import Experiment
from labs.texts import king_james

RUN = 5  # words in a run, as in FineWeb
BANDS, ROWS = (4, 7, 14, 28, 56), (1, 2, 4, 8, 16)
HASHES = max(BANDS) * max(ROWS)
BINS = tuple(round(0.05 * i, 2) for i in range(2, 20))  # similarity 0.10 to 0.95
EACH = 30  # pairs of each kind in a bin
KINDS = ("replaced", "added", "found")

Pair = tuple[str, float, list[int], list[int]]

ARTICLES, TESTS, LEAST = 400, 60, 60
STAGES = ("crawled", "extracted", "prose", "exact", "near", "clean")
SETTING = (14, 8)
EDITS = (0.01, 0.03, 0.06)  # share of words replaced in an edited copy
JUNK, LEAKED = -1, -2
MENU = "<nav>" + "home about the company products news contact us sign in search " * 3 + "</nav>"
FOOT = "<footer>all rights reserved terms of use privacy cookies imprint</footer>"


@lru_cache(maxsize=1)
def passages() -> list[list[str]]:
    """Return the words of each passage of the King James Bible."""
    return [sieve.words(line) for line in king_james().split("\n") if line.strip()]


@lru_cache(maxsize=1)
def twins() -> list[tuple[int, int, float]]:
    """Return pairs of passages of 30 words or more that are alike, and their similarity."""
    texts = passages()
    sets = [lab.shingles(text, RUN) for text in texts]
    holders: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for place, runs in enumerate(sets):
        if len(texts[place]) >= 30:
            for run in runs:
                holders[run].append(place)
    shared: Counter[tuple[int, int]] = Counter()
    for places in holders.values():
        if len(places) <= 60:
            shared.update(combinations(places, 2))
    found = [(i, j, lab.jaccard(sets[i], sets[j])) for i, j in shared]
    return sorted(pair for pair in found if pair[2] >= BINS[0])


def replaced(text: list[str], share: float, rng: np.random.Generator) -> list[str]:
    """Return a text in which about ``share`` of the words, anywhere, are others."""
    every = passages()
    new = list(text)
    for place in np.flatnonzero(rng.random(len(text)) < share):
        other = every[int(rng.integers(len(every)))]
        new[place] = other[int(rng.integers(len(other)))]
    return new


def added(text: list[str], similarity: float, rng: np.random.Generator) -> list[str]:
    """Return a text with so much foreign text behind it that the two are about so similar."""
    need = round(len(text) * (1 / similarity - 1))
    new = list(text)
    while len(new) < len(text) + need:
        new += passages()[int(rng.integers(len(passages())))]
    return new[: len(text) + need]


def pairs(rng: np.random.Generator) -> list[Pair]:
    """Return kind, true similarity and the codes of both texts, for each pair."""
    long = [text for text in passages() if len(text) >= LEAST]
    found: list[Pair] = []
    for target in BINS:
        for kind in KINDS[:2]:
            for place in rng.choice(len(long), EACH, replace=False):
                text = long[place]
                if kind == "replaced":
                    survive = 2 * target / (1 + target)  # share of runs left, so that J = target
                    other = replaced(text, 1 - survive ** (1 / RUN), rng)
                else:
                    other = added(text, target, rng)
                found.append(_pair(kind, text, other))
    return found + [_pair("found", passages()[i], passages()[j]) for i, j, _ in twins()]


def _pair(kind: str, one: list[str], other: list[str]) -> Pair:
    """Return kind, true similarity and codes of two texts."""
    sets = lab.shingles(one, RUN), lab.shingles(other, RUN)
    return kind, lab.jaccard(*sets), lab.coded(sets[0]), lab.coded(sets[1])


def near(similarity: float) -> int | None:
    """Return the place of the bin, 0.05 wide, that a similarity falls into."""
    place = round(similarity / 0.05) - 2
    return place if 0 <= place < len(BINS) else None


def catch(seed: int) -> dict[str, list[float] | float]:
    """Return by similarity the share of pairs caught, and what theory expects of these pairs."""
    rng = np.random.default_rng([seed, 1])
    hashes = lab.drawn(HASHES, seed)
    settings = [(b, r) for b in BANDS for r in ROWS]
    hits: dict[str, list[list[float]]] = {}
    for kind, similarity, one, other in pairs(rng):
        place = near(similarity)
        if place is None:
            continue
        signatures = lab.signature(one, *hashes), lab.signature(other, *hashes)
        for bands, rows in settings:
            got = float(lab.same_band(*signatures, bands, rows))
            due = lab.caught(similarity, bands, rows)
            for name in (f"{bands}x{rows}", *([f"{kind}"] if (bands, rows) == SETTING else [])):
                hits.setdefault(f"caught_{name}", [[] for _ in BINS])[place].append(got)
                hits.setdefault(f"due_{name}", [[] for _ in BINS])[place].append(due)
    found = {name: [float(np.mean(b)) if b else 0.0 for b in bins] for name, bins in hits.items()}
    gaps = [
        abs(a - b)
        for name in found
        if name.startswith("caught_") and "x" in name
        for a, b in zip(found[name], found[name.replace("caught", "due")], strict=True)
    ]
    return {
        **found,
        "gap": float(np.mean(gaps)),
        "largest_gap": max(gaps),
        "twins": float(len(twins())),
    }


def crawl(rng: np.random.Generator) -> tuple[list[str], list[int], list[str]]:
    """Return pages, which article each is a copy of, and texts of the tests.

    Pages of junk have ``JUNK`` instead, leaked tests ``LEAKED``.
    """
    long = [" ".join(text) for text in passages() if len(text) >= LEAST]
    chosen = [long[place] for place in rng.permutation(len(long))[: ARTICLES + TESTS]]
    tests, articles = chosen[:TESTS], chosen[TESTS:]
    texts = list(zip(articles, range(ARTICLES), strict=True))
    copied = rng.choice(ARTICLES, ARTICLES, p=_popular(ARTICLES))
    texts += [(articles[place], int(place)) for place in copied]
    for place in rng.choice(ARTICLES, ARTICLES // 2):
        changed = replaced(articles[place].split(), float(rng.choice(EDITS)), rng)
        texts.append((" ".join(changed), int(place)))
    texts += [(text, LEAKED) for text in tests[: TESTS // 2]]
    letters = list("abcdefghijklmnopqrstuvwxyz")
    for _ in range(ARTICLES // 4):
        made = ["".join(rng.choice(letters, rng.integers(2, 9))) for _ in range(150)]
        texts.append((" ".join(made), JUNK))
        texts.append(("add to basket and compare prices " * int(rng.integers(10, 40)), JUNK))
    pages = [f"<html><body>{MENU}<p>{text}</p>{FOOT}</body></html>" for text, _ in texts]
    order = rng.permutation(len(texts))
    return [pages[i] for i in order], [texts[i][1] for i in order], tests


def _popular(count: int) -> list[float]:
    """Return how likely each article is copied: the second half as often as the first."""
    weights = 1 / np.arange(1, count + 1)
    shares: list[float] = (weights / weights.sum()).tolist()
    return shares


def sift(seed: int) -> dict[str, list[float] | float]:
    """Return words and pages left after each stage, and what became of each kind of page."""
    pages, kinds, tests = crawl(np.random.default_rng([seed, 2]))
    texts = [sieve.extracted(page) for page in pages]
    found: dict[str, list[float]] = {}

    def note(texts: list[str], alive: list[int]) -> None:
        families = [kinds[i] for i in alive if kinds[i] >= 0]
        for name, count in {
            "words": sum(len(sieve.words(texts[i])) for i in alive),
            "pages": len(alive),
            "articles": len(set(families)),
            "superfluous": len(families) - len(set(families)),
            "junk": sum(kinds[i] == JUNK for i in alive),
            "leaked": sum(kinds[i] == LEAKED for i in alive),
        }.items():
            found.setdefault(name, []).append(float(count))

    alive = list(range(len(pages)))
    note(pages, alive)
    note(texts, alive)
    alive = [i for i in alive if sieve.looks_like_prose(texts[i])]
    note(texts, alive)
    alive = [alive[i] for i in sieve.first_copies([texts[i] for i in alive])]
    note(texts, alive)
    hashes = lab.drawn(SETTING[0] * SETTING[1], seed + 1000)
    signatures = [
        lab.signature(lab.coded(lab.shingles(sieve.words(texts[i]), RUN)), *hashes) for i in alive
    ]
    links = lab.candidates(signatures, *SETTING)
    counts = {"compared": float(len(links)), "all_pairs": len(alive) * (len(alive) - 1) / 2}
    alive = [alive[i] for i in lab.kept(len(alive), links)]
    note(texts, alive)
    forbidden = set().union(*(sieve.runs_of(test) for test in tests))
    alive = [i for i in alive if not sieve.contaminated(texts[i], forbidden)]
    note(texts, alive)
    shares = [count / found["words"][0] for count in found["words"]]
    return {**found, **counts, "share": shares}


def run(seed: int) -> dict[str, list[float] | float]:
    """Return everything that one seed measured."""
    return catch(seed) | sift(seed)


def check() -> dict[str, list[float] | float]:
    """Return a part of it that takes seconds."""
    return sift(0)


EXPERIMENT = Experiment(
    title="MinHash against its theory, and what a small pipeline leaves of a crawl",
    run=run,
    check=check,
    fixed={
        "similarity": BINS,
        "band": BANDS,
        "row": ROWS,
        "stage": STAGES,
        "run_of_words": RUN,
        "each": EACH,
        "edits": EDITS,
    },
    seeds=range(5),
)
