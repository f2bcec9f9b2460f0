"""Charts to set, by every kind of input."""

import altair as alt


def power(results):
    exponent = alt.param(
        name="exponent", value=2, bind=alt.binding_range(min=-1, max=3, step=0.5, name="exponent e")
    )
    log = alt.param(name="log", value=0, bind=alt.binding_range(min=-2, max=2, step=1))
    log_label = alt.param(name="log_label", expr="format(pow(10, log), '.2f')")
    summary = alt.param(
        name="summary", expr="'At 3 it is ' + format(pow(3, exponent), '.2f') + '.'"
    )
    rows = [{"x": number / 2} for number in range(1, 7)]
    x = alt.X("x:Q", title="x").scale(domain=[0, 3])
    y = alt.Y("y:Q", title="power").scale(domain=[0, 30])
    chart = alt.Chart(alt.InlineData(values=rows)).mark_line(point=True, clip=True)
    chart = chart.transform_calculate(y="pow(10, log) * pow(datum.x, exponent)").encode(x=x, y=y)
    return chart.add_params(exponent, log, log_label, summary)


def choice(results):
    rows = [{"x": x, "y": x % k, "k": k} for k in (2, 3) for x in range(8)]
    kind = alt.param(
        name="kind", value=2, bind=alt.binding_radio(options=[2, 3], labels=["two", "three"])
    )
    big = alt.param(name="big", value=False, bind=alt.binding_checkbox(name="large points"))
    only = alt.selection_point(
        name="only",
        fields=["x"],
        bind=alt.binding_select(options=[None, 1, 5], labels=["all", "1", "5"], name="points at"),
    )
    size = alt.value(alt.expr("big ? 200 : 60"))
    chart = (
        alt.Chart(alt.InlineData(values=rows))
        .mark_point(clip=True)
        .transform_filter("datum.k == kind")
    )
    return (
        chart.transform_filter(only)
        .encode(
            x=alt.X("x:Q", title="x").scale(domain=[0, 7]),
            y=alt.Y("y:Q", title="remainder").scale(domain=[0, 2]),
            size=size,
            color=alt.Color("k:N", title="divisor").scale(domain=[2, 3]),
        )
        .add_params(kind, big, only)
    )


def still(results):
    rows = alt.InlineData(values=results.rows("size", "error"))
    return alt.Chart(rows).mark_bar().encode(x="size:O", y=alt.Y("error:Q", title="error"))
