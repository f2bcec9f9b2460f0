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
    """``{explainer-<block>} [slug]``: a block about this article, or about the one named."""

    optional_arguments = 1
    block = ""

    def run(self) -> list[nodes.Node]:
        here, options = self.env.docname, self.options
        name = self.arguments[0].strip() if self.arguments else f"/{here}"
        node = placeholder("", block=self.block, explainer=name, options=options, docname=here)
        self.set_source_info(node)
        return [node]


def _one_of(*allowed: str) -> Any:
    return lambda value: directives.choice(value, allowed)


_OPTIONS: dict[str, dict[str, Any]] = {
    "cards": {
        **dict.fromkeys(LISTS, directives.unchanged_required),
        "sort": _one_of("reading", "title", "date", "checked", "level", "minutes"),
        "limit": directives.positive_int,
        "group-by": _one_of("theme", "kind", "level"),
        "layout": _one_of("grid", "list", "compact", "table"),
        "filter": directives.flag,
    },
    "map": {"theme": directives.unchanged_required},
}
_ABOUT_ONE = "header prerequisites related dependents backlinks path".split()
DIRECTIVES: dict[str, type[BlockDirective]] = {
    name: type(
        f"{name.title()}Directive",
        (BlockDirective,),
        {"block": name, "option_spec": options, "optional_arguments": int(not options)},
    )
    for name, options in {**_OPTIONS, **{name: {} for name in _ABOUT_ONE}}.items()
}


class ExplainerRole(XRefRole):
    """`` {explainer}`slug` ``: a link with the article's title, or with the text given."""

    def process_link(
        self, env: Any, refnode: nodes.Element, has_explicit_title: bool, title: str, target: str
    ) -> tuple[str, str]:
        refnode["refdomain"] = "explainers"  # the role is known without its domain's name, too
        return title, target.strip()
