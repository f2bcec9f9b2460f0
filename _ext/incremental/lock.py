"""A file that one process at a time holds, with those that it forks. Knows no Sphinx."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from typing import IO

if sys.platform != "win32":
    import fcntl

_HELD: dict[Path, IO[str]] = {}  # by this process, whose builds follow one another
_forking = [0]  # the number of the process that forks


def take(path: Path, wait: Callable[[str], None]) -> None:
    """Hold ``path`` from now on; call ``wait`` with the holder's number first, if there is one.

    The system lets go of it when the process ends, however that happens. Where it offers no locks
    that do so (Windows), nobody is waited for.
    """
    if path in _HELD:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    file = path.open("a+", encoding="ascii")
    if sys.platform != "win32":
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            wait(file.read())
            fcntl.flock(file, fcntl.LOCK_EX)
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    _HELD[path] = file


def release(path: Path) -> None:
    """Let go of ``path``."""
    if file := _HELD.pop(path, None):
        file.close()


def _note_process() -> None:
    _forking[0] = os.getpid()


def _begin_to_watch() -> None:
    """In a forked process that holds something: see to it that it ends with the other one.

    It would write on, or wait for ever for somebody to take its result, and hold what it holds.
    """
    if _HELD:
        Thread(target=_end_with, args=(_forking[0],), daemon=True).start()


def _end_with(process: int) -> None:
    """End this process as soon as the one that has forked it has ended."""
    while os.getppid() == process:
        time.sleep(0.1)
    os._exit(1)


if sys.platform != "win32":
    os.register_at_fork(before=_note_process, after_in_child=_begin_to_watch)
