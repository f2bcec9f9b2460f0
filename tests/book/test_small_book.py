"""What a book does with pages made to try it."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

from pypdf import PdfReader

from .conftest import Book, Edited, holds, plain

SCRIPTS = "articles/beta/scripts.md"


def tex(book: Book) -> str:
    return book.tex.read_text(encoding="utf-8")


def test_pages_are_parts_chapters_and_what_is_around_them(small_book: Book) -> None:
    commands = re.findall(
        r"\\(part|chapter|book(?:front|main|back)matter)(?!\w)(?:\{(.*)\})?", tex(small_book)
    )
    assert commands == [
        ("bookfrontmatter", ""),
        ("chapter", "Preface"),
        ("bookmainmatter", ""),
        ("chapter", "What Water Is"),
        ("part", "The Alpha Part"),
        ("chapter", "How the Tides Follow the Moon and Why There Are Two of Them Every Day"),
        ("chapter", "Cliffs"),
        ("part", "The Beta Part"),
        ("chapter", "Scripts of the World"),
        ("bookbackmatter", ""),
        ("chapter", "Answers"),
        ("chapter", "Glossary"),
        ("chapter", "Works"),
    ]


def test_pages_that_only_list_are_left_out_but_links_to_them_hold(small_book: Book) -> None:
    assert "Words of the home page" not in small_book.text
    assert "Everything that belongs" in small_book.text
    assert re.search(r"See the listing \(page \d+\) and the Glossary \(page \d+\)", small_book.text)
    assert "??" not in small_book.text


def test_what_explainers_build_on_is_a_chapter_before_the_parts(small_book: Book) -> None:
    assert [(level, title) for level, title, _ in small_book.outline[1:3]] == [
        (0, "What Water Is"),
        (0, "I The Alpha Part"),
    ]
    page = small_book.outline[1][2]
    assert small_book.pages[page].startswith("CHAPTER 1 What Water Is")
    assert "Look at (1.1)." in small_book.pages[page]
    answers = small_book.chapter("Answers")
    assert answers.index("It is wet, says (1.1)") < answers.index("Two, says")
    tides = small_book.chapter(
        "How the Tides Follow the Moon and Why There Are Two of Them Every Day"
    )
    assert re.search(r"What Water Is \(page \d+\) \(1 min\) for what moves", tides)
    cliffs = small_book.chapter("Cliffs")
    assert "Before you read:" in cliffs
    assert "Everything before it" not in cliffs  # a page cannot unfold it


def test_headings_in_a_part_are_not_in_the_contents(small_book: Book) -> None:
    assert "What to look for in alpha" in small_book.text
    assert all("look for" not in title for _, title, _ in small_book.outline)


def test_chapters_list_their_sections_and_the_contents_do_not(small_book: Book) -> None:
    contents = next(page for page in small_book.pages if page.startswith("Contents"))
    sections = [(title, page) for level, title, page in small_book.outline if level == 2]
    assert sections
    for title, page in sections:
        assert title not in contents
        start = max(p for level, _, p in small_book.outline if level == 1 and p <= page)
        assert f"{title} {small_book.label(page)}" in small_book.pages[start]


def test_part_has_the_colour_of_its_theme(small_book: Book) -> None:
    accents = re.findall(r"\\bookaccent\{(\w+)\}\\part\{(.*?)\}", tex(small_book))
    assert accents == [("1d6f8a", "The Alpha Part")]


def test_pages_are_headed_by_the_short_title(small_book: Book) -> None:
    second = small_book.pages[small_book.place("Scripts of the World") + 1]
    assert second.startswith("Scripts of the World ")
    assert r"\chaptermark{Tides}" in tex(small_book)


def test_answers_are_at_the_back_with_their_questions(small_book: Book) -> None:
    tides = small_book.chapter(
        "How the Tides Follow the Moon and Why There Are Two of Them Every Day"
    )
    assert tides.count("Answer on page") == 3
    assert "Two, says" not in tides
    assert "This is no answer, and stays." in tides
    answers = small_book.chapter("Answers")
    assert "1. How many? (asked on" in answers
    assert "A formula. (asked on" in answers
    assert "Question 3. (asked on" in answers
    assert answers.index("Two, says") < answers.index("Twice") < answers.index("This one")


def test_references_within_answers_lead_where_they_did(small_book: Book) -> None:
    assert "Twice (2.1) is" in small_book.chapter("Answers")


def test_captions_are_short_in_the_list_of_figures(small_book: Book) -> None:
    assert r"\caption[{The moon pulls}]{The moon pulls. The sea rises" in tex(small_book)
    figures = small_book.pages[small_book.place("List of Figures")]
    assert holds(figures, "2.1 The moon pulls")
    assert "The sea rises" not in figures


def test_index_has_the_first_mention_in_each_chapter(small_book: Book) -> None:
    entries = re.findall(r"\\index\{spring tide@.*?\}+(\|spxpagem)?", tex(small_book))
    assert len(entries) == 3  # in two chapters and the glossary
    words = small_book.pages[small_book.place("Index")]
    pages = [
        small_book.label(page)
        for page, text in enumerate(small_book.pages)
        if re.search("(?i)a spring tide (comes|it is)|spring tide A high", text)
    ]
    (found,) = re.findall(r"spring tide, ([\d, ]+)", words)
    assert found.replace(",", " ").split() == pages


def test_a_term_in_running_text_leads_to_its_article_without_a_page(small_book: Book) -> None:
    assert re.search(r"After a spring tide it is faster", small_book.text)
    assert re.search(r"\\hyperref\[[^]]*tides::doc\}\]\{.*?spring tide", tex(small_book))


def test_what_goes_deeper_is_open_and_goes_over_pages(small_book: Book) -> None:
    words = small_book.chapter("Cliffs")
    assert holds(words, "Going deeper: Chalk falls when ℎ > ℎ0: the undercut")
    assert re.search(r"1?\d min · the text below does not need it From what", words)
    assert re.search(r"more finds it in Chalk falls when .*?: the undercut \(page \d+\)", words)
    assert re.search(r"Back on the beach, \(?3\.1\)? holds", words)
    pages = [n for n, page in enumerate(small_book.pages) if "foot of the cliff" in page]
    assert len(pages) > 1


def test_tall_table_goes_over_pages_with_each_rows_notes_on_its_page(edited: Edited) -> None:
    """Its columns are as wide as what they hold, so that nothing is said in the log."""
    words = "The sea takes the foot of the cliff and leaves the head to fall. " * 4
    rows = [f"| Place {n} | {words}[^note{n}] | {n},000 |" for n in range(20)]
    notes = [f"[^note{n}]: Seen from boat number {n}.\n" for n in range(20)]
    table = ["\n\n| Where | What is seen | Waves |", "|---|---|---|", *rows, "", *notes]
    folder, problems = edited("articles/alpha/cliffs.md", "\n".join(table))
    book = Book(folder)
    assert problems == []
    for n in range(20):
        (page,) = (text for text in book.pages if re.search(rf"Place {n}\b", text))
        assert re.search(rf"Seen from boat number {n}\.", page)
    assert len({text for text in book.pages if "Seen from boat" in text}) > 1
    assert not any("What is seen" in text and "Place" not in text for text in book.pages)


def test_citations_are_footnotes_and_one_bibliography(small_book: Book) -> None:
    assert tex(small_book).count(r"\begin{footnote}") == 1
    assert small_book.text.count("Philosophiae naturalis principia mathematica") == 2
    assert "Newton" in small_book.pages[small_book.place("Works")]


def lines(rootdir: Path) -> list[tuple[str, str]]:
    """Return the samples of the root by name of script."""
    text = (rootdir / "test-book" / SCRIPTS).read_text(encoding="utf-8")
    return re.findall(r"^\| ([A-Z]\w+) \| (.+) \|$", text, re.MULTILINE)[1:]


def test_every_script_is_set_in_text_code_and_tables(small_book: Book, rootdir: Path) -> None:
    """No character is missing, for `small_book` had no problem; and they are the right ones."""
    samples = lines(rootdir)
    assert len(samples) > 30
    words = small_book.chapter("Scripts of the World")
    # Marks that are drawn in another place than they are written in come out in another order.
    whole = "Chinese Japanese Korean Thai Amharic Cherokee Georgian Armenian Russian Greek Polish"
    for name, sample in samples:
        if name in whole.split():
            shown = re.sub(r"\s", "", words).count(re.sub(r"\s", "", plain(sample)))
            assert shown >= 6, name
        else:
            letters = {c for c in plain(sample) if unicodedata.category(c)[0] in "LNS"}
            assert letters, name
            found = {c for c in letters if c in words}
            assert len(found) > 0.6 * len(letters), (name, letters - found)


def test_what_matters_in_the_log_fails_the_book(edited: Edited) -> None:
    problem_of = {
        "\nA sign that no font has: ꙮ𓀀.\n": r"Missing character: There is no 𓀀",
        f"\n`{'x' * 200}`\n": r"Overfull \\hbox \([\d.]+pt too wide\).*",
        "\n$$ \\undefinedthing $$\n": r"Undefined control sequence.*undefinedthing",
    }
    _folder, problems = edited("articles/alpha/cliffs.md", "".join(problem_of))
    for problem in problem_of.values():
        assert any(re.search(problem, line) for line in problems), (problem, problems)


def test_table_of_a_header_alone_is_reported_at_its_line_and_shown(edited: Edited) -> None:
    folder, problems = edited("articles/alpha/cliffs.md", "\n| Lonely | Header |\n|---|---|\n")
    (problem,) = problems
    assert re.search(r"cliffs\.md:\d+: WARNING: a table needs a row .*\[book\.table\]", problem)
    text = " ".join(page.extract_text() for page in PdfReader(folder / "book.pdf").pages)
    assert "Lonely" in text


def test_formulas_read_no_file_from_elsewhere(edited: Edited, tmp_path: Path) -> None:
    secret = tmp_path / "secret.tex"
    secret.write_text("the contents of a file")
    text = f"\n$$ \\text{{\\input{{{secret}}}}} $$\n"
    folder, problems = edited("articles/alpha/cliffs.md", text)
    assert problems
    for pdf in folder.glob("book.pdf"):
        assert "contents of a file" not in " ".join(
            page.extract_text() for page in PdfReader(pdf).pages
        )


def test_bookmarks_have_other_scripts_and_no_commands(small_book: Book) -> None:
    titles = [title for _, title, _ in small_book.outline]
    assert "A heading: 世界 and мир" in titles
    assert not any("\\" in title or "bookscript" in title for title in titles)


def test_two_sided_book_begins_chapters_on_right_hand_pages(
    edited: Edited, small_book: Book
) -> None:
    folder, problems = edited("", "", "twoside")
    assert problems == []
    (source,) = folder.glob("*.tex")
    assert "twoside,openright" in source.read_text(encoding="utf-8")
    reader = PdfReader(folder / "book.pdf")
    assert len(reader.pages) > len(small_book.pdf.pages)
    starts = [
        number
        for number, page in enumerate(reader.pages, 1)
        if re.search(r"^\s*(CHAPTER|PART)", page.extract_text())
    ]
    assert len(starts) >= 5
    assert all(number % 2 == 1 for number in starts)


def test_author_is_told_of_characters_by_name(edited: Edited) -> None:
    _folder, problems = edited("articles/alpha/cliffs.md", "\nA sign: 𓀀.\n")
    (problem,) = problems
    assert problem.startswith("articles/alpha/cliffs: Missing character: There is no 𓀀 (U+13000)")
