"""Files that no package of Python brings: kept in ``_build``, and the pinned ones or none.

``labs/README.md`` says how to get each.
"""

from __future__ import annotations

import hashlib
from pathlib import Path


def pinned(file: Path, sha256: str) -> bytes:
    """Return what is in ``file``.

    Raises: FileNotFoundError, or ValueError if the file is another than the pinned one.
    """
    content = file.read_bytes()
    if hashlib.sha256(content).hexdigest() != sha256:
        raise ValueError(f"{file.name} is not the one that labs/README.md names")
    return content
