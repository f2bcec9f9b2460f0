"""The filter of a listing: a bar with words to type, theme, level and kind to choose, and tags.

A listing has one where its directive says `:filter:`. The form is part of the page, so that its
words are the site's language; it stays hidden until `_static/filter.js` runs it.
"""

from __future__ import annotations

from collections import Counter
from html import escape
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.locale import get_translation
from sphinx.transforms.post_transforms import SphinxPostTransform

from explainers.domain import domain_of
from explainers.record import KINDS, LEVELS
from explainers.render import BlockRenderer, word

from . import tags
from .layout import is_site

_ = get_translation("website")
_FACETS = ("theme", "level", "kind", "tag")
_MARK = "explainer-filter"  # the class of a listing that wants one


def form(env: BuildEnvironment, box: nodes.Element) -> str:
    """Return the form for the cards in ``box``, with a choice where they differ."""
    cards = [card for card in box.findall(nodes.list_item) if "explainer-card" in card["classes"]]
    found: dict[str, Counter[str]] = {name: Counter() for name in _FACETS}
    for card in cards:
        for name, _dash, value in (text.partition("-") for text in card["classes"]):
            if name in found:
                found[name][value] += 1
    choices = {facet: _named(env, facet, values) for facet, values in found.items()}
    words = {
        "all": _("{all} explainers"),
        "some": _("{some} of {all} explainers"),
        "none": _("No explainer fits. Take something away, or clear the filter."),
    }
    name, label = escape(_("Filter the explainers")), escape(_("Filter by words"))
    clear, more, tag_word = escape(_("Clear")), escape(_("Narrow down")), escape(_("Tags"))
    has_tags = len(choices["tag"]) > 1
    rows = [
        f'<form class="filter" role="search" aria-label="{name}"',
        *(f' data-{case}="{escape(text)}"' for case, text in words.items()),
        ' autocomplete="off" hidden>\n<div class="filter-bar">\n',
        f'<input type="search" name="q" aria-label="{label}" placeholder="{label}"',
        ' enterkeyhint="done">\n',
        '<button type="button" class="filter-narrow" aria-expanded="false"',
        f' aria-controls="filter-choices">{more}</button>\n<div id="filter-choices">\n',
        *(_select(facet, choices[facet]) for facet in ("theme", "level", "kind")),
        '<button type="button" class="filter-more" aria-expanded="false"'
        f' aria-controls="filter-tags">{tag_word}</button>\n' if has_tags else "",
        "</div>\n</div>\n",
        _boxes("tag", choices["tag"], tag_word) if has_tags else "",
        f'<p class="filter-state"><span role="status"></span><button type="reset">{clear}</button>',
        "</p>\n</form>\n",
    ]  # fmt: skip
    return "".join(rows)


def _named(env: BuildEnvironment, facet: str, values: Counter[str]) -> list[tuple[str, str, int]]:
    """Return the value, reader's word and number of cards of each choice, in their order."""
    library, renderer = domain_of(env).library, BlockRenderer(domain_of(env))
    if facet == "theme":
        themes = {record.theme: renderer.theme(record) for record in library.records}
        names = {value: themes.get(value, value) for value in values}
    elif facet == "tag":
        known = tags.names(env)
        pairs = [(value, known.get(value, value)) for value in values]
        names = dict(sorted(pairs, key=lambda pair: pair[1].casefold()))
    else:
        order = KINDS if facet == "kind" else LEVELS
        names = {value: word(value).capitalize() for value in order if value in values}
    return [(value, name, values[value]) for value, name in names.items()]


def _select(facet: str, choices: list[tuple[str, str, int]]) -> str:
    """Return a list to choose one of, or nothing where there is no choice."""
    if len(choices) < 2:
        return ""
    names = {
        "theme": (_("Theme"), _("All themes")),
        "level": (_("Level"), _("All levels")),
        "kind": (_("Kind"), _("All kinds")),
    }
    label, every = map(escape, names[facet])
    options = "".join(
        f'<option value="{escape(value)}" data-name="{escape(name)}">{escape(name)} ({count})'
        "</option>\n"
        for value, name, count in choices
    )
    return (
        f'<select name="{facet}" aria-label="{label}">\n<option value="">{every}</option>\n'
        f"{options}</select>\n"
    )


def _boxes(facet: str, choices: list[tuple[str, str, int]], label: str) -> str:
    """Return boxes to tick any number of, hidden until they are asked for."""
    boxes = "".join(
        f'<label class="filter-choice"><input type="checkbox" name="{facet}" '
        f'value="{escape(value)}" data-name="{escape(name)}"> {escape(name)} '
        f'<span class="filter-count">{count}</span></label>\n'
        for value, name, count in choices
    )
    return f'<div id="filter-tags" role="group" aria-label="{label}" hidden>\n{boxes}</div>\n'


class InsertFilters(SphinxPostTransform):
    """Put the form before the cards of the first listing that wants one."""

    default_priority = 7  # after the explainers' blocks and their tags

    def run(self, **kwargs: Any) -> None:
        boxes = self.document.findall(nodes.container)
        box = next((box for box in boxes if _MARK in box["classes"]), None)
        if box is not None and is_site(self.env._app):
            box.insert(0, nodes.raw("", form(self.env, box), format="html"))


def on_page_depends_on(app: Sphinx, env: BuildEnvironment, docname: str) -> list[str]:
    """Return the forms of a page, which name what other pages say."""
    domain = domain_of(env)
    page = domain.pages.get(docname)
    wanted = [block for block in page.blocks if tags.filters(block)] if page else []
    return [form(env, BlockRenderer(domain).render(block, docname)) for block in wanted]


def on_page_context(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:  # fmt: skip
    """Load the script where there is something to filter."""
    if doctree and is_site(app):
        boxes = doctree.findall(nodes.container)
        if any(_MARK in box["classes"] for box in boxes):
            app.add_js_file("filter.js", loading_method="defer")


def setup(app: Sphinx) -> None:
    """Connect to Sphinx."""
    app.connect("explainers-page-depends-on", on_page_depends_on)
    app.connect("html-page-context", on_page_context)
    app.add_post_transform(InsertFilters)
