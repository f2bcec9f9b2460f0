"""The charts of the article on attention variants and their limits."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import altair as alt

if TYPE_CHECKING:
    from collections.abc import Callable

    from altair.typing import ChartType

    from figures.results import Results

#: Masks of the experiment that can be chosen -> what readers see.
WRONG = {
    "full": "none",
    "ahead": "causal, off by one",
    "hole": "answer's cell hidden, two layers",
    "hole1": "answer's cell hidden, one layer",
    "window": "window of 8",
}
REPORTED, HONEST, CAUSAL = "as reported", "asked honestly", "causal model"
PLACES = {"causal": "causal", "full": "no mask", "hole": "answer's cell hidden"}
MEMORIES = {
    "softmax": "softmax, all pairs",
    "window": "window of equal memory",
    "summed": "linear, bare sums",
    "corrected": "linear, delta rule",
}
NEAR, FAR = "in one layer", "through other words"
PERMITTED, HIDDEN = "permitted", "hidden"


def reach(results: Results) -> ChartType:
    """Return which positions reach which, live in the mask and in the number of layers."""
    patterns = [str(name) for name in results["pattern"].value]
    rows = results["pattern_rows"].value
    n = len(rows) // len(patterns)
    strings = {name: rows[n * k : n * (k + 1)] for k, name in enumerate(patterns)}
    depth = max(int(digit) for row in rows for digit in row)
    mask = alt.param(
        name="mask", value="window of 4", bind=alt.binding_select(options=patterns, name="Mask")
    )
    layers = alt.param(
        name="layers", value=2, bind=alt.binding_range(min=1, max=depth, step=1, name="Layers")
    )
    said = alt.param(name="summary", expr=_reached(strings, results))
    values = [
        {"mask": name, "i": i, "cells": row}
        for name, lines in strings.items()
        for i, row in enumerate(lines, 1)
    ]
    ticks = [1, *range(4, n + 1, 4)]
    x = alt.X("j:Q", title="word that answers").axis(values=ticks, grid=False)
    y = alt.Y("i:Q", title="word that asks").axis(values=ticks, grid=False)
    ways = alt.Scale(domain=[NEAR, FAR])
    shapes = alt.Scale(domain=[NEAR, FAR], range=["square", "circle"])
    sizes = alt.Scale(domain=[NEAR, FAR], range=[75, 25])
    made: alt.Chart = (
        alt.Chart(alt.InlineData(values=values))
        .transform_filter("datum.mask == mask")
        .transform_calculate(cell="split(datum.cells, '')", j=f"sequence(1, {n + 1})")
        .transform_flatten(["cell", "j"])
        .transform_filter("datum.cell != '0' && +datum.cell <= layers")
        .transform_calculate(way=f"datum.cell == '1' ? '{NEAR}' : '{FAR}'")
        .mark_point(filled=True, opacity=1)
        .encode(
            x=x.scale(domain=[0.5, n + 0.5], nice=False),
            y=y.scale(domain=[n + 0.5, 0.5], nice=False),
            color=alt.Color("way:N", scale=ways, legend=alt.Legend(title="heard")),
            shape=alt.Shape("way:N", scale=shapes),
            size=alt.Size("way:N", scale=sizes),
        )
        .add_params(mask, layers, said)
    )
    return made


def _reached(strings: dict[str, list[str]], results: Results) -> str:
    """Return the expression for a sentence: pairs weighed, pairs reached, the answer's fate."""
    pairs = dict(zip(strings, results["pattern_pairs"].value, strict=True))
    told = {}
    for name, rows in strings.items():
        for layers in range(1, 5):
            reached = sum(0 < int(digit) <= layers for row in rows for digit in row)
            answer = any(0 < int(row[i]) <= layers for i, row in enumerate(rows[:-1], 1))
            told[f"{name}{layers}"] = (
                f"{pairs[name]} of {len(rows) ** 2} pairs are weighed in a layer, {reached} "
                f"reached; the answer {'arrives' if answer else 'does not arrive'}."
            )
    return f"{json.dumps(told)}[mask + layers]"


def leak(results: Results) -> ChartType:
    """Return both costs during training, live in the mask, beside those of the causal model."""
    mask = alt.param(
        name="mask",
        value="full",
        bind=alt.binding_select(options=list(WRONG), labels=list(WRONG.values()), name="Mask"),
    )
    keys = list(results["arm_key"].value)
    ends = {
        key: f"{results['reported'].value[keys.index(key)]:.2f} bits are reported, "
        f"{results['honest'].value[keys.index(key)]:.2f} are true."
        for key in WRONG
    }
    said = alt.param(name="summary", expr=f"'At the end ' + {json.dumps(ends)}[mask]")
    steps = results["checked"].value
    x = alt.X("step:Q", title="training steps").scale(domain=[0, steps[-1]], nice=False)
    x = x.axis(tickCount=3)
    y = alt.Y("y:Q", title="next character (bits)").scale(domain=[0, 11], nice=False)
    names = alt.Scale(domain=[REPORTED, HONEST, CAUSAL])
    legend = alt.Legend(title=None)
    base = (
        alt.Chart(alt.InlineData(values=_curves(results)))
        .transform_filter("datum.mask == mask || datum.mask == 'any'")
        .encode(x=x, y=y, color=alt.Color("of:N", scale=names, legend=legend))
    )
    chance = results["uniform"].value
    guess = alt.Chart(alt.InlineData(values=[{"y": chance, "step": steps[-1]}]))
    words = "blind guess"  # short: in print the pictures are narrow
    return alt.layer(
        base.mark_line(clip=True).encode(
            strokeDash=alt.StrokeDash("of:N", scale=names, legend=legend)
        ),
        base.mark_area(opacity=0.2, clip=True).encode(y="low:Q", y2="high:Q"),
        base.mark_point(opacity=1, clip=True).encode(
            shape=alt.Shape("of:N", scale=names, legend=legend)
        ),
        guess.mark_rule(strokeDash=[2, 3]).encode(y="y:Q"),
        guess.mark_text(align="right", baseline="top", dy=4).encode(
            x="step:Q", y="y:Q", text=alt.value(words)
        ),
    ).add_params(mask, said)


def _curves(results: Results) -> list[dict[str, Any]]:
    """Return cost and spread by mask, kind of cost and step."""
    wanted = [("any", CAUSAL, "reported_causal")]
    for key in WRONG:
        wanted += [(key, REPORTED, f"reported_{key}"), (key, HONEST, f"honest_{key}")]
    rows = []
    for mask, of, key in wanted:
        for row in results.rows("checked", key):
            mean, spread = row[key], row[f"{key}_spread"]
            here = {"mask": mask, "of": of, "step": row["checked"], "y": round(mean, 3)}
            rows.append(here | {"low": round(mean - spread, 3), "high": round(mean + spread, 3)})
    return rows


def places(results: Results) -> ChartType:
    """Return the reported cost by place in the passage, with its spread."""
    rows = []
    for key, name in PLACES.items():
        for row in results.rows("place", f"place_{key}"):
            mean, spread = row[f"place_{key}"], row[f"place_{key}_spread"]
            band = {"low": round(max(0.0, mean - spread), 3), "high": round(mean + spread, 3)}
            rows.append({"place": row["place"], "of": name, "y": round(mean, 3)} | band)
    last = results["length"].value
    # room behind the last place, where the lines that leak shoot up
    x = alt.X("place:Q", title="place in the passage").scale(domain=[0, last + 2], nice=False)
    x = x.axis(values=[1, *range(16, last + 1, 16)])
    y = alt.Y("y:Q", title="reported cost (bits)").scale(domain=[0, 5], nice=False)
    names = alt.Scale(domain=list(PLACES.values()))
    legend = alt.Legend(title="trained with")
    base = alt.Chart(alt.InlineData(values=rows))
    base = base.encode(x=x, y=y, color=alt.Color("of:N", scale=names, legend=legend))
    return alt.layer(
        base.mark_line(clip=True).encode(
            strokeDash=alt.StrokeDash("of:N", scale=names, legend=legend)
        ),
        base.mark_area(opacity=0.2, clip=True).encode(y="low:Q", y2="high:Q"),
        base.transform_filter(f"datum.place == {last}")
        .mark_point(opacity=1)
        .encode(shape=alt.Shape("of:N", scale=names, legend=legend)),
    )


def recall(results: Results) -> ChartType:
    """Return the share of pairs that come back by memory, live in the width of keys and values."""
    widths = results["widths"].value
    width = alt.param(
        name="key_width",  # Vega has a signal of its own named width
        value=widths[-1],
        bind=alt.binding_radio(options=widths, name="Width of keys and values"),
    )
    rows = []
    ends = {}
    for size in widths:
        for memory, name in MEMORIES.items():
            key = f"{memory}_{size}"
            for row in results.rows("pairs", key):
                mean, spread = row[key], row[f"{key}_spread"]
                band = {"low": max(0.0, mean - spread), "high": min(1.0, mean + spread)}
                here = {"size": size, "of": name, "pairs": row["pairs"], "y": round(mean, 3)}
                rows.append(here | {side: round(value, 3) for side, value in band.items()})
        ends[str(size)] = "; ".join(
            f"{name} {results[f'{memory}_{size}'].value[-1]:.0%}"
            for memory, name in MEMORIES.items()
        )
    most = results["pairs"].value[-1]
    start = f"'Of {most} pairs at width ' + key_width + ' come back: '"
    said = alt.param(name="summary", expr=f"{start} + {json.dumps(ends)}[key_width] + '.'")
    x = alt.X("pairs:Q", title="pairs stored").scale(type="log", base=2, nice=False)
    x = x.axis(values=[*results["pairs"].value[::2], most], format="d")
    y = alt.Y("y:Q", title="pairs recalled").scale(domain=[0, 1]).axis(format="%")
    names = alt.Scale(domain=list(MEMORIES.values()))
    legend = alt.Legend(title=None, columns=2)
    base = (
        alt.Chart(alt.InlineData(values=rows))
        .transform_filter("datum.size == key_width")
        .encode(x=x, y=y, color=alt.Color("of:N", scale=names, legend=legend))
    )
    return alt.layer(
        base.mark_line().encode(strokeDash=alt.StrokeDash("of:N", scale=names, legend=legend)),
        base.mark_area(opacity=0.2).encode(y="low:Q", y2="high:Q"),
        base.mark_point(opacity=1).encode(shape=alt.Shape("of:N", scale=names, legend=legend)),
    ).add_params(width, said)


def kinds(results: Results) -> ChartType:
    """Return who may hear whom, in four grids side by side: the masks of the worked example."""
    del results  # masks by definition, nothing was measured
    text, other = ["the", "bank", "sloped", "steeply"], ["la", "rive"]
    grids: dict[str, tuple[list[str], Callable[[int, int], bool]]] = {
        "self": (text, lambda _i, _j: True),
        "causal": (text, lambda i, j: j <= i),
        "cross": (other, lambda _i, _j: True),
        "prefix (prompt: the bank)": (text, lambda i, j: j <= max(i, 1)),
    }
    panels = []
    for name, (asking, may) in grids.items():
        cells = [
            {"asks": asks, "answers": answers, "pair": PERMITTED if may(i, j) else HIDDEN}
            for i, asks in enumerate(asking)
            for j, answers in enumerate(text)
        ]
        pairs = alt.Scale(domain=[PERMITTED, HIDDEN])
        panels.append(
            alt.Chart(alt.InlineData(values=cells), title=name)
            .mark_point(filled=True, opacity=1)
            .encode(
                x=alt.X("answers:N", title="may answer", sort=text).axis(
                    grid=False, labelAngle=-40
                ),
                y=alt.Y("asks:N", title="asks", sort=asking).axis(grid=False),
                shape=alt.Shape(
                    "pair:N", scale=alt.Scale(domain=[PERMITTED, HIDDEN], range=["square", "cross"])
                ),
                size=alt.Size(
                    "pair:N", scale=alt.Scale(domain=[PERMITTED, HIDDEN], range=[200, 25])
                ),
                color=alt.Color("pair:N", scale=pairs, legend=alt.Legend(title=None)),
            )
            .properties(width=130, height=130 if asking is text else 65)
        )
    return alt.concat(*panels, columns=2)
