"""A copy of the project with more articles is one that builds: nothing in it has a name twice."""

from __future__ import annotations

import re
from pathlib import Path

from authoring import published
from explainers.record import read_front_matter
from tests.bench.corpus import ROOT, THEME_SIZE, grow


def articles(root: Path) -> dict[str, str]:
    found = [path for path in published.sources(root) if path.parent.parent == root / "articles"]
    return {path.stem: path.read_text("utf-8") for path in found if path.stem != "index"}


def test_articles_are_repeated_under_other_names(tmp_path: Path) -> None:
    copy, ours = tmp_path / "copy", articles(ROOT)
    total = len(ours) + THEME_SIZE + 2
    grow(copy, total)
    grown = articles(copy)
    assert len(grown) == total
    assert ours.items() <= grown.items()
    fronts = [read_front_matter(text) for text in grown.values()]
    assert not [front.problems for front in fronts if front.problems]
    assert len({front.data["title"] for front in fronts}) == total
    for pattern in (r"^:name: (\S+)$", r"^\((\S+)\)=$", r"\$\$ \((\S+)\)$"):
        names = [name for text in grown.values() for name in re.findall(pattern, text, re.M)]
        assert len(names) == len(set(names))
    index = (copy / "articles/index.md").read_text("utf-8")
    assert "theme-000/index\ntheme-001/index\n```" in index
    listed = (copy / published.LIST).read_text("utf-8")
    assert published.extended(listed, copy) == listed
