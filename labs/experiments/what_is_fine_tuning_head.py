"""What does the tuned head do without the changes below it?  For the article on fine-tuning.

The runs are those of the article's other experiment with the most examples: what is left if none
of the changes of MiniLM's own numbers is kept, and only the head stays as it was tuned.
"""

from __future__ import annotations

from labs.experiments.what_is_fine_tuning import RATE, STEPS, data, right, tuned
from labs.experiments.what_is_fine_tuning import check as small
from labs.minilm import load
from labs.run import Experiment


def run(seed: int) -> dict[str, float]:
    """Return the shares sorted rightly with all of the changes and with none."""
    body, vocabulary = load()
    learned, tested = data(seed, vocabulary)
    params = tuned(body, learned, STEPS[-1], RATE, seed)
    return {"tuned": right(params, tested), "head_alone": right({**params, **body}, tested)}


EXPERIMENT = Experiment(
    title="The head of a tuned MiniLM on the untuned body", run=run, check=small, seeds=range(5)
)
