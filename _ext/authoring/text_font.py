"""Cut Source Serif 4 down to what the articles' text uses.

Needs, in a throw-away environment, ``pip install fonttools brotli``; the sources are the two
variable fonts of release 4.005 (npm package ``source-serif`` 4.5.1, folder ``VAR``)::

    PYTHONPATH=_ext python -m authoring.text_font path/to/VAR

It writes ``_static/fonts/explainers-text.woff2`` with its italic and its bold italic, each with the
characters of common English text, and the rest to files ending in ``-more``, which browsers load
where a page has one of these. It prints the ``unicode-range`` of both, which ``_static/fonts.css``
repeats. Upright weights stay between text and bold and the optical size is near that of text: each
further axis doubles the files, so the italics, of which few words are bold, have two files instead.
Of the sources come, without axes, the two fonts of the book's headings, in ``_ext/book/fonts``: TeX
reads no WOFF. All are renamed because their licence asks that of changed copies.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

from .math_font import css_ranges

NAME = "Explainers Text"
TARGET = Path(__file__).parents[2] / "_static" / "fonts"
HEADINGS = Path(__file__).parents[1] / "book" / "fonts"
HEADING_WEIGHT = 650  # as in _static/site.css
FEATURES = ["ccmp", "kern", "liga", "locl", "mark", "mkmk"]

# Latin with what names in the bibliography need, Greek letters in prose, punctuation, and the
# few signs that stand in running text; all others are the business of the math font.
CODES = {
    *range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x391, 0x3CA),
    0x2C6, 0x2C7, 0x2DA, 0x2DC, 0x2009, 0x200A, *range(0x2010, 0x2016), *range(0x2018, 0x201F),
    0x2020, 0x2021, 0x2022, 0x2026, 0x2030, 0x2032, 0x2033, 0x2039, 0x203A, 0x2044, 0x20AC,
    0x2122, *range(0x2190, 0x2194), 0x2212, 0x2248, 0x2260, 0x2264, 0x2265,
}  # fmt: skip
# Those that the articles' text uses, but for names, which stand in lists of another font.
COMMON = {
    *range(0x20, 0x7F), 0xA0, 0xA9, *range(0xB0, 0xB4), *range(0xB5, 0xB8), 0xB9, 0xBC, 0xBD, 0xBE,
    0xD7, 0xE9, 0xF6, 0xF7, 0xFC, *range(0x3B1, 0x3B4), 0x3B5, 0x3B8, 0x3BB, 0x3BC, 0x3C0, 0x3C1,
    0x3C3, 0x3C7, 0x2013, 0x2014, 0x2018, 0x2019, 0x201C, 0x201D, 0x2026, 0x2192, 0x2212,
}  # fmt: skip
TEXT, BOLD, BOTH = 400, 700, (400, 400, 700)


def cut(source: Path, target: Path, style: str, codes: set[int], weight: object) -> None:
    """Write the smaller font to ``target``."""
    font = TTFont(source, recalcTimestamp=False)
    options = subset.Options(
        layout_features=FEATURES, hinting=True, name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14]
    )
    subsetter = subset.Subsetter(options)
    codes = codes & font.getBestCmap().keys()
    subsetter.populate(unicodes=codes)
    subsetter.subset(font)
    font = instancer.instantiateVariableFont(font, {"wght": weight, "opsz": 18})
    for record in font["name"].names:
        if record.nameID in (1, 3, 4):
            record.string = NAME if record.nameID == 1 else f"{NAME} {style}"
        elif record.nameID == 6:
            record.string = f"{NAME.replace(' ', '')}-{style}"
    font.flavor = "woff2"
    font.save(target)
    print(f"{target.name}: {target.stat().st_size} bytes, {len(codes)} characters")
    print(css_ranges(codes))


def fix_weight(source: Path, target: Path, style: str) -> None:
    """Write a font of ``source``'s letters in the weight of headings to ``target``."""
    font = TTFont(source, recalcTimestamp=False)
    font = instancer.instantiateVariableFont(font, {"wght": HEADING_WEIGHT})
    name = "Explainers Heading"
    named = {1: name, 2: style, 3: f"{name} {style}", 4: f"{name} {style}"}
    named[6] = f"{name.replace(' ', '')}-{style}"
    for record in font["name"].names:
        record.string = named.get(record.nameID, record.toUnicode())
    font["OS/2"].usWeightClass = 400  # the only weight there is: nobody should ask for it
    font.flavor = None
    font.save(target)
    print(f"{target.name}: {target.stat().st_size} bytes")


def main(source: str) -> None:
    """Write all fonts."""
    for style, suffix in (("Roman", ""), ("Italic", "-italic")):
        path, text = Path(source, f"SourceSerif4Variable-{style}.ttf"), f"explainers-text{suffix}"
        with TemporaryDirectory() as folder:
            whole = Path(folder, "whole.woff2")
            cut(path, whole, style, CODES, BOTH)
            fix_weight(whole, HEADINGS / f"explainers-heading{suffix}.ttf", style)
        cut(path, TARGET / f"{text}-more.woff2", style, CODES - COMMON, BOTH)
        if style == "Roman":
            cut(path, TARGET / f"{text}.woff2", style, COMMON, BOTH)
        else:
            cut(path, TARGET / f"{text}.woff2", style, COMMON, TEXT)
            cut(path, TARGET / f"{text}-bold.woff2", f"Bold {style}", COMMON, BOLD)


if __name__ == "__main__":
    main(*sys.argv[1:])
