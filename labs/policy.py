"""A policy over a handful of responses: RLHF small enough to check by hand.

One prompt, ``n`` responses, and a policy that is nothing but ``n`` probabilities (the softmax
of ``n`` logits). Expectations are exact sums, so a difference between two training rules is
never sampling noise. All logarithms are natural; rewards are log-odds, in nats.
"""

from collections.abc import Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Estimator = Literal["k1", "k2", "k3"]
Place = Literal["reward", "loss"]


def softmax(logits: Array) -> Array:
    """Return the probabilities with these logits.

    Shapes: (n,) -> (n,).
    """
    weights = np.exp(logits - logits.max())  # the largest becomes 1, so nothing overflows
    policy: Array = weights / weights.sum()
    return policy


def kl(p: Array, q: Array) -> float:
    """Return KL(p || q); outcomes with p = 0 add nothing.

    Shapes: p (n,), q (n,), each summing to 1.  Units: nats.
    """
    used = p > 0
    return float(np.sum(p[used] * np.log(p[used] / q[used])))


# --- reward model ---------------------------------------------------------------------------


def preference_matrix(reward: Array) -> Array:
    """Return P[i, j], the Bradley-Terry probability that response i beats response j.

    Shapes: reward (n,) -> (n, n).  Source: Bradley and Terry 1952, with strengths e^reward.
    """
    return 1.0 / (1.0 + np.exp(reward[None, :] - reward[:, None]))


def preference_loss(margin: float, win_share: float = 1.0) -> float:
    """Return the mean surprise at a pair whose first wins ``win_share``.

    ``margin`` is the score of the first less that of the second.
    Units: nats per comparison.  Source: Ouyang et al. 2022, eq. 1.
    """
    # logaddexp(0, -m) = ln(e^0 + e^-m) = ln(1 + e^-m) = -ln sigma(m)
    if_first = np.logaddexp(0.0, -margin)
    if_second = np.logaddexp(0.0, margin)
    return float(win_share * if_first + (1.0 - win_share) * if_second)


# --- the optimum and its frontier -----------------------------------------------------------


def optimum(ref: Array, reward: Array, beta: float) -> Array:
    """Return the policy that maximises E[reward] - beta KL(policy || ref).

    Shapes: ref (n,), reward (n,) -> (n,).  Units: beta in units of reward.
    Raises: ValueError unless beta > 0.
    """
    if beta <= 0:
        raise ValueError(f"beta is {beta}, want > 0")
    return softmax(np.log(ref) + reward / beta)


def frontier(ref: Array, reward: Array, betas: Sequence[float]) -> Array:
    """Return one row (beta, KL, expected reward) per beta, each at its optimum.

    Shapes: ref (n,), reward (n,) -> (len(betas), 3).  Units: KL in nats.
    """
    best = [optimum(ref, reward, beta) for beta in betas]
    return np.array([(b, kl(p, ref), p @ reward) for b, p in zip(betas, best, strict=True)])


def frontier_reward(ref: Array, reward: Array, drift: float) -> float:
    """Return the highest expected reward of any policy with KL(policy || ref) = ``drift``.

    Shapes: ref (n,), reward (n,).  Units: drift in nats, 0 < drift < that of the best response.
    """
    low, high = 1e-3, 1e3  # the KL falls as beta grows
    for _ in range(60):
        beta = float(np.sqrt(low * high))
        too_far = kl(optimum(ref, reward, beta), ref) > drift
        low, high = (beta, high) if too_far else (low, beta)
    return float(optimum(ref, reward, high) @ reward)


def forward_optimum(ref: Array, reward: Array, beta: float) -> Array:
    """Return the policy that maximises E[reward] - beta KL(ref || policy).

    It is beta ref / (level - reward), with the level found by bisection so that it sums to 1.
    Shapes: ref (n,), reward (n,) -> (n,).  Raises: ValueError unless beta > 0.
    """
    if beta <= 0:
        raise ValueError(f"beta is {beta}, want > 0")
    low, high = float(reward.max()), float(reward.max()) + beta  # total > 1, total <= 1
    for _ in range(200):
        level = (low + high) / 2
        too_much = bool(np.sum(beta * ref / (level - reward)) > 1.0) if level > low else True
        low, high = (level, high) if too_much else (low, level)
    return beta * ref / (high - reward)


def forward_optimum_by_letter(ref: Sequence[Array], reward: Array, beta: float) -> Array:
    """Return how often each answer comes once every letter has its own penalty, k3 in the loss.

    ``ref[t]`` holds the next letter's probabilities after each start of t letters. From the last
    letter back, each is ``forward_optimum`` for the reward still to come: what a letter does to
    later penalties is what this penalty forgets.
    Shapes: ref[t] (n^t, n), reward (n^len(ref),) -> (n^len(ref),).  Raises: ValueError unless
    beta > 0.
    """
    following: list[Array] = []
    to_come = reward
    for was in reversed(ref):
        after = to_come.reshape(was.shape)  # expected reward after each next letter
        pairs = zip(was, after, strict=True)
        following.insert(0, np.array([forward_optimum(p, gain, beta) for p, gain in pairs]))
        to_come = np.sum(following[0] * after, axis=1)
    joint = np.ones(1)
    for step in following:
        joint = (joint[:, None] * step).reshape(-1)
    return joint


# --- policy gradient ------------------------------------------------------------------------


def score_gradient(policy: Array, weight: Array) -> Array:
    """Return E[weight * grad log policy], taken in the logits.

    A reward as weight gives the policy gradient, a constant 0.
    Shapes: policy (n,), weight (n,) -> (n,).
    Source: Williams 1992.
    """
    return policy * (weight - policy @ weight)


def sampled_gradient(policy: Array, weight: Array, batch: int, rng: np.random.Generator) -> Array:
    """Return an unbiased estimate of ``score_gradient`` from a batch of sampled responses.

    Each response is measured against the mean weight of the others (RLOO).
    Shapes: policy (n,), weight (n,) -> (n,).  Source: Ahmadian et al. 2024.
    """
    drawn = rng.multinomial(batch, policy)  # how often each response came
    mean = drawn @ weight / batch
    estimate: Array = drawn * (weight - mean) / (batch - 1)
    return estimate


def kl_estimates(policy: Array, ref: Array) -> dict[str, Array]:
    """Return what each estimator of KL(policy || ref) says for each sampled response.

    Shapes: policy (n,), ref (n,) -> three arrays (n,).  Units: nats.  Source: Schulman 2020.
    """
    log_ratio = np.log(policy / ref)
    return {"k1": log_ratio, "k2": log_ratio**2 / 2, "k3": np.expm1(-log_ratio) + log_ratio}


def penalty_weight(policy: Array, ref: Array, estimator: Estimator, place: Place) -> Array:
    """Return what multiplies the score of each sampled response for a KL penalty of beta = 1.

    In the reward the estimate itself does; in the loss it is differentiated, so its derivative
    by log policy does.
    Shapes: policy (n,), ref (n,) -> (n,).  Source: Liu et al. 2025 name both views.
    """
    log_ratio = np.log(policy / ref)
    derivative = {"k1": np.ones_like(policy), "k2": log_ratio, "k3": -np.expm1(-log_ratio)}
    weights = {"reward": kl_estimates(policy, ref), "loss": derivative}
    return weights[place][estimator]


def penalty_gradient(policy: Array, ref: Array, estimator: Estimator, place: Place) -> Array:
    """Return the expected gradient that a KL penalty adds, in the logits.

    Shapes: policy (n,), ref (n,) -> (n,).
    """
    return score_gradient(policy, penalty_weight(policy, ref, estimator, place))


def ascend(
    ref: Array, reward: Array, beta: float, estimator: Estimator, place: Place, steps: int
) -> Array:
    """Return the policy after ``steps`` exact gradient steps of size 1 from ``ref``.

    Shapes: ref (n,), reward (n,) -> (n,).
    """
    logits = np.log(ref)
    for _ in range(steps):
        policy = softmax(logits)
        penalty = penalty_gradient(policy, ref, estimator, place)
        logits = logits + score_gradient(policy, reward) - beta * penalty
    return softmax(logits)


# --- PPO ------------------------------------------------------------------------------------


def gae(rewards: Array, values: Array, gamma: float, lam: float) -> Array:
    """Return the generalised advantage estimate of every token.

    ``values[t]`` is the critic's value before token t; after the last token it is 0.
    Shapes: rewards (T,), values (T,) -> (T,).  Source: Schulman et al. 2016.
    """
    after = np.append(values[1:], 0.0)
    surprise = rewards + gamma * after - values  # one-step error of the critic
    advantage = np.empty_like(surprise)
    running = 0.0
    for t in reversed(range(len(surprise))):
        running = float(surprise[t]) + gamma * lam * running
        advantage[t] = running
    return advantage


# fmt: off
def clipped_objective(
    ratio: Array, advantage: Array, epsilon: float
) -> Array:
    """Return PPO's objective for each sample, the lower of two products.

    Shapes: ratio (n,), advantage (n,) -> (n,).
    Source: Schulman et al. 2017, eq. 7.
    """
    clipped = np.clip(ratio, 1.0 - epsilon, 1.0 + epsilon)
    lower: Array = np.minimum(ratio * advantage, clipped * advantage)
    return lower


# fmt: on


def clipped_gradient(policy: Array, old: Array, advantage: Array, epsilon: float) -> Array:
    """Return the gradient in the logits of the expected clipped objective under ``old``.

    Shapes: policy (n,), old (n,), advantage (n,) -> (n,).
    """
    ratio = policy / old
    too_high = (advantage > 0) & (ratio > 1.0 + epsilon)
    too_low = (advantage < 0) & (ratio < 1.0 - epsilon)
    active = np.where(too_high | too_low, 0.0, advantage)  # a clipped sample pulls no more
    return score_gradient(policy, active)


def adaptive_beta(
    beta: float, measured: float, target: float, gain: float = 0.1, limit: float = 0.2
) -> float:
    """Return the next KL coefficient, raised when the measured KL is above its target.

    Units: measured and target in nats.  Source: Ziegler et al. 2019.
    """
    error = min(max(measured / target - 1.0, -limit), limit)
    return beta * (1.0 + gain * error)


# --- DPO and GRPO ---------------------------------------------------------------------------


def implicit_reward(policy: Array, ref: Array, beta: float) -> Array:
    """Return beta log(policy / ref): the reward whose optimum is ``policy``, up to a constant.

    Shapes: policy (n,), ref (n,) -> (n,).  Source: Rafailov et al. 2023.
    """
    return beta * np.log(policy / ref)


def dpo_loss(
    policy: Array, ref: Array, beta: float, pairs: Sequence[tuple[int, int, float]]
) -> float:
    """Return DPO's mean loss over pairs (first, second, share of comparisons the first wins).

    Shapes: policy (n,), ref (n,).  Units: nats per comparison.  Source: Rafailov et al. 2023.
    """
    score = implicit_reward(policy, ref, beta)
    losses = [preference_loss(float(score[i] - score[j]), share) for i, j, share in pairs]
    return float(np.mean(losses))


def group_advantage(rewards: Array, scale: bool) -> Array:
    """Return GRPO's advantage of each response in a group, zeros if all rewards agree.

    ``scale`` divides by the group's standard deviation (over n, not n - 1).
    Shapes: (n,) -> (n,).  Source: Shao et al. 2024, section 4.1.2; unscaled: Liu et al. 2025.
    """
    centred: Array = rewards - rewards.mean()
    spread = float(rewards.std())
    if spread == 0.0:
        return np.zeros_like(centred)
    return centred / spread if scale else centred


# --- checks on published code and numbers ---------------------------------------------------


def documented_kl_div(input_: Array, target: Array, log_target: bool) -> float:
    """Return what PyTorch documents for ``kl_div(..., reduction="batchmean")``, batch of one.

    ``input_`` holds log-probabilities; ``target`` too if ``log_target``, else probabilities.
    Shapes: input_ (n,), target (n,).  Source: PyTorch documentation of KLDivLoss.
    """
    if log_target:
        return float(np.sum(np.exp(target) * (target - input_)))
    with np.errstate(invalid="ignore"):  # log of a negative "probability" is NaN, as in PyTorch
        return float(np.sum(target * (np.log(target) - input_)))


def gaussian_estimator_errors(shift: float, nodes: int = 60) -> dict[str, tuple[float, float]]:
    """Return (bias / KL, standard deviation / KL) of k1, k2, k3 for two unit Gaussians.

    Samples come from N(0, 1), the other distribution is N(shift, 1), so KL = shift^2 / 2.
    The integrals use Gauss-Hermite quadrature.  Source: the set-up of Schulman 2020.
    """
    x, weight = np.polynomial.hermite_e.hermegauss(nodes)
    weight = weight / weight.sum()
    log_ratio = shift**2 / 2 - shift * x  # log of sampling density over the other
    truth = shift**2 / 2
    estimates = {"k1": log_ratio, "k2": log_ratio**2 / 2, "k3": np.expm1(-log_ratio) + log_ratio}
    errors = {}
    for name, value in estimates.items():
        mean = float(weight @ value)
        deviation = float(np.sqrt(weight @ (value - mean) ** 2))
        errors[name] = (mean / truth - 1.0, deviation / truth)
    return errors
