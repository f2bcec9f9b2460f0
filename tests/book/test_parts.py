"""A PDF of each part: what is in it, where its links lead, and what it says of itself."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from pypdf import PdfReader

from book import parts
from book.parts import Anchors
from book.plan import Part, Plan

from .conftest import Book, holds, plain

TIDES = "How the Tides Follow the Moon and Why There Are Two of Them Every Day"


class Piece:
    """The PDF of one part of the small book."""

    def __init__(self, folder: Path, slug: str) -> None:
        self.pdf = PdfReader(folder / f"book-{slug}.pdf")
        self.pages = [plain(page.extract_text()) for page in self.pdf.pages]
        self.labels = self.pdf.page_labels

    def links(self) -> list[dict[str, str]]:
        """Return what the links on its pages do."""
        found = [a.get_object() for page in self.pdf.pages for a in page.get("/Annots") or ()]
        return [link["/A"] for link in found]

    def bookmarks(self, entries: list[object] | None = None, level: int = 0) -> list[tuple]:
        """Return level, title and printed page of each bookmark."""
        found = []
        for entry in self.pdf.outline if entries is None else entries:
            if isinstance(entry, list):
                found += self.bookmarks(entry, level + 1)
            else:
                page = self.pdf.get_destination_page_number(entry)
                found.append((level, str(entry.title), self.labels[page]))
        return found


@pytest.fixture(scope="module")
def cut(small_book: Book, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the small book cut into its parts."""
    folder = tmp_path_factory.mktemp("parts") / "book"
    shutil.copytree(small_book.folder, folder)
    made = parts.split(folder / "book.pdf")
    assert [path.name for path in made] == ["book-alpha.pdf", "book-beta.pdf"]
    return folder


def test_part_has_the_first_pages_its_own_and_its_answers(cut: Path, small_book: Book) -> None:
    alpha, beta = Piece(cut, "alpha"), Piece(cut, "beta")
    for piece in (alpha, beta):
        assert piece.labels[:3] == ["1", "2", "3"]
        assert not any(page.startswith("Contents") for page in piece.pages)
    start = small_book.place("The Alpha Part")
    end = next(page for _, title, page in small_book.outline if title == "II The Beta Part")
    own = [small_book.label(page) for page in range(start, end)]
    answers = small_book.label(small_book.place("Answers"))
    assert alpha.labels[3:] == [*own, answers]
    assert holds(alpha.pages[-1], "Two, says")
    assert answers not in beta.labels[3:]  # it asks nothing
    for piece in (alpha, beta):
        for label, words in zip(piece.labels[3:], piece.pages[3:], strict=True):
            assert words == plain(small_book.pdf.pages[
                small_book.pdf.page_labels.index(label, 4)].extract_text())  # fmt: skip


def test_bookmarks_are_those_of_the_part(cut: Path, small_book: Book) -> None:
    found = Piece(cut, "alpha").bookmarks()
    titles = [title for _, title, _ in found]
    assert found[0][:2] == (0, "I The Alpha Part")
    assert found[0][2] == small_book.label(small_book.place("The Alpha Part"))
    assert [title for level, title, _ in found if level == 0] == ["I The Alpha Part", "Answers"]
    assert titles[-1] == "Tides"
    assert "What Water Is" not in titles  # whose answers stand on the same page
    assert next(row for row in found if row[1] == TIDES)[0] == 1
    assert "Answers" not in [title for _, title, _ in Piece(cut, "beta").bookmarks()]


def test_links_lead_within_the_part_or_to_the_site(cut: Path) -> None:
    for slug in ("alpha", "beta"):
        piece = Piece(cut, slug)
        named = piece.pdf.named_destinations
        inside = [str(link["/D"]) for link in piece.links() if link["/S"] == "/GoTo"]
        assert inside
        assert [name for name in inside if name not in named] == []
        for name in inside:
            assert piece.pdf.get_destination_page_number(named[name]) is not None
    outside = {link["/URI"] for link in Piece(cut, "alpha").links() if "/URI" in link}
    site = "https://example.org/small/articles"
    assert f"{site}/basics.html" in outside
    assert not any("answers" in uri for uri in outside)


def test_it_says_which_part_of_which_book_it_is(cut: Path, small_book: Book) -> None:
    piece, whole = Piece(cut, "beta").pdf, small_book.pdf
    assert piece.metadata.title == "Small Book, part 2: The Beta Part"
    assert piece.metadata.author == whole.metadata.author
    assert piece.root_object["/Lang"] == whole.root_object["/Lang"]


def test_two_runs_give_the_same_bytes_and_leave_no_old_part(cut: Path) -> None:
    before = {path.name: path.read_bytes() for path in cut.glob("book-*.pdf")}
    (cut / "book-gamma.pdf").write_bytes(b"of a part that there was")
    parts.split(cut / "book.pdf")
    assert {path.name: path.read_bytes() for path in cut.glob("book-*.pdf")} == before


def test_without_a_plan_nothing_is_cut(tmp_path: Path) -> None:
    assert parts.split(tmp_path / "book.pdf") == []


AUX = r"""
\newlabel{articles/alpha/tides:how-tides-go}{{2}{5}{Tides}{chapter.2}{}}
\newlabel{articles/alpha/tides::doc}{{2}{5}{Tides}{chapter.2}{}}
\newlabel{equation:articles/alpha/tides:eq-pull}{{2.1}{6}{A {nested} title}{equation.2.0.1}{}}
\newlabel{answers::doc}{{2}{9}{Answers}{chapter*.9}{}}
\newlabel{articles/my page:fig one}{{1}{2}{}{figure.1.1}{}}
"""


@pytest.mark.parametrize(
    ("anchor", "path"),
    [
        ("chapter.2", "articles/alpha/tides.html"),
        ("equation.2.0.1", "articles/alpha/tides.html#equation-eq-pull"),
        ("figure.1.1", "articles/my%20page.html#fig%20one"),
        ("cite.articles/works:id3", "articles/works.html#id3"),
        ("chapter*.9", ""),  # no page of the site
        ("section.7", ""),
    ],
)
def test_anchors_have_an_address_on_the_site(anchor: str, path: str) -> None:
    names = ("articles/alpha/tides", "articles/my page", "articles/works")
    part = Part("alpha", "Alpha", "articles/alpha/index", names[:1])
    there = Plan("Book", "https://example.org/", names, (part,))
    found = Anchors(AUX).address(anchor, there)
    assert found == (f"https://example.org/{path}" if path else "")
    assert Anchors(AUX).address(anchor, Plan("Book", "", names, (part,))) == ""
