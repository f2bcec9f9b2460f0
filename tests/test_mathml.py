"""Formulas become MathML that browsers and XML parsers accept, numbered by Sphinx."""

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from math_core import LatexError
from sphinx.errors import ConfigError
from sphinx.testing.util import SphinxTestApp

from mathml import apart, converted, faults, latex_macros, prepared

MATHML = "{http://www.w3.org/1998/Math/MathML}"
BUILDERS = "html dirhtml singlehtml latex epub text man texinfo gettext".split()
STATIC = Path(__file__).parent.parent / "_static"


def each_builder(testroot: str) -> pytest.MarkDecorator:
    marks = [pytest.mark.sphinx(name, testroot=testroot, freshenv=True) for name in BUILDERS]
    return pytest.mark.parametrize(
        "builder",
        [pytest.param(name, marks=mark) for name, mark in zip(BUILDERS, marks, strict=True)],
    )


def mathml(tex: str, *, block: bool = True, xml: bool = True, source: str | None = None) -> str:
    return converted(prepared(tex, block=block), block=block, macros={}, source=source, xml=xml)


def parsed(xml: str) -> ET.Element:
    return ET.fromstring(xml)  # noqa: S314  our own output


# --- words for math-core


@pytest.mark.parametrize(
    ("tex", "expected"),
    [
        (" x = 1 ", "x = 1"),
        (r"a \\ b", r"\begin{aligned}a \\ b\end{aligned}"),
        ("a &= b", r"\begin{aligned}a &= b\end{aligned}"),
        (r"a \\[4pt] b", r"\begin{aligned}a \\ b\end{aligned}"),
        (r"a \\* b", r"\begin{aligned}a \\ b\end{aligned}"),
        (r"a \\[x] b", r"\begin{aligned}a \\[x] b\end{aligned}"),
        (r"\begin{split}a\\b\end{split}", r"\begin{aligned}a\\b\end{aligned}"),
        (r"\begin{align}a\\b\end{align}", r"\begin{aligned}a\\b\end{aligned}"),
        (r"\begin{gather*}a\end{gather*}", r"\begin{gathered}a\end{gathered}"),
        (r"\begin{equation}a\end{equation}", "a"),
        (r"\begin{cases}a\\b\end{cases}", r"\begin{cases}a\\b\end{cases}"),
        (r"\text{\{ & \\}", r"\text{\{ & \\}"),
        (r"a \& b", r"a \& b"),
        ("a % b \\\\ c", "a % b \\\\ c"),
        ("a\n\nb", r"\begin{aligned}a\\b\end{aligned}"),
        ("a\n\n \n", "a"),
        ("", ""),
    ],
)
def test_block_is_put_into_words_that_math_core_knows(tex: str, expected: str) -> None:
    assert prepared(tex, block=True) == expected


def test_formula_in_a_line_or_in_an_environment_is_not_wrapped() -> None:
    assert prepared("a & b", block=False) == "a & b"
    assert prepared(r"\begin{multline}a\\b\end{multline}", block=True, wrap=False) == (
        r"\begin{multline*}a\\b\end{multline*}"
    )


def test_paragraphs_with_rows_keep_their_own_alignment() -> None:
    assert prepared("a &= b \\\\ &= c\n\nd", block=True) == (
        r"\begin{aligned}\begin{aligned}a &= b \\ &= c\end{aligned}\\d\end{aligned}"
    )


@pytest.mark.parametrize(
    ("tex", "parts"),
    [
        (r"a = b, \qquad c", ["a = b,", "c"]),
        (r"a \qquad\qquad b", ["a", "b"]),
        (r"\qquad a", ["a"]),
        (r"\left( a \qquad b \right)", [r"\left( a \qquad b \right)"]),
        (r"\text{a \qquad b} \qquad \{", [r"\text{a \qquad b}", r"\{"]),
        (r"\begin{aligned}a \qquad b\end{aligned}", [r"\begin{aligned}a \qquad b\end{aligned}"]),
        (r"a \qquady b", [r"a \qquady b"]),
        (r"a \\qquad b", [r"a \\qquad b"]),
        (r"{a \qquad b", [r"{a \qquad b"]),
        (r"a \leftarrow b \qquad c", [r"a \leftarrow b", "c"]),
    ],
)
def test_formulas_are_set_apart_outside_all_groups(tex: str, parts: list[str]) -> None:
    assert apart(tex) == parts


# --- MathML

SAMPLES = r"""
\operatorname{softmax}\left(\frac{QK^\top}{\sqrt{d_k}}\right)V
\mathbb{E}_{x \sim \mathcal{D},\, y \sim \pi_\theta(\cdot \mid x)}\bigl[r_\phi(x, y)\bigr]
\nabla_\theta J = \sum_{t=0}^{T} \hat{A}_t \nabla_\theta \log \pi_\theta(a_t \mid s_t)
\mathcal{L}(\phi) = -\log \sigma\bigl(r_\phi(x, y_w) - r_\phi(x, y_l)\bigr), \quad y_w \succ y_l
\underbrace{\beta\,\operatorname{KL}(\pi \,\|\, \pi_{\mathrm{ref}})}_{\text{leash}} \leq \varepsilon
f(x) = \begin{cases} 1 & x \ge 0 \\ 0 & \text{otherwise} \end{cases}
\begin{pmatrix} a & b \\ c & d \end{pmatrix}^{-1} \in \mathbb{R}^{2 \times 2}
\bar{x} \tilde{x} \dot{x} \ddot{x} \check{x} \vec{v} \overline{AB} \widehat{xyz} \mathbf{w} \bm{\mu}
\boldsymbol{x} \mathsf{T} \Theta \Lambda \Sigma \Omega \varphi \epsilon \vartheta \partial \infty
x' \to 0^+ \implies \exists \forall \neg \land \lor \cup \cap \subseteq \setminus \emptyset
\iff \propto \approx \sim \simeq \equiv \neq \ll \gg \pm \cdot \times \circ \odot \otimes \oplus
\ldots \cdots \vdots \ddots \lfloor x \rfloor \lceil x \rceil \langle x \rangle \lVert x \rVert
\prod_{i} \int_0^1 \oint \max_{x} \lim_{n \to \infty} \argmax_\theta \binom{n}{k} \dfrac{1}{2}
\hat\theta \xrightarrow{p} \theta^\star \coloneqq \mapsto \rightarrow \Rightarrow \leftarrow
""".strip().splitlines()


@pytest.mark.parametrize("tex", SAMPLES)
def test_sample_is_xml_in_its_namespace_and_in_our_font(tex: str) -> None:
    root = parsed(mathml(tex, source=tex))
    assert root.tag == f"{MATHML}math"
    assert root.find(f".//{MATHML}annotation").text == tex
    drawn = mathml(tex, xml=False)
    css = (STATIC / "math.css").read_text(encoding="utf-8")
    found = re.findall(r"unicode-range:([^;]+);", css)  # of what pages share, of the rest
    spans = ",".join(found).replace("U+", "").split(",")
    ranges = [[int(code, 16) for code in span.strip().split("-")] for span in spans]
    letters = {ord(letter) for letter in re.sub(r"<[^>]*>|&\w+;", "", drawn)}
    # Browsers draw <mi>x</mi> in mathematical italics.
    letters |= {0x1D434 + ord(x) - 65 for x in re.findall(r"<mi>([A-Z])</mi>", drawn)}
    assert [hex(x) for x in letters if not any(r[0] <= x <= r[-1] for r in ranges)] == []


def test_named_entities_become_characters() -> None:
    assert "\u2061" in mathml(r"\sin x < 1")
    assert re.findall(r"&\w+;", mathml(r"\sin x < 1 \& y")) == ["&lt;", "&amp;"]


def test_html_within_a_formula_keeps_its_namespace_in_xml() -> None:
    root = parsed(mathml(r"\textbf{a} + \textsf{b}"))
    assert root.find(".//{http://www.w3.org/1999/xhtml}b").text == "a"
    assert "xmlns" not in mathml(r"\textbf{a}", xml=False)


@pytest.mark.parametrize("xml", [True, False])
def test_styles_stand_where_mathml_3_has_them(xml) -> None:
    tex = r"\dfrac{1}{2} \begin{aligned} a &= \displaystyle b \end{aligned}"
    root = parsed(mathml(tex, xml=xml))
    styles = {"displaystyle", "scriptlevel"}
    found = [(element, element.tag.rpartition("}")[2]) for element in root.iter()]
    places = {(tag, name) for element, tag in found for name in styles & set(element.keys())}
    allowed = {("mstyle", "displaystyle"), ("mstyle", "scriptlevel"), ("mtable", "displaystyle")}
    assert places == allowed
    wrapped = next(element for element, tag in found if tag == "mstyle")
    assert [child.tag.rpartition("}")[2] for child in wrapped] == ["mfrac"]


def test_annotation_is_what_the_author_wrote() -> None:
    source = "a &= b \\\\[4pt]\n&< c"
    root = parsed(mathml(source, source=source))
    semantics = root.find(f"{MATHML}semantics")
    assert [child.tag for child in semantics] == [f"{MATHML}mrow", f"{MATHML}annotation"]
    assert semantics[1].get("encoding") == "application/x-tex"
    assert semantics[1].text == source


@pytest.mark.parametrize("size", ["", *(f"{b}{side}" for b in ("big", "Big", "bigg", "Bigg")
                                    for side in ("", "l", "r", "m"))])  # fmt: skip
@pytest.mark.parametrize(
    "sign", r"( ) [ ] | / \{ \} \| \vert \lvert \rvert \Vert \lVert \rVert \langle \rangle "
    r"\lfloor \rfloor \lceil \rceil \uparrow \Downarrow".split()
)  # fmt: skip
def test_every_bracket_of_every_size_is_well_formed(size: str, sign: str) -> None:
    try:
        math = mathml(f"\\{size}{sign} x" if size else f"{sign} x", xml=False)
    except LatexError:
        return  # told to the author
    assert parsed(math) is not None
    assert parsed(mathml(f"\\{size}{sign} x" if size else f"{sign} x")) is not None


def test_vector_arrow_stands_above_its_letter() -> None:
    assert "\u20d7" not in mathml(r"\vec{v}")
    assert "→" in mathml(r"\vec{v}")


def test_calligraphic_letters_name_no_variant_that_fonts_lack() -> None:
    assert re.sub(r"<[^>]*>", "", mathml(r"\mathcal{L} \mathscr{L}")) == "ℒℒ"


@pytest.mark.parametrize("tex", [r"\nosuch", r"\frac{1}{2", r"\widetilde{x}", r"\tag{1} x"])
def test_what_math_core_does_not_know_is_an_error(tex: str) -> None:
    with pytest.raises(LatexError):
        mathml(tex)


@pytest.mark.parametrize("block", [True, False])
@pytest.mark.parametrize("xml", [True, False])
@pytest.mark.parametrize(
    "start, end",
    [
        *((r"\frac{", ""), (r"\frac{", "}{y}"), ("{", "}"), ("x^{", "}"), (r"\sqrt", "")),
        *((r"\frac1", ""), (r"\left(", r"\right)"), (r"\begin{matrix}", r"\end{matrix}")),
        *((r"\hat ", ""), (r"\text{", "}"), ("$", ""), ("&", ""), (r"\\[1em]", ""), ("%", "\n")),
    ],
)
def test_no_formula_ends_the_process(start: str, end: str, xml: bool, block: bool) -> None:
    """Five thousand levels end it with a signal; a few hundred, with a traceback."""
    for levels in (20, 200, 1990 // len(start + end), 5000):
        tex = start * levels + "x" + end * levels
        try:
            markup = mathml(tex, xml=xml, block=block)
        except LatexError:
            continue
        assert len(tex) <= 2000
        parsed(markup)


def test_a_formula_that_is_too_long_says_so() -> None:
    assert mathml("x+" * 900 + "x")
    with pytest.raises(LatexError, match=r"has 2,001 characters; expected at most 2,000"):
        mathml("x" * 2001)
    with pytest.raises(LatexError, match="too much within each other"):
        mathml("x^{" * 300 + "x" + "}" * 300)


@pytest.mark.parametrize(
    ("tex", "block", "said"),
    [
        (r"\boxed{x}", True, "boxed"),
        (r"\cancel{x}", False, "cancel"),
        (r"\dddot{x}", True, "dddot"),
        (r"\begin{gathered}[b] x \end{gathered}", True, "[b] after"),
        (r"a \\ b", False, "starts no row"),
    ],
)
def test_what_browsers_draw_wrong_is_found(tex: str, block: bool, said: str) -> None:
    tex = prepared(tex, block=block)
    markup = converted(tex, block=block, macros={}, source=None, xml=False)
    (fault,) = faults(tex, markup, block=block)
    assert said in fault


def test_macro_hides_no_fault() -> None:
    macros = {"frame": r"\boxed{#1}"}
    markup = converted(r"\frame{x}", block=True, macros=macros, source=None, xml=False)
    assert list(faults(r"\frame{x}", markup, block=True))


@pytest.mark.parametrize("tex", [*SAMPLES, r"\hat{x}", r"x = [t]", r"\text{\{ \}}"])
def test_what_is_drawn_right_is_no_fault(tex: str) -> None:
    tex = prepared(tex, block=True)
    markup = converted(tex, block=True, macros={}, source=None, xml=False)
    assert list(faults(tex, markup, block=True)) == []


# --- pages


@each_builder("math")
def test_every_builder_is_silent(app: SphinxTestApp, builder: str) -> None:
    app.build()
    assert app.warning.getvalue() == ""


@pytest.mark.sphinx("html", testroot="math", freshenv=True)
def test_page_holds_formulas_and_their_numbers(app: SphinxTestApp) -> None:
    app.build()
    page = (app.outdir / "index.html").read_text(encoding="utf-8")
    assert page.count("<math") == page.count("</math>") == 5
    assert 'class="math-error"' not in page
    assert "<script async" not in page
    assert "jsdelivr" not in page
    block = page[page.index('id="equation-eq-rows"') :]
    assert block.index("</math>") < block.index('<span class="eqno">(1)') < block.index("</span>")
    assert 'href="#equation-eq-rows" title="Link to this equation"' in page
    assert 'href="#equation-eq-rows">(1)</a>' in page
    assert 'href="other.html#equation-eq-other">(1)</a>' in page
    assert 'href="_static/math.css' in page


@pytest.mark.sphinx(
    "html", testroot="math", freshenv=True, confoverrides={"numfig": True, "math_numfig": True}
)
def test_numbers_are_those_of_numfig(app: SphinxTestApp) -> None:
    app.build()
    page = (app.outdir / "other.html").read_text(encoding="utf-8")
    assert '<span class="eqno">(1.1)' in page


@pytest.mark.sphinx("html", testroot="math", freshenv=True, confoverrides={"html_theme": "furo"})
def test_no_id_stands_twice_in_furo(app: SphinxTestApp) -> None:
    app.build()
    page = (app.outdir / "index.html").read_text(encoding="utf-8")
    counts = Counter(re.findall(r'\bid="([^"]+)"', page))
    assert counts["equation-eq-rows"] == 1
    assert {name for name, count in counts.items() if count > 1} == set()


@pytest.mark.sphinx(
    "html", testroot="math", freshenv=True, confoverrides={"mathml_annotation": False}
)
def test_annotation_can_be_left_out(app: SphinxTestApp) -> None:
    app.build()
    page = (app.outdir / "index.html").read_text(encoding="utf-8")
    assert "<math" in page
    assert "<annotation" not in page


@pytest.mark.sphinx("epub", testroot="math", freshenv=True)
def test_epub_is_xml_and_carries_the_font(app: SphinxTestApp) -> None:
    static = app.srcdir / "_static" / "fonts"
    static.mkdir(parents=True, exist_ok=True)
    for file in (STATIC / "fonts").iterdir():
        (static / file.name).write_bytes(file.read_bytes())
    app.config.html_static_path = ["_static"]
    app.build()
    assert app.warning.getvalue() == ""
    page = parsed((app.outdir / "index.xhtml").read_text(encoding="utf-8"))
    assert len(list(page.iter(f"{MATHML}math"))) == 5
    manifest = (app.outdir / "content.opf").read_text(encoding="utf-8")
    assert 'href="_static/fonts/explainers-math.woff2"' in manifest
    assert 'media-type="font/woff2"' in manifest


@pytest.mark.parametrize("builder", ["html", "epub", "latex"])
def test_formulas_set_apart_stand_in_one_box(
    make_app: Callable[..., SphinxTestApp], tmp_path: Path, builder: str
) -> None:
    (tmp_path / "conf.py").write_text("extensions = ['mathml']\nhtml_math_renderer = 'mathml'\n")
    (tmp_path / "index.rst").write_text("T\n=\n\n.. math:: a = b, \\qquad c\n   :label: both\n")
    app = make_app(builder, srcdir=tmp_path)
    app.build()
    if builder == "latex":
        (tex,) = app.outdir.glob("*.tex")
        assert r"a = b, \qquad c" in tex.read_text(encoding="utf-8")
        return
    page = (app.outdir / f"index.{'xhtml' if builder == 'epub' else 'html'}").read_text("utf-8")
    (box,) = re.findall(r'<div class="math-body math-apart">(.*?)</div>', page, re.DOTALL)
    notes = re.findall(r"<annotation[^>]*>([^<]*)<", box)
    assert notes == ["a = b,", "c"]
    assert page.count(">(1)<") == 1


@pytest.mark.sphinx("latex", testroot="math", freshenv=True)
def test_print_knows_the_same_macros(app: SphinxTestApp) -> None:
    app.build()
    (tex,) = app.outdir.glob("*.tex")
    text = tex.read_text(encoding="utf-8")
    assert r"\renewcommand{\KL}[2]{\operatorname{KL}(#1 \,\|\, #2)}" in text
    assert r"\providecommand{\argmax}{\operatorname*{arg\,max}}" in text


def test_macro_without_arguments_takes_none() -> None:
    assert latex_macros({"E": r"\mathbb{E}"}).endswith(r"\renewcommand{\E}{\mathbb{E}}")


@pytest.mark.parametrize("macros", [{"a1": "x"}, {"a": 5}])
def test_macro_that_cannot_be_is_a_configuration_error(
    macros: dict[str, object], make_app: Callable[..., SphinxTestApp], tmp_path: Path
) -> None:
    (tmp_path / "conf.py").write_text("extensions = ['mathml']\n")
    with pytest.raises(ConfigError, match="mathml_macros"):
        make_app("html", srcdir=tmp_path, confoverrides={"mathml_macros": macros})


# --- warnings


@pytest.mark.sphinx("html", testroot="math-faults", freshenv=True)
def test_faults_are_reported_at_their_lines_and_shown_as_code(app: SphinxTestApp) -> None:
    app.build()
    warnings = re.sub(r"\x1b\[[\d;]*m", "", app.warning.getvalue())
    found = re.findall(r"index\.md:(\d+): WARNING: (.*) \[(mathml\.\w+)\]", warnings)
    # MyST knows the line of a paragraph and of a block, not of what is in a paragraph.
    assert [(line, kind) for line, _, kind in found] == [
        ("3", "mathml.latex"),
        ("6", "mathml.latex"),
        ("12", "mathml.unsupported"),
        ("14", "mathml.unsupported"),
        ("18", "mathml.unsupported"),
    ]
    assert r'Unknown command "\nosuch". Here: \nosuch{x} < 1' in found[0][1]
    assert "Traceback" not in warnings
    page = (app.outdir / "index.html").read_text(encoding="utf-8")
    assert r'<code class="math-error">\nosuch{x} &lt; 1</code>' in page
    assert r'<pre><code class="math-error">x = \frac{1}{2</code></pre>' in page


def test_a_fault_in_a_heading_or_caption_is_told_once(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "conf.py").write_text(
        "extensions = ['myst_parser', 'mathml']\nhtml_math_renderer = 'mathml'\n"
        "myst_enable_extensions = ['colon_fence', 'dollarmath']\n"
    )
    (source / "index.md").write_text("# Index\n\n```{toctree}\npage\nother\n```\n")
    (source / "other.md").write_text("# Other\n")
    table = ":::{table} Of $\\unheard$\n| a |\n|---|\n| b |\n:::\n"
    (source / "page.md").write_text(f"# Of $\\bad$\n\n## And $\\worse$\n\n{table}")
    app = SphinxTestApp("html", srcdir=source, builddir=tmp_path / "build")
    try:
        app.build()
        text = re.sub(r"\x1b\[[\d;]*m", "", app.warning.getvalue())
    finally:
        app.cleanup()
    found = re.findall(r'page\.md:(\d+): .*Unknown command "(\\\w+)"', text)
    assert found == [("1", "\\bad"), ("3", "\\worse"), ("5", "\\unheard")]
    assert text.count("WARNING") == 3
    assert "math-error" in (Path(app.outdir) / "index.html").read_text()


@pytest.mark.sphinx(
    "html", testroot="math-faults", freshenv=True, confoverrides={"suppress_warnings": ["mathml"]}
)
def test_faults_can_be_suppressed(app: SphinxTestApp) -> None:
    app.build()
    assert app.warning.getvalue() == ""


# --- building again, and on two cores


def test_macros_changed_rewrites_pages_and_nothing_changed_rewrites_none(
    make_app: Callable[..., SphinxTestApp], tmp_path: Path
) -> None:
    (tmp_path / "conf.py").write_text("extensions = ['mathml']\nhtml_math_renderer = 'mathml'\n")
    (tmp_path / "index.rst").write_text("T\n=\n\n:math:`\\E x`\n")
    page = tmp_path / "_build" / "html" / "index.html"

    def build(definition: str) -> tuple[str, int]:
        overrides = {"mathml_macros": {"E": definition}}
        make_app("html", srcdir=tmp_path, confoverrides=overrides).build()
        return page.read_text(encoding="utf-8"), page.stat().st_mtime_ns

    first, written = build(r"\mathbb{E}")
    assert build(r"\mathbb{E}") == (first, written)
    second, _ = build(r"\mathbb{F}")
    assert "𝔼" in first
    assert "𝔽" in second


def test_two_processes_write_what_one_writes(
    make_app: Callable[..., SphinxTestApp], tmp_path: Path
) -> None:
    pages = [f"page{number}" for number in range(8)]
    results = []
    for jobs in (1, 2):
        srcdir = tmp_path / str(jobs)
        srcdir.mkdir()
        (srcdir / "conf.py").write_text("extensions = ['mathml']\nhtml_math_renderer = 'mathml'\n")
        toc = "".join(f"   {page}\n" for page in pages)
        (srcdir / "index.rst").write_text(f"T\n=\n\n.. toctree::\n\n{toc}")
        for page in pages:
            (srcdir / f"{page}.rst").write_text(
                f"{page}\n=====\n\n.. math:: {page[-1]} x\n   :label: {page}\n\n:math:`\\no`\n"
            )
        app = make_app("html", srcdir=srcdir, parallel=jobs)
        app.build()
        texts = [(app.outdir / f"{page}.html").read_text(encoding="utf-8") for page in pages]
        results.append((texts, app.warning.getvalue().count("[mathml.latex]")))
    assert results[0] == results[1]
    assert results[0][1] == len(pages)
