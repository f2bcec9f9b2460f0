"""Numbers with a source: how they are printed, and the record of published results."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the record."""
    from evidence import domain, pages  # importing the package alone imports no Sphinx

    app.setup_extension("incremental")
    app.setup_extension("sphinxcontrib.bibtex")
    app.add_config_value("evidence_records", "articles/*/*.record.yaml", "env", types=(str,))
    app.add_message_catalog("evidence", str(Path(__file__).parent / "locale"))
    app.add_domain(domain.EvidenceDomain)
    app.connect("env-get-outdated", domain.on_env_get_outdated)
    app.connect("env-updated", domain.on_env_updated)
    pages.setup(app)
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": True}
