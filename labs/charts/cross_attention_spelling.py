"""The charts of the experiment on spellings in "From Context Vectors to Cross-Attention"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt

if TYPE_CHECKING:
    from altair.typing import ChartType

    from figures.results import Results


def alignment(results: Results) -> ChartType:
    """Return where a trained writer looks: a row for each sound written, a column for a letter."""
    letters = [f"{place} {letter}" for place, letter in enumerate(results["letter"].value, 1)]
    signs = [f"{place} {sign}" for place, sign in enumerate(results["sign"].value, 1)]
    pairs = [(sign, letter) for sign in signs for letter in letters]
    rows: list[dict[str, Any]] = [
        {
            "asks": sign,
            "heard": letter,
            "share": round(share, 2),
            "words": f"{share:.1f}"[1:] if 0.05 <= share < 0.95 else "1" if share >= 0.95 else "",
        }
        for (sign, letter), share in zip(pairs, results["alignment"].value, strict=True)
    ]
    bare = "slice(datum.label, indexof(datum.label, ' ') + 1)"
    x = alt.X("heard:N", sort=letters, title="letter read")
    y = alt.Y("asks:N", sort=signs, title="sound written")
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        x=x.axis(orient="top", labelAngle=0, labelExpr=bare), y=y.axis(labelExpr=bare)
    )
    shade = alt.Opacity("share:Q", legend=None).scale(domain=[0, 1], range=[0, 0.55])
    table = alt.layer(
        base.mark_rect(stroke="currentColor", strokeOpacity=0.2).encode(opacity=shade),
        base.mark_text().encode(text="words:N"),
    ).properties(height=alt.Step(26))
    narrow = table.properties(width=alt.Step(24)).to_dict()  # so all letters stand on a phone
    return table.properties(width=alt.Step(30), usermeta={"phone": narrow})
