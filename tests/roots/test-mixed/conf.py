import json
from pathlib import Path

extensions = ["myst_parser", "explainers"]
myst_enable_extensions = ["dollarmath"]


def setup(app):
    app.connect("build-finished", keep_metadata)


def keep_metadata(app, error):
    """Write down what other extensions are told of each page's front matter."""
    Path(app.outdir, "metadata.json").write_text(json.dumps(app.env.metadata))
