"""What a reader's browser loads for the first page of a visit, and how far that page jumps.

    make weigh
    make weigh page=articles/primer.html

Pages come from a server of its own, compressed as hosts of static pages do it, over a connection
as slow as a phone's (see ``SLOW``), each into an empty cache. Bytes are those of the answers
without their headers, in units of 1,000; only what is loaded without scrolling counts. CLS is the
cumulative layout shift of web.dev, the largest sum within a window of five seconds.
"""

from __future__ import annotations

import argparse
import gzip
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[2]
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

from tests import chromium  # noqa: E402 - only now is it found when this file is run

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Request

PAGES = (
    "articles/transformers/attention-mechanism.html",
    "articles/alignment/what-is-rlhf.html",
    "articles/primer.html",
    "articles/index.html",
    "index.html",
)
KINDS = {"document": "html", "stylesheet": "css", "script": "js", "font": "font", "image": "image"}
WIDTHS = (360, 1440)
SLOW = {"latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 0.75e6 / 8}
_COMPRESSED = {".html", ".css", ".js", ".svg", ".json", ".xml", ".txt"}

_SHIFTS = """window.shifts = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries())
    if (!entry.hadRecentInput) shifts.push([entry.startTime, entry.value]);
}).observe({type: "layout-shift", buffered: true});"""


class Weight(NamedTuple):
    """What one page takes: requests, bytes by kind, hosts that are not the site's, CLS by width."""

    page: str
    requests: int
    bytes: dict[str, int]
    others: list[str]
    shifts: dict[int, float]

    @property
    def total(self) -> int:
        """All bytes."""
        return sum(self.bytes.values())


class _Compressing(SimpleHTTPRequestHandler):
    """Serves a folder; texts are compressed."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        if not path.is_file():
            self.send_error(404)
            return
        body = path.read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        if path.suffix in _COMPRESSED:
            body = gzip.compress(body, 6, mtime=0)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Yield the address at which a folder is served."""
    handler = partial(_Compressing, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def cumulative(shifts: list[tuple[float, float]]) -> float:
    """Return the CLS of shifts, each with its time in milliseconds, in order.

    A window ends a second after its last shift, or five after its first.
    """
    best = total = first = last = 0.0
    for time, value in shifts:
        if not total or time - last >= 1000 or time - first >= 5000:
            total, first = 0.0, time
        total, last = total + value, time
        best = max(best, total)
    return best


def weigh(browser: Browser, base: str, page: str, *, slow: bool = True) -> Weight:
    """Return what ``page`` of the site at ``base`` takes; requests are those at the last width."""
    asked: list[Request] = []
    answered: list[Request] = []
    shifts: dict[int, float] = {}
    for width in WIDTHS:
        asked.clear()
        answered.clear()
        context = browser.new_context(viewport={"width": width, "height": 800})
        opened = context.new_page()
        if slow:
            session = context.new_cdp_session(opened)
            session.send("Network.enable")
            session.send("Network.emulateNetworkConditions", {"offline": False, **SLOW})
        opened.on("request", lambda request: asked.append(request))
        opened.on("requestfinished", lambda request: answered.append(request))
        opened.add_init_script(_SHIFTS)
        opened.goto(base + page, wait_until="networkidle")
        opened.evaluate("document.fonts.ready")
        opened.wait_for_timeout(300)  # until what has come is drawn
        shifts[width] = cumulative(opened.evaluate("shifts"))
        sizes = _sizes(answered)  # which are gone with the context
        context.close()
    hosts = [urlsplit(request.url).netloc for request in asked]  # empty for `data:`
    others = {host for host in hosts if host} - {urlsplit(base).netloc}
    return Weight(page, sum(map(bool, hosts)), sizes, sorted(others), shifts)


def _sizes(requests: list[Request]) -> dict[str, int]:
    found: Counter[str] = Counter(dict.fromkeys(KINDS.values(), 0))
    for request in (request for request in requests if not request.url.startswith("data:")):
        size = request.sizes()["responseBodySize"]
        found[KINDS.get(request.resource_type, request.resource_type)] += size
    return dict(found)


def table(weights: list[Weight]) -> str:
    """Return the table that is printed: a line a page."""
    kinds = list(dict.fromkeys(kind for weight in weights for kind in weight.bytes))
    heads = ["requests", "kB", *kinds, "others", *(f"CLS {width}" for width in WIDTHS)]
    rows = [["page", *heads]]
    for weight in weights:
        sizes = [weight.total, *(weight.bytes.get(kind, 0) for kind in kinds)]
        cells = [str(weight.requests), *(f"{size / 1000:.1f}" for size in sizes)]
        cells += [" ".join(weight.others) or "none"]
        rows.append([weight.page, *cells, *(f"{s:.4f}" for s in weight.shifts.values())])
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]) for row in rows
    )


def main() -> None:
    """Print the table of some pages of a built site."""
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pages", nargs="*", default=PAGES)
    parser.add_argument("--site", type=Path, default=ROOT / "_build" / "html")
    options = parser.parse_args()
    missing = [page for page in options.pages if not (options.site / page).is_file()]
    if missing:
        sys.exit(f"{options.site} has no {', '.join(missing)}; make html")
    with sync_playwright() as playwright, served(options.site) as base:
        browser = chromium.start(playwright)
        weights = [weigh(browser, base, page) for page in options.pages]
        browser.close()
    print(table(weights))


if __name__ == "__main__":
    main()
