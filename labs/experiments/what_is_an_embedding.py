"""What do vectors learned from the King James Bible hold?  For the article on embeddings.

Skip-gram with negative sampling is trained five times, in two widths of window, and compared with
counted neighbours. Analogies are asked with and without the three given words as answers, also of
MiniLM's table of words.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from labs.analogies import PAIRS
from labs.minilm import load
from labs.run import Experiment, Measured
from labs.texts import king_james
from labs.word_vectors import (
    Floats,
    Ids,
    answered,
    compressed,
    cooccurrences,
    cosine,
    nearest,
    neighbours,
    numbered,
    ppmi,
    questions,
    thinned,
    train,
    unit,
    words_of,
)

LEAST = 10
WIDTH, NEGATIVES, SHARE = 100, 5, 1e-3
WINDOW, NARROW = 5, 2
PASSES, RATE = 10, 0.025  # lowest loss on text held out, of 10 and 20 passes at 0.0125 to 0.05
SEEDS = 5
NEAR = 10
BANDS = (10, 30, 100, 300, 1000)
WIDTHS = (5, 10, 25, 50, 100, 200, 400)
SECTIONS = tuple(name for name in PAIRS if name != "capital")
#: The famous analogy, then the first question of each section whose words the Bible has: a is to b
#: as c is to d.
ASKED = (
    ("man", "king", "woman", "queen"),
    ("brother", "sister", "father", "mother"),
    ("bad", "worse", "good", "better"),
    ("fly", "flying", "go", "going"),
    ("falling", "fell", "going", "went"),
    ("bird", "birds", "bottle", "bottles"),
)
#: For each of them the words nearest on the mean of the seeds, for the Bible and for MiniLM.
SHOWN: dict[str, tuple[str, ...]] = {
    "bible": (
        "king queen vashti banquet esther played rab ben",
        "father sister ruth mother rachel leah hannah sarai",
        "worse good foolishness err vanities corrupt provoke otherwise",
        "go seemeth approach glean play get best fetch",
        "fell going ziklag blew rehob geba drew ziph",
        "bottle meal loaves cake cakes barley drank figs",
    ),
    "minilm": (
        "king queen kings woman monarch monarchy queens princess",
        "father dad sister fathers parents mother daughter mom",
        "worse good better excellent best great terrific stronger",
        "go went goes gone going flying goin staying",  # codespell:ignore goin
        "going went go gonna goin goes gone fell",  # codespell:ignore goin
        "bottle bottles bottled jars sip drinks glass sipped",
    ),
}
#: What the article prints as nearest: by skip-gram on the mean of the seeds, and by counting.
NEIGHBOURS = {
    "queen": ("vashti esther banquet mordecai haman", "esther vashti ahasuerus haman mordecai"),
    "bread": ("unleavened leavened eat morsel bottle", "unleavened eat drink eaten meat"),
    "sword": ("pestilence famine destroying slain edge", "slain slaughter arrows bow pestilence"),
    "egypt": ("pharaoh frogs egyptians bondage flies", "land pharaoh forth pharaoh's brought"),
    "gold": ("silver brass spoons basons overlaid", "silver pure brass talents vessels"),
    "she": ("her herself weaned husband conceived", "her wife conceived bare daughter"),
}
#: For "man is to doctor as woman is to …" in MiniLM's table.
JOBS = ("doctor", "physician", "nurse")
#: Ten pairs of opposites, written down before they were looked up.
OPPOSITES = (
    "good evil day night heaven earth light darkness life death man woman right left "
    "great small rich poor war peace"
).split()


@lru_cache(maxsize=1)
def text() -> tuple[list[str], np.ndarray, Ids]:
    """Return words, counts and rows of the King James Bible."""
    return numbered(words_of(king_james()), LEAST)


@lru_cache(maxsize=2 * SEEDS)
def tables(seed: int, window: int) -> tuple[Floats, Floats]:
    """Return both trained tables."""
    _, counts, rows = text()
    return train(
        rows,
        counts,
        width=WIDTH,
        window=window,
        negatives=NEGATIVES,
        passes=PASSES,
        rate=RATE,
        share=SHARE,
        seed=seed,
    )


@lru_cache(maxsize=1)
def counted() -> tuple[Floats, Floats]:
    """Return the table of counted neighbours, and its compression to the largest of ``WIDTHS``."""
    words, _, rows = text()
    table = ppmi(cooccurrences(rows, len(words), WINDOW))
    return unit(table), compressed(table, max(WIDTHS))


@lru_cache(maxsize=1)
def minilm() -> tuple[list[str], Floats]:
    """Return MiniLM's whole words and their rows, of length one."""
    params, vocabulary = load()
    rows = {word: row for word, row in vocabulary.items() if word.isascii() and word.isalpha()}
    return list(rows), unit(np.asarray(params["words"], float)[list(rows.values())])


def asked(words: list[str], section: str) -> Ids:
    """Return all questions of a section whose words there are."""
    row = {word: number for number, word in enumerate(words)}
    return questions([(row[a], row[b]) for a, b in PAIRS[section] if a in row and b in row])


def quiz(words: list[str], vectors: Floats, sections: tuple[str, ...]) -> dict[str, list[float]]:
    """Return shares of answers, a number for each section and one for the mean of the sections."""
    found: dict[str, list[float]] = {"right": [], "free": [], "given": [], "third": [], "alone": []}
    for section in sections:
        which = asked(words, section)
        free = answered(vectors, which, exclude=False)
        found["right"].append((answered(vectors, which) == which[:, 3]).mean())
        found["free"].append((free == which[:, 3]).mean())
        found["given"].append((free[:, None] == which[:, :3]).any(1).mean())
        found["third"].append((free == which[:, 2]).mean())
        found["alone"].append((answered(vectors, which, offset=False) == which[:, 3]).mean())
    return {key: [*map(float, part), float(np.mean(part))] for key, part in found.items()}


def overlap(ours: Floats, theirs: Floats, rows: Ids) -> float:
    """Return which share of the ten nearest words two tables have in common."""
    shared = [
        len({*nearest(ours, row, NEAR).tolist()} & {*nearest(theirs, row, NEAR).tolist()})
        for row in rows
    ]
    return float(np.mean(shared)) / NEAR


def in_band(band: int) -> Ids:
    """Return the rows of up to 200 words of a band of counts, evenly spread over it."""
    _, counts, _ = text()
    upper = [*BANDS[1:], counts.max() + 1][band]
    rows = np.flatnonzero((counts >= BANDS[band]) & (counts < upper)).astype(np.int32)
    picked: Ids = rows[np.linspace(0, len(rows) - 1, min(200, len(rows))).astype(int)]
    return picked


def agreement(seed: int) -> Measured:
    """Return in what two trainings agree."""
    ours, theirs = (unit(tables(s % SEEDS, WINDOW)[0]) for s in (seed, seed + 1))
    rng = np.random.default_rng(seed)
    a, b = rng.integers(0, len(ours), size=(2, 20_000))
    pairs = [(table[a] * table[b]).sum(1) for table in (ours, theirs)]
    return {
        "overlap": [overlap(ours, theirs, in_band(band)) for band in range(len(BANDS))],
        "overlap_counted": [overlap(ours, counted()[0], in_band(k)) for k in range(len(BANDS))],
        "same_word": float(np.abs((ours * theirs).sum(1)).mean()),
        "same_cosines": float(np.corrcoef(*pairs)[0, 1]),
    }


def sums(words: list[str], vectors: Floats, table: str) -> Measured:
    """Return the cosines of the words shown with b − a + c, for each analogy asked."""
    row = {word: number for number, word in enumerate(words)}
    found: dict[str, list[float]] = {}
    for number, (a, b, c, _) in enumerate(ASKED):
        wanted = vectors[row[b]] - vectors[row[a]] + vectors[row[c]]
        shown = SHOWN[table][number].split()
        found[f"cosine_{table}_{number}"] = [cosine(vectors[row[word]], wanted) for word in shown]
    return found


def kept(words: list[str], vectors: Floats, column: int) -> float:
    """Return which share of the neighbours that are printed is among a table's ten nearest."""
    row = {word: number for number, word in enumerate(words)}
    shares = [
        len({*printed[column].split()} & {words[n] for n in nearest(vectors, row[word], NEAR)}) / 5
        for word, printed in NEIGHBOURS.items()
    ]
    return float(np.mean(shares))


def jobs() -> list[float]:
    """Return cosines with doctor − man + woman in MiniLM's table."""
    words, vectors = minilm()
    at = {word: vectors[words.index(word)] for word in (*JOBS, "man", "woman")}
    return [cosine(at[job], at["doctor"] - at["man"] + at["woman"]) for job in JOBS]


def opposed(words: list[str], vectors: Floats) -> float:
    """Return which share of the opposites is among the ten nearest words of its partner."""
    row = {word: number for number, word in enumerate(words)}
    pairs = list(zip(OPPOSITES[::2], OPPOSITES[1::2], strict=True))
    near = [
        row[b] in nearest(vectors, row[a], NEAR) for a, b in [*pairs, *(p[::-1] for p in pairs)]
    ]
    return float(np.mean(near))


def factored(seed: int) -> float:
    """Return how scores of pairs seen ten times or more go with their mutual information."""
    words, counts, rows = text()
    inner, outer = tables(seed, WINDOW)
    rng = np.random.default_rng(seed)
    together = np.zeros((len(words), len(words)))
    for _ in range(PASSES):
        pair = neighbours(thinned(rows, counts, SHARE, rng), WINDOW, rng)
        flat = np.bincount(
            pair[0].astype(np.int64) * len(words) + pair[1], minlength=len(words) ** 2
        )
        together += flat.reshape(together.shape) / PASSES
    shown = together >= 10
    expected = together.sum(1, keepdims=True) * together.sum(0) / together.sum()
    information = np.log(together[shown] / expected[shown])
    return float(np.corrcoef(information, (inner @ outer.T)[shown])[0, 1])


def run(seed: int) -> Measured:
    """Return everything that one seed measured."""
    words = text()[0]
    made = {
        "skip": unit(tables(seed, WINDOW)[0]),
        "narrow": unit(tables(seed, NARROW)[0]),
        "counted": counted()[0],
        "squeezed": unit(counted()[1][:, :WIDTH]),
    }
    found: dict[str, float | Sequence[float]] = {}
    for name, vectors in made.items():
        found |= {f"{key}_{name}": part for key, part in quiz(words, vectors, SECTIONS).items()}
    there = quiz(*minilm(), SECTIONS)
    found |= {f"{key}_minilm": part for key, part in there.items()}
    found |= {f"{key}_capital": part[0] for key, part in quiz(*minilm(), ("capital",)).items()}
    found["by_width"] = [
        quiz(words, unit(counted()[1][:, :width]), SECTIONS)["right"][-1] for width in WIDTHS
    ]
    found |= dict(agreement(seed)) | {"factored": factored(seed)}
    found |= dict(sums(words, made["skip"], "bible")) | dict(sums(*minilm(), "minilm"))
    found |= {
        "printed": kept(words, made["skip"], 0),
        "printed_counted": kept(words, made["counted"], 1),
    }
    found |= {
        "questions": sum(len(asked(words, section)) for section in SECTIONS),
        "questions_minilm": sum(len(asked(minilm()[0], section)) for section in SECTIONS),
        "jobs": jobs(),
        "opposites": opposed(words, made["skip"]),
        "opposites_minilm": opposed(*minilm()),
    }
    return found


def check() -> dict[str, list[float]]:
    """Return a part of it that takes seconds: a few chapters, one short training."""
    words, counts, rows = numbered(words_of(king_james()[:200_000]), LEAST)
    inner, _ = train(
        rows, counts, width=10, window=2, negatives=2, passes=1, rate=RATE, share=SHARE, seed=0
    )
    table = ppmi(cooccurrences(rows, len(words), 2))
    return {
        "sizes": [len(words), len(rows)],
        "length": [round(float(np.sqrt((inner**2).sum(1)).mean()), 2)],
        "information": [round(float(table.mean()), 4)],
    }


EXPERIMENT = Experiment(
    title="Vectors of words from the King James Bible: neighbours, analogies, and what seeds share",
    run=run,
    check=check,
    fixed={
        "section": [*SECTIONS, "mean"],
        "pairs": [sum({a, b} <= set(text()[0]) for a, b in PAIRS[section]) for section in SECTIONS],
        "widths": WIDTHS,
        "passes": PASSES,
        "width": WIDTH,
        "window": WINDOW,
        "narrow": NARROW,
        "negatives": NEGATIVES,
        "vocabulary": len(text()[0]),
        "running": len(text()[2]),
        "band": BANDS,
        "opposite": OPPOSITES,
        "job": JOBS,
        **{f"asked_{number}": list(asked) for number, asked in enumerate(ASKED)},
        **{
            f"shown_{table}_{number}": words.split()
            for table, shown in SHOWN.items()
            for number, words in enumerate(shown)
        },
    },
    seeds=range(SEEDS),
)
