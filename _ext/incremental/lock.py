"""A file that one process at a time holds. Knows no Sphinx."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO

if sys.platform != "win32":
    import fcntl

_HELD: dict[Path, IO[str]] = {}  # by this process, whose builds follow one another


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
    """Let go of ``path``; processes forked meanwhile hold it until they end."""
    if file := _HELD.pop(path, None):
        file.close()
