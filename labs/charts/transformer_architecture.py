"""The charts of the article on the transformer's architecture."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

import altair as alt

if TYPE_CHECKING:
    from altair.typing import ChartType

    from figures.results import Results

#: Schemes in the experiment -> what readers see.
SCHEMES = {
    "learned": "learned",
    "sinusoid": "sinusoidal",
    "rope": "rotary (RoPE)",
    "alibi": "ALiBi",
    "none": "none",
}
READINGS = {
    "": "as trained",
    "_window": "last 64 only",
    "_capped": "further counts as 63",
    "_squeezed": "positions ÷ 4",
}
ORDERS = {"post": "after the addition (2017)", "pre": "before the part"}
FURTHEST = 36


def clock(results: Results) -> ChartType:
    """Return how well two clocks agree against distance, live in distance, slow hand and length.

    It is arithmetic: nothing of the results is used.
    """
    trained = _slider("trained", 4, 2, 19, "Trained length")
    distance = _slider("distance", 3, 0, FURTHEST, "Distance")
    slow = _slider("slow", 10, 1, 30, "Slow hand, degrees per position")
    said = alt.param(
        name="summary",
        expr="'At distance ' + distance + ' the fast hand stands at ' + ((60 * distance) % 360)"
        " + '° and the slow hand at ' + (slow * distance) % 360 + '°, agreement '"
        f" + format({_score('distance')}, '.2f') + '. In training the slow hand reached '"
        " + min(360, slow * (trained - 1)) + '°.'",
    )
    x = alt.X("x:Q", title="distance from query to key (positions)")
    x = x.scale(domain=[0, FURTHEST], nice=False)
    y = alt.Y("y:Q", title="agreement").scale(domain=[-1, 1])
    curve = alt.Chart(alt.InlineData(values=[{"x": step / 4} for step in range(4 * FURTHEST + 1)]))
    curve = curve.transform_calculate(
        y=_score("datum.x"), part="datum.x <= trained - 1 ? 'seen in training' : 'never seen'"
    ).encode(x=x, y=y)
    legend = alt.Legend(title="distance")
    # A domain, not a sort: legends of one order merge.
    order = alt.Scale(domain=["seen in training", "never seen"])
    marks = alt.Chart(alt.InlineData(values=[{"one": 1}])).transform_calculate(
        x="distance", y=_score("distance"), last="trained - 1", low="-1", high="1", zero="0"
    )
    return alt.layer(
        curve.mark_line().encode(
            color=alt.Color("part:N", scale=order, legend=legend),
            strokeDash=alt.StrokeDash("part:N", scale=order, legend=legend),
        ),
        marks.mark_rule(strokeDash=[2, 3]).encode(x=alt.X("last:Q"), y="low:Q", y2="high:Q"),
        marks.mark_point(size=120, opacity=1, filled=True).encode(x="x:Q", y="y:Q"),
    ).add_params(trained, distance, slow, said)


def _slider(name: str, value: int, low: int, high: int, label: str) -> alt.Parameter:
    """Return a parameter with a slider over whole numbers."""
    bind = alt.binding_range(min=low, max=high, step=1, name=label)
    return alt.param(name=name, value=value, bind=bind)


def _score(distance: str) -> str:
    """Return the expression for the mean of the two hands' cosines."""
    degrees = f"{math.pi / 180:.9g}"
    return f"(cos({degrees} * 60 * {distance}) + cos({degrees} * slow * {distance})) / 2"


def hands(results: Results) -> ChartType:
    """Return four dials: the hand of the translator at places 0 to 3; it is arithmetic."""
    words = ["dog", "bites", "man", "<end>"]
    return _dials([(f"place {place}|{word}", [90 * place]) for place, word in enumerate(words)])


def turned(results: Results) -> ChartType:
    """Return the two hands of a query and a key at places 5 and 3, then 2 and 0; arithmetic."""
    pairs = [("query", 5), ("key", 3), ("query", 2), ("key", 0)]
    return _dials([(f"{who}|place {place}", [60 * place, 10 * place]) for who, place in pairs])


def _dials(dials: list[tuple[str, list[int]]]) -> ChartType:
    """Return dials side by side, on phones two by two.

    Of several hands, in degrees from north, the last is longest.
    """
    by_two = _rows_of_dials(dials, 2).to_dict()
    return _rows_of_dials(dials, len(dials)).properties(usermeta={"phone": by_two})


def _rows_of_dials(dials: list[tuple[str, list[int]]], columns: int) -> ChartType:
    """Return dials in rows of so many."""
    rims: list[dict[str, Any]] = []
    short: list[dict[str, Any]] = []
    longest: list[dict[str, Any]] = []
    for number, (words, degrees) in enumerate(dials):
        middle, height = 3.0 * (number % columns), -3.5 * (number // columns)
        rims.append({"x": middle, "y": height, "words": words, "below": height - 1.25})
        for index, angle in enumerate(degrees):
            last = index == len(degrees) - 1
            reach, turn = 0.9 if last else 0.55, math.radians(angle)
            tip = {"x2": middle + reach * math.sin(turn), "y2": height + reach * math.cos(turn)}
            (longest if last else short).append({"x": middle, "y": height} | tip)
    rows = -(-len(dials) // columns)
    x = alt.X("x:Q", axis=None).scale(domain=[-1.4, 3.0 * columns - 1.6], nice=False)
    y = alt.Y("y:Q", axis=None).scale(domain=[1.3 - 3.5 * rows, 1.3], nice=False)
    base = alt.Chart(alt.InlineData(values=rims)).encode(x=x, y=y)
    hands = [(longest, 2, 40)] + ([(short, 4, 90)] if short else [])
    moved: list[Any] = []
    for moving, thick, tip_size in hands:
        hand = alt.Chart(alt.InlineData(values=moving)).encode(x=x, y=y)
        moved += [
            hand.mark_rule(strokeWidth=thick).encode(x2="x2:Q", y2="y2:Q"),
            hand.mark_point(filled=True, size=tip_size, opacity=1).encode(
                x=alt.X("x2:Q", axis=None), y=alt.Y("y2:Q", axis=None)
            ),
        ]
    step = 40  # points a unit, the same both ways, so that dials are round
    size = (2 * step) ** 2  # the area of the square around a mark of the rim
    return alt.layer(
        base.mark_point(size=size, filled=False, strokeWidth=1, opacity=0.6),
        *moved,
        base.mark_text(lineBreak="|", baseline="top", lineHeight=15).encode(
            y=alt.Y("below:Q", axis=None), text="words:N"
        ),
    ).properties(width=round(step * (3.0 * columns - 0.2)), height=round(step * 3.5 * rows))


def lengths(results: Results) -> ChartType:
    """Return what the next character costs against position, live in reading and position."""
    starts, trained = results["from"].value, results["trained"].value
    bucket = starts[1] - starts[0]
    reading = alt.param(
        name="reading",
        value="",
        bind=alt.binding_radio(
            options=list(READINGS), labels=list(READINGS.values()), name="Reading"
        ),
    )
    place = alt.param(
        name="place",
        value=4,
        bind=alt.binding_range(min=0, max=len(starts) - 1, step=1, name="Positions"),
    )
    first, last = f"({bucket} * place + 1)", f"({bucket} * (place + 1))"
    shown = alt.param(name="place_label", expr=f"{first} + '–' + {last}")
    costs = alt.param(name="costs", expr=_all_costs(results))
    said = alt.param(name="summary", expr=_said(first, last))
    x = alt.X("x:Q", title="position in the text (characters)")
    x = x.scale(domain=[0, starts[-1] + bucket - 1], nice=False)
    x = x.axis(values=[0, 64, 128, 192, 256])
    lowest, highest = 1.5, 5.5
    title, scale = "cost of the next character (bits)", alt.Scale(domain=[lowest, highest])
    y = alt.Y("y:Q", title=title, scale=scale)
    order = alt.Scale(domain=list(SCHEMES.values()))
    legend = alt.Legend(title="positions", columns=3)
    base = alt.Chart(alt.InlineData(values=_costs(results, bucket)))
    base = base.transform_filter("datum.reading == reading").encode(
        x=x, color=alt.Color("scheme:N", scale=order, legend=legend)
    )
    frequency = results["by_frequency"].value
    rules = alt.Chart(alt.InlineData(values=[{"y": frequency, "x": trained}]))
    # Two lines: in the narrow charts of print one would run into the curves.
    words = rules.transform_calculate(words="['letter', 'frequencies']", left="2")
    now = alt.Chart(alt.InlineData(values=[{"y": lowest}])).transform_calculate(
        x=f"{bucket} * place + {bucket / 2}"
    )
    return alt.layer(
        base.mark_line(clip=True).encode(
            y=y, strokeDash=alt.StrokeDash("scheme:N", scale=order, legend=legend)
        ),
        base.mark_area(opacity=0.2, clip=True).encode(
            y=alt.Y("low:Q", title=title, scale=scale), y2="high:Q"
        ),
        base.mark_point(opacity=1, clip=True).encode(
            y=y, shape=alt.Shape("scheme:N", scale=order, legend=legend)
        ),
        rules.mark_rule(strokeDash=[2, 3]).encode(y=y),
        rules.mark_rule().encode(x="x:Q"),
        words.mark_text(align="left", baseline="bottom", dy=-18).encode(
            x="left:Q", y=y, text="words:N"
        ),
        now.mark_point(shape="triangle-up", size=90, opacity=1, filled=True).encode(x=x, y=y),
    ).add_params(reading, place, shown, costs, said)


def _costs(results: Results, bucket: int) -> list[dict[str, Any]]:
    """Return the cost and its spread by reading, scheme and position."""
    rows = []
    for ending in READINGS:
        for scheme, name in SCHEMES.items():
            key = f"bits_{scheme}{ending}"
            rows += [
                {
                    "reading": ending,
                    "scheme": name,
                    "x": row["from"] - 1 + bucket / 2,
                    "y": round(row[key], 3),
                    "low": round(row[key] - row[f"{key}_spread"], 3),
                    "high": round(row[key] + row[f"{key}_spread"], 3),
                }
                for row in results.rows("from", key)
            ]
    return rows


def _all_costs(results: Results) -> str:
    """Return the expression for what each scheme costs by reading and place."""
    return json.dumps(
        {
            ending: {
                scheme: [round(cost, 2) for cost in results[f"bits_{scheme}{ending}"].value]
                for scheme in SCHEMES
            }
            for ending in READINGS
        }
    )


def _said(first: str, last: str) -> str:
    """Return the expression for a sentence: what each scheme costs at the chosen positions."""
    each = " + ', ' + ".join(
        f"'{name} ' + format(costs[reading]['{scheme}'][place], '.2f')"
        for scheme, name in SCHEMES.items()
    )
    return f"'Bits at positions ' + {first} + ' to ' + {last} + ': ' + {each} + '.'"


def depth(results: Results) -> ChartType:
    """Return the last layer's gradient against the number of layers, by order of normalisation."""
    rows: list[dict[str, Any]] = []
    for where, name in ORDERS.items():
        key = f"last_{where}"
        rows += [
            {
                "layers": row["layers"],
                "y": row[key],
                "low": row[key] - row[f"{key}_spread"],
                "high": row[key] + row[f"{key}_spread"],
                "order": name,
            }
            for row in results.rows("layers", key)
        ]
    order = alt.Scale(domain=list(ORDERS.values()))
    legend = alt.Legend(title="normalised")
    x = alt.X("layers:Q", title="layers").scale(type="log", domain=[2, 32], nice=False)
    x = x.axis(values=results["layers"].value)
    y = alt.Y("y:Q", title="gradient of the last layer (norm)")
    y = y.scale(type="log", domain=[0.1, 1.2], nice=False).axis(values=[0.1, 0.2, 0.5, 1])
    color = alt.Color("order:N", scale=order, legend=legend)
    base = alt.Chart(alt.InlineData(values=rows)).encode(x=x, y=y, color=color)
    return alt.layer(
        base.mark_line().encode(strokeDash=alt.StrokeDash("order:N", scale=order, legend=legend)),
        base.mark_area(opacity=0.2).encode(y="low:Q", y2="high:Q"),
        base.mark_point(opacity=1).encode(shape=alt.Shape("order:N", scale=order, legend=legend)),
    )


def ledger(results: Results) -> ChartType:
    """Return how many parameters each part has, live in the sizes; it is arithmetic.

    Nothing of the results is used; tests compare it with ``labs/ledger.py``.
    """
    layers = _slider("layers", 6, 1, 24, "Layers of each stack")
    # Not "width": that is what Vega calls the width of the picture.
    width = alt.param(
        name="d",
        value=512,
        bind=alt.binding_range(min=128, max=2048, step=128, name="Model width d"),
    )
    hidden = alt.param(
        name="ratio",
        value=4,
        bind=alt.binding_range(min=1, max=8, step=1, name="Feed-forward width ÷ d"),
    )
    vocabulary = alt.param(
        name="vocabulary",
        value=37_000,
        bind=alt.binding_range(min=1000, max=100_000, step=1000, name="Vocabulary"),
    )
    shown = alt.param(name="vocabulary_label", expr="format(vocabulary, ',d')")
    whole = " + ".join(f"({count})" for count in PARTS.values())
    said = alt.param(
        name="summary",
        expr=f"'In all ' + format(({whole}) / 1e6, ',.1f') + ' million parameters, '"
        f" + format(({PARTS['feed-forward']}) / ({whole}), '.0%') + ' of them feed-forward.'",
    )
    rows = [{"part": part} for part in PARTS]
    chosen = " : ".join(f"datum.part == '{part}' ? {count}" for part, count in PARTS.items())
    names = list(PARTS)
    base = (
        alt.Chart(alt.InlineData(values=rows))
        .transform_calculate(share=f"({chosen} : 0) / ({whole})", count=f"({chosen} : 0) / 1e6")
        .transform_calculate(words="format(datum.count, ',.2f') + 'M'")
        .encode(
            y=alt.Y("part:N", sort=names, title=None),
            x=alt.X("share:Q", title="share of all parameters")
            .scale(domain=[0, 1])
            .axis(format=".0%", values=[0, 0.25, 0.5, 0.75, 1]),
        )
    )
    return alt.layer(
        base.mark_bar(), base.mark_text(align="left", dx=4).encode(text="words:N")
    ).add_params(layers, width, hidden, vocabulary, shown, said)


#: Parts of the 2017 model -> how many parameters each has; heads times their width is the width.
PARTS = {
    "self-attention": "2 * layers * 4 * d * d",
    "cross-attention": "layers * 4 * d * d",
    "feed-forward": "2 * layers * (2 * ratio * d * d + ratio * d + d)",
    "normalisation": "layers * 10 * d",
    "embedding": "vocabulary * d",
}
