"""Two definitions of the same word, from two dictionaries, as a test of search.

GCIDE (GPL) is Webster's of 1913 with additions; the other is WordNet 3.0. Only scores are kept, no
text. The files come with Debian's packages dict-gcide and dict-wn; ``labs/README.md`` says how to
get them. Vectors are kept in ``_build/dense-vs-sparse``, so that they are computed once.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from labs.glosses import WORDNET, WORDNET_SHA256
from labs.minilm import encode, load, padded, vectors
from labs.pinned import pinned

GCIDE = Path(__file__).parents[1] / "_build" / "gcide" / "gcide.dict.dz"
GCIDE_SHA256 = "3e6b2cdcbc1b3664c2f1466e3c8e44012e815c4c67fa83fa61f39777cd6e8517"
CACHE = Path(__file__).parents[1] / "_build" / "dense-vs-sparse"
WORDS = (4, 30)
BATCH = 32

_HEAD = re.compile(r"([A-Za-z][A-Za-z' -]*) \\[^\\]*\\")
#: Later additions, some of them WordNet's own words, and entries with several senses.
_OTHER = re.compile(r"WordNet|PJC|^\s+1\. ", re.M)
_NOUN = re.compile(r"^[^\n]*\bn\.")


def plain(text: str) -> str:
    """Return a definition without notes in brackets, braces, authors and examples."""
    text = re.sub(r"\[[^\]]*\]|\([^)]*\)", " ", text)
    text = re.split(r"--|;?\s+as,|\b(?:Syn|Note):|\"", text)[0]
    return " ".join(re.sub(r"[{}]|\([^)]*$", "", text).split()).strip(" .;:,")


def webster(dictionary: str) -> dict[str, str]:
    """Return the definition of each noun that has one entry with one sense, not from WordNet."""
    entries: dict[str, list[str]] = {}
    for block in re.split(r"\n(?=\S)", dictionary):
        if begun := _HEAD.match(block):
            entries.setdefault(begun[1].strip().lower(), []).append(block)
    found = {}
    for word, blocks in entries.items():
        block = blocks[0]
        if len(blocks) > 1 or "[1913 Webster]" not in block or _OTHER.search(block):
            continue
        head, _, body = block.partition("\n   ")
        rest = body
        while rest and "[" in head and head.count("[") > head.count("]"):
            line, _, rest = rest.partition("\n   ")
            head += " " + line
        if not _NOUN.match(head.replace("\n", " ")):
            continue
        sense = re.split(r"\n\s*\n|\[1913 Webster\]|\n\s+\{", rest)[0]
        if re.match(r"\s*(?:Same as|See|Alt\. of|\{|pl\.)", sense):
            continue
        found[word] = plain(sense)
    return found


def wordnet(dictionary: str) -> dict[str, str]:
    """Return the gloss of each noun that has one sense and is nothing but a noun."""
    found = {}
    for block in re.split(r"\n(?=\S)", dictionary):
        word, _, body = block.partition("\n")
        if len(re.findall(r"^\s+(?:(?:n|v|adj|adv) )?\d+: ", body, re.M)) > 1:
            continue
        if sense := re.match(r"\s+n(?: 1:)? (.*)", body, re.S):
            text = re.split(r'["\[]', sense[1])[0]
            found[word.strip().lower()] = plain(text.split(";")[0])
    return found


def paired(first: dict[str, str], second: dict[str, str]) -> list[tuple[str, str, str]]:
    """Return word, question and document where both dictionaries explain it at a usual length.

    Neither may name the word itself, and no text may come twice.
    """
    found: list[tuple[str, str, str]] = []
    seen: set[str] = set()
    for word in sorted(first.keys() & second.keys()):
        pair = first[word], second[word]
        lengths = [len(text.split()) for text in pair]
        named = any(word[:4] in text.lower() for text in pair)
        if named or seen & set(pair) or not all(WORDS[0] <= n <= WORDS[1] for n in lengths):
            continue
        seen |= set(pair)
        found.append((word, *pair))
    return found


def _read(path: Path, sha256: str) -> str:
    return gzip.decompress(pinned(path, sha256)).decode("utf-8", "replace")


@lru_cache(maxsize=1)
def pairs() -> list[tuple[str, str, str]]:
    """Return all pairs of definitions.

    Raises: FileNotFoundError, or ValueError if a file is another than the pinned one.
    """
    return paired(webster(_read(GCIDE, GCIDE_SHA256)), wordnet(_read(WORDNET, WORDNET_SHA256)))


def sentence_vectors(texts: Sequence[str]) -> NDArray[np.float32]:
    """Return MiniLM's vectors of texts as they are before their length is made one.

    What was computed once is read from a file named after the texts.
    """
    name = hashlib.sha256("\0".join(texts).encode()).hexdigest()[:16]
    path = CACHE / f"{name}.npy"
    if path.exists():
        kept: NDArray[np.float32] = np.load(path)
        return kept
    params, vocabulary = load()
    rows = [encode(text, vocabulary) for text in texts]
    order = sorted(range(len(rows)), key=lambda number: len(rows[number]))
    found = np.zeros((len(rows), 384), np.float32)
    for start in range(0, len(order), BATCH):
        chosen = order[start : start + BATCH]
        longest = max(len(rows[number]) for number in chosen)
        ids, real = padded([rows[number] for number in chosen], -(-longest // 8) * 8)
        found[chosen] = vectors(params, jnp.asarray(ids), jnp.asarray(real), 12)
    CACHE.mkdir(parents=True, exist_ok=True)
    np.save(path, found)
    return found
