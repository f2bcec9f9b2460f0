"""What becomes of sentence vectors when they are cut."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt

if TYPE_CHECKING:
    from altair.typing import ChartType

    from figures.results import Results

#: Series -> what readers see.
WAYS = {"nested": "nested", "alone": "trained at this length", "cut_short": "plain, cut short"}
DASHES = ([3, 3], [1, 0], [8, 3])


def nested(results: Results) -> ChartType:
    """Return the mean reciprocal rank against the numbers kept, for three ways of training."""
    rows = [
        {
            "width": row["width"],
            "way": name,
            "right": round(row[key], 4),
            "low": round(row[key] - row[f"{key}_spread"], 4),
            "high": round(row[key] + row[f"{key}_spread"], 4),
        }
        for key, name in WAYS.items()
        for row in results.rows("width", key)
    ]
    domain = alt.Scale(domain=list(WAYS.values()))
    legend = alt.Legend(title=None)
    color = alt.Color("way:N", scale=domain, legend=legend)
    x = alt.X("width:Q", title="numbers kept of each vector")
    x = x.scale(type="log", base=2, domain=[7, 73]).axis(values=list(results["width"].value))
    y = alt.Y("right:Q", title="mean reciprocal rank").scale(domain=[0, 0.45])
    base = alt.Chart(alt.InlineData(values=rows)).encode(x=x, y=y, color=color)
    lines = (
        base.transform_filter(alt.datum.way == name).mark_line(strokeDash=dash)
        for name, dash in zip(WAYS.values(), DASHES, strict=True)
    )
    return alt.layer(
        *lines,
        base.mark_area(opacity=0.2).encode(y="low:Q", y2="high:Q"),
        base.mark_point(filled=True, opacity=1).encode(
            shape=alt.Shape("way:N", scale=domain, legend=legend)
        ),
    )
