"""Writing whole files beside the pages."""

from __future__ import annotations

from pathlib import Path


def write(path: Path, content: str) -> None:
    """Write a file, unless it says so already: a build that changes nothing leaves no trace."""
    data = content.encode()
    if not path.is_file() or path.read_bytes() != data:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
