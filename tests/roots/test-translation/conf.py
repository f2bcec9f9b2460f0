from pathlib import Path

extensions = ["myst_parser", "explainers", "terms", "layers", "sphinxcontrib.mermaid"]
explainers_strict = True
language = "de"


def setup(app):
    app.add_message_catalog("explainers", str(Path(__file__).parent / "locale"))
