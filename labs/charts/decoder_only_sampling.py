"""The chart of choosing the next character, for the article on decoder-only models."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt

if TYPE_CHECKING:
    from altair.typing import ChartType

    from figures.results import Results

#: Characters drawn, the likeliest first; all take part.
SHOWN = 8
KINDS = ["as the model says", "after temperature and cuts"]


def choice(results: Results) -> ChartType:
    """Return what may come next before and after, live in temperature, top-p and min-p."""
    pairs = zip(results["next"].value, results["character"].value, strict=True)
    ranked = sorted(pairs, reverse=True)
    places = range(len(ranked))
    controls = [
        alt.param(
            name="heat", value=0, bind=alt.binding_range(min=-4, max=4, step=1, name="temperature")
        ),
        alt.param(name="heat_label", expr="format(pow(2, heat / 2), '.2~f')"),
        alt.param(
            name="top", value=0.9, bind=alt.binding_range(min=0.1, max=1, step=0.05, name="top-p")
        ),
        alt.param(name="top_label", expr="format(top, '.2f')"),
        alt.param(
            name="least", value=0, bind=alt.binding_range(min=0, max=0.5, step=0.05, name="min-p")
        ),
        alt.param(name="least_label", expr="format(least, '.2f')"),
        *(alt.param(name=f"h{i}", expr=_heated(ranked[i][0], ranked[0][0])) for i in places),
        alt.param(name="c0", expr="0"),
        *(alt.param(name=f"c{i + 1}", expr=f"c{i} + h{i}") for i in places),
        *(alt.param(name=f"k{i}", expr=_kept(i, len(ranked))) for i in places),
        alt.param(name="kept", expr=" + ".join(f"(k{i} > 0 ? 1 : 0)" for i in places)),
        alt.param(name="left", expr=" + ".join(f"k{i}" for i in places)),
        alt.param(
            name="summary",
            expr="'At temperature ' + heat_label + ', top-p ' + top_label + ' and min-p '"
            f" + least_label + ', ' + kept + ' of {len(ranked)} characters stay; the likeliest,"
            f" {ranked[0][1]}, is drawn with probability ' + format(k0 / left, '.2f')"
            f" + ' in place of {ranked[0][0]:.2f}.'",
        ),
    ]
    rows = [
        {"character": name, "i": i, "kind": kind, "own": round(chance, 5)}
        for i, (chance, name) in enumerate(ranked[:SHOWN])
        for kind in KINDS
    ]
    kept = f"[{', '.join(f'k{i}' for i in range(SHOWN))}][datum.i] / left"
    order = [name for _, name in ranked[:SHOWN]]
    x = alt.X("chance:Q", title="probability").scale(domain=[0, 1], nice=False)
    chart: ChartType = (
        alt.Chart(alt.InlineData(values=rows))
        .transform_calculate(chance=f"datum.kind == '{KINDS[0]}' ? datum.own : {kept}")
        .mark_bar()
        .encode(
            x=x,
            y=alt.Y("character:N", title=None, sort=order),
            yOffset=alt.YOffset("kind:N", sort=KINDS),
            color=alt.Color(
                "kind:N", scale=alt.Scale(domain=KINDS), legend=alt.Legend(title=None, columns=1)
            ),
        )
        .add_params(*controls)
    )
    return chart


def _heated(chance: float, most: float) -> str:
    """Return the expression for a probability after temperature, up to a common factor."""
    return f"pow({chance / most:.6g}, pow(2, -heat / 2))"


def _kept(place: int, last: int) -> str:
    """Return the expression for what is left of a heated probability after both cuts."""
    return f"(c{place} / c{last} < top - 1e-9 && h{place} >= least) ? h{place} : 0"
