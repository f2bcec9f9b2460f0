"""Whether a written page is older than the files it shows."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx


def outdated(app: Sphinx, docname: str, shown: Iterable[Path]) -> bool:
    """Return whether the page of this output is older than one of the files ``shown`` in it.

    Sphinx looks at a page's dependencies only to decide whether to read it. After another
    builder has read it, this one's page would stay as it is.
    """
    newest = max(map(_changed, shown), default=0)
    builder: Any = app.builder
    if hasattr(builder, "get_output_path"):
        target = Path(builder.get_output_path(docname))
    else:
        target = Path(builder.outdir, docname + (getattr(builder, "out_suffix", "") or ""))
    return 0 < _changed(target) < newest


def _changed(path: Path) -> int:
    """Return when a file was last changed, in nanoseconds; 0 if there is none."""
    try:
        return path.stat().st_mtime_ns if path.is_file() else 0
    except OSError:
        return 0
