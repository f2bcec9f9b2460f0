"""The chart of tokens that a model never met."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt

if TYPE_CHECKING:
    from altair.typing import ChartType

    from figures.results import Results

NAMES = {"never": "never met", "met": "in the training text"}


def directions(results: Results) -> ChartType:
    """Return how tokens' columns lie to the direction of impossible bytes, met and never met."""
    edges = list(results["edge"].value)
    step = edges[1] - edges[0]
    rows = [
        {
            "from": row["edge"],
            "to": row["edge"] + step,
            "tokens": name,
            "share": row[f"share_{arm}"],
        }
        for arm, name in NAMES.items()
        for row in results.rows("edge", f"share_{arm}")
    ]
    domain = alt.Scale(domain=list(NAMES.values()))
    x = alt.X("from:Q", title="distance from the direction of impossible bytes (1 − cosine)")
    x = x.scale(domain=[0, 2], nice=False).axis(values=[0, 0.5, 1, 1.5, 2], format=".2~f")
    y = alt.Y("share:Q", title="share of tokens").axis(format="%")
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        x=x, x2="to:Q", y=y.stack(None), y2=alt.Y2Datum(0),
        color=alt.Color("tokens:N", scale=domain, legend=alt.Legend(title="tokens")),
    )  # fmt: skip
    drawn: ChartType = base.mark_rect(opacity=0.6)
    return drawn
