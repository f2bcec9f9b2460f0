extensions = ["myst_parser", "mathml"]
exclude_patterns = ["_build"]
myst_enable_extensions = ["dollarmath", "amsmath"]
html_theme = "basic"
html_math_renderer = "mathml"
mathml_macros = {"KL": r"\operatorname{KL}(#1 \,\|\, #2)"}
copyright = "2026"
version = "1"
