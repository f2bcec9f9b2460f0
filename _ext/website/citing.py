"""How to cite an article."""

from __future__ import annotations

from explainers.record import Record

from .site import Site

_TEX = str.maketrans(
    {character: f"\\{character}" for character in "&%$#_{}"}
    | {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
)


def bibtex(site: Site, record: Record) -> str:
    """Return a BibTeX entry, its key the slug."""
    names = [name.translate(_TEX) for name in record.authors]
    # Braces keep the case of titles, and the words of a name that is no person's.
    author = " and ".join(names) or f"{{{site.contributors.translate(_TEX)}}}"
    checked = f"facts checked {record.checked}" if record.checked else ""
    fields = {
        "title": f"{{{record.title.translate(_TEX)}}}",
        "author": author,
        "year": record.date[:4],
        "url": site.url(record.docname),
        "note": ", ".join(filter(None, (site.name.translate(_TEX), checked))),
    }
    rows = "".join(f"  {name:<6} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@misc{{{record.slug},\n{rows}}}"


def sentence(site: Site, record: Record) -> str:
    """Return the same for a list of references in prose."""
    authors = ", ".join(record.authors) or site.contributors
    year = f" ({record.date[:4]})" if record.date else ""
    return f"{authors}{year}. {record.title}. {site.name}."
