extensions = ["myst_parser", "wayfinding"]
