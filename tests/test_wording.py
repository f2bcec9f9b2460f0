"""Messages of Sphinx and docutils: in one line, at a file that there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sphinx.testing.util import SphinxTestApp

from wording import worded

TEXT = """# Page

```{literalinclude} code.py
:pyobject: nothere
```

```{literalinclude} code.py
:emphasize-lines: 9
```

```{csv-table}
:header: a

"not closed
```
"""


def test_a_message_is_one_line() -> None:
    text = "Error with CSV data:\nunexpected end\n\n```{csv-table}\n1\n```\n"
    assert worded(text, quotes=True) == "Error with CSV data: unexpected end"
    assert worded(text, quotes=False) == text
    assert worded("no _StrPath('a/b.py') here", quotes=False) == "no 'a/b.py' here"
    assert worded('_StrPath("it\'s")', quotes=False) == '"it\'s"'


@pytest.mark.parametrize("parallel", [0, 2])
def test_what_sphinx_says_is_found_where_it_is(tmp_path: Path, parallel: int) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "conf.py").write_text("extensions = ['myst_parser', 'wording']\n")
    (source / "code.py").write_text("x = 1\n")
    for name in ("page", "other", "third"):
        (source / f"{name}.md").write_text(f"---\norphan: true\n---\n{TEXT}")
    (source / "index.md").write_text("# Index\n")
    app = SphinxTestApp("html", srcdir=source, builddir=tmp_path / "build", parallel=parallel)
    try:
        app.build()
        rows = re.sub(r"\x1b\[[\d;]*m", "", app.warning.getvalue()).splitlines()
    finally:
        app.cleanup()
    start = f"{source}/page.md:"
    assert [row.removeprefix(start) for row in rows if row.startswith(start)] == [
        "6: WARNING: Object named 'nothere' not found in include file"
        f" '{source}/code.py' [docutils]",
        "10: WARNING: line number spec is out of range(1-1): '9'",
        '14: ERROR: Error with CSV data in "csv-table" directive: unexpected end of data'
        " [docutils]",
    ]
    assert len(rows) == 9
