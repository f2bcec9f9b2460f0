"""The chart of the article on embeddings: what is nearest to b − a + c."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import altair as alt

if TYPE_CHECKING:
    from altair.typing import ChartType

    from figures.results import Results

TABLES = {"minilm": "MiniLM", "bible": "King James Bible"}
ANALOGIES = 6
BARS = 5


def analogy(results: Results) -> ChartType:
    """Return the words nearest to an analogy's sum, live in analogy, table and allowed answers."""
    titles = [_title(results, number) for number in range(ANALOGIES)]
    which = alt.binding_select(options=list(range(ANALOGIES)), labels=titles, name="analogy")
    tables = alt.binding_radio(
        options=list(TABLES), labels=list(TABLES.values()), name="vectors of"
    )
    given = alt.binding_radio(
        options=["yes", "no"], labels=["allowed", "left out"], name="the three given words"
    )
    rows = _rows(results)
    controls = [
        alt.param(name="which", value=0, bind=which),
        alt.param(name="source", value="minilm", bind=tables),
        alt.param(name="given", value="yes", bind=given),
        alt.param(name="summary", expr=_sentence(titles, rows)),
    ]
    base = (
        alt.Chart(alt.InlineData(values=rows))
        .transform_filter("datum.which == which && datum.source == source")
        .transform_filter("given == 'yes' || datum.kind != 'given'")
        .transform_window(rank="row_number()", sort=[alt.SortField("cosine", order="descending")])
        .transform_filter(f"datum.rank <= {BARS}")
        .transform_calculate(label="datum.word + '  ' + format(datum.cosine, '.2f')")
    )
    x = alt.X("cosine:Q", title="cosine with the sum").scale(domain=[0, 1.3], nice=False)
    x = x.axis(values=[0, 0.2, 0.4, 0.6, 0.8, 1])
    y = alt.Y("rank:O", title=None).scale(domain=list(range(1, BARS + 1)))
    kinds = alt.Scale(domain=["given", "right answer", "other"])
    bars = base.mark_bar().encode(
        x=x, y=y, color=alt.Color("kind:N", scale=kinds, legend=alt.Legend(title=None))
    )
    spread = base.mark_rule().encode(x="low:Q", x2="high:Q", y=y)
    words = base.mark_text(align="left", dx=6).encode(x="high:Q", y=y, text="label:N")
    return alt.layer(bars, spread, words).properties(height={"step": 26}).add_params(*controls)


def _title(results: Results, number: int) -> str:
    a, b, c, _ = results[f"asked_{number}"].value
    return f"{b} − {a} + {c}"


def _rows(results: Results) -> list[dict[str, Any]]:
    """Return the words near each sum, with what they are to the question."""
    rows = []
    for number in range(ANALOGIES):
        a, b, c, wanted = results[f"asked_{number}"].value
        for source in TABLES:
            found = results[f"cosine_{source}_{number}"]
            spreads = found.spread or [0.0] * len(found.value)
            words = results[f"shown_{source}_{number}"].value
            for word, mean, spread in zip(words, found.value, spreads, strict=True):
                kind = "given" if word in (a, b, c) else "other"
                rows.append(
                    {
                        "which": number,
                        "source": source,
                        "word": word,
                        "kind": "right answer" if word == wanted else kind,
                        "cosine": round(mean, 3),
                        "low": round(mean - spread, 3),
                        "high": round(mean + spread, 3),
                    }
                )
    return rows


def _sentence(titles: list[str], rows: list[dict[str, Any]]) -> str:
    """Return the expression for a sentence: which words are nearest."""
    told = {}
    for number, title in enumerate(titles):
        for source, name in TABLES.items():
            for given in ("yes", "no"):
                found = [
                    row
                    for row in rows
                    if row["which"] == number
                    and row["source"] == source
                    and (given == "yes" or row["kind"] != "given")
                ]
                found.sort(key=lambda row: -float(row["cosine"]))
                first, second = found[:2]
                told[f"{number} {source} {given}"] = (
                    f"{name}, {title}: nearest is {first['word']} ({first['cosine']:.2f}), "
                    f"then {second['word']} ({second['cosine']:.2f})."
                )
    return f"{json.dumps(told, ensure_ascii=False)}[which + ' ' + source + ' ' + given]"
