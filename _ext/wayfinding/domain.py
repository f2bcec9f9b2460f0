"""What a project has to find one's way by, and which pages show it."""

from __future__ import annotations

from collections.abc import Set
from functools import lru_cache
from pathlib import Path
from typing import Any

from sphinx.environment import BuildEnvironment

from explainers.domain import Store, root_of
from explainers.record import Problem
from explainers.text import read_text

from .chains import Chain, read_chains
from .paths import ReadingPath, read_paths

_READERS: dict[str, Any] = {"chains": read_chains, "paths": read_paths}


class WayfindingDomain(Store):
    """By document name, what its page shows of the whole: names of :mod:`.blocks`."""

    name = "wayfinding"
    label = "Wayfinding"
    data_version = 1
    initial_data = {"shown": {}}  # noqa: RUF012 - as Sphinx declares it

    @property
    def shown(self) -> dict[str, set[str]]:
        """The names of what each page shows."""
        shown: dict[str, set[str]] = self.data["shown"]
        return shown

    def clear_doc(self, docname: str) -> None:
        self.shown.pop(docname, None)

    def merge_domaindata(self, docnames: Set[str], otherdata: dict[str, Any]) -> None:
        theirs = otherdata["shown"]
        self.shown.update({name: theirs[name] for name in docnames & theirs.keys()})


def domain_of(env: BuildEnvironment) -> WayfindingDomain:
    """Return this extension's domain."""
    domain = env.get_domain(WayfindingDomain.name)
    assert isinstance(domain, WayfindingDomain)
    return domain


def file_of(env: BuildEnvironment, name: str) -> Path:
    """Return where a project has its ``chains`` or ``paths``."""
    return Path(env.srcdir, root_of(env.config), f"{name}.yaml")


def chains_of(env: BuildEnvironment) -> tuple[tuple[Chain, ...], list[Problem]]:
    """Return the chains of a project, and what is wrong with them."""
    found: tuple[tuple[Chain, ...], list[Problem]] = _content(env, "chains")
    return found


def paths_of(env: BuildEnvironment) -> tuple[tuple[ReadingPath, ...], list[Problem]]:
    """Return the reading paths of a project, and what is wrong with them."""
    found: tuple[tuple[ReadingPath, ...], list[Problem]] = _content(env, "paths")
    return found


def _content(env: BuildEnvironment, name: str) -> Any:
    file = file_of(env, name)
    return _read(name, file, file.stat().st_mtime_ns) if file.is_file() else ((), [])


@lru_cache(maxsize=2)
def _read(name: str, file: Path, _changed: int) -> Any:
    return _READERS[name](read_text(file))
