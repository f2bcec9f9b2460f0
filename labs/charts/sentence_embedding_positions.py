"""The chart of a fact that moves through a long text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt

if TYPE_CHECKING:
    from altair.typing import ChartType

    from figures.results import Results

#: Series of the experiment -> what readers see.
WAYS = {"windows": "best window of 64", "256": "cut at 256", "512": "read whole"}
DASHES = ([8, 3], [1, 0], [3, 3])


def place(results: Results) -> ChartType:
    """Return the cosine of question and text against the place of the answer."""
    rows = []
    for way, name in WAYS.items():
        key = f"cosine_{way}"
        for row in results.rows("start", key):
            mean, spread = row[key], row[f"{key}_spread"]
            band = {"low": round(mean - spread, 4), "high": round(mean + spread, 4)}
            rows.append({"way": name, "start": row["start"], "cosine": round(mean, 4)} | band)
    domain = alt.Scale(domain=list(WAYS.values()))
    legend = alt.Legend(title=None)
    x = alt.X("start:Q", title="pieces before the answer").scale(domain=[0, 460], nice=False)
    x = x.axis(values=[0, 64, 128, 192, 256, 320, 384, 448])
    y = alt.Y("cosine:Q", title="cosine with the question").scale(domain=[0, 0.7])
    base = alt.Chart(alt.InlineData(values=rows))
    base = base.encode(x=x, y=y, color=alt.Color("way:N", scale=domain, legend=legend))
    lines = (
        base.transform_filter(alt.datum.way == name).mark_line(strokeDash=dash)
        for name, dash in zip(WAYS.values(), DASHES, strict=True)
    )
    limit = alt.Chart(alt.InlineData(values=[{"x": 254}])).encode(x="x:Q")
    return alt.layer(
        *lines,
        base.mark_area(opacity=0.2).encode(y="low:Q", y2="high:Q"),
        base.mark_point(opacity=1).encode(shape=alt.Shape("way:N", scale=domain, legend=legend)),
        limit.mark_rule(strokeDash=[2, 3]),
    )
