"""The charts of the article "What Are Scaling Laws"."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import altair as alt

if TYPE_CHECKING:
    from altair.typing import ChartType

    from figures.results import Results

SHAPES = ["circle", "square", "triangle-up", "diamond", "cross", "triangle-down"]
#: Sizes of the worked example and their gaps above its floor of 2.
EXAMPLE = [(1e6, 2.0), (1e7, 1.0), (1e8, 0.5), (1e9, 0.25)]


def power(results: Results) -> ChartType:
    """Return gap and loss of the worked example on axes whose steps are tenfolds."""
    shown = [
        {"size": size, "height": gap + floor, "what": what}
        for what, floor in (("loss", 2.0), ("gap above the floor", 0.0))
        for size, gap in EXAMPLE
    ]
    names = ["loss", "gap above the floor"]
    x = alt.X("size:Q", title="parameters N").scale(type="log", domain=[1e6, 1e9], nice=False)
    x = x.axis(values=[1e6, 1e7, 1e8, 1e9], format="e")
    y = alt.Y("height:Q", title="loss and gap").scale(type="log", domain=[0.2, 5], nice=False)
    y = y.axis(values=[0.25, 0.5, 1, 2, 4], format="~g")
    base = alt.Chart(alt.InlineData(values=shown))
    color = alt.Color("what:N", scale=alt.Scale(domain=names), legend=alt.Legend(title=None))
    dots = base.mark_point(filled=True, size=60, opacity=1)
    return alt.layer(
        base.mark_line().encode(x=x, y=y, color=color),
        dots.encode(
            x=x, y=y, color=color, shape=alt.Shape("what:N", scale=alt.Scale(domain=names))
        ),
    )


def valleys(results: Results) -> ChartType:
    """Return the loss against the size for three budgets, and the lowest points."""
    names = [f"10{_raised(round(math.log10(C)))} FLOP" for C in results["budget"].value]
    rows, lowest = [], []
    for at, name in enumerate(names):
        best = results["best_size"].value[at]
        for beside, loss in zip(
            results["beside"].value, results[f"valley_{at}"].value, strict=True
        ):
            rows.append({"size": best * beside, "loss": loss, "budget": name})
        lowest.append({"size": best, "loss": results["best_loss"].value[at], "budget": name})
    color = alt.Color("budget:N", scale=alt.Scale(domain=names), legend=alt.Legend(title="budget"))
    x = alt.X("size:Q", title="parameters N").scale(type="log", domain=[3e7, 3e12], nice=False)
    x = x.axis(values=[1e8, 1e9, 1e10, 1e11, 1e12], format="e")
    y = alt.Y("loss:Q", title="loss, nats a token").scale(domain=[1.9, 3.2], nice=False)
    lines = alt.Chart(alt.InlineData(values=rows)).mark_line(clip=True)
    dots = alt.Chart(alt.InlineData(values=lowest)).mark_point(filled=True, size=60, opacity=1)
    return alt.layer(
        lines.encode(x=x, y=y, color=color),
        dots.encode(
            x=x, y=y, color=color, shape=alt.Shape("budget:N", scale=alt.Scale(domain=names))
        ),
    )


def fits(results: Results) -> ChartType:
    """Return runs and the law fitted to them, live in which runs enter the fit."""
    sizes = [*results["size"].value, results["held_size"].value]
    names = [f"{size:,}" for size in sizes[:-1]] + [f"{sizes[-1]:,}, held out"]
    lengths = results["length"].value
    most_sizes = max(results["drop_sizes"].value)
    most_lengths = max(results["drop_lengths"].value)
    controls = [
        alt.param(
            name="sizes",
            value=0,
            bind=alt.binding_range(min=0, max=most_sizes, step=1, name="sizes left out"),
        ),
        alt.param(
            name="lengths",
            value=0,
            bind=alt.binding_range(min=0, max=most_lengths, step=1, name="lengths left out"),
        ),
        alt.param(name="chosen", expr=f"sizes * {most_lengths + 1} + lengths"),
        alt.param(name="summary", expr=_sentence(results)),
    ]
    points = [
        {"name": names[s], "D": D, "bits": bits, "s": s, "l": at, "held": 0}
        for s in range(len(sizes) - 1)
        for at, (D, bits) in enumerate(
            zip(lengths, results["run_bits"].value[s * len(lengths) :], strict=False)
        )
    ]
    held = [
        {"name": names[-1], "D": D, "bits": bits, "s": 9, "l": 9, "held": 1}
        for D, bits in zip(results["held_length"].value, results["held_bits"].value, strict=True)
    ]
    drawn = [
        {"name": name, "N": size, "D": D}
        for name, size in zip(names, sizes, strict=True)
        for D in results["drawn"].value
    ]
    law = {
        name: f"{[round(float(x), 6) for x in results[name].value]}[chosen]"
        for name in ("floor", "a", "b", "alpha", "beta")
    }
    told = (
        f"{law['floor']} + {law['a']} * pow(datum.N, -{law['alpha']})"
        f" + {law['b']} * pow(datum.D, -{law['beta']})"
    )
    scale = alt.Scale(domain=names)
    legend = alt.Legend(title="parameters", columns=2)
    color = alt.Color("name:N", scale=scale, legend=legend)
    x = alt.X("D:Q", title="training characters D")
    x = x.scale(type="log", domain=[1e5, 3e6], nice=False)
    x = x.axis(values=[1e5, 3e5, 1e6, 3e6], format="~s")
    y = alt.Y("bits:Q", title="bits a character").scale(domain=[1.6, 3.8], nice=False)
    lines = (
        alt.Chart(alt.InlineData(values=drawn))
        .transform_calculate(bits=told)
        .mark_line(clip=True)
        .encode(x=x, y=y, color=color)
    )
    inside = "datum.held || (datum.s >= sizes && datum.l >= lengths)"
    marks = (
        alt.Chart(alt.InlineData(values=points + held))
        .transform_calculate(inside=inside)
        .mark_point(filled=True, size=60)
        .encode(
            x=x,
            y=y,
            color=color,
            shape=alt.Shape("name:N", scale=alt.Scale(domain=names, range=SHAPES), legend=legend),
            opacity=alt.condition("datum.inside", alt.value(1), alt.value(0.2)),
        )
    )
    return alt.layer(lines, marks).add_params(*controls)


def _sentence(results: Results) -> str:
    """Return the expression for a sentence: which runs, the floor, and prediction against truth."""
    last = len(results["held_length"].value) - 1
    actual = results["held_bits"].value[last]
    told = [round(float(x), 4) for x in results[f"told_{last}"].value]
    floor = [round(float(x), 3) for x in results["floor"].value]
    runs = len(results["size"].value), len(results["length"].value)
    return (
        f"'Fitted to ' + ({runs[0]} - sizes) * ({runs[1]} - lengths) + ' runs the floor is '"
        f" + format({floor}[chosen], '.2f') + ' bits; of the largest run the law says '"
        f" + format({told}[chosen], '.2f') + ', and it reached {actual:.2f}: '"
        f" + format({told}[chosen] / {actual:.5f} - 1, '+.0%') + '.'"
    )


def _raised(number: int) -> str:
    """Return a whole number in raised digits."""
    return str(number).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))
