"""Charts with everything that a small picture leaves out."""

import altair as alt


def sine(results):
    rows = [
        {"x": row["x"], "y": row["up"], "low": row["up"] - 0.2, "high": row["up"] + 0.2, "of": "up"}
        for row in results.rows("x", "up")
    ]
    x = alt.X("x:Q", title="time").axis(values=[0, 3])
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        x=x, y=alt.Y("y:Q", title="height"), color=alt.Color("of:N", title="waves")
    )
    return alt.layer(
        base.mark_line(point=True, clip=True),
        base.mark_rule().encode(y="low:Q", y2="high:Q"),
        base.mark_point().encode(shape="of:N"),
        base.mark_text().encode(text="of:N"),
        title="A wave",
    )


def cosine(results):
    return sine(results)


def bars(results):
    rows = alt.InlineData(values=results.rows("x", "up"))
    return alt.Chart(rows).mark_bar().encode(x="x:O", y="up:Q")


def faceted(results):
    return bars(results).facet("x:N")
