"""`make new` makes an article that builds, or says in one line why not and changes nothing."""

from __future__ import annotations

import datetime
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from authoring import new
from explainers.record import make_record, read_front_matter
from tests.bare import bare_site

ROOT = Path(__file__).resolve().parents[2]
TODAY = datetime.date(2026, 11, 24)
THEME = """\
---
title: Alignment
description: A theme for tests, which says in one plain sentence what it is about.
---

```{toctree}
:maxdepth: 1

what-is-rlhf
```

Text below.
"""
TAGS = "- {slug: rlhf, name: RLHF, about: One.}\n- {slug: evaluation, name: E, about: Two.}\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    theme = tmp_path / "articles" / "alignment"
    theme.mkdir(parents=True)
    (theme / "index.md").write_text(THEME, encoding="utf-8")
    (theme / "what-is-rlhf.md").write_text("---\ntitle: What Is RLHF?\n---\n", encoding="utf-8")
    (tmp_path / "articles" / "tags.yaml").write_text(TAGS, encoding="utf-8")
    return tmp_path


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    "title", ["What Is DPO?", "It's: a #1 \"test\" of 'quotes'", "Cost in $ & € – 50 %", "Yes"]
)
def test_the_article_is_valid_and_has_its_title(project: Path, title: str) -> None:
    path = new.create(project, "alignment", "dpo", title, TODAY)
    front = read_front_matter(path.read_text(encoding="utf-8"))
    assert path == project / "articles" / "alignment" / "dpo.md"
    record, problems = make_record("articles/alignment/dpo", front, "front-matter")
    assert problems == []
    assert record.title == title
    assert record.date == record.checked == "2026-11-24"
    assert record.tags == ("rlhf", "evaluation")
    assert record.draft


def test_the_article_comes_last_in_its_toctree(project: Path) -> None:
    new.create(project, "alignment", "dpo", "What Is DPO?", TODAY)
    index = (project / "articles" / "alignment" / "index.md").read_text(encoding="utf-8")
    assert index == THEME.replace("what-is-rlhf\n", "what-is-rlhf\ndpo\n")


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("```{toctree}\n```\n", "```{toctree}\na\n```\n"),
        (":::{toctree}\n:hidden:\n:::\n", ":::{toctree}\n:hidden:\n\na\n:::\n"),
        ("````{toctree}\nb\n\n````\n", "````{toctree}\nb\na\n\n````\n"),
        ("```{toctree}\nb\n```\n```{toctree}\nc\n```\n",
         "```{toctree}\nb\n```\n```{toctree}\nc\na\n```\n"),
        ("# No list\n", None),
        ("```{toctree}\nb\n", None),
    ],
)  # fmt: skip
def test_toctrees_of_every_shape_take_an_entry(page: str, expected: str | None) -> None:
    assert new.with_entry(page, "a") == expected


@pytest.mark.parametrize(
    ("theme", "slug", "title", "message"),
    [
        ("alignmint", "dpo", "T", "theme: there is no 'alignmint'; did you mean 'alignment'?"),
        ("", "dpo", "T", "say what: make new theme="),
        ("alignment", "What_Is", "T", "slug: 'What_Is' is no slug; use a-z, 0-9 and hyphens"),
        ("alignment", "../dpo", "T", "slug: '../dpo' is no slug"),
        ("alignment", "index", "T", "slug: 'index' is no slug"),
        ("alignment", "what-is-rlhf", "T", "alignment/what-is-rlhf.md has it already"),
        ("alignment", "dpo", "what is RLHF?", "title: articles/alignment/what-is-rlhf.md has it"),
        ("alignment", "dpo", "T" * 161, "title: has 161 characters"),
        ("alignment", "dpo", " ", "title: it is empty"),
    ],
)
def test_refusals_take_one_line_and_change_nothing(
    project: Path,
    capsys: pytest.CaptureFixture[str],
    theme: str,
    slug: str,
    title: str,
    message: str,
) -> None:
    before = contents(project)
    arguments = ["--theme", theme, "--slug", slug, "--title", title, "--root", str(project)]
    assert new.main(arguments) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("make new: ")
    assert message in printed.err
    assert printed.err.count("\n") == 1
    assert contents(project) == before


def test_a_theme_without_a_toctree_is_refused(project: Path) -> None:
    index = project / "articles" / "alignment" / "index.md"
    index.write_text("# Alignment\n", encoding="utf-8")
    with pytest.raises(new.Refusal, match=r"alignment/index\.md has no toctree"):
        new.create(project, "alignment", "dpo", "What Is DPO?", TODAY)
    assert not (index.parent / "dpo.md").exists()


def whole_site(folder: Path) -> Path:
    """Return ``folder`` with a copy of this site's sources."""
    for name in ("_ext", "_static", "articles", "labs"):
        shutil.copytree(ROOT / name, folder / name)
    for name in ("conf.py", "index.md", "Makefile"):
        shutil.copy(ROOT / name, folder / name)
    return folder


def run(site: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=site, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("copied", [bare_site, pytest.param(whole_site, marks=pytest.mark.pages)])
def test_the_new_article_builds_clean_and_shows_only_in_the_preview(
    tmp_path: Path, copied: Callable[[Path], Path]
) -> None:
    site = copied(tmp_path)
    theme = sorted((site / "articles").glob("*/index.md"))[0].parent.name
    title = 'It\'s a "New" One: $5 & More'
    # -o: the environment is the one that runs this test
    made = run(site, "make", "-o", ".venv/.site", f"PY={sys.executable}", "new",
               f"theme={theme}", "slug=new-one", f"title={title.replace('$', '$$')}")  # fmt: skip
    assert made.returncode == 0, made.stderr
    article = (site / "articles" / theme / "new-one.md").read_text(encoding="utf-8")
    assert read_front_matter(article).data["title"] == title
    sphinx = (sys.executable, "-m", "sphinx", "-q", "-n", "-W", "--keep-going", ".")
    for tag, shown in ((), False), (("-t", "live"), True):
        output = site / "_build" / ("live" if shown else "public")
        built = run(site, *sphinx, str(output), *tag)
        assert (built.returncode, built.stderr) == (0, "")
        assert (output / "articles" / theme / "new-one.html").exists() is shown
