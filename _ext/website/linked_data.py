"""JSON-LD: what a page is, in schema.org's words."""

from __future__ import annotations

import json
from typing import Any

from explainers.record import Record
from explainers.render import word

from .site import Site

Thing = dict[str, Any]


def of_page(site: Site, docname: str, image: str) -> Thing:
    """Return the graph of one page: the page itself where there is a word for it, and its place.

    ``image`` is the address of its card.
    """
    things = []
    record = site.record(docname)
    if docname == site.home:
        things.append(website(site) | ({"image": image} if image else {}))
    elif record and site.article(docname):
        things.append(learning_resource(site, record) | ({"image": image} if image else {}))
    elif record:
        things.append(collection(site, record))
    if docname != site.home:
        things.append(breadcrumbs(site, docname))
    return {"@context": "https://schema.org", "@graph": things}


def website(site: Site) -> Thing:
    """Return the site as a whole."""
    return {
        "@type": "WebSite",
        "@id": site.url(site.home),
        "url": site.url(site.home),
        "name": site.name,
        "description": site.description,
        "inLanguage": site.language,
        "license": site.config.website_license,
        "publisher": {"@type": "Organization", "name": site.contributors},
    }


def learning_resource(site: Site, record: Record) -> Thing:
    """Return an explainer; what must be known before is what it declares as prerequisites."""
    url, needs = site.url(record.docname), site.library.prerequisites(site.library.name(record))
    authors: list[Thing] = [{"@type": "Person", "name": name} for name in record.authors]
    required: list[Thing] = []
    for need in needs:
        if before := site.library.find(need.slug):
            term = {"@type": "DefinedTerm", "name": before.title, "url": site.url(before.docname)}
            required.append(term | ({"description": need.why} if need.why else {}))
    return {
        "@type": "LearningResource",
        "@id": url,
        "url": url,
        "name": record.title,
        "description": record.description,
        "inLanguage": site.language,
        "educationalLevel": word(record.level),
        "learningResourceType": word(record.kind),
        "timeRequired": f"PT{site.minutes(record)}M",
        "datePublished": record.date,
        "dateModified": site.changed(record),
        "license": site.config.website_license,
        "isAccessibleForFree": True,
        "author": authors or [{"@type": "Organization", "name": site.contributors}],
        "keywords": site.tags(record),
        "teaches": site.teaches(record),
        "competencyRequired": required,
        "isPartOf": {"@type": "WebSite", "@id": site.url(site.home), "name": site.name},
    }


def collection(site: Site, theme: Record) -> Thing:
    """Return a theme's page."""
    parts = [record for record in site.records if record.theme == theme.theme]
    return {
        "@type": "CollectionPage",
        "@id": site.url(theme.docname),
        "url": site.url(theme.docname),
        "name": theme.title,
        "description": theme.description,
        "inLanguage": site.language,
        "isPartOf": {"@type": "WebSite", "@id": site.url(site.home), "name": site.name},
        "hasPart": [{"@type": "LearningResource", "@id": site.url(part.docname)} for part in parts],
    }


def breadcrumbs(site: Site, docname: str) -> Thing:
    """Return a page's place in the site."""
    items = [
        {"@type": "ListItem", "position": number, "name": title, "item": site.url(name)}
        for number, (name, title) in enumerate(site.trail(docname), 1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": items}


def as_script(graph: Thing) -> str:
    """Return the content of a data block, in which no text can end the element around it."""
    text = json.dumps(without_empty(graph), ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c")


def without_empty(value: Any) -> Any:
    """Return ``value`` without what says nothing."""
    if isinstance(value, dict):
        return {key: without_empty(item) for key, item in value.items() if item not in ("", [], {})}
    return [without_empty(item) for item in value] if isinstance(value, list) else value
