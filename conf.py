"""Sphinx configuration of Explainer Articles; every option not set here is Sphinx's default."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "Explainer Articles"
version = release = "0.1"
author = "the Explainer Articles contributors"
copyright = "2026, the Explainer Articles contributors (text CC BY 4.0, code MIT)"

extensions = [
    "drafts",
    "ebook",
    "explainers",
    "figures",
    "mathml",
    "myst_parser",
    "sphinx_design",
    "sphinxcontrib.bibtex",
    "sphinxcontrib.mermaid",
    "terms",
    "website",
]

include_patterns = ["index.md", "articles/**"]
nitpicky = True

myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_footnote_sort = False  # sources stay where they are asked for, above the related explainers

bibtex_bibfiles = ["articles/references.bib"]
bibtex_footbibliography_header = ""

# Where readers find the site; whoever publishes it elsewhere sets the variable.
html_baseurl = os.environ.get(
    "EXPLAINERS_BASEURL", "https://explainer-articles.github.io/explainer-articles/"
)
website_description = (
    "How modern AI works, from the ground up: each explainer derives its formulas, works one "
    "example to the last digit and says where the idea breaks."
)
website_license = "https://creativecommons.org/licenses/by/4.0/"
website_repository = "https://github.com/explainer-articles/explainer-articles"
# Offered where `make latexpdf` or `make epub` has made them before the site.
website_downloads = {"PDF": "latex/explainers.pdf", "EPUB": "epub/explainers.epub"}

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
epub_basename = "explainers"
epub_show_urls = "no"
