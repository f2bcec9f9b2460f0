"""A small project with results and charts that a test may edit and build again."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sphinx.testing.util import SphinxTestApp

from tests.once import once, shared

EXTENSIONS = Path(__file__).parents[2] / "_ext"
_WARNING = re.compile(r"([\w.]+):(\d+): WARNING: (.*) \[figures\.(\w+)\]\n")


class Project:
    """A copy of a test root, all builders' output and one folder of doctrees beside it."""

    def __init__(self, folder: Path, root: Path) -> None:
        self.folder, self.src = folder, folder / "src"
        shutil.copytree(root, self.src)
        hour_ago = time.time() - 3600
        for file in self.src.rglob("*.*"):
            os.utime(file, (hour_ago, hour_ago))
        self.warnings: list[tuple[str, int, str, str]] = []

    def build(self, builder: str = "html", *, parallel: int = 0, **config: object) -> set[str]:
        """Build and return the names of the pages written; keep the warnings."""
        app = SphinxTestApp(
            builder,
            srcdir=self.src,
            builddir=self.folder / "build",
            parallel=parallel,
            confoverrides=config,
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
        files = [
            *self.out(builder=builder).glob("*.*html"),
            *self.out(builder=builder).glob("*.txt"),
        ]
        pages = {path.stem for path in self.src.glob("*.md")}
        return {file.stem: file.stat().st_mtime_ns for file in files if file.stem in pages}

    def out(self, path: str = "", builder: str = "html") -> Path:
        return self.folder / "build" / builder / path

    def page(self, path: str, builder: str = "html") -> str:
        return self.out(path, builder).read_text(encoding="utf-8")

    def edit(self, path: str, old: str, new: str) -> None:
        file = self.src / path
        text = file.read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {path}"
        file.write_text(text.replace(old, new), encoding="utf-8")

    def loaded(self) -> str:
        """Build pages in a process of its own; return its status and what it loads for drawing."""
        code = (
            "import sys; from sphinx.cmd.build import build_main as build\n"
            f"status = build(['-q', '-b', 'html', '-d', {str(self.folder / 'trees')!r}, "
            f"{str(self.src)!r}, {str(self.folder / 'pages')!r}])\n"
            "print(status, sorted({'altair', 'vl_convert', 'numpy'} & sys.modules.keys()))"
        )
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=EXTENSIONS, capture_output=True, text=True,
            check=True, env={"PYTHONPATH": str(EXTENSIONS), "PATH": "/usr/bin:/bin"},
        )  # fmt: skip
        return done.stdout.splitlines()[-1]

    def drawings(self) -> set[str]:
        """Return the names of the charts that are kept, drawn."""
        return {path.stem for path in self.kept.glob("*.json")}

    @property
    def kept(self) -> Path:
        return self.folder / "build" / "doctrees" / "charts"


@pytest.fixture
def project(tmp_path: Path, rootdir: Path) -> Callable[[str], Project]:
    """Return what copies a test root: `project("results")`."""
    return lambda name: Project(tmp_path, rootdir / f"test-{name}")


@pytest.fixture(scope="session")
def drawn(tmp_path_factory: pytest.TempPathFactory, rootdir: Path) -> Callable[[str], Path]:
    """Return what draws the charts of a root, once for all workers, which takes longer than all
    else, and returns their folder."""

    def draw(name: str) -> Path:
        folder = shared(tmp_path_factory) / f"drawn-{name}"
        with once(folder) as mine:
            if mine:
                Project(folder / "project", rootdir / f"test-{name}").build("html")
        return folder / "project" / "build" / "doctrees" / "charts"

    return draw


Start = Callable[[str], Project]


@pytest.fixture
def live(project: Start, drawn: Callable[[str], Path]) -> Project:
    """Return a project whose charts, as long as they are not edited, are drawn already."""
    found = project("live")
    shutil.copytree(drawn("live"), found.kept)
    return found


@pytest.fixture
def results(project: Start, drawn: Callable[[str], Path]) -> Project:
    """Return the other such project."""
    found = project("results")
    shutil.copytree(drawn("results"), found.kept)
    return found


@pytest.fixture
def undrawn(project: Start) -> Project:
    """Return the same, of which nothing is drawn."""
    return project("results")
