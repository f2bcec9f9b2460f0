from website import search


def setup(app):
    app.connect("write-started", search.on_write_started)
