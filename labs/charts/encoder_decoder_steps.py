"""The chart of one trained encoder-decoder that says words, step by step."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import altair as alt

if TYPE_CHECKING:
    from altair.typing import ChartType

    from figures.results import Results

WAYS = ("told what it said", "told the truth")


def steps(results: Results) -> ChartType:
    """Return the likeliest next phonemes, live in word, step and what the decoder is told."""
    words = list(results["word"].value)
    count, top = int(results["steps"].value), int(results["top"].value)
    names = list(results["phoneme"].value)
    said = [names[int(code)] for code in results["said"].value]
    lines = [[said[(w * 2 + way) * count :][:count] for way in (0, 1)] for w in range(len(words))]
    ends = [[line.index("<end>") + 1 for line in pair] for pair in lines]
    word = alt.binding_radio(options=list(range(len(words))), labels=words, name="word")
    way = alt.binding_radio(options=[0, 1], labels=list(WAYS), name="decoder is")
    step = alt.binding_range(min=1, max=count, step=1, name="step")
    so_far = f"join(slice({json.dumps(lines)}[word][way], 0, shown - 1), ' ')"
    true = f"{json.dumps(list(results['true'].value))}[word]"
    controls = [
        alt.param(name="word", value=0, bind=word),
        alt.param(name="step", value=2, bind=step),
        alt.param(name="way", value=0, bind=way),
        alt.param(name="shown", expr=f"min(step, {ends}[word][way])"),
        alt.param(name="step_label", expr="format(shown, 'd')"),
        alt.param(
            name="summary",
            expr=f"'Spelled ' + {json.dumps(words)}[word] + ', said ' + {true} + '. Step ' + shown"
            f" + (shown > 1 ? ', after ' + {so_far} : ', nothing said yet') + ': likeliest is '"
            f" + {_likeliest(results, names)} + '.'",
        ),
    ]
    rows = [
        {
            "w": w,
            "way": way,
            "step": at + 1,
            "phoneme": names[int(results["code"].value[place])],
            "chance": round(results["chance"].value[place], 3),
            "words": f"{results['chance'].value[place]:.2f}",
        }
        for w in range(len(words))
        for way in (0, 1)
        for at in range(ends[w][way])
        for rank in range(top)
        for place in [((w * 2 + way) * count + at) * top + rank]
    ]
    x = alt.X("chance:Q", title="probability of being next").scale(domain=[0, 1.12], nice=False)
    x = x.axis(values=[0, 0.25, 0.5, 0.75, 1], format=".2~f")
    y = alt.Y("phoneme:N", title=None).sort(field="chance", order="descending")
    base = (
        alt.Chart(alt.InlineData(values=rows))
        .transform_filter("datum.w == word && datum.way == way && datum.step == shown")
        .encode(x=x, y=y)
    )
    bars = alt.layer(base.mark_bar(), base.mark_text(align="left", dx=4).encode(text="words:N"))
    return bars.properties(height=alt.Step(24)).add_params(*controls)


def _likeliest(results: Results, names: list[str]) -> str:
    """Return the expression for the first phoneme now, and its chance."""
    count, top = int(results["steps"].value), int(results["top"].value)
    codes, chances = results["code"].value, results["chance"].value
    told = [
        [
            [
                f"{names[int(codes[place])]} with {chances[place]:.2f}"
                for at in range(count)
                for place in [((w * 2 + way) * count + at) * top]
            ]
            for way in (0, 1)
        ]
        for w in range(len(results["word"].value))
    ]
    return f"{json.dumps(told)}[word][way][shown - 1]"
