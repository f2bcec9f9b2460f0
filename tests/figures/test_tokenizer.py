"""Texts cut into tokens: the encoder, what pages and other outputs hold, what is reported."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from figures import cutting
from figures.cutting import TokenizerError, counts, encode, merges_of, script, shown
from labs import bpe
from tests.samples import SAMPLES

ROOT = Path(__file__).parents[2]
DATA = ROOT / "labs" / "data"
FILE = "data/king-james-merges.json"
# A copy of the merges, small, that a test may edit.
OWN: dict[str, Any] = {"figures_tokenizers": "data"}


@pytest.fixture
def tokens(project: Any) -> Any:
    return project("tokenizer")


# --- the encoder


@pytest.mark.parametrize("merges", [bpe.king_james_merges(), tuple(bpe.train(bpe.song(), 6))])
def test_it_cuts_as_the_labs_do(merges: tuple[cutting.Pair, ...]) -> None:
    assert len(SAMPLES) > 200
    for text in SAMPLES:
        assert encode(text, merges) == bpe.encode(text, merges), text
        assert b"".join(encode(text, merges)) == text.encode()
        assert cutting.words(text) == bpe.words(text)


def test_it_reads_what_the_labs_have_written() -> None:
    assert cutting.load(DATA, "king-james") == bpe.king_james_merges()


def test_everything_can_be_seen() -> None:
    assert [shown(token) for token in (b" the", b"\n\n", b"\t", b"\x07")] == [
        *("␣the", "↵↵", "⇥", "⟨07⟩")
    ]
    assert shown("é".encode()) == "é"
    assert shown(b" \xe0\xa4") == "␣⟨E0⟩⟨A4⟩"
    assert shown(b"\xff") == "⟨FF⟩"
    assert shown(b"\xed\xa0\x80\xc3\xa9") == "⟨ED⟩⟨A0⟩⟨80⟩é"  # half a character in UTF-16


def test_what_is_counted() -> None:
    found = counts("a é", [b"a", b" ", b"\xc3", b"\xa9"])
    assert found == {"characters": "3", "bytes": "4", "tokens": "4", "ratio": "2.00"}
    assert counts(" x " * 8, [b""] * 9)["ratio"] == "1.13"  # 1.125: halves go up
    assert "ratio" not in counts(" \n", [b" ", b"\n"])
    assert counts("a" * 2000, [b"a"] * 2000)["tokens"] == "2,000"


def test_script_is_small_and_has_every_merge() -> None:
    merges = bpe.king_james_merges()
    text = script("king-james", merges)
    assert len(text.encode()) < 40_000
    match = re.fullmatch(r'tokenizers\["king-james"\] = (.*);\n', text)
    assert match
    numbers = json.loads(match[1])["merges"]
    pieces = [bytes([byte]) for byte in range(256)]
    for left, right in zip(numbers[::2], numbers[1::2], strict=True):
        pieces.append(pieces[left] + pieces[right])
    assert pieces[256:] == [left + right for left, right in merges]


def test_piece_that_two_merges_make_has_one_number() -> None:
    pairs = [["a", "b"], ["b", "c"], ["ab", "c"], ["a", "bc"], ["abc", "d"]]
    numbers = json.loads(script("t", merges_of(pairs)).partition(" = ")[2][:-2])["merges"]
    assert numbers[-2:] == [258, ord("d")]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({}, "write pairs of texts"),
        ([], "write pairs of texts"),
        ([["a", "b"], ["a"]], "merge 2 is no pair"),
        ([["a", 1]], "merge 1 is no pair"),
        (["ab"], "merge 1 is no pair"),
        ([["a", "bc"]], "merge 1 glues 'bc', which no merge before makes"),
        ([["a", ""]], "merge 1 glues ''"),
        ([["a", "b"], ["a", "b"]], "merge 2 stands there twice"),
        ([["a", "\ud800"]], "merge 1 has half a character"),
    ],
)
def test_what_is_no_list_of_merges(data: Any, message: str) -> None:
    with pytest.raises(TokenizerError, match=re.escape(message)):
        merges_of(data)


def test_build_imports_no_labs() -> None:
    code = "import sys, figures.tokenizer; print([m for m in sys.modules if m.startswith('labs')])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True,
        cwd=ROOT, env={"PYTHONPATH": "_ext", "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    assert done.stdout == "[]\n"


# --- outputs


def laid_out(tokens: Any) -> list[str]:
    return sorted(path.name for path in tokens.out("_static/tokenizers").glob("*"))


def test_page_has_the_tokens_and_loads_none_but_on_click(tokens: Any) -> None:
    tokens.build()
    assert tokens.warnings == []
    page = tokens.page("index.html")
    figure = page[page.index("<figure") : page.index("</figure>")]
    cut = re.findall(r'<span class="token">([^<]*)</span>', figure)
    assert cut[:5] == ["j", "es", "us", "␣wept", ","]
    assert "⟨E0⟩" in cut
    assert "&lt;" in cut
    assert figure.count('<span class="token-bar"> | </span>') == len(cut) - 1
    assert f"tokens: {len(cut)}, tokens per word: 3.14." in figure
    assert 'id="fig-box"' in figure
    assert "<button" not in figure  # without scripts it would do nothing
    stem = re.search(r'data-script="(king-james-\w{16})"', figure)[1]
    assert laid_out(tokens) == [f"{stem}.js"]
    assert f"{stem}.js" not in page
    assert page.count('src="_static/tokenizer.js') == 1
    assert page.count('href="_static/tokenizer.css') == 1
    for part in ("tokenizer.js", "tokenizer.css"):
        assert part not in tokens.page("plain.html")


def test_tokens_are_not_searched_for(tokens: Any) -> None:
    tokens.build()
    index = json.loads(tokens.page("searchindex.js").partition("(")[2].removesuffix(")"))
    assert "bibl" in index["terms"]
    assert not {"wept", "womb", "token-bar"} & index["terms"].keys()


@pytest.mark.parametrize(
    ("builder", "file"),
    [("text", "index.txt"), ("man", "*.1"), ("texinfo", "*.texi"), ("epub", "index.xhtml")],
)
def test_other_outputs_have_bars_and_an_address(tokens: Any, builder: str, file: str) -> None:
    tokens.build(builder)
    assert tokens.warnings == []
    (output,) = tokens.out(builder=builder).glob(file)
    text = output.read_text(encoding="utf-8")
    tags = "<[^>]+>" if builder == "epub" else "$^"
    plain = " ".join(re.sub(tags, "", text).split())
    assert "j | es | us | ␣wept | , | ␣and" in plain
    assert "tokens: 22, tokens per word: 3.14." in plain
    assert "type a text of your own" in plain
    assert "data-script" not in text


def test_book_has_bars_and_an_address(tokens: Any) -> None:
    tokens.build("latex")
    (file,) = tokens.out(builder="latex").glob("*.tex")
    tex = file.read_text(encoding="utf-8")
    assert (
        re.sub(r"\\DUrole\{token(-bar)?\}\{([^{}]*)\}", r"\2", tex).count("the | ␣womb | at") == 1
    )
    assert r"\sphinxurl{https://example.org/tokens/index.html\#fig-box}" in tex
    assert r"\sphinxurl{https://example.org/tokens/index.html}" in tex


def test_single_page_and_folders_find_the_script(tokens: Any) -> None:
    for builder in ("singlehtml", "dirhtml"):
        tokens.build(builder)
        assert tokens.warnings == []
        (script,) = tokens.out("_static/tokenizers", builder).glob("*")
        assert f'data-script="{script.stem}"' in tokens.page("index.html", builder)


# --- after edits


def test_editing_the_merges_reads_their_pages_again(tokens: Any) -> None:
    tokens.build(**OWN)
    before = laid_out(tokens)
    assert "tokens: 34," in tokens.page("index.html")
    tokens.build("latex", **OWN)
    tokens.edit(FILE, '[" ", "s"]', '[" ", "a"]')
    tokens.build("latex", **OWN)  # another output in between changes nothing
    assert tokens.build(**OWN) == {"index"}
    assert "tokens: 32," in tokens.page("index.html")
    assert laid_out(tokens) != before
    assert len(laid_out(tokens)) == 1
    assert laid_out(tokens)[0].removesuffix(".js") in tokens.page("index.html")
    assert tokens.build(**OWN) == set()


def test_without_tokenizers_nothing_is_left(tokens: Any) -> None:
    tokens.build(**OWN)
    (tokens.src / "index.md").write_text("# Nothing\n\n```{toctree}\nplain\n```\n")
    tokens.build(**OWN)
    assert laid_out(tokens) == []


def test_parallel_build_is_the_same(tokens: Any) -> None:
    for number in range(8):
        text = (
            f"---\norphan: true\n---\n# M\n\n```{{tokenizer}} king-james\n:text: m{number}\n```\n"
        )
        (tokens.src / f"more-{number}.md").write_text(text)
    tokens.build(parallel=2)
    assert tokens.warnings == []
    assert len(laid_out(tokens)) == 1
    assert laid_out(tokens)[0].removesuffix(".js") in tokens.page("more-7.html")


# --- reported


def broken(tokens: Any, text: str) -> None:
    (tokens.src / FILE).write_text(text, encoding="utf-8", errors="surrogateescape")
    os.utime(tokens.src / FILE)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("king-james\n:text: jesus", "king-jams\n:text: jesus", "did you mean 'king-james'?"),
        ("king-james\n:text: jesus", "x\n:text: jesus", "there is king-james"),
        ("king-james\n:text: jesus", "../x/a\n:text: jesus", "there is no tokenizer '../x/a'"),
        (':text: jesus wept, and "wrote" a < গা\n', "", "a tokenizer needs :text:"),
        (':text: jesus wept, and "wrote" a < গা\n', ":text:\n", "a tokenizer needs :text:"),
    ],
)
def test_mistake_on_a_page_is_told_there(tokens: Any, old: str, new: str, message: str) -> None:
    tokens.edit("index.md", old, new)
    tokens.edit("index.md", "A reader types into {numref}`fig-box`.", "A reader types.")
    for builder in ("html", "text"):
        tokens.build(builder)
        ((file, line, kind, what),) = tokens.warnings
        assert (file, line, kind) == ("index.md", 10, "tokenizer")
        assert message in what
    assert tokens.page("index.html").count('class="tokenizer"') == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[\n["a", "b"],\n', "line 3 is no JSON"),
        ("", "line 1 is no JSON"),
        ("[" * 100_000, "nested too deeply"),
        ('[["a", "\udcff"]]', "merge 1 has half a character"),
        ('[["a", "b"], ["the", "x"]]', "merge 2 glues 'the'"),
    ],
)
def test_broken_merges_are_told_where_they_are_used(tokens: Any, text: str, message: str) -> None:
    tokens.edit("index.md", "```{tokenizer} king-james\n:text: the wombat\n```\n", "")
    tokens.edit("index.md", "A reader types into {numref}`fig-box`.", "A reader types.")
    broken(tokens, text)
    tokens.build(**OWN)
    ((file, line, kind, what),) = tokens.warnings
    assert (file, line, kind) == ("index.md", 10, "tokenizer")
    assert what.startswith("king-james-merges.json is no list of merges: ")
    assert message in what
    broken(tokens, '[["a", "b"]]')
    assert tokens.build(**OWN) == {"index"}
    assert tokens.warnings == []


def test_merges_that_cannot_be_read(tokens: Any) -> None:
    tokens.edit("index.md", "A reader types into {numref}`fig-box`.", "A reader types.")
    (tokens.src / FILE).unlink()
    (tokens.src / FILE).mkdir()
    tokens.build(**OWN)
    assert [(line, kind) for _, line, kind, _ in tokens.warnings] == [
        *((10, "tokenizer"), (18, "tokenizer"))
    ]
