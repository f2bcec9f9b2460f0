"""Slips of Markdown: what is valid, and yet not what its author meant. Knows no Sphinx.

A block that is never closed takes all that follows with it, a table drops what its row has too
many of, a dollar sign becomes text or takes text with it, a heading without words stands in every
list, and a role without a text is printed; nobody would be told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.rules_block.table import escapedSplit
from markdown_it.token import Token

# Directives whose content is no Markdown.
_VERBATIM = frozenset(
    "chart code code-block csv-table eval-rst math mermaid raw results-table sourcecode "
    "tokenizer".split()
)
_DIRECTIVE = re.compile(r"\{([\w:-]+)\}")
_OPTION = re.compile(r"\s*:\w[\w-]*:")
_AROUND = " \t>"  # what stands before a line of a list or a quotation
_EMPTY_ROLE = re.compile(r"\{[a-z][\w:-]*\}``(?!`)")
_ESCAPED = re.compile(r"(?<!\\)(?:\\\\)*\\\$")


_LONGEST = 10_000  # characters of a paragraph: longer ones take quadratic time


class Slip(NamedTuple):
    """What looks like a slip: subtype of the warning, one clear sentence, 1-based line."""

    subtype: str
    message: str
    line: int


def slips(text: str, parser: MarkdownIt, before: int = 0) -> Iterator[Slip]:
    """Yield what looks like a slip in Markdown ``text``, which ``before`` lines precede.

    ``parser`` knows the syntax; it is used for blocks, and for paragraphs that may have a slip.
    """
    text = text.replace("\r\n", "\n")
    rows, tokens = text.split("\n"), _blocks(text, parser)
    torn: set[int] = set()  # rows of tables that a bar has torn apart, formulas included
    for number, token in enumerate(tokens):
        first, end = token.map or (0, 0)
        line = before + first + 1
        if token.type in ("fence", "colon_fence"):
            if not _is_closed(token, rows[first:end]):
                message = f"the block that {token.markup} opens here is not closed by another"
                yield Slip("block", f"{message} {token.markup} in a line of its own", line)
            name = _DIRECTIVE.match(token.info.strip())
            if name and name[1] not in _VERBATIM:
                yield from slips(_without_options(token.content), parser, line)
        elif token.type == "table_open":
            faulty = list(_cells(rows[first:end], _width(tokens[number:]), line))
            torn.update(slip.line for slip in faulty)
            yield from faulty
        elif token.type == "heading_open" and not tokens[number + 1].content.strip():
            message = "this heading has no words: write some, or delete its signs"
            yield Slip("heading", message, line)
        elif token.type == "inline" and len(token.content) <= _LONGEST:
            if "$" in token.content and line not in torn:
                yield from _dollars(token.content, parser, line)
            if _EMPTY_ROLE.search(token.content):
                yield from _empty_roles(token.content, parser, line)


def _blocks(text: str, parser: MarkdownIt) -> list[Token]:
    """Return the blocks of ``text``, what is in their lines left as it stands."""
    tokens: list[Token] = []
    parser.block.parse(text, parser, {}, tokens)
    return tokens


def _is_closed(token: Token, rows: Sequence[str]) -> bool:
    """Return whether the last of a block's ``rows`` closes what the first one opens."""
    last = rows[-1].strip(_AROUND) if len(rows) > 1 else ""
    return len(last) >= len(token.markup) and not last.strip(token.markup[0])


def _without_options(content: str) -> str:
    """Return what a directive holds with empty lines in place of its options."""
    rows = content.split("\n")
    options = next((n for n, row in enumerate(rows) if not _OPTION.match(row)), len(rows))
    if rows[0].strip() == "---":
        options = next((n + 1 for n, row in enumerate(rows) if n and row.strip() == "---"), 0)
    return "\n".join([*[""] * options, *rows[options:]])


def _width(tokens: Sequence[Token]) -> int:
    """Return how many cells the head has of the table that ``tokens`` begin with."""
    head = takewhile(lambda token: token.type != "thead_close", tokens)
    return sum(token.type == "th_open" for token in head)


def _cells(rows: Sequence[str], wanted: int, line: int) -> Iterator[Slip]:
    """Yield the rows of a table that have not ``wanted`` cells; the first one is in ``line``."""
    for number, row in enumerate(rows[2:], line + 2):
        found = _count(row)
        if row.strip(_AROUND) and found != wanted:
            cells = "one cell" if found == 1 else f"{found} cells"
            message = f"this row of a table has {cells}, its head {wanted}"
            yield Slip("table", message + ("; write \\| for a bar" * (found > wanted)), number)


def _count(row: str) -> int:
    """Return how many cells a row of a table has."""
    cells = escapedSplit(row.strip(_AROUND))
    return len(cells) - (cells[:1] == [""]) - (len(cells) > 1 and cells[-1] == "")


def _dollars(content: str, parser: MarkdownIt, line: int) -> Iterator[Slip]:
    """Yield a formula that looks like words, or else a dollar sign that is printed."""
    found = parser.parseInline(content)[0].children or []
    written = "".join(token.content for token in found if token.type == "text")
    formulas = (token.content for token in found if token.type == "math_inline")
    swallowed = next((formula for formula in formulas if formula != formula.strip()), "")
    if swallowed:
        message = f"'${swallowed}$' is taken for a formula: write \\$ for the sign"
        yield Slip("dollar", message, line + _row(content, re.escape(f"${swallowed}$")))
    elif written.count("$") > len(_ESCAPED.findall(content)):
        message = "a dollar sign without its partner is printed: write \\$, or close the formula"
        yield Slip("dollar", message, line + _row(content, r"(?<!\\)\$"))


def _empty_roles(content: str, parser: MarkdownIt, line: int) -> Iterator[Slip]:
    """Yield roles without a text, which are printed as they are written."""
    found = parser.parseInline(content)[0].children or []
    for role in _EMPTY_ROLE.findall("".join(t.content for t in found if t.type == "text")):
        message = f"{role} is printed as it stands: write between the backticks what it is about"
        yield Slip("role", message, line + _row(content, re.escape(role)))


def _row(content: str, pattern: str) -> int:
    """Return how many lines of ``content`` precede the first match of ``pattern``."""
    match = re.search(pattern, content)
    return content.count("\n", 0, match.start()) if match else 0
