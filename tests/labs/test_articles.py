"""The code that articles show gives what they print below it, wherever it stands."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

ARTICLES = Path(__file__).parents[2] / "articles"
FENCE = re.compile(r"^\s*(`{3,}|~{3,})")
PROMPT = re.compile(r"^\s*>>> ", re.MULTILINE)


def code_of(text: str) -> str:
    """Return ``text`` with empty lines for all that is no code, so that code keeps its lines."""
    rows, fence = [], ""
    for row in text.split("\n"):
        marks = FENCE.match(row)
        edge = marks is not None and (not fence or marks[1] == fence == row.strip())
        rows.append(row if fence and not edge else "")
        if edge and marks:
            fence = "" if fence else marks[1]
    return "\n".join(rows)


def failures(text: str, name: str) -> tuple[int, str]:
    """Return how many examples a page has, and what is wrong with them, at which line."""
    said: list[str] = []
    test = doctest.DocTestParser().get_doctest(code_of(text), {}, name, name, 0)
    doctest.DocTestRunner(verbose=False).run(test, out=said.append)
    return len(test.examples), "".join(said)


def with_code() -> list[str]:
    found = [path for path in sorted(ARTICLES.rglob("*.md")) if PROMPT.search(path.read_text())]
    return [path.relative_to(ARTICLES).as_posix() for path in found]


@pytest.mark.parametrize("path", with_code())
def test_code_gives_what_is_printed(path: str) -> None:
    text = (ARTICLES / path).read_text(encoding="utf-8")
    examples, wrong = failures(text, f"articles/{path}")
    assert wrong == ""
    assert examples == len(PROMPT.findall(text)), "code outside of fences"


PAGE = """\
A number `>>> 1` in prose is none.

::::{deeper} Results
1. A list

   ```python
   >>> x = 2  # kept for what follows
   >>> 1 / x
   0.5
   ```
::::

```{code-block} pycon
>>> x + 1
WRONG
```
"""


def test_a_false_digit_is_found_at_its_line() -> None:
    assert failures(PAGE.replace("WRONG", "3"), "page.md") == (3, "")
    examples, wrong = failures(PAGE.replace("WRONG", "4"), "page.md")
    assert examples == 3
    assert 'File "page.md", line 14' in wrong
    assert "Expected:\n    4\nGot:\n    3\n" in wrong
