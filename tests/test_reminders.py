"""A mistake is told in every build until it is mended, and not once more."""

from __future__ import annotations

import os
import re
import shutil
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from sphinx.cmd.build import build_main
from sphinx.errors import SphinxError
from sphinx.testing.util import SphinxTestApp

from duplicates import Duplicates

ONE, TWO, THREE = (f"articles/alpha/{name}.md" for name in ("one", "two", "three"))
RESULTS, CHAINS, TAGS = "labs/results/growth.json", "articles/chains.yaml", "articles/tags.yaml"
BIB, GLOSSARY = "articles/references.bib", "articles/glossary.md"
# What a page or file says rightly, what it says by mistake, and part of the message that follows.
MISTAKES: dict[str, tuple[str, str, str, str]] = {
    "key": (ONE, "kind: overview", "kind: overveiw", "did you mean 'overview'?"),
    "need": (THREE, "tags:", "prerequisites: [onee]\ntags:", "there is no explainer 'onee'"),
    "place": (TWO, "place: layers", "place: layer", "no chain has a box 'layer'"),
    "tag": (TWO, "[growth, geometry]", "[growth, geometri]", "'geometri' is not in tags.yaml"),
    "chain": (CHAINS, "slug: next", "slug: text", "stands twice in its chain"),
    "title": (CHAINS, "how a model runs", "7", "expected what the boxes are parts of"),
    "tags": (TAGS, "name: Growth", "nam: Growth", "must be a list of tags"),
    "toctree": ("articles/alpha/index.md", "three\n", "three\nfour\n", "nonexisting document"),
    "reference": (TWO, "part-one", "part-onee", "undefined label: 'part-onee'"),
    "equation": (TWO, "eq-one", "eq-onee", "eq-onee"),
    "page": (THREE, "Words", "[Words](nowhere.md)", "nowhere.md"),
    "picture": (THREE, "more.", "![more](nowhere.png)", "nowhere.png"),
    "directive": (ONE, "A part", "A part\n\n```{nowhere}\n```", "Unknown directive type"),
    "fold": (THREE, "{deeper} More of it", "{deeper}", "deeper: needs a title"),
    "result": (ONE, "growth:rate", "growth:rat", "there is no 'rat' in the results"),
    "results": (RESULTS, '"seeds": [],', '"sed": 1,', "'seeds' is a required property"),
    "source": (THREE, "`someone`", "`sometwo`", "sometwo"),
    "entries": (BIB, "@book", "@misc{twin}\n@misc{twin}\n@book", "there are two entries"),
    "loose": ("articles/loose.md", "", "# Loose\n", "isn't included in any toctree"),
}
# What only pages of the site are not able to show.
SITE = {"formula": (TWO, "c = d", r"\frac{c", "math not converted")}


class Project:
    """A copy of the test root, its builds beside it."""

    def __init__(self, folder: Path, root: Path) -> None:
        self.src, self.out = folder / "src", folder / "out"
        shutil.copytree(root, self.src)
        self._age()

    def _age(self) -> None:
        """Have all files be so old that whatever a test changes is newer."""
        hour_ago = time.time() - 3600
        for file in self.src.rglob("*.*"):
            os.utime(file, (hour_ago, hour_ago))

    def build(self, builder: str = "html", *, parallel: int = 0, **options: object) -> list[str]:
        """Return what a build says, in an order that two processes cannot change."""
        app = SphinxTestApp(
            builder,
            srcdir=self.src,
            builddir=self.out,
            parallel=parallel,
            freshenv=bool(options.pop("fresh", False)),
            confoverrides=options,
        )
        try:
            app.build()
        finally:
            app.cleanup()
        return sorted(re.sub(r"\x1b\[[\d;]*m", "", app.warning.getvalue()).splitlines())

    def replace(self, path: str, old: str, new: str) -> None:
        file = self.src / path
        text = file.read_text(encoding="utf-8") if file.exists() else ""
        assert old in text, f"{old!r} is not in {path}"
        file.write_text(text.replace(old, new, 1) if old else new, encoding="utf-8")

    def make(self, mistake: str) -> None:
        path, right, wrong, _ = (MISTAKES | SITE)[mistake]
        self.replace(path, right, wrong)

    def mend(self, mistake: str) -> None:
        path, right, wrong, _ = (MISTAKES | SITE)[mistake]
        if right:
            self.replace(path, wrong, right)
        else:
            (self.src / path).unlink()

    def pages(self) -> dict[str, str]:
        """Return the site, by path."""
        out = self.out / "html"
        return {str(file.relative_to(out)): file.read_text() for file in out.rglob("*.html")}


@pytest.fixture(scope="module")
def right(tmp_path_factory: pytest.TempPathFactory, rootdir: Path) -> dict[str, str]:
    """Return the pages of the test root, by path."""
    project = Project(tmp_path_factory.mktemp("right"), rootdir / "test-reminders")
    assert project.build() == []
    return project.pages()


@pytest.fixture
def project(tmp_path: Path, rootdir: Path) -> Project:
    return Project(tmp_path, rootdir / "test-reminders")


def told(said: list[str], mistake: str) -> bool:
    return any((MISTAKES | SITE)[mistake][3] in line for line in said)


def broken(project: Project) -> list[str]:
    """Make all mistakes that can stand beside each other; return their names."""
    # Two hide others: what is wrong with a whole file is not said of its pages.
    names = [name for name in MISTAKES if name not in ("result", "tags")]
    for name in names:
        project.make(name)
    return names


@pytest.mark.parametrize("parallel", [0, 2])
@pytest.mark.parametrize("builder", ["html", "latex", "epub", "text"])
def test_each_build_says_what_the_first_one_said(
    project: Project, builder: str, parallel: int
) -> None:
    names = broken(project)
    project.make("formula")
    first = project.build(builder, parallel=parallel)
    missing = [name for name in names if not told(first, name)]
    assert missing == []
    assert told(first, "formula") == (builder in ("html", "epub"))
    assert project.build(builder, parallel=parallel) == first
    assert project.build(builder, parallel=parallel) == first


def test_serial_and_parallel_builds_say_the_same(project: Project) -> None:
    broken(project)
    first = project.build()
    assert project.build(parallel=2) == first
    assert project.build(parallel=2, fresh=True) == first
    assert project.build(fresh=True) == first


def test_other_builders_between_take_nothing_away(project: Project) -> None:
    broken(project)
    project.make("formula")
    site, text = project.build(), project.build("text")
    assert told(site, "formula")
    assert text == [line for line in site if "[mathml" not in line]
    for _ in range(2):
        assert project.build("latex")
        assert project.build() == site
        assert project.build("text") == text


@pytest.mark.parametrize("root", ["record", "results", "math", "diagrams"])
def test_what_other_tests_have_made_wrong(tmp_path: Path, rootdir: Path, root: str) -> None:
    project = Project(tmp_path, rootdir / f"test-{root}-faults")
    project.replace("conf.py", "extensions = [", 'extensions = ["reminders", ')
    first = project.build()
    assert len(first) > 3
    assert project.build(parallel=2) == first
    assert project.build() == first


@pytest.mark.parametrize("mistake", [*MISTAKES, *SITE])
def test_what_is_mended_is_silent_at_once(
    project: Project, mistake: str, right: dict[str, str]
) -> None:
    project.make(mistake)
    assert told(project.build(), mistake)
    project.mend(mistake)
    assert project.build() == []
    (project.out / "html/articles/loose.html").unlink(missing_ok=True)  # Sphinx leaves it there
    assert project.pages() == right


def test_mending_one_mistake_leaves_the_others_told(project: Project) -> None:
    names = broken(project)
    said = project.build()
    for name in reversed(names):  # a whole bibliography first, then its keys
        project.mend(name)
        before, said = said, project.build()
        assert unplaced(said) < unplaced(before), name
        assert not told(said, name)
    assert said == []


def unplaced(said: list[str]) -> set[str]:
    """Return what is said, without the lines, which move when something above is mended."""
    return {re.sub(r":\d+: ", ": ", line) for line in said}


def test_nothing_is_written_again_where_nothing_is_amiss(project: Project) -> None:
    def written() -> dict[Path, int]:
        pages = [*project.out.rglob("*.html"), *project.out.rglob("*.txt")]
        always = {"genindex.html", "search.html"}
        return {page: page.stat().st_mtime_ns for page in pages if page.name not in always}

    assert project.build() == project.build("text") == []
    before = written()
    assert project.build() == project.build("text") == []
    assert written() == before
    project.make("formula")
    project.build()
    before = written()
    project.build()
    again = {page.stem for page, changed in written().items() if before[page] != changed}
    assert again == {"two", "index"}  # that one has the toctree with the other


# Two pages ---------------------------------------------------------------------------------------

TWICE = """```{glossary}
slope
  Said again.
```

$$ x = y $$ (eq-one)

(part-one)=
## A part again
"""


@pytest.mark.parametrize("parallel", [0, 2])
@pytest.mark.parametrize("early", [True, False])
def test_what_stands_in_two_pages(project: Project, parallel: int, early: bool) -> None:
    if early:  # the page that had it is then not read with the other
        assert project.build(parallel=parallel) == []
    project.replace(THREE, "As {eq}", f"{TWICE}\nAs {{eq}}")
    said = project.build(parallel=parallel)
    kinds = ("equation eq-one, other", "label part-one, other", "term description of slope, other")
    assert [any(kind in line for line in said) for kind in kinds] == [True] * 3
    assert len(said) == 3
    second = project.build(parallel=parallel)
    # Where a term stands twice is told of the later page, as soon as both are read.
    assert [line for line in second if " term " not in line] == [
        line for line in said if " term " not in line
    ]
    assert len(second) == 3
    assert project.build(parallel=parallel) == second
    project.replace(THREE, TWICE, "")
    assert project.build(parallel=parallel) == []  # what the other page has is known again
    assert "eq-one" in project.pages()["articles/alpha/two.html"]


def test_one_process_or_two_tell_of_duplicates_alike(project: Project) -> None:
    project.replace(THREE, "As {eq}", f"{TWICE}\nAs {{eq}}")
    first = project.build()
    site = project.pages()
    assert len(first) == 3
    for _ in range(3):
        assert project.build(parallel=2, fresh=True) == first
        assert project.pages() == site


def test_a_process_knows_nothing_of_those_that_ended_before_it_began() -> None:
    """Else it tells of a duplicate that is told of again when all are put together."""
    data: dict[str, Any] = {"std": {"objects": {}, "labels": {}}, "math": {"objects": {}}}
    app: Any = SimpleNamespace(env=SimpleNamespace(domaindata=data))
    read = {"std": {"objects": {("term", "slope"): ("three", "term-slope")}}, "math": {}}
    data["std"]["objects"] = {("term", "cliff"): ("one", "term-cliff"), **read["std"]["objects"]}
    found = Duplicates()
    found.on_merge(app, app.env, {"three"}, cast(Any, SimpleNamespace(domaindata=read)))
    found.on_source_read(app, "glossary", [""])
    assert data["std"]["objects"] == {("term", "cliff"): ("one", "term-cliff")}
    assert not found.found


@pytest.mark.parametrize("builder", ["html", "latex"])
def test_a_label_that_stands_twice_in_a_page_is_told_once_and_leads_to_the_first(
    project: Project, builder: str
) -> None:
    twice = "## A part\n\nSee {ref}`part-one` and [](#part-one).\n\n(part-one)=\n## Another\n"
    project.replace(ONE, "## A part\n", twice)
    said = project.build(builder)
    assert [line.partition("alpha/")[2] for line in said] == [
        'one.md:21: WARNING: Duplicate explicit target name: "part-one". [docutils]'
    ]
    assert project.build(builder) == said
    if builder == "html":
        for page in ("one", "two"):
            text = project.pages()[f"articles/alpha/{page}.html"]
            found = re.findall(r'href="(?:one\.html)?(#[\w-]+)"><span[^>]*>A part<', text)
            assert found == ["#part-one"] * (2 if page == "one" else 1)


@pytest.mark.parametrize("parallel", [0, 2])
def test_what_moves_to_another_page_is_no_duplicate(project: Project, parallel: int) -> None:
    assert project.build(parallel=parallel) == []
    project.replace(TWO, "$$ c = d $$ (eq-two)", "Moved.")
    project.replace(ONE, "$$ a = b $$ (eq-one)", "$$ a = b $$ (eq-one)\n\n$$ c = d $$ (eq-two)")
    assert project.build(parallel=parallel) == []


@pytest.mark.parametrize("parallel", [0, 2])
def test_a_removed_page_takes_its_messages_along(project: Project, parallel: int) -> None:
    project.replace(THREE, "As {eq}", f"{TWICE}\n[Words](nowhere.md)\n\nAs {{eq}}")
    assert len(project.build(parallel=parallel)) == 4
    (project.src / THREE).unlink()
    project.replace("articles/alpha/index.md", "three\n", "")
    assert project.build(parallel=parallel) == []
    assert project.build(parallel=parallel) == []


# Messages without a place, and what surrounds them ------------------------------------------------

SAYS = """

def setup(app):
    from sphinx.util import logging
    say = logging.getLogger("tests").warning
    app.connect("source-read", lambda app, name, text: {read})
    app.connect("html-page-context", lambda app, name, *rest: {write})
    app.connect("build-finished", lambda app, error: {end})
"""


def speak(project: Project, **events: str) -> None:
    """Have the project's configuration say something itself."""
    listeners = dict.fromkeys(("read", "write", "end"), "None") | events
    project.replace("conf.py", "\n\nextensions", SAYS.format(**listeners) + "\nextensions")


@pytest.mark.parametrize("parallel", [0, 2])
@pytest.mark.parametrize(
    "event, code",
    [
        ("read", "say('two is read') if name.endswith('two') else None"),
        ("read", "say('%s is read', 'one', location=name) if name.endswith('one') else None"),
        ("read", "say('pages are read', once=True)"),
        ("write", "say('two is written') if name.endswith('two') else None"),
        ("write", "say('two is written', location='index') if name.endswith('two') else None"),
        ("end", "say('this is the end')"),
    ],
)
def test_messages_without_a_place(project: Project, event: str, code: str, parallel: int) -> None:
    speak(project, **{event: code})
    first = project.build(parallel=parallel)
    assert first
    if parallel == 0 or "once" not in code:
        assert len(first) == 1
    assert project.build(parallel=parallel) == first
    assert project.build(parallel=parallel) == first


def test_what_all_pages_say_once_is_told_as_long_as_one_says_it(project: Project) -> None:
    speak(project, read="say('a word', once=True) if 'a word' in text[0] else None")
    for path in (ONE, TWO):
        project.replace(path, "Text of", "In a word: text of")
    assert len(project.build()) == 1
    project.replace(ONE, "In a word: ", "")
    assert len(project.build()) == 1
    project.replace(TWO, "In a word: ", "")
    assert project.build() == []


def test_hidden_messages_bring_nothing_back(project: Project) -> None:
    project.make("key")
    project.make("formula")
    hidden = ["explainers.value", "mathml"]
    assert project.build(suppress_warnings=hidden) == []
    before = (project.out / "doctrees/environment.pickle").stat().st_mtime_ns
    assert project.build(suppress_warnings=hidden) == []
    assert (project.out / "doctrees/environment.pickle").stat().st_mtime_ns == before
    assert len(project.build()) == 2


def test_a_build_that_breaks_off_forgets_nothing(project: Project) -> None:
    project.make("key")
    project.make("formula")
    first = project.build()
    speak(project, end="1 / 0 if not error else None")
    with pytest.raises(SphinxError):
        project.build()
    project.replace("conf.py", "1 / 0", "0")
    assert project.build() == first
    silent, breaks = "name, *rest: None", "*rest: 1 / 0"
    project.replace("conf.py", silent, breaks)
    with pytest.raises(SphinxError):
        project.build()
    project.replace("conf.py", breaks, silent)
    assert project.build() == first
    assert project.build() == first


def test_a_second_build_fails_as_the_first_one_did(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    def status() -> int:
        return build_main(["-q", "-W", "-b", "html", str(project.src), str(project.out / "html")])

    project.make("key")
    assert [status(), status()] == [1, 1]
    project.mend("key")
    project.make("need")  # it shows only when all pages are known
    assert [status(), status()] == [1, 1]
    project.mend("need")
    assert [status(), status()] == [0, 0]
    capsys.readouterr()


def test_asking_for_some_pages_leaves_the_others_to_be_told(project: Project) -> None:
    project.make("formula")
    first = project.build()
    assert len(first) == 1
    out, trees = project.out / "html", project.out / "doctrees"
    options = ["-q", "-b", "html", "-D", "nitpicky=1", "-d", str(trees)]
    assert build_main([*options, str(project.src), str(out), str(project.src / ONE)]) == 0
    assert project.build() == first
