"""The charts of the article on the limits of search: directions, distances, the last percent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt

if TYPE_CHECKING:
    from altair.typing import ChartType

    from figures.results import Results

#: What readers see of sets that have a name of their own; the others are Gaussian.
NAMES = {"definitions": "definitions", "lookalike": "lookalike", "shuffled": "shuffled"}
GAUSSIAN = "Gaussian"


def dimension(results: Results) -> ChartType:
    """Return recall against the measured intrinsic dimension, live in the length of the list."""
    lists = [int(wide) for wide in results["ef"].value]
    bind = alt.binding_range(min=0, max=len(lists) - 1, step=1, name="ef")
    controls = [
        alt.param(name="length", value=0, bind=bind),
        alt.param(name="length_label", expr=f"'' + [{', '.join(map(str, lists))}][length]"),
        alt.param(name="summary", expr=_sentence(results, lists)),
    ]
    rows = _rows(results, lists)
    domain = alt.Scale(domain=[*NAMES.values(), GAUSSIAN])
    color = alt.Color("kind:N", scale=domain, legend=alt.Legend(title=None, columns=2))
    shape = alt.Shape("kind:N", scale=domain, legend=None)
    x = alt.X("neighbours:Q", title="intrinsic dimension, measured")
    x = x.scale(type="log", domain=[2.5, 160], nice=False).axis(values=[3, 10, 30, 100], format="d")
    y = alt.Y("recall:Q", title="recall@10").scale(domain=[0, 1]).axis(format="%")
    chosen = alt.Chart(alt.InlineData(values=rows)).transform_filter("datum.at == length")
    base = chosen.encode(x=x, y=y, color=color)
    line = base.transform_filter(alt.datum.kind == GAUSSIAN).mark_line()
    bars = base.mark_rule().encode(y="low:Q", y2="high:Q")
    points = base.mark_point(filled=True, size=90, opacity=1).encode(shape=shape)
    return alt.layer(line, bars, points).add_params(*controls)


def _rows(results: Results, lists: list[int]) -> list[dict[str, Any]]:
    """Return dimension, recall and its spread of each set, for each length of the list."""
    rows: list[dict[str, Any]] = []
    for at, wide in enumerate(lists):
        key = f"recall_{wide}"
        for row in results.rows("set", "neighbours", key):
            mean, spread = row[key], row[f"{key}_spread"]
            rows.append(
                {"at": at, "kind": NAMES.get(row["set"], GAUSSIAN), "set": row["set"]}
                | {"neighbours": round(row["neighbours"], 2), "recall": round(mean, 4)}
                | {"low": round(mean - spread, 4), "high": round(min(1.0, mean + spread), 4)}
            )
    return rows


def _sentence(results: Results, lists: list[int]) -> str:
    """Return the expression for a sentence: what the graph finds in each set."""
    told = []
    for at in range(len(lists)):
        found = {row["set"]: row["recall"] for row in _rows(results, lists) if row["at"] == at}
        told.append(
            f"'definitions {found['definitions']:.1%}, their lookalike {found['lookalike']:.1%},"
            f" shuffled {found['shuffled']:.1%}; Gaussian vectors with 16 directions"
            f" {found['gaussian 16']:.1%}, with 384 {found['gaussian 384']:.1%}'"
        )
    return (
        f"'With a list of ' + [{', '.join(map(str, lists))}][length] + ' the graph finds of the"
        f" ten nearest: ' + [{', '.join(told)}][length] + '.'"
    )


def spread(results: Results) -> ChartType:
    """Return how distances from a query are spread, in three sets."""
    names = {
        "spread_gaussian_4": "4 directions",
        "spread_definitions": "definitions",
        "spread_gaussian_384": "384 directions",
    }
    rows = [
        {"set": name, "distance": round(row["edge"] - 0.01, 2), "share": round(row[key], 5)}
        for key, name in names.items()
        for row in results.rows("edge", key)
    ]
    domain = alt.Scale(domain=list(names.values()))
    color = alt.Color("set:N", scale=domain, legend=alt.Legend(title=None, columns=2))
    x = alt.X("distance:Q", title="distance, as a share of the average")
    x = x.scale(domain=[0, 1.2]).axis(format="%", values=[0, 0.2, 0.4, 0.6, 0.8, 1, 1.2])
    y = alt.Y("share:Q", title="share in each step of 2%").axis(format="%")
    base = alt.Chart(alt.InlineData(values=rows)).encode(x=x, y=y, color=color)
    lines = (
        base.transform_filter(alt.datum.set == name).mark_line(strokeDash=dash)
        for name, dash in zip(names.values(), ([6, 3], [1, 0], [2, 2]), strict=True)
    )
    return alt.layer(*lines)


def last(results: Results) -> ChartType:
    """Return what is missed against the distances computed, both logarithmic."""
    ways = {
        "definitions_graph": "definitions, graph",
        "definitions_cells": "definitions, cells",
        "gaussian_graph": "Gaussian, graph",
        "gaussian_cells": "Gaussian, cells",
    }
    rows: list[dict[str, Any]] = []
    for key, name in ways.items():
        recalls, costs = results[f"{key}_recall"].value, results[f"{key}_cost"].value
        for recall, cost in zip(recalls, costs, strict=True):
            if recall < 0.9995:
                rows.append({"way": name, "cost": round(cost), "missed": round(1 - recall, 5)})
    domain = alt.Scale(domain=list(ways.values()))
    color = alt.Color("way:N", scale=domain, legend=alt.Legend(title=None, columns=2))
    x = alt.X("cost:Q", title="distances a query").scale(type="log", domain=[300, 20_000])
    x = x.axis(values=[300, 1_000, 3_000, 10_000], format=",d")
    y = alt.Y("missed:Q", title="missed of the ten").scale(type="log", domain=[0.0004, 1])
    y = y.axis(values=[0.001, 0.01, 0.1, 1], format="~%")
    base = alt.Chart(alt.InlineData(values=rows)).encode(x=x, y=y, color=color)
    lines = (
        base.transform_filter(alt.datum.way == name).mark_line(
            strokeDash=dash, point=True, clip=True
        )
        for name, dash in zip(ways.values(), ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3]), strict=True)
    )
    return alt.layer(*lines)
