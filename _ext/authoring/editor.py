"""``make reference``: the schemas for editors, which offer what this site accepts and no more.

The schemas in ``explainers`` are for any project. These leave out the keys that the site refuses
and know its tags and boxes by name.
"""

from __future__ import annotations

import copy
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from explainers.record import load_yaml, validator
from wayfinding.chains import read_chains
from website.allowed import allowed

FOLDER = Path(".vscode")
NAMES = {"front-matter": "article.schema.json", "theme": "theme.schema.json"}


def schema(name: str, tags: Iterable[tuple[str, str]], places: Iterable[tuple[str, str]]) -> Any:
    """Return the schema ``name`` with what may be written here; choices say what they mean."""
    found = copy.deepcopy(validator(name).schema)
    properties = found["properties"]
    for key in allowed().front_matter:
        properties.pop(key, None)
    if name == "front-matter":
        properties["tags"]["items"] = _one_of(tags)
        properties["place"] = _one_of(places) | {"description": properties["place"]["description"]}
    return found


def _one_of(choices: Iterable[tuple[str, str]]) -> dict[str, Any]:
    return {"anyOf": [{"const": word, "description": says} for word, says in choices]}


def files(root: Path) -> dict[Path, str]:
    """Return what each of the files for editors is to hold."""
    tags = load_yaml((root / "articles/tags.yaml").read_text(encoding="utf-8"))[0]
    chains, _ = read_chains((root / "articles/chains.yaml").read_text(encoding="utf-8"))
    meant = [(tag["slug"], f"{tag['name']}: {tag['about']}") for tag in tags]
    boxes = [
        (box.slug, f"{box.name}, in: {chain.title}") for chain in chains for box in chain.boxes
    ]
    return {
        root / FOLDER / file: json.dumps(schema(name, meant, boxes), indent=2, ensure_ascii=False)
        + "\n"
        for name, file in NAMES.items()
    }


def main(root: Path = Path()) -> int:
    """Return 0 after bringing the files up to date."""
    for path, text in files(root).items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            print(f"{path.relative_to(root)} has changed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
