"""The charts of the article on the limits of tokenization."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import altair as alt

if TYPE_CHECKING:
    from altair.typing import ChartType

    from figures.results import Results

#: What is drawn; all languages can be counted with the control.
DRAWN = (
    "Georgian Bengali Hindi Greek Russian Korean Vietnamese Arabic Japanese Chinese Hungarian "
    "Turkish German Spanish French"
).split()
VOCABULARIES = {
    "r50k": "r50k (GPT-2)",
    "cl100k": "cl100k (GPT-4)",
    "o200k": "o200k (GPT-4o, GPT-5)",
}
MOST = 12


def premium(results: Results) -> ChartType:
    """Return tokens relative to English by language, live in vocabulary and language."""
    names = list(VOCABULARIES)
    radio = alt.binding_radio(options=names, labels=list(VOCABULARIES.values()), name="vocabulary")
    select = alt.binding_select(options=sorted(DRAWN), name="language")
    controls = [
        alt.param(name="vocabulary", value=names[0], bind=radio),
        alt.param(name="language", value="Hindi", bind=select),
        alt.param(name="summary", expr=_sentence(results)),
    ]
    rows = [
        {"language": row["language"], "name": name, "premium": round(row[name], 2)}
        for name in names
        for row in results.rows("language", name)
        if row["language"] in DRAWN
    ]
    x = alt.X("premium:Q", title="tokens relative to English")
    x = x.scale(domain=[0, MOST], nice=False).axis(values=[0, 1, 2, 4, 6, 8, 10, 12])
    y = alt.Y("language:N", title=None, sort=DRAWN)
    base = (
        alt.Chart(alt.InlineData(values=rows))
        .transform_filter("datum.name == vocabulary")
        .transform_calculate(words="format(datum.premium, '.2f')")
        .encode(x=x, y=y)
    )
    bars = base.mark_bar().encode(
        opacity=alt.condition("datum.language == language", alt.value(1), alt.value(0.55))
    )
    numbers = base.mark_text(align="left", dx=4).encode(text="words:N")
    one = alt.Chart(alt.InlineData(values=[{"one": 1}])).mark_rule(strokeDash=[4, 3])
    one = one.encode(x=alt.X("one:Q"))
    return alt.layer(bars, numbers, one).properties(height={"step": 17}).add_params(*controls)


def _sentence(results: Results) -> str:
    """Return the expression for a sentence: what the chosen language costs, and what fits."""
    told = {}
    for row in results.rows("language", *VOCABULARIES, "bytes", "messages"):
        for name in VOCABULARIES:
            value = round(row[name], 2)
            told[f"{row['language']} {name}"] = (
                f"{row['language']} with {name}: {value:.2f} times the tokens of English and "
                f"{row['bytes']:.2f} times the bytes, in {row['messages']:.0f} messages. A window "
                f"of 128,000 tokens holds as much as {128_000 / value:,.0f} English ones."
            )
    return f"{json.dumps(told)}[language + ' ' + vocabulary]"
