"""Which documents to read again: those whose files are others than when they were read.

Sphinx asks whether a file is newer than the last reading. One that takes the place of another, as
when two articles swap names or a copy is put back, may well be older.
"""

from __future__ import annotations

import time
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from .domain import Look, domain_of


def look(path: Path) -> Look:
    """Return what changes when a file does; None if there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _files(env: BuildEnvironment, docname: str) -> dict[str, Look]:
    """Return all that a document is made from, as it is now."""
    paths = {Path(env.doc2path(docname)), *map(Path, env.dependencies.get(docname, ()))}
    return {str(path): look(path) for path in sorted(paths)}


class Inputs:
    """The files of one run of Sphinx."""

    def __init__(self) -> None:
        self.began = 0  # in nanoseconds
        self.read: tuple[str, ...] = ()

    def on_env_get_outdated(
        self, app: Sphinx, env: BuildEnvironment,
        added: set[str], changed: set[str], removed: set[str],
    ) -> list[str]:  # fmt: skip
        """Return the documents that were read from other files, or from the same as they were."""
        known = domain_of(env).files
        others = env.found_docs - added - changed
        return [name for name in others if known.get(name) != _files(env, name)]

    def on_before_read(self, app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
        """Note when reading begins, and what is read."""
        self.began, self.read = time.time_ns(), tuple(docnames)

    def on_env_updated(self, app: Sphinx, env: BuildEnvironment) -> None:
        """Keep the files of what was read; of those that changed meanwhile nobody knows which."""
        for docname in self.read:
            files = _files(env, docname)
            domain_of(env).files[docname] = {
                path: None if found and found[0] >= self.began else found
                for path, found in files.items()
            }


def setup(app: Sphinx) -> None:
    """Connect to Sphinx."""
    inputs = Inputs()
    app.connect("env-get-outdated", inputs.on_env_get_outdated)
    app.connect("env-before-read-docs", inputs.on_before_read, priority=900)  # may change the list
    app.connect("env-updated", inputs.on_env_updated)
