"""Search by words: BM25, the inverted index, and weights for words that are learned."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float64]


def terms(text: str) -> list[str]:
    """Return the words of ``text`` in lower case, signs left out."""
    return re.findall(r"[a-z0-9]+", text.lower())


def rarity(documents_with: int, documents: int) -> float:
    """Return the weight of a word that ``documents_with`` of all documents have."""
    return math.log(1 + (documents - documents_with + 0.5) / (documents_with + 0.5))


def saturated(count: float, length: float, usual: float, k1: float = 1.2, b: float = 0.75) -> float:
    """Return what ``count`` mentions are worth in a document that has ``length`` words."""
    return count * (k1 + 1) / (count + k1 * (1 - b + b * length / usual))


def bm25(query: str, document: str, documents: Sequence[str]) -> float:
    """Return the score of a document: of each word asked for, rarity times mentions."""
    sets = [set(terms(text)) for text in documents]
    usual = sum(len(terms(text)) for text in documents) / len(documents)
    found = Counter(terms(document))
    return sum(
        rarity(sum(word in one for one in sets), len(documents))
        * saturated(found[word], found.total(), usual)
        for word in terms(query)
        if found[word]
    )


def sparse_dot(query: Mapping[str, float], document: Mapping[str, float]) -> float:
    """Return the sum over shared words of the products of their weights."""
    return sum(weight * document.get(word, 0.0) for word, weight in query.items())


class Index:
    """An inverted index: for each word the documents that have it, and what it is worth there."""

    def __init__(self, documents: Sequence[Sequence[str]], k1: float = 1.2, b: float = 0.75):
        self.size = len(documents)
        self.usual = sum(map(len, documents)) / self.size
        lists: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for number, words in enumerate(documents):
            for word, count in Counter(words).items():
                worth = saturated(count, len(words), self.usual, k1, b)
                lists[word].append((number, worth))
        self.lists = {
            word: (np.array([n for n, _ in found]), np.array([worth for _, worth in found]))
            for word, found in lists.items()
        }

    def documents_with(self, word: str) -> int:
        """Return how many documents have the word."""
        return len(self.lists[word][0]) if word in self.lists else 0

    def entries(self) -> int:
        """Return how many pairs of word and document are kept."""
        return sum(len(numbers) for numbers, _ in self.lists.values())

    def scores(self, query: Sequence[str]) -> Scores:
        """Return the score of every document; only lists of words asked for are read."""
        found = np.zeros(self.size)
        for word in query:
            if word in self.lists:
                numbers, worth = self.lists[word]
                found[numbers] += rarity(len(numbers), self.size) * worth
        return found


ENDINGS = ("ations", "ation", "ness", "ings", "ing", "ies", "ed", "es", "ly", "s", "y", "e")


def stem(word: str) -> str:
    """Return the word without a common ending, where at least four letters are left."""
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word
