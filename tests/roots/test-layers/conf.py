from pathlib import Path

import website

project = "Layers"
author = "those who test them"
version = release = "1"
copyright = "2026, us"

extensions = [
    "myst_parser",
    "sphinx_design",
    "book",
    "explainers",
    "layers",
    "mathml",
    "terms",
    "website",
]
explainers_strict = True

numfig = True
myst_enable_extensions = ["colon_fence", "dollarmath"]
myst_footnote_sort = False

html_theme = "furo"
_STATIC = Path(website.__file__).parents[2] / "_static"  # the scripts to test
html_static_path = [str(_STATIC)]
html_css_files = ["site.css", "accents.css"]
html_favicon = str(_STATIC / "favicon.svg")  # browsers ask for one
html_copy_source = False
html_math_renderer = "mathml"
html_show_search_summary = False
website_description = "Articles that go deeper, and one that does not."

latex_engine = "xelatex"
latex_show_pagerefs = True
latex_use_xindy = False
latex_documents = [("index", "layers.tex", project, author, "manual")]
epub_show_urls = "no"
