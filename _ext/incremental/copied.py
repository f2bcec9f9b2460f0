"""Which files beside the pages to remove: style sheets, scripts, sources that are copied no more.

Sphinx copies what the theme and the project have, what the language needs, and the pages' sources;
it never looks at what an earlier build has copied. Files that others put there are theirs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path, PurePosixPath

from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.search import IndexBuilder

from . import outputs
from .files import write_file

_FILLED_IN = re.compile(r"(_t|\.jinja)$")  # endings of files from which Sphinx makes others


def on_write_started(app: Sphinx, builder: Builder) -> None:
    """Remove what this build will not copy and the one before did; others write only later."""
    if isinstance(builder, StandaloneHTMLBuilder):
        names = {f"_static/{name}" for name in _static(builder)}
        names.update(f"_sources/{name}" for name in _sources(builder))
        for name in sorted(_load(app) - names):
            _remove(Path(app.outdir, name), Path(app.outdir))
        write_file(_path(app), json.dumps(sorted(names)))


def _static(builder: StandaloneHTMLBuilder) -> Iterator[str]:
    """Yield what Sphinx will copy, by path below the folder of static files."""
    config = builder.config
    folders = [Path(folder, "static") for folder in builder.theme.get_theme_dirs()]
    for entry in [*folders, *(Path(builder.confdir, name) for name in config.html_static_path)]:
        base = entry if entry.is_dir() else entry.parent
        for path in entry.rglob("*") if entry.is_dir() else [entry]:
            if path.is_file():
                yield _FILLED_IN.sub("", path.relative_to(base).as_posix())
    for name in filter(None, (config.html_logo, config.html_favicon)):
        yield PurePosixPath(name).name
    if builder.search:
        language = config.html_search_language or config.language
        index = IndexBuilder(builder.env, language, config.html_search_options, "")
        yield from (Path(path).name for path in index.get_js_stemmer_rawcodes())
    if builder._get_translations_js():
        yield "translations.js"


def _sources(builder: StandaloneHTMLBuilder) -> Iterator[str]:
    """Yield what Sphinx will copy, by path below the folder of sources."""
    if builder.copysource and builder.config.html_copy_source:
        ending = builder.config.html_sourcelink_suffix
        for docname in builder.env.found_docs:
            name = str(builder.env.doc2path(docname, base=False))
            yield name + ending * (name != docname + ending)


def _remove(path: Path, outdir: Path) -> None:
    """Remove a file, and the folders that are empty without it."""
    with suppress(OSError):
        path.unlink()
        for folder in path.parents[: path.parents.index(outdir)]:
            folder.rmdir()


def _path(app: Sphinx) -> Path:
    """Return where it is kept what this output has copies of."""
    return outputs.state(app).with_suffix(".copied.json")


def _load(app: Sphinx) -> set[str]:
    with suppress(OSError, ValueError):
        return set(json.loads(_path(app).read_text(encoding="utf-8")))
    return set()


def setup(app: Sphinx) -> None:
    """Connect to Sphinx."""
    app.connect("write-started", on_write_started)
