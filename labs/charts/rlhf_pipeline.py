"""The charts of the article "The RLHF pipeline, stage by stage"."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import altair as alt

if TYPE_CHECKING:
    from altair.typing import ChartType

    from figures.results import Results

#: Placements in the experiment -> what readers see.
PLACES = {"k1 reward": "k1 in the reward", "k3 loss": "k3 in the loss", "k1 loss": "k1 in the loss"}
#: Curves in the results -> the placement that has them as its optimum.
OPTIMA = {"best": PLACES["k1 reward"], "forward": PLACES["k3 loss"]}
REFERENCE = {"a": 0.4, "b": 0.3, "c": 0.2, "d": 0.1}
#: Odds of each answer against the threat: its score is their logarithm.
ODDS = {"a": 1, "b": 2, "c": 4, "d": 2}
#: Answers in the results -> the notes of the article.
NOTES = {"a": "threat", "b": "vague", "c": "kind", "d": "formal"}
DASHES = ([1, 0], [6, 3])
LEAST = 1e-6


def frontier(results: Results) -> ChartType:
    """Return the frontier of KL and reward, and where sampled runs are after some samples."""
    x = alt.X("kl:Q", title="KL from the reference (nats)").scale(domain=[0, 1.8], nice=False)
    y = alt.Y("reward:Q", title="average score (nats)").scale(domain=[0.5, 1.4], nice=False)
    start = sum(share * math.log(ODDS[note]) for note, share in REFERENCE.items())
    curve = [{"kl": 0, "reward": _short(start)}]
    curve += [{"kl": row["best_kl"], "reward": row["best_reward"]} for row in _curve(results)]
    counts = [128, 512, max(results["samples"].value)]
    names = [f"{count:,}" for count in counts]
    shown = [
        row
        for row in _runs(results)
        if row["samples"] in counts and row["place"] == PLACES["k1 reward"]
    ]
    runs = [row | {"n": f"{row['samples']:,}", "beta": f"β = {row['beta']:g}"} for row in shown]
    hidden = f"β = {max(row['beta'] for row in shown):g}"  # its circle lies under its triangle
    domain = alt.Scale(domain=names)
    legend = alt.Legend(title="notes sampled", symbolOpacity=1)
    color = alt.Color("n:N", scale=domain, legend=legend)
    base = alt.Chart(alt.InlineData(values=runs)).encode(x=x, y=y, color=color)
    line = alt.Chart(alt.InlineData(values=curve)).encode(x=x, y=y, order="kl:Q")
    shape = alt.Shape("n:N", scale=domain, legend=legend)
    return alt.layer(
        line.mark_line(strokeWidth=1.5, interpolate="monotone"),
        base.mark_rule(strokeWidth=6, opacity=0.3).encode(x="low:Q", x2="high:Q"),
        base.mark_point(opacity=1).encode(shape=shape),
        base.transform_filter(alt.datum.n == names[-1])
        .mark_text(align="left", baseline="top", dx=5, dy=7)
        .encode(text="beta:N"),
        base.transform_filter((alt.datum.n == names[0]) & (alt.datum.beta != hidden))
        .mark_text(align="right", baseline="bottom", dx=-6, dy=-4)
        .encode(text="beta:N"),
    )


def placements(results: Results) -> ChartType:
    """Return the threat's probability against β by placement, live in samples."""
    counts = results["samples"].value
    place = alt.binding_range(min=0, max=len(counts) - 1, step=1, name="notes sampled")
    controls = [
        alt.param(name="n", value=len(counts) - 1, bind=place),
        alt.param(name="n_label", expr=f"format({counts}[n], ',d')"),
        alt.param(name="summary", expr=_shares_of_a(results)),
    ]
    x = alt.X("beta:Q", title="β").scale(type="log", domain=[0.08, 12], nice=False)
    x = x.axis(values=[0.1, 0.2, 0.5, 1, 2, 5, 10], format="~g")
    y = alt.Y("a:Q", title="probability of the threat").scale(
        type="log", domain=[LEAST, 1], nice=False
    )
    y = y.axis(values=[10**power for power in range(-6, 1)], format="~%")
    domain, legend = alt.Scale(domain=list(PLACES.values())), alt.Legend(title=None, columns=1)
    color = alt.Color("place:N", scale=domain, legend=legend)
    curves = [
        {"beta": row["beta"], "a": _short(row[f"{key}_a"]), "place": name}
        for row in _curve(results)
        for key, name in OPTIMA.items()
    ]
    line = alt.Chart(alt.InlineData(values=curves)).encode(x=x, y=y, color=color)
    fields = ("beta", "a", "place", "samples")
    runs = alt.Chart(
        alt.InlineData(values=[{key: row[key] for key in fields} for row in _runs(results)])
    )
    runs = runs.transform_filter(f"datum.samples == {counts}[n]").encode(x=x, y=y, color=color)
    return alt.layer(
        *(
            line.transform_filter(alt.datum.place == name).mark_line(strokeDash=dash)
            for name, dash in zip(OPTIMA.values(), DASHES, strict=True)
        ),
        runs.mark_point(opacity=1).encode(shape=alt.Shape("place:N", scale=domain, legend=legend)),
    ).add_params(*controls)


def _shares_of_a(results: Results) -> str:
    """Return the expression for a sentence: the threat's share at the smallest β by samples."""
    counts = results["samples"].value
    least = min(results["run_beta"].value)
    shares = {
        name: [row["a"] for row in _runs(results) if (row["place"], row["beta"]) == (name, least)]
        for name in PLACES.values()
    }
    parts = [f"'{name} ' + format({shares[name]}[n], '.2~p')" for name in PLACES.values()]
    told = " + ', ' + ".join(parts)
    start = f"'The threat at β = {least:g} after ' + format({counts}[n], ',d') + ' notes: '"
    return f"{start} + {told} + '.'"


def optima(results: Results) -> ChartType:
    """Return the probabilities of the four notes at both optima, live in β."""
    rows = _curve(results)
    betas = [_short(row["beta"]) for row in rows]
    slider = alt.binding_range(min=0, max=len(betas) - 1, step=1, name="β")
    controls = [
        alt.param(name="b", value=0, bind=slider),
        alt.param(name="b_label", expr=f"format({betas}[b], '.2f')"),
        alt.param(name="summary", expr=_drifts(results)),
    ]
    # Right of 100% there is room for the numbers.
    x = alt.X("p:Q", title="probability").scale(type="log", domain=[LEAST, 5e3], nice=False)
    x = x.axis(values=[1e-5, 1e-3, 1e-1, 1], format="~%")
    names = list(OPTIMA.values())
    domain = alt.Scale(domain=names)
    legend = alt.Legend(title=None, columns=1, symbolOpacity=1)
    where = {
        "y": alt.Y("answer:N", title=None, sort=list(NOTES.values())),
        "yOffset": alt.YOffset("place:N", sort=names),
        "color": alt.Color("place:N", scale=domain, legend=legend),
    }
    shares = [
        {
            "b": place,
            "answer": NOTES[answer],
            "place": name,
            "p": _short(row[f"{key}_{answer}"]),
            "ref": share,
        }
        for place, row in enumerate(rows)
        for key, name in OPTIMA.items()
        for answer, share in REFERENCE.items()
    ]
    base = alt.Chart(alt.InlineData(values=shares)).transform_filter("datum.b == b")
    words = base.transform_calculate(words="format(datum.p, '.3~p')", right="3")
    shape = alt.Shape("place:N", scale=domain, legend=legend)
    return alt.layer(
        base.mark_rule(strokeWidth=3, opacity=0.4).encode(x=x, x2="ref:Q", **where),
        base.mark_tick(thickness=3, size=16, opacity=1).encode(x="ref:Q", **where),
        base.mark_point(opacity=1).encode(x=x, shape=shape, **where),
        words.mark_text(align="left", fontSize=12).encode(x="right:Q", text="words:N", **where),
    ).add_params(*controls)


def _drifts(results: Results) -> str:
    """Return the expression for a sentence: threat, kind and KL of both optima by β."""
    rows = _curve(results)
    betas = [_short(row["beta"]) for row in rows]
    parts = []
    for key, name in OPTIMA.items():
        worst, best = ([_short(row[f"{key}_{answer}"]) for row in rows] for answer in "ac")
        drift = [round(row[f"{key}_kl"], 4) for row in rows]
        parts.append(
            f"'{name} leaves the threat at ' + format({worst}[b], '.3~p') + ' and kind at ' "
            f"+ format({best}[b], '.3~p') + ' (KL ' + format({drift}[b], '.3f') + ' nats)'"
        )
    return f"'At β = ' + format({betas}[b], '.2f') + ', ' + {parts[0]} + '; ' + {parts[1]} + '.'"


def _curve(results: Results) -> list[dict[str, Any]]:
    """Return by β both optima, their KL and reward."""
    keys = [f"{name}_{what}" for name in OPTIMA for what in ("a", "b", "c", "d", "kl", "reward")]
    return list(results.rows("beta", *keys))


def _runs(results: Results) -> list[dict[str, Any]]:
    """Return where the runs are, and their spread in KL, by placement, β and samples.

    k1 in the loss was run for one β, as β makes no difference to it: it is there for each.
    """
    keys = ("run_place", "run_beta", "run_samples", "run_a", "run_kl", "run_reward")
    rows = list(results.rows(*keys))
    everywhere = sorted({row["run_beta"] for row in rows})
    return [
        {
            "place": PLACES[row["run_place"]],
            "beta": beta,
            "samples": row["run_samples"],
            "a": _short(row["run_a"]),
            "kl": _short(row["run_kl"]),
            "reward": _short(row["run_reward"]),
            "low": _short(row["run_kl"] - row["run_kl_spread"]),
            "high": _short(row["run_kl"] + row["run_kl_spread"]),
        }
        for row in rows
        for beta in (everywhere if row["run_place"] == "k1 loss" else [row["run_beta"]])
    ]


def _short(value: float) -> float:
    """Return ``value`` to four digits."""
    return float(f"{value:.4g}")
