"""Tags at the end of articles: each leads to the listing, filtered by it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from weakref import WeakKeyDictionary

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.locale import get_translation
from sphinx.transforms.post_transforms import SphinxPostTransform

from explainers.domain import Block, Derived, app_of, domain_of, placeholder
from explainers.reading import ancestors
from explainers.tags import known_tags

from .layout import is_site

_ = get_translation("website")
# The same for all pages, until some have changed.
_LISTINGS: WeakKeyDictionary[Derived, str] = WeakKeyDictionary()


def listing(env: BuildEnvironment) -> str:
    """Return the page of the listing that filters, or nothing if there is none."""
    domain = domain_of(env)
    if domain.derived not in _LISTINGS:
        found = [
            (len(block.options), docname)  # whatever restricts a listing is an option
            for docname, page in domain.pages.items()
            for block in page.blocks
            if filters(block)
        ]
        _LISTINGS[domain.derived] = min(found, default=(0, ""))[1]
    return _LISTINGS[domain.derived]


def filters(block: Block) -> bool:
    """Return whether a block is a listing that can be filtered."""
    return block.name == "cards" and "filter" in dict(block.options)


def on_page_depends_on(app: Sphinx, env: BuildEnvironment, docname: str) -> Any:
    """Return what a page shows of tags that is not said in it."""
    domain, known = domain_of(env), known_tags(env) or {}
    slugs: set[str] = set()
    for block in domain.pages[docname].blocks if docname in domain.pages else ():
        record = domain.article(block.explainer)
        if block.name == "header" and record:
            slugs.update(record.tags)
    return slugs and (listing(env), sorted((slug, known.get(slug, slug)) for slug in slugs))


class TagArticles(SphinxPostTransform):
    """Put an article's tags at its end: a beginner cannot read them yet."""

    default_priority = 4  # the explainers' blocks are still placeholders, which name the article

    def run(self, **kwargs: Any) -> None:
        for node in list(self.document.findall(placeholder)):
            record = domain_of(self.env).article(node["explainer"])
            if node["block"] == "header" and record:
                outer = (part for part in ancestors(node) if "explainer" in part)
                article = next(outer, node.parent)
                article.append(tag_line(self.env, node["docname"], record.tags))


def tag_line(env: BuildEnvironment, here: str, slugs: Sequence[str]) -> nodes.paragraph:
    """Return the names of tags, as links where there is a listing that they lead to."""
    known, builder, target = known_tags(env) or {}, app_of(env).builder, listing(env)
    line = nodes.paragraph(classes=["explainer-tags", "no-search"])
    label = _("Tags: ")
    line += nodes.inline(label, label, classes=["tags-label"])
    for index, slug in enumerate(slugs):
        line += nodes.inline(", ", ", ", classes=["tags-comma"]) if index else []
        name = known.get(slug, slug)
        if target and is_site(app_of(env)):
            uri = f"{builder.get_relative_uri(here, target)}?tag={slug}"
            classes = ["explainer-tag"]
            line += nodes.reference("", name, refuri=uri, internal=True, classes=classes)
        else:
            line += nodes.Text(name)
    return line


def setup(app: Sphinx) -> None:
    """Connect to Sphinx."""
    app.connect("explainers-page-depends-on", on_page_depends_on)
    app.add_post_transform(TagArticles)
