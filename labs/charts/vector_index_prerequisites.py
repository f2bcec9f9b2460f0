"""The chart of what to know before vector indexes: steps of a walk against the number of points."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt

if TYPE_CHECKING:
    from altair.typing import ChartType

    from figures.results import Results

#: Keys of the results -> what readers see.
WAYS = {
    "near": "near only",
    "anybody": "far, to anybody",
    "graded": "all lengths",
    "layers": "layers",
}
DASHES = ([1, 0], [2, 2], [6, 3], [8, 3, 2, 3])


def steps(results: Results) -> ChartType:
    """Return the steps of walks in a square against the number of points, by the kind of links."""
    rows: list[dict[str, Any]] = []
    for key, name in WAYS.items():
        series = f"plane_{key}_steps"
        for row in results.rows("size", series):
            mean, spread = row[series], row[f"{series}_spread"]
            band = {"low": round(mean - spread, 2), "high": round(mean + spread, 2)}
            rows.append({"way": name, "size": row["size"], "steps": round(mean, 2)} | band)
    domain = alt.Scale(domain=list(WAYS.values()))
    color = alt.Color("way:N", scale=domain, legend=alt.Legend(title=None, columns=2))
    ticks = list(results["size"].value)
    x = alt.X("size:Q", title="points").scale(type="log", domain=[ticks[0], ticks[-1]])
    x = x.axis(values=ticks, format=",d")
    y = alt.Y("steps:Q", title="steps of a walk").scale(type="log", domain=[2, 100])
    y = y.axis(values=[2, 5, 10, 20, 50, 100], format="d")
    base = alt.Chart(alt.InlineData(values=rows)).encode(x=x, y=y, color=color)
    lines = (
        base.transform_filter(alt.datum.way == name).mark_line(strokeDash=dash, point=True)
        for name, dash in zip(WAYS.values(), DASHES, strict=True)
    )
    return alt.layer(*lines, base.mark_rule().encode(y="low:Q", y2="high:Q"))
