"""Entries of the book's index: where each chapter first speaks of a glossary term.

The page in the article that explains the term is the main one. The glossary's own page is there
by Sphinx.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

from explainers.domain import domain_of
from explainers.reading import ancestors, own_texts
from terms import Concept, concepts, find_concepts

_NOT_READ = (
    nodes.title, nodes.rubric, nodes.footnote, nodes.literal_block, nodes.literal, nodes.math,
    nodes.math_block, nodes.raw, nodes.comment, nodes.caption, nodes.legend, addnodes.index,
)  # fmt: skip


class IndexTerms(SphinxPostTransform):
    """Marks the first mention of each term in an article."""

    default_priority = 8  # first mentions have become links, references are not yet resolved
    formats = ("latex",)

    def run(self, **kwargs: Any) -> None:
        known = concepts(self.env)
        by_docname = domain_of(self.env).library.by_docname
        for section in self.document.findall(nodes.section):
            if record := by_docname.get(section.get("explainer", "")):
                _mark(section, known, record.slug)


def _mark(article: nodes.section, known: list[Concept], slug: str) -> None:
    """Put an entry where ``article`` first mentions each term."""
    texts = [text for text in own_texts(article, *_NOT_READ) if _own(text)]
    words = [text.astext() for text in texts]
    entries: dict[int, list[tuple[int, addnodes.index]]] = defaultdict(list)
    for concept in known:
        main = "main" if concept.home == slug else ""
        for hit in find_concepts(words, [concept], 1):
            entry = [("single", concept.terms[0], "", main, None)]
            entries[hit.text].append((hit.start, addnodes.index(entries=entry, inline=True)))
    for number, marks in entries.items():
        _insert(texts[number], sorted(marks, key=lambda mark: mark[0]))


def _insert(text: nodes.Text, marks: list[tuple[int, addnodes.index]]) -> None:
    """Put each entry before the character of ``text`` whose number comes with it."""
    link = next((n for n in ancestors(text) if isinstance(n, addnodes.pending_xref)), None)
    if link is not None and link.parent is not None:  # of what it holds, only words are kept
        link.parent[link.parent.index(link) : link.parent.index(link)] = [e for _, e in marks]
        return
    words, done, parts = text.astext(), 0, list[nodes.Node]()
    for start, entry in marks:
        parts += [nodes.Text(words[done:start]), entry]
        done = start
    assert isinstance(text.parent, nodes.Element)
    text.parent.replace(text, [*parts, nodes.Text(words[done:])])


def _own(text: nodes.Text) -> bool:
    """Return whether ``text`` is the article's, not what the site says around it."""
    return all("no-search" not in node.get("classes", ()) for node in ancestors(text))


def setup(app: Sphinx) -> None:
    """Register the transform."""
    app.add_post_transform(IndexTerms)
