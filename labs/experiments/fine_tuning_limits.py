"""What does a network lose while it is tuned?  For the article on the limits of fine-tuning.

A small network learns the King James Bible and is then tuned on WordNet's definitions, in every arm
with as many steps: with shares of old text in its batches, at several learning rates, with a pull
back to where it started, and averaged with its start. Each arm is asked what unseen text of both
kinds costs it. Then the same tuning on ever fewer definitions, read again and again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import jax
import jax.numpy as jnp
import numpy as np

from labs.continual import Recipe, between, importance, tune
from labs.glosses import glosses
from labs.repetition import share_of
from labs.run import Experiment
from labs.texts import ALPHABET, Codes, encoded, king_james, parts, windows
from labs.tiny import Params, Shape, bits, count, draw, logits, train

LENGTH = 64
SHAPE = Shape(len(ALPHABET), rows=LENGTH)
LEARNED_STEPS, LEARNED_BATCH = 1500, 16
STEPS, BATCH = 500, 20
RATES = (3e-4, 1e-3, 3e-3)
REPLAYED = (0, 1, 4, 10)  # windows of a batch
CHECKED = (0, 10, 25, 50, 100, 200, 300, 400, 500)
NEAR = 64  # windows, on the way
FAR = 256  # windows, at the end
SPRINGS = (0.01, 0.1)  # pulls that treat all parameters alike
ELASTIC = (0.01, 0.1, 1.0)  # pulls that treat important ones harder
SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)  # of the way from start to end
FEW = (4_000, 16_000, 64_000)  # characters of definitions
VERSE = "the lord is my shepherd; i shall not want."
GLOSS = "shepherd: a herder of sheep on an open range"


@dataclass(frozen=True, slots=True)
class Texts:
    """What is learned and what is kept for questions."""

    old: Codes
    new: Codes
    old_held: Codes
    new_held: Codes


def texts(seed: int, new: str, old: str) -> Texts:
    """Return both texts cut into what is learned and windows for questions."""
    old_learned, old_unseen = parts(encoded(old))
    new_learned, new_unseen = parts(encoded(new))
    rng = np.random.default_rng([seed, 5])
    held = [windows(codes, LENGTH + 1, FAR, rng) for codes in (old_unseen, new_unseen)]
    return Texts(old_learned, new_learned, *held)


def cost(params: Params, codes: Codes) -> float:
    """Return what the next character costs on average.  Units: bits."""
    return float(bits(params, jnp.asarray(codes), SHAPE).mean())


def sentence(params: Params, text: str) -> float:
    """Return what a whole text costs from its second character on.  Units: bits."""
    return float(bits(params, jnp.asarray(encoded(text))[None], SHAPE).sum())


def distance(start: Params, end: Params) -> float:
    """Return the root of the mean squared move of the parameters."""
    moves = jax.tree.leaves(jax.tree.map(lambda a, b: ((a - b) ** 2).sum(), start, end))
    return float(jnp.sqrt(sum(moves) / count(start)))


def divergence(start: Params, end: Params, codes: Codes) -> float:
    """Return how far ``end`` predicts other than ``start`` on a text, KL from start to end.

    Units: bits a character.
    """
    before, after = (
        jax.nn.log_softmax(logits(params, jnp.asarray(codes[:, :-1]), SHAPE))
        for params in (start, end)
    )
    return float((jnp.exp(before) * (before - after)).sum(-1).mean() / jnp.log(2.0))


@dataclass(slots=True)
class Notes:
    """What unseen text of both kinds costs on the way.  Units: bits a character."""

    texts: Texts
    own: Codes | None = None
    old: list[float] = field(default_factory=list)
    new: list[float] = field(default_factory=list)
    known: list[float] = field(default_factory=list)

    def add(self, step: int, params: Params) -> None:
        """Take them if the step is one of those to check."""
        if step in CHECKED:
            self.old.append(cost(params, self.texts.old_held[:NEAR]))
            self.new.append(cost(params, self.texts.new_held[:NEAR]))
            if self.own is not None:
                self.known.append(cost(params, self.own))


def name(rate: float, replayed: int) -> str:
    """Return the ending of an arm's keys, such as ``3_4``: thirds of a thousandth, windows."""
    return f"{round(rate * 1e4)}_{replayed}"


@dataclass(slots=True)
class Arms:
    """Networks tuned from one start, and what was measured of them."""

    start: Params
    texts: Texts
    seed: int
    found: dict[str, list[float]] = field(default_factory=dict)

    def ask(self, arm: str, params: Params) -> None:
        """Add what a network costs, and how far it is from the start."""
        for key, value in (
            ("old", cost(params, self.texts.old_held)),
            ("new", cost(params, self.texts.new_held)),
            ("moved", distance(self.start, params)),
            ("kl", divergence(self.start, params, self.texts.new_held)),
            ("verse", sentence(params, VERSE)),
            ("gloss", sentence(params, GLOSS)),
        ):
            self.found.setdefault(f"{arm}_{key}", []).append(value)

    def replay(self, rates: Sequence[float], replayed: Sequence[int]) -> None:
        """Tune at every rate with every share of old text; average one with the start."""
        for rate in rates:
            for number in replayed:
                notes = Notes(self.texts)
                notes.add(0, self.start)
                recipe = Recipe(STEPS, rate, BATCH, number)
                end = self.tuned(recipe, notes)
                self.ask(f"replay_{round(rate * 1e4)}", end)
                self.found[f"old_{name(rate, number)}"] = notes.old
                self.found[f"new_{name(rate, number)}"] = notes.new
                if (rate, number) == (1e-3, 0):
                    for share in SHARES:
                        self.ask("averaged", between(self.start, end, share))

    def pulled(self, arm: str, pulls: Sequence[float], stiffness: Params | None) -> None:
        """Tune with a pull back to the start."""
        for pull in pulls:
            self.ask(arm, self.tuned(Recipe(STEPS, 1e-3, BATCH, 0, pull, stiffness)))

    def few(self, sizes: Sequence[int]) -> None:
        """Tune on few definitions, read again and again."""
        for size in sizes:
            own = share_of(self.texts.new, size, self.seed)
            rng = np.random.default_rng([self.seed, 6])
            notes = Notes(self.texts, windows(own, LENGTH + 1, NEAR, rng))
            notes.add(0, self.start)
            self.tuned(Recipe(STEPS, 1e-3, BATCH), notes, own)
            for key, values in (("old", notes.old), ("new", notes.new), ("known", notes.known)):
                self.found[f"few_{size}_{key}"] = values

    def tuned(self, recipe: Recipe, notes: Notes | None = None, new: Codes | None = None) -> Params:
        """Return the network tuned by a recipe."""
        learned = self.texts.new if new is None else new
        return tune(
            self.start, SHAPE, learned, self.texts.old, recipe, self.seed,
            each_step=notes.add if notes else None,
        )  # fmt: skip


def drift(found: dict[str, list[float]]) -> dict[str, list[float] | float]:
    """Return what was forgotten against the divergence of predictions on the new text.

    Arms without old text first and apart; of these also how well a line through them fits.
    """
    start = found["averaged_old"][0]
    free = [f"replay_{round(rate * 1e4)}" for rate in RATES]
    pairs = [(found[f"{arm}_kl"][0], found[f"{arm}_old"][0]) for arm in free]
    for arm in ("spring", "elastic"):
        pairs += zip(found[f"{arm}_kl"], found[f"{arm}_old"], strict=True)
    pairs += list(zip(found["averaged_kl"], found["averaged_old"], strict=True))[1:-1]
    mixed = [
        pair
        for arm in free
        for pair in zip(found[f"{arm}_kl"][1:], found[f"{arm}_old"][1:], strict=True)
    ]
    far, lost = np.array(pairs).T - np.array([[0.0], [start]])
    fit = float(np.corrcoef(far, lost)[0, 1] ** 2)
    return {
        "free_kl": far.tolist(),
        "free_lost": lost.tolist(),
        "mixed_kl": [kl for kl, _ in mixed],
        "mixed_lost": [old - start for _, old in mixed],
        "free_fit": fit,
    }


def run(seed: int) -> dict[str, list[float] | float]:
    """Return everything that one seed measured."""
    both = texts(seed, glosses(), king_james())
    start = train(
        SHAPE, both.old, length=LENGTH, steps=LEARNED_STEPS, seed=seed, batch=LEARNED_BATCH
    )
    arms = Arms(start, both, seed)
    arms.replay(RATES, REPLAYED)
    rng = np.random.default_rng([seed, 7])
    stiffness = importance(start, SHAPE, windows(both.old, LENGTH + 1, 200, rng))
    arms.pulled("spring", SPRINGS, None)
    arms.pulled("elastic", ELASTIC, stiffness)
    arms.few(FEW)
    fresh = train(SHAPE, both.new, length=LENGTH, steps=STEPS, seed=seed, batch=BATCH, rate=3e-3)
    found = arms.found | {"fresh": [cost(fresh, both.new_held)]}
    return {**found, **drift(found)}


def check() -> dict[str, list[float]]:
    """Return a part of it that takes seconds and needs no dictionary: letters in other roles."""
    old = king_james()[:300_000]
    new = old.translate(str.maketrans("etaoins", "taoinse"))
    both = texts(0, new, old)
    start = train(SHAPE, both.old, length=LENGTH, steps=40, seed=0, batch=8)
    found: dict[str, list[float]] = {"old": [], "new": []}
    for replayed in (0, 4):
        end = tune(start, SHAPE, both.new, both.old, Recipe(40, 1e-3, 8, replayed), 0)
        found["old"].append(round(cost(end, both.old_held), 1))
        found["new"].append(round(cost(end, both.new_held), 1))
    return found


EXPERIMENT = Experiment(
    title="A network of the Bible tuned on definitions: what it forgets, and what keeps it",
    run=run,
    check=check,
    fixed={
        "rates": RATES,
        "replayed": [number / BATCH for number in REPLAYED],
        "checked": CHECKED,
        "tuned_on": [step * BATCH * LENGTH for step in CHECKED],
        "springs": SPRINGS,
        "elastics": ELASTIC,
        "shares": SHARES,
        "few": FEW,
        "few_readings": [STEPS * BATCH * LENGTH / size for size in FEW],
        "steps": STEPS,
        "batch": BATCH,
        "length": LENGTH,
        "learned": LEARNED_STEPS * LEARNED_BATCH * LENGTH,
        "seen": STEPS * BATCH * LENGTH,
        "parameters": count(draw(SHAPE, 0)),
        "layers": SHAPE.layers,
        "mixed_share": [number / BATCH for number in REPLAYED[1:]] * len(RATES),
        "width": SHAPE.width,
    },
    seeds=range(5),
)
