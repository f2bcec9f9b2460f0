"""TEMPORARY stand-in by the lead until the engine arrives: overwrite freely."""

from typing import NamedTuple, Any


class Related(NamedTuple):
    id: str
    score: float
    reasons: tuple[str, ...]


class Counts(NamedTuple):
    digest: str


def count_terms(document: Any) -> Counts:
    import hashlib

    return Counts(hashlib.sha256(repr(document).encode()).hexdigest())


def related_from_counts(counts, k, prefer=frozenset()):
    ids = sorted(counts)
    return {i: [Related(j, 1.0, ("stand in",)) for j in ids if j != i][:k] for i in ids}
