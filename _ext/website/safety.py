"""Nothing that an article says runs, reads other files than it may, or leads where it should not.

Three gates, one behind the other. The parser runs only the directives and roles of
``allowed.toml``, and takes no configuration from the page. Before anything else sees what was
read, the whole tree is searched for what is raw, for addresses and for files, whatever syntax
they came from. Before a page is written, its addresses are looked at again, since references
have become some. What is refused is in no output, and is reported once, at its line, as
``website.<subtype>``; a suppressed message changes nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import accumulate
from pathlib import Path, PurePath
from typing import Any

from docutils import nodes
from docutils.parsers.rst import Directive, directives
from docutils.parsers.rst.states import MarkupError
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode
from myst_parser.mdit_to_docutils.base import token_line
from myst_parser.mdit_to_docutils.sphinx_ import SphinxRenderer
from myst_parser.parsers.directives import parse_directive_text
from myst_parser.parsers.mdit import create_md_parser
from myst_parser.parsers.sphinx_ import MystParser
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging

from explainers.domain import domain_of, front_matter
from explainers.reading import inside
from explainers.record import read_front_matter

from . import folders
from .allowed import allowed

log = logging.getLogger(__name__)

# How MyST-Parser writes the end of a line that Markdown asks for.
_LINE_BREAKS = {("html", "<br />\n"), ("latex", "\\\\\n")}
_TAG = re.compile(r"\s*<(/?)([A-Za-z][\w:-]*)")
_UNSEEN = ("script", "style", "template", "title")  # elements whose content is no text of the page
# `{#id .class key="value"}`, wherever prose has it; quotes may have been made typographic.
_ATTRIBUTES = re.compile(r"\{\s*(?:[.#][A-Za-z][\w:-]*(?=[\s}])|[A-Za-z][\w:-]*=[^\s{}])[^{}\n]*\}")
_CLICK = re.compile(r'(?:^|;)[^\S\n]*(?:click|link)\s+\S+\s+(?:href\s+)?"([^"]*)"', re.MULTILINE)
_LABEL = re.compile(r"[\w:.-]+")
# What numref's text is to Python, and may be: a width could ask for any number of blanks.
_NUMBERED = re.compile(r"(?:[^%{}]|%s|\{name\}|\{number\})*")
# Lists of lines, widths, counts: each line of a range is kept, each column of a tab written.
_HUGE = re.compile(r"(?=.*\d{6})[\d\s,.%+-]*[a-z]{0,4}", re.DOTALL)
_DEEPEST = 20  # what reads and writes them follows by recursion; Markdown has this limit for lists
_LONGEST_ROLE = 2000  # docutils looks for the target in a role's text in quadratic time
_LONGEST_BLOCK = 10_000  # so do Markdown for what belongs together, docutils for what stands in it
_LONGEST_OPTION = 2000
_TOO_LONG = "characters"  # of a token whose content is left out
_HIDDEN = (".*", "**/.*")  # of a folder's entries, as Sphinx's patterns


def _refuse(subtype: str, message: str, location: str) -> None:
    """Report what is left out, and where it stands."""
    plain, place = map(_plain, (message, location))
    log.warning("%s", plain, type="website", subtype=subtype, location=place)


def _plain(text: str) -> str:
    """Return ``text`` without characters that a terminal may obey."""
    return "".join(c if c.isprintable() else "�" for c in text)


class GuardedRenderer(SphinxRenderer):
    """MyST-Parser's renderer, which looks up nothing that is not on the list."""

    _depth = 0  # of directives in each other

    def _refuse(self, subtype: str, message: str, line: int) -> None:
        _refuse(subtype, message, f"{self.document['source']}:{line}")

    def run_directive(
        self, name: str, first_line: str, content: str, position: int, *args: Any, **kwargs: Any
    ) -> list[nodes.Element]:
        found = self._problem(name.lower(), first_line, content, position)
        if self._depth >= _DEEPEST:
            found = "nested", f"directives stand more than {_DEEPEST} deep in each other", position
        if found:
            self._refuse(*found)
            return []
        self._depth += 1
        try:
            run: list[nodes.Element] = super().run_directive(
                name, first_line, content, position, *args, **kwargs
            )
        except Exception as error:
            self._fail("directive", name, error, position)
            return []
        finally:
            self._depth -= 1
        return run

    def _fail(self, kind: str, name: str, error: Exception, line: int) -> None:
        """Report what Sphinx and others did not expect: it would end the build."""
        log.debug("%s '%s'", kind, name, exc_info=error)
        why = f"{type(error).__name__}: {error}"
        self._refuse(kind, f"the {kind} '{name}' can make nothing of this ({_short(why)})", line)

    def _render_tokens(self, tokens: list[Token]) -> None:
        for token in tokens:
            depths = accumulate(child.nesting for child in token.children or ())
            if max(depths, default=0) > _DEEPEST:
                message = f"emphasis, links and the like stand more than {_DEEPEST} deep"
                self._refuse("nested", message, self._first_line(token))
                token.children = []
            if length := token.meta.get(_TOO_LONG):
                message = f"a paragraph has {length:,} characters; expected at most"
                message = f"{message} {_LONGEST_BLOCK:,}: part it with an empty line"
                self._refuse("length", message, self._first_line(token))
        super()._render_tokens(tokens)

    def _first_line(self, token: Token) -> int:
        """Return the line of a block that is still to be rendered."""
        return (token.map or [0])[0] + 1 - self._one_too_many(self.current_node)

    def _one_too_many(self, block: nodes.Node) -> bool:
        """Return whether MyST-Parser counts so: in what directives have on their first line."""
        return type(block) is nodes.Element and self.document["source"].endswith(".md")

    def _problem(
        self, name: str, first_line: str, content: str, line: int
    ) -> tuple[str, str, int] | None:
        """Return what is wrong with a directive, and its line."""
        use = allowed().directive(name)
        if use is None:
            return "directive", allowed().name("directive", name), line
        kind = directives.directive(name, self.language_module_rst, self.document)[0]
        empty: list[str] = []
        try:
            guarded = _guarded(kind, empty) if kind else None
            parsed = parse_directive_text(guarded, first_line, content) if guarded else None
        except MarkupError:  # reported where it is run
            parsed = None
        if parsed is None:
            return None
        for option, value in [*parsed.options.items(), *dict.fromkeys(empty, "").items()]:
            problem = "needs another value" if option in empty else ""
            if not {"*", option}.intersection(use.options):
                problem = "is not for articles; leave it out"
            elif len(str(value)) > _LONGEST_OPTION:
                problem = f"has more than {_LONGEST_OPTION:,} characters"
            elif _HUGE.fullmatch(str(value)):
                problem = "has a number of more than five digits"
            if problem:
                at = re.compile(rf"\s*:?{re.escape(option)}:")
                rows = [i for i, row in enumerate(content.split("\n"), 1) if at.match(row)]
                message = f"the option '{option}' of '{name}' {problem}"
                return "option", message, line + (rows or [0])[0]
        env = self.sphinx_env
        for source in use.files:
            values = parsed.arguments[:1] if source == "argument" else [parsed.options.get(source)]
            for value in filter(None, values):
                if problem := allowed().path(value):
                    return "file", f"'{_short(value)}' is not for articles: {problem}", line
                path = Path(env.relfn2path(value, env.docname)[1])
                if problem := allowed().place(Path(env.srcdir), path):
                    return "file", f"'{_short(value)}' is not for articles: {problem}", line
        return None

    def render_restructuredtext(self, token: SyntaxTreeNode) -> None:
        self._refuse("directive", allowed().name("directive", "eval-rst"), token_line(token))

    def render_myst_role(self, token: SyntaxTreeNode) -> None:
        name = str(token.meta["name"]).lower()
        message = allowed().name("role", name)
        if not message and not token.content.strip(" \n!~"):  # signs of how a reference is shown
            message = f"the role '{name}' is empty: write between the backticks what it is about"
        if not message and len(token.content) > _LONGEST_ROLE:
            message = f"the text of '{name}' has more than {_LONGEST_ROLE:,} characters"
        if message:
            self._refuse("role", message, self._line(token))
            return
        try:
            super().render_myst_role(token)
        except Exception as error:
            self._fail("role", name, error, self._line(token))

    def render_link(self, token: SyntaxTreeNode) -> None:
        uri = str(token.attrGet("href") or "")
        if problem := allowed().link(uri):
            self._refuse("link", _about(uri, problem), self._line(token))
            if token.info != "auto":  # else the address is what readers would see
                self.render_children(token)
        else:
            super().render_link(token)

    def _line(self, token: SyntaxTreeNode) -> int:
        """Return the line of inline syntax, of which the token has that of its block."""
        block = _block(self.current_node)
        first = token_line(token, 1) - self._one_too_many(block)  # not in rows of the record
        return first + sum(map(_line_ends, block.findall(nodes.Text)))


class GuardedParser(MystParser):
    """MyST-Parser's parser without what a page could configure."""

    def parse(self, inputstring: str, document: nodes.document) -> None:
        parser = create_md_parser(document.settings.env.myst_config, GuardedRenderer)
        parser.options["document"] = document
        # What this would pass over as text, unseen, is refused by the renderer with a message.
        parser.validateLink = lambda url: True  # type: ignore[method-assign]
        parser.core.ruler.before("inline", "longest", _shorten)
        parser.render(inputstring)


def _shorten(state: StateCore) -> None:
    """Leave out what would take long to read; it is reported where its line is known."""
    for token in state.tokens:
        if token.type == "inline" and len(token.content) > _LONGEST_BLOCK:
            token.meta[_TOO_LONG] = len(token.content)
            token.content = ""


def _guarded(kind: type[Directive], faulty: list[str]) -> type[Directive]:
    """Return a directive whose options that end in errors, such as empty ones, are listed."""

    def guarded(option: str, convert: Callable[[Any], Any]) -> Callable[[Any], Any]:
        def converted(value: Any) -> Any:
            try:
                return convert(value)
            except (ValueError, TypeError):  # reported where it is run
                raise
            except Exception as error:
                faulty.append(option)
                raise ValueError from error

        return convert if convert is directives.flag else converted

    known = kind.option_spec or {}
    spec = {option: guarded(option, convert) for option, convert in known.items()}
    return type(kind.__name__, (kind,), {"option_spec": spec})


def _about(uri: str, problem: str) -> str:
    """Return the message about an address."""
    return f"'{_short(uri)}' is no link for articles: {problem}"


def _short(text: str) -> str:
    """Return ``text`` short enough for a message."""
    return text if len(text) <= 60 else f"{text[:59]}…"


def on_config_inited(app: Sphinx, config: Config) -> None:
    """Pass over what may not be called so, or leads in circles, before anything walks there."""
    root = Path(app.srcdir)
    passed = [".*", *(f"{name}/{hidden}" for name in allowed().folders for hidden in _HIDDEN)]
    for path, fault in folders.unfit(root, allowed().folders):
        if fault:
            _refuse("name", f"{_short(path.name)} is left out: {fault}", f"{root / path}:1")
        passed.append(folders.pattern(path))
        for name in ("html_static_path", "html_extra_path"):  # in which patterns start at `./`
            copied = [entry for entry in getattr(config, name) if path != PurePath(entry)]
            setattr(config, name, copied)
            inside = (path.relative_to(entry) for entry in copied if path.is_relative_to(entry))
            passed += [f"./{folders.pattern(part)}" for part in inside]
    # a new list: the old one may be Sphinx's default, which all projects of a process share
    config.exclude_patterns = [*config.exclude_patterns, *passed]


def on_source_read(app: Sphinx, docname: str, content: list[str]) -> None:
    """Empty what is no Markdown or is not from here; report what front matter may not say."""
    path = Path(app.env.doc2path(docname))
    problem = allowed().place(Path(app.srcdir), path, anywhere=True)
    if not problem and path.suffix != ".md":
        problem = "articles are Markdown, in files that end in .md"
    if problem:
        _refuse("source", f"the page is left out: {problem}", f"{path}:1")
        content[0] = ""
        return
    refused = {key: why for key, why in allowed().front_matter.items() if key in content[0]}
    front = read_front_matter(content[0] if refused else "")
    for key in refused.keys() & front.data.keys():
        message = f"'{key}' is not for articles: {refused[key]}"
        _refuse("front-matter", message, f"{path}:{front.line(key)}")


class Sieve:
    """Takes out of the tree of one document what must not be in it."""

    def __init__(self, env: BuildEnvironment, document: nodes.document) -> None:
        self.env, self.document = env, document
        self.docname, self.root = env.current_document.docname, Path(env.srcdir)
        self.gone: set[int] = set()
        self.gates: dict[type[nodes.Node], Callable[[Any], None]] = {
            nodes.Text: self.text,
            nodes.raw: self.raw,
            nodes.meta: self.meta,
            nodes.image: self.image,
            nodes.math: self.math,
            nodes.math_block: self.math,
            addnodes.download_reference: self.download,
            addnodes.toctree: self.toctree,
            addnodes.pending_xref: self.reference,
            nodes.Element: self.element,
        }

    def run(self) -> None:
        """Look at everything."""
        for node in list(self.document.findall()):
            if id(node) not in self.gone:
                next(gate for kind, gate in self.gates.items() if isinstance(node, kind))(node)

    def refuse(self, subtype: str, message: str, node: nodes.Node) -> None:
        _refuse(subtype, message, f"{_source(node) or self.document['source']}:{line_of(node)}")

    def remove(self, *found: nodes.Node) -> None:
        """Remove nodes with all that is in them."""
        for node in found:
            self.gone.update(map(id, node.findall()))
            node.parent.remove(node)

    def element(self, node: nodes.Element) -> None:
        if "refuri" in node and (problem := allowed().link(node["refuri"])):
            self.refuse("link", _about(node["refuri"], problem), node)
            if node.astext() == node["refuri"]:
                self.remove(node)
            else:
                node.replace_self(node.children)
        code = str(node.get("code", ""))  # of a diagram
        for match in _CLICK.finditer(code):
            if problem := allowed().link(match[1]):
                source, first = node.get("place", (self.document["source"], line_of(node)))
                line = first + code.count("\n", 0, match.start(1))
                _refuse("link", _about(match[1], problem), f"{source}:{line}")
                node["code"] = node["code"].replace(match[0], "")

    def raw(self, node: nodes.raw) -> None:
        text = node.astext()
        if (node.get("format"), text) in _LINE_BREAKS:
            return
        message = "HTML is not for articles: write Markdown"
        if text.lstrip().startswith("<!--"):
            message = "HTML is not for articles: begin a line with % for a note to yourself"
        self.refuse("html", message, node)
        self.remove(node, *_end_of(node))

    def meta(self, node: nodes.meta) -> None:
        self.refuse("html", "what a page's head says is not for articles", node)
        self.remove(node)

    def image(self, node: nodes.image) -> None:
        if problem := self.picture(node["uri"]):
            self.refuse_image(node, problem)
        elif not str(node.get("alt", "")).strip():
            message = f"'{_short(node['uri'])}' needs a text for those who cannot see it: "
            self.refuse("alt", f"{message}![what it shows](…), or :alt:", node)

    def refuse_image(self, node: nodes.image, problem: str) -> None:
        self.refuse("image", problem, node)
        linked = isinstance(node.parent, nodes.reference) and len(node.parent) == 1
        self.remove(node.parent if linked else node)

    def chosen(self) -> None:
        """Look at the files that stand for pictures: another one may be there for the language."""
        for node in list(self.document.findall(nodes.image)):
            if problem := _chosen_problem(self.root, node):
                self.refuse_image(node, problem)

    def picture(self, uri: str) -> str:
        """Return why a picture may not be shown."""
        if ":" in re.split("[/?#]", uri)[0] or uri.lstrip().startswith(("//", "\\")):
            problem = "put its file beside the article"
        elif not (problem := allowed().path(uri)):
            path = Path(self.env.relfn2path(uri, self.docname)[1])
            problem = allowed().picture(self.root, path)
            if problem and path.is_file() and not allowed().place(self.root, path):
                self.env.note_dependency(path)  # so that a mended file is looked at again
        return problem and f"'{_short(uri)}' is no picture for articles: {problem}"

    def download(self, node: addnodes.download_reference) -> None:
        target = node["reftarget"]
        if "://" in target:
            problem = allowed().link(target)
        elif not (problem := allowed().path(target)):
            path = Path(self.env.relfn2path(target, self.docname)[1])
            problem = allowed().download(self.root, path)
        if problem:
            self.refuse("file", f"'{_short(target)}' is not for articles: {problem}", node)
            node.replace_self(node.children)

    def toctree(self, node: addnodes.toctree) -> None:
        for entry in list(node["entries"]):
            if problem := allowed().link(entry[1]):
                self.refuse("link", _about(entry[1], problem), node)
                node["entries"].remove(entry)

    def reference(self, node: addnodes.pending_xref) -> None:
        text = node.astext() if node.get("refexplicit") else ""
        if node.get("reftype") == "numref" and not _NUMBERED.fullmatch(text):
            message = (
                f"'{_short(text)}' is no text for numref: the number is %s or {{number}} in it"
            )
            self.refuse("role", message, node)
            node.replace_self(node.children)
        else:
            self.element(node)

    def math(self, node: nodes.math | nodes.math_block) -> None:
        problem = allowed().tex(node.astext())
        if not _LABEL.fullmatch(node.get("label") or "-"):
            problem = problem or "its label has more than letters, digits, hyphens, dots and colons"
        if problem:
            self.refuse("tex", f"the formula is left out: {problem}", node)
            self.remove(node)

    def text(self, node: nodes.Text) -> None:
        code = (nodes.FixedTextElement, nodes.literal, nodes.math)
        if "{" not in node or isinstance(node.parent, code) or inside(node, front_matter):
            return
        for match in _ATTRIBUTES.finditer(node):
            message = f"'{_short(match[0])}' is not for articles: use the options of a directive"
            self.refuse("attribute", message, node)
        plain = _ATTRIBUTES.sub("", node)
        if plain != node:
            node.parent.replace(node, nodes.Text(plain))


def _chosen_problem(root: Path, image: nodes.image) -> str:
    """Return why one of the files that a picture may be taken from may not be shown."""
    paths: list[str] = list(image.get("candidates", {}).values())
    for path in [image["uri"], *paths]:
        if ":" in path:
            return f"'{_short(path)}' is no picture of this site"
    problems = ((path, allowed().picture(root, root / path)) for path in paths)
    found = (f"'{_short(path)}' is no picture for articles: {why}" for path, why in problems if why)
    return next(found, "")


def line_of(node: nodes.Node) -> int:
    """Return the line of ``node``: its block's, and as many below as text before it has ends."""
    block = _block(node)
    # MyST-Parser counts one too many in what directives have on their first line.
    own = block.line if isinstance(block, (nodes.title, nodes.caption, nodes.rubric)) else node.line
    line = own or next((part.line for part in block.findall() if part.line), None)
    outer: nodes.Node | None = block
    while line is None and outer is not None:
        line, outer = outer.line, outer.parent
    before = 0
    for part in block.findall() if isinstance(block, nodes.TextElement) else ():
        if part is node:
            break
        before += _line_ends(part) if isinstance(part, nodes.Text) else 0
    return (line or 1) + before


def _block(node: nodes.Node) -> nodes.Node:
    """Return the block that an inline node is in; a picture may be one itself."""
    while isinstance(node, (nodes.Inline, nodes.Text)) and isinstance(
        node.parent, nodes.TextElement
    ):
        node = node.parent
    return node


def _line_ends(text: nodes.Text) -> int:
    """Return how many lines of the source end in ``text``; a line break is there twice."""
    twice = isinstance(text.parent, nodes.raw) and text.parent.get("format") == "latex"
    return 0 if twice else text.count("\n")


def _end_of(start: nodes.raw) -> list[nodes.Node]:
    """Return the tag that ends the HTML element which ``start`` begins, and what it hides."""
    siblings = start.parent.children
    rest, tag = siblings[siblings.index(start) + 1 :], _TAG.match(start.astext())
    for index, node in enumerate(rest if tag and not tag[1] else ()):
        end = _TAG.match(node.astext()) if isinstance(node, nodes.raw) else None
        if tag and end and end[1] and end[2].lower() == tag[2].lower():
            return rest[: index + 1] if tag[2].lower() in _UNSEEN else [node]
    return []


def on_doctree_read(app: Sphinx, doctree: nodes.document) -> None:
    """Search the tree before files that it names are collected."""
    sieve = Sieve(app.env, doctree)
    sieve.run()
    page = domain_of(app.env).pages.get(sieve.docname)
    record = page.record if page else None
    if page and record and record.thumbnail and (problem := sieve.picture(record.thumbnail)):
        where = f"{doctree['source']}:{record.lines.get('thumbnail', 1)}"
        _refuse("image", f"thumbnail: {problem}", where)
        record = replace(record, thumbnail="")  # its words are among those of the page
        domain_of(app.env).pages[sieve.docname] = replace(page, record=record)


def on_files_chosen(app: Sphinx, doctree: nodes.document) -> None:
    """Look at the pictures again, as the files that will be published."""
    Sieve(app.env, doctree).chosen()


class LastLook(SphinxPostTransform):
    """Takes out what references have become and must not be."""

    default_priority = 90  # they are resolved; Sphinx fetches remote pictures at 100

    def run(self, **kwargs: Any) -> None:
        for node in list(self.document.findall(nodes.reference)):
            if problem := allowed().link(node.get("refuri", "")):
                _refuse("link", _about(node["refuri"], problem), _place(node))
                node.replace_self(node.children if node.astext() != node["refuri"] else [])
        for image in list(self.document.findall(nodes.image)):
            if problem := _chosen_problem(Path(self.env.srcdir), image):
                _refuse("image", problem, _place(image))
                image.parent.remove(image)


class PrintedFormulas(SphinxPostTransform):
    """Leaves out formulas that pages cannot show: no list has all that TeX would obey."""

    default_priority = LastLook.default_priority
    formats = ("latex",)

    def run(self, **kwargs: Any) -> None:
        formulas = [*self.document.findall(nodes.math)]
        for formula in [*formulas, *self.document.findall(nodes.math_block)]:
            if problem := self._problem(formula):
                message = f"the formula is left out of print, as pages cannot show it: {problem}"
                _refuse("tex", message, _place(formula))
                formula.parent.remove(formula)

    def _problem(self, node: nodes.Element) -> str:
        from math_core import LatexError  # not at the top: pages load it when they need it

        from mathml import converted, explained, prepared

        block = isinstance(node, nodes.math_block)
        tex = prepared(node.astext(), block=block)
        macros = getattr(self.config, "mathml_macros", {})
        try:
            converted(tex, block=block, macros=macros, source=None, xml=False)
        except LatexError as error:
            return explained(error, tex)
        return ""


def _place(node: nodes.Element) -> str:
    """Return file and line of a node that references were resolved in."""
    return f"{_source(node)}:{line_of(node)}"


def _source(node: nodes.Node) -> str:
    """Return the file that ``node`` stands in: the page's, or that of a row of the record."""
    outer: nodes.Node | None = node
    while outer is not None and outer.source is None:
        outer = outer.parent
    return str(outer.source) if outer else ""


def setup(app: Sphinx) -> None:
    """Put the gates in place."""
    app.setup_extension("myst_parser")
    app.add_source_parser(GuardedParser, override=True)
    # Not for conf.py: with another list, every page is read again.
    app.add_config_value("website_allowed", allowed().digest, "env", types=(str,))
    app.connect("config-inited", on_config_inited)
    app.connect("source-read", on_source_read, priority=100)  # before the explainers'
    app.connect("doctree-read", on_doctree_read, priority=100)  # before files are collected
    app.connect("doctree-read", on_files_chosen, priority=600)  # after they are
    app.add_post_transform(LastLook)
    app.add_post_transform(PrintedFormulas)
