extensions = ["myst_parser", "explainers"]
