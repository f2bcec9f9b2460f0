"""Figures made while building: diagrams, charts of results, cut texts, SVG in print; and numbers.

Each module registers what it offers in its own ``setup``; what draws (merman, vl-convert) is
loaded when the first figure needs it, so a build with nothing to write does not pay for it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register every kind of figure."""
    from figures import (
        charts,
        diagrams,
        numbering,
        result_roles,
        signatures,
        svg,
        tokenizer,
    )  # importing the package alone imports no Sphinx
    from figures.domain import FiguresDomain

    app.setup_extension("incremental")
    app.add_domain(FiguresDomain)
    app.add_message_catalog("figures", str(Path(__file__).parent / "locale"))
    diagrams.setup(app)
    result_roles.setup(app)
    charts.setup(app)
    signatures.setup(app)
    numbering.setup(app)
    svg.setup(app)
    tokenizer.setup(app)
    # Count env_version up when the attributes of the nodes in pickled doctrees change.
    return {
        "version": "1.0",
        "env_version": 5,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
