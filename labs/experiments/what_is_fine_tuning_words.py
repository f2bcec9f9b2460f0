"""What counting words brings, on the glosses of the article on fine-tuning.

The same draws as the article's other experiment: examples of eight kinds, taking turns, and others
to be tested on.
"""

from __future__ import annotations

from labs.run import Experiment
from labs.word_counts import sorted_rightly
from labs.wordnet import CATEGORIES, dealt

EXAMPLES = (16, 64, 256, 1024)
TESTED = 30  # of each category
KINDS = len(CATEGORIES)


def run(seed: int) -> dict[str, list[float]]:
    """Return the share sorted rightly by the number of examples."""
    each = max(EXAMPLES) // KINDS
    learned, tested = dealt((each, TESTED), seed)
    turns = [learned[kind * each + number] for number in range(each) for kind in range(KINDS)]
    return {"counted": [sorted_rightly(turns[:count], tested, KINDS) for count in EXAMPLES]}


def check() -> dict[str, list[float]]:
    """Return a part of it that needs no file."""
    learned = [("a dealer in cheap clothing", 0), ("a small wild cat", 1), ("a dealer", 0)]
    tested = [("a dealer in drugs", 0), ("a large wild dog", 1), ("a cat dealer", 1)]
    return {"counted": [sorted_rightly(learned, tested, 2)]}


EXPERIMENT = Experiment(
    title="Glosses sorted by counting words",
    run=run,
    check=check,
    fixed={"examples": EXAMPLES, "tested": TESTED * KINDS},
    seeds=range(5),
)
