"""What a book says of itself: version, date, commit, licence, address."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path
from typing import NamedTuple

from sphinx.config import Config
from sphinx.environment import BuildEnvironment


class Imprint(NamedTuple):
    """The facts; a commit that is not known is empty, one with changes on top ends in ``+``."""

    title: str
    authors: str
    description: str
    version: str
    date: str  # as YYYY-MM-DD
    commit: str
    licence: str  # where its text is
    rights: str
    address: str  # of the site

    @property
    def year(self) -> str:
        return self.date[:4]

    def cited(self) -> str:
        """Return how to cite the book, as plain text."""
        state = f", commit {self.commit}" if self.commit else ""
        return f"{self.authors} ({self.year}). {self.title}. Version {self.version}{state}."


def of_project(config: Config, srcdir: Path) -> Imprint:
    """Return the facts of a project.

    The date is ``SOURCE_DATE_EPOCH``'s or today's, so that the same sources give the same book.
    """
    now = int(os.environ.get("SOURCE_DATE_EPOCH") or time.time())
    return Imprint(
        title=config.project,
        authors=config.author,
        description=config.website_description if "website_description" in config else "",
        version=config.release,
        date=time.strftime("%Y-%m-%d", time.gmtime(now)),
        commit=commit(srcdir),
        licence=config.website_license if "website_license" in config else "",
        rights=config.copyright,
        address=config.html_baseurl,
    )


def accents(env: BuildEnvironment) -> tuple[str, ...]:
    """Return the colours of the book's parts, as #rrggbb; none without explainers."""
    if "explainers" not in env.domains:
        return ()
    from explainers.domain import domain_of

    themes = domain_of(env).library.themes.values()
    return tuple(theme.accent for theme in themes if theme.accent)


def commit(folder: Path) -> str:
    """Return the short name of the commit that is checked out, or nothing outside of git."""
    head = _git(folder, "rev-parse", "--short=10", "HEAD")
    changed = head and _git(folder, "status", "--porcelain", "--untracked-files=no")
    return f"{head}+" if changed else head


def _git(folder: Path, *arguments: str) -> str:
    """Return what git prints, or nothing if there is none or it fails."""
    # The folder may belong to somebody else, as in containers; nothing of it is run.
    command = ["git", "-c", f"safe.directory={folder}", "-C", str(folder), *arguments]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=30)  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip()
