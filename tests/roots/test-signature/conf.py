from pathlib import Path

import website

project = "Signatures"
author = "those who test them"
copyright = "2026"
version = "1"

extensions = ["myst_parser", "figures", "explainers", "mathml", "book", "website"]
exclude_patterns = ["labs"]
explainers_strict = True

html_theme = "furo"
_STATIC = Path(website.__file__).parents[2] / "_static"
html_static_path = [str(_STATIC)]
html_favicon = str(_STATIC / "favicon.svg")  # browsers ask for one
html_css_files = ["site.css"]
html_copy_source = False
html_show_search_summary = False
website_repository = "https://example.org/repository"
html_baseurl = "https://example.org/signatures/"
html_math_renderer = "mathml"
website_description = "Articles that show their own chart, small."
