extensions = ["website"]
html_theme = "furo"
numfig = True
