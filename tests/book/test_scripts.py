"""Which characters are set in which other font."""

from __future__ import annotations

import pytest

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
