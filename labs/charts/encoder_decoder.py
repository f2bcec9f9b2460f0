"""The charts of the article "What Is Encoder-Decoder Architecture"."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import altair as alt

if TYPE_CHECKING:
    from altair.typing import ChartType

    from figures.results import Results

OWN, TOLD = "told what it said", "told the truth"
WAYS = (OWN, TOLD)
MEASURES = {"phonemes": "wrong phonemes", "words": "wrong words"}


def length(results: Results) -> ChartType:
    """Return the errors by the letters of the word, live in the beam and in what is counted."""
    beams = [int(beam) for beam in results["beam"].value]
    last = len(beams) - 1
    beam = alt.binding_range(min=0, max=last, step=1, name="beginnings kept (beam)")
    kind = alt.binding_radio(options=list(MEASURES), labels=list(MEASURES.values()), name="counted")
    controls = [
        alt.param(name="beam", value=0, bind=beam),
        alt.param(name="beam_label", expr=f"format({beams}[beam], 'd')"),
        alt.param(name="kind", value="phonemes", bind=kind),
        alt.param(name="summary", expr=_told(results, beams)),
    ]
    domain, legend = alt.Scale(domain=list(WAYS)), alt.Legend(title="decoder is")
    letters = [int(n) for n in results["letters"].value]
    x = alt.X("letters:Q", title="letters of the word (last point: 13 or more)")
    x = x.scale(domain=[letters[0], letters[-1]], nice=False).axis(values=letters, format="d")
    y = alt.Y("share:Q", title="share that is wrong").scale(domain=[0, 1], nice=False)
    base = (
        alt.Chart(alt.InlineData(values=_errors(results, beams)))
        .transform_filter("datum.kind == kind && (datum.beam == beam || datum.beam < 0)")
        .encode(x=x, y=y, color=alt.Color("way:N", scale=domain, legend=legend))
    )
    return alt.layer(
        *(
            base.transform_filter(alt.datum.way == way).mark_line(strokeDash=dash)
            for way, dash in zip(WAYS, ([1, 0], [6, 3]), strict=True)
        ),
        base.mark_area(opacity=0.2).encode(y="low:Q", y2="high:Q"),
        base.mark_point(opacity=1).encode(shape=alt.Shape("way:N", scale=domain, legend=legend)),
    ).add_params(*controls)


def _errors(results: Results, beams: list[int]) -> list[dict[str, Any]]:
    """Return a row of data for each point; what is told the truth has no beam."""
    series = [(kind, beam, OWN, f"{kind}_{beams[beam]}") for kind in MEASURES for beam in
              range(len(beams))]  # fmt: skip
    series.append(("phonemes", -1, TOLD, "told"))
    rows = []
    for kind, beam, way, key in series:
        for row in results.rows("letters", key):
            mean, spread = row[key], row[f"{key}_spread"]
            here = {"kind": kind, "beam": beam, "way": way, "letters": row["letters"]}
            band = {"low": round(max(0.0, mean - spread), 4), "high": round(mean + spread, 4)}
            rows.append(here | {"share": round(mean, 4)} | band)
    return rows


def _told(results: Results, beams: list[int]) -> str:
    """Return the expression for a sentence on the shortest, a middle and the longest words."""
    letters = [int(n) for n in results["letters"].value]
    places = (0, letters.index(8), len(letters) - 1)
    names = ("at most 4", "8", "13 or more")
    told: dict[str, list[str]] = {}
    for kind, name in MEASURES.items():
        told[kind] = []
        for beam in beams:
            shares = results[f"{kind}_{beam}"].value
            parts = [
                f"{shares[place]:.0%} in those of {words} letters"
                for place, words in zip(places, names, strict=True)
            ]
            start = f"With a beam of {beam}, {name} (decoder told what it said): "
            told[kind].append(start + ", ".join(parts) + ".")
    return f"{json.dumps(told)}[kind][beam]"
