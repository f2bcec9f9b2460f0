"""Pages opened as a reader opens them, from a server that sends the policy and from a folder.

Whatever a test does: no page may report an error, be refused something by the policy, or ask
another host for anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from sphinx.testing.util import SphinxTestApp

from tests.once import once, shared

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

Serve = Callable[..., str]

# A violation does not always reach the console.
_LISTEN = """addEventListener("securitypolicyviolation", (event) =>
  console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`))"""


@pytest.fixture(scope="session")
def build_once(tmp_path_factory: pytest.TempPathFactory, rootdir: Path) -> Callable[[str], Path]:
    """Return what builds a small site, once for all workers, and returns its folder."""

    def build(name: str) -> Path:
        folder = shared(tmp_path_factory) / f"test-{name}"
        with once(folder) as mine:
            if mine:
                app = SphinxTestApp("html", rootdir / f"test-{name}", builddir=folder)
                try:
                    app.build()
                    assert app.warning.getvalue() == ""
                finally:
                    app.cleanup()
        return folder / "html"

    return build


@pytest.fixture(scope="session")
def small(build_once: Callable[[str], Path]) -> Path:
    """Return the folder of a small site that has every reading aid."""
    return build_once("aids")


def headers(folder: Path) -> dict[str, str]:
    """Return the headers that the site asks hosts to send."""
    rows = (folder / "_headers").read_text(encoding="utf-8").splitlines()[1:]
    return dict(row.strip().split(": ", 1) for row in rows)


Address = Callable[[Path], str]


@pytest.fixture(params=["served", "file"])
def address(request: pytest.FixtureRequest, serve: Serve) -> Address:
    """Return what gives the address of a folder, for both ways to read it."""
    if request.param == "file":
        return lambda folder: f"file://{folder}/"
    return lambda folder: serve(folder, "/explainer-articles/", headers=headers(folder))


class Visitor:
    """Opens pages and keeps what they complain of."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.problems: list[str] = []

    @staticmethod
    def headers(folder: Path) -> dict[str, str]:
        return headers(folder)

    def open(self, url: str, **options: object) -> Page:
        context = self.browser.new_context(**options)
        context.set_default_timeout(10_000)
        context.add_init_script(_LISTEN)
        host = urlsplit(url).netloc
        context.on("request", lambda request: self._asked(request.url, host))
        page = context.new_page()
        page.on("console", lambda message: self._said(message.type, message.text))
        page.on("pageerror", lambda error: self.problems.append(f"error: {error}"))
        page.goto(url)
        return page

    def _said(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.problems.append(f"{kind}: {text}")

    def _asked(self, url: str, host: str) -> None:
        if urlsplit(url).netloc != host and not url.startswith("data:"):
            self.problems.append(f"request: {url}")


@pytest.fixture
def visitor(browser: Browser) -> Iterator[Visitor]:
    found = Visitor(browser)
    yield found
    for context in browser.contexts:
        context.close()
    assert found.problems == []
