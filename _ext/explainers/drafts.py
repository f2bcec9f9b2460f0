"""Articles with ``draft: true`` stay out of every build, unless the tag ``live`` asks for them.

A draft may stand in its toctree already: that is no mistake, and nothing is said about it.
"""

from __future__ import annotations

from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.directives.other import TocTree
from sphinx.util import docname_join
from sphinx.util.nodes import explicit_title_re

from .domain import root_of
from .record import asks, read_front_matter


def on_config_inited(app: Sphinx, config: Config) -> None:
    """Exclude the drafts, and have no toctree miss them."""
    drafts = []
    for path in (
        () if app.tags.has("live") else sorted(Path(app.srcdir, root_of(config)).glob("*/*.md"))
    ):
        if path.name == "index.md" or not path.is_file():  # such as an editor's dangling link
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        front = read_front_matter(text if "draft" in text else "")
        if front.data.get("draft") is True and (config.explainers_strict or asks(front)):
            drafts.append(path.relative_to(app.srcdir).with_suffix("").as_posix())
    config.explainers_drafts = drafts
    # a new list: the old one may be Sphinx's default, which all projects of a process share
    config.exclude_patterns = [*config.exclude_patterns, *(f"{name}.md" for name in drafts)]
    if drafts:
        app.add_directive("toctree", TocTreeWithoutDrafts, override=True)


class TocTreeWithoutDrafts(TocTree):
    """Sphinx's ``toctree``, from which excluded drafts are left out."""

    def run(self) -> list[nodes.Node]:
        for index in reversed(range(len(self.content))):
            explicit = explicit_title_re.match(self.content[index])
            entry = (explicit[2] if explicit else self.content[index]).removesuffix(".md")
            if docname_join(self.env.docname, entry) in self.config.explainers_drafts:
                del self.content[index]
        return super().run()
