project = "Small Site"
author = "the small site's writers"

extensions = ["myst_parser", "explainers", "terms", "website"]
explainers_strict = True

html_theme = "furo"
html_copy_source = False
html_baseurl = "https://example.org/small"
website_description = "A site that is just large enough to show what stands around its pages."
website_license = "https://creativecommons.org/licenses/by/4.0/"
website_repository = "https://github.com/example/small/"
website_downloads = {
    "PDF": ["latex/small.pdf", "latex/small-{theme}.pdf"],
    "EPUB": "epub/small.epub",
}
