"""The same sources give the same bytes, wherever and whenever: pages, e-book and PDF."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from figures.svg import to_pdf

from .conftest import ROOT

EPOCH = "1900000000"  # later than any day that pages name
BUILDERS = ("html", "epub", "latex")
GIT = "git -c safe.directory=* ls-files -z --cached --others --exclude-standard"
PARTS = ("conf.py", "index.md", "_ext", "_static", "articles", "labs")


def copy(folder: Path) -> Path:
    """Return a copy of the project without its history."""
    names = subprocess.run(
        [*GIT.split(), *PARTS],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.split("\0")  # fmt: skip
    for name in filter(None, names):
        source = ROOT / name
        if source.is_file():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(source.read_bytes())
    return folder


def built(folder: Path, zone: str) -> dict[str, bytes]:
    """Return what readers get of a copy of the project, by path."""
    environment = os.environ | {
        "SOURCE_DATE_EPOCH": EPOCH, "TZ": zone, "PYTHONPATH": str(folder / "_ext"),
        "PYTHONHASHSEED": str(len(zone)),
    }  # fmt: skip
    python = [sys.executable, "-m"]
    for builder in BUILDERS:
        sphinx = ["sphinx", "-q", "-b", builder, "-d", "_build/doctrees", ".", f"_build/{builder}"]
        subprocess.run([*python, *sphinx], cwd=folder, env=environment, check=True)
    typeset = ["book.typeset", "_build/latex"]
    subprocess.run([*python, *typeset], cwd=folder, env=environment, check=True)
    out = folder / "_build"
    paths = [path for path in (out / "html").rglob("*") if path.is_file()]
    paths += [out / "epub" / "explainers.epub", *(out / "latex").glob("explainers*.pdf")]
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in paths}


@pytest.mark.pages
def test_two_builds_in_two_folders_are_the_same(tmp_path: Path) -> None:
    one = built(copy(tmp_path / "one"), "UTC")
    other = built(copy(tmp_path / "another-name"), "Asia/Tokyo")
    assert one.keys() == other.keys()
    books = {"epub/explainers.epub", "latex/explainers.pdf", "latex/explainers-transformers.pdf"}
    assert {"html/index.html", *books} <= one.keys()
    assert [path for path, content in one.items() if content != other[path]] == []


def test_figure_of_two_fonts_is_the_same_whenever_it_is_converted() -> None:
    words = '<text y="20" font-weight="bold">One</text><text y="40">other</text>'
    shapes = "".join(f'<g opacity=".{i}"><rect width="{i}" height="9"/></g>' for i in range(1, 9))
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="99" height="99">{words}{shapes}</svg>'
    assert len({to_pdf(svg) for _ in range(6)}) == 1
