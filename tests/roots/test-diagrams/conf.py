extensions = ["myst_parser", "figures"]
exclude_patterns = ["_build"]
html_theme = "basic"
numfig = True
copyright = "2026"
version = "1"
