"""Builds that are right after every edit: each output is what a build from nothing would make.

Sphinx decides by the times of files what to read and write again, and remembers in one place what
concerns several outputs. So a page stays old when another builder has read it in between, when a
file takes the place of a newer one, when what it shows of other pages changes, or when a build was
killed. Here each folder of doctrees has one build at a time, which leaves a mark until it has
finished (:mod:`.turns`); files are compared as they were when read (:mod:`.inputs`); and for each
output folder it is kept what its pages show (:mod:`.shown`), so that exactly the others are
written (:mod:`.outputs`), and which files stand beside them (:mod:`.copied`).

An extension whose pages show more of each other connects to ``incremental-shown``, which is called
with app and environment once all pages are read, and returns by page anything whose ``repr``
changes when the page has to be written again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the parts; imported here so that the pure modules need no Sphinx."""
    from . import copied, domain, inputs, outputs, shown, turns

    app.add_domain(domain.IncrementalDomain)
    app.add_event("incremental-shown")
    turns.setup(app)
    inputs.setup(app)
    shown.setup(app)
    outputs.setup(app)
    copied.setup(app)
    return {"env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
