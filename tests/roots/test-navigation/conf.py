project = "Nested"
version = "1"
copyright = "2026, nobody"
html_theme = "furo"
numfig = True


def setup(app):
    from website import layout, navigation

    layout.setup(app)
    navigation.setup(app)
