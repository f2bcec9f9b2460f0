"""Pages of any encoding, characters that no page can show, toctrees that lead in circles."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from explainers.circles import circles

Project = Any  # of conftest.py, which is not for importing
Start = Callable[[str], Project]
SAYS = {"version": "1", "copyright": "2026"}  # else e-books are warned about
_MESSAGE = re.compile(r"(\S+?):(\d+): WARNING: (.*) \[([\w.]+)\]")


def told(project: Project, builder: str = "html", **options: Any) -> list[tuple[str, int, str]]:
    """Return file, line and type of each message of a build."""
    text = re.sub(r"\x1b\[[\d;]*m", "", project.build(builder, **options, **SAYS))
    rows = [_MESSAGE.fullmatch(row.replace(f"{project.src}/", "")) for row in text.splitlines()]
    assert all(rows), text
    return [(row[1], int(row[2]), row[4]) for row in rows if row]


@pytest.mark.parametrize("parallel", [0, 2])
@pytest.mark.parametrize("path", ["articles/good/one.md", "articles/glossary.md", "index.md"])
@pytest.mark.parametrize("encoding", ["latin-1", "utf-16"])
def test_a_page_in_another_encoding_is_told_and_built(
    start: Start, path: str, encoding: str, parallel: int
) -> None:
    project = start("test-messages")
    file = project.src / path
    text = f"{file.read_text(encoding='utf-8')}\nThe end is né.\n"
    file.write_bytes(text.encode(encoding))
    line = 1 if encoding == "utf-16" else text.count("\n")
    assert told(project, parallel=parallel) == [(path, line, "explainers.character")]
    assert "The end is n" in project.page(path.replace(".md", ".html"))


@pytest.mark.parametrize("builder", ["html", "latex", "epub", "text"])
def test_what_no_page_can_show_is_told_for_every_output(start: Start, builder: str) -> None:
    project = start("test-messages")
    (project.src / "articles/good/code.py").write_text("x = '\ue000'\n", encoding="utf-8")
    project.edit(
        "articles/good/one.md",
        "\n---\n",
        "\n---\n\nA\x02b, `c\x0cd` and &#12;.\n\n```{literalinclude} code.py\n```\n",
    )
    page = (project.src / "articles/good/one.md").read_text(encoding="utf-8")
    line = page[: page.index("A\x02")].count("\n") + 1
    kind = "explainers.character"
    expected = [(line, kind), (line, kind), (line + 2, kind)]
    assert sorted(row[1:] for row in told(project, builder)) == expected
    for file in project.out(builder=builder).rglob("*.*"):
        pages = (".html", ".xhtml", ".tex", ".txt", ".ncx")
        if file.suffix in pages and "_sources" not in file.parts:  # a copy of what was written
            assert not re.search("[\x02\x0c\ue000]", file.read_text(encoding="utf-8")), file


@pytest.mark.parametrize(
    "lists, expected",
    [
        ({"a": ["b", "c"], "b": ["d"], "c": ["d"]}, []),
        ({"a": ["b"], "b": ["c"], "c": ["a"]}, [("c", "a")]),
        ({"a": ["b"], "b": ["c", "a"], "c": ["b"]}, [("c", "b"), ("b", "a")]),
        ({"a": [], "x": ["y"], "y": ["x"]}, [("y", "x")]),
        ({"a": ["a"]}, [("a", "a")]),
        ({f"{n:04}": [f"{n + 1:04}"] for n in range(5000)}, []),
        ({}, []),
    ],
)
def test_circles(lists: dict[str, list[str]], expected: list[tuple[str, str]]) -> None:
    assert list(circles(lists, next(iter(lists), "a"))) == expected


@pytest.mark.parametrize("builder", ["html", "dirhtml", "latex", "epub", "text"])
@pytest.mark.parametrize("entry", ["/articles/index", "/index"])
def test_a_toctree_that_lists_a_page_above_it(start: Start, builder: str, entry: str) -> None:
    project = start("test-messages")
    project.edit("articles/good/index.md", "two\n", f"two\n{entry}\n")
    text = (project.src / "articles/good/index.md").read_text(encoding="utf-8")
    line = text[: text.index("```{toctree}")].count("\n") + 1
    expected = [("articles/good/index.md", line, "explainers.circle")]
    assert told(project, builder) == expected
    assert told(project, builder, parallel=2) == expected  # as long as it is not mended
    project.edit("articles/good/index.md", f"{entry}\n", "")
    assert told(project, builder) == []


def test_the_rest_is_as_without_the_circle(start: Start) -> None:
    right, wrong = start("test-messages"), start("test-messages")
    wrong.edit("articles/good/index.md", "two\n", "two\n/articles/index\n")
    for project in (right, wrong):
        project.build()
    assert right.pages() == wrong.pages()


def test_links_by_label_are_asked_of_every_domain_of_ours(start: Start) -> None:
    project = start("test-messages")
    names = ["evidence", "explainers", "figures", "layers", "terms"]
    extensions = ["myst_parser", *names]
    project.edit("articles/good/one.md", "\n---\n", "\n---\n\nA [link](nowhere) and [it](one).\n")
    config = {"extensions": extensions, "bibtex_bibfiles": []}
    warnings = project.build("html", **config)
    assert "resolve_any_xref" not in warnings
    assert "target not found: 'nowhere'" in warnings
    assert warnings.count("WARNING") == 1
