"""Debian's Chromium, started so that it asks nobody for anything by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

EXECUTABLE = "/usr/bin/chromium"  # which apt.txt lists
_OPTIONS = (
    "no-sandbox disable-gpu disable-quic no-first-run disable-background-networking"
    " disable-component-update disable-sync"
)


def start(playwright: Playwright) -> Browser:
    """Return a browser that the caller closes."""
    options = [f"--{option}" for option in _OPTIONS.split()]
    return playwright.chromium.launch(executable_path=EXECUTABLE, args=options)
