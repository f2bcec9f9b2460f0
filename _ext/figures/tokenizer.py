"""``{tokenizer} name``: a text cut into tokens, and on pages of the web a box to type one's own.

``labs/data/<name>-merges.json`` holds the tokenizer, as ``cutting.py`` reads it. ``:text:`` is cut
while building, so every output has its tokens and their number. Pages of the web get a button
besides; it loads the tokenizer, as a script of data that pages opened from a folder may load, too,
and ``_static/tokenizer.js`` cuts whatever is typed, on the reader's machine.

Tokens are words of the page, so there is no alternative text: the bars between them, which pages
draw as boxes, are read out and copied. Warnings are of type ``figures.tokenizer``.
"""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.locale import get_translation
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from explainers.text import cleaned
from figures import cutting
from figures.cutting import LONGEST, TokenizerError
from figures.domain import domain_of
from figures.web import address_of, is_web, sweep
from incremental.files import write_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinx.writers.html5 import HTML5Translator

logger = logging.getLogger(__name__)
_ = get_translation("figures")


class tokenizer(nodes.General, nodes.Element):  # noqa: N801  docutils' way of naming nodes
    """A spot for a text that is cut; none is left once a page is written."""


class typing_box(nodes.container):  # noqa: N801
    """The same on a page of the web: what the script looks for."""


class Tokenizer(SphinxDirective):
    """The directive: a figure with a spot in it."""

    required_arguments = 1
    option_spec = {  # noqa: RUF012  docutils' name
        "caption": directives.unchanged_required,
        "name": directives.unchanged,
        "text": directives.unchanged,
    }

    def run(self) -> list[nodes.Node]:
        name = self.arguments[0]
        self.env.note_dependency(cutting.path_of(_folder(self.env), name))
        try:
            text = self._text()
            merges = cutting.load(_folder(self.env), name)
        except TokenizerError as error:
            logger.warning(
                "%s", error, location=self.get_location(), type="figures", subtype="tokenizer"
            )
            return []
        tokens = cutting.encode(text, merges)
        spot = tokenizer(docname=self.env.docname, name=name, text=text)
        spot["tokens"] = [cutting.shown(token) for token in tokens]
        spot["counts"] = cutting.counts(text, tokens)
        spot["script"] = cutting.script_name(name, merges)
        self.set_source_info(spot)
        figure = nodes.figure("", spot)
        self.set_source_info(figure)
        if caption := self.options.get("caption"):
            words = nodes.caption(caption, "", *self.parse_inline(caption)[0])
            self.set_source_info(words)
            figure += words
        self.add_name(figure)
        return [figure]

    def _text(self) -> str:
        """Return what is cut first.

        Raises: TokenizerError.
        """
        text = cleaned(" ".join((self.options.get("text") or "").split()))
        if not text:
            raise TokenizerError("a tokenizer needs :text: (what it cuts until readers type)")
        return text


def _folder(env: BuildEnvironment) -> Path:
    """Return where tokenizers are kept."""
    return Path(env.srcdir, env.config.figures_tokenizers)


class CutTexts(SphinxPostTransform):
    """Puts tokens, and in pages of the web what makes room for more, into their spots."""

    # Glossary terms have been linked long before: no token becomes one.
    default_priority = 400

    def run(self, **kwargs: Any) -> None:
        builder = self.env._app.builder
        for spot in list(self.document.findall(tokenizer)):
            tokens = nodes.paragraph("", "", *_boxes(spot["tokens"]), classes=["tokens"])
            facts = _sentence(spot["counts"])
            shown: list[nodes.Element] = [
                tokens,
                nodes.paragraph(facts, facts, classes=["tokenizer-facts"]),
            ]
            if is_web(builder):
                kept = {key: spot[key] for key in ("name", "text", "script")}
                shown = [typing_box("", *shown, classes=["tokenizer", "no-search"], **kept)]
            elif address := address_of(spot, self.config):
                said = str(_("To type a text of your own: %s"))
                shown.append(nodes.paragraph("", "", *_linked(said, address)))
            if builder.name == "epub":
                shown = [nodes.container("", *shown, classes=["tokenizer"])]
            for node in shown:
                node.source, node.line = spot.source, spot.line
            spot.replace_self(shown)


def _boxes(tokens: Sequence[str]) -> Iterator[nodes.Node]:
    """Yield tokens, and between two of them a bar."""
    for number, token in enumerate(tokens):
        if number:
            yield nodes.inline(" | ", " | ", classes=["token-bar"])
        yield nodes.inline(token, token, classes=["token"])


def _linked(said: str, address: str) -> list[nodes.Node]:
    """Return a sentence with a link in place of its ``%s``."""
    before, _slot, after = said.partition("%s")
    link = nodes.reference(address, address, refuri=address)
    return [nodes.Text(before), link, nodes.Text(after)]


def _sentence(counts: Mapping[str, str]) -> str:
    """Return what was counted, in words."""
    return _sentences()["facts" if "ratio" in counts else "wordless"].format_map(counts)


def _sentences() -> dict[str, str]:
    """Return the sentences on what was counted, in the site's language, without the numbers."""
    return {
        "facts": _(
            "Characters: {characters}, bytes: {bytes}, tokens: {tokens}, tokens per word: {ratio}."
        ),
        "wordless": _("Characters: {characters}, bytes: {bytes}, tokens: {tokens}."),
    }


def _said() -> dict[str, str]:
    """Return what the script says, in the site's language."""
    longest = f"{LONGEST:,}"
    return _sentences() | {
        "begin": _("Type your own"),
        "label": _("Your text, of at most %s characters; it stays on your machine") % longest,
        "long": _("Only the first %s characters are cut.") % longest,
        "loading": _("Loading …"),
        "failed": _("The tokenizer could not be loaded; this is how it cuts one text."),
        "reset": _("Reset"),
        "tokens": _("Tokens"),
        "longest": str(LONGEST),
    }


def visit_box(self: HTML5Translator, node: typing_box) -> None:
    """Begin it; the script takes from it what it is to load, and the text to begin with."""
    told = {key: escape(node[key]) for key in ("name", "script", "text")}
    data = " ".join(f'data-{key}="{value}"' for key, value in told.items())
    self.body.append(f'<div class="tokenizer" {data}>\n')


def depart_box(self: HTML5Translator, node: typing_box) -> None:
    """End it, with room for the button, so that nothing moves when the script puts it there."""
    self.body.append('<div class="tokenizer-controls"></div>\n</div>\n')


def _on_doctree_read(app: Sphinx, doctree: nodes.document) -> None:
    """Note which tokenizers a page has."""
    if names := tuple(dict.fromkeys(node["name"] for node in doctree.findall(tokenizer))):
        domain_of(app.env).tokenizers[app.env.current_document.docname] = names


def _on_page(
    app: Sphinx, pagename: str, _template: str, _context: Any, doctree: nodes.document | None
) -> None:
    """Give stylesheet and script to the pages that need them."""
    if doctree and any(True for _node in doctree.findall(typing_box)):
        app.add_css_file("tokenizer.css")
        said: Any = {f"data-{key}": value for key, value in _said().items()}
        app.add_js_file("tokenizer.js", loading_method="defer", **said)


def _on_build_finished(app: Sphinx, error: Exception | None) -> None:
    """Lay out what pages load on click; remove what no page loads any more."""
    if error or not is_web(app.builder):
        return
    out, stems = Path(app.outdir, "_static", "tokenizers"), set()
    for name in {name for names in domain_of(app.env).tokenizers.values() for name in names}:
        try:
            merges = cutting.load(_folder(app.env), name)
        except TokenizerError:  # broken since its pages were read; the next build says so
            continue
        stem = cutting.script_name(name, merges)
        stems.add(stem)
        if not (out / f"{stem}.js").is_file():
            write_file(out / f"{stem}.js", cutting.script(name, merges))
    sweep(out, stems)


def setup(app: Sphinx) -> None:
    """Register the directive and what fills its spots."""
    app.add_config_value("figures_tokenizers", "labs/data", "env", types=(str,))
    app.add_node(tokenizer)
    app.add_node(typing_box, html=(visit_box, depart_box))
    app.add_directive("tokenizer", Tokenizer)
    app.add_post_transform(CutTexts)
    app.connect("doctree-read", _on_doctree_read)
    app.connect("html-page-context", _on_page)
    app.connect("build-finished", _on_build_finished)
