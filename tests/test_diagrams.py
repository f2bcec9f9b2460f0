"""Diagrams are drawn while building, for light and dark, print, e-books and plain text."""

import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree as ET

import pytest
from docutils import nodes
from sphinx.testing.util import SphinxTestApp
from sphinxcontrib.mermaid import mermaid

from figures import mermaid_svg, svg
from figures.diagrams import own_colours, visit_html
from figures.mermaid_svg import LIGHT, DrawingError, draw

pytest.importorskip("merman", reason="merman has no wheel for this machine")

SVG = "{http://www.w3.org/2000/svg}"
BUILDERS = "html dirhtml singlehtml latex epub text man texinfo gettext".split()
STATIC = Path(__file__).parent.parent / "_static"

FLOW = 'flowchart TD\n  A["αβγ < δ"] --> B{B}\n  B -->|yes| C(["C"])\n  subgraph S\n    C\n  end'
SEQUENCE = """sequenceDiagram
  autonumber
  actor U as User
  U->>P: ask
  activate P
  P-->>U: answer
  deactivate P
  Note over U,P: a note
  loop again
    U-xP: no
  end"""
STATE = "stateDiagram-v2\n  [*] --> Idle\n  Idle --> Busy : start\n  note right of Idle : waits"
CLASS = "classDiagram\n  Animal <|-- Duck : is\n  Duck : +swim() void"
ENTITY = "erDiagram\n  A ||--o{ B : has"
KINDS = pytest.mark.parametrize(
    "source",
    [FLOW, SEQUENCE, STATE, CLASS, ENTITY],
    ids=["flow", "sequence", "state", "class", "er"],
)


def parsed(xml: str) -> ET.Element:
    return ET.fromstring(xml)  # noqa: S314  our own output


def read(app: SphinxTestApp, name: str) -> str:
    return (app.outdir / name).read_text(encoding="utf-8")


def drawings(page: str) -> list[str]:
    return re.findall(r'<div class="diagram.*?</svg></div>', page, re.DOTALL)


def warnings(app: SphinxTestApp) -> list[tuple[str, int, str, str]]:
    text = re.sub(r"\x1b\[[\d;]*m", "", app.warning.getvalue())
    found = re.findall(r"([\w.]+):(\d+): WARNING: (.*) \[figures\.(\w+)\]\n", text)
    assert len(found) == text.count("[figures.")
    return [(file, int(line), kind, message) for file, line, message, kind in found]


# --- drawing


@KINDS
def test_drawing_holds_only_colours_that_were_asked_for(source: str) -> None:
    wanted = {role: f"var(--{role})" for role in LIGHT}
    root = parsed(draw(source, "d1").markup(wanted, {}))
    rules = [element.text or "" for element in root.iter("style")]
    for element in root.iter():
        rules.append(element.get("style", ""))
        if "class" not in element.attrib:  # what has a class is coloured by a rule
            rules += [f"{name}:{element.get(name, 'none')}" for name in ("fill", "stroke")]
    pattern = r"(?<![\w-])(?:fill|stroke|color|background(?:-color)?):([^;}]+)"
    colours = {colour.removesuffix("!important") for colour in re.findall(pattern, ";".join(rules))}
    assert wanted["text"] in colours
    assert colours <= {*wanted.values(), "none", "currentColor", "inherit", "transparent"}


@KINDS
def test_every_id_starts_with_the_diagrams_own(source: str) -> None:
    root = parsed(draw(source, "dgab12").file())
    names = [element.get("id") for element in root.iter() if element.get("id")]
    assert names[0] == "dgab12"
    assert max(Counter(names).values()) == 1
    assert [name for name in names if "dgab12" not in name] == []


@KINDS
def test_every_reference_and_style_has_its_target(source: str) -> None:
    root = parsed(draw(source, "d1").file())
    ids = {element.get("id") for element in root.iter()}
    classes = {name for element in root.iter() for name in element.get("class", "").split()}
    (style,) = [element.text for element in root.iter(f"{SVG}style")]
    used = {
        name
        for element in root.iter()
        for value in element.attrib.values()
        for name in re.findall(r"url\(#([^)]+)\)", value)
    }
    assert used <= ids
    assert set(re.findall(r"\.([a-zA-Z][\w-]*)", style)) <= classes
    assert classes <= set(re.findall(r"\.([a-zA-Z][\w-]*)", style))


@KINDS
def test_drawing_is_a_small_part_of_what_merman_writes(source: str) -> None:
    merman = mermaid_svg._merman().Merman()
    whole = merman.render_svg(source, json.dumps(mermaid_svg._OPTIONS))
    assert len(draw(source, "d1").file()) < 0.45 * len(whole)


def test_file_is_complete_in_itself() -> None:
    drawn = draw(FLOW + '\n  click A "https://example.org"', "d1")
    root = parsed(drawn.file(scale=0.5, attributes={"role": "img"}))
    assert root.tag == f"{SVG}svg"
    assert float(root.get("width")) == pytest.approx(drawn.width / 2, abs=0.01)
    assert root.get("role") == "img"
    text = drawn.file()
    assert "var(" not in text
    assert "href" not in text
    assert LIGHT["text"] in text
    assert "αβγ" in text


def test_page_draws_in_variables_with_the_light_colour_behind_them() -> None:
    text = draw(FLOW, "d1").page({})
    assert f"var(--diagram-text,{LIGHT['text']})" in text
    css = (STATIC / "diagrams.css").read_text(encoding="utf-8")
    assert set(re.findall(r"--diagram-([\w-]+):", css)) == set(LIGHT)
    sets = [re.findall(r"--diagram-([\w-]+): ([^;]+);", block) for block in css.split("{")]
    chosen, asked_for, forced = [dict(pairs) for pairs in sets if pairs]
    assert chosen == asked_for  # by the reader, or by the system
    assert chosen.keys() == forced.keys()
    assert set(forced.values()) == {"Canvas", "CanvasText"}


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in parts]
    return sum(w * x for w, x in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_can_be_told_apart(scheme: str) -> None:
    css = (STATIC / "diagrams.css").read_text(encoding="utf-8")
    dark = dict(re.findall(r"--diagram-([\w-]+):[^;]*?(#\w{6})\)?;", css))
    colours = LIGHT if scheme == "light" else dark
    for ground in ("canvas", "surface", "surface-alt", "note-background"):
        assert contrast(colours["text"], colours[ground]) >= 7
    for line in ("line", "border"):
        assert contrast(colours[line], colours["canvas"]) >= 4.5


@pytest.mark.parametrize(
    "source",
    [
        'flowchart TD\n  A --> B; click A "//example.org"',
        'flowchart TD\n  A --> B\n  click A "\\/example.org"',
        'stateDiagram-v2\n  [*] --> A\n  click A href "//example.org"',
        "sequenceDiagram\n  participant A\n  link A: x @ //example.org\n  A ->> A: y",
    ],
)
def test_link_says_https(source: str) -> None:
    with pytest.raises(DrawingError, match="may not lead to"):
        draw(source, "d1")


def test_link_can_be_clicked_and_a_script_cannot() -> None:
    drawn = draw(
        'flowchart TD\n  A --> B\n  click A "https://example.org/x"\n'
        '  click B "javascript:alert(1)"',
        "d1",
    )
    assert drawn.has_links
    assert 'href="https://example.org/x"' in drawn.page({})
    assert "javascript" not in drawn.page({})
    assert not draw(FLOW, "d1").has_links


def test_remote_picture_is_refused() -> None:
    with pytest.raises(DrawingError, match="image"):
        draw('flowchart TD\n  A@{ img: "https://example.org/x.png", h: 10, w: 10 }', "d1")


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("flowchart TD\n  A --> B\n  B --> C[open", 3),
        ("flowchart TD\n  α[αααα] --> B\n  A --> --> B", 3),
        ("nonsense", None),
        ("", None),
        ('flowchart TD\n  A["$$x$$"]', None),
    ],
)
def test_source_that_cannot_be_drawn_says_where(source: str, line: int | None) -> None:
    with pytest.raises(DrawingError) as raised:
        draw(source, "d1")
    assert raised.value.line == line
    assert "code=" not in str(raised.value)


def test_states_labels_stand_in_the_middle() -> None:
    root = parsed(draw(STATE, "d1").file())
    anchored = [group for group in root.iter(f"{SVG}g") if group.get("text-anchor") == "middle"]
    words = ["".join(group.itertext()) for group in anchored]
    assert sorted(words) == ["Busy", "Idle", "waits"]
    assert {group.get("transform").split(",")[0] for group in anchored} == {"translate(0"}


def test_symbols_have_their_indices_as_formulas_do() -> None:
    root = draw('flowchart TD\n  A["x W_Q, d_k and my_name"] -- K_1 --> B["f_long"]', "d").root
    lines = [line for text in root.iter("text") for line in text]
    assert ["".join(line.itertext()) for line in lines] == ["K1", "x WQ, dk and my_name", "f_long"]
    moved = [float(part.get("dy", "0").removesuffix("em")) for part in lines[1].iter("tspan")][1:]
    assert [move for move in moved if move] == [4, -4, 4, -4]  # what follows is on its line again
    smaller = [part.text for part in root.iter("tspan") if part.get("font-size") == "75%"]
    assert smaller == ["1", "Q", "k"]


def test_file_name_changes_with_every_input(monkeypatch: pytest.MonkeyPatch) -> None:
    name = mermaid_svg.file_name("a", ".pdf")
    assert re.fullmatch(r"diagram-[0-9a-f]{16}\.pdf", name)
    assert mermaid_svg.file_name("a", ".pdf") == name
    assert mermaid_svg.file_name("b", ".pdf") != name
    monkeypatch.setattr(mermaid_svg, "LIGHT", LIGHT | {"text": "#000000"})
    assert mermaid_svg.file_name("a", ".pdf") != name
    monkeypatch.undo()
    monkeypatch.setattr(mermaid_svg, "versions", lambda: "merman 99")
    assert mermaid_svg.file_name("a", ".pdf") != name


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        (FLOW, []),
        (SEQUENCE, []),
        ("flowchart TD\n  style --> classDef\n  A -->|style: bold| B", []),
        ("sequenceDiagram\n  rect-->>box: x\n  box Group\n  end", []),
        ("flowchart TD\n  style A fill:#f00\n  linkStyle 0 stroke:red", [2, 3]),
        ("flowchart TD\n  A:::hot --> B\n  classDef hot,cold fill:#f00", [3]),
        ("sequenceDiagram\n  rect rgb(1, 2, 3)\n  end\n  box LightBlue G\n  end", [2, 4]),
        ("%%{init: {'theme': 'dark'}}%%\nflowchart TD\n  A --> B", [1]),
        ("---\nconfig:\n  theme: dark\n---\nflowchart TD\n  A --> B", [3]),
        ("---\ntitle: theme\n---\nflowchart TD\n  theme: x", []),
        ("%% timeline\nflowchart TD\n  A", []),
        ("timeline\n  2002 : a", [1]),
    ],
)
def test_colours_set_by_hand_are_found(code: str, lines: list[int]) -> None:
    assert [line for line, _ in own_colours(code)] == lines


# --- pages


def test_what_is_too_wide_for_its_maker_is_left_out() -> None:
    parts: list[str] = []
    writer = SimpleNamespace(
        body=parts, builder=SimpleNamespace(name="html"), starttag=lambda *_a, **_k: "<div>"
    )
    for widest, written in ((2000, True), (20, False)):
        node = mermaid("", code=FLOW, options={}, alt="Words.", diagram_id="d", widest=widest)
        parts.clear()
        with pytest.raises(nodes.SkipNode):
            visit_html(writer, node)
        assert bool(parts) is written


@pytest.mark.parametrize(
    "builder",
    [
        pytest.param(name, marks=pytest.mark.sphinx(name, testroot="diagrams", freshenv=True))
        for name in BUILDERS
    ],
)
def test_every_builder_is_silent(app: SphinxTestApp, builder: str) -> None:
    app.build()
    assert app.warning.getvalue() == ""


@pytest.mark.sphinx("html", testroot="diagrams", freshenv=True)
def test_page_holds_drawings(app: SphinxTestApp) -> None:
    app.build()
    page = read(app, "index.html")
    first, second = drawings(page)
    assert 'role="img"' in first
    assert 'aria-label="A leads to B &amp; &quot;C&quot;."' in first
    assert 'aria-label="The same once more."' in second
    assert second.startswith('<div class="diagram align-right" id="plain">')
    counts = Counter(re.findall(r'\bid="([^"]+)"', page))
    assert {name for name, count in counts.items() if count > 1} == set()
    figure = page[page.index("<figure") : page.index("</figure>")]
    assert 'id="fig-flow"' in figure
    assert first in figure
    assert "<em>A</em>" in figure
    assert 'href="#fig-flow"><span class="std std-numref">Fig. 1</span></a>' in page
    assert 'href="second.html#fig-states"><span class="std std-numref">Fig. 1.1</span></a>' in page
    assert 'href="_static/diagrams.css' in page


@pytest.mark.sphinx("html", testroot="diagrams", freshenv=True)
def test_page_asks_nobody_for_anything(app: SphinxTestApp) -> None:
    app.build()
    page = read(app, "index.html")
    assert not re.search(r"""(?:src|href|import|url)\W{1,3}(?:https?:)?//(?!www\.sphinx)""", page)
    assert "mermaid" not in page.lower()


@pytest.mark.sphinx("singlehtml", testroot="diagrams", freshenv=True)
def test_single_page_repeats_no_id(app: SphinxTestApp) -> None:
    app.build()
    page = read(app, "index.html")
    assert len(drawings(page)) == 4
    ids = re.findall(r'<svg id="([^"]+)"', page)
    assert len(set(ids)) == 4
    counts = Counter(re.findall(r' id="(dg-[^"]+)"', page))
    assert max(counts.values()) == 1


@pytest.mark.sphinx("epub", testroot="diagrams", freshenv=True)
def test_epub_holds_light_svg_in_valid_xml(app: SphinxTestApp) -> None:
    app.build()
    for name in ("index.xhtml", "second.xhtml"):
        page = parsed(read(app, name))
        pictures = list(page.iter(f"{SVG}svg"))
        assert len(pictures) == 2
        assert all(picture.get("role") == "img" for picture in pictures)
        assert "var(--diagram" not in read(app, name)


@pytest.mark.sphinx("latex", testroot="diagrams", freshenv=True)
def test_print_gets_vector_files_named_by_what_is_in_them(app: SphinxTestApp) -> None:
    app.build()
    (tex,) = app.outdir.glob("*.tex")
    names = re.findall(r"\\sphinxincludegraphics\{(diagram-\w+\.pdf)\}", tex.read_text("utf-8"))
    assert len(names) == 4
    assert len(set(names)) == 3  # the same source is one file
    twice = max(names, key=names.count)
    files = {name: (app.outdir / name).read_bytes() for name in names}
    assert all(file.startswith(b"%PDF-") for file in files.values())
    assert b"/Font" in files[twice]  # text stays text
    (box,) = set(re.findall(rb"/MediaBox \[0 0 ([\d.]+)", files[twice]))
    drawn = draw('flowchart TD\n  A["αβγ < δ"] --> B{B}\n  B -->|yes| C(["C"])', "x")
    assert float(box) == pytest.approx(drawn.width * 9 / 16, abs=0.1)
    assert r"\includegraphics" not in tex.read_text("utf-8").replace("sphinxincludegraphics", "")
    assert (app.outdir / "square.pdf").read_bytes().startswith(b"%PDF-")
    assert r"\label{\detokenize{index:plain}}" in tex.read_text("utf-8")


@pytest.mark.sphinx("latex", testroot="diagrams", freshenv=True)
def test_file_that_is_there_is_not_drawn_again(
    app: SphinxTestApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.build()
    monkeypatch.setattr(mermaid_svg, "draw", lambda *_: pytest.fail("drawn again"))
    app.build(force_all=True)
    assert app.warning.getvalue() == ""


@pytest.mark.parametrize(
    ("builder", "file"),
    [
        pytest.param(name, file, marks=pytest.mark.sphinx(name, testroot="diagrams", freshenv=True))
        for name, file in [("text", "index.txt"), ("man", "*.1"), ("texinfo", "*.texi")]
    ],
)
def test_other_outputs_get_the_words(app: SphinxTestApp, builder: str, file: str) -> None:
    app.build()
    (output,) = app.outdir.glob(file)
    text = output.read_text(encoding="utf-8")
    assert '[Diagram: A leads to B & "C".]' in text.replace("\\(dq", '"')
    assert "flowchart" not in text


@pytest.mark.sphinx("text", testroot="diagrams", freshenv=True)
def test_words_are_a_paragraph_of_their_own(app: SphinxTestApp) -> None:
    app.build()
    assert "\n\n[Diagram: The same once more.]\n\n" in read(app, "index.txt")


@pytest.mark.sphinx("html", testroot="diagrams", freshenv=True)
def test_another_extension_can_have_its_diagram_drawn(app: SphinxTestApp) -> None:
    code = 'flowchart TD\n  A --> B\n  click A href "second.html"'

    def add(app: SphinxTestApp, doctree: nodes.document) -> None:
        doctree += [mermaid("", code=code, options={}, alt="Two."), mermaid("", code="?")]

    app.connect("doctree-read", add)
    app.build()
    page = read(app, "index.html")
    (linked,) = [drawing for drawing in drawings(page) if 'href="second.html"' in drawing]
    assert 'role="group"' in linked  # in an image, nobody could follow the link
    assert app.warning.getvalue().count("[figures.mermaid]") == 2  # once on each page


# --- warnings


@pytest.mark.sphinx("html", testroot="diagrams-faults", freshenv=True)
def test_faults_are_reported_at_their_lines(app: SphinxTestApp) -> None:
    app.build()
    assert sorted((file, line, kind) for file, line, kind, _ in warnings(app)) == [
        ("broken.mmd", 2, "mermaid"),
        ("index.md", 7, "alt"),
        ("index.md", 18, "mermaid"),
        ("index.md", 26, "style"),
        ("index.md", 27, "style"),
        ("index.md", 33, "style"),
        ("index.md", 37, "mermaid"),
        ("second.rst", 9, "style"),
        ("second.rst", 10, "mermaid"),
        ("second.rst", 19, "mermaid"),
    ]
    (broken,) = [message for file, line, _, message in warnings(app) if line == 18]
    assert broken.endswith("Unterminated node label (missing `]`) at `B --> C[unclosed`")
    page = read(app, "index.html")
    figure = page[page.index("<figure") : page.index("</figure>")]
    assert "C[unclosed" in figure
    assert "A caption all the same." in figure


@pytest.mark.sphinx("latex", testroot="diagrams-faults", freshenv=True)
def test_print_shows_the_source_of_what_cannot_be_drawn(app: SphinxTestApp) -> None:
    app.build()
    assert [line for _, line, kind, _ in warnings(app) if kind == "mermaid" and line == 18]
    (tex,) = app.outdir.glob("*.tex")
    assert r"C\PYG{o}{[}unclosed" in tex.read_text("utf-8") or "C[unclosed" in tex.read_text(
        "utf-8"
    )


# --- without merman


@pytest.mark.parametrize(
    ("builder", "file"),
    [
        pytest.param(name, file, marks=pytest.mark.sphinx(name, testroot="diagrams", freshenv=True))
        for name, file in [("html", "index.html"), ("latex", "*.tex"), ("epub", "index.xhtml")]
    ],
)
def test_without_merman_the_source_is_shown_without_a_warning(
    app: SphinxTestApp, builder: str, file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mermaid_svg, "_merman", lambda: None)
    app.build()
    assert app.warning.getvalue() == ""
    (output,) = app.outdir.glob(file)
    text = output.read_text(encoding="utf-8")
    assert "flowchart TD" in text
    assert "to B." in text
    assert "jsdelivr" not in text


def test_merman_that_does_not_load_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    mermaid_svg._merman.cache_clear()
    monkeypatch.setitem(sys.modules, "merman", None)
    assert not mermaid_svg.available()
    mermaid_svg._merman.cache_clear()


# --- what it costs, building again, two processes


def test_nothing_heavy_is_loaded_before_the_first_figure(tmp_path: Path) -> None:
    (tmp_path / "conf.py").write_text("extensions = ['figures']\n")
    (tmp_path / "index.rst").write_text("T\n=\n\nNo figure.\n")
    code = (
        "import sys; from sphinx.cmd.build import main\n"
        f"main(['-q', '-b', 'html', {str(tmp_path)!r}, {str(tmp_path / 'out')!r}])\n"
        "print([name for name in ('merman', 'vl_convert') if name in sys.modules])"
    )
    environment = {"PYTHONPATH": str(Path(__file__).parent.parent / "_ext")}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.sphinx("html", testroot="diagrams", freshenv=True, copy_test_root=True)
def test_page_follows_the_file_that_it_draws(app: SphinxTestApp) -> None:
    app.build()
    assert "Busy" in read(app, "second.html")
    source = app.srcdir / "states.mmd"
    source.write_text(source.read_text().replace("Busy", "Working"))
    app.build()
    assert "Working" in read(app, "second.html")
    assert "Busy" not in read(app, "second.html")


def test_two_processes_write_what_one_writes(
    make_app: Callable[..., SphinxTestApp], tmp_path: Path
) -> None:
    results = []
    for jobs in (1, 2):
        srcdir = tmp_path / str(jobs)
        srcdir.mkdir()
        (srcdir / "conf.py").write_text("extensions = ['figures']\n")
        pages = [f"page{number}" for number in range(8)]
        toc = "".join(f"   {page}\n" for page in pages)
        (srcdir / "index.rst").write_text(f"T\n=\n\n.. toctree::\n\n{toc}")
        for page in pages:
            (srcdir / f"{page}.rst").write_text(
                f"{page}\n=====\n\n"
                ".. mermaid::\n   :alt: x\n\n   flowchart TD\n     A --> B\n\n"
                ".. mermaid::\n\n   nonsense\n"
            )
        app = make_app("html", srcdir=srcdir, parallel=jobs)
        app.build()
        kinds = Counter(kind for _, _, kind, _ in warnings(app))
        results.append(([read(app, f"{page}.html") for page in pages], kinds))
    assert results[0] == results[1]
    assert results[0][1] == {"alt": 8, "mermaid": 8}


# --- SVG figures in print


def test_svg_becomes_one_page_of_pdf(tmp_path: Path) -> None:
    target = tmp_path / "new" / "x.pdf"
    svg.write_pdf('<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20"/>', target)
    assert b"/MediaBox [0 0 30 20]" in target.read_bytes()
    assert [file.name for file in target.parent.iterdir()] == ["x.pdf"]


@pytest.mark.sphinx("latex", testroot="diagrams", freshenv=True, copy_test_root=True)
def test_figure_that_is_no_svg_is_a_located_warning(app: SphinxTestApp) -> None:
    (app.srcdir / "square.svg").write_text("<svg><nonsense")
    app.build()
    text = re.sub(r"\x1b\[[\d;]*m", "", app.warning.getvalue())
    assert re.search(
        r"index\.md: WARNING: figure not converted for print: .*\[figures\.svg\]", text
    )
    assert "Traceback" not in text
