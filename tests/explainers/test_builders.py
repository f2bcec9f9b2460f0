"""The same knowledge in every output: each Sphinx builder, serial and parallel, no warning."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from html import unescape
from pathlib import Path

import jsonschema
import pytest

BUILDERS = "html dirhtml singlehtml latex epub text man texinfo gettext xml".split()
BOOK = {"version": "1", "copyright": "2026, us"}  # what the EPUB builder asks for


def _text(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


@pytest.mark.parametrize("builder", BUILDERS)
def test_every_builder_runs_without_a_warning(project, builder) -> None:
    assert project.build(builder, **BOOK) == ""


@pytest.mark.parametrize("builder", ["html", "latex", "text"])
def test_parallel_and_serial_builds_give_the_same_tree(project, builder) -> None:
    twin = project.clean_twin()
    assert project.build(builder, parallel=2) == ""
    assert twin.build(builder) == ""
    ours, theirs = (
        {
            file.relative_to(p.out(builder=builder)): file.read_bytes()
            for file in p.out(builder=builder).rglob("*")
            if file.is_file()
        }
        for p in (project, twin)
    )
    assert ours == theirs


def test_html_has_cards_paths_relations_and_terms(project) -> None:
    project.build()
    one, three = project.page("articles/alpha/one.html"), project.page("articles/beta/three.html")
    assert "<h1>One &amp; *Only* Gradient" in one
    assert _text(three).count("Before you read") == 1
    assert "Everything before it: 2 to read, 2 min" in _text(three)
    assert "Two Learning Rates (1 min) – what a gradient is" in _text(one)
    assert 'href="../beta/three.html"><span class="doc">Three Valleys</span>' in one
    assert "Mentioned in" in _text(three)
    assert "See Three Valleys for more." in _text(three)
    assert "Read Three Valleys and this one too." in _text(three)
    home = project.page("index.html")
    assert home.count('<li class="explainer-card ') == 3
    assert re.search(
        r'<h3 class="theme-alpha rubric"><a [^>]*href="articles/alpha/index.html"', home
    )
    assert 'title="Why a landscape of losses' in one  # the tip of the {explainer} link


def test_only_a_map_is_drawn_and_only_where_mermaid_is_at_hand(project) -> None:
    project.build()
    assert "flowchart" not in project.page("articles/index.html")
    assert "Three Valleys" in project.page("articles/index.html")
    extensions = ["myst_parser", "explainers", "terms", "sphinxcontrib.mermaid"]
    assert project.build(extensions=extensions, html_use_index=False) == ""
    listing, home = project.page("articles/index.html"), project.page("index.html")
    titles = dict(re.findall(r'^ +(\w+)\["([^"]+)"\]$', unescape(listing), re.MULTILINE))
    edges = re.findall(r"^ +(\w+) --> (\w+)$", unescape(listing), re.MULTILINE)
    assert [(titles[first], titles[then]) for first, then in edges] == [
        ("One", "Two Learning Rates"), ("Two Learning Rates", "Three Valleys"),
    ]  # fmt: skip
    three = next(name for name, title in titles.items() if title == "Three Valleys")
    assert unescape(listing).count(f'click {three} href "beta/three.html"') == 1
    assert "flowchart" not in home


def test_a_map_has_an_outline(project) -> None:
    project.edit("articles/beta/three.md", "[two]", "[one, two]")
    assert project.build() == ""
    outline = project.page("articles/index.html").partition("explainer-cards-line")[2]
    rows = re.findall(r'(?s)<li class="explainer-card ?([^"]*)">(.*?)</li>', outline)
    texts = [(depth, re.sub(r"<[^>]+>", "", row).strip()) for depth, row in rows]
    assert [(depth, text.partition(" (")[0]) for depth, text in texts] == [
        ("", "One"), ("depth-1", "Two Learning Rates"), ("depth-2", "Three Valleys"),
    ]  # fmt: skip
    assert texts[2][1].endswith("– also builds on One")


def test_a_map_is_drawn_whatever_articles_are_called(project) -> None:
    drawing = pytest.importorskip("figures.mermaid_svg")
    if not drawing.available():
        pytest.skip("merman has no wheel for this machine")
    slugs = ["end", "style-guide", "graph-x", "click", "subgraph", "default", "o-x", "1"]
    title = '`%s` "ends" [x] #quot; $$x$$ \\ <br>&lt;%%%%{init: {}}%%%%'
    three = (project.src / "articles/beta/three.md").read_text(encoding="utf-8")
    for slug in slugs:
        own = three.replace("Three Valleys", f"'{title % slug}'").replace("[two]", "[three]")
        (project.src / f"articles/beta/{slug}.md").write_text(own, encoding="utf-8")
    project.edit("articles/beta/index.md", "three\n```", "\n".join(["three", *slugs, "```"]))
    extensions = ["myst_parser", "explainers", "terms", "sphinxcontrib.mermaid"]
    assert project.build(extensions=extensions, html_use_index=False) == ""
    page = project.page("articles/index.html")
    (code,) = re.findall(r'<pre [^>]*class="mermaid">(.*?)</pre>', page, re.DOTALL)
    drawn = drawing.draw(unescape(code).strip(), "d")
    labels = {"".join(text.itertext()).replace(" ", "") for text in drawn.root.iter("text")}
    for slug in slugs:
        assert f"‘{slug}‘“ends”[x]＃quot;＄＄x＄＄＼＜br>＆lt;％％{{init:{{}}}}％％" in labels


def test_a_term_is_linked_once_in_prose_and_nowhere_else(project) -> None:
    project.build()
    three = project.page("articles/beta/three.html")
    link = r'<a class="explainer-term reference internal" href="([^"]+)"><span class="doc">([^<]+)'
    # `gradient` is at home in the same article as `slope`, and is the same term by another name;
    # `learning rate` is at home in `two`, over a line break
    assert re.findall(link, three) == [
        ("../alpha/one.html", "Slopes"),
        ("../alpha/two.html", "learning\nrate"),
    ]
    assert '<span class="pre">gradient</span></code> in code' in three
    two = project.page("articles/alpha/two.html")
    assert "explainer-term" not in two  # the author links `one` there already


def test_terms_can_be_kept_from_linking(project) -> None:
    project.edit("articles/beta/three.md", "level:", "unlinked: [learning rate]\nlevel:")
    project.edit("articles/beta/three.md", "Slopes everywhere", "{unlinked}`Slopes` everywhere")
    project.build()
    three = project.page("articles/beta/three.html")
    assert re.findall(r'explainer-term[^>]*><span class="doc">([^<]+)', three) == ["gradients"]
    project.edit("articles/beta/three.md", "unlinked: [learning rate]", "unlinked: true")
    project.build()
    assert "explainer-term" not in project.page("articles/beta/three.html")


def test_latex_lists_explainers_with_links_and_page_numbers(project) -> None:
    assert project.build("latex", latex_show_pagerefs=True) == ""
    tex = next(project.out(builder="latex").glob("*.tex")).read_text(encoding="utf-8")
    label = r"\detokenize{articles/beta/three::doc}"
    link = rf"{{\hyperref[{label}]{{\sphinxcrossref{{\DUrole{{doc}}{{Three Valleys}}}}}}}}"
    entry = rf"{link} (\autopageref*{{{label}}})"
    assert tex.count(entry) == 6  # home, listing, theme, map; related to one; needed after two
    assert "Related explainers" in tex
    assert "<li" not in tex


def test_single_page_outputs_keep_each_article_its_own(project) -> None:
    """They resolve all documents as one, under the root's name."""
    project.build("singlehtml")
    page = _text(project.page("index.html", "singlehtml"))
    assert page.count("Before you read") == 2
    assert page.count("Explainers that build on this") == 2
    assert page.count("Read Three Valleys and this one too.") == 3  # said once, quoted twice


def test_a_document_outside_the_book_degrades_to_text(project) -> None:
    project.build("latex", latex_documents=[("articles/alpha/index", "a.tex", "A", "us", "manual")])
    tex = project.out("a.tex", "latex").read_text(encoding="utf-8")
    assert "Three Valleys" in tex
    assert "articles/beta/three" not in tex


def test_the_search_index_holds_each_title_once(project) -> None:
    """What the extension repeats on other pages must not be found there."""
    project.build()
    text = project.out("searchindex.js").read_text(encoding="utf-8").strip()
    index = json.loads(text.removeprefix("Search.setIndex(").removesuffix(")"))
    docs = index["docnames"]
    for word in ("plateau", "crawl", "jump"):  # only in descriptions
        assert word not in index["terms"]
    assert docs[index["titleterms"]["valley"]] == "articles/beta/three"
    assert "relat" not in index["titleterms"]


def test_the_data_file_follows_its_schema(project) -> None:
    import explainers

    schema = json.loads(Path(explainers.__file__).with_name("explainers.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    for builder, url in (("html", "articles/beta/three.html"), ("dirhtml", "articles/beta/three/")):
        project.build(builder)
        data = json.loads(project.page("explainers.json", builder))
        jsonschema.Draft202012Validator(schema).validate(data)
        three = data["explainers"][2]
        assert three["url"] == url
        assert three["path"] == ["one", "two"]
        assert three["prerequisites"] == ["two"]
        assert {(b["slug"], b["sentence"]) for b in three["backlinks"]} == {
            ("one", "See Three Valleys for more."),
            ("two", "Read Three Valleys and this one too."),
        }
        assert [edge["kind"] for edge in three["related"]] == ["prerequisite", "computed"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(schema).validate({"version": 1, "explainers": [{}]})


def test_a_thumbnail_is_shown_and_copied(project) -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
    (project.src / "articles/alpha/dot.svg").write_text(svg)
    fields = "thumbnail: dot.svg\nthumbnail_alt: A dot.\nlevel:"
    project.edit("articles/alpha/one.md", "level:", fields)
    assert project.build() == ""
    assert re.search(r'<img alt="A dot." src="_images/dot.svg"', project.page("index.html"))
    assert project.out("_images/dot.svg").read_text() == svg
    assert project.build("text") == ""


def test_one_line_in_another_project_is_enough(tmp_path, rootdir) -> None:
    """Nothing of this site: the default theme, no list of tags, no theme pages, no options."""
    source = rootdir / "test-elsewhere"
    conf = (source / "conf.py").read_text(encoding="utf-8")
    assert conf.strip() == 'extensions = ["myst_parser", "explainers"]'
    command = [sys.executable, *"-m sphinx -q -n -W -b html".split(), str(source), str(tmp_path)]
    path = {"PYTHONPATH": str(Path(__file__).parents[2] / "_ext")}
    run = subprocess.run(command, env=path, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")
    assert "Related explainers" in (tmp_path / "articles/notes/first.html").read_text()
    assert (tmp_path / "_static/explainers.css").exists()
    assert json.loads((tmp_path / "explainers.json").read_text())["version"] == 1


@pytest.mark.parametrize("builder", ["singlehtml", "latex"])
def test_a_term_stands_on_its_own_words_where_an_article_brings_other_pages(start, builder) -> None:
    """All pages are one there, and those of an article's toctree come before its own words."""
    project = start("test-incremental")
    page = project.src / "articles/beta/more/page.md"
    page.parent.mkdir()
    page.write_text("# More\n\nOf a valley.\n\nAnd no gradient.\n\nNothing else.\n")
    toctree = (
        "\n\n## More\n\n```{toctree}\nmore/page\n```\n\n## Last\n\nIn each valley a gradient.\n"
    )
    project.edit("articles/beta/three.md", " by its gradient.", f".{toctree}")
    project.build(builder)
    if builder == "singlehtml":
        text = project.page("index.html", builder).partition('id="three-valleys"')[2]
        terms = re.findall(r'explainer-term[^>]*><span class="doc">([^<]*)<', text)
        assert terms == ["gradient"]
        assert "In each valley a <a " in text
    else:
        text = project.page("copy.tex", builder)
        entry = r"\index{%s@\spxentry{%s}%s}"
        assert f"In each {entry % ('valley', 'valley', '|spxpagem')}valley a " in text
        assert r"\sphinxcrossref{\DUrole{doc}{gradient}}" in text
        assert "\nOf a valley.\n" in text
