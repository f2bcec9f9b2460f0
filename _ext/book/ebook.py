"""EPUB as reading systems check it, with a cover, contents and what helps to find and read it.

Sphinx's builder, and what it leaves out: the package file says which pages hold MathML or SVG
(OPF-014 in epubcheck), which image is the cover, and how accessible the book is; icons that other
extensions write for HTML get the namespace without which they are no picture in XHTML (RSC-005);
and the same pages give the same file, byte for byte.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from html import escape, unescape
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from docutils import nodes
from sphinx.builders.epub3 import Epub3Builder
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.osutil import copyfile

from explainers.reading import ancestors
from incremental.files import write_file

from . import cover, imprint

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.builders._epub_base import NavPoint
    from sphinx.config import Config
    from sphinx.util.typing import ExtensionMetadata

_ITEM = re.compile(r'<item ([^<>]*)href="([^"]+)"([^<>]*)media-type="([^"]+)" />')
_BARE_SVG = re.compile(r"<svg(?![^<>]*\sxmlns=)")
_PROPERTIES = {"mathml": "<math", "scripted": "<script", "svg": "<svg"}
_COVER = "_static/cover.png"
_STYLE = "ebook.css"
_TABS = ("tab-set", "tab-item", "tab-content")  # sphinx-design's names for its containers
_ZIP_BEGINS = 315532800  # 1980, in seconds; no earlier time can be written
# https://www.w3.org/TR/epub-a11y/: what holds for every page that this project can make.
_ACCESSIBLE = (
    ("accessMode", "textual"),
    ("accessMode", "visual"),
    ("accessModeSufficient", "textual"),
    ("accessibilityFeature", "MathML"),
    ("accessibilityFeature", "alternativeText"),
    ("accessibilityFeature", "displayTransformability"),
    ("accessibilityFeature", "index"),
    ("accessibilityFeature", "readingOrder"),
    ("accessibilityFeature", "structuralNavigation"),
    ("accessibilityFeature", "tableOfContents"),
    ("accessibilityHazard", "none"),
    (
        "accessibilitySummary",
        "Formulas are MathML, diagrams and charts have a description in words, and nothing is "
        "said by colour alone.",
    ),
)


class EbookBuilder(Epub3Builder):
    """The ``epub`` builder, with a package file that tells all."""

    def copy_static_files(self) -> None:
        super().copy_static_files()
        copyfile(Path(__file__).parent / _STYLE, Path(self.outdir, "_static", _STYLE), force=True)
        for font in cover.FONTS.glob("*.ttf"):
            copyfile(font, Path(self.outdir, "_static", font.name), force=True)
        if self.config.epub_cover and self.config.epub_cover[0] == _COVER:
            facts = imprint.of_project(self.config, Path(self.srcdir))
            made = cover.png(facts, imprint.accents(self.env), cover.curve_of(self._app))
            write_file(Path(self.outdir, _COVER), made)

    def get_toc(self) -> None:
        """Note the contents: pages below the page that lists them, and the sections of the rest.

        Sphinx would put pages below the section in which they happen to be listed.
        """
        _home, *entries = self._contents(str(self.config.master_doc), 1, set())
        self.refnodes = entries
        self.toc_add_files(self.refnodes)  # among others the first page

    def _contents(self, docname: str, level: int, seen: set[str]) -> Iterator[dict[str, Any]]:
        """Yield the entries of a page and of those below it; the first page is above nobody."""
        seen.add(docname)
        page = self.get_target_uri(docname)
        titles = list(self.env.tocs[docname].findall(nodes.reference))
        for title in titles[:1]:  # a page without a heading has none and cannot be listed
            yield {"level": level, "refuri": escape(page), "text": escape(title.astext())}
        children = self.env.toctree_includes.get(docname, ())
        below = level if docname == self.config.master_doc else level + 1
        for section in () if children else titles[1:]:
            depth = sum(1 for node in ancestors(section) if isinstance(node, nodes.bullet_list)) - 1
            uri = escape(f"{page}{section['anchorname']}")
            yield {"level": level + depth, "refuri": uri, "text": escape(section.astext())}
        for child in children:
            if child in self.env.tocs and child not in seen:
                yield from self._contents(child, below, seen)

    def toc_metadata(self, level: int, navpoints: list[NavPoint]) -> dict[str, Any]:
        """Return what ``toc.ncx`` says; of the identifier Sphinx gives the name only."""
        return super().toc_metadata(level, navpoints) | {"uid": self.config.epub_identifier}

    def build_content(self) -> None:
        outdir, texts = Path(self.outdir), []
        for page in outdir.rglob(f"*{self.out_suffix}"):
            text = page.read_text(encoding="utf-8")
            texts.append(text)
            whole = _BARE_SVG.sub('<svg xmlns="http://www.w3.org/2000/svg"', text)
            if whole != text:
                page.write_text(whole, encoding="utf-8")
        # What an earlier build left: Sphinx warns about the one and lists the other twice.
        for name in (".buildinfo.bak", self.coverpage_name):
            (outdir / name).unlink(missing_ok=True)
        for picture in (outdir / self.imagedir).glob("*"):  # all that lies there gets into the book
            name = f"{self.imagedir}/{quote(picture.name)}"
            if picture.is_file() and not any(name in text for text in texts):
                picture.unlink()
        super().build_content()
        package = outdir / "content.opf"
        text = _ITEM.sub(self._declared, package.read_text(encoding="utf-8"))
        rows = (
            f'    <meta property="schema:{name}">{escape(value)}</meta>\n'
            for name, value in _ACCESSIBLE
        )
        text = text.replace("  </metadata>", f"{''.join(rows)}  </metadata>", 1)
        package.write_text(text, encoding="utf-8")

    def _declared(self, item: re.Match[str]) -> str:
        """Return the manifest's ``item`` with the properties of its file."""
        path = unquote(unescape(item[2]))
        found = []
        if item[4] == "application/xhtml+xml":
            text = Path(self.outdir, path).read_text(encoding="utf-8")
            found = [name for name, sign in _PROPERTIES.items() if re.search(rf"{sign}[\s>]", text)]
        elif self.config.epub_cover and path == self.config.epub_cover[0]:
            found = ["cover-image"]
        if not found:
            return item[0]
        return f'{item[0].removesuffix("/>")}properties="{" ".join(found)}" />'

    def build_epub(self) -> None:
        """Write the book with one date for all its files, that of ``SOURCE_DATE_EPOCH`` or 1980."""
        outdir = Path(self.outdir)
        date = time.gmtime(max(int(os.environ.get("SOURCE_DATE_EPOCH") or 0), _ZIP_BEGINS))[:6]
        fixed = ["mimetype", "META-INF/container.xml", "content.opf", "toc.ncx", "nav.xhtml"]
        names = dict.fromkeys([*fixed, *sorted(self.files)])
        with ZipFile(outdir / f"{self.config.epub_basename}.epub", "w") as book:
            for name in names:
                entry = ZipInfo(name, date_time=date)
                entry.compress_type = ZIP_STORED if name == "mimetype" else ZIP_DEFLATED
                entry.external_attr = 0o644 << 16
                book.writestr(entry, (outdir / name).read_bytes())


class TabsInOrder(SphinxPostTransform):
    """Leaves of tabs in the e-book what print has, too: each title with its text below it.

    Reading systems cannot switch tabs, and what sphinx-design would write is no XML.
    """

    default_priority = 199  # sphinx-design makes switches of them at 200
    builders = ("epub",)

    def run(self, **kwargs: Any) -> None:
        for part in self.document.findall(nodes.container):
            if str(part.get("design_component")) in _TABS:
                del part["design_component"]
                part["classes"] = []  # they would hide all tabs but one


def on_config_inited(app: Sphinx, config: Config) -> None:
    """Give the e-book the site's facts where the project does not say otherwise."""
    config.epub_css_files = [*config.epub_css_files, (_STYLE, {"priority": 900})]
    if not config.epub_cover and find_spec("vl_convert"):
        config.epub_cover = (_COVER, "epub-cover.html")
    if config.epub_uid == "unknown":
        config.epub_uid = "book"
    if config.epub_identifier == "unknown" and config.html_baseurl:
        config.epub_identifier = config.html_baseurl
    if config.epub_description == "unknown":
        config.epub_description = getattr(config, "website_description", "") or config.project
    if config.epub_contributor == "unknown":
        config.epub_contributor = config.author


def setup(app: Sphinx) -> ExtensionMetadata:
    """Put the builder in the place of Sphinx's own."""
    app.add_builder(EbookBuilder, override=True)
    app.add_post_transform(TabsInOrder)
    app.connect("config-inited", on_config_inited)
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": True}
