"""The charts of the article "What is RLHF"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt

if TYPE_CHECKING:
    from altair.typing import ChartType

    from figures.results import Results

#: Opinions in the experiment -> what the legend calls them.
RATERS = {"honest": "honest", "circular": "circular", "pool": "pool"}
DASHES = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3], [12, 2])
PAIRS = {"ab": "A over B", "bc": "B over C", "ac": "A over C"}


def recovery(results: Results) -> ChartType:
    """Return the error of fitted scores against the number of comparisons, with its spread."""
    names = {"": "none", "_careless10": "10%", "_careless20": "20%"}
    rows: list[dict[str, Any]] = []
    for ending, name in names.items():
        key = f"error{ending}"
        rows += [
            _band(row["comparisons"], row[key], row[f"{key}_spread"], name)
            for row in results.rows("comparisons", key)
        ]
    y = alt.Y("y:Q", title="error of the scores (log-odds)")
    y = y.scale(type="log", domain=[0.05, 1], nice=False).axis(values=[0.05, 0.1, 0.2, 0.5, 1])
    return _lines(rows, "comparisons", y, list(names.values()), "clicks at random")


def misfit(results: Results) -> ChartType:
    """Return by rater how far the scores' probabilities are off as clicks grow."""
    rows = [
        _band(cell["cell_clicks"], cell["off"], cell["off_spread"], RATERS[cell["cell_rater"]])
        for cell in results.rows("cell_rater", "cell_asked", "cell_noise", "cell_clicks", "off")
        if cell["cell_asked"] == "all" and cell["cell_noise"] == 0
    ]
    others = {"off_each": "pool, person by person", "off_steady": "steady"}
    rows += [
        _band(row["clicks"], row[key], row[f"{key}_spread"], name)
        for key, name in others.items()
        for row in results.rows("clicks", key)
    ]
    y = alt.Y("y:Q", title="scores miss the rater by (points)").scale(domain=[0, 35])
    return _lines(rows, "clicks", y, [*RATERS.values(), *others.values()], None, columns=2)


def prices(results: Results) -> ChartType:
    """Return how often the best policy writes each note, by the price of distance."""
    rows = [
        {"price": row["price"], "note": note.upper(), "share": round(100 * row[f"share_{note}"], 1)}
        for row in results.rows("price", "share_a", "share_b", "share_c")
        for note in "abc"
    ]
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        x=alt.X("price:N", title="price β of distance", sort=None).axis(labelAngle=0),
        xOffset=alt.XOffset("note:N"),
        y=alt.Y("share:Q", title="written (%)").scale(domain=[0, 100]),
    )
    bars = base.mark_bar().encode(color=_series(alt.Color, "note:N", ["A", "B", "C"], "note"))
    names = base.mark_text(baseline="bottom", dy=-2).encode(text="note:N")
    return alt.layer(bars, names)


def overdone(results: Results) -> ChartType:
    """Return the judge's average score and the true one against the distance gone."""
    names = {"far_judged": "by the judge", "far_true": "in truth"}
    rows = [
        {"x": round(row["far_distance"], 4), "y": round(row[key], 4), "s": name}
        for key, name in names.items()
        for row in results.rows("far_distance", *names)
    ]
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        x=alt.X("x:Q", title="distance from the start (nats)").axis(
            values=list(range(8)), format="d"
        ),
        y=alt.Y("y:Q", title="average score"),
        color=_series(alt.Color, "s:N", list(names.values())),
    )
    lines = [
        base.transform_filter(alt.datum.s == name).mark_line(strokeDash=dash)
        for name, dash in zip(names.values(), DASHES, strict=False)
    ]
    return alt.layer(*lines)


def _band(x: float, mean: float, spread: float, name: str) -> dict[str, Any]:
    """Return one point of a line with its spread."""
    low, high = max(mean - spread, 0.001), mean + spread
    return {"x": x, "y": round(mean, 4), "low": round(low, 4), "high": round(high, 4), "s": name}


def _lines(
    rows: list[dict[str, Any]],
    title: str,
    y: alt.Y,
    names: list[str],
    legend: str | None,
    columns: int = 0,
) -> ChartType:
    """Return lines with points and bands, told apart by colour, dash and shape."""
    x = alt.X("x:Q", title=title).scale(type="log", nice=False)
    x = x.axis(values=sorted({row["x"] for row in rows}), format=",d")
    color = _series(alt.Color, "s:N", names, legend, columns)
    base = alt.Chart(alt.InlineData(values=rows)).encode(x=x, y=y, color=color)
    # As an encoding, dashes would also outline the symbols of the legend.
    lines = [
        base.transform_filter(alt.datum.s == name).mark_line(strokeDash=dash)
        for name, dash in zip(names, DASHES, strict=False)
    ]
    bands = base.mark_area(opacity=0.2).encode(y="low:Q", y2="high:Q")
    shape = _series(alt.Shape, "s:N", names, legend, columns)
    points = base.mark_point(opacity=1).encode(shape=shape)
    return alt.layer(*lines, bands, points)


def _series(
    channel: Any, field: str, names: list[str], title: str | None = None, columns: int = 0
) -> Any:
    """Return an encoding of the series ``names``.

    Legends of several channels become one only if all their scales list the names.
    """
    scale = alt.Scale(domain=names)
    return channel(field, title=title, scale=scale, legend=alt.Legend(columns=columns))


def said(results: Results) -> ChartType:
    """Return what raters prefer beside what the scores say, live in clicks, noise and questions."""
    fits = alt.Chart(alt.InlineData(values=_fits(results)))
    fits = fits.transform_filter("datum.n == size && datum.noise == noise && datum.asked == asked")
    fits = fits.transform_fold(list(PAIRS), as_=["key", "value"]).transform_calculate(
        pair=f"{PAIRS}[datum.key]",
        low="max(0, datum.value - datum['s' + datum.key])",
        high="min(100, datum.value + datum['s' + datum.key])",
    )
    opinions = alt.Chart(alt.InlineData(values=_opinions(results)))
    x = alt.X("value:Q", title=["first one preferred (%)", "ring: rater, mark: scores"])
    x = x.scale(domain=[0, 100]).axis(values=[0, 25, 50, 75, 100])
    names = list(RATERS.values())
    where = {
        "y": alt.Y("pair:N", title=None, sort=list(PAIRS.values())),
        "yOffset": alt.YOffset("rater:N", sort=names),
        "color": _series(alt.Color, "rater:N", names),
    }
    shape = _series(alt.Shape, "rater:N", names)
    spread = fits.mark_rule(strokeWidth=7, opacity=0.3).encode(x="low:Q", x2="high:Q", **where)
    rater = opinions.mark_point(shape="circle", size=260, filled=False, strokeWidth=2)
    rater = rater.encode(x=x, opacity=alt.value(1), **where)
    scores = fits.mark_point(opacity=1).encode(x=x, shape=shape, **where)
    return alt.layer(rater, spread, scores).add_params(*_controls(results))


def _controls(results: Results) -> list[alt.Parameter]:
    """Return the parameters of `said`; ``size`` is the place of a number in the series clicks."""
    counts, noises = results["clicks"].value, results["noise"].value
    last, step = len(counts) - 1, round(100 * (noises[1] - noises[0]))
    ask = {"all": "every pair", "chain": "never A and C"}
    size = alt.binding_range(min=0, max=last, step=1, name="Clicks")
    noise = alt.binding_range(min=0, max=step * (len(noises) - 1), step=step, name="At random")
    asked = alt.binding_radio(options=list(ask), labels=list(ask.values()), name="Asked")
    place = f"[((asked == 'all' ? 0 : {len(noises)}) + noise / {step}) * {last + 1} + size]"
    return [
        alt.param(name="size", value=last, bind=size),
        alt.param(name="size_label", expr=f"format({counts}[size], ',d')"),
        alt.param(name="noise", value=0, bind=noise),
        alt.param(name="noise_label", expr="noise + '%'"),
        alt.param(name="asked", value="chain", bind=asked),
        alt.param(name="summary", expr=_summary(results, place)),
    ]


def _summary(results: Results, place: str) -> str:
    """Return an expression for what the chart shows in words; ``place`` picks from a rater's cells.

    The cells of a rater are in the order of questions, noise and clicks.
    """
    cells = results.rows("cell_rater", "off", "fit_ac")
    prefers = {
        row["rater"]: row["value"] for row in _opinions(results) if row["pair"] == "A over C"
    }
    parts = []
    for rater, name in RATERS.items():
        own = [cell for cell in cells if cell["cell_rater"] == rater]
        off = f"format({[round(cell['off'], 1) for cell in own]}{place}, '.1f')"
        says = f"format({[round(100 * cell['fit_ac']) for cell in own]}{place}, 'd')"
        who = name if rater == "pool" else f"{name} rater"
        parts.append(
            f"'the {who} by ' + {off} + ' points (A over C ' + {says}"
            f" + '%, really {prefers[name]:.0f}%)'"
        )
    return "'Scores miss ' + " + " + ', ' + ".join(parts) + " + '.'"


def _fits(results: Results) -> list[dict[str, Any]]:
    """Return by cell what the scores say of each pair, and its spread.  Units: percent."""
    keys = [f"fit_{pair}" for pair in PAIRS]
    cells = results.rows("cell_rater", "cell_asked", "cell_noise", "cell_clicks", *keys)
    counts = results["clicks"].value
    return [
        {
            "rater": RATERS[cell["cell_rater"]],
            "asked": cell["cell_asked"],
            "noise": round(100 * cell["cell_noise"]),
            "n": counts.index(cell["cell_clicks"]),
        }
        | {pair: round(100 * cell[f"fit_{pair}"], 1) for pair in PAIRS}
        | {f"s{pair}": round(100 * cell[f"fit_{pair}_spread"], 1) for pair in PAIRS}
        for cell in cells
    ]


def _opinions(results: Results) -> list[dict[str, Any]]:
    """Return what each rater prefers.  Units: percent."""
    return [
        {
            "rater": name,
            "pair": PAIRS[row["pair"]],
            "value": round(100 * row[f"opinion_{rater}"], 1),
        }
        for rater, name in RATERS.items()
        for row in results.rows("pair", f"opinion_{rater}")
    ]
