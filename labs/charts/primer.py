"""The charts of the primer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import altair as alt

if TYPE_CHECKING:
    from altair.typing import ChartType

    from figures.results import Results

#: The highest loss in the picture; a line that exceeds it leaves at the top.
HIGHEST = 2.0
DASHES = ([2, 3], [8, 3, 2, 3], [6, 3], [1, 0])


def loss(results: Results) -> ChartType:
    """Return the loss against training steps, live in the learning rate."""
    rates = [f"{value:g}" for value in results["rate"].value]
    keys = dict(zip(rates, results["rate_key"].value, strict=True))
    rows: list[dict[str, Any]] = []
    told: dict[str, str] = {}
    for rate, key in keys.items():
        series = results.rows("step", f"loss_{key}")
        rows += [{"step": row["step"], "rate": rate, "y": row[f"loss_{key}"]} for row in series]
        first, last = series[0], series[-1]
        told[rate] = (
            f"At rate {rate} the loss goes from {first[f'loss_{key}']:.4f} to "
            f"{last[f'loss_{key}']:.4f} in {last['step']} steps."
        )
    bind = alt.binding_radio(options=rates, labels=rates, name="Learning rate")
    rate_param = alt.param(name="rate", value="0.03", bind=bind)
    said = alt.param(name="summary", expr=f"{json.dumps(told)}[rate]")
    x = alt.X("step:Q", title="training steps").scale(domain=[0, 300], nice=False)
    y = alt.Y("y:Q", title="loss").scale(domain=[0, HIGHEST], nice=False)
    base = alt.Chart(alt.InlineData(values=rows)).transform_filter("datum.rate == rate")
    return alt.layer(base.mark_line(clip=True).encode(x=x, y=y)).add_params(rate_param, said)


def answers(results: Results) -> ChartType:
    """Return what the network answers on the way, with the receipts it learns from."""
    rows = [
        {"hours": row["hours"], "coins": row["answer"], "after": _after(row["answered"])}
        for row in results.rows("answered", "hours", "answer")
    ]
    names = list(dict.fromkeys(row["after"] for row in rows))
    order = alt.Scale(domain=names)
    legend = alt.Legend(title="training steps", columns=2)
    x = alt.X("hours:Q", title="hours parked").scale(domain=[0, 4], nice=False)
    x = x.axis(values=[0, 1, 2, 3, 4])
    y = alt.Y("coins:Q", title="coins").scale(domain=[0, 6], nice=False)
    receipts = [
        {"hours": row["receipt_hours"], "coins": row["receipt_coins"]}
        for row in results.rows("receipt_hours", "receipt_coins")
    ]
    color = alt.Color("after:N", scale=order, legend=legend)
    base = alt.Chart(alt.InlineData(values=rows)).encode(x=x, y=y, color=color)
    lines = (
        base.transform_filter(alt.datum.after == name).mark_line(strokeDash=dash)
        for name, dash in zip(names, DASHES, strict=True)
    )
    points = alt.Chart(alt.InlineData(values=receipts)).mark_point(size=90, filled=True, opacity=1)
    return alt.layer(*lines, points.encode(x=x, y=y))


def _after(steps: int) -> str:
    """Return how the legend names a moment of training."""
    return "none" if steps == 0 else f"{steps:,}"
