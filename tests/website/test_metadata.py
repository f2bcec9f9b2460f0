"""What surrounds the pages: heads, feet, and the files for machines."""

from __future__ import annotations

import json
import struct
import sys
from datetime import date
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit
from xml.etree import ElementTree as ET

import feedparser
import pytest
from bs4 import BeautifulSoup
from jsonschema import Draft202012Validator, FormatChecker
from pybtex.database import parse_string
from sphinx.errors import ConfigError

from explainers.record import validator
from tests.pages import address as address_of
from tests.pages import kind, marked, sources

ADDRESS = "https://example.org/small/"
ONE, TWO = "articles/alpha/one", "articles/alpha/two"
ATOM = "{http://www.w3.org/2005/Atom}"
TITLE = "One & “Only” <b>Gradient</b>: 100 % of f_x"  # with the quotes of the heading
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
GENERATED = ("404.html", "genindex.html", "search.html")


def soup(html: str) -> BeautifulSoup:
    return BeautifulSoup(html, "html.parser")


def head(html: str) -> dict[str, str]:
    """Return the meta elements of a page by name or property."""
    found: dict[str, str] = {}
    for element in soup(html).find_all("meta"):
        name = element.get("name") or element.get("property")
        if name and name != "viewport":
            assert name not in found, f"{name} stands twice"
            found[name] = element["content"]
    return found


def graph(html: str) -> list[dict]:
    (script,) = soup(html).find_all("script", type="application/ld+json")
    data = json.loads(script.string)
    schema = json.loads(Path(__file__).with_name("linked-data.schema.json").read_text())
    Draft202012Validator(schema, format_checker=FormatChecker()).validate(data)
    return data["@graph"]


def target(base: Path, url: str, address: str = ADDRESS) -> Path:
    """Return the file that a host would send for a public address."""
    assert url.startswith(address), url
    path = base / unquote(urlsplit(url).path.removeprefix(urlsplit(address).path))
    return path / "index.html" if url.endswith("/") else path


def pages(base: Path) -> list[Path]:
    """Return the pages of documents."""
    found = [
        page
        for page in sorted(base.rglob("*.html"))
        if not page.relative_to(base)
        .as_posix()
        .startswith(("404", "genindex", "search", "_static"))
    ]
    assert found
    return found


# The feed


def test_feed_lists_every_explainer_newest_first(built) -> None:
    feed = feedparser.parse(built.read("feed.xml"))
    assert not feed.bozo
    assert feed.version == "atom10"
    assert feed.feed.title == "Small Site"
    assert feed.feed.id == feed.feed.link == ADDRESS
    assert feed.feed.updated == "2026-05-02T00:00:00Z"
    assert {link.href for link in feed.feed.links if link.rel == "self"} == {f"{ADDRESS}feed.xml"}
    assert [entry.id for entry in feed.entries] == [
        "tag:example.org,2026-03-01:three",
        "tag:example.org,2026-02-01:two",
        "tag:example.org,2026-01-01:one",
    ]
    one = feed.entries[-1]
    assert (one.published, one.updated) == ("2026-01-01T00:00:00Z", "2026-05-02T00:00:00Z")
    assert one.title_detail.type == "text/plain"
    assert [(tag.term, tag.label) for tag in one.tags] == [("alpha", "Theme Alpha")]
    assert [author.name for author in one.authors] == ["Ada Lovelace", "Émilie du Châtelet"]
    assert one.link == f"{ADDRESS}{ONE}.html"
    assert all(target(built.out(), entry.link).is_file() for entry in feed.entries)


def test_feed_carries_texts_as_they_are(built) -> None:
    entry = ET.fromstring(built.read("feed.xml"))[-1]  # noqa: S314 - our own file
    texts = [entry.findtext(f"{ATOM}{tag}") for tag in ("title", "summary")]
    assert texts == [
        TITLE,
        "What a gradient is, “why” <i>its</i> length & sign say how fast the loss falls.",
    ]


def test_a_date_that_is_missing_is_left_out(small) -> None:
    dates = "date: 2026-01-01\nchecked: 2026-05-02\n"
    small.edit(f"{ONE}.md", dates, "")
    assert small.build().count("missing: date, checked [explainers.missing]") == 1
    entry = feedparser.parse(small.read("feed.xml")).entries[-1]
    assert "published" not in entry
    assert (entry.id, entry.updated) == (f"{ADDRESS}{ONE}.html", "1970-01-01T00:00:00Z")
    page = soup(small.read(f"{ONE}.html"))
    (block,) = page.select("details.page-cite pre[data-copy]")
    fields = parse_string(block.text, "bibtex").entries["one"].fields
    assert "year" not in fields
    assert fields["note"] == "Small Site"
    assert "Ada Lovelace, Émilie du Châtelet. One &" in page.select_one(".page-cite p").text
    found = head(small.read(f"{ONE}.html"))
    assert found["og:type"] == "article"
    assert not [name for name in found if name.startswith("article:")]
    row = json.loads(small.read("explainers.json"))["explainers"][0]
    assert row.keys().isdisjoint({"date", "checked"})
    validator("explainers").validate(json.loads(small.read("explainers.json")))


def test_a_title_is_the_same_text_on_page_card_feed_and_in_the_data(built) -> None:
    page = soup(built.read(f"{ONE}.html"))
    heading = page.select_one("h1").get_text().removesuffix("¶")
    described = page.select_one(".explainer-header > .explainer-description").text
    (card,) = [
        card for card in soup(built.read("index.html")).select(".explainer-card")
        if card.select_one(".explainer-title").text == heading
    ]  # fmt: skip
    entry = ET.fromstring(built.read("feed.xml"))[-1]  # noqa: S314 - our own file
    row = json.loads(built.read("explainers.json"))["explainers"][0]
    facts = graph(built.read(f"{ONE}.html"))[0]
    assert {heading, row["title"], facts["name"], entry.findtext(f"{ATOM}title")} == {TITLE}
    said = {row["description"], facts["description"], entry.findtext(f"{ATOM}summary")}
    assert said == {described}
    assert described in card.text


def test_a_formula_in_a_heading_is_text_in_the_title_of_the_window(small) -> None:
    small.edit("glossary.md", "# Glossary", r'# Why $\sqrt{d_k}$ "is" & so: $x < 1$')
    extensions = ["myst_parser", "explainers", "terms", "mathml", "website"]
    options = {"myst_enable_extensions": ["dollarmath"], "html_math_renderer": "mathml"}
    assert small.build(extensions=extensions, **options) == ""
    title = soup(small.read("glossary.html")).select_one("head > title").text
    assert title.startswith("Why \\sqrt{d_k} “is” ")
    assert "x < 1" in title


def test_every_page_leads_to_the_feed(built) -> None:
    for page in [*pages(built.out()), built.out("search.html")]:
        (link,) = soup(page.read_text()).select('link[rel=alternate][type="application/atom+xml"]')
        assert (page.parent / link["href"]).resolve() == built.out("feed.xml").resolve()


# JSON-LD


def test_article_says_what_it_is(built) -> None:
    resource, _trail = graph(built.read(f"{TWO}.html"))
    url = f"{ADDRESS}{TWO}.html"
    image = resource.pop("image")
    assert resource == {
        "@type": "LearningResource",
        "@id": url,
        "url": url,
        "name": "Two Learning Rates",
        "description": "How the step length decides whether descent converges, crawls or "
        "jumps away.",
        "inLanguage": "en",
        "educationalLevel": "intermediate",
        "learningResourceType": "building blocks",
        "timeRequired": "PT1M",
        "datePublished": "2026-02-01",
        "dateModified": "2026-02-02",
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "isAccessibleForFree": True,
        "author": [{"@type": "Organization", "name": "The small site's writers"}],
        "keywords": ["Optimisation", "Geometry & shapes"],
        "teaches": ["learning rate"],
        "competencyRequired": [
            {
                "@type": "DefinedTerm",
                "name": TITLE,
                "url": f"{ADDRESS}{ONE}.html",
                "description": "what a gradient is",
            }
        ],
        "isPartOf": {"@type": "WebSite", "@id": ADDRESS, "name": "Small Site"},
    }
    assert target(built.out(), image).is_file()


def test_authors_are_persons(built) -> None:
    resource, _trail = graph(built.read(f"{ONE}.html"))
    assert resource["author"] == [
        {"@type": "Person", "name": "Ada Lovelace"},
        {"@type": "Person", "name": "Émilie du Châtelet"},
    ]
    assert "competencyRequired" not in resource


def test_breadcrumbs_follow_the_toctrees(built) -> None:
    trail = graph(built.read(f"{TWO}.html"))[-1]["itemListElement"]
    assert [(step["position"], step["name"], step["item"]) for step in trail] == [
        (1, "Home", ADDRESS),
        (2, "All explainers", f"{ADDRESS}articles/"),
        (3, "Theme Alpha", f"{ADDRESS}articles/alpha/"),
        (4, "Two Learning Rates", f"{ADDRESS}{TWO}.html"),
    ]


def test_every_kind_of_page_has_its_type(built) -> None:
    kinds = {
        page: [thing["@type"] for thing in graph(built.read(f"{page}.html"))]
        for page in ("index", "articles/index", "articles/alpha/index", ONE, "glossary")
    }
    assert kinds == {
        "index": ["WebSite"],
        "articles/index": ["BreadcrumbList"],
        "articles/alpha/index": ["CollectionPage", "BreadcrumbList"],
        ONE: ["LearningResource", "BreadcrumbList"],
        "glossary": ["BreadcrumbList"],
    }


def test_no_text_ends_the_data_block(built) -> None:
    (script,) = soup(built.read(f"{ONE}.html")).find_all("script", type="application/ld+json")
    assert "<" not in script.string
    assert graph(built.read(f"{ONE}.html"))[0]["name"] == TITLE


EXPLAINERS = {address_of(source) for source in sources() if kind(source) == "explainer"}
REAL_PAGES = pytest.mark.parametrize("path", marked(map(address_of, sources())))


@REAL_PAGES
def test_real_pages_have_valid_linked_data(site, path) -> None:
    things = graph((site / path).read_text())
    rows = json.loads((site / "explainers.json").read_text())["explainers"]
    records = [row for row in rows if row["url"] == path]
    assert len(records) == (path in EXPLAINERS)
    resources = [thing for thing in things if thing["@type"] == "LearningResource"]
    assert len(resources) == len(records)
    for thing, record in zip(resources, records, strict=True):
        assert thing["url"].endswith(record["url"])
        assert thing["name"] == record["title"]
        assert thing["timeRequired"] == f"PT{record['minutes']}M"
        before = [term["url"] for term in thing.get("competencyRequired", ())]
        assert [url.rpartition("/")[2] for url in before] == [
            f"{name.rpartition('/')[2]}.html" for name in record["prerequisites"]
        ]


# Descriptions, Open Graph, canonical addresses


def test_head_of_an_article(built) -> None:
    found = head(built.read(f"{ONE}.html"))
    text = "What a gradient is, “why” <i>its</i> length & sign say how fast the loss falls."
    image = found["og:image"]
    assert found == {
        "color-scheme": "light dark",
        "description": text,
        "og:type": "article",
        "og:site_name": "Small Site",
        "og:title": TITLE,
        "og:description": text,
        "og:url": f"{ADDRESS}{ONE}.html",
        "og:image": image,
        "og:image:type": "image/png",
        "og:image:width": "1200",
        "og:image:height": "630",
        "og:image:alt": TITLE,
        "article:published_time": "2026-01-01",
        "article:modified_time": "2026-05-02",
        "twitter:card": "summary_large_image",
        "twitter:title": TITLE,
        "twitter:description": text,
        "twitter:image": image,
        "twitter:image:alt": TITLE,
    }


def test_every_page_has_a_description_of_its_own(built) -> None:
    found = {page.stem: head(page.read_text())["description"] for page in pages(built.out())}
    assert found["glossary"].startswith("Words of the small site")
    assert found["glossary"].endswith(" …")
    found = {page: head(page.read_text())["description"] for page in pages(built.out())}
    assert len(set(found.values())) == len(found)
    assert max(map(len, found.values())) <= 200


def test_canonical_addresses_lead_to_their_page(built) -> None:
    for page in pages(built.out()):
        (link,) = soup(page.read_text()).select("link[rel=canonical]")
        assert target(built.out(), link["href"]) == page
        assert head(page.read_text())["og:url"] == link["href"]


def test_generated_pages_are_nobodys_destination(built) -> None:
    for name in GENERATED:
        page = soup(built.read(name))
        assert not page.select("link[rel=canonical], script[type='application/ld+json']")
        assert not page.select("meta[property^='og:']")


def png_size(data: bytes) -> tuple[int, int]:
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", data[16:24])
    return width, height


def test_pages_have_their_cards(built) -> None:
    cards = {p.stem: head(p.read_text())["og:image"] for p in pages(built.out())}
    files = {stem: target(built.out(), url) for stem, url in cards.items()}
    assert {png_size(file.read_bytes()) for file in files.values()} == {(1200, 630)}
    assert len({files[stem] for stem in ("one", "two", "three")}) == 3
    assert files["index"] == files["glossary"]
    assert {*files.values()} == {*built.out("_images/cards").iterdir()}
    assert files["one"].read_bytes() != files["two"].read_bytes()


# Sitemap, robots.txt, llms.txt


def test_sitemap_lists_every_document_once(built) -> None:
    root = ET.fromstring(built.read("sitemap.xml"))  # noqa: S314 - our own file
    assert root.tag == f"{SITEMAP}urlset"
    days = {e.findtext(f"{SITEMAP}loc"): e.findtext(f"{SITEMAP}lastmod") for e in root}
    assert len(days) == len(root)
    assert {target(built.out(), url) for url in days} == {*pages(built.out())}
    assert days == {
        ADDRESS: "2026-05-02",
        f"{ADDRESS}articles/": "2026-05-02",
        f"{ADDRESS}articles/alpha/": "2026-05-02",
        f"{ADDRESS}{ONE}.html": "2026-05-02",
        f"{ADDRESS}{TWO}.html": "2026-02-02",
        f"{ADDRESS}articles/beta/": "2026-03-02",
        f"{ADDRESS}articles/beta/three.html": "2026-03-02",
        f"{ADDRESS}glossary.html": None,
    }


def test_real_sitemap_has_real_days(site) -> None:
    root = ET.fromstring((site / "sitemap.xml").read_text())  # noqa: S314 - our own file
    address = root[-1].findtext(f"{SITEMAP}loc")
    assert address is not None
    real = {site / address_of(path) for path in sources()}
    assert {target(site, e.findtext(f"{SITEMAP}loc"), address) for e in root} == real
    days = [e.findtext(f"{SITEMAP}lastmod") for e in root]
    assert all(date.fromisoformat(day) for day in days if day)
    assert sum(map(bool, days)) >= 3


def test_robots_name_the_sitemap(built) -> None:
    rows = built.read("robots.txt").splitlines()
    assert rows[:2] == ["User-agent: *", "Allow: /"]
    assert rows[-1] == f"Sitemap: {ADDRESS}sitemap.xml"


def test_llms_txt_has_the_form_of_llmstxt_org(built) -> None:
    rows = built.read("llms.txt").splitlines()
    assert rows[0] == "# Small Site"
    assert rows[2].startswith("> A site that is just large enough")
    assert [row for row in rows if row.startswith("#")][1:] == [
        "## Theme Alpha",
        "## Theme Beta",
        "## Optional",
    ]
    theme = rows[rows.index("## Theme Beta") + 2 :][:2]
    assert theme == [
        f"- [Theme Beta]({ADDRESS}articles/beta/): "
        "A theme about beta that exists only so that the tests have a page to look at.",
        f"- [Three Valleys]({ADDRESS}articles/beta/three.html): "
        "Why a landscape of losses has valleys, saddles and plateaus, and which matter.",
    ]
    links = [row.partition("](")[2].partition(")")[0] for row in rows if row.startswith("- [")]
    assert len(links) == 8
    assert all(target(built.out(), link).is_file() for link in links)


# The foot of a page


def test_foot_links_to_source_and_to_a_report(built) -> None:
    edit, report = soup(built.read(f"{ONE}.html")).select(".page-links a")
    assert edit["href"] == f"https://github.com/example/small/edit/main/{ONE}.md"
    assert (built.src / f"{ONE}.md").is_file()
    parts = urlsplit(report["href"])
    assert parts.path == "/example/small/issues/new"
    fields = parse_qs(parts.query)
    assert fields["title"] == [f"Mistake in: {TITLE}"]
    assert f"{ADDRESS}{ONE}.html" in fields["body"][0]
    assert f"{ONE}.md" in fields["body"][0]


@REAL_PAGES
def test_real_edit_links_name_files_of_the_repository(site, path) -> None:
    root = Path(__file__).parents[2]
    edit = soup((site / path).read_text()).select_one(".page-links a")["href"]
    assert (root / edit.partition("/edit/main/")[2]).is_file()


def test_without_a_repository_there_are_no_links_to_it(small) -> None:
    assert small.build(website_repository="") == ""
    page = soup(small.read(f"{ONE}.html"))
    assert not page.select(".page-links")
    assert page.select(".page-cite")


def test_citation_is_good_bibtex(built) -> None:
    page = soup(built.read(f"{ONE}.html"))
    (block,) = page.select("details.page-cite pre[data-copy]")
    entry = parse_string(block.text, "bibtex").entries["one"]
    assert [str(person) for person in entry.persons["author"]] == [
        "Lovelace, Ada",
        "du Châtelet, Émilie",
    ]
    assert entry.fields["title"] == r"{One \& “Only” <b>Gradient</b>: 100 \% of f\_x}"
    assert entry.fields["year"] == "2026"
    assert entry.fields["url"] == f"{ADDRESS}{ONE}.html"
    assert entry.fields["note"] == "Small Site, facts checked 2026-05-02"
    assert "Ada Lovelace, Émilie du Châtelet (2026)." in page.select_one(".page-cite p").text


def test_writers_that_are_no_persons_stay_one_name(built) -> None:
    block = soup(built.read(f"{TWO}.html")).select_one(".page-cite pre").text
    (author,) = parse_string(block, "bibtex").entries["two"].persons["author"]
    assert author.last_names == ["{The small site's writers}"]


def test_only_articles_say_how_to_cite_them(built) -> None:
    found = [
        page.stem for page in pages(built.out()) if soup(page.read_text()).select(".page-cite")
    ]
    assert found == ["one", "two", "three"]


def test_foot_is_not_searched(built) -> None:
    index = built.read("searchindex.js")
    for word in ("bibtex", "cite", "mistak", "edit"):
        assert f'"{word}"' not in index
    page = soup(built.read(f"{ONE}.html"))
    assert not page.select("[role=main] .page-foot")  # where search takes its excerpts from


def test_downloads_are_offered_where_they_were_built(small) -> None:
    book = small.folder / "latex" / "small.pdf"
    small.build()
    assert "Download" not in small.read("index.html")
    book.parent.mkdir()
    book.write_bytes(b"%PDF one")
    small.build()
    for name in ("index.html", f"{ONE}.html", "404.html", "search.html"):
        assert "Download the book as PDF" in small.read(name)
        assert "Download the book as EPUB" not in small.read(name)
    link = soup(small.read(f"{ONE}.html")).find("a", string="Download the book as PDF")["href"]
    copied = (small.out(ONE).parent / link).resolve()
    assert copied.read_bytes() == b"%PDF one"
    before = small.times()
    book.write_bytes(b"%PDF two, longer")
    small.build()
    assert copied.read_bytes() == b"%PDF two, longer"
    assert small.times()[f"{ONE}.html"] == before[f"{ONE}.html"]
    book.unlink()
    small.build()
    assert not copied.exists()
    assert "Download" not in small.read(f"{ONE}.html")


def test_a_theme_offers_its_own_part_where_it_was_built(small) -> None:
    assert small.build() == ""
    before = small.times()
    part = small.folder / "latex" / "small-beta.pdf"
    part.parent.mkdir()
    part.write_bytes(b"%PDF of beta")
    assert small.build() == ""
    link = soup(small.read("articles/beta/index.html")).select_one("a[href*=downloads]")
    assert link.get_text() == "Download “Theme Beta” as PDF"
    copied = (small.out("articles/beta/index.html").parent / link["href"]).resolve()
    assert copied.read_bytes() == b"%PDF of beta"
    after = small.times()
    written = {path for path in before if before[path] != after[path]}
    assert "articles/beta/index.html" in written
    assert {"index.html", "articles/alpha/index.html", f"{ONE}.html"}.isdisjoint(written)
    for name in ("index.html", "articles/alpha/index.html", "articles/beta/three.html"):
        assert "Download" not in small.read(name)


@pytest.mark.parametrize("paths", [5, ["latex/small.pdf", 5], None])
def test_downloads_that_are_no_paths_are_refused(small, paths) -> None:
    with pytest.raises(
        ConfigError, match=r"website_downloads: 'PDF' is .*expected a path or a list"
    ):
        small.build(website_downloads={"PDF": paths})


# Building again


def test_two_builds_give_the_same_bytes(built, small) -> None:
    small.build(parallel=2)
    ours, theirs = small.files(), built.files()
    assert ours.keys() == theirs.keys()
    different = [path for path in ours if ours[path] != theirs[path]]
    assert different == []


def test_a_build_without_changes_writes_nothing_and_draws_nothing(small, monkeypatch) -> None:
    small.build()
    before = small.times()
    monkeypatch.setitem(sys.modules, "vl_convert", None)  # importing it would fail
    small.build()
    after = small.times()
    written = {path for path in after if after[path] != before.get(path)}
    ours = ("feed.xml", "sitemap.xml", "robots.txt", "llms.txt", "404.html", "_headers", "_images/")
    assert not [path for path in written if path.startswith(ours)]
    assert not [path for path in written if path.startswith(("articles/", "index", "glossary"))]
    assert after.keys() == before.keys()


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        (f"{ONE}.md", "Gradient", "Slope"),  # shown by what builds on it
        (f"{ONE}.md", "say how", "tell how"),
        (f"{ONE}.md", "checked: 2026-05-02", "checked: 2026-06-03"),
        ("articles/alpha/index.md", "#7a4fbf", "#0b7285"),  # in the cards of its articles
        ("articles/alpha/index.md", "Theme Alpha", "Theme Aleph"),
        ("articles/index.md", "# All explainers", "# Everything"),
        ("articles/tags.yaml", "Optimisation", "Optimization"),
        ("glossary.md", "learning rate\n", "step size\n"),  # what an article teaches
        ("articles/alpha/two.md", "what a gradient is", "what gradients are"),
        ("articles/alpha/index.md", "one\ntwo", "two\none"),
    ],
)
def test_after_an_edit_all_is_as_in_a_fresh_build(small, tmp_path, path, old, new) -> None:
    small.build()
    first = small.files()
    small.edit(path, old, new)
    small.build()
    fresh = type(small)(tmp_path / "fresh", small.src)
    fresh.build()
    ours, theirs = small.files(), fresh.files()
    assert first != ours
    assert ours.keys() == theirs.keys()
    different = {name for name in ours if ours[name] != theirs[name]}
    assert different <= {"searchindex.js"}  # Sphinx keeps words there that stand nowhere any more


def test_a_removed_article_is_named_nowhere(small) -> None:
    small.build()
    (small.src / "articles/beta/three.md").unlink()
    small.edit("articles/beta/index.md", "```{toctree}\nthree\n```\n", "")
    small.build()
    for name in ("feed.xml", "sitemap.xml", "llms.txt", "404.html", "articles/beta/index.html"):
        assert "three" not in small.read(name)
    assert not [*small.out("_images/cards").glob("three.*")]


def test_another_address_is_everywhere(small) -> None:
    small.build()
    small.build(html_baseurl="https://other.test/")
    for name, content in small.files().items():
        if not name.startswith("_static"):
            assert b"example.org" not in content, name
    assert "https://other.test/articles/alpha/one.html" in small.read("feed.xml")
    assert 'href="/articles/index.html"' in small.read("404.html")


def test_without_an_address_pages_are_plain(small) -> None:
    assert small.build(html_baseurl="") == ""
    page = soup(small.read(f"{ONE}.html"))
    assert not page.select(".page-foot, meta[property], link[rel=alternate], link[rel=canonical]")
    assert not small.out("feed.xml").exists()
    assert not small.out("404.html").exists()


def test_addresses_of_folders(small) -> None:
    assert small.build("dirhtml") == ""
    out = small.out(builder="dirhtml")
    found = {}
    for page in pages(out):
        (link,) = soup(page.read_text()).select("link[rel=canonical]")
        found[page.relative_to(out).as_posix()] = link["href"].removeprefix(ADDRESS)
        assert target(out, link["href"]) == page
        for anchor in soup(page.read_text()).select('link[type="application/atom+xml"]'):
            assert (page.parent / anchor["href"]).resolve() == (out / "feed.xml").resolve()
    assert found[f"{ONE}/index.html"] == f"{ONE}/"
    assert found["index.html"] == ""
    entries = feedparser.parse(small.read("feed.xml", "dirhtml")).entries
    assert entries[0].link == f"{ADDRESS}articles/beta/three/"
    for name in ("sitemap.xml", "llms.txt"):
        assert ".html" not in small.read(name, "dirhtml")
    assert (out / "404.html").is_file()
    assert not (out / "404").exists()


def test_other_builders_are_left_alone(small) -> None:
    assert small.build("singlehtml") == ""
    assert small.build("text") == ""
    for builder in ("singlehtml", "text"):
        assert not {"feed.xml", "404.html", "_headers"} & small.files(builder).keys()
