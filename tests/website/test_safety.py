"""What strangers may not write is reported once, at its line, and is in no output."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.testing.util import SphinxTestApp

ROOT = Path(__file__).resolve().parents[2]
BUILDERS = ("html", "latex", "epub")
HEAD = """\
---
title: Attack {name}
description: An article of the kind that nobody should be able to put on this site, for tests.
date: 2026-01-01
checked: 2026-01-01
kind: overview
level: intro
tags: [rlhf, preferences]
---

"""
LENGTH = HEAD.count("\n")
# In every text that must not reach readers, so that no output may hold it.
EVIL = "evilevil"
SECRET = "topsecret"  # noqa: S105 - in every file that articles must not read


@dataclass(frozen=True)
class Attack:
    """What a stranger writes below front matter, and what must be said of it."""

    name: str
    subtype: str
    text: str
    line: int = 1  # within the text
    message: str = ""  # a part of it


def script(name: str, text: str, line: int = 1, message: str = "write Markdown") -> Attack:
    return Attack(name, "html", text, line, message)


def link(name: str, text: str, line: int = 1, message: str = "https") -> Attack:
    return Attack(name, "link", text, line, message)


ATTACKS = [
    # HTML
    script("html-block", f"<script>\n{EVIL}()\n</script>"),
    script("html-inline", f"Some text,\nthen <script>{EVIL}()</script> more.", 2),
    script("html-element", f"Some <b class='{EVIL}'>bold</b> words."),
    script("html-handler", f"Some\nwords\n<img src=x onerror='{EVIL}()'> here.", 3),
    script("html-after-break", f"One  \ntwo  \nthree <i title='{EVIL}'>four</i>", 3),
    script("html-frame", f"<iframe src='https://{EVIL}.example'></iframe>"),
    script("html-svg", f"<svg onload={EVIL}()>"),
    script("html-comment", f"<!-- {EVIL} -->", message="%"),
    script("html-declaration", f"<!{EVIL.upper()} x>"),
    script("html-instruction", f"Text <?{EVIL} x?> here."),
    script("html-cdata", f"Text <![CDATA[{EVIL}]]> here."),
    script("html-heading", f"## A <u lang={EVIL}>heading</u>"),
    script("html-cell", f"| a |\n| - |\n| <u lang={EVIL}>x</u> |", 3),
    script("html-in-remark", f":::{{note}}\nText.\n\n<div id='{EVIL}'>\n:::", 4),
    script("html-in-caption", f":::{{table}} Of <u lang={EVIL}>x</u>\n| a |\n| - |\n| b |\n:::"),
    link("link-in-caption", f":::{{table}} Of [x](data:{EVIL})\n| a |\n| - |\n| b |\n:::"),
    link("link-in-folded", f"Text.\n\n:::{{dropdown}} [x](data:{EVIL})\nText.\n:::", 3),
    link("link-in-figure", f"```{{figure}} fine.png\n:alt: x\n\nOf [x](data:{EVIL}).\n```", 4),
    script("html-in-list-table", f"```{{list-table}}\n* - a\n  - <u lang={EVIL}>x</u>\n```", 3),
    script("html-in-glossary", f"```{{glossary}}\nword\n  Is <u lang={EVIL}>x</u>.\n```", 3),
    script("html-in-folded", f":::{{dropdown}} What?\n<script>{EVIL}()</script>\n:::", 2),
    script("html-unclosed", f"<style>\n* {{ background: url({EVIL}) }}"),
    script("html-title", f"# A <b id={EVIL}>title</b>"),
    # What is nested
    Attack("nested-words", "nested", f"Text\n\n{'*' * 4000}{EVIL}{'*' * 4000}", 3, "20 deep"),
    Attack("nested-links", "nested", f"{'*a [' * 400}{EVIL}{'](x)*' * 400}", 1, "20 deep"),
    Attack("nested-directives", "nested", "\n\n".join(
        [*(f"{':' * (203 - n)}{{note}}" for n in range(200)), EVIL,
         *(":" * (4 + n) for n in range(200))]), 41, "20 deep"),
    # Directives and roles that are not on the list
    Attack("raw", "directive", f"```{{raw}} html\n<script>{EVIL}()</script>\n```", 1, "Markdown"),
    Attack("raw-upper", "directive", f"```{{RAW}} html\n<b>{EVIL}</b>\n```", 1, "Markdown"),
    Attack("raw-latex", "directive", f"Text.\n\n```{{raw}} latex\n\\{EVIL}\n```", 3),
    Attack("raw-colon", "directive", f":::{{raw}} html\n<b>{EVIL}</b>\n:::"),
    Attack("raw-nested", "directive",
           f"::::{{note}}\n\n:::{{tip}}\n\n```{{raw}} html\n{EVIL}\n```\n:::\n::::", 5),
    Attack("raw-in-quote", "directive", f"> Said.\n>\n> ```{{raw}} html\n> {EVIL}\n> ```", 3),
    Attack("raw-file", "directive", "```{raw} html\n:file: secret.txt\n```"),
    Attack("eval-rst", "directive",
           f"```{{eval-rst}}\n.. raw:: html\n\n   {EVIL}\n```", 1, "Markdown"),
    Attack("eval-rst-colon", "directive", f":::{{eval-rst}}\n{EVIL}\n:::"),
    Attack("include", "directive", "```{include} ../other.md\n```", 1, "literalinclude"),
    Attack("include-system", "directive", "```{include} /etc/passwd\n```"),
    Attack("include-standard", "directive", "```{include} <isonum.txt>\n```"),
    Attack("only", "directive", f"```{{only}} html\n{EVIL}\n```", 1, "every output"),
    Attack("meta", "directive", f"```{{meta}}\n:http-equiv=refresh: 0;url=//{EVIL}.example\n```"),
    Attack("role-directive", "directive",
           "```{role} r(raw)\n:format: html\n```", 1, "roles"),
    Attack("default-role", "directive", "```{default-role} raw\n```"),
    Attack("default-domain", "directive", "```{default-domain} c\n```"),
    Attack("tabularcolumns", "directive", f"```{{tabularcolumns}} >{{\\{EVIL}}}l\n```"),
    Attack("button-link", "directive",
           f"```{{button-link}} javascript:{EVIL}()\nPress\n```", 1, "Markdown link"),
    Attack("card-link", "directive", f"```{{card}} T\n:link: javascript:{EVIL}()\n```"),
    Attack("grid-card-link", "directive",
           f"::::{{grid}}\n:::{{grid-item-card}} T\n:link: javascript:{EVIL}()\n:::\n::::"),
    Attack("div", "directive", f"```{{div}}\n:style: background:url(//{EVIL}.example)\n```"),
    Attack("article-info", "directive", f"```{{article-info}}\n:avatar: {EVIL}.png\n```"),
    Attack("math-domain", "directive", f"```{{py:function}} {EVIL}\n```"),
    Attack("graphviz", "directive", f"```{{graphviz}} {EVIL}.dot\n```"),
    Attack("misspelt", "directive", f"```{{notes}}\n{EVIL}\n```", 1, "{note}"),
    Attack("raw-role", "role", f"First\nand {{raw}}`{EVIL}` here.", 2, "Markdown"),
    Attack("octicon", "role", f"An {{octicon}}`{EVIL}`."),
    Attack("bdg-link", "role", f"{{bdg-link-primary}}`x <javascript:{EVIL}()>`"),
    Attack("sub-ref", "role", f"{{sub-ref}}`{EVIL}`"),
    *(Attack(f"empty-{name}", "role", f"First\nand {{{name}}}` ` here.", 2, "is empty")
      for name in ("explainer", "cite", "download", "numref")),
    Attack("empty-sign", "role", "A {ref}`!`.", 1, "is empty"),
    Attack("long", "role", f"{{ref}}`{EVIL}{'-' * 2000}<x`", 1, "2,000 characters"),
    Attack("any-domain", "role", f"{{py:func}}`{EVIL}`"),
    *(
        Attack(f"numref-{name}", "role", f"First\nand {{numref}}`{text} <some-table>` here.\n\n"
               ":::{table} T\n:name: some-table\n| a |\n| - |\n| b |\n:::", 2, "numref")
        for name, text in [
            ("width", "%300000000s"),
            ("percent", "5 %"),
            ("brace", "{ number"),
            ("field", "{number:300000000}"),
            ("inside", "{number.__class__}"),
        ]
    ),
    # Options
    Attack("no-wrap", "option",
           f"```{{math}}\n:label: x\n:no-wrap:\n\n\\{EVIL}\n```", 3, "no-wrap"),
    Attack("csv-file", "option", "```{csv-table}\n:file: ../../../outside/secret.txt\n```", 2),
    Attack("csv-url", "option", f"```{{csv-table}} T\n:url: https://{EVIL}.example/x\n```", 2),
    Attack("diff", "option",
           "```{literalinclude} fine.py\n:language: diff\n:diff: secret.txt\n```", 3, "diff"),
    Attack("options-yaml", "option",
           f"```{{figure}} fine.png\n---\nalt: x\nfigclass: {EVIL}\n---\n```", 4, "figclass"),
    Attack("mermaid-config", "option",
           f'```{{mermaid}}\n:alt: x\n:config: {{"themeCSS": "{EVIL}"}}\nflowchart TD\n```', 3),
    Attack("many-lines", "option",
           "```{code-block} python\n:emphasize-lines: 1-3000000000\nx\n```", 2, "five digits"),
    Attack("wide-tabs", "option",
           "```{literalinclude} fine.py\n:language: python\n:tab-width: 3000000000\n```", 3,
           "five digits"),
    Attack("wide-picture", "option",
           "```{image} fine.png\n:alt: x\n:width: 3000000000px\n```", 3, "five digits"),
    Attack("toctree-glob", "option", "```{toctree}\n:glob:\n\n*\n```", 2),
    Attack("empty-option", "option", "```{csv-table}\n:escape:\n\n1, 2\n```", 2, "another value"),
    Attack("long-option", "option", f"```{{figure}} fine.png\n:alt: {'x' * 2001}\n```", 2, "2,000"),
    # What would take long to read
    Attack("long-word", "length", f"Text.\n\n{EVIL * 1500}", 3, "12,000 characters"),
    Attack("long-heading", "length", f"## {'[' * 20_000}{EVIL}", 1, "20,008"),
    Attack("long-cell", "length", f"| a |\n| - |\n| {'`a' * 6000}{EVIL} |", 3, "12,008"),
    Attack("long-within", "length",
           f":::{{note}}\n\nText.\n\n{'*a ' * 5000}{EVIL}\n:::", 5, "15,008"),
    Attack("long-caption", "length", f":::{{table}} {EVIL * 1500}\n| a |\n| - |\n| b |\n:::"),
    # Files
    *(
        Attack(f"literal-{name}", "file", f"Text.\n\n```{{literalinclude}} {path}\n```", 3, says)
        for name, path, says in [
            ("above", "../../../outside/secret.txt", "outside"),
            ("far-above", "../" * 30 + "etc/passwd", "outside"),
            ("link", "link.txt", "outside"),
            ("linked-folder", "linked/secret.txt", "outside"),
            ("absolute", "/conf.py", "labs/"),
            ("around", "/labs/../conf.py", "labs/"),
            ("hidden", "/.git/config", "hidden"),
            ("hidden-below", "/labs/.env", "hidden"),
            ("system", "/etc/passwd", "labs/"),
        ]
    ),
    Attack("mermaid-file", "file", "```{mermaid} ../../../outside/secret.txt\n:alt: x\n```"),
    *(
        Attack(f"download-{name}", "file", f"Take\n{{download}}`it <{path}>` home.", 2, says)
        for name, path, says in [
            ("above", "../../../outside/secret.txt", "outside"),
            ("link", "link.txt", "outside"),
            ("hidden", "/labs/.env.txt", "hidden"),
            ("page", "page.html", ".py"),
            ("drawing", "evil.svg", ".py"),
        ]
    ),
    Attack("link-to-page", "file", "A [page](page.html) of ours."),
    Attack("link-to-file", "file", "A [file](link.txt) of ours.", 1, "outside"),
    Attack("link-by-path", "link", "A [file](path:link.txt) of ours."),
    # Pictures
    *(
        Attack(f"picture-{name}", "image", f"Text,\n![alternative]({path}) here.", 2, says)
        for name, path, says in [
            ("remote", f"https://{EVIL}.example/x.png", "beside"),
            ("plain", f"http://{EVIL}.example/x.png", "beside"),
            ("no-scheme", f"//{EVIL}.example/x.png", "beside"),
            ("data", f"data:image/svg+xml;base64,{EVIL}", "beside"),
            ("script", f"javascript:{EVIL}()", "beside"),
            ("file", "file:///etc/passwd", "beside"),
            ("above", "../../../outside/secret.png", "outside"),
            ("link", "link.png", "outside"),
            ("linked-folder", "linked/secret.png", "outside"),
            ("text", "secret.txt", ".png"),
            ("any", "../../../outside/secret.*", ".png"),
            ("svg-script", "evil.svg", "<script>"),
            ("svg-handler", "handler.svg", "onload"),
            ("svg-remote", "remote.svg", "a link"),
            ("svg-style", "style.svg", "'@'"),
            ("svg-frame", "frame.svg", "foreignObject"),
            ("svg-inside", "inside.svg", "<meta>"),
            ("svg-escape", "escape.svg", "a style with"),
            ("svg-html", "html.svg", "no element <svg>"),
            ("svg-broken", "broken.svg", "XML"),
            ("svg-entity", "entity.svg", "DOCTYPE"),
            ("language", "language.svg", "language.en.svg"),
            ("language-link", "language-link.png", "outside"),
            ("alias", "alias.svg", "evil.svg"),
            ("name", "<a}\\input{x}{.png>", "names are"),
            ("folder-name", "<x{}body{/fine.png>", "names are"),
        ]
    ),
    Attack("picture-silent", "alt", "First\n![](fine.png)", 2, "needs a text"),
    Attack("figure-silent", "alt", "```{figure} fine.png\nA caption.\n```"),
    Attack("picture-fake", "image", "![x](fake.png)", 1, "what it holds is no PNG picture"),
    Attack("picture-cut", "image", "![x](cut.png)", 1, "it is cut off or damaged"),
    Attack("picture-folder", "image", "![x](folder.png)", 1, "it is a folder"),
    Attack("picture-moving", "image", "![x](moving.gif)", 1, ".jpeg, .jpg, .png or .svg"),
    Attack("picture-directive", "image", f"```{{image}} https://{EVIL}.example/x.png\n```"),
    Attack("figure", "image", "Text.\n\n```{figure} ../../../outside/secret.png\nCaption\n```", 3),
    Attack("picture-reference", "image", f"![x][y]\n\n[y]: https://{EVIL}.example/x.png"),
    Attack("picture-linked", "link", f"[![x](fine.png)](javascript:{EVIL}())"),
    Attack("picture-target", "link",
           f"```{{image}} fine.png\n:alt: x\n:target: javascript:{EVIL}()\n```"),
    Attack("figure-target", "link",
           f"```{{figure}} fine.png\n:alt: x\n:target: JavaScript:{EVIL}()\nCaption\n```"),
    Attack("picture-both", "image", "[![x](link.png)](https://example.org)", 1, "outside"),
    # Links
    *(
        link(f"link-{name}", f"First line,\nthen [words]({uri}) here.", 2, says)
        for name, uri, says in [
            ("plain", f"javascript:{EVIL}()", "https"),
            ("casing", f"JaVaScRiPt:{EVIL}()", "https"),
            ("visual", f"vbscript:{EVIL}()", "https"),
            ("data", f"data:text/html,{EVIL}", "https"),
            ("data-image", f"data:image/png;base64,{EVIL}", "https"),
            ("file", f"file:///{EVIL}", "https"),
            ("ftp", f"ftp://{EVIL}.example", "https"),
            ("blob", f"blob:{EVIL}", "https"),
            ("unknown", f"{EVIL}:x", "https"),
            ("entity", f"&#106;avascript:{EVIL}()", "https"),
            ("entity-colon", f"javascript&colon;{EVIL}()", "https"),
            ("entity-tab", f"java&Tab;script:{EVIL}()", "https"),
            ("entity-newline", f"java&NewLine;script:{EVIL}()", "https"),
            ("blank", f"< javascript:{EVIL}()>", "https"),
            ("tab", f"<java\tscript:{EVIL}()>", "https"),
            ("escaped", f"javascript\\:{EVIL}()", "https"),
            ("no-scheme", f"//{EVIL}.example", "https"),
            ("inventory", f"inv:#{EVIL}", "https"),
            ("project", f"project:{EVIL}", "https"),
        ]
    ),
    link("link-reference", f"A [link][x] here.\n\n[x]: javascript:{EVIL}()"),
    link("link-short-reference", f"A [link].\n\n[link]: <JAVASCRIPT:{EVIL}()> 'title'"),
    link("link-automatic", f"Go to <javascript:{EVIL}()> now."),
    link("link-automatic-data", f"Go to <data:text/html,{EVIL}> now."),
    link("link-in-footnote", f"A note[^n].\n\n[^n]: See [this](javascript:{EVIL}()).", 3),
    link("link-in-heading", f"## A [link](javascript:{EVIL}())"),
    link("link-in-cell", f"| a |\n| - |\n| [x](javascript:{EVIL}()) |", 3),
    link("link-in-term", f"Term\n: Is [x](javascript:{EVIL}()).", 2),
    link("link-in-toctree", f"```{{toctree}}\n:hidden:\n\nX <javascript://%0a{EVIL}()>\n```"),
    link("link-in-diagram",
         f'```{{mermaid}}\n:alt: x\nflowchart TD\n  A --> B\n  click A "javascript:{EVIL}()"\n```',
         5),
    link("link-in-line-of-diagram",
         f'```{{mermaid}}\n:alt: x\nflowchart TD\n  A --> B; click A "//{EVIL}.example"\n```',
         4),
    link("link-nested", f"A [*link* with `code`](javascript:{EVIL}())."),
    Attack("source-link", "link", "Found by {footcite:p}`evil`.\n\n## Sources\n\n"
           "```{footbibliography}\n```", 5),
    # Names that no file can have, on which systems end with errors of their own
    *(
        Attack(f"{name}-{kind}", subtype, f"Text.\n\n{text.format(path)}", 3, says)
        for name, path, says in [
            ("long", "z" * 300, "longer"),
            ("deep", "z/" * 600, "longer"),
            ("zero", "a%00b", "zero"),
        ]
        for kind, subtype, text in [
            ("link", "link", "[x]({}.md)"),
            ("file", "link", "[x]({}.csv)"),
            ("picture", "image", "![x]({}.png)"),
            ("figure", "image", "```{{figure}} {}.png\n:alt: x\n```"),
            ("download", "file", "{{download}}`{}.csv`"),
            ("code", "file", "```{{literalinclude}} {}.py\n```"),
        ]
    ),
    # Attributes
    Attack("attribute-inline", "attribute", f'A [link](#x){{onclick="{EVIL}()"}}.'),
    Attack("attribute-picture", "attribute", f'First\n![x](fine.png){{style="{EVIL}"}}', 2),
    Attack("attribute-block", "attribute", f'Text.\n\n{{#x .{EVIL} onclick="{EVIL}()"}}\nMore.', 3),
    Attack("attribute-span", "attribute", f"Some [words]{{.{EVIL}}}."),
    Attack("attribute-code", "attribute", f"`x`{{onmouseover={EVIL}()}}"),
    # Formulas, which print is given as they are
    *(
        Attack(f"tex-{name}", "tex", f"Text.\n\n{text}", 3, says)
        for name, text, says in [
            ("input", "$\\input{/etc/passwd}$", "\\input"),
            ("spaced", f"$\\input  {EVIL} $", "\\input"),
            ("block", f"$$\nx \\\\ \\include{{{EVIL}}}\n$$", "\\include"),
            ("ending", f"$$\n\\end{{equation}}\\openout 5={EVIL}\n$$", "\\openout"),
            ("carets", f"$^^5cinput {EVIL}$", "carets"),
            ("name", f"$\\csname input\\endcsname {EVIL}$", "\\csname"),
            ("definition", f"$\\def\\{EVIL}{{x}}$", "\\def"),
            ("write", f"$\\immediate\\write18{{{EVIL}}}$", "\\immediate"),
            ("internal", f"$\\@@input {EVIL}$", "\\@@input"),
            ("environment", f"$\\begin{{filecontents}}{{{EVIL}}}$", "filecontents"),
            ("picture", f"$\\includegraphics{{{EVIL}}}$", "\\includegraphics"),
            ("link", f"$\\href{{javascript:{EVIL}()}}{{x}}$", "\\href"),
            ("label", f"```{{math}}\n:label: x}}\\input{{{EVIL}}}\n\nx\n```", "label"),
            ("role", f"{{math}}`\\input{{{EVIL}}}`", "\\input"),
            ("directive", f"```{{math}}\n:label: tex-d\n\n\\input{{{EVIL}}}\n```", "\\input"),
            ("comment", f"$50 % of {EVIL}$", "\\%"),
            ("comment-in-block", f"$$\nx \\\\% {EVIL}\ny\n$$", "\\%"),
        ]
    ),
]  # fmt: skip

FRONT = [
    ("myst", f"myst: {{enable_extensions: [attrs_inline, substitution], x: {EVIL}}}"),
    ("html_meta", f"html_meta: {{'http-equiv=refresh': '0;url=//{EVIL}.example'}}"),
    ("substitutions", f"substitutions: {{key: '{EVIL}'}}"),
]


@dataclass(frozen=True)
class Built:
    """The project of all attacks: what its builds wrote and reported."""

    source: Path
    outputs: dict[str, Path]
    messages: dict[str, list[str]]  # by builder

    def about(self, path: str) -> list[str]:
        """Return what each of the builds said about a file: what is wrong is told by all."""
        where = f"{self.source / path}:"
        first, *others = (
            [m for m in messages if m.startswith(where) and "[website." in m]
            for messages in self.messages.values()
        )
        assert others == [first] * len(others)
        return first

    def once(self, path: str) -> list[str]:
        """Return what the builds said about a page: each says once all that it has to say."""
        every = self.about(path)
        for messages in self.messages.values():
            assert all(messages.count(message) <= 1 for message in every), every
        return [*dict.fromkeys(every)]

    def files(self) -> Iterator[tuple[str, Path]]:
        for builder, folder in self.outputs.items():
            yield from ((builder, file) for file in sorted(folder.rglob("*")) if file.is_file())


def write_frame(source: Path) -> None:
    """Write a site without pages: the real configuration, and files that none may read."""
    for folder in ("articles", "labs", ".git", "../outside"):
        (source / folder).mkdir(parents=True)
    (source / "conf.py").write_text(
        f"# {SECRET}\nfrom runpy import run_path\n"
        f"globals().update(run_path({str(ROOT / 'conf.py')!r}))\n"
    )
    shutil.copytree(ROOT / "_static", source / "_static")
    for place in ("outside/secret.txt", "outside/secret.png", "source/labs/.env",
                  "source/labs/.env.txt", "source/.git/config"):  # fmt: skip
        (source.parent / place).write_text(SECRET)
    (source / "articles/tags.yaml").write_text(
        "- {slug: rlhf, name: RLHF}\n- {slug: preferences, name: Preferences}\n"
    )
    (source / "articles/references.bib").write_text(
        f"@misc{{evil,\n  author = {{Evil, Eve}},\n  title = {{Sources}},\n  year = {{2020}},\n"
        f"  url = {{javascript:{EVIL}()}},\n}}\n"
    )


def write_attacks(source: Path) -> None:
    """Write all attacks as one site."""
    write_frame(source)
    attacks = source / "articles/attacks"
    attacks.mkdir()
    (source.parent / "outside/page.md").write_text(HEAD.format(name="leak") + SECRET)
    shutil.copy(SQUARE, attacks)
    (attacks / "fine.png").write_bytes(PNG)
    (attacks / "fake.png").write_text(SECRET)
    (attacks / "cut.png").write_bytes(PNG[:-20])
    (attacks / "folder.png").mkdir()
    (attacks / "moving.gif").write_bytes(b"GIF89a")
    (attacks / "fine.py").write_text("x = 1\n")
    (attacks / "secret.txt").write_text(SECRET)
    (attacks / "page.html").write_text(f"<script>{SECRET}()</script>")
    for name, text in DRAWINGS.items():
        (attacks / name).write_text(text)
    (attacks / "link.txt").symlink_to("../../../outside/secret.txt")
    (attacks / "link.png").symlink_to("../../../outside/secret.png")
    (attacks / "linked").symlink_to("../../../outside")
    # What Sphinx takes where pages are in English
    shutil.copy(SQUARE, attacks / "language.svg")
    shutil.copy(attacks / "evil.svg", attacks / "language.en.svg")
    (attacks / "language-link.png").write_bytes(PNG)
    (attacks / "language-link.en.png").symlink_to("../../../outside/secret.png")
    (attacks / "plain.svg").symlink_to("square.svg")
    shutil.copy(SQUARE, attacks / "alias.svg")
    (attacks / "alias.en.svg").symlink_to("evil.svg")
    # Names that are code elsewhere
    (attacks / "a}\\input{x}{.png").write_bytes(PNG)
    (attacks / "x{}body{").mkdir()
    (attacks / "x{}body{" / "fine.png").write_bytes(PNG)
    (attacks / "x{}body{" / "page.md").write_text(f"# {EVIL}\n")
    (attacks / "a}\\input{x}{.md").write_text(f"# {EVIL}\n")
    # Two ways round: without end for whoever follows both
    (attacks / "round").symlink_to("..")
    (attacks / "again").symlink_to(".")
    (source / "_static/round").symlink_to("..")
    (source / "_static/secret.txt").symlink_to("../../outside/secret.txt")
    (source / "_static/config.txt").symlink_to("../.git/config")
    (source / "_static/code.css_t").write_text(f"{{{{ '{SECRET}' }}}}")
    (source / "labs/round").symlink_to("../labs")
    (source / "round").symlink_to(".")
    (attacks / "leak.md").symlink_to("../../../outside/page.md")
    (attacks / "rest.rst").write_text(f"Rest\n====\n\n.. raw:: html\n\n   {EVIL}\n")
    for attack in ATTACKS:
        page = HEAD.format(name=attack.name) + attack.text + "\n\nThe last words.\n"
        (attacks / f"{attack.name}.md").write_text(page)
    for name, row in FRONT:
        head = HEAD.format(name=f"front {name}").replace("\n---\n", f"\n{row}\n---\n")
        (attacks / f"front-{name}.md").write_text(f"{head}Words {{{{ key }}}} [x](#y){{.z}}.\n")
    thumbnail = "\nthumbnail: link.png\nthumbnail_alt: A secret.\n---\n"
    head = HEAD.format(name="thumbnail").replace("\n---\n", thumbnail)
    (attacks / "thumbnail.md").write_text(f"{head}Words.\n")
    names = sorted(path.stem for path in attacks.glob("*.*") if path.suffix in (".md", ".rst"))
    (attacks / "index.md").write_text(
        "---\ntitle: Attacks\ndescription: A theme of attacks, which only tests know and nobody"
        " else should see.\n---\n\n```{toctree}\n" + "\n".join(names) + "\n```\n"
    )
    # a page that is no article keeps its front matter for itself
    (source / "index.md").write_text(
        "---\nmyst:\n  html_meta:\n"
        f"    http-equiv=refresh: 0;url=//{EVIL}.example\n---\n"
        f"\n# Home\n\n<b id={EVIL}>x</b>\n\n```{{toctree}}\narticles/attacks/index\n```\n"
    )


SQUARE = ROOT / "tests/roots/test-diagrams/square.svg"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
    "0000000a49444154789c636800000082008177cd72b60000000049454e44ae426082"
)
SVG = 'xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"'
DRAWINGS = {
    "evil.svg": f"<svg {SVG}><script>{SECRET}()</script></svg>",
    "handler.svg": f'<svg {SVG} onload="{SECRET}()"/>',
    "remote.svg": f'<svg {SVG}><image href="https://{SECRET}.example/x"/></svg>',
    "style.svg": f"<svg {SVG}><style>@import '//{SECRET}.example'</style></svg>",
    "frame.svg": f"<svg {SVG}><foreignObject>{SECRET}</foreignObject></svg>",
    "inside.svg": f"<svg {SVG}><meta xmlns='http://www.w3.org/1999/xhtml' http-equiv='refresh'"
    f" content='0;url=//{SECRET}.example'/></svg>",
    "escape.svg": f"<svg {SVG}><style>\\40 import '//{SECRET}.example'</style></svg>",
    "html.svg": f"<html><body>{SECRET}</body></html>",
    "broken.svg": f"<svg {SVG}><g>{SECRET}",
    "entity.svg": f'<!DOCTYPE svg [<!ENTITY x "{SECRET}">]><svg {SVG}><text>&x;</text></svg>',
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    source = tmp_path_factory.mktemp("attacks") / "source"
    write_attacks(source)
    outputs, messages = {}, {}
    for builder in BUILDERS:
        outputs[builder], messages[builder] = build(builder, source, folder="build")
    return Built(source, outputs, messages)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_an_attack_is_reported_once_at_its_line(built: Built, attack: Attack) -> None:
    found = built.once(f"articles/attacks/{attack.name}.md")
    assert len(found) == 1, "\n".join(found)
    assert f".md:{LENGTH + attack.line}: WARNING: " in found[0]
    assert found[0].endswith(f"[website.{attack.subtype}]")
    assert attack.message in found[0]


def test_no_output_holds_anything_of_an_attack(built: Built) -> None:
    seen = set()
    for builder, file in built.files():
        data = file.read_bytes().lower()
        seen.add(builder)
        for word in (EVIL, SECRET, "root:x:0", "javascript:", "vbscript:"):
            if word == "javascript:" and file.suffix in (".js", ".css"):
                continue  # Sphinx's and Furo's own
            assert word.encode() not in data, f"{word} in {file}"
    assert seen == set(BUILDERS)


def test_the_words_around_an_attack_stay(built: Built) -> None:
    for attack in ATTACKS:
        if attack.name == "html-unclosed":  # as Markdown has it, all that follows is in it
            continue
        page = built.outputs["html"] / f"articles/attacks/{attack.name}.html"
        assert "The last words." in page.read_text(), attack.name
    page = (built.outputs["html"] / "articles/attacks/link-nested.html").read_text()
    assert "A <em>link</em> with <code" in page
    page = (built.outputs["html"] / "articles/attacks/html-element.html").read_text()
    assert "Some bold words." in page


@pytest.mark.parametrize("name, row", FRONT)
def test_front_matter_configures_nothing(built: Built, name: str, row: str) -> None:
    found = built.once(f"articles/attacks/front-{name}.md")
    line = LENGTH - 1  # the last before the end of front matter
    assert f".md:{line}: WARNING: '{name}' is not for articles: " in found[0]
    assert [m.rpartition(" ")[2] for m in found] == [
        "[website.front-matter]",
        "[website.attribute]",
    ]
    page = (built.outputs["html"] / f"articles/attacks/front-{name}.html").read_text()
    assert "{{ key }}" in page
    assert 'class="z"' not in page
    assert "refresh" not in page


def test_a_page_that_is_no_article_is_searched_too(built: Built) -> None:
    subtypes = [message.rpartition(" ")[2] for message in built.once("index.md")]
    assert subtypes == ["[website.front-matter]", "[website.html]"]


def test_a_thumbnail_is_a_picture(built: Built) -> None:
    [message] = built.once("articles/attacks/thumbnail.md")
    assert f".md:{LENGTH - 1}: WARNING: thumbnail: 'link.png' is no picture" in message


def test_a_page_from_elsewhere_is_left_out(built: Built) -> None:
    assert built.about("articles/attacks/leak.md") == [
        f"{built.source}/articles/attacks/leak.md:1: WARNING: leak.md is left out: it lies outside "
        "of the project [website.name]"
    ]


@pytest.mark.parametrize(
    "path, says",
    [
        ("articles/attacks/a}\\input{x}{.png", "names are"),
        ("articles/attacks/a}\\input{x}{.md", "names are"),
        ("articles/attacks/x{}body{", "names are"),
        ("articles/attacks/folder.png", "called as a file"),
        ("articles/attacks/link.txt", "outside"),
        ("articles/attacks/linked", "a link"),
        ("articles/attacks/round", "a link"),
        ("articles/attacks/again", "a link"),
        ("labs/round", "a link"),
        ("_static/round", "a link"),
        ("_static/secret.txt", "outside"),
        ("_static/config.txt", "hidden"),
        ("_static/code.css_t", "templates"),
    ],
)
def test_what_lies_in_a_folder_is_reported_by_every_build(
    built: Built, path: str, says: str
) -> None:
    [message] = built.about(path)
    assert ":1: WARNING: " in message
    assert says in message
    assert message.endswith("[website.name]")


def test_what_is_passed_over_is_published_by_nobody(built: Built) -> None:
    gone = {"round", "again", "linked", "config.txt", "secret.txt", "code.css", "leak.html"}
    for builder, file in built.files():
        parts = file.relative_to(built.outputs[builder]).parts
        assert not gone.intersection(parts)
        assert not re.search(r"[{}\\]", "".join(parts))


def test_restructuredtext_is_left_out(built: Built) -> None:
    [message] = built.once("articles/attacks/rest.rst")
    assert message.endswith(
        ".rst:1: WARNING: the page is left out: articles are Markdown, in files that end in .md"
        " [website.source]"
    )


def test_what_is_refused_stays_out_when_messages_are_suppressed(tmp_path: Path) -> None:
    source = tmp_path / "source"
    write_attacks(source)
    outdir, messages = build("html", source, suppress_warnings=["website"])
    assert not [message for message in messages if "[website." in message]
    for page in outdir.rglob("*.html"):
        text = page.read_text()
        assert EVIL not in text, page
        assert SECRET not in text, page


def build(
    builder: str,
    source: Path,
    read: Callable[[Sphinx, nodes.document], None] | None = None,
    folder: str = "",
    **overrides: object,
) -> tuple[Path, list[str]]:
    """Return where a builder wrote a site, and what it reported.

    ``read`` may change a tree before any gate sees it; in one ``folder`` a site is read once.
    """
    builddir = source.parent / (folder or f"build-{builder}")
    app = SphinxTestApp(builder, srcdir=source, builddir=builddir, confoverrides=overrides)
    if read:
        app.connect("doctree-read", read, priority=1)
    try:
        app.build()
        text = re.sub(r"\x1b\[[\d;]*m", "", app.warning.getvalue())
        return Path(app.outdir), text.splitlines()
    finally:
        app.cleanup()


@pytest.mark.parametrize("builder", BUILDERS)
def test_a_bibliography_leads_nowhere_else(tmp_path: Path, builder: str) -> None:
    """Its sources become links when a page is written, not when it is read."""
    source = tmp_path / "source"
    write_frame(source)
    (source / "index.md").write_text("# Home\n\n```{bibliography}\n:all:\n```\n")
    outdir, messages = build(builder, source)
    # a set: the book for readers resolves its root document several times
    [found] = {message for message in messages if "[website.link]" in message}
    # sphinxcontrib-bibtex forgets the directive's line; its section's is the nearest known
    assert f"index.md:1: WARNING: 'javascript:{EVIL}()' is no link" in found
    for page in outdir.rglob("*"):
        assert page.is_dir() or EVIL.encode() not in page.read_bytes(), page


def test_print_is_given_no_formula_that_pages_cannot_show(tmp_path: Path) -> None:
    source = tmp_path / "source"
    write_frame(source)
    (source / "index.md").write_text("# Home\n\n```{toctree}\narticles/page\n```\n")
    (source / "articles/page.md").write_text(
        f"# Page\n\nFirst\n$\\unheard {EVIL}$ and\n$a + b$.\n\n$$\n\\UnheardOf{{{EVIL}}}\n$$\n"
    )
    outdir, messages = build("latex", source)
    found = [message for message in messages if "left out of print" in message]
    assert [re.findall(r"page\.md:(\d+): ", message) for message in found] == [["4"], ["7"]]
    assert all("[website.tex]" in m and "command" in m for m in found)
    book = (outdir / "explainers.tex").read_text()
    assert EVIL not in book
    assert "a + b" in book


def test_what_fails_unexpectedly_is_told_and_the_rest_is_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No list has all that directives of others cannot stand."""
    source = tmp_path / "source"
    write_frame(source)
    text = "# Home\n\n:::{note}\nText.\n:::\n\nSome\n{abbr}`x (y)` words.\n"
    (source / "index.md").write_text(text)

    def fail(*_arguments: object) -> None:
        raise KeyError("unheard")

    monkeypatch.setattr("sphinx.directives.admonitions.SphinxAdmonition.run", fail)
    monkeypatch.setattr("sphinx.roles.Abbreviation.run", fail)
    outdir, messages = build("html", source)
    found = [message for message in messages if "[website." in message]
    assert [message.removeprefix(f"{source}/index.md:") for message in found] == [
        "3: WARNING: the directive 'note' can make nothing of this (KeyError: 'unheard')"
        " [website.directive]",
        "8: WARNING: the role 'abbr' can make nothing of this (KeyError: 'unheard') [website.role]",
    ]
    assert "words." in (outdir / "index.html").read_text()


def test_the_tree_is_searched_whatever_made_it(tmp_path: Path) -> None:
    """Were another syntax to slip through the parser, this is what it could make."""
    source = tmp_path / "source"
    write_frame(source)
    (source / "index.md").write_text("# Home\n\nWords.\n")
    made = [
        nodes.raw("", f"<b>{EVIL}</b>", format="html"),
        nodes.raw("", f"\\{EVIL}", format="latex"),
        nodes.paragraph("", "", nodes.reference("", "words", refuri=f"javascript:{EVIL}()")),
        nodes.image(uri=f"https://{EVIL}.example/x.png", alt=""),
        nodes.meta(content=f"0;url=//{EVIL}.example", **{"http-equiv": "refresh"}),
        nodes.math_block("", f"\\input{{{EVIL}}}"),
        addnodes.download_reference("", "words", reftarget="../outside/secret.txt"),
    ]

    def make(app: Sphinx, doctree: nodes.document) -> None:
        doctree[0].extend(node.deepcopy() for node in made)

    for builder in BUILDERS:
        outdir, messages = build(builder, source, make)
        found = [message.rpartition("[")[2] for message in messages if "[website." in message]
        assert found == [f"website.{kind}]" for kind in KINDS], "\n".join(messages)
        for page in outdir.rglob("*"):
            data = b"" if page.is_dir() else page.read_bytes()
            assert EVIL.encode() not in data, page
            assert SECRET.encode() not in data, page


KINDS = ("html", "html", "link", "image", "html", "tex", "file")


# What articles need, each with something that shows it in a page.
FINE = {
    "Remarks": ("""\
:::{note}
A note.
:::

:::{admonition} A title with `code`
:class: tip
Text.
:::

```{warning}
Careful.
```
""", "admonition-title"),
    "Folded": (":::{dropdown} What is it?\n:class-container: answer\n\nIt is this.\n:::\n",
               "<details"),
    "Tabs": ("""\
::::{tab-set}
:::{tab-item} One
The first.
:::
:::{tab-item} Two
:selected:
The second.
:::
::::
""", "sd-tab-label"),
    "Tables": ("""\
:::{table} A caption with $x$
:name: table-a
| a | b |
|---|--:|
| 1 | 2 |
:::

```{list-table} Rows
:header-rows: 1
:widths: 1 2

* - a
  - b
* - 1
  - 2
```

```{csv-table} Comma-separated
:header: a, b

1, 2
```
""", "Comma-separated"),
    "Pictures": ("""\
```{figure} fine.png
:alt: One grey point.
:name: figure-a
:width: 50%
:target: https://example.org/

A caption.
```

![A square](square.svg) and {numref}`figure-a`.
""", "_images/square.svg"),
    "Notes": ("A note[^1] and another[^a].\n\n[^1]: The first.\n[^a]: The other.\n", "footnote"),
    "Code": ("""\
```python
x = {"a": 1}  # {.class} and <b>bold</b> are only text here
```

```{code-block} python
:caption: With a caption
:emphasize-lines: 1
print("<script>")
```

```{literalinclude} /labs/fine.py
:language: python
:pyobject: twice
```

`{raw}` and `<b>` and `{#id}` in code. An \\<em\\> and 1 < 2 > 0 in text.
""", "twice"),
    "Formulas": ("""\
A formula $x_{1} = \\text{if } y$ and one with a name:

$$
\\begin{aligned}
a &= b \\\\
  &= \\operatorname{KL}(p \\,\\|\\, q)
\\end{aligned}
$$ (eq-fine-a)

See {eq}`eq-fine-a`, {math}`\\frac{1}{2}`.

```{math}
:label: eq-fine-b

\\sqrt{2}
```
""", "<math"),
    "Diagrams": ("""\
```{mermaid}
:alt: A leads to B.
:caption: A caption
flowchart TD
  A["Data: raw"] --> B
  click B href "https://example.org/" "there"
```
""", "<svg"),
    "Explainers": ("""\
{explainer}`other` and {explainer}`in other words <other>`, {doc}`its page <other>`,
[the same](other.md), {ref}`a section <a-section>`, [that section](#a-section).

```{explainer-cards}
:theme: fine
:layout: list
```

```{explainer-map}
```

```{explainer-path}
```
""", "explainer-cards"),
    "Sources": ("""\
Said by {footcite:t}`fine`, and elsewhere {footcite:p}`fine`.

```{footbibliography}
```
""", "Fine"),
    "Words": ("""\
{abbr}`KL (Kullback and Leibler)`, {kbd}`Ctrl+C`, H{sub}`2`O, x{sup}`2`, {dfn}`word`,
{term}`reward`, {index}`entry`, {download}`the code </labs/fine.py>`, *em*, **strong**.
A set {a, b}, a mapping {a: b}, {1} and { x = 1 }.\\
After a break, <https://example.org/a?b=1&c=2#d>, <mailto:a@example.org> and
[a link](https://example.org "its title").

Term
: Its definition.

> A quotation.

% A note to myself with <b>HTML</b>.

(a-section)=
## A section

1. One
   - Two

```{index} single: another entry
```

```{glossary}
reward
  What a model is trained for.
```

```{epigraph}
Words.
```

```{rubric} Aside
```

***

The end.
""", "<abbr"),
}  # fmt: skip


@pytest.fixture(scope="module")
def fine(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Return a site of all that articles need."""
    source = tmp_path_factory.mktemp("fine") / "source"
    write_frame(source)
    folder = source / "articles/fine"
    folder.mkdir()
    (folder / "fine.png").write_bytes(PNG)
    shutil.copy(SQUARE, folder)
    (source / "labs/fine.py").write_text("def twice(x):\n    return 2 * x\n")
    entry = "author = {Fine, F.}, title = {T}, publisher = {P}, year = 2020, url = {https://a.b/c}"
    entry += ", seen = {fulltext 2026-01-01}"
    (source / "articles/references.bib").write_text(f"@book{{fine, {entry}}}\n")
    head = HEAD.replace("Attack {name}", "All That Is {name}")
    body = "\n".join(f"## {name}\n\n{text}" for name, (text, _sign) in FINE.items())
    (folder / "everything.md").write_text(head.format(name="Fine") + body)
    plain = (
        "A description with {.class} and {one=1}, where one = 1 and <b>onload</b> = 2, as words."
    )
    other = re.sub("(?m)^description: .*", f"description: '{plain}'", head.format(name="Other"))
    (folder / "other.md").write_text(f"{other}Words.\n")
    (folder / "index.md").write_text(
        "---\ntitle: Fine\ndescription: A theme of everything that articles may use, which is what"
        " tests need.\naccent: '#334455'\n---\n\n```{toctree}\n:hidden:\n\neverything\nother\n```\n"
    )
    (source / "index.md").write_text(
        "---\nhide-toc: true\n---\n\n# Home\n\n```{toctree}\n:caption: All\n:hidden:\n\n"
        "articles/fine/index\nElsewhere <https://example.org>\n```\n"
    )
    outputs, messages = {}, {}
    for builder in BUILDERS:
        outputs[builder], messages[builder] = build(builder, source, numfig=True)
    return Built(source, outputs, messages)


def test_what_articles_need_builds_without_a_message(fine: Built) -> None:
    assert fine.messages == {builder: [] for builder in BUILDERS}


def test_what_articles_need_is_on_their_pages(fine: Built) -> None:
    page = (fine.outputs["html"] / "articles/fine/everything.html").read_text()
    for name, (_text, sign) in FINE.items():
        assert sign in page, name
    assert "A set {a, b}, a mapping {a: b}, {1} and { x = 1 }.<br />" in page
    assert 'href="https://example.org/a?b=1&amp;c=2#d"' in page
    assert 'title="A description with {.class} and {one=1}, where one = 1 and &lt;b&gt;' in page
    assert list((fine.outputs["html"] / "_downloads").rglob("fine.py"))


# The record --------------------------------------------------------------------------------------

ROWS = {
    "claim": (f"A claim with <script>{EVIL}()</script> in the middle of it.", "html"),
    "setting": (f"[words](javascript:{EVIL}) to press", "link"),
    "baseline": (f"{{{EVIL}}}`what no list has`", "role"),
    "cost": (rf"$\\input{{{EVIL}}}$ dollars", "tex"),
    "limits": (f"![words](https://{EVIL}.org/x.png) and a picture", "image"),
}


def test_a_row_of_the_record_holds_no_more_than_an_article(tmp_path: Path) -> None:
    source = tmp_path / "source"
    write_frame(source)
    folder = source / "articles/rows"
    folder.mkdir()
    lines = [f'  {key}: "{text}"' for key, (text, _) in ROWS.items()]
    lines += ["  numbers: {n: {value: 1}}", "  source: evil", "  place: page 1"]
    (folder / "x.record.yaml").write_text("\n".join(["- id: evil", *lines, ""]))
    table = ":::{record-table}\nevil\n:::\n\n```{footbibliography}\n```\n"
    (folder / "page.md").write_text(HEAD.format(name="rows") + table)
    (source / "index.md").write_text("# Home\n\n```{toctree}\narticles/rows/page\n```\n")
    bibliography = "@misc{evil,\n  author = {Eve},\n  title = {T},\n  year = 2020\n}\n"
    (source / "articles/references.bib").write_text(bibliography)
    for builder in BUILDERS:
        output, messages = build(builder, source, folder="build")
        if builder == BUILDERS[0]:
            found = [re.search(r"x\.record\.yaml:(\d+): .*\[website\.(\w+)\]", m) for m in messages]
            said = sorted((int(m[1]), m[2]) for m in found if m)
            assert said == [(n, kind) for n, (_, kind) in enumerate(ROWS.values(), 2)], messages
        for file in output.rglob("*.*ml"):
            assert EVIL not in file.read_text(encoding="utf-8").lower(), file
