"""What the extensions can say to whoever writes, found in their code, and what it means.

``messages.toml`` has an entry for every ``type.subtype``: what it means, an example, the cure.
``make reference`` writes MESSAGES.md from it; :func:`said` finds what the code can say, so that a
test can tell which entry is missing.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

CODE = Path(__file__).parents[1]
SOURCE = Path(__file__).with_name("messages.toml")
# Packages whose messages come from the checks of front matter, and the functions that make them.
_SHARED = ("load_yaml", "explain")
_SAYS = re.compile(r"_?(?:warn|refuse|Problem|Slip)")
_SUBTYPE = re.compile(r"[a-z][a-z-]*")
_HEAD = """\
# Messages

A mistake never stops the rest of the build: the other pages are built, and every message is shown
at the end, with file and line. In brackets it ends with its name, which is found below.
`suppress_warnings` in `conf.py` takes these names, for projects with rules of their own; what is
refused stays out all the same. Names that are not below are those of the tools: Sphinx, MyST-Parser
(`myst.…`), docutils.

`make reference` writes this page from `_ext/authoring/messages.toml`.
"""


class Message(NamedTuple):
    """An entry of the list; ``example`` is what the build may say, without file, line and name."""

    name: str
    means: str
    example: str
    cure: str


def listed() -> dict[str, tuple[str, tuple[Message, ...]]]:
    """Return by type: what its messages are about, and the messages."""
    data: dict[str, dict[str, Any]] = tomllib.loads(SOURCE.read_text(encoding="utf-8"))
    return {
        kind: (
            entries["about"],
            tuple(
                Message(f"{kind}.{subtype}", entry["means"], entry["example"], entry["cure"])
                for subtype, entry in entries.items()
                if subtype != "about"
            ),
        )
        for kind, entries in data.items()
    }


def page() -> str:
    """Return MESSAGES.md."""
    parts = [_HEAD]
    for kind, (about, messages) in listed().items():
        parts.append(f"## {kind}\n\n{about}\n")
        for message in messages:
            parts.append(f"### `{message.name}`\n\n{message.means}\n")
            parts.append(f"```text\n{message.example}\n```\n\n**Cure:** {message.cure}\n")
    return "\n".join(parts)


def said() -> dict[str, set[str]]:
    """Return every ``type.subtype`` that the code says, with the files that do."""
    trees = {
        path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(CODE.rglob("*.py"))
    }
    kinds = _types()
    shared = {
        subtype
        for node in ast.walk(trees[CODE / "explainers/record.py"])
        if isinstance(node, ast.FunctionDef) and node.name in _SHARED
        for subtype in _subtypes(node)
    }
    found: dict[str, set[str]] = defaultdict(set)
    for path, tree in trees.items():
        package = path.relative_to(CODE).parts[0].removesuffix(".py")
        subtypes = set(_subtypes(tree)) | (shared if _imports(tree, _SHARED) else set())
        for subtype in subtypes if package != "authoring" else ():
            found[f"{kinds.get(package, 'explainers')}.{subtype}"].add(
                path.relative_to(CODE).as_posix()
            )
    return dict(found)


def _types() -> dict[str, str]:
    """Return the type of the messages of each package; others use the explainers' own."""
    found = {}
    for path in sorted(CODE.rglob("*.py")):
        package = path.relative_to(CODE).parts[0].removesuffix(".py")
        if match := re.search(r'\btype="(\w+)", subtype', path.read_text(encoding="utf-8")):
            found[package] = match[1]
    return found


def _subtypes(tree: ast.AST) -> Iterator[str]:
    """Yield the subtypes that code names.

    They are the first argument of what says or makes a message, the argument or variable
    ``subtype``, or the first of three things returned or kept to be said.
    """
    for node in ast.walk(tree):
        values: list[ast.expr | None] = []
        if isinstance(node, ast.Call):
            function = node.func
            name = getattr(function, "attr", getattr(function, "id", ""))
            values += node.args[:1] if _SAYS.fullmatch(name) else []
            values += [word.value for word in node.keywords if word.arg == "subtype"]
        elif isinstance(node, (ast.Assign, ast.Return)):
            value = node.value
            named = isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "subtype"
            if named:
                values += [value.body, value.orelse] if isinstance(value, ast.IfExp) else [value]
            elif isinstance(value, ast.Tuple) and len(value.elts) == 3:
                values += value.elts[:1] if not isinstance(value.elts[1], ast.Constant) else []
        for value in values:
            if isinstance(value, ast.Constant) and _SUBTYPE.fullmatch(str(value.value)):
                yield str(value.value)


def _imports(tree: ast.AST, names: tuple[str, ...]) -> bool:
    """Return whether code imports something of these ``names``."""
    return any(
        alias.name in names
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    )
