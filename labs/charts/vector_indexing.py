"""The chart of the article on vector indexing: recall against vectors examined."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt

if TYPE_CHECKING:
    from altair.typing import ChartType

    from figures.results import Results

#: Name -> keys of recall, of what is examined, and of the dial.
WAYS = {
    "HNSW": ("hnsw_recall", "hnsw_examined", "wide"),
    "HNSW-PQ": ("hnswpq_recall", "hnswpq_examined", "codes_wide"),
    "IVF": ("ivf_recall", "ivf_examined", "probes"),
    "IVF-PQ, codes alone": ("ivfpq_raw", "ivf_examined", "probes"),
}
DASHES = ([1, 0], [4, 2], [8, 3], [2, 2])


def recall(results: Results) -> ChartType:
    """Return recall against vectors examined, live in efSearch and nprobe."""
    rows = _rows(results)
    wide, probes = list(results["wide"].value), list(results["probes"].value)
    controls = [
        _slider("list", wide, 4, "efSearch"),
        alt.param(name="list_label", expr=f"format({wide}[list], 'd')"),
        _slider("cells", probes, 4, "nprobe"),
        alt.param(name="cells_label", expr=f"format({probes}[cells], 'd')"),
        alt.param(name="summary", expr=_sentence(rows, wide, probes)),
    ]
    domain = alt.Scale(domain=list(WAYS))
    color = alt.Color("way:N", scale=domain, legend=alt.Legend(title=None, columns=2))
    x = alt.X("examined:Q", title="vectors or codes examined a query")
    x = x.scale(type="log", domain=[200, 12_000], nice=False)
    x = x.axis(values=[200, 500, 1_000, 2_000, 5_000, 10_000], format=",d")
    y = alt.Y("recall:Q", title="recall@10").scale(domain=[0.4, 1]).axis(format="%")
    base = alt.Chart(alt.InlineData(values=rows)).encode(x=x, y=y, color=color)
    lines = (
        base.transform_filter(alt.datum.way == name).mark_line(strokeDash=dash, clip=True)
        for name, dash in zip(WAYS, DASHES, strict=True)
    )
    bars = base.mark_rule(clip=True).encode(y="low:Q", y2="high:Q")
    chosen = (
        f"(datum.way === 'HNSW' && datum.dial === {wide}[list])"
        f" || (indexof(datum.way, 'IVF') === 0 && datum.dial === {probes}[cells])"
    )
    points = base.transform_filter(chosen).mark_point(size=110, filled=True, opacity=1, clip=True)
    target = alt.Chart(alt.InlineData(values=[{"recall": float(results["target"].value)}]))
    limit = target.mark_rule(strokeDash=[3, 3]).encode(y=y)
    return alt.layer(limit, *lines, bars, points).add_params(*controls)


def _slider(name: str, dial: list[Any], start: int, label: str) -> alt.Parameter:
    """Return a slider over the settings of a dial."""
    bind = alt.binding_range(min=0, max=len(dial) - 1, step=1, name=label)
    return alt.param(name=name, value=start, bind=bind)


def _rows(results: Results) -> list[dict[str, Any]]:
    """Return recall, spread and what is examined, for each setting of each way."""
    rows: list[dict[str, Any]] = []
    for name, (share, examined, dial) in WAYS.items():
        series = results.rows(dial, share)
        costs = list(results[examined].value)
        for row, cost in zip(series, costs, strict=True):
            mean, spread = row[share], row[f"{share}_spread"]
            rows.append(
                {"way": name, "dial": row[dial], "examined": round(cost), "recall": round(mean, 4)}
                | {"low": round(mean - spread, 4), "high": round(min(1.0, mean + spread), 4)}
            )
    return rows


def _sentence(rows: list[dict[str, Any]], wide: list[Any], probes: list[Any]) -> str:
    """Return the expression for a sentence: what both dials find, and at what cost."""
    told: dict[str, list[str]] = {"HNSW": [], "IVF": [], "IVF-PQ, codes alone": []}
    for name, dial in zip(told, (wide, probes, probes), strict=True):
        for setting in dial:
            row = next(r for r in rows if r["way"] == name and r["dial"] == setting)
            told[name].append(f"'{row['recall']:.0%} with {row['examined']:,} examined'")
    graph, cells, codes = (f"[{', '.join(some)}]" for some in told.values())
    return (
        f"'HNSW with efSearch ' + {wide}[list] + ' finds ' + {graph}[list] + '; IVF with nprobe '"
        f" + {probes}[cells] + ' finds ' + {cells}[cells] + ', and by codes alone '"
        f" + {codes}[cells] + '.'"
    )
