"""What Sphinx keeps between builds, whatever their outputs."""

from __future__ import annotations

from collections.abc import Set
from typing import Any, NamedTuple

from docutils import nodes
from sphinx import addnodes
from sphinx.builders import Builder
from sphinx.domains import Domain
from sphinx.environment import BuildEnvironment

#: What changes when a file does, as far as that can be seen without opening it; None is no file.
Look = tuple[int, int, int] | None


class Reference(NamedTuple):
    """A link to what another page may define: its document, else a name of any kind."""

    docname: str
    name: str
    titled: bool  # whether it shows what its target is called


class IncrementalDomain(Domain):
    """By document: the files it was made from as they were then, and what it refers to."""

    name = "incremental"
    label = "Incremental builds"
    data_version = 1
    initial_data = {"files": {}, "references": {}}  # noqa: RUF012 - as Sphinx declares it

    @property
    def files(self) -> dict[str, dict[str, Look]]:
        """Files by document, by path; filled in when all have been read."""
        found: dict[str, dict[str, Look]] = self.data["files"]
        return found

    @property
    def references(self) -> dict[str, tuple[Reference, ...]]:
        """References by document."""
        found: dict[str, tuple[Reference, ...]] = self.data["references"]
        return found

    def clear_doc(self, docname: str) -> None:
        for part in (self.files, self.references):
            part.pop(docname, None)

    def resolve_any_xref(
        self, env: BuildEnvironment, fromdocname: str, builder: Builder, target: str,
        node: addnodes.pending_xref, contnode: nodes.Element,
    ) -> list[tuple[str, nodes.reference]]:  # fmt: skip
        return []  # it has nothing to refer to

    def merge_domaindata(self, docnames: Set[str], otherdata: dict[str, Any]) -> None:
        theirs = otherdata["references"]
        self.references.update({name: theirs[name] for name in docnames & theirs.keys()})


def domain_of(env: BuildEnvironment) -> IncrementalDomain:
    """Return this extension's domain."""
    domain = env.get_domain(IncrementalDomain.name)
    assert isinstance(domain, IncrementalDomain)
    return domain
