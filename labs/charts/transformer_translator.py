"""The charts of the small translator: who listens to whom, and what order is worth in training."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt

if TYPE_CHECKING:
    from altair.typing import ChartType

    from figures.results import Results

#: The boxes of the two stacks: stack, height, what stands in them, in lines.
BOXES = [
    ("encoder", 0.0, ["ENCODER READS", "dog bites man <end>"]),
    ("encoder", 2.0, ["1  word and place", "become a row"]),
    ("encoder", 4.0, ["2  self-attention,", "two heads"]),
    ("encoder", 6.0, ["3  add, normalise"]),
    ("encoder", 8.0, ["4  feed-forward,", "add, normalise"]),
    ("decoder", 0.0, ["DECODER WRITES", "<start> canis"]),
    ("decoder", 2.0, ["1  word and place", "become a row"]),
    ("decoder", 5.0, ["5  masked self-attention,", "add, normalise"]),
    ("decoder", 8.0, ["6  cross-attention,", "add, normalise"]),
    ("decoder", 10.0, ["7  feed-forward, add, normalise,", "compare with all ten words"]),
    ("decoder", 12.0, ["NEXT WORD"]),
]
#: What each arrow carries: stack, from height, to height, label.
ARROWS = [
    ("encoder", 0.0, 2.0, "4 words"),
    ("encoder", 2.0, 4.0, "4 × 8"),
    ("encoder", 4.0, 6.0, "4 × 8"),
    ("encoder", 6.0, 8.0, "4 × 8"),
    ("decoder", 0.0, 2.0, "2 words"),
    ("decoder", 2.0, 5.0, "2 × 8"),
    ("decoder", 5.0, 8.0, "2 × 8"),
    ("decoder", 8.0, 10.0, "2 × 8"),
    ("decoder", 10.0, 12.0, "2 × 10"),
]
MIDDLE = {"encoder": 2.2, "decoder": 8.0}
HALF_WIDTH, HALF_HEIGHT = 1.9, 0.55
BRIDGE = 8.0

HEADS = {"right": "right head", "left": "left head"}
TRAININGS = {"bits_placed": "with clock hands", "bits_unplaced": "without"}


def stacks(results: Results) -> ChartType:
    """Return the plan: two stacks of boxes, what each arrow carries, the bridge and the loop."""
    boxes = [
        {
            "x": MIDDLE[stack] - HALF_WIDTH,
            "x2": MIDDLE[stack] + HALF_WIDTH,
            "middle": MIDDLE[stack],
            "y": height - HALF_HEIGHT,
            "y2": height + HALF_HEIGHT,
            "centre": height + 0.15 * (len(words) - 1 if words != ["NEXT WORD"] else 1),
            "words": "|".join(words if words != ["NEXT WORD"] else _next_word(results)),
        }
        for stack, height, words in BOXES
    ]
    arrows = [
        {
            "x": MIDDLE[stack],
            "y": low + HALF_HEIGHT,
            "y2": high - HALF_HEIGHT,
            "words": words,
            "at": (low + high) / 2,
            "right": MIDDLE[stack] + 0.15,
        }
        for stack, low, high, words in ARROWS
    ]
    start, end = MIDDLE["encoder"] + HALF_WIDTH, MIDDLE["decoder"] - HALF_WIDTH
    bridge = [{"x": start, "x2": end, "y": BRIDGE, "at": BRIDGE + 0.1, "middle": (start + end) / 2,
               "words": "memory|4 × 8"}]  # fmt: skip
    edge, outside = MIDDLE["decoder"] + HALF_WIDTH, MIDDLE["decoder"] + HALF_WIDTH + 0.6
    corners = [(edge, 12.0), (outside, 12.0), (outside, 0.0), (edge, 0.0)]
    loop = [{"x": x, "y": y, "index": index} for index, (x, y) in enumerate(corners)]

    def across(field: str) -> alt.X:
        return alt.X(f"{field}:Q", axis=None).scale(domain=[0.2, 10.7], nice=False)

    def up(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", axis=None).scale(domain=[-0.8, 12.8], nice=False)

    x, y = across("x"), up("y")
    base = alt.Chart(alt.InlineData(values=boxes)).encode(x=x, y=y)
    ways = alt.Chart(alt.InlineData(values=arrows)).encode(x=x, y=y)
    over = alt.Chart(alt.InlineData(values=bridge)).encode(x=x, y=y)
    back = alt.Chart(alt.InlineData(values=loop)).encode(x=x, y=y)
    tip = alt.Chart(alt.InlineData(values=loop[-1:])).encode(x=x, y=y)
    return alt.layer(
        base.mark_rect(fillOpacity=0.12, strokeOpacity=0.7, strokeWidth=1).encode(
            x2="x2:Q", y2="y2:Q"
        ),
        base.mark_text(lineBreak="|", baseline="middle", lineHeight=15).encode(
            x=across("middle"), y=up("centre"), text="words:N"
        ),
        ways.mark_rule().encode(y2="y2:Q"),
        ways.mark_point(shape="triangle-up", filled=True, size=50, opacity=1).encode(y=up("y2")),
        ways.mark_text(align="left").encode(x=across("right"), y=up("at"), text="words:N"),
        over.mark_rule(strokeWidth=2).encode(x2="x2:Q"),
        over.mark_point(shape="triangle-right", filled=True, size=60, opacity=1).encode(
            x=across("x2")
        ),
        over.mark_text(lineBreak="|", baseline="bottom", lineHeight=15, dy=-22).encode(
            x=across("middle"), y=up("at"), text="words:N"
        ),
        back.mark_line(strokeDash=[4, 3], strokeWidth=1.5).encode(order="index:Q"),
        tip.mark_point(shape="triangle-left", filled=True, size=50, opacity=1),
    ).properties(width=540, height=620)


def _next_word(results: Results) -> list[str]:
    """Return the lines of the last box: the likeliest word after *canis*, and how likely it is."""
    return ["after canis: " + results["likeliest"].value, f"{results['likely'].value:.2f}"]


def heads(results: Results) -> ChartType:
    """Return the weights of the encoder's two heads."""
    words = results["source"].value
    rows = [
        row | {"head": title}
        for name, title in HEADS.items()
        for row in _cells(results[name].value, words, words)
    ]
    faceted: ChartType = _map(rows, words, words).facet(
        column=alt.Column("head:N", sort=list(HEADS.values()), title=None), spacing=24
    )
    return faceted


def across(results: Results) -> ChartType:
    """Return what each word written listens to in the source."""
    asks, heard = results["read"].value, results["source"].value
    table: ChartType = _map(_cells(results["across"].value, asks, heard), asks, heard)
    return table


def _cells(weights: Any, asks: list[str], heard: list[str]) -> list[dict[str, Any]]:
    """Return a row of data for each weight."""
    pairs = [(who, whom) for who in asks for whom in heard]
    return [
        {"asks": who, "heard": whom, "weight": round(weight, 2), "words": f"{weight:.2f}"}
        for (who, whom), weight in zip(pairs, weights, strict=True)
    ]


def _map(rows: list[dict[str, Any]], asks: list[str], heard: list[str]) -> Any:
    """Return a table of cells, the darker the more is listened; the weight stands in each."""
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        x=alt.X("heard:N", sort=heard, title="is heard").axis(orient="top", labelAngle=0),
        y=alt.Y("asks:N", sort=asks, title="asks"),
    )
    shade = alt.Opacity("weight:Q", legend=None).scale(domain=[0, 1], range=[0, 0.55])
    return alt.layer(
        base.mark_rect(stroke="currentColor", strokeOpacity=0.2).encode(opacity=shade),
        base.mark_text().encode(text="words:N"),
    ).properties(width=alt.Step(56), height=alt.Step(32))


def training(results: Results) -> ChartType:
    """Return the loss against training steps, with and without positions in the source."""
    rows = [
        {
            "step": row["step"],
            "y": row[key],
            "low": max(0.0, row[key] - row[f"{key}_spread"]),
            "high": row[key] + row[f"{key}_spread"],
            "places": name,
        }
        for key, name in TRAININGS.items()
        for row in results.rows("step", key)
    ]
    order = alt.Scale(domain=list(TRAININGS.values()))
    legend = alt.Legend(title=None)
    x = alt.X("step:Q", title="training steps").scale(domain=[0, 300], nice=False)
    y = alt.Y("y:Q", title="surprise at the right word (bits)").scale(domain=[0, 1], clamp=True)
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        x=x, color=alt.Color("places:N", scale=order, legend=legend)
    )
    floor = alt.Chart(alt.InlineData(values=[{"y": 0.25}]))
    return alt.layer(
        base.mark_area(opacity=0.2, clip=True).encode(
            y=alt.Y("low:Q").scale(domain=[0, 1]), y2="high:Q"
        ),
        base.mark_line(clip=True).encode(
            y=y, strokeDash=alt.StrokeDash("places:N", scale=order, legend=legend)
        ),
        floor.mark_rule(strokeDash=[2, 3]).encode(y="y:Q"),
    )
