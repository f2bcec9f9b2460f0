"""Articles to measure with: invented ones for any Sphinx, and ours again under other names.

    python tests/bench/corpus.py FOLDER --articles 30

copies the project into FOLDER and repeats its articles there, in new themes, until it has that
many. In the copy, `make test` and `make test-pages` show how long they will take one day.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from itertools import cycle, islice
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
THEME_SIZE = 10


def write_themes(folder: Path, total: int, text: Callable[[int], str]) -> list[str]:
    """Write ``total`` articles in themes of ten, each theme with its page; return these pages."""
    pages = []
    for number, first in enumerate(range(0, total, THEME_SIZE)):
        members = range(first, min(first + THEME_SIZE, total))
        theme = folder / f"theme-{number:03}"
        theme.mkdir(parents=True)
        for member in members:
            (theme / f"article-{member:04}.md").write_text(text(member), encoding="utf-8")
        entries = "\n".join(f"article-{member:04}" for member in members)
        (theme / "index.md").write_text(
            f"---\ntitle: Theme {number}\n"
            "description: A synthetic theme page that lists ten synthetic explainers.\n---\n\n"
            f"```{{toctree}}\n{entries}\n```\n"
        )
        pages.append(f"{theme.name}/index")
    return pages


# --- for any Sphinx with MyST


def write_corpus(folder: Path, total: int) -> None:
    """Write a project, but for its conf.py, of ``total`` invented articles."""
    pages = write_themes(folder / "articles", total, lambda number: article(number, total))
    entries = "\n".join(f"articles/{page}" for page in pages)
    (folder / "index.md").write_text(f"# Home\n\n```{{toctree}}\n{entries}\n```\n")
    for name in ("tags.yaml", "references.bib"):
        shutil.copy(ROOT / "articles" / name, folder / "articles" / name)


class Prose:
    """Sentences of an invented language whose word frequencies fall as in a real one."""

    def __init__(self, seed: int, vocabulary: int = 6000) -> None:
        self.random = random.Random(seed)
        syllables = [c + v for c in "bdfgklmnprst" for v in ("a", "e", "i", "o", "u", "ar", "en")]
        self.words = [
            "".join(self.random.choices(syllables, k=self.random.randint(1, 4)))
            for _ in range(vocabulary)
        ]
        self.weights = [1 / rank for rank in range(1, vocabulary + 1)]

    def words_of(self, count: int) -> list[str]:
        """Return that many words."""
        return self.random.choices(self.words, self.weights, k=count)

    def paragraph(self, sentences: int = 5) -> str:
        """Return a paragraph of some seventy words."""
        return " ".join(" ".join(self.words_of(14)).capitalize() + "." for _ in range(sentences))


def article(number: int, total: int) -> str:
    """Return a page of about 2,000 words with formulas, code, tables, a diagram and links."""
    prose = Prose(number)
    title = f"Explainer {number} on {' '.join(prose.words_of(4))}".title()
    # the first of each theme needs none, the others the one before
    needs = f"prerequisites: [article-{number - 1:04}]\n" if number % THEME_SIZE else ""
    front = (
        f'---\ntitle: "{title}"\n'
        f"description: The synthetic explainer number {number}, of the length of a real one.\n"
        "date: 2026-01-01\nchecked: 2026-01-01\nkind: overview\nlevel: intro\n"
        f"tags: [rlhf, preferences]\n{needs}---\n"
    )
    return front + "\n".join(_section(prose, n, number, total) for n in range(6))


def _section(prose: Prose, n: int, number: int, total: int) -> str:
    """Return one of an article's six sections; what it holds besides prose depends on ``n``."""
    near = f"article-{(number + 1) % total:04}.md"
    if (number + 1) % THEME_SIZE == 0 or number + 1 == total:
        near = f"article-{number:04}.md"  # links stay in the theme's folder
    parts = [f"\n## {' '.join(prose.words_of(4)).capitalize()}\n"]
    parts += [prose.paragraph() + "\n" for _ in range(4)]
    parts.append(f"Here $x_{n} = \\frac{{a}}{{b + {n}}}$ holds, {prose.paragraph(1)}\n")
    if n < 2:
        parts.append("$$\n\\sum_{i=1}^{n} \\log \\sigma(r_i - s_i) = \\beta\n$$\n")
        parts.append(f"| a | b |\n|---|---|\n| {prose.words_of(1)[0]} | 2 |\n| 3 | 4 |\n")
        parts.append(f"As in []({near}): {prose.paragraph(1)}\n")  # the link's text is Sphinx's
    elif n < 5:
        parts.append(f"```python\ndef f(x):\n    return x ** {n} + {number}\n```\n")
        parts.append(f"See [that one]({near}). {prose.paragraph(1)}\n")
    else:
        parts.append(
            "```{mermaid}\n:alt: A prompt leads to an answer, and that to a reward.\n"
            "flowchart TD\n  A[Prompt] --> B[Answer] --> C[Reward]\n```\n"
        )
    return "\n".join(parts)


# --- ours again


# What gives a name: options, targets, formulas.
_NAMED = re.compile(r"^:(?:name|label): (\S+)$|^\((\S+)\)=$|\$\$ \(([\w-]+)\)$", re.MULTILINE)


def renamed(text: str, number: int) -> str:
    """Return an article under another title, its figures, formulas and sections renamed."""
    names = {name for match in _NAMED.finditer(text) for name in match.groups() if name}
    for name in sorted(names):
        text = re.sub(rf"(?<![\w-]){re.escape(name)}(?![\w-])", f"{name}-{number}", text)
    text = re.sub(r"^short_title: .*\n", "", text, count=1, flags=re.MULTILINE)
    return re.sub(r"^title: .*$", f"title: Number {number}, again", text, count=1, flags=re.M)


def grow(folder: Path, total: int) -> None:
    """Copy the project into ``folder`` and repeat its articles until it has ``total``."""
    command = "git -c safe.directory=* ls-files -z --cached --others --exclude-standard"
    listed = subprocess.run(command.split(), cwd=ROOT, capture_output=True, text=True, check=True)
    for name in filter(None, listed.stdout.split("\0")):
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, target)
    ours = sorted(path for path in (ROOT / "articles").glob("*/*.md") if path.stem != "index")
    texts = list(islice(cycle(path.read_text(encoding="utf-8") for path in ours), total))
    stubs = max(total - len(ours), 0)
    pages = write_themes(folder / "articles", stubs, lambda number: renamed(texts[number], number))
    index = folder / "articles" / "index.md"
    text, fence, _ = index.read_text(encoding="utf-8").rpartition("```")
    index.write_text("\n".join([text.rstrip(), *pages, fence]) + "\n", encoding="utf-8")
    # what tests of the project ask for
    reference = [sys.executable, "-m", "authoring.published"]
    subprocess.run(reference, cwd=folder, env=os.environ | {"PYTHONPATH": "_ext"}, check=True)
    subprocess.run(["git", "init", "--quiet", str(folder)], check=True)
    subprocess.run(["git", "-C", str(folder), "add", "--all"], check=True)


def main() -> int:
    """Write the copy."""
    parser = argparse.ArgumentParser(description="A copy of this project with more articles")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--articles", type=int, default=30, metavar="N")
    given = parser.parse_args()
    if given.folder.exists():
        sys.exit(f"{given.folder} is there already")
    grow(given.folder, given.articles)
    return 0


if __name__ == "__main__":
    sys.exit(main())
