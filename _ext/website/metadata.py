"""Metadata: what machines read in a page's head, the links at its foot, and the files
beside the pages.

What pages show is gathered before any is written. The explainers' extension asks for it, and has
the pages written again for which it is no longer what they were written with.
"""

from __future__ import annotations

from html import escape
from pathlib import Path
from textwrap import shorten
from typing import Any
from urllib.parse import urlsplit

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from explainers.record import Record
from explainers.render import word
from figures.signatures import picture_of
from incremental.files import write_file

from . import address, citing, downloads, feed, linked_data, listings, not_found, share_card
from .layout import is_site
from .share_card import Card
from .site import ACCENT, Site


class Metadata:
    """What surrounds the pages of one run of Sphinx; does nothing until the site has an address."""

    def __init__(self) -> None:
        self.site: Site | None = None
        self.facts: dict[str, dict[str, str]] = {}  # by document: what its templates are given
        self.cards: dict[str, Card] = {}  # by path in the output
        self.downloads: list[downloads.Download] = []

    def on_builder_inited(self, app: Sphinx) -> None:
        """Serve the style sheet of what is added to pages."""
        if is_site(app):
            app.add_css_file("foot.css")

    def on_before_read(self, app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
        """Forget the run before, of which nothing need be true any more."""
        self.site = None
        self.facts.clear()
        self.cards.clear()

    def on_page_depends_on(
        self, app: Sphinx, env: BuildEnvironment, docname: str
    ) -> tuple[dict[str, str], list[tuple[str, str]]] | None:
        """Return what the templates of a document show; when that changes it is written again."""
        if not app.config.html_baseurl or not is_site(app):
            return None
        if self.site is None:  # the first page: all of them are known now
            self.site, self.downloads = Site(app), downloads.built(app)
        self.facts[docname] = self._facts(self.site, docname)
        return self.facts[docname], downloads.on_page(self.downloads, docname)

    def _facts(self, site: Site, docname: str) -> dict[str, str]:
        """Return what the templates of a document are given."""
        app, record, article = site.app, site.record(docname), site.article(docname)
        title = site.name if docname == site.home else site.title(docname)
        card = self._card(site, article)
        image = site.url(site.home) + card if card else ""
        facts = {
            "title": title,
            "description": record.description if record else "",
            "url": site.url(docname),
            "image": image,
            "data": linked_data.as_script(linked_data.of_page(site, docname, image)),
            "edit": address.edit(app, docname),
            "report": address.report(app, docname, title),
        }
        if docname == site.home:
            facts["description"] = site.description
        if article:
            facts["published"], facts["changed"] = article.date, site.changed(article)
            facts["citation"] = citing.sentence(site, article)
            facts["bibtex"] = citing.bibtex(site, article)
        return facts

    def _card(self, site: Site, article: Record | None) -> str:
        """Return the path of a page's picture; pages that are no articles have the site's."""
        if article:
            known = (word(article.level), f"{site.minutes(article)} min read")
            facts = " · ".join(filter(None, known))
            card = Card(
                article.title, site.theme(article), site.name, facts,
                site.accent(article), article.description, self._picture(site, article),
            )  # fmt: skip
        else:
            host = urlsplit(site.url(site.home)).hostname or ""
            number = f"{len(site.records)} explainers"
            card = Card(site.name, "", host, number, ACCENT, site.description)
        path = share_card.path(card, article.slug if article else "")
        if path:
            self.cards[path] = card
        return path

    def _picture(self, site: Site, article: Record) -> str:
        """Return the article's own chart, small, where the project draws charts."""
        return picture_of(site.app.env, article) if "figures" in site.app.extensions else ""

    def on_page_context(
        self, app: Sphinx, pagename: str, templatename: str, context: dict[str, Any],
        doctree: nodes.document | None,
    ) -> None:  # fmt: skip
        """Give a page's templates what they show; runs where the page is written."""
        if self.site is None:
            return
        facts = dict(self.facts.get(pagename, {}))
        if facts:
            # For <title>: what is left of a formula's markup without its tags is no text.
            context["title"] = escape(self.site.title(pagename), quote=False)
            context["pageurl"] = facts["url"]
            if not facts["description"] and doctree:  # a page of no theme says it in its text
                first = next(iter(doctree.findall(nodes.paragraph)), nodes.paragraph())
                facts["description"] = shorten(first.astext(), 160, placeholder=" …")
        else:  # search, index and what else Sphinx makes: nothing to find by itself
            context["pageurl"] = None
        context["metadata"] = facts
        context["site_name"] = self.site.name
        context["feed"] = feed.NAME
        context["downloads"] = downloads.on_page(self.downloads, pagename)

    def on_collect_pages(self, app: Sphinx) -> list[tuple[str, dict[str, Any], str]]:
        """Write the page for what is not found; Sphinx's own way knows no fixed place for it."""
        if self.site:
            not_found.make(app, self.site)
        return []

    def on_build_finished(self, app: Sphinx, error: Exception | None) -> None:
        """Write the files beside the pages, those whose content has changed."""
        if error or self.site is None:
            return
        site, outdir = self.site, Path(app.outdir)
        write_file(outdir / feed.NAME, feed.atom(site))
        write_file(outdir / listings.SITEMAP, listings.sitemap(site))
        write_file(outdir / "robots.txt", listings.robots(site))
        write_file(outdir / "llms.txt", listings.llms(site))
        share_card.write(outdir, self.cards)
        downloads.copy(app)


def setup(app: Sphinx) -> None:
    """Register the settings and connect the parts."""
    app.add_config_value("website_description", "", "html", types=(str,))
    app.add_config_value("website_repository", "", "html", types=(str,))
    app.add_config_value("website_branch", "main", "html", types=(str,))
    app.add_config_value("website_license", "", "html", types=(str,))
    app.add_config_value("website_downloads", {}, "html", types=(dict,))
    metadata = Metadata()
    app.connect("config-inited", address.on_config_inited)
    app.connect("config-inited", downloads.on_config_inited, priority=100)  # before a lock is taken
    app.connect("builder-inited", metadata.on_builder_inited)
    app.connect("env-before-read-docs", metadata.on_before_read)
    app.connect("explainers-page-depends-on", metadata.on_page_depends_on)
    app.connect("html-page-context", metadata.on_page_context, priority=600)  # after Furo's
    app.connect("html-collect-pages", metadata.on_collect_pages)
    app.connect("build-finished", metadata.on_build_finished)
