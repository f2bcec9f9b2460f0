from pathlib import Path

extensions = ["myst_parser", "explainers", "terms", "layers", "drafts", "sphinxcontrib.mermaid"]
language = "de"


def setup(app):
    app.add_message_catalog("explainers", str(Path(__file__).parent / "locale"))
