extensions = ["myst_parser", "wayfinding"]
explainers_strict = True
