"""The record in a build: read once, reported once, and which pages depend on what."""

from __future__ import annotations

from collections.abc import Iterator, Set
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from explainers.domain import Store
from explainers.record import Problem, did_you_mean
from explainers.text import read_text

from .numbers import KnownFault, NumberError, parts_of, printed
from .record import Record, Row, sorted_files
from .sources import unseen

log = logging.getLogger(__name__)


class EvidenceDomain(Store):
    """By page: the ids it names that no row has; by file what is wrong with the bibliography."""

    name = "evidence"
    label = "Evidence"
    data_version = 2
    initial_data = {"missing": {}, "bibliography": {}}  # noqa: RUF012  Sphinx's name

    _record: Record | None = None

    @property
    def missing(self) -> dict[str, set[str]]:
        """Ids of no row by page: once there is one, the page is read again."""
        found: dict[str, set[str]] = self.data["missing"]
        return found

    def clear_doc(self, docname: str) -> None:
        self.missing.pop(docname, None)

    def merge_domaindata(self, docnames: Set[str], otherdata: dict[str, Any]) -> None:
        theirs = otherdata["missing"]
        self.missing.update({name: theirs[name] for name in docnames & theirs.keys()})

    @property
    def record(self) -> Record:
        """The record as the files had it when this run began."""
        if self._record is None:
            self.load()
        assert self._record is not None
        return self._record

    def load(self) -> None:
        """Read the files."""
        root = Path(self.env.srcdir)
        files = sorted_files(root.glob(self.env.config.evidence_records), root)
        self._record = Record(files, self._bibliography.data.entries)

    @property
    def _bibliography(self) -> Any:
        cite: Any = self.env.get_domain("cite")
        return cite.bibdata

    def unseen(self) -> Iterator[tuple[Path, Problem]]:
        """Yield each entry of the bibliography that does not say what was seen of it."""
        for file in map(Path, self._bibliography.bibfiles):
            text = read_text(file) if file.is_file() else ""
            yield from ((file, fault) for fault in unseen(text, self._bibliography.data.entries))

    def row(self, identifier: str) -> Row:
        """Return a row, on which the page being read depends from now on.

        Raises: NumberError; KnownFault where its file says why.
        """
        path = self.record.paths.get(identifier)
        if path is None:
            self.missing.setdefault(self.env.docname, set()).add(identifier)
            hint = did_you_mean(identifier, self.record.rows)
            raise NumberError(f"there is no '{identifier}' in the record{hint}")
        for file in (path, *self._bibliography.bibfiles):
            self.env.note_dependency(file)
        if identifier not in self.record.rows:
            raise KnownFault(identifier)
        return self.record.rows[identifier]

    def has(self, reference: str) -> bool:
        """Return whether ``reference`` names a row; if not, it may once there is one."""
        identifier = reference.partition(":")[0].strip()
        if identifier not in self.record.paths:
            self.missing.setdefault(self.env.docname, set()).add(identifier)
        return identifier in self.record.paths

    def number(self, reference: str) -> str:
        """Return what ``id:name|format`` stands for.

        Raises: NumberError.
        """
        parts = parts_of(reference)
        if not parts:
            raise NumberError(f"'{reference}' is no number of the record: write `id:name|format`")
        found = self.row(parts[0]).number(parts[1])
        try:
            return printed(found, parts[2])
        except NumberError as error:
            raise NumberError(f"'{parts[1]}': {error}") from error


def domain_of(env: BuildEnvironment) -> EvidenceDomain:
    """Return the domain of ``env``."""
    found = env.get_domain(EvidenceDomain.name)
    assert isinstance(found, EvidenceDomain)
    return found


def report(error: NumberError, location: Any) -> None:
    """Report ``error`` where it is, unless a file says it already."""
    if not isinstance(error, KnownFault):
        warn("unknown", str(error), location)


def warn(subtype: str, message: str, location: Any) -> None:
    """Report a contributor's mistake; suppressed by ``evidence.<subtype>``."""
    log.warning("%s", message, type="evidence", subtype=subtype, location=location)


def on_env_get_outdated(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """Return the pages that name what is in the record only now."""
    domain = domain_of(env)
    domain.load()
    return [page for page, ids in domain.missing.items() if ids & domain.record.paths.keys()]


def on_env_updated(app: Sphinx, env: BuildEnvironment) -> None:
    """Report what is wrong with the record."""
    domain = domain_of(env)
    bibliography = ((path, problem) for path, found in domain.data["bibliography"].items()
                    for problem in found)  # fmt: skip
    for path, (subtype, message, line) in [
        *bibliography, *domain.record.problems, *domain.unseen(),
    ]:  # fmt: skip
        warn(subtype, message, f"{path}:{line}")
