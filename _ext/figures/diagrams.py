"""``{mermaid}``: sphinxcontrib-mermaid's directive, drawn while building.

Pages get inline SVG that follows light and dark, e-books the same in fixed light colours,
print a vector PDF, every other output the alternative text. No page needs JavaScript, nothing
comes from a third party.

``:alt:`` is required: what the drawing says, in a sentence or two. Colours belong to the
site, so ``style``, ``classDef`` and the like are reported. Warnings are of type ``figures``:
``figures.alt``, ``figures.style`` and ``figures.mermaid`` (the source cannot be drawn; it is
shown as code instead).

Where merman has no wheel, every diagram's source is shown as code under its caption, without
a warning: drawing in the browser would need 3.6 MB of JavaScript, from a third party or in
this repository.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from docutils import nodes
from docutils.statemachine import StateMachine
from sphinx.locale import get_translation
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinxcontrib.mermaid import Mermaid, mermaid

from figures import mermaid_svg, svg

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.writers.html5 import HTML5Translator
    from sphinx.writers.latex import LaTeXTranslator

logger = logging.getLogger(__name__)
_ = get_translation("figures")

# Labels are drawn at 16 px; nine points sit well beside a book's ten or eleven.
PRINT_SCALE = 9 / 16

# These mix colours of their own; the other kinds draw in the colours that they are given.
_DERIVED = frozenset(
    "C4Component C4Container C4Context C4Deployment C4Dynamic architecture-beta gantt gitGraph "
    "journey kanban mindmap packet packet-beta radar-beta requirementDiagram sankey sankey-beta "
    "timeline treemap-beta xychart xychart-beta zenuml".split()
)
_OWN_COLOURS = re.compile(
    r"(?:(style|classDef|linkStyle)\s+[\w,-]+\s+[\w-]+\s*:"
    r"|(rect|box)\s+(?:rgba?\(|hsla?\(|\#|(?:light|dark|pale|medium|deep)?(?:aqua|black|blue|cyan"
    r"|fuchsia|gray|green|grey|lime|magenta|maroon|navy|olive|orange|pink|purple|red|silver|teal"
    r"|white|yellow)\b)"
    r"|%%\{\s*(init)"
    r"|(theme\w*)\s*:)",
    re.IGNORECASE,
)


class Diagram(Mermaid):  # type: ignore[misc]
    """The directive, with a check of what its author wrote."""

    def run(self) -> list[nodes.Node]:
        if not self.options.get("caption"):
            self.options.pop("caption", None)  # empty, it would break the stock directive
        try:
            found: list[nodes.Node] = super().run()
        except (ValueError, RecursionError) as error:  # `:config:` is no JSON, a file no text
            place = "{}:{}".format(*self._place(self.lineno))
            _warn("mermaid", f"diagram left out: {error}", place)
            return []
        for part in found:
            for node in part.findall(mermaid):
                self._note(node)
        return found

    def _note(self, node: nodes.Element) -> None:
        """Give ``node`` its place in the source, and report what is amiss."""
        node.source, node.line = self._place(self.lineno)
        # reStructuredText counts the offset from the start of the file, MyST from the fence.
        base = 0 if isinstance(self.state_machine, StateMachine) else self.lineno
        source, first = self._place(base + self.content_offset + 1)
        if self.arguments:
            source, first = str(self.env_path(self.arguments[0])), 1
        code: str = node["code"]
        # Options may have put lines of YAML before the author's own.
        added = code.count("\n") + 1 - len(self.content) if self.content else 0
        node["place"] = (source, first - added)
        if not node.get("alt", "").strip():
            _warn("alt", "a diagram needs :alt: (what it says, in a sentence or two)", node)
        for line, message in own_colours(code):
            _warn("style", message, _location(node, line))

    def _place(self, line: int) -> tuple[str, int]:
        """Return the file and the line in it that ``line`` of the parser's input came from."""
        source, found = self.state_machine.get_source_and_line(line)
        return source or self.state.document["source"], found or line

    def env_path(self, name: str) -> Path:
        """Return the path of a source file named in the directive."""
        return Path(self.state.document.settings.env.relfn2path(name)[1])


def own_colours(code: str) -> Iterator[tuple[int, str]]:
    """Yield line and message for whatever in ``code`` would not follow light and dark."""
    kind = None
    in_front_matter = False
    for number, line in enumerate(code.splitlines(), 1):
        text = line.strip()
        if text == "---":
            in_front_matter = not in_front_matter
            continue
        match = _OWN_COLOURS.match(text)
        if match and bool(match[4]) == in_front_matter:
            what = next(group for group in match.groups() if group)
            yield number, f"`{what}` sets colours that do not follow light and dark: leave it out"
        if kind is None and text and not in_front_matter and not text.startswith("%%"):
            kind = text.split()[0]
            if kind in _DERIVED:
                yield number, f"`{kind}` has colours of its own, which do not follow light and dark"


class DrawnDiagrams(SphinxPostTransform):
    """Names the diagrams of a page; without merman, the source stands there instead."""

    default_priority = 400
    formats = ("html", "latex")

    def run(self, **kwargs: object) -> None:
        for number, node in enumerate(list(self.document.findall(mermaid)), 1):
            if mermaid_svg.available():
                node["diagram_id"] = f"dg-{number}"
                node += nodes.Text(node.get("alt", ""))  # for the search; visitors pass over it
            else:
                node.replace_self(_source_block(node))


class WordedDiagrams(SphinxPostTransform):
    """Puts the alternative text where nothing is drawn."""

    default_priority = DrawnDiagrams.default_priority + 1

    def run(self, **kwargs: object) -> None:
        for node in list(self.document.findall(mermaid)):
            if "diagram_id" not in node:
                name = _("Diagram")
                text = f"[{name}: {node['alt']}]" if node.get("alt") else f"[{name}]"
                words = nodes.paragraph(text, text)
                words.source, words.line = node.source, node.line
                node.replace_self(words)


def visit_html(self: HTML5Translator, node: nodes.Element) -> NoReturn:
    """Write ``node`` as inline SVG."""
    drawn = _drawn(node)
    if drawn is None:
        _write_source(self, node)
    if drawn.width > node.get("widest", drawn.width):  # whoever made it says the same otherwise
        raise nodes.SkipNode
    attributes = {"role": "img", "aria-label": " ".join(node.get("alt", str(_("Diagram"))).split())}
    if self.builder.name == "epub":  # readers that know no CSS variables are many
        attributes["style"] = "max-width:100%;height:auto"
        picture = drawn.file(attributes=attributes)
    else:
        if drawn.has_links:  # what can be clicked on must not be hidden in an image
            attributes["role"] = "group"
        picture = drawn.page(attributes)
    classes = f"diagram align-{node['align']}" if "align" in node else "diagram"
    self.body.append(f"{self.starttag(node, 'div', '', CLASS=classes)}{picture}</div>\n")
    raise nodes.SkipNode


def visit_latex(self: LaTeXTranslator, node: nodes.Element) -> NoReturn:
    """Write ``node`` as a PDF beside the TeX file, drawn only if it is not there yet."""
    name = mermaid_svg.file_name(node["code"], ".pdf")
    target = Path(self.builder.outdir) / name
    if not target.is_file():
        drawn = _drawn(node) if svg.available() else None
        if drawn is None:
            _write_source(self, node)
        try:
            svg.write_pdf(drawn.file(scale=PRINT_SCALE), target)
        except ValueError as error:
            _warn("mermaid", f"diagram not converted for print: {error}", _location(node, 1))
            _write_source(self, node)
    sides = {"left": r"\raggedright", "right": r"\raggedleft"}
    self.body += [
        "\n\n{" + sides.get(node.get("align", ""), r"\centering") + self.hypertarget_to(node),
        # Sphinx's macro fits a picture to the line and to this height; a caption needs the rest.
        "\\csname spx@image@maxheight\\endcsname=0.8\\textheight\n",
        f"\\sphinxincludegraphics{{{name}}}\\par}}\n\n",
    ]
    raise nodes.SkipNode


def _drawn(node: nodes.Element) -> mermaid_svg.Drawing | None:
    """Return ``node`` drawn, or None after reporting why it cannot be."""
    code: str = node["code"]
    try:
        return mermaid_svg.draw(code, node["diagram_id"])
    except mermaid_svg.DrawingError as error:
        message = f"diagram not drawn: {error}"
        if error.line:
            lines = [*code.splitlines(), ""]
            message += f" at `{lines[min(error.line, len(lines)) - 1].strip()}`"
        _warn("mermaid", message, _location(node, error.line or 1))
        return None


def _write_source(translator: HTML5Translator | LaTeXTranslator, node: nodes.Element) -> NoReturn:
    """Write the source of ``node`` as code."""
    translator.visit_literal_block(_source_block(node))
    raise nodes.SkipNode


def _source_block(node: nodes.Element) -> nodes.literal_block:
    """Return the source of ``node`` as a code block."""
    block = nodes.literal_block(node["code"], node["code"], language="text")
    block.source, block.line = node.source, node.line
    return block


def _location(node: nodes.Element, line: int) -> str | nodes.Element:
    """Return where ``line`` of the diagram's code stands."""
    if "place" not in node:
        return node
    source, first = node["place"]
    return f"{source}:{max(first + line - 1, 1)}"


def _warn(subtype: str, message: str, location: str | nodes.Element) -> None:
    """Report ``message`` as ``figures.<subtype>``."""
    logger.warning("%s", message, location=location, type="figures", subtype=subtype)


def _draw_while_building(app: Sphinx, config: Config) -> None:
    """Keep sphinxcontrib-mermaid from adding its script, of a third party, to the pages."""
    config.mermaid_output_format = "svg"


def setup(app: Sphinx) -> None:
    """Register the directive, its visitors and the stylesheet."""
    app.setup_extension("sphinxcontrib.mermaid")
    app.add_directive("mermaid", Diagram, override=True)
    # No `epub=`: a table of handlers named after that builder would hide all those for HTML.
    app.add_node(mermaid, override=True, html=(visit_html, None), latex=(visit_latex, None))
    app.add_post_transform(DrawnDiagrams)
    app.add_post_transform(WordedDiagrams)
    app.add_css_file("diagrams.css")
    # Not for conf.py: another release of what draws makes every page out of date.
    app.add_config_value("figures_drawn_with", mermaid_svg.versions(), "html", types=(str,))
    app.connect("config-inited", _draw_while_building)
