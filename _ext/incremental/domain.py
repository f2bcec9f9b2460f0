"""What Sphinx keeps between builds, whatever their outputs."""

from __future__ import annotations

from collections.abc import Set
from typing import Any, NamedTuple

from docutils import nodes
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
    """By document: the files it was made from as they were then, those of which it only matters
    whether they exist, by path or pattern, and what it refers to.
    """

    name = "incremental"
    label = "Incremental builds"
    data_version = 2
    initial_data = {  # noqa: RUF012 - as Sphinx has it
        "files": {}, "linked": {}, "pictures": {}, "references": {},
    }  # fmt: skip

    @property
    def files(self) -> dict[str, dict[str, Look]]:
        """Files by document, by path; filled in when all have been read."""
        found: dict[str, dict[str, Look]] = self.data["files"]
        return found

    @property
    def linked(self) -> dict[str, frozenset[str]]:
        """Paths by document to which it links, or would if there were a file."""
        found: dict[str, frozenset[str]] = self.data["linked"]
        return found

    @property
    def pictures(self) -> dict[str, frozenset[str]]:
        """Patterns by document of the files that may stand for its pictures."""
        found: dict[str, frozenset[str]] = self.data["pictures"]
        return found

    @property
    def references(self) -> dict[str, tuple[Reference, ...]]:
        """References by document."""
        found: dict[str, tuple[Reference, ...]] = self.data["references"]
        return found

    def clear_doc(self, docname: str) -> None:
        for part in (self.files, self.linked, self.pictures, self.references):
            part.pop(docname, None)

    def resolve_any_xref(self, *about: Any) -> list[tuple[str, nodes.reference]]:
        return []  # it has nothing to refer to

    def merge_domaindata(self, docnames: Set[str], otherdata: dict[str, Any]) -> None:
        for part in ("linked", "pictures", "references"):
            theirs = otherdata[part]
            self.data[part].update({name: theirs[name] for name in docnames & theirs.keys()})


def domain_of(env: BuildEnvironment) -> IncrementalDomain:
    """Return this extension's domain."""
    domain = env.get_domain(IncrementalDomain.name)
    assert isinstance(domain, IncrementalDomain)
    return domain
