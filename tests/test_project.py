"""The files around the product: what the top level holds, pins, commands, licences, workflows."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from sphinx_autobuild.filter import IgnoreFilter

ROOT = Path(__file__).resolve().parents[1]
TOP = {
    *("conf.py", "index.md", "articles", "_ext", "_static", "labs", "tests"),
    *("Makefile", "pyproject.toml", "apt.txt", "requirements.in", "requirements.txt"),
    *("requirements-labs.in", "requirements-labs.txt"),
    *("README.md", "CONTRIBUTING.md", "REFERENCE.md", "MESSAGES.md", "CHANGELOG.md"),
    *("CITATION.cff", "LICENSE", "LICENSE-CONTENT"),
}
DOTTED = {
    *(".ci", ".editorconfig", ".gitattributes", ".github", ".gitignore"),
    *(".pre-commit-config.yaml", ".readthedocs.yaml", ".vscode"),
}
REQUIREMENTS = ("requirements", "tests/requirements", "requirements-labs")
# Paths of somebody's machine, and hosts that pip is told of by its own settings.
MACHINE = re.compile(
    r"(?<![\w.])/(?:work|root|home|Users)/"
    r"|pypi\.org|pythonhosted\.org|npmjs\.(?:org|com)|deb\.debian\.org"
)


def tracked() -> list[Path]:
    """Return every file that is, or would be, committed."""
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others"]
    done = subprocess.run(
        [*command, "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    paths = (ROOT / name for name in done.stdout.split("\0") if name)
    return sorted(path for path in paths if path.is_file())  # git also lists what was just deleted


def texts() -> list[tuple[Path, str]]:
    """Return the text files among them, with their text; line ends as they are."""
    binary = {".woff2", ".ttf", ".png", ".pdf", ".ico", ".npy"}
    files = [path for path in tracked() if path.suffix not in binary]
    return [(path, path.read_bytes().decode()) for path in files]


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def make(*arguments: str) -> str:
    done = subprocess.run(
        ["make", *arguments], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout


def listed_targets() -> set[str]:
    """Return the targets that `make help` names."""
    rows = re.findall(r"^  ([a-z][a-z -]*[a-z]) {2,}\S", make("help"), re.MULTILINE)
    return {target for row in rows for target in row.split()}


def pins(name: str) -> dict[str, str]:
    text = (ROOT / f"{name}.txt").read_text()
    return dict(re.findall(r"^([a-z0-9._-]+)==([^ ;\\]+)", text, re.MULTILINE))


def test_top_level_holds_what_the_design_shows() -> None:
    entries = {named(path).split("/")[0] for path in tracked()}
    assert entries <= TOP | DOTTED
    assert entries >= TOP | DOTTED


def test_no_file_names_a_machine_or_a_registry() -> None:
    found = [
        f"{named(path)}:{number}: {line.strip()}"
        for path, text in texts()
        for number, line in enumerate(text.splitlines(), 1)
        if MACHINE.search(line)
    ]
    assert found == []


def test_text_files_end_in_one_newline_and_lines_in_none_but_it() -> None:
    """What .editorconfig asks for; licences are kept as they were published."""
    found = [
        named(path)
        for path, text in texts()
        if "LICENSE" not in path.name
        and text
        and (not text.endswith("\n") or text.endswith("\n\n") or re.search(r"[ \t\r]\n", text))
    ]
    assert found == []


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_requirements_are_pinned_with_hashes_and_no_index(name: str) -> None:
    text = (ROOT / f"{name}.txt").read_text()
    entries = re.split(r"^(?=\w)", text, flags=re.MULTILINE)[1:]
    assert entries
    for entry in entries:
        assert re.match(r"[a-z0-9._-]+==\S+( ; [^\n]+)? \\\n", entry), entry
        assert "--hash=sha256:" in entry
    assert "index" not in re.sub(r"#.*", "", text)
    assert "://" not in text


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_requirements_hold_everything_asked_for(name: str) -> None:
    source = (ROOT / f"{name}.in").read_text()
    wanted = set(re.findall(r"^([A-Za-z][\w.-]*)", source, re.MULTILINE))
    assert {package.lower() for package in wanted} <= set(pins(name))


def test_what_the_experiments_use_is_listed_with_its_licence() -> None:
    source = (ROOT / "requirements-labs.in").read_text()
    wanted = set(re.findall(r"^([A-Za-z][\w.-]*)", source, re.MULTILINE))
    table = (ROOT / "labs/README.md").read_text().partition("| Package | What for | Licence |\n")[2]
    rows = re.findall(r"^\| ([\w-]+) \| .+ \| [A-Z][\w.-]+ \|$", table, re.MULTILINE)
    assert set(rows) == wanted


def test_a_package_has_one_version_everywhere() -> None:
    versions: dict[str, set[str]] = {}
    for name in REQUIREMENTS:
        for package, version in pins(name).items():
            versions.setdefault(package, set()).add(version)
    assert {package: found for package, found in versions.items() if len(found) > 1} == {}


def test_help_lists_every_target() -> None:
    makefile = (ROOT / "Makefile").read_text()
    declared = re.search(r"^\.PHONY: ((?:.*\\\n)*.*)", makefile, re.MULTILINE)
    assert declared
    assert listed_targets() == set(declared[1].replace("\\\n", " ").split()) - {"system", "tex"}


def test_make_alone_prints_the_help() -> None:
    assert make() == make("help")


def test_any_other_goal_is_a_sphinx_builder_with_options() -> None:
    ran = make("-n", "-o", ".venv/.site", "dirhtml", "SPHINXOPTS=-D language=de")
    assert "sphinx -M dirhtml . _build -n -W --keep-going -D language=de" in ran


@pytest.fixture(scope="module")
def preview_ignores() -> Callable[[str], bool]:
    """Return what says whether `make live` leaves the site as it is when a file changes."""
    words = shlex.split(make("-n", "-o", ".venv/.site", "live").replace("\\\n", " "))
    told: dict[str, list[str]] = {"--ignore": [], "--re-ignore": []}
    for option, value in pairwise(words):
        if option in told:
            told[option].append(value)
    inside = [str(ROOT / value) for value in told["--ignore"]]
    ignored = IgnoreFilter(inside, told["--re-ignore"])
    return lambda path: bool(ignored(str(ROOT / path)))


@pytest.mark.parametrize(
    "path",
    [
        ".git/index", ".venv/x.py", ".pytest_cache/v", ".hypothesis", ".mypy_cache/3.11/x.json",
        "_build/html/index.html", "_build", "tests/test_project.py", "labs/__pycache__",
        "_ext/website/__pycache__/feed.cpython-311.pyc", "articles/theme/.one.md.swp",
        "articles/theme/.#one.md", "articles/theme/one.md~", "articles/.DS_Store",
        "labs/results/one.4711.part",
    ],
)  # fmt: skip
def test_the_preview_is_not_built_again_for_what_is_no_source(
    preview_ignores: Callable[[str], bool], path: str
) -> None:
    assert preview_ignores(path)


@pytest.mark.parametrize(
    "path",
    [
        "index.md", "conf.py", "articles/theme/one.md", "articles/theme/one.record.yaml",
        "articles/references.bib", "_static/site.css", "labs/results/one.json", "_ext/terms.py",
    ],
)  # fmt: skip
def test_the_preview_is_built_again_for_sources(
    preview_ignores: Callable[[str], bool], path: str
) -> None:
    assert not preview_ignores(path)


@pytest.mark.parametrize("failing", ["", "ruff", "sphinx"])
def test_make_check_fails_after_everything_has_run(tmp_path: Path, failing: str) -> None:
    python, ran = tmp_path / "python", tmp_path / "ran"
    fails = f'[ "$2" = {failing} ] && exit 1; ' if failing else ""
    python.write_text(f'#!/bin/sh\necho "$2" >> {ran}\n{fails}exit 0\n')
    python.chmod(0o755)
    done = subprocess.run(
        ["make", "-o", ".venv/.tests", "-o", ".venv/.labs", f"PY={python}", "check"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    tools = "ruff ruff mypy codespell_lib sphinxlint labs.run pytest sphinx"
    assert ran.read_text().split() == tools.split()
    assert (done.returncode != 0) is bool(failing)
    assert (f"Not passed, see above: {failing}" in done.stderr) is bool(failing)


def test_continuous_integration_runs_only_documented_commands() -> None:
    script = ROOT / ".ci" / "run"
    assert script.stat().st_mode & 0o111
    goals = re.findall(r"^make (.*)$", script.read_text(), re.MULTILINE)
    assert {"html", "test"} <= set(goals) <= listed_targets()
    assert goals[-1].startswith("test")  # pytest's summary closes the run


def load(path: str) -> Any:
    return yaml.safe_load((ROOT / path).read_text(encoding="utf-8"))


def test_configuration_files_parse() -> None:
    files = [path for path in tracked() if "tests" not in path.relative_to(ROOT).parts]
    for path in files:
        if path.suffix in {".yml", ".yaml", ".cff"}:
            assert load(named(path)), path
        elif path.suffix == ".json":
            assert json.loads(path.read_text(encoding="utf-8")), path


def test_citation_file_has_what_its_format_asks_for() -> None:
    citation = load("CITATION.cff")
    assert citation["cff-version"] == "1.2.0"
    assert {"message", "title", "authors"} <= set(citation)
    assert all({"name"} <= set(author) for author in citation["authors"])
    assert set(citation["license"]) == {"MIT", "CC-BY-4.0"}


def test_licences_are_there_in_full() -> None:
    assert "Permission is hereby granted, free of charge" in (ROOT / "LICENSE").read_text()
    content = (ROOT / "LICENSE-CONTENT").read_text()
    assert content.startswith("Attribution 4.0 International\n")
    assert "Section 8 -- Interpretation." in content
    readme = (ROOT / "README.md").read_text()
    assert "(LICENSE)" in readme
    assert "(LICENSE-CONTENT)" in readme


def test_links_between_the_repository_pages_lead_somewhere() -> None:
    for page in ("README.md", "CONTRIBUTING.md", "REFERENCE.md", "MESSAGES.md", "CHANGELOG.md"):
        text = (ROOT / page).read_text(encoding="utf-8")
        text = re.sub(r"(?ms)^(```+).*?^\1$", "", text)  # what messages say leads nowhere
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", text):
            assert (ROOT / target).exists(), f"{page}: {target}"


@pytest.mark.parametrize("name", ["check", "publish"])
def test_workflows_have_least_permissions_and_pinned_actions(name: str) -> None:
    path = f".github/workflows/{name}.yml"
    workflow = load(path)
    assert workflow["permissions"] == {}
    assert all("permissions" in job for job in workflow["jobs"].values())
    uses = re.findall(r"uses: (.*)$", (ROOT / path).read_text(), re.MULTILINE)
    assert uses
    for action in uses:
        assert re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}  # v\d+\.\d+\.\d+", action), action
    assert "secrets." not in (ROOT / path).read_text()


def test_hooks_run_the_pinned_tools() -> None:
    (repo,) = load(".pre-commit-config.yaml")["repos"]
    assert repo["repo"] == "local"
    tools = {hook["entry"].split()[0].removeprefix(".venv/bin/") for hook in repo["hooks"]}
    assert tools == {"ruff", "mypy", "codespell", "sphinx-lint"} <= set(pins("tests/requirements"))
