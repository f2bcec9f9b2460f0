"""The charts of the article on dense and sparse representations: what few numbers can hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt

if TYPE_CHECKING:
    from altair.typing import ChartType

    from figures.results import Results

LINES = {"most": "geometry allows", "fitted": "optimisation finds"}
DASHES = ([6, 3], [1, 0])
SIDE = 260


def circle(results: Results) -> ChartType:
    """Return the four notes of the running example on the circle of vectors of length one."""
    notes = results["note"].value
    rows: list[dict[str, Any]] = [
        {"note": note, "first": first, "second": second, "x0": 0, "y0": 0}
        for note, first, second in zip(
            notes, results["first"].value, results["second"].value, strict=True
        )
    ]
    axis = alt.Axis(values=[-1, -0.5, 0, 0.5, 1])
    x = alt.X("first:Q", title="first number").scale(domain=[-1.2, 1.2], nice=False).axis(axis)
    y = alt.Y("second:Q", title="second number").scale(domain=[-1.2, 1.2], nice=False).axis(axis)
    base = alt.Chart(alt.InlineData(values=rows)).encode(x=x, y=y)
    around = alt.Chart(alt.InlineData(values=[{"x": 0, "y": 0}])).encode(x="x:Q", y="y:Q")
    ring = around.mark_point(
        shape="circle", size=(SIDE / 1.2) ** 2, strokeDash=[4, 4], fillOpacity=0
    )
    asked = alt.Chart(alt.InlineData(values=[{"x": 1, "y": 0, "x0": 0, "y0": 0}]))
    asked = asked.encode(x="x:Q", y="y:Q")
    chart: ChartType = alt.layer(
        ring,
        asked.mark_rule(strokeDash=[2, 3]).encode(x2="x0:Q", y2="y0:Q"),
        asked.mark_text(dx=-18, dy=14, fontSize=14).encode(text=alt.value("wifi?")),
        base.mark_rule().encode(x2="x0:Q", y2="y0:Q"),
        base.mark_point(filled=True, size=80, opacity=1),
        base.mark_text(dx=12, dy=-10, fontSize=14).encode(text="note:N"),
    ).properties(width=SIDE, height=SIDE)
    return chart


def pairs(results: Results) -> ChartType:
    """Return how many of 66 pairs can be the best two, by numbers in a vector."""
    rows: list[dict[str, Any]] = []
    for key, name in LINES.items():
        for row in results.rows("numbers", key):
            spread = row.get(f"{key}_spread") or 0.0
            rows.append(
                {"line": name, "numbers": row["numbers"], "pairs": row[key]}
                | {"low": row[key] - spread, "high": row[key] + spread}
            )
    domain = alt.Scale(domain=list(LINES.values()))
    legend = alt.Legend(title=None)
    x = alt.X("numbers:Q", title="numbers in a vector").scale(domain=[2, 8], nice=False)
    x = x.axis(values=[2, 3, 4, 5, 6, 8], format="d")
    y = alt.Y("pairs:Q", title="pairs that can be the best two").scale(domain=[0, 70], nice=False)
    base = alt.Chart(alt.InlineData(values=rows))
    base = base.encode(x=x, y=y, color=alt.Color("line:N", scale=domain, legend=legend))
    lines = (
        base.transform_filter(alt.datum.line == name).mark_line(strokeDash=dash)
        for name, dash in zip(LINES.values(), DASHES, strict=True)
    )
    bars = base.mark_rule().encode(y="low:Q", y2="high:Q")
    points = base.mark_point(opacity=1).encode(
        shape=alt.Shape("line:N", scale=domain, legend=legend)
    )
    return alt.layer(*lines, bars, points)
