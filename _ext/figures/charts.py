"""``{chart} slug.function``: a chart drawn while building, by our code from our results.

``labs/charts/<slug>.py`` (hyphens as underscores) holds the function; it is given the results
``<slug>``, or those that ``:results:`` lists, and returns a chart of Altair or a Vega-Lite
specification. Pages get inline SVG that follows light and dark, drawn for a line of text and once
more for phones; e-books that of phones in fixed light colours, print a vector PDF, every other
output the alternative text.

A chart with parameters that are bound to inputs gets a button on the pages of the web, which makes
it live (``live.py``, ``_static/charts.js``); its picture is the first state.

``:alt:`` is required; ``{file:key|format}`` in it is filled from results. ``:states:`` is a JSON
list of settings of the chart's parameters, such as ``[{"title": "β = 1", "beta": 1}]``: they stand
side by side in print and e-books, on printed pages of the web, and where no script runs.

What is drawn is kept beside the doctrees under a hash of everything it is made from, so only what
changed is drawn, and nothing else loads what draws. Warnings are of type ``figures.chart``.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.locale import get_translation
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from evidence.numbers import NAME, NumberError
from figures import chart_sizes, live_charts, result_roles, svg, vega_svg
from figures.domain import Spot, domain_of
from figures.results import BrokenFile, Results, load, path_of
from figures.web import is_web, short_address_of, sweep
from incremental.files import write_file

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinx.writers.html5 import HTML5Translator

logger = logging.getLogger(__name__)
_ = get_translation("figures")

# Labels are drawn at 13 and 14 px, so they are eight to nine points on paper.
PRINT_SCALE = 0.65
# What certainly fits into a line of the book; what is wider is shrunk.
LINE_POINTS = 410
# What a button lists of the things that can be set.
MOST_NAMES = 3

_TARGET = re.compile(rf"(?P<slug>{NAME.pattern})\.(?P<function>[a-z]\w*)")


class chart(nodes.General, nodes.Element):  # noqa: N801  docutils' way of naming nodes
    """A spot for a drawing; none is left once a page is written."""


class Chart(SphinxDirective):
    """The directive: a figure with a spot in it."""

    required_arguments = 1
    option_spec = {  # noqa: RUF012  docutils' name
        "alt": directives.unchanged_required,
        "caption": directives.unchanged_required,
        "name": directives.unchanged,
        "results": directives.unchanged_required,
        "states": directives.unchanged_required,
    }

    def run(self) -> list[nodes.Node]:
        match = _TARGET.fullmatch(self.arguments[0])
        if not match:
            message = f"'{self.arguments[0]}' is no chart: write `slug.function`"
            _warn(message, self.get_location())
            return []
        slug = match["slug"]
        spot = chart(docname=self.env.docname)
        self.set_source_info(spot)
        spot["alt"] = self._alt()
        states = json.dumps(self._states())
        spot["spot"] = Spot(slug, match["function"], tuple(self._results(slug)), states)
        self.env.note_dependency(_code(self.env, slug))
        figure = nodes.figure("", spot, classes=["chart"])
        self.set_source_info(figure)
        if caption := self.options.get("caption"):
            words = nodes.caption(caption, "", *self.parse_inline(caption)[0])
            self.set_source_info(words)
            figure += words
        self.add_name(figure)
        return [figure]

    def _alt(self) -> str:
        """Return the alternative text with its numbers."""
        alt = " ".join(self.options.get("alt", "").split())
        if not alt:
            _warn("a chart needs :alt: (what it shows, in a sentence or two)", self.get_location())
        return result_roles.filled(self.env, alt, self.get_location())

    def _states(self) -> list[dict[str, Any]]:
        """Return the settings to draw; none draws the chart as it is."""
        text = self.options.get("states", "[]")
        try:
            states = json.loads(text)
        except (ValueError, RecursionError) as error:
            _warn(f":states: is no JSON: {error}", self.get_location())
            return []
        if not isinstance(states, list) or not all(isinstance(state, dict) for state in states):
            _warn(':states: is no list such as [{"beta": 0.1}, {"beta": 1}]', self.get_location())
            return []
        return states

    def _results(self, slug: str) -> list[str]:
        """Return the names of the results that the function is given."""
        names = re.split(r"[,\s]+", self.options.get("results", slug).strip())
        folder = result_roles.folder_of(self.env)
        for name in filter(NAME.fullmatch, names):
            self.env.note_dependency(path_of(folder, name))
        return names


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
    code = _code(env, spot.slug)
    files = [code, *(path_of(folder, name) for name in spot.results)]
    inputs = [path.read_bytes() if path.is_file() else b"" for path in files]
    return f"chart-{vega_svg.key(inputs[0], spot.function, inputs[1:], json.loads(spot.states))}"


def _code(env: BuildEnvironment, slug: str) -> Path:
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
    return vega_svg.specification(_code(env, spot.slug), spot.function, results)


def _results_of(env: BuildEnvironment, spot: Spot) -> list[Results]:
    """Return what a chart's function is given.

    Raises: NumberError.
    """
    for name in spot.results:
        if not NAME.fullmatch(name):
            raise NumberError(f"'{name}' is no name of results")
    return [load(result_roles.folder_of(env), name) for name in spot.results]


def _drawn(env: BuildEnvironment, spot: Spot, *, phone: bool) -> Drawn:
    """Return a chart, drawn if it is not kept; for phones too, if asked.

    Raises: ChartError, NumberError.
    """
    results = _results_of(env, spot)
    key = key_of(env, spot)
    file = _kept(env._app) / f"{key}.json"
    narrow = _for_phones(file)
    if not file.is_file() or (phone and not narrow.is_file()):
        spec = vega_svg.specification(_code(env, spot.slug), spot.function, results)
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


class picture(nodes.General, nodes.Inline, nodes.TextElement):  # noqa: N801
    """A chart in a page of HTML, as markup; its text is the alternative one, for the search."""


def visit_picture(self: HTML5Translator, node: picture) -> NoReturn:
    """Write the markup."""
    self.body.append(node["markup"])
    raise nodes.SkipNode


class DrawnCharts(SphinxPostTransform):
    """Puts drawings, or where nothing is drawn the alternative text, into their spots."""

    default_priority = 400

    def run(self, **kwargs: Any) -> None:
        for number, spot in enumerate(list(self.document.findall(chart)), 1):
            kind = self.env._app.builder.format
            drawn = self._drawn(spot, phone=kind == "html") if kind in {"html", "latex"} else None
            if drawn is None:
                spot.replace_self(_words(spot))
            elif kind == "latex":
                self._print(spot, drawn)
            else:
                self._show(spot, drawn, f"chart-{number}")

    def _drawn(self, spot: chart, *, phone: bool) -> Drawn | None:
        """Return a chart; none after reporting why."""
        try:
            drawn = _drawn(self.env, spot["spot"], phone=phone)
        except BrokenFile as error:
            if spot["docname"] not in result_roles.pages_read(self.env._app):
                _warn(f"chart not drawn: {error}", spot)  # else it was said of the file
        except (vega_svg.ChartError, NumberError) as error:
            _warn(f"chart not drawn: {error}", spot)
        else:
            for fault in drawn.faults:
                _warn(fault, spot)
            return drawn
        return None

    def _address(self, spot: chart) -> str:
        """Return where readers of a book find the chart live, or nothing."""
        return short_address_of(spot, spot["spot"].name, self.config)

    def _show(self, spot: chart, drawn: Drawn, prefix: str) -> None:
        """Put inline SVG into the spot, in pages with what makes it live."""
        builder = self.env._app.builder
        label = spot["alt"] or str(_("Chart"))
        node = picture(label, label)
        if builder.name == "epub":  # readers that know no CSS variables are many
            node["markup"] = _fixed(drawn.states or (drawn.phone or drawn.picture,), prefix, label)
            if drawn.is_live and (address := escape(self._address(spot))):
                words = escape(_("To move its controls: %s")) % f'<a href="{address}">{address}</a>'
                node["markup"] += f'<p class="chart-address">{words}</p>\n'
        elif not (drawn.is_live and is_web(builder)):
            phone = drawn.phone if not drawn.states else ""
            node["markup"] = _box(drawn.printed, prefix, label, phone=phone)
        else:
            node["live"] = live_charts.bundle_name(live_charts.bundle(_kept(self.env._app)))
            boxes = _box([drawn.picture], prefix, label, "chart-picture", phone=drawn.phone)
            classes = "chart-live"
            if drawn.states:
                boxes += _box(drawn.states, f"{prefix}-s", label, "chart-states")
                classes += " chart-has-states"
            said = escape(_explore(drawn.moved, self.config.language))
            # What is empty here has its place, so that nothing moves when the script fills it.
            node["markup"] = (
                f'<div class="{classes}" data-chart="{drawn.name}" data-explore="{said}">\n{boxes}'
                '<div class="chart-controls"></div>\n</div>\n'
            )
        spot.replace_self(node)

    def _print(self, spot: chart, drawn: Drawn) -> None:
        """Put vector pictures into the spot; their files lie beside the TeX file."""
        parts = []
        drawings = drawn.printed
        room = sum(_width(markup) for markup in drawings) * PRINT_SCALE <= LINE_POINTS
        for number, (share, markup) in enumerate(zip(_shares(drawings), drawings, strict=True), 1):
            target = Path(self.env._app.outdir, f"{drawn.name}-{number}.pdf")
            try:
                if not target.is_file():
                    svg.write_pdf(vega_svg.placed(markup, "c", {}, scale=PRINT_SCALE), target)
            except ValueError as error:
                _warn(f"chart not converted for print: {error}", spot)
                spot.replace_self(_words(spot))
                return
            size = "" if room else f"[width={share:.3f}\\linewidth]"
            parts.append(f"\\sphinxincludegraphics{size}{{{target.name}}}")
        tex = "{\\centering\n" + "\\hfill\n".join(parts) + "\\par}\n"
        if drawn.is_live and (address := self._address(spot)):
            words = _("To move its controls: %s") % f"\\sphinxurl{{{address}}}"
            tex += f"{{\\centering\\sffamily\\footnotesize {words}\\par}}\n"
        spot.replace_self(nodes.raw(tex, tex, format="latex"))


def _explore(moved: Sequence[tuple[str, str]], language: str) -> str:
    """Return the words of the button that makes a chart live: what can be set then."""
    names = [label.partition(",")[0] for label, _kind in moved]
    if language.partition("_")[0] == "en":  # within a sentence; other languages have capitals there
        names = [n[0].lower() + n[1:] if n[1:2].islower() else n for n in names]
    if len(names) > MOST_NAMES:
        names[MOST_NAMES - 1 :] = [str(_("more"))]
    *most, last = names
    listed = _("%s and %s") % (", ".join(most), last) if most else last
    slides = all(kind == "range" for _label, kind in moved)
    return (_("Move %s") if slides else _("Change %s")) % listed


def _box(
    drawings: Sequence[str], prefix: str, label: str, kind: str = "", *, phone: str = ""
) -> str:
    """Return drawings as one picture of a page, with the one that ``phone`` screens show."""
    parts = [_placed(markup, f"{prefix}-{number}") for number, markup in enumerate(drawings, 1)]
    if phone:
        parts.append(_placed(phone, f"{prefix}-p", {"class": "chart-phone"}))
        kind += " chart-forms"
    return _wrapped(parts, label, kind)


def _placed(markup: str, prefix: str, attributes: Mapping[str, str] | None = None) -> str:
    """Return a drawing in the page's colours, which its stylesheet sizes."""
    style = {"style": f"--chart-width:{_width(markup):g}px", "aria-hidden": "true"}
    return vega_svg.placed(markup, prefix, style | dict(attributes or {}), live=True)


def _fixed(drawings: Sequence[str], prefix: str, label: str) -> str:
    """Return drawings as one picture of an e-book, in light colours and shares of a line."""
    parts = []
    for number, (share, markup) in enumerate(zip(_shares(drawings), drawings, strict=True), 1):
        style = f"max-width:{share:.0%};height:auto"
        if len(drawings) == 1 and _width(markup) <= chart_sizes.PHONE.width:
            style = "width:100%;max-width:32em;height:auto"  # large letters, on any screen
        attributes = {"style": style, "aria-hidden": "true"}
        parts.append(vega_svg.placed(markup, f"{prefix}-{number}", attributes))
    return _wrapped(parts, label)


def _wrapped(parts: Sequence[str], label: str, kind: str = "") -> str:
    """Return drawings in a box that is one picture to those who hear the page."""
    classes = f"chart {kind.strip()}".strip()
    return (
        f'<div class="{classes}" role="img" aria-label="{escape(label)}">{"".join(parts)}</div>\n'
    )


def _width(markup: str) -> float:
    """Return how wide a drawing is.  Units: pixels."""
    match = re.search(r'\swidth="([\d.]+)"', markup)
    return float(match[1]) if match else 0.0


def _shares(drawings: Sequence[str]) -> list[float]:
    """Return which part of a line each drawing takes, so that all are drawn to one scale."""
    widths = [_width(markup) for markup in drawings]
    whole = 1 if len(widths) == 1 else 0.98  # some of it parts them
    return [whole * width / sum(widths) for width in widths]


def _words(spot: chart) -> nodes.paragraph:
    """Return what a chart says, in words."""
    text = f"[{_('Chart')}: {spot['alt']}]" if spot["alt"] else f"[{_('Chart')}]"
    words = nodes.paragraph(text, text)
    words.source, words.line = spot.source, spot.line
    return words


def _warn(message: str, location: Any) -> None:
    """Report ``message`` as ``figures.chart``."""
    logger.warning("%s", message, location=location, type="figures", subtype="chart")


def _on_doctree_read(app: Sphinx, doctree: nodes.document) -> None:
    """Note which charts a page has."""
    found = list(doctree.findall(chart))
    domain, docname = domain_of(app.env), app.env.current_document.docname
    domain.spots[docname] = tuple(node["spot"] for node in found)
    ids = {node["spot"].name: node.parent["ids"] for node in reversed(found)}  # the first counts
    domain.places[docname] = {name: known[0] if known else "" for name, known in ids.items()}


def live_places(env: BuildEnvironment) -> dict[str, tuple[str, str]]:
    """Return by name of each live chart the page to see it on and the id of its figure, or nothing.

    Of several pages it is that of the same slug, else the first by name.
    """
    domain, kept, found = domain_of(env), _kept(env._app), dict[str, tuple[str, str]]()
    for docname, spots in sorted(domain.spots.items()):
        for spot in spots:
            own = docname.rpartition("/")[2] == spot.slug
            if (own or spot.name not in found) and (kept / f"{key_of(env, spot)}.js").is_file():
                found[spot.name] = docname, domain.places[docname][spot.name]
    return found


def _on_page(
    app: Sphinx, pagename: str, _template: str, _context: Any, doctree: nodes.document | None
) -> None:
    """Give the stylesheet to pages that have charts, and the script to those with live ones."""
    found = list(doctree.findall(picture)) if doctree else []
    if found and app.builder.name != "epub":  # its drawings have all that they need
        app.add_css_file("charts.css")
    bundles = [node["live"] for node in found if "live" in node]
    if bundles:
        said: Any = {"data-bundle": bundles[0], **{f"data-{k}": v for k, v in _said().items()}}
        app.add_js_file("charts.js", loading_method="defer", **said)


def _said() -> dict[str, str]:
    """Return what the script says, in the site's language."""
    return {
        "loading": _("Loading …"),
        "failed": _("The chart could not be loaded; this is its picture."),
        "controls": _("Controls of the chart"),
        "back": _("Back to the picture"),
    }


def _on_build_finished(app: Sphinx, error: Exception | None) -> None:
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


def setup(app: Sphinx) -> None:
    """Register the directive and what draws."""
    app.add_config_value("figures_charts", "labs/charts", "env", types=(str,))
    app.add_config_value("figures_short_addresses", "", "html", types=(str,))
    # Not for conf.py: another release of what draws makes every page out of date.
    app.add_config_value("figures_charts_drawn_with", vega_svg.versions(), "html", types=(str,))
    app.add_node(chart)
    app.add_node(picture, html=(visit_picture, None))
    app.add_directive("chart", Chart)
    app.add_post_transform(DrawnCharts)
    app.connect("doctree-read", _on_doctree_read)
    app.connect("html-page-context", _on_page)
    app.connect("build-finished", _on_build_finished)
