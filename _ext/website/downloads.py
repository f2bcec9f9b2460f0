"""The book beside the site: a download is offered where it was built.

``website_downloads`` gives, by the name that readers see, a path in the folder that holds this
output. A file that stands there when pages are built is copied and linked, any other is not.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from sphinx.application import Sphinx

FOLDER = "downloads"


def built(app: Sphinx) -> list[tuple[str, str]]:
    """Return name and path in the output of each download that there is."""
    found = [(name, _source(app, path)) for name, path in app.config.website_downloads.items()]
    return [(name, f"{FOLDER}/{source.name}") for name, source in found if source.is_file()]


def copy(app: Sphinx) -> None:
    """Bring the copies up to date, and remove those whose file is gone."""
    folder = Path(app.outdir, FOLDER)
    sources = [_source(app, path) for path in app.config.website_downloads.values()]
    names = {source.name for source in sources if source.is_file()}
    for source in sources:
        target = folder / source.name
        if source.name in names and not (target.is_file() and _same(source, target)):
            folder.mkdir(exist_ok=True)
            shutil.copy2(source, target)
    for old in folder.glob("*"):
        if old.name not in names:
            old.unlink()


def _source(app: Sphinx, path: str) -> Path:
    return Path(app.outdir).parent / path


def _same(one: Path, other: Path) -> bool:
    """Return whether two files have the same size and time, as a copy has."""
    here, there = one.stat(), other.stat()
    return (here.st_size, here.st_mtime_ns) == (there.st_size, there.st_mtime_ns)
