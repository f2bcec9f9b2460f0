"""The record in pages: every output, links to sources, staleness, faults at their lines."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

EVIDENCE = Path(__file__).parents[2] / "_ext" / "evidence"
GAP = "\N{NO-BREAK SPACE}"
TREES, PLANKS = "articles/theta/trees.record.yaml", "articles/theta/planks.record.yaml"


def words(html: str) -> str:
    return " ".join(re.sub("<[^>]+>", "", html).replace(GAP, " ").split())


def test_sentences_and_numbers(record) -> None:
    record.build()
    assert record.warnings == []
    page = record.page("index.html")
    assert f"It is 28.40{GAP}m or 28.4, in" in page
    assert f"<em>−3.50{GAP}±{GAP}0.25%</em>" in page
    (found,) = re.findall(r'<ul class="record[^>]*id="found">.*?</ul>', page, re.DOTALL)
    assert "<strong>Ash and others, 2017.</strong>" in found
    assert "grew <em>faster</em> than" in found
    said = words(found)
    assert "against 26.4 for the best, on 150,000 plots [1] (Table 2)." in said
    assert "Setting: 150,000 plots of" in said
    assert "Compared with: the best shrub. Cost: −3.50% of 2.3 × 10¹⁹ J_x." in said
    assert "Does not show: Nothing is said of moss." in said
    assert "Élm and van der Fir, 2019. Two trees beat one, by 7× [2] (abstract)." in said
    assert "says who sells them [3] (section 4, vendor’s own figure, second-hand)." in said
    assert "UnSigned. Somebody has measured 4 things! [4] (page 3)" in said
    assert 'alt="As high as 28.4 m."' in page or "As high as 28.4\N{NO-BREAK SPACE}m." in page


def test_table_is_numbered_and_its_cells_have_labels(record) -> None:
    record.build()
    page = record.page("index.html")
    (table,) = re.findall(r'<table[^>]*id="all".*?</table>', page, re.DOTALL)
    assert "All of <em>them</em>, for 7×." in table
    assert re.search(r'href="#all"><span class="std std-numref">Table 1</span>', page)
    heads = re.findall(r'<th class="head"><p>(.*?)</p>', table)
    labels = re.findall(r'<td><p><span class="record-label">(.*?)</span>', table)
    assert labels == heads * 4
    assert "second-hand" in table


def test_citations_lead_to_the_sources_of_the_page(record) -> None:
    record.build()
    page = record.page("index.html")
    cited = re.findall(r'class="footnote-reference[^"]*" href="#([\w-]+)"', page)
    assert len(cited) == 8
    for target in set(cited):
        assert page.count(f'id="{target}"') == 1
    assert "footnote" not in record.page("other.html")  # a number alone cites nothing


@pytest.mark.parametrize(
    ("builder", "file"), [("text", "index.txt"), ("epub", "index.xhtml"), ("man", "python.1")]
)
def test_every_output_has_the_rows(record, builder: str, file: str) -> None:
    record.build(builder)
    assert record.warnings == []
    out = record.folder / "build" / builder
    path = out / file if builder != "man" else next(out.glob("*.1"))
    text = path.read_text(encoding="utf-8").replace("\\ ", " ").replace(GAP, " ")
    assert "28.40 m" in text
    assert "record-label" not in text


def test_print_has_a_table_that_breaks(record) -> None:
    record.build("latex")
    assert record.warnings == []
    (file,) = (record.folder / "build" / "latex").glob("*.tex")
    tex = file.read_text(encoding="utf-8")
    (table,) = re.findall(r"\\begin\{longtable\}.*?\\end\{longtable\}", tex, re.DOTALL)
    assert r"\label{\detokenize{index:all}}" in table
    assert "Who, when" in table
    assert "J\\_x" in table


def test_parallel_build_is_the_same(record) -> None:
    for number in range(8):
        text = f"# More\n\n{{reported}}`trees-2017:height` {{reported}}`later-{number}:a`\n"
        (record.src / f"more-{number}.md").write_text(f"---\norphan: true\n---\n{text}")
    record.build(parallel=2)
    assert {kind for _, _, kind, _ in record.warnings} == {"evidence.unknown"}
    assert "28.40" in record.page("more-7.html")
    row = (record.src / PLANKS).read_text().replace("planks-2026", "later-3")
    (record.src / "articles/theta/new.record.yaml").write_text(row.partition("- id: unsigned")[0])
    record.build(parallel=2)  # what each process found missing is known
    assert [name for name, *_ in record.warnings] == ["more-3.md"]  # it has no number `a`


def test_editing_a_row_writes_exactly_its_pages(record) -> None:
    assert record.build() == {"index", "other", "plain"}
    assert record.build() == set()
    record.edit(PLANKS, "value: 3,", "value: 3.0,")
    assert record.build() == {"index", "other"}
    assert f"3.0{GAP}t" in record.page("other.html")
    record.edit(TREES, "Three trees", "Four trees")
    assert record.build() == {"index"}


@pytest.mark.parametrize("other", ["latex", "text", "epub"])
def test_page_is_fresh_after_another_builder_read_it(record, other: str) -> None:
    record.build()
    record.edit(PLANKS, "value: 3,", "value: 3.0,")
    record.build(other)
    assert record.build() >= {"other"}
    assert f"3.0{GAP}t" in record.page("other.html")
    assert record.build() == set()


def test_new_file_mends_a_page(record) -> None:
    text = (record.src / PLANKS).read_text()
    (record.src / PLANKS).unlink()
    record.build("text")
    named = {(page, line) for page, line, *_ in record.warnings}
    assert named == {("other.md", 3), ("index.md", 21), ("index.md", 22), ("index.md", 31),
                     ("index.md", 32)}  # fmt: skip
    (record.src / PLANKS).write_text(text)
    record.build("text")
    assert record.warnings == []
    assert f"3{GAP}t" in record.page("other.txt", "text")
    (record.src / PLANKS).unlink()
    record.build("text")
    assert {(page, line) for page, line, *_ in record.warnings} == named


def test_mended_row_is_printed(record) -> None:
    record.edit(PLANKS, "  limits: Nobody else has measured it.\n", "")
    record.build()
    assert [(f, n, k) for f, n, k, _ in record.warnings] == [
        ("planks.record.yaml", 1, "evidence.missing")
    ]
    record.edit(PLANKS, "  setting: its own yard\n", "  setting: its own yard\n  limits: None.\n")
    record.build()
    assert record.warnings == []
    assert f"3{GAP}t" in record.page("other.html")


def test_faults_are_reported_once_where_they_are(project: Callable[[str], object]) -> None:
    faulty = project("record-faults")
    (faulty.src / "articles/theta/bytes.record.yaml").write_bytes(b"\xff")
    for _ in range(2):
        faulty.build("text")
    faulty.edit("index.md", "# Faults", "# All faults")
    faulty.build("text")
    found = [(f, n, k.removeprefix("evidence.")) for f, n, k, _ in faulty.warnings]
    assert found == [
        ("index.md", 3, "unknown"), ("index.md", 3, "unknown"),
        ("index.md", 5, "unknown"), ("index.md", 5, "unknown"),
        ("index.md", 10, "unknown"), ("index.md", 15, "empty"), ("index.md", 18, "caption"),
        ("index.md", 26, "myst.directive_option"), ("index.md", 36, "unknown"),
        ("bytes.record.yaml", 1, "character"), ("empty.record.yaml", 1, "yaml"),
        ("half.record.yaml", 2, "yaml"), ("no-list.record.yaml", 1, "yaml"),
        ("rows.record.yaml", 8, "missing"),
        ("rows.record.yaml", 15, "key"), ("rows.record.yaml", 25, "source"),
        ("rows.record.yaml", 30, "number"), ("rows.record.yaml", 35, "number"),
        ("rows.record.yaml", 41, "duplicate"), ("rows.record.yaml", 50, "type"),
        ("rows.record.yaml", 52, "key"), ("rows.record.yaml", 52, "type"),
        ("rows.record.yaml", 52, "type"), ("rows.record.yaml", 59, "value"),
        ("rows.record.yaml", 68, "place"), ("rows.record.yaml", 69, "type"),
        ("rows.record.yaml", 70, "value"), ("rows.record.yaml", 77, "key"),
    ]  # fmt: skip
    assert "A good row has the number 1 [1]" in faulty.page("index.txt", "text")


def test_catalogue_has_every_word() -> None:
    template = (EVIDENCE / "locale" / "evidence.pot").read_bytes()
    known = {str(message.id) for message in read_po(BytesIO(template)) if message.id}
    found: set[str] = set()
    for path in EVIDENCE.glob("*.py"):
        found.update(str(row[1]) for row in extract_from_file("python", path, keywords={"_": None}))
    assert known == found
