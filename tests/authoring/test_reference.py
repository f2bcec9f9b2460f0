"""The tables of REFERENCE.md say what schemas and lists say."""

from __future__ import annotations

from pathlib import Path

import pytest

from authoring import reference
from website.allowed import allowed

ROOT = Path(__file__).resolve().parents[2]


def test_reference_is_up_to_date() -> None:
    page = (ROOT / "REFERENCE.md").read_text(encoding="utf-8")
    assert reference.rewritten(page) == page, "run: make reference"


@pytest.mark.parametrize("name", reference.SCHEMAS)
def test_every_key_of_a_schema_is_named(name: str) -> None:
    schema = reference.SCHEMAS[name]
    properties, required = schema["properties"], schema["required"]
    lines = "".join(reference.table(schema))
    refused = allowed().front_matter
    assert [key for key in properties if f"`{key}`" not in lines and key not in refused] == []
    assert [key for key in properties if f"`{key}`" in lines and key in refused] == []
    for key in required:
        assert f"| `{key}` | yes |" in lines


def test_everything_on_the_list_is_named() -> None:
    lines = "".join(reference.allowed_table())
    for use in (*allowed().directives, *allowed().roles):
        assert all(f"`{name}`" in lines for name in (*use.names, *use.options) if name != "*")
        assert use.use in lines
    assert all(f"`{key}`" in lines for key in allowed().front_matter)


def test_a_stale_page_is_written_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "page.md"
    text = (ROOT / "REFERENCE.md").read_text(encoding="utf-8")
    page.write_text(text.replace("| `title` | yes |", "| `title` | no |"), encoding="utf-8")
    messages, house = tmp_path / "MESSAGES.md", tmp_path / "_ext" / "README.md"
    house.parent.mkdir()
    house.write_text("<!-- begin order: make reference --><!-- end order -->")
    assert reference.main([str(page)]) == 0
    assert page.read_text(encoding="utf-8") == text
    assert messages.read_text(encoding="utf-8") == (ROOT / "MESSAGES.md").read_text("utf-8")
    assert capsys.readouterr().out == "".join(
        f"{path} has changed\n" for path in (page, messages, house)
    )
    reference.main([str(page)])
    assert capsys.readouterr().out == ""


def test_missing_markers_are_named() -> None:
    with pytest.raises(ValueError, match="markers of the table 'front-matter' are missing"):
        reference.rewritten("# Reference\n")
