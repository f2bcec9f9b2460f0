from pathlib import Path

import website

project = "Reading Aids"
author = "those who test them"

extensions = ["myst_parser", "explainers", "terms", "mathml", "sphinx_copybutton", "website"]
explainers_strict = True

myst_enable_extensions = ["dollarmath"]

html_theme = "furo"
_STATIC = Path(website.__file__).parents[2] / "_static"  # the scripts to test
html_static_path = [str(_STATIC)]
html_favicon = str(_STATIC / "favicon.svg")  # browsers ask for one
html_copy_source = False
html_baseurl = "https://example.org/aids/"
html_math_renderer = "mathml"
html_show_search_summary = False
copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True
website_description = "Explainers to filter, to point at, to copy from and to search."
