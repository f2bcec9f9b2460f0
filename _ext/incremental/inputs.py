"""Which documents to read again: those whose files are others than when they were read.

Sphinx asks whether a file is newer than the last reading. One that takes the place of another, as
when two articles swap names or a copy is put back, may well be older.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from glob import escape, glob
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.i18n import get_image_filename_for_language

from .domain import Look, domain_of

_THERE: Look = (0, 0, 0)  # of a file that may be any


def look(path: Path) -> Look:
    """Return what changes when a file does; None if there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _files(env: BuildEnvironment, docname: str) -> dict[str, Look]:
    """Return all that a document is made from, as it is now."""
    linked = domain_of(env).linked.get(docname, ())
    found = {path: _THERE if Path(path).is_file() else None for path in linked}
    patterns = domain_of(env).pictures.get(docname, ())
    found |= {path: _THERE for pattern in patterns for path in glob(pattern)}  # noqa: PTH207
    paths = (Path(env.doc2path(docname)), *map(Path, env.dependencies.get(docname, ())))
    return found | {str(path): look(path) for path in paths}


def on_doctree_read(app: Sphinx, doctree: nodes.document) -> None:
    """Keep where Sphinx looks for the document's pictures, and what it links to as a file:
    MyST-Parser makes another link of what is none.
    """
    env, here = app.env, app.env.current_document.docname
    found = set()
    for node in doctree.findall(addnodes.pending_xref):
        if node.get("reftype") == "myst":
            target = str(node["reftarget"]).partition("#")[0]
            document = node.get("refdomain") == "doc"
            found.add(str(env.doc2path(target)) if document else env.relfn2path(target, here)[1])
    domain_of(env).linked[here] = frozenset(found)
    images = list(doctree.findall(nodes.image))
    domain_of(env).pictures[here] = frozenset(p for image in images for p in _patterns(env, image))


def _patterns(env: BuildEnvironment, image: nodes.image) -> Iterator[str]:
    """Yield what the files are called of which Sphinx takes the best for a picture.

    That is one for the language, where there is one; of `name.*` any that the output can show.
    """
    if "?" in image.get("candidates", {}):  # it is none of ours
        return
    written = image.get("original_uri") or f"/{image['uri']}"
    several = written.endswith(".*")
    for name in (get_image_filename_for_language(written, env), *[written] * several):
        path = env.relfn2path(name, env.current_document.docname)[1]
        yield escape(path.removesuffix(".*")) + ".*" * several


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
    app.connect("doctree-read", on_doctree_read)
    app.connect("env-get-outdated", inputs.on_env_get_outdated)
    app.connect("env-before-read-docs", inputs.on_before_read, priority=900)  # may change the list
    app.connect("env-updated", inputs.on_env_updated)
