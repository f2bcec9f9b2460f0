"""Where things are for others: the public address of each page, and its source to edit.

``html_baseurl`` is the one setting for the address, ``website_repository`` the one for the
repository; nothing else in the site names either.
"""

from __future__ import annotations

from urllib.parse import quote, urlencode, urlsplit

from sphinx.application import Sphinx
from sphinx.config import Config


def on_config_inited(app: Sphinx, config: Config) -> None:
    """End the address with a slash, and the repository's without one, whoever set them."""
    if config.html_baseurl:
        config.html_baseurl = config.html_baseurl.rstrip("/") + "/"
    config.website_repository = config.website_repository.rstrip("/")


def public(app: Sphinx, docname: str) -> str:
    """Return the address under which readers know a page: a folder's page is the folder."""
    uri = app.builder.get_target_uri(docname)
    if docname.rpartition("/")[2] == "index":  # every host serves it there
        uri = uri.removesuffix("index" + (app.config.html_link_suffix or ".html"))
    return str(app.config.html_baseurl) + uri


def base_path(app: Sphinx) -> str:
    """Return the path of the site on its host, with slashes around it."""
    return urlsplit(app.config.html_baseurl).path or "/"


def edit(app: Sphinx, docname: str) -> str:
    """Return where to edit the source of a page, or nothing without a repository."""
    config = app.config
    path = quote(app.env.doc2path(docname, base=False).as_posix())
    base = f"{config.website_repository}/edit/{config.website_branch}/"
    return base + path if config.website_repository else ""


def report(app: Sphinx, docname: str, title: str) -> str:
    """Return where to report a mistake on a page, or nothing without a repository."""
    path = app.env.doc2path(docname, base=False).as_posix()
    text = f"Page: {public(app, docname)}\nSource: {path}\n\nWhat is wrong, and how do you know?\n"
    query = urlencode({"title": f"Mistake in: {title}", "body": text}, quote_via=quote)
    repository = app.config.website_repository
    return f"{repository}/issues/new?{query}" if repository else ""
