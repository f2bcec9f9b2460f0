"""The charts of the article on LoRA, QLoRA and full tuning."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt

if TYPE_CHECKING:
    from altair.typing import ChartType

    from figures.results import Results

#: Series of the experiment, the ranks they belong to -> what readers see.
LINES = {
    "lora_share_sounds": ("rank", "gain of an adapter"),
    "cut_share_sounds": ("cut_rank", "gain of the cut update"),
    "held_sounds": ("cut_rank", "update held"),
}
DASHES = ([1, 0], [6, 3], [2, 2])
PARTS = ["weights", "slopes", "copy in 32 bits", "Adam's averages"]
METHODS = ["full", "LoRA", "QLoRA"]


def rank(results: Results) -> ChartType:
    """Return against the rank what the full update's best copy holds, and what copies gain."""
    rows: list[dict[str, Any]] = [
        {"rank": row[ranks], "share": row[key], "line": name}
        for key, (ranks, name) in LINES.items()
        for row in results.rows(ranks, key)
    ]
    names = [name for _, name in LINES.values()]
    scale = alt.Scale(domain=names)
    legend = alt.Legend(title=None)
    color = alt.Color("line:N", scale=scale, legend=legend)
    x = alt.X("rank:Q", title="rank").scale(type="log", base=2, domain=[1, 64], nice=False)
    x = x.axis(values=results["cut_rank"].value, format="d")
    y = alt.Y("share:Q", title="share of full tuning").scale(domain=[0, 1.1], nice=False)
    y = y.axis(format="%", values=[0, 0.25, 0.5, 0.75, 1])
    base = alt.Chart(alt.InlineData(values=rows)).encode(x=x, y=y, color=color)
    lines = (
        base.transform_filter(alt.datum.line == name).mark_line(strokeDash=dash)
        for name, dash in zip(names, DASHES, strict=True)
    )
    points = base.mark_point(opacity=1)
    return alt.layer(*lines, points.encode(shape=alt.Shape("line:N", scale=scale, legend=legend)))


def memory(results: Results) -> ChartType:
    """Return bytes for each parameter of a model, by method and part, live in model, rank, bits."""
    models = results["model"].value
    table = {key: results[key].value for key in ("in_matrices", "elsewhere", "in_adapters")}
    controls = [
        alt.param(
            name="model",
            value="Llama 3.1 8B",
            bind=alt.binding_select(options=models, name="model"),
        ),
        alt.param(name="rank", value=4, bind=alt.binding_range(min=0, max=9, step=1, name="rank")),
        alt.param(name="rank_label", expr="format(pow(2, rank), 'd')"),
        alt.param(
            name="bits",
            value=4,
            bind=alt.binding_select(options=[4, 8], labels=["4 (NF4)", "8"], name="QLoRA's bits"),
        ),
        alt.param(name="each", expr="bits == 4 ? 4.127 : 8.127"),
        *(alt.param(name=name, expr=_chosen(models, values)) for name, values in table.items()),
        alt.param(name="all", expr="in_matrices + elsewhere"),
        alt.param(name="moving", expr="pow(2, rank) * in_adapters"),
        alt.param(name="lora_gb", expr="(2 * all + 16 * moving) / 1e9"),
        alt.param(
            name="qlora_gb", expr="(each / 8 * in_matrices + 2 * elsewhere + 16 * moving) / 1e9"
        ),
        alt.param(name="summary", expr=_sentence()),
    ]
    rows = [
        {"method": method, "part": part, "order": order}
        for method in METHODS
        for order, part in enumerate(PARTS)
    ]
    each_part = "[2, 2, 4, 8][datum.order]"
    frozen = (
        "datum.method == 'full' ? 0 : datum.order > 0 ? 0 : datum.method == 'LoRA' ? 2"
        " : (each / 8 * in_matrices + 2 * elsewhere) / all"
    )
    moves = "datum.method == 'full' ? 1 : moving / all"
    color = alt.Color(
        "part:N", scale=alt.Scale(domain=PARTS), legend=alt.Legend(title=None, columns=2)
    )
    x = alt.X("bytes:Q", title="bytes for each parameter of the model")
    x = x.scale(domain=[0, 18], nice=False).axis(values=[0, 2, 4, 8, 12, 16])
    y = alt.Y("method:N", title=None, sort=METHODS)
    bars = (
        alt.Chart(alt.InlineData(values=rows))
        .transform_calculate(bytes=f"{each_part} * ({moves}) + ({frozen})")
        .mark_bar(clip=True)
        .encode(x=x, y=y, color=color, order=alt.Order("order:Q"))
    )
    live: alt.Chart = bars.add_params(*controls)
    return live


def _chosen(models: list[str], values: list[float]) -> str:
    """Return the expression that is the value of the chosen model."""
    cases = (
        f"model == '{name}' ? {value:d} : " for name, value in zip(models, values, strict=True)
    )
    return "".join(cases) + "0"


def _sentence() -> str:
    """Return the expression of the sentence on what is shown."""
    return (
        "model + ' at rank ' + pow(2, rank) + ': full tuning keeps '"
        " + format(16 * all / 1e9, ',.0f')"
        " + ' GB, LoRA ' + format(lora_gb, ',.1f') + ' GB, QLoRA in ' + bits + ' bits '"
        " + format(qlora_gb, ',.1f') + ' GB, all without activations. Adapters are '"
        " + format(moving / all, '.2%') + ' of the parameters.'"
    )
