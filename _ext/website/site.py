"""What the outputs around the pages say of the site, read from the explainers' domain."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from sphinx.application import Sphinx

from explainers.domain import domain_of
from explainers.library import Selection
from explainers.reading import known_tags
from explainers.record import Record
from explainers.render import BlockRenderer
from terms import concepts

from . import address

ACCENT = "#1b4fb8"  # where a theme names no colour of its own: the site's


class Site:
    """The explainers, their themes and all other pages of one build, as others may know them."""

    def __init__(self, app: Sphinx) -> None:
        self.app, self.config = app, app.config
        self.domain = domain_of(app.env)
        self.library = self.domain.library
        self.renderer = BlockRenderer(self.domain)
        self.name = str(app.config.project)
        self.description = str(app.config.website_description)
        self.language = str(app.config.language or "en")
        self.home = str(app.config.root_doc)

    @cached_property
    def records(self) -> tuple[Record, ...]:
        """The explainers that are no drafts, in reading order."""
        return tuple(record for record in self.library.records if not record.draft)

    @cached_property
    def documents(self) -> tuple[str, ...]:
        """The names of all documents but drafts, sorted."""
        drafts = {record.docname for record in self.library.records if record.draft}
        return tuple(sorted(self.app.env.found_docs - drafts))

    @cached_property
    def _relations(self) -> dict[str, list[str | None]]:
        return self.app.env.collect_relations()

    @cached_property
    def _tags(self) -> dict[str, str]:
        return known_tags(self.app.env) or {}

    def themes(self) -> Iterator[tuple[Record | None, str, list[Record]]]:
        """Yield each theme's page, name and explainers, in reading order."""
        for theme, records in self.library.select(Selection(group_by="theme")):
            shown = [record for record in records if not record.draft]
            if shown:
                yield self.library.themes.get(theme), self.theme(shown[0]), shown

    def record(self, docname: str) -> Record | None:
        """Return what the front matter of an article or a theme's page says."""
        page = self.domain.pages.get(docname)
        return page.record if page else None

    def article(self, docname: str) -> Record | None:
        """Return the record of an article."""
        return self.library.by_docname.get(docname)

    def url(self, docname: str) -> str:
        """Return a page's public address."""
        return address.public(self.app, docname)

    def title(self, docname: str) -> str:
        """Return a page's title."""
        record = self.record(docname)
        if record or docname not in self.app.env.titles:
            return record.title if record else docname
        return str(self.app.env.titles[docname].astext())

    def trail(self, docname: str) -> list[tuple[str, str]]:
        """Return name and title of the pages from home to ``docname``, as toctrees have them."""
        names = [docname]
        while (above := self._relations.get(names[-1], [None])[0]) and above not in names:
            names.append(above)
        pages = [name for name in reversed(names) if name != self.home]
        return [(self.home, "Home"), *((name, self.title(name)) for name in pages)]

    def theme(self, record: Record) -> str:
        """Return the name of an article's theme."""
        return self.renderer.theme(record)

    def accent(self, record: Record) -> str:
        """Return the colour of an article's theme."""
        theme = self.library.themes.get(record.theme)
        return (theme.accent if theme else "") or ACCENT

    def tags(self, record: Record) -> list[str]:
        """Return the names of an article's tags."""
        return [self._tags.get(tag, tag) for tag in record.tags]

    def minutes(self, record: Record) -> int:
        """Return how long an article takes to read."""
        return self.library.minutes.get(record.docname, 1)

    @property
    def contributors(self) -> str:
        """The author of what names none."""
        author = str(self.config.author)
        return author[:1].upper() + author[1:]

    def changed(self, record: Record) -> str:
        """Return the day of an article's last change: facts are checked when texts change."""
        return max(record.checked, record.date)

    @cached_property
    def _concepts(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for concept in concepts(self.app.env):
            found.setdefault(concept.home, []).append(concept.terms[0])
        return found

    def teaches(self, record: Record) -> list[str]:
        """Return the glossary's terms whose home is this article."""
        return self._concepts.get(self.library.name(record), [])
