"""The charts of the article on the limits of fine-tuning."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt

if TYPE_CHECKING:
    from altair.typing import ChartType

    from figures.results import Results

#: Series of the experiment -> what readers see.
TEXTS = {"old": "the Bible", "new": "definitions"}
KNOWN = {"known": "the definitions it learns from", "new": "other definitions", "old": "the Bible"}
#: Remedies: series of the experiment, and what their settings are.
REMEDIES = {
    "replay_10": "old text in the batch",
    "averaged": "averaged with the start",
    "elastic": "springs by importance",
    "spring": "equal springs",
    "slower": "smaller steps",
}
LEAST = 4_000  # characters of the smallest set of definitions
DASHES = ([1, 0], [6, 3], [2, 2])


def keeping(results: Results) -> ChartType:
    """Return what both texts cost while tuning, live in the share of old text and the rate."""
    shares = [round(share, 2) for share in results["replayed"].value]
    rates = list(results["rates"].value)
    share = alt.param(
        name="share",
        value=0,
        bind=alt.binding_radio(
            options=shares, labels=[f"{share:.0%}" for share in shares], name="old text"
        ),
    )
    rate = alt.param(
        name="rate",
        value=0.001,
        bind=alt.binding_radio(
            options=rates, labels=["0.0003", "0.001", "0.003"], name="learning rate"
        ),
    )
    rows = _paths(results)
    x = alt.X("read:Q", title="characters of tuning").scale(domain=[0, 640_000], nice=False)
    x = x.axis(values=[0, 160_000, 320_000, 480_000, 640_000], format=",d")
    y = alt.Y("bits:Q", title="bits a character").scale(domain=[1.8, 4.0], nice=False)
    domain = alt.Scale(domain=list(TEXTS.values()))
    color = alt.Color("text:N", scale=domain, legend=alt.Legend(title="unseen text of"))
    base = (
        alt.Chart(alt.InlineData(values=rows))
        .transform_filter("datum.share == share && datum.rate == rate")
        .encode(x=x, y=y, color=color)
    )
    lines = (
        base.transform_filter(alt.datum.text == name).mark_line(strokeDash=dash, clip=True)
        for name, dash in zip(TEXTS.values(), DASHES, strict=False)
    )
    band = base.mark_area(opacity=0.2, clip=True).encode(y="low:Q", y2="high:Q")
    said = alt.param(name="summary", expr=_ends(rows))
    return alt.layer(*lines, band).add_params(share, rate, said)


def _paths(results: Results) -> list[dict[str, Any]]:
    """Return bits and their spread by share, rate, text and characters read."""
    rows = []
    for number, share in zip((0, 1, 4, 10), results["replayed"].value, strict=True):
        for rate in results["rates"].value:
            for key, name in TEXTS.items():
                series = f"{key}_{round(rate * 1e4)}_{number}"
                for row in results.rows("tuned_on", series):
                    mean, spread = row[series], row[f"{series}_spread"]
                    here = {"share": round(share, 2), "rate": rate, "text": name}
                    rows.append(
                        here
                        | {"read": row["tuned_on"], "bits": round(mean, 3)}
                        | {"low": round(mean - spread, 3), "high": round(mean + spread, 3)}
                    )
    return rows


def _ends(rows: list[dict[str, Any]]) -> str:
    """Return the expression for a sentence on where both lines start and end."""
    last = max(row["read"] for row in rows)
    ends: dict[str, list[float]] = {}
    for row in rows:
        if row["read"] in (0, last):
            ends.setdefault(f"{row['share']:g} {row['rate']:g}", []).append(row["bits"])
    table = ", ".join(f"'{key}': [{', '.join(map(str, found))}]" for key, found in ends.items())
    cell = f"{{{table}}}[share + ' ' + rate]"
    return (
        "'With ' + format(share, '.0%') + ' old text at rate ' + rate + ' the Bible goes from '"
        f" + format({cell}[0], '.2f') + ' to ' + format({cell}[1], '.2f')"
        f" + ' bits a character and definitions from ' + format({cell}[2], '.2f')"
        f" + ' to ' + format({cell}[3], '.2f') + '.'"
    )


def tradeoff(results: Results) -> ChartType:
    """Return what is kept of the old against what is learned of the new, for five remedies."""
    rows: list[dict[str, Any]] = []
    for key, name in REMEDIES.items():
        rows += [
            {"remedy": name, "new": new, "old": old, "order": place}
            for place, (new, old) in enumerate(_points(results, key))
        ]
    x = alt.X("new:Q", title="definitions, bits a character")
    x = x.scale(domain=[2.7, 3.2], nice=False)
    y = alt.Y("old:Q", title="the Bible, bits a character")
    y = y.scale(domain=[2.0, 2.8], nice=False)
    domain = alt.Scale(domain=list(REMEDIES.values()))
    legend = alt.Legend(title=None, columns=2)
    color = alt.Color("remedy:N", scale=domain, legend=legend)
    shape = alt.Shape("remedy:N", scale=domain, legend=legend)
    base = alt.Chart(alt.InlineData(values=rows)).encode(x=x, y=y, color=color)
    line = base.mark_line(clip=True).encode(order="order:Q")
    return alt.layer(line, base.mark_point(opacity=1, clip=True).encode(shape=shape))


def _points(results: Results, key: str) -> list[tuple[float, float]]:
    """Return the pairs of costs, new and old, of one remedy's settings."""
    if key == "slower":
        names = ("replay_10", "replay_3")
        return [(results[f"{n}_new"].value[0], results[f"{n}_old"].value[0]) for n in names]
    pairs = list(zip(results[f"{key}_new"].value, results[f"{key}_old"].value, strict=True))
    if key == "averaged":
        return pairs[::-1]
    none = results["replay_10_new"].value[0], results["replay_10_old"].value[0]
    return pairs if key.startswith("replay") else [none, *pairs]


def few(results: Results) -> ChartType:
    """Return what three texts cost while a small set of definitions is read again and again."""
    rows = []
    for key, name in KNOWN.items():
        series = f"few_{LEAST}_{key}"
        for row in results.rows("tuned_on", series):
            mean, spread = row[series], row[f"{series}_spread"]
            rows.append(
                {"readings": row["tuned_on"] / LEAST, "text": name, "bits": mean}
                | {"low": mean - spread, "high": mean + spread}
            )
    x = alt.X("readings:Q", title="readings of the same definitions")
    x = x.scale(domain=[0, 160], nice=False).axis(values=[0, 40, 80, 120, 160], format=",d")
    y = alt.Y("bits:Q", title="bits a character").scale(domain=[0, 6], nice=False)
    domain = alt.Scale(domain=list(KNOWN.values()))
    color = alt.Color("text:N", scale=domain, legend=alt.Legend(title=None, columns=1))
    base = alt.Chart(alt.InlineData(values=rows)).encode(x=x, y=y, color=color)
    lines = (
        base.transform_filter(alt.datum.text == name).mark_line(strokeDash=dash, clip=True)
        for name, dash in zip(KNOWN.values(), DASHES, strict=True)
    )
    return alt.layer(*lines, base.mark_area(opacity=0.2, clip=True).encode(y="low:Q", y2="high:Q"))


def drift(results: Results) -> ChartType:
    """Return what was forgotten against the divergence on the new text, with and without replay."""
    kinds = {"free": "no old text", "mixed": "with old text"}
    rows = [
        {"arm": name, "kl": kl, "lost": lost}
        for key, name in kinds.items()
        for kl, lost in zip(results[f"{key}_kl"].value, results[f"{key}_lost"].value, strict=True)
    ]
    domain = alt.Scale(domain=list(kinds.values()))
    legend = alt.Legend(title=None)
    x = alt.X("kl:Q", title="divergence on definitions, bits").scale(domain=[0, 1], nice=False)
    y = alt.Y("lost:Q", title="Bible lost, bits").scale(domain=[0, 0.8], nice=False)
    chart: alt.Chart = (
        alt.Chart(alt.InlineData(values=rows))
        .mark_point(opacity=1)
        .encode(
            x=x,
            y=y,
            color=alt.Color("arm:N", scale=domain, legend=legend),
            shape=alt.Shape("arm:N", scale=domain, legend=legend),
        )
    )
    return chart
