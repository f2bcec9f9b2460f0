"""Numbers from results files, in words: reading, formatting, pages, faults."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from evidence.numbers import NumberError, Quantity, printed
from figures.results import BrokenFile, Results, faults, load, parse

ROOT = Path(__file__).parents[2]
KEPT = Path(__file__).parents[1] / "roots" / "test-results" / "labs" / "results"
GAP = "\N{NO-BREAK SPACE}"
SERIES = Results(
    "r",
    {
        "n": Quantity([1, 2.5, 1000], unit="samples"),
        "name": Quantity(["a", "b b", "c"]),
        "e": Quantity([0.5, -0.25, 0.125], [0.1, 0.2, 0.3], "nats"),
        "one": Quantity(3),
        "short": Quantity([1]),
    },
)


@pytest.mark.parametrize(
    ("found", "how", "text"),
    [
        (Quantity(0.12345), ".2f", "0.12"),
        (Quantity(1234567), ",", "1,234,567"),
        (Quantity(1234.0), ",d", "1,234"),
        (Quantity(12), "", "12"),
        (Quantity("word"), "", "word"),
        (Quantity(0.1234), ".1%", "12.3%"),
        (Quantity(-0.5), "+.1%", "−50.0%"),
        (Quantity(0.5), "+.1f", "+0.5"),
        (Quantity(-0.5, unit="nats"), ".1f", f"−0.5{GAP}nats"),
        (Quantity(-0.5, unit="nats"), ".1f no unit", "−0.5"),
        (Quantity(3, unit="runs"), "no unit", "3"),
        (Quantity(0.5, 0.25, "nats"), "±.2f", f"0.50{GAP}±{GAP}0.25{GAP}nats"),
        (Quantity(0.5, 0.25), "±.0%", f"50{GAP}±{GAP}25%"),
        (Quantity(0.5, 0.25), "±+.1f no unit", f"+0.5{GAP}±{GAP}0.2"),
        (Quantity(-0.001), ".2f", "0.00"),
    ],
)
def test_number_in_words(found: Quantity, how: str, text: str) -> None:
    assert printed(found, how) == text


@pytest.mark.parametrize(
    ("found", "how", "message"),
    [
        (Quantity(0.5), ".2x", "is no format"),
        (Quantity(0.5), "{0.__class__}", "is no format"),
        (Quantity(0.5), ".999f", "is no format"),
        (Quantity(0.5), "", "needs a format"),
        (Quantity(0.5), "d", "no whole number"),
        (Quantity(10**310), "%", "too many digits"),
        (Quantity(float("inf")), "d", "too many digits"),
        (Quantity(3), ".2d", "does not fit"),
        (Quantity(0.5), "±.1f", "no spread"),
        (Quantity("word"), ".1f", "is no number"),
        (Quantity([1, 2]), "d", "is a series"),
    ],
)
def test_format_that_does_not_fit(found: Quantity, how: str, message: str) -> None:
    with pytest.raises(NumberError, match=message):
        printed(found, how)


@pytest.mark.parametrize(
    ("key", "value"),
    [("e[n=2.5]", -0.25), ("e[n=1000]", 0.125), ("e[ name = b b ]", None), ("e[name=b b]", -0.25)],
)
def test_member_of_a_series(key: str, value: float | None) -> None:
    if value is None:
        with pytest.raises(NumberError, match="no key"):
            SERIES[key]
    else:
        assert SERIES[key].value == value
        assert SERIES[key].unit == "nats"


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("ee", "no 'ee' in the results 'r'; did you mean 'e'"),
        ("e[m=1]", "no 'm'"),
        ("e[n=3]", "'n' is never 3, but 1, 2.5, 1000"),
        ("one[n=1]", "no series along"),
        ("short[n=1]", "no series along"),
        ("e[1]", "no key"),
        ("", "no key"),
    ],
)
def test_key_that_is_not_there(key: str, message: str) -> None:
    with pytest.raises(NumberError, match=message):
        SERIES[key]


def test_rows_hold_series_and_their_spread() -> None:
    rows = SERIES.rows("n", "e")
    assert rows[1] == {"n": 2.5, "e": -0.25, "e_spread": 0.2}
    assert len(rows) == 3
    with pytest.raises(NumberError, match="one value"):
        SERIES.rows("one")
    with pytest.raises(NumberError, match="differ in length"):
        SERIES.rows("n", "short")


def test_reference_has_three_parts() -> None:
    assert parse("a-b:c[d=1]|±.2f") == ("a-b", "c[d=1]", "±.2f")
    assert parse(" a:b ") == ("a", "b", "")
    for bad in ("a", "a b:c", "../a:b", "a/b:c", "A:b", ":b", "a:"):
        with pytest.raises(NumberError, match="is no result"):
            parse(bad)


# --- files


def changed(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((KEPT / "noise.json").read_text())
    change(data)
    return data


def test_whole_file_has_no_faults() -> None:
    assert faults(changed(lambda data: None)) == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda d: d.update(seeds=[0, 1]), "seeds: .*too short"),
        (lambda d: d.update(seeds=[1, 1, 2, 3, 4]), "seeds: .*non-unique"),
        (lambda d: d["values"].update({"A b": {"value": 1}}), "A b"),
        (lambda d: d["values"]["runs"].update(value=None), "values.runs.value"),
        (lambda d: d["values"]["runs"].update(values=1), "values.runs"),
        (lambda d: d["values"]["error"]["spread"].pop(), "error: value and spread differ"),
        (lambda d: d["values"]["runs"].update(spread=[1]), "runs: value and spread differ"),
        (lambda d: d["provenance"].pop("inputs"), "provenance: 'inputs' is a required"),
        (lambda d: d["provenance"].update(seconds=-1), "seconds"),
        (lambda d: d["provenance"].update(inputs="short"), "inputs"),
        (lambda d: d.pop("check"), "'check' is a required"),
    ],
)
def test_fault_is_named(change: Callable[[dict[str, Any]], object], message: str) -> None:
    (fault,) = faults(changed(change))
    assert re.search(message, fault), fault


def test_without_spread_few_seeds_will_do() -> None:
    def bare(data: dict[str, Any]) -> None:
        del data["values"]["error"]["spread"]
        data["seeds"] = []

    assert faults(changed(bare)) == []


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('{\n"title":', 2),
        ('{\n"title": 3,\n', 2),
        ("", 1),
        ("[]", 1),
        ('{"title": NaN}', 1),
        ("\udcff", 1),
    ],
)
def test_broken_file_says_where(tmp_path: Path, text: str, line: int) -> None:
    (tmp_path / "x.json").write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(BrokenFile) as raised:
        load(tmp_path, "x")
    assert raised.value.line == line


def test_unknown_file_is_no_broken_one(tmp_path: Path) -> None:
    with pytest.raises(NumberError, match="no results 'noisy'; did you mean 'noise'") as raised:
        load(KEPT, "noisy")
    assert not isinstance(raised.value, BrokenFile)


def test_rewritten_file_is_read_again(tmp_path: Path) -> None:
    text = (KEPT / "noise.json").read_text()
    (tmp_path / "noise.json").write_text(text)
    assert load(tmp_path, "noise")["runs"].value == 5
    (tmp_path / "noise.json").write_text(text.replace('"value": 5', '"value": 55'))
    assert load(tmp_path, "noise")["runs"].value == 55


def test_reading_results_needs_no_sphinx() -> None:
    code = (
        "import sys; sys.path.insert(0, '_ext'); from figures import results; "
        f"results.load(__import__('pathlib').Path({str(KEPT)!r}), 'noise'); "
        "print({'sphinx', 'docutils', 'numpy', 'altair', 'vl_convert'} & sys.modules.keys())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "set()\n"


def test_number_of_seeds_can_be_printed() -> None:
    assert load(KEPT, "noise")["seeds"].value == 5
    assert load(KEPT, "few")["seeds"].value == 0


# --- pages

SENTENCE = f"The error is 0.25{GAP}±{GAP}0.06{GAP}nats and falls by −50.0%, with 1,000 and the "


def test_numbers_stand_in_the_page(results) -> None:
    results.build()
    assert results.warnings == []
    page = results.page("index.html").replace("\n", " ")
    assert SENTENCE in page
    assert "<em>second</em> in front" in page
    assert f"After 100{GAP}samples of them." in page
    assert "Errors after 5 <em>runs</em>." in page
    assert "One of 3." in results.page("other.html")


def test_table_is_a_table_as_any_other(results) -> None:
    results.build()
    page = results.page("index.html")
    (table,) = re.findall(r'<table[^>]*id="errors".*?</table>', page, re.DOTALL)
    assert "Errors of 5 runs." in table
    cells = re.findall(r"<t[hd][^>]*><p>(.*?)</p></t[hd]>", table)
    assert cells[:2] == ["Size", "Error <em>in units</em>"]
    assert cells[2:4] == ["10", f"0.50{GAP}±{GAP}0.12{GAP}nats"]
    assert len(cells) == 8
    assert table.count("text-right") == 8
    assert re.search(r'href="#errors"><span class="std std-numref">Table 2</span>', page)


@pytest.mark.parametrize(("builder", "file"), [("text", "index.txt"), ("epub", "index.xhtml")])
def test_numbers_stand_in_every_output(results, builder: str, file: str) -> None:
    results.build(builder)
    assert results.warnings == []
    text = " ".join(results.page(file, builder).split(" ")).replace("\n", " ")
    assert SENTENCE in text
    assert f"0.50{GAP}±{GAP}0.12{GAP}nats" in text


def test_numbers_stand_in_print(results) -> None:
    results.build("latex")
    assert results.warnings == []
    (file,) = results.out(builder="latex").glob("*.tex")
    tex = file.read_text(encoding="utf-8")
    assert "0.25" in tex
    assert r"falls by −50.0\%" in tex
    assert r"\sphinxcaption{Errors of 5 runs.}" in tex


def test_editing_one_result_writes_exactly_its_pages(results) -> None:
    assert results.build() == {"index", "other", "plain"}
    assert results.build() == set()
    results.edit("labs/results/few.json", '"value": 3', '"value": 7')
    # Sphinx itself writes the page above again, whose table of contents might have changed.
    assert results.build() - {"index"} == {"other"}
    assert "One of 7." in results.page("other.html")
    assert results.build() == set()


@pytest.mark.parametrize("other", ["latex", "text", "epub"])
def test_page_is_fresh_after_another_builder_read_it(results, other: str) -> None:
    results.build()
    results.edit("labs/results/few.json", '"value": 3', '"value": 7')
    results.build(other)
    assert results.build() - {"index"} == {"other"}
    assert "One of 7." in results.page("other.html")
    assert results.build() == set()


def test_new_file_mends_a_page(results) -> None:
    file = results.src / "labs" / "results" / "few.json"
    text = file.read_text()
    file.unlink()
    results.build("text")
    named = [(page, line, kind) for page, line, kind, _ in results.warnings]
    assert named == [("other.md", 3, "result")]
    file.write_text(text)
    results.build("text")
    assert results.warnings == []
    assert "One of 3." in results.page("other.txt", "text")


# --- faults


def test_faults_are_reported_where_they_are(project) -> None:
    faulty = project("results-faults")
    faulty.build("text")
    found = [(f, n, what) for f, n, kind, what in faulty.warnings if kind == "result"]
    assert [(f, n) for f, n, _ in found if f == "index.md"] == [
        ("index.md", 7), ("index.md", 7), ("index.md", 9), ("index.md", 9),
        ("index.md", 12), ("index.md", 12), ("index.md", 12), ("index.md", 14), ("index.md", 14),
        ("index.md", 18), ("index.md", 23),
    ]  # fmt: skip
    # A broken file is one message, however many pages and places use it.
    assert sorted((f, n) for f, n, _ in found if f.endswith(".json")) == [
        ("half.json", 5), ("lone.json", 1), ("odd.json", 1),
    ]  # fmt: skip
    messages = [what for _, _, what in found]
    assert sum("did you mean 'noise'?" in what for what in messages) == 1
    assert sum("did you mean 'error'?" in what for what in messages) == 2  # one in a chart's :alt:
    text = faulty.page("index.txt", "text")
    assert "Broken half:a, half:b" in text  # the page is there all the same


def test_broken_file_is_reported_once_by_parallel_readers(project) -> None:
    faulty = project("results-faults")
    for number in range(8):
        (faulty.src / f"more-{number}.md").write_text(
            "---\norphan: true\n---\n# M\n\n{result}`half:a`\n"
        )
    faulty.build("text", parallel=2)
    assert [f for f, *_ in faulty.warnings].count("half.json") == 1
