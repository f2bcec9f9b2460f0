"""A small project of explainers that a test may edit and build again, as a contributor would."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from sphinx.testing.util import SphinxTestApp


class Project:
    """A copy of a test root, its builds beside it."""

    def __init__(self, folder: Path, root: Path) -> None:
        self.folder, self.root = folder, root
        self.src = folder / "src"
        if not self.src.exists():
            shutil.copytree(root, self.src)

    def build(self, builder: str = "html", *, parallel: int = 0, **overrides: object) -> str:
        """Build like ``sphinx-build -b builder`` would and return the warnings."""
        app = self.app(builder, parallel, **overrides)
        try:
            app.build()
            return app.warning.getvalue()
        finally:
            app.cleanup()

    def app(self, builder: str, parallel: int = 0, **overrides: object) -> SphinxTestApp:
        """Return Sphinx, ready to build."""
        tags = overrides.pop("tags", None)
        return SphinxTestApp(
            builder,
            srcdir=self.src,
            builddir=self.folder / "build",
            parallel=parallel,
            confoverrides={"nitpicky": True, **overrides},
            tags=tags,
        )

    def out(self, path: str = "", builder: str = "html") -> Path:
        return self.folder / "build" / builder / path

    def page(self, path: str, builder: str = "html") -> str:
        return self.out(path, builder).read_text(encoding="utf-8")

    def edit(self, path: str, old: str, new: str) -> None:
        file = self.src / path
        text = file.read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {path}"
        file.write_text(text.replace(old, new), encoding="utf-8")
        # Sphinx compares times in microseconds; a test edits faster than some clocks tick
        later = file.stat().st_mtime + 2
        os.utime(file, (later, later))

    def pages(self, builder: str = "html") -> dict[str, str]:
        """Return the text of every page of the output, by path."""
        base = self.out(builder=builder)
        return {
            file.relative_to(base).as_posix(): file.read_text(encoding="utf-8")
            for file in sorted(base.rglob("*.html"))
        }

    def files(self, builder: str = "html") -> dict[str, bytes]:
        """Return every file of the output, by path."""
        base = self.out(builder=builder)
        files = (file for file in sorted(base.rglob("*")) if file.is_file())
        return {file.relative_to(base).as_posix(): file.read_bytes() for file in files}

    def remember(self, builder: str = "html") -> None:
        """Note when each file of the output was written."""
        self.times = self._times(builder)

    def written(self, builder: str = "html", suffix: str = ".html") -> set[str]:
        """Return the pages written since `remember`, without those Sphinx writes every time."""
        changed = {
            path for path, time in self._times(builder).items() if self.times.get(path) != time
        }
        pages = {path.removesuffix(suffix) for path in changed if path.endswith(suffix)}
        return pages - {"genindex", "search"}

    def _times(self, builder: str) -> dict[str, int]:
        base = self.out(builder=builder)
        files = (file for file in base.rglob("*") if file.is_file())
        return {file.relative_to(base).as_posix(): file.stat().st_mtime_ns for file in files}

    def clean_twin(self) -> Project:
        """Return a copy of the sources as they are now, never built."""
        number = sum(1 for _ in self.folder.glob("twin*"))
        return Project(self.folder / f"twin{number}", self.src)


@pytest.fixture
def project(tmp_path: Path, rootdir: Path) -> Project:
    return Project(tmp_path, rootdir / "test-explainers")


@pytest.fixture(scope="session")
def start(tmp_path_factory: pytest.TempPathFactory, rootdir: Path) -> Callable[[str], Project]:
    """Return what copies a test root by name, for modules that build one project once."""
    return lambda root: Project(tmp_path_factory.mktemp("project"), rootdir / root)
