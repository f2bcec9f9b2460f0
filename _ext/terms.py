"""Glossary terms that lead to the article that explains them.

A definition in a ``{glossary}`` names its article with `` {home}`slug` ``. Elsewhere the first
mention of the term in an article's prose becomes a link: at most one per term and
``terms_per_article`` in all, never in headings, code, formulas, tables, links or captions, and
never to an article that the author links already. `` {unlinked}`word` `` keeps one mention from
it, the front matter ``unlinked`` a page or some terms. Builds on the extension ``explainers``.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence, Set
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.locale import get_translation
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxRole

from explainers.domain import Store, app_of, domain_of, warn
from explainers.reading import ancestors, running_text
from explainers.record import did_you_mean
from explainers.render import link
from explainers.text import read_text

_ = get_translation("explainers")
_WORD = re.compile(r"\w+")


class unlinked(nodes.inline):  # noqa: N801 - docutils names nodes so
    """Text in which no term becomes a link."""


class home(nodes.inline):  # noqa: N801
    """In a glossary definition: the article that explains the term."""


class Concept(NamedTuple):
    """A glossary entry: its term and synonyms, and the slug of the article that explains it."""

    terms: tuple[str, ...]
    home: str


class Hit(NamedTuple):
    """Characters ``start`` to ``end`` of text number ``text`` name what ``slug`` explains."""

    text: int
    start: int
    end: int
    slug: str


_Starts = dict[str, list[tuple[int, re.Pattern[str], Concept]]]


class TermsDomain(Store):
    """By document: the glossary entries it defines, and an article's texts."""

    name = "terms"
    label = "Terms"
    data_version = 1
    initial_data = {"concepts": {}, "texts": {}}  # noqa: RUF012 - as Sphinx declares it

    def clear_doc(self, docname: str) -> None:
        for pages in (self.data["concepts"], self.data["texts"]):
            pages.pop(docname, None)

    def merge_domaindata(self, docnames: Set[str], otherdata: dict[str, Any]) -> None:
        for name in ("concepts", "texts"):
            theirs = otherdata[name]
            self.data[name].update({doc: theirs[doc] for doc in docnames & theirs.keys()})


def find_concepts(
    texts: Sequence[str],
    concepts: Iterable[Concept],
    limit: int,
    skip_homes: Collection[str] = (),
    skip_terms: Collection[str] = (),
) -> list[Hit]:
    """Return the first mention of each concept in ``texts``, at most ``limit``, in text order.

    Longer terms win over shorter ones. Letter case is ignored except in terms without small
    letters (``PPO``); a plural s is allowed.
    """
    starts = _by_first_word(concepts, skip_homes, {term.casefold() for term in skip_terms})
    hits: list[Hit] = []
    seen: set[Concept] = set()
    for index, text in enumerate(texts):
        resume = 0
        for word in _WORD.finditer(text):
            first = word[0].casefold()
            for form in dict.fromkeys((first, first.removesuffix("s"), first.removesuffix("es"))):
                for _length, pattern, concept in starts.get(form, ()):
                    fits = word.start() >= resume and text[word.start() - 1 : word.start()] != "-"
                    found = pattern.match(text, word.start()) if fits else None
                    if found:
                        resume = found.end()
                        if concept not in seen and len(hits) < limit:
                            hits.append(Hit(index, found.start(), found.end(), concept.home))
                        seen.add(concept)
    return hits


def _by_first_word(
    concepts: Iterable[Concept], skip_homes: Collection[str], skip_terms: Collection[str]
) -> _Starts:
    """Return a pattern for each term, longest first, by the term's first word."""
    starts: _Starts = defaultdict(list)
    for concept in concepts:
        off = not {term.casefold() for term in concept.terms}.isdisjoint(skip_terms)
        for term in () if off or concept.home in skip_homes else concept.terms:
            for first in _WORD.findall(term)[:1]:
                starts[first.casefold()].append((-len(term), _pattern(term), concept))
    for entries in starts.values():
        entries.sort(key=lambda entry: (entry[0], entry[2]))
    return starts


@cache  # every article asks for nearly all of them
def _pattern(term: str) -> re.Pattern[str]:
    """Return what matches a mention of ``term``."""
    flags = re.NOFLAG if term == term.upper() else re.IGNORECASE
    body = r"\s+".join(map(re.escape, term.split()))
    return re.compile(rf"{body}(?:e?s)?(?!\w)", flags)


class HomeRole(SphinxRole):
    """`` {home}`slug` ``: in the glossary, the article that explains the term."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        slug = self.text.strip()
        target = {"refdomain": "explainers", "reftype": "explainer", "reftarget": slug}
        article = addnodes.pending_xref(
            "", nodes.inline(text=slug), refexplicit=False, refdoc=self.env.docname, **target
        )
        before, _slot, after = _("Explained in %s.").partition("%s")
        node = home(self.rawtext, before, article, nodes.Text(after), explainer=slug)
        self.set_source_info(node)
        return [node], []


class UnlinkedRole(SphinxRole):
    """`` {unlinked}`word` ``: this mention of a term does not become a link."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        return [unlinked(self.rawtext, self.text)], []


def on_doctree_read(app: Sphinx, doctree: nodes.document) -> None:
    """Keep the terms that the page defines, and the texts in which an article may mention some."""
    docname = app.env.current_document.docname
    data = app.env.get_domain("terms").data
    for glossary in doctree.findall(addnodes.glossary):
        _check(glossary)
    for node in doctree.findall(home):
        item = next((a for a in ancestors(node) if isinstance(a, nodes.definition_list_item)), None)
        if item is None or not isinstance(item.parent.parent, addnodes.glossary):
            warn("home", "home: belongs in a definition of the glossary", node)
            continue
        terms = tuple(" ".join(term.astext().split()) for term in item.findall(nodes.term))
        data["concepts"].setdefault(docname, []).append(Concept(terms, node["explainer"]))
    for section in doctree.findall(nodes.section):
        if "explainer" in section:
            for block in list(section.findall(nodes.TextElement)):
                _join_texts(block)
            data["texts"][docname] = [text.astext() for text in running_text(section, unlinked)]


def _check(glossary: nodes.Element) -> None:
    """Report terms that are not explained, and those that name more than one article."""
    for item in glossary.findall(nodes.definition_list_item):
        term = next(item.findall(nodes.term))
        if not any(part.astext().strip() for part in item.findall(nodes.definition)):
            message = f"the term '{term.astext()}' has no definition below it, indented"
            warn("term", message, _place(glossary, term.astext()))
        for second in list(item.findall(home))[1:]:
            message = f"home: the term '{term.astext()}' has one already"
            warn("home", message, second)


def _place(glossary: nodes.Element, term: str) -> str:
    """Return file and line of a term: Sphinx counts its lines from elsewhere in Markdown."""
    path = Path(str(glossary.source))
    rows = read_text(path).split("\n") if path.is_file() else []
    lines = (n for n, row in enumerate(rows, 1) if row.strip().partition(" : ")[0] == term)
    return f"{path}:{next(lines, glossary.line or 1)}"


def _join_texts(block: nodes.TextElement) -> None:
    """Make one text of each run of them: MyST parts them at every line end."""
    parts: list[nodes.Node] = []
    for plain, run in groupby(block.children, key=lambda node: isinstance(node, nodes.Text)):
        same = list(run)
        parts += [nodes.Text("".join(text.astext() for text in same))] if plain else same
    block[:] = parts


def concepts(env: BuildEnvironment) -> list[Concept]:
    """Return the glossary entries whose home exists."""
    known = {c for page in env.get_domain("terms").data["concepts"].values() for c in page}
    return sorted(c for c in known if c.home in domain_of(env).library.by_slug)


def on_consistency(app: Sphinx, env: BuildEnvironment) -> None:
    """Report what front matter wants no links from, and the glossary does not have."""
    data = env.get_domain("terms").data["concepts"]
    every = {term for page in data.values() for concept in page for term in concept.terms}
    known = {term.casefold() for term in every}
    for record in domain_of(env).library.records:
        for word in record.unlinked if isinstance(record.unlinked, tuple) else ():
            if word.casefold() not in known:
                message = f"unlinked: no term '{word}' of the glossary has a home"
                where = f"{env.doc2path(record.docname)}:{record.lines['unlinked']}"
                warn("unknown", message + did_you_mean(word, every), where)


def on_page_depends_on(app: Sphinx, env: BuildEnvironment, docname: str) -> list[Hit]:
    """Return the terms that become links in the article ``docname``; nothing for other pages."""
    data, domain = env.get_domain("terms").data, domain_of(env)
    record = domain.library.by_docname.get(docname)
    if record is None or record.unlinked is True:
        return []
    name, links = domain.library.name, domain.pages[docname].links
    articles = filter(None, (domain.article(link.target) for link in links))
    homes = {name(record), *map(name, articles)}
    limit, off = env.config.terms_per_article, record.unlinked or ()
    return find_concepts(data["texts"].get(docname, ()), concepts(env), limit, homes, off)


class LinkTerms(SphinxPostTransform):
    """Turn the first mention of each term into a link."""

    default_priority = 4  # before other pages' texts are filled in

    def run(self, **kwargs: Any) -> None:
        by_slug = domain_of(self.env).library.by_slug
        for section in self.document.findall(nodes.section):
            here = section.get("explainer", "")
            hits = on_page_depends_on(app_of(self.env), self.env, here) if here else []
            texts = list(running_text(section, unlinked)) if hits else []
            for index in {hit.text for hit in hits}:
                text, done = texts[index].astext(), 0
                new: list[nodes.Node] = []
                for _text, start, end, slug in (hit for hit in hits if hit.text == index):
                    target = link(by_slug[slug].docname, text[start:end], here)
                    target["classes"] = ["explainer-term"]
                    new += [nodes.Text(text[done:start]), target]
                    done = end
                texts[index].parent.replace(texts[index], [*new, nodes.Text(text[done:])])


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the extension to Sphinx."""
    app.setup_extension("explainers")
    app.add_config_value("terms_per_article", 8, "env", int)
    app.add_domain(TermsDomain)
    for node in (unlinked, home):
        app.add_node(node)
    app.add_role("home", HomeRole())
    app.add_role("unlinked", UnlinkedRole())
    app.add_post_transform(LinkTerms)
    app.connect("doctree-read", on_doctree_read, priority=700)  # after explainers marked articles
    app.connect("env-check-consistency", on_consistency)
    app.connect("explainers-page-depends-on", on_page_depends_on)
    return {"env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
