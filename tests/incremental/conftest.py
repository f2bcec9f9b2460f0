"""A small copy of the site that a test may edit and build again, or have a build of it killed."""

from __future__ import annotations

import os
import re
import signal
from itertools import count, zip_longest
from multiprocessing import get_context
from pathlib import Path
from shutil import rmtree
from typing import Any

import pytest
from sphinx.builders.html._assets import _file_checksum_inner
from sphinx.testing.util import SphinxTestApp

from tests.explainers.conftest import Project

# The reviewed list of what Sphinx does differently: it leaves these files where no page names them
# any more. Whatever else is not as in a fresh build is a fault.
LEFT = re.compile(
    r"\.buildinfo\.bak"  # of other settings, to see what has changed
    r"|_images/[^/]+"  # pictures on pages
    r"|[^/]+\.(svg|pdf)"  # pictures in print, beside the TeX file
)

#: When a build may be killed: event, how often it happened, priority among its listeners.
MOMENTS = {
    "while it reads": ("doctree-read", 1, 999),
    "when all is read": ("env-updated", 1, 999),
    "when all is read and kept": ("env-check-consistency", 1, 999),
    "while it writes": ("html-page-context", 3, 999),
    "before the search index": ("html-collect-pages", 1, 0),
    "before what stands beside the pages": ("build-finished", 1, 0),
    "at the very end": ("build-finished", 1, 999),
}


def differences(ours: dict[str, bytes], fresh: dict[str, bytes]) -> dict[str, object]:
    """Return by path what an output has and should not have, or the reverse."""
    found: dict[str, object] = {}
    for path in sorted(ours.keys() | fresh.keys()):
        have, want = ours.get(path), fresh.get(path)
        if have is None or want is None:
            if not (want is None and LEFT.fullmatch(path)):
                found[path] = "missing" if have is None else "left over"
        elif have != want:
            lines = zip_longest(have.splitlines(), want.splitlines())
            found[path] = next((pair for pair in lines if pair[0] != pair[1]), "line ends")
    return found


class Copy(Project):
    """The copy, its builds beside it; it may be built by processes that are killed."""

    def app(self, builder: str, parallel: int = 0, **overrides: object) -> SphinxTestApp:
        _file_checksum_inner.cache_clear()  # Sphinx counts on one build in a process
        return super().app(builder, parallel, **overrides)

    def fresh(self, builder: str = "html", **overrides: object) -> dict[str, bytes]:
        """Return every file of a build from nothing, by path."""
        twin = Copy(self.folder / "fresh", self.src)
        twin.build(builder, **overrides)
        files = twin.files(builder)
        rmtree(twin.folder)
        return files

    def killed(self, moment: str, builder: str = "html", parallel: int = 0) -> bool:
        """Build in another process, kill it at this moment, return whether there was one."""
        process = get_context("fork").Process(target=self._die, args=(moment, builder, parallel))
        process.start()
        process.join(60)
        process.kill()  # vl-convert cannot draw in a process forked from one where it has drawn
        process.join()
        return process.exitcode == -signal.SIGKILL

    def _die(self, moment: str, builder: str, parallel: int) -> None:
        main, (event, times, priority) = os.getpid(), MOMENTS[moment]
        counter = count(1)

        def strike(*_event: Any) -> list[str]:
            if next(counter) == times:  # in the process where it happens
                os.kill(main, signal.SIGKILL)
            return []

        app = self.app(builder, parallel)
        app.connect(event, strike, priority)
        app.build()


@pytest.fixture
def copy(tmp_path: Path, rootdir: Path) -> Copy:
    return Copy(tmp_path, rootdir / "test-incremental")


@pytest.fixture(autouse=True)
def one_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have all builds of a test bear one date."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1798761600")
