"""Every digit of the article "What is RLHF", recomputed, and its snippets run."""

from __future__ import annotations

import math
import re
from pathlib import Path

import numpy as np
import pytest

from labs import preferences as lab
from labs.preferences import CHAIN, CYCLE

ROOT = Path(__file__).parents[2]
ARTICLE = (ROOT / "articles" / "alignment" / "what-is-rlhf.md").read_text(encoding="utf-8")
POOL = np.array([[0, 2, 1], [1, 0, 2], [2, 1, 0]], dtype=float)  # three rankings, a Condorcet cycle
REFERENCE = np.array([0.1, 0.3, 0.6])


def said(*texts: str) -> None:
    """Fail unless each text stands in the article, line breaks aside."""
    words = " ".join(ARTICLE.split())
    for text in texts:
        assert text in words, text


def chain_scores() -> lab.Array:
    return lab.fit_scores(CHAIN)


# The article itself


def test_functions_shown_exist() -> None:
    shown = re.findall(r":pyobject: (\w+)", ARTICLE)
    assert shown == ["fit_scores", "best_policy"]
    assert all(hasattr(lab, name) for name in shown)


# Seven comparisons, three scores


def test_chain_has_the_closed_form() -> None:
    np.testing.assert_allclose(chain_scores(), np.log([6, 2, 1]), atol=1e-10)
    said(f"{math.log(3):.4f}", f"{math.log(2):.4f}", f"[{math.log(6):.4f}, {math.log(2):.4f}, 0.0]")
    said(f"1.0986 + 0.6931 = {math.log(6):.4f}$")


def test_what_a_lead_promises() -> None:
    leads = (0, math.log(2), 1, math.log(3), 2)
    odds = [f"{math.exp(lead):.2f}".rstrip("0").rstrip(".") for lead in leads]
    chances = [f"{lab.win_probability(lead, 0):.0%}" for lead in leads]
    said(f"to the lead | {' | '.join(odds)} |", f"Chance of a win | {' | '.join(chances)} |")


def test_pulls_cancel_at_the_fitted_scores() -> None:
    a, b, _ = chain_scores()
    chance = lab.win_probability(a, b)
    assert 3 * (1 - chance) == pytest.approx(1 * chance)  # three wins, one loss
    assert 1 - chance == pytest.approx(1 / 4)
    said("up, 3 × ¼ = ¾", "down, 1 × ¾ = ¾")


def test_a_nudge_shows_the_slope() -> None:
    a, b, _ = chain_scores()
    before, after = lab.win_probability(a, b), lab.win_probability(a + 0.01, b)
    said(f"goes from {before:.4f} to {after:.4f}")
    said(f"falls from {-math.log(before):.4f} to {-math.log(after):.4f}")
    assert math.log(after / before) / 0.01 == pytest.approx(1 - before, abs=0.002)


def test_odds_multiply_along_the_chain() -> None:
    a, _, c = chain_scores()
    assert lab.win_probability(a, c) == pytest.approx(6 / 7, abs=1e-10)
    assert lab.chained(3 / 4, 2 / 3) == pytest.approx(6 / 7)
    said(f"{6 / 7:.3f}", "6 times in 7")


def test_every_answer_wins_as_often_as_its_score_says() -> None:
    for wins in (CHAIN, CYCLE, POOL):
        scores = lab.fit_scores(wins)
        expected = [
            sum((wins + wins.T)[i, j] * lab.win_probability(scores[i], scores[j]) for j in range(3))
            for i in range(3)
        ]
        np.testing.assert_allclose(expected, wins.sum(axis=1), atol=1e-10)


def test_fit_is_a_maximum_and_ignores_a_common_shift() -> None:
    best = lab.log_likelihood(chain_scores(), CHAIN)
    assert best == pytest.approx(lab.best_log_likelihood(CHAIN))  # a chain fits perfectly
    assert lab.log_likelihood(chain_scores() + 5, CHAIN) == pytest.approx(best)
    for nudge in np.vstack([np.eye(3), -np.eye(3)]) * 0.1:
        assert lab.log_likelihood(chain_scores() + nudge, CHAIN) < best


def test_interval_of_the_chain() -> None:
    assert round(1 / 3 + 1 + 1 / 2 + 1, 2) == 2.83
    low, high = lab.chained_interval((3, 1), (2, 1))
    said(f"from {low:.2f} to {high:.2f}", "= 2.83$", f"from {low:.0%} to {high:.0%}")


def test_win_probability_survives_large_gaps() -> None:
    assert lab.win_probability(2000, 0) == 1
    assert lab.win_probability(-2000, 0) == 0
    assert lab.win_probability(0.3, 0.3) == 0.5


def test_an_unbeaten_answer_has_no_finite_score() -> None:
    unbeaten = np.array([[0, 4], [0, 0]], dtype=float)
    assert not lab.has_finite_fit(unbeaten)
    with pytest.raises(ValueError, match="infinite"):
        lab.fit_scores(unbeaten)


def test_too_few_rounds_are_not_passed_off_as_a_fit() -> None:
    with pytest.raises(RuntimeError, match="2 rounds"):
        lab.fit_scores(CHAIN, max_rounds=2)


def test_baseball_matches_the_published_fit() -> None:
    """Agresti 2002, table 10.11, column 3, as asserted in BradleyTerry2's test-baseball.R.

    Home and away games of 1987 pooled; teams from Milwaukee down to Baltimore.
    """
    home = [
        [0, 4, 4, 4, 6, 4, 6], [3, 0, 4, 4, 6, 6, 4], [2, 4, 0, 2, 4, 4, 6], [3, 5, 2, 0, 4, 4, 6],
        [5, 2, 3, 4, 0, 5, 6], [2, 3, 3, 4, 4, 0, 2], [2, 1, 1, 2, 1, 3, 0],
    ]  # fmt: skip
    away = [
        [0, 3, 2, 3, 1, 2, 0], [3, 0, 2, 3, 0, 1, 3], [5, 3, 0, 4, 3, 2, 0], [3, 1, 5, 0, 3, 2, 1],
        [1, 5, 3, 2, 0, 2, 0], [5, 3, 4, 3, 2, 0, 4], [5, 5, 6, 4, 6, 4, 0],
    ]  # fmt: skip
    wins = np.array(home, dtype=float) + np.array(away, dtype=float).T
    printed = [0.68, 1.11, 1.25, 1.29, 1.44, 1.58]
    assert sorted(np.round(lab.fit_scores(wins)[:-1], 2)) == printed


# The rater no scores can fit


def test_cycle_is_fitted_by_equal_scores() -> None:
    assert list(CYCLE.sum(axis=1)) == [4, 4, 4]
    np.testing.assert_allclose(lab.fit_scores(CYCLE), 0, atol=1e-12)


def test_cycle_shortfall_grows_with_the_data() -> None:
    scores = lab.fit_scores(CYCLE)
    fitted, free = lab.log_likelihood(scores, CYCLE), lab.best_log_likelihood(CYCLE)
    assert fitted == pytest.approx(12 * math.log(0.5))
    doubled = lab.best_log_likelihood(2 * CYCLE) - lab.log_likelihood(scores, 2 * CYCLE)
    assert doubled == pytest.approx(2 * (free - fitted))


def test_loop_odds() -> None:
    assert lab.loop_odds(CYCLE, [0, 1, 2]) == 27
    assert lab.loop_odds(POOL, [0, 1, 2]) == 8
    answered = CHAIN + np.array([[0, 0, 6], [0, 0, 0], [1, 0, 0]])
    assert lab.loop_odds(answered, [0, 1, 2]) == pytest.approx(1)
    said("= 27$", "the pool's is 8")


def test_twelve_clicks_do_not_convict_the_rater() -> None:
    low, high = lab.loop_interval(CYCLE, [0, 1, 2])
    assert low < 1
    said(f"between {low:.2f} and {high:,.0f}, so it may still be one")
    low, high = lab.loop_interval(2 * CYCLE, [0, 1, 2])
    assert low > 1
    said(f"twice as many, between {low:.2f} and {high:,.0f}")


@pytest.mark.parametrize(
    ("missing", "odds", "winner", "loser"),
    [((2, 0), (9, 3, 1), 0, 2), ((0, 1), (1, 9, 3), 1, 0), ((1, 2), (3, 1, 9), 2, 1)],
)
def test_whoever_picks_the_pairs_picks_the_winner(
    missing: tuple[int, int], odds: tuple[int, int, int], winner: int, loser: int
) -> None:
    asked = lab.skip_pair(CYCLE, *missing)
    scores = lab.fit_scores(asked)
    np.testing.assert_allclose(np.exp(scores - scores.min()), odds, rtol=1e-9)
    assert lab.log_likelihood(scores, asked) == pytest.approx(lab.best_log_likelihood(asked))
    assert -lab.log_likelihood(scores, asked) / asked.sum() == pytest.approx(0.562, abs=5e-4)
    assert lab.win_probability(scores[winner], scores[loser]) == pytest.approx(0.9)
    assert CYCLE[winner, loser] / (CYCLE[winner, loser] + CYCLE[loser, winner]) == 0.25
    names = "ABC"
    said(
        f"{odds[0]} : {odds[1]} : {odds[2]} | {names[winner]} |",
        f"{names[winner]} over {names[loser]}: 90% / 25%",
        "A beats C at 9 to 1",
        "one time in four",
    )


def test_score_order_is_total_wins_when_pairs_are_asked_alike() -> None:
    rng = np.random.default_rng(0)
    for _ in range(20):
        wins = np.zeros((5, 5))
        for i in range(5):
            for j in range(i):
                wins[i, j] = rng.integers(1, 20)
                wins[j, i] = 20 - wins[i, j]
        totals, scores = wins.sum(axis=1), lab.fit_scores(wins)
        higher = scores[:, None] > scores[None, :] + 1e-9
        assert (totals[:, None] > totals[None, :])[higher].all()


@pytest.mark.parametrize(
    ("rival", "predicted", "measured", "margin"), [(0.298, 0.87, 78, 4), (0.268, 0.88, 79, 4)]
)
def test_odds_overshoot_on_instructgpt(
    rival: float, predicted: float, measured: int, margin: int
) -> None:
    """Ouyang 2022: wins against the SFT model, section 1; head to head, section 4.1."""
    chance = lab.chained(0.734, 1 - rival)
    assert round(chance, 2) == predicted
    assert round(100 * chance) - measured == 9
    record = (ROOT / "articles" / "alignment" / "what-is-rlhf.record.yaml").read_text("utf-8")
    assert "value: 73.4," in record
    assert f"value: {100 * rival:.1f}," in record
    said(f"{predicted:.0%}", f"{measured} ± {margin}%", "nine points")


def test_odds_of_instructgpt_against_flan() -> None:
    said(f"which is {0.734 / 0.266 * 0.702 / 0.298:.1f} to 1")


# From scores to behaviour


def test_policy_at_two_leashes() -> None:
    scores = chain_scores()
    np.testing.assert_allclose(lab.best_policy(REFERENCE, scores, 1), 1 / 3, atol=1e-10)
    loose = lab.best_policy(REFERENCE, scores, 0.5)
    np.testing.assert_allclose(loose, [2 / 3, 2 / 9, 1 / 9], atol=1e-10)
    np.testing.assert_allclose(REFERENCE * np.exp(2 * scores), [3.6, 1.2, 0.6], atol=1e-9)
    before, after = REFERENCE @ scores, loose @ scores
    moved = lab.kl_divergence(loose, REFERENCE)
    said(f"| {before:.3f} | 0 | {before:.3f} |", f"| {after:.3f} | {moved:.3f} |")
    best = lab.objective(loose, REFERENCE, scores, 0.5)
    assert best == pytest.approx(0.5 * math.log(5.4))  # beta ln Z
    said(f"| {moved:.3f} | {best:.3f} |")
    said(f"0.1 \\times {scores[0]:.3f} + 0.3 \\times {scores[1]:.3f} = {before:.3f}$")
    ratios = " + ".join(
        f"\\tfrac{share} \\ln {ratio:.3f}"
        for share, ratio in zip(("23", "29", "19"), loose / REFERENCE, strict=True)
    )
    said(f"${ratios} = {moved:.3f}$")
    for name, old, new in zip("ABC", REFERENCE, loose, strict=True):
        push = math.log(new / old)
        row = [f"{new / old:.3f}", f"{push:.3f}", f"{new * push:.3f}"]
        said(" | ".join(row).replace("-", "\u2212"), f"| {name} | {old} |")
    only_a, cost = scores[0], math.log(10)
    said(f"$\\ln 10 = {cost:.3f}$", f"| {only_a:.3f} | {cost:.3f} | {only_a - cost / 2:.3f} |")


def test_no_other_policy_does_better() -> None:
    rng = np.random.default_rng(0)
    scores = chain_scores()
    best = lab.objective(lab.best_policy(REFERENCE, scores, 0.5), REFERENCE, scores, 0.5)
    for policy in rng.dirichlet(np.ones(3), size=200):
        assert lab.objective(policy, REFERENCE, scores, 0.5) <= best


def test_a_small_leaning_of_raters_is_amplified() -> None:
    before = lab.best_policy(REFERENCE, np.log([6.0, 2.0, 1.0]), 0.5)[2]
    after = lab.best_policy(REFERENCE, np.log([6.0, 2.0, 2.0]), 0.5)[2]
    assert (before, after) == (pytest.approx(1 / 9), pytest.approx(1 / 3))
    weights = REFERENCE * np.array([6.0, 2.0, 2.0]) ** 2
    np.testing.assert_allclose(weights, [3.6, 1.2, 2.4])
    said("3.6, 1.2 and $0.6 \\times 2^2 = 2.4$", "share rises from 1/9 to 1/3")


def test_practice_finds_the_mistake_of_the_judge() -> None:
    reference = np.append(0.999 * REFERENCE, 0.001)
    scores = np.log([6.0, 2.0, 1.0, 100.0])
    shares = [f"{lab.best_policy(reference, scores, beta)[3]:.0%}" for beta in (2, 1, 0.5)]
    said(f"| D, before 0.1% | {' | '.join(shares)} |")


def test_a_cheap_distance_narrows() -> None:
    said(f"A in {lab.best_policy(REFERENCE, chain_scores(), 0.25)[0]:.0%} of cases")


def test_best_of_ten() -> None:
    said(f"best of ten delivers A in {1 - 0.9**10:.0%} of cases")


def test_a_dear_nat() -> None:
    scores = chain_scores()
    weights = np.exp(scores / 2)
    said(f"$0.1 \\times {weights[0]:.3f}$, $0.3 \\times {weights[1]:.3f}$ and $0.6$")
    shares = [f"{share:.0%}" for share in lab.best_policy(REFERENCE, scores, 2)]
    said(f"the shares {shares[0]}, {shares[1]} and {shares[2]}")


def test_margin_of_a_win_rate() -> None:
    """The 95% interval of a share near one half reaches about 1/√n to either side."""
    for count, margin in ((100, 0.1), (400, 0.05)):
        assert 1.96 * math.sqrt(0.55 * 0.45 / count) == pytest.approx(margin, rel=0.03)


def test_what_a_win_rate_of_55_tells() -> None:
    tie = sum(math.comb(100, wins) for wins in range(55, 101)) / 2**100
    assert 0.17 < tie < 0.2  # "nearly one case of five"
    for count, power in ((400, 0.5), (800, 0.8)):
        short = 1.96 * math.sqrt(0.25 / count) - 0.05  # what a true 55% lacks to be told from a tie
        found = math.erfc(short / math.sqrt(0.55 * 0.45 / count) / math.sqrt(2)) / 2
        assert found == pytest.approx(power, abs=0.02)
    said("400 give an even chance of telling 55% from a tie, 800 four in five")


def test_distance_has_a_direction() -> None:
    best = lab.best_policy(REFERENCE, chain_scores(), 0.5)
    there, back = lab.kl_divergence(best, REFERENCE), lab.kl_divergence(REFERENCE, best)
    said(f"{there:.3f} would be {back:.3f}")


def test_one_pair_left_out_is_better_on_average_and_worse_on_it() -> None:
    said(f"right in {(0.75 + 0.75 + 0.25) / 3:.0%}")


def test_a_policy_that_fits_the_clicks_need_not_be_the_best() -> None:
    """Three notes as they should be, and all the rest on a fourth that nobody compared."""
    reference = np.append(0.999 * REFERENCE, 0.001)
    policy = np.array([2 / 30, 2 / 90, 1 / 90, 0.9])
    implied = lab.implied_scores(policy, reference, 0.5)[:3]
    np.testing.assert_allclose(implied - implied[2], chain_scores(), atol=1e-9)
    said("About note D the clicks say nothing, and DPO may let it grow")


def test_ends_of_the_leash() -> None:
    scores = chain_scores()
    np.testing.assert_allclose(lab.best_policy(REFERENCE, scores, 1e9), REFERENCE, atol=1e-8)
    np.testing.assert_allclose(lab.best_policy(REFERENCE, scores, 1e-3), [1, 0, 0], atol=1e-8)
    flat = lab.fit_scores(CYCLE)
    np.testing.assert_allclose(lab.best_policy(REFERENCE, flat, 0.1), REFERENCE, atol=1e-10)
    with pytest.raises(ValueError, match="positive"):
        lab.best_policy(REFERENCE, scores, 0)


def test_the_policy_is_the_reward_model() -> None:
    loose = lab.best_policy(REFERENCE, chain_scores(), 0.5)
    terms = 0.5 * np.log(loose / REFERENCE)
    np.testing.assert_allclose(np.round(terms, 3), [0.949, -0.150, -0.843])
    np.testing.assert_allclose(lab.implied_scores(loose, REFERENCE, 0.5), chain_scores())
    said("0.949 for A, \u22120.150 for B and \u22120.843 for C", "1.099 and 0.693")


# Arithmetic on InstructGPT


def test_pairs_behind_33000_prompts() -> None:
    """Ouyang 2022, sections 3.2 and 3.5."""
    fewest, most = (lab.pairs_from_rankings(33_000, k) for k in (4, 9))
    said(f"between {fewest:,} and {most:,}")


def test_compute_share() -> None:
    """Ouyang 2022, section 5.1: 60 and 3,640 petaflop/s-days."""
    assert pytest.approx(60, abs=1) == 3640 / 60
    said("cost a sixtieth of the training on web text before it")


def test_ceiling_from_agreement() -> None:
    low, high = lab.label_ceiling(0.726)
    said(f"between {low:.1%} and {high:.1%}")
    assert high - low == pytest.approx(0.11, abs=0.005)


def test_ceiling_bounds_are_reached_and_never_passed() -> None:
    equal = (1 + math.sqrt(2 * 0.726 - 1)) / 2  # all pairs equally hard
    assert equal**2 + (1 - equal) ** 2 == pytest.approx(0.726)
    certain = 2 * 0.726 - 1  # the rest are coin flips
    assert certain + (1 - certain) / 2 == pytest.approx(lab.label_ceiling(0.726)[0])
    rng = np.random.default_rng(0)
    for _ in range(100):
        q = rng.uniform(0.5, 1, size=7)
        low, high = lab.label_ceiling(float((q**2 + (1 - q) ** 2).mean()))
        assert low <= q.mean() <= high
    with pytest.raises(ValueError, match="agreement"):
        lab.label_ceiling(0.4)


# In practice


def test_memory_of_ppo_and_dpo() -> None:
    ppo, dpo = 2 * 7 * 16 + 2 * 7 * 2, 7 * 16 + 7 * 2
    said(
        f"2 \\times 7 \\times 2 = {ppo}$ gigabytes",
        f"7 \\times 16 + 7 \\times 2 = {dpo}$ gigabytes",
    )


def test_titles_of_the_record_count_their_rows() -> None:
    counts = {"Twenty": 20, "Eighteen": 18}
    for word, count in counts.items():
        block = ARTICLE.split(f"{{deeper}} {word} more results")[1].split(":::{record-table}")[1]
        rows = re.findall(r"^[a-z]+-\d{4}-[a-z0-9-]+$", block.split("\n:::")[0], re.MULTILINE)
        assert len(rows) == len(set(rows)) == count


# Check yourself


def test_question_1_the_missing_pair() -> None:
    answered = CHAIN + np.array([[0, 0, 6], [0, 0, 0], [1, 0, 0]])
    np.testing.assert_allclose(lab.fit_scores(answered), chain_scores(), atol=1e-9)
    assert answered[0].sum() == 9 == 4 * 3 / 4 + 7 * 6 / 7
