"""What makes a chart live on click, all of it loaded by the click alone: pure functions, no Sphinx.

A chart's parameters that are bound to inputs become *controls*: labelled inputs of the page,
made by ``_static/charts.js``. The chart itself is handed over compiled to Vega, in the same
colours as its picture, as a script of data: pages opened from a folder may load scripts but fetch
nothing. Vega's own bundle, whose interpreter needs no ``eval``, comes out of vl-convert.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from figures import chart_sizes, vega_svg
from figures.chart_sizes import Form
from figures.svg_common import releases
from incremental.files import write_file

#: What stands in a control's place in every browser, and what each needs to be told.
INPUTS: Mapping[str, tuple[str, ...]] = {
    "range": ("min", "max", "step"),
    "select": ("options",),
    "radio": ("options",),
    "checkbox": (),
}

# Signals of Vega's own; it takes a parameter of such a name for its setting, without a word.
_TAKEN = frozenset({"width", "height", "padding", "autosize", "background", "cursor", "parent"})

# What a page calls, and no more: how Vega is loaded otherwise would set two names besides.
_SNIPPET = "window.vegaEmbed = vegaEmbed;"
_FORM = 1  # count up when what is kept is put together differently
# Scales that hand colours on as they are; others compute with them, which variables allow not.
_DISCRETE = frozenset({"ordinal", "band", "point", "threshold", "quantile", "quantize", None})


def faults(spec: Mapping[str, Any]) -> Iterator[str]:
    """Yield what keeps readers from setting a chart's parameters."""
    for name, param in vega_svg.parameters(spec).items():
        binds = list(_binds(param))
        if name in _TAKEN:
            yield f"Vega has a '{name}' of its own: call the parameter something else"
        if not binds and "select" in param:
            yield f"'{name}' is selected by mouse alone: bind it to an input or leave it out"
        elif not binds and "expr" not in param:
            yield f"the parameter '{name}' has no control: bind it to an input or leave it out"
        elif binds and "select" not in param and "value" not in param:
            yield f"the parameter '{name}' needs a value, with which its picture is drawn"
        for bind in binds:
            if bind["input"] not in INPUTS:
                yield f"'{name}' cannot be bound to '{bind['input']}': take {', '.join(INPUTS)}"
                continue
            missing = [key for key in INPUTS[bind["input"]] if key not in bind]
            if missing:
                yield f"the {bind['input']} of '{name}' needs {' and '.join(missing)}"


def _binds(param: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the inputs that a parameter is bound to; a selection has one for each field."""
    bind = param.get("bind")
    if isinstance(bind, dict):
        found = [bind] if "input" in bind else bind.values()
        yield from (one for one in found if isinstance(one, dict) and "input" in one)


def moved(spec: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what readers can set, as its controls are labelled, and by which kind of input."""
    return [
        (_label(name, bind), bind["input"])
        for name, param in vega_svg.parameters(spec).items()
        for bind in _binds(param)
        if bind["input"] in INPUTS
    ]


def script(spec: Mapping[str, Any], name: str) -> str:
    """Return the script of data that ``_static/charts.js`` loads; none for a chart without inputs.

    Raises: ChartError.
    """
    known = vega_svg.parameters(spec)
    if not any(True for param in known.values() for _ in _binds(param)):
        return ""
    compiled = _compiled(spec, chart_sizes.PAGE)
    controls = [
        _control(signal["name"], bind)
        for signal in compiled.get("signals", ())
        for bind in [signal.pop("bind", None)]
        if isinstance(bind, dict) and bind.get("input") in INPUTS
    ]
    order = list(known)
    controls.reverse()  # Vega-Lite puts each field of a selection before the one before
    controls.sort(key=lambda control: _position(control["signal"], order))
    return _handed_over(name, [_in_variables(compiled), controls])


def phone_script(spec: Mapping[str, Any], name: str) -> str:
    """Return the script of what is different on phones, beside that of `script`.

    Raises: ChartError.
    """
    page, phone = (_compiled(spec, form) for form in (chart_sizes.PAGE, chart_sizes.PHONE))
    return _handed_over(name, {k: _in_variables(v) for k, v in phone.items() if v != page.get(k)})


def _compiled(spec: Mapping[str, Any], form: Form) -> dict[str, Any]:
    """Return a chart in Vega as it fills ``form``."""
    return vega_svg.compiled(chart_sizes.fitted(spec, form), form)


def _handed_over(name: str, data: Any) -> str:
    """Return a script that hands ``data`` to the page."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return f"liveCharts[{json.dumps(name)}] = {text};\n"


def _label(signal: str, bind: Mapping[str, Any]) -> str:
    """Return what a control is called."""
    return str(bind.get("name") or signal).strip().removesuffix(":").strip()


def _control(signal: str, bind: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a control of the page is made of."""
    kept = {key: bind[key] for key in ("min", "max", "step", "options", "labels") if key in bind}
    return {"signal": signal, "input": bind["input"], "label": _label(signal, bind), **kept}


def _position(signal: str, order: list[str]) -> int:
    """Return where the parameter of a signal stands among those of its chart."""
    owners = [name for name in order if signal == name or signal.startswith(f"{name}_")]
    return order.index(max(owners, key=len)) if owners else len(order)


def _in_variables(part: Any) -> Any:
    """Return ``part`` of a chart with the colours as variables of the page's stylesheet."""
    if isinstance(part, str):
        return vega_svg.in_variables(part)
    if isinstance(part, list):
        return [_in_variables(member) for member in part]
    if isinstance(part, dict):
        continuous = "range" in part and "domain" in part and part.get("type") not in _DISCRETE
        return {k: v if continuous and k == "range" else _in_variables(v) for k, v in part.items()}
    return part


def bundle(folder: Path) -> Path:
    """Return the file of Vega's bundle that is kept in ``folder``, made if it is not.

    It is named by what it is made from.
    """
    made_from = f"{releases('vl-convert-python')} {_SNIPPET} {_FORM}"
    target = folder / f"vega-{sha256(made_from.encode()).hexdigest()[:16]}.js"
    if not target.is_file():
        import vl_convert

        # Made as a module, which pages opened from a folder may not load; Sphinx has names that
        # its own would clash with.
        whole = f'(() => {{"use strict";{vl_convert.javascript_bundle(_SNIPPET)}}})();\n'
        write_file(target, whole)
    return target


def bundle_name(file: Path) -> str:
    """Return the name under which pages ask for a bundle: another one for another content."""
    return f"vega-{sha256(file.read_bytes()).hexdigest()[:16]}.js"
