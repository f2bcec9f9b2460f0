"""Files that other builds may be reading."""

from __future__ import annotations

import os
from pathlib import Path


def write_whole(path: Path, content: str | bytes) -> None:
    """Write ``content`` to ``path``, which never exists half-written: others may be reading."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(f".{os.getpid()}.part")
    partial.write_bytes(content.encode() if isinstance(content, str) else content)
    partial.replace(path)
