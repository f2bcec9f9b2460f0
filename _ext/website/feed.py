"""The Atom feed.

Written with the standard library: feedgen, the library for this, brings lxml and a date parser
for what is one loop here.
"""

from __future__ import annotations

from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from explainers.record import Record

from .site import Site

NAME = "feed.xml"
_ATOM = "http://www.w3.org/2005/Atom"
_NO_DAY = "1970-01-01"  # where nothing has a day: so old that no reader takes it for news


def atom(site: Site) -> str:
    """Return the feed of all explainers, the newest first."""
    feed = ET.Element("feed", {"xmlns": _ATOM, "xml:lang": site.language})
    home = site.url(site.home)
    _text(feed, "id", home)
    _text(feed, "title", site.name)
    _text(feed, "subtitle", site.description)
    last = max(map(site.changed, site.records), default="")
    _text(feed, "updated", _moment(last or _NO_DAY))
    ET.SubElement(feed, "link", rel="self", href=home + NAME, type="application/atom+xml")
    ET.SubElement(feed, "link", rel="alternate", href=home, type="text/html")
    _text(ET.SubElement(feed, "author"), "name", site.contributors)
    _text(feed, "rights", site.config.website_license)
    for record in sorted(site.records, key=lambda record: record.date, reverse=True):
        _entry(feed, site, record)
    ET.indent(feed)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(feed, "unicode")}\n'


def _entry(feed: ET.Element, site: Site, record: Record) -> None:
    entry, url = ET.SubElement(feed, "entry"), site.url(record.docname)
    # By slug and first day (RFC 4151): it stays when an article moves to another theme.
    name = f"tag:{urlsplit(url).hostname},{record.date}:{site.library.name(record)}"
    _text(entry, "id", name if record.date else url)
    _text(entry, "title", record.title)
    ET.SubElement(entry, "link", rel="alternate", href=url, type="text/html")
    if record.date:
        _text(entry, "published", _moment(record.date))
    _text(entry, "updated", _moment(site.changed(record) or _NO_DAY))  # Atom wants one
    if record.description:
        _text(entry, "summary", record.description)
    ET.SubElement(entry, "category", term=record.theme, label=site.theme(record))
    for name in record.authors:
        _text(ET.SubElement(entry, "author"), "name", name)


def _text(parent: ET.Element, tag: str, text: str) -> None:
    ET.SubElement(parent, tag).text = text


def _moment(day: str) -> str:
    return f"{day}T00:00:00Z"
