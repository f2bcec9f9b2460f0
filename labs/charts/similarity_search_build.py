"""The chart of the eight messages on which the article on similarity search shows each way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt

if TYPE_CHECKING:
    from altair.typing import ChartType

    from figures.results import Results


def messages(results: Results) -> ChartType:
    """Return the eight messages and the query on a map, each in the colour of its cell."""
    rows: list[dict[str, Any]] = [
        {"name": name, "first": first, "second": second, "cell": cell}
        for name, first, second, cell in zip(
            results["message"].value,
            results["first"].value,
            results["second"].value,
            results["cell"].value,
            strict=True,
        )
    ]
    cells = ["payment", "delivery", "other"]
    x = alt.X("first:Q", title="about payment").scale(domain=[0, 10], nice=False)
    x = x.axis(format="d", values=list(range(0, 11, 2)))
    y = alt.Y("second:Q", title="about delivery").scale(domain=[0, 11], nice=False)
    color = alt.Color("cell:N", scale=alt.Scale(domain=cells), legend=alt.Legend(title="cell"))
    shape = alt.Shape("cell:N", scale=alt.Scale(domain=cells), legend=alt.Legend(title="cell"))
    base = alt.Chart(alt.InlineData(values=rows)).encode(x=x, y=y)
    points = base.mark_point(filled=True, size=90, opacity=1).encode(color=color, shape=shape)
    names = base.mark_text(dx=12, dy=-8, fontSize=14).encode(text="name:N")
    links = alt.Chart(alt.InlineData(values=_links(results))).mark_rule(opacity=0.5)
    links = links.encode(x="x:Q", y="y:Q", x2="x2:Q", y2="y2:Q")
    first, second = results["query"].value
    asked = alt.Chart(alt.InlineData(values=[{"first": first, "second": second}]))
    query = asked.encode(x=x, y=y).mark_point(shape="cross", filled=True, size=140, opacity=1)
    word = asked.encode(x=x, y=y).mark_text(text="query", dx=-26, fontSize=14)
    return alt.layer(links, points, names, query, word)


def _links(results: Results) -> list[dict[str, Any]]:
    """Return each link of the graph as a line from one message to another."""
    names = list(results["message"].value)
    places = list(zip(results["first"].value, results["second"].value, strict=True))
    where = dict(zip(names, places, strict=True))
    return [
        {"x": where[a][0], "y": where[a][1], "x2": where[b][0], "y2": where[b][1]}
        for a, b in zip(results["link_from"].value, results["link_to"].value, strict=True)
    ]
