"""The printable book: Sphinx's LaTeX builder, with the order, the style and the facts of a book.

``make latexpdf`` gives one for the screen and for single sheets; with ``PRINT=twoside`` (the tag
``twoside``) chapters begin on right-hand pages, the inner margin has room for the binding, and
links are not coloured.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.builders.latex import LaTeXBuilder
from sphinx.util import texescape
from sphinx.util.osutil import copyfile

from explainers.domain import domain_of
from explainers.library import Selection
from incremental.files import write_file

from . import cover, imprint, structure
from .plan import Part, Plan
from .writer import BookTranslator

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

    from explainers.library import Library

_STYLES = ("bookfonts.sty", "booklayout.sty")
_SETUP = (
    "TitleColor={rgb}{0,0,0}",
    "VerbatimColor={gray}{0.965}",
    "VerbatimBorderColor={gray}{0.8}",
    "verbatimforcewraps",
    "TableRowColorHeader={gray}{0.9}",
    "TableRowColorOdd={gray}{0.965}",
    "TableRowColorEven={gray}{1}",
)
# On the screen links are blue, dark enough to be read as black where the paper knows no colour.
_INK = "InnerLinkColor={rgb}{0.07,0.2,0.45},OuterLinkColor={rgb}{0.07,0.2,0.45}"
_BLACK = "InnerLinkColor={gray}{0},OuterLinkColor={gray}{0}"


def elements(*, twoside: bool) -> dict[str, str]:
    """Return what the book sets of Sphinx's LaTeX template."""
    sides = "twoside,openright" if twoside else "oneside,openany"
    margins = "inner=30mm,outer=34mm" if twoside else "hmargin=32mm"
    return {
        # Long addresses break at their hyphens.
        "passoptionstopackages": r"\PassOptionsToPackage{hyphens}{url}",
        "papersize": "a4paper",
        "pointsize": "11pt",
        "extraclassoptions": sides,
        "geometry": rf"\usepackage[{margins},top=28mm,bottom=30mm,footskip=14mm]{{geometry}}",
        "fontpkg": r"\usepackage{bookfonts}",
        "fncychap": "",
        "fvset": r"\fvset{fontsize=\bookcodesize}",
        "sphinxsetup": ",".join([*_SETUP, _BLACK if twoside else _INK]),
        "figure_align": "!htb",  # Sphinx's default lets figures drift from where they are discussed
    }


class BookBuilder(LaTeXBuilder):
    """The ``latex`` builder, with a book's order."""

    default_translator_class = BookTranslator

    def init_context(self) -> None:
        super().init_context()
        facts = imprint.of_project(self.config, Path(self.srcdir))
        preamble = self.context.get("preamble", "")
        self.context["preamble"] = f"\\usepackage{{booklayout}}\n{preamble}\n{metadata(facts)}"
        self.context["date"] = facts.date
        self.context["maketitle"] = front(facts)

    def assemble_doctree(self, *arguments: Any, **keywords: Any) -> nodes.document:
        tree = super().assemble_doctree(*arguments, **keywords)
        root = self.config.explainers_root.strip("/")
        library = domain_of(self.env).library
        structure.bind(tree, library, f"{root}/index")
        self._plan(library).write(Path(self.outdir))
        if any(figure for figure in tree.findall(nodes.figure)):
            self.context["atendofbody"] = r"\bookfigures"
        return tree

    def _plan(self, library: Library) -> Plan:
        """Return what the book consists of."""
        chosen = library.select(Selection(group_by="theme"))
        themes = [(library.themes[slug], records) for slug, records in chosen
                  if slug in library.themes]  # fmt: skip
        parts = (
            Part(theme.theme, theme.title, theme.docname, tuple(r.docname for r in records))
            for theme, records in themes
        )
        base = self.config.html_baseurl.rstrip("/")
        address = f"{base}/" if base else ""
        names = tuple(sorted(self.env.found_docs))
        return Plan(self.config.project, address, names, tuple(parts))

    def copy_support_files(self) -> None:
        super().copy_support_files()
        styles = (Path(__file__).parent / name for name in _STYLES)
        for file in (*styles, *cover.FONTS.glob("*.ttf")):
            copyfile(file, Path(self.outdir, file.name), force=True)
        if find_spec("vl_convert"):  # else there is a half title
            facts = imprint.of_project(self.config, Path(self.srcdir))
            made = cover.pdf(facts, imprint.accents(self.env), cover.curve_of(self._app))
            write_file(Path(self.outdir, "bookcover.pdf"), made)


def metadata(facts: imprint.Imprint) -> str:
    """Return what the PDF says of itself."""
    fields = {
        "pdftitle": facts.title,
        "pdfauthor": facts.authors,
        "pdfsubject": facts.description,
        "pdflang": "en-GB",
    }
    rows = (f"{name}={{{_escaped(value)}}}" for name, value in fields.items() if value)
    return f"\\hypersetup{{{','.join(rows)},bookmarksopen,bookmarksopenlevel=0}}"


def front(facts: imprint.Imprint) -> str:
    """Return cover or half title, title and imprint."""
    paragraphs = "\n\n".join(_imprint(facts))
    return f"\\bookfront{{{_escaped(facts.description)}}}{{{paragraphs}}}"


def _imprint(facts: imprint.Imprint) -> Iterator[str]:
    """Yield the paragraphs of the imprint."""
    state = f" (commit {facts.commit})" if facts.commit else ""
    yield _escaped(f"Version {facts.version} of {facts.date}{state}.")
    yield rf"\copyright\ {_escaped(facts.rights)}"
    if facts.licence:
        yield rf"The text and the figures may be shared and adapted under \url{{{facts.licence}}}."
    if facts.address:
        yield rf"The newest version, and everything that moves: \url{{{facts.address}}}"
    yield f"To cite this book: {_escaped(facts.cited())}"
    yield (
        "Set with XeTeX in TeX Gyre Pagella, Source Serif, TeX Gyre Heros and DejaVu Sans Mono; "
        "examples of other scripts in GNU FreeFont, DejaVu, Lohit, Padauk, Khmer OS, WenQuanYi "
        "and Symbola."
    )


def _escaped(text: str) -> str:
    return texescape.escape(text, "xelatex")


def on_config_inited(app: Sphinx, config: Config) -> None:
    """Put the book's settings below those of the project."""
    ours = elements(twoside=app.tags.has("twoside"))
    config.latex_elements = ours | dict(config.latex_elements)


def setup(app: Sphinx) -> None:
    """Register the builder."""
    app.add_node(structure.scope, latex=(BookTranslator.visit_scope, BookTranslator.depart_scope))
    app.add_builder(BookBuilder, override=True)
    app.connect("config-inited", on_config_inited)
