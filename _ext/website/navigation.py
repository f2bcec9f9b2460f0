"""The sidebar's tree, made once for all pages, and the breadcrumbs above a page.

Furo has Sphinx resolve every toctree of the site again on every page, section titles included,
and parses the outcome: pages times pages times headings, most of a build from some hundred pages
on. Here both happen once in a build. What differs between pages is little: which entries lead to
the page, and how links lead from it. What Furo makes of the tree stays as Furo makes it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape
from typing import Any, cast

from bs4 import BeautifulSoup, Tag
from docutils import nodes
from furo.navigation import get_navigation_tree
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.environment import BuildEnvironment
from sphinx.environment.adapters.toctree import global_toctree_for_doc
from sphinx.locale import _

from .layout import is_site

# Ends a document's name in the links of the tree that is made once; no file is named so.
_END = "\ue000"
_SLOT = re.compile(r' data-slot=""')


class _Names:
    """Stands for the builder while the tree is made: links hold documents' names, no addresses."""

    @staticmethod
    def get_relative_uri(_here: str, there: str) -> str:
        return there + _END


@dataclass(frozen=True, slots=True)
class _Slot:
    """The attributes of one element that differ between pages."""

    tag: str
    classes: tuple[str, ...] = ()
    docname: str = ""  # that a link leads to
    anchor: str = ""  # in it

    def written(self, href: str = "", *, current: bool = False, page: bool = False) -> str:
        """Return them as Furo has them: on most pages, if ``current`` on those in this branch."""
        if self.tag == "input":
            return ' checked=""' if current else ""
        classes = list(self.classes)
        if current:
            classes.insert(1 if self.tag == "li" else 0, "current")  # where Sphinx puts it
        classes += ["current-page"] if page else []
        text = f' class="{" ".join(classes)}"' if classes else ""
        return f'{text} href="{escape(href)}"' if self.tag == "a" else text


class Tree:
    """The sidebar's tree of one build."""

    def __init__(self, builder: StandaloneHTMLBuilder) -> None:
        self.builder = builder
        resolved = global_toctree_for_doc(
            builder.env, "", cast(Builder, _Names), tags=builder.tags,
            collapse=False, includehidden=True, maxdepth=-1, titles_only=True,
        )  # fmt: skip
        markup = get_navigation_tree(builder.render_partial(resolved)["fragment"])
        soup = BeautifulSoup(markup, "html.parser")
        varying: list[Tag] = [element for element in soup.find_all(True) if _varies(element)]
        numbers = {id(element): number for number, element in enumerate(varying)}
        self.slots = [_slot(element) for element in varying]
        self.links: dict[str, list[int]] = {}  # by document: the slots of links into it
        self.branches: dict[str, set[int]] = {}  # and of all elements around those to its top
        for number, (element, slot) in enumerate(zip(varying, self.slots, strict=True)):
            if slot.docname:
                self.links.setdefault(slot.docname, []).append(number)
                branch = () if slot.anchor else _branch(element)
                found = self.branches.setdefault(slot.docname, set())
                found.update(numbers[id(part)] for part in branch)
        for element in varying:
            for name in ("class", "href") if element.name != "input" else ():
                element.attrs.pop(name, None)
            element["data-slot"] = ""
        self.between = _SLOT.split(str(soup))
        self.folder: str | None = None
        self.first = ""  # the page of that folder for which it was found
        self.common: list[str] = []  # what slots have on the folder's pages

    def on_page(self, docname: str) -> str:
        """Return the tree as HTML for the sidebar of ``docname``."""
        folder = self.builder.get_target_uri(docname).rpartition("/")[0]
        if folder != self.folder:
            self.folder, self.first = folder, docname
            self.common = [self._written(slot, docname) for slot in self.slots]
        found, branch = self.common.copy(), self.branches.get(docname, set())
        for number in (*self.links.get(self.first, ()), *self.links.get(docname, ())):
            found[number] = self._written(self.slots[number], docname)
        last = max((number for number in branch if self.slots[number].tag == "li"), default=-1)
        for number in branch:
            found[number] = self.slots[number].written("#", current=True, page=number == last)
        pairs = zip(self.between, [*found, ""], strict=True)
        return "".join(text for pair in pairs for text in pair)

    def _written(self, slot: _Slot, here: str) -> str:
        """Return what a slot has on a page outside of its branch."""
        there = self.builder.get_relative_uri(here, slot.docname) if slot.docname else ""
        return slot.written(there + slot.anchor)


def _varies(element: Tag) -> bool:
    """Return whether Furo writes an element in one way on one page, in another elsewhere."""
    return element.name in ("ul", "li", "input") or _END in str(element.get("href", ""))


def _slot(element: Tag) -> _Slot:
    """Return what differs between pages of an element."""
    docname, _end, anchor = str(element.get("href", "")).partition(_END)
    classes = element.get_attribute_list("class") if "class" in element.attrs else ()
    return _Slot(element.name, tuple(map(str, classes)), docname, anchor)


def _branch(link: Tag) -> Iterator[Tag]:
    """Yield what Furo marks on the page that a link leads to."""
    yield link
    for outer in link.parents:
        if outer.name in ("ul", "li"):
            yield outer
            yield from outer.find_all("input", recursive=False)


class Navigation:
    """What leads from the pages of one run of Sphinx to others."""

    def __init__(self) -> None:
        self.tree: Tree | None = None
        self.above: dict[str, list[str | None]] | None = None
        self.toctree: Callable[..., str] | None = None

    def on_env_updated(self, app: Sphinx, env: BuildEnvironment) -> list[str]:
        """Forget what an earlier build of the same run made."""
        self.tree = self.above = None
        return []

    def before_furo(
        self, app: Sphinx, pagename: str, templatename: str, context: dict[str, Any],
        doctree: nodes.document | None,
    ) -> None:  # fmt: skip
        """Let Furo find nothing to resolve."""
        if is_site(app):
            self.toctree = context["toctree"]
            context["toctree"] = lambda **_options: ""

    def after_furo(
        self, app: Sphinx, pagename: str, templatename: str, context: dict[str, Any],
        doctree: nodes.document | None,
    ) -> None:  # fmt: skip
        """Give a page its sidebar and its breadcrumbs."""
        if not is_site(app):
            return
        assert isinstance(app.builder, StandaloneHTMLBuilder)
        self.tree = self.tree or Tree(app.builder)
        if self.above is None:
            self.above = app.env.collect_relations()
        context["toctree"] = self.toctree
        context["furo_navigation_tree"] = self.tree.on_page(pagename)
        context["breadcrumbs"] = self.breadcrumbs(app, pagename)
        for name, page in zip(("prev", "next"), self.above.get(pagename, [])[1:], strict=False):
            if page and context.get(name):
                context[name] = {**context[name], "title": escape(short_title(app.env, page))}

    def breadcrumbs(self, app: Sphinx, pagename: str) -> list[tuple[str, str]]:
        """Return address and short title of all that a page stands below, home first, and its own.

        The page's own address is empty; home, and pages without a title, have no breadcrumbs.
        """
        assert self.above is not None
        home, names = app.config.root_doc, [pagename]
        while (above := self.above.get(names[-1], [None])[0]) and above not in names:
            names.append(above)
        higher = [name for name in reversed(names[1:]) if name != home]
        title, uri = short_title(app.env, pagename), app.builder.get_relative_uri
        if pagename == home or not title:
            return []
        links = [(uri(pagename, name), short_title(app.env, name)) for name in higher]
        return [(uri(pagename, home), _("Home")), *links, ("", title)]


def short_title(env: BuildEnvironment, pagename: str) -> str:
    """Return the title that lists of pages have for one; nothing for what is no page of these."""
    if pagename in env.tocs:
        entry = next(iter(env.tocs[pagename].findall(nodes.reference)), None)
        return str((entry or env.titles[pagename]).astext())
    return {"genindex": _("Index"), "search": _("Search")}.get(pagename, "")


def setup(app: Sphinx) -> None:
    """Connect to Sphinx, around Furo's own part."""
    navigation = Navigation()
    app.add_css_file("breadcrumbs.css")
    app.connect("env-updated", navigation.on_env_updated)
    app.connect("html-page-context", navigation.before_furo, priority=400)
    app.connect("html-page-context", navigation.after_furo, priority=600)
