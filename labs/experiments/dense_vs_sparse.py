"""When do words find what vectors miss?  For the article on dense and sparse representations.

Questions are definitions of Webster's dictionary, documents are WordNet's; right is the one of the
same word. BM25, MiniLM and both together, by how many rare words question and answer share. Then
short notes that differ in a code only.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from labs.fusion import mixed, place_of, ranks, recall, reciprocal
from labs.keyword_search import Index, stem, terms
from labs.run import Experiment, Measured
from labs.two_dictionaries import pairs, sentence_vectors

DRAWN = 1500
RARE = 15  # documents, 1%
SHARED = (0, 1, 2, 3, 4)  # the last: four or more
WEIGHTS = tuple(round(0.05 * step, 2) for step in range(21))
BEST = 0.85  # of the weights tried, on average of the draws
K1S, BS = (0.0, 0.6, 1.2, 2.0), (0.0, 0.75)
KS, WINDOW = (1, 10, 60, 200), 100
NUMBERS = (8, 16, 32, 64, 128, 256, 384)
NOTES, ASKED = 500, 200
CAUSES = (
    "the cable is loose",
    "the password has expired",
    "the disk is full",
    "the printer has no paper",
    "the licence has ended",
)

Table = NDArray[np.float64]


def unit(x: NDArray[np.floating]) -> Table:
    """Return rows of length one."""
    rows = np.asarray(x, float)
    found: Table = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return found


def all_scores(index: Index, questions: list[list[str]]) -> Table:
    """Return the scores of all documents for every question."""
    return np.array([index.scores(question) for question in questions])


def fused(words: Table, dense: Table, k: float = 60, window: int = DRAWN) -> Table:
    """Return reciprocal ranks of both lists, added; each list has its first ``window``."""
    by_words = reciprocal(words, k, least=0) * (ranks(words) <= window)
    by_dense = reciprocal(dense, k) * (ranks(dense) <= window)
    both: Table = by_words + by_dense
    return both


def shared_rare(index: Index, questions: list[list[str]], documents: list[list[str]]) -> list[int]:
    """Return how many rare words each question shares with its right document."""
    both = (set(q) & set(d) for q, d in zip(questions, documents, strict=True))
    return [sum(index.documents_with(word) <= RARE for word in words) for words in both]


def by_shared(places: Table, shared: NDArray[np.int64]) -> list[float]:
    """Return recall@10 for each number of shared rare words."""
    return [recall(places[shared == number]) for number in SHARED]


def compressed(q: Table, d: Table, right: NDArray[np.int64]) -> dict[str, list[float] | float]:
    """Return recall@10 with fewer numbers (the directions of most spread) and with fewer bits."""
    middle = d.mean(0)
    _, _, directions = np.linalg.svd(d - middle, full_matrices=False)
    cut = []
    for count in NUMBERS:
        kept = directions[:count].T
        cut.append(recall(place_of(unit(q @ kept) @ unit(d @ kept).T, right)))
    step = np.abs(d).max() / 127
    bytewise = np.round(d / step)
    return {
        "cut": cut,
        "int8": recall(place_of(q @ bytewise.T, right)),
        "signs": recall(place_of(np.sign(q) @ np.sign(d).T, right)),
    }


def codes(seed: int) -> dict[str, float]:
    """Return how often a note is found by its code."""
    rng = np.random.default_rng([seed, 3])
    numbers = rng.choice(9000, size=NOTES, replace=False) + 1000
    causes = rng.integers(len(CAUSES), size=NOTES)
    notes = [f"error e{n}: {CAUSES[c]}" for n, c in zip(numbers, causes, strict=True)]
    questions = [f"what does error e{n} mean" for n in numbers[:ASKED]]
    right = np.arange(ASKED)
    words = all_scores(Index([terms(note) for note in notes]), [terms(q) for q in questions])
    found = unit(sentence_vectors(notes + questions))
    dense = found[NOTES:] @ found[:NOTES].T
    return {
        "code_words_1": recall(place_of(words, right), 1),
        "code_dense_1": recall(place_of(dense, right), 1),
        "code_dense_10": recall(place_of(dense, right), 10),
        "code_mixed_1": recall(place_of(mixed(words, dense, 0.5), right), 1),
        "code_ranks_1": recall(place_of(fused(words, dense), right), 1),
        "code_best_1": recall(place_of(mixed(words, dense, BEST), right), 1),
        "code_top_1": recall(place_of(mixed(words, dense, 0.5, WINDOW), right), 1),
    }


def run(seed: int) -> Measured:
    """Return everything that one draw of pairs measured."""
    everything = pairs()
    raw = sentence_vectors([text for _, *both in everything for text in both])
    chosen = np.random.default_rng([seed, 2]).permutation(len(everything))[:DRAWN]
    questions = [terms(everything[number][1]) for number in chosen]
    documents = [terms(everything[number][2]) for number in chosen]
    right = np.arange(DRAWN)
    index = Index(documents)
    words = all_scores(index, questions)
    shared = np.minimum(shared_rare(index, questions, documents), SHARED[-1])
    raw_q, raw_d = raw[2 * chosen].astype(float), raw[2 * chosen + 1].astype(float)
    q, d = unit(raw_q), unit(raw_d)
    dense = q @ d.T
    found: dict[str, list[float] | float] = {
        "pairs": float(len(everything)),
        "share": [float((shared == number).mean()) for number in SHARED],
    }

    def note(name: str, scores: Table) -> None:
        places = place_of(scores, right)
        found[name] = recall(places)
        found[f"{name}_first"] = recall(places, 1)
        found[f"{name}_shared"] = by_shared(places, shared)

    note("words", words)
    note("dense", dense)
    note("ranks", fused(words, dense))
    note("half", mixed(words, dense, 0.5))
    note("top", mixed(words, dense, 0.5, WINDOW))
    found["tops"] = [recall(place_of(mixed(words, dense, w, WINDOW), right)) for w in WEIGHTS]
    found["touched"] = float((words > 0).mean())
    mixes = [place_of(mixed(words, dense, weight), right) for weight in WEIGHTS]
    found["mixed"] = [recall(places) for places in mixes]
    for number in SHARED:
        chosen_places = [places[shared == number] for places in mixes]
        found[f"mixed_{number}"] = [recall(places) for places in chosen_places]
    stemmed_q = [[stem(word) for word in question] for question in questions]
    stemmed = Index([[stem(word) for word in document] for document in documents])
    note("stems", all_scores(stemmed, stemmed_q))
    found["stems_mixed"] = [
        recall(place_of(mixed(all_scores(stemmed, stemmed_q), dense, weight), right))
        for weight in WEIGHTS
    ]
    found["gain"] = recall(mixes[WEIGHTS.index(BEST)]) - recall(place_of(dense, right))
    found["stems_ranks"] = recall(place_of(fused(all_scores(stemmed, stemmed_q), dense), right))
    found["swept"] = [
        recall(place_of(all_scores(Index(documents, k1, b), questions), right))
        for k1 in K1S
        for b in BS
    ]
    by_words, by_dense = (place_of(scores, right) <= 10 for scores in (words, dense))
    found["only_words"] = float((by_words & ~by_dense).mean())
    found["only_dense"] = float((by_dense & ~by_words).mean())
    found["both"] = float((by_dense & by_words).mean())
    found["either"] = float((by_dense | by_words).mean())
    found["ranks_swept"] = [recall(place_of(fused(words, dense, k), right)) for k in KS]
    found["ranks_window"] = recall(place_of(fused(words, dense, window=WINDOW), right))
    raw_dot = raw_q @ raw_d.T
    far = (raw_d**2).sum(1) - 2 * raw_dot
    note("raw_dot", raw_dot)
    note("raw_near", -far)
    lengths = np.linalg.norm(raw_d, axis=1)
    found["length_spread"] = float(lengths.std() / lengths.mean())
    found["length_words"] = float(np.corrcoef(lengths, [len(text) for text in documents])[0, 1])
    close = np.argsort(-dense, axis=1)[:, :10]
    near = np.argsort(2 - 2 * dense, axis=1)[:, :10]
    found["unit_same"] = float((close == near).mean())
    found["entries_each"] = index.entries() / DRAWN
    found["vocabulary"] = float(len(index.lists))
    return found | compressed(q, d, right) | codes(seed)


def check() -> dict[str, list[float]]:
    """Return a part of it that needs no files: tiny texts, vectors drawn at random."""
    texts = [["a", "b"], ["b", "c", "c"], ["d"]]
    words = all_scores(Index(texts), [["a"], ["c", "b"], ["e"]])
    rng = np.random.default_rng(0)
    d = unit(rng.normal(size=(40, 16)))
    q = unit(d + 0.4 * rng.normal(size=d.shape))
    small = compressed(q, d, np.arange(40))
    return {
        "words": words.round(5).ravel().tolist(),
        "places": place_of(words, np.arange(3)).tolist(),
        "bits": [float(np.round(small[key], 2)) for key in ("int8", "signs")],
    }


EXPERIMENT = Experiment(
    title="Definitions of one dictionary found by those of another: words, vectors, both",
    run=run,
    check=check,
    fixed={
        "drawn": DRAWN,
        "rare": RARE,
        "shared": ["0", "1", "2", "3", "4 or more"],
        "weight": WEIGHTS,
        "best": BEST,
        "k1": [k1 for k1 in K1S for _ in BS],
        "b": [b for _ in K1S for b in BS],
        "k": KS,
        "window": WINDOW,
        "numbers": NUMBERS,
        "notes": NOTES,
        "asked": ASKED,
    },
    seeds=range(6),
)
