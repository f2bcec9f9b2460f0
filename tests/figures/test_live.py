"""Live charts: what pages hold and load, what is kept, what is reported."""

from __future__ import annotations

import json
import re
from copy import deepcopy
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

from figures import live_charts as charts
from figures import vega_svg
from figures.chart_sizes import PHONE
from figures.charts import _explore
from figures.vega_svg import LIGHT, ChartError

ROOT = Path(__file__).parents[2]
FIGURES = ROOT / "_ext" / "figures"
BOUND = {
    "params": [
        {
            "name": "k",
            "value": 1,
            "bind": {"input": "range", "min": 0, "max": 2, "step": 0.5, "name": "k : "},
        },
        {"name": "twice", "expr": "2 * k"},
    ],
    "data": {"values": [{"a": 1}, {"a": 2}]},
    "transform": [{"calculate": "datum.a * k", "as": "b"}],
    "mark": "line",
    "encoding": {
        "x": {"field": "a", "type": "quantitative"},
        "y": {"field": "b", "type": "quantitative"},
    },
}


def handed_over(spec: dict[str, Any]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return Vega's specification and the controls that a page is given."""
    script = charts.script(spec, "c")
    match = re.fullmatch(r'liveCharts\["c"\] = (.*);\n', script)
    assert match
    compiled, controls = json.loads(match[1])
    return compiled, controls


def param(**changes: Any) -> dict[str, Any]:
    """Return a chart whose one parameter is changed; what is None is left out."""
    spec = deepcopy(BOUND)
    merged = spec["params"][0] | changes
    spec["params"] = [{name: value for name, value in merged.items() if value is not None}]
    return spec


# --- what the script is given


def test_controls_are_described() -> None:
    _, controls = handed_over(BOUND)
    assert controls == [
        {"signal": "k", "input": "range", "label": "k", "min": 0, "max": 2, "step": 0.5}
    ]


def test_vega_makes_no_controls_of_its_own_and_describes_no_marks() -> None:
    compiled, _ = handed_over(BOUND)
    text = json.dumps(compiled)
    assert '"bind"' not in text
    assert '"description"' not in text
    assert {signal["name"] for signal in compiled["signals"]} >= {"k", "twice"}


def test_controls_stand_in_the_order_of_the_parameters() -> None:
    spec = deepcopy(BOUND)
    choice = {"input": "select", "options": [None, 1]}
    spec["params"] = [
        {"name": "z", "value": 1, "bind": {"input": "checkbox"}},
        {"name": "z_s", "select": {"type": "point", "fields": ["a", "b"]}, "bind": choice},
        {"name": "a", "value": 1, "bind": {"input": "radio", "options": [1, 2]}},
    ]
    _, controls = handed_over(spec)
    assert [control["signal"] for control in controls] == ["z", "z_s_a", "z_s_b", "a"]
    assert list(charts.faults(spec)) == []


def test_phones_are_told_what_is_different_and_no_more() -> None:
    match = re.fullmatch(
        r'liveCharts\["c-phone"\] = (.*);\n', charts.phone_script(BOUND, "c-phone")
    )
    assert match
    changed = json.loads(match[1])
    assert changed["width"] == PHONE.width
    assert not {"data", "scales", "signals"} & changed.keys()


def test_what_moves_is_called_as_its_controls_are() -> None:
    _, controls = handed_over(BOUND)
    assert charts.moved(BOUND) == [(control["label"], control["input"]) for control in controls]


@pytest.mark.parametrize(
    ("moved", "language", "words"),
    [
        ([("Width", "range")], "en", "Move width"),
        ([("Width", "range"), ("τ", "range")], "en_GB", "Move width and τ"),
        ([("KL", "range"), ("Hand, degrees", "range")], "en", "Move KL and hand"),
        ([("Breite", "select")], "de", "Change Breite"),
        ([(name, "range") for name in "abcd"], "en", "Move a, b and more"),
    ],
)
def test_button_says_what_moves(moved: Any, language: str, words: str) -> None:
    assert _explore(moved, language) == words


def test_colours_are_variables_where_vega_hands_them_on() -> None:
    compiled, _ = handed_over(BOUND)
    assert f"var(--chart-1,{LIGHT['1']})" in json.dumps(compiled["config"])
    assert not re.search(r'"#[0-9a-f]{6}"', json.dumps(compiled))
    spec = deepcopy(BOUND)
    spec["encoding"]["color"] = {
        "field": "b",
        "type": "quantitative",
        "scale": {"range": [LIGHT["1"], LIGHT["2"]]},
    }
    compiled, _ = handed_over(spec)
    (scale,) = [scale for scale in compiled["scales"] if scale["name"] == "color"]
    assert scale["range"] == [LIGHT["1"], LIGHT["2"]]  # between variables there is nothing


def test_chart_without_inputs_needs_no_script() -> None:
    spec = deepcopy(BOUND)
    del spec["params"][0]["bind"]
    assert charts.script(spec, "c") == ""


def test_what_vega_lite_cannot_compile_says_why() -> None:
    with pytest.raises(ChartError, match="cannot draw"):
        charts.script({**BOUND, "mark": {"type": 3}}, "c")


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        (param(bind=None), "the parameter 'k' has no control"),
        (param(bind=None, value=None, select="interval"), "'k' is selected by mouse alone"),
        (param(bind="scales", value=None, select="interval"), "'k' is selected by mouse alone"),
        (param(bind="legend", value=None, select="point"), "'k' is selected by mouse alone"),
        (param(name="width"), "Vega has a 'width' of its own"),
        (param(value=None), "'k' needs a value"),
        (param(bind={"input": "text"}), "'k' cannot be bound to 'text': take range, select"),
        (param(bind={"input": "range", "max": 1}), "the range of 'k' needs min and step"),
        (param(bind={"input": "select"}), "the select of 'k' needs options"),
    ],
)
def test_parameter_that_nobody_can_set(spec: dict[str, Any], message: str) -> None:
    (fault,) = charts.faults(spec)
    assert message in fault


def test_parameter_within_a_layer_counts() -> None:
    spec = {"layer": [{"params": [{"name": "x", "value": 1}]}]}
    assert len(list(charts.faults(spec))) == 1


@pytest.mark.parametrize("value", [-1, 3, "1"])
def test_state_that_its_control_cannot_show(value: object) -> None:
    with pytest.raises(ChartError, match="the control of 'k' cannot be set to"):
        vega_svg.with_state(BOUND, {"k": value})


def test_state_that_is_no_choice() -> None:
    spec = param(bind={"input": "radio", "options": [1, 2]})
    assert vega_svg.with_state(spec, {"k": 2})["params"][0]["value"] == 2
    with pytest.raises(ChartError, match="cannot be set to 3"):
        vega_svg.with_state(spec, {"k": 3})


# --- the bundle


def test_bundle_is_made_once_and_runs_nothing_from_text(tmp_path: Path) -> None:
    file = charts.bundle(tmp_path / "new")
    text = file.read_text(encoding="utf-8")
    assert text.startswith('(() => {"use strict";')
    assert "window.vegaEmbed" in text
    assert "://cdn" not in text
    made = file.stat().st_mtime_ns
    assert charts.bundle(tmp_path / "new") == file
    assert file.stat().st_mtime_ns == made
    name = charts.bundle_name(file)
    assert re.fullmatch(r"vega-[0-9a-f]{16}\.js", name)
    file.write_text(text + "\n", encoding="utf-8")
    assert charts.bundle_name(file) != name


# --- pages


def boxes(page: str) -> list[str]:
    return re.findall(r'<div class="chart-live.*?<div class="chart-controls"></div>', page, re.S)


def loaded(live: Any) -> set[str]:
    """Return what lies there to be loaded on click, without hashes."""
    return {re.sub("-.*", "", file.name) for file in live.out("_static/charts").glob("*")}


def test_page_is_ready_and_lean(live: Any) -> None:
    live.build()
    assert live.warnings == []
    page = live.page("index.html")
    with_states, without = boxes(page)
    assert with_states.count("<svg") == 5
    assert without.count("<svg") == 2  # one is for phones
    assert 'data-explore="Move exponent e and log"' in with_states
    assert 'data-explore="Change kind, large points and points at"' in without
    for box in (with_states, without):
        name = re.search(r'data-chart="(chart-\w+)"', box)[1]
        script = live.out(f"_static/charts/{name}.js")
        assert script.stat().st_size < 6_000
    bundle = re.search(r'data-bundle="(vega-\w+\.js)"', page)[1]
    assert live.out(f"_static/charts/{bundle}").is_file()
    assert "vega" not in page.replace(bundle, "")
    assert "<button" not in with_states  # without scripts it would do nothing
    assert page.count('src="_static/charts.js') == 1
    assert "charts.js" not in live.page("still.html")


@pytest.mark.parametrize("builder", "dirhtml singlehtml epub latex text man texinfo".split())
def test_every_builder_is_silent(live: Any, builder: str) -> None:
    live.build(builder)
    assert live.warnings == []


def test_book_shows_the_states_and_loads_nothing(live: Any) -> None:
    live.build("epub")
    page = live.page("index.xhtml", "epub")
    assert [page.count(f">e = {number}<") for number in (1, 2, 3)] == [1, 1, 1]
    assert page.count("<svg") == 5
    assert "chart-live" not in page
    assert "charts.js" not in page
    assert not live.out("_static/charts", "epub").exists()
    live.build("latex")
    (file,) = live.out(builder="latex").glob("*.tex")
    assert len(re.findall(r"sphinxincludegraphics.*chart-", file.read_text("utf-8"))) == 6


# --- short addresses

SHORT = {"figures_short_addresses": "live"}


@pytest.mark.parametrize(
    ("config", "ends"),
    [
        (SHORT, ["live/waves.power/", "live/waves.choice/"]),
        ({}, ["index.html#fig-power", "index.html#fig-choice"]),
        (SHORT | {"html_baseurl": ""}, []),
    ],
)
def test_book_shows_addresses_as_short_as_the_site_has_them(
    live: Any, config: dict[str, str], ends: list[str]
) -> None:
    wanted = [f"https://example.org/live/{end}" for end in ends]
    live.build("latex", **config)
    (file,) = live.out(builder="latex").glob("*.tex")
    tex = file.read_text("utf-8")
    assert re.findall(r"To move its controls: \\sphinxurl\{(.*?)\}", tex) == wanted
    live.build("epub", **config)
    page = live.page("index.xhtml", "epub")
    found = re.findall(r'To move its controls: <a href="(.*?)">(.*?)</a>', page)
    assert found == [(address, address) for address in wanted]


@pytest.mark.parametrize(
    ("builder", "there"), [("html", "../../index.html"), ("dirhtml", "../../")]
)
def test_short_address_leads_to_the_chart_without_a_script(
    live: Any, builder: str, there: str
) -> None:
    live.build(builder, **SHORT)
    assert live.warnings == []
    found = sorted(path.name for path in live.out("live", builder).iterdir())
    assert found == ["waves.choice", "waves.power"]  # the third is still
    page = live.page("live/waves.power/index.html", builder)
    assert f'http-equiv="refresh" content="0; url={there}#fig-power"' in page
    assert f'<a href="{there}#fig-power">Live charts</a>' in page
    assert 'content="noindex"' in page
    assert "has moved" not in page
    assert "<script" not in page
    assert "waves.power" not in live.page("sitemap.xml", builder)


def test_without_short_addresses_there_are_no_such_pages(live: Any) -> None:
    live.build()
    assert not live.out("live").exists()
    live.build(html_baseurl="", **SHORT)
    assert not live.out("live").exists()


def test_short_address_leads_to_the_article_that_the_chart_is_named_after(live: Any) -> None:
    (live.src / "waves.md").write_text(
        "# Waves\n\n```{chart} waves.power\n:alt: Curve.\n:name: fig-again\n```\n"
    )
    live.edit("index.md", "\nstill\n", "\nwaves\nstill\n")
    live.build(**SHORT)
    assert "url=../../waves.html#fig-again" in live.page("live/waves.power/index.html")
    assert "url=../../index.html#fig-choice" in live.page("live/waves.choice/index.html")
    live.edit("waves.md", ":name: fig-again\n", "")
    live.build(**SHORT)
    assert re.search(r'url=../../waves.html"', live.page("live/waves.power/index.html"))


def test_second_build_makes_nothing(live: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    live.build()
    files = {file: file.stat().st_mtime_ns for file in live.out("_static/charts").glob("*")}
    assert len(files) == 5
    for name in ("specification", "draw", "picture"):
        monkeypatch.setattr(vega_svg, name, lambda *_: pytest.fail("made again"))
    monkeypatch.setattr(charts, "_compiled", lambda *_: pytest.fail("made again"))
    assert live.build() == set()
    live.edit("index.md", "A reader", "One reader")
    assert live.build() == {"index"}
    live.build("latex")
    assert live.build() == set()
    assert {file: file.stat().st_mtime_ns for file in files} == files


def test_second_build_loads_nothing_that_draws(live: Any) -> None:
    said = []
    for _ in range(2):
        live.edit("index.md", "reader", "reader ")
        said.append(live.loaded())
    assert said == ["0 ['altair', 'vl_convert']", "0 []"]


def test_lost_files_are_laid_out_again(live: Any) -> None:
    live.build()
    for file in live.out("_static/charts").glob("*"):
        file.unlink()
    live.build()
    assert loaded(live) == {"vega", "chart"}
    assert len(list(live.out("_static/charts").glob("*"))) == 5


def test_parallel_build_is_the_same(live: Any) -> None:
    for number in range(6):
        text = "---\norphan: true\n---\n# M\n\n```{chart} waves.choice\n:alt: M.\n```\n"
        (live.src / f"more-{number}.md").write_text(text)
    live.build(parallel=3)
    assert live.warnings == []
    assert len(list(live.out("_static/charts").glob("*"))) == 5
    for number in range(6):
        page = live.page(f"more-{number}.html")
        bundle = re.search(r'data-bundle="(vega-\w+\.js)"', page)[1]
        assert live.out(f"_static/charts/{bundle}").is_file()
        assert len(boxes(page)) == 1


# --- what is kept


def test_what_no_page_shows_is_removed(live: Any) -> None:
    live.build()
    first = live.drawings()
    assert len(first) == 3
    live.edit("labs/charts/waves.py", 'title="power"', 'title="force"')
    live.build("latex")  # of the same pages: what it has made stays, what it replaces goes
    second = live.drawings()
    assert len(second) == 3
    assert not first & second
    assert live.build() == {"index", "still"}
    assert live.drawings() == second
    laid_out = {file.stem for file in live.out("_static/charts").glob("chart-*")}
    assert {name.removesuffix("-phone") for name in laid_out} < second


def test_what_another_build_is_writing_stays(live: Any) -> None:
    live.build()
    (live.kept / "chart-0.123.part").write_text("half")
    live.build("text")
    assert (live.kept / "chart-0.123.part").is_file()


def test_last_live_chart_takes_the_bundle_with_it(live: Any) -> None:
    live.build()
    text = (live.src / "index.md").read_text(encoding="utf-8")
    (live.src / "index.md").write_text(
        re.sub(r"```\{chart\} waves\.(power|choice).*?```", "", text, flags=re.DOTALL)
        .replace("{numref}`fig-power`", "this")
        .replace("{numref}`fig-choice`", "that"),
        encoding="utf-8",
    )
    live.edit("still.md", "{numref}`Figure {number} there <fig-power>`", "elsewhere")
    live.build()
    assert loaded(live) == set()
    assert len(live.drawings()) == 1
    assert not list(live.kept.glob("vega-*"))
    assert "charts.js" not in live.page("index.html")


def test_failed_build_removes_nothing(live: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    live.build()
    kept = live.drawings()
    live.edit("labs/charts/waves.py", 'title="power"', 'title="force"')
    monkeypatch.setattr(vega_svg, "draw", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        live.build()
    assert live.drawings() == kept


# --- faults


def test_faults_are_reported_by_every_build_that_shows_them(live: Any) -> None:
    live.edit("labs/charts/waves.py", "exponent, log, log_label", "exponent, log_label, free, log")
    live.edit(
        "labs/charts/waves.py",
        "    rows = [{",
        '    free = alt.param(name="free", value=1)\n    rows = [{',
    )
    for builder in ("html", "latex"):
        live.build(builder)
        ((file, line, kind, what),) = live.warnings
        assert (file, line, kind) == ("index.md", 11, "chart")
        assert "the parameter 'free' has no control" in what
    assert len(boxes(live.page("index.html"))) == 2  # it is drawn, and live, all the same


def test_unknown_parameter_of_a_state_is_reported_with_a_suggestion(live: Any) -> None:
    live.edit("index.md", '"exponent": 3', '"exponents": 3')
    live.build()
    ((file, line, kind, what),) = live.warnings
    assert (file, line, kind) == ("index.md", 11, "chart")
    assert "there is no parameter 'exponents'; did you mean 'exponent'?" in what
    assert "[Chart: A quokka" in live.page("index.html")
    assert len(boxes(live.page("index.html"))) == 1


# --- words


def test_catalogue_has_every_word() -> None:
    template = (FIGURES / "locale" / "figures.pot").read_bytes()
    known = {str(message.id) for message in read_po(BytesIO(template)) if message.id}
    found: set[str] = set()
    for path in FIGURES.glob("*.py"):
        found.update(str(row[1]) for row in extract_from_file("python", path, keywords={"_": None}))
    assert known == found
