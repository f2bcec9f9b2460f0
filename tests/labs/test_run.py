"""The harness, and whether the results that are kept are still those of the code."""

from __future__ import annotations

import io
import json
import re
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from labs import run as harness
from labs.run import Experiment, combined, find, inputs_hash, measured, slugs, write

LABS = Path(__file__).parents[2] / "labs"
EVERY = pytest.mark.parametrize("slug", slugs())


def kept(slug: str) -> dict[str, Any]:
    text = (LABS / "results" / f"{slug}.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


# --- what is kept


def test_every_experiment_has_results_and_nothing_else_does() -> None:
    files = {path.stem for path in (LABS / "results").iterdir()}
    assert files == set(slugs())


@EVERY
def test_results_obey_the_schema(slug: str) -> None:
    harness._validator().validate(kept(slug))


@EVERY
def test_results_are_newer_than_their_code(slug: str) -> None:
    assert not harness.stale(slug), f"the code or data changed: make results only={slug}"


@EVERY
def test_small_part_run_again_finds_the_same(slug: str) -> None:
    found, before = find(slug).check(), kept(slug)["check"]
    assert found.keys() == before.keys()
    for key, value in found.items():
        # Sums of 32 bits round otherwise on other processors; training carries it on (3e-6 seen).
        np.testing.assert_allclose(value, before[key], rtol=1e-5, atol=1e-9, err_msg=key)


@EVERY
def test_results_are_of_the_seeds_and_choices_in_the_code(slug: str) -> None:
    experiment, results = find(slug), kept(slug)
    assert results["seeds"] == list(experiment.seeds)
    for key, value in experiment.fixed.items():
        assert results["values"][key]["value"] == harness._plain(value)
    units = {key: entry["unit"] for key, entry in results["values"].items() if "unit" in entry}
    assert units == dict(experiment.units)


# --- the harness


def sample(seed: int) -> dict[str, float | list[float]]:
    return {"one": float(seed), "many": [seed, 2.0 * seed]}


SAMPLE = Experiment(
    title="Sample",
    run=sample,
    check=lambda: {"one": 1.0},
    fixed={"size": (1, 2), "name": "x"},
    units={"many": "m"},
    seeds=range(5),
)
SLUG = slugs()[0]  # whose code stands in for the sample's


def test_mean_and_spread_over_the_seeds() -> None:
    results = measured(SLUG, SAMPLE, io.StringIO())
    spread = np.std(range(5), ddof=1)
    assert results["values"]["one"] == {"value": 2.0, "spread": pytest.approx(spread)}
    assert results["values"]["many"]["value"] == [2.0, 4.0]
    assert results["values"]["many"]["spread"] == pytest.approx([spread, 2 * spread])
    assert results["values"]["many"]["unit"] == "m"
    assert results["values"]["size"] == {"value": [1, 2]}
    assert results["seeds"] == [0, 1, 2, 3, 4]
    assert results["provenance"]["versions"].keys() >= {"python", "numpy"}


def test_without_seeds_there_is_no_spread() -> None:
    experiment = Experiment("T", run=sample, check=lambda: {"one": 0})
    results = measured(SLUG, experiment, io.StringIO())
    assert results["seeds"] == []
    assert results["values"] == {"one": {"value": 0.0}, "many": {"value": [0.0, 0.0]}}


def test_runs_must_measure_the_same() -> None:
    with pytest.raises(ValueError, match="differ"):
        combined([{"a": 1.0}, {"b": 1.0}])
    with pytest.raises(ValueError, match="zip"):
        combined([{"a": [1.0]}, {"a": [1.0, 2.0]}])


def test_file_is_written_whole_and_nothing_else(tmp_path: Path) -> None:
    path = write("x", measured(SLUG, SAMPLE, io.StringIO()), tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["x.json"]
    assert json.loads(path.read_text())["title"] == "Sample"


def test_spread_over_too_few_seeds_is_refused(tmp_path: Path) -> None:
    few = Experiment("T", run=sample, check=lambda: {"one": 0}, seeds=(0, 1, 2, 3))
    with pytest.raises(Exception, match="is too short"):
        write("x", measured(SLUG, few, io.StringIO()), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_number_is_refused(tmp_path: Path) -> None:
    odd = Experiment("T", run=lambda seed: {"a": float("nan")}, check=lambda: {"a": 0})
    with pytest.raises(ValueError, match="JSON"):
        write("x", measured(SLUG, odd, io.StringIO()), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_long_runs_say_how_far_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    said = io.StringIO()
    measured(SLUG, SAMPLE, said)
    assert said.getvalue() == ""
    monkeypatch.setattr(harness, "QUIET_SECONDS", -1.0)
    measured(SLUG, SAMPLE, said)
    lines = said.getvalue().splitlines()
    assert len(lines) == 5
    assert re.fullmatch(r"[\w-]+ \[#{20}\] seed 5 of 5, about 0 s left ", lines[-1])


def copied(folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Make a small labs folder of its own and return the slug in it."""
    (folder / "experiments").mkdir()
    (folder / "experiments" / "a_b.py").write_text("from labs.used import x\n")
    (folder / "used.py").write_text("from labs import deep\n")
    (folder / "deep.py").write_text("x = 1\n")
    (folder / "unused.py").write_text("x = 1\n")
    (folder / "data.txt").write_text("1")
    monkeypatch.setattr(harness, "LABS", folder)
    return "a-b"


@pytest.mark.parametrize(
    ("file", "changes"),
    [
        ("experiments/a_b.py", True),
        ("used.py", True),
        ("deep.py", True),
        ("data.txt", True),
        ("unused.py", False),
    ],
)
def test_hash_knows_every_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str, changes: bool
) -> None:
    slug = copied(tmp_path, monkeypatch)
    before = inputs_hash(slug, ["data.txt"])
    assert inputs_hash(slug, ["data.txt"]) == before
    with (tmp_path / file).open("a") as stream:
        stream.write("y = 2\n")
    assert (inputs_hash(slug, ["data.txt"]) != before) is changes


def test_stale_results_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    slug = slugs()[-1]
    for name in slugs():
        shutil.copy(LABS / "results" / f"{name}.json", tmp_path)
    monkeypatch.setattr(harness, "RESULTS", tmp_path)
    assert harness.main(["--stale"]) == 0
    assert capsys.readouterr().out == ""
    results = tmp_path / f"{slug}.json"
    results.write_text(re.sub(r'"inputs": "\w{9}', '"inputs": "000000000', results.read_text()))
    assert harness.main(["--stale"]) == 1
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith(str(harness.source(slug)))
    assert line.endswith(f"make results only={slug}")


def test_unknown_experiment_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert harness.main(["nothing"]) == 2
    assert "there is no experiment 'nothing'" in capsys.readouterr().err
