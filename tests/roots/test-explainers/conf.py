extensions = ["myst_parser", "explainers", "terms", "drafts"]
