"""Fourteen messages, four ways to link them, and every walk to one query.

For the article on what to know before vector indexes: the graphs and walks that it draws.
"""

from __future__ import annotations

from labs.nearest import ASKED
from labs.neighbour_graphs import MESSAGES, Links, area, arriving, delaunay, greedy, near, spread
from labs.run import Experiment, Value

GRAPHS: dict[str, Links] = {
    "two": near(MESSAGES, 2),
    "three": near(MESSAGES, 3),
    "spread": spread(MESSAGES),
    "delaunay": delaunay(MESSAGES),
}


def run(_seed: int) -> dict[str, float]:
    """Return by graph how many walks arrive, and the links of a message."""
    found: dict[str, float] = {}
    for key, links in GRAPHS.items():
        ends = [greedy(MESSAGES, links, ASKED, start)[-1] for start in MESSAGES]
        found |= {
            f"{key}_starts": float(ends.count("F")),
            f"{key}_pairs": float(arriving(MESSAGES, links)),
            f"{key}_links": sum(map(len, links.values())) / len(links),
        }
    return found


def drawn() -> dict[str, Value]:
    """Return by graph its links and its walks to the query, from each start."""
    found: dict[str, Value] = {}
    for key, links in GRAPHS.items():
        found[f"{key}_neighbours"] = ["".join(links[name]) for name in MESSAGES]
        found[f"{key}_walks"] = [
            "".join(greedy(MESSAGES, links, ASKED, start)) for start in MESSAGES
        ]
    return found


#: What is nearer to B than to all others, within the frame of the map.
AREA = area(MESSAGES, "B", [(0, -1), (12, -1), (12, 13), (0, 13)])

EXPERIMENT = Experiment(
    title="Walks over fourteen messages, linked in four ways",
    run=run,
    check=lambda: run(0),
    fixed={
        "message": list(MESSAGES),
        "first": [point[0] for point in MESSAGES.values()],
        "second": [point[1] for point in MESSAGES.values()],
        "query": ASKED,
        "area_first": [round(corner[0], 3) for corner in AREA],
        "area_second": [round(corner[1], 3) for corner in AREA],
        **drawn(),
    },
)
