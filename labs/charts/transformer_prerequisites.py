"""The charts of the article on what to know before transformers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import altair as alt

if TYPE_CHECKING:
    from altair.typing import ChartType

    from figures.results import Results

#: Networks of the experiment -> what readers see.
NETWORKS = {
    "attention": "attention",
    "chrono": "LSTM, long memory",
    "lstm": "LSTM, bias 1",
    "orthogonal": "plain, orthogonal",
    "plain": "plain, random",
}
STARTS = NETWORKS | {"lstm0": "LSTM, bias 0"}

#: Layers of the count -> multiplications, in n and d.
LAYERS = {
    "plain recurrence": "2 * {n} * d * d",
    "LSTM": "8 * {n} * d * d",
    "attention, pairs only": "2 * {n} * {n} * d",
    "transformer layer": "(12 * {n} * d * d + 2 * {n} * {n} * d)",
}


def recall(results: Results) -> ChartType:
    """Return which share of messages arrives against distance, live in the learning rate."""
    distances = list(results["distance"].value)
    names = [str(name) for name in results["rate"].value]
    labels = [f"{value:g}" for value in results["rate_value"].value]
    rate = alt.param(
        name="rate",
        value="middle",
        bind=alt.binding_radio(options=names, labels=labels, name="Learning rate"),
    )
    rows: list[dict[str, Any]] = []
    told: dict[str, str] = {}
    for name in names:
        for place, (kind, network) in enumerate(NETWORKS.items()):
            key = f"recall_{kind}_{name}"
            aside = 1.04 ** (place - len(NETWORKS) // 2)  # or five bars lie on one another
            rows += [
                {
                    "rate": name,
                    "network": network,
                    "distance": round(aside * row["distance"], 2),
                    "y": round(row[key], 4),
                    "low": round(max(0, row[key] - row[f"{key}_spread"]), 4),
                    "high": round(min(1, row[key] + row[f"{key}_spread"]), 4),
                }
                for row in results.rows("distance", key)
            ]
        told[name] = f"Past {distances[-1]} letters: " + "; ".join(
            f"{network} {results[f'recall_{kind}_{name}'].value[-1]:.0%}"
            for kind, network in NETWORKS.items()
        )
    said = alt.param(name="summary", expr=f"{json.dumps(told)}[rate] + '.'")
    order = alt.Scale(domain=list(NETWORKS.values()))
    x = alt.X("distance:Q", title="letters of noise after the message")
    ends = [0.9 * distances[0], 1.1 * distances[-1]]
    x = x.scale(type="log", domain=ends, nice=False).axis(values=distances)
    y = alt.Y("y:Q", title="messages recalled").scale(domain=[0, 1])
    y = y.axis(format=".0%", values=[0, 0.25, 0.5, 0.75, 1])
    legend = alt.Legend(title="network", columns=2)
    base = alt.Chart(alt.InlineData(values=rows)).transform_filter("datum.rate == rate")
    base = base.encode(x=x, y=y, color=alt.Color("network:N", scale=order, legend=legend))
    chance = alt.Chart(
        alt.InlineData(values=[{"y": results["chance"].value, "x": ends[0], "w": "guessing"}])
    )
    return alt.layer(
        base.mark_line().encode(strokeDash=alt.StrokeDash("network:N", scale=order, legend=legend)),
        base.mark_point(opacity=1).encode(shape=alt.Shape("network:N", scale=order, legend=legend)),
        base.mark_rule().encode(y="low:Q", y2="high:Q"),
        chance.mark_rule(strokeDash=[2, 3]).encode(y="y:Q"),
        chance.mark_text(align="left", baseline="top", dx=4, dy=4).encode(
            x="x:Q", y="y:Q", text="w:N"
        ),
    ).add_params(rate, said)


def slopes(results: Results) -> ChartType:
    """Return how strongly untrained networks depend on inputs further and further back."""
    floor = 1e-12
    rows: list[dict[str, Any]] = []
    for kind, network in STARTS.items():
        key = f"lost_slope_{kind}"
        for row in results.rows("back", key):
            powers = {"y": 0, "low": row[f"{key}_spread"], "high": -row[f"{key}_spread"]}
            slopes = {
                name: max(floor, float(f"{10 ** -(row[key] + more):.3g}"))
                for name, more in powers.items()
            }
            rows.append({"network": network, "back": row["back"], **slopes})
    order = alt.Scale(domain=list(STARTS.values()))
    legend = alt.Legend(title="network", columns=2)
    x = alt.X("back:Q", title="steps back from the end").scale(domain=[0, 80], nice=False)
    y = alt.Y("y:Q", title="slope (share of the last input's)")
    y = y.scale(type="log", domain=[floor, 10], nice=False)
    y = y.axis(values=[floor, 1e-9, 1e-6, 1e-3, 1], format="~e")
    base = alt.Chart(alt.InlineData(values=rows))
    base = base.encode(x=x, y=y, color=alt.Color("network:N", scale=order, legend=legend))
    return alt.layer(
        base.mark_line().encode(strokeDash=alt.StrokeDash("network:N", scale=order, legend=legend)),
        base.mark_point(opacity=1).encode(shape=alt.Shape("network:N", scale=order, legend=legend)),
        base.mark_area(opacity=0.12).encode(y="low:Q", y2="high:Q"),
    )


def work(results: Results) -> ChartType:
    """Return the multiplications of four layers against length, live in length and width.

    It is arithmetic: nothing of the results is used; tests compare it with ``labs/costs.py``.
    """
    length = _power("log_n", 6, 0, 20, "Sequence length n")
    width = _power("log_d", 9, 1, 14, "Width d")
    n = alt.param(name="n", expr="pow(2, log_n)")
    d = alt.param(name="d", expr="pow(2, log_d)")
    shown = [
        alt.param(name=f"{name}_label", expr=f"format(pow(2, {name}), ',d')")
        for name in ("log_n", "log_d")
    ]
    parts = " + '; ' + ".join(
        f"'{name} ' + format({count.format(n='n')}, ',.4~s')" for name, count in LAYERS.items()
    )
    share = "2 * n * n * d / (12 * n * d * d + 2 * n * n * d)"
    said = alt.param(
        name="summary",
        expr=f"'Multiplications at length ' + format(n, ',d') + ': ' + {parts}"
        f" + '. Pairs are ' + format({share}, '.0%') + ' of the transformer layer.'"
        " + ' Recurrence takes ' + format(n, ',d') + ' steps in a row.'",
    )
    order = alt.Scale(domain=list(LAYERS))
    chosen = " : ".join(
        f"datum.layer == '{name}' ? {count.format(n='datum.n')}" for name, count in LAYERS.items()
    )
    legend = alt.Legend(title="layer", columns=2)
    ticks = [1, 1024, 1048576]
    x = alt.X("n:Q", title="sequence length n")
    x = x.scale(type="log", base=2, domain=[1, 2**20], nice=False).axis(values=ticks, format=",d")
    y = alt.Y("y:Q", title="multiplications").scale(type="log", domain=[1, 1e18], nice=False)
    y = y.axis(values=[1, 1e3, 1e6, 1e9, 1e12, 1e15, 1e18], format="~e")
    rows = [{"layer": name, "e": e} for name in LAYERS for e in range(0, 21, 2)]
    base = alt.Chart(alt.InlineData(values=rows)).transform_calculate(n="pow(2, datum.e)")
    base = base.transform_calculate(y=f"{chosen} : 0")
    base = base.encode(x=x, y=y, color=alt.Color("layer:N", scale=order, legend=legend))
    here = alt.Chart(alt.InlineData(values=[{"layer": name} for name in LAYERS]))
    here = here.transform_calculate(n="n").transform_calculate(y=f"{chosen} : 0")
    here = here.encode(x=x, y=y, color=alt.Color("layer:N", scale=order, legend=legend))
    turns = alt.Chart(
        alt.InlineData(values=[{"k": 1, "w": "n = d"}, {"k": 6, "w": "n = 6d"}])
    ).transform_calculate(n="datum.k * d")
    turns = turns.encode(x=x)
    return alt.layer(
        turns.mark_rule(strokeDash=[2, 3]),
        turns.transform_filter("datum.k == 1")
        .mark_text(align="right", baseline="top", dx=-4)
        .encode(y=alt.value(4), text="w:N"),
        turns.transform_filter("datum.k == 6")
        .mark_text(align="left", baseline="top", dx=4)
        .encode(y=alt.value(4), text="w:N"),
        base.mark_line().encode(strokeDash=alt.StrokeDash("layer:N", scale=order, legend=legend)),
        here.mark_point(opacity=1, filled=True, size=70).encode(
            shape=alt.Shape("layer:N", scale=order, legend=legend)
        ),
    ).add_params(length, width, *shown, n, d, said)


def _power(name: str, value: int, low: int, high: int, label: str) -> alt.Parameter:
    """Return a parameter with a slider over powers of two."""
    bind = alt.binding_range(min=low, max=high, step=1, name=label)
    return alt.param(name=name, value=value, bind=bind)
