"""The chart of the nine messages of the article on vector indexing: cells and links."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt

if TYPE_CHECKING:
    from altair.typing import ChartType

    from figures.results import Results

#: How a line is drawn: kept, new, walked in one direction only, gone.
DASHES = {"kept": [1, 0], "new": [1, 0], "one way": [6, 4], "gone": [1, 5]}
WIDTHS = {"kept": 1, "new": 3, "one way": 1.5, "gone": 1.5}


def messages(results: Results) -> ChartType:
    """Return the nine messages, each in the colour of its cell, and the links between them."""
    names = list(results["message"].value)
    columns = zip(
        names, results["first"].value, results["second"].value, results["cell"].value, strict=True
    )
    rows: list[dict[str, Any]] = [
        {"name": name, "first": first, "second": second, "cell": cell}
        for name, first, second, cell in columns
    ]
    cells = sorted({row["cell"] for row in rows}, reverse=True)
    legend = alt.Legend(title="middle of the cell")
    x = alt.X("first:Q", title="about payment").scale(domain=[0, 10], nice=False)
    x = x.axis(format="d", values=list(range(0, 11, 2)))
    y = alt.Y("second:Q", title="about delivery").scale(domain=[0, 11], nice=False)
    color = alt.Color("cell:N", scale=alt.Scale(domain=cells), legend=legend)
    shape = alt.Shape("cell:N", scale=alt.Scale(domain=cells), legend=legend)
    base = alt.Chart(alt.InlineData(values=rows)).encode(x=x, y=y)
    points = base.mark_point(filled=True, size=90, opacity=1).encode(color=color, shape=shape)
    words = base.mark_text(dx=12, dy=-8, fontSize=14).encode(text="name:N")
    first, second = results["query"].value
    asked = alt.Chart(alt.InlineData(values=[{"first": first, "second": second}]))
    query = asked.encode(x=x, y=y).mark_point(shape="cross", filled=True, size=140, opacity=1)
    word = asked.encode(x=x, y=y).mark_text(text="query", dx=26, fontSize=14)
    return alt.layer(*_lines(results), points, words, query, word)


def _lines(results: Results) -> list[alt.Chart]:
    """Return the lines, kind by kind."""
    where = {
        name: {"x": first, "y": second}
        for name, first, second in zip(
            results["message"].value, results["first"].value, results["second"].value, strict=True
        )
    }
    kinds = list(zip(results["line"].value, results["line_kind"].value, strict=True))
    found = []
    for kind, dash in DASHES.items():
        ends = [
            where[line[0]] | {"x2": where[line[1]]["x"], "y2": where[line[1]]["y"]}
            for line, is_kind in kinds
            if is_kind == kind
        ]
        rule = alt.Chart(alt.InlineData(values=ends)).mark_rule(
            strokeDash=dash, strokeWidth=WIDTHS[kind], opacity=0.6
        )
        found.append(rule.encode(x="x:Q", y="y:Q", x2="x2:Q", y2="y2:Q"))
    return found
