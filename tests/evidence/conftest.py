"""A small project with a record that a test may edit and build again."""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sphinx.testing.util import SphinxTestApp

_WARNING = re.compile(r"([\w.-]+):(\d+): WARNING: (.*) \[(\w+\.\w+)\]\n")


class Project:
    """A copy of a test root, all builders' output and one folder of doctrees beside it."""

    def __init__(self, folder: Path, root: Path) -> None:
        self.folder, self.src = folder, folder / "src"
        shutil.copytree(root, self.src)
        hour_ago = time.time() - 3600
        for file in self.src.rglob("*.*"):
            os.utime(file, (hour_ago, hour_ago))
        self.warnings: list[tuple[str, int, str, str]] = []

    def build(self, builder: str = "html", *, parallel: int = 0) -> set[str]:
        """Build and return the names of the pages written; keep the warnings."""
        app = SphinxTestApp(
            builder, srcdir=self.src, builddir=self.folder / "build", parallel=parallel
        )
        before = self._times(builder)
        try:
            app.build()
        finally:
            app.cleanup()
        text = re.sub(r"\x1b\[[\d;]*m", "", app.warning.getvalue())
        found = _WARNING.findall(text)
        assert len(found) == text.count("WARNING"), text
        self.warnings = [(file, int(line), kind, what) for file, line, what, kind in found]
        after = self._times(builder)
        return {name for name, changed in after.items() if before.get(name) != changed}

    def _times(self, builder: str) -> dict[str, int]:
        out = self.folder / "build" / builder
        pages = {path.stem for path in self.src.glob("*.md")}
        files = [*out.glob("*.*html"), *out.glob("*.txt")]
        return {file.stem: file.stat().st_mtime_ns for file in files if file.stem in pages}

    def page(self, path: str, builder: str = "html") -> str:
        return (self.folder / "build" / builder / path).read_text(encoding="utf-8")

    def edit(self, path: str, old: str, new: str) -> None:
        file = self.src / path
        text = file.read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {path}"
        file.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture
def project(tmp_path: Path, rootdir: Path) -> Callable[[str], Project]:
    """Return what copies a test root: `project("record")`."""
    return lambda name: Project(tmp_path, rootdir / f"test-{name}")


@pytest.fixture
def record(project: Callable[[str], Project]) -> Project:
    return project("record")
