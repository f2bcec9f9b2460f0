"""Small sites to build and edit."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from sphinx.testing.util import SphinxTestApp


class SmallSite:
    """A copy of a test root, with its builds beside it."""

    def __init__(self, folder: Path, source: Path) -> None:
        self.folder, self.src = folder, folder / "src"
        shutil.copytree(source, self.src)

    def build(self, builder: str = "html", parallel: int = 0, **overrides: object) -> str:
        """Build and return the warnings."""
        app = SphinxTestApp(
            builder, self.src, builddir=self.folder, parallel=parallel, confoverrides=overrides
        )
        try:
            app.build()
            return str(app.warning.getvalue())
        finally:
            app.cleanup()

    def out(self, path: str = "", builder: str = "html") -> Path:
        return self.folder / builder / path

    def read(self, path: str, builder: str = "html") -> str:
        return self.out(path, builder).read_text(encoding="utf-8")

    def files(self, builder: str = "html") -> dict[str, bytes]:
        """Return every file of the output by path."""
        base = self.out(builder=builder)
        return {
            file.relative_to(base).as_posix(): file.read_bytes()
            for file in sorted(base.rglob("*"))
            if file.is_file()
        }

    def times(self, builder: str = "html") -> dict[str, int]:
        """Return when each file of the output was written."""
        return {path: self.out(path, builder).stat().st_mtime_ns for path in self.files(builder)}

    def edit(self, path: str, old: str, new: str) -> None:
        file = self.src / path
        text = file.read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {path}"
        file.write_text(text.replace(old, new), encoding="utf-8")
        later = file.stat().st_mtime + 2  # some clocks tick slower than tests edit
        os.utime(file, (later, later))


@pytest.fixture(scope="session")
def small_site(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], SmallSite]:
    """Return what makes a small site of a test root."""
    return lambda root: SmallSite(tmp_path_factory.mktemp("small") / "site", root)


@pytest.fixture
def small(tmp_path: Path, rootdir: Path) -> SmallSite:
    return SmallSite(tmp_path / "small", rootdir / "test-website")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, rootdir: Path) -> SmallSite:
    """Return the small site, built for HTML; not to be edited."""
    found = SmallSite(tmp_path_factory.mktemp("built") / "small", rootdir / "test-website")
    assert found.build() == ""
    return found
