"""When does selecting by a learned reward turn against you? For the article "Limits of RLHF".

An answer has eight traits of quality, standard normal, whose scaled sum is its quality, and a
length: standardised, with one of four tails. Raters compare pairs of answers by Bradley and Terry;
a linear reward model of the traits and the length is fitted to their choices; of ``n`` answers
the one it scores highest is kept. Units: one standard deviation, of quality or of length.

A second part follows the entropy of the best policy as the price of KL falls.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from labs.overoptimisation import Array, entropy, fit_reward, kl, kl_formula, rank_weights, tilt
from labs.run import Experiment

TRAITS = 8
DRAWS = tuple(4**k for k in range(7))
COMPARISONS = (200, 2_000, 20_000)
POOL = 2**19  # answers to select from: the best of 4,096 is one of about the top 128
TAILS = ("normal", "exponential", "lognormal", "power")
# Rarity of a score: the share of answers that score at least as much, from common to rare.
EDGES = (*(10 ** (-0.2 * k) for k in range(24)), 0.0)

ANSWERS = 128
BETAS = (10.0, 5.0, 2.0, 1.0, 0.5, 0.2, 0.1, 0.05)
FAMILIARITY = {"familiar": 0.7, "neutral": 0.0, "unfamiliar": -0.7}


@dataclass(frozen=True, slots=True)
class World:
    """What people want, what raters reward besides, and what the model sees.

    True reward: quality plus ``stakes`` times a parabola in length with its top one standard
    deviation above the mean. Raters add ``taste`` times length. With ``square`` the model has the
    square of the length as a feature, too.
    """

    taste: float = 0.0
    stakes: float = 0.0
    square: bool = False

    def true(self, quality: Array, length: Array) -> Array:
        """Return the true reward; its mean is 0.  Shapes: (k,), (k,) -> (k,)."""
        reward: Array = quality + self.stakes * (1 - (length - 1) ** 2 / 2)
        return reward

    def features(self, traits: Array, length: Array) -> Array:
        """Return what the model sees.  Shapes: (k, traits), (k,) -> (k, features)."""
        seen = [traits, length, length**2] if self.square else [traits, length]
        return np.column_stack(seen)


WORLDS = {
    "drawn": World(taste=0.5),
    "fair": World(),
    "moderate": World(stakes=2.0),
    "square": World(stakes=2.0, square=True),
    "gentle": World(stakes=1.0),
    "slight": World(taste=0.1),
}


def lengths(tail: str, size: int, rng: np.random.Generator) -> Array:
    """Return lengths with mean 0, variance 1 and the named right tail.  Shapes: -> (size,)."""
    if tail == "normal":
        return rng.standard_normal(size)
    if tail == "exponential":
        return rng.exponential(size=size) - 1
    if tail == "lognormal":
        skewed: Array = (rng.lognormal(size=size) - np.exp(0.5)) / np.sqrt((np.e - 1) * np.e)
        return skewed
    heavy: Array = (rng.pareto(3, size) - 0.5) / np.sqrt(0.75)  # P(more than x) falls like 1/x³
    return heavy


def answers(world: World, tail: str, size: int, rng: np.random.Generator) -> tuple[Array, ...]:
    """Return features, true reward and length of answers.  Shapes: (k, features), (k,), (k,)."""
    traits = rng.standard_normal((size, TRAITS))
    length = lengths(tail, size, rng)
    quality = traits.sum(axis=1) / np.sqrt(TRAITS)
    return world.features(traits, length), world.true(quality, length), length


def compared(world: World, tail: str, count: int, rng: np.random.Generator) -> Array:
    """Return preferred minus other features of ``count`` compared pairs of answers."""
    one, true_one, length_one = answers(world, tail, count, rng)
    two, true_two, length_two = answers(world, tail, count, rng)
    lead = true_one - true_two + world.taste * (length_one - length_two)
    first = rng.random(count) < np.exp(-np.logaddexp(0, -lead))
    return np.where(first[:, None], one - two, two - one)


@lru_cache(maxsize=2)
def winners(size: int) -> Array:
    """Return the weights of ranks for every number of draws.  Shapes: -> (draws, size)."""
    return np.array([rank_weights(size, n) for n in DRAWS])


def ranking_accuracy(score: Array, true: Array) -> float:
    """Return how often the score ranks two answers rightly, the first half against the second."""
    half = len(score) // 2
    right = (score[:half] > score[half:]) == (true[:half] > true[half:])
    return float(right.mean())


def by_rarity(ranked: Array) -> Array:
    """Return the mean of ``ranked``, worst score first, between neighbouring ``EDGES``."""
    starts = [round(len(ranked) * (1 - edge)) for edge in EDGES]
    sums = np.add.reduceat(ranked, starts[:-1])
    return np.asarray(sums / np.diff(starts))


def selection(
    name: str, tail: str, seed: int, counts: Sequence[int], pool: int
) -> dict[str, float | list[float]]:
    """Return what best-of-n yields in one world with one tail, by number of comparisons."""
    world = WORLDS[name]
    rng = np.random.default_rng((seed, list(WORLDS).index(name), TAILS.index(tail)))
    gaps = compared(world, tail, max(counts), rng)
    seen, true, length = answers(world, tail, pool, rng)
    found: dict[str, float | list[float]] = {}
    last = []
    for count in counts:
        weights = fit_reward(gaps[:count])
        score = seen @ weights
        order = np.argsort(score)
        case = f"{name}_{tail}_{count}"
        rewards = (winners(pool) @ true[order]).tolist()
        last.append(rewards[-1])
        found[case] = rewards
        found[f"accuracy_{case}"] = ranking_accuracy(score, true)
        # In units of the weight that quality gets, were it one feature.
        found[f"weight_{case}"] = float(weights[TRAITS] / np.linalg.norm(weights[:TRAITS]))
        if name == "drawn" and count == max(counts):
            found[f"score_{tail}"] = (winners(pool) @ score[order]).tolist()
            found[f"length_{tail}"] = (winners(pool) @ length[order]).tolist()
            found[f"mean_{tail}"] = by_rarity(true[order]).tolist()
    return found | {f"last_{name}_{tail}": last}


def narrowing(seed: int, betas: Sequence[float] = BETAS) -> dict[str, list[float]]:
    """Return entropy and KL of the best policy by β, for three sorts of reward.

    The reference is a softmax of normal logits; reward is normal and correlated with them.
    """
    rng = np.random.default_rng((seed, len(WORLDS)))
    logits, other = rng.standard_normal((2, ANSWERS))
    ref = np.exp(logits) / np.exp(logits).sum()
    found: dict[str, list[float]] = {"reference_entropy": [entropy(ref)] * len(betas)}
    for name, share in FAMILIARITY.items():
        reward = share * logits + np.sqrt(1 - share**2) * other
        policies = [tilt(ref, reward, beta) for beta in betas]
        found[f"entropy_{name}"] = [entropy(policy) for policy in policies]
        found[f"kl_{name}"] = [kl(policy, ref) for policy in policies]
    return found


def run(
    seed: int,
    worlds: Sequence[str] = tuple(WORLDS),
    counts: Sequence[int] = COMPARISONS,
    pool: int = POOL,
) -> Mapping[str, float | list[float]]:
    """Return true reward of the best of n by world, tail and comparisons; and the entropies."""
    found: dict[str, float | list[float]] = {**narrowing(seed)}
    for name in worlds:
        for tail in TAILS:
            found |= selection(name, tail, seed, counts, pool)
    return found


EXPERIMENT = Experiment(
    title="Best of n by a linear reward model fitted to comparisons, with four tails of length",
    run=run,
    check=lambda: run(seed=0, worlds=("drawn", "moderate"), counts=COMPARISONS[:1], pool=2**16),
    fixed={
        "traits": TRAITS,
        "pool": POOL,
        "n": DRAWS,
        "kl": [kl_formula(n) for n in DRAWS],
        "comparisons": COMPARISONS,
        "taste": WORLDS["drawn"].taste,
        "slight_taste": WORLDS["slight"].taste,
        "rarity_from": EDGES[:-1],
        "rarity_to": EDGES[1:],
        "answers": ANSWERS,
        "beta": BETAS,
        "familiarity": FAMILIARITY["familiar"],
    },
    units={"kl": "nats"},
    seeds=range(20),
)
