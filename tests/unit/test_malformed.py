"""Whatever is written, parsers answer: no traceback, no end of the process, no waiting without end.

`FUZZ_EXAMPLES` says how many inputs each of them is given.
"""

from __future__ import annotations

import os
import re
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from math_core import LatexError

from evidence.numbers import NumberError, Quantity, parts_of, printed
from evidence.record import read_rows
from explainers.prose import fill_marks, mark, mark_math, marked_sentences, parts, unmarked
from explainers.record import Problem, make_record, read_front_matter, read_tags
from explainers.relations import count_terms
from explainers.render import drawn_text
from figures import mermaid_svg, results, svg
from figures.diagrams import own_colours
from mathml import converted, faults, prepared
from terms import Concept, find_concepts
from wayfinding.chains import read_chains
from website.allowed import allowed
from website.drawings import fault
from website.folders import name_fault
from website.policy import running

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.fuzz
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "0")) or 40
fuzzed = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize="FUZZ_EXAMPLES" not in os.environ,  # a pull request fails by what is in it
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example],
)


def texts(*words: str) -> st.SearchStrategy[str]:
    """Return what makes texts of these words, of anything, and of one of them many times."""
    word = (
        st.sampled_from(words) | st.text(max_size=4) | st.sampled_from("\0\x85\u2028\ue000\ue004")
    )
    many = st.tuples(st.sampled_from(words), st.integers(2, 3000)).map(
        lambda pair: pair[0] * pair[1]
    )
    return st.lists(word | word | word | many, max_size=20).map("".join)


YAML = (
    *(
        "---\n",
        "...",
        ": ",
        "- ",
        "\n- ",
        "? ",
        "[",
        "]",
        "{",
        "}",
        "'",
        '"',
        "|\n  ",
        ">",
        "%",
        "@",
    ),
    *(
        "&a ",
        "*a",
        "!!int ",
        "!!binary ",
        "!!set ",
        "<<: ",
        "\n",
        "\n  ",
        "\t",
        "#",
        "~",
        "1e999999",
    ),
    *(
        "2026-02-30",
        "0x_",
        "1:1:1",
        "title: T\n",
        "tags: [a, b]\n",
        "prerequisites: [x, {slug: y}]\n",
    ),
    *("- {slug: a, name: A}\n", "- slug: a\n  title: T\n  boxes:\n  - {slug: b, name: B}\n"),
    *("- id: a\n  claim: Found in {n} of all of them.\n", "  setting: S\n", "  limits: None.\n"),
    *("  numbers: {n: {value: 1}}\n", "  source: x\n  place: y\n", "{n|", "`", "``", "$", "\\"),
)


def located(problems: list[Problem], text: str) -> None:
    rows = text.count("\n") + 1
    assert all(problem.message and 1 <= problem.line <= rows for problem in problems), problems


@fuzzed
@given(texts(*YAML), st.sampled_from(["front-matter", "theme"]))
def test_front_matter(text: str, kind: str) -> None:
    whole = f"---\n{text}\n---\n"
    for source in (text, whole):
        record, problems = make_record("articles/a/b", read_front_matter(source), kind, {"a": "A"})
        located(problems, source)
        assert isinstance(record.title, str)


@fuzzed
@given(texts(*YAML))
def test_lists_of_tags_and_chains(text: str) -> None:
    names, problems = read_tags(text)
    located(problems, text)
    assert all(map(re.compile("[a-z0-9-]+").fullmatch, names))
    _chains, problems = read_chains(text)
    located(problems, text)


@fuzzed
@given(texts(*YAML))
def test_rows_of_the_record(text: str) -> None:
    found = read_rows(text, Path("x.record.yaml"))
    located(list(found.problems), text)
    assert all(row.id and row.numbers for row in found.rows)


NUMBERS = st.one_of(
    st.floats(),
    st.integers(-(10**400), 10**400),
    st.text(max_size=5),
    st.builds(
        lambda digits, power: Decimal(f"{digits}e{power}"),
        st.integers(-999, 999),
        st.integers(-(10**9), 10**9) | st.integers(-9, 9),
    ),
    st.lists(st.floats(), max_size=3),
)
FORMATS = (*"±+,.%df0123456789 ", ".2f", "no unit", "300000000", "x", "٣", "²", "{0}", "s", "<")


@fuzzed
@given(NUMBERS, NUMBERS | st.none(), st.lists(st.sampled_from(FORMATS), max_size=6).map("".join))
def test_formats_of_numbers(value: Any, spread: Any, how: str) -> None:
    if isinstance(value, list) != isinstance(spread, list):
        spread = None
    try:
        text = printed(Quantity(value, spread, "BLEU"), how)
    except NumberError:
        return
    assert len(text) < 2000


@fuzzed
@given(texts("a", "-", ":", "|", "[", "]", "=", " ", "seeds", "1", ".2f", "series[series=1]"))
def test_references_to_results(text: str) -> None:
    known = results.Results("x", {"seeds": Quantity(5), "series": Quantity([1, 2.0])})
    for reference in (text, f"x:{text}"):
        try:
            _name, key, how = results.parse(reference)
            printed(known[key], how)
        except NumberError:
            continue
    assert parts_of(text) is None or ":" in text


TEX = (
    *(r"\frac{", r"\frac", "{", "}", "x", "1", "^", "_", "^{", r"\sqrt", r"\sqrt[", r"\left(", "&"),
    *(r"\right)", r"\begin{aligned}", r"\end{aligned}", r"\begin{cases}", r"\end{split}", r"\\"),
    *(
        r"\text{",
        r"\hat",
        r"\mathbf{",
        "%",
        "\n\n",
        r"\\[1em]",
        "'",
        "$",
        "#",
        "~",
        r"\operatorname{",
    ),
    *(
        r"\tag{",
        r"\not",
        r"\big",
        r"\middle|",
        r"\def\a{\a}",
        r"\a",
        r"\over",
        r"\boxed{",
        "é",
        "🦊",
    ),
)


@fuzzed
@given(texts(*TEX), st.booleans(), st.booleans())
def test_formulas(tex: str, block: bool, xml: bool) -> None:
    allowed().tex(tex)
    known = prepared(tex, block=block)
    try:
        markup = converted(known, block=block, macros={}, source=tex, xml=xml)
    except LatexError:
        return
    list(faults(known, markup, block=block))
    ET.fromstring(markup)  # noqa: S314  our own output


MERMAID = (
    *("flowchart TD\n", "sequenceDiagram\n", "stateDiagram-v2\n", "classDiagram\n", "erDiagram\n"),
    *(
        "A",
        " --> ",
        "-->|x|",
        "[",
        "]",
        "(",
        ")",
        "{",
        "}",
        '"',
        "`",
        "\n  ",
        ";",
        "end",
        "subgraph ",
    ),
    *(
        "style A fill:#f00\n",
        "classDef x fill:red\n",
        'click A "x"\n',
        "%%{init: {",
        "}}%%\n",
        "---\n",
    ),
    *("A ->> B: x\n", "loop x\n", "Note over A: x\n", "[*]", "state ", ":::", "@{", "&", "#quot;"),
    *("<br>", "$$", "  ", "pie\n", "gantt\n", "mindmap\n", "theme: x\n"),
)


@fuzzed
@given(texts(*MERMAID))
def test_diagrams(source: str) -> None:
    assert all(message for _line, message in own_colours(source))
    if not mermaid_svg.available():
        return
    try:
        drawn = mermaid_svg.draw(source[:2000], "d")
    except mermaid_svg.DrawingError:
        return
    drawn.page({})
    drawn.file()


@fuzzed
@given(texts('"', "`", "#", "$", "\\", "<b>", "%%{", "&amp;", "end", "[x](y)", "a b", "]"))
def test_titles_in_maps(title: str) -> None:
    label = " ".join(title.split())[:80]
    if mermaid_svg.available() and label.isprintable():
        mermaid_svg.draw(f'flowchart TD\n  n1["{drawn_text(label) or "x"}"] --> n2["b"]', "d")


DRAWING = (
    *(
        "<g>",
        "</g>",
        '<path d="M0 0h9v9z"/>',
        "<style>",
        "</style>",
        "@import 'x'",
        "url(#a)",
        "url(",
    ),
    *(
        '<use href="#a"/>',
        '<g id="a">',
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "&lt;",
        "&#64;",
        "<?x ?>",
    ),
    *(
        '<rect style="fill:red" ',
        'fill="rgb(1,2,3)"',
        "/>",
        '<text x="1">',
        "</text>",
        " onload='x'",
    ),
    *(
        "<svg>",
        "</svg>",
        " xmlns='http://www.w3.org/1999/xhtml'",
        "<script/>",
        "<a href='x'>",
        "</a>",
    ),
    *('<image width="9" height="9" href="data:image/png;base64,AAAA"/>', "a{fill:red}", "\\"),
)
HEAD = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">'


@fuzzed
@given(texts(*DRAWING), st.booleans())
def test_drawings(text: str, whole: bool) -> None:
    data = (f"{HEAD}{text}</svg>" if whole else text).encode(errors="replace")
    if fault(data, allowed().drawings):
        return
    names = {element.tag for element in ET.fromstring(data).iter()}  # noqa: S314  was looked at
    assert all(name.startswith("{http://www.w3.org/2000/svg}") for name in names)
    if svg.available():
        svg.to_pdf(data.decode())


@fuzzed
@given(st.binary(max_size=200))
def test_drawings_that_are_no_text(data: bytes) -> None:
    assert fault(data, allowed().drawings)


PROSE = (
    *(
        "Word ",
        "word. ",
        "e.g. ",
        "Is it? ",
        "(",
        "“",
        "\n",
        " ",
        "```\n",
        "~~~",
        "$",
        "$$",
        "\\[",
        "\\(",
    ),
    *(
        "<!--",
        "-->",
        "](",
        "[",
        "https://x",
        "<b",
        ">",
        "1",
        "1a",
        "k-means",
        "\\alpha",
        "`",
        "{",
        "}",
    ),
)


@fuzzed
@given(texts(*PROSE), texts(*PROSE))
def test_prose(text: str, other: str) -> None:
    whole = (
        f"{unmarked(text)} {mark('x', text)} {mark_math(other)} {mark('y', '')} {unmarked(other)}"
    )
    said = {
        target: fill_marks(sentence, lambda _: text) for target, sentence in marked_sentences(whole)
    }
    assert said.keys() == {"x", "y"}
    assert sum(1 for sentence in {*said.values()} for _, tex in parts(sentence) if tex) <= 2
    page = {"id": "x", "title": other, "summary": "", "headings": [], "body": text, "tags": []}
    assert count_terms(page).digest
    find_concepts([text], [Concept(("word", other), "x")], 8)


@fuzzed
@given(texts("javascript:", "https://", "//", ":", "/", "\\", "#", "?", "\t", "data:", "a", "%0a"))
def test_addresses_and_names(text: str) -> None:
    allowed().link(text)
    name_fault(text)
    list(running(f'<p title="{text.replace(chr(34), "").replace("<", "").replace(">", "")}">'))


@pytest.mark.parametrize(
    "former, kind",
    [(r"a/b\n", "front-matter"), ("../a/b", "front-matter"), ("a/../b", "front-matter"),
     (r"a\n", "theme"), ("..", "theme"), ("a/b", "theme")],
)  # fmt: skip
def test_former_addresses_are_no_paths(former: str, kind: str) -> None:
    front = read_front_matter(f'---\ntitle: T\nformerly: ["{former}"]\n---\n')
    record, problems = make_record("articles/a/b", front, kind)
    assert record.formerly == ()
    assert [problem.line for problem in problems if "formerly" in problem.message] == [3]
