"""The charts of the article "From Context Vectors to Cross-Attention"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt

if TYPE_CHECKING:
    from altair.typing import ChartType

    from figures.results import Results

#: Ways of the experiments -> what readers see.
WAYS = {"off": "one vector", "on": "attention"}
DASHES = ([6, 3], [1, 0])
#: Letters are drawn evenly, so who guesses is right so often.
GUESS = 1 / 16
SOURCE = ["the", "blue", "house"]


def length(results: Results) -> ChartType:
    """Return the share of right letters against the length of the string, live in the width."""
    widths = list(results["width"].value)
    bind = alt.binding_radio(options=widths, labels=[f"{n:,}" for n in widths], name="state width")
    show = alt.binding_radio(options=[1, 0], labels=["on", "off"], name="attention")
    controls = [
        alt.param(name="wide", value=32, bind=bind),
        alt.param(name="attend", value=1, bind=show),
        alt.param(name="summary", expr=_sentence(results)),
    ]
    domain = alt.Scale(domain=list(WAYS.values()))
    legend = alt.Legend(title="the writer is given")
    color = alt.Color("way:N", scale=domain, legend=legend)
    x = alt.X("length:Q", title="letters in the string").scale(domain=[4, 20], nice=False)
    x = x.axis(values=list(results["length"].value))
    y = alt.Y("right:Q", title="letters right").scale(domain=[0, 1]).axis(format="%")
    base = alt.Chart(alt.InlineData(values=_rows(results)))
    base = base.transform_filter("datum.width == wide")
    base = base.transform_filter(f"attend || datum.way == '{WAYS['off']}'")
    base = base.encode(x=x, y=y, color=color)
    lines = (
        base.transform_filter(alt.datum.way == name).mark_line(strokeDash=dash)
        for name, dash in zip(WAYS.values(), DASHES, strict=True)
    )
    floor = alt.Chart(alt.InlineData(values=[{"y": GUESS}])).encode(y="y:Q")
    return alt.layer(
        *lines,
        base.mark_area(opacity=0.2).encode(y="low:Q", y2="high:Q"),
        base.mark_point(opacity=1).encode(shape=alt.Shape("way:N", scale=domain, legend=legend)),
        floor.mark_rule(strokeDash=[2, 3]),
    ).add_params(*controls)


def _rows(results: Results) -> list[dict[str, Any]]:
    """Return the shares of right letters and their spread by width, way and length."""
    rows = []
    for width in results["width"].value:
        for way, name in WAYS.items():
            key = f"letters_{way}_{width}"
            for row in results.rows("length", key):
                mean, spread = row[key], row[f"{key}_spread"]
                band = {"low": round(mean - spread, 3), "high": round(min(1.0, mean + spread), 3)}
                here = {"width": width, "way": name, "length": row["length"]}
                rows.append(here | {"right": round(mean, 3)} | band)
    return rows


def _sentence(results: Results) -> str:
    """Return the expression for a sentence: both ways at the longest strings."""
    lengths = list(results["length"].value)
    told = {}
    for width in results["width"].value:
        for way in WAYS:
            last = results[f"letters_{way}_{width}"].value[-1]
            told[f"{way}{width}"] = f"{last:.0%}"
    table = "{" + ", ".join(f"'{key}': '{value}'" for key, value in told.items()) + "}"
    return (
        f"'At state width ' + wide + ' and {lengths[-1]} letters, ' + {table}['off' + wide]"
        f" + ' of the letters are right with one vector'"
        f" + (attend ? ' and ' + {table}['on' + wide] + ' with attention.' : '.')"
    )


def place(results: Results) -> ChartType:
    """Return the share of right letters by their place in what is written, at width 32."""
    rows = []
    for way, name in WAYS.items():
        key = f"place_{way}_32"
        for row in results.rows("place", key):
            mean, spread = row[key], row[f"{key}_spread"]
            band = {"low": round(mean - spread, 3), "high": round(min(1.0, mean + spread), 3)}
            rows.append({"way": name, "place": row["place"], "right": round(mean, 3)} | band)
    domain = alt.Scale(domain=list(WAYS.values()))
    legend = alt.Legend(title="the writer is given")
    x = alt.X("place:Q", title="place in what is written").scale(domain=[1, 20], nice=False)
    x = x.axis(values=[1, 5, 10, 15, 20])
    y = alt.Y("right:Q", title="letters right").scale(domain=[0, 1]).axis(format="%")
    base = alt.Chart(alt.InlineData(values=rows))
    base = base.encode(x=x, y=y, color=alt.Color("way:N", scale=domain, legend=legend))
    lines = (
        base.transform_filter(alt.datum.way == name).mark_line(strokeDash=dash)
        for name, dash in zip(WAYS.values(), DASHES, strict=True)
    )
    return alt.layer(*lines, base.mark_area(opacity=0.2).encode(y="low:Q", y2="high:Q"))


def example(results: Results) -> ChartType:
    """Return the shares of the worked example, a row for each word written."""
    asks = list(results["step"].value)
    table: ChartType = _map(_cells(results["shares"].value, asks, SOURCE), asks, SOURCE, 64)
    return table


def _cells(shares: Any, asks: list[str], heard: list[str]) -> list[dict[str, Any]]:
    """Return a row of data for each share; those below a hundredth have no words."""
    pairs = [(who, whom) for who in asks for whom in heard]
    return [
        {
            "asks": who,
            "heard": whom,
            "share": round(share, 2),
            "words": f"{share:.2f}" if share >= 0.005 else "",
        }
        for (who, whom), share in zip(pairs, shares, strict=True)
    ]


def _map(rows: list[dict[str, Any]], asks: list[str], heard: list[str], step: int) -> Any:
    """Return a table of cells, the darker the larger the share that stands in each."""
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        x=alt.X("heard:N", sort=heard, title="read").axis(orient="top", labelAngle=0),
        y=alt.Y("asks:N", sort=asks, title="written"),
    )
    shade = alt.Opacity("share:Q", legend=None).scale(domain=[0, 1], range=[0, 0.55])
    return alt.layer(
        base.mark_rect(stroke="currentColor", strokeOpacity=0.2).encode(opacity=shade),
        base.mark_text().encode(text="words:N"),
    ).properties(width=alt.Step(step), height=alt.Step(26))
