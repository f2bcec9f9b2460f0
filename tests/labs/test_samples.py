"""What CONTRIBUTING and labs/README offer to copy works: article, experiment, chart and test."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bare import ROOT, THEME, bare_site

# A fence, and the file that the sentence before it names.
_FILE = re.compile(
    r"`((?:articles|labs|tests)/[\w./-]+)`[^`]*:\n\n(`{3,})\w+\n(.*?)\n\2\n", re.DOTALL
)
ARTICLE = f"articles/{THEME}/averages.md"
FILES = {
    "labs/averages.py", "labs/experiments/averages.py", "labs/charts/averages.py",
    "tests/labs/test_averages.py", ARTICLE,
}  # fmt: skip


def offered() -> dict[str, str]:
    """Return the files that the two pages show in full, by path."""
    pages = [
        (ROOT / name).read_text(encoding="utf-8") for name in ("CONTRIBUTING.md", "labs/README.md")
    ]
    return {path: f"{text}\n" for page in pages for path, _, text in _FILE.findall(page)}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a site with the sample and its results."""
    found = bare_site(tmp_path_factory.mktemp("samples"))
    for path, text in offered().items():
        (found / path).parent.mkdir(parents=True, exist_ok=True)
        (found / path).write_text(text, encoding="utf-8")
    index = found / f"articles/{THEME}/index.md"
    index.write_text(index.read_text().replace("{toctree}\n", "{toctree}\naverages\n"))
    assert run(found, "-m", "labs.run", "averages") == ""
    return found


def run(folder: Path, *command: str) -> str:
    """Run Python in ``folder`` and return what is wrong."""
    done = subprocess.run(
        [sys.executable, *command], cwd=folder, capture_output=True, text=True, check=False
    )
    return done.stderr or done.stdout if done.returncode else done.stderr


def test_the_pages_offer_all_files() -> None:
    assert offered().keys() == FILES


def test_the_article_builds_and_has_all_that_is_promised(site: Path) -> None:
    build = ("-m", "sphinx", "-q", "-n", "-W", "--keep-going", "-b")
    assert run(site, *build, "html", ".", "_build/html") == ""
    page = (site / "_build/html" / ARTICLE).with_suffix(".html").read_text(encoding="utf-8")
    for sign in (
        "<table", "Table 1", "Figure 2", "<math", "highlight-python", "<svg", "details", "deeper",
        "answer", "footnote-reference", "Ouyang",
    ):  # fmt: skip
        assert sign in page, sign
    assert run(site, *build, "latex", ".", "_build/latex") == ""
    book = (site / "_build/latex/explainers.tex").read_text(encoding="utf-8")
    article, answers = book.split(r"\bookquestion{")
    assert r"\bookanswer{" in article
    assert "= 4.5" in answers  # at the back, and only there
    assert "= 4.5" not in article


def test_the_code_is_right_and_in_order(site: Path) -> None:
    assert run(site, "-m", "pytest", "-q", "-c", "/dev/null", "tests/labs/test_averages.py") == ""
    code = [path for path in FILES if path.endswith(".py")]
    lint = ("-m", "ruff", "check", "--no-cache", "--config", str(ROOT / "pyproject.toml"))
    assert run(site, *lint, *code) == ""
    style = ("-m", "ruff", "format", "--check", "--no-cache", "--config")
    assert run(site, *style, str(ROOT / "pyproject.toml"), *code) == ""
    assert run(site, "-m", "labs.run", "--stale") == ""
