"""sphinxcontrib-bibtex, given a bibliography that it can use and citations that it can read.

It parses its files, and a citation's keys, with errors that end the build. So the files are
parsed here before it does (:mod:`.bibliography`), which it takes for its own, and the keys are
looked at first. A source that no ``{footbibliography}`` lists is silent on pages and ends the book:
it is told while reading. Warnings are of type ``evidence.bibliography`` and ``evidence.citation``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docutils import nodes
from pybtex.database import BibliographyData
from pybtex.plugin import find_plugin
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxRole
from sphinxcontrib.bibtex.bibfile import BibData, BibFile, get_mtime, is_bibdata_outdated
from sphinxcontrib.bibtex.citation_target import parse_citation_targets
from sphinxcontrib.bibtex.domain import BibtexDomain
from sphinxcontrib.bibtex.foot_domain import BibtexFootDomain
from sphinxcontrib.bibtex.foot_roles import FootCiteRole
from sphinxcontrib.bibtex.roles import CiteRole

from explainers.record import Problem
from explainers.text import read_text

from . import bibliography, plugins
from .domain import domain_of, warn


def on_builder_inited(app: Sphinx) -> None:
    """Parse the files that have changed, and keep what is wrong with them."""
    config, cite = app.config, app.env.get_domain("cite")
    files = [Path(app.confdir, name).resolve() for name in config.bibtex_bibfiles or ()]
    if not is_bibdata_outdated(cite.data["bibdata"], files, config.bibtex_encoding):
        return
    plugins.forget()
    style = find_plugin("pybtex.style.formatting", config.bibtex_default_style)()
    data, known, problems = BibliographyData(), {}, {}
    for file in files:
        before = set(data.entries)
        try:
            problems[str(file)] = bibliography.read(read_text(file), data, style)
        except OSError as error:
            message = f"the bibliography cannot be read: {error.strerror}"
            problems[str(file)] = [Problem("bibliography", message, 1)]
        keys = dict.fromkeys(key for key in data.entries if key not in before)
        known[file] = BibFile(mtime=get_mtime(file), keys=keys)
    cite.data["bibdata"] = BibData(config.bibtex_encoding, known, data)
    domain_of(app.env).data["bibliography"] = problems


class ReadableCiteRole(CiteRole):
    """`` {cite}`key` ``, of which keys that are none are shown as they were written."""

    def result_nodes(self, document: nodes.document, env: Any, node: Any, is_ref: bool) -> Any:
        if not is_ref:  # what begins with an exclamation mark cites nothing
            return [node], []
        try:
            list(parse_citation_targets(self.target))
        except ValueError:
            _tell(self, self.target)
            return [nodes.Text(self.title)], []
        return super().result_nodes(document, env, node, is_ref)  # type: ignore[no-untyped-call]


class ReadableFootCiteRole(FootCiteRole):
    """`` {footcite}`key` ``, of which a list with gaps is told once."""

    def run(self) -> Any:
        keys = [key.strip() for key in self.text.split(",")]
        if not all(keys):
            _tell(self, self.text)
            self.text = ",".join(filter(None, keys))
        return super().run() if any(keys) else ([], [])


def _tell(role: SphinxRole, text: str) -> None:
    """Report what should be keys."""
    message = f"'{text}' is no key of the bibliography, and no list of them"
    warn("citation", message, role.get_location())


def on_doctree_read(app: Sphinx, doctree: nodes.document) -> None:
    """Report the citations whose source no list below them has, and put a sign in their place."""
    listed = {name for note in doctree.findall(nodes.footnote) for name in note["ids"]}
    lost = [r for r in doctree.findall(nodes.footnote_reference) if r.get("refid") not in listed]
    for reference in lost:
        if "refid" in reference:  # else there is no such footnote, which docutils has said
            message = "no {footbibliography} below lists what is cited here: add one"
            warn("citation", message, reference.parent)
            reference.parent.replace(reference, nodes.Text("?"))


def setup(app: Sphinx) -> None:
    """Stand before the extension that cites."""
    app.setup_extension("sphinxcontrib.bibtex")
    plugins.remember()
    app.connect("builder-inited", on_builder_inited, priority=400)  # before it parses
    app.connect("doctree-read", on_doctree_read)
    app.add_role("cite", ReadableCiteRole(), override=True)
    for name in BibtexDomain.roles:
        app.add_role_to_domain("cite", name, ReadableCiteRole(), override=True)
    app.add_role("footcite", ReadableFootCiteRole(), override=True)
    for name in BibtexFootDomain.roles:
        app.add_role_to_domain("footcite", name, ReadableFootCiteRole(), override=True)
