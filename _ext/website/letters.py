"""What one finds one's way in a glossary by: its letters, as links, and words to type.

The letters are plain links, and stay in sight. The words need `_static/glossary.js`; until it runs,
their form is hidden.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from html import escape
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.locale import get_translation
from sphinx.transforms.post_transforms import SphinxPostTransform

from explainers.domain import app_of

from .layout import is_site

_ = get_translation("website")


def letters(terms: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the anchor of the first term of each letter, given terms and anchors in their order.

    What begins with no letter stands under #. There is nothing where the order is none of letters.
    """
    found: dict[str, str] = {}
    last = ""
    for term, anchor in terms:
        first = unicodedata.normalize("NFKD", term.strip())[:1].upper()
        letter = first if first.isalpha() else "#"
        if letter != last and letter in found:
            return {}
        found.setdefault(letter, anchor)
        last = letter
    return found


def bar(terms: list[tuple[str, str]]) -> str:
    """Return what stands above a glossary of these terms, each with its anchor."""
    words = {"some": _("{some} of {all} entries"), "none": _("No entry fits.")}
    label, name = escape(_("Filter the glossary")), escape(_("Letters"))
    said = "".join(f' data-{case}="{escape(text)}"' for case, text in words.items())
    rows = [
        f'<form class="glossary-filter" role="search" aria-label="{label}"{said}',
        f' autocomplete="off" hidden>\n<input type="search" aria-label="{label}"',
        f' placeholder="{label}" enterkeyhint="done">\n<span role="status"></span></form>\n',
    ]
    if len(known := letters(terms)) > 1:
        links = "".join(
            f'<li><a href="#{escape(anchor)}">{escape(letter)}</a></li>\n'
            for letter, anchor in known.items()
        )
        rows.append(f'<nav class="letters" aria-label="{name}"><ul>\n{links}</ul></nav>\n')
    return "".join(rows)


class AddLetters(SphinxPostTransform):
    """Put letters and form above the first glossary of a page."""

    default_priority = 500

    def run(self, **kwargs: Any) -> None:
        glossary = next(iter(self.document.findall(addnodes.glossary)), None)
        if glossary is None or not is_site(app_of(self.env)):
            return
        items = glossary.findall(nodes.definition_list_item)
        firsts = (next(iter(item.findall(nodes.term)), None) for item in items)
        terms = [(term.astext(), term["ids"][0]) for term in firsts if term and term["ids"]]
        if len(terms) > 1:
            markup = bar(terms)
            glossary.insert(0, nodes.raw(markup, markup, format="html"))


def on_page_context(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:  # fmt: skip
    """Load the script where there is a glossary."""
    if doctree and is_site(app) and next(iter(doctree.findall(addnodes.glossary)), None):
        app.add_js_file("glossary.js", loading_method="defer")


def setup(app: Sphinx) -> None:
    """Connect to Sphinx."""
    app.connect("html-page-context", on_page_context)
    app.add_post_transform(AddLetters)
