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
from typing import TYPE_CHECKING, Any

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

from evidence.numbers import NAME
from figures import chart_drawings, chart_placement, result_roles, vega_svg
from figures.chart_placement import DrawnCharts, chart, picture, visit_picture, warn
from figures.domain import Spot, domain_of
from figures.results import path_of

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_TARGET = re.compile(rf"(?P<slug>{NAME.pattern})\.(?P<function>[a-z]\w*)")


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
            warn(message, self.get_location())
            return []
        slug = match["slug"]
        spot = chart(docname=self.env.docname)
        self.set_source_info(spot)
        spot["alt"] = self._alt()
        states = json.dumps(self._states())
        spot["spot"] = Spot(slug, match["function"], tuple(self._results(slug)), states)
        self.env.note_dependency(chart_drawings.code_of(self.env, slug))
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
            warn("a chart needs :alt: (what it shows, in a sentence or two)", self.get_location())
        return result_roles.filled(self.env, alt, self.get_location())

    def _states(self) -> list[dict[str, Any]]:
        """Return the settings to draw; none draws the chart as it is."""
        text = self.options.get("states", "[]")
        try:
            states = json.loads(text)
        except (ValueError, RecursionError) as error:
            warn(f":states: is no JSON: {error}", self.get_location())
            return []
        if not isinstance(states, list) or not all(isinstance(state, dict) for state in states):
            warn(':states: is no list such as [{"beta": 0.1}, {"beta": 1}]', self.get_location())
            return []
        return states

    def _results(self, slug: str) -> list[str]:
        """Return the names of the results that the function is given."""
        names = re.split(r"[,\s]+", self.options.get("results", slug).strip())
        folder = result_roles.folder_of(self.env)
        for name in filter(NAME.fullmatch, names):
            self.env.note_dependency(path_of(folder, name))
        return names


def _on_doctree_read(app: Sphinx, doctree: nodes.document) -> None:
    """Note which charts a page has."""
    found = list(doctree.findall(chart))
    domain, docname = domain_of(app.env), app.env.current_document.docname
    domain.spots[docname] = tuple(node["spot"] for node in found)
    ids = {node["spot"].name: node.parent["ids"] for node in reversed(found)}  # the first counts
    domain.places[docname] = {name: known[0] if known else "" for name, known in ids.items()}


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
    app.connect("html-page-context", chart_placement.on_page)
    app.connect("build-finished", chart_drawings.on_build_finished)
