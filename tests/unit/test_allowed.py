"""What the list of allowed things says of addresses, files, drawings and formulas."""

from __future__ import annotations

from pathlib import Path

import pytest

from website.allowed import allowed, svg

SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'


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
    assert allowed().link(uri) == ""


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
    assert "https:" in allowed().link(uri)


@pytest.mark.parametrize(
    "body",
    [
        '><path d="M0 0"/></svg>',
        '><use href="#a"/><image xlink:href="data:image/png;base64,AA"/></svg>',
        '><style>.a { fill: url(#b) }</style><text style="fill:url(#c)">on</text></svg>',
    ],
)
def test_drawings_that_may_be(body: str) -> None:
    assert svg(f'<?xml version="1.0"?><!DOCTYPE svg>{SVG}{body}'.encode()) == ""


@pytest.mark.parametrize(
    "body, says",
    [
        ("><script/></svg>", "<script>"),
        ("><g><SCRIPT/></g></svg>", "<SCRIPT>"),
        (' ONLOAD="x"/>', "ONLOAD"),
        ('><a xlink:href=" java\nscript:x"/></svg>', "a link"),
        ('><a href="https://example.org"/></svg>', "a link"),
        ('><set attributeName="href" to="javascript:x"/></svg>', "<set>"),
        ('><rect style="fill: URL( http://example.org )"/></svg>', "an address"),
        ("><style>@im\nport 'x'</style></svg>", "an address"),
        ("><foreignObject/></svg>", "<foreignObject>"),
        ("><text>&x;</text></svg>", "no XML"),
    ],
)
def test_drawings_that_may_not_be(body: str, says: str) -> None:
    assert says in svg(f"{SVG}{body}".encode())


def test_drawings_in_disguise_may_not_be() -> None:
    assert "no XML in UTF-8" in svg(f"{SVG}/>".encode("utf-16"))
    assert "<svg>" in svg(b'<html xmlns="http://www.w3.org/1999/xhtml"/>')
    assert "<?xml-stylesheet" in svg(f'<?xml-stylesheet href="x"?>{SVG}/>'.encode())
    entity = f'<!DOCTYPE svg [<!ENTITY x "y">]>{SVG}><text>&x;</text></svg>'
    assert "<!ENTITY" in svg(entity.encode())


@pytest.mark.parametrize(
    "formula",
    [
        r"\left(\frac{1}{2}\right) \leq \ldots \inf \infty \defeq \letter",
        r"\begin{aligned} a &= b \\ &= c \end{aligned}",
        r"x^{^{2}}",
        r"\text{input} \{def\} \\ \% \_",
    ],
)
def test_formulas_that_may_be(formula: str) -> None:
    assert allowed().tex(formula) == ""


@pytest.mark.parametrize(
    "formula", [r"\input{x}", r"a\input", r"\let\a=\b", r"\begin{verbatim}", r"\a@b", "x^^41"]
)
def test_formulas_that_may_not_be(formula: str) -> None:
    assert allowed().tex(formula)


def test_files_that_may_be_read(tmp_path: Path) -> None:
    root = tmp_path / "site"
    for folder in ("articles", "labs/.cache", "other"):
        (root / folder).mkdir(parents=True)
    (root / "articles/in").symlink_to(root / "labs")
    (root / "articles/out").symlink_to(tmp_path)
    (tmp_path / "entry").symlink_to(root)

    def place(path: str, base: Path = root) -> str:
        return allowed().place(root, base / path)

    assert place("labs/a.py") == ""
    assert place("articles/in/a.py") == ""
    assert place("articles/a.py", tmp_path / "entry") == ""
    assert "outside" in place("articles/out/a.py")
    assert "outside" in place("../a.py")
    assert "outside" in place("articles/../../a.py")
    assert "hidden" in place("labs/.cache/a.py")
    assert "labs/" in place("other/a.py")
    assert "labs/" in place("conf.py")
    assert allowed().place(root, root / "conf.py", anywhere=True) == ""
    assert "outside" in allowed().place(root, tmp_path / "x.md", anywhere=True)
    assert place("articles/nul\x00.py")


def test_other_names_are_suggested() -> None:
    assert allowed().name("directive", "note") == ""
    assert allowed().name("role", "eq") == ""
    assert "{figure}" in allowed().name("directive", "figur")
    assert "Markdown" in allowed().name("directive", "raw")
    assert "CONTRIBUTING.md" in allowed().name("directive", "zzz")
    assert "CONTRIBUTING.md" in allowed().name("role", "zzz")


def test_nothing_to_write_instead_is_listed_itself() -> None:
    names = {name for use in (*allowed().directives, *allowed().roles) for name in use.names}
    assert (
        allowed().instead.keys() & {n for use in allowed().directives for n in use.names} == set()
    )
    assert len(names) > 60
