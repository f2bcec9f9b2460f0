"""Drawings of charts: made once, kept beside the doctrees, laid out for pages that load them.

Each is kept under a hash of everything it is made from, so only what changed is drawn, and nothing
else loads what draws.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evidence.numbers import NAME, NumberError
from explainers.domain import app_of, is_web
from figures import chart_sizes, live_charts, result_roles, vega_svg
from figures.domain import Spot, domain_of
from figures.results import Results, load, path_of
from figures.web import sweep
from incremental.files import write_file

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment


@dataclass(frozen=True, slots=True)
class Drawn:
    """A chart as it is kept: its picture and those of its states, as SVG in light colours.

    ``phone`` is the picture for narrow screens, where it was asked for and is another one;
    ``script`` is the file that makes it live, if it can be, by setting what ``moved`` lists;
    ``faults`` is what its author should mend all the same.
    """

    name: str
    picture: str
    states: tuple[str, ...]
    script: Path
    moved: tuple[tuple[str, str], ...] = ()
    phone: str = ""
    faults: tuple[str, ...] = ()

    @property
    def is_live(self) -> bool:
        """Return whether readers can set it."""
        return self.script.is_file()

    @property
    def printed(self) -> tuple[str, ...]:
        """Return what stands on paper: the states side by side, else the picture."""
        return self.states or (self.picture,)


def key_of(env: BuildEnvironment, spot: Spot) -> str:
    """Return the name of a chart by everything that it is drawn from."""
    folder = result_roles.folder_of(env)
    code = code_of(env, spot.slug)
    files = [code, *(path_of(folder, name) for name in spot.results)]
    inputs = [path.read_bytes() if path.is_file() else b"" for path in files]
    return f"chart-{vega_svg.key(inputs[0], spot.function, inputs[1:], json.loads(spot.states))}"


def code_of(env: BuildEnvironment, slug: str) -> Path:
    """Return the file of a slug's charts."""
    return Path(env.srcdir, env.config.figures_charts, f"{slug.replace('-', '_')}.py")


def _kept(app: Sphinx) -> Path:
    """Return the folder of what has been drawn."""
    return Path(app.doctreedir, "charts")


def specification_of(env: BuildEnvironment, spot: Spot) -> dict[str, Any]:
    """Return the Vega-Lite specification of a chart.

    Raises: ChartError, NumberError.
    """
    results = _results_of(env, spot)
    return vega_svg.specification(code_of(env, spot.slug), spot.function, results)


def _results_of(env: BuildEnvironment, spot: Spot) -> list[Results]:
    """Return what a chart's function is given.

    Raises: NumberError.
    """
    for name in spot.results:
        if not NAME.fullmatch(name):
            raise NumberError(f"'{name}' is no name of results")
    return [load(result_roles.folder_of(env), name) for name in spot.results]


def drawing_of(env: BuildEnvironment, spot: Spot, *, phone: bool) -> Drawn:
    """Return a chart, drawn if it is not kept; for phones too, if asked.

    Raises: ChartError, NumberError.
    """
    results = _results_of(env, spot)
    key = key_of(env, spot)
    file = _kept(app_of(env)) / f"{key}.json"
    narrow = _for_phones(file)
    if not file.is_file() or (phone and not narrow.is_file()):
        spec = vega_svg.specification(code_of(env, spot.slug), spot.function, results)
        if not file.is_file():
            _draw(spec, spot, file)
        if phone:
            _draw_for_phones(spec, spot, narrow)
    found = json.loads(file.read_text(encoding="utf-8"))
    return Drawn(
        key,
        found["picture"],
        tuple(found["states"]),
        file.with_suffix(".js"),
        tuple((label, kind) for label, kind in found["moved"]),
        narrow.read_text(encoding="utf-8") if phone else "",
        tuple(found["faults"]),
    )


def _for_phones(file: Path) -> Path:
    """Return the file of a chart's picture for phones, beside that of all else; empty if alike."""
    return file.with_name(f"{file.stem}-phone.svg")


def _draw(spec: Mapping[str, Any], spot: Spot, file: Path) -> None:
    """Draw a chart and its states into ``file``, and make the script beside it.

    Raises: ChartError.
    """
    states = [vega_svg.with_state(spec, state) for state in json.loads(spot.states)]
    script = live_charts.script(spec, file.stem)
    whole = {
        "picture": vega_svg.picture(spec, chart_sizes.PAGE) if script or not states else "",
        "states": [vega_svg.draw(state) for state in states],
        "moved": live_charts.moved(spec),
        "faults": list(live_charts.faults(spec)),
    }
    if script:
        write_file(file.with_suffix(".js"), script)
    write_file(file, json.dumps(whole))  # last: where it is, all is


def _draw_for_phones(spec: Mapping[str, Any], spot: Spot, file: Path) -> None:
    """Draw a chart into ``file`` as phones show it, and make the script beside it.

    Raises: ChartError.
    """
    moved = live_charts.moved(spec)
    differs = chart_sizes.fitted(spec, chart_sizes.PHONE) != chart_sizes.fitted(
        spec, chart_sizes.PAGE
    )
    shown = moved or not json.loads(spot.states)  # else its states stand there alone
    if moved and differs:
        write_file(file.with_suffix(".js"), live_charts.phone_script(spec, file.stem))
    write_file(file, vega_svg.picture(spec, chart_sizes.PHONE) if differs and shown else "")


def bundle_name(app: Sphinx) -> str:
    """Return the name of the file with what all live charts need."""
    return live_charts.bundle_name(live_charts.bundle(_kept(app)))


def live_places(env: BuildEnvironment) -> dict[str, tuple[str, str]]:
    """Return by name of each live chart the page to see it on and the id of its figure, or nothing.

    Of several pages it is that of the same slug, else the first by name.
    """
    domain, kept, found = domain_of(env), _kept(app_of(env)), dict[str, tuple[str, str]]()
    for docname, spots in sorted(domain.spots.items()):
        for spot in spots:
            own = docname.rpartition("/")[2] == spot.slug
            if (own or spot.name not in found) and (kept / f"{key_of(env, spot)}.js").is_file():
                found[spot.name] = docname, domain.places[docname][spot.name]
    return found


def on_build_finished(app: Sphinx, error: Exception | None) -> None:
    """Lay out what pages load on click; remove what no page shows any more."""
    if error:
        return
    spots = {spot for spots in domain_of(app.env).spots.values() for spot in spots}
    keys = {f"{key_of(app.env, spot)}{form}" for spot in spots for form in ("", "-phone")}
    kept = _kept(app)
    scripts = [file for key in sorted(keys) if (file := kept / f"{key}.js").is_file()]
    wanted = {file.name: file for file in scripts}
    if scripts:
        bundle = live_charts.bundle(kept)
        sweep(kept, {*keys, bundle.stem})
        wanted[live_charts.bundle_name(bundle)] = bundle
    else:
        sweep(kept, keys)
    if not is_web(app.builder):
        return
    out = Path(app.outdir, "_static", "charts")
    for name, file in wanted.items():
        if not (out / name).is_file():
            write_file(out / name, file.read_text(encoding="utf-8"))
    sweep(out, {Path(name).stem for name in wanted})
