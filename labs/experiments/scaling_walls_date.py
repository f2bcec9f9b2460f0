"""When is the stock of text used up?  For the article on scaling walls.

A small Monte Carlo with the inputs of Villalobos et al. 2024, and the same with other factors on
the stock: text read once, read as often as they assume, twice as much text, text read without end.
"""

from __future__ import annotations

import numpy as np

from labs.exhaustion import between, good_share, raw_stock, years
from labs.run import Experiment
from labs.walls import EXPONENT, STALE, worth

DRAWS = 20_000
ENDLESS = worth(1e9)
CASES = ("once", "published", "double", "endless")
NAMES = (
    "each good page read once",
    "read two to five times, as published",
    "the same, and twice as many pages",
    "read without end (16.4 times)",
)


def run(seed: int, draws: int = DRAWS) -> dict[str, float | list[float]]:
    """Return the years by which the stock is used up with 10, 50 and 90%, case by case."""
    rng = np.random.default_rng([seed, 4])
    raw = raw_stock(rng, draws)
    good = raw * good_share(rng, draws)
    readings = between(rng, 2, 5, draws)
    stocks = {
        "once": good,
        "published": good * readings,
        "double": 2 * good * readings,
        "endless": good * ENDLESS,
    }
    found: dict[str, float | list[float]] = {"early": [], "middle": [], "late": []}
    for case in CASES:
        # the same draws of growth in every case, so that cases differ by the stock alone
        when = years(np.random.default_rng([seed, 5]), stocks[case])
        for name, share in (("early", 0.1), ("middle", 0.5), ("late", 0.9)):
            values = found[name]
            assert isinstance(values, list)
            values.append(float(np.quantile(when, share)))
    for name, stock in (("raw", raw), ("good", good), ("effective", stocks["published"])):
        low, middle, high = np.quantile(stock, (0.025, 0.5, 0.975)) / 1e12
        found[f"{name}_stock"] = [float(low), float(middle), float(high)]
    return found


#: Text that language models were trained on: year of release, trillions of tokens.
MODELS = {
    "GPT-3": (2020.41, 0.3),
    "PaLM": (2022.26, 0.78),
    "Llama 2": (2023.55, 2.0),
    "Llama 3": (2024.3, 15.0),
    "Qwen2.5": (2024.72, 18.0),
    "Qwen3": (2025.33, 36.0),
    "GLM-5": (2026.12, 28.5),
    "DeepSeek-V4": (2026.31, 33.0),
}

EXPERIMENT = Experiment(
    title="The year in which the largest training set is as large as the stock of text",
    run=run,
    check=lambda: run(0, 2000),
    fixed={
        "case": CASES,
        "case_name": NAMES,
        "draws": DRAWS,
        "model": list(MODELS),
        "released": [year for year, _ in MODELS.values()],
        "tokens": [tokens for _, tokens in MODELS.values()],
        "stale": STALE,
        "exponent": EXPONENT,
    },
    seeds=range(10),
)
