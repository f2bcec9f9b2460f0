"""Tables on which writers of Sphinx would end the build."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sphinx.testing.util import SphinxTestApp


def table(columns: int, rows: int) -> str:
    """Return a table of Markdown."""
    row = "|" + "a|" * columns
    return "\n".join([row, "|" + "-|" * columns, *[row] * rows])


@pytest.mark.parametrize("builder", ["html", "latex", "text"])
@pytest.mark.parametrize(
    "columns, rows, says",
    [
        (30, 1, ""),
        (31, 1, "a table has 31 columns; expected at most 30"),
        (120, 1, "a table has 120 columns; expected at most 30"),
        (2, 0, "a table needs a row below its header"),
    ],
)
def test_a_table_is_told_of_and_written(
    tmp_path: Path, builder: str, columns: int, rows: int, says: str
) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "conf.py").write_text("extensions = ['myst_parser', 'book.tables']\n")
    (source / "index.md").write_text(f"# Page\n\n{table(columns, rows)}\n")
    app = SphinxTestApp(builder, srcdir=source, builddir=tmp_path / "build")
    try:
        app.build()
        text = re.sub(r"\x1b\[[\d;]*m", "", app.warning.getvalue())
    finally:
        app.cleanup()
    expected = f"{source}/index.md:3: WARNING: {says} [book.table]\n" if says else ""
    assert text == expected


def test_words_of_one_width_keep_their_order() -> None:
    from book.tables import undivided

    text = "0.5946 0.0102 1.3333 0.3395 0.6667 1.0578 1.0400"
    assert undivided(text) == text.split()  # a set would give another order in every run
