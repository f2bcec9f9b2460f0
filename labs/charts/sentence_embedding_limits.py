"""The chart of the cone, layer by layer, for the article on limits of sentence embeddings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt

if TYPE_CHECKING:
    from altair.typing import ChartType

    from figures.results import Results

#: Repairs of the experiment -> what readers see.
REPAIRS = {
    "raw": "as they are",
    "centred": "centred",
    "standardised": "standardised",
    "top": "without three directions",
    "whitened": "whitened",
}
#: Series of the experiment -> what readers see.
SERIES = {"random": "cosine of random pairs", "found": "search, mean of 1/rank"}
DASHES = ([6, 3], [1, 0])


def layers(results: Results) -> ChartType:
    """Return the width of the cone and the quality of search by layer, live in the repair."""
    rows = _rows(results)
    bind = alt.binding_select(options=list(REPAIRS), labels=list(REPAIRS.values()), name="vectors")
    controls = [
        alt.param(name="repair", value="raw", bind=bind),
        alt.param(name="summary", expr=_sentence(results)),
    ]
    domain = alt.Scale(domain=list(SERIES.values()))
    legend = alt.Legend(title=None)
    color = alt.Color("what:N", scale=domain, legend=legend)
    x = alt.X("layer:Q", title="layer").axis(values=list(results["layer"].value), format="d")
    y = alt.Y("value:Q", title=None).scale(domain=[0, 0.7]).axis(format=".1f")
    base = alt.Chart(alt.InlineData(values=rows)).transform_filter("datum.repair == repair")
    base = base.encode(x=x, y=y, color=color)
    lines = (
        base.transform_filter(alt.datum.what == name).mark_line(strokeDash=dash)
        for name, dash in zip(SERIES.values(), DASHES, strict=True)
    )
    return alt.layer(
        *lines,
        base.mark_area(opacity=0.2).encode(y="low:Q", y2="high:Q"),
        base.mark_point(opacity=1).encode(shape=alt.Shape("what:N", scale=domain, legend=legend)),
    ).add_params(*controls)


def _rows(results: Results) -> list[dict[str, Any]]:
    """Return both series with their spread by repair and layer."""
    rows = []
    for repair in REPAIRS:
        for series, name in SERIES.items():
            key = f"{series}_{repair}"
            for row in results.rows("layer", key):
                mean, spread = row[key], row[f"{key}_spread"]
                band = {"low": round(max(0.0, mean - spread), 4), "high": round(mean + spread, 4)}
                here = {"repair": repair, "what": name, "layer": row["layer"]}
                rows.append(here | {"value": round(max(0.0, mean), 4)} | band)
    return rows


def _sentence(results: Results) -> str:
    """Return the expression for a sentence: both series in the middle and at the end."""
    told = {}
    for repair in REPAIRS:
        cosine, found = (results[f"{series}_{repair}"].value for series in SERIES)
        told[repair] = (
            f"after layer 5 random pairs have a mean cosine of {cosine[5]:.2f} and the search "
            f"reaches {found[5]:.2f}, after layer 6 {max(0.0, cosine[6]):.2f} and {found[6]:.2f}."
        )
    names = "{" + ", ".join(f"'{key}': '{name}'" for key, name in REPAIRS.items()) + "}"
    table = "{" + ", ".join(f"'{key}': '{text}'" for key, text in told.items()) + "}"
    return f"'Vectors ' + {names}[repair] + ': ' + {table}[repair]"
