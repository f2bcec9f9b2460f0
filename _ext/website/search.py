"""A search index that does not depend on what was built before.

Sphinx 9.0 keeps the index entries (glossary terms, ``{index}``) of the pages that one run writes
and forgets those of all others, so that the second build of an unchanged site already finds less.
They are known all the same: the domain of index entries has them for every document. It also keeps
the words that no page has any more.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.util.index_entries import split_index_msg


def on_write_started(app: Sphinx, builder: Builder) -> None:
    """Give the index builder the entries of all documents before it takes those of some."""
    known = app.env._search_index_index_entries  # no public name; the test tells when it is gone
    known.clear()
    for docname, entries in sorted(app.env.domains.index_domain.entries.items()):
        found: set[tuple[str, str, str]] = set()
        for kind, value, target, main, _key in entries:
            with suppress(ValueError):  # malformed, and reported when it was read
                found |= {(part, target or "", main) for part in split_index_msg(kind, value)}
        known[docname] = sorted(found)


def on_collect_pages(app: Sphinx) -> list[tuple[str, dict[str, Any], str]]:
    """Drop the words of no page, once all pages are written; return no further page."""
    indexer: Any = getattr(app.builder, "indexer", None)
    for words in (indexer._mapping, indexer._title_mapping) if indexer else ():
        for word in [word for word, pages in words.items() if not pages]:
            del words[word]
    return []
