"""One build at a time in a folder of doctrees, and a mark there until it has finished.

Where the mark is found, the build before was stopped in the middle: its doctrees may be newer than
its environment, its pages than their index. As after an error, Sphinx then reads everything again,
and so writes everything.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from threading import Thread
from typing import Any

from sphinx.application import ENV_PICKLE_FILENAME, Sphinx
from sphinx.config import Config

from . import lock

LOCK, MARK = "incremental.lock", "incremental.unfinished"
LAST = 1000  # priority of what runs when all others have


def _end_with(parent: int) -> None:
    """End this process as soon as ``parent`` has ended."""
    while os.getppid() == parent:
        time.sleep(0.1)
    os._exit(1)


class Turn:
    """The turn of one run of Sphinx."""

    def __init__(self) -> None:
        self.process = os.getpid()

    def on_config_inited(self, app: Sphinx, config: Config) -> None:
        """Wait for our turn, before Sphinx looks at the environment."""
        self.take(app)
        if (app.doctreedir / MARK).exists():
            (app.doctreedir / ENV_PICKLE_FILENAME).unlink(missing_ok=True)

    def take(self, app: Sphinx) -> None:
        """Wait until no other process builds there."""

        def tell(other: str) -> None:
            message = f"Waiting for another build (process {other}) to end in {app.doctreedir}"
            print(message, file=sys.stderr, flush=True)  # also where Sphinx says little

        lock.take(Path(app.doctreedir / LOCK), tell)

    def begin(self, app: Sphinx) -> None:
        """Leave the mark before anything is written."""
        self.take(app)
        (app.doctreedir / MARK).touch()

    def on_env_get_outdated(self, app: Sphinx, *_state: Any) -> list[str]:
        """Begin, for a run may build more than once; return no document."""
        self.begin(app)
        return []

    def on_source_read(self, app: Sphinx, docname: str, content: list[str]) -> None:
        """Have a process that reads for the main one end with it.

        It shares the lock, and could not hand over its result: it would wait for ever.
        """
        main, self.process = self.process, os.getpid()
        if main != self.process:
            Thread(target=_end_with, args=(main,), daemon=True).start()

    def finish(self, app: Sphinx, error: Exception | None) -> None:
        """Take the mark away if all went well, and let others build."""
        if error is None:
            (app.doctreedir / MARK).unlink(missing_ok=True)
        lock.release(Path(app.doctreedir / LOCK))


def setup(app: Sphinx) -> None:
    """Connect to Sphinx."""
    turn = Turn()
    app.connect("config-inited", turn.on_config_inited)
    app.connect("builder-inited", turn.begin, priority=0)
    app.connect("env-get-outdated", turn.on_env_get_outdated, priority=0)
    app.connect("source-read", turn.on_source_read)
    app.connect("build-finished", turn.finish, priority=LAST)
