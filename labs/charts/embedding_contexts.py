"""The picture of one word in two senses, layer by layer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt

if TYPE_CHECKING:
    from altair.typing import ChartType

    from figures.results import Results

KINDS = {"same": "same sense", "other": "other sense"}


def senses(results: Results) -> ChartType:
    """Return mean cosines of a word's rows within and across senses, by layer."""
    rows = [
        {
            "layer": row["layer"],
            "kind": name,
            "cosine": row[key],
            "low": row[key] - row[f"{key}_words"],
            "high": row[key] + row[f"{key}_words"],
        }
        for key, name in KINDS.items()
        for row in results.rows("layer", key, f"{key}_words")
    ]
    color = alt.Color("kind:N", scale=alt.Scale(domain=list(KINDS.values()))).legend(title=None)
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        x=alt.X("layer:Q", title="layer").axis(values=results["layer"].value, format="d"),
        color=color,
    )
    y = alt.Y("cosine:Q", title="cosine of the word's rows").scale(domain=[0.6, 1])
    return alt.layer(
        base.mark_area(opacity=0.2).encode(y=alt.Y("low:Q").scale(domain=[0.6, 1]), y2="high:Q"),
        base.mark_line(point=True).encode(y=y, strokeDash=alt.StrokeDash("kind:N", legend=None)),
    )
