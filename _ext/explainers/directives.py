"""What a page's author can type: one directive per block, and three roles.

A directive only marks the spot; the other pages are not read yet.
"""

from __future__ import annotations

from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx import addnodes
from sphinx.directives.other import TocTree
from sphinx.locale import get_translation
from sphinx.roles import XRefRole
from sphinx.util import docname_join
from sphinx.util.docutils import SphinxDirective, SphinxRole
from sphinx.util.nodes import explicit_title_re

from .domain import home, placeholder, unlinked

_ = get_translation("explainers")
LISTS = ("theme", "tag", "kind", "level")  # options that take one or more values
SORTS = ("reading", "title", "date", "checked", "level", "minutes")
GROUPS = ("theme", "kind", "level")
LAYOUTS = ("grid", "list", "compact")


def _one_of(allowed: tuple[str, ...]) -> Any:
    return lambda value: directives.choice(value, allowed)


class BlockDirective(SphinxDirective):
    """``{explainer-<block>} [slug]``: a block about this article, or about the one named."""

    optional_arguments = 1
    block = ""

    def run(self) -> list[nodes.Node]:
        slug = self.arguments[0].strip() if self.arguments else self.env.docname.rpartition("/")[2]
        node = placeholder(
            "", block=self.block, explainer=slug, options=self.options, docname=self.env.docname
        )
        self.set_source_info(node)
        return [node]


class CardsDirective(BlockDirective):
    """``{explainer-cards}``: the explainers that the options select, as cards."""

    optional_arguments = 0
    option_spec: ClassVar[dict[str, Any]] = {
        **dict.fromkeys(LISTS, directives.unchanged_required),
        "sort": _one_of(SORTS),
        "limit": directives.positive_int,
        "group-by": _one_of(GROUPS),
        "layout": _one_of(LAYOUTS),
    }

    def run(self) -> list[nodes.Node]:
        self.options = {name: str(value) for name, value in self.options.items()}
        return super().run()


class MapDirective(BlockDirective):
    """``{explainer-map}``: what builds on what, drawn; of one theme or of all."""

    optional_arguments = 0
    option_spec: ClassVar[dict[str, Any]] = {"theme": directives.unchanged_required}


BLOCKS = ("header", "prerequisites", "related", "dependents", "backlinks", "path")
DIRECTIVES: dict[str, type[BlockDirective]] = {
    **{name: type(f"{name.title()}Directive", (BlockDirective,), {"block": name})
       for name in BLOCKS},
    "cards": type("Cards", (CardsDirective,), {"block": "cards"}),
    "map": type("Map", (MapDirective,), {"block": "map"}),
}  # fmt: skip


class ExplainerRole(XRefRole):
    """`` {explainer}`slug` ``: a link with the article's title, or with the text given."""

    def process_link(
        self, env: Any, refnode: nodes.Element, has_explicit_title: bool, title: str, target: str
    ) -> tuple[str, str]:
        refnode["refdomain"] = "explainers"  # the role is known without its domain's name, too
        return title, target.strip()


class HomeRole(SphinxRole):
    """`` {home}`slug` ``: in the glossary, the article that explains the term."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        slug = self.text.strip()
        target = {"refdomain": "explainers", "reftype": "explainer", "reftarget": slug}
        link = addnodes.pending_xref(
            "", nodes.inline(text=slug), refexplicit=False, refdoc=self.env.docname, **target
        )
        before, _slot, after = _("Explained in %s.").partition("%s")
        node = home(self.rawtext, before, link, nodes.Text(after), explainer=slug)
        self.set_source_info(node)
        return [node], []


class UnlinkedRole(SphinxRole):
    """`` {unlinked}`word` ``: this mention of a glossary term does not become a link."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        return [unlinked(self.rawtext, self.text)], []


class TocTreeWithoutDrafts(TocTree):
    """Sphinx's ``toctree``, in which an excluded draft is no mistake."""

    def run(self) -> list[nodes.Node]:
        for index in reversed(range(len(self.content))):
            explicit = explicit_title_re.match(self.content[index])
            entry = (explicit[2] if explicit else self.content[index]).removesuffix(".md")
            if docname_join(self.env.docname, entry) in self.config.explainers_drafts:
                del self.content[index]
        return super().run()
