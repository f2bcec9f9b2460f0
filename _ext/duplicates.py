"""Duplicates: a label that stands in two pages is told of, whichever processes read them.

Sphinx tells of it while it reads the second page. If two processes read them side by side neither
knows of the other's, and what they found is put together without a word; where references then
lead is chance. Here it is told at the same place in the same words, and the last page has the
label, as if one process had read all.

Within a page the first of two has it, and that there are two is all that is told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Set
from itertools import pairwise
from typing import Any, NamedTuple

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.locale import __
from sphinx.transforms import SphinxTransform
from sphinx.util import logging

log = logging.getLogger(__name__)


class FirstOfAll(SphinxTransform):
    """Lets a label that stands twice in a page lead to where it stands first.

    That it stands twice is told by docutils, which takes it from all; then references that lead
    nowhere were told as well, each of them, as if their label were missing.
    """

    default_priority = 1  # before any reference is looked at

    def apply(self, **kwargs: Any) -> None:
        document = self.document
        lost = {name for name, to in document.nameids.items() if to is None}
        labels = {name for name in lost if document.nametypes.get(name)}
        for node in document.findall(nodes.Element) if labels else ():
            for name in labels.intersection(node.get("dupnames", ())):
                if node["ids"]:
                    node["dupnames"].remove(name)
                    node["names"].append(name)
                    document.nameids[name] = node["ids"][0]
                    labels.remove(name)


class Kind(NamedTuple):
    """Where a domain keeps what stands once; what Sphinx says if it stands twice, of which type."""

    domain: str
    table: str
    message: str
    type: str = ""
    subtype: str = ""
    by_path: bool = False


_KINDS = (
    Kind("math", "objects", "duplicate label of equation %s, other instance in %s",
         "ref", "equation"),
    Kind("std", "labels", "duplicate label %s, other instance in %s", by_path=True),
    Kind("std", "objects", "duplicate %s description of %s, other instance in %s"),
)  # fmt: skip


class Found(NamedTuple):
    """What stands in a page, as its domain keeps it, and the process that read the page."""

    docname: str
    process: int
    entry: tuple[Any, ...]


class Duplicates:
    """What the processes of one build have found."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Forget all."""
        self.processes = 0
        self.found: dict[tuple[Kind, Any], list[Found]] = defaultdict(list)

    def on_merge(
        self, app: Sphinx, env: BuildEnvironment, docnames: Set[str], other: BuildEnvironment
    ) -> None:
        """Note what a process has found in the pages that it read."""
        self.processes += 1
        for kind in _KINDS:
            for key, entry in other.domaindata[kind.domain].get(kind.table, {}).items():
                if entry[0] in docnames:
                    self.found[kind, key].append(Found(entry[0], self.processes, entry))

    def on_source_read(self, app: Sphinx, docname: str, source: list[str]) -> None:
        """Let a process know nothing of the others, whether it began before they ended or after.

        Otherwise it would tell itself of what is told at the end, and it is chance which it is.
        """
        for (kind, key), found in self.found.items():
            table = app.env.domaindata[kind.domain][kind.table]
            if key in table and table[key] == found[-1].entry:
                del table[key]
        self.begin()

    def on_env_updated(self, app: Sphinx, env: BuildEnvironment) -> None:
        """Tell what stands in pages that different processes read; give it to the last."""
        for (kind, key), unsorted in self.found.items():
            found = sorted(unsorted)
            for before, after in pairwise(found):
                if before.process != after.process:
                    _tell(env, kind, key, before.docname, after)
            env.domaindata[kind.domain][kind.table][key] = found[-1].entry
        self.begin()


def _tell(env: BuildEnvironment, kind: Kind, key: Any, first: str, found: Found) -> None:
    """Say what Sphinx would have said."""
    names = key if isinstance(key, tuple) else (key,)
    where = str(env.doc2path(first)) if kind.by_path else first
    identifier = f"equation-{nodes.make_id(key)}" if kind.domain == "math" else found.entry[1]
    doctree = env.get_doctree(found.docname)
    place = next(
        (node for node in doctree.findall(nodes.Element) if identifier in node.get("ids", ())),
        doctree,
    )
    log.warning(
        __(kind.message),
        *names,
        where,
        location=place,
        type=kind.type or None,
        subtype=kind.subtype or None,
    )


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the extension to Sphinx."""
    duplicates = Duplicates()
    app.add_transform(FirstOfAll)
    app.connect("env-merge-info", duplicates.on_merge)
    app.connect("source-read", duplicates.on_source_read, priority=0)
    app.connect("env-updated", duplicates.on_env_updated, priority=100)  # before others look
    return {"env_version": 2, "parallel_read_safe": True, "parallel_write_safe": True}
