extensions = ["myst_parser", "figures"]
exclude_patterns = ["_build", "labs"]
myst_enable_extensions = ["colon_fence"]
html_theme = "basic"
numfig = True
copyright = "2026"
version = "1"
