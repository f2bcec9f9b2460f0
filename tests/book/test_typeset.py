"""The commands: what they need, and what they say where it is not there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml
from sphinx.config import Config

from book import imprint, typeset

from .conftest import ROOT

TEX = re.findall(
    r"^(\S+)",
    re.sub(r"#.*", "", (ROOT / "apt.txt").read_text().partition("the book with it:")[2]),
    re.MULTILINE,
)


RULES = "$xelatex = 'xelatex --no-pdf ' . $ENV{'LATEXOPTS'} . ' %O %S';\n"


def book_of(folder: Path, body: str) -> None:
    """Write a book of these words into ``folder``."""
    (folder / "latexmkrc").write_text(RULES)
    tex = f"\\documentclass{{article}}\n\\begin{{document}}\n{body}\n\\end{{document}}\n"
    (folder / "book.tex").write_text(tex)


def run(folder: Path, *options: str, path: str = "") -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(ROOT / "_ext")} | ({"PATH": path} if path else {})
    command = [sys.executable, "-m", "book.typeset", str(folder), *options]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


def test_without_tex_it_is_said_what_is_missing(tmp_path: Path) -> None:
    done = run(tmp_path, path=str(tmp_path))
    assert done.returncode == 2
    assert "latexmk, xelatex, makeindex" in done.stdout
    assert "apt.txt" in done.stdout
    assert "Traceback" not in done.stderr


def test_make_names_every_package_to_whoever_may_not_install(tmp_path: Path) -> None:
    """On a machine with none of them, where the user is not root."""
    for name, script in {"dpkg-query": "exit 1", "id": "echo 1000"}.items():
        tool = tmp_path / name
        tool.write_text(f"#!/bin/sh\n{script}\n")
        tool.chmod(0o755)
    done = subprocess.run(
        ["make", "-o", ".venv/.site", "latexpdf"],
        cwd=ROOT, env=os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}"},
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode != 0
    assert TEX
    assert f"sudo apt-get install {' '.join(TEX)}\n" in done.stderr
    assert "chromium" not in done.stderr


def test_broken_book_is_a_failure_that_can_be_only_shown(tmp_path: Path) -> None:
    book_of(tmp_path, r"Words \ref{nowhere}")
    done = run(tmp_path)
    assert done.returncode == 1
    assert "`nowhere' on page 1 undefined" in done.stderr
    assert run(tmp_path, "--show-only").returncode == 0


def test_tex_has_no_shell(tmp_path: Path) -> None:
    book_of(tmp_path, r"\immediate\write18{touch seen}Words")
    typeset.typeset(tmp_path)
    assert not (tmp_path / "seen").exists()


def git(folder: Path, *arguments: str) -> str:
    command = ["git", "-C", str(folder), "-c", "user.name=a", "-c", "user.email=a@b", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def test_commit_is_that_of_the_checkout(tmp_path: Path) -> None:
    assert imprint.commit(tmp_path) == ""
    git(tmp_path, "init", "-q")
    assert imprint.commit(tmp_path) == ""
    (tmp_path / "file").write_text("one")
    git(tmp_path, "add", "file")
    git(tmp_path, "commit", "-qm", "one")
    head = git(tmp_path, "rev-parse", "HEAD")
    assert imprint.commit(tmp_path) == head[:10]
    (tmp_path / "file").write_text("two")
    assert imprint.commit(tmp_path) == f"{head[:10]}+"


def test_date_is_the_sources_date_where_there_is_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = Config({}, {"project": "P", "author": "A", "release": "1", "copyright": "C"})
    config.add("html_baseurl", "", "html", str)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    assert imprint.of_project(config, tmp_path).date == "1970-01-02"
    assert imprint.of_project(config, tmp_path).cited() == "A (1970). P. Version 1."
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    assert imprint.of_project(config, tmp_path).date[:4] == time.strftime("%Y", time.gmtime())


def test_apt_list_names_what_the_fonts_are_of() -> None:
    """A font that is asked for by the style comes with a package of the list."""
    style = (ROOT / "_ext" / "book" / "bookfonts.sty").read_text()
    listed = (ROOT / "apt.txt").read_text().casefold().replace("-", "")
    families = set(re.findall(r"\{(FreeSerif|DejaVuSans|Lohit|Padauk|KhmerOS|Symbola)", style))
    assert families
    for family in families:
        stem = family.casefold().replace("serif", "").replace("sans", "")
        assert stem in listed.replace("freefont", "free"), family


@pytest.mark.parametrize("name", ["check", "publish"])
def test_workflows_make_the_book(name: str) -> None:
    path = Path(ROOT, ".github", "workflows", f"{name}.yml")
    jobs = yaml.safe_load(path.read_text())["jobs"].values()
    runs = " ".join(step.get("run", "") for job in jobs for step in job["steps"])
    assert re.search(r"make (epub latexpdf|latexpdf epub)", runs)
