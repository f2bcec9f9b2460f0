r"""LaTeX math as MathML Core, converted while building: no JavaScript, no images, no server.

A renderer for Sphinx's own ``html_math_renderer = "mathml"``, so directives, roles, equation
numbers and ``{eq}`` are Sphinx's. Warnings are of type ``mathml``: ``mathml.latex`` (not
convertible; the page shows the source as code) and ``mathml.unsupported`` (converted, but
browsers draw it wrong). ``mathml_macros`` holds macros for pages and print alike,
``{"KL": r"\operatorname{KL}(#1 \,\|\, #2)"}``; ``mathml_annotation`` (on) leaves the LaTeX
source in the page for whoever copies a formula.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib import metadata
from itertools import accumulate
from typing import TYPE_CHECKING, NoReturn
from xml.etree import ElementTree as ET

from docutils import nodes
from sphinx.errors import ConfigError
from sphinx.locale import _
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number

from explainers.domain import app_of

if TYPE_CHECKING:
    from math_core import LatexError, LatexToMathML
    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.util.typing import ExtensionMetadata
    from sphinx.writers.html5 import HTML5Translator

logger = logging.getLogger(__name__)

# Sphinx numbers equations, so the environments that would number rows become those that do not.
_ENVIRONMENTS = {
    "split": "aligned",
    "align": "aligned",
    "align*": "aligned",
    "gather": "gathered",
    "gather*": "gathered",
    "multline": "multline*",
    "equation": "",
    "equation*": "",
}
# Count up when formulas are written differently: every page is out of date then.
_FORM = 2
# math-core knows these without being told; LaTeX has to be.
_PREDEFINED = {
    "argmax": r"\operatorname*{arg\,max}",
    "argmin": r"\operatorname*{arg\,min}",
    "N": r"\mathbb{N}",
    "R": r"\mathbb{R}",
    "Z": r"\mathbb{Z}",
}
# Found in what was converted, so that a macro hides none of them.
_DRAWN_WRONG = {
    "<menclose": r"\boxed, \fbox and \cancel draw no frame and no stroke in several browsers",
    "\u20db": r"\dddot stands beside its letter",
    "\u20dc": r"\ddddot stands beside its letter",
}
_TOKEN = re.compile(
    r"\\\\(?P<skip>\*?(?:\s*\[\s*-?[\d.]+\s*(?:pt|pc|em|ex|mm|cm|in|mu|bp)\s*\])?)"
    r"|\\(?P<edge>begin|end)\s*\{(?P<name>\w+\*?)\}(?P<place>\[[tbc]\])?"
    r"|\\.|%[^\n]*|[{}&]",
    re.DOTALL,
)
_APART = re.compile(
    r"(?P<quad>\\qquad(?![A-Za-z]))|(?P<open>\{|\\(?:begin|left)(?![A-Za-z]))"
    r"|(?P<close>\}|\\(?:end|right)(?![A-Za-z]))|\\.|%[^\n]*",
    re.DOTALL,
)
_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)[A-Za-z]\w*;")
# MathML Core lets every element have these attributes; MathML 3, which checkers and e-books go by,
# an `mstyle` around it, and tables the first.
_STYLES = {"displaystyle", "scriptlevel"}
_STYLED = re.compile(
    r"<(?!math|mstyle|mtable)\w++[^<>]* displaystyle=|<(?!mstyle)\w++[^<>]* scriptlevel="
)
# math-core follows what is nested by recursion, a level for a character at worst: from some 5,000
# on the process would end without a word. What it makes is followed in the same way.
_LONGEST, _DEEPEST = 2000, 200
_UNSHOWN = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # nor any XML hold
_BIG = re.compile(r'<mo\b[^<>]* minsize="1.2em" maxsize="1.2em"[^<>]*>')
_TAG = re.compile(r"<(/?)\w++[^<>]*?(/?)>")
_VARIATIONS = dict.fromkeys((0xFE00, 0xFE01))


def prepared(tex: str, *, block: bool, wrap: bool = True) -> str:
    """Return ``tex`` in words that math-core knows.

    In a ``block``, as in Sphinx's LaTeX, rows are aligned with each other and every paragraph
    is an equation of its own; with ``wrap`` off, the author has opened an environment.
    """
    tex = _TOKEN.sub(_known, tex.strip())
    if not (block and wrap):
        return tex
    parts = [_aligned(part) for part in re.split(r"\n\s*\n", tex) if part.strip()]
    return _in_aligned("\\\\".join(parts)) if len(parts) > 1 else "".join(parts)


def _known(match: re.Match[str]) -> str:
    """Return a token as math-core knows it: no extra space between rows, no numbered rows."""
    if match["skip"] is not None:
        return r"\\"
    if match["edge"] and match["name"] in _ENVIRONMENTS:
        name = _ENVIRONMENTS[match["name"]]
        return f"\\{match['edge']}{{{name}}}{match['place'] or ''}" if name else ""
    return match[0]


def _aligned(tex: str) -> str:
    """Return ``tex``, in ``aligned`` if it has rows or columns that no environment holds."""
    return _in_aligned(tex) if _has_rows(tex) else tex


def _in_aligned(rows: str) -> str:
    """Return ``rows`` in an ``aligned`` environment."""
    return rf"\begin{{aligned}}{rows}\end{{aligned}}"


def _has_rows(tex: str) -> bool:
    """Return whether a row or column ends outside every environment and group."""
    depth = 0
    for match in _TOKEN.finditer(tex):
        if match[0] == "{" or match["edge"] == "begin":
            depth += 1
        elif match[0] == "}" or match["edge"] == "end":
            depth -= 1
        elif depth == 0 and (match[0] == "&" or match["skip"] is not None):
            return True
    return False


def apart(tex: str) -> list[str]:
    r"""Return the formulas that ``\qquad`` sets apart in ``tex``: each may stand in its own line.

    What is within a group, an environment or stretched brackets stays together.
    """
    found, depth, start = [], 0, 0
    for match in _APART.finditer(tex):
        if match["quad"]:
            if depth == 0:
                found.append(tex[start : match.start()])
                start = match.end()
        elif match["open"]:
            depth += 1
        elif match["close"]:
            depth -= 1
    found.append(tex[start:])
    return [part.strip() for part in found if part.strip()] if depth == 0 else [tex]


def faults(tex: str, converted: str, *, block: bool) -> Iterator[str]:
    """Yield what browsers would draw wrong, without an error, of ``tex`` as ``converted``."""
    for sign, message in _DRAWN_WRONG.items():
        if sign in converted:
            yield message
    for match in _TOKEN.finditer(tex):
        if match["place"]:
            yield f"{match['place']} after \\begin{{{match['name']}}} would be printed as it stands"
    if not block and _has_rows(tex):
        yield r"\\ starts no row within a line of text"


def converted(
    tex: str, *, block: bool, macros: Mapping[str, str], source: str | None, xml: bool
) -> str:
    """Return ``tex`` as a ``math`` element, with ``source`` as its annotation; XML if asked.

    Raises: LatexError, also for what is too long or too deep for what follows it.
    """
    from math_core import LatexError  # as in `_converter`

    if _UNSHOWN.search(f"{tex}{source}"):
        raise LatexError("holds a character that no page can show.")
    if len(tex) > _LONGEST:
        message = f"has {len(tex):,} characters; expected at most {_LONGEST:,}: make it several."
        raise LatexError(message)
    convert = _converter(tuple(sorted(macros.items()))).convert_with_local_state
    math = convert(tex, displaystyle=block).translate(_VARIATIONS)  # fonts lack such variants
    if _depth(math) > _DEEPEST:
        raise LatexError("holds too much within each other: give its parts names.")
    math = _ENTITY.sub(lambda match: html.unescape(match[0]), math)  # XML knows five of them
    # The combining arrow lands left of a letter; a small arrow above it is what is meant.
    math = math.replace(
        '<mo stretchy="false">\u20d7</mo>', '<mo stretchy="false" style="font-size:70%">→</mo>'
    )
    # Chromium keeps room for the widest form of what may stretch, nearly an em around a `\\big`.
    math = _BIG.sub(_sized, math)
    if source is not None:
        start, end = math.index(">") + 1, math.rindex("</math>")
        note = f'<annotation encoding="application/x-tex">{html.escape(source, quote=False)}'
        inner = f"<semantics><mrow>{math[start:end]}</mrow>{note}</annotation></semantics>"
        math = math[:start] + inner + math[end:]
    return _strict(math, xml=xml) if xml or _STYLED.search(math) else math


def _sized(match: re.Match[str]) -> str:
    """Return a sign that stretches to 1.2 em as one that is of this size."""
    tag = re.sub(' stretchy="[a-z]+"', "", match[0])  # some have it already; it stands once
    return tag.replace(' minsize="1.2em" maxsize="1.2em"', ' stretchy="false" mathsize="1.2em"')


def _depth(markup: str) -> int:
    """Return how deep the elements of ``markup`` are nested."""
    depths = accumulate(
        0 if alone else -1 if end else 1
        for end, alone in (match.groups() for match in _TAG.finditer(markup))
    )
    return max(depths, default=0)


def _strict(math: str, *, xml: bool) -> str:
    """Return ``math`` with only what MathML 3 allows; for e-books, with its namespaces named."""
    root = ET.fromstring(math)  # noqa: S314  math-core's own output, escaped
    for parent in list(root.iter()):
        for place, child in enumerate(parent):
            names = _STYLES - ({"displaystyle"} if child.tag == "mtable" else set())
            style = {name: child.attrib.pop(name) for name in sorted(names & child.attrib.keys())}
            if style and child.tag == "mstyle":
                child.attrib.update(style)
            elif style:
                parent[place] = ET.Element("mstyle", style)
                parent[place].append(child)
    if xml:
        root.set("xmlns", "http://www.w3.org/1998/Math/MathML")
        for element in root.iter():
            if element.tag in {"b", "i", "code", "span"}:  # \textbf and the like are HTML
                element.set("xmlns", "http://www.w3.org/1999/xhtml")
    return ET.tostring(root, encoding="unicode")


@lru_cache(maxsize=8)
def _converter(macros: tuple[tuple[str, str], ...]) -> LatexToMathML:
    """Return math-core's converter; one serves a whole build.

    Raises: LatexError for a macro's name, TypeError for a definition that is no text.
    """
    from math_core import LatexToMathML  # not at the top: a build may have nothing to convert

    return LatexToMathML(macros=dict(macros), fancy_error=False)


class Formulas(SphinxPostTransform):
    """Converts the formulas of a page; each is reported where it stands.

    Writers meet those of headings again, in every table of contents.
    """

    default_priority = 900
    formats = ("html",)

    def run(self, **kwargs: object) -> None:
        for node in self.document.findall(nodes.Element):
            if isinstance(node, (nodes.math, nodes.math_block)):
                node["mathml"], problems = _markup(node, self.config, app_of(self.env).builder.name)
                for subtype, message in problems:
                    _warn(subtype, message, node)


def _markup(node: nodes.Element, config: Config, builder: str) -> tuple[str, list[tuple[str, str]]]:
    """Return ``node`` as MathML, or as code, with what is wrong with it: subtype and message."""
    from math_core import LatexError

    block, source = isinstance(node, nodes.math_block), node.astext().strip()
    wrap = not node.get("no-wrap", node.get("nowrap", False))
    tex = prepared(source, block=block, wrap=wrap)
    parts = apart(tex) if block else [tex]
    markup = ""
    for part in parts:
        copied = source if len(parts) == 1 else part
        try:
            markup += converted(
                part,
                block=block,
                macros=config.mathml_macros,
                source=copied if config.mathml_annotation else None,
                xml=builder == "epub",
            )
        except LatexError as error:
            code = f'<code class="math-error">{html.escape(source)}</code>'
            message = f"math not converted: {explained(error, part)}"
            return f"<pre>{code}</pre>" if block else code, [("latex", message)]
    found = faults(tex, markup, block=block)
    return markup, [("unsupported", f"{fault}: {source}") for fault in found]


def _math(self: HTML5Translator, node: nodes.Element) -> str:
    """Return the markup of ``node``, also where it is a copy that was made late."""
    known = node.get("mathml")
    return str(known) if known else _markup(node, self.config, self.builder.name)[0]


def explained(error: LatexError, tex: str) -> str:
    """Return what is wrong with ``tex``, with the place that is meant quoted, not counted."""
    offset, colon, what = str(error).partition(": ")
    if not (colon and offset.isdigit()):
        return f"{error} Here: {tex[:40] or 'at the end'}"
    rest = tex[int(offset) :].partition("\n")[0]
    return f"{what} Here: {rest[:40] or 'at the end'}"


def _warn(subtype: str, message: str, node: nodes.Element) -> None:
    """Report ``message`` at ``node``, or at what holds it if that alone knows its line."""
    place: nodes.Node = node
    if isinstance(node.parent, (nodes.title, nodes.caption, nodes.rubric)):
        place = node.parent  # MyST-Parser counts one too many in what directives begin with
    while place.line is None and place.parent is not None:
        place = place.parent
    logger.warning("%s", message, location=place, type="mathml", subtype=subtype)


def visit_math(self: HTML5Translator, node: nodes.math) -> NoReturn:
    """Write a formula within a line of text."""
    self.body.append(self.starttag(node, "span", "", CLASS="math notranslate nohighlight"))
    self.body.append(f"{_math(self, node)}</span>")
    raise nodes.SkipNode


def visit_math_block(self: HTML5Translator, node: nodes.math_block) -> NoReturn:
    """Write a displayed formula and its number."""
    # Furo wraps the block and gives the wrapper the same id; an id stands once in a page.
    ids = [name for name in node["ids"] if name not in node.parent.get("ids", [])]
    classes = " ".join(["math", "notranslate", "nohighlight", *node["classes"]])
    self.body.append(self.starttag(nodes.Element(), "div", "", CLASS=classes, ids=ids))
    markup = _math(self, node)
    classes = "math-body math-apart" if markup.count("<math ") > 1 else "math-body"
    self.body.append(f'<div class="{classes}">{markup}</div>')
    if node.get("number"):
        self.body.append(f'<span class="eqno">({get_node_equation_number(self, node)})')
        self.add_permalink_ref(node, _("Link to this equation"))
        self.body.append("</span>")
    self.body.append("</div>\n")
    raise nodes.SkipNode


def latex_macros(macros: Mapping[str, str]) -> str:
    r"""Return ``macros`` as LaTeX definitions, after those that math-core has built in."""
    lines = [rf"\providecommand{{\{name}}}{{{body}}}" for name, body in _PREDEFINED.items()]
    for name, body in macros.items():
        count = max((int(digit) for digit in re.findall(r"#([1-9])", body)), default=0)
        arguments = f"[{count}]" if count else ""
        lines.append(
            rf"\providecommand{{\{name}}}{{}}\renewcommand{{\{name}}}{arguments}{{{body}}}"
        )
    return "\n".join(lines)


def _share_macros(app: Sphinx, config: Config) -> None:
    """Check the macros and give them to print.

    Raises: ConfigError naming what is wrong with one of them.
    """
    if config.mathml_macros:
        from math_core import LatexError

        try:
            _converter(tuple(sorted(config.mathml_macros.items())))
        except (LatexError, TypeError) as error:
            msg = f"mathml_macros: names are letters, definitions are text ({error})"
            raise ConfigError(msg) from error
    elements = dict(config.latex_elements)
    preamble = f"{elements.get('preamble', '')}\n{latex_macros(config.mathml_macros)}\n"
    config.latex_elements = elements | {"preamble": preamble}


def _let_font_into_epub(app: Sphinx) -> None:
    """Tell the EPUB builder what our font and its licence are; it would warn of unknown files."""
    if app.builder.name == "epub":
        known = {".woff2": "font/woff2", ".txt": "text/plain"}
        app.builder.media_types = app.builder.media_types | known  # type: ignore[attr-defined]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the renderer, its options and its stylesheet."""
    app.add_html_math_renderer(
        "mathml", inline_renderers=(visit_math, None), block_renderers=(visit_math_block, None)
    )
    app.add_post_transform(Formulas)
    app.add_config_value("mathml_macros", {}, "html", types=(dict,))
    app.add_config_value("mathml_annotation", True, "html", types=(bool,))
    # Not for conf.py: another release of what converts makes every page out of date.
    release = f"{metadata.version('math-core')}, {_FORM}"
    app.add_config_value("mathml_converter", release, "html", types=(str,))
    app.add_css_file("math.css")
    app.connect("config-inited", _share_macros)
    app.connect("builder-inited", _let_font_into_epub)
    # env_version stays at 1: nothing of ours is kept in the environment.
    return {
        "version": "1.0",
        "env_version": 1,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
