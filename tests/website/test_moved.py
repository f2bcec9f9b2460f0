"""Former addresses lead to where the page is now: without a script, and listed nowhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from explainers.library import Library
from explainers.record import PageRef, Record
from tests.browser.test_pages import check_html
from website.moved import Move, moves

OLD, THREE = "articles/old-theme/three-hills", "articles/beta/three"
ARTICLE, THEME = f"{THREE}.md", "articles/beta/index.md"


def say(site: Any, path: str, line: str) -> None:
    """Add a line to the front matter of a page."""
    site.edit(path, "description:", f"{line}\ndescription:")


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory, rootdir: Path, small_site: Any) -> Any:
    found = small_site(rootdir / "test-website")
    say(found, ARTICLE, "formerly:\n  - old-theme/three-hills\n  - beta/2nd")
    say(found, THEME, "formerly: [old-theme]")
    assert found.build() == ""
    assert found.build("dirhtml") == ""
    return found


@pytest.mark.parametrize(("root", "below"), [("articles", "articles/"), ("", "")])
def test_old_addresses_stand_where_the_themes_are(root: str, below: str) -> None:
    article = Record(f"{below}a/one", "One", formerly=(PageRef("b/two", "", 5),))
    theme = Record(f"{below}a/index", "A", formerly=(PageRef("b", "", 3),))
    assert [*moves(Library([article], [theme]), root)] == [
        Move(f"{below}b/two", f"{below}a/one", "b/two", 5),
        Move(f"{below}b/index", f"{below}a/index", "b", 3),
    ]


@pytest.mark.parametrize(
    ("builder", "old", "leads_to"),
    [
        ("html", "articles/old-theme/three-hills.html", "../beta/three.html"),
        ("html", "articles/beta/2nd.html", "three.html"),
        ("html", "articles/old-theme/index.html", "../beta/index.html"),
        ("dirhtml", "articles/old-theme/three-hills/index.html", "../../beta/three/"),
        ("dirhtml", "articles/beta/2nd/index.html", "../three/"),
        ("dirhtml", "articles/old-theme/index.html", "../beta/"),
    ],
)
def test_an_old_address_leads_to_the_page(
    moved: Any, builder: str, old: str, leads_to: str
) -> None:
    page = BeautifulSoup(moved.read(old, builder), "html.parser")
    assert page.select_one("meta[http-equiv=refresh]")["content"] == f"0; url={leads_to}"
    assert [a["href"] for a in page.select("a")] == [leads_to]
    there = (moved.out(old, builder).parent / leads_to).resolve()
    assert (there / "index.html" if leads_to.endswith("/") else there).is_file()
    (canonical,) = page.select("link[rel=canonical]")
    target = THREE if "index" not in old or "/2nd/" in old or "hills" in old else "articles/beta/"
    end = "" if target.endswith("/") else ".html" if builder == "html" else "/"
    assert canonical["href"] == f"https://example.org/small/{target}{end}"
    assert page.select('meta[name=robots][content="noindex"]')
    assert not page.select("script")
    assert page.select_one("meta")["charset"] == "utf-8"
    assert page.select("meta")[1]["http-equiv"] == "Content-Security-Policy"


def test_it_is_valid(moved: Any) -> None:
    check_html(moved.out(f"{OLD}.html"), moved.out("articles/old-theme/index.html"))


@pytest.mark.parametrize("builder", ["html", "dirhtml"])
def test_nothing_lists_it(moved: Any, builder: str) -> None:
    for path, content in moved.files(builder).items():
        names = [name for name in (b"old-theme", b"2nd") if name in content]
        assert not names or path.endswith((".inv", ".doctree")), path


def test_a_browser_follows_it_from_a_server_and_from_a_folder(
    moved: Any, serve: Any, browser: Any
) -> None:
    for base in (serve(moved.out()), f"file://{moved.out()}/"):
        context = browser.new_context(java_script_enabled=False)
        page = context.new_page()
        page.goto(f"{base}{OLD}.html")
        page.wait_for_url(f"{base}{THREE}.html")
        context.close()


@pytest.mark.parametrize(
    ("path", "line", "message"),
    [
        (ARTICLE, "formerly: [alpha/one]",
         "formerly: 'alpha/one' is the address of a page, so nothing else can lead from there"),
        (ARTICLE, "formerly: [beta/three]", "formerly: 'beta/three' is the address of a page"),
        (THEME, "formerly: [alpha]", "formerly: 'alpha' is the address of a page"),
        (ARTICLE, "formerly: [old-theme/x]",
         "formerly: 'old-theme/x' leads to 'articles/alpha/two' already, which names it too"),
    ],
)  # fmt: skip
def test_an_address_can_lead_to_one_page_only(
    small: Any, path: str, line: str, message: str
) -> None:
    say(small, "articles/alpha/two.md", "formerly: [old-theme/x]")
    say(small, path, line)
    warnings = small.build()
    number = (small.src / path).read_text(encoding="utf-8").splitlines().index(line) + 1
    assert f"{path}:{number}: WARNING: {message}" in warnings
    assert warnings.count("[website.moved]") == 1
    assert small.out("articles/beta/three.html").is_file()


@pytest.mark.parametrize("value", ["[three]", "[Old/Three]", "old/three", "[a/b/c]", "[/a/b]"])
def test_what_is_no_address_is_a_located_message(small: Any, value: str) -> None:
    say(small, ARTICLE, f"formerly: {value}")
    warnings = small.build()
    assert "three.md:" in warnings
    assert "formerly: is " in warnings
    assert "theme/slug" in warnings
    assert warnings.count("WARNING") == 1


def test_printed_outputs_have_no_such_pages(small: Any) -> None:
    say(small, ARTICLE, "formerly: [old-theme/three-hills]")
    for builder in ("latex", "text"):
        assert "old-theme" not in small.build(builder)
        assert not [path for path in small.files(builder) if "old-theme" in path]


def test_parallel_builds_write_the_same(moved: Any, small: Any) -> None:
    say(small, ARTICLE, "formerly:\n  - old-theme/three-hills\n  - beta/2nd")
    say(small, THEME, "formerly: [old-theme]")
    assert small.build(parallel=2) == ""
    for old in ("old-theme/three-hills", "beta/2nd", "old-theme/index"):
        path = f"articles/{old}.html"
        assert small.read(path) == moved.read(path)


def test_a_page_that_is_renamed_leaves_its_address_in_the_same_output(small: Any) -> None:
    assert small.build() == ""
    (small.src / ARTICLE).rename(small.src / "articles/beta/hills.md")
    small.edit("articles/beta/index.md", "\nthree\n", "\nhills\n")
    say(small, "articles/beta/hills.md", "formerly: [beta/three]")
    for _ in range(2):
        assert small.build() == ""
        assert "url=hills.html" in small.read("articles/beta/three.html")
        assert "Three Valleys" in small.read("articles/beta/hills.html")


def test_what_is_no_former_address_any_more_is_gone_from_the_same_output(small: Any) -> None:
    say(small, ARTICLE, "formerly: [old-theme/three-hills]")
    for _ in range(2):
        assert small.build() == ""
        assert small.out(f"{OLD}.html").is_file()
    small.edit(ARTICLE, "formerly: [old-theme/three-hills]\n", "")
    assert small.build() == ""
    assert not small.out("articles/old-theme").exists()
    assert small.out("genindex.html").is_file()
