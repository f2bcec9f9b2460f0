"""The picture of five words that training moves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt

if TYPE_CHECKING:
    from altair.typing import ChartType

    from figures.results import Results

WORDS = ("king", "queen", "man", "woman", "bread")


def paths(results: Results) -> ChartType:
    """Return the way of each word through the plane, from a small ring to a dot."""
    rows = [
        {"word": word, "step": step, "x": x, "y": y}
        for word in WORDS
        for step, x, y in zip(
            results["step"].value,
            results[f"first_{word}_x"].value,
            results[f"first_{word}_y"].value,
            strict=True,
        )
    ]
    last = rows[-1]["step"]
    color = alt.Color("word:N", scale=alt.Scale(domain=list(WORDS)), legend=alt.Legend(title=None))
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        x=alt.X("x:Q", title="first number").scale(domain=[-1, 2]),
        y=alt.Y("y:Q", title="second number").scale(domain=[-2, 2]),
        color=color,
    )
    return alt.layer(
        base.mark_line().encode(order="step:Q"),
        base.transform_filter("datum.step == 0").mark_point(size=60),
        base.transform_filter(f"datum.step == {last}")
        .mark_point(filled=True, size=110, opacity=1)
        .encode(shape=alt.Shape("word:N", scale=alt.Scale(domain=list(WORDS)), legend=None)),
    )
