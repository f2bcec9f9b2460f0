"""The chart of the article on scaling walls: reading the same text again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt

if TYPE_CHECKING:
    from altair.typing import ChartType

    from figures.results import Results

#: Series of the experiment -> what readers see.
TEXTS = {"held": "text never seen", "known": "its own text"}
DASHES = ([1, 0], [6, 3])


def repetition(results: Results) -> ChartType:
    """Return bits on unseen and on own text against how often the own text was read."""
    rows = [
        {
            "epochs": row["epochs"],
            "text": name,
            "bits": row[key],
            "low": row[key] - row[f"{key}_spread"],
            "high": row[key] + row[f"{key}_spread"],
        }
        for key, name in TEXTS.items()
        for row in results.rows("epochs", key)
    ]
    domain, legend = alt.Scale(domain=list(TEXTS.values())), alt.Legend(title="bits on")
    color = alt.Color("text:N", scale=domain, legend=legend)
    x = alt.X("epochs:Q", title="readings of the same text")
    x = x.scale(type="log", base=2, domain=[1, 64], nice=False)
    x = x.axis(values=results["epochs"].value, format=",d")
    y = alt.Y("bits:Q", title="bits a character").scale(domain=[0, 4])
    base = alt.Chart(alt.InlineData(values=rows)).encode(x=x, y=y, color=color)
    lines = (
        base.transform_filter(alt.datum.text == name).mark_line(strokeDash=dash)
        for name, dash in zip(TEXTS.values(), DASHES, strict=True)
    )
    return alt.layer(
        *lines,
        base.mark_area(opacity=0.2).encode(y="low:Q", y2="high:Q"),
        base.mark_point(opacity=1).encode(shape=alt.Shape("text:N", scale=domain, legend=legend)),
    )
