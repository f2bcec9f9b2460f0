"""Sphinx configuration of Explainer Articles; every option not set here is Sphinx's default."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "Explainer Articles"
version = release = "0.1"
author = "the Explainer Articles contributors"
copyright = "2026, the Explainer Articles contributors (text CC BY 4.0, code MIT)"  # noqa: A001

extensions = [
    "ebook",
    "explainers",
    "figures",
    "mathml",
    "myst_parser",
    "sphinx_design",
    "sphinxcontrib.bibtex",
    "sphinxcontrib.mermaid",
    "website",
]

include_patterns = ["index.md", "articles/**"]
nitpicky = True

myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_footnote_sort = False  # sources stay where they are asked for, above the related explainers

bibtex_bibfiles = ["articles/references.bib"]
bibtex_footbibliography_header = ""

html_theme = "furo"
html_title = project
html_static_path = ["_static"]
html_math_renderer = "mathml"
html_copy_source = False
html_show_sphinx = False

latex_engine = "xelatex"
latex_show_pagerefs = True
latex_use_xindy = False
figure_align = "!htb"  # Sphinx's default lets figures drift far from where they are discussed
latex_documents = [("index", "explainers.tex", project, author, "manual")]
epub_show_urls = "no"
