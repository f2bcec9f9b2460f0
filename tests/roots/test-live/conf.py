from pathlib import Path

import website

project = "Live Charts"
author = "those who test them"
copyright = "2026"
version = "1"

extensions = ["myst_parser", "figures", "explainers", "mathml", "website"]
exclude_patterns = ["labs"]

numfig = True
numfig_format = {"figure": "Figure %s"}

myst_enable_extensions = ["colon_fence", "dollarmath"]

html_theme = "furo"
_STATIC = Path(website.__file__).parents[2] / "_static"  # the script to test
html_static_path = [str(_STATIC)]
html_favicon = str(_STATIC / "favicon.svg")  # browsers ask for one
html_css_files = ["site.css"]
html_copy_source = False
html_show_search_summary = False
html_baseurl = "https://example.org/live/"
html_math_renderer = "mathml"
website_description = "Charts to set."
