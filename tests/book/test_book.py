"""The real book, as its readers' programs read it; no test depends on which articles it has."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator

import pytest

from book import imprint

from .conftest import ROOT, Book, holds, plain

pytestmark = pytest.mark.pages

BACK = ["Answers", "Glossary", "Notation", "Bibliography", "List of Figures", "Index"]


def explainers(book: Book) -> list[dict[str, object]]:
    found: list[dict[str, object]] = list(book.facts["explainers"].values())
    assert found
    return found


def test_no_reference_leads_nowhere(book: Book) -> None:
    assert not re.search(r"(?<!\?)\?\?(?!\?)", book.text)  # as TeX prints it; people may ask ???


def test_outline_has_parts_chapters_and_what_is_around_them(book: Book) -> None:
    top = [title for level, title, _ in book.outline if level == 0]
    themes = list(dict.fromkeys(str(e["theme"]) for e in explainers(book)))
    parts = [title for title in top if re.match(r"[IVX]+ ", title)]
    assert [plain(part.partition(" ")[2]) for part in parts] == [plain(t) for t in themes]
    assert top == ["How to read", *book.facts["basics"], *parts, *BACK]


def test_every_explainer_is_a_chapter_of_its_part(book: Book) -> None:
    part, found = "", {}
    for level, title, _ in book.outline:
        part = title.partition(" ")[2] if level == 0 else part
        if level == 1:
            found[re.sub(r"^\d+ ", "", title)] = part
    for explainer in explainers(book):
        assert found[plain(str(explainer["title"]))] == plain(str(explainer["theme"]))


def test_chapters_open_with_description_facts_and_what_to_read_first(book: Book) -> None:
    for explainer in explainers(book):
        words = book.chapter(plain(str(explainer["title"])))
        assert holds(words, str(explainer["description"]))
        assert re.search(r"\d+ min ·|\d+ min, \d+ with everything", words)
        needs = explainer["needs"]
        assert isinstance(needs, list)
        for title, name in needs:
            assert holds(words.partition("Before you read")[2][:1500], with_page(book, title, name))


def test_every_related_explainer_has_its_page(book: Book) -> None:
    for explainer in explainers(book):
        words = book.chapter(plain(str(explainer["title"]))).partition("Related explainers")[2]
        related = explainer["related"]
        assert isinstance(related, list)
        for title in related:
            assert holds(words, with_page(book, title))


def with_page(book: Book, title: str, name: str = "") -> str:
    """Return a title as lists show it, or another ``name``, with the page it stands on."""
    return f"{plain(name or title)} (page {book.label(book.place(plain(title)))})"


def test_theme_lists_its_explainers_with_their_pages(book: Book) -> None:
    for explainer in explainers(book):
        (opening,) = (
            page
            for _, title, page in book.outline
            if title.partition(" ")[2] == plain(str(explainer["theme"]))
        )
        words = " ".join(book.pages[opening : opening + 2])
        assert holds(words, with_page(book, str(explainer["title"])))


def test_every_exercise_has_its_answer_at_the_back(book: Book) -> None:
    answers = book.place("Answers")
    for explainer in explainers(book):
        words = book.chapter(plain(str(explainer["title"])))
        found = re.findall(r"Answer on page (\d+)", words)
        assert len(found) == explainer["answers"]
        for page in found:
            assert answers <= book.pdf.page_labels.index(page) < book.place("Glossary")
    total = sum(int(str(explainer["answers"])) for explainer in explainers(book))
    asked = re.findall(r"\(asked on\s+page (\d+)\)", book.chapter("Answers"))
    assert len(asked) == len(re.findall(r"Answer on page \d+", book.text)) >= total > 0
    for page in asked:
        assert "Answer on page" in book.pages[book.pdf.page_labels.index(page)]


def test_first_pages_say_what_the_book_is(book: Book) -> None:
    project, author, release = book.facts["project"]
    cover, title, colophon, contents = book.pages[:4]
    assert cover.startswith(project)
    assert f"Version {release}, " in cover
    assert project in title
    assert author in title
    assert f"Version {release} of " in colophon
    assert "creativecommons.org/licenses/by/4.0" in colophon
    if commit := imprint.commit(ROOT):
        assert f"commit {commit.removesuffix('+')}" in colophon
    assert contents.startswith("Contents How to read")


def test_index_leads_to_pages_that_hold_the_words(book: Book) -> None:
    glossary = (ROOT / "articles" / "glossary.md").read_text()
    homes = re.findall(r"^(\S.*)\n(?:\S.*\n)*(?:  .*\n)*  .*\{home\}`", glossary, re.MULTILINE)
    assert homes
    words = " ".join(book.pages[book.place("Index") :])
    seen = 0
    for term in homes:
        entry = re.search(rf"(?<![\w-]){re.escape(plain(term))}, ([\d, ]+)", words)
        assert entry, term
        pages = [book.pdf.page_labels.index(n) for n in entry[1].replace(",", " ").split()]
        for page in pages:
            text = " ".join(book.pages[page : page + 2]).casefold()
            seen += holds(text, plain(term).casefold().removesuffix("s"))
        assert any(page >= book.place("Glossary") for page in pages), term
    assert seen > 1.5 * len(homes)  # most are in chapters, too


def test_index_has_no_entry_twice(book: Book) -> None:
    index = book.tex.with_suffix(".ind").read_text(encoding="utf-8")
    entries = re.findall(r"\\item \\spxentry\{(.*?)\}, ", index)
    assert entries
    assert len({re.sub(r"\s", "", entry) for entry in entries}) == len(entries)


def test_bibliography_has_every_work_once(book: Book) -> None:
    bib = (ROOT / "articles" / "references.bib").read_text(encoding="utf-8")
    keys = re.findall(r"^@\w+\{(\w+),", bib, re.MULTILINE)
    tex = book.tex.read_text(encoding="utf-8").partition(r"\chapter{Bibliography}")[2]
    assert tex.count(r"\item ") == len(keys) > 0
    assert "[Citation" not in tex
    assert r"\bibitem" not in tex


def test_list_of_figures_names_each_by_its_first_sentence(book: Book) -> None:
    tex = book.tex.read_text(encoding="utf-8")
    captions = re.findall(r"\\caption\[(.*?)\]\{", tex)
    assert captions
    assert tex.count(r"\begin{figure}") == len(captions)
    words = " ".join(book.pages[book.place("List of Figures") : book.place("Index")])
    for caption in captions:
        if re.fullmatch(r"[\w ,;:]+", caption):  # others hold formulas or commands
            assert holds(words, caption)


def test_pdf_says_what_it_is(book: Book) -> None:
    project, author, _ = book.facts["project"]
    metadata = book.pdf.metadata
    assert metadata is not None
    assert (metadata.title, metadata.author) == (project, author)
    assert metadata.subject
    assert str(book.pdf.trailer["/Root"]["/Lang"]).startswith("en")
    assert book.pdf.trailer["/Root"]["/PageMode"] == "/UseOutlines"


def test_no_heading_is_stranded_at_the_foot_of_a_page(book: Book) -> None:
    """A heading's destination is at its top: below it, there is room for it and three lines."""
    margin, lines = 30 / 25.4 * 72, 4 * 13.6
    tops = [float(entry.top or 0) for _, entry in book.bookmarks(book.pdf.outline)]
    assert len(tops) > 20
    assert [top for top in tops if top < margin + lines] == []


def test_no_page_is_left_half_empty(book: Book) -> None:
    """Before a chapter or a part a page may end anywhere, and in a table before a tall row."""
    command = ["pdftoppm", "-gray", "-r", "20", str(book.path)]
    pages = subprocess.run(command, capture_output=True, check=True).stdout
    begins = {page for level, _, page in book.outline if level < 2}
    first = min(
        p for _, name, p in book.outline if name in book.facts["basics"] or name.startswith("I ")
    )
    empty = [
        (book.label(number), round(share, 2))
        for number, share in enumerate(_white_below(pages))
        if first <= number < book.place("Answers") and number + 1 not in begins and share > 0.65
        if "continues on next page" not in book.pages[number]
    ]
    assert empty == []


def _white_below(pages: bytes) -> Iterator[float]:
    """Yield for each picture the share of white below its last ink, between head and foot."""
    while pages:
        _kind, width, height, _most, pages = pages.split(None, 4)
        across, down = int(width), int(height)
        lines = [pages[y * across : (y + 1) * across] for y in range(down)]
        body = lines[round(0.09 * down) : round(0.905 * down)]
        inked = [y for y, line in enumerate(body) if min(line) < 200]
        yield 1 - max(inked, default=0) / len(body)
        pages = pages[across * down :]


def test_links_lead_to_pages_or_to_the_web(book: Book) -> None:
    names = book.pdf.named_destinations
    inside = outside = 0
    for page in book.pdf.pages:
        for annotation in page.get("/Annots", ()):
            link = annotation.get_object()
            action = link.get("/A", {})
            if "/URI" in action:
                assert re.match(r"https?://|mailto:", str(action["/URI"]))
                outside += 1
            else:
                target = action.get("/D", link.get("/Dest"))
                assert str(target) in names or isinstance(target, list)
                inside += 1
    assert inside > 100
    assert outside > 10


def test_every_font_is_in_the_file(book: Book) -> None:
    embedded, fonts = set(), set()
    for page in book.pdf.pages:
        for font in page["/Resources"].get("/Font", {}).values():
            found = font.get_object()
            below = found.get("/DescendantFonts", [found])[0].get_object()
            fonts.add(str(found["/BaseFont"]))
            descriptor = below.get("/FontDescriptor", {})
            if any(f"/FontFile{kind}" in descriptor for kind in ("", "2", "3")):
                embedded.add(str(found["/BaseFont"]))
    assert any("Pagella" in font for font in fonts)
    assert fonts == embedded


def test_every_live_chart_prints_its_states_and_its_address(book: Book) -> None:
    tex = book.tex.read_text(encoding="utf-8")
    found = re.findall(r"To move its controls: \\sphinxurl\{(.*?)\}", tex)
    live = [
        path
        for path in (ROOT / "articles").rglob("*.md")
        if ":states:" in path.read_text(encoding="utf-8")
    ]
    assert len(found) >= len(live) > 0
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "articles").rglob("*.md")]
    for address in found:
        name = address.removesuffix("/").rpartition("/live/")[2]
        assert any(f"{{chart}} {name}\n" in text for text in texts), address
