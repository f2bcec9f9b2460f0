"""``{chart} slug.function``: a chart drawn while building, by our code from our results.

``labs/charts/<slug>.py`` (hyphens as underscores) holds the function; it is given the results
``<slug>``, or those that ``:results:`` lists, and returns a chart of Altair or a Vega-Lite
specification. Pages get inline SVG that follows light and dark, e-books the same in fixed light
colours, print a vector PDF, every other output the alternative text.

``:alt:`` is required; ``{file:key|format}`` in it is filled from results. ``:states:`` is a JSON
list of settings of the chart's parameters, such as ``[{"title": "β = 1", "beta": 1}]``: they are
drawn side by side.

A drawing is kept beside the doctrees under a hash of everything it is made from, so only what
changed is drawn, and nothing else loads what draws. Warnings are of type ``figures.chart``.
"""

from __future__ import annotations

import json
import os
import re
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from figures import plotting, quantities, svg
from figures.results import NAME, BrokenFile, ResultError, load, path_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinx.application import Sphinx

logger = logging.getLogger(__name__)

# Labels are drawn at 13 and 14 px, so they are eight to nine points on paper.
PRINT_SCALE = 0.65
# What certainly fits into a line of the book; what is wider is shrunk.
LINE_POINTS = 430

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
        spot = chart(slug=slug, function=match["function"], docname=self.env.docname)
        self.set_source_info(spot)
        spot["alt"] = self._alt()
        spot["states"] = self._states()
        spot["results"] = self._results(slug)
        code = Path(self.env.srcdir, self.config.figures_charts, _file_name(slug))
        self.env.note_dependency(code)
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
        return quantities.filled(self.env, alt, self.get_location())

    def _states(self) -> list[dict[str, Any]]:
        """Return the settings to draw; none draws the chart as it is."""
        text = self.options.get("states", "[]")
        try:
            states = json.loads(text)
        except ValueError as error:
            _warn(f":states: is no JSON: {error}", self.get_location())
            return []
        if not isinstance(states, list) or not all(isinstance(state, dict) for state in states):
            _warn(':states: is no list such as [{"beta": 0.1}, {"beta": 1}]', self.get_location())
            return []
        return states

    def _results(self, slug: str) -> list[str]:
        """Return the names of the results that the function is given."""
        names = re.split(r"[,\s]+", self.options.get("results", slug).strip())
        folder = quantities.folder_of(self.env)
        for name in filter(NAME.fullmatch, names):
            self.env.note_dependency(path_of(folder, name))
        return names


def _file_name(slug: str) -> str:
    """Return the name of the file of a slug's charts."""
    return f"{slug.replace('-', '_')}.py"


class DrawnCharts(SphinxPostTransform):
    """Puts drawings, or where nothing is drawn the alternative text, into their spots."""

    default_priority = 400

    def run(self, **kwargs: Any) -> None:
        for number, spot in enumerate(list(self.document.findall(chart)), 1):
            kind = self.env._app.builder.format
            drawings = self._drawings(spot) if kind in {"html", "latex"} else []
            if not drawings:
                spot.replace_self(_words(spot))
            elif kind == "latex":
                self._print(spot, drawings)
            else:
                self._show(spot, drawings, f"chart-{number}")

    def _drawings(self, spot: chart) -> list[tuple[str, str]]:
        """Return names and markup of a chart's drawings; none after reporting why."""
        try:
            return self._drawn(spot)
        except BrokenFile as error:
            if spot["docname"] not in quantities.pages_read(self.env._app):
                _warn(f"chart not drawn: {error}", spot)  # else it was said of the file
        except (plotting.ChartError, ResultError) as error:
            _warn(f"chart not drawn: {error}", spot)
        return []

    def _drawn(self, spot: chart) -> list[tuple[str, str]]:
        """Return names and markup of a chart's drawings, drawn if they are not kept.

        Raises: ChartError, ResultError.
        """
        folder = quantities.folder_of(self.env)
        code = Path(self.env.srcdir, self.config.figures_charts, _file_name(spot["slug"]))
        for name in spot["results"]:
            if not NAME.fullmatch(name):
                raise ResultError(f"'{name}' is no name of results")
        results = [load(folder, name) for name in spot["results"]]
        files = [path_of(folder, name).read_bytes() for name in spot["results"]]
        source = code.read_bytes() if code.is_file() else b""
        key = plotting.key(source, spot["function"], files, spot["states"])
        names = [f"chart-{key}-{number}" for number in range(1, 1 + (len(spot["states"]) or 1))]
        kept = [Path(self.env._app.doctreedir, "charts", f"{name}.svg") for name in names]
        if not all(path.is_file() for path in kept):
            spec = plotting.specification(code, spot["function"], results)
            states = spot["states"]
            specs = [plotting.with_state(spec, state) for state in states] or [spec]
            for path, markup in zip(kept, [plotting.draw(spec) for spec in specs], strict=True):
                _write(path, markup)
        return [(path.stem, path.read_text(encoding="utf-8")) for path in kept]

    def _show(self, spot: chart, drawings: Sequence[tuple[str, str]], prefix: str) -> None:
        """Put inline SVG into the spot."""
        live = self.env._app.builder.name != "epub"  # readers that know no CSS variables are many
        shares = _shares(drawings)
        parts = []
        for number, (_, markup) in enumerate(drawings, 1):
            style = f"--chart-width:{_width(markup):g}px"
            if not live:
                style = f"max-width:{shares[number - 1]:.0%};height:auto"
            attributes = {"style": style, "aria-hidden": "true"}
            parts.append(plotting.placed(markup, f"{prefix}-{number}", attributes, live=live))
        label = escape(spot["alt"] or "Chart")
        html = f'<div class="chart" role="img" aria-label="{label}">{"".join(parts)}</div>\n'
        # Sphinx would index what stands at the axes.
        classes = ["chart", "no-search"]
        spot.replace_self(nodes.raw(html, html, format="html", classes=classes))

    def _print(self, spot: chart, drawings: Sequence[tuple[str, str]]) -> None:
        """Put vector pictures into the spot; their files lie beside the TeX file."""
        parts = []
        room = sum(_width(markup) for _, markup in drawings) * PRINT_SCALE <= LINE_POINTS
        for share, (name, markup) in zip(_shares(drawings), drawings, strict=True):
            target = Path(self.env._app.outdir, f"{name}.pdf")
            try:
                if not target.is_file():
                    svg.write_pdf(plotting.placed(markup, "c", {}, scale=PRINT_SCALE), target)
            except ValueError as error:
                _warn(f"chart not converted for print: {error}", spot)
                spot.replace_self(_words(spot))
                return
            size = "" if room else f"[width={share:.3f}\\linewidth]"
            parts.append(f"\\sphinxincludegraphics{size}{{{target.name}}}")
        tex = "{\\centering\n" + "\\hfill\n".join(parts) + "\\par}\n"
        spot.replace_self(nodes.raw(tex, tex, format="latex"))


def _width(markup: str) -> float:
    """Return how wide a drawing is.  Units: pixels."""
    match = re.search(r'\swidth="([\d.]+)"', markup)
    return float(match[1]) if match else 0.0


def _shares(drawings: Sequence[tuple[str, str]]) -> list[float]:
    """Return which part of a line each drawing takes, so that all are drawn to one scale."""
    widths = [_width(markup) for _, markup in drawings]
    whole = 1 if len(widths) == 1 else 0.98  # some of it parts them
    return [whole * width / sum(widths) for width in widths]


def _words(spot: chart) -> nodes.paragraph:
    """Return what a chart says, in words."""
    text = f"[Chart: {spot['alt']}]" if spot["alt"] else "[Chart]"
    words = nodes.paragraph(text, text)
    words.source, words.line = spot.source, spot.line
    return words


def _write(path: Path, text: str) -> None:
    """Write ``text`` to ``path``, which never exists half-written: others may be reading."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(f".{os.getpid()}.part")
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)


def _warn(message: str, location: Any) -> None:
    """Report ``message`` as ``figures.chart``."""
    logger.warning("%s", message, location=location, type="figures", subtype="chart")


def _on_page(
    app: Sphinx, pagename: str, _template: str, _context: Any, doctree: nodes.document | None
) -> None:
    """Give the stylesheet to pages that have charts."""
    raws = doctree.findall(nodes.raw) if doctree else ()
    if any("chart" in raw["classes"] for raw in raws):
        app.add_css_file("charts.css")


def setup(app: Sphinx) -> None:
    """Register the directive and what draws."""
    app.add_config_value("figures_charts", "labs/charts", "env", types=(str,))
    # Not for conf.py: another release of what draws makes every page out of date.
    app.add_config_value("figures_charts_drawn_with", plotting.versions(), "html", types=(str,))
    app.add_node(chart)
    app.add_directive("chart", Chart)
    app.add_post_transform(DrawnCharts)
    app.connect("html-page-context", _on_page)
