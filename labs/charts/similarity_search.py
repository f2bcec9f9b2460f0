"""The charts of the article on similarity search: recall against work, work against size."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt

if TYPE_CHECKING:
    from altair.typing import ChartType

    from figures.results import Results

#: Keys of the results -> what readers see.
WAYS = {"graph": "graph", "cells": "cells", "codes": "codes", "hash": "hashing"}
KNOBS = {"graph": "wide", "cells": "probes", "codes": "again", "hash": "tables"}
DASHES = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3])
#: What may be spent on a query: products, of 16,384.
BUDGETS = (128, 256, 512, 1_024, 2_048, 4_096, 8_192)


def effort(results: Results) -> ChartType:
    """Return recall against products computed, live in how many are allowed."""
    rows = _rows(results)
    bind = alt.binding_range(min=0, max=len(BUDGETS) - 1, step=1, name="effort")
    spent = f"[{', '.join(map(str, BUDGETS))}][effort]"
    controls = [
        alt.param(name="effort", value=3, bind=bind),
        alt.param(name="effort_label", expr=f"format({spent}, ',') + ' products'"),
        alt.param(name="summary", expr=_sentence(results)),
    ]
    domain = alt.Scale(domain=list(WAYS.values()))
    legend = alt.Legend(title=None, columns=2)
    color = alt.Color("way:N", scale=domain, legend=legend)
    x = alt.X("cost:Q", title="products of two vectors a query")
    x = x.scale(type="log", domain=[64, 20_000], nice=False)
    x = x.axis(values=[100, 1_000, 10_000], format=",d")
    y = alt.Y("recall:Q", title="recall@10").scale(domain=[0, 1]).axis(format="%")
    base = alt.Chart(alt.InlineData(values=rows)).encode(x=x, y=y, color=color)
    lines = (
        base.transform_filter(alt.datum.way == name).mark_line(strokeDash=dash, clip=True)
        for name, dash in zip(WAYS.values(), DASHES, strict=True)
    )
    bars = base.mark_rule(clip=True).encode(y="low:Q", y2="high:Q")
    shown = f"datum.cost <= {spent} && (datum.next > {spent})"
    points = base.transform_filter(shown).mark_point(size=110, filled=True, opacity=1, clip=True)
    limit = alt.Chart(alt.InlineData(values=[{"low": 0, "high": 1}]))
    limit = limit.transform_calculate(cost=spent).mark_rule(strokeDash=[3, 3])
    limit = limit.encode(x=alt.X("cost:Q"), y="low:Q", y2="high:Q")
    flat = alt.Chart(alt.InlineData(values=[{"cost": _vectors(results), "recall": 1}]))
    flat = flat.mark_point(shape="square", size=90, filled=True, opacity=1)
    flat = flat.encode(x="cost:Q", y="recall:Q")
    return alt.layer(limit, *lines, bars, points, flat).add_params(*controls)


def _vectors(results: Results) -> int:
    """Return how many vectors are searched."""
    return int(results["vectors"].value)


def _rows(results: Results) -> list[dict[str, Any]]:
    """Return recall, spread and cost of each setting, and the cost of the next one."""
    rows: list[dict[str, Any]] = []
    for key, name in WAYS.items():
        series = results.rows(KNOBS[key], f"{key}_recall")
        costs = list(results[f"{key}_cost"].value)
        for row, cost, after in zip(series, costs, [*costs[1:], 1e9], strict=True):
            mean, spread = row[f"{key}_recall"], row[f"{key}_recall_spread"]
            rows.append(
                {"way": name, "cost": round(cost), "next": round(after), "recall": round(mean, 3)}
                | {"low": round(mean - spread, 3), "high": round(min(1.0, mean + spread), 3)}
            )
    return rows


def _sentence(results: Results) -> str:
    """Return the expression for a sentence: what each way finds for what may be spent."""
    told = []
    for budget in BUDGETS:
        parts = []
        for name in WAYS.values():
            fit = [r for r in _rows(results) if r["way"] == name and r["cost"] <= budget]
            found = f"{fit[-1]['recall']:.0%}" if fit else "nothing yet"
            parts.append(f"{name} {found}")
        told.append(f"'{', '.join(parts)}'")
    spent = f"[{', '.join(map(str, BUDGETS))}][effort]"
    return (
        f"'With at most ' + format({spent}, ',') + ' products of {_vectors(results):,} found of the"
        f" ten nearest: ' + [{', '.join(told)}][effort] + '.'"
    )


def growth(results: Results) -> ChartType:
    """Return the products needed for a recall of 95% against the number of vectors."""
    keys = {"flat": "comparing with all", "cells_need": "cells", "graph_needs": "graph"}
    rows: list[dict[str, Any]] = []
    for key, name in keys.items():
        if key == "flat":
            rows += [{"way": name, "size": n, "cost": n} for n in results["size"].value]
            continue
        for row in results.rows("size", key):
            spread = row[f"{key}_spread"]
            rows.append(
                {"way": name, "size": row["size"], "cost": round(row[key])}
                | {"low": round(row[key] - spread), "high": round(row[key] + spread)}
            )
    domain = alt.Scale(domain=list(keys.values()))
    color = alt.Color("way:N", scale=domain, legend=alt.Legend(title=None, columns=1))
    ticks = list(results["size"].value)
    x = alt.X("size:Q", title="vectors").scale(type="log", domain=[ticks[0], ticks[-1]])
    x = x.axis(values=ticks, format=",d")
    y = alt.Y("cost:Q", title="products for recall 95%").scale(type="log", domain=[100, 20_000])
    y = y.axis(values=[100, 1_000, 10_000], format=",d")
    base = alt.Chart(alt.InlineData(values=rows)).encode(x=x, y=y, color=color)
    lines = (
        base.transform_filter(alt.datum.way == name).mark_line(strokeDash=dash, point=True)
        for name, dash in zip(keys.values(), ([2, 2], [6, 3], [1, 0]), strict=True)
    )
    bars = base.transform_filter("isValid(datum.low)").mark_rule().encode(y="low:Q", y2="high:Q")
    return alt.layer(*lines, bars)
