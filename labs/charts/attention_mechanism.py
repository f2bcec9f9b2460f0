"""The charts of the article "Attention Mechanism Explained"."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import altair as alt

if TYPE_CHECKING:
    from altair.typing import ChartType

    from figures.results import Results

#: Arms of the experiment -> what readers see.
DIVIDED = {"undivided": "not divided", "divided": "divided by √width"}
ARMS = {
    "undivided": "not divided",
    "divided": "divided by √width",
    "start": "smaller start only",
    "width": "divided by width",
}
CROWD = ["the largest", "if all were equal"]
DASHES = ([6, 3], [1, 0], [2, 2], [8, 2, 2, 2])
#: Errors drawn; a bar that goes below, or below nothing, ends at the lower.
LOWEST, HIGHEST = 0.01, 2.0


def weights(results: Results) -> ChartType:
    """Return the shares of the five words, live in width, division and temperature.

    The width of the example is the slider's first; elsewhere undivided matches are what such
    matches would typically be, √width times the scores.
    """
    width = alt.binding_range(min=2, max=10, step=1, name="width")
    divide = alt.binding_radio(options=[1, 0], labels=["yes", "no"], name="divide by √width")
    heat = alt.binding_range(min=-4, max=4, step=1, name="temperature τ")
    places = range(len(results["word"].value))
    controls = [
        alt.param(name="power", value=2, bind=width),
        alt.param(name="power_label", expr="format(pow(2, power), ',d')"),
        alt.param(name="divide", value=1, bind=divide),
        alt.param(name="heat", value=0, bind=heat),
        alt.param(name="heat_label", expr="format(pow(2, heat / 2), '.2~f')"),
        alt.param(name="scale", expr="pow(2, (divide ? 0 : power / 2) - heat / 2)"),
        *(alt.param(name=f"e{i}", expr=_power(results, i)) for i in places),
        alt.param(name="total", expr=" + ".join(f"e{i}" for i in places)),
        alt.param(name="summary", expr=_sentence(results)),
    ]
    rows = [{"word": word, "i": i} for i, word in enumerate(results["word"].value)]
    x = alt.X("share:Q", title="share").scale(domain=[0, 1.15], nice=False)
    x = x.axis(values=[0, 0.25, 0.5, 0.75, 1], format=".2~f")
    base = (
        alt.Chart(alt.InlineData(values=rows))
        .transform_calculate(share=f"[{', '.join(f'e{i}' for i in places)}][datum.i] / total")
        .transform_calculate(words="format(datum.share, '.4f')")
        .encode(x=x, y=alt.Y("word:N", title=None, sort=list(results["word"].value)))
    )
    numbers = base.mark_text(align="left", dx=4).encode(text="words:N")
    return alt.layer(base.mark_bar(), numbers).add_params(*controls)


def _power(results: Results, place: int) -> str:
    """Return the expression for e to a score, less the largest so that none overflows."""
    scores = results["score"].value
    return f"exp(scale * {scores[place] - max(scores):g})"


def _sentence(results: Results) -> str:
    """Return the expression for a sentence: settings, largest share, its slope, and the output."""
    scores = results["score"].value
    top = scores.index(max(scores))
    mixed = {
        name: " + ".join(f"{value:g} * e{i}" for i, value in enumerate(results[name].value))
        for name in ("river", "money")
    }
    share = f"(e{top} / total)"
    word = json.dumps(f": {results['word'].value[top]} has a share of ")
    settings = "'At width ' + power_label + (divide ? ', divided, τ = ' : ', not divided, τ = ')"
    return (
        f"{settings} + heat_label + {word} + format({share}, '.4f')"
        f" + ', slope ' + format({share} * (1 - {share}), '.4f')"
        f" + '; the mix is (' + format(({mixed['river']}) / total, '.2f') + ', '"
        f" + format(({mixed['money']}) / total, '.2f') + ').'"
    )


def saturation(results: Results) -> ChartType:
    """Return the largest share against the width, scores divided and not."""
    rows = [
        {
            "width": row["width"],
            "arm": name,
            "top": row[f"top_{arm}"],
            "low": row[f"top_{arm}"] - row[f"top_{arm}_spread"],
            "high": row[f"top_{arm}"] + row[f"top_{arm}_spread"],
        }
        for arm, name in DIVIDED.items()
        for row in results.rows("width", f"top_{arm}")
    ]
    domain, legend = alt.Scale(domain=list(DIVIDED.values())), alt.Legend(title="scores")
    color = alt.Color("arm:N", scale=domain, legend=legend)
    x = alt.X("width:Q", title="width d").scale(type="log", base=2, domain=[1, 1024], nice=False)
    x = x.axis(values=results["width"].value, format=",d")
    y = alt.Y("top:Q", title="largest share").scale(domain=[0, 1])
    base = alt.Chart(alt.InlineData(values=rows)).encode(x=x, y=y, color=color)
    lines = (
        base.transform_filter(alt.datum.arm == name).mark_line(strokeDash=dash)
        for name, dash in zip(DIVIDED.values(), DASHES, strict=False)
    )
    return alt.layer(
        *lines,
        base.mark_area(opacity=0.2).encode(y="low:Q", y2="high:Q"),
        base.mark_point(opacity=1).encode(shape=alt.Shape("arm:N", scale=domain, legend=legend)),
    )


def crowd(results: Results) -> ChartType:
    """Return the largest share against the number of words, scores divided, beside equal shares."""
    rows = [
        {"many": row["many"], "line": name, "share": share}
        for row in results.rows("many", "crowd")
        for name, share in zip(CROWD, (row["crowd"], 1 / row["many"]), strict=True)
    ]
    domain, legend = alt.Scale(domain=CROWD), alt.Legend(title="shares")
    color = alt.Color("line:N", scale=domain, legend=legend)
    x = alt.X("many:Q", title="words N").scale(type="log", base=2, domain=[4, 4096], nice=False)
    x = x.axis(values=results["many"].value, format=",d")
    y = alt.Y("share:Q", title="share").scale(type="log", domain=[1e-4, 1], nice=False)
    y = y.axis(values=[0.0001, 0.001, 0.01, 0.1, 1], format=".4~f")
    base = alt.Chart(alt.InlineData(values=rows)).encode(x=x, y=y, color=color)
    lines = (
        base.transform_filter(alt.datum.line == name).mark_line(strokeDash=dash)
        for name, dash in zip(CROWD, ([1, 0], [6, 3]), strict=True)
    )
    points = base.mark_point(opacity=1)
    return alt.layer(*lines, points.encode(shape=alt.Shape("line:N", scale=domain, legend=legend)))


def training(results: Results) -> ChartType:
    """Return the error after training against the learning rate by arm, live in the width."""
    widths = list(results["trained"].value)
    bind = alt.binding_radio(options=widths, labels=[f"{n:,}" for n in widths], name="width")
    controls = [
        alt.param(name="wide", value=widths[-1], bind=bind),
        alt.param(name="summary", expr=_best(results)),
    ]
    domain = alt.Scale(domain=list(ARMS.values()))
    legend = alt.Legend(title="scores", columns=2)
    color = alt.Color("arm:N", scale=domain, legend=legend)
    rates = results["rate"].value
    x = alt.X("rate:Q", title="learning rate of Adam")
    x = x.scale(type="log", domain=[rates[0], rates[-1]], nice=False)
    x = x.axis(values=[1e-5, 1e-3, 1e-1], format="~e")
    y = alt.Y("error:Q", title="error after training")
    y = y.scale(type="log", domain=[LOWEST, HIGHEST], nice=False)
    y = y.axis(values=[0.01, 0.03, 0.1, 0.3, 1], format=".2~f")
    base = alt.Chart(alt.InlineData(values=_errors(results)))
    base = base.transform_filter("datum.width == wide").encode(x=x, y=y, color=color)
    lines = (
        base.transform_filter(alt.datum.arm == name).mark_line(strokeDash=dash)
        for name, dash in zip(ARMS.values(), DASHES, strict=True)
    )
    return alt.layer(
        *lines,
        base.mark_rule(strokeWidth=4, opacity=0.3, clip=True).encode(y="low:Q", y2="high:Q"),
        base.mark_point(opacity=1).encode(shape=alt.Shape("arm:N", scale=domain, legend=legend)),
    ).add_params(*controls)


def _errors(results: Results) -> list[dict[str, Any]]:
    """Return the errors and their spread by width, arm and rate."""
    rows = []
    for width in results["trained"].value:
        for arm, name in ARMS.items():
            key = f"error_{arm}_{width}"
            for row in results.rows("rate", key):
                mean, spread = row[key], row[f"{key}_spread"]
                here = {"width": width, "arm": name, "rate": row["rate"]}
                low = max(round(mean - spread, 3), LOWEST)
                band = {"low": low, "high": round(mean + spread, 3)}
                rows.append(here | {"error": round(mean, 3)} | band)
    return rows


def _best(results: Results) -> str:
    """Return the expression for a sentence: each arm's best rate and the error there."""
    rates = results["rate"].value
    told = {}
    for width in results["trained"].value:
        parts = []
        for arm, name in ARMS.items():
            errors = list(results[f"error_{arm}_{width}"].value)
            place = errors.index(min(errors))
            parts.append(f"{name} {errors[place]:.3f} at rate {rates[place]:.2g}")
        told[str(width)] = f"Lowest errors at width {width:,}: {', '.join(parts)}."
    return f"{json.dumps(told, ensure_ascii=False)}[wide]"
