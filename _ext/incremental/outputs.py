"""Which pages to write again, and which files to remove, in each output folder.

What the pages of an output show is kept beside the doctrees once they have been written. Pages that
show something else by now are written; files of pages that are gone are removed, unless something
else has its place there.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Set
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.environment import BuildEnvironment

from . import shown, turns
from .files import write_file

_UNKNOWN = "unknown"  # what a page shows that a build was about to write when it was killed


class Outputs:
    """The pages of one run of Sphinx."""

    def __init__(self) -> None:
        self.began = time.time_ns()
        self.now: dict[str, str] = {}  # by document: what it shows
        self.written: set[str] = set()  # documents
        self.others: set[str] = set()  # pages that are no documents

    def on_before_read(self, app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
        """Forget an earlier build of the same run."""
        self.now, self.written, self.others = {}, set(), set()

    def on_env_get_updated(self, app: Sphinx, env: BuildEnvironment) -> list[str]:
        """Return the pages that show something else than what stands in this output."""
        if not _has_pages(app.builder):
            return []
        self.now, before = shown.of_pages(app), _load(app)
        return [name for name, value in self.now.items() if before.get(name) != value]

    def on_write_started(self, app: Sphinx, builder: Builder) -> None:
        """Remove the files of documents that are gone.

        That comes first: what else has its place there, such as a page that leads on, is written
        in every build.
        """
        if self.now:
            self._remove(app, {name for name, value in _load(app).items() if value})
            _note(app, dict.fromkeys(self.now, _UNKNOWN))

    def _remove(self, app: Sphinx, known: Set[str]) -> None:
        """Remove the files of those that are gone, unless something else has its place there."""
        if gone := known - self.now.keys() - self.others:
            taken = {output_path(app.builder, name) for name in self.now}
            taken.update(_extra_files(app.builder))
            for path in {output_path(app.builder, name) for name in gone} - taken:
                _remove(path, Path(app.outdir), self.began)

    def on_doctree_resolved(self, app: Sphinx, doctree: nodes.document, docname: str) -> None:
        """Note that a document is written; in this process also where others write."""
        self.written.add(docname)

    def on_page_context(
        self, app: Sphinx, pagename: str, templatename: str, context: dict[str, Any],
        doctree: nodes.document | None,
    ) -> None:  # fmt: skip
        """Note a page that is no document; such pages are written in this process."""
        if self.now and pagename not in self.now:
            self.others.add(pagename)
            _note(app, {pagename: ""})

    def on_build_finished(self, app: Sphinx, error: Exception | None) -> None:
        """Remove other pages that are gone; keep what those show that stand in the output now."""
        if error or not self.now:
            return
        before = _load(app)
        self._remove(app, {name for name, value in before.items() if not value})
        state = before | {name: self.now[name] for name in self.written & self.now.keys()}
        kept = {name: value for name, value in state.items() if name in self.now}
        kept |= dict.fromkeys(self.others, "")
        _save(app, kept)


def _has_pages(builder: Builder) -> bool:
    """Return whether a builder writes documents one by one; the others write all of them always."""
    return not isinstance(builder.get_outdated_docs(), str)  # a generator is not run by that


def output_path(builder: Builder, docname: str) -> Path:
    """Return the file of a document in the output."""
    if isinstance(builder, StandaloneHTMLBuilder):
        return Path(builder.get_output_path(docname))
    return Path(builder.outdir, docname + (getattr(builder, "out_suffix", None) or ""))


def _extra_files(builder: Builder) -> Iterator[Path]:
    """Yield the files that Sphinx copies into the output as they are."""
    entries = builder.config.html_extra_path if builder.format == "html" else ()
    for entry in (Path(builder.confdir, name) for name in entries):
        base = entry if entry.is_dir() else entry.parent
        for path in entry.rglob("*") if entry.is_dir() else [entry]:
            yield Path(builder.outdir, path.relative_to(base))


def _remove(path: Path, outdir: Path, began: int) -> None:
    """Remove a file that is older than this run, and the folders that are empty without it."""
    with suppress(OSError):
        found = path.stat()
        if max(found.st_mtime_ns, found.st_ctime_ns) < began:
            path.unlink()
            for folder in path.parents[: path.parents.index(outdir)]:
                folder.rmdir()


def state(app: Sphinx) -> Path:
    """Return where it is kept what stands in this run's output folder."""
    key = sha256(str(app.outdir).encode()).hexdigest()[:12]
    return Path(app.doctreedir, f"incremental-{key}.json")


def _save(app: Sphinx, pages: Mapping[str, str]) -> None:
    write_file(state(app), json.dumps(pages))


def _note(app: Sphinx, pages: Mapping[str, str]) -> None:
    """Note what is about to be written for the first time, should the build not come to its end."""
    before = _load(app)
    if pages.keys() - before.keys():
        _save(app, {**pages, **before})


def _load(app: Sphinx) -> dict[str, str]:
    with suppress(OSError, ValueError):
        return dict(json.loads(state(app).read_text(encoding="utf-8")))
    return {}


def setup(app: Sphinx) -> None:
    """Connect to Sphinx."""
    outputs = Outputs()
    app.connect("env-before-read-docs", outputs.on_before_read)
    app.connect("env-get-updated", outputs.on_env_get_updated, priority=900)  # numbers are given
    app.connect("write-started", outputs.on_write_started)
    app.connect("html-page-context", outputs.on_page_context)
    app.connect("doctree-resolved", outputs.on_doctree_resolved)
    app.connect("build-finished", outputs.on_build_finished, priority=turns.LAST - 1)
