project = "Small Copy"
author = "those who edit it"
copyright = "2026"
version = release = "1"

extensions = [  # without reminders: they write again what has a mistake, also where it is stale
    "book",
    "duplicates",
    "evidence",
    "explainers",
    "figures",
    "layers",
    "mathml",
    "myst_parser",
    "sphinx_design",
    "sphinxcontrib.bibtex",
    "sphinxcontrib.mermaid",
    "terms",
    "wayfinding",
    "website",
]
exclude_patterns = ["labs", "extra"]
explainers_strict = True

numfig = True
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 2
myst_footnote_sort = False
bibtex_bibfiles = ["articles/references.bib"]
bibtex_footbibliography_header = ""

html_theme = "furo"
html_static_path = ["_static"]
html_css_files = ["small.css", "accents.css"]
html_extra_path = ["extra"]
html_copy_source = False
html_show_search_summary = False
html_baseurl = "https://example.org/copy/"
html_math_renderer = "mathml"
website_description = "A small copy of the site, edited at random."

latex_engine = "xelatex"
latex_use_xindy = False
latex_documents = [("index", "copy.tex", project, author, "manual")]
epub_basename = "copy"
epub_show_urls = "no"
