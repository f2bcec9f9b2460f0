"""Charts are drawn from results, once each, for light and dark, print, e-books, plain text."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from evidence.numbers import Quantity
from figures import live_charts, vega_svg
from figures.chart_sizes import PAGE, PHONE, fitted
from figures.results import Results, load
from figures.vega_svg import (
    CONFIG,
    LIGHT,
    ChartError,
    draw,
    picture,
    placed,
    specification,
    with_state,
)

ROOT = Path(__file__).parents[2]
SVG = "{http://www.w3.org/2000/svg}"
BUILDERS = "html dirhtml singlehtml latex epub text man texinfo gettext".split()
CSS = (ROOT / "_static" / "charts.css").read_text(encoding="utf-8")
BARS = {
    "data": {"values": [{"a": 1, "b": 2}, {"a": 2, "b": 3}]},
    "mark": {"type": "bar", "clip": True},
    "encoding": {
        "x": {"field": "a", "type": "ordinal"},
        "y": {"field": "b", "type": "quantitative"},
        "color": {"field": "b", "type": "nominal"},
    },
}
SOME = Results("r", {"n": Quantity([1, 2]), "e": Quantity([0.5, 0.25], [0.1, 0.1])})


def parsed(xml: str) -> ET.Element:
    return ET.fromstring(xml)  # noqa: S314  our own output


def charts(page: str) -> list[str]:
    return re.findall(r'<div class="chart(?: chart-\w+)*" role.*?</div>', page, re.DOTALL)


# --- drawing


def test_drawing_holds_only_our_colours() -> None:
    root = parsed(draw(BARS))
    colours = {element.get(name) for element in root.iter() for name in ("fill", "stroke")}
    assert {LIGHT["1"], LIGHT["2"], LIGHT["text"], LIGHT["grid"]} <= colours
    assert colours <= {*LIGHT.values(), "none", "transparent", None}


def test_page_draws_in_variables_and_a_file_does_not() -> None:
    markup = draw(BARS)
    page = placed(markup, "c1", {"role": "img"}, live=True)
    assert f"var(--chart-1,{LIGHT['1']})" in page
    assert re.sub(r"var\(--chart-[\w-]+,(#\w+)\)", r"\1", page) == placed(
        markup, "c1", {"role": "img"}
    )


def test_ids_start_with_the_prefix_and_references_follow() -> None:
    text = placed(draw(BARS), "c1", {})
    ids = re.findall(r'\bid="([^"]+)"', text)
    assert ids
    assert all(name.startswith("c1-") for name in ids)
    used = set(re.findall(r"url\(#([^)]+)\)", text))
    assert used
    assert used <= set(ids)


def test_size_is_scaled_and_the_view_is_not() -> None:
    markup = draw(BARS)
    natural, half = parsed(markup), parsed(placed(markup, "c", {}, scale=0.5))
    assert float(half.get("width")) == pytest.approx(float(natural.get("width")) / 2)
    assert half.get("viewBox") == natural.get("viewBox")


def test_drawing_is_smaller_than_what_vega_writes() -> None:
    import vl_convert

    whole = vl_convert.vegalite_to_svg(BARS, config=dict(CONFIG))
    assert len(draw(BARS)) < 0.6 * len(whole)
    assert "aria" not in draw(BARS)


def test_stylesheet_names_every_role_twice_and_alike() -> None:
    dark = re.findall(r"--chart-[\w-]+: #[^;]+;", CSS)
    chosen, asked_for = dark[: len(LIGHT)], dark[len(LIGHT) : 2 * len(LIGHT)]
    assert chosen == asked_for  # by the reader, by the system
    assert [re.sub("--chart-|:.*", "", row) for row in chosen] == list(LIGHT)
    # In forced colours the rest is the system's.
    assert dark[2 * len(LIGHT) :] == [row for row in chosen if re.search(r"chart-\d", row)]
    assert len(set(LIGHT.values())) == len(LIGHT)


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in parts]
    return sum(w * x for w, x in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize(("scheme", "ground"), [("light", "#ffffff"), ("dark", "#14161b")])
def test_colours_can_be_told_from_the_ground(scheme: str, ground: str) -> None:
    dark = dict(re.findall(r"--chart-([\w-]+): (#\w{6});", CSS))
    colours = LIGHT if scheme == "light" else dark
    for role, colour in colours.items():
        low, high = sorted((luminance(colour), luminance(ground)))
        wanted = {"grid": 1.2, "text": 12}.get(role, 4.5)
        assert (high + 0.05) / (low + 0.05) >= wanted, role


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ({"a": 1}, "Invalid specification"),
        ({"mark": "nonsense", "data": {"values": []}}, "cannot draw"),
        ({"mark": "bar"}, "drew nothing"),
        ({"mark": {"type": "image", "url": "x.png"}, "data": {"values": [{}]}}, "may not hold"),
    ],
)
def test_what_cannot_be_drawn_says_why(spec: dict, message: str) -> None:
    with pytest.raises(ChartError, match=message) as raised:
        draw(spec)
    assert "\n" not in str(raised.value)
    assert "://" not in str(raised.value)


def test_state_sets_parameters_anywhere_and_leaves_the_original() -> None:
    spec = {"layer": [{"params": [{"name": "x", "value": 1}]}], "width": 400}
    new = with_state(spec, {"title": "T", "x": 2})
    assert new["layer"][0]["params"][0]["value"] == 2
    assert new["title"] == "T"
    assert new["width"] == vega_svg.STATE_WIDTH
    assert spec == {"layer": [{"params": [{"name": "x", "value": 1}]}], "width": 400}
    assert with_state(spec, {"x": 2})["title"] == "x = 2"
    with pytest.raises(ChartError, match="no parameter 'xx'; did you mean 'x'"):
        with_state(spec, {"xx": 2})


def test_altairs_charts_are_taken_with_our_sizes(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(
        "import altair as alt\n"
        "def f(r):\n"
        "    data = alt.InlineData(values=r.rows('n', 'e'))\n"
        "    return alt.Chart(data).mark_line().encode(x='n:Q', y='e:Q')\n"
    )
    spec = specification(tmp_path / "a.py", "f", [SOME])
    assert "view" not in spec.get("config", {})
    assert float(parsed(draw(spec)).get("width")) > 400


def test_key_changes_with_every_input(monkeypatch: pytest.MonkeyPatch) -> None:
    keys = {
        vega_svg.key(b"a", "f", [b"r"], []),
        vega_svg.key(b"b", "f", [b"r"], []),
        vega_svg.key(b"a", "g", [b"r"], []),
        vega_svg.key(b"a", "f", [b"s"], []),
        vega_svg.key(b"a", "f", [b"r", b"s"], []),
        vega_svg.key(b"a", "f", [b"r"], [{"x": 1}]),
    }
    assert len(keys) == 6
    assert vega_svg.key(b"a", "f", [b"r"], []) in keys
    monkeypatch.setattr(vega_svg, "versions", lambda: "altair 99")
    assert vega_svg.key(b"a", "f", [b"r"], []) not in keys


def test_versions_know_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    before = vega_svg.versions()
    assert "vl-convert-python " in before
    vega_svg.versions.cache_clear()
    monkeypatch.setattr(vega_svg, "CONFIG", {**CONFIG, "font": "X"})
    try:
        assert vega_svg.versions() != before
    finally:
        vega_svg.versions.cache_clear()


# --- pages


@pytest.mark.parametrize("builder", BUILDERS)
def test_every_builder_is_silent(results, builder: str) -> None:
    results.build(builder)
    assert results.warnings == []


def test_page_holds_the_chart_as_a_figure(results) -> None:
    results.build()
    page = results.page("index.html")
    first, still, states = charts(page)
    label = 'aria-label="From 0.50\N{NO-BREAK SPACE}nats at ten to 0.12\N{NO-BREAK SPACE}nats'
    assert f'{label} &amp; &quot;less&quot;."' in first
    assert "error &lt; αβγ" in first
    assert "var(--chart-2,#b3450e)" in first
    assert states.count("<svg") == 3
    assert [title in states for title in ("x = 1", "x = 2", "x = 3")] == [True] * 3
    assert still.count("<svg") == 1
    assert "x = " not in still
    figure = page[page.index("<figure") : page.index("</figure>")]
    assert 'id="fig-noise"' in figure
    assert first in figure
    assert 'href="#fig-noise"><span class="std std-numref">Fig. 1</span></a>' in page
    assert 'href="_static/charts.css' in page
    assert "charts.css" not in results.page("plain.html")
    counts = Counter(re.findall(r'\bid="([^"]+)"', page))
    assert {name for name, count in counts.items() if count > 1} == set()
    assert not re.search(r"""(?:src|href|url)\W{1,3}(?:https?:)?//(?!www\.sphinx)""", page)


def test_phones_get_a_drawing_of_their_own_where_it_differs(results) -> None:
    results.build()
    wide, phone = re.findall(r"<svg.*?</svg>", charts(results.page("other.html"))[0], re.DOTALL)
    assert [float(parsed(svg).get("width")) for svg in (wide, phone)] == [624, 328]
    assert ['class="chart-phone"' in svg for svg in (wide, phone)] == [False, True]
    still = charts(results.page("index.html"))[1]  # its author gave it a width
    assert still.count("<svg") == 1


def test_print_draws_nothing_for_phones(undrawn) -> None:
    undrawn.build("latex")
    assert undrawn.drawings()
    assert not list(undrawn.kept.glob("*-phone*"))
    undrawn.build()
    assert {f"{name}-phone" for name in undrawn.drawings()} == {
        file.stem for file in undrawn.kept.glob("*-phone.svg")
    }


def test_alternative_text_is_searched_for_and_labels_of_axes_are_not(results) -> None:
    results.edit("index.md", '& "less".', '& "less" wombats.')
    results.build()
    index = json.loads(results.page("searchindex.js").partition("(")[2].removesuffix(")"))
    pages = index["terms"].get("wombat")
    assert index["docnames"][pages] == "index"
    assert not [word for word in index["terms"] if "αβγ" in word]


def test_single_page_repeats_no_id(results) -> None:
    results.build("singlehtml")
    page = results.page("index.html", "singlehtml")
    assert len(charts(page)) == 5
    counts = Counter(re.findall(r' id="(chart-[^"]+)"', page))
    assert counts
    assert max(counts.values()) == 1


def test_epub_holds_light_svg_in_valid_xml(results) -> None:
    results.build("epub")
    page = parsed(results.page("index.xhtml", "epub"))
    assert len(list(page.iter(f"{SVG}svg"))) == 4
    assert "var(--chart" not in results.page("index.xhtml", "epub")


def test_print_gets_vector_files_named_by_what_is_in_them(results) -> None:
    results.build("latex")
    (file,) = results.out(builder="latex").glob("*.tex")
    tex = file.read_text(encoding="utf-8")
    names = re.findall(r"\\sphinxincludegraphics(\[[^]]*\])?\{(chart-\w+-\d\.pdf)\}", tex)
    assert len(names) == 6
    assert len({name for _, name in names}) == 5  # the same chart is one file
    assert "" in {size for size, _ in names}  # what fits into a line stays as it is
    for _, name in names:
        pdf = results.out(name, "latex").read_bytes()
        assert pdf.startswith(b"%PDF-")
        assert b"/Font" in pdf  # text stays text
    assert r"\label{\detokenize{index:fig-noise}}" in tex
    assert r"\caption{Errors after 5 \sphinxstyleemphasis{runs}.}" in tex


def test_states_that_do_not_fit_into_a_line_are_shrunk_alike(results) -> None:
    results.edit("index.md", '{"x": 3}', '{"x": 3}, {"x": 4000}')
    results.build("latex")
    (file,) = results.out(builder="latex").glob("*.tex")
    shares = re.findall(r"width=([\d.]+)\\linewidth\]\{(chart-\w+-\d)", file.read_text("utf-8"))
    assert sum(float(share) for share, _ in shares) == pytest.approx(0.98, abs=0.002)
    (chart,) = {name.rpartition("-")[0] for _, name in shares}
    drawn = json.loads((results.kept / f"{chart}.json").read_text("utf-8"))["states"]
    widths = [float(parsed(markup).get("width")) for markup in drawn]
    scales = [float(share) / width for (share, _), width in zip(shares, widths, strict=True)]
    assert scales == pytest.approx([scales[0]] * 4, rel=0.01)


@pytest.mark.parametrize(
    ("builder", "file"), [("text", "index.txt"), ("man", "*.1"), ("texinfo", "*.texi")]
)
def test_other_outputs_get_the_words(results, builder: str, file: str) -> None:
    results.build(builder)
    (output,) = results.out(builder=builder).glob(file)
    text = " ".join(output.read_text(encoding="utf-8").replace("\\~", " ").split())
    assert "[Chart: From 0.50" in text
    assert "[Chart: Three settings.]" in text
    assert "<svg" not in text


# --- drawn once


def test_unchanged_charts_are_not_drawn_again(results, monkeypatch: pytest.MonkeyPatch) -> None:
    results.build()
    assert len(results.drawings()) == 3
    for name in ("draw", "picture", "specification"):
        monkeypatch.setattr(vega_svg, name, lambda *_: pytest.fail("made again"))
    for builder in ("html", "epub", "latex"):
        results.edit("index.md", "in front", "in front ")
        results.build(builder)
        assert results.warnings == []


def test_editing_one_result_draws_exactly_its_charts(results) -> None:
    results.build()
    before = results.drawings()
    results.edit("labs/results/few.json", '"value": 3', '"value": 7')
    results.build()
    assert len(results.drawings() - before) == 1
    assert ">7</text>" in charts(results.page("other.html"))[1]
    before = results.drawings()
    results.edit("labs/results/noise.json", "[0.5, 0.25, 0.125]", "[0.5, 0.25, 0.0625]")
    results.build("latex")
    results.build()
    assert len(results.drawings() - before) == 3  # all are drawn from it
    assert "to 0.06\N{NO-BREAK SPACE}nats &amp;" in results.page("index.html")
    one, same = (charts(results.page(f"{name}.html"))[0] for name in ("index", "other"))
    assert one.partition("<svg")[2] == same.partition("<svg")[2]


def test_editing_a_chart_draws_it_again(results) -> None:
    results.build()
    results.edit("labs/charts/noise.py", "error < αβγ", "mistake")
    assert results.build() == {"index", "other"}
    assert "mistake" in results.page("index.html")
    assert "mistake" in results.page("other.html")
    results.edit("labs/charts/noise.py", "mistake", "blunder")  # of the same length
    results.build("latex")
    assert results.build() == {"index", "other"}
    assert "blunder" in results.page("index.html")


def test_parallel_build_is_the_same(undrawn, tmp_path: Path) -> None:
    for number in range(8):
        text = "---\norphan: true\n---\n# M\n\n```{chart} noise.falling\n:alt: M.\n```\n"
        (undrawn.src / f"more-{number}.md").write_text(text)
    undrawn.build(parallel=2)
    assert undrawn.warnings == []
    pages = {file.name: file.read_text() for file in undrawn.out().glob("*.html")}
    assert len(charts(pages["more-7.html"])) == 1
    assert not list(undrawn.kept.glob("*.part"))
    undrawn.edit("labs/results/noise.json", "0.125]", "0.0625]")
    undrawn.build(parallel=2)
    assert "0.06\N{NO-BREAK SPACE}nats" in undrawn.page("index.html")


def test_another_release_writes_every_page_again(results, monkeypatch: pytest.MonkeyPatch) -> None:
    results.build()
    monkeypatch.setattr(vega_svg, "versions", lambda: "altair 99")
    before = results.drawings()
    assert results.build() == {"index", "other", "plain"}
    assert len(results.drawings() - before) == 3


def test_build_with_nothing_to_draw_loads_nothing_that_draws(undrawn) -> None:
    said = []
    for _ in range(2):
        undrawn.edit("index.md", "in front", "in front ")
        said.append(undrawn.loaded())
    assert said == ["0 ['vl_convert']", "0 []"]


# --- faults


def test_faults_are_reported_where_they_are(project) -> None:
    faulty = project("results-faults")
    for name, code in (("imports", "import numpy\n"), ("broken", "def good(results)\n")):
        (faulty.src / "labs" / "charts" / f"{name}.py").write_text(code)
    faulty.build("html")
    found = {
        n: what for f, n, kind, what in faulty.warnings if f == "charts.md" and kind == "chart"
    }
    wanted = {
        3: "needs :alt:",
        6: r"ZeroDivisionError at noise.py:10: float division by zero",
        11: r"no function 'god' in noise.py; did you mean 'good'",
        15: r"no file of charts 'nothing.py'",
        20: r"'number' returned int",
        24: r"reads data from an address",
        28: r"Vega-Lite cannot draw this",
        32: r"no parameter 'y'",
        37: r":states: is no JSON",
        42: r"imports.py:1 imports 'numpy'",
        47: r"'noise' is no chart",
        55: r"no results 'noisy'; did you mean 'noise'",
        60: r"broken.py:1 is no Python",
        65: r"'unserialisable' returned what is no JSON: .*set",
        69: r"'infinite' returned what is no JSON: .*not JSON compliant",
    }
    assert found.keys() == wanted.keys()
    for line, pattern in wanted.items():
        assert re.search(pattern, found[line]), found[line]
    messages = Counter((f, n) for f, n, kind, _ in faulty.warnings if f == "charts.md")
    assert messages.pop(("charts.md", 20)) == 2  # a wrong key in :alt: besides
    assert set(messages.values()) == {1}
    page = faulty.page("charts.html")
    assert "A caption all the same." in page
    assert "[Chart: Raises.]" in page
    assert len(charts(page)) == 2


def test_half_a_file_is_reported_by_every_builder_that_misses_it(results) -> None:
    results.edit("labs/results/few.json", '"seeds"', "")
    results.build()
    assert [(f, n, kind) for f, n, kind, _ in results.warnings] == [("few.json", 4, "result")]
    results.build("latex")  # reads nothing, so it says what it could not draw
    assert [(f, n, kind) for f, n, kind, _ in results.warnings] == [("other.md", 9, "chart")]
    results.edit("labs/results/few.json", " : []", '"seeds": []')
    for builder in ("html", "latex"):
        results.build(builder)
        assert results.warnings == []
    assert len(charts(results.page("other.html"))) == 2


# --- our own


@pytest.mark.parametrize("file", sorted((ROOT / "labs" / "charts").glob("[!_]*.py")))
def test_our_charts_can_be_drawn_from_our_results(file: Path) -> None:
    slug = file.stem.replace("_", "-")
    results = load(ROOT / "labs" / "results", slug)
    names = re.findall(r"^def ([a-z]\w*)\(\w+: Results\)", file.read_text(), re.MULTILINE)
    assert names
    for name in names:
        spec = specification(file, name, [results])
        for form in (PAGE, PHONE):
            markup = picture(spec, form)
            assert len(markup) < 30_000
            assert float(parsed(markup).get("width")) <= form.width or fitted(spec, form) == spec
        assert len(live_charts.script(spec, name)) < 60_000
        assert list(live_charts.faults(spec)) == []
        assert json.dumps(markup).isascii()
