"""What the first page of a visit loads, over a slow connection, and that it stands still meanwhile.

`make weigh` prints the same numbers as a table.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.bench import weigh
from tests.pages import every_page, marked

if TYPE_CHECKING:
    from playwright.sync_api import Browser

REQUESTS = 12
SHIFT = 0.1  # most pages have none; where a line breaks anew when the font has come, up to this
BESIDE_THE_TEXT = 135_000  # bytes; sheets, scripts and fonts, of which a visit loads most only once


PAGES = [page for page in every_page() if page != "404.html"]  # which knows where it is published


@pytest.mark.parametrize("path", marked(PAGES))
def test_a_first_page_is_light_and_stands_still(browser: Browser, site: Path, path: str) -> None:
    with weigh.served(site) as base:
        found = weigh.weigh(browser, base, path)
    assert found.others == []
    assert found.requests <= REQUESTS
    assert found.total - found.bytes["html"] <= BESIDE_THE_TEXT
    assert max(found.shifts.values()) < SHIFT
