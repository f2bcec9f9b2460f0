"""``{deeper}``: what the main path of an article does not need, for whoever wants to know more.

Pages fold it under its title, with the minutes it takes; print, e-books and plain text show it
set apart. Builds on the extension ``explainers``, which counts what a node with the attribute
``skippable`` holds apart from the rest.
"""

from __future__ import annotations

from collections.abc import Set
from typing import Any

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.locale import get_translation
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_id, make_refnode
from sphinx.writers.html5 import HTML5Translator

from explainers.domain import Store, app_of, is_web
from explainers.prose import mark_math, parts, unmarked
from explainers.reading import SKIPPABLE, reading_minutes

_ = get_translation("explainers")
log = logging.getLogger(__name__)
CLASS = "deeper"
_HEADING = "level"  # MyST-Parser makes of a heading within a directive a rubric that has this


class fold(nodes.General, nodes.Element):  # noqa: N801 - docutils names nodes so
    """An element of HTML, named by ``tag``; no other builder gets to see it."""


class fold_title(nodes.title):  # noqa: N801
    """The title in a summary: a title, so that search leads to the ids of what it stands in."""


class LayersDomain(Store):
    """By document and label: the titles that hold formulas, which labels of Sphinx's have not."""

    name = "layers"
    label = "Layers"
    data_version = 1
    initial_data = {"titles": {}}  # noqa: RUF012 - as Sphinx declares it

    def clear_doc(self, docname: str) -> None:
        self.data["titles"].pop(docname, None)

    def merge_domaindata(self, docnames: Set[str], otherdata: dict[str, Any]) -> None:
        theirs = otherdata["titles"]
        self.data["titles"].update({name: theirs[name] for name in docnames & theirs.keys()})


def warn(subtype: str, message: str, location: Any) -> None:
    """Report a contributor's mistake; suppressed by ``layers.<subtype>``."""
    log.warning("%s", message, type="layers", subtype=subtype, location=location)


def blocks(tree: nodes.Element) -> list[nodes.container]:
    """Return what ``{deeper}`` has made of ``tree`` and below it."""
    return [box for box in tree.findall(nodes.container) if CLASS in box["classes"]]


class DeeperDirective(SphinxDirective):
    """``{deeper} TITLE``: a container of standard nodes, its title first."""

    has_content = True
    optional_arguments = 1  # needed, but told in words of our own
    final_argument_whitespace = True
    option_spec = {"name": directives.unchanged_required}  # noqa: RUF012 - as docutils declares it

    def run(self) -> list[nodes.Node]:
        title = " ".join(self.arguments).strip()
        content = self.parse_content_to_nodes()
        if all(isinstance(node, nodes.Invisible) for node in content):
            warn("empty", "deeper: there is nothing in it", self.get_location())
            return []
        box = nodes.container(classes=[CLASS])
        box[SKIPPABLE] = True
        self.set_source_info(box)
        box += self._title(title) if title else []
        box += content
        if not title:
            message = "deeper: needs a title that says what is found in it, on its first line"
            warn("title", message, self.get_location())
            _lay_open(box)
        _check(box)
        self.add_name(box)
        if not box["ids"]:
            box["ids"].append(make_id(self.env, self.state.document, CLASS, title))
            self.state.document.note_implicit_target(box)
        return [box]

    def _title(self, text: str) -> list[nodes.Node]:
        found, messages = self.parse_inline(text, lineno=self.lineno)
        rubric = nodes.rubric(text, "", *found)
        self.set_source_info(rubric)
        return [rubric, *messages]


def _check(box: nodes.Element) -> None:
    """Report what ``box`` may not hold, and make of it something that it may."""
    for inner in blocks(box):
        if inner is not box:
            warn("nested", "deeper: cannot stand in another deeper; end that one before", inner)
            _lay_open(inner)
    for rubric in box.findall(nodes.rubric):
        if _HEADING in rubric:
            message = "deeper: holds no headings; end it before, or begin a paragraph in bold"
            warn("heading", message, rubric)
            del rubric[_HEADING]  # said once, though a block around this one looks here, too


def _lay_open(box: nodes.Element) -> None:
    """Make ``box`` a part of the text around it."""
    box["classes"].remove(CLASS)
    del box[SKIPPABLE]


def on_doctree_read(app: Sphinx, doctree: nodes.document) -> None:
    """Keep of each block what its text takes to read, and by its label the title."""
    env, docname = app.env, app.env.current_document.docname
    labels, titles = env.domains.standard_domain.labels, {}
    for box in blocks(doctree):
        box["minutes"] = reading_minutes(box, language=env.config.language)
        text = _marked(box[0])
        plain = "".join(words or f"${tex}$" for words, tex in parts(text))
        for name in box["names"]:
            labels[name] = (docname, doctree.nameids[name], plain)
            if any(tex for _words, tex in parts(text)):
                titles[name] = text
    if titles:
        env.get_domain("layers").data["titles"][docname] = titles


def _marked(node: nodes.Node) -> str:
    """Return the text of ``node`` with its formulas marked."""
    if isinstance(node, nodes.math):
        return mark_math(node.astext())
    return "".join(map(_marked, node.children)) if node.children else unmarked(node.astext())


class TitlesWithFormulas(SphinxPostTransform):
    """Gives references to a block without words of their own its title, formulas included."""

    default_priority = 8  # MyST-Parser resolves references at 9, Sphinx at 10: text only

    def run(self, **kwargs: Any) -> None:
        titles = self.env.get_domain("layers").data["titles"]
        labels = self.env.domains.standard_domain.labels
        for node in list(self.document.findall(addnodes.pending_xref)):
            if node.get("refexplicit") or node["reftype"] not in ("ref", "myst"):
                continue
            docname, target, _title = labels.get(node["reftarget"], ("", "", ""))
            text = titles.get(docname, {}).get(node["reftarget"])
            if text:
                shown = nodes.inline("", "", *_unmarked(text), classes=["std", "std-ref"])
                here = node.get("refdoc", self.env.docname)
                builder = app_of(self.env).builder
                node.replace_self(make_refnode(builder, here, docname, target, shown))


def _unmarked(text: str) -> list[nodes.Node]:
    return [nodes.math(tex, tex) if tex else nodes.Text(words) for words, tex in parts(text)]


class ShowDeeper(SphinxPostTransform):
    """Folds each block on pages; elsewhere says what it is."""

    default_priority = 6  # glossary terms have been counted and linked at 4

    def run(self, **kwargs: Any) -> None:
        folds = is_web(app_of(self.env).builder)
        for box in blocks(self.document):
            if folds:
                box.replace_self(folded(box))
            else:
                self.show(box)

    def show(self, box: nodes.Element) -> None:
        """Put into ``box`` what tells it from the text around it."""
        title = box.children[0]
        assert isinstance(title, nodes.rubric)
        before, after = _around_title("deeper-mark")
        title[:] = [*before, *title.children, *after]
        # The class of the explainers' lines of facts, which outputs have a style for.
        said = _facts(box)
        box.insert(1, nodes.paragraph("", said, classes=["explainer-meta", "no-search"]))
        if app_of(self.env).builder.format != "html":  # others pass over containers' ids
            labelled = {t.get("refid") for t in box.parent.children if isinstance(t, nodes.target)}
            ids = [name for name in box["ids"] if name not in labelled]
            box["ids"] = []
            box[:0] = [nodes.target("", "", ids=ids)] if ids else []


def folded(box: nodes.Element) -> nodes.Element:
    """Return ``box`` as a ``details`` element."""
    title, *content = box.children
    before, after = _around_title("deeper-mark", "no-search")
    # The anchor stands in what is folded, since browsers open for a target that they must show,
    # and is placed at the top of all by `layers.css`.
    anchor = nodes.inline(ids=box["ids"], classes=["deeper-anchor"])
    facts = nodes.inline("", _facts(box), classes=["deeper-facts", "no-search"])
    named = fold("", fold_title("", "", *title.children), tag="span", classes=["deeper-title"])
    named["ids"] = box["ids"]  # not written: where search leads to
    summary = fold("", *before, named, *after, facts, tag="summary")
    body = fold("", anchor, *content, tag="div", classes=["deeper-body"])
    found = fold("", summary, body, tag="details", classes=[*box["classes"]])
    found.source, found.line = box.source, box.line
    return found


def _around_title(*classes: str) -> tuple[list[nodes.inline], list[nodes.inline]]:
    """Return what stands before and after the title of a block."""
    before, _slot, after = _("Going deeper: %s").partition("%s")
    first, last = (
        [nodes.inline(text, text, classes=[*classes])] if text else [] for text in (before, after)
    )
    return first, last


def _facts(box: nodes.Element) -> str:
    minutes: int = box["minutes"]
    return str(_("%d min · the text below does not need it") % minutes)


def visit_fold(self: HTML5Translator, node: fold) -> None:
    """Begin an element; ids stand elsewhere."""
    classes = f' class="{" ".join(node["classes"])}"' if node["classes"] else ""
    self.body.append(f"<{node['tag']}{classes}>")


def depart_fold(self: HTML5Translator, node: fold) -> None:
    """End it."""
    self.body.append(f"</{node['tag']}>" + ("" if node["tag"] == "span" else "\n"))


def pass_title(self: HTML5Translator, node: fold_title) -> None:
    """Write nothing: the element around it is the title's."""


def on_builder_inited(app: Sphinx) -> None:
    """Load the style, and the script that opens what is folded."""
    if is_web(app.builder):
        app.add_css_file("layers.css")
        app.add_js_file("folded.js", loading_method="defer")


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the extension to Sphinx."""
    app.setup_extension("explainers")
    app.add_domain(LayersDomain)
    app.add_node(fold, html=(visit_fold, depart_fold))
    app.add_node(fold_title, html=(pass_title, pass_title))
    app.add_directive(CLASS, DeeperDirective)
    app.add_post_transform(ShowDeeper)
    app.add_post_transform(TitlesWithFormulas)
    app.connect("builder-inited", on_builder_inited)
    app.connect("doctree-read", on_doctree_read)
    return {"env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
