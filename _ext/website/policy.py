"""What a page may load and run, said in every page and in a file for hosts that send headers."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator
from functools import partial
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.util import logging

from incremental.files import write_file

from .layout import is_site
from .safety import line_of

log = logging.getLogger(__name__)

HEADERS = "_headers"
_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
# In HTML that writers made: text is escaped there, also in attributes, so what looks like a tag is
# one. These may be more than a tag; the words of an attribute look like others.
_SUSPECT = re.compile(r"<(?:script\b|[a-z][^<>]*(?:[\s/\"']on[a-z]|script:))[^<>]*>", re.IGNORECASE)
_DATA = ("application/json", "application/ld+json")
_ADDRESSES = ("href", "src", "action", "formaction")


def of_theme(app: Sphinx) -> str:
    """Return the policy: everything from the site itself, and Furo's one script within the page.

    That script sets light or dark before anything is drawn; its hash names it, no other may run.
    """
    assert isinstance(app.builder, StandaloneHTMLBuilder)
    templates: Any = app.builder.templates
    source = templates.get_source(templates.environment, "furo/base.html")[0]
    scripts = [f"'sha256-{_digest(text)}'" for text in _SCRIPT.findall(source)]
    return "; ".join((
        "default-src 'self'",
        "img-src 'self' data:",
        "style-src 'self' 'unsafe-inline'",
        "script-src " + " ".join(["'self'", *scripts]),
        # What the default does not cover: where forms may send, and what relative links mean.
        "form-action 'self'",
        "base-uri 'none'",
    ))  # fmt: skip


def _digest(text: str) -> str:
    return base64.b64encode(sha256(text.encode()).digest()).decode()


def headers(policy: str) -> str:
    """Return the file that Netlify, Cloudflare Pages and others take response headers from."""
    rows = {
        "Content-Security-Policy": policy,
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",  # a policy in a page cannot say who may frame it
    }
    return "/*\n" + "".join(f"  {name}: {value}\n" for name, value in rows.items())


def meta(policy: str) -> str:
    """Return the policy as an element for the head of a page."""
    return f'<meta http-equiv="Content-Security-Policy" content="{policy}">'


class _Tags(HTMLParser):
    """Notes whether one of the tags that it is fed runs something."""

    runs = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        own = tag == "script" and "src" not in known and known.get("type") not in _DATA
        addresses = ("".join(known.get(name, "").split()).lower() for name in _ADDRESSES)
        self.runs |= own or any(name.startswith("on") for name in known)
        self.runs |= any(address.startswith("javascript:") for address in addresses)


def running(body: str) -> Iterator[str]:
    """Yield the tags of ``body`` that the policy would keep from running something."""
    for found in _SUSPECT.finditer(body):
        tags = _Tags()
        tags.feed(found[0])
        if tags.runs:
            yield found[0]


def check(body: str, place: Callable[[str], str]) -> None:
    """Report what the policy would keep from running; ``place`` says where a tag is."""
    for tag in running(body):
        log.warning(
            "the page may not run scripts of its own; leave out %s",
            tag[:120],
            location=place(tag),
            type="website",
            subtype="inline",
        )


def _place(app: Sphinx, pagename: str, doctree: nodes.document | None, tag: str) -> str:
    """Return file and line of a tag in a page: those of the raw text that has it, if any."""
    if doctree is None:
        return pagename
    raw = (node for node in doctree.findall(nodes.raw) if tag in node.astext())
    line = next(map(line_of, raw), 1)
    return f"{app.env.doc2path(pagename)}:{line}"


def on_page_context(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:  # fmt: skip
    """Put the policy first in the head, before anything that it is about."""
    if is_site(app):
        check(context.get("body", ""), partial(_place, app, pagename, doctree))
        policy = of_theme(app)
        context["metatags"] = f"\n    {meta(policy)}{context.get('metatags', '')}"


def on_build_finished(app: Sphinx, error: Exception | None) -> None:
    """Write the file of headers."""
    if not error and is_site(app):
        write_file(Path(app.outdir, HEADERS), headers(of_theme(app)))


def setup(app: Sphinx) -> None:
    """Connect to Sphinx."""
    app.connect("html-page-context", on_page_context, priority=900)  # when the rest is there
    app.connect("build-finished", on_build_finished)
