"""The EPUB's package file says what its pages hold."""

import re
from xml.etree import ElementTree as ET

import pytest
from sphinx.testing.util import SphinxTestApp

OPF = "{http://www.idpf.org/2007/opf}"


def properties(app: SphinxTestApp) -> dict[str, str | None]:
    text = (app.outdir / "content.opf").read_text(encoding="utf-8")
    items = ET.fromstring(text).iter(f"{OPF}item")  # noqa: S314  our own output
    return {item.get("href", ""): item.get("properties") for item in items}


def ebook(testroot: str, extension: str) -> pytest.MarkDecorator:
    # A copy of its own: with other extensions, the root's output would be out of date.
    return pytest.mark.sphinx(
        "epub",
        testroot=testroot,
        srcdir=f"{testroot}-ebook",
        freshenv=True,
        confoverrides={"extensions": ["myst_parser", extension, "book.ebook"]},
    )


@ebook("math", "mathml")
def test_pages_with_formulas_are_declared(app: SphinxTestApp) -> None:
    app.build()
    assert app.warning.getvalue() == ""
    declared = properties(app)
    assert declared["index.xhtml"] == declared["other.xhtml"] == "mathml"
    assert declared["nav.xhtml"] == "nav"
    assert declared["genindex.xhtml"] is None


@ebook("diagrams", "figures")
def test_pages_with_drawings_are_declared(app: SphinxTestApp) -> None:
    app.build()
    assert app.warning.getvalue() == ""
    assert properties(app)["second.xhtml"] == "svg"


@ebook("math", "mathml")
def test_icon_without_a_namespace_gets_one(app: SphinxTestApp) -> None:
    def icon(
        app: SphinxTestApp, page: str, template: str, context: dict[str, str], _: object
    ) -> None:
        context["body"] = context.get("body", "") + '<p><svg width="1"><path d="M0 0"/></svg></p>'

    app.connect("html-page-context", icon)
    app.build()
    page = (app.outdir / "other.xhtml").read_text(encoding="utf-8")
    assert re.findall(r"<svg[^>]*>", page) == ['<svg xmlns="http://www.w3.org/2000/svg" width="1">']
    assert properties(app)["other.xhtml"] == "mathml svg"


@ebook("math", "mathml")
def test_changed_configuration_leaves_nothing_to_warn_about(app: SphinxTestApp) -> None:
    app.build()
    (app.outdir / ".buildinfo.bak").write_text("of the build before")
    app.build(force_all=True)
    assert app.warning.getvalue() == ""


@ebook("math", "mathml")
def test_second_build_lists_each_page_once(app: SphinxTestApp) -> None:
    for _ in range(2):
        app.build(force_all=True)
        text = (app.outdir / "content.opf").read_text(encoding="utf-8")
        spine = ET.fromstring(text).iter(f"{OPF}itemref")  # noqa: S314  our own output
        pages = [item.get("idref") for item in spine]
        assert len(pages) > 1
        assert len(pages) == len(set(pages))


@pytest.mark.sphinx(
    "epub",
    testroot="math",
    srcdir="tabs-ebook",
    freshenv=True,
    confoverrides={
        "extensions": ["myst_parser", "sphinx_design", "mathml", "book.ebook"],
        "myst_enable_extensions": ["colon_fence", "dollarmath"],
    },
)
def test_tabs_are_shown_one_after_the_other(app: SphinxTestApp) -> None:
    page = app.srcdir / "other.md"
    tabs = "::::{tab-set}\n:::{tab-item} One\nFirst.\n:::\n:::{tab-item} Two\nLast.\n:::\n::::\n"
    page.write_text(f"{page.read_text(encoding='utf-8')}\n{tabs}", encoding="utf-8")
    app.build()
    text = (app.outdir / "other.xhtml").read_text(encoding="utf-8")
    root = ET.fromstring(text)  # noqa: S314  our own output
    words = " ".join("".join(root.itertext()).split())
    assert "One First. Two Last." in words
    assert "<input" not in text
    assert "sd-tab-content" not in text  # which its style hides
