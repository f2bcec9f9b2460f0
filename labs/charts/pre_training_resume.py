"""The chart of what a resumed run forgot, in the article "From Data Curation to Checkpoints"."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt

if TYPE_CHECKING:
    from altair.typing import ChartType

    from figures.results import Results

#: Arms of the experiment -> what readers see.
ARMS = {
    "whole": "nothing",
    "averages": "Adam's averages",
    "step": "step",
    "everything": "all but parameters",
}
DASHES = ([1, 0], [6, 3], [2, 2], [8, 2, 2, 2])


def curves(results: Results) -> ChartType:
    """Return held-out loss before and after the stop, by what was forgotten."""
    rows = [
        {"step": row["step_before"], "arm": name, "loss": row["before"]}
        for name in ARMS.values()
        for row in results.rows("step_before", "before")
    ] + [
        {"step": row["step_after"], "arm": name, "loss": row[f"after_{arm}"]}
        for arm, name in ARMS.items()
        for row in results.rows("step_after", f"after_{arm}")
    ]
    domain, legend = alt.Scale(domain=list(ARMS.values())), alt.Legend(title="forgotten", columns=2)
    color = alt.Color("arm:N", scale=domain, legend=legend)
    x = alt.X("step:Q", title="training step").scale(domain=[100, 400], nice=False)
    y = alt.Y("loss:Q", title="loss on held-out text (bits)").scale(domain=[3.05, 3.45], nice=False)
    base = alt.Chart(alt.InlineData(values=rows)).encode(x=x, y=y, color=color)
    lines = (
        base.transform_filter(alt.datum.arm == name).mark_line(strokeDash=dash, clip=True)
        for name, dash in zip(ARMS.values(), DASHES, strict=True)
    )
    return alt.layer(*lines)
