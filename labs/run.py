"""The harness: runs experiments and writes what they found, ``python -m labs.run [slug …]``.

An experiment is a module of ``labs/experiments`` that ends in ``EXPERIMENT``. Its results go to
``labs/results/<slug>.json`` with where they come from: seeds, versions, kind of machine,
duration, and a hash of the code and data that made them. Tests fail once these change and the
results do not.
"""

from __future__ import annotations

import ast
import hashlib
import importlib
import json
import os
import platform
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from statistics import fmean, stdev
from typing import Any, TextIO

from .essence import essence

LABS = Path(__file__).parent
RESULTS = LABS / "results"

Value = float | int | str | Sequence[float] | Sequence[int] | Sequence[str]
Measured = Mapping[str, "float | Sequence[float]"]

#: A run that takes longer than this says how far it is.
QUIET_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Experiment:
    """What to run and what the numbers mean.

    ``run`` returns by key what one seed measured, the same keys and lengths for each seed; means
    and standard deviations over ``seeds`` are written. Without seeds it is called once, with 0.
    ``fixed`` holds what was chosen, such as the sizes tried. ``check`` is a small part of it, of
    seconds, that tests run again. ``data`` are files read, relative to ``labs``.
    """

    title: str
    run: Callable[[int], Measured]
    check: Callable[[], Measured]
    fixed: Mapping[str, Value] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    seeds: Sequence[int] = ()
    data: Sequence[str] = ()


def slugs() -> list[str]:
    """Return the slugs of all experiments."""
    files = (LABS / "experiments").glob("[!_]*.py")
    return sorted(file.stem.replace("_", "-") for file in files)


def find(slug: str) -> Experiment:
    """Return the experiment ``slug``.

    Raises: LookupError.
    """
    if slug not in slugs():
        raise LookupError(f"there is no experiment '{slug}', but {', '.join(slugs())}")
    module = importlib.import_module(f"labs.experiments.{slug.replace('-', '_')}")
    found: Experiment = module.EXPERIMENT
    return found


def source(slug: str) -> Path:
    """Return the file of an experiment."""
    return LABS / "experiments" / f"{slug.replace('-', '_')}.py"


def inputs_hash(slug: str, data: Sequence[str] = ()) -> str:
    """Return the SHA-256 of the experiment's code, of what it imports from labs, and its data."""
    files = sorted({*_with_imports(source(slug)), *(LABS / name for name in data)})
    whole = hashlib.sha256()
    for file in files:
        content = file.read_bytes().replace(b"\r\n", b"\n")
        if file.suffix == ".py":
            content = essence(content).encode()
        whole.update(file.relative_to(LABS).as_posix().encode() + b"\0")
        whole.update(hashlib.sha256(content).digest())
    return whole.hexdigest()


def stale(slug: str) -> bool:
    """Return whether the results that are kept are not those of the code and data of today."""
    kept = json.loads((RESULTS / f"{slug}.json").read_text(encoding="utf-8"))
    return bool(kept["provenance"]["inputs"] != inputs_hash(slug, find(slug).data))


def _with_imports(start: Path) -> set[Path]:
    """Return ``start`` and the modules of labs that it imports, directly or not.

    The harness itself is left out: how a result is written does not change what was found.
    """
    found, waiting = {start}, [start]
    while waiting:
        for name in _imported(waiting.pop()):
            parts = name.split(".")
            file = LABS.joinpath(*parts[1:]).with_suffix(".py")
            if parts[0] == "labs" and file.is_file() and file != Path(__file__):
                waiting += {file} - found
                found.add(file)
    return found


def _imported(file: Path) -> set[str]:
    """Return the names of the modules that ``file`` may import."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_bytes())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def versions(slug: str) -> dict[str, str]:
    """Return the releases of Python and of the packages that the experiment's code imports."""
    names = {
        name.partition(".")[0] for file in _with_imports(source(slug)) for name in _imported(file)
    }
    packages = sorted(names - {*sys.stdlib_module_names, "labs"})
    homes = metadata.packages_distributions()  # faiss comes in faiss-cpu
    return {"python": platform.python_version()} | {
        package: metadata.version(homes.get(package, [package])[0]) for package in packages
    }


def machine() -> str:
    """Return which kind of machine this is."""
    cores = os.cpu_count() or 1
    return f"{platform.system()} on {platform.machine()}, {cores} core{'s' if cores > 1 else ''}"


def measured(slug: str, experiment: Experiment, say: TextIO) -> dict[str, Any]:
    """Return the results of ``experiment``, run now, as its file holds them.

    Raises: ValueError if seeds differ in what they measure, or if what they found is no number.
    """
    start = time.monotonic()
    runs: list[Measured] = []
    seeds = list(experiment.seeds)
    for seed in seeds or [0]:
        runs.append(experiment.run(seed))
        _progress(slug, len(runs), len(seeds), time.monotonic() - start, say)
    values = {key: {"value": _plain(value)} for key, value in experiment.fixed.items()}
    values |= combined(runs)
    for key, unit in experiment.units.items():
        values[key]["unit"] = unit
    return {
        "title": experiment.title,
        "values": values,
        "seeds": seeds,
        "check": {key: _plain(value) for key, value in experiment.check().items()},
        "provenance": {
            "inputs": inputs_hash(slug, experiment.data),
            "versions": versions(slug),
            "machine": machine(),
            "seconds": round(time.monotonic() - start, 1),
        },
    }


def combined(runs: Sequence[Measured]) -> dict[str, dict[str, Any]]:
    """Return the mean and, of several runs, the standard deviation of everything measured.

    Raises: ValueError if the runs differ in keys or lengths.
    """
    if any(run.keys() != runs[0].keys() for run in runs):
        raise ValueError("the runs differ in what they measured")
    return {key: _combined([run[key] for run in runs]) for key in runs[0]}


def _combined(found: Sequence[float | Sequence[float]]) -> dict[str, Any]:
    """Return the mean and spread of one quantity."""
    series = [list(value) if not isinstance(value, (float, int)) else None for value in found]
    if all(value is None for value in series):
        numbers = [value for value in found if isinstance(value, (float, int))]
        entry: dict[str, Any] = {"value": _plain(fmean(numbers))}
        return entry | ({"spread": _plain(stdev(numbers))} if len(numbers) > 1 else {})
    columns = list(zip(*(value or [] for value in series), strict=True))
    entry = {"value": _plain([fmean(column) for column in columns])}
    if len(found) > 1:
        entry["spread"] = _plain([stdev(column) for column in columns])
    return entry


def _plain(value: Any) -> Any:
    """Return ``value`` as JSON has it, to nine digits: the rest is the machine's, not ours."""
    if isinstance(value, str):
        return value
    if hasattr(value, "tolist"):  # of NumPy
        return _plain(value.tolist())
    if isinstance(value, Sequence):
        return [_plain(member) for member in value]
    return value if isinstance(value, int) else float(f"{value:.9g}")


def _progress(slug: str, done: int, total: int, seconds: float, say: TextIO) -> None:
    """Say how far a run is, if it takes long."""
    if seconds < QUIET_SECONDS or total < 2:
        return
    left = seconds / done * (total - done)
    bar = ("#" * round(20 * done / total)).ljust(20, ".")
    end = "\n" if done == total or not say.isatty() else ""
    start = "\r" if say.isatty() else ""
    say.write(f"{start}{slug} [{bar}] seed {done} of {total}, about {left:.0f} s left {end}")
    say.flush()


@lru_cache(maxsize=1)
def _validator() -> Any:
    """Return what checks results against the schema."""
    from jsonschema import Draft202012Validator

    text = (LABS / "results.schema.json").read_text(encoding="utf-8")
    return Draft202012Validator(json.loads(text))


def write(slug: str, results: Mapping[str, Any], folder: Path = RESULTS) -> Path:
    """Write ``results`` and return their file, which never exists half-written.

    Raises: jsonschema.ValidationError; ValueError for what is no number.
    """
    _validator().validate(results)
    text = json.dumps(results, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    folder.mkdir(exist_ok=True)
    path = folder / f"{slug}.json"
    partial = path.with_suffix(f".{os.getpid()}.part")
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)
    return path


def main(arguments: Sequence[str]) -> int:
    """Run the named experiments, or all; return the exit status.

    ``--stale`` runs none and says which results are to be made again.
    """
    if list(arguments) == ["--stale"]:
        found = [slug for slug in slugs() if stale(slug)]
        for slug in found:
            print(f"{source(slug)}:1: changed, or what it reads: make results only={slug}")
        return min(len(found), 1)
    for slug in arguments or slugs():
        try:
            experiment = find(slug)
        except LookupError as error:
            print(error, file=sys.stderr)
            return 2
        results = measured(slug, experiment, sys.stderr)
        path = write(slug, results)
        print(f"{path.relative_to(LABS.parent)}: {results['provenance']['seconds']} s")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
