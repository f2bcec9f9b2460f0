"""One style sheet and one script: with all that every page had, in its order, and nothing lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sphinx_design
from bs4 import BeautifulSoup
from sphinx.builders.html._assets import _file_checksum_inner

from tests.pages import every_page, marked
from website import joined

Site = Any  # of conftest.py, which is not for importing
LISTING, ONE = "articles/index.html", "articles/alpha/one.html"


def links(site: Site, path: str, builder: str = "html") -> tuple[list[str], list[str]]:
    """Return the style sheets and the scripts that a page names, without their checksums."""
    page = BeautifulSoup(site.read(path, builder), "html.parser")
    sheets = [str(link["href"]) for link in page.select("link[rel=stylesheet]")]
    scripts = [str(script["src"]) for script in page.select("script[src]")]
    return tuple([re.sub(r"^.*_static/|\?.*", "", name) for name in n] for n in (sheets, scripts))


@pytest.fixture(scope="module")
def built(rootdir: Path, small_site: Callable[[Path], Site]) -> Site:
    site = small_site(rootdir / "test-aids")
    assert site.build() == ""
    assert site.build("dirhtml", parallel=2) == ""
    return site


def test_every_page_names_one_of_each(built: Site) -> None:
    assert links(built, ONE) == (["joined.css"], ["joined.js"])
    assert links(built, "articles/alpha/one/index.html", "dirhtml") == links(built, ONE)
    assert links(built, LISTING) == (["joined.css"], ["joined.js", "filter.js"])
    search = ["joined.js", "searchtools.js", "language_data.js", "results.js", "searchindex.js"]
    assert sorted(links(built, "search.html")[1]) == sorted(search)
    assert links(built, "404.html") == links(built, ONE)
    assert built.read("_static/joined.css", "dirhtml") == built.read("_static/joined.css")


def test_the_order_of_rules_and_scripts_is_kept(built: Site) -> None:
    sheet, script = (built.read(f"_static/{name}") for name in ("joined.css", "joined.js"))
    marks = [".highlight", "normalize.css", ".breadcrumbs", ".preview"]
    places = [sheet.index(mark) for mark in marks]
    assert places == sorted(places)
    assert '[data-theme="dark"] .highlight' in sheet  # Furo adds it to its file at the very end
    marks = ["DOCUMENTATION_OPTIONS=", "_ready(Documentation.init)", "furo.js", "previewData"]
    places = [script.index(mark) for mark in marks]
    assert places == sorted(places)
    for text in (sheet, script):
        assert "sourceMappingURL" not in text
    tag = BeautifulSoup(built.read(ONE), "html.parser").select_one("script[src*=joined]")
    assert tag is not None
    assert tag.attrs.keys() == {"src", "data-label", "data-copied", "data-failed"}


@pytest.fixture
def more(rootdir: Path, small_site: Callable[[Path], Site]) -> Site:
    """Return a site with a style sheet and a script more, which conf.py may link."""
    site = small_site(rootdir / "test-aids")
    (site.src / "more.css").write_text("p { color: red }")
    (site.src / "more.js").write_text("more = 1")
    names = 'html_static_path += ["more.css", "more.js"]'
    site.edit("conf.py", "html_copy_source", f"{names}\nhtml_copy_source")
    return site


def test_a_changed_part_reaches_every_page(more: Site) -> None:
    def named() -> set[str]:
        """Return how pages name the sheet, and that it is what they mean."""
        _file_checksum_inner.cache_clear()  # Sphinx counts on one build in a process
        more.build(html_css_files=["more.css"])
        pages = [more.read(path) for path in more.files() if path.endswith(".html")]
        return {name for page in pages for name in re.findall(r"joined\.css\?v=\w+", page)}

    before = named()
    assert len(before) == 1
    times = more.times()
    assert named() == before
    assert more.times()["_static/joined.css"] == times["_static/joined.css"]
    assert more.times()[ONE] == times[ONE]
    more.edit("more.css", "red", "blue")
    after = named()
    assert len(after) == 1
    assert after != before
    assert "p{color:blue}" in more.read("_static/joined.css")


def test_files_that_are_not_plain_stay(more: Site) -> None:
    sheets, scripts = [("more.css", {"media": "print"})], [("more.js", {"async": "async"})]
    assert more.build(html_css_files=sheets, html_js_files=scripts) == ""
    assert links(more, ONE) == (["joined.css", "more.css"], ["joined.js", "more.js"])


@pytest.mark.parametrize(
    "path, css, expected",
    [
        ("a.css", "b { background: url(c/d.svg) }", "b{background:url(c/d.svg)}"),
        ("e/a.css", "b { background: url( 'd.svg' ) }", "b{background:url('e/d.svg')}"),
        ("e/a.css", 'b { background: url("../d.svg") }', 'b{background:url("d.svg")}'),
        ("e/a.css", "b { src: url(#d), url(/d) }", "b{src:url(#d),url(/d)}"),
        (
            "e/a.css",
            "b { src: url('data:image/svg+xml,<svg fill=\"none\"></svg>') }",
            "b{src:url('data:image/svg+xml,<svg fill=\"none\"></svg>')}",
        ),
        ("a.css", "b { inline-size: calc(1rem + 2px) } /* c */", "b{inline-size:calc(1rem + 2px)}"),
        (
            "a.css",
            "/*! by us */ b { c: d }\n/*# sourceMappingURL=a.css.map */",
            "/*! by us */b{c:d}",
        ),
    ],
)
def test_addresses_and_licences_are_kept(path: str, css: str, expected: str) -> None:
    assert joined.style_sheet([(path, css)]) == expected


def test_scripts_end_where_they_ended() -> None:
    text = joined.script(
        [
            ("a.js", "const a = () => 1 // one\n//# sourceMappingURL=a.js.map"),
            ("b.js", "(() => 2)()"),
        ]
    )
    assert text == "const a=()=>1;\n(()=>2)()"


def test_only_what_is_asked_for_is_cut() -> None:
    css = (
        ":root{--sd-color-primary:red}.sd-card{a:b}.sd-btn,.sd-card .sd-card-body{a:b}"
        ".sd-card .sd-btn{a:b}@media(min-width:9px){.sd-btn{a:b}}"
        "@media(min-width:9px){.sd-btn{a:b}details:not(.sd-card,.sd-tab){a:b}}"
        "@keyframes sd-fade{0%{a:b}to{a:c}}"
    )
    assert joined.cut(css, ["sd-card", "sd-tab"]) == (
        ":root{--sd-color-primary:red}.sd-card{a:b}.sd-card .sd-card-body{a:b}"
        "@media(min-width:9px){details:not(.sd-card,.sd-tab){a:b}}"
        "@keyframes sd-fade{0%{a:b}to{a:c}}"
    )


def test_sphinx_designs_sheet_is_cut_and_nothing_else_of_it_is_lost() -> None:
    sheet = Path(sphinx_design.__file__).parent / "static" / "sphinx-design.min.css"
    css = sheet.read_text(encoding="utf-8")
    every = joined.cut(css, ["sd-"])
    assert every == css.strip()
    assert len(joined.cut(css, joined.DESIGN)) < 0.4 * len(css)


@pytest.mark.parametrize("path", marked(page for page in every_page() if "?" not in page))
def test_no_page_uses_what_was_cut(site: Path, path: str) -> None:
    page = BeautifulSoup(site.joinpath(path).read_text(encoding="utf-8"), "html.parser")
    used = {name for element in page.select("[class*=sd-]") for name in element["class"]}
    ours = {name for name in used if name.startswith("sd-")}
    assert {name for name in ours if not name.startswith(joined.DESIGN)} == set()
