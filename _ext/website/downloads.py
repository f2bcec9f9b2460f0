"""The book beside the site: a download is offered where it was built.

``website_downloads`` gives, by the format that readers see, one or more paths in the folder that
holds this output. A path with ``{theme}`` in it is a file for each theme, named by its slug, which
the theme's page offers; any other is the whole, which all pages do. What stands there when pages
are built is copied and linked, nothing else is.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError
from sphinx.locale import get_translation

from explainers.domain import domain_of

_ = get_translation("website")
FOLDER = "downloads"
_THEME = "{theme}"


class Download(NamedTuple):
    """What a link says and the path in the output that it leads to; a theme's page, or nothing."""

    words: str
    path: str
    docname: str


def on_config_inited(app: Sphinx, config: Config) -> None:
    """Refuse what is no path or list of paths.

    Raises: ConfigError.
    """
    for name, paths in config.website_downloads.items():
        if not all(isinstance(path, str) for path in _listed(paths)):
            message = f"website_downloads: {name!r} is {paths!r}; expected a path or a list of them"
            raise ConfigError(message)


def built(app: Sphinx) -> list[Download]:
    """Return each download that there is."""
    return [found for found, source in _wanted(app) if source.is_file()]


def on_page(found: list[Download], docname: str) -> list[tuple[str, str]]:
    """Return words and path of what a page offers: its own part, then the whole."""
    shown = [download for download in found if download.docname in ("", docname)]
    return [(d.words, d.path) for d in sorted(shown, key=lambda download: not download.docname)]


def copy(app: Sphinx) -> None:
    """Bring the copies up to date, and remove those whose file is gone."""
    folder = Path(app.outdir, FOLDER)
    sources = [source for _found, source in _wanted(app)]
    names = {source.name for source in sources if source.is_file()}
    for source in sources:
        target = folder / source.name
        if source.name in names and not (target.is_file() and _same(source, target)):
            folder.mkdir(exist_ok=True)
            shutil.copy2(source, target)
    for old in folder.glob("*"):
        if old.name not in names:
            old.unlink()


def _wanted(app: Sphinx) -> Iterator[tuple[Download, Path]]:
    """Yield what is offered where it was built, and where that would be."""
    folder, themes = Path(app.outdir).parent, domain_of(app.env).library.themes
    for name, paths in app.config.website_downloads.items():
        for path in _listed(paths):
            if _THEME not in path:
                words = _("Download the book as {format}").format(format=name)
                source = folder / path
                yield Download(words, f"{FOLDER}/{source.name}", ""), source
                continue
            for slug, theme in themes.items():
                words = _("Download “{title}” as {format}").format(title=theme.title, format=name)
                source = folder / path.replace(_THEME, slug)
                yield Download(words, f"{FOLDER}/{source.name}", theme.docname), source


def _listed(paths: Any) -> list[Any]:
    return list(paths) if isinstance(paths, (list, tuple)) else [paths]


def _same(one: Path, other: Path) -> bool:
    """Return whether two files have the same size and time, as a copy has."""
    here, there = one.stat(), other.stat()
    return (here.st_size, here.st_mtime_ns) == (there.st_size, there.st_mtime_ns)
