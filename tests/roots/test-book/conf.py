extensions = [
    "myst_parser",
    "sphinx_design",
    "book",
    "figures",
    "layers",
    "mathml",
    "sphinxcontrib.bibtex",
]
explainers_strict = True
project = "Small Book"
author = "Ann Author"
version = release = "2.5"
html_baseurl = "https://example.org/small"
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
bibtex_bibfiles = ["articles/references.bib"]
bibtex_footbibliography_header = ""
latex_engine = "xelatex"
latex_show_pagerefs = True
latex_use_xindy = False
latex_documents = [("index", "book.tex", project, author, "manual")]
myst_footnote_sort = False
