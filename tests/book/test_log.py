"""What is found in TeX's log, and what is not."""

from __future__ import annotations

import pytest

from book.log import OVERFULL_POINTS, placed, problems

MATTERS = [
    "Missing character: There is no 𓀀 (U+13000) in font [texgyrepagella-regular.otf]!",
    "LaTeX Warning: Reference `a:b' on page 1 undefined on input line 85.",
    "LaTeX Warning: Hyper reference `a:b' on page 1 undefined on input line 85.",
    "LaTeX Warning: Citation `a' on page 1 undefined on input line 85.",
    "LaTeX Warning: Label `a' multiply defined.",
    "LaTeX Warning: Label(s) may have changed. Rerun to get cross-references right.",
    "LaTeX Warning: Float too large for page by 12.0pt on input line 9.",
    "LaTeX Font Warning: Font shape `TU/x/m/n' undefined on input line 9.",
    "Package hyperref Warning: Token not allowed in a PDF string (Unicode):",
    "xdvipdfmx:warning: Object @page.1 already defined.",
    'xdvipdfmx:fatal: Cannot proceed without .vf or "physical" font for PDF output...',
]
NOISE = """This is XeTeX, Version 3.141592653-2.6-0.999994
Package cmap Warning: pdftex not detected - exiting.
LaTeX Font Info:    Font shape `TU/x/m/n' will be scaled to size 9.8pt on input line 79.
Underfull \\hbox (badness 10000) in paragraph at lines 1--2
Package hyperref Warning: Rerunning is not needed.
Output written on book.xdv (62 pages, 1571032 bytes).
"""


@pytest.mark.parametrize("line", MATTERS)
def test_each_is_reported_once_and_whole(line: str) -> None:
    assert problems(f"{NOISE}{line}\n\n{NOISE}{line}\n") == [line]


def test_nothing_is_said_of_the_rest() -> None:
    assert problems(NOISE) == []


def test_errors_come_with_the_line_that_they_are_in() -> None:
    log = "! Undefined control sequence.\n<recently read> \\x \n\nl.12 a \\x\n        b\n"
    assert problems(log) == [r"Undefined control sequence. l.12 a \x"]
    assert problems("! Emergency stop.\n") == ["Emergency stop."]


def test_boxes_count_from_the_limit_on_and_are_quoted() -> None:
    report = "Overfull \\hbox ({}pt too wide) in paragraph at lines 10--12\n"
    sample = "[]\\TU/pagella(0)/m/n/10.95 these words stick out []\n"
    assert problems(report.format(OVERFULL_POINTS) + sample) == []
    (found,) = problems(report.format(OVERFULL_POINTS + 0.1) + sample)
    assert found.endswith("in paragraph at lines 10--12: these words stick out")
    (high,) = problems(
        "Overfull \\vbox (12.5pt too high) has occurred while \\output is active []\n"
    )
    assert "12.5pt too high" in high


def test_order_is_that_of_the_log() -> None:
    assert problems(f"{MATTERS[1]}\n! Bad.\n{MATTERS[0]}\n") == [MATTERS[1], "Bad.", MATTERS[0]]


TEX = r"""\label{\detokenize{one::doc}}
words
\label{\detokenize{two:section}}\label{\detokenize{two::doc}}
more 𓀀 words
"""


@pytest.mark.parametrize(
    ("problem", "page"),
    [
        (MATTERS[0], "two"),
        ("Overfull \\hbox (9.0pt too wide) in paragraph at lines 2--3: words", "one"),
        ("Undefined control sequence. l.4 more", "two"),
        ("LaTeX Warning: Reference `x' on page 9 undefined on input line 2.", "one"),
    ],
)
def test_problem_is_placed_in_the_page_it_is_about(problem: str, page: str) -> None:
    assert placed(problem, TEX) == f"{page}: {problem}"


def test_problem_of_no_page_stays_as_it_is() -> None:
    for problem in ("Missing character: There is no x (U+78) in font y!", "Emergency stop."):
        assert placed(problem, TEX.replace("x", "z")) == problem
