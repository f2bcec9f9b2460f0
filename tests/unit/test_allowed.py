"""What the list of allowed things says of addresses, files, drawings and formulas."""

from __future__ import annotations

import struct
from pathlib import Path
from zlib import crc32

import pytest

from website.allowed import allowed
from website.drawings import fault

SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
XHTML = 'xmlns="http://www.w3.org/1999/xhtml"'


def svg(data: bytes) -> str:
    return fault(data, allowed().drawings)


@pytest.mark.parametrize(
    "uri",
    [
        "https://example.org/a:b?c=javascript:d",
        "HTTP://example.org",
        "mailto:someone@example.org",
        "other.md",
        "../other.md#place:with:colons",
        "#javascript:x",
        "?q=data:x",
        "a/b:c",
        "",
        "javascript%3Aalert(1)",  # a name of a file, to browsers too
    ],
)
def test_links_that_may_be(uri: str) -> None:
    assert allowed().link_fault(uri) == ""


@pytest.mark.parametrize(
    "uri",
    [
        "javascript:x",
        " JavaScript:x",
        "java\tscript:x",
        "java\nscript:x",
        "\x00javascript:x",
        "\x1fjavascript:x",
        "javascript :x",
        "java\u200bscript:x",
        "vbscript:x",
        "data:text/html,x",
        "file:///etc/passwd",
        "ftp://example.org",
        "view-source:https://example.org",
        "javascript://%0aalert(1)",
        "//example.org",
        "\\\\example.org",
        "/\\example.org",
        "\t//example.org",
    ],
)
def test_links_that_may_not_be(uri: str) -> None:
    assert "https:" in allowed().link_fault(uri)


def test_links_have_no_marks_of_ours() -> None:
    assert "characters" in allowed().link_fault("https://example.org/\ue000")


@pytest.mark.parametrize(
    "body",
    [
        '><path d="M0 0"/></svg>',
        '><use href="#a"/><image xlink:href="data:image/png;base64,AA=="/></svg>',
        '><style>.a { fill: url(#b) }</style><text style="fill:url(#c)">on</text></svg>',
        ' xml:space="preserve"><style type="a/b"><![CDATA[a{fill:rgb(1,2,3)}]]></style></svg>',
        '><g id="a"><path id="b" d="M0 0"/></g><use href="#a"/><use href="#b"/></svg>',
        '><text aria-label="one = 1, on(x) @ \\ url(//x)">on load = <tspan>1</tspan></text></svg>',
        "><!-- <script> --><title>script</title><desc>onload=</desc></svg>",
        f"><g>{'<g>' * 90}{'</g>' * 90}</g></svg>",
    ],
)
def test_drawings_that_may_be(body: str) -> None:
    assert svg(f'<?xml version="1.0"?><!DOCTYPE svg>{SVG}{body}'.encode()) == ""


@pytest.mark.parametrize(
    "head",
    [
        "",
        "\ufeff",
        '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n',
        '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN"'
        ' "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">',
    ],
)
def test_heads_that_drawings_may_have(head: str) -> None:
    assert svg(f"{head}{SVG}/>".encode()) == ""


@pytest.mark.parametrize(
    "body, says",
    [
        ("><script/></svg>", "<script>"),
        ("><g><SCRIPT/></g></svg>", "<SCRIPT>"),
        (' ONLOAD="x"/>', "ONLOAD"),
        ('><a xlink:href=" java\nscript:x"/></svg>', "<a>"),
        ('><a href="https://example.org"/></svg>', "<a>"),
        ('><use href="https://example.org/x.svg#a"/></svg>', "a link"),
        ('><use href="data:image/svg+xml;base64,AA"/></svg>', "a link"),
        ('><image href="data:image/svg+xml;base64,AA"/></svg>', "a link"),
        ('><image href="data:text/html,x"/></svg>', "a link"),
        ('><image href="x.png"/></svg>', "a link"),
        ('><image src="x.png"/></svg>', "'src'"),
        ('><set attributeName="href" to="javascript:x"/></svg>', "<set>"),
        ('><animate attributeName="href" values="x"/></svg>', "<animate>"),
        ('><animateTransform onbegin="x"/></svg>', "<animateTransform>"),
        ("><foreignObject/></svg>", "<foreignObject>"),
        ("><filter><feImage href='#a'/></filter></svg>", "<filter>"),
        # other namespaces
        (f"><iframe {XHTML} src='x'/></svg>", "<iframe>"),
        (f"><meta {XHTML} http-equiv='refresh' content='0;url=//x'/></svg>", "<meta>"),
        (f"><g><p {XHTML}>x</p></g></svg>", "<p>"),
        (f"><style {XHTML}>@import 'x'</style></svg>", "<style>"),
        ("><h:svg xmlns:h='http://www.w3.org/1999/xhtml'/></svg>", "<svg>"),
        ("><math xmlns='http://www.w3.org/1998/Math/MathML'/></svg>", "<math>"),
        ("><svg xmlns=''/></svg>", "<svg>"),
        (' xml:base="https://example.org/"/>', "xml:base"),
        (' xmlns:h="http://www.w3.org/1999/xhtml" h:style="x"/>', "style"),
        # styles
        ('><rect style="fill: URL( http://example.org )"/></svg>', "an address"),
        ('><rect fill="url(//example.org)"/></svg>', "an address"),
        ("><rect style=\"fill:url('#a);x:url(//b')\"/></svg>", "an address"),
        ("><rect style=\"background:image-set('x' 1x)\"/></svg>", "image-set"),
        ("><rect style=\"background:src('x')\"/></svg>", "src"),
        ('><rect style="width:expression(x)"/></svg>', "expression"),
        ("><style>@im\nport 'x'</style></svg>", "'@'"),
        ("><style>@im<!-- -->port 'x'</style></svg>", "'@'"),
        ("><style>@<![CDATA[import 'x']]></style></svg>", "'@'"),
        ("><style>&#64;import 'x'</style></svg>", "'@'"),
        ("><style>a{fill:u<tspan/>rl(x)}</style></svg>", "in pieces"),
        ("><style>a{fill:u<![CDATA[rl(]]>x)}</style></svg>", "an address"),
        (r"><style>\40 import 'x'</style></svg>", r"'\'"),
        (r'><rect style="fill:u\72l(x)"/></svg>', r"'\'"),
        # what takes long
        (f">{'<g>' * 100}{'</g>' * 100}</svg>", "100 deep"),
        ('><g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g></svg>', "<use>"),
        ('><g id="a"><g><use href="#b"/></g></g><use href=" #a "/></svg>', "<use>"),
        ("><text>&x;</text></svg>", "no XML"),
        ("><text>", "no XML"),
    ],
)
def test_drawings_that_may_not_be(body: str, says: str) -> None:
    assert says in svg(f"{SVG}{body}".encode())


@pytest.mark.parametrize(
    "data, says",
    [
        (f"{SVG}/>".encode("utf-16"), "no XML in UTF-8"),
        (f'<?xml version="1.0" encoding="ISO-2022-JP"?>{SVG}/>'.encode(), "ISO-2022-JP"),
        (f"<html {XHTML}/>".encode(), "no element <svg>"),
        (b"<svg/>", "no element <svg>"),
        (f'<?xml-stylesheet href="x"?>{SVG}/>'.encode(), "<?xml-stylesheet"),
        (f'{SVG}/><?xml-stylesheet href="x"?>'.encode(), "<?xml-stylesheet"),
        (f'<!DOCTYPE svg [<!ENTITY x "y">]>{SVG}/>'.encode(), "DOCTYPE"),
        (f'<!DOCTYPE svg [<!ATTLIST svg onload CDATA "x">]>{SVG}/>'.encode(), "DOCTYPE"),
        (b"", "no XML"),
        (f"{SVG}/>\0".encode(), "no XML"),
    ],
)
def test_drawings_in_disguise_may_not_be(data: bytes, says: str) -> None:
    assert says in svg(data)


def test_what_is_wrong_with_a_drawing_has_a_line() -> None:
    assert "<script> in line 3;" in svg(f"{SVG}>\n<g/>\n<script/></svg>".encode())


@pytest.mark.parametrize(
    "formula",
    [
        r"\left(\frac{1}{2}\right) \leq \ldots \inf \infty \defeq \letter",
        r"\begin{aligned} a &= b \\ &= c \end{aligned}",
        r"x^{^{2}}",
        r"\text{input} \{def\} \\ \% \_",
        r"\text{1500 mm} \hspace{999em} \\[10pt] 2000 \\ 1000em \hspace{1em} 5000",
    ],
)
def test_formulas_that_may_be(formula: str) -> None:
    assert allowed().tex_fault(formula) == ""


@pytest.mark.parametrize(
    "formula", [r"\input{x}", r"a\input", r"\let\a=\b", r"\begin{verbatim}", r"\a@b", "x^^41"]
)
def test_formulas_that_may_not_be(formula: str) -> None:
    assert allowed().tex_fault(formula)


@pytest.mark.parametrize(
    "formula, length",
    [
        (r"a\hspace{1000000em}b", "1000000em"), (r"\hspace*{ -1000.5 pt }", "1000.5 pt"),
        (r"\mspace{5000mu}", "5000mu"), (r"a \\[10000pt] b", "10000pt"),
        (r"\kern99999em", "99999em"), (r"\rule[1em]{1em}{70000cm}", "70000cm"),
        (r"\\* [1000ex]", "1000ex"),
    ],
)  # fmt: skip
def test_lengths_that_no_page_has(formula: str, length: str) -> None:
    problem = f"{length} is longer than any page: write at most three digits"
    assert allowed().tex_fault(formula) == problem


@pytest.mark.parametrize(
    "head, may_be",
    [
        ('width="1e9" height="9"', False), ('width="9" height="10001px"', False),
        ('width="1000000000" height="1" viewBox="0 0 9 9"', False), ('width=" 99999.5mm "', False),
        ('viewBox="0 0 1e9 1"', False), ('viewBox="0,0,9,100000"', False),
        ('width="100%" viewBox="0 0 1e9 1"', False), ('width="x" viewBox="0 0 9 1e9"', False),
        ('width="10000" height="1e4"', True), ('viewBox="0 0 10000 9"', True), ("", True),
        ('width="9" height="9" viewBox="0 0 24000 24000"', True), ('width="100%"', True),
    ],
)  # fmt: skip
def test_a_drawing_is_of_a_size_that_can_be_shown(head: str, may_be: bool) -> None:
    drawing = f'<svg xmlns="http://www.w3.org/2000/svg" {head}><path d="M0 0h9"/></svg>'
    said = fault(drawing.encode(), allowed().drawings)
    assert ("a side of more than 10,000 in line 1" in said) is not may_be
    assert bool(said) is not may_be


def test_files_that_may_be_read(tmp_path: Path) -> None:
    root = tmp_path / "site"
    for folder in ("articles", "labs/.cache", "other"):
        (root / folder).mkdir(parents=True)
    (root / "articles/in").symlink_to(root / "labs")
    (root / "articles/out").symlink_to(tmp_path)
    (tmp_path / "entry").symlink_to(root)

    def place(path: str, base: Path = root) -> str:
        return allowed().place_fault(root, base / path)

    assert place("labs/a.py") == ""
    assert place("articles/in/a.py") == ""
    assert place("articles/a.py", tmp_path / "entry") == ""
    assert "outside" in place("articles/out/a.py")
    assert "outside" in place("../a.py")
    assert "outside" in place("articles/../../a.py")
    assert "hidden" in place("labs/.cache/a.py")
    assert "labs/" in place("other/a.py")
    assert "labs/" in place("conf.py")
    assert allowed().place_fault(root, root / "conf.py", anywhere=True) == ""
    assert "outside" in allowed().place_fault(root, tmp_path / "x.md", anywhere=True)
    assert place("articles/nul\x00.py")


def test_other_names_are_suggested() -> None:
    assert allowed().name_fault("directive", "note") == ""
    assert allowed().name_fault("role", "eq") == ""
    assert "{figure}" in allowed().name_fault("directive", "figur")
    assert "Markdown" in allowed().name_fault("directive", "raw")
    assert "REFERENCE.md" in allowed().name_fault("directive", "zzz")
    assert "REFERENCE.md" in allowed().name_fault("role", "zzz")


def test_nothing_to_write_instead_is_listed_itself() -> None:
    names = {name for use in (*allowed().directives, *allowed().roles) for name in use.names}
    assert (
        allowed().instead.keys() & {n for use in allowed().directives for n in use.names} == set()
    )
    assert len(names) > 60


PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
    "0000000a49444154789c636800000082008177cd72b60000000049454e44ae426082"
)
JPEG = bytes.fromhex(
    "ffd8" "ffe000104a46494600010100000100010000" "ffc0000b080001000101011100"
    "ffda0008010100003f0000" "ffd9"
)  # fmt: skip


def _png(width: int, height: int) -> bytes:
    """Return a picture whose header says this size."""
    head = b"IHDR" + struct.pack(">II", width, height) + PNG[24:29]
    return PNG[:12] + head + struct.pack(">I", crc32(head)) + PNG[33:]


@pytest.mark.parametrize(
    "name, data",
    [
        ("a.png", PNG), ("a.PNG", PNG), ("a.png", PNG + b"more"), ("a.png", _png(10_000, 1)),
        ("a.jpg", JPEG), ("a.jpeg", JPEG), ("a.jpg", JPEG + b"more, as of some cameras"),
    ],
)  # fmt: skip
def test_a_picture_is_what_its_name_says(tmp_path: Path, name: str, data: bytes) -> None:
    path = tmp_path / "articles" / name
    path.parent.mkdir()
    path.write_bytes(data)
    assert allowed().picture_fault(tmp_path, path) == ""
    for other in (b"", b"x", b"<html>", data[1:], b"\0" + data, b"GIF89a"):
        path.write_bytes(other)
        assert allowed().picture_fault(tmp_path, path).startswith("what it holds is no ")


@pytest.mark.parametrize("ending, data", [("png", PNG), ("jpg", JPEG)])
def test_a_picture_is_whole(tmp_path: Path, ending: str, data: bytes) -> None:
    path = tmp_path / f"articles/a.{ending}"
    path.parent.mkdir()
    for end in range(9, len(data)):
        path.write_bytes(data[:end])
        assert allowed().picture_fault(tmp_path, path) == "it is cut off or damaged", end
    path.write_bytes(PNG[:40] + b"\0" + PNG[41:])
    assert allowed().picture_fault(tmp_path, path)


@pytest.mark.parametrize("size", [(0, 1), (1, 0), (10_001, 1), (1, 10_001)])
def test_a_picture_is_of_a_size_that_can_be_shown(tmp_path: Path, size: tuple[int, int]) -> None:
    path = tmp_path / "articles/a.png"
    path.parent.mkdir()
    path.write_bytes(_png(*size))
    assert "expected at most 10,000 a side" in allowed().picture_fault(tmp_path, path)


@pytest.mark.parametrize("name", ["a.gif", "a.webp", "a.avif", "a.png"])
def test_a_picture_is_one_for_every_output(tmp_path: Path, name: str) -> None:
    path = tmp_path / "articles" / name
    path.mkdir(parents=True)
    says = "a folder" if name.endswith(".png") else "pictures end in .jpeg, .jpg, .png or .svg"
    assert says in allowed().picture_fault(tmp_path, path)
