"""What all tests share: the real site built once, a server, a browser, Sphinx's fixtures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from jinja2.sandbox import SandboxedEnvironment
from sphinx import jinja2glue
from sphinx.cmd.build import build_main

from tests import chromium
from tests.once import once, shared

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytest_plugins = ["sphinx.testing.fixtures"]

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def rootdir() -> Path:
    return Path(__file__).parent / "roots"


class _Compiled(BytecodeCache):
    """What Jinja has compiled, by the text of each template; a third of a small site's build."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, str], object] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self.known.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.known[bucket.key, bucket.checksum] = bucket.code


@pytest.fixture(scope="session", autouse=True)
def _templates() -> Iterator[None]:
    """Have all builds of a worker compile a template once; each loads and fills it itself."""
    with pytest.MonkeyPatch.context() as patch:
        cached = partial(SandboxedEnvironment, bytecode_cache=_Compiled())
        patch.setattr(jinja2glue, "SandboxedEnvironment", cached)
        yield


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the real site in HTML, built once for all workers."""
    folder = shared(tmp_path_factory) / "real-site"
    with once(folder) as mine:
        if mine:
            options = ["-q", "-n", "-W", "--keep-going", "-d", str(folder / "doctrees")]
            assert build_main([*options, "-b", "html", str(ROOT), str(folder / "html")]) == 0
    return folder / "html"


class _Handler(SimpleHTTPRequestHandler):
    """Serves a folder below a path as a host of static pages does, with its own page for 404."""

    def __init__(self, *args: object, prefix: str, headers: dict[str, str], **kwargs: object):
        self.prefix, self.extra = prefix, headers
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]

    def translate_path(self, path: str) -> str:
        inside = path.startswith(self.prefix)
        return super().translate_path(path[len(self.prefix) - 1 :] if inside else "/-/nothing")

    def send_error(self, code: int, *args: object, **kwargs: object) -> None:
        page = Path(self.directory, "404.html")
        body = page.read_bytes() if code == 404 and page.is_file() else b""
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def end_headers(self) -> None:
        for name, value in self.extra.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, *args: object) -> None:
        """Say nothing."""


Serve = Callable[..., str]


@pytest.fixture(scope="session")
def serve() -> Iterator[Serve]:
    """Return what serves a folder: `serve(folder, prefix="/", headers={})` returns its address."""
    servers: dict[str, ThreadingHTTPServer] = {}

    def start(folder: Path, prefix: str = "/", headers: dict[str, str] | None = None) -> str:
        key = repr((folder, prefix, headers))
        if key not in servers:
            handler = partial(_Handler, directory=str(folder), prefix=prefix, headers=headers or {})
            servers[key] = ThreadingHTTPServer(("127.0.0.1", 0), handler)
            Thread(target=servers[key].serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{servers[key].server_port}{prefix}"

    yield start
    for server in servers.values():
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return the browser of all tests of a worker."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = chromium.start(playwright)
        yield found
        found.close()
