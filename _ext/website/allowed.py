"""What articles may hold, as ``allowed.toml`` says; the answers name what is wrong.

Articles are contributed by strangers and published under the site's name. Knows no Sphinx.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from difflib import get_close_matches
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from . import drawings, folders, rasters

_LONGEST_NAME, _LONGEST_PATH = 255, 1000  # of bytes, of characters; systems stop at 4096
SOURCE = Path(__file__).with_name("allowed.toml")


@dataclass(frozen=True, slots=True)
class Use:
    """One row of the list: directives or roles, and what they are for."""

    names: tuple[str, ...]
    use: str
    options: tuple[str, ...] = ()
    files: tuple[str, ...] = ()


class Allowed:
    """The list; each ``…_fault`` returns what is wrong, or nothing."""

    def __init__(self, text: str) -> None:
        data: dict[str, Any] = tomllib.loads(text)
        self.digest = sha256(text.encode()).hexdigest()[:16]
        self.directives, self.roles = _uses(data["directive"]), _uses(data["role"])
        self.front_matter: dict[str, str] = data["front-matter"]
        self.schemes: list[str] = data["links"]["schemes"]
        self.folders: list[str] = data["files"]["folders"]
        self.pictures: list[str] = data["files"]["pictures"]
        self.downloads: list[str] = data["files"]["downloads"]
        self.drawings = drawings.Rules.of(data["drawings"])
        self.commands = frozenset(data["tex"]["commands"])
        self.environments = frozenset(data["tex"]["environments"])
        self.instead: dict[str, str] = data["instead"]
        self._directives = {name: use for use in self.directives for name in use.names}
        self._roles = {name: use for use in self.roles for name in use.names}

    def directive(self, name: str) -> Use | None:
        """Return what a directive may have."""
        return self._directives.get(name)

    def name_fault(self, kind: str, name: str) -> str:
        """Return why a directive or role may not be used, and what may in its place."""
        known = self._directives if kind == "directive" else self._roles
        if name in known:
            return ""
        close = get_close_matches(name, known, n=1)
        hint = self.instead.get(name) or (f"{{{close[0]}}}" if close else "")
        return f"the {kind} '{name}' is not for articles; " + (
            f"write {hint}" if hint else "REFERENCE.md lists those that are"
        )

    def link_fault(self, uri: str) -> str:
        """Return why nothing may lead to ``uri``."""
        # As browsers read it: they skip control characters and blanks, and know both slashes.
        plain = "".join(c for c in uri if c > " " and c != "\x7f").replace("\\", "/")
        before, colon, _ = re.split("[/?#]", plain, maxsplit=1)[0].partition(":")
        if colon and before.lower() not in self.schemes:
            listed = ", ".join(f"{scheme}:" for scheme in self.schemes)
            return f"links start with {listed} or lead to a page of this site"
        if plain.startswith("//"):
            return "say https: as well, or name a page of this site"
        if not _ADDRESS.fullmatch(uri):
            return "it has characters that no address has"
        return "" if colon else self.path_fault(re.split("[?#]", uri)[0])

    def path_fault(self, path: str) -> str:
        """Return why no file can have this path, on which systems end with errors of their own."""
        plain = unquote(path)
        if "\0" in plain:
            return "no file has a zero in its name"
        if len(plain) > _LONGEST_PATH or any(
            len(name.encode(errors="replace")) > _LONGEST_NAME for name in plain.split("/")
        ):
            return "it is longer than the name of any file"
        return ""

    def place_fault(self, root: Path, path: Path, *, anywhere: bool = False) -> str:
        """Return why a file may not be read; links are followed to what they lead to."""
        if problem := folders.place_fault(root, path):
            return problem
        parts = path.resolve().relative_to(root.resolve()).parts
        if not anywhere and parts[:1] not in [(folder,) for folder in self.folders]:
            return f"files come from {_listed([f'{name}/' for name in self.folders])}"
        return ""

    def picture_fault(self, root: Path, path: Path) -> str:
        """Return why a file may not be shown."""
        if path.suffix.lower() not in self.pictures:
            return f"pictures end in {_listed(self.pictures)}"
        problem = self.place_fault(root, path) or _folder_fault(path)
        if not problem and path.is_file():
            try:
                if path.suffix.lower() == ".svg":
                    return drawings.fault(path.read_bytes(), self.drawings)
                return rasters.fault(path.read_bytes(), path.suffix.lower())
            except OSError as error:
                return f"it cannot be read: {error.strerror}"
        return problem

    def download_fault(self, root: Path, path: Path) -> str:
        """Return why a file may not be offered: a page of it would be one of this site's."""
        if path.suffix.lower() not in self.downloads:
            return f"files to keep end in {_listed(self.downloads)}"
        return self.place_fault(root, path) or _folder_fault(path)

    def tex_fault(self, formula: str) -> str:
        """Return why print must not be given a formula."""
        if "^^" in formula:
            return "write {}^{} between two carets: ^^ is TeX's for characters by number"
        if _COMMENT.search(formula):
            return "% begins a comment in TeX, in print up to its end: write \\% for the sign"
        if wide := _WIDE.search(formula):
            return f"{wide['length']} is longer than any page: write at most three digits"
        for match in _TEX.finditer(formula):
            if match["command"] in self.commands or "@" in (match["command"] or ""):
                return f"\\{match['command']} is no mathematics"
            if match["name"] is not None and match["name"].strip() not in self.environments:
                return f"there is no environment '{match['name']}' for formulas"
        return ""


# Not those without a meaning, which are marks in texts of ours.
_ADDRESS = re.compile("[^\ue000-\uf8ff]*")
_COMMENT = re.compile(r"(?<!\\)(?:\\\\)*%")
# A length, close behind what takes one.
_WIDE = re.compile(
    r"\\(?:(?:[hvm]space|[hm]skip|m?kern|rule|raisebox)(?![A-Za-z])|\\\*?\s{0,9}\[)[^\\&]{0,40}?"
    r"(?<![\d.])(?P<length>[1-9]\d{3,99}(?:\.\d{0,99})?\s?"
    r"(?:em|ex|mu|pt|px|mm|cm|in|pc|bp|sp|dd|cc))(?![a-z])"
)
_TEX = re.compile(
    r"\\(?:begin|end)\s*\{(?P<name>[^{}]*)\}|\\(?P<command>[A-Za-z@]+)|\\.", re.DOTALL
)


def _folder_fault(path: Path) -> str:
    """Return why what should be a file is none, or nothing."""
    return "it is a folder" if path.is_dir() else ""


def _uses(rows: list[dict[str, Any]]) -> list[Use]:
    empty: list[str] = []
    return [
        Use(
            tuple(row["names"]),
            row["use"],
            tuple(row.get("options", empty)),
            tuple(row.get("files", empty)),
        )
        for row in rows
    ]


def _listed(words: Collection[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} or {last}"


@functools.cache
def allowed() -> Allowed:
    """Return the site's list."""
    return Allowed(SOURCE.read_text(encoding="utf-8"))
