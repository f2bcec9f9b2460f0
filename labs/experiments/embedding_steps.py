"""How training moves five words in a plane.  For the article on embeddings."""

from __future__ import annotations

import numpy as np

from labs.run import Experiment, Measured
from labs.word_vectors import COUNTS, WORDS, cosine, learned

STEPS, SHOWN = 200, 2  # every second step is kept for the drawing
STARTS = {"first": 0, "second": 2}


def run(_seed: int) -> Measured:
    """Return where each word is after each step, and cosines at the end, for two starts."""
    found: dict[str, float | list[float]] = {}
    for name, start in STARTS.items():
        path = learned(COUNTS, 2, STEPS, start)
        for row, word in enumerate(WORDS):
            found[f"{name}_{word}_x"] = path[::SHOWN, row, 0].round(4).tolist()
            found[f"{name}_{word}_y"] = path[::SHOWN, row, 1].round(4).tolist()
        found[f"{name}_cosines"] = [round(cosine(path[-1, 0], other), 4) for other in path[-1, 1:]]
        found[f"{name}_before"] = [round(cosine(path[0, 0], other), 4) for other in path[0, 1:]]
    path = learned(COUNTS, 3, STEPS, STARTS["first"])
    found["three_cosines"] = [round(cosine(path[-1, 0], other), 4) for other in path[-1, 1:]]
    return found


EXPERIMENT = Experiment(
    title="Five words moved by skip-gram with negative sampling",
    run=run,
    check=lambda: dict(run(0)),
    fixed={
        "step": list(range(0, STEPS + 1, SHOWN)),
        "other": list(WORDS[1:]),
        "steps": STEPS,
        "counts": np.asarray(COUNTS).sum(1).tolist(),
    },
)
