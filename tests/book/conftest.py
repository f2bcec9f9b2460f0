"""The real book and a small one, each made once for all workers; what they hold as readers see it.

A test of the book needs TeX and the fonts of apt.txt; without them it fails and says so.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import unicodedata
from collections.abc import Callable, Iterator
from functools import cached_property
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from pypdf.generic import Destination
from sphinx.application import Sphinx
from sphinx.cmd.build import build_main
from sphinx.util.docutils import docutils_namespace, patch_docutils

from book import typeset
from explainers.domain import domain_of
from tests.once import once, shared
from wayfinding.domain import paths_of
from wayfinding.paths import legs

ROOT = Path(__file__).parents[2]


class Book:
    """A PDF and the facts of the project that it was made of."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.facts: dict[str, Any] = json.loads((folder / "facts.json").read_text())
        (self.tex,) = folder.glob("*.tex")
        self.path = self.tex.with_suffix(".pdf")
        self.pdf = PdfReader(self.path)

    @cached_property
    def pages(self) -> list[str]:
        """The words of each page, parted by single spaces."""
        command = ["pdftotext", "-raw", str(self.path), "-"]
        text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        return [plain(page) for page in text.split("\f")[:-1]]

    @cached_property
    def text(self) -> str:
        return " ".join(self.pages)

    @cached_property
    def outline(self) -> list[tuple[int, str, int]]:
        """Level, title and number of the page, from 0, of each bookmark."""
        found = []
        for level, entry in self.bookmarks(self.pdf.outline):
            page = self.pdf.get_destination_page_number(entry)
            assert page is not None
            found.append((level, str(entry.title), page))
        return found

    def bookmarks(self, entries: list[Any], level: int = 0) -> Iterator[tuple[int, Destination]]:
        """Yield the level and the destination of each bookmark."""
        for entry in entries:
            if isinstance(entry, Destination):
                yield level, entry
            else:
                yield from self.bookmarks(entry, level + 1)

    def place(self, title: str) -> int:
        """Return the number of the page on which the chapter or part of this title begins."""
        places = {(level, page) for level, name, page in self.outline
                  if name.removeprefix("I ") == title}  # fmt: skip
        highest = min(level for level, _ in places)  # its answers have the title, too
        (found,) = (page for level, page in places if level == highest)
        return found

    def label(self, page: int) -> str:
        """Return what is printed on the page as its number."""
        return str(self.pdf.page_labels[page])

    def chapter(self, title: str) -> str:
        """Return the words of a chapter."""
        start = self.place(title)
        rank = min(level for level, _, page in self.outline if page == start)
        later = [page for level, _, page in self.outline if page > start and level <= rank]
        return " ".join(self.pages[start : min(later, default=len(self.pages))])


def plain(text: str) -> str:
    """Return ``text`` with one kind of spaces and apostrophes, and without ligatures."""
    return " ".join(unicodedata.normalize("NFKC", text).replace("'", "’").split())


def make_book(
    source: Path, folder: Path, tags: tuple[str, ...] = (), doctrees: Path | None = None
) -> list[str]:
    """Write and typeset the book of a project, which is read anew if it has no ``doctrees``; return
    what is wrong with it.
    """
    if absent := typeset.missing():
        pytest.fail(f"{', '.join(absent)} missing: install what apt.txt lists")
    warnings = StringIO()
    with patch_docutils(), docutils_namespace():
        app = Sphinx(
            source, source, folder / "latex", doctrees or folder / "doctrees", "latex",
            status=None, warning=warnings, tags=tags,
        )  # fmt: skip
        app.build()
        facts = facts_of(app)
    (folder / "latex" / "facts.json").write_text(json.dumps(facts))
    _pdf, problems = typeset.typeset(folder / "latex")
    return [line for line in warnings.getvalue().splitlines() if line] + problems


def facts_of(app: Sphinx) -> dict[str, Any]:
    """Return what a book of the project must hold."""
    domain = domain_of(app.env)
    library = domain.library
    by_slug, (paths, _) = library.by_slug, paths_of(app.env)
    explainers = {
        slug: {
            "title": record.title,
            "theme": library.themes[record.theme].title,
            "description": record.description,
            "needs": [_names(library.find(n.slug)) for n in library.prerequisites(slug)],
            "related": [
                by_slug[other].title
                for other, _, _ in domain.derived.suggestions[slug]
                if by_slug[other] not in [leg.following for leg in legs(paths, library, slug)]
            ],
            "answers": Path(app.env.doc2path(record.docname)).read_text().count(": answer\n"),
        }
        for slug, record in by_slug.items()
    }
    basics = {page.docname: page.title for slug in by_slug for page in library.path(slug)}
    others = [title for name, title in basics.items() if name not in library.by_docname]
    keys = [app.config[name] for name in ("project", "author", "release")]
    return {"explainers": explainers, "basics": others, "project": keys}


def _names(page: Any) -> tuple[str, str]:
    """Return the title of a page, and its title in lists."""
    return page.title, page.short_title or page.title


@pytest.fixture(scope="session")
def book(tmp_path_factory: pytest.TempPathFactory, site: Path) -> Book:
    """Return the real book, made of what was read for the site, as `make latexpdf` does."""
    folder = shared(tmp_path_factory) / "real-book"
    with once(folder) as mine:
        if mine:
            assert make_book(ROOT, folder, doctrees=site.parent / "doctrees") == []
    return Book(folder / "latex")


@pytest.fixture(scope="session")
def small_book(tmp_path_factory: pytest.TempPathFactory, rootdir: Path) -> Book:
    """Return the book of the test root; not to be changed."""
    folder = shared(tmp_path_factory) / "small-book"
    with once(folder) as mine:
        if mine:
            assert make_book(rootdir / "test-book", folder) == []
    return Book(folder / "latex")


def holds(words: str, phrase: str) -> bool:
    """Return whether ``phrase`` is among ``words``, wherever lines end and words are parted."""
    return re.sub(r"[\s-]", "", plain(phrase)) in re.sub(r"[\s-]", "", words)


@pytest.fixture(scope="session")
def ebook(tmp_path_factory: pytest.TempPathFactory, site: Path) -> Path:
    """Return the folder of the real e-book, made of what was read for the site, as `make epub`."""
    folder = shared(tmp_path_factory) / "real-ebook"
    with once(folder) as mine:
        if mine:
            options = [
                "-q",
                "-W",
                "--keep-going",
                "-b",
                "epub",
                "-d",
                str(site.parent / "doctrees"),
            ]
            assert build_main([*options, str(ROOT), str(folder / "epub")]) == 0
    return folder / "epub"


Edited = Callable[..., tuple[Path, list[str]]]


@pytest.fixture
def edited(tmp_path: Path, rootdir: Path) -> Edited:
    """Return what makes a book of a changed copy: `edited(page, text_to_add, *tags)`."""

    def make(page: str = "", text: str = "", *tags: str) -> tuple[Path, list[str]]:
        source = tmp_path / "source"
        shutil.copytree(rootdir / "test-book", source)
        if page:
            file = source / page
            file.write_text(file.read_text(encoding="utf-8") + text, encoding="utf-8")
        return tmp_path / "latex", make_book(source, tmp_path, tags)

    return make
