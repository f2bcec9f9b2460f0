"""How every file beside Sphinx's own pages is written. Knows no Sphinx."""

from __future__ import annotations

import os
from pathlib import Path


def write_file(path: Path, content: str | bytes) -> None:
    """Write a file whole, for others may be reading, unless that is what it holds already.

    So a build that changes nothing leaves no trace, and one that is killed no half of a file.
    """
    data = content.encode() if isinstance(content, str) else content
    if path.is_file() and path.read_bytes() == data:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(f".{os.getpid()}.part")
    partial.write_bytes(data)
    partial.replace(path)
