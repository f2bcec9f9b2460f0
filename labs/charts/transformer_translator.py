"""The charts of the small translator: who listens to whom, and what order is worth in training."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, Any, NamedTuple

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
HALF_HEIGHT = 0.55
BRIDGE = 8.0


class Plan(NamedTuple):
    """How wide the plan of the stacks is drawn: of boxes half the width, all in units of ``step``.

    ``letters`` is the longest line in a box, 0 for the lines as they are.  Units: pixels, ``step``.
    """

    encoder: float
    decoder: float
    half_width: float
    aside: float
    step: float
    letters: int


WIDE = Plan(encoder=2.2, decoder=8.0, half_width=1.9, aside=0.6, step=51.4, letters=0)
NARROW = Plan(encoder=1.55, decoder=4.85, half_width=1.35, aside=0.35, step=47.8, letters=21)

HEADS = {"right": "right head", "left": "left head"}
TRAININGS = {"bits_placed": "with clock hands", "bits_unplaced": "without"}


def stacks(results: Results) -> ChartType:
    """Return the plan: two stacks of boxes, what each arrow carries, the bridge and the loop."""
    narrow = _stacks(results, NARROW).to_dict()
    return _stacks(results, WIDE).properties(usermeta={"phone": narrow})


def _stacks(results: Results, plan: Plan) -> ChartType:
    """Return the plan as wide as ``plan`` says."""
    middle = {"encoder": plan.encoder, "decoder": plan.decoder}
    lines = [
        (stack, height, _lines(words if words != ["NEXT WORD"] else _next_word(results), plan))
        for stack, height, words in BOXES
    ]
    boxes = [
        {
            "x": middle[stack] - plan.half_width,
            "x2": middle[stack] + plan.half_width,
            "middle": middle[stack],
            "y": height - HALF_HEIGHT,
            "y2": height + HALF_HEIGHT,
            "centre": height + 0.15 * (len(words) - 1),
            "words": "|".join(words),
        }
        for stack, height, words in lines
    ]
    arrows = [
        {
            "x": middle[stack],
            "y": low + HALF_HEIGHT,
            "y2": high - HALF_HEIGHT,
            "words": words,
            "at": (low + high) / 2,
            "right": middle[stack] + 0.15,
        }
        for stack, low, high, words in ARROWS
    ]
    start, end = plan.encoder + plan.half_width, plan.decoder - plan.half_width
    bridge = [{"x": start, "x2": end, "y": BRIDGE, "at": BRIDGE + 0.1, "middle": (start + end) / 2,
               "words": "memory|4 × 8"}]  # fmt: skip
    edge = plan.decoder + plan.half_width
    outside = edge + plan.aside
    corners = [(edge, 12.0), (outside, 12.0), (outside, 0.0), (edge, 0.0)]
    loop = [{"x": x, "y": y, "index": index} for index, (x, y) in enumerate(corners)]

    left = plan.encoder - plan.half_width - 0.1

    def across(field: str) -> alt.X:
        return alt.X(f"{field}:Q", axis=None).scale(domain=[left, outside + 0.2], nice=False)

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
    ).properties(width=round(plan.step * (outside + 0.2 - left)), height=620)


def _lines(words: list[str], plan: Plan) -> list[str]:
    """Return the lines of a box."""
    fits = not plan.letters or max(map(len, words)) <= plan.letters
    return words if fits else wrap(" ".join(words), plan.letters, break_on_hyphens=False)


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
