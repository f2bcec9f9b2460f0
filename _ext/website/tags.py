"""Tags at the end of articles: each leads to the listing, filtered by it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.locale import get_translation
from sphinx.transforms.post_transforms import SphinxPostTransform

from explainers.domain import Block, ExplainersDomain, domain_of, placeholder, root_of
from explainers.library import Library
from explainers.reading import ancestors
from explainers.record import read_tags
from explainers.text import read_text

from .layout import is_site

_ = get_translation("website")


def names(env: BuildEnvironment) -> dict[str, str]:
    """Return the names of the tags by slug."""
    path = Path(env.srcdir, root_of(env.config), "tags.yaml")
    return _read(path, path.stat().st_mtime_ns) if path.is_file() else {}


@lru_cache(maxsize=1)
def _read(path: Path, _changed: int) -> dict[str, str]:
    return read_tags(read_text(path))[0]


def listing(env: BuildEnvironment) -> str:
    """Return the page of the listing that filters, or nothing if there is none."""
    domain = domain_of(env)
    return _listing(domain, domain.library)


@lru_cache(maxsize=1)
def _listing(domain: ExplainersDomain, _library: Library) -> str:
    """The second argument is another one as soon as pages have changed."""
    found = [
        (len(block.options), docname)  # whatever restricts a listing is an option
        for docname, page in domain.pages.items()
        for block in page.blocks
        if filters(block)
    ]
    return min(found, default=(0, ""))[1]


def filters(block: Block) -> bool:
    """Return whether a block is a listing that can be filtered."""
    return block.name == "cards" and "filter" in dict(block.options)


def on_page_depends_on(app: Sphinx, env: BuildEnvironment, docname: str) -> Any:
    """Return what a page shows of tags that is not said in it."""
    domain, known = domain_of(env), names(env)
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
    known, builder, target = names(env), env._app.builder, listing(env)
    line = nodes.paragraph(classes=["explainer-tags", "no-search"])
    label = _("Tags: ")
    line += nodes.inline(label, label, classes=["tags-label"])
    for index, slug in enumerate(slugs):
        line += nodes.inline(", ", ", ", classes=["tags-comma"]) if index else []
        name = known.get(slug, slug)
        if target and is_site(env._app):
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
