"""The chain above an explainer: a strip of boxes on the site, a line of words elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.locale import get_translation
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.writers.html5 import HTML5Translator

from explainers.domain import domain_of
from explainers.record import Problem
from explainers.render import link
from explainers.text import read_text

from .chains import Chain, Stop, read_chains, route, unknown_places, unknown_themes

_ = get_translation("wayfinding")
log = logging.getLogger(__name__)


class spot(nodes.General, nodes.Element):  # noqa: N801 - docutils names nodes so
    """Where the chain of the explainer ``docname`` goes, once every page is known."""


class strip(nodes.General, nodes.Element):  # noqa: N801
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


def path_of(env: BuildEnvironment) -> Path:
    """Return where a project has its chains."""
    return Path(env.srcdir, env.config.explainers_root, "chains.yaml")


def chains_of(env: BuildEnvironment) -> tuple[tuple[Chain, ...], list[Problem]]:
    """Return the chains of a project, and what is wrong with them."""
    path = path_of(env)
    return _read(path, path.stat().st_mtime_ns) if path.is_file() else ((), [])


@lru_cache(maxsize=1)
def _read(path: Path, _changed: int) -> tuple[tuple[Chain, ...], list[Problem]]:
    return read_chains(read_text(path))


def on_doctree_read(app: Sphinx, doctree: nodes.document) -> None:
    """Mark the spot in an explainer that has a place."""
    env, docname = app.env, app.env.current_document.docname
    record = domain_of(env).pages[docname].record
    for section in doctree.findall(nodes.section):
        if record and record.place and "explainer" in section:
            section.insert(1, spot("", docname=docname))
            if path_of(env).is_file():  # so that its mistakes are told whenever it has changed
                env.note_dependency(path_of(env))
            return


def shown(env: BuildEnvironment, docname: str) -> tuple[str, tuple[Stop, ...]] | None:
    """Return the title and the stops of the chain above a page, or None if it has none."""
    library = domain_of(env).library
    record = library.by_docname.get(docname)
    return route(chains_of(env)[0], library, record.place) if record and record.place else None


def on_page_shows(app: Sphinx, env: BuildEnvironment, docname: str) -> Any:
    """Return what a page shows of chains; when that changes it is written again."""
    return shown(env, docname)


class FillSpots(SphinxPostTransform):
    """Put the chains in."""

    default_priority = 5  # references are resolved from 9 on

    def run(self, **kwargs: Any) -> None:
        builder = self.env._app.builder
        site = builder.format == "html" and builder.name != "epub"
        for node in list(self.document.findall(spot)):
            chain, section = shown(self.env, node["docname"]), node.parent
            section.remove(node)
            if chain and site:
                around = section.parent
                around.insert(around.index(section), _strip(*chain, node["docname"]))
            elif chain:
                section.insert(1, _line(chain[1], node["docname"]))


def _strip(title: str, stops: Sequence[Stop], here: str) -> strip:
    """Return the boxes, of which all but the lit one may be links."""
    label = _("Where you are: %s") % title
    found = strip("", label=label, classes=["wayfinding", "no-search"])
    for stop in stops:
        found += box("", "", _name(stop, here), here=stop.here)
    return found


def _line(stops: Sequence[Stop], here: str) -> nodes.container:
    """Return the names with arrows between them."""
    line = nodes.paragraph()
    for stop in stops:
        line += [nodes.Text(" → ")] if line.children else []
        name = _name(stop, here)
        line += nodes.strong("", "", name) if stop.here else name
    return nodes.container("", line, classes=["wayfinding", "no-search"])


def _name(stop: Stop, here: str) -> nodes.Node:
    """Return the name of a stop, with a link if it leads to another place than the one lit."""
    if stop.here or not stop.docname:
        return nodes.Text(stop.name)
    target = link(stop.docname, stop.name, here)
    target["classes"] = ["wayfinding-link"]
    return target


def on_consistency(app: Sphinx, env: BuildEnvironment) -> None:
    """Report what is wrong with the chains, and places that are in none of them."""
    library, (chains, problems) = domain_of(env).library, chains_of(env)
    path = path_of(env)
    found = [(path, problem) for problem in [*problems, *unknown_themes(chains, library)]]
    if chains or not problems:  # else no place is to blame for being in no chain
        places = unknown_places(chains, library)
        found += [(Path(env.doc2path(docname)), problem) for docname, problem in places]
    for file, (subtype, message, line) in found:
        log.warning(
            "%s", message, type="wayfinding", subtype=subtype, location=f"{file}:{line}"
        )  # fmt: skip


def on_builder_inited(app: Sphinx) -> None:
    """Serve the extension's own style sheet."""
    own = str(Path(__file__).parent / "static")
    app.config.html_static_path = [*app.config.html_static_path, own]
    app.add_css_file("wayfinding.css")
