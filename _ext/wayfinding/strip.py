"""A chain of boxes as a page shows it: a strip on the site, a line of words elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from docutils import nodes
from sphinx.writers.html5 import HTML5Translator

from explainers.render import link

from .chains import Stop


class strip(nodes.General, nodes.Element):  # noqa: N801 - docutils names nodes so
    """The boxes on a page of the site."""


class box(nodes.inline):  # noqa: N801
    """One of them; ``here`` says that it is lit."""


def visit_strip(self: HTML5Translator, node: nodes.Element) -> None:
    """Begin a landmark that has a name."""
    self.body.append(self.starttag(node, "nav", "<ol>\n", **{"aria-label": node["label"]}))


def depart_strip(self: HTML5Translator, node: nodes.Element) -> None:
    """End it."""
    self.body.append("</ol>\n</nav>\n")


def visit_box(self: HTML5Translator, node: nodes.Element) -> None:
    """Begin an entry of the list; what is no link is put in an element that can be styled."""
    lit = ' aria-current="location"' if node["here"] else ""
    self.body.append(f"<li><span{lit}>" if isinstance(node[0], nodes.Text) else "<li>")


def depart_box(self: HTML5Translator, node: nodes.Element) -> None:
    """End it."""
    self.body.append("</span></li>\n" if isinstance(node[0], nodes.Text) else "</li>\n")


def boxes(label: str, stops: Sequence[Stop], here: str) -> strip:
    """Return a chain for the site, of which all boxes but the lit one may be links."""
    found = strip("", label=label, classes=["wayfinding", "no-search"])
    for stop in stops:
        found += box("", "", _name(stop, here), here=stop.here)
    return found


def line(stops: Sequence[Stop], here: str) -> nodes.container:
    """Return a chain as names with arrows between them."""
    return nodes.container("", _words(stops, here), classes=["wayfinding", "no-search"])


def lines(chains: Iterable[tuple[str, Sequence[Stop]]], here: str) -> nodes.container:
    """Return chains as such lines, each with its title in front."""
    box = nodes.container(classes=["wayfinding", "wayfinding-theme", "no-search"])
    for title, stops in chains:
        words = _words(stops, here)
        words.insert(0, nodes.Text(f"{title[:1].upper()}{title[1:]}: "))
        box += words
    return box


def _words(stops: Sequence[Stop], here: str) -> nodes.paragraph:
    words = nodes.paragraph()
    for stop in stops:
        words += [nodes.Text(" → ")] if words.children else []
        name = _name(stop, here)
        words += nodes.strong("", "", name) if stop.here else name
    return words


def _name(stop: Stop, here: str) -> nodes.Node:
    """Return the name of a stop, with a link if it leads to another page than ``here``."""
    if stop.docname in ("", here):
        return nodes.Text(stop.name)
    target = link(stop.docname, stop.name, here)
    target["classes"] = ["wayfinding-link"]
    return target
