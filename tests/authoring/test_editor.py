"""Editors offer what the site accepts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from authoring import editor
from explainers.record import read_front_matter
from tests.pages import kind, sources
from website.allowed import allowed

ROOT = Path(__file__).resolve().parents[2]
KINDS = {"explainer": "article.schema.json", "theme": "theme.schema.json"}


def offered(file: str) -> Any:
    return json.loads((ROOT / editor.FOLDER / file).read_text(encoding="utf-8"))


def test_files_are_up_to_date() -> None:
    for path, text in editor.files(ROOT).items():
        assert path.read_text(encoding="utf-8") == text, "run: make reference"


@pytest.mark.parametrize("file", KINDS.values())
def test_no_key_is_offered_that_the_site_refuses(file: str) -> None:
    properties = offered(file)["properties"]
    assert {"title", "description", "formerly"} <= properties.keys()
    assert not properties.keys() & allowed().front_matter.keys()


def test_tags_and_boxes_are_offered_with_what_they_mean() -> None:
    properties = offered("article.schema.json")["properties"]
    tags = yaml.safe_load((ROOT / "articles/tags.yaml").read_text(encoding="utf-8"))
    choices = {row["const"]: row["description"] for row in properties["tags"]["items"]["anyOf"]}
    assert choices == {tag["slug"]: f"{tag['name']}: {tag['about']}" for tag in tags}
    chains = yaml.safe_load((ROOT / "articles/chains.yaml").read_text(encoding="utf-8"))
    boxes = [box["slug"] for chain in chains for box in chain["boxes"]]
    assert [row["const"] for row in properties["place"]["anyOf"]] == boxes


def test_what_the_build_accepts_is_valid_there_and_what_it_refuses_is_not() -> None:
    checks = {kind: Draft202012Validator(offered(file)) for kind, file in KINDS.items()}
    fronts = [(kind(path), read_front_matter(path.read_text(encoding="utf-8")).data)
              for path in sources() if kind(path) in KINDS]  # fmt: skip
    assert {name for name, _ in fronts} == KINDS.keys()
    for name, front in fronts:
        assert [error.message for error in checks[name].iter_errors(front)] == []
        assert list(checks[name].iter_errors(front | {"html_theme": {}}))
    article = next(front for name, front in fronts if name == "explainer")
    for wrong in ({"tags": ["rlhf", "rhlf"]}, {"place": "nowhere"}):
        assert list(checks["explainer"].iter_errors(article | wrong))


def test_stale_files_are_written_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "articles").mkdir()
    (tmp_path / ".vscode").mkdir()
    for name in ("tags.yaml", "chains.yaml"):
        text = (ROOT / "articles" / name).read_text(encoding="utf-8")
        (tmp_path / "articles" / name).write_text(text, encoding="utf-8")
    assert editor.main(tmp_path) == 0
    assert capsys.readouterr().out.count("has changed") == 2
    editor.main(tmp_path)
    assert capsys.readouterr().out == ""
