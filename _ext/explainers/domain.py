"""What Sphinx keeps of the explainers between builds, and what follows from it."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib import import_module
from pathlib import PurePosixPath
from statistics import median
from typing import Any, NamedTuple

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.config import Config
from sphinx.domains import Domain
from sphinx.environment import BuildEnvironment
from sphinx.search import SearchLanguage, languages
from sphinx.util import logging
from sphinx.util.nodes import make_refnode

from .library import Library, Suggestion
from .prose import fill_marks
from .record import Record
from .relations import ENGLISH, Counts, Language, Related, related_from_counts

LISTS = ("theme", "tag", "kind", "level")  # options of listings that take one or more values
log = logging.getLogger(__name__)


class placeholder(nodes.General, nodes.Element):  # noqa: N801 - docutils names nodes so
    """The spot of a block that can only be filled when every page is known."""


class front_matter(nodes.Invisible, nodes.Element):  # noqa: N801
    """Front matter's texts, as paragraphs, for as long as Sphinx translates and typesets them."""


class Block(NamedTuple):
    """A placeholder's request; ``explainer`` is a slug or ``/docname``, ``options`` as written."""

    name: str
    explainer: str
    options: tuple[tuple[str, str], ...]
    line: int

    @property
    def listing(self) -> bool:
        """Whether it is about many explainers, not about the one it names."""
        return self.name in ("cards", "map")

    def named(self) -> list[tuple[str, str]]:
        """Return the option and value of everything that its options select."""
        return [(name, value) for name, text in self.options if name in LISTS
                for value in text.replace(",", " ").split()]  # fmt: skip


class Link(NamedTuple):
    """A link in prose: slug or ``/docname``, the sentence it is in, whether it shows a title.

    ``role`` tells whether it must lead to an explainer.
    """

    target: str
    sentence: str
    automatic: bool
    line: int
    role: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """What one document contributes; a record has only an article or a theme's page."""

    record: Record | None = None
    article: bool = False
    blocks: tuple[Block, ...] = ()
    links: tuple[Link, ...] = ()
    minutes: int = 0  # without what a first reading may skip
    minutes_everything: int = 0
    counts: Counts | None = field(default=None, compare=False, repr=False)


def warn(subtype: str, message: str, location: Any) -> None:
    """Report a contributor's mistake; suppressed by ``explainers.<subtype>``."""
    log.warning("%s", message, type="explainers", subtype=subtype, location=location)


class Store(Domain):
    """A domain for what it keeps: references of every kind never lead to something of it."""

    def resolve_any_xref(self, *about: Any) -> list[tuple[str, nodes.reference]]:
        return []  # Sphinx would raise, and MyST-Parser complain of each domain that does


class ExplainersDomain(Store):
    """Pages by document name; everything else is derived from them on demand."""

    name = "explainers"
    label = "Explainers"
    data_version = 3
    initial_data = {  # noqa: RUF012 - as Sphinx declares it
        "pages": {}, "related": ("", {}), "circles": {},
    }  # fmt: skip

    @property
    def pages(self) -> dict[str, Page]:
        """Pages by document name."""
        pages: dict[str, Page] = self.data["pages"]
        return pages

    def clear_doc(self, docname: str) -> None:
        self.pages.pop(docname, None)
        self.data["circles"].pop(docname, None)

    def merge_domaindata(self, docnames: Set[str], otherdata: dict[str, Any]) -> None:
        theirs = otherdata["pages"]
        self.pages.update({name: theirs[name] for name in docnames & theirs.keys()})

    def forget(self) -> None:
        """Drop what was derived; called when pages have changed."""
        for name, value in vars(type(self)).items():
            if isinstance(value, cached_property):
                self.__dict__.pop(name, None)

    @cached_property
    def library(self) -> Library:
        """All records, themes and reading times, in toctree order."""
        pages, others = self.pages.values(), self._other_pages()
        articles = [page.record for page in pages if page.record and page.article]
        folders = dict.fromkeys(record.docname.rpartition("/")[0] for record in articles)
        unasked = [others[f"/{name}/index"] for name in folders if f"/{name}/index" in others]
        return Library(
            articles,
            [*unasked, *(page.record for page in pages if page.record and not page.article)],
            list(self.env.collect_relations()),
            {name: page.minutes for name, page in self.pages.items()},
            {name: page.minutes_everything for name, page in self.pages.items()},
            pages=others,
            drafts=self.env.config.explainers_drafts,
        )

    def _other_pages(self) -> dict[str, Record]:
        """Return what is no explainer, by ``/docname``; in the root, by its file's name too."""
        root, found = root_of(self.env.config), {}
        for docname, page in self.pages.items():
            if not page.article:
                title = title_of(self.env, docname)
                short = str(self.env.metadata[docname].get("short_title", ""))
                found[f"/{docname}"] = page.record or Record(docname, title, short_title=short)
                folder, _slash, name = docname.rpartition("/")
                if folder == root:
                    found[name] = found[f"/{docname}"]
        return found

    @cached_property
    def related(self) -> dict[str, list[Related]]:
        """Computed suggestions by slug, more than are shown; kept until a text changes."""
        counts = {s: self.pages[r.docname].counts for s, r in self.library.by_slug.items()}
        known = {slug: count for slug, count in counts.items() if count is not None}
        names = self.env.domains.standard_domain.objects
        terms = frozenset(name for kind, name in names if kind == "term")
        wanted = 3 * int(self.env.config.explainers_related) + 3
        key = repr((wanted, sorted((s, c.digest) for s, c in known.items()), sorted(terms)))
        if self.data["related"][0] != key:
            language = words_of(self.env.config.language)
            found = related_from_counts(known, wanted, prefer=terms, language=language)
            self.data["related"] = (key, found)
        kept: dict[str, list[Related]] = self.data["related"][1]
        return kept

    @cached_property
    def mentions(self) -> dict[str, list[tuple[str, str]]]:
        """By slug of the target: slug and sentence of every article whose prose links there."""
        found: dict[str, list[tuple[str, str]]] = {}
        for here, record in self.library.by_slug.items():
            for link in self.pages[record.docname].links:
                target = self.article(link.target)
                if target and target is not record and link.sentence:
                    entries = found.setdefault(self.library.name(target), [])
                    if here not in (slug for slug, _ in entries):
                        entries.append((here, fill_marks(link.sentence, self.title)))
        return found

    @cached_property
    def suggestions(self) -> dict[str, list[Suggestion]]:
        """Slug, kind of edge and reasons of the explainers suggested on each page."""
        best = [found[0].score for found in self.related.values() if found]
        floor = median(best) / 2 if best else 0.0  # keeps nine of ten links that authors would make
        k = self.env.config.explainers_related
        return self.library.suggest(self.related, k, self.mentions, floor)

    def article(self, target: str) -> Record | None:
        """Return the article that a slug or ``/docname`` names."""
        return self.library.article(target)

    def title(self, target: str) -> str:
        """Return the title of the page that a slug or ``/docname`` names."""
        page = self.library.find(target)
        return page.title if page else target

    def resolve_xref(
        self, env: BuildEnvironment, fromdocname: str, builder: Builder, typ: str, target: str,
        node: addnodes.pending_xref, contnode: nodes.Element,
    ) -> nodes.reference:  # fmt: skip
        record = self.article(target)
        if record is None:  # plain text; the consistency check has reported it
            return contnode  # type: ignore[return-value]
        if not node["refexplicit"]:
            contnode = nodes.inline(record.title, record.title, classes=["explainer-link"])
        return make_refnode(builder, fromdocname, record.docname, "", contnode, record.description)


def app_of(env: BuildEnvironment) -> Sphinx:
    """Return Sphinx, under the name that the environment of its version has for it."""
    return env._app if hasattr(env, "_app") else env.app  # the first since 9.0


def is_web(env: BuildEnvironment) -> bool:
    """Return whether pages that can fold are written; reading systems often cannot."""
    builder = app_of(env).builder
    return builder.format == "html" and builder.name != "epub"


def domain_of(env: BuildEnvironment) -> ExplainersDomain:
    """Return this extension's domain."""
    domain = env.get_domain(ExplainersDomain.name)
    assert isinstance(domain, ExplainersDomain)
    return domain


def block_of(node: nodes.Element) -> Block:
    """Return the request that a placeholder stands for."""
    options = tuple(sorted((name, str(value)) for name, value in node["options"].items()))
    return Block(node["block"], node["explainer"], options, node.line or 1)


def title_of(env: BuildEnvironment, docname: str) -> str:
    """Return the text of a page's heading: translated, with the quotes and dashes it shows."""
    title = env.titles.get(docname)
    return " ".join(title.astext().split()) if title else docname


def root_of(config: Config) -> str:
    """Return the folder of the themes' folders, empty where it is that of all sources."""
    root = PurePosixPath(config.explainers_root.strip("/")).as_posix()
    return "" if root == "." else root


def place_of(config: Config) -> str:
    """Return where explainers stand, for messages."""
    return "/".join(filter(None, (root_of(config), "<theme>", "<slug>.md")))


def page_type(env: BuildEnvironment, docname: str) -> str:
    """Return ``"article"``, ``"theme"``, ``"other"`` or nothing, by the place of a Markdown file.

    ``<root>/<theme>/<slug>.md`` is an article's place, ``<root>/<theme>/index.md`` a theme page's;
    ``"other"`` is elsewhere below the root.
    """
    root, path = PurePosixPath(root_of(env.config)), PurePosixPath(docname)
    if env.doc2path(docname).suffix != ".md" or not path.is_relative_to(root):
        return ""
    if path.parent.parent != root or path.parent == root:
        return "other"
    return "theme" if path.name == "index" else "article"


@cache
def words_of(name: str) -> Language:
    """Return what Sphinx's search knows of a language; nothing of one that it does not know."""
    base = name.partition("_")[0]
    kind = languages.get(name) or languages.get(base)
    if base == "en" or kind is None:
        return ENGLISH if base == "en" else Language(frozenset(), str)
    if isinstance(kind, str):
        module, _dot, kind_name = kind.rpartition(".")
        kind = getattr(import_module(module), kind_name)
    found: SearchLanguage = kind({})
    return Language(frozenset(found.stopwords), found.stem)
