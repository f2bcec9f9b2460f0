"""The charts of the article "From Data Curation to Checkpoints"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt

if TYPE_CHECKING:
    from altair.typing import ChartType

    from figures.results import Results

#: Stages of the sieve -> what readers see.
STAGES = {
    "crawled": "crawled",
    "extracted": "menus gone",
    "prose": "prose only",
    "exact": "exact copies gone",
    "near": "near copies gone",
    "clean": "tests gone",
}


def catch(results: Results) -> ChartType:
    """Return the share of pairs caught against similarity, live in bands and rows."""
    bands, rows = list(results["band"].value), list(results["row"].value)
    controls = [
        alt.param(name="bands", value=14, bind=alt.binding_select(options=bands, name="bands")),
        alt.param(name="rows", value=8, bind=alt.binding_select(options=rows, name="rows")),
        alt.param(name="half", expr="pow(1 - pow(0.5, 1 / bands), 1 / rows)"),
        alt.param(name="summary", expr=_sentence()),
    ]
    found = [
        {"b": b, "r": r, "s": s, "caught": round(caught, 4)}
        for b in bands
        for r in rows
        for s, caught in zip(
            results["similarity"].value, results[f"caught_{b}x{r}"].value, strict=True
        )
    ]
    grid = [{"s": round(0.01 * i, 2)} for i in range(101)]
    x = alt.X("s:Q", title="similarity of the pair").scale(domain=[0, 1], nice=False)
    x = x.axis(values=[0, 0.25, 0.5, 0.75, 1], format=".2~f")
    y = alt.Y("caught:Q", title="share of pairs caught").scale(domain=[0, 1], nice=False)
    names = alt.Scale(domain=["theory", "measured"])
    color = alt.Color("line:N", scale=names, legend=alt.Legend(title=None))
    theory = (
        alt.Chart(alt.InlineData(values=grid))
        .transform_calculate(caught="1 - pow(1 - pow(datum.s, rows), bands)", line="'theory'")
        .mark_line()
        .encode(x=x, y=y, color=color)
    )
    measured = (
        alt.Chart(alt.InlineData(values=found))
        .transform_filter("datum.b == bands && datum.r == rows")
        .transform_calculate(line="'measured'")
        .mark_point(opacity=1, filled=True, size=45)
        .encode(x=x, y=y, color=color)
    )
    return alt.layer(theory, measured).add_params(*controls)


def _sentence() -> str:
    """Return the expression for a sentence: hashes, the half point, two rates."""
    rate = "format(1 - pow(1 - pow({s}, rows), bands), '.1%')"
    return (
        "bands + ' bands of ' + rows + ' rows need ' + format(bands * rows, ',d')"
        " + ' hashes and catch half of the pairs of similarity ' + format(half, '.2f')"
        f" + '; of similarity 0.5 they catch ' + {rate.format(s=0.5)}"
        f" + ', of 0.75 ' + {rate.format(s=0.75)} + ', of 0.9 ' + {rate.format(s=0.9)} + '.'"
    )


def sieve(results: Results) -> ChartType:
    """Return the words left after each stage, as shares of the crawl."""
    rows: list[dict[str, Any]] = [
        {"stage": STAGES[row["stage"]], "share": row["share"], "order": place}
        for place, row in enumerate(results.rows("stage", "share"))
    ]
    x = alt.X("share:Q", title="words left, share of the crawl").scale(domain=[0, 1.25], nice=False)
    x = x.axis(values=[0, 0.25, 0.5, 0.75, 1], format=".0%")
    y = alt.Y("stage:N", title=None, sort=list(STAGES.values()))
    base = alt.Chart(alt.InlineData(values=rows)).encode(x=x, y=y)
    numbers = base.mark_text(align="left", dx=4).encode(text=alt.Text("share:Q", format=".0%"))
    return alt.layer(base.mark_bar(), numbers)
