"""The fourteen messages, their links, and a walk over them, live in graph, start and step."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

import altair as alt

if TYPE_CHECKING:
    from altair.typing import ChartType

    from figures.results import Results

#: Keys of the results -> what readers see.
GRAPHS = {
    "two": "two nearest",
    "three": "three nearest",
    "spread": "stand-in rule",
    "delaunay": "Delaunay",
}
STEPS = 4
#: How long an arrow is on the map.
HEAD = 0.5


def walk(results: Results) -> ChartType:
    """Return the map with links and the way walked so far."""
    names = list(results["message"].value)
    graphs = alt.binding_select(options=list(GRAPHS), labels=list(GRAPHS.values()), name="links")
    starts = alt.binding_select(options=names, name="start")
    steps = alt.binding_range(min=0, max=STEPS, step=1, name="step")
    controls = [
        alt.param(name="links", value="three", bind=graphs),
        alt.param(name="begin", value="G", bind=starts),
        alt.param(name="step", value=STEPS, bind=steps),
        alt.param(name="summary", expr=_sentence(results)),
    ]
    where = _places(results)
    x = alt.X("x:Q", title="about payment").scale(domain=[0, 12], nice=False)
    x = x.axis(format="d", values=list(range(0, 13, 2)))
    y = alt.Y("y:Q", title="about delivery").scale(domain=[-1, 13], nice=False)
    y = y.axis(format="d", values=list(range(0, 13, 2)))
    rows = [{"name": name, "x": at[0], "y": at[1]} for name, at in where.items()]
    base = alt.Chart(alt.InlineData(values=rows)).encode(x=x, y=y)
    first, second = results["query"].value
    asked = alt.Chart(alt.InlineData(values=[{"x": first, "y": second}])).encode(x=x, y=y)
    links = alt.Chart(alt.InlineData(values=_links(results)))
    links = links.transform_filter("datum.graph == links").mark_rule(opacity=0.35)
    heads = alt.Chart(alt.InlineData(values=_heads(results)))
    heads = heads.transform_filter("datum.graph == links").mark_rule(opacity=0.6)
    way = alt.Chart(alt.InlineData(values=_ways(results)))
    way = way.transform_filter("datum.graph == links && datum.start == begin && datum.at <= step")
    parts = alt.Scale(domain=["net", "walk"])
    hue = alt.Color("part:N", scale=parts, legend=None)
    ends: dict[str, Any] = {"x": x, "y": y, "x2": "x2:Q", "y2": "y2:Q"}
    walked = way.transform_filter("datum.at > 0").mark_rule(strokeWidth=4)
    here = way.mark_point(filled=True, size=190, opacity=1)
    return alt.layer(
        links.encode(**ends),
        heads.encode(**ends),
        walked.encode(color=hue, **ends),
        here.encode(x=x, y=y, color=hue),
        base.mark_point(filled=True, size=60, opacity=1),
        base.mark_text(dx=12, dy=-8, fontSize=14).encode(text="name:N"),
        asked.mark_point(shape="cross", filled=True, size=140, opacity=1),
        asked.mark_text(text="query", dx=-26, fontSize=14),
    ).add_params(*controls)


def _places(results: Results) -> dict[str, tuple[float, float]]:
    """Return where each message stands."""
    pairs = zip(results["first"].value, results["second"].value, strict=True)
    return dict(zip(results["message"].value, pairs, strict=True))


def _links(results: Results) -> list[dict[str, Any]]:
    """Return a line for each link of each graph, one for both ways."""
    where = _places(results)
    return [
        {"graph": key, "x": where[a][0], "y": where[a][1], "x2": where[b][0], "y2": where[b][1]}
        for key in GRAPHS
        for a, b, back in _pairs(results, key)
        if a < b or not back
    ]


def _pairs(results: Results, key: str) -> list[tuple[str, str, bool]]:
    """Return the links of a graph, each with whether it can be walked back."""
    links = dict(zip(results["message"].value, results[f"{key}_neighbours"].value, strict=True))
    return [(a, b, a in links[b]) for a, others in links.items() for b in others]


def _heads(results: Results) -> list[dict[str, Any]]:
    """Return the two strokes of an arrow in the middle of each link that goes one way."""
    where = _places(results)
    rows: list[dict[str, Any]] = []
    for key in GRAPHS:
        for a, b, back in _pairs(results, key):
            (x, y), (u, v) = where[a], where[b]
            long = math.hypot(u - x, v - y)
            right, up = (u - x) / long * HEAD, (v - y) / long * HEAD
            tip = {"x": round((x + 2 * u) / 3, 3), "y": round((y + 2 * v) / 3, 3)}
            rows += [
                {"graph": key, "from": a, "to": b}
                | tip
                | {
                    "x2": round(tip["x"] - right - side * up / 2, 3),
                    "y2": round(tip["y"] - up + side * right / 2, 3),
                }
                for side in (-1, 1)
                if not back
            ]
    return rows


def _ways(results: Results) -> list[dict[str, Any]]:
    """Return a row for each stop of each walk, with the stop before it."""
    where = _places(results)
    rows: list[dict[str, Any]] = []
    for key in GRAPHS:
        for start, way in zip(where, results[f"{key}_walks"].value, strict=True):
            for at, name in enumerate(way):
                before = where[way[max(0, at - 1)]]
                row = {"part": "walk", "graph": key, "start": start, "at": at}
                spot = {"x": where[name][0], "y": where[name][1]}
                rows.append(row | spot | {"x2": before[0], "y2": before[1]})
    return rows


def _sentence(results: Results) -> str:
    """Return the expression for a sentence: the way so far, and whether it has ended."""
    first, second = results["query"].value
    where = _places(results)
    far = {name: round((at[0] - first) ** 2 + (at[1] - second) ** 2) for name, at in where.items()}
    told: dict[str, str] = {}
    for key in GRAPHS:
        for start, way in zip(where, results[f"{key}_walks"].value, strict=True):
            for step in range(STEPS + 1):
                stops = ", ".join(f"{name} at {far[name]}" for name in way[: step + 1])
                if step < len(way) - 1:
                    end = "and goes on"
                elif way[-1] == min(far, key=far.__getitem__):
                    end = "and has arrived"
                else:
                    end = "and is stuck, for F at 4 is nearer"
                told[f"{key}{start}{step}"] = f"{stops}; it stands at {way[: step + 1][-1]} {end}."
    names = json.dumps(GRAPHS)
    return (
        f"'By ' + {names}[links] + ', squared distances: the walk passed '"
        f" + {json.dumps(told)}[links + begin + step]"
    )


def area(results: Results) -> ChartType:
    """Return the map with the area of B, and B's links to those whose areas touch it."""
    where = _places(results)
    x = alt.X("x:Q", title="about payment").scale(domain=[0, 12], nice=False)
    x = x.axis(format="d", values=list(range(0, 13, 2)))
    y = alt.Y("y:Q", title="about delivery").scale(domain=[-1, 13], nice=False)
    y = y.axis(format="d", values=list(range(0, 13, 2)))
    corners = list(zip(results["area_first"].value, results["area_second"].value, strict=True))
    edges = [
        {"x": a[0], "y": a[1], "x2": b[0], "y2": b[1]}
        for a, b in zip(corners, corners[1:] + corners[:1], strict=True)
    ]
    touching = dict(zip(where, results["delaunay_neighbours"].value, strict=True))["B"]
    links = [
        {"x": where["B"][0], "y": where["B"][1], "x2": where[b][0], "y2": where[b][1]}
        for b in touching
    ]
    ends: dict[str, Any] = {"x": x, "y": y, "x2": "x2:Q", "y2": "y2:Q"}
    border = alt.Chart(alt.InlineData(values=edges)).mark_rule(strokeWidth=3, strokeDash=[6, 3])
    drawn = alt.Chart(alt.InlineData(values=links)).mark_rule(opacity=0.6)
    rows = [{"name": name, "x": at[0], "y": at[1]} for name, at in where.items()]
    base = alt.Chart(alt.InlineData(values=rows)).encode(x=x, y=y)
    first, second = results["query"].value
    asked = alt.Chart(alt.InlineData(values=[{"x": first, "y": second}])).encode(x=x, y=y)
    return alt.layer(
        drawn.encode(**ends),
        border.encode(**ends),
        base.mark_point(filled=True, size=60, opacity=1),
        base.mark_text(dx=12, dy=-8, fontSize=14).encode(text="name:N"),
        asked.mark_point(shape="cross", filled=True, size=140, opacity=1),
        asked.mark_text(text="query", dx=-26, fontSize=14),
    )
