"""The charts of the article "What Is Pre-Training"."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import altair as alt

if TYPE_CHECKING:
    from altair.typing import ChartType

    from figures.results import Results

#: Results -> what readers see.
LINES = {"cost": "network", "five": "counting fives so far"}
#: How many characters in a row are counted -> what stands at its line.
LEVELS = {1: "single characters", 2: "pairs", 3: "threes", 5: "fives"}

NAMES = {1: "single characters", 2: "pairs", 3: "threes", 4: "fours", 5: "fives"}


def learning(results: Results) -> ChartType:
    """Return what a held-out character costs against what was read, live in the checkpoint."""
    steps = list(results["checked"].value)[1:]
    bind = alt.binding_range(min=0, max=len(steps) - 1, step=1, name="checkpoint")
    read = list(results["read"].value)[1:]
    labels = json.dumps([f"{step:,} steps" for step in steps])
    controls = [
        alt.param(name="at", value=len(steps) - 1, bind=bind),
        alt.param(name="at_label", expr=f"{labels}[at]"),
        alt.param(name="summary", expr=f"{json.dumps(_sentences(results))}[at]"),
    ]
    rows = [
        {"read": place, "at": at, "line": name, "bits": round(cost, 3)}
        for key, name in LINES.items()
        for at, (place, cost) in enumerate(zip(read, list(results[key].value)[1:], strict=True))
    ]
    levels = [
        {"bits": round(cost, 3), "read": read[0], "name": LEVELS[order]}
        for order, cost in zip(results["order"].value, results["counted"].value, strict=True)
        if order in LEVELS
    ]
    x = alt.X("read:Q", title="characters read")
    x = x.scale(type="log", domain=[read[0], 1_000_000], nice=False)
    x = x.axis(values=[10_000, 30_000, 100_000, 300_000, 1_000_000], format=",d")
    y = alt.Y("bits:Q", title="bits per character").scale(domain=[1.4, 4.4], nice=False)
    scale = alt.Scale(domain=list(LINES.values()))
    color = alt.Color("line:N", scale=scale, legend=alt.Legend(title=None, columns=1))
    base = alt.Chart(alt.InlineData(values=rows)).encode(x=x, y=y, color=color)
    lines = [
        base.transform_filter(alt.datum.line == name).mark_line(strokeDash=dash)
        for name, dash in zip(LINES.values(), ([1, 0], [6, 3]), strict=True)
    ]
    here = base.transform_filter("datum.at == at").mark_point(size=120, opacity=1)
    marks = alt.Chart(alt.InlineData(values=levels)).encode(y=y)
    rules = marks.mark_rule(strokeDash=[2, 2], opacity=0.6)
    names = [
        marks.transform_filter(f"{'!' if above else ''}(datum.name == 'threes')")
        .mark_text(align="left", dy=-6 if above else 9, dx=3)
        .encode(x=x, text="name:N")
        for above in (True, False)
    ]
    return alt.layer(rules, *names, *lines, here).add_params(*controls)


def _sentences(results: Results) -> list[str]:
    """Return for each checkpoint a sentence: what was read, what it costs, what is passed."""
    told = []
    counted = dict(zip(results["order"].value, results["counted"].value, strict=True))
    rows = zip(
        results["checked"].value,
        results["read"].value,
        results["cost"].value,
        results["words"].value,
        results["five"].value,
        strict=True,
    )
    for step, read, cost, words, five in list(rows)[1:]:
        beaten = [order for order in (1, 2, 3, 4, 5) if counted[order] > cost]
        passed = f"beats counting {NAMES[beaten[-1]]}" if beaten else "beats no counting"
        told.append(
            f"After {step:,} steps and {read:,} characters a held-out character costs the network"
            f" {cost:.2f} bits, which {passed}; {words:.0%} of the words it writes are real."
            f" Counting fives on as much text needs {five:.2f} bits."
        )
    return told
