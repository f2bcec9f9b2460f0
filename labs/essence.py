"""What of a module's code decides what it computes, the same for every Python that can run it.

Not comments and layout, not texts that are only there to be read, and not what is said of types:
whoever improves these need not run an experiment again.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator


def essence(source: bytes) -> str:
    """Return a text that stays the same as long as the code does."""
    return _written(ast.parse(source), in_class=False)


def _written(part: object, *, in_class: bool) -> str:
    """Return a part of the syntax tree as text; ``in_class`` says that it stands in a class."""
    if isinstance(part, list):
        kept = (item for item in part if not _only_read(item, in_class))
        return f"[{', '.join(_written(item, in_class=in_class) for item in kept)}]"
    if not isinstance(part, ast.AST):
        return ascii(part)  # what `repr` leaves as it is depends on the version of Unicode
    if isinstance(part, ast.AnnAssign) and part.value and not in_class:
        part = ast.Assign([part.target], part.value)
    if isinstance(part, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
        in_class = isinstance(part, ast.ClassDef)
    fields = (f"{name}={_written(value, in_class=in_class)}" for name, value in _fields(part))
    return f"{type(part).__name__}({', '.join(fields)})"


def _only_read(item: object, in_class: bool) -> bool:
    """Return whether a statement does nothing when it is run.

    In a class annotations do something: a dataclass makes its fields of them.
    """
    if isinstance(item, ast.Expr):
        return isinstance(item.value, ast.Constant)
    if isinstance(item, ast.If):
        return isinstance(item.test, ast.Name) and item.test.id == "TYPE_CHECKING"
    return isinstance(item, ast.AnnAssign) and item.value is None and not in_class


def _fields(node: ast.AST) -> Iterator[tuple[str, object]]:
    """Yield what a node consists of; newer versions of Python have more that is empty."""
    for name, value in ast.iter_fields(node):
        of_types = name in ("returns", "type_comment") or (
            name == "annotation" and isinstance(node, ast.arg)
        )
        if value not in (None, []) and not of_types:
            yield name, value
