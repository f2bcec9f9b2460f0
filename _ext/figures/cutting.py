r"""Byte-pair encoding for pages: a list of merges read, text cut with it, tokens made visible.

``labs/data/<name>-merges.json`` is a list of merges in the order in which they were learned, each
a pair of texts. Text is split into words, each with the space before it; a word becomes bytes, and
the merge learned earliest is done first. Pure functions, no Sphinx; ``_static/tokenizer.js`` does
the same as ``encode``, ``shown`` and ``counts`` in pages. A test compares both with
``labs/bpe.py``, which no build imports.
Source: Sennrich, Haddow and Birch 2016, section 3.2; bytes as Radford et al. 2019, section 2.2.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any

from evidence.numbers import NAME
from explainers.record import did_you_mean
from explainers.text import read_text

Pair = tuple[bytes, bytes]

#: How many characters are cut at most, by pages while somebody types, too.
LONGEST = 2000

_ENDING = "-merges.json"
# Scripts mean less by a letter, and other characters by a space; this is what Python means.
_SPACE = r"\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_LETTER = r"\p{L}\p{N}_"
WORDS = r" ?\w+| ?[^\w\s]+|\s+"
WORDS_IN_SCRIPTS = rf" ?[{_LETTER}]+| ?[^{_LETTER}{_SPACE}]+|[{_SPACE}]+"
SPACES_IN_SCRIPTS = rf"[{_SPACE}]+"

_VISIBLE = {" ": "␣", "\n": "↵", "\t": "⇥"}


class TokenizerError(ValueError):
    """A tokenizer that cannot be used; the message says why."""


def path_of(folder: Path, name: str) -> Path:
    """Return where the merges ``name`` are kept."""
    return folder / f"{name}{_ENDING}"


def load(folder: Path, name: str) -> tuple[Pair, ...]:
    """Return the merges ``name``.

    Raises: TokenizerError, if there are none or they cannot be used.
    """
    try:
        stat = path_of(folder, name).stat() if NAME.fullmatch(name) else None
    except OSError:
        stat = None
    if stat is None:
        known = sorted(file.name.removesuffix(_ENDING) for file in folder.glob(f"*{_ENDING}"))
        hint = did_you_mean(name, known) or (f"; there is {', '.join(known)}" if known else "")
        raise TokenizerError(f"there is no tokenizer '{name}'{hint}")
    return _loaded(path_of(folder, name), stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=16)
def _loaded(path: Path, _mtime: int, _size: int) -> tuple[Pair, ...]:
    """Return the merges in ``path``, read once for as long as the file stays as it is."""
    try:
        return merges_of(json.loads(read_text(path)))
    except json.JSONDecodeError as error:
        fault = f"line {error.lineno} is no JSON: {error.msg}"
    except RecursionError:
        fault = "it is nested too deeply to be read"
    except TokenizerError as error:
        fault = str(error)
    except (OSError, ValueError) as error:
        fault = f"it cannot be read: {error}"
    raise TokenizerError(f"{path.name} is no list of merges: {fault}")


def merges_of(data: Any) -> tuple[Pair, ...]:
    """Return the merges that ``data``, as read from JSON, lists.

    Raises: TokenizerError, naming the first that is none.
    """
    if not isinstance(data, list) or not data:
        raise TokenizerError('write pairs of texts in their order, such as [["t", "h"]]')
    pieces = {bytes([byte]) for byte in range(256)}
    merges: dict[Pair, None] = {}
    for number, row in enumerate(data, 1):
        if not isinstance(row, list) or [type(part) for part in row] != [str, str]:
            raise TokenizerError(f'merge {number} is no pair of texts, such as ["t", "h"]')
        try:
            pair = row[0].encode(), row[1].encode()
        except UnicodeEncodeError:
            raise TokenizerError(f"merge {number} has half a character") from None
        for text, part in zip(row, pair, strict=True):
            if part not in pieces:
                raise TokenizerError(f"merge {number} glues '{text}', which no merge before makes")
        if pair in merges:
            raise TokenizerError(f"merge {number} stands there twice")
        merges[pair] = None
        pieces.add(b"".join(pair))
    return tuple(merges)


def words(text: str) -> list[str]:
    """Return the words of ``text``, each with the space before it; joined they are the text."""
    return re.findall(WORDS, text)


def encode(text: str, merges: Sequence[Pair]) -> list[bytes]:
    """Return the tokens of ``text``; joined they are its bytes."""
    rank = {pair: place for place, pair in enumerate(merges)}
    tokens: list[bytes] = []
    for word in words(text):
        parts = [bytes([byte]) for byte in word.encode()]
        while known := rank.keys() & set(pairwise(parts)):
            parts = _glued(parts, min(known, key=lambda pair: rank[pair]))
        tokens += parts
    return tokens


def _glued(parts: Sequence[bytes], pair: Pair) -> list[bytes]:
    """Return ``parts`` with every occurrence of ``pair``, from the left, made one."""
    done: list[bytes] = []
    for part in parts:
        if done and (done[-1], part) == pair:
            done[-1] += part
        else:
            done.append(part)
    return done


def shown(token: bytes) -> str:
    """Return ``token`` with everything visible: ␣ for a space, ⟨E2⟩ for a part of a character."""
    text = token.decode(errors="surrogateescape")
    return "".join(_VISIBLE.get(char) or _in_hex(ord(char)) or char for char in text)


def _in_hex(code: int) -> str:
    """Return a byte that shows nothing alone, in brackets; nothing for what shows itself."""
    lone, control = 0xDC80 <= code <= 0xDCFF, code < 0x20 or code == 0x7F
    return f"⟨{code & 0xFF:02X}⟩" if lone or control else ""


def counts(text: str, tokens: Sequence[bytes]) -> Mapping[str, str]:
    """Return what can be counted, printed: characters, bytes, tokens and, if any, tokens a word.

    Words are here what stands between spaces.
    """
    found = {
        "characters": f"{len(text):,}",
        "bytes": f"{len(text.encode()):,}",
        "tokens": f"{len(tokens):,}",
    }
    if between := len(text.split()):
        hundredths = (200 * len(tokens) + between) // (2 * between)  # halves up, as scripts do
        found["ratio"] = f"{hundredths // 100}.{hundredths % 100:02d}"
    return found


def script(name: str, merges: Sequence[Pair]) -> str:
    """Return the script of data that ``_static/tokenizer.js`` loads.

    Merges are numbers of pieces, two for each: 0 to 255 are the bytes, 256 is the first piece that
    was merged. So they are short, and bytes that are no text can be told.
    """
    numbers = {bytes([byte]): byte for byte in range(256)}
    told: list[int] = []
    for number, (left, right) in enumerate(merges, 256):
        told += [numbers[left], numbers[right]]
        numbers.setdefault(left + right, number)
    data = {"words": WORDS_IN_SCRIPTS, "spaces": SPACES_IN_SCRIPTS, "merges": told}
    return f"tokenizers[{json.dumps(name)}] = {json.dumps(data, separators=(',', ':'))};\n"


def script_name(name: str, merges: Sequence[Pair]) -> str:
    """Return the name of that script's file, another one for another content."""
    return f"{name}-{sha256(script(name, merges).encode()).hexdigest()[:16]}"
