"""Signature pictures: an article's own chart, drawn small and without words.

The key ``signature`` of its front matter names a chart that stands in the article. The picture is
on the article's cards, on the card that others show beside a link to it, and where its chapter of
the book begins. It says nothing that the article does not, so whoever hears a page does not hear of
it. Without the extension ``explainers`` there are no articles, and nothing happens here.

What is drawn is kept beside the doctrees, as charts are. Warnings are of type
``figures.signature``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging

import explainers.domain as explainers
from evidence.numbers import NumberError
from explainers.record import did_you_mean
from figures import charts, signature_svg, svg, vega_svg
from figures.domain import Spot, domain_of
from figures.web import sweep
from incremental.files import write_file

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from explainers.record import Record

logger = logging.getLogger(__name__)

#: What a picture in the book is scaled by.
PRINT_SCALE = 0.8


class signature(charts.picture):  # noqa: N801  docutils' way of naming nodes
    """A signature picture in a page of HTML, as markup."""


def _records(env: BuildEnvironment) -> tuple[Record, ...]:
    """Return the articles that name a chart, in reading order."""
    if explainers.ExplainersDomain.name not in env.domains:
        return ()
    records = explainers.domain_of(env).library.records
    return tuple(record for record in records if record.signature)


def _spot(env: BuildEnvironment, record: Record) -> Spot | None:
    """Return the chart in an article that its front matter names."""
    spots = domain_of(env).spots.get(record.docname, ())
    named = (spot for spot in spots if spot.name == record.signature)
    return next(named, None)


def _file(env: BuildEnvironment, spot: Spot) -> Path:
    """Return where the picture of a chart is kept; another place whenever the chart changes."""
    return _kept(env) / f"{signature_svg.name(charts.key_of(env, spot))}.json"


def _kept(env: BuildEnvironment) -> Path:
    """Return the folder of what has been drawn."""
    return Path(explainers.app_of(env).doctreedir, "signatures")


def picture_of(env: BuildEnvironment, record: Record) -> str:
    """Return an article's picture as SVG in light colours, or nothing where it has none."""
    spot = _spot(env, record) if record.signature else None
    return _drawn(env, spot)[0] if spot else ""


def first_of_page(env: BuildEnvironment, docname: str) -> str:
    """Return the first chart of a page, small and without words, or nothing if it has none.

    It is SVG in light colours.
    """
    spots = domain_of(env).spots.get(docname, ())
    return _drawn(env, spots[0])[0] if spots else ""


def _drawn(env: BuildEnvironment, spot: Spot) -> tuple[str, str]:
    """Return a picture, drawn if it is not kept, or nothing, and what its author should mend."""
    file = _file(env, spot)
    if not file.is_file():
        try:
            specification = charts.specification_of(env, spot)
        except (vega_svg.ChartError, NumberError):
            return "", ""  # it is said of the chart
        try:
            found = {"picture": signature_svg.picture(specification), "fault": ""}
        except vega_svg.ChartError as error:
            found = {"picture": "", "fault": str(error)}
        write_file(file, json.dumps(found))
    kept = json.loads(file.read_text(encoding="utf-8"))
    return kept["picture"], kept["fault"]


class ShownSignatures(SphinxPostTransform):
    """Puts pictures on the cards of listings, and where chapters of a book begin."""

    default_priority = 6  # the explainers' blocks are filled in
    formats = ("html", "latex")

    def run(self, **kwargs: Any) -> None:
        records = {record.docname: record for record in _records(self.env)}
        self.builder = explainers.app_of(self.env).builder
        book = self.builder.name == "epub" or self.builder.format == "latex"
        found = _chapters(self.document) if book else _cards(self.document)
        for number, (spot, at, docname) in enumerate(found, 1):
            record = records.get(docname)
            if record is None or (record.thumbnail and not book):
                continue
            if markup := picture_of(self.env, record):
                spot.insert(at, self._shown(markup, f"signature-{number}"))

    def _shown(self, markup: str, prefix: str) -> nodes.Node:
        """Return a picture as the builder shows it; in pages it takes the room that it is given."""
        if self.builder.format == "latex":
            return self._printed(markup)
        fixed = self.builder.name == "epub"
        attributes = {} if fixed else {"preserveAspectRatio": "none"}
        drawn = vega_svg.placed(markup, prefix, attributes, live=not fixed)
        return signature(markup=f'<div class="signature" aria-hidden="true">{drawn}</div>\n')

    def _printed(self, markup: str) -> nodes.Node:
        """Return what sets a picture; its file lies beside the TeX file."""
        name = f"{signature_svg.name(markup)}.pdf"
        target = Path(self.builder.outdir, name)
        if not target.is_file():
            svg.write_pdf(vega_svg.placed(markup, "s", {}, scale=PRINT_SCALE), target)
        tex = f"\\booksignature{{{name}}}\n"
        return nodes.raw(tex, tex, format="latex")


def _cards(document: nodes.document) -> Iterator[tuple[nodes.Element, int, str]]:
    """Yield what takes a picture on a page of the web, where in it, and the article's name."""
    for card in list(document.findall(nodes.list_item)):
        cards = card.parent
        if "explainer" in card and cards is not None:
            layouts = set(cards["classes"])
            listing = "explainer-cards" in getattr(cards.parent, "attributes", {}).get(
                "classes", ()
            )
            if "explainer-cards-grid" in layouts or ("explainer-cards-list" in layouts and listing):
                yield card, 0, card["explainer"]


def _chapters(document: nodes.document) -> Iterator[tuple[nodes.Element, int, str]]:
    """Yield the chapters of a book, where in each a picture stands, and the article's name."""
    for section in list(document.findall(nodes.section)):
        if "explainer" in section:
            yield section, 1, section["explainer"]


def _on_page_depends_on(app: Sphinx, env: BuildEnvironment, docname: str) -> list[str]:
    """Return the names of the pictures of a page that lists articles, or may."""
    page = explainers.domain_of(env).pages.get(docname)
    if not page or not any(block.listing for block in page.blocks):
        return []
    spots = filter(None, (_spot(env, record) for record in _records(env)))
    return [_file(env, spot).stem for spot in spots]


def _on_consistency(app: Sphinx, env: BuildEnvironment) -> None:
    """Report charts that are not there, and those that make no picture."""
    draws = app.builder.format in ShownSignatures.formats
    for record in _records(env):
        spot = _spot(env, record)
        fault = _unknown(env, record) if spot is None else _drawn(env, spot)[1] if draws else ""
        if fault:
            where = f"{env.doc2path(record.docname)}:{record.lines.get('signature', 1)}"
            message = f"signature: {fault}"
            logger.warning("%s", message, location=where, type="figures", subtype="signature")


def _unknown(env: BuildEnvironment, record: Record) -> str:
    """Return that the chart which an article names is not in it, and what may be meant."""
    spots = domain_of(env).spots
    known = [spot.name for spot in spots.get(record.docname, ())]
    fault = f"there is no chart '{record.signature}' in this article"
    for other, found in sorted(spots.items()):
        if record.signature in {spot.name for spot in found}:
            return f"{fault}: it stands in {other}"
    return fault + (did_you_mean(record.signature, known) or f": {_listed(known)}")


def _listed(known: list[str]) -> str:
    """Return which charts an article has."""
    return f"its charts are {', '.join(known)}" if known else "it has none"


def _on_build_finished(app: Sphinx, error: Exception | None) -> None:
    """Remove what no article names any more."""
    if error:
        return
    named = filter(None, (_spot(app.env, record) for record in _records(app.env)))
    covers = domain_of(app.env).spots.get(app.config.root_doc, ())[:1]
    sweep(_kept(app.env), {_file(app.env, spot).stem for spot in [*named, *covers]})


def setup(app: Sphinx) -> None:
    """Register what draws."""
    app.add_node(signature, html=(charts.visit_picture, None))
    app.add_post_transform(ShownSignatures)
    app.connect("config-inited", _on_config_inited)
    app.connect("build-finished", _on_build_finished)
    app.connect("env-check-consistency", _on_consistency)


def _on_config_inited(app: Sphinx, config: Any) -> None:
    """Join the explainers where there are some; their extension may be set up after this one."""
    if "explainers" in app.extensions:
        app.connect("explainers-page-depends-on", _on_page_depends_on)
