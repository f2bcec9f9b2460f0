extensions = ["myst_parser", "explainers", "terms"]
explainers_strict = True
