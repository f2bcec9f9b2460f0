"""Charts fill their place, name their lines at the ends, dash lines alone, and write powers."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from figures import chart_sizes, vega_repairs, vega_svg
from figures.chart_sizes import PAGE, PHONE, Form, fitted
from figures.vega_svg import compiled, picture

ENDS = {"up": [1, 2, 6], "level": [1, 3, 3], "down": [2, 1, 0]}


def lines(ends: dict[str, list[float]] = ENDS, **legend: Any) -> dict[str, Any]:
    """Return a chart with a line and points for each of ``ends``, a value for each x."""
    rows = [{"x": x, "y": y, "of": of} for of, ys in ends.items() for x, y in enumerate(ys)]
    color = {"field": "of", "type": "nominal", "scale": {"domain": list(ends)}, "legend": legend}
    encoding = {
        "x": {"field": "x", "type": "quantitative"},
        "y": {"field": "y", "type": "quantitative"},
        "color": color,
        "strokeDash": deepcopy(color),
    }
    marked = {**deepcopy(encoding), "shape": deepcopy(color)}
    return {
        "data": {"values": rows},
        "layer": [
            {"mark": "line", "encoding": encoding},
            {"mark": {"type": "point", "filled": True}, "encoding": marked},
        ],
    }


def texts(markup: str) -> list[str]:
    root = ET.fromstring(markup)  # noqa: S314  our own output
    return ["".join(text.itertext()) for text in root.iter("text")]


# --- size


@pytest.mark.parametrize("form", [PAGE, PHONE, Form(500, 100)])
def test_drawing_fills_its_form(form: Form) -> None:
    root = ET.fromstring(picture(lines(), form))  # noqa: S314  our own output
    assert float(root.get("width", 0)) == form.width
    assert float(root.get("height", 0)) > form.height


@pytest.mark.parametrize(
    "sizes", [{"width": 300}, {"width": {"step": 20}}, {"autosize": "none"}, {"hconcat": []}]
)
def test_sizes_of_its_own_stay_on_a_page(sizes: dict[str, Any]) -> None:
    spec = lines() | sizes
    assert fitted(spec, PAGE) == spec


def test_who_draws_to_a_size_may_draw_once_more_for_phones() -> None:
    narrow = lines() | {"width": 200}
    both = lines() | {"width": 500, "usermeta": {"phone": narrow}}
    assert fitted(both, PAGE) == lines() | {"width": 500}
    assert fitted(both, PHONE) == narrow
    assert float(ET.fromstring(picture(both, PHONE)).get("width", 0)) < 300  # noqa: S314  ours
    for strange in ({"phone": 5}, {"other": narrow}):
        same = fitted(lines() | {"width": 500, "usermeta": strange}, PHONE)
        assert same == lines() | {"width": 500}


def test_facets_stand_side_by_side_on_pages_and_below_each_other_on_phones() -> None:
    unit = lines()["layer"][1]
    spec = {"facet": {"column": {"field": "of"}}, "spec": unit, "data": lines()["data"]}
    assert fitted(spec, PAGE) == spec
    assert fitted(spec, PHONE)["facet"] == {"row": {"field": "of"}}
    assert fitted({"hconcat": [unit]}, PHONE) == {"vconcat": [unit]}
    assert fitted({"concat": [unit], "columns": 2}, PHONE) == {"concat": [unit], "columns": 1}
    assert fitted({"concat": [unit], "columns": 2}, PAGE)["columns"] == 2


def test_facet_that_is_an_encoding_keeps_its_sizes() -> None:
    spec = {**lines()["layer"][1], "data": lines()["data"]}
    spec["encoding"]["row"] = {"field": "of", "type": "nominal"}
    assert fitted(spec, PAGE) == spec


def test_height_of_its_own_stays() -> None:
    spec = lines() | {"height": 90}
    assert compiled(fitted(spec, PAGE))["height"] == 90
    assert compiled(fitted(lines(), PAGE))["height"] == PAGE.height


# --- names at the ends of lines


def test_lines_are_named_where_they_end() -> None:
    markup = picture(lines(title="direction"), PAGE)
    assert texts(markup)[-4:] == ["up", "level", "down", "direction"]
    assert len([text for text in texts(markup) if text in ENDS]) == len(ENDS)  # no legend


@pytest.mark.parametrize(
    "ends",
    [
        {"a": [1, 2], "b": [1, 2.01]},  # one upon the other
        {"a": [1, 2], "b": [3]},  # one ends earlier
        {str(n): [n, n] for n in range(5)},  # too many
        {"a": [1, 2], "b" * 60: [1, 9]},  # no room
        {"a": [1, 2]},
    ],
)
def test_legend_stays_where_names_would_not_be_read(ends: dict[str, list[float]]) -> None:
    markup = picture(lines(ends), PAGE)
    assert "direction" in texts(picture(lines(ends, title="direction"), PAGE))
    places = re.findall(r"translate\(([\d.]+),[-\d.]+\)[^>]*>([^<]+)</text>", markup)
    assert all(float(x) < 40 for x, word in places if word in ends)  # behind a symbol


def test_reversed_lines_are_named_on_the_right() -> None:
    spec = lines({name: ys[::-1] for name, ys in ENDS.items()})
    for unit in spec["layer"]:
        unit["encoding"]["x"]["scale"] = {"reverse": True}
    root = ET.fromstring(picture(spec, PAGE))  # noqa: S314  our own output
    named = [text for text in root.iter("text") if text.text in ENDS]
    assert all(float(text.get("transform", "")[10:].partition(",")[0]) > 500 for text in named)


def test_live_chart_keeps_its_legend() -> None:
    bind = {"input": "range", "min": 0, "max": 1, "step": 1}
    spec = lines() | {"params": [{"name": "k", "value": 1, "bind": bind}]}
    found = texts(picture(spec, PAGE))
    assert found.index("level") < found.index("down")  # as listed, not as they end


def test_lines_named_apart_from_other_words() -> None:
    root = ET.fromstring(  # noqa: S314  what Vega writes, in short
        '<svg><g class="mark-text role-mark end_of_line_0_marks">'
        '<text transform="translate(400,20)">a</text></g>'
        '<g class="mark-text role-mark other_marks">'
        '<text transform="translate(390,25)">words</text></g></svg>'
    )
    assert not chart_sizes.legible(root)
    root.remove(root[1])
    assert chart_sizes.legible(root)


# --- mended


def test_dashes_are_for_lines_alone() -> None:
    bind = {"input": "range", "min": 0, "max": 1, "step": 1}
    spec = lines() | {"params": [{"name": "k", "value": 1, "bind": bind}]}
    root = ET.fromstring(picture(spec, PAGE))  # noqa: S314  our own output
    dashed = [path for path in root.iter("path") if "stroke-dasharray" in path.attrib]
    assert len(dashed) == len(ENDS)
    assert {path.get("fill") for path in dashed} <= {None, "none", "transparent"}
    assert all("A" not in path.get("d", "") for path in dashed)


def test_legend_without_symbols_shows_dashes_as_lines() -> None:
    spec = lines({"a": [1, 2], "b": [1, 2]})
    del spec["layer"][1]
    (legend,) = compiled(spec)["legends"]
    assert (legend["symbolType"], legend["strokeDash"]) == ("stroke", "strokeDash")


@pytest.mark.parametrize(("width", "columns"), [(600, 3), (230, 2), (100, 1)])
def test_legend_has_as_many_columns_as_fit(width: int, columns: int) -> None:
    spec = lines({f"number {n}": [n, n] for n in range(3)})
    (legend,) = compiled(spec, Form(width, 100))["legends"]
    assert legend["columns"] == columns


def powers(values: list[float], style: str | None = "~e") -> list[str]:
    """Return the labels of a logarithmic axis."""
    axis = {"values": values} | ({"format": style} if style else {})
    scale = {"type": "log", "domain": [min(values), max(values)], "nice": False}
    x = {"field": "a", "type": "quantitative", "title": None, "scale": scale, "axis": axis}
    rows = [{"a": value} for value in values]
    spec = {"data": {"values": rows}, "mark": "point", "encoding": {"x": x}}
    return texts(vega_svg.draw(spec))


def test_powers_are_written_as_powers() -> None:
    assert powers([1e-12, 1e-3, 1, 1e6]) == ["10−12", "10−3", "1", "106"]
    assert powers([2e-5, 30, 5e4]) == ["2 × 10−5", "30", "5 × 104"]
    assert powers([0.001, 1], ".3~f") == ["0.001", "1"]  # its author's wish
    assert powers([0.001, 1], None) == ["0.001", "1"]


def test_exponent_is_raised_by_the_font() -> None:
    axis = {"values": [1e-3], "format": "e"}
    y = {"field": "a", "type": "quantitative", "scale": {"type": "log"}, "axis": axis}
    spec = {"data": {"values": [{"a": 1e-3}, {"a": 1}]}, "mark": "point", "encoding": {"y": y}}
    root = ET.fromstring(vega_svg.draw(spec))  # noqa: S314  our own output
    (raised,) = root.iter("tspan")
    assert (raised.text, raised.get("font-size"), raised.get("dy")) == ("−3", "9.8", "-4.5")


def test_exponents_are_found_and_numbers_left() -> None:
    assert vega_repairs.split_at_exponents("5 × 10⁻¹² nats") == ["5 × 10", "−12", " nats"]
    assert vega_repairs.split_at_exponents("x² at 10") == ["x² at 10"]
