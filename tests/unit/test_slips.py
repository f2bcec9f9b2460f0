"""Markdown that is valid, and yet not what its author meant."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from markdown_it.renderer import RendererHTML
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser
from sphinx.testing.util import SphinxTestApp

from slips.markdown import slips

ROOT = Path(__file__).resolve().parents[2]


def found(text: str) -> list[tuple[str, int]]:
    """Return subtype and line of each slip in ``text``."""
    config = MdParserConfig(enable_extensions={"colon_fence", "deflist", "dollarmath"})
    parser = create_md_parser(config, RendererHTML)
    return [(slip.subtype, slip.line) for slip in slips(text, parser)]


RIGHT = r"""---
title: A price of $5
---

# What is right

```python
price = "$5"
```

~~~~{note}
:class: a$b

```
:::
```
~~~~

:::{deeper} A title
:name: x

- A list

  ```{chart} a.b
  :alt: It costs $5.
  ```

> ```
> quoted
> ```

::::

| a | b |
| --- | --- |
| 1 | `x \| y` |
| $p(x \| y)$ | 2
| | |
1 | 2

`{cite}``, `` {cite}`` `` and {math}``x``.

It costs \$5, or `$6`, and $x = 7$, $y$ and

$$
z
$$

$$ w $$ (eq-w)

```{math}
\$
```
"""


def test_what_is_right_is_no_slip() -> None:
    assert found(RIGHT) == []
    assert found(RIGHT.replace("\n", "\r\n")) == []
    assert found(RIGHT.partition("# What")[2]) == []
    assert found("") == []


def test_no_article_has_a_slip() -> None:
    pages = sorted((ROOT / "articles").rglob("*.md"))
    assert len(pages) > 10
    assert {page.name: found(page.read_text(encoding="utf-8")) for page in pages} == {
        page.name: [] for page in pages
    }


@pytest.mark.parametrize(
    "text, line",
    [
        ("Text.\n\n```{chart} a.b\n:alt: x\n", 3),
        ("Text.\n\n```", 3),
        (":::{note}\nText.\n", 1),
        ("````{note}\nText.\n```\n", 1),
        (":::{note}\n```\ncode\n:::\n", 2),
        ("````{note}\n:class: x\n\n```{chart} a.b\n````\n\nText.", 4),
        ("````{note}\n---\nclass: x\n---\n:::{tip}\n````\n", 5),
        (":::{note}\n:::{tip}\nText.\n:::\n:::\n", 5),  # the inner one's end has closed the outer
        ("- Item\n\n  ```\n  code\n\nText.\n", 3),
        ("> ```\n> code\n\nText.\n", 1),
        ("```{footbibliography}\n", 1),
        ("~~~\n```\n", 1),
    ],
)
def test_a_block_that_is_not_closed(text: str, line: int) -> None:
    assert ("block", line) in found(text)
    assert found(text.replace("\n", "\r\n")) == found(text)


@pytest.mark.parametrize(
    "row, is_slip",
    [
        ("| 1 |", True),
        ("| 1 | 2 | 3 |", True),
        ("| $p(x|y)$ | 2 |", True),
        ("| `a|b` | 2 |", True),
        ("just words", True),
        ("| 1 | 2 |", False),
        ("| | |", False),
        ("1 | 2", False),
        ("| 1 | 2", False),
        (r"| $p(x \| y)$ | 2 |", False),
    ],
)
@pytest.mark.parametrize("around", ["", "> ", "- "])
def test_a_row_with_too_few_or_too_many_cells(row: str, is_slip: bool, around: str) -> None:
    inner = "  " if around == "- " else around
    rows = [f"{around}| a | b |", f"{inner}| - | - |", f"{inner}| 0 | 0 |", inner + row]
    assert found("Text.\n\n" + "\n".join(rows) + "\n") == [("table", 6)] * is_slip
    assert (
        found(":::{table} A\n\n| a | b |\n| - | - |\n" + row)
        == [("block", 1)] + [("table", 5)] * is_slip
    )


@pytest.mark.parametrize(
    "text, line",
    [
        ("It costs $5.", 1),
        ("First,\nthen $x.\n", 2),
        ("It costs $5 and $6.", 1),
        ("A formula $x$ and\nit costs $5.", 1),
        ("So $x = 5 holds, and $y$ too.", 1),
        ("- It costs $5", 1),
        ("| a |\n| - |\n| $5 |\n", 3),
        ("# For $5\n", 1),
        (":::{note}\nIt costs $5.\n:::", 2),
    ],
)
def test_a_dollar_sign_alone(text: str, line: int) -> None:
    assert [subtype for subtype, _ in found(text)] == ["dollar"]
    assert abs(found(text)[0][1] - line) <= (text.count("$") > 2)  # one of several in a block


def test_a_build_tells_of_them(tmp_path: Path) -> None:
    (tmp_path / "conf.py").write_text('extensions = ["slips"]\n', encoding="utf-8")
    page = "# Page\n\nIt costs $5.\n\n```{note}\nText.\n"
    (tmp_path / "index.md").write_text(page, encoding="utf-8")
    settings = {"myst_enable_extensions": ["dollarmath"]}
    for hidden, kinds in ([], ["slips.block", "slips.dollar"]), (["slips.dollar"], ["slips.block"]):
        app = SphinxTestApp(
            "dummy", srcdir=tmp_path, confoverrides={**settings, "suppress_warnings": hidden}
        )
        app.build(force_all=True)
        app.cleanup()
        told = re.findall(r"index\.md:\d+: WARNING: .*\[(slips\.\w+)\]", app.warning.getvalue())
        assert sorted(told) == kinds


@pytest.mark.parametrize(
    "text, lines",
    [
        ("A {cite}`` here.", [1]),
        ("Text\nand {footcite:p}``.\n\n{ref}``", [2, 4]),
        (":::{note}\nText {numref}``.\n:::", [2]),
        ("| a |\n|---|\n| {cite}`` |", [3]),
        ("```\n{cite}``\n```", []),
    ],
)
def test_a_role_without_a_text(text: str, lines: list[int]) -> None:
    assert found(text) == [("role", line) for line in lines]


@pytest.mark.parametrize(
    "text, lines",
    [
        ("##\n\nText.\n", [1]),
        ("Text.\n\n### \n\n# ##\n", [3, 5]),
        (":::{note}\n## \n:::", [2]),
        ("> ##", [1]),
        ("## A\n\n#hash\n\n```\n##\n```\n\n## `x` ##", []),
    ],
)
def test_a_heading_without_words(text: str, lines: list[int]) -> None:
    assert found(text) == [("heading", line) for line in lines]


def test_what_is_too_long_is_left_to_others() -> None:
    assert found("$a" * 100_000) == []
