"""The scales are right: what is put on them is what they show."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.bench import weigh

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.mark.parametrize(
    "shifts, expected",
    [
        ([], 0),
        ([(0, 0.1), (900, 0.2)], 0.3),
        ([(0, 0.1), (1000, 0.2)], 0.2),  # a second of rest ends a window
        ([(time, 0.1) for time in range(0, 6000, 500)], 1.0),  # and so do five in all
    ],
)
def test_shifts_add_up_within_a_window(shifts: list[tuple[float, float]], expected: float) -> None:
    assert weigh.cumulative(shifts) == pytest.approx(expected)


def test_a_page_is_weighed_with_all_it_loads(browser: Browser, tmp_path: Path) -> None:
    page = (
        '<!doctype html><title>Page</title><link rel="stylesheet" href="a.css?v=1">'
        '<p>Text<script src="a.js"></script>'
    )
    texts = {"page.html": page, "a.css": "p { color: red }" * 99, "a.js": "// nothing" * 99}
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    with weigh.served(tmp_path) as base:
        found = weigh.weigh(browser, base, "page.html", slow=False)
    small = {name: len(gzip.compress(text.encode(), 6)) for name, text in texts.items()}
    expected = {"html": small["page.html"], "css": small["a.css"], "js": small["a.js"]}
    assert {kind: size for kind, size in found.bytes.items() if size} == expected
    assert (found.requests, found.others, found.total) == (3, [], sum(small.values()))
    assert found.shifts == {360: 0, 1440: 0}
    assert weigh.table([found]).splitlines()[1].split()[:2] == ["page.html", "3"]


def test_a_page_that_jumps_and_asks_others(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(
        '<!doctype html><title>Page</title><div id="late"></div><p style="height: 200px">Text'
        "<script>setTimeout(() => { late.style.height = '300px'; }, 200)</script>"
    )
    with weigh.served(tmp_path) as base, weigh.served(tmp_path) as other:
        with (tmp_path / "page.html").open("a") as page:
            page.write(f'<img src="{other}page.html" alt="">')
        found = weigh.weigh(browser, base, "page.html", slow=False)
    assert found.others == [other.split("/")[2]]
    assert all(shift > 0.05 for shift in found.shifts.values())
