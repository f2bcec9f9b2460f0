"""A small copy of the site that a test may edit and build again, or have a build of it killed."""

from __future__ import annotations

import os
import signal
from itertools import count
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from tests.explainers.conftest import Project

#: When a build may be killed: event, how often it happened, priority among its listeners.
MOMENTS = {
    "while it reads": ("doctree-read", 2, 999),
    "when all is read": ("env-updated", 1, 999),
    "when all is read and kept": ("env-check-consistency", 1, 999),
    "while it writes": ("html-page-context", 3, 999),
    "before the search index": ("html-collect-pages", 1, 0),
    "before what stands beside the pages": ("build-finished", 1, 0),
    "at the very end": ("build-finished", 1, 999),
}


class Copy(Project):
    """The copy, its builds beside it; it may be built by processes that are killed."""

    def killed(self, moment: str, builder: str = "html", parallel: int = 0) -> bool:
        """Build in another process, kill it at this moment, return whether there was one."""
        process = get_context("fork").Process(target=self._die, args=(moment, builder, parallel))
        process.start()
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
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")
