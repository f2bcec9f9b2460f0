"""``make reference``: the list of addresses that readers know, to which it adds and only adds.

A page that is renamed keeps its old address in the list. The tests then ask that something is
still there: the page's ``formerly`` sees to it.
"""

from __future__ import annotations

import sys
from pathlib import Path

from explainers.record import read_front_matter

LIST = Path("tests/published.txt")


def sources(root: Path) -> list[Path]:
    """Return the sources of the site's pages, drafts left out."""
    found = [root / "index.md", *sorted((root / "articles").rglob("*.md"))]
    return [path for path in found if not _is_draft(path)]


def _is_draft(path: Path) -> bool:
    return read_front_matter(path.read_text(encoding="utf-8")).data.get("draft") is True


def address(source: Path, root: Path) -> str:
    """Return the address of a source's page in the site."""
    return source.relative_to(root).with_suffix(".html").as_posix()


def extended(text: str, root: Path) -> str:
    """Return the list ``text``, sorted, with the addresses of today."""
    now = (address(path, root) for path in sources(root))
    return "".join(f"{line}\n" for line in sorted({*text.split(), *now}))


def main(root: Path = Path()) -> int:
    """Return 0 after bringing the list up to date."""
    path = root / LIST
    old = path.read_text(encoding="utf-8") if path.exists() else ""
    if (new := extended(old, root)) != old:
        path.write_text(new, encoding="utf-8")
        print(f"{LIST} has changed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
