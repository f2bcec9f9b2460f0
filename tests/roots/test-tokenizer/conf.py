from pathlib import Path

import website

project = "Tokenizers"
author = "those who test them"
copyright = "2026"
version = "1"

extensions = ["myst_parser", "figures", "explainers", "mathml", "reminders", "website"]
exclude_patterns = ["data"]
_ROOT = Path(website.__file__).parents[2]  # the script and the merges to test
figures_tokenizers = str(_ROOT / "labs" / "data")

numfig = True
numfig_format = {"figure": "Figure %s"}

html_theme = "furo"
html_static_path = [str(_ROOT / "_static")]
html_favicon = str(_ROOT / "_static" / "favicon.svg")  # browsers ask for one
html_css_files = ["site.css"]
html_copy_source = False
html_show_search_summary = False
html_baseurl = "https://example.org/tokens/"
html_math_renderer = "mathml"
website_description = "Texts to cut."
