"""The charts of the article "Limits of RLHF"."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

import altair as alt

if TYPE_CHECKING:
    from collections.abc import Iterable

    from altair.typing import ChartType

    from figures.results import Results

#: Tails of length in the experiment -> what readers see, from light to heavy.
TAILS = {
    "normal": "normal",
    "exponential": "exponential",
    "lognormal": "log-normal",
    "power": "power law",
}
WORLDS = {
    "drawn": "raters drawn to length",
    "slight": "raters slightly drawn to length",
    "fair": "fair raters",
    "moderate": "length good up to a point",
    "square": "the same, larger model",
}
REWARDS = {"familiar": "the familiar", "neutral": "neither", "unfamiliar": "the unfamiliar"}
DASHES = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3])
LOWEST, HIGHEST = -1.0, 5.5


def selection(results: Results) -> ChartType:
    """Return true reward against n by tail, live in what goes wrong and in comparisons."""
    counts = results["comparisons"].value
    world = alt.param(
        name="world",
        value="drawn",
        bind=alt.binding_select(options=list(WORLDS), labels=list(WORLDS.values()), name="World"),
    )
    comparisons = alt.param(
        name="comparisons",
        value=max(counts),
        bind=alt.binding_radio(
            options=counts, labels=[f"{n:,}" for n in counts], name="Comparisons"
        ),
    )
    draws = results["n"].value
    x = alt.X("n:Q", title="draws n").scale(type="log", domain=[1, draws[-1]], nice=False)
    x = x.axis(values=draws[::2], format=",d")
    y = alt.Y("y:Q", title="quality of the winner (SD)").scale(domain=[LOWEST, HIGHEST])
    legend = alt.Legend(title="tail of length", columns=2)
    domain = alt.Scale(domain=list(TAILS.values()))  # equal domains make the legends one
    color = alt.Color("tail:N", scale=domain, legend=legend)
    base = (
        alt.Chart(alt.InlineData(values=_rewards(results)))
        .transform_filter("datum.world == world && datum.count == comparisons")
        .encode(x=x, y=y, color=color)
    )
    shape = alt.Shape("tail:N", scale=domain, legend=legend)
    said = alt.param(name="summary", expr=_ends(results))
    return alt.layer(
        *_dashed(base, "tail", TAILS.values()),
        base.mark_area(opacity=0.2, clip=True).encode(y="low:Q", y2="high:Q"),
        base.mark_point(opacity=1, clip=True).encode(shape=shape),
    ).add_params(world, comparisons, said)


def _rewards(results: Results) -> list[dict[str, Any]]:
    """Return true reward and its spread by world, comparisons, tail and n.

    Where a mean lies below the picture its spread is left out: it would cover the others.
    """
    rows = []
    for world in WORLDS:
        for count in results["comparisons"].value:
            for tail, name in TAILS.items():
                key = f"{world}_{tail}_{count}"
                for row in results.rows("n", key):
                    mean = row[key]
                    spread = row[f"{key}_spread"] if mean >= LOWEST else 0.0
                    here = {"world": world, "count": count, "tail": name, "n": row["n"]}
                    band = {"low": round(mean - spread, 2), "high": round(mean + spread, 2)}
                    rows.append(here | {"y": round(mean, 2)} | band)
    return rows


def _ends(results: Results) -> str:
    """Return the expression for a sentence: what the largest n yields, and what did more."""
    draws = results["n"].value
    said = {}
    for world in WORLDS:
        for count in results["comparisons"].value:
            ends = []
            for tail, name in TAILS.items():
                rewards = results[f"{world}_{tail}_{count}"].value
                best = max(range(len(draws)), key=rewards.__getitem__)
                more = f" (best of {draws[best]:,}: {rewards[best]:.1f})"
                turned = best < len(draws) - 1
                last = f"{rewards[-1]:.1f}" if rewards[-1] > -10 else f"{rewards[-1]:.0f}"
                ends.append(f"{name} {last}" + (more if turned else ""))
            said[f"{world}{count}"] = ", ".join(ends).replace(" -", " −")
    start = f"Quality of the best of {draws[-1]:,}: "
    return f"{json.dumps(start)} + {json.dumps(said)}[world + comparisons] + '.'"


def _dashed(base: alt.Chart, field: str, names: Iterable[str]) -> list[alt.Chart]:
    """Return a line for each name, with a dash of its own.

    As an encoding, dashes would also outline the symbols of the legend.
    """
    return [
        base.transform_filter(alt.datum[field] == name).mark_line(strokeDash=dash, clip=True)
        for name, dash in zip(names, DASHES, strict=False)
    ]


def ranks(results: Results) -> ChartType:
    """Return mean true reward by rarity of the score, and who wins, live in tail and n."""
    tail = alt.param(
        name="tail",
        value="power",
        bind=alt.binding_radio(options=list(TAILS), labels=list(TAILS.values()), name="Tail"),
    )
    steps = len(results["n"].value) - 1
    power = alt.param(
        name="k", value=3, bind=alt.binding_range(min=0, max=steps, step=1, name="Draws n")
    )
    shown = alt.param(name="k_label", expr="format(pow(4, k), ',d')")
    means = {
        name: [round(value, 2) for value in results[_largest(results, name)].value]
        for name in TAILS
    }
    lengths = {name: [round(v, 1) for v in results[f"length_{name}"].value] for name in TAILS}
    said = alt.param(
        name="summary",
        expr=f"'Tail: ' + {json.dumps(TAILS)}[tail] + '. The best of ' + format(pow(4, k), ',d')"
        f" + ' is worth ' + format({json.dumps(means)}[tail][k], '.2f')"
        f" + ' on average, its length ' + format({json.dumps(lengths)}[tail][k], '.1f')"
        " + ' standard deviations above the mean.'",
    )
    x = alt.X("rarity:Q", title="one reply in … scores this high")
    x = x.scale(type="log", domain=[1, 1e5], nice=False)
    x = x.axis(values=[10**power for power in range(6)], format="~s")
    y = alt.Y("y:Q", title="quality (SD)").scale(domain=[LOWEST, 4])
    size = alt.Size("share:Q", legend=None).scale(domain=[0, 0.4], range=[0, 600])
    answers = alt.Chart(alt.InlineData(values=_by_rarity(results)))
    answers = answers.transform_filter("datum.tail == tail").encode(x=x, y=y)
    winners = answers.transform_calculate(
        share="pow(1 - datum.to, pow(4, k)) - pow(1 - datum.from, pow(4, k))"
    )
    wins = [
        {"tail": name, "k": k, "y": value}
        for name, many in means.items()
        for k, value in enumerate(many)
    ]
    winner = alt.Chart(alt.InlineData(values=wins))
    winner = winner.transform_filter("datum.tail == tail && datum.k == k")
    words = winner.transform_calculate(
        words="'best of ' + format(pow(4, k), ',d') + ': ' + format(datum.y, '.2f')",
        right="80000",
        floor=f"{LOWEST + 0.1}",
    )
    return alt.layer(
        answers.mark_area(opacity=0.2, clip=True).encode(y="low:Q", y2="high:Q"),
        answers.mark_line(),
        winners.mark_point(opacity=0.7, clip=True).encode(size=size),
        winner.mark_rule(strokeDash=[6, 4]).encode(y="y:Q"),
        words.mark_text(align="right", baseline="bottom").encode(
            x="right:Q", y="floor:Q", text="words:N"
        ),
    ).add_params(tail, power, shown, said)


def _largest(results: Results, tail: str) -> str:
    """Return the key of rewards after most comparisons, raters drawn to length."""
    return f"drawn_{tail}_{max(results['comparisons'].value)}"


def _by_rarity(results: Results) -> list[dict[str, Any]]:
    """Return mean true reward of answers between two rarities, and its spread."""
    rows = []
    for tail in TAILS:
        for row in results.rows("rarity_from", "rarity_to", f"mean_{tail}"):
            top, bottom = row["rarity_from"], row["rarity_to"]
            mean, spread = row[f"mean_{tail}"], row[f"mean_{tail}_spread"]
            rows.append(
                {
                    "tail": tail,
                    "from": float(f"{top:.4g}"),
                    "to": float(f"{bottom:.4g}"),
                    # The rarest have no end: they stand half a decade behind their beginning.
                    "rarity": round(1 / (math.sqrt(top * bottom) if bottom else top * 10**-0.2), 2),
                    "y": round(mean, 2),
                    "low": round(mean - spread, 2),
                    "high": round(mean + spread, 2),
                }
            )
    return rows


def narrowing(results: Results) -> ChartType:
    """Return the entropy of the best policy as β falls, by what the reward favours."""
    rows: list[dict[str, Any]] = []
    for key, name in REWARDS.items():
        for row in results.rows("beta", f"entropy_{key}"):
            mean, spread = row[f"entropy_{key}"], row[f"entropy_{key}_spread"]
            low = max(0.0, mean - spread)
            rows.append(
                {"beta": row["beta"], "y": mean, "low": low, "high": mean + spread, "for": name}
            )
    domain = alt.Scale(domain=list(REWARDS.values()))
    legend = alt.Legend(title="reward favours")
    x = alt.X("beta:Q", title="β (falling to the right)")
    x = x.scale(type="log", reverse=True, nice=False)
    x = x.axis(values=[10, 1, 0.1], format="~g")
    y = alt.Y("y:Q", title="entropy (nats)").scale(domain=[0, 5])
    color = alt.Color("for:N", scale=domain, legend=legend)
    base = alt.Chart(alt.InlineData(values=rows)).encode(x=x, y=y, color=color)
    start = results["reference_entropy"].value[0]
    reference = alt.Chart(alt.InlineData(values=[{"y": start, "beta": 0.05, "words": "reference"}]))
    return alt.layer(
        *_dashed(base, "for", REWARDS.values()),
        base.mark_area(opacity=0.2).encode(y="low:Q", y2="high:Q"),
        base.mark_point(opacity=1).encode(shape=alt.Shape("for:N", scale=domain, legend=legend)),
        reference.mark_rule(strokeDash=[2, 3]).encode(y="y:Q"),
        reference.mark_text(align="right", baseline="bottom", dy=-4).encode(
            x=x, y="y:Q", text="words:N"
        ),
    )
