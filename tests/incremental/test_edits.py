"""Random edits, builds of several outputs, and kills: each output is what a fresh build makes.

Some in every test run, always the same; `make fuzz` looks for others.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Callable
from functools import wraps
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from .conftest import MOMENTS, Copy, differences

ROOT = Path(__file__).parents[1] / "roots" / "test-incremental"
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "0")) // 50  # of some hundred builds' time each

NUMBERS = st.integers(0, 7)
FIELDS = {
    "title": ["Hills and Valleys", "What a Step Is", "A Gradient: 100 % of It"],
    "description": ["Why there are so many steps on the way down, and what each of them costs."],
    "kind": ["limits", "overview"],
    "level": ["intro", "advanced"],
    "tags": ["[geometry, descent]", "[optimisation, geometry]"],
    "place": ["top", "rest"],
    "short_title": ["Short"],
    "prerequisites": ["[one]", "[three]", "[]"],
    "related": ["[two]", "[]"],
    "draft": ["true", "false"],
    "formerly": ["[alpha/two]", "[beta/three, alpha/old]"],
}
PROSE = {
    "terms": "A valley has a gradient, and the gradient a valley.",
    "minutes": "Ever more words. " * 250,
    "section": "## Later",
    "explainers": "See {explainer}`three` and [it](one.md).",
    "references": "See {ref}`steps` and {numref}`bar`.",
    "picture": "![It](../picture.svg)",
    "source": "Said before {footcite:p}`ash2017many`.",
    "layer": ":::{deeper} More\nDeep.\n:::",
}
TEXTS = {
    "articles/shared.txt": ("two articles", "some articles"),
    "articles/picture.svg": ('r="5"', 'r="6"'),
    "articles/references.bib": ("Many Trees", "Few Trees"),
    "articles/glossary.md": ("How steep", "How very steep"),
    "articles/chains.yaml": ("name: rest", "name: end"),
    "articles/tags.yaml": ("name: Geometry", "name: Shapes"),
    "articles/alpha/index.md": ("#7a4fbf", "#a04f00"),
    "articles/alpha/one.md": ("(steps)=\n## Steps", "## Steps\n\n(steps)=\n### Stairs"),
    "articles/beta/index.md": ("title: Theme", "title: Subject"),
    "labs/results/few.json": ('"value": 3', '"value": 4'),
    "labs/charts/few.py": ('"bar"', '"point"'),
    "_static/small.css": ("margin", "padding"),
}
SETTINGS = (
    'numfig_format = {"figure": "Picture %s"}', "explainers_related = 12", "explainers_related = 1",
    'html_title = "Another"', "terms_per_article = 1", "numfig = False", 'language = "de"',
)  # fmt: skip
#: What is done after an edit: builder, number of processes, and when it is killed.
THEN: dict[str, tuple[str, int, str]] = (
    {"nothing": ("", 0, "")}
    | {
        f"{builder} by {processes}": (builder, processes, "")
        for builder in ("html", "dirhtml", "latex", "epub")
        for processes in (1, 2)
    }
    | {
        f"html by {processes}, killed {moment}": ("html", processes, moment)
        for processes, moment in zip(cycle([1, 2]), MOMENTS)
    }
    | {"latex by 1, killed": ("latex", 1, "when all is read")}
)


def edit(**drawn: st.SearchStrategy[Any]) -> Callable[[Callable[..., None]], Any]:
    """Return what makes a rule of an edit, after which there may be a build, a kill, or neither."""

    def decorate(method: Callable[..., None]) -> Any:
        @rule(**drawn, then=st.sampled_from([*THEN]))  # the first is tried in every run
        @wraps(method)
        def step(self: Edits, then: str, **arguments: Any) -> None:
            method(self, **arguments)
            builder, parallel, moment = THEN[then]
            if moment:
                self.copy.killed(moment, builder, parallel)
            elif builder:
                self.build(builder, parallel)

        return step

    return decorate


class Edits(RuleBasedStateMachine):
    """One copy, edited and built step by step."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.copy = Copy(self.folder, ROOT)
        self.fresh: dict[str, dict[str, bytes]] = {}  # by builder, until the next edit

    def teardown(self) -> None:
        try:
            self.build("html", 1)
        finally:
            shutil.rmtree(self.folder)

    def build(self, builder: str, parallel: int) -> None:
        """Build and compare."""
        self.copy.build(builder, parallel=parallel)
        if builder not in self.fresh:
            self.fresh[builder] = self.copy.fresh(builder)
        assert differences(self.copy.files(builder), self.fresh[builder]) == {}

    def path(self, name: str) -> Path:
        """Return a file that is about to be edited."""
        self.fresh.clear()
        return self.copy.src / name

    def article(self, number: int) -> Path:
        found = sorted(p for p in self.path("articles").glob("*/*.md") if p.name != "index.md")
        return found[number % len(found)]

    def change(self, path: Path, old: str, new: str) -> None:
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def list_again(self, path: Path, entry: str | None) -> None:
        """Have the toctree beside an article name it as ``entry``, or not at all."""
        listed = f"{entry}\n" if entry else ""
        self.change(path.parent / "index.md", f"\n{path.stem}\n", f"\n{listed}")

    @edit(number=NUMBERS, field=st.sampled_from(sorted(FIELDS)), which=NUMBERS)
    def front_matter(self, number: int, field: str, which: int) -> None:
        path, values = self.article(number), FIELDS[field]
        line = f"{field}: {values[which % len(values)]}\n"
        text = re.sub(rf"^{field}:.*\n(  .*\n)*", "", path.read_text(encoding="utf-8"), flags=re.M)
        path.write_text(text.replace("---\n", f"---\n{line}", 1), encoding="utf-8")

    @edit(number=NUMBERS, name=st.sampled_from(sorted(PROSE)))
    def prose(self, number: int, name: str) -> None:
        path = self.article(number)
        before = path.read_text(encoding="utf-8")
        path.write_text(f"{before}\n{PROSE[name]}\n", encoding="utf-8")

    @edit(name=st.sampled_from(sorted(TEXTS)), back=st.booleans())
    def text(self, name: str, back: bool) -> None:
        path, (old, new) = self.path(name), TEXTS[name]
        if path.exists():
            self.change(path, *((new, old) if back else (old, new)))

    @edit(setting=st.sampled_from(SETTINGS))
    def setting(self, setting: str) -> None:
        path = self.path("conf.py")
        text = path.read_text(encoding="utf-8")
        without = text.replace(f"{setting}\n", "")
        path.write_text(without if without != text else f"{text}{setting}\n", encoding="utf-8")

    @edit(number=NUMBERS, theme=st.sampled_from(["alpha", "beta"]), listed=st.booleans())
    def add(self, number: int, theme: str, listed: bool) -> None:
        path = self.path(f"articles/{theme}/new-{number}.md")
        text = (ROOT / "articles/beta/three.md").read_text(encoding="utf-8")
        path.write_text(text.replace("Three Valleys", f"New {number}"), encoding="utf-8")
        if listed:
            self.change(path.parent / "index.md", "{toctree}\n", f"{{toctree}}\n{path.stem}\n")

    @edit(number=NUMBERS, listed=st.booleans())
    def remove(self, number: int, listed: bool) -> None:
        path = self.article(number)
        if len(list(path.parent.glob("*.md"))) > 2:
            path.unlink()
            if not listed:
                self.list_again(path, None)

    @edit(number=NUMBERS)
    def rename(self, number: int) -> None:
        path = self.article(number)
        new = path.with_stem(f"{path.stem}-2"[:20])
        path.rename(new)
        self.list_again(path, new.stem)

    @edit(number=NUMBERS)
    def move(self, number: int) -> None:
        path = self.article(number)
        theme = "beta" if path.parent.name == "alpha" else "alpha"
        path.rename(path.parents[1] / theme / path.name)
        self.list_again(path, f"../{theme}/{path.stem}")

    @edit(one=NUMBERS, other=NUMBERS)
    def swap(self, one: int, other: int) -> None:
        first, second = self.article(one), self.article(other)
        between = first.with_suffix(".swap")
        first.rename(between)
        if first != second:
            second.rename(first)
        between.rename(second)

    @edit(theme=st.sampled_from(["alpha", "beta"]))
    def order(self, theme: str) -> None:
        path = self.path(f"articles/{theme}/index.md")
        before, fence, rest = path.read_text(encoding="utf-8").partition("{toctree}\n")
        entries, end = rest.split("```")[0].split(), "```\n"
        path.write_text(before + fence + "\n".join([*entries[::-1], end]), encoding="utf-8")

    @edit(name=st.sampled_from(sorted(TEXTS)))
    def put_back(self, name: str) -> None:
        """With its old time, as tools that keep copies do."""
        shutil.copy2(ROOT / name, self.path(name))

    @edit()
    def tags_come_and_go(self) -> None:
        path = self.path("articles/tags.yaml")
        if path.exists():
            path.unlink()
        else:
            shutil.copy2(ROOT / "articles/tags.yaml", path)

    @edit()
    def page_becomes_folder(self) -> None:
        page, folder = self.path("articles/guide.md"), self.path("articles/guide/index.md")
        folder.parent.mkdir(exist_ok=True)
        old, new = (page, folder) if page.exists() else (folder, page)
        levels = ("](", "](../") if page.exists() else ("](../", "](")
        self.change(old, *levels)
        old.rename(new)
        names = ("articles/guide\n", "articles/guide/index\n")
        self.change(self.path("index.md"), *(names if new is folder else names[::-1]))

    @edit()
    def page_becomes_extra_file(self) -> None:
        page, extra = self.path("articles/alpha/two.md"), self.path("extra/articles/alpha/two.html")
        if page.exists() and not extra.exists():
            page.unlink()
            extra.parent.mkdir(parents=True, exist_ok=True)
            extra.write_text("It has moved.", encoding="utf-8")


TestEdits = pytest.mark.fuzz(Edits.TestCase)
TestEdits.settings = settings(
    max_examples=EXAMPLES or 3,
    stateful_step_count=12,
    derandomize=not EXAMPLES,
    phases=[Phase.generate, Phase.shrink] if EXAMPLES else [Phase.generate],
    suppress_health_check=list(HealthCheck),
    deadline=None,
    database=None,
)
