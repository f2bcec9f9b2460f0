"""What a contributor can get wrong in a real build: one message each, at its line, and no more.

All faulty articles are built together once, beside good ones; each test then looks at one file.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

Project = Any  # of conftest.py, which is not for importing
FAULTY = "articles/wrong"  # after `good` in reading order
DESCRIPTION = "An article with a mistake in it, which the others must not be made to suffer for."
_MESSAGE = re.compile(
    r"^(?P<file>.*?)(?::(?P<line>\d+))?: WARNING: (?P<text>.*) \[(?P<kind>[\w.]+)\]$"
)


class Message(NamedTuple):
    """A warning: file below the source directory, line, text, type with subtype."""

    file: str
    line: int
    text: str
    kind: str


def messages(project: Project, warnings: str) -> list[Message]:
    """Return the warnings of a build; fail on any that does not name its file and type."""
    found = []
    for row in re.sub(r"\x1b\[[\d;]*m", "", warnings).splitlines():
        match = _MESSAGE.match(row)
        assert match, row
        path = Path(match["file"])
        assert path.is_file(), row
        place = path.relative_to(project.src).as_posix()
        found.append(Message(place, int(match["line"] or 0), match["text"], match["kind"]))
    return found


def article(title: str, body: str = "Text.", more: str = "", **changed: str) -> str:
    """Return an article; what stands in ``more`` begins in line 9, the ``body`` two after it."""
    keys = {
        "title": title,
        "description": DESCRIPTION,
        "date": "2026-01-01",
        "checked": "2026-01-02",
        "kind": "overview",
        "level": "intro",
        "tags": "[optimisation, geometry]",
        **changed,
    }
    front = "".join(f"{key}: {value}\n" for key, value in keys.items())
    return f"---\n{front}{more}---\n\n{body}\n"


def cards(options: str) -> str:
    return f"```{{explainer-cards}}\n{options}\n```"


def faults() -> dict[str, tuple[str, list[tuple[int, str, str]]]]:
    """Return faulty files by name: what stands in them, and line, type and part of each message."""
    unknown, option = "explainers.unknown", "myst.directive_option"
    five = article(
        "Five",
        kind="overveiw",
        date="2026-02-30",
        tags="[optimisation, geometrie]",
        more="colour: red\nprerequisites:\n  - one\n  - onee\n",
    )
    missing = "no front matter; the page needs at least title, description, date, checked, kind"
    heading = "the heading of the page comes from 'title'; sections start with '##'"
    return {
        # front matter
        "five": (
            five,
            [
                (4, "explainers.value", 'date: is "2026-02-30"; expected the day'),
                (6, "explainers.value", "; did you mean 'overview'?"),
                (8, "explainers.tag", "'geometrie' is not in tags.yaml; did you mean 'geometry'?"),
                (9, "explainers.key", "unknown key 'colour'"),
                (12, unknown, "there is no explainer 'onee'; did you mean 'one'?"),
            ],
        ),
        "blank": (article("A blank", "See {explainer}` `."), [(11, unknown, "no explainer ''")]),
        "type": (article("A type", draft="'yes'"), [(9, "explainers.type", "draft: is")]),
        "length": (article("A length", description="Short."), [(3, "explainers.length", "has 6")]),
        "no-kind": (
            article("No kind").replace("kind: overview\n", ""),
            [(1, "explainers.missing", "the key 'kind' is missing: overview, building-blocks")],
        ),
        "no-matter": ("# Heading\n\nText.\n", [(1, "explainers.missing", missing)]),
        "no-heading": ("Text.\n", [(1, "explainers.missing", missing)]),
        "nothing": ("", [(1, "explainers.missing", missing)]),
        "no-yaml": ("---\ntitle: a: b\n---\n\nText.\n", [(2, "explainers.yaml", "not readable")]),
        "open": ("---\ntitle: a\n\nText.\n", [(1, "explainers.yaml", "is not closed")]),
        "twice": (
            article("Twice", more="level: advanced\n"),
            [(9, "explainers.key", "the key 'level' stands twice")],
        ),
        "escape": (
            article('"a\\ud800b"'),
            [(2, "explainers.yaml", "a character no page can show")],
        ),
        "thumbnail": (
            article("A thumbnail", more="thumbnail: no.png\nthumbnail_alt: Nothing\n"),
            [(9, "explainers.thumbnail", "thumbnail: there is no file 'no.png'")],
        ),
        "windows": (
            article("Windows", "Text, {explainer}`onee`.", more="zzz: 1\n").replace("\n", "\r\n"),
            [(9, "explainers.key", "unknown key 'zzz'"), (12, unknown, "no explainer 'onee'")],
        ),
        "marked": ("\ufeff" + article("Marked", more="zzz: 1\n"), [(9, "explainers.key", "'zzz'")]),
        "long-value": (
            article(
                "A long value",
                "{explainer}`onee`",
                more="html_theme:\n  a: |\n    b\n\n    c\n  !!binary aGk=: {.inf: .nan}\n",
            ),
            [(17, unknown, "no explainer 'onee'")],
        ),
        # between articles
        "one": (
            article("The slug of another"),
            [(1, "explainers.duplicate", "is taken by articles")],
        ),
        "title": (
            article("ONE"),
            [(2, "explainers.duplicate", "title: articles/good/one has the same title")],
        ),
        "itself": (
            article("Itself", more="prerequisites: [itself]\n"),
            [(9, "explainers.itself", "prerequisites: an explainer cannot name itself")],
        ),
        "related": (
            article("Related", more="related:\n  - two\n  - twoo\n"),
            [(11, unknown, "related: there is no explainer 'twoo'; did you mean 'two'?")],
        ),
        "cycle-a": (article("Cycle A", more="prerequisites: [cycle-b]\n"), []),
        "cycle-b": (article("Cycle B", more="prerequisites: [cycle-c]\n"), []),
        "cycle-c": (
            article("Cycle C", more="prerequisites: [cycle-a]\n"),
            [(9, "explainers.cycle", "cycle: cycle-c → cycle-a → cycle-b → cycle-c")],
        ),
        # text
        "headings": (
            article("Headings", "## Sub\n\n# Second\n\nText.\n\n# Third"),
            [(13, "explainers.heading", heading), (17, "explainers.heading", heading)],
        ),
        "glossary": (
            article(
                "A glossary",
                "```{glossary}\nmuch\n  Of all. {home}`one` {home}`two`\n\nnothing\n```",
            ),
            [
                (13, "explainers.home", "home: the term 'much' has one already"),
                (15, "explainers.term", "the term 'nothing' has no definition below it, indented"),
            ],
        ),
        "unlinked": (
            article("Unlinked", more="unlinked: [Gradient, gradiant]\n"),
            [(9, unknown, "unlinked: no term 'gradiant' of the glossary has a home; did you mean")],
        ),
        "to-come": (
            article("To come", date="9998-01-01", checked="9999-01-01"),
            [
                (4, "explainers.value", "date: 9998-01-01 is still to come"),
                (5, "explainers.value", "checked: 9999-01-01 is still to come"),
            ],
        ),
        "own-heading": (article("Own", "# Own"), [(11, "explainers.heading", heading)]),
        "role": (
            article("A role", "Text,\nthen\n{explainer}`onee`."),
            [(11, unknown, "there is no explainer 'onee'; did you mean 'one'?")],
        ),
        "role-text": (
            article("A role with text", "Some.\n\nNo, {explainer}`this text <zzz>`."),
            [(13, unknown, "there is no explainer 'zzz'")],
        ),
        "home": (
            article("Home", "Text, {home}`one`"),
            [(11, "explainers.home", "home: belongs in a definition of the glossary")],
        ),
        "draft-link": (
            article("To a draft", "See {explainer}`hidden`.\n\nSee [](hidden.md)."),
            [
                (11, unknown, f"no explainer 'hidden': {FAULTY}/hidden is a draft"),
                (13, "myst.xref_missing", "hidden"),
            ],
        ),
        # directives
        "value": (article("A value", cards(":sort: colour")), [(12, option, '"colour" unknown')]),
        "option": (
            article("An option", cards(":colour: red")),
            [(12, option, "Unknown option key")],
        ),
        "number": (article("A number", cards(":limit: -1")), [(12, option, "must be positive")]),
        "empty": (article("Empty", cards(":theme:")), [(12, option, "argument required")]),
        "content": (
            article("Content", cards("Text.")),
            [(11, "myst.directive_parse", "Has content")],
        ),
        "theme": (
            article("A theme", cards(":theme: god")),
            [(11, unknown, "no theme 'god'; did you")],
        ),
        "several": (
            article(
                "Several", "Text.\n\n" + cards(":tag: geometry, geometrie\n:kind: limits limit")
            ),
            [
                (13, unknown, "there is no kind 'limit'; did you mean 'limits'?"),
                (13, unknown, "there is no tag 'geometrie'; did you mean 'geometry'?"),
            ],
        ),
        "level": (article("A level", cards(":level: easy")), [(11, unknown, "no level 'easy'")]),
        "map": (
            article("A map", "```{explainer-map}\n:theme: god\n```"),
            [(11, unknown, "there is no theme 'god'; did you mean 'good'?")],
        ),
        "path": (
            article("A path", "```{explainer-path} onee\n```"),
            [(11, unknown, "there is no explainer 'onee'; did you mean 'one'?")],
        ),
    }


FAULTS = faults()
PLAIN = {
    "articles/bare/index.md": "# Bare\n\n```{toctree}\nplain\ndeep/er\n```\n",
    "articles/bare/plain.rst": "Plain\n=====\n\nSee :doc:`/articles/good/one`.\n",
    "articles/bare/deep/er.md": "# Deeper\n\nA page as any other.\n",
    "articles/terms.md": (
        "# More terms\n\n```{glossary}\nloss\n  How bad. {home}`onee`\n```\n\n"
        "```{explainer-header}\n```\n"
    ),
    f"{FAULTY}/index.md": (
        "---\ntitle: Faulty\ndescription: A theme of articles with mistakes, each of which is to be"
        " built all the same.\naccent: red\n---\n\n```{toctree}\n:glob:\n\n*\n```\n"
    ),
    f"{FAULTY}/hidden.md": article("Hidden", draft="true"),
    "articles/good/lost.md": article("Lost"),
}
Start = Callable[[str], Project]


def write(project: Project, files: dict[str, str]) -> None:
    for path, text in files.items():
        file = project.src / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode())


@pytest.fixture(scope="module")
def faulty(start: Start) -> tuple[Project, list[Message]]:
    """The project with every fault, built once, and what the build said."""
    project = start("test-messages")
    write(project, {f"{FAULTY}/{name}.md": text for name, (text, _) in FAULTS.items()} | PLAIN)
    project.edit("index.md", "articles/glossary", "articles/glossary\narticles/terms")
    return project, messages(project, project.build())


def told(faulty: tuple[Project, list[Message]], file: str) -> list[Message]:
    return sorted(message for message in faulty[1] if message.file == file)


# One build with everything -----------------------------------------------------------------------


@pytest.mark.parametrize("name", FAULTS)
def test_a_mistake_is_one_message_at_its_line(
    faulty: tuple[Project, list[Message]], name: str
) -> None:
    found, expected = told(faulty, f"{FAULTY}/{name}.md"), FAULTS[name][1]
    assert [(message.line, message.kind) for message in found] == [want[:2] for want in expected]
    for message, (_, _, fragment) in zip(found, expected, strict=True):
        assert fragment in message.text


def test_no_other_file_is_blamed(faulty: tuple[Project, list[Message]]) -> None:
    others = {message.file for message in faulty[1] if not message.file.startswith(FAULTY)}
    assert others == {"articles/bare/index.md", "articles/good/lost.md", "articles/terms.md"}


def test_nothing_stands_in_the_way_of_the_rest(faulty: tuple[Project, list[Message]]) -> None:
    project, _ = faulty
    for name in FAULTS:
        assert project.out(f"{FAULTY}/{name}.html").is_file(), name
    for name in ("bare/plain", "bare/deep/er", "good/one", "good/two", "good/lost", "terms"):
        assert project.out(f"articles/{name}.html").is_file(), name
    assert "How" in project.page("articles/terms.html")


def test_what_is_right_in_a_faulty_article_is_kept(faulty: tuple[Project, list[Message]]) -> None:
    page = faulty[0].page(f"{FAULTY}/five.html")
    assert f'<p class="explainer-description">{DESCRIPTION}</p>' in page
    facts = "introductory · 1 min · facts checked 2026-01-02"
    assert facts in re.sub("</?span[^>]*>", "", page)
    assert "Before you read" in page
    assert page.count("onee") == 0


def test_an_article_without_a_title_has_the_name_of_its_file(
    faulty: tuple[Project, list[Message]],
) -> None:
    project, _ = faulty
    assert "<h1>no heading<" in project.page(f"{FAULTY}/no-heading.html")
    assert "<h1>Heading<" in project.page(f"{FAULTY}/no-matter.html")
    assert "<h1>nothing<" in project.page(f"{FAULTY}/nothing.html")


def test_an_unknown_slug_is_shown_as_text(faulty: tuple[Project, list[Message]]) -> None:
    project, _ = faulty
    assert re.search(r"No, <[^a][^>]*>this text<", project.page(f"{FAULTY}/role-text.html"))
    assert "See <" in project.page(f"{FAULTY}/draft-link.html")
    assert "hidden.html" not in project.page(f"{FAULTY}/draft-link.html")


def test_an_orphan_is_named(faulty: tuple[Project, list[Message]]) -> None:
    (message,) = told(faulty, "articles/good/lost.md")
    assert (message.line, message.kind) == (1, "explainers.orphan")
    assert message.text == "in no toctree; add 'lost' to that of good/index"


def test_a_theme_page_without_front_matter(faulty: tuple[Project, list[Message]]) -> None:
    (message,) = told(faulty, "articles/bare/index.md")
    assert (message.line, message.kind) == (1, "explainers.missing")
    assert message.text == "no front matter; the page needs at least title, description"
    assert "<h1>Bare<" in faulty[0].page("articles/bare/index.html")


def test_a_theme_page_with_a_mistake(faulty: tuple[Project, list[Message]]) -> None:
    (message,) = told(faulty, f"{FAULTY}/index.md")
    assert (message.line, message.kind) == (4, "explainers.value")


def test_a_theme_page_with_two_headings(start: Start) -> None:
    project = start("test-messages")
    again = "# Another\n\n```{explainer-cards}"
    project.edit("articles/good/index.md", "```{explainer-cards}", again)
    (message,) = messages(project, project.build("text"))
    assert (message.file, message.kind) == ("articles/good/index.md", "explainers.heading")
    assert message.line == 6


@pytest.mark.parametrize("epoch, told_of", [("1767225600", True), ("1767312000", False)])
def test_the_day_of_the_build_is_that_of_the_environment(
    start: Start, epoch: str, told_of: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where some authors live the next day has begun: 2026-01-01 may say 2026-01-02."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    project = start("test-messages")
    project.edit("articles/good/one.md", "checked: 2026-01-02", "checked: 2026-01-03")
    assert len(messages(project, project.build("text"))) == told_of


def test_mistakes_on_pages_that_are_no_articles(faulty: tuple[Project, list[Message]]) -> None:
    home, header = told(faulty, "articles/terms.md")
    assert (home.line, home.kind) == (5, "explainers.unknown")
    assert home.text == "there is no explainer 'onee'; did you mean 'one'?"
    assert (header.line, header.kind) == (8, "explainers.unknown")
    assert header.text.startswith("there is no explainer 'terms'")


def test_a_draft_is_left_out_without_a_word(faulty: tuple[Project, list[Message]]) -> None:
    project, every = faulty
    assert not project.out(f"{FAULTY}/hidden.html").exists()
    assert told(faulty, f"{FAULTY}/hidden.md") == []
    assert all("nonexisting" not in message.text for message in every)


def test_every_message_can_be_suppressed(start: Start) -> None:
    project = start("test-messages")
    write(project, {f"{FAULTY}/{name}.md": text for name, (text, _) in FAULTS.items()} | PLAIN)
    every = messages(project, project.build("text"))
    kinds = sorted({message.kind for message in every if message.kind.startswith("explainers.")})
    assert len(kinds) == 16
    rest = messages(project, project.build("text", suppress_warnings=kinds))
    assert rest == [message for message in every if message.kind not in kinds]
    assert rest
    rest = messages(project, project.build("text", suppress_warnings=kinds[:1]))
    assert sorted(rest) == sorted(message for message in every if message.kind != kinds[0])


# tags.yaml ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text, line, kind",
    [
        ("", 1, "explainers.tags"),
        ("optimisation: x\n", 1, "explainers.tags"),
        ("- {slug: a\n- b\n", 2, "explainers.yaml"),
        ("- {slug: a, name: A}\n- *a\n", 2, "explainers.yaml"),
    ],
)
def test_an_unusable_list_of_tags_is_one_message(
    start: Start, text: str, line: int, kind: str
) -> None:
    """The articles' tags are then as good as any: they are not blamed for it."""
    project = start("test-messages")
    write(project, {"articles/tags.yaml": text})
    (message,) = messages(project, project.build("text", parallel=2))
    assert (message.file, message.line, message.kind) == ("articles/tags.yaml", line, kind)
    assert project.build("text") == ""  # nothing is read, nothing is said


def test_a_wrong_tag_leaves_the_others_known(start: Start) -> None:
    project = start("test-messages")
    write(project, {"articles/tags.yaml": "- {slug: optimisation, name: O}\n- geometry\n"})
    row, one, two = sorted(messages(project, project.build("text")), reverse=True)
    assert (row.file, row.line, row.kind) == ("articles/tags.yaml", 2, "explainers.tags")
    assert (one.line, two.line, one.kind, two.kind) == (8, 8, "explainers.tag", "explainers.tag")
    assert {"'geometry'", "'statistics'"} == {m.text.split()[1] for m in (one, two)}


def test_tags_that_are_no_utf8_or_no_file_end_no_build(start: Start) -> None:
    project = start("test-messages")
    (project.src / "articles/tags.yaml").write_bytes(b"- {slug: a, name: \xff}\n")
    kinds = {m.kind for m in messages(project, project.build("text"))}
    assert kinds == {"explainers.tag", "explainers.character"}
    (project.src / "articles/tags.yaml").unlink()
    assert project.build("text") == ""
    (project.src / "articles/tags.yaml").mkdir()
    assert project.build("text") == ""


# Drafts ------------------------------------------------------------------------------------------


def with_draft(project: Project, text: str) -> None:
    """Add a draft that the theme's toctree lists."""
    write(project, {"articles/good/three.md": text})
    project.edit("articles/good/index.md", "two\n", "two\nthree\n")


@pytest.mark.parametrize(
    "text",
    [
        article("Three", more="draft: true\n"),
        article("Three", more="draft:   yes  # not yet\n"),
        article("Three", more="draft : true\n"),
        article("Three", more="'draft': true\n"),
        article("Three", more="draft: true\n").replace("\n", "\r\n"),
        "\ufeff" + article("Three", more="draft: true\n"),
    ],
)
def test_a_draft_is_in_the_live_preview_only(start: Start, text: str) -> None:
    project = start("test-messages")
    with_draft(project, text)
    assert project.build() == ""
    assert not project.out("articles/good/three.html").exists()
    assert "Three" not in project.page("articles/index.html")
    assert project.build(tags=["live"]) == ""
    facts = "overview · introductory · 1 min"
    pages = (project.page(f"articles/{name}.html") for name in ("good/three", "index"))
    article, listing = (re.sub("</?span[^>]*>", "", page) for page in pages)
    assert f">draft · {facts}" in article
    assert f">draft · A good theme · {facts}" in listing
    assert listing.count("draft ·") == 1


@pytest.mark.parametrize("entry", ["three", "three.md", "A text <three>", "/articles/good/three"])
def test_a_toctree_may_name_a_draft_in_any_way(start: Start, entry: str) -> None:
    project = start("test-messages")
    with_draft(project, article("Three", more="draft: true\n"))
    project.edit("articles/good/index.md", "\nthree\n", f"\n{entry}\n")
    assert project.build("text") == ""
    assert project.build("text", tags=["live"]) == ""


def test_naming_a_draft_is_told_where_it_is_done(start: Start) -> None:
    project = start("test-messages")
    with_draft(project, article("Three", more="draft: true\n"))
    body = "See {explainer}`three`,\nor [](three.md)."
    project.edit("articles/good/index.md", "two\nthree\n", "three\ntwo\n")
    write(project, {"articles/good/two.md": article("Two", body, more="prerequisites: [three]\n")})
    needed, link, role = sorted(messages(project, project.build()))
    assert (needed.line, needed.kind) == (9, "explainers.unknown")
    draft = "there is no explainer 'three': articles/good/three is a draft"
    assert (needed.text, role.text) == (f"prerequisites: {draft}", draft)
    assert (role.line, role.kind) == (12, "explainers.unknown")  # where the paragraph begins
    assert (link.line, link.kind) == (12, "myst.xref_missing")
    assert project.build(tags=["live"]) == ""


def test_a_draft_cannot_be_a_terms_home_yet(start: Start) -> None:
    project = start("test-messages")
    with_draft(project, article("Three", more="draft: true\n"))
    glossary = "# Glossary\n\n```{glossary}\nhill\n  A place. {home}`three`\n```\n"
    write(project, {"articles/good/two.md": article("Two", glossary.partition("\n\n")[2])})
    (said,) = messages(project, project.build())
    assert said.text == "there is no explainer 'three': articles/good/three is a draft"


def test_a_draft_that_is_finished_appears(start: Start) -> None:
    project = start("test-messages")
    with_draft(project, article("Three", more="draft: true\n"))
    assert project.build() == ""
    project.edit("articles/good/three.md", "draft: true\n", "")
    assert project.build() == ""
    assert "draft" not in project.page("articles/good/three.html")
    assert ">Three<" in project.page("articles/index.html")


def test_what_only_speaks_of_drafts_is_none(start: Start) -> None:
    project = start("test-messages")
    with_draft(project, article("Three", "draft: true"))
    project.edit("articles/good/index.md", "title:", "draft: true\ntitle:")
    (message,) = messages(project, project.build())
    assert (message.file, message.line) == ("articles/good/index.md", 2)
    assert message.text == "unknown key 'draft'"
    assert project.out("articles/good/three.html").is_file()
    assert project.out("articles/good/index.html").is_file()


def test_the_lock_of_an_editor_is_no_article(start: Start) -> None:
    """Emacs keeps a link to nowhere beside a file that is being edited."""
    project = start("test-messages")
    (project.src / "articles/good/.#two.md").symlink_to("somebody@somewhere.1234")
    warnings = project.build()
    assert "Traceback" not in warnings
    assert [row for row in warnings.splitlines() if "explainers." in row] == []
    assert project.out("articles/good/two.html").is_file()
