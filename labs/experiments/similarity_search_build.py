"""What building an index costs, in products.  For the article on similarity search.

Of a graph the walks are counted, and apart from them the choice among what they found.
And the map of the eight messages.
"""

from __future__ import annotations

import numpy as np

from labs.collection import SEARCHED, sample
from labs.experiments.similarity_search import BREADTH, LINKS, MIDDLES, PLANES, TABLES, cells_for
from labs.nearest import ASKED, MESSAGES
from labs.nearest import LINKS as LINKED
from labs.nearest_indexes import Graph
from labs.run import Experiment

#: Rounds of k-means, and the assignment after them.
ROUNDS = 10
#: The cell of each of the eight messages that the article draws.
CELL = ("payment",) * 3 + ("delivery",) * 3 + ("other",) * 2


def built(size: int, seed: int) -> tuple[float, float]:
    """Return the products for each vector, of walks and of choices, that a graph takes."""
    vectors = sample()[1][:SEARCHED]
    some = vectors[np.random.default_rng([seed, 1]).permutation(SEARCHED)[:size]]
    graph = Graph(some, LINKS, BREADTH, seed)
    graph.grow(size)
    return graph.cost / size, graph.choosing / size


def run(seed: int) -> dict[str, float]:
    """Return the products for each vector."""
    walks, choices = built(SEARCHED, seed)
    return {"graph": walks, "choices": choices}


def check() -> dict[str, float]:
    """Return a part of it that takes a second."""
    walks, choices = built(512, 0)
    return {"graph": round(walks), "choices": round(choices)}


EXPERIMENT = Experiment(
    title="Products for each vector while an index is built",
    run=run,
    check=check,
    fixed={
        "vectors": SEARCHED,
        "hash": PLANES * max(TABLES),
        "cells": cells_for(SEARCHED) * (ROUNDS + 1),
        "codes": MIDDLES * (ROUNDS + 1),
        "message": list(MESSAGES),
        "first": [point[0] for point in MESSAGES.values()],
        "second": [point[1] for point in MESSAGES.values()],
        "cell": CELL,
        "query": ASKED,
        "link_from": [a for a, others in LINKED.items() for b in others if a < b],
        "link_to": [b for a, others in LINKED.items() for b in others if a < b],
    },
    seeds=range(5),
)
