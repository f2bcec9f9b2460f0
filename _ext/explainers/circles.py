"""Toctrees that lead back to a page above them: reported, and taken out before anybody goes round.

Sphinx follows toctrees without end where one lists a page that it is itself below.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform

from .domain import domain_of, warn


def circles(lists: Mapping[str, Sequence[str]], root: str) -> Iterator[tuple[str, str]]:
    """Yield page and entry wherever ``lists`` lead from a page to one above it.

    Pages are visited from ``root`` in reading order, then those that are in no list.
    """
    seen: set[str] = set()
    for start in [root, *sorted(lists)]:
        way = [start] if start not in seen else []  # from the top to where we are
        rest = {start: iter(lists.get(start, ()))}
        seen.add(start)
        while way:
            here = way[-1]
            entry = next(rest[here], None)
            if entry is None:
                way.pop()
            elif entry in way:
                yield here, entry
            elif entry not in seen:
                seen.add(entry)
                way.append(entry)
                rest[entry] = iter(lists.get(entry, ()))


def on_env_get_outdated(app: Sphinx, env: BuildEnvironment, *_changes: set[str]) -> list[str]:
    """Return the pages with such an entry: mended or not, they show only when read again."""
    return list(domain_of(env).data["circles"])


def on_env_updated(app: Sphinx, env: BuildEnvironment) -> None:
    """Take out the entries that lead upwards."""
    kept = domain_of(env).data["circles"]
    for page, entry in list(circles(env.toctree_includes, env.config.root_doc)):
        env.toctree_includes[page] = [name for name in env.toctree_includes[page] if name != entry]
        kept.setdefault(page, []).append(entry)
        trees = [tree for tree in env.tocs[page].findall(addnodes.toctree) if _cut(tree, entry)]
        line = next((tree.line for tree in trees if tree.line), 1)
        message = f"the toctree lists '{entry}', which is above this page: take it out"
        warn("circle", message, f"{env.doc2path(page)}:{line}")


def _cut(tree: addnodes.toctree, entry: str) -> bool:
    """Return whether ``tree`` had ``entry``, which it has no more."""
    had = entry in tree["includefiles"]
    tree["includefiles"] = [name for name in tree["includefiles"] if name != entry]
    tree["entries"] = [pair for pair in tree["entries"] if pair[1] != entry]
    return had


class CutCircles(SphinxPostTransform):
    """Does the same in the pages themselves."""

    default_priority = 1  # toctrees are resolved after all transforms

    def run(self, **kwargs: Any) -> None:
        circles = domain_of(self.env).data["circles"]
        for tree in self.document.findall(addnodes.toctree):
            for entry in circles.get(tree.get("parent", ""), ()):
                _cut(tree, entry)
