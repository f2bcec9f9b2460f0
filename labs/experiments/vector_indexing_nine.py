"""Nine messages: the cells that k-means finds, and the links of HNSW before and after the ninth.

For the article on vector indexing. Nothing is measured, all is computed.
"""

from __future__ import annotations

from labs.nearest import ASKED, LINKS
from labs.ninth_message import NINE, grown, means
from labs.run import Experiment

#: Where k-means starts.
STARTS = "ADG"


def cells() -> list[str]:
    """Return the cell of each message, named by its middle, after k-means has settled."""
    middles = [NINE[name] for name in STARTS]
    while True:
        groups, moved = means(middles)
        if moved == middles:
            break
        middles = moved
    names = [f"({first:.0f}, {second:.0f})" for first, second in middles]
    return [
        next(c for c, group in zip(names, groups, strict=True) if name in group) for name in NINE
    ]


def pairs(links: dict[str, str]) -> set[str]:
    """Return each pair that is linked in at least one direction, its letters in order."""
    return {min(a, b) + max(a, b) for a, others in links.items() for b in others}


def lines() -> dict[str, list[str]]:
    """Return every line of the map and whether it was kept, added, or lost in one direction."""
    before, after = dict(LINKS), grown()[1]
    kinds = {}
    for pair in sorted(pairs(before) | pairs(after)):
        a, b = pair[0], pair[1]
        if pair not in pairs(before):
            kinds[pair] = "new"
        elif b in after[a] and a in after[b]:
            kinds[pair] = "kept"
        else:
            kinds[pair] = "one way" if pair in pairs(after) else "gone"
    return {"line": list(kinds), "line_kind": list(kinds.values())}


def run(_: int) -> dict[str, float]:
    """Return how many links there are in the lower layer, each direction counted."""
    return {"links": float(sum(len(others) for others in grown()[1].values()))}


EXPERIMENT = Experiment(
    title="Nine messages: cells, and links before and after the ninth",
    run=run,
    check=lambda: run(0),
    fixed={
        "message": list(NINE),
        "first": [point[0] for point in NINE.values()],
        "second": [point[1] for point in NINE.values()],
        "cell": cells(),
        "query": ASKED,
        **lines(),
    },
)
