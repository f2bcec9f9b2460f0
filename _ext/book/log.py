"""What in TeX's log matters: errors, gaps in the text, what leads nowhere, what sticks out.

TeX does not fail on most of it. Lines of the log are expected whole (``max_print_line``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

OVERFULL_POINTS = 1.0  # what sticks out less far is not seen

_OVERFULL = re.compile(r"Overfull \\[hv]box \(([\d.]+)pt too (?:wide|high)\)[^\n]*")
_MATTERS = re.compile(
    r"Missing character: [^\n]*"
    r"|LaTeX(?: Font)? Warning: (?:Hyper reference|Reference) [^\n]* undefined[^\n]*"
    r"|LaTeX Warning: (?:Citation [^\n]* undefined|Label [^\n]* multiply|Float too large)[^\n]*"
    r"|LaTeX Warning: [^\n]*Rerun to get cross-references right[^\n]*"
    r"|LaTeX Font Warning: Font shape [^\n]* undefined[^\n]*"
    r"|Package hyperref Warning: (?:Token not allowed|Difference)[^\n]*"
    r"|xdvipdfmx:(?:warning|fatal): [^\n]*"
)
_LINE = re.compile(r"(?:\blines? |\bl\.)(\d+)")
_CHARACTER = re.compile(r"There is no (.) \(U\+")
_PAGE = re.compile(r"\\label\{\\detokenize\{([^}]*)::doc\}\}")
_ERROR = re.compile(r"^! [^\n]*(?:\n(?!!)[^\n]*){0,12}?\nl\.\d+[^\n]*|^! [^\n]*", re.MULTILINE)


def problems(log: str) -> list[str]:
    """Return a line for each different thing that matters, in the order of the log."""
    found = sorted(_found(log))
    return list(dict.fromkeys(message for _, message in found))


def _found(log: str) -> Iterator[tuple[int, str]]:
    """Yield where in ``log`` a problem is, and the problem."""
    for match in _ERROR.finditer(log):
        first, *others = match[0].splitlines()
        yield match.start(), " ".join([first[2:], *others[-1:]])
    for match in _MATTERS.finditer(log):
        yield match.start(), match[0]
    for match in _OVERFULL.finditer(log):
        if float(match[1]) > OVERFULL_POINTS:
            yield match.start(), f"{match[0]}{_sample(log, match.end())}"


def _sample(log: str, end: int) -> str:
    r"""Return the words that follow a report of a box, without the names of fonts."""
    line = log[end : end + 2000].lstrip("\n").partition("\n")[0]
    words = re.sub(r"\\[A-Za-z0-9+]+/\S+|\[\]|\$|\|", " ", line)
    words = " ".join(words.split())
    return f": {words[:100]}" if re.search(r"\w{3}", words) else ""


def placed(problem: str, tex: str) -> str:
    """Return ``problem`` with the page of the site before it whose TeX it is about, if known."""
    lines = tex.splitlines()
    character, number = _CHARACTER.search(problem), _LINE.search(problem)
    if character:
        last = next((i for i, line in enumerate(lines, 1) if character[1] in line), 0)
    else:
        last = int(number[1]) if number else 0
    pages = _PAGE.findall("\n".join(lines[:last]))
    return f"{pages[-1]}: {problem}" if pages else problem
