"""From a page's source and doctree to what the domain keeps of it; runs once per page read."""

from __future__ import annotations

import codecs
import json
import os
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import groupby
from math import ceil
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms import SphinxTransform
from sphinx.util import docname_join

from .domain import (
    Link,
    Page,
    app_of,
    block_of,
    domain_of,
    front_matter,
    page_type,
    place_of,
    placeholder,
    root_of,
    title_of,
    warn,
    words_of,
)
from .prose import mark, mark_math, marked_sentences, unmarked
from .record import KINDS, FrontMatter, Record, asks, make_record, read_front_matter, read_tags
from .relations import count_terms
from .text import UNSHOWN, cleaned, decoded, faults, named, read_text

# How fast prose is read, in words and, where words are not spaced, in characters a minute:
# Trauzettel-Klosinski and Dietz (2012), "Standardized Assessment of Reading Performance".
WORDS_A_MINUTE = 230
_WORDS_A_MINUTE = {
    "ar": 138, "de": 179, "es": 218, "fi": 161, "fr": 195, "he": 187, "it": 188, "ja": 193,
    "nl": 202, "pl": 166, "pt": 181, "ru": 184, "sl": 180, "sv": 199, "tr": 166, "zh": 158,
}  # fmt: skip
_CHARACTERS_A_MINUTE, _LETTERS_A_MINUTE = {"ja": 357, "zh": 255}, 863
_CHARACTER = re.compile(  # with the punctuation around it
    "(?:(?<![\u3000-\u303f\uff00-\uff65])[\u3000-\u303f\uff00-\uff65]+)?"
    "[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
    "[\u3000-\u303f\uff00-\uff65]*"
)
_LETTER = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")  # Thai, Lao, Burmese, Khmer
# What other things cost the eye, in words.
_WEIGHTS: dict[type[nodes.Element], int] = {nodes.math: 2, nodes.math_block: 20, nodes.image: 20}
_WORDS_A_CODE_LINE = 8
# An element with this attribute holds what a first reading may skip: whatever makes it, its minutes
# are told apart from those of the rest. Its words, links and terms count like all others.
SKIPPABLE = "skippable"
_PAGES = "utf_8_or_told"
_HEAD, _FOOT = ("header", "prerequisites"), ("related", "dependents", "backlinks")
_LABELS = re.compile(r"\s*\n(?P<label>\([^()\n]+\)=)[ \t\r]*(?=\n|$)")
# What is not read as text at all, and where a glossary term never becomes a link.
_NOT_READ = (
    nodes.title, nodes.footnote, nodes.citation, nodes.footnote_reference, nodes.literal_block,
    nodes.math, nodes.math_block, nodes.raw, nodes.comment, placeholder, addnodes.toctree,
)  # fmt: skip
_NOT_PROSE = (
    *_NOT_READ, nodes.rubric, nodes.caption, nodes.legend, nodes.reference, nodes.literal,
    nodes.table, nodes.term, nodes.image, addnodes.pending_xref, addnodes.index,
    addnodes.glossary, addnodes.download_reference,
)  # fmt: skip


def on_env_get_outdated(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """Return the pages that Sphinx would leave as they are: whose toctree names a removed page,
    and articles that were read when there was no list of tags.
    """
    found = [name for name, children in env.toctree_includes.items() if removed & {*children}]
    if _tags_file(env).is_file():
        pages = domain_of(env).pages.items()
        articles = (name for name, page in pages if page.article)
        found += [name for name in articles if _tags_file(env) not in env.dependencies[name]]
    return found


def _tags_file(env: BuildEnvironment) -> Path:
    return Path(env.srcdir, root_of(env.config), "tags.yaml")


def known_tags(env: BuildEnvironment, report: bool = False) -> dict[str, str] | None:
    """Return the names of the tags by slug, or None where the project has no list of them."""
    path = _tags_file(env)
    if not path.is_file():
        return None
    names, problems = read_tags(read_text(path))
    for subtype, message, line in problems if report else ():
        warn(subtype, message, f"{path}:{line}")
    return names


class _Decoder(codecs.BufferedIncrementalDecoder):
    """Reads a page whatever its encoding, so that :func:`on_raw_source` can name what is wrong."""

    def _buffer_decode(self, data: Any, errors: str, final: bool) -> tuple[str, int]:
        return (decoded(bytes(data)), len(data)) if final else ("", 0)


def _codec(name: str) -> codecs.CodecInfo | None:
    """Return Python's entry for the encoding of pages, by which Sphinx opens them."""
    if name != _PAGES:
        return None
    decode = lambda data, errors="": (decoded(bytes(data)), len(data))  # noqa: E731
    return codecs.CodecInfo(codecs.utf_8_encode, decode, incrementaldecoder=_Decoder, name=name)


def on_builder_inited(app: Sphinx) -> None:
    """Have Sphinx read pages that are not UTF-8 as well: it would end the build on them."""
    codecs.register(_codec)
    app.env.settings["input_encoding"] = _PAGES


def on_raw_source(app: Sphinx, docname: str, content: list[str]) -> None:
    """Report what no page can show, and put a sign in its place."""
    for line, message in faults(content[0]):
        warn("character", message, f"{app.env.doc2path(docname)}:{line}")
    content[0] = cleaned(content[0])


def on_raw_doctree(app: Sphinx, doctree: nodes.document) -> None:
    """Do the same with what came from elsewhere: from other files, by an entity of HTML."""
    for text in list(doctree.findall(nodes.Text)):
        if match := UNSHOWN.search(text):
            message = f"{named(match[0])} is no character that a page can show"
            warn("character", message, text.parent)
            text.parent.replace(text, nodes.Text(cleaned(text)))


def on_source_read(app: Sphinx, docname: str, content: list[str]) -> None:
    """Check the front matter of a page that asks for it, keep its record, and give it a heading."""
    env, role = app.env, page_type(app.env, docname)
    front = read_front_matter(content[0] if role else "")
    if role == "other" and front.data.get("kind") in (*KINDS, "theme"):
        place = place_of(env.config)
        message = f"kind: explainers stand at {place}; move the file, or leave out the key"
        warn("place", message, f"{env.doc2path(docname)}:{front.line('kind')}")
    if role not in ("article", "theme") or not (env.config.explainers_strict or asks(front)):
        return
    tags = known_tags(env) if role == "article" else None
    if tags is not None:
        env.note_dependency(_tags_file(env))
    name, strict = "front-matter" if role == "article" else "theme", env.config.explainers_strict
    record, problems = make_record(
        docname, front, name, tags or None, strict=strict, latest=_tomorrow()
    )
    for subtype, message, line in problems:
        warn(subtype, message, f"{env.doc2path(docname)}:{line}")
    domain_of(env).pages[docname] = Page(record=record, article=role == "article")
    content[0] = with_heading(content[0], front, record)


def _tomorrow() -> str:
    """Return the last day that a page may name as past: where some authors live it has begun."""
    now = int(os.environ.get("SOURCE_DATE_EPOCH") or time.time())
    return datetime.fromtimestamp(now + 24 * 60 * 60, UTC).date().isoformat()


def with_heading(text: str, front: FrontMatter, record: Record) -> str:
    """Return a page whose title in front matter is its heading, below the labels meant for it.

    Everything else in its front matter is left to others; in one line, so that there is room for
    the heading, and every later message still names the right line.
    """
    rows, end, labels = text.split("\n"), front.length, []
    theirs = {key: value for key, value in front.data.items() if key != "title"}
    if "authors" in theirs:  # docutils makes names of them; of some it cannot, and knows no line
        theirs["authors"] = list(record.authors)
    one_line = json.dumps(theirs, ensure_ascii=False, default=str, skipkeys=True)  # is YAML, too
    head, heading = ["---", one_line, "---"] if theirs else [], []
    if "title" in front.data:
        escaped = "".join(f"\\{c}" if c in "\\`*_[]<>{}$#&|~^:" else c for c in record.title)
        heading = [f"# {escaped}"]
        while found := _LABELS.match(text, len("\n".join(rows[:end]))):
            labels.append(found["label"])
            end += found[0].count("\n")
    while len(head + labels + heading) > end < len(rows) and not rows[end].strip():
        end += 1
    gap = [""] * (end - len(head + labels + heading))
    return "\n".join([*head, *gap, *labels, *heading, *rows[end:]])


class FrontMatterTexts(SphinxTransform):
    """Hand Sphinx the texts of front matter to translate and typeset; see that there is a heading.

    The title is the heading already, unless the page has one of its own.
    """

    default_priority = 5  # translations come at 20, typographic quotes and dashes at 850

    def apply(self, **kwargs: Any) -> None:
        record = domain_of(self.env).pages.get(self.env.docname, Page()).record
        if record is None:
            return
        source = self.document["source"]
        if not any(isinstance(child, nodes.section) for child in self.document):
            if not self.config.explainers_strict:  # where it is, the missing title is reported
                message = "the page has no heading: begin it with '# ', or give it a 'title'"
                warn("missing", message, f"{source}:1")
            self._wrap(record.title)
        box = front_matter()
        for text, line in _texts(record).items():
            paragraph = nodes.paragraph(text, text)
            paragraph.source, paragraph.line = source, line
            box += paragraph
        self.document += box

    def _wrap(self, title: str) -> None:
        """Put everything but the document's fields into a section of this title."""
        fields = [child for child in self.document[:1] if isinstance(child, nodes.field_list)]
        section = nodes.section(names=[nodes.fully_normalize_name(title)])
        section += [nodes.title(title, title), *self.document[len(fields) :]]
        self.document[:] = [*fields, section]
        self.document.note_implicit_target(section)


def _texts(record: Record) -> dict[str, int]:
    """Return what readers see of front matter besides the title, and the line of each text."""
    names = ("description", "short_title", "thumbnail_alt")
    texts = {getattr(record, name): record.lines.get(name, 1) for name in names}
    texts |= {need.why: need.line for need in record.prerequisites}
    return {text: line for text, line in texts.items() if text}


def _as_shown(env: BuildEnvironment, doctree: nodes.document, record: Record) -> Record:
    """Return the record in the words of the page: translated, with its quotes and dashes."""
    shown: dict[str, str] = {}
    for box in list(doctree.findall(front_matter)):
        texts = (" ".join(paragraph.astext().split()) for paragraph in box)
        shown |= dict(zip(_texts(record), texts, strict=True))
        if app_of(env).builder.name != "gettext":  # which gives translators what is in the tree
            box.parent.remove(box)
    return replace(
        record,
        title=title_of(env, record.docname),
        description=shown.get(record.description, ""),
        short_title=shown.get(record.short_title, ""),
        thumbnail_alt=shown.get(record.thumbnail_alt, ""),
        prerequisites=tuple(n._replace(why=shown.get(n.why, "")) for n in record.prerequisites),
    )


def on_doctree_read(app: Sphinx, doctree: nodes.document) -> None:
    """Complete the page's entry in the domain; put the furniture's placeholders in articles."""
    env, docname = app.env, app.env.current_document.docname
    pages = domain_of(env).pages
    page = pages.get(docname, Page())
    if page.record:
        _one_heading(doctree, page.record)
        page = replace(page, record=_as_shown(env, doctree, page.record))
    section = next(iter(doctree.findall(nodes.section)), doctree)
    if page.record and page.article:
        page = _read_article(env, doctree, section, page.record)
    else:  # it may be read before an explainer
        first, everything = _minutes(env, section)
        page = replace(page, minutes=first, minutes_everything=everything)
        _shorten(env, docname, str(env.metadata[docname].get("short_title", "")))
    if page.record and not page.article:
        about = nodes.paragraph("", page.record.description, classes=["theme-description"])
        about["classes"].append(f"page-theme-{page.record.theme}")
        about.source, about.line = str(env.doc2path(docname)), page.record.lines.get("description")
        section.insert(1, about)
    page = replace(
        page,
        blocks=tuple(map(block_of, doctree.findall(placeholder))),
        links=tuple(_links(doctree)),
    )
    pages[docname] = page


def _one_heading(doctree: nodes.document, record: Record) -> None:
    """Report headings beside the one that front matter gives."""
    sections = [child for child in doctree.children if isinstance(child, nodes.section)]
    for second in sections[1:] if "title" in record.lines else ():
        message = "the heading of the page comes from 'title'; sections start with '##'"
        warn("heading", message, second)


def _read_article(
    env: BuildEnvironment, doctree: nodes.document, section: nodes.Element, record: Record
) -> Page:
    """Return the page of an article, after completing its doctree."""
    docname = record.docname
    env.metadata[docname]["orphan"] = True  # `Library.problems` reports it, with the remedy
    if record.thumbnail:
        if path := _existing(env, record.thumbnail, docname):
            env.images.add_file(docname, path)
            record = replace(record, thumbnail=path)
        else:
            where = f"{env.doc2path(docname)}:{record.lines['thumbnail']}"
            warn("thumbnail", f"thumbnail: there is no file '{record.thumbnail}'", where)
            record = replace(record, thumbnail="")
    minutes, everything = _minutes(env, section)
    headings = [title.astext() for title in section.findall(nodes.title)][1:]
    texts = [text for text in section.findall(nodes.Text) if not inside(text, *_NOT_READ)]
    counts = count_terms(
        {"id": record.slug, "title": record.title, "summary": record.description,
         "headings": headings, "body": _joined(texts), "tags": record.tags},
        words_of(env.config.language),
    )  # fmt: skip
    placed = {node["block"] for node in section.findall(placeholder)}
    for names, at in ((_HEAD, 1), (_FOOT, len(section.children) + 2)):
        section[at:at] = [
            placeholder("", block=name, explainer=f"/{docname}", options={}, docname=docname)
            for name in names
            if name not in placed
        ]
    section["explainer"] = docname  # survives assembly into one document
    _shorten(env, docname, record.short_title)
    return Page(record, article=True, minutes=minutes, minutes_everything=everything, counts=counts)


def _existing(env: BuildEnvironment, name: str, docname: str) -> str:
    """Return the path below the sources of the file that a page names, or nothing."""
    try:
        path, full = env.relfn2path(name, docname)
        env.note_dependency(full)
        return path if Path(full).is_file() else ""
    except (OSError, ValueError):  # a name that no file can have
        return ""


def _joined(texts: Sequence[nodes.Text]) -> str:
    """Return texts as one, with a gap wherever a block ends."""
    blocks = (next(b for b in ancestors(text) if not isinstance(b, nodes.Inline)) for text in texts)
    pieces = groupby(zip(texts, blocks, strict=True), key=lambda pair: id(pair[1]))
    return "\n\n".join("".join(text for text, _block in piece) for _block, piece in pieces)


def _shorten(env: BuildEnvironment, docname: str, title: str) -> None:
    """Let sidebars show a page's short title, if it has one."""
    reference = next(iter(env.tocs[docname].findall(nodes.reference)), None)
    if reference is not None and title:
        reference.clear()
        reference += nodes.Text(title)


def _minutes(env: BuildEnvironment, section: nodes.Element) -> tuple[int, int]:
    """Return how long it takes to read a page, without and with what may be skipped."""
    language = env.config.language
    first = reading_minutes(section, skip=True, language=language)
    return first, reading_minutes(section, language=language)


def reading_minutes(element: nodes.Element, *, skip: bool = False, language: str = "en") -> int:
    """Return how long it takes to read ``element``, with or without what may be skipped."""
    minutes = _reading_time(element, language)
    if skip:
        minutes -= sum(_reading_time(part, language) for part in _skippable(element))
    return max(1, ceil(round(minutes, 6)))  # sums of fractions


def _reading_time(element: nodes.Element, language: str) -> float:
    """Return how many minutes it takes to read ``element``."""
    words, minutes, base = 0, 0.0, re.split("[-_]", language)[0]
    for paragraph in element.findall(nodes.paragraph):
        text = "" if inside(paragraph, nodes.footnote) else paragraph.astext()
        text, characters = _CHARACTER.subn(" ", text)
        text, letters = _LETTER.subn(" ", text)
        words += len(text.split())
        minutes += characters / _CHARACTERS_A_MINUTE.get(base, _CHARACTERS_A_MINUTE["zh"])
        minutes += letters / _LETTERS_A_MINUTE
    words += sum(w for kind, w in _WEIGHTS.items() for _ in element.findall(kind))
    code = element.findall(nodes.literal_block)
    words += _WORDS_A_CODE_LINE * sum(node.astext().count("\n") + 1 for node in code)
    return minutes + words / _WORDS_A_MINUTE.get(base, WORDS_A_MINUTE)


def _skippable(element: nodes.Element) -> Iterator[nodes.Element]:
    """Yield what may be skipped below ``element``, but nothing that is in another such part."""
    for part in element.findall(nodes.Element):
        if part.get(SKIPPABLE) and not any(outer.get(SKIPPABLE) for outer in ancestors(part)):
            yield part


def running_text(section: nodes.Element, *never: type[nodes.Node]) -> list[nodes.Text]:
    """Return the texts below ``section`` that are prose and not inside one of ``never``."""
    return own_texts(section, *_NOT_PROSE, *never)


def own_texts(section: nodes.Element, *never: type[nodes.Node]) -> list[nodes.Text]:
    """Return the texts below ``section`` that are not inside one of ``never``.

    Where all documents are one, those of the documents that its toctrees name are not among them.
    """
    kinds = (*never, addnodes.start_of_file)

    def is_own(text: nodes.Text) -> bool:
        for outer in ancestors(text):
            if outer is section or isinstance(outer, kinds):
                return outer is section
        return False  # Sphinx does not tell what it puts in place of a toctree that it was moved

    return [text for text in section.findall(nodes.Text) if is_own(text)]


def _links(doctree: nodes.document) -> Iterator[Link]:
    """Yield the links to other documents of the project, with the sentence each stands in."""
    for block in doctree.findall(nodes.TextElement):
        if not isinstance(block, nodes.Inline):
            quoted = isinstance(block, nodes.paragraph) and not inside(block, *_NOT_PROSE)
            sentences = dict(marked_sentences(_marked(block))) if quoted else {}
            for node in block.findall(addnodes.pending_xref):
                if (target := _target(node)) is not None:
                    line = next((n.line for n in (node, *ancestors(node)) if n.line), 1)
                    automatic = not node.get("refexplicit")
                    role = node.get("reftype") == "explainer"
                    yield Link(target, sentences.get(target, ""), automatic, line, role)


def _marked(node: nodes.Node) -> str:
    """Return the text of ``node`` in which every link is a mark."""
    if isinstance(node, addnodes.pending_xref) and (target := _target(node)):
        return mark(target, node.astext() if node.get("refexplicit") else "")
    if isinstance(node, nodes.math):
        return mark_math(node.astext())
    if isinstance(node, nodes.footnote_reference):
        return ""
    return "".join(map(_marked, node.children)) if node.children else unmarked(node.astext())


def _target(node: addnodes.pending_xref) -> str | None:
    """Return the slug or ``/docname`` that a link names, or None for other links."""
    kind, target = (node.get("refdomain"), node.get("reftype")), str(node["reftarget"])
    if kind == ("explainers", "explainer"):
        return target
    if kind == ("std", "doc"):
        return "/" + docname_join(node["refdoc"], target)
    return f"/{target}" if kind == ("doc", "myst") else None


def ancestors(node: nodes.Node) -> Iterator[nodes.Element]:
    """Yield what contains ``node``, from the inside out."""
    while node.parent is not None:
        node = node.parent
        yield node


def inside(node: nodes.Node, *kinds: type[nodes.Node]) -> bool:
    """Return whether something of these ``kinds`` contains ``node``."""
    return any(isinstance(outer, kinds) for outer in ancestors(node))
