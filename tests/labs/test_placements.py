"""The experiment of "The RLHF pipeline, derived": sampled runs, and a network of letters."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from labs import policy
from labs.experiments import rlhf_pipeline as lab

ROOT = Path(__file__).parents[2]
ARTICLE = (ROOT / "articles" / "alignment" / "rlhf-pipeline.md").read_text(encoding="utf-8")
REWARD_ONLY, LOSS_ONLY, BY_LETTER = np.eye(3)


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    text = (ROOT / "labs" / "results" / "rlhf-pipeline.json").read_text(encoding="utf-8")
    values: dict[str, Any] = json.loads(text)["values"]
    return values


# Runs


def test_runs_arrive_where_the_formula_says() -> None:
    for place, solve in [("k1 reward", policy.optimum), ("k3 loss", policy.forward_optimum)]:
        *_, end = lab.reinforce(place, 1.0, [2048], np.random.default_rng(0))
        np.testing.assert_allclose(end, solve(lab.REF, lab.REWARD, 1.0), atol=1e-6)


def test_beta_makes_no_difference_to_k1_in_the_loss() -> None:
    ends = [
        next(lab.reinforce("k1 loss", beta, [128], np.random.default_rng(0))) for beta in (0.1, 2.0)
    ]
    np.testing.assert_allclose(ends[0], ends[1], rtol=1e-9)


def test_rows_name_what_was_measured() -> None:
    samples = [8, 16]
    measured = lab.runs(0, samples)
    rows = lab.run_rows(samples)
    assert len(measured["run_a"]) == len(rows) == 22
    assert len(measured["other_a"]) == len(lab.other_rows()) == 6
    place = rows.index(("k3 loss", 0.5, 16))
    again = list(lab.reinforce("k1 reward", 2.0, samples, np.random.default_rng(0)))
    assert measured["run_a"][:2] == [float(end[0]) for end in again]
    least = [measured["run_a"][rows.index((name, 0.1, 16))] for name in ("k3 loss", "k1 reward")]
    assert measured["gap"][1] == pytest.approx(least[0] / least[1])
    assert measured["run_kl"][place] > 0


def test_curves_are_of_the_articles_example() -> None:
    found = lab.curves()
    at_one = lab.BETAS.index(1.0)
    assert [found[f"best_{answer}"][at_one] for answer in "abcd"] == pytest.approx(
        [0.2, 0.3, 0.4, 0.1]
    )
    forward = ", ".join(f"{found[f'forward_{answer}'][at_one]:.4f}" for answer in "abcd")
    assert f"| {forward} |" in ARTICLE  # the table of placements
    assert f"| {found['forward_a'][0]:.4f} |" in ARTICLE
    assert f"| {found['best_a'][0]:.7f} |" in ARTICLE
    assert lab.BETAS[0] == 0.1


# Network


def test_probabilities_of_all_answers_add_up() -> None:
    with jax.enable_x64(True):
        joint, following, before = lab.tree(lab.draw(np.random.default_rng(0)))
        assert joint.shape == (lab.LETTERS**lab.LENGTH,)
        assert float(jnp.exp(joint).sum()) == pytest.approx(1.0)
        assert [len(part) for part in following] == [len(part) for part in before] == [1, 4, 16, 64]
        by_hand = following[0][0, 1] + following[1][1, 3] + following[2][7, 0] + following[3][28, 2]
        assert float(joint[114]) == pytest.approx(float(by_hand))  # letters 1, 3, 0, 2


def test_parameters_are_as_many_as_said() -> None:
    drawn = lab.draw(np.random.default_rng(0))
    assert lab.EXPERIMENT.fixed["net_parameters"] == sum(part.size for part in drawn.values())


def priced(params: lab.Params, mix: policy.Array, ref: lab.Tree) -> jax.Array:
    """Return the objective without reward at beta = 1."""
    return lab.net_objective(
        params, jnp.zeros(lab.LETTERS**lab.LENGTH), jnp.array(1.0), jnp.array(mix), ref
    )


def test_penalties_are_what_they_are_called() -> None:
    with jax.enable_x64(True):
        params, other = (lab.draw(np.random.default_rng(seed)) for seed in (0, 1))
        now, ref = lab.tree(params), lab.tree(other)
        p, q = np.exp(np.array(now[0])), np.exp(np.array(ref[0]))
        assert float(priced(params, REWARD_ONLY, ref)) == pytest.approx(-policy.kl(p, q))
        assert float(priced(params, LOSS_ONLY, ref)) == pytest.approx(-policy.kl(q, p))
        by_hand = 0.0
        for level in range(lab.LENGTH):
            seen = p.reshape(lab.LETTERS**level, -1).sum(axis=1)
            for place, share in enumerate(seen):
                then, here = (np.exp(np.array(side[1][level][place])) for side in (ref, now))
                by_hand += float(share) * policy.kl(then, here)
        assert float(priced(params, BY_LETTER, ref)) == pytest.approx(-by_hand)


def test_penalty_by_letter_forgets_that_letters_come_from_letters() -> None:
    """Its gradient is not that of its value, those of the penalties of whole answers are."""
    with jax.enable_x64(True):
        params, other = (lab.draw(np.random.default_rng(seed)) for seed in (0, 1))
        ref = lab.tree(other)
        for mix, forgets in [(REWARD_ONLY, False), (LOSS_ONLY, False), (BY_LETTER, True)]:
            gradient = jax.grad(priced)(params, mix, ref)["start"]
            values = [
                float(priced(params | {"start": params["start"] + step}, mix, ref))
                for step in (1e-6 * jnp.eye(lab.WIDTH)[0], -1e-6 * jnp.eye(lab.WIDTH)[0])
            ]
            slope = (values[0] - values[1]) / 2e-6
            assert (abs(float(gradient[0]) - slope) > 1e-3) == forgets


def test_worst_hold_at_most_a_tenth() -> None:
    ref, reward = np.array([0.5, 0.06, 0.04, 0.4]), np.array([3.0, 1.0, 0.0, 2.0])
    assert lab.worst(ref, reward) == [2, 1]
    assert lab.worst(ref, -reward) == []


def test_rewards_are_spread_as_the_examples() -> None:
    ref = np.random.default_rng(0).dirichlet(np.ones(lab.LETTERS**lab.LENGTH))
    reward = lab.rewards(ref, np.random.default_rng(1))
    assert float(ref @ reward) == pytest.approx(0.0, abs=1e-12)
    assert float(ref @ reward**2) == pytest.approx(
        float(lab.REF @ (lab.REWARD - lab.REF @ lab.REWARD) ** 2)
    )


# What the article says of the results in words


def test_no_run_is_farther_below_the_curve_than_the_one_named(found: dict[str, Any]) -> None:
    below = dict(zip(found["run"]["value"], found["run_below"]["value"], strict=True))
    worst = max(value for name, value in below.items() if name.startswith("k1 reward"))
    assert "run_below[run=k1 reward 0.1 128]|.4f" in ARTICLE
    assert f"{worst:.4f}" == f"{below['k1 reward 0.1 128']:.4f}"


def test_spread_of_a_is_never_above_a_third_of_the_mean(found: dict[str, Any]) -> None:
    share = np.array(found["run_a"]["spread"]) / np.array(found["run_a"]["value"])
    assert 0.3 < share.max() < 1 / 3


def test_only_the_hyperbola_had_settled(found: dict[str, Any]) -> None:
    share = dict(zip(found["run"]["value"], found["run_a"]["value"], strict=True))
    for name, settled in [("k1 reward", False), ("k3 loss", True), ("k1 loss", False)]:
        last = share[f"{name} 0.1 131072"] / share[f"{name} 0.1 32768"]
        assert (last == pytest.approx(1.0)) == settled
        assert settled or last < 0.5


def test_runs_without_restraint_are_nearer_than_the_optimum(found: dict[str, Any]) -> None:
    share = dict(zip(found["run"]["value"], found["run_a"]["value"], strict=True))
    held, free = (share[f"{name} 0.1 131072"] for name in ("k1 reward", "k1 loss"))
    best = found["best_a"]["value"][0]
    assert best < free < held
    assert held - free < held - best
    assert held / free < free / best


def test_other_steps_shift_the_time(found: dict[str, Any]) -> None:
    share = dict(zip(found["run"]["value"], found["run_a"]["value"], strict=True))
    other = dict(zip(found["other"]["value"], found["other_a"]["value"], strict=True))
    for name in ("k1 reward", "k1 loss"):
        slow, fast = other[f"{name} 0.2"], other[f"{name} 1"]
        assert slow > share[f"{name} 0.1 32768"] > fast > share[f"{name} 0.1 131072"]
    for rate in (0.2, 1):
        assert other[f"k3 loss {rate:g}"] == pytest.approx(share["k3 loss 0.1 131072"], rel=1e-5)
    spread = np.array(found["other_a"]["spread"]) / np.array(found["other_a"]["value"])
    assert spread[:4].max() < 1 / 3  # the runs that the caption gives


def test_networks_end_where_the_closed_forms_say(found: dict[str, Any]) -> None:
    for trained, form in [("reward", "best"), ("loss", "forward"), ("tokens", "letter")]:
        for what in ("worst", "kl", "top"):
            ends, best = (found[f"net_{name}_{what}"]["value"] for name in (trained, form))
            assert ends == pytest.approx(best, rel=0.03, abs=1e-6), (trained, what)


def test_per_letter_is_a_third_thing(found: dict[str, Any]) -> None:
    def of(key: str) -> np.ndarray[Any, np.dtype[np.float64]]:
        return np.array(found[key]["value"])

    assert found["net_beta"]["value"] == [1.0, 0.5, 0.25, 0.1]
    drift = of("net_tokens_kl")
    assert np.all(np.abs(drift / of("net_reward_kl") - 1)[:3] < 0.25)
    assert np.all((of("net_loss_kl") > 2 * of("net_reward_kl"))[:3])
    assert drift[3] < 0.8 * min(of("net_reward_kl")[3], of("net_loss_kl")[3])
    assert of("net_loss_top")[0] > 3 * of("net_reward_top")[0]  # the pole, at beta = 1
    assert np.all(of("net_reward_worst") < of("net_tokens_worst"))
    assert np.all(of("net_tokens_worst") < of("net_loss_worst"))
