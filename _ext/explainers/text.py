"""The text of a contributed file, and what of it no page can show. Knows no Sphinx.

Files are UTF-8. Whatever is none of it comes through as lone surrogates, which :func:`faults`
finds; what an editor marks as UTF-16 can be read all the same.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from pathlib import Path

# Controls, surrogates, private characters and those that Unicode will never give a meaning: XML,
# and so the e-book, holds only some of them, no font of the book has any.
_LAST_TWO = "".join(chr(end) for end in range(0x1FFFE, 0xF0000, 0x10000))
UNSHOWN = re.compile(
    "[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\uf8ff\ufdd0-\ufdef\ufffe\uffff"
    f"{_LAST_TWO}{_LAST_TWO.translate({ord(c): ord(c) + 1 for c in _LAST_TWO})}"
    "\U000f0000-\U0010ffff]"
)
_UTF16 = "\udcff\udcfe"  # before a text that was none of UTF-8, though it could be read
_INSTEAD = "\N{REPLACEMENT CHARACTER}"


def decoded(data: bytes) -> str:
    """Return the text of a file; line ends stay as they are."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _UTF16 + data.decode("utf-16", "replace")
    return data.decode("utf-8-sig", "surrogateescape")


def read_text(path: Path) -> str:
    """Return the text of the file at ``path``, its lines ending as Python has it."""
    return re.sub("\r\n?", "\n", decoded(path.read_bytes()))


def faults(text: str) -> Iterator[tuple[int, str]]:
    """Yield line and message for what no page can show: once a line, the encoding once in all."""
    said = 0
    foreign = re.search("[\udc80-\udcff]", text)
    if foreign:
        what = "is in UTF-16" if text.startswith(_UTF16) else "is not in UTF-8"
        message = f"the file {what}: have your editor save it as UTF-8"
        yield text.count("\n", 0, foreign.start()) + 1, message
    for match in UNSHOWN.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        if line > said and not "\udc80" <= match[0] <= "\udcff":
            yield line, f"{named(match[0])} is no character that a page can show: delete it"
            said = line


def named(character: str) -> str:
    """Return how a character is called that cannot be shown."""
    return f"U+{ord(character):04X}"


def cleaned(text: str) -> str:
    """Return ``text`` with a sign in place of each character that no page can show."""
    return UNSHOWN.sub(_INSTEAD, text.removeprefix(_UTF16))
