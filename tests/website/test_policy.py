"""Nothing runs on a page but the site's own scripts, and every page says so."""

from __future__ import annotations

import base64
import hashlib
import logging
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup

from tests.pages import every_page, marked
from website import policy

if TYPE_CHECKING:
    from playwright.sync_api import Page

DATA = {"application/ld+json", "application/json"}


def policy_of(page: BeautifulSoup) -> str:
    (meta,) = page.select('meta[http-equiv="Content-Security-Policy"]')
    return str(meta["content"])


def headers_of(site: Path) -> dict[str, str]:
    rows = (site / "_headers").read_text().splitlines()
    assert rows[0] == "/*"
    return dict(row.strip().split(": ", 1) for row in rows[1:])


def read(site: Path, path: str = "index.html") -> BeautifulSoup:
    return BeautifulSoup((site / path).read_text(encoding="utf-8"), "html.parser")


EVERY_PAGE = pytest.mark.parametrize(
    "path", marked(path.partition("?")[0] for path in every_page())
)


def test_policy_is_the_one_of_the_design(site) -> None:
    parts = policy_of(read(site)).split("; ")
    assert parts[:3] == [
        "default-src 'self'",
        "img-src 'self' data:",
        "style-src 'self' 'unsafe-inline'",
    ]
    assert parts[3].startswith("script-src 'self' 'sha256-")
    assert parts[3].count("sha256-") == 1
    assert parts[4:] == ["form-action 'self'", "base-uri 'none'"]


@EVERY_PAGE
def test_every_page_has_it_before_anything_that_it_is_about(site, path) -> None:
    page = read(site, path)
    assert policy_of(page) == policy_of(read(site))
    names = [element.name for element in page.head.find_all(True)]
    first = page.head.find_all(True).index(page.select_one("meta[http-equiv]"))
    assert not {"link", "script", "style"} & {*names[:first]}


def test_hosts_are_told_the_same(site) -> None:
    headers = headers_of(site)
    assert headers["Content-Security-Policy"] == policy_of(read(site))
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"


@EVERY_PAGE
def test_no_page_has_another_script_or_handler(site, path) -> None:
    page = read(site, path)
    allowed = policy_of(page)
    for script in page.find_all("script"):
        if script.get("type") in DATA:
            continue
        if script.get("src"):
            assert "//" not in script["src"]
            continue
        digest = base64.b64encode(hashlib.sha256(script.string.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in allowed, script.string[:80]
    for element in page.find_all(True):
        handlers = [name for name in element.attrs if name.startswith("on")]
        assert not handlers, f"{element.name} {handlers}"
        for name in ("href", "src", "action", "formaction"):
            scheme = str(element.get(name, "")).strip().lower()
            assert not scheme.startswith(("javascript:", "vbscript:"))


@pytest.mark.parametrize(
    "body",
    [
        "<p><script>alert(1)</script></p>",
        '<script type="module">1</script>',
        '<img src="a.png" onerror="x()">',
        "<a class='b'\nONCLICK = 'x()'>",
        '<a href=" javascript:x()">',
        "<a href=JavaScript:x()>",
        '<a title="one = 1" href="java&#10;script:x()" class="b">',
        "<img alt='a' onerror>",
        "<p><svg/onload=x()>",
        '<p class="a"onclick="x()">',
    ],
)
def test_build_reports_what_would_not_run(body, caplog) -> None:
    with caplog.at_level(logging.WARNING):
        policy.check(body, lambda tag: "page")
    assert "may not run scripts" in caplog.text


@pytest.mark.parametrize(
    "body",
    [
        '<script src="a.js"></script>',
        '<script type="application/json">{}</script>',
        "<p>&lt;script&gt;alert(1)&lt;/script&gt; onclick=</p>",
        '<a href="javascript.html">JavaScript: an onload= handler</a>',
        '<span data-one="1" class="on">',
        '<a title="say one = 1 or on = 2" href="x">x</a>',
        "<svg aria-label='A sets onload = 3, onclick=4 and &lt;a href=javascript:&gt;'></svg>",
        '<img alt="with &lt;script&gt;, or href=javascript:x()">',
        "<math><annotation>x \\text{ one = 1 }</annotation></math>",
    ],
)
def test_build_does_not_report_what_is_harmless(body, caplog) -> None:
    policy.check(body, lambda tag: "page")
    assert caplog.text == ""


def test_what_an_extension_adds_is_a_located_warning(small) -> None:
    conf = small.src / "conf.py"
    conf.write_text(f"{conf.read_text()}\n\n{EXTENSION}")
    warnings = small.build()
    assert "glossary.md:1: WARNING: the page may not run scripts of its own" in warnings
    assert "[website.inline]" in warnings


EXTENSION = """
def add_script(app, pagename, templatename, context, doctree):
    if pagename == "glossary":
        context["body"] += "<script>1</script>"

def setup(app):
    app.connect("html-page-context", add_script)
"""


@pytest.fixture
def visit(browser):
    """Return what opens an address and returns the page and, as they come, its violations."""
    pages = []

    def run(address: str) -> tuple[Page, list[str]]:
        page = browser.new_page()
        pages.append(page)
        found: list[str] = []
        page.expose_function("violation", lambda text: found.append(text))
        page.add_init_script(
            "document.addEventListener('securitypolicyviolation', event =>"
            " violation(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`))"
        )
        page.goto(address, wait_until="load")
        return page, found

    yield run
    for page in pages:
        page.close()


ARTICLE = "articles/alignment/what-is-rlhf.html"


@pytest.mark.parametrize("where", ["file", "served"])
@pytest.mark.parametrize("path", ["index.html", ARTICLE, "search.html?q=reward", "genindex.html"])
def test_pages_obey_it_in_a_browser(site, serve, visit, where, path) -> None:
    base = f"file://{site}/" if where == "file" else serve(site, headers=headers_of(site))
    page, violations = visit(base + path)
    if path.startswith("search"):
        page.wait_for_selector("#search-results li")
    assert page.evaluate("document.body.dataset.theme") == "auto"  # set by the script within
    assert violations == []


@pytest.mark.parametrize("where", ["file", "served"])
def test_it_stops_everything_else(site, serve, visit, where) -> None:
    page, violations = visit(
        f"file://{site}/{ARTICLE}" if where == "file" else serve(site) + ARTICLE
    )
    page.evaluate(
        """() => {
          const script = document.createElement("script");
          script.textContent = "document.title = 'taken over'";
          document.body.append(script);
          document.body.insertAdjacentHTML("beforeend", "<img src='_' onerror='document.title=1'>");
        }"""
    )
    page.wait_for_timeout(200)
    assert "RLHF" in page.title()
    assert {entry.split()[0] for entry in violations} == {"script-src-elem", "script-src-attr"}


def test_search_form_may_be_sent_from_a_folder(site, visit) -> None:
    page, violations = visit(f"file://{site}/{ARTICLE}")
    page.fill(".sidebar-search", "reward")
    page.press(".sidebar-search", "Enter")
    page.wait_for_selector("#search-results li")
    assert violations == []
