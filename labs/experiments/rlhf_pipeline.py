"""Do sampled runs end where the formulas say?  For the article "The RLHF pipeline, derived".

Curves: the optimum of four answers by beta, with the penalty KL(policy || reference) and with
KL(reference || policy).

Runs: REINFORCE on the same answers, from samples, with the KL penalty in three placements.

Network: answers of four letters, written letter by letter by a recurrent network that shares its
parameters between all of them. There are few enough answers for exact expectations, so the
placements are compared without sampling noise. ``tokens`` is the penalty of GRPO: k3 for each
letter, in the loss, as if earlier letters did not depend on the parameters.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np

from labs.policy import (
    Array,
    Estimator,
    Place,
    forward_optimum,
    forward_optimum_by_letter,
    frontier_reward,
    kl,
    optimum,
    penalty_weight,
    sampled_gradient,
    softmax,
)
from labs.run import Experiment

REF = np.array([0.4, 0.3, 0.2, 0.1])
REWARD = np.log([1.0, 2.0, 4.0, 2.0])
ANSWERS = "abcd"
BETAS = tuple(round(10.0 ** (tenth / 10), 6) for tenth in range(-10, 11))

BATCH = 8
RATE = 0.5
SAMPLES = (128, 512, 2048, 8192, 32768, 131072)
RUN_BETAS = (2.0, 1.0, 0.5, 0.2, 0.1)
#: Steps of other sizes, tried at the smallest beta.
OTHER_RATES = (0.2, 1.0)
#: What the results call a placement -> estimator and place.
PLACEMENTS: dict[str, tuple[Estimator, Place]] = {
    "k1 reward": ("k1", "reward"),
    "k3 loss": ("k3", "loss"),
    "k1 loss": ("k1", "loss"),
}

LETTERS = 4
LENGTH = 4
WIDTH = 8
NET_BETAS = (1.0, 0.5, 0.25, 0.1)
#: Share of each penalty: KL to the reference, KL from it, KL from it by letter.
NET_PLACES = {"reward": (1.0, 0.0, 0.0), "loss": (0.0, 1.0, 0.0), "tokens": (0.0, 0.0, 1.0)}
STEPS = 2000
NET_RATE = 0.01
SPREAD = float(np.sqrt(REF @ (REWARD - REF @ REWARD) ** 2))  # of rewards under the reference

Params = dict[str, jax.Array]
#: Log-probabilities of whole answers, of each next letter, and of what stands before it.
Tree = tuple[jax.Array, list[jax.Array], list[jax.Array]]


# --- four answers ---------------------------------------------------------------------------


def curves() -> dict[str, list[float]]:
    """Return by beta the two optima of the four answers, their KL and their expected reward."""
    found: dict[str, list[float]] = {}
    for name, solve in {"best": optimum, "forward": forward_optimum}.items():
        ends = [solve(REF, REWARD, beta) for beta in BETAS]
        for place, answer in enumerate(ANSWERS):
            found[f"{name}_{answer}"] = [float(end[place]) for end in ends]
        found[f"{name}_kl"] = [kl(end, REF) for end in ends]
        found[f"{name}_reward"] = [float(end @ REWARD) for end in ends]
    return found


def run_rows(samples: Sequence[int] = SAMPLES) -> list[tuple[str, float, int]]:
    """Return placement, beta and number of samples of every measurement.

    k1 in the loss is run once: its weight is the same for every answer, so a baseline removes
    it from each batch and beta makes no difference.
    """
    rows = []
    for place in PLACEMENTS:
        betas = RUN_BETAS if place != "k1 loss" else RUN_BETAS[-1:]
        rows += [(place, beta, count) for beta in betas for count in samples]
    return rows


def other_rows() -> list[tuple[str, float]]:
    """Return placement and size of the steps of every run with steps of another size."""
    return [(place, rate) for place in PLACEMENTS for rate in OTHER_RATES]


def reinforce(
    place: str, beta: float, samples: Sequence[int], rng: np.random.Generator, rate: float = RATE
) -> Iterator[Array]:
    """Yield the policy after each number of samples.  Shapes: (4,) each."""
    estimator, where = PLACEMENTS[place]
    logits = np.log(REF)
    for seen in range(BATCH, samples[-1] + 1, BATCH):
        policy = softmax(logits)
        weight = REWARD - beta * penalty_weight(policy, REF, estimator, where)
        logits = logits + rate * sampled_gradient(policy, weight, BATCH, rng)
        if seen in samples:
            yield softmax(logits)


def runs(seed: int, samples: Sequence[int]) -> dict[str, list[float]]:
    """Return what each run has become: share of A, KL, reward and how far below the curve.

    ``run_off`` is KL(policy || optimum), the distance to where k1 in the reward should end.
    ``gap`` is by samples, at the smallest beta, how often A comes with k3 in the loss, over how
    often with k1 in the reward. ``other_a`` is, by placement and size of the steps, the share of
    A at that beta after the last number of samples but one.
    """
    rng = np.random.default_rng(seed)
    keys = ("run_a", "run_kl", "run_reward", "run_below", "run_off")
    found: dict[str, list[float]] = {key: [] for key in keys}
    for place, beta, _ in run_rows(samples[:1]):
        for policy in reinforce(place, beta, samples, rng):
            drift, mean = kl(policy, REF), float(policy @ REWARD)
            found["run_a"].append(float(policy[0]))
            found["run_kl"].append(drift)
            found["run_reward"].append(mean)
            found["run_below"].append(frontier_reward(REF, REWARD, drift) - mean)
            found["run_off"].append(kl(policy, optimum(REF, REWARD, beta)))
    share = dict(zip(run_rows(samples), found["run_a"], strict=True))
    least = min(RUN_BETAS)
    found["gap"] = [share["k3 loss", least, n] / share["k1 reward", least, n] for n in samples]
    ends = [reinforce(place, least, samples[:-1], rng, rate) for place, rate in other_rows()]
    found["other_a"] = [float(list(end)[-1][0]) for end in ends]
    return found


# --- a network that writes letters ----------------------------------------------------------


def draw(rng: np.random.Generator) -> Params:
    """Return the parameters of a recurrent network, drawn at random."""
    scale = WIDTH**-0.5
    drawn = {
        "start": rng.normal(size=WIDTH),
        "letters": rng.normal(size=(LETTERS, WIDTH)),
        "carry": scale * rng.normal(size=(WIDTH, WIDTH)),
        "output": scale * rng.normal(size=(WIDTH, LETTERS)),
    }
    return {name: jnp.array(value) for name, value in drawn.items()}


def tree(params: Params) -> Tree:
    """Return the log-probabilities of all answers, letter by letter.

    Shapes: whole answers (256,); next letters (1, 4), (4, 4), (16, 4), (64, 4); what stands
    before them (1,), (4,), (16,), (64,).
    """
    state, joint = jnp.tanh(params["start"])[None], jnp.zeros(1)
    following, before = [], []
    for _ in range(LENGTH):
        following.append(jax.nn.log_softmax(state @ params["output"], axis=1))
        before.append(joint)
        joint = (joint[:, None] + following[-1]).reshape(-1)
        carried = (state @ params["carry"])[:, None] + params["letters"]
        state = jnp.tanh(carried).reshape(-1, WIDTH)
    return joint, following, before


def net_objective(
    params: Params, reward: jax.Array, beta: jax.Array, mix: jax.Array, ref: Tree
) -> jax.Array:
    """Return expected reward minus beta times the penalties in the shares ``mix``."""
    joint, following, before = tree(params)
    policy, was = jnp.exp(joint), jnp.exp(ref[0])
    by_letter = jnp.array(0.0)
    for now, then, log_seen in zip(following, ref[1], before, strict=True):
        seen = jax.lax.stop_gradient(jnp.exp(log_seen))  # what automatic differentiation forgets
        by_letter += seen @ jnp.sum(jnp.exp(then) * (then - now), axis=1)
    penalties = jnp.stack([policy @ (joint - ref[0]), was @ (ref[0] - joint), by_letter])
    return policy @ reward - beta * mix @ penalties


@partial(jax.jit, static_argnames="steps")
def trained(
    start: Params, reward: jax.Array, beta: jax.Array, mix: jax.Array, steps: int
) -> jax.Array:
    """Return the log-probabilities of all answers after ``steps`` of Adam from ``start``.

    Shapes: reward (256,), mix (3,) -> (256,).  Source: Kingma and Ba 2015, its defaults.
    """
    ref = tree(start)
    gradient = jax.grad(net_objective)

    def step(
        state: tuple[Params, Params, Params], t: jax.Array
    ) -> tuple[tuple[Params, Params, Params], None]:
        params, mean, square = state
        slope = gradient(params, reward, beta, mix, ref)
        mean = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, mean, slope)
        square = jax.tree.map(lambda s, g: 0.999 * s + 0.001 * g * g, square, slope)

        def moved(value: jax.Array, m: jax.Array, s: jax.Array) -> jax.Array:
            return value + NET_RATE * (m / (1 - 0.9**t)) / (jnp.sqrt(s / (1 - 0.999**t)) + 1e-8)

        return (jax.tree.map(moved, params, mean, square), mean, square), None

    none = jax.tree.map(jnp.zeros_like, start)
    (params, _, _), _ = jax.lax.scan(step, (start, none, none), jnp.arange(1, steps + 1))
    return tree(params)[0]


def rewards(ref: Array, rng: np.random.Generator) -> Array:
    """Return a reward of each answer: the sum of a random worth of its neighbouring letters.

    Mean 0 and the spread of the four answers' rewards, under ``ref``.  Shapes: (256,) -> (256,).
    """
    worth = rng.normal(size=(LETTERS, LETTERS))
    answers = np.indices((LETTERS,) * LENGTH).reshape(LENGTH, -1)
    raw: Array = worth[answers[:-1], answers[1:]].sum(axis=0)
    centred = raw - ref @ raw
    return centred * SPREAD / float(np.sqrt(ref @ centred**2))


def worst(ref: Array, reward: Array) -> list[int]:
    """Return which answers are the worst, holding at most a tenth of the reference."""
    order = np.argsort(reward)
    held = np.cumsum(ref[order])
    return [int(answer) for answer in order[held <= 0.1]]


def network(seed: int, steps: int) -> dict[str, float | list[float]]:
    """Return by beta the worst answers' share, KL and reward of optima and trained networks.

    ``top`` is the probability of the likeliest answer. ``letter`` is where ``tokens`` comes to
    rest if every next letter is free.
    """
    rng = np.random.default_rng([seed, 1])
    with jax.enable_x64(True):
        start = draw(rng)
        joint, following, _ = tree(start)
        ref, by_letter = np.exp(np.array(joint)), [np.exp(np.array(part)) for part in following]
        reward = rewards(ref, rng)
        grid = [(beta, mix) for mix in NET_PLACES.values() for beta in NET_BETAS]
        betas, mixes = (jnp.array(column) for column in zip(*grid, strict=True))
        many = jax.vmap(partial(trained, start, jnp.array(reward), steps=steps))(betas, mixes)
        ends = np.exp(np.array(many)).reshape(len(NET_PLACES), len(NET_BETAS), -1)
    policies = {
        "best": [optimum(ref, reward, beta) for beta in NET_BETAS],
        "forward": [forward_optimum(ref, reward, beta) for beta in NET_BETAS],
        "letter": [forward_optimum_by_letter(by_letter, reward, beta) for beta in NET_BETAS],
    } | {place: list(end) for place, end in zip(NET_PLACES, ends, strict=True)}
    low = worst(ref, reward)
    found: dict[str, float | list[float]] = {
        "net_ref_worst": float(ref[low].sum()),
        "net_ref_top": float(ref.max()),
    }
    for name, by_beta in policies.items():
        found[f"net_{name}_worst"] = [float(policy[low].sum()) for policy in by_beta]
        found[f"net_{name}_top"] = [float(policy.max()) for policy in by_beta]
        found[f"net_{name}_kl"] = [kl(policy, ref) for policy in by_beta]
        found[f"net_{name}_reward"] = [float(policy @ reward) for policy in by_beta]
    return found


def run(
    seed: int, samples: Sequence[int] = SAMPLES, steps: int = STEPS
) -> dict[str, float | list[float]]:
    """Return what one seed found."""
    return runs(seed, samples) | network(seed, steps)


EXPERIMENT = Experiment(
    title="REINFORCE against the closed form, with the KL penalty in three placements",
    run=run,
    check=lambda: run(seed=0, samples=SAMPLES[:2], steps=20),
    fixed={
        "beta": BETAS,
        **curves(),
        "batch": BATCH,
        "rate": RATE,
        "samples": SAMPLES,
        "run": [f"{place} {beta:g} {count}" for place, beta, count in run_rows()],
        "run_place": [row[0] for row in run_rows()],
        "run_beta": [row[1] for row in run_rows()],
        "run_samples": [row[2] for row in run_rows()],
        "other": [f"{place} {rate:g}" for place, rate in other_rows()],
        "other_rate": [rate for _, rate in other_rows()],
        "net_answers": LETTERS**LENGTH,
        "net_parameters": WIDTH * (1 + LETTERS + WIDTH + LETTERS),
        "net_beta": NET_BETAS,
        "net_steps": STEPS,
    },
    units={"best_kl": "nats", "forward_kl": "nats", "run_kl": "nats"},
    seeds=range(20),
)
