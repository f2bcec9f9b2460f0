"""The list of tags that a project may have: ``tags.yaml`` in the root of the explainers."""

from __future__ import annotations

from pathlib import Path

from sphinx.environment import BuildEnvironment

from .domain import root_of, warn
from .record import read_tags
from .text import read_text


def tags_file(env: BuildEnvironment) -> Path:
    """Return where the list is, if there is one."""
    return Path(env.srcdir, root_of(env.config), "tags.yaml")


def known_tags(env: BuildEnvironment, *, report: bool = False) -> dict[str, str] | None:
    """Return the names of the tags by slug, or None where the project has no list of them.

    Mistakes in the list are told if ``report``.
    """
    path = tags_file(env)
    if not path.is_file():
        return None
    names, problems = read_tags(read_text(path))
    for subtype, message, line in problems if report else ():
        warn(subtype, message, f"{path}:{line}")
    return names
