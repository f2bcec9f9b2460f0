"""This site without its articles: its settings and extensions, around a theme that is empty."""

from __future__ import annotations

import shutil
from pathlib import Path

ROOT = Path(__file__).parents[1]
THEME = "practice"
PAGES = {
    "index.md": "# Home\n\n```{toctree}\narticles/index\n```\n",
    "articles/index.md": f"# All\n\n```{{toctree}}\nprimer\n{THEME}/index\n```\n",
    "articles/primer.md": "# Primer\n\nWhat every article takes for granted.\n",
    f"articles/{THEME}/index.md": (
        "---\ntitle: Practice\n"
        "description: A theme without articles yet, to which a test adds what it needs.\n"
        "---\n\n```{toctree}\n```\n"
    ),
}


def bare_site(folder: Path) -> Path:
    """Write it into ``folder`` and return that."""
    for name in ("_ext", "_static", "labs"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    for path, text in PAGES.items():
        page = folder / path
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(text, encoding="utf-8")
    for name in ("conf.py", "Makefile", "articles/tags.yaml", "articles/references.bib"):
        shutil.copy(ROOT / name, folder / name)
    return folder
