"""Lists of pages for machines: sitemap.xml, robots.txt, llms.txt.

There are extensions for two of them. sphinx-sitemap lists the pages that one run writes, so that
an incremental build loses all others, and takes dates from Git instead of from front matter;
sphinx-llms-txt joins sources, which lack what the build derives.
"""

from __future__ import annotations

from xml.etree import ElementTree as ET

from explainers.record import Record

from .feed import NAME as FEED
from .site import Site

SITEMAP = "sitemap.xml"


def sitemap(site: Site) -> str:
    """Return the sitemap: every document, with the day of its last change where one is known."""
    root = ET.Element("urlset", xmlns="http://www.sitemaps.org/schemas/sitemap/0.9")
    days = _days(site)
    for docname in site.documents:
        entry = ET.SubElement(root, "url")
        ET.SubElement(entry, "loc").text = site.url(docname)
        if days.get(docname):
            ET.SubElement(entry, "lastmod").text = days[docname]
    ET.indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(root, "unicode")}\n'


def _days(site: Site) -> dict[str, str]:
    """Return each article's last change, and for the pages above it that of their newest one."""
    days: dict[str, str] = {}
    for record in site.records:
        for docname, _title in site.trail(record.docname):
            days[docname] = max(days.get(docname, ""), site.changed(record))
    return days


def robots(site: Site) -> str:
    """Return what crawlers may read: everything."""
    return f"User-agent: *\nAllow: /\n\nSitemap: {site.url(site.home)}{SITEMAP}\n"


def llms(site: Site) -> str:
    """Return the site for language models, in the form of llmstxt.org."""
    rows = [f"# {site.name}", "", f"> {site.description}", ""]
    rows += [
        "Each explainer names its level, its reading time and what to read before it. "
        f"Licence of the texts: {site.config.website_license}"
    ]
    for page, name, records in site.themes():
        rows += ["", f"## {name}", ""]
        rows += [_entry(site, page)] if page else []
        rows += [_entry(site, record) for record in records]
    told = {name for record in site.records for name, _ in site.trail(record.docname)}
    home = site.url(site.home)
    rows += ["", "## Optional", ""]
    rows += [_link(site.title(name), site.url(name)) for name in site.documents if name not in told]
    rows += [_link("Everything about the explainers as JSON", f"{home}explainers.json")]
    rows += [_link("News as an Atom feed", home + FEED)]
    return "\n".join(rows) + "\n"


def _entry(site: Site, record: Record) -> str:
    return f"{_link(record.title, site.url(record.docname))}: {record.description}"


def _link(title: str, url: str) -> str:
    for character in "\\[]<":
        title = title.replace(character, f"\\{character}")
    return f"- [{title}]({url})"
