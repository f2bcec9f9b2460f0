"""``make reference``: what of the extensions runs when in a build, for ``_ext/README.md``."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from docutils.transforms import Transform
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

EXTENSIONS = Path(__file__).parents[1]
#: Sphinx's events in the order in which they come, and ours. Pages are read between
#: ``env-before-read-docs`` and ``env-updated``, written from ``write-started`` on.
EVENTS = {
    "config-inited": "conf.py has been read",
    "builder-inited": "the builder is there",
    "env-get-outdated": "which pages have changed?",
    "env-before-read-docs": "the list of pages to read is made",
    "source-read": "the text of one page has been read",
    "doctree-read": "its tree is made, after the transforms below",
    "env-merge-info": "a process that read pages hands over what it found",
    "env-updated": "all pages are read",
    "env-get-updated": "which pages else have to be written?",
    "incremental-shown": "what do pages show that is not theirs? Asked by `incremental`",
    "explainers-page-depends-on": "the same for one page, asked by `explainers`",
    "env-check-consistency": "everything is known: do the parts fit?",
    "write-started": "pages are about to be written",
    "doctree-resolved": "one page's tree is final, after the post-transforms below",
    "html-collect-pages": "which pages are there that have no source?",
    "html-page-context": "one page's template is about to be filled in",
    "build-finished": "all is written, or an error has ended it",
}


class Step(NamedTuple):
    """Something of ours that Sphinx calls: when, how early, what, and what it says of itself."""

    when: str
    priority: int
    name: str
    does: str


def steps(app: Sphinx) -> Iterator[Step]:
    """Yield what ``app`` calls of our extensions, in the order in which it does.

    Raises: ValueError for an event that is not in ``EVENTS``.
    """
    ours = {
        event: [listener for listener in listeners if _is_ours(listener.handler)]
        for event, listeners in app.events.listeners.items()
    }
    if unknown := {event for event, listeners in ours.items() if listeners} - EVENTS.keys():
        raise ValueError(f"EVENTS does not name {', '.join(sorted(unknown))}")
    for event in EVENTS:
        for listener in sorted(ours.get(event, ()), key=lambda listener: listener.priority):
            yield Step(event, listener.priority, _name(listener.handler), _does(listener.handler))


def transforms(app: Sphinx) -> Iterator[Step]:
    """Yield the transforms of our extensions, of pages read and of pages to be written."""
    registry = app.registry
    kinds: Iterable[tuple[str, list[type[Transform]]]] = (
        ("transform", registry.get_transforms()),
        ("post-transform", registry.get_post_transforms()),
    )
    for kind, found in kinds:
        for one in sorted(filter(_is_ours, found), key=lambda one: one.default_priority or 0):
            yield Step(kind, one.default_priority or 0, _name(one), _does(one))


def state(app: Sphinx) -> Iterator[tuple[str, int, str]]:
    """Yield what our extensions keep between builds: the domain, its version, its keys."""
    for domain in app.registry.domains.values():
        if _is_ours(domain):
            keys = ", ".join(f"`{key}`" for key in domain.initial_data)
            yield f"`{_name(domain)}`", domain.data_version, keys


def _is_ours(thing: Any) -> bool:
    package = thing.__module__.partition(".")[0]
    return (EXTENSIONS / package).is_dir() or (EXTENSIONS / f"{package}.py").is_file()


def _name(thing: Any) -> str:
    return f"{thing.__module__}.{thing.__qualname__}"


def _does(thing: Any) -> str:
    """Return the first sentence of its docstring, in one line."""
    first = (thing.__doc__ or "").strip().partition("\n\n")[0]
    return " ".join(first.split()).replace("``", "`").replace("|", r"\|")


def tables(app: Sphinx) -> Iterator[str]:
    """Yield the lines of Markdown that say what runs when, and what is kept."""
    known = list(steps(app))
    yield "\n| When | Priority | What | Does |\n| --- | --- | --- | --- |\n"
    for event, says in EVENTS.items():
        rows = [step for step in known if step.when == event]
        yield f"| **`{event}`** | | | {says} |\n" if rows else ""
        yield from map(_row, rows)
    yield "\n| When | Priority | What | Does |\n| --- | --- | --- | --- |\n"
    for step in transforms(app):
        yield _row(step, step.when)
    yield "\n| Keeps | `data_version` | Under the keys |\n| --- | --- | --- |\n"
    for name, version, keys in state(app):
        yield f"| {name} | {version} | {keys} |\n"
    yield "\n"


def _row(step: Step, when: str = "") -> str:
    return f"| {when} | {step.priority} | `{step.name}` | {step.does} |\n"


def main() -> int:
    """Print the tables of the project that is the working folder."""
    with TemporaryDirectory() as out, patch_docutils(), docutils_namespace():
        app = Sphinx(".", ".", out, out, "html", status=None, warning=StringIO())
        sys.stdout.write("".join(tables(app)))
    return 0


def of_project(root: Path) -> str:
    """Return the tables, made by a process of its own: Sphinx leaves much behind in one."""
    command = [sys.executable, "-m", "authoring.order"]
    made = subprocess.run(  # noqa: S603 - ourselves
        command, cwd=root, env=os.environ | {"PYTHONPATH": str(EXTENSIONS)},
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    return made.stdout


if __name__ == "__main__":
    sys.exit(main())
