project = "Reminders"
author = "those who test them"
version = release = "1"
copyright = "2026, us"

extensions = [
    "myst_parser",
    "duplicates",
    "evidence",
    "explainers",
    "figures",
    "layers",
    "mathml",
    "reminders",
    "terms",
    "wayfinding",
]

exclude_patterns = ["labs"]
nitpicky = True
numfig = True
myst_enable_extensions = ["colon_fence", "dollarmath"]
bibtex_bibfiles = ["articles/references.bib"]
html_theme = "basic"
html_math_renderer = "mathml"
latex_documents = [("index", "reminders.tex", project, author, "manual")]
