"""What a page's author can type: one directive per block, and three roles.

A directive only marks the spot; the other pages are not read yet.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.roles import XRefRole
from sphinx.util.docutils import SphinxDirective

from .domain import LISTS, placeholder


class BlockDirective(SphinxDirective):
    """A block about this page, or about the one that the argument names."""

    block: str
    optional_arguments = 1

    def run(self) -> list[nodes.Node]:
        here, options = self.env.docname, self.options
        name = self.arguments[0].strip() if self.arguments else f"/{here}"
        node = placeholder("", block=self.block, explainer=name, options=options, docname=here)
        self.set_source_info(node)
        return [node]


def _one_of(*allowed: str) -> Any:
    return lambda value: directives.choice(value, allowed)


class Cards(BlockDirective):
    """``{explainer-cards}``: a listing of explainers, all or some."""

    block = "cards"
    optional_arguments = 0
    option_spec = {  # noqa: RUF012 - as docutils declares it
        **dict.fromkeys(LISTS, directives.unchanged_required),
        "sort": _one_of("reading", "title", "date", "checked", "level", "minutes"),
        "limit": directives.positive_int,
        "group-by": _one_of("theme", "kind", "level"),
        "layout": _one_of("grid", "list", "compact", "table"),
        "filter": directives.flag,
    }


class Map(BlockDirective):
    """``{explainer-map}``: what builds on what in a theme."""

    block = "map"
    optional_arguments = 0
    option_spec = {"theme": directives.unchanged_required}  # noqa: RUF012


class Header(BlockDirective):
    """``{explainer-header}``: what an article is about, its level and how long it takes."""

    block = "header"


class Prerequisites(BlockDirective):
    """``{explainer-prerequisites}``: what to read before an article."""

    block = "prerequisites"


class Path(BlockDirective):
    """``{explainer-path}``: everything to read before an article, in order."""

    block = "path"


class Related(BlockDirective):
    """``{explainer-related}``: articles about the like."""

    block = "related"


class Dependents(BlockDirective):
    """``{explainer-dependents}``: articles that build on an article."""

    block = "dependents"


class Backlinks(BlockDirective):
    """``{explainer-backlinks}``: sentences of other articles that mention an article."""

    block = "backlinks"


DIRECTIVES = (Cards, Map, Header, Prerequisites, Path, Related, Dependents, Backlinks)


class ExplainerRole(XRefRole):
    """`` {explainer}`slug` ``: a link with the article's title, or with the text given."""

    def process_link(
        self, env: Any, refnode: nodes.Element, has_explicit_title: bool, title: str, target: str
    ) -> tuple[str, str]:
        refnode["refdomain"] = "explainers"  # the role is known without its domain's name, too
        return title, target.strip()
