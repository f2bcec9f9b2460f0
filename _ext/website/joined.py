"""One style sheet and one script in place of those that every page links.

Each further file is a further request before anything is drawn. Sphinx, the theme and the
extensions name theirs one by one; here they become a single one of each kind, in the order in which
pages had them, without comments and spaces. What only some pages link stays a file of its own, as
does what is no plain link: of another kind, for certain media, from elsewhere.

The files are made from those that Sphinx has copied into the output, by every process that writes
pages, since all make the same. ``incremental`` has all pages written when one of the parts changes,
and the checksum behind the name has browsers load them again.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import furo
import rcssmin
import rjsmin
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.environment import BuildEnvironment

from incremental.files import write_file

from .layout import is_site

STYLE, SCRIPT = "joined.css", "joined.js"
_FOLDER = "_static"
_SHEET = {"rel": "stylesheet", "type": "text/css"}
# What sphinx-design's sheet has for the directives that articles may use: dropdowns and tabs.
DESIGN = ("sd-card", "sd-dropdown", "sd-mb-3", "sd-octicon", "sd-sphinx-", "sd-summary", "sd-tab")
_CUT = {f"{_FOLDER}/sphinx-design.min.css": DESIGN}
# What only does something where the page has this.
_ONLY_WITH = {f"{_FOLDER}/design-tabs.js": "sd-tab-set"}

_URL = re.compile(r"""\burl\(\s*(["']?)(?!data:|[a-z]+:|/|#)([^"')\s]+)\1\s*\)""")
_MAP = re.compile(r"^//[#@] sourceMappingURL=.*$|/\*[#@] sourceMappingURL=.*?\*/", re.MULTILINE)
_RULE = re.compile(r"([^{}]+)\{((?:[^{}]|\{[^{}]*\})*)\}")
_COMMA = re.compile(r",(?![^(]*\))")  # not within `:is(…)`
_CLASS = re.compile(r"\.(sd-[\w-]+)")


def style_sheet(parts: Sequence[tuple[str, str]]) -> str:
    """Return the sheet of all ``parts``, each with its path below the folder that will have it."""
    return "\n".join(
        rcssmin.cssmin(_relocated(_MAP.sub("", text), path), True) for path, text in parts
    )


def script(parts: Sequence[tuple[str, str]]) -> str:
    """Return the script of all ``parts``."""
    return ";\n".join(rjsmin.jsmin(_MAP.sub("", text), True) for _path, text in parts)


def _relocated(css: str, path: str) -> str:
    """Return a sheet whose relative addresses mean the same from the folder's top."""
    folder = posixpath.dirname(path)
    return _URL.sub(
        lambda found: (
            f"url({found[1]}{posixpath.normpath(f'{folder}/{found[2]}')}{found[1]})"
            if folder
            else found[0]
        ),
        css,
    )


def cut(css: str, prefixes: Collection[str]) -> str:
    """Return a sheet without the rules for classes of sphinx-design's that begin otherwise."""

    def wanted(selector: str) -> bool:
        return all(name.startswith(tuple(prefixes)) for name in _CLASS.findall(selector))

    def rules(text: str) -> Iterator[str]:
        for head, body in _RULE.findall(text):
            if "{" in body and not head.lstrip().startswith("@keyframes"):
                inner = "".join(rules(body))
                yield f"{head}{{{inner}}}" if inner else ""
            elif selectors := [part for part in _COMMA.split(head) if wanted(part)]:
                yield f"{','.join(selectors)}{{{body}}}"

    return "".join(rules(css))


class Joined:
    """What every page of one run of Sphinx links."""

    def __init__(self) -> None:
        self.sheets: list[Any] = []  # Sphinx has no public name for what is linked
        self.scripts: list[Any] = []
        self.written: set[tuple[str, ...]] = set()

    def on_before_read(self, app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
        """Forget an earlier build of the same run."""
        self.written.clear()

    def on_shown(self, app: Sphinx, env: BuildEnvironment) -> dict[str, str]:
        """Return for every page what the files follow from that is not among Sphinx's own."""
        if not is_site(app):
            return {}
        made_with = f"{rcssmin.__version__} {rjsmin.__version__} {_pygments()}"
        return dict.fromkeys(env.found_docs, made_with)

    def before_all(
        self, app: Sphinx, pagename: str, templatename: str, context: dict[str, Any],
        doctree: nodes.document | None,
    ) -> None:  # fmt: skip
        """Note what a page links before anything is added for its own sake."""
        if is_site(app):
            self.sheets = sorted(context["css_files"], key=_priority)
            self.scripts = sorted(context["script_files"], key=_priority)

    def after_all(
        self, app: Sphinx, pagename: str, templatename: str, context: dict[str, Any],
        doctree: nodes.document | None,
    ) -> None:  # fmt: skip
        """Put one of each in their place."""
        if not is_site(app):
            return
        builder = app.builder
        assert isinstance(builder, StandaloneHTMLBuilder)
        sheets = [sheet for sheet in self.sheets if _is_plain(sheet) and _is_local(app, sheet)]
        scripts = [item for item in self.scripts if _is_plain(item) and _is_local(app, item)]
        rare = [item for item in scripts if item.filename in _ONLY_WITH]
        scripts = [item for item in scripts if item not in rare]
        scripts.sort(key=lambda item: "defer" in item.attributes)  # these run after the others
        self._write(app, STYLE, sheets, style_sheet)
        self._write(app, SCRIPT, scripts, script)
        body = context.get("body", "")
        useless = [item for item in rare if _ONLY_WITH[item.filename] not in body]
        _take(context["css_files"], sheets)
        _take(context["script_files"], [*scripts, *useless])
        # Not by the application, which would keep each for other builders. What the builder is
        # given stands in the lists of this page: they are its own, made anew for each.
        builder.add_css_file(STYLE, priority=0)
        builder.add_js_file(SCRIPT, priority=0, **_told(scripts))

    def _write(
        self, app: Sphinx, name: str, items: Sequence[Any],
        join: Callable[[Sequence[tuple[str, str]]], str],
    ) -> None:  # fmt: skip
        """Write the file that stands for ``items``, once in a run."""
        names = (name, *(str(item.filename) for item in items))
        if names in self.written:
            return
        parts = []
        for path in names[1:]:
            text = _read(app, path)
            parts.append((path.removeprefix(f"{_FOLDER}/"), text))
        write_file(Path(app.outdir, _FOLDER, name), join(parts))
        self.written.add(names)


def _pygments() -> str:
    """Return the colours of code; Furo writes them, the dark ones too, when all pages are there."""
    return str(furo.get_pygments_stylesheet())


def _read(app: Sphinx, path: str) -> str:
    """Return what a style sheet or script of this output says, as far as pages need it."""
    if path == f"{_FOLDER}/pygments.css":
        return _pygments()
    text = Path(app.outdir, path).read_text(encoding="utf-8")
    return cut(text, _CUT[path]) if path in _CUT else text


def _priority(item: Any) -> int:
    return int(item.priority)


def _is_local(app: Sphinx, item: Any) -> bool:
    """Return whether a linked file is one of this output's own."""
    path = str(item.filename)
    return path.startswith(f"{_FOLDER}/") and Path(app.outdir, path).is_file()


def _is_plain(item: Any) -> bool:
    """Return whether a style sheet or script does the same as a part of another."""
    return item.attributes == _SHEET or all(
        name == "defer" or name.startswith("data-") for name in item.attributes
    )


def _take(items: list[Any], gone: Collection[Any]) -> None:
    items[:] = [item for item in items if item not in gone]


def _told(scripts: Iterable[Any]) -> dict[str, str]:
    """Return what scripts are told by their elements, where they look for it."""
    found: dict[str, str] = {}
    for item in scripts:
        said = {name: text for name, text in item.attributes.items() if name != "defer"}
        assert found.keys().isdisjoint(said), f"{item.filename} and others are told {sorted(said)}"
        found |= said
    return found


def setup(app: Sphinx) -> None:
    """Connect to Sphinx."""
    joined = Joined()
    app.connect("env-before-read-docs", joined.on_before_read)
    app.connect("incremental-shown", joined.on_shown)
    app.connect("html-page-context", joined.before_all, priority=0)
    app.connect("html-page-context", joined.after_all, priority=950)
