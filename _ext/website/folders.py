"""What may not lie in the folders that everybody contributes to: by its name, or as a link.

Names become parts of addresses, of TeX, of style sheets and of patterns, so they have no
characters that mean something there. Whatever walks through folders follows links, which may
lead in circles. Knows no Sphinx.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator
from pathlib import Path, PurePath

_WORD = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*")
_LONGEST = 100
_TEMPLATES = ("_t", ".jinja")  # endings of files in which Sphinx would run code


def name_fault(name: str, *, folder: bool = False) -> str:
    """Return why no file or folder may be called ``name``, or nothing."""
    if folder and "." in name.strip("."):
        return "it is a folder, and called as a file is"
    words = [name] if folder else name.split(".")
    if len(name) > _LONGEST or not all(map(_WORD.fullmatch, words)):
        return (
            "names are at most 100 letters from A to Z, digits, hyphens and underscores, with dots"
            " before the endings of files"
        )
    if not folder and name.lower().endswith(_TEMPLATES):
        return f"files that end in {' or '.join(_TEMPLATES)} are templates"
    if not folder and name.endswith((".MD", ".Md", ".mD")):
        return "the ending of a page is .md, in small letters"
    return ""


def place_fault(root: Path, path: Path) -> str:
    """Return why nothing may be taken from ``path``, or nothing; links are followed."""
    try:
        parts = path.resolve().relative_to(root.resolve()).parts
    except (OSError, RuntimeError, ValueError):
        return "it lies outside of the project"
    if any(part.startswith(".") for part in parts):
        return "it is hidden"
    faults = [name_fault(name, folder=True) for name in parts[:-1]]
    return next(filter(None, [*faults, *map(name_fault, parts[-1:])]), "")


def unfit(root: Path, folders: Collection[str]) -> Iterator[tuple[PurePath, str]]:
    """Yield the path below ``root`` of what is to be passed over, and what is wrong with it.

    Nothing is wrong with links outside of ``folders``, from which nothing is published.
    """
    for here, below, files in os.walk(root):
        below[:] = sorted(name for name in below if not name.startswith("."))
        for name in [*below, *sorted(files)]:
            path, folder = PurePath(here, name).relative_to(root), name in below
            link = Path(here, name).is_symlink()
            ours = path.parts[0] in folders and not name.startswith(".")
            fault = name_fault(name, folder=folder) if ours else ""
            if folder and link:
                fault = "it is a link; put there what is in it" if ours else ""
            elif ours and link:
                fault = fault or place_fault(root, root / path)
            if fault or (folder and link):
                yield path, fault
                if folder:
                    below.remove(name)


def pattern(path: PurePath) -> str:
    """Return what stands for ``path``, and no other, among Sphinx's patterns."""
    # Python warns about a set that begins with two opening brackets.
    special = {"[": "[][]", "*": "[*]", "?": "[?]"}
    return "".join(special.get(character, character) for character in path.as_posix())
