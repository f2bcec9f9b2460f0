"""A million characters are read once, not once for each of them: that would take hours."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[2]
MANY = 1_000_000
PATIENCE_SECONDS = 900  # some minutes where all is read once, many hours where not


def readers() -> dict[str, tuple[Callable[[str], object], tuple[str, ...]]]:
    """Return what reads texts, and texts of which many in a row may take it long."""
    from book import ebook, scripts
    from evidence.record import _BRACES
    from explainers.prose import marked_sentences
    from explainers.reading import _CHARACTER
    from explainers.relations import count_terms
    from figures import mermaid_svg, results
    from figures.diagrams import own_colours
    from figures.result_roles import _PLACEHOLDER
    from mathml import prepared
    from website.allowed import allowed
    from website.drawings import fault
    from website.policy import running
    from website.safety import _ATTRIBUTES, _CLICK, _NUMBERED

    def counted(text: str) -> object:
        return count_terms(
            {"id": "", "title": "", "summary": "", "headings": [], "body": text, "tags": []}
        )

    def drawn(text: str) -> str:
        head = '<svg xmlns="http://www.w3.org/2000/svg">'
        return fault(f'{head}<path d="{text}"/></svg>'.encode(), allowed().drawings)

    def sized(attribute: str) -> str:
        head = '<svg xmlns="http://www.w3.org/2000/svg"'
        return fault(f"{head} {attribute}/>".encode(), allowed().drawings)

    def referred(text: str) -> object:
        known = results.Results("x", {})
        try:
            return known[text]
        except results.NumberError:
            return None

    return {
        "colours": (own_colours_of(own_colours), (" ", "style ", "style a ", "box ", "\n", "-\n")),
        "click": (_CLICK.findall, ("\n", " \n", "click ", "\nclick a ", '\nclick a "', " ")),
        "attributes": (_ATTRIBUTES.findall, ("{", "{ ", "{.a", "{a=b", "{.a ", "{a")),
        "numref": (_NUMBERED.fullmatch, ("a", "%s", "{name}", "%")),
        "terms": (
            counted,
            ("```a\n", "~~~ \n", "`", "<!--", "\\[", "\\(", "$$", "$a", "$ ", "1", "<a", "](", " "),
        ),
        "sentences": (
            lambda text: list(marked_sentences(text)),
            ("\ue000", "\ue000a\ue001", ". \ue000", ". (", ". ", ".\n", '." '),
        ),
        "rows": (_BRACES.findall, ("`", "$", "{a", "{a|", "{a}`", "\\", "`a")),
        "alternatives": (_PLACEHOLDER.findall, ("{", "{a", "{a:", "{a-")),
        "keys": (referred, ("a[b=", "a[b= ", " ", "a", "[")),
        "formulas": (
            allowed().tex,
            ("\\begin{", "\\begin ", "\\", "{", "\\a", "\\hspace{", "\\kern1", "\\\\[", "\\\\ "),
        ),
        "sizes": (
            lambda text: sized(f'width="{text}"') + sized(f'viewBox="{text}"'),
            ("1", "1.", "e1", " ", ",", "1 ", "-"),
        ),
        "rows of formulas": (
            lambda text: prepared(text, block=True),
            ("\\\\", "\\\\ ", "\\\\[", "\\\\[1", "\n", "\n ", "{", "%", "\\begin{"),
        ),
        "drawings": (drawn, ("1", "a(", "url(", "url( ", "(", "-", "M0 ")),
        "rules": (mermaid_svg._RULE.findall, (" ", "a{", "}", "a")),
        "selectors": (mermaid_svg._NAME.findall, ("[", "a", ".a", "#")),
        "decimals": (mermaid_svg._LONG_NUMBER.findall, ("1", "1.", "-", "1e")),
        "tags": (
            lambda text: list(running(f'<p title="{text}">')),
            (" on", " onx ", "script:", " "),
        ),
        "scripts": (scripts.wrapped, ("α", "\u0301", "a\u0301", "ϑ", " α")),
        "characters": (_CHARACTER.findall, ("、", "字", "、字", " ")),
        "bare drawings": (ebook._BARE_SVG.findall, ("<svg ", "<svg", " xmlns=")),
    }


def own_colours_of(read: Callable[[str], object]) -> Callable[[str], object]:
    """Return what reads all of a diagram in one line, and as one of many."""
    return lambda text: [list(read(f"{text}\0")), list(read(f"flowchart TD\n{text}\0"))]  # type: ignore[call-overload]


def main() -> None:
    """Read everything, naming it first."""
    for name, (read, units) in readers().items():
        for unit in units:
            print(f"{name}: {unit!r} again and again", flush=True)
            read(unit * (MANY // len(unit)))


def test_everything_is_read_once() -> None:
    code = f"import sys; sys.path[:0] = [{str(ROOT / '_ext')!r}]; import test_large as t; t.main()"
    try:
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=Path(__file__).parent, capture_output=True, text=True, timeout=PATIENCE_SECONDS,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        last = (error.stdout or b"").decode().splitlines()[-1]
        raise AssertionError(f"this has no end: {last}") from None
    assert done.returncode == 0, done.stdout[-200:] + done.stderr
