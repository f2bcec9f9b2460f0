"""Cut Source Serif 4 down to what the articles' text uses.

Needs, in a throw-away environment, ``pip install fonttools brotli``; the sources are the two
variable fonts of release 4.005 (npm package ``source-serif`` 4.5.1, folder ``VAR``)::

    python _ext/authoring/text_font.py path/to/VAR

It writes ``_static/fonts/explainers-text.woff2`` and its italic. Weights stay between text and
bold and the optical size is near that of text: each further axis doubles the files. Of these
come, without axes, the two fonts of the book's headings, in ``_ext/book/fonts``: TeX reads no
WOFF. All are renamed because their licence asks that of changed copies.
"""

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

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


def cut(source: Path, target: Path, style: str) -> None:
    """Write the smaller font to ``target``."""
    font = TTFont(source, recalcTimestamp=False)
    options = subset.Options(
        layout_features=FEATURES, hinting=True, name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14]
    )
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=CODES)
    subsetter.subset(font)
    font = instancer.instantiateVariableFont(font, {"wght": (400, 400, 700), "opsz": 18})
    for record in font["name"].names:
        if record.nameID in (1, 3, 4):
            record.string = NAME if record.nameID == 1 else f"{NAME} {style}"
        elif record.nameID == 6:
            record.string = f"{NAME.replace(' ', '')}-{style}"
    font.flavor = "woff2"
    font.save(target)
    print(f"{target.name}: {target.stat().st_size} bytes, {len(font.getBestCmap())} characters")


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
        path = Path(source, f"SourceSerif4Variable-{style}.ttf")
        text = TARGET / f"explainers-text{suffix}.woff2"
        cut(path, text, style)
        fix_weight(text, HEADINGS / f"explainers-heading{suffix}.ttf", style)


if __name__ == "__main__":
    main(*sys.argv[1:])
