"""Every digit of the article "From Reward Modeling to KL Penalties", recomputed; snippets run."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from labs import policy as lab
from labs.memory import training_gigabytes

ARTICLE = (Path(__file__).parents[2] / "articles" / "alignment" / "rlhf-pipeline.md").read_text(
    encoding="utf-8"
)
REF = np.array([0.4, 0.3, 0.2, 0.1])
ODDS = np.array([1.0, 2.0, 4.0, 2.0])
REWARD = np.log(ODDS)
BEST = np.array([0.2, 0.3, 0.4, 0.1])  # the optimum at beta = 1, by hand
HALF = np.array([1.0, 3.0, 8.0, 1.0]) / 13
DRAINED = np.array([0.05, 0.55, 0.1, 0.3])
LN2 = np.log(2.0)
PAIRS = [(2, 0, 4 / 5), (1, 0, 2 / 3), (3, 0, 2 / 3), (2, 1, 2 / 3), (2, 3, 2 / 3), (1, 3, 1 / 2)]
BANDIT = np.eye(4)
LEADS = (2 * LN2, 4 * LN2)


def said(*texts: str) -> None:
    """Fail unless each text stands in the article, line breaks aside."""
    words = " ".join(ARTICLE.split())
    for text in texts:
        assert text in words, text


def listed(values: lab.Array, digits: int) -> str:
    """Return the values as the article lists them, zero without decimals or sign."""
    return ", ".join(f"{v:.{digits}f}" if abs(v) > 1e-9 else "0" for v in values)


def one_sample_variance(weight: lab.Array) -> float:
    """Return the summed variance of weight(y) * grad log policy(y), y drawn from REF."""
    samples = weight[:, None] * (BANDIT - REF)
    return float(REF @ ((samples - REF @ samples) ** 2).sum(axis=1))


# The article itself


def test_functions_shown_exist() -> None:
    shown = re.findall(r":pyobject: (\w+)", ARTICLE)
    assert shown == ["preference_loss", "score_gradient", "clipped_objective"]
    assert all(hasattr(lab, name) for name in shown)


# Reward model


def test_raters_obey_bradley_terry() -> None:
    beats = lab.preference_matrix(REWARD)
    assert beats[2, 0] == pytest.approx(4 / 5)  # C over A
    for better, worse in [(1, 0), (3, 0), (2, 1), (2, 3)]:
        assert beats[better, worse] == pytest.approx(2 / 3)
    assert beats[1, 3] == pytest.approx(1 / 2)
    said(
        f"| vague | 0.3 | 2 in 3 | 2 | {REWARD[1]:.3f} |",
        f"| kind | 0.2 | 4 in 5 | 4 | {REWARD[2]:.3f} |",
    )


def test_pair_loss_is_least_at_the_true_margin() -> None:
    losses = [lab.preference_loss(margin, 4 / 5) for margin in (0.0, 2 * LN2, 4 * LN2)]
    entropy = -0.8 * np.log(0.8) - 0.2 * np.log(0.2)
    assert losses[1] == pytest.approx(entropy)
    grid = [lab.preference_loss(margin, 4 / 5) for margin in np.linspace(-5, 5, 201)]
    assert min(grid) >= losses[1]
    said(f"| {losses[0]:.4f} | {losses[1]:.4f} | {losses[2]:.4f} |")
    claimed = [lab.preference_matrix(np.array([0.0, lead]))[1, 0] for lead in (0.0, *LEADS)]
    said("| " + " | ".join(f"{chance:.0%}" for chance in claimed) + " |")
    said("| 0 | " + " | ".join(f"{lead:.3f}" for lead in LEADS) + " |")
    sure, missed = -np.log(0.8), -np.log(0.2)
    said(f"= {sure:.4f}$ four times", f"= {missed:.4f}$ once", f"= {losses[1]:.4f}$")


def test_surprise_of_three_tokens() -> None:
    said(f"= {-np.log([0.5, 0.25, 0.5]).sum():.2f}$ nats")


def test_best_of_n() -> None:
    four, sixteen = (1 - 0.8**n for n in (4, 16))
    said(f"$1 - 0.8^4 = {100 * four:.0f}\\%$", f"of sixteen with {sixteen:.0%}")


def test_loss_falls_forever_when_labels_agree() -> None:
    losses = [lab.preference_loss(margin) for margin in (1.0, 10.0, 100.0)]
    assert losses[0] > losses[1] > losses[2] >= 0.0


# Optimum and frontier


def test_optimum_by_hand() -> None:
    assert float(REF @ ODDS) == pytest.approx(2.0)
    np.testing.assert_allclose(lab.optimum(REF, REWARD, 1.0), BEST)
    np.testing.assert_allclose(lab.optimum(REF, REWARD, 0.5), HALF)
    assert lab.kl(BEST, REF) == pytest.approx(0.2 * LN2)
    assert float(BEST @ REWARD) == pytest.approx(1.2 * LN2)
    assert float(BEST @ REWARD) - lab.kl(BEST, REF) == pytest.approx(np.log(2.0))
    said("$0.2\\ln 2 = 0.1386$".strip("$"), "$1.2\\ln 2 = 0.8318$")


def test_frontier_table() -> None:
    said(f"| reference | 0.4 | 0.3 | 0.2 | 0.1 | 0 | {REF @ REWARD:.4f} |")
    for beta, name, digits in [(2.0, "2", "4"), (1.0, "1", "1")]:
        best = lab.optimum(REF, REWARD, beta)
        _, drift, mean = lab.frontier(REF, REWARD, [beta])[0]
        cells = " | ".join(f"{p:.{digits}f}" for p in best)
        said(f"| {name} | {cells} | {drift:.4f} | {mean:.4f} |")
    _, drift, mean = lab.frontier(REF, REWARD, [0.5])[0]
    said(f"| ½ | 1/13 | 3/13 | 8/13 | 1/13 | {drift:.4f} | {mean:.4f} |")
    a, b, c, d = lab.optimum(REF, REWARD, 0.1)
    _, drift, mean = lab.frontier(REF, REWARD, [0.1])[0]
    said(f"| 0.1 | {a:.7f} | {b:.4f} | {c:.4f} | {d:.4f} | {drift:.4f} | {mean:.4f} |")


def test_frontier_ends_and_slope() -> None:
    said(f"$\\ln 4 = {np.log(4):.4f}$", f"$-\\ln 0.2 = {-np.log(0.2):.4f}$")
    low, high = lab.frontier(REF, REWARD, [1.001, 0.999])
    assert (high[2] - low[2]) / (high[1] - low[1]) == pytest.approx(1.0, abs=1e-5)


def test_equal_rewards_keep_their_ratio() -> None:
    for beta in (0.1, 0.5, 1.0, 2.0):
        for best in (lab.optimum(REF, REWARD, beta), lab.forward_optimum(REF, REWARD, beta)):
            assert best[1] / best[3] == pytest.approx(3.0)


def test_scale_and_shift_of_rewards() -> None:
    np.testing.assert_allclose(lab.optimum(REF, 2 * REWARD, 1.0), HALF)
    np.testing.assert_allclose(lab.optimum(REF, REWARD + 5, 1.0), BEST)
    np.testing.assert_allclose(lab.preference_matrix(REWARD + 5), lab.preference_matrix(REWARD))


def test_no_policy_beats_the_optimum() -> None:
    value = float(HALF @ REWARD) - 0.5 * lab.kl(HALF, REF)
    for rival in np.random.default_rng(0).dirichlet(np.ones(4), size=200):
        assert float(rival @ REWARD) - 0.5 * lab.kl(rival, REF) <= value


def test_frontier_reward_is_the_reward_at_that_drift() -> None:
    for _, drift, mean in lab.frontier(REF, REWARD, [2.0, 1.0, 0.5, 0.1]):
        assert lab.frontier_reward(REF, REWARD, float(drift)) == pytest.approx(mean, abs=1e-9)
    below = lab.frontier_reward(REF, REWARD, lab.kl(DRAINED, REF)) - float(DRAINED @ REWARD)
    assert below > 0


def test_price_must_be_positive() -> None:
    for solve in (lab.optimum, lab.forward_optimum):
        with pytest.raises(ValueError, match="beta is 0"):
            solve(REF, REWARD, 0.0)


# Policy gradient


def test_first_gradient_step() -> None:
    advantage = REWARD - REF @ REWARD
    gradient = lab.score_gradient(REF, REWARD)
    np.testing.assert_allclose(gradient, REF * advantage)
    step = lab.softmax(np.log(REF) + gradient)
    said(f"({listed(advantage, 4)})", f"({listed(gradient, 4)})", f"({listed(step, 4)})")
    value = float(step @ REWARD) - lab.kl(step, REF)
    said(f"from {REF @ REWARD:.4f} to {value:.4f}; the maximum is {LN2:.4f}")


def test_pushes_of_two_notes_average_to_the_slope() -> None:
    start, scores = np.array([1 / 3, 2 / 3]), np.log([4.0, 1.0])  # kind, threat
    expected = float(start @ scores)
    nudged = lab.softmax(np.log(start) + np.array([0.01, 0.0]))
    rise = float(nudged @ scores - expected) / 0.01
    said(f"{nudged[0]:.4f} instead of {start[0]:.4f}")
    said(f"from {expected:.4f} to {nudged @ scores:.4f}, by about {rise:.3f} for each unit")
    likelier = np.array([1 - start[0], -start[0]])
    np.testing.assert_allclose(likelier, np.log(nudged / start) / 0.01, atol=5e-3)
    slope = lab.score_gradient(start, scores)[0]
    for weight in (scores, scores - expected):
        assert float(start @ (likelier * weight)) == pytest.approx(slope)
    plain, less = likelier * scores, likelier * (scores - expected)
    said(
        f"| kind | 1/3 | 2/3 | {scores[0]:.3f} | {plain[0]:.3f} | {scores[0] - expected:.3f} "
        f"| {less[0]:.3f} |",
        f"| threat | 2/3 | −1/3 | 0 | 0 | −{expected:.3f} | {less[1]:.3f} |",
        f"| 0 | {expected:.3f} | **{slope:.3f}** | 0 | **{slope:.3f}** |",
    )
    assert float(start @ likelier) == pytest.approx(0.0)
    assert [f"{p:.4f}" for p in nudged / start] == ["1.0067", "0.9967"]
    said("by 1.0067", "by 0.9967")
    shifted = likelier * (scores + 5)
    said(f"{scores[0] + 5:.4f} = {shifted[0]:.3f}$", f"5 = -{-shifted[1]:.3f}$")
    assert float(start @ shifted) == pytest.approx(slope)


def test_gradient_agrees_with_finite_differences() -> None:
    def value(logits: lab.Array) -> float:
        policy = lab.softmax(logits)
        return float(policy @ REWARD) - lab.kl(policy, REF)

    logits = np.log(DRAINED)
    slope = [(value(logits + h) - value(logits - h)) / 2e-6 for h in 1e-6 * BANDIT]
    net = lab.score_gradient(DRAINED, REWARD) - lab.penalty_gradient(DRAINED, REF, "k1", "reward")
    np.testing.assert_allclose(net, slope, atol=1e-8)


def test_baseline_removes_variance_only() -> None:
    raw, centred = one_sample_variance(REWARD), one_sample_variance(REWARD - REF @ REWARD)
    shifted = one_sample_variance(REWARD + 5)
    np.testing.assert_allclose(
        lab.score_gradient(REF, REWARD + 5), lab.score_gradient(REF, REWARD), atol=1e-12
    )
    said(f"{raw:.4f} with raw rewards and {centred:.4f}", f"{raw:.2f} to {shifted:.2f}")
    said(f"cuts the variance by {1 - centred / raw:.0%}")


def test_sampled_gradient_is_right_on_average() -> None:
    rng = np.random.default_rng(0)
    drawn = [lab.sampled_gradient(DRAINED, REWARD, 8, rng) for _ in range(20_000)]
    spread = np.std(drawn, axis=0) / np.sqrt(len(drawn))
    error = np.mean(drawn, axis=0) - lab.score_gradient(DRAINED, REWARD)
    assert np.all(np.abs(error) < 4 * spread)
    assert float(spread.max()) < 2e-3


@pytest.mark.parametrize(("estimator", "place"), [("k1", "reward"), ("k3", "loss")])
def test_no_batch_moves_the_optimum(estimator: lab.Estimator, place: lab.Place) -> None:
    """Reward minus penalty is the same for every answer there, so the baseline takes it all."""
    solve = lab.optimum if place == "reward" else lab.forward_optimum
    rng = np.random.default_rng(0)
    best = solve(REF, REWARD, 0.5)
    weight = REWARD - 0.5 * lab.penalty_weight(best, REF, estimator, place)
    for _ in range(20):
        np.testing.assert_allclose(lab.sampled_gradient(best, weight, 8, rng), 0.0, atol=1e-12)


def test_natural_step_lands_on_the_optimum() -> None:
    advantage = REWARD - REF @ REWARD
    np.testing.assert_allclose(lab.softmax(np.log(REF) + advantage), BEST)


# PPO


def test_gae_of_three_tokens() -> None:
    rewards, values = np.array([-0.1, 0.0, 0.9]), np.array([0.2, 0.5, 0.8])
    for lam, shown in [(0.0, "0.2, 0.3, 0.1"), (1.0, "0.6, 0.4, 0.1")]:
        numbers = [float(text) for text in shown.split(", ")]
        np.testing.assert_allclose(lab.gae(rewards, values, 1.0, lam), numbers)
        said(f"({shown})")
    np.testing.assert_allclose(lab.gae(rewards, values, 1.0, 0.95), [0.57525, 0.395, 0.1])
    said("(0.57525, 0.395, 0.1)")
    said("expected 0.5 before the second, and $0 + 0.9", "advantage is $0.9 - 0.5 = 0.4$")
    assert float(rewards[1:].sum() - values[1]) == pytest.approx(0.4)


def test_clip_lets_ratios_leave_the_band() -> None:
    advantage = REWARD - REF @ REWARD
    logits = np.log(REF)
    for step in range(16):
        policy = lab.softmax(logits)
        ratio = policy / REF
        value = abs(float(REF @ lab.clipped_objective(ratio, advantage, 0.2)))
        if step in (1, 2, 15):
            said(f"| {step} | " + " | ".join(f"{r:.4f}" for r in ratio) + f" | {value:.4f} |")
        gradient = lab.clipped_gradient(policy, REF, advantage, 0.2)
        if step == 0:
            np.testing.assert_allclose(gradient, lab.score_gradient(REF, REWARD))
            leap = lab.softmax(logits + 3 * gradient) / REF
            said(f"put it at {leap[2]:.2f}")
        logits = logits + gradient
    said("with 0.2433 in place of 0.2", "1.22 times as often as in the batch")
    said(f"advantage is {advantage[2]:.3f}", f"= {REF[2] * advantage[2]:.3f}$")
    assert [f"{1.2166 * advantage[2]:.2f}", f"{1.2 * advantage[2]:.2f}"] == ["1.01", "1.00"]


def test_smaller_of_two_products() -> None:
    """The table of the clipped objective: where it is flat in the ratio."""
    ratios = np.array([0.7, 1.0, 1.4])
    for sign, values in [(1.0, [0.7, 1.0, 1.2]), (-1.0, [-0.8, -1.0, -1.4])]:
        np.testing.assert_allclose(lab.clipped_objective(ratios, np.full(3, sign), 0.2), values)


def test_clipped_gradient_agrees_with_finite_differences() -> None:
    advantage = REWARD - REF @ REWARD
    logits = np.log(REF) + lab.score_gradient(REF, REWARD)  # C is outside the band here

    def value(at: lab.Array) -> float:
        return float(REF @ lab.clipped_objective(lab.softmax(at) / REF, advantage, 0.2))

    slope = [(value(logits + h) - value(logits - h)) / 2e-6 for h in 1e-6 * BANDIT]
    gradient = lab.clipped_gradient(lab.softmax(logits), REF, advantage, 0.2)
    np.testing.assert_allclose(gradient, slope, atol=1e-8)
    assert gradient[2] > 0  # its own term is flat, yet C's logit still rises


# One penalty, three ways in


def test_meters_at_the_optimum() -> None:
    readings = lab.kl_estimates(BEST, REF)
    spread = {k: float(np.sqrt(BEST @ (v - BEST @ v) ** 2)) for k, v in readings.items()}
    assert float(BEST @ readings["k1"]) == pytest.approx(lab.kl(BEST, REF))
    assert float(BEST @ readings["k3"]) == pytest.approx(lab.kl(BEST, REF))
    assert float(BEST @ readings["k2"]) != pytest.approx(lab.kl(BEST, REF), abs=1e-3)
    said(f"({listed(readings['k1'], 3)})", f"({listed(readings['k3'], 3)})")
    said(f"average {lab.kl(BEST, REF):.4f}", f"{spread['k1']:.3f} and {spread['k3']:.3f}")
    said(f"typically by {spread['k3']:.2f} against {spread['k1']:.2f}")
    far = lab.optimum(REF, REWARD, 0.1)
    wide = [float(np.sqrt(far @ (v - far @ v) ** 2)) for v in lab.kl_estimates(far, REF).values()]
    assert (round(wide[2]), round(wide[0], 1)) == (290, 0.3)
    said(f"| $k_1$ | −{LN2:.3f} | 0 | {LN2:.3f} | 0 | {lab.kl(BEST, REF):.4f} |")
    said(f"| $k_3$ | {readings['k3'][0]:.3f} | 0 | {readings['k3'][2]:.3f} | 0 | 0.1386 |")


def test_published_estimator_errors() -> None:
    """Schulman 2020, as Wang and Zhang 2025 quote it (section 5.2): errors over the KL."""
    published = {
        0.1: {"k1": (0.0, 20.0), "k2": (0.002, 1.42), "k3": (0.0, 1.42)},
        1.0: {"k1": (0.0, 2.0), "k2": (0.25, 1.73), "k3": (0.0, 1.7)},
    }
    for shift, rows in published.items():
        ours = lab.gaussian_estimator_errors(shift)
        for name, (bias, deviation) in rows.items():
            assert ours[name][0] == pytest.approx(bias, abs=6e-4)  # the blog sampled: 0.0025 here
            assert ours[name][1] == pytest.approx(deviation, abs=6e-3)
    near = lab.gaussian_estimator_errors(0.1)
    said(f"gives {near['k1'][1]:.1f} and {near['k3'][1]:.3f}")


def test_what_backpropagation_returns() -> None:
    true = lab.penalty_gradient(BEST, REF, "k1", "reward")
    said(f"({listed(true, 4)})")
    np.testing.assert_allclose(lab.penalty_gradient(BEST, REF, "k2", "loss"), true)
    np.testing.assert_allclose(lab.penalty_gradient(BEST, REF, "k3", "loss"), BEST - REF)
    np.testing.assert_allclose(lab.penalty_gradient(BEST, REF, "k1", "loss"), 0.0, atol=1e-15)
    odd = lab.penalty_gradient(BEST, REF, "k3", "reward")
    np.testing.assert_allclose(odd, true - (BEST - REF), atol=1e-15)  # reverse minus forward


def test_corrected_k3_has_the_right_gradient() -> None:
    old, logits = REF, np.log(BEST)

    def corrected(at: lab.Array) -> float:
        policy = lab.softmax(at)
        return float(old @ (policy / old * lab.kl_estimates(policy, REF)["k3"]))

    slope = [(corrected(logits + h) - corrected(logits - h)) / 2e-6 for h in 1e-6 * BANDIT]
    true = lab.penalty_gradient(BEST, REF, "k1", "reward")
    np.testing.assert_allclose(slope, true, atol=1e-8)


@pytest.mark.parametrize(
    ("estimator", "place", "goal"),
    [
        ("k1", "reward", BEST),
        ("k2", "loss", BEST),
        ("k3", "loss", lab.forward_optimum(REF, REWARD, 1.0)),
        ("k1", "loss", np.array([0.0, 0.0, 1.0, 0.0])),
    ],
)
def test_where_each_placement_ends(
    estimator: lab.Estimator, place: lab.Place, goal: lab.Array
) -> None:
    end = lab.ascend(REF, REWARD, 1.0, estimator, place, steps=5_000)
    np.testing.assert_allclose(end, goal, atol=5e-4)


def test_placement_table() -> None:
    forward = lab.forward_optimum(REF, REWARD, 1.0)
    tight, loose = lab.optimum(REF, REWARD, 0.1), lab.forward_optimum(REF, REWARD, 0.1)
    said(f"| {listed(forward, 4)} | {loose[0]:.4f} |", f"| {listed(BEST, 1)} | {tight[0]:.7f} |")
    assert float(tight[0]) == pytest.approx(2e-6, rel=0.1)  # two in a million
    assert float(loose[0]) == pytest.approx(0.03, rel=0.1)  # three in a hundred
    assert round(float(loose[0] / tight[0]), -3) == 15_000
    ends = [
        (tight, lab.penalty_gradient(tight, REF, "k1", "reward")),
        (loose, lab.penalty_gradient(loose, REF, "k3", "loss")),
    ]
    for best, price in ends:
        np.testing.assert_allclose(lab.score_gradient(best, REWARD), 0.1 * price, atol=1e-12)


def test_forward_optimum_has_the_printed_form() -> None:
    best = lab.forward_optimum(REF, REWARD, 0.5)
    assert float(best.sum()) == pytest.approx(1.0)
    advantage = REWARD - best @ REWARD
    np.testing.assert_allclose(best, REF / (1 - advantage / 0.5))


def test_optimum_by_letter_is_a_product_of_hyperbolas() -> None:
    rng, beta = np.random.default_rng(0), 0.3
    ref = [rng.dirichlet(np.ones(3), size=3**level) for level in range(3)]
    reward = rng.normal(size=27)
    joint = lab.forward_optimum_by_letter(ref, reward, beta)
    assert float(joint.sum()) == pytest.approx(1.0)
    expected, advantages = np.ones(1), np.zeros(1)
    for level, was in enumerate(ref):
        share = joint.reshape(3**level, 3, -1)
        after = (share * reward.reshape(share.shape)).sum(axis=2) / share.sum(axis=2)
        now = share.sum(axis=2) / share.sum(axis=(1, 2))[:, None]
        gain = after - (now * after).sum(axis=1, keepdims=True)
        np.testing.assert_allclose(now * gain, beta * (now - was), atol=1e-9)  # no more pull
        expected = (expected[:, None] * was / (1 - gain / beta)).reshape(-1)
        advantages = (advantages[:, None] + gain).reshape(-1)
    np.testing.assert_allclose(joint, expected, atol=1e-9)
    np.testing.assert_allclose(advantages, reward - joint @ reward, atol=1e-9)


def test_optimum_by_letter_of_one_letter_is_the_forward_optimum() -> None:
    np.testing.assert_allclose(
        lab.forward_optimum_by_letter([REF[None]], REWARD, 0.5),
        lab.forward_optimum(REF, REWARD, 0.5),
    )
    with pytest.raises(ValueError, match="beta is 0"):
        lab.forward_optimum_by_letter([REF[None]], REWARD, 0.0)


def test_more_letters_come_nearer_to_the_exponential() -> None:
    said("$(1 - A/4\\beta)^{-4}$")
    for gain in (-20.0, -1.0, 0.5):  # A / beta, left of the pole of one letter
        factors = [(1 - gain / letters) ** -letters for letters in (1, 2, 4, 64)]
        assert factors == sorted(factors, reverse=True)
        assert factors[-1] > np.exp(gain)


def test_k3_in_the_reward_is_unbounded() -> None:
    def value(policy: lab.Array) -> float:
        return float(policy @ REWARD) - (lab.kl(policy, REF) - lab.kl(REF, policy))

    dropped = [np.array([eps, 0.5 - eps, 0.4, 0.1]) for eps in (1e-3, 1e-30, 1e-300)]
    values = [value(policy) for policy in dropped]
    assert values[0] < values[1] < values[2]
    assert values[2] > 200


def test_who_pays_for_dropping_an_answer() -> None:
    without_a = np.array([0.0, 0.3, 0.2, 0.1]) / 0.6
    assert lab.kl(without_a, REF) == pytest.approx(-np.log(0.6))
    said(f"$-\\ln 0.6 = {-np.log(0.6):.4f}$")


def test_adaptive_coefficient() -> None:
    target = lab.kl(BEST, REF)
    assert lab.adaptive_beta(0.5, lab.kl(HALF, REF), target) == pytest.approx(0.51)
    beta, updates = 0.5, 0
    while beta < 1.0:
        beta, updates = lab.adaptive_beta(beta, 100.0, target), updates + 1
    said(f"takes at least {updates} updates;", "so β moves to 0.51")


# DPO and GRPO


def test_implicit_reward_is_the_raters_score() -> None:
    np.testing.assert_allclose(lab.implicit_reward(BEST, REF, 1.0), REWARD - LN2, atol=1e-12)


def test_dpo_loss_on_one_pair_and_on_all() -> None:
    one = [lab.dpo_loss(policy, REF, 1.0, PAIRS[:1]) for policy in (REF, BEST, DRAINED)]
    assert one[0] == pytest.approx(LN2)
    assert one[1] == pytest.approx(lab.preference_loss(2 * LN2, 4 / 5))
    assert one[2] == pytest.approx(one[1])  # the drained policy cannot be told apart
    everything = [lab.dpo_loss(policy, REF, 1.0, PAIRS) for policy in (BEST, DRAINED)]
    said(f"{one[0]:.4f} at the reference and {one[1]:.4f}")
    said(
        f"{everything[0]:.4f} against {everything[1]:.4f}",
        f"({listed(DRAINED, 2)})".replace("0.10", "0.1").replace("0.30", "0.3"),
    )


def test_group_advantages() -> None:
    one_right = lab.group_advantage(np.array([1.0, 0.0, 0.0, 0.0]), scale=True)
    spread = np.array([1.0, 0.0, 0.0, 0.0]).std()
    said(f"$0.75/{spread:.3f} = {one_right[0]:.3f}$", f"−{-one_right[1]:.3f}")
    one_less = one_right * np.sqrt(3 / 4)  # the deviation over n - 1
    np.testing.assert_allclose(one_less, [1.5, -0.5, -0.5, -0.5])
    said("makes it 1.5 and −0.5")
    np.testing.assert_array_equal(lab.group_advantage(np.ones(4), scale=True), np.zeros(4))
    plain = lab.group_advantage(np.array([1.0, 0.0, 0.0, 0.0]), scale=False)
    leave_one_out = np.array([1.0, -1 / 3, -1 / 3, -1 / 3])
    np.testing.assert_allclose(plain, 3 / 4 * leave_one_out)


def test_hidden_coefficient() -> None:
    easy, hard = np.sqrt(0.25), np.sqrt(0.01 * 0.99)
    said(f"{easy:.1f} at $p = 0.5$, {hard:.4f} at $p = 0.01$")
    assert easy / hard == pytest.approx(5.0, abs=0.05)


def test_exercise_group_of_eight() -> None:
    rewards = np.array([1.0] + [0.0] * 7)
    advantage = lab.group_advantage(rewards, scale=True)
    assert advantage[0] == pytest.approx(np.sqrt(7))
    said(f"{advantage[0]:.4f} = \\sqrt 7", f"${advantage[1]:.4f}$", f"= {rewards.std():.4f}$")
    said(f"= {0.5 / rewards.std():.2f}$ times the effective price")


# Memory, failures


def test_memory_of_the_routes() -> None:
    sizes = {(1, 1): 126, (1, 0): 112, (1, 2): 140, (2, 2): 252}
    for networks, size in sizes.items():
        assert training_gigabytes(7, *networks) == size
        said(f"| {networks[0]} + {networks[1]} | {size} |")
    teacher = training_gigabytes(7, 1, 0) + training_gigabytes(32, 0, 1)
    said(f"32B teacher | a stronger model of the same vocabulary | 1 + 1 | {teacher:.0f} |")
    large = [training_gigabytes(70, *networks) for networks in ((2, 2), (1, 0))]
    assert large == [2520, 1120]
    said("= 2{,}520$", "= 1{,}120$")


def test_overrated_note_takes_two_in_three() -> None:
    ref = np.array([0.4, 0.3, 0.2, 0.1, 0.001])
    reward = np.append(REWARD, np.log(100.0))
    best = lab.optimum(ref / ref.sum(), reward, 0.5)
    assert float(best[4]) == pytest.approx(2 / 3, abs=0.01)
    assert float(REF @ ODDS**2) == pytest.approx(5.2)
    weights = [(0.001 * 100**power, float(REF @ ODDS**power)) for power in (1, 2, 4)]
    said(
        "| Weight of the fifth note | "
        + " | ".join(f"{w:,.3g}" if w < 100 else f"{w:,.0f}" for w, _ in weights)
        + " |"
    )
    said("| Of the four others | " + " | ".join(f"{o:.2g}" for _, o in weights) + " |")
    shares = [
        f"{100 * w / (w + o):.2g}" if w < 100 else f"{100 * w / (w + o):.1f}" for w, o in weights
    ]
    said("| Its probability | " + " | ".join(f"{share}%" for share in shares) + " |")


def test_a_small_price_adds_up() -> None:
    said(f"so paid {19.0 * 0.05:.2f}.")  # Stiennon et al. 2020
    end = -float(np.log(REF[2]))
    gain = float(REWARD.max() - REF @ REWARD)
    said(f"costs {0.1 * end:.2f} and gains {gain:.2f} of score")


def test_distances_of_the_targets_of_the_runs() -> None:
    """The last column of the table beside the frontier."""
    for beta, shown in [(2, "0.035"), (1, "0.139"), (0.5, "0.484"), (0.2, "1.331"), (0.1, "1.594")]:
        assert f"{lab.kl(lab.optimum(REF, REWARD, beta), REF):.3f}" == shown
        said(f"- {shown}")


def test_whole_answer_ratio_and_length() -> None:
    said(f"= {1.35 ** (1 / 1000):.4f}$", f"is −{0.577 / 100:.4f} for each token of a hundred")


def test_small_mismatches_multiply() -> None:
    said("| Factor | 1.01 | 1.105 | 2.70 | 20,959 |")
    for tokens, factor in [(10, "1.105"), (100, "2.705"), (1000, "20959.156")]:
        assert f"{1.01**tokens:.3f}" == factor


# Published code


def test_exercise_kl_div() -> None:
    printed = lab.documented_kl_div(np.log(REF), np.log(HALF), log_target=False)
    repaired = lab.documented_kl_div(np.log(REF), np.log(HALF), log_target=True)
    swapped = lab.documented_kl_div(np.log(HALF), np.log(REF), log_target=True)
    assert np.isnan(printed)
    assert repaired == pytest.approx(lab.kl(HALF, REF))
    assert swapped == pytest.approx(lab.kl(REF, HALF))
    said(f"it is {repaired:.4f}", f"with swapped arguments {swapped:.4f}")


def test_inverted_ratio_is_no_kl_meter() -> None:
    ratio = BEST / REF  # the inverse of what k3 wants when samples come from BEST
    inverted = float(BEST @ (ratio - 1 - np.log(ratio)))
    said(f"that is {inverted:.4f}, not {lab.kl(BEST, REF):.4f}", "returns $e^{u} - 1 - u$")


def test_exercise_optimum_at_half() -> None:
    mean = float(HALF @ REWARD)
    assert mean == pytest.approx(20 * LN2 / 13)
    assert 2 * mean - np.log(5.2) == pytest.approx(lab.kl(HALF, REF))
    said(f"$20\\ln 2/13 = {mean:.4f}$", f"\\ln 5.2 = {lab.kl(HALF, REF):.4f}")
