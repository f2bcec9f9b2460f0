extensions = ["myst_parser", "figures"]
exclude_patterns = ["_build"]
html_theme = "basic"
