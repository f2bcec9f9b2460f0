"""What do scores fitted to comparisons say of a rater?  For the article "What is RLHF".

Recovery: eight answers have true scores drawn from a normal distribution. A rater who obeys
Bradley and Terry, but makes some clicks without looking, compares pairs drawn at random; the
scores are fitted to the comparisons alone.

Misfit: three notes, and three raters with fixed opinions. One obeys Bradley and Terry, one goes
round in circles, one is a pool of three people with consistent rankings whose majority goes round.
Each pair that is asked at all is asked equally often. A fourth, asked about every pair, has a
ranking, but the same odds in each pair, so that odds do not multiply.

Verdict: how often the loop test refutes the scores.

Prices: the best policy of the article's example at several prices of distance, in closed form;
with a fourth note that the judge overrates, what it scores and what it is worth.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np

from labs.preferences import Array, best_policy, fit_scores, kl_divergence, loop_interval
from labs.raters import circular, clicks, inattentive, off_by, on_scale, pooled, ranker
from labs.run import Experiment

# Virtual wins both ways for each pair, half a comparison in all: without them some draws of few
# comparisons leave an answer unbeaten, whose fitted score is infinite.
PRIOR_WINS = 0.25

ANSWERS = 8
COMPARISONS = (50, 100, 200, 400, 800, 1600, 3200)
#: Share of the clicks made without looking -> what the keys of these results end in.
CARELESS = {0.0: "", 0.1: "_careless10", 0.2: "_careless20"}

RANKINGS = ((0, 1, 2), (1, 2, 0), (2, 0, 1))
OPINIONS = {
    "honest": on_scale(np.log([6.0, 2.0, 1.0])),
    "circular": circular(0.75),
    "pool": pooled([ranker(ranking) for ranking in RANKINGS]),
}
#: Ranks the notes A, B, C, at odds of 3 in each pair, near or far.
STEADY = np.array([[0.5, 0.75, 0.75], [0.25, 0.5, 0.75], [0.25, 0.25, 0.5]])
EVERY_PAIR = 1 - np.eye(3)
CHAIN = np.array([[0.0, 1, 0], [1, 0, 1], [0, 1, 0]])  # A and C are never compared
ASKED = {"all": EVERY_PAIR, "chain": CHAIN}
CLICKS = (12, 48, 192, 768, 3072, 12288)  # divided by two and by three they are whole
NOISE = (0.0, 0.2, 0.4, 0.6, 0.8)
PAIRS = {"ab": (0, 1), "bc": (1, 2), "ac": (0, 2)}

LOOP_CLICKS = (12, 24, 48, 96, 192, 384)
SUSPECTS = {
    "honest": OPINIONS["honest"],
    "careless": inattentive(OPINIONS["honest"], 0.2),
    "pool": OPINIONS["pool"],
    "circular": OPINIONS["circular"],
    "steady": STEADY,
}
REPEATS = 200

#: The notes of the article: what the model writes before practice, and their odds beside C.
REFERENCE = np.array([0.1, 0.3, 0.6])
ODDS = np.array([6.0, 2.0, 1.0])
#: Prices of distance -> what the chart calls them; the first is as good as infinite.
PRICES = {1e9: "∞", 4.0: "4", 2.0: "2", 1.0: "1", 0.5: "½", 0.25: "¼"}
#: Note D: how often the model writes it, its odds as the judge sees them, and in truth.
RARE, JUDGED, TRUE = 0.001, 100.0, 1.0
FAR_PRICES = tuple(float(beta) for beta in np.round(np.geomspace(8, 0.25, 41), 6))


def comparisons(opinion: Array, count: int, rng: np.random.Generator) -> Array:
    """Return the wins of ``count`` comparisons of pairs drawn at random.

    Shapes: opinion (n, n) -> (n, n).
    """
    wins = np.zeros(opinion.shape)
    for _ in range(count):
        i, j = rng.choice(len(opinion), size=2, replace=False)
        first = rng.random() < opinion[i, j]
        wins[(i, j) if first else (j, i)] += 1
    return wins


def fitted(wins: Array, asked: Array) -> Array:
    """Return scores fitted to the wins and to virtual ones for each pair that may be asked.

    Shapes: wins and asked, ones and zeros, (n, n) -> (n,).
    """
    return fit_scores(wins + PRIOR_WINS * asked, tolerance=1e-9)


def recovery_error(scores: Array, true: Array) -> float:
    """Return the root mean square error, both scores shifted to mean zero.  Units: log-odds."""
    gaps = (scores - scores.mean()) - (true - true.mean())
    return float(np.sqrt((gaps**2).mean()))


def stretch(scores: Array, true: Array) -> float:
    """Return the factor that turns true scores into fitted ones with the least squared error."""
    centred = true - true.mean()
    return float(scores @ centred / (centred @ centred))


def recovery(seed: int, counts: Sequence[int]) -> dict[str, list[float]]:
    """Return by number of comparisons how the fitted scores of eight answers compare with theirs.

    ``best_found`` is one where the best answer has the highest score.
    """
    rng = np.random.default_rng(seed)
    true = rng.standard_normal(ANSWERS)
    found: dict[str, list[float]] = {}
    for share, ending in CARELESS.items():
        opinion = inattentive(on_scale(true), share)
        every = 1 - np.eye(ANSWERS)
        fits = [fitted(comparisons(opinion, count, rng), every) for count in counts]
        found[f"error{ending}"] = [recovery_error(scores, true) for scores in fits]
        found[f"stretch{ending}"] = [stretch(scores, true) for scores in fits]
        found[f"best_found{ending}"] = [float(fit.argmax() == true.argmax()) for fit in fits]
    return found


def asked_each(questions: str, count: int) -> Array:
    """Return how often each pair is asked if ``count`` clicks are spread evenly over them."""
    table = ASKED[questions]
    return table * (count // int(np.triu(table).sum()))


def cells(counts: Sequence[int] = CLICKS) -> list[tuple[str, str, float, int]]:
    """Return rater, questions, share of random clicks and number of clicks of each fit."""
    return list(product(OPINIONS, ASKED, NOISE, counts))


def misfit(seed: int, counts: Sequence[int]) -> dict[str, list[float]]:
    """Return by cell what the fitted scores predict and by how many points they miss the opinion.

    ``off_steady`` is that of the rater whose odds do not multiply, ``off_each`` that of the pool
    without noise if each member has scores of their own.
    """
    rng = np.random.default_rng([seed, 1])
    found: dict[str, list[float]] = {key: [] for key in (*map("fit_{}".format, PAIRS), "off")}
    for rater, questions, noise, count in cells(counts):
        shown = inattentive(OPINIONS[rater], noise)
        wins = clicks(shown, asked_each(questions, count), rng)
        scores = fitted(wins, ASKED[questions])
        said = on_scale(scores)
        for pair, place in PAIRS.items():
            found[f"fit_{pair}"].append(float(said[place]))
        found["off"].append(off_by(scores, OPINIONS[rater]))
    found["off_each"] = [off_each(count, rng) for count in counts]
    steady = [fitted(clicks(STEADY, asked_each("all", n), rng), EVERY_PAIR) for n in counts]
    found["off_steady"] = [off_by(scores, STEADY) for scores in steady]
    return found


def off_each(count: int, rng: np.random.Generator) -> float:
    """Return by how many points scores miss the pool's members if each has scores of their own.

    The members share the clicks; those that do not divide evenly are left out.
    """
    each = EVERY_PAIR * (count // (len(RANKINGS) * len(PAIRS)))
    opinions = [ranker(ranking) for ranking in RANKINGS]
    fits = [fitted(clicks(opinion, each, rng), EVERY_PAIR) for opinion in opinions]
    return float(np.mean([off_by(*both) for both in zip(fits, opinions, strict=True)]))


def verdicts(seed: int, repeats: int) -> dict[str, list[float]]:
    """Return by number of clicks in which share of the runs the loop test refutes the scores."""
    rng = np.random.default_rng([seed, 2])
    found: dict[str, list[float]] = {}
    for suspect, opinion in SUSPECTS.items():
        found[f"refuted_{suspect}"] = [
            float(np.mean([refuted(opinion, count, rng) for _ in range(repeats)]))
            for count in LOOP_CLICKS
        ]
    return found


def refuted(opinion: Array, count: int, rng: np.random.Generator) -> bool:
    """Return whether the 95% interval of the loop product of ``count`` clicks excludes one."""
    wins = clicks(opinion, asked_each("all", count), rng) + PRIOR_WINS * EVERY_PAIR
    low, high = loop_interval(wins, [0, 1, 2])
    return low > 1 or high < 1


def prices() -> dict[str, list[float] | list[str]]:
    """Return by price of distance how often the best policy writes each note."""
    shares = [best_policy(REFERENCE, np.log(ODDS), beta) for beta in PRICES]
    found: dict[str, list[float] | list[str]] = {"price": list(PRICES.values())}
    return found | {
        f"share_{note}": [float(share[k]) for share in shares] for k, note in enumerate("abc")
    }


def overdone() -> dict[str, list[float]]:
    """Return how far practice goes with note D, and the average scores, the judge's and the true.

    One row for each price, the dearest first.  Units: nats.
    """
    reference = np.append((1 - RARE) * REFERENCE, RARE)
    judged, true = np.log(np.append(ODDS, JUDGED)), np.log(np.append(ODDS, TRUE))
    policies = [best_policy(reference, judged, beta) for beta in FAR_PRICES]
    return {
        "far_price": list(FAR_PRICES),
        "far_distance": [kl_divergence(policy, reference) for policy in policies],
        "far_judged": [float(policy @ judged) for policy in policies],
        "far_true": [float(policy @ true) for policy in policies],
    }


def run(
    seed: int,
    counts: Sequence[int] = COMPARISONS,
    click_counts: Sequence[int] = CLICKS,
    repeats: int = REPEATS,
) -> dict[str, list[float]]:
    """Return what one seed found."""
    return recovery(seed, counts) | misfit(seed, click_counts) | verdicts(seed, repeats)


EXPERIMENT = Experiment(
    title="Bradley-Terry scores fitted to raters who obey them, do not look, or go in circles",
    run=run,
    check=lambda: run(seed=0, counts=COMPARISONS[:3], click_counts=CLICKS[:3], repeats=10),
    fixed={
        "answers": ANSWERS,
        "comparisons": COMPARISONS,
        "clicks": CLICKS,
        "noise": NOISE,
        "cell": [f"{r} {asked} {noise:.0%} {count}" for r, asked, noise, count in cells()],
        "cell_rater": [cell[0] for cell in cells()],
        "cell_asked": [cell[1] for cell in cells()],
        "cell_noise": [cell[2] for cell in cells()],
        "cell_clicks": [cell[3] for cell in cells()],
        "pair": list(PAIRS),
        "opinion_honest": [float(OPINIONS["honest"][place]) for place in PAIRS.values()],
        "opinion_circular": [float(OPINIONS["circular"][place]) for place in PAIRS.values()],
        "opinion_pool": [float(OPINIONS["pool"][place]) for place in PAIRS.values()],
        "loop_clicks": LOOP_CLICKS,
        "repeats": REPEATS,
        **prices(),
        **overdone(),
    },
    units={
        "error": "log-odds",
        "error_careless10": "log-odds",
        "error_careless20": "log-odds",
        "off": "points",
        "off_each": "points",
        "off_steady": "points",
    },
    seeds=range(20),
)
