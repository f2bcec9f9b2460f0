"""Every word that the extension prints can be translated, and no word of it is an article's.

The test project speaks Greek and every message comes back in ⟦brackets⟧: a Latin letter outside
of brackets is a word that somebody forgot to mark.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from sphinx.locale import translators

from explainers.record import read_front_matter

EXTENSION = Path(__file__).resolve().parents[2] / "_ext" / "explainers"
TEMPLATE = EXTENSION / "locale" / "explainers.pot"
Project = Any  # of conftest.py, which is not for importing


def messages(path: Path) -> set[str]:
    """Return what a .pot file asks to be translated."""
    return {str(message.id) for message in read_po(BytesIO(path.read_bytes())) if message.id}


def pseudo_translation(folder: Path) -> None:
    """Write a German catalogue that puts every message in brackets."""
    catalog = Catalog(locale="de")
    for message in messages(TEMPLATE):
        catalog.add(message, f"⟦{message}⟧")
    file = folder / "de" / "LC_MESSAGES" / "explainers.mo"
    file.parent.mkdir(parents=True)
    with file.open("wb") as output:
        write_mo(output, catalog)


@pytest.fixture(scope="module")
def translated(start: Callable[[str], Project]) -> Project:
    """The Greek project in pseudo-German, drafts included, as HTML and as text."""
    project = start("test-translation")
    pseudo_translation(project.src / "locale")
    key = ("general", "explainers")
    before = translators.pop(key, None)  # Sphinx keeps catalogues for as long as Python runs
    try:
        assert project.build("html", tags=["live"]) == ""
        assert project.build("text", tags=["live"]) == ""
    finally:
        translators.pop(key, None)
        if before:
            translators[key] = before
    return project


def texts(project: Project) -> dict[str, str]:
    """Return what readers see of every page in both outputs, in one line."""
    pages = {}
    for path, page in project.pages("html").items():
        if path.startswith("articles"):
            body = page.partition('<div class="body" role="main">')[2]
            body = body.partition('<div class="clearer">')[0].replace("¶", "")
            body = re.sub(r'(?s)<pre.*?class="mermaid.*?</pre>', "", body)
            pages[path] = unescape(re.sub(r"<[^>]+>", " ", body))
    base = project.out("articles", "text")
    for file in sorted(base.rglob("*.txt")):
        pages[f"articles/{file.relative_to(base).as_posix()}"] = file.read_text(encoding="utf-8")
    return {path: " ".join(page.split()) for path, page in pages.items()}


def outside(text: str) -> str:
    """Return what is left of ``text`` without what stands in brackets, however deep."""
    while "⟦" in text:
        text, before = re.sub(r"⟦[^⟦⟧]*⟧", "", text), text
        assert text != before, text
    return text


def pattern(message: str) -> str:
    """Return a pattern for a message with its placeholders filled."""
    return re.sub(r"%(\\\(\w+\\\))?[sd]", ".+?", re.escape(message).replace("\\%", "%"))


# The template ------------------------------------------------------------------------------------


def test_the_template_is_up_to_date() -> None:
    others = [EXTENSION.with_name(f"{name}.py") for name in ("layers", "terms")]
    files = [*EXTENSION.glob("*.py"), *others]
    found = (extract_from_file("python", file, keywords={"_": None}) for file in files)
    command = "pybabel extract --add-location=file -o explainers/locale/explainers.pot"
    assert {m for part in found for _, m, *_ in part} == messages(TEMPLATE), (
        f"in _ext, run: {command} explainers layers.py terms.py"
    )


# Pages in another language -----------------------------------------------------------------------


def test_every_message_is_seen_translated(translated: Project) -> None:
    everything = "\n".join(texts(translated).values())
    unseen = {m for m in messages(TEMPLATE) if not re.search(f"⟦{pattern(m)}⟧", everything)}
    assert unseen == set()


def test_pages_are_in_both_outputs(translated: Project) -> None:
    names = ["glossary", "index", "theta/four", "theta/index", "theta/one", "theta/three"]
    names += ["theta/two"]
    assert list(texts(translated)) == [
        f"articles/{name}.{suffix}" for suffix in ("html", "txt") for name in names
    ]


def test_no_word_is_left_in_english(translated: Project) -> None:
    for path, text in texts(translated).items():
        ours = re.sub(r"\[Diagramm: (⟦.*?⟧)\]", r"\1", text)  # the Mermaid extension says that
        assert re.findall(r"[A-Za-z]+", outside(ours)) == [], path


def test_each_kind_of_text_is_translated_where_it_stands(translated: Project) -> None:
    pages = texts(translated)
    for suffix in ("html", "txt"):
        one, two, three, four = (
            pages[f"articles/theta/{name}.{suffix}"] for name in ("one", "two", "three", "four")
        )
        facts = "⟦limits⟧ · ⟦advanced⟧ · ⟦1 min, 2 with everything⟧ · ⟦facts checked 2026-01-02⟧"
        assert facts in three
        assert "⟦draft⟧ · ⟦prerequisites⟧ · ⟦introductory⟧" in four
        assert "⟦Before you read:⟧" in two
        assert "Ένα (⟦1 min⟧) ⟦for τι είναι η κλίση⟧" in two
        assert ("⟦Everything before it: ⟦2 to read, 2 min⟧⟧" in three) == (suffix == "html")
        assert "⟦Read first, in this order⟧" in three
        assert "⟦Explainers that build on this⟧" in one
        assert "⟦Mentioned in⟧" in two
        assert "⟦Related explainers⟧" in three
        assert "⟦Going deeper:" in three
        assert "⟦2 min · the text below does not need it⟧" in three
        assert "⟦Explained in" in pages[f"articles/glossary.{suffix}"]
    assert ": ⟦Arrows lead from each explainer to those that build" in pages["articles/index.txt"]


# What translators of the articles get ------------------------------------------------------------


def test_the_gettext_builder_gives_titles_descriptions_and_prose_and_no_furniture(
    start: Callable[[str], Project],
) -> None:
    project = start("test-translation")
    assert project.build("gettext", gettext_compact=False, tags=["live"]) == ""
    base = project.out("articles", "gettext")
    found = {path.relative_to(base).as_posix(): messages(path) for path in base.rglob("*.pot")}
    described = {
        f"theta/{path.stem}.pot": {
            str(read_front_matter(path.read_text("utf-8")).data["description"])
        }
        for path in (project.src / "articles" / "theta").glob("*.md")
    }
    assert all(described[path] < found[path] for path in described)
    assert {path: found[path] - described.get(path, set()) for path in found} == {
        "index.pot": {"Άρθρα"},
        "glossary.pot": {"Λεξικό", "κλίση", "Η κλίση της πλαγιάς. {home}`one`"},
        "theta/index.pot": {"Θέμα"},
        "theta/one.pot": {"Ένα", "Πρώτη παράγραφος. Δείτε και το {explainer}`two` εδώ."},
        "theta/two.pot": {"Δύο", "Δεύτερη παράγραφος.", "τι είναι η κλίση"},
        "theta/three.pot": {
            "Τρία",
            "Τρίτη παράγραφος για την κλίση.",
            "Πιο βαθιά",
            " ".join(["Κι άλλα."] * 114),
        },
        "theta/four.pot": {"Τέσσερα", "Τέταρτη παράγραφος."},
    }
    template = (base / "theta" / "three.pot").read_text(encoding="utf-8")
    assert re.search(r'articles/theta/three\.md:\d+\nmsgid "Τρία"', template)
    assert re.search(r'articles/theta/three\.md:3\nmsgid "Γιατί ένα τοπίο', template)
    assert re.search(r'articles/theta/three\.md:13\nmsgid "Τρίτη παράγραφος', template)
