"""No address that readers know is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from authoring import published

ROOT = Path(__file__).resolve().parents[2]


def listed() -> list[str]:
    return (ROOT / published.LIST).read_text(encoding="utf-8").split()


def test_every_published_address_has_a_page(site: Path) -> None:
    lost = [address for address in listed() if not (site / address).is_file()]
    assert lost == [], "say in the front matter of the page that took its place: formerly"


def test_every_page_is_listed() -> None:
    text = (ROOT / published.LIST).read_text(encoding="utf-8")
    assert published.extended(text, ROOT) == text, "run: make reference"


def test_addresses_are_added_and_never_taken_away(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    theme = tmp_path / "articles" / "alpha"
    theme.mkdir(parents=True)
    (tmp_path / "tests").mkdir()
    (tmp_path / "index.md").write_text("# Home\n", encoding="utf-8")
    for name, draft in (("one", "false"), ("two", "true")):
        text = f"---\ndraft: {draft}\n---\n"
        (theme / f"{name}.md").write_text(text, encoding="utf-8")
    path = tmp_path / published.LIST
    path.write_text("articles/alpha/zero.html\n", encoding="utf-8")
    assert published.main(tmp_path) == 0
    after = "articles/alpha/one.html\narticles/alpha/zero.html\nindex.html\n"
    assert path.read_text(encoding="utf-8") == after
    assert capsys.readouterr().out == "tests/published.txt has changed\n"
    published.main(tmp_path)
    assert capsys.readouterr().out == ""
