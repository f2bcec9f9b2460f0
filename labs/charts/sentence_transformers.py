"""The charts of the article on sentence encoders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt

if TYPE_CHECKING:
    from altair.typing import ChartType

    from figures.results import Results

#: Temperatures whose path is drawn.
PATHS = ["0.02", "0.1", "0.5"]
DASHES = ([3, 3], [1, 0], [8, 3])


def options(results: Results) -> ChartType:
    """Return the mean reciprocal rank against the wrong options, live in the temperature."""
    temperatures = [str(value) for value in results["temperature"].value]
    counts = list(results["negatives"].value)
    rows = _rows(results, temperatures)
    controls = [
        alt.param(
            name="warmth",
            value="0.1",
            bind=alt.binding_select(options=temperatures, name="temperature"),
        ),
        alt.param(
            name="wrong",
            value=511,
            bind=alt.binding_select(
                options=counts, labels=[f"{count:,}" for count in counts], name="wrong options"
            ),
        ),
        alt.param(
            name="summary",
            expr=(
                "'At temperature ' + warmth + ' and with ' + wrong + (wrong == 1 ? ' wrong option'"
                f" : ' wrong options') + ' the mean reciprocal rank is ' + {_at(rows)} + '.'"
            ),
        ),
    ]
    x = alt.X("negatives:Q", title="wrong options for each name")
    x = x.scale(type="log", base=2, domain=[0.9, 600]).axis(values=counts, format=",d")
    y = alt.Y("right:Q", title="mean reciprocal rank").scale(domain=[0, 0.45])
    base = alt.Chart(alt.InlineData(values=rows)).encode(x=x, y=y)
    chosen = base.transform_filter("datum.warmth == warmth")
    here = chosen.transform_filter("datum.negatives == wrong")
    return alt.layer(
        base.mark_line(opacity=0.3).encode(detail="warmth:N"),
        chosen.mark_area(opacity=0.25).encode(y="low:Q", y2="high:Q"),
        chosen.mark_line(strokeWidth=3),
        here.mark_point(filled=True, size=110, opacity=1),
    ).add_params(*controls)


def _key(warmth: str) -> str:
    """Return a temperature as the names of series have it."""
    return warmth.replace(".", "_")


def _rows(results: Results, temperatures: list[str]) -> list[dict[str, Any]]:
    """Return a row of data for each temperature and number of wrong options."""
    rows = []
    for warmth in temperatures:
        key = f"mrr_{_key(warmth)}"
        for row in results.rows("negatives", key):
            mean, spread = row[key], row[f"{key}_spread"]
            band = {"low": round(mean - spread, 4), "high": round(mean + spread, 4)}
            here = {"warmth": warmth, "negatives": row["negatives"]}
            rows.append(here | {"right": round(mean, 4)} | band)
    return rows


def _at(rows: list[dict[str, Any]]) -> str:
    """Return an expression: the mean reciprocal rank where the controls stand."""
    table = ", ".join(f"'{row['warmth']}/{row['negatives']}': '{row['right']:.2f}'" for row in rows)
    return f"{{{table}}}[warmth + '/' + wrong]"


def path(results: Results) -> ChartType:
    """Return alignment against uniformity while the encoder learns, at three temperatures."""
    rows = []
    for warmth in PATHS:
        apart, even = f"path_apart_{_key(warmth)}", f"path_even_{_key(warmth)}"
        for number, row in enumerate(results.rows("step", apart, even)):
            rows.append(
                {
                    "warmth": warmth,
                    "order": number,
                    "step": f"{row['step']:,}",
                    "apart": round(row[apart], 3),
                    "even": round(row[even], 3),
                    "last": row["step"] == max(results["step"].value),
                }
            )
    domain = alt.Scale(domain=PATHS)
    legend = alt.Legend(title="temperature")
    x = alt.X("apart:Q", title="distance of partners (alignment)").scale(zero=False)
    y = alt.Y("even:Q", title="unevenness (uniformity)").scale(zero=False)
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        x=x, y=y, color=alt.Color("warmth:N", scale=domain, legend=legend)
    )
    lines = (
        base.transform_filter(alt.datum.warmth == warmth)
        .mark_line(strokeDash=dash)
        .encode(order="order:O")
        for warmth, dash in zip(PATHS, DASHES, strict=True)
    )
    points = base.mark_point(filled=True, opacity=1)
    return alt.layer(
        *lines,
        points.encode(shape=alt.Shape("warmth:N", scale=domain, legend=legend)),
        base.transform_filter("datum.last").mark_point(size=160, strokeWidth=2, opacity=1),
    )
