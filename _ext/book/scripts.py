r"""Runs of characters that the book's own fonts lack, each set in a font that has them.

XeTeX takes no other font by itself: what a font lacks leaves a gap on the page and a line in the
log. So the writer wraps each run, ``\bookscript{deva}{…}``, and ``bookfonts.sty`` says which
font that is. What no run here covers fails the book: the log is read after typesetting.
"""

from __future__ import annotations

import re

# Scripts by the name of their font. FreeSerif has most of them; one each for the rest.
_SCRIPTS = {
    "armn": "\u0530-\u058f",
    "hebr": "\u0590-\u05ff\ufb1d-\ufb4f",
    "arab": "\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc",
    "deva": "\u0900-\u097f",
    "beng": "\u0980-\u09ff",
    "guru": "\u0a00-\u0a7f",
    "gujr": "\u0a80-\u0aff",
    "orya": "\u0b00-\u0b7f",
    "taml": "\u0b80-\u0bff",
    "telu": "\u0c00-\u0c7f",
    "knda": "\u0c80-\u0cff",
    "mlym": "\u0d00-\u0d7f",
    "sinh": "\u0d80-\u0dff",
    "thai": "\u0e00-\u0e7f",
    "lao": "\u0e80-\u0eff",
    "mymr": "\u1000-\u109f",
    "geor": "\u10a0-\u10ff",
    "ethi": "\u1200-\u139f",
    "cher": "\u13a0-\u13ff",
    "khmr": "\u1780-\u17ff",
    "cjk": "\u1100-\u11ff\u2e80-\u2fdf\u3000-\u312f\u3130-\u33ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0002fa1f",
}
_RIGHT_TO_LEFT = ("arab", "hebr")
# What joins, varies or colours emoji has no shape of its own in a font of one colour.
_EMOJI = "\U0001f000-\U0001faff"
_EMOJI_MARKS = "\ufe0e\ufe0f\u200d\U000e0020-\U000e007f"
# Symbols that the text's font lacks, wholly or in part; code has a font that knows them.
_SYMBOLS = (
    "\u2016-\u2017\u2031\u203c\u203e\u2047-\u2049\u2070-\u209f\u20d0-\u20ff\u2150-\u218f"
    "\u21a8\u21b8\u21b9\u21de-\u21e5\u21ea-\u21f2\u21f4\u21f7-\u21ff\u221b\u221c\u22b0\u22b1"
    "\u22d4\u22f2-\u23ff\u2400-\u24ff\u2500-\u27bf\u27c0-\u27e5\u27f0-\u2bff"
)
# Letters that stand for something, and the signs of currencies.
_SIGNS = (
    "\u20a0\u20a2\u20a3\u20a5\u20a7-\u20aa\u20ad-\u20b0\u20b3-\u20b8\u20ba-\u20bc\u20be-\u20bf"
    "\u20b9\u2102\u210a-\u210e\u2110-\u2112\u2115\u2119-\u211d\u2124\u2128\u212c\u212d\u212f-\u2134"
    "\u2139-\u214f\U0001d400-\U0001d7ff"
)
# Letters of ours that it lacks: rare Latin, phonetics, Cyrillic.
_LETTERS = (
    "\u0138\u0149\u0166\u0167\u0180-\u018d\u018f-\u0191\u0193-\u019f\u01a2-\u01ae\u01b1-\u01cc"
    "\u01dd-\u01e5\u01e8\u01e9\u01ec-\u01ef\u01f1-\u01f3\u01f6-\u01f9\u0200-\u0217\u021c-\u0236"
    "\u0238-\u02bd\u02c0-\u02c5\u02c8-\u02d7\u02de-\u02ff\u0400-\u052f\u1c80-\u1dbf\u2c60-\u2c7f"
    "\ua640-\ua69f\ua720-\ua7ff"
)
# Letters that the font of code lacks.
_UNTYPED = "\u0180-\u024f\u1e00-\u1eff"
_GREEK, _GREEK_LACKING = "\u0370-\u03ff\u1f00-\u1fff", "\u0370-\u0390\u03aa-\u03b0\u03ca-\u03d0"
_GREEK_LACKING += "\u03d2-\u03d4\u03d7-\u03ef\u03f2\u03f3\u03f6-\u03ff\u1f00-\u1fff"
_MARKS = "\u0300-\u036f"
# What the font of headings has: authoring/text_font.py. The text's has more.
_HEADING = (
    "\x00-\u012b\u012e-\u0131\u0134-\u017f\u02c6\u02c7\u02da\u02dc\u0391-\u03a1\u03a3-\u03c9"
    "\u2009\u200a\u2010\u2012-\u2015\u2018-\u201a\u201c-\u201e\u2020-\u2022\u2026\u2030\u2032"
    "\u2033\u2039\u203a\u2044\u20ac\u2122\u2190-\u2193\u2212\u2248\u2260\u2264\u2265"
)


def _pattern(*, code: bool = False, heading: bool = False) -> re.Pattern[str]:
    """Return what finds the runs, their font as the group's name."""
    runs = {name: f"[{span}](?:[ ]?[{span}\u200c\u200d])*" for name, span in _SCRIPTS.items()}
    runs["emoji"] = f"[{_EMOJI}](?:[{_EMOJI}{_EMOJI_MARKS}])*"
    # A symbol that is followed by the mark for colour is meant as an emoji, in code too.
    runs["symbol"] = f"[\u2190-\u2bff][{_EMOJI_MARKS}]+"
    if code:
        runs["typed"] = f"(?:[{_UNTYPED}][{_MARKS}]*)+"
    else:
        runs["sign"] = f"[{_SIGNS}]+"
        runs["symbol"] += f"|[{_SYMBOLS}]+"
        runs["letter"] = f"[{_LETTERS}](?:[ ]?[{_LETTERS}])*"
        runs["greek"] = (
            f"(?:(?<![{_GREEK}])[{_GREEK}]+)?[{_GREEK_LACKING}][{_GREEK}]*(?:[ ][{_GREEK}]+)*"
        )
        # A letter goes with the marks above and below it, or they would not sit on it.
        runs["mark"] = f"(?<![{_MARKS}])\\w?[{_MARKS}]*[\u0310-\u032f\u0333-\u036f][{_MARKS}]*"
    if heading:
        runs["text"] = f"\\w?[{_MARKS}]+|[^{_HEADING}{_MARKS}]"
    return re.compile("|".join(f"(?P<{name}>{run})" for name, run in runs.items()))


_TEXT, _CODE, _HEAD = _pattern(), _pattern(code=True), _pattern(heading=True)
_NO_SHAPE = re.compile(f"[{_EMOJI_MARKS}]")


def wrapped(tex: str, *, code: bool = False, heading: bool = False) -> str:
    r"""Return ``tex`` with every run in the argument of ``\bookscript``, or of ``\bookscriptrtl``.

    ``code`` is for what is set in the font of code, which has more of its own; ``heading`` for
    what is set in that of headings, which has less.
    """
    pattern = _CODE if code else _HEAD if heading else _TEXT
    return tex if tex.isascii() else pattern.sub(_wrap, tex)


def _wrap(match: re.Match[str]) -> str:
    name, run = str(match.lastgroup), match[0]
    if name in ("emoji", "symbol"):
        run = _NO_SHAPE.sub("", run)
    command = "bookscriptrtl" if name in _RIGHT_TO_LEFT else "bookscript"
    return rf"\{command}{{{name}}}{{{run}}}"
