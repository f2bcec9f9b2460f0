"""How far does counting words get?  A yardstick for the article on fine-tuning.

The glosses, draws and tests are those on which MiniLM is tuned.
"""

from __future__ import annotations

from labs.run import Experiment
from labs.word_counts import naive_bayes, sorted_into
from labs.wordnet import CATEGORIES, dealt

EXAMPLES = (16, 64, 256, 1024)
TESTED = 30  # of each category
KINDS = len(CATEGORIES)


def right(learned: list[tuple[str, int]], tested: list[tuple[str, int]], kinds: int) -> float:
    """Return the share that counting sorts rightly."""
    counts = naive_bayes(learned, kinds)
    return sum(sorted_into(text, counts) == kind for text, kind in tested) / len(tested)


def run(seed: int) -> dict[str, list[float]]:
    """Return the share sorted rightly, by the number of examples."""
    each = max(EXAMPLES) // KINDS
    learned, tested = dealt((each, TESTED), seed)
    turns = [learned[kind * each + number] for number in range(each) for kind in range(KINDS)]
    return {"counted": [right(turns[:count], tested, KINDS) for count in EXAMPLES]}


def check() -> dict[str, float]:
    """Return a part of it that takes no files."""
    learned = [("a small animal that barks", 0), ("a person who sells goods", 1)]
    tested = [("an animal", 0), ("a person who barks", 1), ("goods", 0)]
    return {"right": right(learned, tested, 2)}


EXPERIMENT = Experiment(
    title="Glosses sorted by counting their words",
    run=run,
    check=check,
    fixed={"examples": EXAMPLES},
    seeds=range(5),
)
