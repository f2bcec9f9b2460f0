"""What a site costs next to bare Sphinx, MyST and Furo: CPU seconds, both measured in one run.

    make bench N=300
    python tests/bench/bench.py --articles 30 --rounds 3
    python tests/bench/bench.py --extensions explainers     # one extension alone

CPU seconds swing less than the clock on a shared machine, and a ratio within one run swings less
still: trust ratios above 1.5, or repeat with more rounds. Nothing here is asserted by a test.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from corpus import ROOT, write_corpus

STEPS = ("cold", "no-op", "body edit", "title edit")
# CPU seconds and pages written of every round, by step and variant.
Results = dict[tuple[str, str], list[tuple[float, int]]]
CONF = """\
import sys
sys.path.insert(0, {path!r})
project = "Benchmark"
extensions = ["myst_parser", "sphinxcontrib.mermaid", *{extensions!r}]
myst_enable_extensions = ["dollarmath", "colon_fence"]
myst_title_to_header = True
explainers_strict = True
html_theme = "furo"
"""


class Variant(NamedTuple):
    """One way to build the corpus: its folder, and what Sphinx is told besides."""

    name: str
    folder: Path
    options: tuple[str, ...]


def build(variant: Variant) -> float:
    """Build the HTML; return the CPU seconds that Sphinx and its children took."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    output = variant.folder / "_build"
    command = [sys.executable, "-m", "sphinx", "-q", "-b", "html", *variant.options]
    command += ["-d", str(output / "doctrees"), str(variant.folder), str(output / "html")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode or done.stderr:
        sys.exit(f"{variant.name} must build without a warning, but:\n{done.stderr[:2000]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def prepare(step: str, variant: Variant) -> None:
    """Bring the sources to where ``step`` starts."""
    page = variant.folder / "articles" / "theme-000" / "article-0001.md"
    if step == "cold":
        shutil.rmtree(variant.folder / "_build", ignore_errors=True)
    elif step == "body edit":
        page.write_text(page.read_text() + "\nOne more sentence stands here.\n")
    elif step == "title edit":
        page.write_text(page.read_text().replace('title: "', 'title: "Once More ', 1))


def measure(variants: list[Variant], rounds: int) -> Iterator[tuple[str, str, float, int]]:
    """Yield step, variant, CPU seconds and pages written; variants take turns at every step."""
    for _ in range(rounds):
        for step in STEPS:
            for variant in variants:
                prepare(step, variant)
                before = written(variant)
                seconds = build(variant)
                pages = sum(before.get(page) != time for page, time in written(variant).items())
                yield step, variant.name, seconds, pages


def written(variant: Variant) -> dict[Path, int]:
    """Return when each HTML page was last written."""
    return {page: page.stat().st_mtime_ns for page in variant.folder.rglob("_build/html/**/*.html")}


def make_variants(scratch: Path, total: int, extensions: list[str]) -> list[Variant]:
    """Write the corpus for bare Sphinx and for what is compared with it."""
    variants = [Variant("bare", scratch / "bare", ())]
    if extensions:
        variants.append(Variant("+".join(extensions), scratch / "ours", ()))
    else:
        variants.append(Variant("this site", scratch / "ours", ("-c", str(ROOT))))
    for variant in variants:
        write_corpus(variant.folder, total)
        chosen = extensions if variant.name != "bare" else []
        conf = CONF.format(path=str(ROOT / "_ext"), extensions=chosen)
        (variant.folder / "conf.py").write_text(conf)
    return variants


def report(
    variants: list[Variant], results: dict[tuple[str, str], list[tuple[float, int]]]
) -> None:
    """Print the medians, and how often dearer than bare Sphinx each is."""
    head = "".join(f"{variant.name:>24}" for variant in variants)
    print(f"{'CPU s (pages written)':24}{head}{'ratio':>8}")
    for step in STEPS:
        medians = [statistics.median(s for s, _ in results[step, v.name]) for v in variants]
        cells = "".join(
            f"{f'{seconds:.2f} ({results[step, v.name][-1][1]})':>24}"
            for seconds, v in zip(medians, variants, strict=True)
        )
        print(f"{step:24}{cells}{medians[-1] / medians[0]:8.2f}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="CPU seconds next to bare Sphinx, MyST and Furo")
    parser.add_argument("--articles", type=int, default=30, metavar="N")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument(
        "--extensions",
        type=lambda text: text.split(","),
        default=[],
        help="these alone, comma-separated, instead of this site's conf.py",
    )
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        variants = make_variants(Path(scratch), given.articles, given.extensions)
        results: Results = {}
        for step, name, seconds, pages in measure(variants, given.rounds):
            results.setdefault((step, name), []).append((seconds, pages))
    print(f"{given.articles} articles, {given.rounds} round(s)")
    report(variants, results)


if __name__ == "__main__":
    main()
