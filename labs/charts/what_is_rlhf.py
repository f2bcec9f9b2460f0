"""The charts of the article "What is RLHF"."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt

if TYPE_CHECKING:
    from altair.typing import ChartType

    from figures.results import Results


def recovery(results: Results) -> ChartType:
    """Return the error of fitted scores against the number of comparisons, with its spread."""
    rows = results.rows("comparisons", "error")
    for row in rows:
        row["low"] = row["error"] - row["error_spread"]
        row["high"] = row["error"] + row["error_spread"]
    comparisons = alt.X("comparisons:Q", title="comparisons").scale(type="log", nice=False)
    comparisons = comparisons.axis(values=[row["comparisons"] for row in rows], format=",d")
    base = alt.Chart(alt.InlineData(values=rows)).encode(x=comparisons)
    title = "error of the scores (log-odds)"
    spread = base.mark_area(opacity=0.25).encode(y=alt.Y("low:Q", title=title), y2="high:Q")
    mean = base.mark_line(point=True).encode(y="error:Q")
    return alt.layer(spread, mean)
