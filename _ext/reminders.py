"""Reminders: every mistake is told in every build, until it is mended.

Sphinx reads and writes only what has changed, and looks at the whole only when something was
read. What it warned about before is then not said again, and under ``-W`` a second build passes.

Nothing that was said is kept here, only what it was said about: those pages are read and written
again. So each message is made anew from what the files hold now, at its place, of its type, or is
not made any more, and the pages of a mistake that was mended elsewhere are mended, too. Messages
that ``suppress_warnings`` hides bring nothing back. Knows nothing of explainers.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import ENV_PICKLE_FILENAME, Sphinx
from sphinx.builders import Builder
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.util.build_phase import BuildPhase
from sphinx.util.logging import NAMESPACE, get_node_location, is_suppressed_warning

from incremental.files import write_file

_FIRST, _LAST = 0, 1000  # priorities among the listeners to an event


class Listener(logging.Handler):
    """What one build is said to have amiss, as far as that build has come.

    Processes that read or write for another one note on each message the pages it is about: only
    they know. The other one gets the messages, and goes by that.
    """

    def __init__(self, app: Sphinx) -> None:
        super().__init__(logging.WARNING)
        self.app = app
        self.page = ""  # that is being written
        self.environment_at_fault = False
        self.begin()

    def begin(self) -> None:
        """Forget what was said about the output."""
        self.writing = False
        self.to_write: set[str] = set()
        self.output_at_fault = False

    def listen(self) -> None:
        """Hear messages from now on; Sphinx takes all handlers off in processes that help."""
        logging.getLogger(NAMESPACE).addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        said: Any = record
        kind, subtype = getattr(said, "type", None), getattr(said, "subtype", None)
        if is_suppressed_warning(kind or "", subtype or "", self.app.config.suppress_warnings):
            return
        phase = self._phase()
        if phase is BuildPhase.INITIALIZATION:
            self.environment_at_fault = True
            return
        if not hasattr(said, "about"):
            said.about = self._about(said)
        if phase is BuildPhase.READING:
            self.app.env.reread_always |= said.about
        elif self.writing:  # before it, the whole is looked at, which comes in every build
            self.to_write |= said.about
            self.output_at_fault |= not said.about

    def _phase(self) -> BuildPhase:
        """Return how far the build is; there may be no builder yet."""
        builder: Builder | None = getattr(self.app, "builder", None)
        return builder.phase if builder else BuildPhase.INITIALIZATION

    def _about(self, record: Any) -> frozenset[str]:
        """Return the documents that a message is about: rather too many than too few.

        These are the one that is being read or written, those that its place or text names (where
        else a label stands), and those that depend on a file so named.
        """
        env, place = self.app.env, record.location if hasattr(record, "location") else None
        if isinstance(place, nodes.Node):
            place = get_node_location(place)
        elif isinstance(place, tuple):
            place = place[0]
        text = f"{place} {logging.LogRecord.getMessage(record)}"
        current = env.current_document.docname or self.page
        return frozenset({current, *_named(text, env)} & env.found_docs)


def _named(text: str, env: BuildEnvironment) -> Iterator[str]:
    """Yield the documents that ``text`` names, or that depend on a file named there."""
    for docname in env.found_docs:
        files = (str(Path(env.srcdir, file)) for file in env.dependencies.get(docname, ()))
        name = rf"(?<![\w.-]){re.escape(docname)}(?![\w/-])"
        if re.search(name, text) or any(file in text for file in files):
            yield docname


class Reminders:
    """What makes a build say again what the one before it said."""

    def __init__(self, app: Sphinx) -> None:
        self.app = app
        self.listener = Listener(app)
        self.left: set[str] = set()  # to write again, and not yet written
        self.checked = False  # whether this build has looked at the whole

    def on_config_inited(self, app: Sphinx, config: Config) -> None:
        """Listen while the environment is made; if something is amiss, it is made anew."""
        self.listener.listen()

    def on_before_read(self, app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
        """Forget what is read again all at once, as builds in parallel do.

        Read one by one, a page would be told that what has moved to it stands in another as well.
        """
        self.listener.page = ""
        for docname in docnames:
            app.events.emit("env-purge-doc", env, docname)
            env.clear_doc(docname)

    def on_source_read(self, app: Sphinx, docname: str, content: list[str]) -> None:
        """Listen, also in a process of its own."""
        self.listener.listen()

    def on_env_updated(self, app: Sphinx, env: BuildEnvironment) -> list[str]:
        """Return the pages to write again; they are unknown after a build that came to no end."""
        self.listener.begin()
        self.checked = False
        if not _by_page(app.builder):
            return []
        kept = self._load()
        again = kept.pop(str(app.outdir), None)
        self._save(kept)
        self.left = set(env.found_docs if again is None else env.found_docs & {*again})
        return sorted(self.left)

    def on_check_consistency(self, app: Sphinx, env: BuildEnvironment) -> None:
        """Note that the whole was looked at."""
        self.checked = True

    def on_write_started(self, app: Sphinx, builder: Builder) -> None:
        """Look at the whole, if nothing was read."""
        if not self.checked:
            builder.env.check_consistency()
        self.listener.writing = True

    def on_doctree_resolved(self, app: Sphinx, doctree: nodes.document, docname: str) -> None:
        """Note which page is being written."""
        self.listener.page = docname
        self.left.discard(docname)

    def on_page_context(
        self, app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any
    ) -> None:
        """Note which page is being written, also in a process of its own."""
        self.listener.page = page
        self.listener.listen()

    def on_build_finished(self, app: Sphinx, error: Exception | None) -> None:
        """Keep which pages to write again."""
        listener = self.listener
        if listener.environment_at_fault:
            Path(app.doctreedir, ENV_PICKLE_FILENAME).unlink(missing_ok=True)
        if _by_page(app.builder) and not error and not listener.output_at_fault:
            again = sorted(self.left | listener.to_write)  # some are left if a few were asked for
            self._save(self._load() | {str(app.outdir): again})

    def _path(self) -> Path:
        return Path(self.app.doctreedir, "reminders.json")

    def _load(self) -> dict[str, list[str]]:
        """Return the pages to write again, by the folder of an output."""
        with suppress(OSError, ValueError):
            return dict(json.loads(self._path().read_text(encoding="utf-8")))
        return {}

    def _save(self, kept: dict[str, list[str]]) -> None:
        write_file(self._path(), json.dumps(kept))


def _by_page(builder: Builder) -> bool:
    """Return whether ``builder`` writes some pages and not others; else it always writes all."""
    return type(builder).write_documents is Builder.write_documents


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the extension to Sphinx."""
    reminders = Reminders(app)
    for event, listener, priority in (
        ("config-inited", reminders.on_config_inited, _LAST),
        ("env-before-read-docs", reminders.on_before_read, _LAST),
        ("source-read", reminders.on_source_read, _FIRST),
        ("env-updated", reminders.on_env_updated, _FIRST),
        ("env-check-consistency", reminders.on_check_consistency, _FIRST),
        ("write-started", reminders.on_write_started, _FIRST),
        ("doctree-resolved", reminders.on_doctree_resolved, _FIRST),
        ("html-page-context", reminders.on_page_context, _FIRST),
        ("build-finished", reminders.on_build_finished, _LAST),
    ):
        app.connect(event, listener, priority)
    return {"env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
