"""From a page's source and doctree to what the domain keeps of it; runs once per page read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from math import ceil
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import docname_join

from . import domain as store
from .prose import mark, mark_math, marked_sentences
from .record import Record, make_record, read_front_matter, read_tags, validator
from .relations import count_terms

WORDS_A_MINUTE = 230  # of prose; the weights are what other things cost the eye, in words
_WEIGHTS: dict[type[nodes.Element], int] = {nodes.math: 2, nodes.math_block: 20, nodes.image: 20}
_WORDS_A_CODE_LINE = 8
# An element with this attribute holds what a first reading may skip: whatever makes it, its minutes
# are told apart from those of the rest. Its words, links and terms count like all others.
SKIPPABLE = "skippable"
_HEAD, _FOOT = ("header", "prerequisites"), ("related", "dependents", "backlinks")
# What is not read as text at all, and where a glossary term never becomes a link.
_NOT_READ = (
    nodes.title, nodes.footnote, nodes.citation, nodes.footnote_reference, nodes.literal_block,
    nodes.math, nodes.math_block, nodes.raw, nodes.comment, store.placeholder, addnodes.toctree,
)  # fmt: skip
_NOT_PROSE = (
    *_NOT_READ, nodes.rubric, nodes.caption, nodes.legend, nodes.reference, nodes.literal,
    nodes.table, nodes.term, nodes.image, addnodes.pending_xref, addnodes.index,
    addnodes.glossary, addnodes.download_reference,
)  # fmt: skip


def on_env_get_outdated(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """Return the pages whose toctree names a removed page: Sphinx would leave them as they are."""
    return [name for name, children in env.toctree_includes.items() if removed & {*children}]


def known_tags(env: BuildEnvironment, report: bool = False) -> dict[str, str] | None:
    """Return the names of the tags by slug, or None where the project has no list of them."""
    path = Path(env.srcdir, env.config.explainers_root, "tags.yaml")
    if not path.is_file():
        return None
    names, problems = read_tags(path.read_text(encoding="utf-8", errors="replace"))
    for subtype, message, line in problems if report else ():
        store.warn(subtype, message, f"{path}:{line}")
    return names


def on_source_read(app: Sphinx, docname: str, content: list[str]) -> None:
    """Check the front matter, keep its record, and hand Sphinx a plain page with a heading.

    The keys that are ours never reach docutils, which flattens lists; the lines they took stay
    empty, so that every later message still names the right line.
    """
    env, role = app.env, store.role_of(app.env, docname)
    if not role:
        return
    name = "front-matter" if role == "article" else "theme"
    front = read_front_matter(content[0])
    tags = known_tags(env) if role == "article" else None
    if tags is not None:
        env.note_dependency(Path(env.srcdir, env.config.explainers_root, "tags.yaml"))
    record, problems = make_record(docname, front, name, tags or None)
    for subtype, message, line in problems:
        store.warn(subtype, message, f"{env.doc2path(docname)}:{line}")
    store.domain_of(env).pages[docname] = store.Page(record=record, article=role == "article")
    keys = validator(name).schema["properties"].items()
    foreign = {key for key, rules in keys if rules.keys() == {"description"}}
    theirs = {key: value for key, value in front.data.items() if key in foreign}
    one_line = json.dumps(theirs, ensure_ascii=False, default=str, skipkeys=True)  # is YAML, too
    head = ["---", one_line, "---"]
    body = content[0].split("\n")[front.length :]
    heading = []
    if "title" in front.data or not "".join(body).lstrip().startswith("# "):
        escaped = "".join(f"\\{c}" if c in "\\`*_[]<>{}$#&|~^:" else c for c in record.title)
        heading = [f"# {escaped}"]
    rows = (head if theirs else []) + heading
    content[0] = "\n".join([*rows[:-1], *[""] * (front.length - len(rows)), *rows[-1:], *body])


def on_doctree_read(app: Sphinx, doctree: nodes.document) -> None:
    """Complete the page's entry in the domain; put the furniture's placeholders in articles."""
    env, docname = app.env, app.env.current_document.docname
    pages = store.domain_of(env).pages
    page = pages.get(docname, store.Page())
    section = next(iter(doctree.findall(nodes.section)), doctree)
    if page.record and page.article:
        page = _read_article(env, doctree, section, page.record)
    else:  # it may be read before an explainer
        first, everything = reading_minutes(section, skip=True), reading_minutes(section)
        page = replace(page, minutes=first, minutes_everything=everything)
        _shorten(env, docname, str(env.metadata[docname].get("short_title", "")))
    if page.record and not page.article:
        about = nodes.paragraph("", page.record.description, classes=["theme-description"])
        about["classes"].append(f"page-theme-{page.record.theme}")
        about.source, about.line = str(env.doc2path(docname)), page.record.lines.get("description")
        section.insert(1, about)
    untitled = (x for x in doctree.findall(addnodes.pending_xref) if not x.get("refexplicit"))
    page = replace(
        page,
        blocks=tuple(map(store.block_of, doctree.findall(store.placeholder))),
        links=tuple(_links(doctree)),
        labels=tuple(sorted({x["reftarget"] for x in untitled})),
    )
    pages[docname] = page


def _read_article(
    env: BuildEnvironment, doctree: nodes.document, section: nodes.Element, record: Record
) -> store.Page:
    """Return the page of an article, after completing its doctree."""
    docname = record.docname
    env.metadata[docname]["orphan"] = True  # `Library.problems` reports it, with the remedy
    for second in [child for child in doctree.children if isinstance(child, nodes.section)][1:]:
        message = "the heading of the page comes from 'title'; sections start with '##'"
        store.warn("heading", message, second)
    if record.thumbnail:
        path, full = env.relfn2path(record.thumbnail, docname)
        if Path(full).is_file():
            env.images.add_file(docname, path)
            record = replace(record, thumbnail=path)
        else:
            where = f"{env.doc2path(docname)}:{record.lines['thumbnail']}"
            store.warn("thumbnail", f"thumbnail: there is no file '{record.thumbnail}'", where)
            record = replace(record, thumbnail="")
    minutes, everything = reading_minutes(section, skip=True), reading_minutes(section)
    headings = [title.astext() for title in section.findall(nodes.title)][1:]
    texts = [text for text in section.findall(nodes.Text) if not inside(text, *_NOT_READ)]
    counts = count_terms(
        {"id": record.slug, "title": record.title, "summary": record.description,
         "headings": headings, "body": _joined(texts), "tags": record.tags}
    )  # fmt: skip
    placed = {node["block"] for node in section.findall(store.placeholder)}
    for names, at in ((_HEAD, 1), (_FOOT, len(section.children) + 2)):
        section[at:at] = [
            store.placeholder("", block=name, explainer=record.slug, options={}, docname=docname)
            for name in names
            if name not in placed
        ]
    section["explainer"] = docname  # survives assembly into one document
    _shorten(env, docname, record.short_title)
    return store.Page(
        record, article=True, minutes=minutes, minutes_everything=everything, counts=counts
    )


def _joined(texts: Sequence[nodes.Text]) -> str:
    """Return texts as one, with a gap wherever a block ends."""
    blocks = (next(b for b in around(text) if not isinstance(b, nodes.Inline)) for text in texts)
    pieces = groupby(zip(texts, blocks, strict=True), key=lambda pair: id(pair[1]))
    return "\n\n".join("".join(text for text, _block in piece) for _block, piece in pieces)


def _shorten(env: BuildEnvironment, docname: str, title: str) -> None:
    """Let sidebars show a page's short title, if it has one."""
    reference = next(iter(env.tocs[docname].findall(nodes.reference)), None)
    if reference is not None and title:
        reference.clear()
        reference += nodes.Text(title)


def reading_minutes(element: nodes.Element, *, skip: bool = False) -> int:
    """Return how long it takes to read ``element``, with or without what may be skipped."""
    words = _words(element)
    if skip:
        words -= sum(map(_words, _skippable(element)))
    return max(1, ceil(words / WORDS_A_MINUTE))


def _words(element: nodes.Element) -> int:
    """Return how many words of prose take as long to read as ``element``."""
    words = 0
    for paragraph in element.findall(nodes.paragraph):
        words += 0 if inside(paragraph, nodes.footnote) else len(paragraph.astext().split())
    words += sum(w for kind, w in _WEIGHTS.items() for _ in element.findall(kind))
    code = element.findall(nodes.literal_block)
    return words + _WORDS_A_CODE_LINE * sum(node.astext().count("\n") + 1 for node in code)


def _skippable(element: nodes.Element) -> Iterator[nodes.Element]:
    """Yield what may be skipped below ``element``, but nothing that is in another such part."""
    for part in element.findall(nodes.Element):
        if part.get(SKIPPABLE) and not any(outer.get(SKIPPABLE) for outer in around(part)):
            yield part


def prose(section: nodes.Element, *never: type[nodes.Node]) -> list[nodes.Text]:
    """Return the texts below ``section`` that are prose and not inside one of ``never``."""
    texts = section.findall(nodes.Text)
    return [text for text in texts if not inside(text, *_NOT_PROSE, *never)]


def _links(doctree: nodes.document) -> Iterator[store.Link]:
    """Yield the links to other documents of the project, with the sentence each stands in."""
    for block in doctree.findall(nodes.TextElement):
        if not isinstance(block, nodes.Inline):
            quoted = isinstance(block, nodes.paragraph) and not inside(block, *_NOT_PROSE)
            sentences = dict(marked_sentences(_marked(block))) if quoted else {}
            for node in block.findall(addnodes.pending_xref):
                if target := _target(node):
                    line = next((n.line for n in (node, *around(node)) if n.line), 1)
                    automatic = not node.get("refexplicit")
                    yield store.Link(target, sentences.get(target, ""), automatic, line)


def _marked(node: nodes.Node) -> str:
    """Return the text of ``node`` in which every link is a mark."""
    if isinstance(node, addnodes.pending_xref) and (target := _target(node)):
        return mark(target, node.astext() if node.get("refexplicit") else "")
    if isinstance(node, nodes.math):
        return mark_math(node.astext())
    if isinstance(node, nodes.footnote_reference):
        return ""
    return "".join(map(_marked, node.children)) if node.children else node.astext()


def _target(node: addnodes.pending_xref) -> str:
    """Return the slug or ``/docname`` that a link names, or nothing for other links."""
    kind, target = (node.get("refdomain"), node.get("reftype")), str(node["reftarget"])
    if kind == ("explainers", "explainer"):
        return target
    if kind == ("std", "doc"):
        return "/" + docname_join(node["refdoc"], target)
    return f"/{target}" if kind == ("doc", "myst") else ""


def around(node: nodes.Node) -> Iterator[nodes.Element]:
    """Yield what contains ``node``, from the inside out."""
    while node.parent is not None:
        node = node.parent
        yield node


def inside(node: nodes.Node, *kinds: type[nodes.Node]) -> bool:
    """Return whether something of these ``kinds`` contains ``node``."""
    return any(isinstance(outer, kinds) for outer in around(node))
