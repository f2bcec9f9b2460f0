"""What a page shows that is not its own: numbers, names and places of what it refers to, its
neighbours, the contents below it, and the style sheets and scripts that it names with a checksum.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.environment import BuildEnvironment
from sphinx.util import docname_join

from .domain import Reference, domain_of

_ASSET = re.compile(r"\.(css|js)(_t|\.jinja)?$")  # also of those that Sphinx fills in


class _Target(NamedTuple):
    """What a link may lead to."""

    kind: str
    name: str
    title: str
    docname: str
    anchor: str


def on_doctree_read(app: Sphinx, doctree: nodes.document) -> None:
    """Keep what the document refers to."""
    docname = app.env.current_document.docname
    found = {_reference(node, docname) for node in doctree.findall(addnodes.pending_xref)}
    domain_of(app.env).references[docname] = tuple(sorted(found))


def _reference(node: addnodes.pending_xref, here: str) -> Reference:
    """Return what a link refers to."""
    target, kind = str(node["reftarget"]), (node.get("refdomain"), node.get("reftype"))
    titled = not node.get("refexplicit")
    if kind == ("std", "doc"):
        return Reference(docname_join(node.get("refdoc", here), target), "", titled)
    if kind == ("doc", "myst"):
        return Reference(target, node.get("reftargetid") or "", titled)
    return Reference("", target.lower(), titled)


def of_pages(app: Sphinx) -> dict[str, str]:
    """Return a digest, by page, of all that it shows; another one each time it was read."""
    env = app.env
    assets = _assets(app.builder) if isinstance(app.builder, StandaloneHTMLBuilder) else ""
    relations, targets = env.collect_relations(), _Targets(env)
    sidebar = _contents(env, relations, sections=False) if app.builder.format == "html" else ""
    others: list[Mapping[str, Any]] = app.emit("incremental-shown", env)
    found = {}
    for docname in sorted(env.found_docs & env.all_docs.keys()):
        near = relations.get(docname, ())
        shown = [
            env.all_docs[docname], assets, sidebar,
            [str(env.titles.get(name)) for name in near if name], near,
            env.toc_secnumbers.get(docname), env.toc_fignumbers.get(docname),
            _contents(env, _below(env, docname)),
            [targets.shown(link) for link in domain_of(env).references.get(docname, ())],
            [other.get(docname) for other in others],
        ]  # fmt: skip
        found[docname] = sha256(repr(shown).encode()).hexdigest()[:16]
    return found


def _assets(builder: StandaloneHTMLBuilder) -> str:
    """Return a digest of the files from which style sheets and scripts will be made."""
    entries = [Path(builder.confdir, entry) for entry in builder.config.html_static_path]
    entries += [Path(folder, "static") for folder in builder.theme.get_theme_dirs()]
    digest = sha256()
    for entry in entries:
        for path in sorted(entry.rglob("*") if entry.is_dir() else [entry]):
            if _ASSET.search(path.name) and path.is_file():
                digest.update(f"{path.name}\n".encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()


class _Targets:
    """All that can be referred to in one build."""

    def __init__(self, env: BuildEnvironment) -> None:
        self.by_name: dict[str, list[_Target]] = defaultdict(list)
        self.by_document: dict[str, list[_Target]] = defaultdict(list)
        for domain in env.domains.sorted():
            for name, title, kind, docname, anchor, _priority in domain.get_objects():
                self._add(_Target(f"{domain.name}:{kind}", name, title, docname, anchor))
        for name, (docname, number) in env.domains.math_domain.equations.items():
            numbers = env.toc_fignumbers.get(docname, {}).get("displaymath")
            self._add(_Target("math", name, f"{number} {numbers}", docname, name))
        for docname in env.found_docs:  # what MyST-Parser calls a heading, as in `page.md#heading`
            slugs = env.metadata.get(docname, {}).get("myst_slugs", {})
            for slug, (_line, anchor, title) in slugs.items():
                self.by_document[docname].append(_Target("myst", slug, title, docname, anchor))

    def _add(self, target: _Target) -> None:
        self.by_name[target.name.lower()].append(target)
        self.by_document[target.docname].append(target)

    def shown(self, reference: Reference) -> list[str]:
        """Return where a link may lead, with what that is called only where the link shows it."""
        docname, name, titled = reference
        if docname and name:
            near = self.by_document.get(docname, ())
            found = [target for target in near if name in (target.name, target.anchor)]
        else:
            found = self.by_name.get(name or docname.lower(), [])
        return sorted(str(target if titled else target._replace(title="")) for target in found)


def _below(env: BuildEnvironment, docname: str) -> Iterator[str]:
    """Yield the documents whose contents a page's own toctrees show, at any depth."""
    seen, left = {docname}, [docname]
    while left:
        name = left.pop()
        toctrees = env.tocs[name].findall(addnodes.toctree) if name in env.tocs else ()
        for toctree in toctrees:
            if name != docname or not toctree.get("hidden"):
                new = [child for child in toctree["includefiles"] if child not in seen]
                seen.update(new)
                left += new
                yield from new


def _contents(env: BuildEnvironment, docnames: Iterable[str], *, sections: bool = True) -> str:
    """Return a digest of what a table of contents over these documents shows."""
    shown: list[Any] = []
    for name in (n for n in docnames if n in env.tocs):  # `genindex` may stand in a toctree
        toc = env.tocs[name]
        entries = list(toc.findall(nodes.reference))[: None if sections else 1]
        shown += [(entry.astext(), entry.get("anchorname")) for entry in entries]
        shown += [sorted(t.attributes.items()) for t in toc.findall(addnodes.toctree)]
    return sha256(repr(shown).encode()).hexdigest()


def setup(app: Sphinx) -> None:
    """Connect to Sphinx."""
    app.connect("doctree-read", on_doctree_read, priority=900)
