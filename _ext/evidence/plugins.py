"""Pybtex, which finds a plugin once and prints a source once.

It looks through all that is installed whenever a plugin is asked for, and sphinxcontrib-bibtex asks
for four at each citation, of which it then prints the source anew: half of the time in which
articles are read. Pybtex takes what is registered with it before it looks elsewhere.
"""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from importlib.metadata import entry_points
from typing import Any

from pybtex.plugin import find_plugin, register_plugin
from pybtex.style import FormattedEntry

_STYLES = "pybtex.style.formatting"
_OTHERS = ("pybtex.style.names", "pybtex.style.labels", "pybtex.style.sorting", "pybtex.backends")

# What is printed by now: by style and entry, which is kept so that its number stays its own.
_printed: dict[tuple[type, int], tuple[Any, Any]] = {}


@cache
def remember() -> None:
    """Register what Pybtex would find, and styles that remember what they have printed."""
    for group in (_STYLES, *_OTHERS):
        for name in entry_points(group=group).names:
            with suppress(Exception):  # of somebody's plugin: told where one asks for it
                found = find_plugin(group, name)
                register_plugin(
                    group, name, _remembering(found) if group == _STYLES else found, force=True
                )


def forget() -> None:
    """Forget what is printed: entries are to be read."""
    _printed.clear()


def _remembering(style: Any) -> Any:
    """Return ``style``, of which a source that is printed again is as it was."""

    class Remembering(style):  # type: ignore[misc]
        def format_entry(self, label: str, entry: Any, bib_data: Any = None) -> FormattedEntry:
            if bib_data is not None:  # other entries may be part of it
                return super().format_entry(label, entry, bib_data)
            key = style, id(entry)
            if key not in _printed:
                _printed[key] = entry, super().format_entry(label, entry).text
            return FormattedEntry(entry.key, _printed[key][1], label)

    return Remembering
