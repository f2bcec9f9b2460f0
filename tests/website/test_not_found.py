"""The page for addresses that lead nowhere works wherever it is shown."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup

from website.not_found import absolute

OURS = Path(__file__).parents[2] / "_static"


def test_addresses_become_absolute() -> None:
    html = (
        '<html data-content_root="./"><a href="articles/one.html#end">'
        '<img src="_images/a.png"><a href="#top"><a href="https://example.org/x">'
        '<link href="_static/a.css?v=1"><a title="href=">'
    )
    assert absolute(html, "/small/404.html") == (
        '<html data-content_root="/small/"><a href="/small/articles/one.html#end">'
        '<img src="/small/_images/a.png"><a href="#top"><a href="https://example.org/x">'
        '<link href="/small/_static/a.css?v=1"><a title="href=">'
    )


def test_relative_steps_are_resolved() -> None:
    assert absolute('<a href="../search/">', "/small/404/") == '<a href="/small/search/">'


@pytest.mark.parametrize("builder", ["html", "dirhtml"])
def test_every_address_leads_to_a_file(small, builder) -> None:
    assert small.build(builder) == ""
    page = BeautifulSoup(small.read("404.html", builder), "html.parser")
    assert page.html["data-content_root"] == "/small/"
    seen = 0
    for element in page.select("[href], [src], [action]"):
        for name in ("href", "src", "action"):
            address = element.get(name)
            if not address or address.startswith(("#", "https://")):
                continue
            path = urlsplit(address).path
            assert path.startswith("/small/"), address
            file = small.out(path.removeprefix("/small/"), builder)
            if not (OURS / file.name).exists():  # the small site has no style sheets of its own
                assert (file / "index.html" if path.endswith("/") else file).is_file(), address
                seen += 1
    assert seen > 10


def test_it_lists_the_themes_and_offers_search(built) -> None:
    page = BeautifulSoup(built.read("404.html"), "html.parser")
    assert [a["href"] for a in page.select(".not-found-themes a")] == [
        "/small/articles/alpha/index.html",
        "/small/articles/beta/index.html",
    ]
    (form,) = page.select("[role=main] form")
    assert form["action"] == "/small/search.html"
    assert form.select_one("input[name=q]")
    assert page.select('meta[name=robots][content="noindex"]')


def test_it_is_whole_at_any_depth(site, serve, browser) -> None:
    address = serve(site, "/explainer-articles/")
    page = browser.new_page()
    failed: list[str] = []
    page.on("response", lambda r: failed.append(r.url) if r.status >= 400 else None)
    page.on("console", lambda message: failed.append(message.text))
    there = f"{address}articles/no/such/page.html"
    assert page.goto(there).status == 404
    assert page.locator("h1").inner_text() == "Page not found"
    assert page.locator(".sidebar-drawer a.sidebar-brand, .sidebar-drawer .sidebar-brand").count()
    assert page.evaluate("getComputedStyle(document.body).getPropertyValue('--font-stack')")
    assert [entry for entry in failed if entry != there and "404" not in entry] == []
    page.fill("#not-found-words", "reward")
    page.press("#not-found-words", "Enter")
    page.wait_for_selector("#search-results li")
    assert page.url.startswith(f"{address}search.html?q=reward")
    page.close()
