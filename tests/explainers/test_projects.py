"""What `_ext/explainers/README.md` promises to any project that adds one line to its extensions."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from docutils import nodes
from docutils.utils import new_document
from sphinx.errors import VersionRequirementError

import explainers
from explainers.domain import words_of
from explainers.reading import reading_minutes
from explainers.record import validator
from explainers.relations import related

Project = Any  # of conftest.py, which is not for importing
Start = Callable[[str], Project]
MIXED = "test-mixed"
NOTES, MORE = "articles/notes", "articles/more"
LARGE = f"{MORE}/Große_Dinge.2"
FRONT = """\
description: A note among those of others, there to show that it is shown with care.
date: 2026-01-01
checked: 2026-01-02
kind: overview
level: intro
tags: [sorting, merging]
"""


def said(warnings: str, project: Project) -> list[str]:
    """Return the warnings of a build without colours, each with its file below the sources."""
    plain = re.sub(r"\x1b\[[\d;]*m", "", warnings).replace(f"{project.src}/", "")
    return sorted(plain.splitlines())


def body(project: Project, docname: str) -> str:
    """Return the HTML of a page's own content."""
    page: str = project.page(f"{docname}.html")
    return page.partition('<div class="body" role="main">')[2].partition('<div class="clearer">')[0]


def text(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).replace("¶", "").split())


def write(project: Project, path: str, content: str) -> None:
    file = project.src / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content, encoding="utf-8")


@pytest.fixture(scope="module")
def mixed(start: Start) -> tuple[Project, list[str]]:
    """The project of several extensions, built, and what the build said."""
    project = start(MIXED)
    return project, said(project.build(), project)


@pytest.fixture
def fresh(start: Start) -> Project:
    """The same project, for a test to change."""
    return start(MIXED)


# Pages that ask, and others ----------------------------------------------------------------------


def test_nothing_is_said_but_what_is_wrong(mixed: tuple[Project, list[str]]) -> None:
    assert mixed[1] == [
        f"{NOTES}/setup.md:1: WARNING: the slug 'setup' is taken by {MORE}/setup;"
        " rename the file [explainers.duplicate]"
    ]


def test_a_page_that_does_not_ask_is_as_without_the_extension(
    mixed: tuple[Project, list[str]], start: Start
) -> None:
    without = start(MIXED)
    without.edit("index.md", "```{explainer-cards}\n:group-by: theme\n```\n", "")
    for page in without.src.glob("articles/*/*.md"):
        if "kind: overview" in page.read_text(encoding="utf-8"):
            page.write_text("# An explainer\n", encoding="utf-8")
    without.edit(f"{NOTES}/post.md", "{explainer}`own-heading`", "[](own-heading.md)")
    assert without.build(extensions=["myst_parser"]) == ""
    project, _ = mixed
    ours, theirs = (json.loads(p.page("metadata.json")) for p in (project, without))
    for name in (f"{NOTES}/notebook", f"{MORE}/index", f"{MORE}/deep/er"):
        assert body(project, name) == body(without, name)
        assert ours[name] == theirs[name]
    assert ours[f"{NOTES}/post"] == theirs[f"{NOTES}/post"]
    assert project.out(f"{NOTES}/post.html").is_file()  # its `draft` is not ours


def test_what_a_page_says_to_others_reaches_them(
    mixed: tuple[Project, list[str]], start: Start
) -> None:
    """All that stands in front matter but the title, which is the heading."""
    without = start(MIXED)
    without.edit("index.md", "```{explainer-cards}\n:group-by: theme\n```\n", "")
    without.build(extensions=["myst_parser"])
    ours, theirs = (json.loads(p.page("metadata.json")) for p in (mixed[0], without))
    for name in (f"{NOTES}/own-heading", f"{NOTES}/labelled", LARGE):
        others = {key: value for key, value in ours[name].items() if key != "orphan"}
        expected = {key: value for key, value in theirs[name].items() if key != "title"}
        assert others | {"wordcount": 0} == expected | {"wordcount": 0}
    assert ours[f"{NOTES}/own-heading"]["jupytext"]


def test_a_notebook_can_be_told_by_its_front_matter() -> None:
    """As MyST-NB does: the lines up to the second row of hyphens are YAML with its keys."""
    from explainers.reading import with_heading
    from explainers.record import make_record, read_front_matter

    theirs = (
        "jupytext:\n  text_representation:\n    format_name: myst\nkernelspec: {name: python3}\n"
    )
    source = f"---\ntitle: 'A: b'\n{FRONT}{theirs}---\n\nText\n"
    front = read_front_matter(source)
    rows = with_heading(source, front, make_record("a/b/c", front, "front-matter")[0]).split("\n")
    assert rows[0] == rows[2] == "---"
    data = yaml.safe_load(rows[1])
    assert data["jupytext"]["text_representation"]["format_name"] == "myst"
    assert data["kernelspec"] == {"name": "python3"}
    assert len(rows) == source.count("\n") + 1
    assert rows[source[: source.index("Text")].count("\n")] == "Text"


@pytest.mark.parametrize(
    "source",
    [
        "---\n{title: T, kind: overview}\n---\n\nText\n",
        "---\n{title: T, kind: overview}\n---\n(a)=\n\nText\n",
        "---\ntitle: T\nkind: overview\nx: 1\n---\n\n\n(a)=\n(b)=\n\n\nText\n",
        "---\ntitle: T\nkind: overview\nx: 1\n---\nText\n",
    ],
)
def test_a_heading_moves_no_line(source: str) -> None:
    from explainers.reading import with_heading
    from explainers.record import make_record, read_front_matter

    front = read_front_matter(source)
    page = with_heading(source, front, make_record("a/b/c", front, "front-matter", strict=False)[0])
    assert page.split("\n").index("Text") == source.split("\n").index("Text")
    labels = re.findall(r"\(\w\)=\n", source)
    assert "".join([*labels, "# T\n"]) in page
    assert page.count(")=") == len(labels)


# Headings ----------------------------------------------------------------------------------------


def test_a_page_without_a_title_keeps_its_heading_which_is_its_title_everywhere(
    mixed: tuple[Project, list[str]],
) -> None:
    project, _ = mixed
    title = "Its Own Heading – “and” x^2"
    assert "<h1>Its <em>Own</em> Heading" in body(project, f"{NOTES}/own-heading")
    assert body(project, f"{NOTES}/own-heading").count("<h1>") == 1
    assert title in text(body(project, "index"))
    setup = text(body(project, f"{NOTES}/setup"))
    assert f"Before you read: {title} (1 min) for what “it” – is" in setup
    rows = json.loads(project.page("explainers.json"))["explainers"]
    assert title in [row["title"] for row in rows]


def test_a_heading_can_carry_labels(mixed: tuple[Project, list[str]]) -> None:
    page = text(body(mixed[0], f"{NOTES}/labelled"))
    assert "Text, The “Labelled” – *One* $5$ and The “Labelled” – *One* $5$ ." in page


def test_title_and_short_title_have_the_quotes_and_dashes_of_the_heading(
    mixed: tuple[Project, list[str]],
) -> None:
    project, _ = mixed
    assert "<h1>The “Labelled” – *One* $5$<" in body(project, f"{NOTES}/labelled")
    assert "The “Labelled” – *One* $5$ A note" in text(body(project, "index"))
    assert ">“Labelled”</a>" in body(project, "index")
    assert "The “Labelled” – *One* $5$" in project.page("explainers.json")


def test_lines_stay_right_and_a_page_without_a_heading_is_told_so(fresh: Project) -> None:
    wrong = "\n\nNo {nothing}`here`.\n"
    write(fresh, f"{NOTES}/a.md", f"---\ntitle: A\n{FRONT}other: [1, {{x: y}}]\n---\n\n(a)={wrong}")
    write(fresh, f"{NOTES}/b.md", f"---\n{FRONT}---\n\n(b)=\n# B{wrong}")
    write(fresh, f"{NOTES}/c.md", f"---\n{FRONT}---\n{wrong}")
    write(fresh, f"{NOTES}/d.md", "No front matter,\n\nno heading {nothing}`here`.\n")
    rows = [row for row in said(fresh.build("text"), fresh) if "setup" not in row]
    places = {row.partition(" [")[0].split(" ")[0] for row in rows if "nothing" in row}
    assert places == {f"{NOTES}/{name}:" for name in ("a.md:14", "b.md:13", "c.md:11", "d.md:3")}
    assert [row for row in rows if "explainers." in row] == [
        f"{NOTES}/c.md:1: WARNING: the page has no heading: begin it with '# ', or give it a"
        " 'title' [explainers.missing]"
    ]


# Names and places --------------------------------------------------------------------------------


def test_two_articles_of_one_name_show_each_its_own(mixed: tuple[Project, list[str]]) -> None:
    project, _ = mixed
    notes, more = (text(body(project, f"{name}/setup")) for name in (NOTES, MORE))
    assert "Setting up notes A note" in notes
    assert "Setting up more A note" in more
    assert "Before you read: Its Own Heading" in notes
    assert "Read first, in this order Its Own Heading" in notes
    assert "Before you read: Large things" in more
    assert "Read first, in this order Large things" in more
    assert "Mentioned in (1) Large things" in more
    assert "Mentioned in" not in notes
    data = json.loads(project.page("explainers.json"))
    jsonschema.Draft202012Validator(validator("explainers").schema).validate(data)
    rows = {row["docname"]: row for row in data["explainers"]}
    assert rows[f"{MORE}/setup"]["slug"] == "setup"
    assert rows[f"{NOTES}/setup"]["slug"] == f"/{NOTES}/setup"
    assert rows[f"{NOTES}/setup"]["path"] == ["own-heading"]


def test_an_article_is_named_by_its_document_too(fresh: Project) -> None:
    fresh.edit(f"{LARGE}.md", "{explainer}`/articles/more/setup`", f"{{explainer}}`/{NOTES}/setup`")
    fresh.edit(f"{NOTES}/labelled.md", "layout: wide", f"prerequisites: [/{NOTES}/setup]")
    fresh.edit(f"{NOTES}/labelled.md", "## Section", "{explainer}`/articles/nowhere`")
    rows = said(fresh.build(), fresh)
    assert len(rows) == 3  # with that of the twin, and of the order in the toctree
    missing = next(row for row in rows if "explainers.unknown" in row)
    assert f"{NOTES}/labelled.md:" in missing
    assert "there is no explainer '/articles/nowhere'" in missing
    assert "See Setting up more and Setting up notes ." in text(body(fresh, LARGE))
    assert "Mentioned in (1) Large things" in text(body(fresh, f"{NOTES}/setup"))
    labelled = text(body(fresh, f"{NOTES}/labelled"))
    assert "Before you read: Setting up notes" in labelled
    assert "Everything before it: 2 to read" in labelled


def test_names_may_have_any_letters(mixed: tuple[Project, list[str]]) -> None:
    project, _ = mixed
    assert "Explainers that build on this Setting up more" in text(body(project, LARGE))
    rows = {row["slug"]: row for row in json.loads(project.page("explainers.json"))["explainers"]}
    assert rows["setup"]["prerequisites"] == ["Große_Dinge.2"]


def test_a_name_that_no_list_can_hold_is_reported_at_its_file(fresh: Project) -> None:
    write(fresh, f"{NOTES}/two words.md", f"---\ntitle: Two\n{FRONT}---\n\nText.\n")
    write(fresh, "articles/a, b/three.md", f"---\ntitle: Three\n{FRONT}---\n\nText.\n")
    rows = [row for row in said(fresh.build("text"), fresh) if "explainers.name" in row]
    assert rows == [
        f"{place}:1: WARNING: no list can name '{name}': rename it, without blanks and commas"
        " [explainers.name]"
        for place, name in (
            ("articles/a, b/three.md", "a, b"),
            (f"{NOTES}/two words.md", "two words"),
        )
    ]


@pytest.mark.parametrize("place", ["articles/one.md", "articles/a/b/one.md"])
def test_an_article_too_high_or_too_deep_is_one_line(fresh: Project, place: str) -> None:
    write(fresh, place, f"---\norphan: true\n{FRONT}---\n\n# One\n")
    row, _twin = sorted(said(fresh.build("text"), fresh), key=lambda row: "explainers.dup" in row)
    assert row == (
        f"{place}:6: WARNING: kind: explainers stand at articles/<theme>/<slug>.md; move the file,"
        " or leave out the key [explainers.place]"
    )


def without_explainers(project: Project) -> None:
    """Leave only what is no explainer."""
    for page in project.src.glob("articles/*/*.md"):
        if "kind: overview" in page.read_text(encoding="utf-8"):
            page.unlink()
    project.edit("index.md", "```{explainer-cards}\n:group-by: theme\n```\n", "")
    project.edit(f"{NOTES}/post.md", "{explainer}`own-heading`", "nothing")


def test_a_root_that_matches_nothing_is_one_line(fresh: Project) -> None:
    without_explainers(fresh)
    (row,) = said(fresh.build("text", explainers_root="artikles"), fresh)
    assert row == (
        "conf.py:1: WARNING: explainers_root: there is no page at artikles/<theme>/<slug>.md with"
        " the key 'kind' [explainers.root]"
    )


@pytest.mark.parametrize("root", [".", "", "./"])
def test_the_root_may_be_that_of_all_sources(fresh: Project, root: str) -> None:
    (fresh.src / "articles").rename(fresh.src / "gone")
    (fresh.src / "gone" / "notes").rename(fresh.src / "notes")
    (fresh.src / "gone" / "more").rename(fresh.src / "more")
    fresh.edit("index.md", "articles/*/*", "*/*")
    fresh.edit("more/Große_Dinge.2.md", "/articles/more", "/more")
    (twin,) = said(fresh.build(explainers_root=root), fresh)
    assert "taken by more/setup" in twin
    assert json.loads(fresh.page("explainers.json"))["explainers"][0]["theme"] == "more"


def test_a_project_without_explainers_is_told_nothing(fresh: Project) -> None:
    without_explainers(fresh)
    assert fresh.build() == ""


# What it needs, drafts, strictness ---------------------------------------------------------------


def test_the_folders_that_the_readme_names_are_enough(tmp_path: Path, rootdir: Path) -> None:
    packages = Path(explainers.__file__).parents[1]
    readme = (packages / "explainers" / "README.md").read_text(encoding="utf-8")
    (named,) = re.findall(r"^Copy this folder and `(\w+)`", readme, re.MULTILINE)
    for name in ("explainers", named):
        shutil.copytree(packages / name, tmp_path / "ext" / name)
    source, out = rootdir / "test-elsewhere", tmp_path / "out"
    command = [sys.executable, *"-m sphinx -q -n -W -b html".split(), str(source), str(out)]
    path = {"PYTHONPATH": str(tmp_path / "ext")}
    run = subprocess.run(command, env=path, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")
    assert "Related explainers" in (out / "articles/notes/first.html").read_text(encoding="utf-8")


def test_a_draft_stays_out(fresh: Project) -> None:
    fresh.edit(f"{NOTES}/labelled.md", "layout: wide", "draft: true")
    fresh.edit(f"{MORE}/setup.md", "related: [labelled]\n", "")
    assert len(said(fresh.build(), fresh)) == 1
    assert not fresh.out(f"{NOTES}/labelled.html").exists()
    assert "Labelled" not in text(body(fresh, "index"))
    assert len(said(fresh.build(tags=["live"]), fresh)) == 1
    assert "draft · overview" in text(body(fresh, f"{NOTES}/labelled")).replace(" · ", " · ")


def test_where_it_is_strict_every_page_of_a_theme_must_be_an_explainer(fresh: Project) -> None:
    rows = said(fresh.build("text", explainers_strict=True), fresh)
    notebook = [row.partition(": WARNING: ")[2] for row in rows if "notebook.md" in row]
    assert any(row.startswith("these keys are missing: ") and "kind" in row for row in notebook)
    assert any(row.startswith("unknown key 'kernelspec'") for row in notebook)


def test_an_older_sphinx_is_refused(monkeypatch: pytest.MonkeyPatch, fresh: Project) -> None:
    monkeypatch.setattr("sphinx.version_info", (8, 1, 3, "final", 0))
    with pytest.raises(VersionRequirementError):
        fresh.build("text")


def test_the_readme_names_every_option_key_and_directive() -> None:
    from explainers.directives import DIRECTIVES

    folder = Path(explainers.__file__).parent
    readme = (folder / "README.md").read_text(encoding="utf-8")
    options = re.findall(r'"(explainers_(?!drafts)\w+)"', (folder / "__init__.py").read_text())
    schemas = [validator(name).schema["properties"] for name in ("front-matter", "theme")]
    keys = [key for schema in schemas for key, rules in schema.items() if len(rules) > 1]
    directives = [f"explainer-{name}" for name in (one.block for one in DIRECTIVES)]
    assert [n for n in [*options, *keys, *directives] if f"`{n}`" not in readme] == []


# Another language --------------------------------------------------------------------------------


def test_what_the_front_matter_says_is_shown_translated(start: Start) -> None:
    project = start(MIXED)
    write(
        project,
        f"{NOTES}/index.md",
        f"---\nkind: theme\ntitle: The notes\n{FRONT.partition(chr(10))[0]}\n---\n",
    )
    assert len(said(project.build("gettext", gettext_compact=False), project)) == 1
    for template in project.out(builder="gettext").rglob("*.pot"):
        catalog = Catalog(locale="de")
        for message in read_po(BytesIO(template.read_bytes())):
            if message.id and "{explainer}" not in message.id and "](" not in message.id:
                catalog.add(message.id, f"«{message.id}»")
        where = template.relative_to(project.out(builder="gettext")).with_suffix(".mo")
        file = project.src / "locale" / "de" / "LC_MESSAGES" / where
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("wb") as output:
            write_mo(output, catalog)
    options = {"language": "de", "locale_dirs": ["locale"], "gettext_compact": False}
    for parallel in (0, 2):
        shutil.rmtree(project.folder / "build")  # Sphinx lets nothing else share gettext's doctrees
        assert len(said(project.build(parallel=parallel, **options), project)) == 1
        home, setup = text(body(project, "index")), text(body(project, f"{NOTES}/setup"))
        described = "«A note among those of others, there to show that it is shown with care.»"
        assert f"«Large things» {described}" in home
        assert "«The notes»" in home
        assert "«More of it»" in home
        assert f"«Setting up notes» {described}" in setup
        assert (
            "Before you read: «Its Own Heading – „and“ x^2» (1 min) for «what „it“ – is»" in setup
        )
        assert re.search(r">«[^<]*Labelled[^<]*»</a>", body(project, "index"))
        large = body(project, LARGE)
        assert ">«Setting up more»<" in large
        assert f'title="{described}"' in large
        assert "«Large things»" in text(body(project, f"{MORE}/setup")).partition("erwähnt")[0]
        rows = json.loads(project.page("explainers.json"))["explainers"]
        assert all(row["title"][0] == "«" and row["description"] == described for row in rows)


def test_words_that_say_nothing_are_those_of_the_language() -> None:
    documents = [
        {"id": name, "title": title, "body": body}
        for name, title, body in (
            ("a", "Bäume", "Nicht nur der Baum, sondern auch die Wurzeln wurden von ihm gezählt."),
            ("b", "Häuser", "Nicht nur das Haus, sondern auch die Bäume wurden von ihr gezählt."),
            ("c", "Wege", "Nicht nur der Weg, sondern auch das Ziel wurde von euch gesehen."),
        )
    ]
    found = related(documents, 3, words_of("de"))
    reasons = {
        reason.lower() for links in found.values() for link in links for reason in link.reasons
    }
    assert reasons
    assert reasons.isdisjoint({"nicht", "sondern", "auch", "von", "nicht nur"})
    assert any(reason.startswith(("baum", "bäum")) for reason in reasons)
    assert words_of("de_AT").stop == words_of("de").stop
    assert words_of("xx").stop == frozenset()


@pytest.mark.parametrize(
    "language, words, minutes",
    [
        ("en", "word " * 2300, 10),
        ("de", "Wort " * 1790, 10),
        ("de_AT", "Wort " * 1790, 10),
        ("zh_CN", "变换器如何工作，向量。" * 800, 29),  # 7,200 characters without their stops
        ("en", "变换器如何工作，向量。" * 800, 29),
        ("ja", "変換器はことばを読む。" * 357, 10),
        ("ko", "낱말 " * 2300, 10),
        ("th", "ก" * 8630, 10),
    ],
)
def test_reading_time_follows_the_language(language: str, words: str, minutes: int) -> None:
    document = new_document("x")
    document += nodes.paragraph("", words)
    assert reading_minutes(document, language=language) == minutes


@pytest.mark.parametrize("name", ["explainers/*.py", "terms.py"])
def test_sphinx_is_found_under_the_name_that_each_release_has(name: str) -> None:
    """`env._app` is new in 9.0, and the README promises the releases from 8.2 on."""
    for path in sorted(Path(explainers.__file__).parents[1].glob(name)):
        uses = re.findall(r".*\benv\._?app\b.*", path.read_text(encoding="utf-8"))
        assert len(uses) == (path.name == "domain.py"), (path.name, uses)
