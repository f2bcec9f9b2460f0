"""Drawings of charts in pages, e-books and print, each in its form; words where none is drawn."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from docutils import nodes
from sphinx.locale import get_translation
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging

from evidence.numbers import NumberError
from explainers.domain import app_of, is_web
from figures import chart_sizes, svg, vega_svg
from figures.chart_drawings import Drawn, bundle_name, drawing_of
from figures.domain import domain_of
from figures.results import BrokenFile
from figures.web import short_address_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator

logger = logging.getLogger(__name__)
_ = get_translation("figures")

# Labels are drawn at 13 and 14 px, so they are eight to nine points on paper.
PRINT_SCALE = 0.65
# What certainly fits into a line of the book; what is wider is shrunk.
LINE_POINTS = 410
# What a button lists of the things that can be set.
MOST_NAMES = 3


class chart(nodes.General, nodes.Element):  # noqa: N801  docutils' way of naming nodes
    """A spot for a drawing; none is left once a page is written."""


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
            kind = app_of(self.env).builder.format
            known = kind in {"html", "latex"}
            found = self._drawn(spot, phone=kind == "html") if known else None
            if found is None:
                spot.replace_self(_words(spot))
            elif kind == "latex":
                self._print(spot, found)
            else:
                self._show(spot, found, f"chart-{number}")

    def _drawn(self, spot: chart, *, phone: bool) -> Drawn | None:
        """Return a chart; none after reporting why."""
        try:
            found = drawing_of(self.env, spot["spot"], phone=phone)
        except BrokenFile as error:
            if spot["docname"] not in domain_of(self.env).read_now:
                warn(f"chart not drawn: {error}", spot)  # else it was said of the file
        except (vega_svg.ChartError, NumberError) as error:
            warn(f"chart not drawn: {error}", spot)
        else:
            for fault in found.faults:
                warn(fault, spot)
            return found
        return None

    def _address(self, spot: chart) -> str:
        """Return where readers of a book find the chart live, or nothing."""
        return short_address_of(spot, spot["spot"].name, self.config)

    def _show(self, spot: chart, drawn: Drawn, prefix: str) -> None:
        """Put inline SVG into the spot, in pages with what makes it live."""
        builder = app_of(self.env).builder
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
            node["live"] = bundle_name(app_of(self.env))
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
            target = Path(app_of(self.env).outdir, f"{drawn.name}-{number}.pdf")
            try:
                if not target.is_file():
                    svg.write_pdf(vega_svg.placed(markup, "c", {}, scale=PRINT_SCALE), target)
            except ValueError as error:
                warn(f"chart not converted for print: {error}", spot)
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


def warn(message: str, location: Any) -> None:
    """Report ``message`` as ``figures.chart``."""
    logger.warning("%s", message, location=location, type="figures", subtype="chart")


def on_page(
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
