"""The live chart of the article on scaling walls: training sets, and the text there is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt

if TYPE_CHECKING:
    from altair.typing import ChartType

    from figures.results import Results

FIRST, LAST = 2020, 2036
SETS = "training sets"
LEVELS = ["each page once", "read as often as set", "read without end"]
DASHES = ([2, 2], [6, 3], [8, 2, 2, 2])


def exhaustion(results: Results) -> ChartType:
    """Return training sets over the years and the stock, live in growth, stock and readings."""
    stale = results["stale"].value
    names, released, tokens = (results[key].value for key in ("model", "released", "tokens"))
    start = names.index("Qwen3")
    growth = alt.binding_range(min=1.4, max=4, step=0.1, name="growth a year")
    stock = alt.binding_range(min=1.6, max=2.7, step=0.1, name="good text, trillion tokens")
    readings = alt.binding_range(min=0, max=6, step=1, name="readings")
    worth = f"(1 + {stale:g} * (1 - exp(-(pow(2, readings) - 1) / {stale:g})))"
    when = f"({released[start]:g} + log(level / {tokens[start]:g}) / log(growth))"
    controls = [
        alt.param(name="growth", value=2.4, bind=growth),
        alt.param(name="stock", value=2, bind=stock),
        alt.param(name="stock_label", expr="format(pow(10, stock), ',.0f')"),
        alt.param(name="readings", value=2, bind=readings),
        alt.param(name="readings_label", expr="format(pow(2, readings), 'd')"),
        alt.param(name="worth", expr=worth),
        alt.param(name="level", expr="pow(10, stock) * worth"),
        alt.param(name="year", expr=when),
        alt.param(name="summary", expr=_sentence()),
    ]
    x = alt.X("year:Q", title=None).scale(domain=[FIRST, LAST], nice=False)
    x = x.axis(values=list(range(FIRST, LAST + 1, 4)), format="d")
    y = alt.Y("tokens:Q", title="trillion tokens")
    y = y.scale(type="log", domain=[0.1, 10_000], nice=False)
    y = y.axis(values=[0.1, 1, 10, 100, 1000, 10_000], format=",.1~f")
    models: list[dict[str, Any]] = [
        {"year": year, "tokens": count, "model": name, "line": SETS}
        for name, year, count in zip(names, released, tokens, strict=True)
    ]
    domain = alt.Scale(domain=[SETS, *LEVELS])
    color = alt.Color("line:N", scale=domain, legend=alt.Legend(title=None, columns=2))
    points = alt.Chart(alt.InlineData(values=models)).encode(x=x, y=y, color=color)
    ends: list[dict[str, Any]] = [{"year": year, "line": SETS} for year in (released[start], LAST)]
    demand = (
        alt.Chart(alt.InlineData(values=ends))
        .transform_calculate(
            tokens=f"{tokens[start]:g} * pow(growth, datum.year - {released[start]:g})"
        )
        .mark_line(clip=True)
        .encode(x=x, y=y, color=color)
    )
    flat: list[dict[str, Any]] = [
        {"year": year, "level": level, "line": name}
        for level, name in enumerate(LEVELS)
        for year in (FIRST, LAST)
    ]
    heights = f"pow(10, stock) * [1, worth, {1 + stale:g}][datum.level]"
    levels = alt.Chart(alt.InlineData(values=flat)).transform_calculate(tokens=heights)
    lines = (
        levels.transform_filter(alt.datum.line == name)
        .mark_line(strokeDash=dash)
        .encode(x=x, y=y, color=color)
        for name, dash in zip(LEVELS, DASHES, strict=True)
    )
    return alt.layer(*lines, demand, points.mark_point(opacity=1, filled=True)).add_params(
        *controls
    )


def _sentence() -> str:
    """Return the expression for a sentence: settings, what readings are worth, the year."""
    return (
        "'Growing by ' + format(growth, '.1f') + ' a year, training sets meet ' + stock_label"
        " + ' trillion good tokens, read ' + readings_label + (readings ? ' times' : ' time')"
        " + ' and so worth ' + format(level, ',.0f') + ' trillion, in ' + format(year, '.1f')"
        " + '.'"
    )
