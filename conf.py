"""Sphinx configuration of Explainer Articles; every option not set here is Sphinx's default."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "Explainer Articles"
version = release = "0.1"
author = "the Explainer Articles contributors"
copyright = "2026, the Explainer Articles contributors (text CC BY 4.0, code MIT)"

extensions = [
    "book",
    "duplicates",
    "evidence",
    "explainers",
    "figures",
    "layers",
    "mathml",
    "myst_parser",
    "reminders",
    "slips",
    "sphinx_copybutton",
    "sphinx_design",
    "sphinxcontrib.bibtex",
    "sphinxcontrib.mermaid",
    "terms",
    "wayfinding",
    "website",
    "wording",
]

include_patterns = ["index.md", "articles/**"]
explainers_strict = True  # every page of a theme is one, and says no more than it may
nitpicky = True
numfig = True  # within each page; figures/numbering.py
numfig_format = {"figure": "Figure %s"}

explainers_related = 3
figures_short_addresses = "live"  # the folder of what print shows below charts that readers can set

myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_footnote_sort = False  # sources stay where they are asked for, above the related explainers

bibtex_bibfiles = ["articles/references.bib"]
bibtex_footbibliography_header = ""

# Where readers find the site; whoever publishes it elsewhere sets the variable.
html_baseurl = os.environ.get(
    "EXPLAINERS_BASEURL", "https://explainer-articles.github.io/explainer-articles/"
)
website_description = (
    "How modern language models work, from the ground up: each explainer works one example to the "
    "last digit, tells what the field has measured and where the idea fails."
)
website_license = "https://creativecommons.org/licenses/by/4.0/"
website_repository = "https://github.com/explainer-articles/explainer-articles"
# Offered where `make latexpdf` or `make epub` has made them before the site; each theme's page has
# its own part as well.
website_downloads = {
    "PDF": ["latex/explainers.pdf", "latex/explainers-{theme}.pdf"],
    "EPUB": "epub/explainers.epub",
}

html_theme = "furo"
html_title = project
html_static_path = ["_static"]
html_favicon = "_static/favicon.svg"
html_css_files = [
    # Also of what not every page has: all of these come in one file.
    *((name, {"priority": 500}) for name in ("charts.css", "record.css", "tokenizer.css")),
    *("fonts.css", "site.css", "home.css", "accents.css"),
]
# Not `system-ui` first: where no desktop sets it, it is a face much wider than all of these.
_SANS = "-apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', system-ui, sans-serif"
_SERIF = (
    "'Explainers Text', 'Explainers Georgia', 'Explainers Noto Serif', 'Explainers Times', serif"
)
_MONO = "ui-monospace, 'Cascadia Mono', Menlo, Consolas, 'Liberation Mono', monospace"
_FONTS = {
    "font-stack": _SANS,
    "font-stack--headings": _SERIF,
    "font-stack--monospace": _MONO,
    "site-font-text": _SERIF,
}
html_theme_options = {
    "light_css_variables": {
        **_FONTS,
        "color-brand-primary": "#1b4fb8",
        "color-brand-content": "#1b4fb8",
        "color-brand-visited": "#6b3fa0",
        "color-foreground-primary": "#16181d",
        "color-foreground-secondary": "#4d535e",
        "color-background-border": "#dfe2e8",
        "color-code-background": "#f5f6f9",
    },
    "dark_css_variables": {
        "color-brand-primary": "#8db4ff",
        "color-brand-content": "#8db4ff",
        "color-brand-visited": "#c4a5f5",
        "color-foreground-primary": "#e3e5ea",
        "color-foreground-secondary": "#a7adb8",
        "color-background-primary": "#14161b",
        "color-background-secondary": "#191c22",
        "color-background-border": "#333945",
        "color-code-background": "#1c2028",
    },
}
pygments_dark_style = "github-dark"
html_math_renderer = "mathml"
html_copy_source = False
html_show_sphinx = False
html_show_search_summary = False  # pages' descriptions say more, and need no fetching

copybutton_prompt_text = r">>> |\.\.\. |\$ "  # what is copied can be run
copybutton_prompt_is_regexp = True

latex_engine = "xelatex"
latex_show_pagerefs = True
latex_use_xindy = False
latex_documents = [("index", "explainers.tex", project, author, "manual")]
epub_basename = "explainers"
epub_show_urls = "no"
epub_tocdepth = 4  # listing, themes, explainers, their sections
epub_tocscope = "includehidden"
