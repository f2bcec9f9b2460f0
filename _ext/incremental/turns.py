"""One build at a time in a folder of doctrees, and a mark there until it has finished.

Where the mark is found, the build before was stopped in the middle: its doctrees may be newer than
its environment, its pages than their index. As after an error, Sphinx then reads everything again,
and so writes everything.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from sphinx.application import ENV_PICKLE_FILENAME, Sphinx
from sphinx.config import Config

from . import lock

LOCK, MARK = "incremental.lock", "incremental.unfinished"
LAST = 1000  # priority of what runs when all others have


def on_config_inited(app: Sphinx, config: Config) -> None:
    """Wait for our turn, before Sphinx looks at the environment."""
    _take(app)
    if (app.doctreedir / MARK).exists():
        (app.doctreedir / ENV_PICKLE_FILENAME).unlink(missing_ok=True)


def _take(app: Sphinx) -> None:
    """Wait until no other process builds there."""

    def tell(other: str) -> None:
        message = f"Waiting for another build (process {other}) to end in {app.doctreedir}"
        print(message, file=sys.stderr, flush=True)  # also where Sphinx says little

    lock.take(Path(app.doctreedir / LOCK), tell)


def begin(app: Sphinx) -> None:
    """Leave the mark before anything is written."""
    _take(app)
    (app.doctreedir / MARK).touch()


def on_env_get_outdated(app: Sphinx, *_state: Any) -> list[str]:
    """Begin, for a run may build more than once; return no document."""
    begin(app)
    return []


def finish(app: Sphinx, error: Exception | None) -> None:
    """Take the mark away if all went well, and let others build."""
    if error is None:
        (app.doctreedir / MARK).unlink(missing_ok=True)
    lock.release(Path(app.doctreedir / LOCK))


def setup(app: Sphinx) -> None:
    """Connect to Sphinx."""
    app.connect("config-inited", on_config_inited)
    app.connect("builder-inited", begin, priority=0)
    app.connect("env-get-outdated", on_env_get_outdated, priority=0)
    app.connect("build-finished", finish, priority=LAST)
