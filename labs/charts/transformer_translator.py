"""The charts of the small translator: who listens to whom, and what order is worth in training."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt

if TYPE_CHECKING:
    from altair.typing import ChartType

    from figures.results import Results

HEADS = {"right": "right head", "left": "left head"}
TRAININGS = {"bits_placed": "English words know their places", "bits_unplaced": "they do not"}


def heads(results: Results) -> ChartType:
    """Return the weights of the encoder's two heads."""
    words = results["source"].value
    rows = [
        row | {"head": title}
        for name, title in HEADS.items()
        for row in _cells(results[name].value, words, words)
    ]
    faceted: ChartType = _map(rows, words, words).facet(
        column=alt.Column("head:N", sort=list(HEADS.values()), title=None), spacing=24
    )
    return faceted


def across(results: Results) -> ChartType:
    """Return what each word written listens to in the source."""
    asks, heard = results["read"].value, results["source"].value
    table: ChartType = _map(_cells(results["across"].value, asks, heard), asks, heard)
    return table


def _cells(weights: Any, asks: list[str], heard: list[str]) -> list[dict[str, Any]]:
    """Return a row of data for each weight."""
    pairs = [(who, whom) for who in asks for whom in heard]
    return [
        {"asks": who, "heard": whom, "weight": round(weight, 2), "words": f"{weight:.2f}"}
        for (who, whom), weight in zip(pairs, weights, strict=True)
    ]


def _map(rows: list[dict[str, Any]], asks: list[str], heard: list[str]) -> Any:
    """Return a table of cells, the darker the more is listened; the weight stands in each."""
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        x=alt.X("heard:N", sort=heard, title="is heard").axis(orient="top", labelAngle=0),
        y=alt.Y("asks:N", sort=asks, title="asks"),
    )
    shade = alt.Opacity("weight:Q", legend=None).scale(domain=[0, 1], range=[0, 0.55])
    return alt.layer(
        base.mark_rect(stroke="currentColor", strokeOpacity=0.2).encode(opacity=shade),
        base.mark_text().encode(text="words:N"),
    )


def training(results: Results) -> ChartType:
    """Return the loss against training steps, with and without positions in the source."""
    rows = [
        {
            "step": row["step"],
            "y": row[key],
            "low": max(0.0, row[key] - row[f"{key}_spread"]),
            "high": row[key] + row[f"{key}_spread"],
            "places": name,
        }
        for key, name in TRAININGS.items()
        for row in results.rows("step", key)
    ]
    order = alt.Scale(domain=list(TRAININGS.values()))
    legend = alt.Legend(title=None)
    x = alt.X("step:Q", title="training steps").scale(domain=[0, 300], nice=False)
    y = alt.Y("y:Q", title="surprise at the right word (bits)").scale(domain=[0, 1], clamp=True)
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        x=x, color=alt.Color("places:N", scale=order, legend=legend)
    )
    floor = alt.Chart(alt.InlineData(values=[{"y": 0.25}]))
    return alt.layer(
        base.mark_area(opacity=0.2, clip=True).encode(
            y=alt.Y("low:Q").scale(domain=[0, 1]), y2="high:Q"
        ),
        base.mark_line(clip=True).encode(
            y=y, strokeDash=alt.StrokeDash("places:N", scale=order, legend=legend)
        ),
        floor.mark_rule(strokeDash=[2, 3]).encode(y="y:Q"),
    )
