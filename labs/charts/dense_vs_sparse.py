"""The charts of the article on dense and sparse representations: what was found by which."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt

if TYPE_CHECKING:
    from altair.typing import ChartType

    from figures.results import Results

#: Keys of the results -> what readers see; the mixture follows the slider.
WAYS = {"words": "words (BM25)", "dense": "vectors", "mixed": "both, mixed"}
DASHES = ([6, 3], [1, 0], [2, 2])
#: Numbers of shared rare words -> how a line of the second chart is named.
SHOWN = {"mixed": "all questions", "mixed_0": "no rare word shared", "mixed_1": "one shared"}


def overlap(results: Results) -> ChartType:
    """Return recall by the number of shared rare words, live in the weight of the mixture."""
    percents = [round(100 * weight) for weight in results["weight"].value]
    bind = alt.binding_range(min=0, max=100, step=5, name="weight of vectors")
    controls = [
        alt.param(name="percent", value=50, bind=bind),
        alt.param(name="percent_label", expr="percent + '%'"),
        alt.param(name="summary", expr=_sentence(results, percents)),
    ]
    domain = alt.Scale(domain=list(WAYS.values()))
    legend = alt.Legend(title=None, columns=3)
    color = alt.Color("way:N", scale=domain, legend=legend)
    x = alt.X("shared:O", title="rare words that question and answer share", sort=None)
    x = x.axis(labelAngle=0)
    y = alt.Y("found:Q", title="found among the first ten").scale(domain=[0, 1])
    y = y.axis(format="%")
    base = alt.Chart(alt.InlineData(values=_rows(results, percents)))
    base = base.transform_filter("datum.percent < 0 || datum.percent == percent")
    base = base.encode(x=x, y=y, color=color)
    lines = (
        base.transform_filter(alt.datum.way == name).mark_line(strokeDash=dash)
        for name, dash in zip(WAYS.values(), DASHES, strict=True)
    )
    points = base.mark_point(opacity=1).encode(
        shape=alt.Shape("way:N", scale=domain, legend=legend)
    )
    bars = base.mark_rule().encode(y="low:Q", y2="high:Q")
    return alt.layer(*lines, bars, points).add_params(*controls)


def _rows(results: Results, percents: list[int]) -> list[dict[str, Any]]:
    """Return recall and spread by way, weight (or -1) and number of shared words."""
    shared = list(results["shared"].value)
    rows: list[dict[str, Any]] = []

    def add(way: str, percent: int, number: int, mean: float, spread: float) -> None:
        rows.append(
            {"way": WAYS[way], "percent": percent, "shared": shared[number]}
            | {"found": round(mean, 3), "low": round(mean - spread, 3)}
            | {"high": round(min(1.0, mean + spread), 3)}
        )

    for way in ("words", "dense"):
        key = f"{way}_shared"
        for number, row in enumerate(results.rows("shared", key)):
            add(way, -1, number, row[key], row[f"{key}_spread"])
    for number in range(len(shared)):
        key = f"mixed_{number}"
        for percent, row in zip(percents, results.rows("weight", key), strict=True):
            add("mixed", percent, number, row[key], row[f"{key}_spread"])
    return rows


def _sentence(results: Results, percents: list[int]) -> str:
    """Return the expression for a sentence: what the mixture finds of all questions."""
    told = ", ".join(
        f"'p{percent}': '{found:.1%}'"
        for percent, found in zip(percents, results["mixed"].value, strict=True)
    )
    words, dense = results["words"].value, results["dense"].value
    return (
        f"'With ' + percent + '% of the weight on vectors, ' + {{{told}}}['p' + percent] +"
        f" ' of all questions find their answer among the first ten;"
        f" words alone {words:.1%}, vectors alone {dense:.1%}.'"
    )


def weight(results: Results) -> ChartType:
    """Return recall against the weight of the mixture, for all questions and two kinds."""
    rows = [
        {"kind": name, "weight": row["weight"], "found": row[key]}
        | {"low": row[key] - row[f"{key}_spread"], "high": row[key] + row[f"{key}_spread"]}
        for key, name in SHOWN.items()
        for row in results.rows("weight", key)
    ]
    domain = alt.Scale(domain=list(SHOWN.values()))
    color = alt.Color("kind:N", scale=domain, legend=alt.Legend(title=None, columns=1))
    x = alt.X("weight:Q", title="weight of vectors").scale(domain=[0, 1], nice=False)
    x = x.axis(format="%", values=[0, 0.25, 0.5, 0.75, 1])
    y = alt.Y("found:Q", title="found among the first ten").scale(domain=[0, 1])
    y = y.axis(format="%")
    base = alt.Chart(alt.InlineData(values=rows)).encode(x=x, y=y, color=color)
    lines = (
        base.transform_filter(alt.datum.kind == name).mark_line(strokeDash=dash)
        for name, dash in zip(SHOWN.values(), ([1, 0], [6, 3], [2, 2]), strict=True)
    )
    band = base.mark_area(opacity=0.2).encode(y="low:Q", y2="high:Q")
    return alt.layer(*lines, band)
