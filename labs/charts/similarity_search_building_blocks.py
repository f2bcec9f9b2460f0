"""The charts of the article on the building blocks of similarity search."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt

if TYPE_CHECKING:
    from altair.typing import ChartType

    from figures.results import Results

#: Keys of the results -> what readers see.
FAMILIES = {
    "opq": "pieces, turned",
    "pq": "pieces",
    "rabit": "corrected signs",
    "signs": "signs",
    "fewer": "fewer numbers",
    "short": "short numbers",
}
AGAIN = (10, 20, 50, 100)
#: What may be spent on a vector, in bytes.
BUDGETS = (12, 24, 48, 96, 192, 384, 1_536)


def budget(results: Results) -> ChartType:
    """Return recall against bytes a vector, live in the budget and in the looks again."""
    bound = alt.binding_range(min=0, max=len(BUDGETS) - 1, step=1, name="byte budget")
    labels = ["none", "at 20", "at 50", "at 100"]
    again = alt.binding_radio(options=list(AGAIN), labels=labels, name="look again")
    spent = f"[{', '.join(map(str, BUDGETS))}][budget]"
    controls = [
        alt.param(name="budget", value=2, bind=bound),
        alt.param(name="budget_label", expr=f"format({spent}, ',') + ' bytes'"),
        alt.param(name="again", value=20, bind=again),
        alt.param(name="summary", expr=_sentence(results)),
    ]
    rows = _rows(results)
    names = list(FAMILIES.values())
    scale = alt.Scale(domain=names)
    legend = alt.Legend(title=None, columns=2)
    color = alt.Color("kind:N", scale=scale, legend=legend)
    shape = alt.Shape("kind:N", scale=scale, legend=legend)
    x = alt.X("bytes:Q", title="bytes a vector").scale(type="log", domain=[5, 2_000], nice=False)
    x = x.axis(values=[6, 12, 24, 48, 96, 192, 384, 1_536], format=",d")
    y = alt.Y("recall:Q", title="recall@10").scale(domain=[0, 1]).axis(format="%")
    base = alt.Chart(alt.InlineData(values=rows)).transform_filter("datum.again == again")
    base = base.encode(x=x, y=y, color=color)
    lines = base.mark_line()
    bars = base.mark_rule().encode(y="low:Q", y2="high:Q")
    points = base.mark_point(opacity=1, size=45).encode(shape=shape)
    best = f"datum.bytes <= {spent} && datum.next > {spent}"
    within = base.transform_filter(best).mark_point(filled=True, opacity=1, size=130)
    within = within.encode(shape=shape)
    limit = alt.Chart(alt.InlineData(values=[{"low": 0, "high": 1}]))
    limit = limit.transform_calculate(bytes=spent).mark_rule(strokeDash=[3, 3])
    limit = limit.encode(x="bytes:Q", y="low:Q", y2="high:Q")
    return alt.layer(limit, lines, bars, points, within).add_params(*controls)


def _rows(results: Results) -> list[dict[str, Any]]:
    """Return recall and spread by kind of code, bytes and looks again."""
    rows: list[dict[str, Any]] = []
    for key, name in FAMILIES.items():
        sizes = list(results[f"{key}_bytes"].value)
        for again in AGAIN:
            series = results.rows(f"{key}_bytes", f"{key}_{again}")
            for row, after in zip(series, [*sizes[1:], 1e9], strict=True):
                mean, spread = row[f"{key}_{again}"], row.get(f"{key}_{again}_spread", 0)
                rows.append(
                    {"kind": name, "bytes": row[f"{key}_bytes"], "next": round(after)}
                    | {"again": again, "recall": round(mean, 3)}
                    | {"low": round(mean - spread, 3), "high": round(min(1, mean + spread), 3)}
                )
    return rows


def _sentence(results: Results) -> str:
    """Return the expression for a sentence: the best of each kind within the budget."""
    rows = _rows(results)
    told = []
    for budget in BUDGETS:
        by_again = []
        for again in AGAIN:
            parts = []
            for name in FAMILIES.values():
                fit = [r for r in rows if r["kind"] == name and r["again"] == again]
                fit = [r for r in fit if r["bytes"] <= budget]
                parts.append(f"{name} {fit[-1]['recall']:.0%}" if fit else f"{name} do not fit")
            by_again.append(f"'{', '.join(parts)}'")
        told.append(f"[{', '.join(by_again)}]")
    spent = f"[{', '.join(map(str, BUDGETS))}][budget]"
    which = f"indexof([{', '.join(map(str, AGAIN))}], again)"
    looked = "[' without a second look', ' with 20', ' with 50', ' with 100']"
    return (
        f"'Within ' + format({spent}, ',') + ' bytes and' + {looked}[{which}]"
        f" + (again > 10 ? ' looked at again' : '')"
        f" + ' found of the ten nearest: ' + [{', '.join(told)}][budget][{which}] + '.'"
    )


def hashes(results: Results) -> ChartType:
    """Return how often pairs share a bucket: the rule's line, and points that were counted."""
    rows = []
    for row in results.rows("cosine", "hash_said", "hash_counted"):
        spread = row["hash_counted_spread"]
        rows.append(
            {"cosine": row["cosine"] + 0.05, "said": round(row["hash_said"], 3)}
            | {"counted": round(row["hash_counted"], 3)}
            | {"low": round(row["hash_counted"] - spread, 3)}
            | {"high": round(row["hash_counted"] + spread, 3)}
        )
    x = alt.X("cosine:Q", title="cosine of the pair").scale(domain=[0, 0.9], nice=False)
    y = alt.Y("said:Q", title="share a bucket").scale(domain=[0, 1]).axis(format="%")
    base = alt.Chart(alt.InlineData(values=rows)).encode(x=x)
    kinds = alt.Scale(domain=["the rule", "counted"])
    legend = alt.Legend(title=None)
    line = base.transform_calculate(kind="'the rule'").mark_line(strokeDash=[6, 3])
    line = line.encode(y=y, color=alt.Color("kind:N", scale=kinds, legend=legend))
    dots = base.transform_calculate(kind="'counted'").mark_point(filled=True, opacity=1, size=60)
    dots = dots.encode(y="counted:Q", color=alt.Color("kind:N", scale=kinds, legend=legend))
    bars = base.transform_calculate(kind="'counted'").mark_rule()
    bars = bars.encode(y="low:Q", y2="high:Q", color=alt.Color("kind:N", scale=kinds))
    return alt.layer(line, bars, dots)
