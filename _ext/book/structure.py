"""The order of a book: from the site's pages to front matter, parts, chapters and back matter.

A theme becomes a part, which opens with what its page says; an explainer becomes a chapter. Pages
listed before the explainers come before them in the book, those listed after come after them. Of
the former, what explainers ask to be read first is a chapter with a number, as theirs are. The
pages that only list what is in the book (its contents do that) are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx import addnodes

from .plan import ANSWERS, ANSWERS_BEGIN, ANSWERS_END

if TYPE_CHECKING:
    from explainers.library import Library


class scope(nodes.General, nodes.Element):  # noqa: N801 - docutils names nodes so
    """What was taken from the page ``docname``: its references are still that page's."""


def bind(tree: nodes.document, library: Library, listing: str) -> None:
    """Make ``tree``, the site's pages below its home page, a book; ``listing`` is left out."""
    files = _taken_apart(tree)
    book = next(iter(tree.findall(nodes.section)))
    left_out = [_top(file) for file in files if file["docname"] == listing]
    pages = [file for file in files if file["docname"] != listing]
    themes = {theme.docname: theme for theme in library.themes.values()}
    body = [
        i for i, f in enumerate(pages) if f["docname"] in themes.keys() | library.by_docname.keys()
    ]
    start, end = (body[0], body[-1] + 1) if body else (len(pages), len(pages))
    basics = {page.docname for slug in library.by_slug for page in library.path(slug)}
    while start and pages[start - 1]["docname"] in basics:
        start -= 1
    for page in pages:
        _top(page)["level"] = "part" if page["docname"] in themes else "chapter"
        record = library.by_docname.get(page["docname"])
        if record:
            _top(page)["short"] = record.short_title or record.title
            _list_sections(_top(page))
        theme = themes.get(page["docname"])
        if theme and theme.accent:
            _top(page)["accent"] = theme.accent.removeprefix("#")
    targets = "".join(_label(section) for section in left_out)
    answers = answers_of(pages[start:end])
    book[:] = [
        *book.children[:1],  # the title, which is the book's
        _tex(r"\bookfrontmatter" + targets),
        *pages[:start],
        _tex(r"\bookmainmatter"),
        *pages[start:end],
        _tex(r"\bookbackmatter"),
        *answers,
        *pages[end:],
    ]


def _list_sections(chapter: nodes.Element) -> None:
    """Let a chapter list its sections below what stands around its head."""
    if not any(isinstance(child, nodes.section) for child in chapter):
        return
    last = 0
    for place, child in enumerate(chapter.children):
        if isinstance(child, nodes.section):
            break
        if isinstance(child, nodes.Element) and _is_head(child):
            last = place
    chapter.insert(last + 1, _tex(r"\booksections"))


def _is_head(node: nodes.Element) -> bool:
    """Return whether ``node`` is a title or one of the blocks that stand below it."""
    blocks = any(name.startswith(("explainer-", "wayfinding")) for name in node["classes"])
    return isinstance(node, nodes.title) or blocks


def _taken_apart(tree: nodes.document) -> list[addnodes.start_of_file]:
    """Return the pages in reading order, each without those that it listed."""
    files = list(tree.findall(addnodes.start_of_file))
    for file in files:
        file.parent.remove(file)
    return files


def _top(file: nodes.Element) -> nodes.Element:
    """Return the section that is the page, or the page itself, if it has no heading."""
    return next(iter(file.findall(nodes.section)), file)


def _label(section: nodes.Element) -> str:
    """Return where references to a page that is left out lead to."""
    return rf"\phantomsection\label{{\detokenize{{{section['docname']}::doc}}}}"


def _tex(text: str) -> nodes.raw:
    return nodes.raw(text, text, format="latex")


def answers_of(pages: list[addnodes.start_of_file]) -> list[nodes.Element]:
    """Move the answers out of ``pages``; return the chapter that holds them, if there are any."""
    chapter = nodes.section("", nodes.title("", "Answers"), ids=["answers", ":doc"])
    chapter["level"] = "chapter"
    for page in pages:
        moved = list(_moved(page))
        if moved:
            top = _top(page)
            name = str(top.get("short") or top[0].astext())
            part = nodes.section("", nodes.title("", name), *moved, ids=[ANSWERS_BEGIN])
            end = f"{page['docname']}:{ANSWERS_END}"
            part += _tex(rf"\phantomsection\label{{\detokenize{{{end}}}}}")
            chapter += scope("", part, docname=page["docname"])
    file = addnodes.start_of_file("", chapter, docname=ANSWERS)
    return [file] if len(chapter) > 1 else []


def _moved(page: addnodes.start_of_file) -> Iterator[nodes.Element]:
    """Yield the answers of a page, each with its question's number; leave their page in place."""
    boxes = [box for box in page.findall(nodes.container) if is_answer(box)]
    for number, box in enumerate(boxes, 1):
        key = f"{page['docname']}:answer-{number}"
        question = _question(box)
        name = nodes.Text(f"Question {number}.")
        label = question.deepcopy() if question is not None else nodes.strong("", "", name)
        place = _tex(rf"\bookquestion{{\detokenize{{{key}}}}}")
        head = nodes.paragraph("", "", label, nodes.Text(" "), place)
        here = _tex(rf"\bookanswer{{\detokenize{{{key}}}}}")
        box.replace_self(here)
        together = _tex(r"\nopagebreak")
        yield scope("", head, together, *box.children[1:], docname=page["docname"])


def is_answer(box: nodes.Element) -> bool:
    """Return whether ``box`` is a folded answer."""
    return "answer" in box.get("container_classes", ())


def _question(box: nodes.Element) -> nodes.Element | None:
    """Return the bold words with which the question above an answer begins."""
    for before in reversed(box.parent.children[: box.parent.index(box)]):
        if isinstance(before, (nodes.raw, nodes.container, nodes.title)):  # of another question
            return None
        if isinstance(before, nodes.paragraph):
            first = next((part for part in before.children if part.astext()), before)
            if isinstance(first, nodes.strong):
                return first
    return None
