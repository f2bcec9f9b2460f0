"""The chart of the article on fine-tuning."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt

if TYPE_CHECKING:
    from altair.typing import ChartType

    from figures.results import Results

#: Series of the experiment -> what readers see.
WAYS = {"tuned": "full tuning", "probe": "probe", "scratch": "from scratch"}
DASHES = ([1, 0], [8, 3], [3, 3])


def ways(results: Results) -> ChartType:
    """Return the share sorted rightly against the number of examples, for three ways."""
    rows = [
        {
            "examples": row["examples"],
            "way": name,
            "right": row[key],
            "low": row[key] - row[f"{key}_spread"],
            "high": row[key] + row[f"{key}_spread"],
        }
        for key, name in WAYS.items()
        for row in results.rows("examples", key)
    ]
    counts = results["examples"].value
    examples = alt.param(
        name="examples",
        value=256,
        bind=alt.binding_select(
            options=counts, labels=[f"{count:,}" for count in counts], name="examples"
        ),
    )
    said = " + ', ' + ".join(
        f"'{name} ' + format({_at(rows, name)}, '.0%')" for name in WAYS.values()
    )
    summary = alt.param(
        name="summary",
        expr=f"'With ' + format(examples, ',d') + ' examples: ' + {said} + ' sorted rightly.'",
    )
    domain, legend = alt.Scale(domain=list(WAYS.values())), alt.Legend(title=None)
    color = alt.Color("way:N", scale=domain, legend=legend)
    x = alt.X("examples:Q", title="examples").scale(type="log", base=2, domain=[12, 1365])
    x = x.axis(values=counts, format=",d")
    y = alt.Y("right:Q", title="sorted rightly").scale(domain=[0, 1]).axis(format=".0%")
    base = alt.Chart(alt.InlineData(values=rows)).encode(x=x, y=y, color=color)
    lines = (
        base.transform_filter(alt.datum.way == name).mark_line(strokeDash=dash)
        for name, dash in zip(WAYS.values(), DASHES, strict=True)
    )
    chosen = base.transform_filter("datum.examples == examples")
    return alt.layer(
        *lines,
        base.mark_area(opacity=0.2).encode(y="low:Q", y2="high:Q"),
        chosen.mark_rule(strokeDash=[2, 2]).encode(y=alt.datum(0), y2=alt.datum(1)),
        chosen.mark_point(filled=True, size=90, opacity=1).encode(
            shape=alt.Shape("way:N", scale=domain, legend=legend)
        ),
    ).add_params(examples, summary)


def _at(rows: list[dict[str, Any]], way: str) -> str:
    """Return an expression: the share of one way at the chosen number of examples."""
    found = [row for row in rows if row["way"] == way]
    text = f"{found[-1]['right']:.4f}"
    for row in reversed(found[:-1]):
        text = f"examples == {row['examples']} ? {row['right']:.4f} : ({text})"
    return f"({text})"
