"""Every digit that the article on scaling walls works out, and what its experiments are made of."""

from __future__ import annotations

import math
import re
from pathlib import Path

import numpy as np
import pytest

from labs import walls as lab
from labs.exhaustion import between, good_share, raw_stock, years
from labs.repetition import generations, share_of

ROOT = Path(__file__).parents[2]
ARTICLE = (ROOT / "articles" / "pre-training" / "scaling-walls.md").read_text(encoding="utf-8")
RUNS = ((4e11, 1.6e13), (4e12, 1.6e14), (4e13, 1.6e15))


def said(*texts: str) -> None:
    """Fail unless each text stands in the article, line breaks aside."""
    words = " ".join(ARTICLE.split()).replace("\\$", "$")
    for text in texts:
        assert text in words, text


def test_functions_shown_exist() -> None:
    shown = re.findall(r":pyobject: (\w+)", ARTICLE)
    assert shown
    assert all(hasattr(lab, name) for name in shown)


# One run, enlarged twice


def test_table_of_the_run() -> None:
    first, second, third = (lab.bill(*run) for run in RUNS)
    for bill, power in ((first, 25), (second, 27), (third, 29)):
        assert bill.compute == pytest.approx(3.84 * 10**power)
    said("| operations | 3.84 × 10²⁵ | 3.84 × 10²⁷ | 3.84 × 10²⁹ |")
    said(f"| {first.chip_hours / 1e6:.1f} million | {second.chip_hours / 1e9:.2f} billion |")
    said(f"billion | {third.chip_hours / 1e9:.0f} billion |")
    said(f"| rent | ${first.dollars / 1e6:.0f} million | ${second.dollars / 1e9:.1f} billion |")
    said(f"billion | ${third.dollars / 1e9:.0f} billion |")
    said(f"| energy | {first.energy / 1e6:.0f} GWh | {second.energy / 1e9:.1f} TWh |")
    said(f"TWh | {third.energy / 1e9:.0f} TWh |")
    watts = [bill.energy * 1000 / 2400 for bill in (first, second, third)]
    said(f"| {watts[0] / 1e6:.0f} MW | {watts[1] / 1e9:.1f} GW | {watts[2] / 1e9:.0f} GW |")


def row(name: str, *values: float) -> str:
    return f"| {name} | {' | '.join(f'{value:.4f}' for value in values)} |"


def test_losses_of_the_run() -> None:
    losses = [lab.loss(*run) for run in RUNS]
    said(row("loss, in nats a token", *losses))
    gains = losses[0] - losses[1], losses[1] - losses[2]
    said(f"lowers the loss by {gains[0]:.4f}", f"lowers the loss by only {gains[1]:.4f}")
    said(row("gain over the column before | ", *gains).replace("  ", " "))
    assert [f"{math.exp(gain) - 1:.0%}" for gain in gains] == ["4%", "2%"]
    of_size = [lab.FROM_SIZE / size**lab.EXPONENT for size, _ in RUNS]
    of_text = [lab.FROM_TEXT / text**lab.EXPONENT for _, text in RUNS]
    said(row("the model's part", *of_size), row("the text's part", *of_text))
    said(row("left above the floor", *(loss - lab.FLOOR for loss in losses)))
    said(f"$10^{{-{lab.EXPONENT:.5f}}}$ = {10**-lab.EXPONENT:.0%}")
    said(f"a floor, {lab.FLOOR:.4f} nats", f"\\frac{{{lab.FROM_SIZE:.0f}}}{{N^{{0.35266}}}}")
    said(f"\\frac{{{lab.FROM_TEXT:.0f}}}{{D^{{0.35266}}}}")


def test_losses_by_the_constants_as_printed() -> None:
    losses = [1.8691 + 521 / size**0.35266 + 1488 / text**0.35266 for size, text in RUNS]
    assert [f"{a:.4f}" for a in losses] == [f"{lab.loss(*run):.4f}" for run in RUNS]


def test_losses_by_the_other_formula() -> None:
    """Besiroglu 2024, table 1: 1.8172 + 482.01 / N^0.3478 + 2085.43 / D^0.3658."""
    losses = [1.8172 + 482.01 / size**0.3478 + 2085.43 / text**0.3658 for size, text in RUNS]
    said(row("loss by the other formula", *losses), f"its floor at {1.8172:.4f}")
    gains = losses[0] - losses[1], losses[1] - losses[2]
    said(f"| gain by the other formula | | {gains[0]:.3f} | {gains[1]:.3f} |")


def test_operations_of_a_gigawatt() -> None:
    bill = lab.bill(*RUNS[1])
    each = bill.compute / (bill.energy / 2400 / 1e6)
    assert each == pytest.approx(2e27, rel=0.02)
    assert 4 * 2 * 3 * each == pytest.approx(5e28, rel=0.04)
    assert pytest.approx(2e30, rel=0.15) == 45 * 5e28
    assert 2e29 / 24 / each == pytest.approx(4, abs=0.3)  # "some 4 gigawatts"
    assert 2e29 / each == pytest.approx(95, rel=0.05)  # "in place of 95": half of 189
    used_up = 6 * 3e14 * 3e14 / 20
    assert pytest.approx(2.7e28) == used_up  # "some 3 × 10²⁸"
    assert used_up / lab.bill(*RUNS[0]).compute == pytest.approx(700, rel=0.01)
    assert pytest.approx(5e28, rel=0.05) == 6 * 4e14 * 4e14 / 20  # the study's, of 2028


def test_two_plans_of_one_budget() -> None:
    large, small = 6 * 8.67e9 * 178e9, 6 * 6.34e9 * 242e9
    assert large == pytest.approx(small, rel=0.01)
    assert small == pytest.approx(9.2e21, rel=0.01)
    assert [round(read / 25, 1) for read in (178, 242)] == [7.1, 9.7]


def test_small_gains_in_a_step_are_long_tasks() -> None:
    steps = [math.log(0.5) / math.log(1 - wrong) for wrong in (0.01, 0.005)]
    said("{:.0f} steps right; at 0.5% half of those with {:.0f}".format(*steps))


def test_operations_of_an_open_flagship() -> None:
    assert pytest.approx(1e25, rel=0.05) == 6 * 49e9 * 33e12
    assert pytest.approx(1 / 4, abs=0.01) == 6 * 49e9 * 33e12 / 3.8e25


def test_sets_of_2024_grown_until_qwen3() -> None:
    start, growth = math.sqrt(3 * 13), 10 ** ((0.27 + 0.48) / 2)
    assert start * growth**1.33 == pytest.approx(20, abs=0.5)
    assert (round(10**0.27, 1), round(10**0.48)) == (1.9, 3)


def test_waiting_for_a_long_answer() -> None:
    assert 30_000 / 50 / 60 == 10


def test_llama_3_of_its_makers() -> None:
    """Grattafiori 2024: 405 billion parameters, 15.6 trillion tokens, 3.8e25 FLOP."""
    assert lab.bill(405e9, 15.6e12).compute == pytest.approx(3.8e25, rel=0.01)


def test_years_to_a_hundredfold() -> None:
    said(
        f"4.6 × 4.6 × 4.6 = {4.6**3:.0f}",
        f"ln 100 ÷ ln 4.6 = {math.log(100) / math.log(4.6):.1f} years",
    )
    said(f"the same sum gives {math.log(100) / math.log(2.4):.1f} years")
    said(f"2.4 × 2.4 × 2.4 = {2.4**3:.0f} times")
    said(f"ln 10,000 ÷ ln 4.6 = {math.log(10_000) / math.log(4.6):.0f} years")


def test_typical_token_before_and_after() -> None:
    before, after = (math.exp(-lab.loss(*run)) for run in RUNS[:2])
    said(f"from {before:.1%} to {after:.1%}")
    assert f"{math.exp(0.0185):.2f}" == "1.02"


def test_hours_of_others_by_our_rule() -> None:
    hours = [operations / (4e14 * 3600) / 1e6 for operations in (3.3e24, 5e26)]
    said(f"(our rule: {hours[0]:.1f} million)", f"(our rule: {hours[1]:.0f} million)")
    said(f"in {lab.bill(*RUNS[1]).chip_hours / 1.4e6 / 24:.0f} days")


def test_a_year_between_the_sum_and_the_draws() -> None:
    said(f"ln(36 ÷ 20) ÷ ln 2.4 = {lab.years_left(36, 20, 2.4):.1f} years")
    start, growth = math.sqrt(3 * 13), 10 ** ((0.27 + 0.48) / 2)
    still, grows = (math.log(300 / start) / math.log(growth / more) for more in (1, 1.077))
    assert grows - still == pytest.approx(0.4, abs=0.05)  # "which makes 0.4"


# When text is used up


def test_years_left() -> None:
    said("300 ÷ 36 = 8.33", f"{300 / 36:.2f}")
    said(f"ln 8.33 ÷ ln 2.4 = {lab.years_left(300, 36, 2.4):.1f} (that")
    said(f"2.4 × 2.4 = {2.4**2:.1f} falls", f"2.4 × 2.4 × 2.4 = {2.4**3:.1f} is")
    said(f"ln 2 ÷ ln 2.4 = {lab.years_left(2, 1, 2.4):.2f} years")
    assert lab.years_left(2, 1, 2.4) * 12 < 10  # "less than ten months"
    assert 36 * 2.4 > 80  # "more than 80"


def test_alternative_text_of_the_live_chart() -> None:
    four, endless = 100 * lab.worth(4), 100 * lab.worth(math.inf)
    said(f"worth {four:.0f} trillion", f"worth {endless:,.0f} trillion")
    start = 2025.33
    assert start + lab.years_left(100, 36, 2.4) == pytest.approx(2026.5, abs=0.05)
    assert 2027.8 < start + lab.years_left(four, 36, 2.4) < 2028.2
    assert 2029.5 < start + lab.years_left(endless, 36, 2.4) < 2029.8


def test_stock_of_the_published_study() -> None:
    """Villalobos 2024, indexed web: 510 trillion tokens, 130 to 2,100 with 95%."""
    rng = np.random.default_rng(1)
    raw = raw_stock(rng, 200_000)
    low, middle, high = np.quantile(raw, (0.025, 0.5, 0.975)) / 1e12
    assert low == pytest.approx(130, rel=0.05)
    assert middle == pytest.approx(510, rel=0.05)
    assert high == pytest.approx(2100, rel=0.05)
    good = raw * good_share(rng, len(raw))
    assert np.median(good) / 1e12 == pytest.approx(100, rel=0.05)
    effective = good * between(rng, 2, 5, len(raw))
    assert np.median(effective) / 1e12 == pytest.approx(300, rel=0.1)


def test_date_of_the_published_study() -> None:
    """Villalobos 2024: the middle is 2028, and 80% lie between 2026 and 2032."""
    rng = np.random.default_rng(2)
    stock = raw_stock(rng, 50_000) * good_share(rng, 50_000) * between(rng, 2, 5, 50_000)
    early, middle, late = np.quantile(years(rng, stock), (0.1, 0.5, 0.9))
    assert 2026 < early < middle < late < 2032
    assert middle == pytest.approx(2028.5, abs=1)


def test_ranges_hold_what_they_say() -> None:
    rng = np.random.default_rng(0)
    for percent in (90, 95):
        drawn = between(rng, 2, 5, 100_000, percent)
        inside = ((drawn > 2) & (drawn < 5)).mean()
        assert inside == pytest.approx(percent / 100, abs=0.005)


# What a second reading is worth


def test_worth_of_readings() -> None:
    said(f"that is 1 + 0.97 + 0.91 + 0.85 = {lab.worth(4):.2f} texts")
    steps = [lab.worth(k) - lab.worth(k - 1) for k in (2, 3, 4)]
    said("so it counts 0.97", "the third 0.91, the fourth 0.85")
    assert [f"{step:.2f}" for step in steps] == ["0.97", "0.91", "0.85"]
    assert f"{steps[1] / steps[0]:.0%}" == f"{1 - 1 / lab.STALE:.0%}" == "94%"
    said(f"four readings are worth {lab.worth(4) / 4:.0%} of four texts")
    said(f"sixteen {lab.worth(16) / 16:.0%} of sixteen")
    said(f"has a limit, here {lab.worth(math.inf):.1f} texts")
    said("$1/e = 37\\%$")
    assert f"{math.exp(-1):.0%}" == "37%"


def test_worth_is_a_sum_of_fading_readings() -> None:
    r = np.linspace(0, 15, 200_001)
    added = 1 + np.trapezoid(np.exp(-r / lab.STALE), r)
    assert added == pytest.approx(lab.worth(16))


def test_constants_of_the_published_law() -> None:
    """Muennighoff 2023, appendix A: 1.87 + 521 / N^0.35 + 1488 / D^0.35, decay 15.4."""
    assert round(lab.FLOOR, 2) == 1.87
    assert round(lab.FROM_SIZE) == 521
    assert round(lab.FROM_TEXT) == 1488
    assert round(lab.STALE, 1) == 15.4


# In practice and check yourself


def test_company_with_ten_billion_tokens() -> None:
    readings = 20 * 4e9 / 1e10
    assert readings == 8
    said("| readings $k$ | 80 ÷ 10 | 8 |", f"| {lab.worth(8):.2f} texts |")
    said(f"6.62 · 10 billion | {10 * lab.worth(8):.0f} billion |")
    assert 1 - lab.worth(8) / 8 == pytest.approx(1 / 6, abs=0.01)  # "a sixth is wasted"
    bill = lab.bill(4e9, 8e10)
    said("| 1.92 × 10²¹ |", f"| {bill.chip_hours:,.0f} |", f"| ${bill.dollars:,.0f}, ")
    assert bill.compute == pytest.approx(1.92e21)
    said(f"{bill.energy / 1000:.1f} MWh")


def test_question_1_slower_growth() -> None:
    slow, fast = (lab.years_left(300, 36, growth) for growth in (1.5, 2.4))
    said(f"ln 8.33 ÷ ln 1.5 = {slow:.1f} years later, in 2030")
    assert 2025.3 + slow < 2031
    assert 2.7 < slow - fast < 3
    said(f"would have bought {lab.years_left(2, 1, 1.5):.1f} at this pace")


def test_question_2_sixteen_readings() -> None:
    said(f"$w(16)$ = {lab.worth(16):.2f}, so {2 * lab.worth(16):.1f} billion of the 32 billion")
    assert 1 - lab.worth(16) / 16 == pytest.approx(1 / 3, abs=0.01)


def test_question_3_tenfold() -> None:
    said(f"ln 10 ÷ ln 2.4 = {lab.years_left(10, 1, 2.4):.1f} years more")


# Reading again, and reading oneself


def test_share_has_pieces_of_the_whole() -> None:
    codes = np.random.default_rng(3).integers(0, 35, 50_000).astype(np.uint8)
    share = share_of(codes, 4_500, seed=0)
    assert len(share) == 4_500
    assert (share == share_of(codes, 4_500, seed=0)).all()
    assert (share != share_of(codes, 4_500, seed=1)).any()
    with pytest.raises(ValueError, match="60000 codes"):
        share_of(codes, 60_000, seed=0)


def test_whole_share_is_the_whole() -> None:
    codes = np.arange(3_000).astype(np.uint8)
    assert (share_of(codes, 3_000, seed=5) == codes).all()


def test_what_was_not_written_never_comes_back() -> None:
    counts = np.array([500, 50, 5, 1, 1, 1, 1, 1])
    texts = generations(counts, 8, keep=False, seed=0)
    left = [int((text > 0).sum()) for text in texts]
    assert left == sorted(left, reverse=True)
    assert all(text.sum() == counts.sum() for text in texts)
    kept = generations(counts, 8, keep=True, seed=0)
    assert (kept[-1] > 0).sum() >= left[-1]


def test_about_37_percent_of_what_occurs_once_is_not_drawn() -> None:
    counts = np.ones(10_000, dtype=np.int64)
    (_, text) = generations(counts, 1, keep=False, seed=0)
    assert (text == 0).mean() == pytest.approx(math.exp(-1), abs=0.02)
    said("is $(1 - 1/n)^n$, about 1/e = 37%")


def test_what_each_way_around_buys() -> None:
    for name, factor in (
        ("twice the text", 2.0),
        ("each page four times", lab.worth(4)),
        ("each page sixteen times", lab.worth(16)),
        ("each page without end", lab.worth(math.inf)),
    ):
        fast, slow = (lab.years_left(factor, 1, growth) for growth in (2.4, 1.5))
        said(f"| {name} | {factor:.2f} | {fast:.1f} | {slow:.1f} |".replace("2.00", "2"))
    for factor in (3.7, 5.2):
        fast, slow = (lab.years_left(factor, 1, growth) for growth in (2.4, 1.5))
        assert (round(fast, 1), round(slow, 1)) == {3.7: (1.5, 3.2), 5.2: (1.9, 4.1)}[factor]
    start = lab.years_left(100, 36, 2.4)
    both = start + lab.years_left(lab.worth(4), 1, 2.4)
    said(f"reached in {start:.1f} years", f"four readings make {start:.1f} + 1.5 = {both:.1f}")
    said(f"so {lab.years_left(600, 36, 2.4):.1f} years")
    for stock in (100, 300):
        said(
            "| {} trillion, {:.1f} or {:.1f} |".format(
                stock, *(lab.years_left(stock, 36, growth) for growth in (2.4, 1.5))
            )
        )
    for factor in (5.17, 1.8):
        fast, slow = (lab.years_left(factor, 1, growth) for growth in (2.4, 1.5))
        said(f"| {factor:g} | {fast:.1f} | {slow:.1f} |")


def test_stock_of_the_middles() -> None:
    """Villalobos 2024, published code: the middle of each range, multiplied, and how it grows."""
    pages, text = math.sqrt(75e9 * 1e12), math.sqrt(6100 * 8200)
    assert (round(pages / 1e9, -1), round(text, -2)) == (270, 7100)
    token = 6 - math.sqrt(1 * 4)
    said(f"| divided by bytes in a token (2 to 5) | {token:.0f} |")
    said("| all indexed pages, trillion tokens (130 to 2,100, with 95%) | 480 |")
    assert pytest.approx(480, abs=2) == 270e9 * 7100 / 4 / 1e12  # the rows as printed
    assert pages * text / token / 1e12 == pytest.approx(480, abs=5)
    yearly = math.sqrt(1.02 * 1.04 * 1.0 * 1.1)
    said(f"(pages 3% longer, 5% more of them) | from 2024 | {yearly:.2f} |")


def test_drafts_for_the_price_of_a_larger_model() -> None:
    """Equal compute: M (6 N D + 2 N R D) = 6 N D + drafts · 2 N R D, with 14 times the size."""
    larger = 14
    said("6 · 1 · 20 = 120 units", "2 · 1 · 2 = 4 units", "1,680 + 56 = 1,736")
    said(f"(1,736 − 120) ÷ 4 = {(1736 - 120) / 4:.0f} times", "that falls to 18")
    assert (6 * larger * 20, 2 * larger * 2) == (1680, 56)
    said(f"14 + {3 * (larger - 1)} ÷ 0.1 = 404 drafts")
    for used, shown in ((0.1, "a tenth | 404"), (1, "as many | 53"), (10, "ten times | 18")):
        drafts = (larger * (6 + 2 * used) - 6) / (2 * used)
        assert drafts == pytest.approx(larger + 3 * (larger - 1) / used)
        said(f"| {shown} |")
        assert shown.endswith(f" {drafts:.0f}")
