"""Pictures in dots: whether a file holds a whole one, of a size that every output can show.

A picture that is cut off is shown by browsers as far as it goes, by some readers of e-books not at
all, and ends the typesetting of the book. Knows no Sphinx.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from zlib import crc32

_PNG, _JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"
_LARGEST = 10_000  # dots a side: shown, it takes four bytes for each dot
_CUT = "it is cut off or damaged"
_ALONE = {0x01, *range(0xD0, 0xD8)}  # markers of JPEG without anything that belongs to them
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}


def fault(data: bytes, ending: str) -> str:
    """Return why no picture of the kind that ``ending`` names is in ``data``, or nothing."""
    kind = "PNG" if ending == ".png" else "JPEG"
    if not data.startswith(_PNG if kind == "PNG" else _JPEG):
        return f"what it holds is no {kind} picture"
    try:
        size = _png(data) if kind == "PNG" else _jpeg(data)
    except (ValueError, struct.error):
        return _CUT
    if not all(0 < side <= _LARGEST for side in size):
        return f"it is {size[0]:,} × {size[1]:,} dots; expected at most {_LARGEST:,} a side"
    return ""


def _png(data: bytes) -> tuple[int, int]:
    """Return width and height.

    Raises: ValueError, struct.error where something is missing.
    """
    at, size = len(_PNG), None
    while True:
        length, kind = struct.unpack_from(">I4s", data, at)
        (checksum,) = struct.unpack_from(">I", data, at + 8 + length)
        if crc32(data[at + 4 : at + 8 + length]) != checksum:
            raise ValueError(_CUT)
        if kind == b"IHDR":
            size = struct.unpack_from(">II", data, at + 8)
        if kind == b"IEND" and size:
            return size
        at += 12 + length


def _jpeg(data: bytes) -> tuple[int, int]:
    """Return width and height.

    Raises: ValueError, struct.error where something is missing.
    """
    size = None
    for marker, at in _markers(data):
        if marker in _FRAMES:
            height, width = struct.unpack_from(">HH", data, at + 3)
            size = width, height
        if marker == 0xDA:  # the dots, which an end follows; after it some cameras put more
            if size is None or data.find(b"\xff\xd9", at) < 0:
                raise ValueError(_CUT)
            return size
    raise ValueError(_CUT)


def _markers(data: bytes) -> Iterator[tuple[int, int]]:
    """Yield each marker with the place of what follows it."""
    at = 2
    while at < len(data):
        sign, marker = struct.unpack_from(">BB", data, at)
        if sign != 0xFF:
            raise ValueError(_CUT)
        if marker == 0xFF:  # before a marker there may be several of them
            at += 1
            continue
        yield marker, at + 2
        at += 2 if marker in _ALONE else 2 + struct.unpack_from(">H", data, at + 2)[0]
