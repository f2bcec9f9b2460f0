"""From TeX to PDF: ``python -m book.typeset _build/latex`` runs latexmk and reads the log, and
cuts the parts out.

TeX runs without a shell, and reads and writes below its folder only: the texts are contributed.
Ends with 1 after naming what matters in the log (:mod:`.log`); ``--show-only`` names it and ends
with 0 if there is a PDF.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

from . import log, parts

_PROGRAMS = ("latexmk", "xelatex", "makeindex")
_ENVIRONMENT = {
    "openin_any": "p",
    "openout_any": "p",
    "max_print_line": "10000",  # else the log breaks its lines
    "LATEXOPTS": "-no-shell-escape",
    "FORCE_SOURCE_DATE": "1",  # where SOURCE_DATE_EPOCH is set, it dates everything
}


def missing() -> list[str]:
    """Return the programs that are not on this machine."""
    return [name for name in _PROGRAMS if not shutil.which(name)]


def typeset(folder: Path) -> tuple[Path | None, list[str]]:
    """Return the PDF of the one book in ``folder``, if there is one, and what is wrong with it."""
    (source,) = folder.glob("*.tex")
    command = ["latexmk", "-norc", "-r", "latexmkrc", "-xelatex", "-interaction=nonstopmode"]
    pdf, journal = source.with_suffix(".pdf"), source.with_suffix(".log")
    done = subprocess.run(  # noqa: S603
        [*command, source.name],
        cwd=folder,
        env=os.environ | _ENVIRONMENT,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    text = journal.read_text(encoding="utf-8", errors="replace") if journal.is_file() else ""
    # What makes the PDF of TeX's pages writes no log; on a second run it may not run at all.
    said = "\n".join(line for line in done.stdout.splitlines() if "xdvipdfmx:" in line)
    tex = source.read_text(encoding="utf-8", errors="replace")
    found = [log.placed(problem, tex) for problem in log.problems(f"{text}\n{said}")]
    if done.returncode and not found:
        found = [f"latexmk: {line}" for line in (done.stdout + done.stderr).splitlines()[-12:]]
    return pdf if pdf.is_file() else None, found


def main() -> int:
    """Typeset a book; return 0 if nothing is wrong with it."""
    parser = argparse.ArgumentParser(description="Typeset the book that Sphinx has written.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--show-only", action="store_true")
    arguments = parser.parse_args()
    if absent := missing():
        print(f"The book needs {', '.join(absent)}: install what apt.txt lists for it, or TeX Live")
        return 2
    pdf, found = typeset(arguments.folder)
    for problem in found:
        print(problem, file=sys.stderr)
    if pdf:
        print(f"The book is {pdf}")
        for part in parts.split(pdf):
            print(f"A part of it is {part}")
    return 0 if pdf and (arguments.show_only or not found) else 1


if __name__ == "__main__":
    sys.exit(main())
