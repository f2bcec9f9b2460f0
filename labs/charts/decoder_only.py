"""The charts of the article "What Is Decoder-Only Architecture"."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt

if TYPE_CHECKING:
    from altair.typing import ChartType

    from figures.results import Results

#: Ways of the experiment -> what readers see.
WAYS = {"recomputed": "all tokens again", "cached": "the last, with the cache"}
DASHES = ([6, 3], [1, 0])
#: A processor's memory delivers so many bytes a second: an H100, as the article says.
BANDWIDTH = 3.35e12
#: Gigabytes drawn; a longer bar is cut.
MOST = 120


def tokens(results: Results) -> ChartType:
    """Return what one more token costs against the context, live in the measure."""
    options, labels = ["", "_ms"], ["multiplications", "milliseconds"]
    measure = alt.binding_radio(options=options, labels=labels, name="shown")
    last = len(results["context"].value) - 1
    told = {
        unit: tuple(results[f"{way}{unit}"].value[last] for way in WAYS) for unit in ("", "_ms")
    }
    summary = (
        f"shown == '' ? 'At 4,096 tokens: {told[''][0]:,.0f} million multiplications"
        f" against {told[''][1]:.1f} million.' : 'At 4,096 tokens:"
        f" {told['_ms'][0]:,.0f} milliseconds against {told['_ms'][1]:.0f}, on our machine.'"
    )
    controls = [
        alt.param(name="shown", value="", bind=measure),
        alt.param(name="summary", expr=summary),
    ]
    rows = [
        {"context": row["context"], "way": name, "unit": unit, "cost": row[f"{way}{unit}"]}
        for way, name in WAYS.items()
        for unit in ("", "_ms")
        for row in results.rows("context", f"{way}{unit}")
    ]
    domain = alt.Scale(domain=list(WAYS.values()))
    legend = alt.Legend(title="one more token from", columns=1)
    color = alt.Color("way:N", scale=domain, legend=legend)
    x = alt.X("context:Q", title="tokens of context")
    x = x.scale(type="log", base=2, domain=[256, 4096], nice=False)
    x = x.axis(values=list(results["context"].value), format=",d")
    y = alt.Y("cost:Q", title="millions of multiplications, or milliseconds")
    y = y.scale(type="log", domain=[1, 100_000], nice=False)
    y = y.axis(values=[1, 10, 100, 1000, 10_000, 100_000], format=",d")
    base = alt.Chart(alt.InlineData(values=rows))
    base = base.transform_filter("datum.unit == shown").encode(x=x, y=y, color=color)
    lines = (
        base.transform_filter(alt.datum.way == name).mark_line(strokeDash=dash)
        for name, dash in zip(WAYS.values(), DASHES, strict=True)
    )
    points = base.mark_point(opacity=1)
    points = points.encode(shape=alt.Shape("way:N", scale=domain, legend=legend))
    return alt.layer(*lines, points).add_params(*controls)


def ledger(results: Results) -> ChartType:
    """Return bytes of weights and cache, live in the model's sizes; nothing is measured here."""
    del results
    context = alt.binding_range(min=10, max=20, step=1, name="tokens of context")
    layers = alt.binding_range(min=8, max=128, step=1, name="layers")
    sets = alt.binding_range(min=0, max=6, step=1, name="KV heads of 128")
    size = alt.binding_radio(options=[2, 1, 0.5], labels=["2", "1", "½"], name="bytes a number")
    texts = alt.binding_range(min=0, max=8, step=1, name="texts at a time")
    weights = alt.binding_range(min=1, max=500, step=1, name="billion parameters")
    controls = [
        alt.param(name="power", value=13, bind=context),
        alt.param(name="power_label", expr="format(pow(2, power), ',d')"),
        alt.param(name="depth", value=32, bind=layers),
        alt.param(name="sets", value=3, bind=sets),
        alt.param(name="sets_label", expr="format(pow(2, sets), 'd')"),
        alt.param(name="size", value=2, bind=size),
        alt.param(name="texts", value=0, bind=texts),
        alt.param(name="texts_label", expr="format(pow(2, texts), 'd')"),
        alt.param(name="billions", value=8, bind=weights),
        alt.param(name="token", expr="2 * depth * pow(2, sets) * 128 * size"),
        alt.param(name="cache", expr="token * pow(2, power + texts) / 1e9"),
        alt.param(name="weights", expr="2 * billions"),
        alt.param(name="step", expr=f"(cache + weights) * 1e12 / {BANDWIDTH:g}"),
        alt.param(
            name="summary",
            expr="'One token leaves ' + format(token / 1024, ',.4~r') + ' KiB, all of them '"
            " + format(cache, ',.1f') + ' GB beside ' + format(weights, 'd') + ' GB of weights;'"
            " + ' a step takes at least ' + format(step, ',.1f') + ' ms, so '"
            " + format(pow(2, texts) * 1000 / step, ',.0f') + ' tokens a second together.'",
        ),
    ]
    rows = [{"part": "weights", "i": 0}, {"part": "KV cache", "i": 1}]
    x = alt.X("shown:Q", title="gigabytes read for each step")
    x = x.scale(domain=[0, MOST * 1.15], nice=False).axis(values=[0, 30, 60, 90, 120])
    base = (
        alt.Chart(alt.InlineData(values=rows))
        .transform_calculate(bytes="[weights, cache][datum.i]")
        .transform_calculate(shown=f"min(datum.bytes, {MOST})")
        .transform_calculate(words="format(datum.bytes, ',.1f')")
        .encode(x=x, y=alt.Y("part:N", title=None, sort=["weights", "KV cache"]))
    )
    numbers = base.mark_text(align="left", dx=4).encode(text="words:N")
    return alt.layer(base.mark_bar(), numbers).add_params(*controls)
