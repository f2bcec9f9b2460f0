"""Cut TeX Gyre Pagella Math, the book's font of formulas, down to what the articles use.

Needs, in a throw-away environment, ``pip install fonttools brotli``; the source is
``texgyrepagella-math.otf`` 1.632 (Debian package ``fonts-texgyre-math``, or CTAN
``tex-gyre-math``)::

    PYTHONPATH=_ext python -m authoring.math_font path/to/texgyrepagella-math.otf

It writes ``_static/fonts/explainers-math.woff2``, with what most formulas are made of, and the rest
to ``explainers-math-more.woff2``, which browsers load where a page has some of it. It prints the
``unicode-range`` of each, which ``_static/math.css`` repeats, so that browsers and a test know what
the fonts hold. What stretches stands in the first: browsers take sizes from one font alone.
Hinting stays in: without it, thin strokes vanish on low-resolution screens. Layout features
go (half of the size): browsers take the taller brackets and roots from the MATH table, and
drew no pixel differently with them. The font is renamed because its licence asks that of
changed copies.
"""

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

NAME = "Explainers Math"
TARGET = Path(__file__).parents[2] / "_static" / "fonts"

# Browsers draw <mi>x</mi> with the italic letters of the Mathematical Alphanumeric block,
# whatever the source says, so those are needed although no page contains them.
RANGES = """
20-7E A0 A7 A8 AC AF-B1 B4 B7 D7 F7 131 2C6 2C7 2D8-2DA 2DC 302 332 338
393 394 398 39B 39E 3A0 3A3 3A5 3A6 3A8 3A9 3B1-3C9 3D1 3D5 3D6 3F0 3F1 3F5
2002-200A 2010 2013 2014 2016 2018 2019 201C 201D 2020-2022 2026 2032-2034 2061-2064
2102 210B-210E 2110-2113 2115 2119-211B 211D 2124 212C 2130 2131 2133
2190-2199 21A0 21A6 21A9 21AA 21D0-21D5 21DD 27F5-27FA
2200 2202-2209 220B 220F 2210-2213 2215-221A 221D 221E 2220 2223-222E
2234-2237 223C 2243 2245 2248 2250 2254 225C 225F-2265 226A 226B
227A 227B 2282-2287 228E 2291-229A 22A2-22A5 22A8 22C0-22C6 22EE-22F1
2308-230B 23DC-23DF 25A1 27C2 27E6-27E9 2A00-2A02 2A06 2A7D 2A7E 2AAF 2AB0
1D400-1D49B 1D49C-1D4B5 1D538-1D551 1D5A0-1D5B9
1D6A4 1D6A5 1D6E4 1D6E5 1D6E9 1D6EC 1D6EF 1D6F1 1D6F4 1D6F7 1D6F9 1D6FA 1D6FC-1D71B
1D736-1D755 1D7CE-1D7D9
"""

# Of these, what the articles' formulas need, and all that stretches.
COMMON = """
20-7E A0 AF B1 B7 D7 F7 2C6 2DC 332 394 3A3 3B1-3C9 3D5 3F5 2002-200A 2016 2019 2026 2032 2061-2064
210E 2112 2113 2190 2192 21A6 2202 2207 2208 220F 2211 2212 2217 221A 221D 221E 2223 222B
223C 2248 2260 2264 2265 2299 22A4 22C5 22EF 227B 2308-230B 23DE 23DF 27E8 27E9
1D434-1D467 1D4B1 1D53C 1D6E5 1D6FB-1D716 1D719
"""


def wanted(ranges: str) -> set[int]:
    """Return the code points named in ``ranges``."""
    pairs = (part.partition("-") for part in ranges.split())
    spans = ((int(first, 16), int(last or first, 16)) for first, _, last in pairs)
    return {code for first, last in spans for code in range(first, last + 1)}


def css_ranges(codes: set[int]) -> str:
    """Return ``codes`` in the notation of CSS's ``unicode-range``."""
    parts: list[str] = []
    for code in sorted(codes):
        if code - 1 in codes:
            continue
        last = code
        while last + 1 in codes:
            last += 1
        parts.append(f"U+{code:X}" + (f"-{last:X}" if last > code else ""))
    return ", ".join(parts)


def cut(source: str, target: Path, codes: set[int]) -> None:
    """Write the smaller font to ``target``."""
    font = TTFont(source, recalcTimestamp=False)
    options = subset.Options(layout_features=[], hinting=True, name_IDs=[0, 1, 2, 3, 4, 5, 6])
    options.drop_tables += ["FFTM"]
    subsetter = subset.Subsetter(options)
    codes &= font.getBestCmap().keys()
    subsetter.populate(unicodes=codes)
    subsetter.subset(font)
    for record in font["name"].names:
        if record.nameID in (1, 3, 4):
            record.string = NAME
        elif record.nameID == 6:
            record.string = NAME.replace(" ", "") + "-Regular"
    font["CFF "].cff.fontNames[0] = NAME.replace(" ", "") + "-Regular"
    font.flavor = "woff2"
    font.save(target)
    print(f"{target.name}: {target.stat().st_size} bytes, {len(codes)} characters")
    print(css_ranges(codes))


def main(source: str) -> None:
    """Write both fonts."""
    common = wanted(COMMON)
    cut(source, TARGET / "explainers-math.woff2", common)
    cut(source, TARGET / "explainers-math-more.woff2", wanted(RANGES) - common)


if __name__ == "__main__":
    main(*sys.argv[1:])
