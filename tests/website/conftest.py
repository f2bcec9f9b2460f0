"""The real site built once, a small one to build and edit, a server and a browser."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from sphinx.cmd.build import build_main
from sphinx.testing.util import SphinxTestApp

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the real site in HTML, built once for all workers."""
    base = tmp_path_factory.getbasetemp()
    base = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    out, done = base / "site" / "html", base / "site.done"
    with (base / "site.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            options = ["-q", "-n", "-W", "--keep-going", "-d", str(base / "site" / "doctrees")]
            assert build_main([*options, "-b", "html", str(ROOT), str(out)]) == 0
            done.touch()
    return out


class SmallSite:
    """A copy of the root `test-website`, with its builds beside it."""

    def __init__(self, folder: Path, source: Path) -> None:
        self.folder, self.src = folder, folder / "src"
        shutil.copytree(source, self.src)

    def build(self, builder: str = "html", parallel: int = 0, **overrides: object) -> str:
        """Build and return the warnings."""
        app = SphinxTestApp(
            builder, self.src, builddir=self.folder, parallel=parallel, confoverrides=overrides
        )
        try:
            app.build()
            return str(app.warning.getvalue())
        finally:
            app.cleanup()

    def out(self, path: str = "", builder: str = "html") -> Path:
        return self.folder / builder / path

    def read(self, path: str, builder: str = "html") -> str:
        return self.out(path, builder).read_text(encoding="utf-8")

    def files(self, builder: str = "html") -> dict[str, bytes]:
        """Return every file of the output by path."""
        base = self.out(builder=builder)
        return {
            file.relative_to(base).as_posix(): file.read_bytes()
            for file in sorted(base.rglob("*"))
            if file.is_file()
        }

    def times(self, builder: str = "html") -> dict[str, int]:
        """Return when each file of the output was written."""
        return {path: self.out(path, builder).stat().st_mtime_ns for path in self.files(builder)}

    def edit(self, path: str, old: str, new: str) -> None:
        file = self.src / path
        text = file.read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {path}"
        file.write_text(text.replace(old, new), encoding="utf-8")
        later = file.stat().st_mtime + 2  # some clocks tick slower than tests edit
        os.utime(file, (later, later))


@pytest.fixture
def small(tmp_path: Path, rootdir: Path) -> SmallSite:
    return SmallSite(tmp_path / "small", rootdir / "test-website")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, rootdir: Path) -> SmallSite:
    """Return the small site, built for HTML; not to be edited."""
    found = SmallSite(tmp_path_factory.mktemp("built") / "small", rootdir / "test-website")
    assert found.build() == ""
    return found


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


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Return what serves a folder: `serve(folder, prefix="/", headers={})` returns its address."""
    servers = []

    def start(folder: Path, prefix: str = "/", headers: dict[str, str] | None = None) -> str:
        handler = partial(_Handler, directory=str(folder), prefix=prefix, headers=headers or {})
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        servers.append(server)
        Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}{prefix}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return Debian's Chromium, which asks nobody for anything by itself."""
    from playwright.sync_api import sync_playwright

    options = "no-sandbox disable-gpu disable-quic no-first-run disable-background-networking"
    options += " disable-component-update disable-sync"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=[f"--{option}" for option in options.split()]
        )
        yield chromium
        chromium.close()
