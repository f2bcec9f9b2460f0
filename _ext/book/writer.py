"""LaTeX as the book wants it: Sphinx's writer, in the few places where a book differs."""

from __future__ import annotations

import re
from urllib.parse import quote

from docutils import nodes
from sphinx.writers.latex import LaTeXTranslator

from explainers.reading import ancestors

from . import scripts, tables

# Paragraphs of these classes are set by environments of booklayout.sty.
_STYLED = {
    *("explainer-description", "explainer-meta", "explainer-note", "theme-description"),
    "record-about",
}
_LEFT_OUT = {"explainer-tags"}  # they lead to a listing, which a book has not
# Links that are not followed by the page they lead to: for glossary terms the index has it.
_UNPAGED = {"explainer-term", "wayfinding-link"}
_ASCII = "".join(map(chr, range(128)))
_CANDIDATES = 8  # words, of which TeX finds the widest
_SHORT_LINES = 14  # of code that stands on one page
_SENTENCE_END = re.compile(r"[.!?](?=\s|$)")
_WORDS = (nodes.emphasis, nodes.strong, nodes.literal, nodes.inline)
_PLAIN = (nodes.Text, nodes.math, *_WORDS)


class BookTranslator(LaTeXTranslator):
    """Writes the tree that :mod:`.structure` has made."""

    _levels: list[int]

    def visit_document(self, node: nodes.Element) -> None:
        self._levels = []
        super().visit_document(node)

    # Levels: a page is a part or a chapter wherever the site's tree had it.

    def visit_section(self, node: nodes.Element) -> None:
        self._levels.append(self.sectionlevel)
        super().visit_section(node)
        if "level" in node:  # sections of a part's opening rank with those of chapters
            self.sectionlevel = self.sectionnames.index("chapter")

    def depart_section(self, node: nodes.Element) -> None:
        self.sectionlevel = self._levels.pop()

    def visit_title(self, node: nodes.Element) -> None:
        super().visit_title(node)
        if node.parent.get("level") == "part":
            accent = node.parent.get("accent")
            self.body[-1] = (rf"\bookaccent{{{accent}}}" if accent else "") + r"\part{"
        elif self._in_part(node):  # outside of every chapter, so of the contents, too
            self.body[-1] = self.body[-1].replace("{", "*{", 1)
            self.context[-1] = f"}}\n{self.hypertarget_to(node.parent, anchor=True)}"

    def _in_part(self, node: nodes.Element) -> bool:
        """Return whether ``node`` is a heading within the opening of a part."""
        return isinstance(node.parent, nodes.section) and any(
            outer.get("level") == "part" for outer in ancestors(node.parent)
        )

    def depart_title(self, node: nodes.Element) -> None:
        super().depart_title(node)
        short = node.parent.get("short")
        if node.parent.get("level") == "part":
            short = node.astext()
        if short:  # for the heads of pages
            self.body.append(rf"\chaptermark{{{self.encode(short)}}}" + "\n")

    def visit_scope(self, node: nodes.Element) -> None:
        self.curfilestack.append(node["docname"])

    def depart_scope(self, node: nodes.Element) -> None:
        self.curfilestack.pop()

    # Blocks

    def visit_paragraph(self, node: nodes.Element) -> None:
        if not _LEFT_OUT.isdisjoint(node["classes"]):
            raise nodes.SkipNode
        self.body += [f"\n\\begin{{sphinxuseclass}}{{{name}}}" for name in _styles(node)]
        super().visit_paragraph(node)

    def depart_paragraph(self, node: nodes.Element) -> None:
        super().depart_paragraph(node)
        self.body += ["\\end{sphinxuseclass}\n" for _ in _styles(node)]

    def visit_literal_block(self, node: nodes.Element) -> None:
        lines = node.astext().count("\n") + 1
        self.body.append(f"\n\\bookroom{{{lines if lines <= _SHORT_LINES else 4}}}\n")
        before = len(self.body)
        try:
            super().visit_literal_block(node)
        finally:  # it ends by raising SkipNode
            self.body[before:] = [scripts.wrapped(part, code=True) for part in self.body[before:]]

    def visit_table(self, node: nodes.Element) -> None:
        tables.part_if_tall(node)
        super().visit_table(node)

    def depart_row(self, node: nodes.Element) -> None:
        before = len(self.body)
        super().depart_row(node)
        if self.table is not None and self.table.is_longtable():
            self.body[before] += r"\noalign{\bookrownotes}"

    def depart_table(self, node: nodes.Element) -> None:
        wide = self.table is not None and self.table.colcount >= tables.MANY_COLUMNS
        kind = "words" if "record-table" in node["classes"] else "wide" if wide else ""
        self.body += [f"\n\\book{kind}true"] if kind else []
        if self.table is not None:
            if self.table.is_longtable():  # its caption, its header and its first row
                self.body.append(f"\n\\bookroom{{{_SHORT_LINES}}}")
            self.body.append(f"\n\\bookcolumns{{{self.table.colcount}}}{{{self._widest(node)}}}")
        super().depart_table(node)
        self.body += [f"\\book{kind}false\n"] if kind else []

    def _widest(self, table: nodes.Element) -> str:
        """Return the widest words of ``table`` that TeX does not divide, a box each."""
        texts = (
            text
            for text in table.findall(nodes.Text)
            if isinstance(text.parent, (nodes.paragraph, *_WORDS))
        )
        words = tables.undivided(" ".join(texts))[:_CANDIDATES]
        known = (word.encode("ascii", "replace").decode() for word in words)  # to every font
        return "".join(rf"\hbox{{{self.encode(word)}}}" for word in known)

    def visit_caption(self, node: nodes.Element) -> None:
        """A caption's first sentence is enough for the list of figures."""
        super().visit_caption(node)
        if self.body[-1] == r"\caption{":
            short = self._short(node)
            self.body[-1] = rf"\caption[{{{short}}}]{{" if short else self.body[-1]

    def _short(self, caption: nodes.Element) -> str:
        self.pushbody([])
        for child in caption.children:
            if not isinstance(child, _PLAIN):
                continue
            end = _SENTENCE_END.search(child.astext()) if isinstance(child, nodes.Text) else None
            part = nodes.Text(child.astext()[: end.start()]) if end else child
            part.walkabout(self)
            if end:
                break
        return "".join(self.popbody()).strip()

    def visit_index(self, node: nodes.Element) -> None:
        """A term is one entry, wherever it stands and whichever apostrophe it has."""
        entries = node["entries"]
        node["entries"] = [(kind, text.replace("'", "’"), *rest) for kind, text, *rest in entries]
        before = len(self.body)
        try:
            super().visit_index(node)
        finally:  # within arguments, TeX would write a space after the command
            words = (part.replace(r"\sphinxhyphen{}", "-") for part in self.body[before:])
            self.body[before:] = words

    # Words

    def visit_reference(self, node: nodes.Element) -> None:
        super().visit_reference(node)
        if not _UNPAGED.isdisjoint(node.get("classes", ())):
            self.context[-1] = "}}}"

    def encode(self, text: str) -> str:
        code = bool(self.in_literal)
        return scripts.wrapped(super().encode(text), code=code, heading=bool(self.in_title))

    def encode_uri(self, text: str) -> str:
        return super().encode_uri(quote(text, safe=_ASCII))

    in_literal = 0

    def visit_literal(self, node: nodes.Element) -> None:
        self.in_literal += 1
        super().visit_literal(node)

    def depart_literal(self, node: nodes.Element) -> None:
        super().depart_literal(node)
        self.in_literal -= 1


def _styles(node: nodes.Element) -> list[str]:
    return [name for name in node["classes"] if name in _STYLED]
