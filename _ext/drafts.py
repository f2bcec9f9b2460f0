"""Articles with ``draft: true`` stay out of every build, unless the tag ``live`` asks for them.

A draft may stand in its toctree already: that is no mistake, and nothing is said about it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.directives.other import TocTree
from sphinx.util import docname_join
from sphinx.util.nodes import explicit_title_re

from explainers.record import read_front_matter


def on_config_inited(app: Sphinx, config: Config) -> None:
    """Exclude the drafts."""
    root = Path(app.srcdir, config.explainers_root)
    drafts = []
    for path in () if app.tags.has("live") else sorted(root.glob("*/*.md")):
        if path.name == "index.md" or not path.is_file():  # such as an editor's dangling link
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        if "draft" in text and read_front_matter(text).data.get("draft") is True:
            drafts.append(path.relative_to(app.srcdir).with_suffix("").as_posix())
    config.drafts = drafts
    # a new list: the old one may be Sphinx's default, which all projects of a process share
    config.exclude_patterns = [*config.exclude_patterns, *(f"{name}.md" for name in drafts)]


class TocTreeWithoutDrafts(TocTree):
    """Sphinx's ``toctree``, from which excluded drafts are left out."""

    def run(self) -> list[nodes.Node]:
        for index in reversed(range(len(self.content))):
            explicit = explicit_title_re.match(self.content[index])
            entry = (explicit[2] if explicit else self.content[index]).removesuffix(".md")
            if docname_join(self.env.docname, entry) in self.config.drafts:
                del self.content[index]
        return super().run()


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the extension to Sphinx."""
    app.setup_extension("explainers")
    app.add_config_value("drafts", [], "env", list)  # set here, read by the toctrees
    app.add_directive("toctree", TocTreeWithoutDrafts, override=True)
    app.connect("config-inited", on_config_inited)
    return {"env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
