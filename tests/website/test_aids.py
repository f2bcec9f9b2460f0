"""Tags, the filter's form, previews and repairs as they are built, again and again."""

from __future__ import annotations

import json
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po
from bs4 import BeautifulSoup
from docutils import nodes

from website.previews import as_html

LISTING, ONE, FOUR = (f"articles/{n}.html" for n in ("index", "alpha/one", "beta/four"))
WEBSITE = Path(__file__).parents[2] / "_ext" / "website"
Site = Any  # of conftest.py, which is not for importing


@pytest.fixture
def aids(small_site: Any, rootdir: Path) -> Site:
    return small_site(rootdir / "test-aids")


@pytest.fixture(scope="module")
def built(rootdir: Path, tmp_path_factory: pytest.TempPathFactory, small_site: Any) -> Site:
    site = small_site(rootdir / "test-aids")
    for builder in ("html", "dirhtml", "text", "latex"):
        assert site.build(builder) == ""
    return site


def soup(site: Site, path: str, builder: str = "html") -> BeautifulSoup:
    return BeautifulSoup(site.read(path, builder), "html.parser")


def tags(page: BeautifulSoup, within: str) -> list[tuple[str, str]]:
    return [(a.get_text(), str(a["href"])) for a in page.select(f"{within} a.explainer-tag")]


def data(site: Site, builder: str = "html") -> Any:
    text = site.read("_static/preview-data.js", builder)
    return json.loads(text.removeprefix("previewData = ").removesuffix(";\n"))


def test_an_articles_tags_lead_to_the_listing(built: Site) -> None:
    found = tags(soup(built, ONE), "section > .explainer-tags")
    assert found == [
        ("Optimisation", "../index.html?tag=optimisation"),
        ("Geometry & shape", "../index.html?tag=geometry"),
    ]


def test_no_card_has_tags(built: Site) -> None:
    assert tags(soup(built, LISTING), ".explainer-card") == []
    assert tags(soup(built, "index.html"), ".explainer-card") == []


def test_in_folders_they_lead_there_too(built: Site) -> None:
    found = tags(soup(built, "articles/alpha/one/index.html", "dirhtml"), ".explainer-tags")
    assert found[0] == ("Optimisation", "../../?tag=optimisation")


def test_elsewhere_they_are_words(built: Site) -> None:
    assert "Tags: Optimisation, Geometry & shape" in built.read("articles/alpha/one.txt", "text")
    book = next(iter(built.out(builder="latex").glob("*.tex"))).read_text(encoding="utf-8")
    assert r"Optimisation\DUrole{tags-comma}{, }Geometry \& shape" in book
    assert "?tag=" not in book


def test_only_the_site_has_a_filter(built: Site) -> None:
    assert "<form" not in built.read("articles/index.txt", "text")
    page = soup(built, LISTING)
    form = page.select_one("form.filter")
    assert form is not None
    assert form.has_attr("hidden")
    assert form.parent["class"][:2] == ["explainer-block", "explainer-cards"]
    scripts = [str(script["src"]) for script in page.select("script[src]")]
    assert any("filter.js" in script for script in scripts)
    assert not any("filter.js" in str(s["src"]) for s in soup(built, ONE).select("script[src]"))


def test_the_filters_words_are_not_searched(built: Site) -> None:
    index = built.read("searchindex.js")
    assert '"narrow"' not in index
    assert "narrow:" not in index


def test_a_tags_new_name_is_on_every_page_that_shows_it(aids: Site) -> None:
    aids.build()
    before = aids.times()
    aids.edit("articles/tags.yaml", "name: Data", "name: Examples")
    assert aids.build() == ""
    assert ("Examples", "../index.html?tag=data") in tags(soup(aids, FOUR), ".explainer-tags")
    page = soup(aids, LISTING)
    assert "Data" not in page.select_one("#filter-tags").get_text()
    assert "Examples" in page.select_one("#filter-tags").get_text()
    after = aids.times()
    assert after["glossary.html"] == before["glossary.html"]


def test_an_articles_new_tag_changes_the_filter(aids: Site) -> None:
    aids.build()
    aids.edit("articles/beta/three.md", "tags: [optimisation, geometry]", "tags: [data, geometry]")
    assert aids.build() == ""
    count = soup(aids, LISTING).select_one("input[value=data] + .filter-count")
    assert count is not None
    assert count.get_text() == "3"


def test_without_a_listing_that_filters_tags_lead_nowhere(aids: Site) -> None:
    aids.build()
    aids.edit("articles/index.md", ":filter:\n", "")
    assert aids.build() == ""
    page = soup(aids, ONE)
    assert tags(page, ".explainer-tags") == []
    assert page.select_one(".explainer-tags").get_text() == "Tags: Optimisation, Geometry & shape"


def test_previews_know_every_page_and_term(built: Site) -> None:
    found = data(built)
    assert found["pages"][FOUR] == [
        "Four Datasets",
        "What four collections of examples can teach, and what none of them ever will.",
        "Theme Beta · introductory · 1 min read",
        "beta",
    ]
    assert found["pages"]["glossary.html"] == ["Glossary", "Words, and what they mean."]
    gradient, _rate, plateau = found["terms"]
    assert gradient[:2] == [
        ["gradient", "slope"],
        ["glossary.html#term-gradient", "glossary.html#term-slope"],
    ]
    assert gradient[2].startswith("<p>The direction of <em>steepest</em> rise, <math>")
    assert gradient[2].endswith("</math>; see Two Learning Rates.</p>")
    assert gradient[3] == ONE
    assert plateau == [["plateau"], ["glossary.html#term-plateau"], "<p>Where nothing falls.</p>"]
    assert "articles/beta/four/" in data(built, "dirhtml")["pages"]


def test_previews_follow_a_description_and_rest_otherwise(aids: Site) -> None:
    aids.build()
    before = aids.times()
    aids.build()
    assert aids.times()["_static/preview-data.js"] == before["_static/preview-data.js"]
    aids.edit("articles/beta/four.md", "What four collections", "What just four collections")
    aids.build(parallel=2)
    assert data(aids)["pages"][FOUR][1].startswith("What just four collections")


def test_a_definition_cannot_hold_markup_of_its_own() -> None:
    text = nodes.paragraph("", nodes.Text('<img src=x onerror="alert(1)">'))
    assert as_html(text, str, str) == "<p>&lt;img src=x onerror=&quot;alert(1)&quot;&gt;</p>"


def test_ids_stand_once_and_headings_skip_no_level(built: Site) -> None:
    for path in (LISTING, ONE, "index.html", "articles/alpha/index.html"):
        page = soup(built, path)
        ids = [element["id"] for element in page.select("[id]")]
        assert len(ids) == len(set(ids))
        levels = [int(h.name[1]) for h in page.select("article :is(h1, h2, h3, h4)")]
        assert all(low + 1 >= high for low, high in pairwise(levels))
    assert [h.name for h in soup(built, LISTING).select("article .rubric")] == ["h2", "h2"]


def messages() -> set[str]:
    template = (WEBSITE / "locale" / "website.pot").read_bytes()
    return {str(message.id) for message in read_po(BytesIO(template)) if message.id}


def test_a_formula_and_the_punctuation_around_it_stay_together(aids: Site) -> None:
    aids.edit("articles/alpha/one.md", "The end.", "**Say ($a$), $b$-wise** or $c$ then $d$. Ends.")
    assert aids.build() == ""
    assert aids.build("text") == ""
    last = soup(aids, ONE).select("article p:has(math)")[-1]
    for note in last.select("annotation"):
        note.decompose()
    assert [glued.get_text() for glued in last.select(".glued")] == ["(a),", "b-wise", "d."]
    assert last.get_text() == "Say (a), b-wise or c then d. Ends."
    assert len(last.select("math")) == 4
    assert "Say (a), b-wise** or c then d. Ends." in aids.read("articles/alpha/one.txt", "text")


def test_the_catalogue_has_every_word() -> None:
    found: set[str] = set()
    for path in WEBSITE.glob("*.py"):
        if 'get_translation("website")' in path.read_text(encoding="utf-8"):
            found.update(str(row[1]) for row in extract_from_file("python", path))
    assert messages() == found


def test_the_filter_says_nothing_else(built: Site) -> None:
    form = soup(built, LISTING).select_one("form.filter")
    assert form is not None
    said = {str(form[name]) for name in ("aria-label", "data-all", "data-some", "data-none")}
    said |= {part.get_text() for part in form.select("button, option[value='']")}
    said |= {
        str(part["aria-label"]) for part in form.select("input[type=search], select, div[role]")
    }
    assert said <= messages()
