extensions = ["myst_parser", "mathml"]
exclude_patterns = ["_build"]
myst_enable_extensions = ["dollarmath"]
html_theme = "basic"
html_math_renderer = "mathml"
