"""Which characters are set in which other font."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from book import scripts
from book.scripts import wrapped


@pytest.mark.parametrize(
    ("text", "tex"),
    [
        ("plain words", "plain words"),
        ("café, naïve – “quoted” … € ≤ → α", "café, naïve – “quoted” … € ≤ → α"),
        ("x 世界 y", r"x \bookscript{cjk}{世界} y"),
        ("你 好", r"\bookscript{cjk}{你 好}"),
        ("नमस्ते दुनिया!", r"\bookscript{deva}{नमस्ते दुनिया}!"),
        ("שלום עולם.", r"\bookscriptrtl{hebr}{שלום עולם}."),
        ("سلام", r"\bookscriptrtl{arab}{سلام}"),
        ("мир и 世", r"\bookscript{letter}{мир и} \bookscript{cjk}{世}"),
        ("Καλημέρα κόσμε", r"\bookscript{greek}{Καλημέρα κόσμε}"),
        ("πθ and θ", "πθ and θ"),
        ("👩\u200d💻", r"\bookscript{emoji}{👩💻}"),
        ("❤\ufe0f", r"\bookscript{symbol}{❤}"),
        ("x⁴ ★", r"x\bookscript{symbol}{⁴} \bookscript{symbol}{★}"),
        ("q\u0320", "\\bookscript{mark}{q\u0320}"),
        ("ℝ", r"\bookscript{sign}{ℝ}"),
    ],
)
def test_runs_in_text(text: str, tex: str) -> None:
    assert wrapped(text) == tex


@pytest.mark.parametrize(
    ("text", "tex"),
    [
        ("x⁴ ★ мир Καλημέρα ℝ", "x⁴ ★ мир Καλημέρα ℝ"),
        ("世界", r"\bookscript{cjk}{世界}"),
        ("thế", r"th\bookscript{typed}{ế}"),
        ("ọ\u0300", "\\bookscript{typed}{ọ\u0300}"),
        (r"\PYG{l+s}{мир 🙂}", r"\PYG{l+s}{мир \bookscript{emoji}{🙂}}"),
    ],
)
def test_font_of_code_has_more(text: str, tex: str) -> None:
    assert wrapped(text, code=True) == tex


@pytest.mark.parametrize(
    ("text", "tex"),
    [
        ("naïve → 10 − 2", "naïve → 10 − 2"),
        ("the √ of ∞", r"the \bookscript{text}{√} of \bookscript{text}{∞}"),
        ("Ἀρχή", r"\bookscript{greek}{Ἀρχή}"),
        ("ẽ", r"\bookscript{text}{ẽ}"),
    ],
)
def test_font_of_headings_has_less(text: str, tex: str) -> None:
    assert wrapped(text, heading=True) == tex


def test_headings_know_what_their_font_has() -> None:
    font = (Path(scripts.__file__).parent / "fonts" / "explainers-heading.ttf").read_bytes()
    known = characters(font)
    unwrapped = [c for c in range(0xA0, 0x2FFF) if wrapped(chr(c), heading=True) == chr(c)]
    assert [hex(c) for c in unwrapped if c not in known] == []


def characters(font: bytes) -> set[int]:
    """Return the characters of a font of TrueType, by its table of segments."""
    tables = {
        font[at : at + 4]: struct.unpack(">LL", font[at + 8 : at + 16])
        for at in range(12, 12 + 16 * struct.unpack(">H", font[4:6])[0], 16)
    }
    start, _length = tables[b"cmap"]
    offset = start + struct.unpack(">L", font[start + 8 : start + 12])[0]
    assert struct.unpack(">H", font[offset : offset + 2]) == (4,)
    doubled = struct.unpack(">H", font[offset + 6 : offset + 8])[0]
    ends, starts = (
        struct.unpack(f">{doubled // 2}H", font[at : at + doubled])
        for at in (offset + 14, offset + 16 + doubled)
    )
    return {code for low, high in zip(starts, ends, strict=True) for code in range(low, high + 1)}
