"""``make new``: an article that is valid from its first second, already in its theme's toctree."""

from __future__ import annotations

import argparse
import datetime
import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from string import Template

from explainers.record import (
    PLACEHOLDER,
    SLUG,
    did_you_mean,
    make_record,
    read_front_matter,
    read_tags,
)

FENCE = re.compile(r"(?P<marks>`{3,}|:{3,})\{toctree\}")
TEMPLATE = Template("""\
---
title: $title
description: ${placeholder}one plain sentence that says what the reader will understand.
date: $date
checked: $date
kind: overview              # overview, building-blocks, prerequisites or limits
level: intro                # intro, intermediate or advanced
tags: $tags
# place: attention          # the box of articles/chains.yaml that this explains
# signature: $slug.curve    # the chart of this article that its card shows, small
# prerequisites:            # what to read first, and what is needed from it
#   - {slug: primer, why: "loss, softmax"}
draft: true                 # delete this line when readers should see the article
---

% Lines that begin with a percent sign are notes to yourself: readers never see them.
% The title above is the page's heading, so sections begin at ##. Give them headings that say
% something; these say what belongs where. CONTRIBUTING.md has the rules, and every element.

% Where you are: in three sentences what it is, what goes in, what comes out and why anyone needs
% it, in words that a newcomer has.

## The whole in miniature

% One small example, every number shown, no general symbol yet; and what happens with the result.

## Step by step

% Need, device, the same example, name, symbol, code. Each device gets its reason before its name,
% each formula a line of numbers before it. A formula stands between $$$$ and $$$$.

% What the rest does not need goes into a folded block, whose title states its result:
%
% :::{deeper} Products of random vectors grow as the root of their width: the derivation
% :::

## Does it hold?

% The one experiment, read out in words, with one chart that readers can set.

## What was found

% Published results, as rows of a file $slug.record.yaml beside this one:
%
% :::{record-table}
% :layout: sentences
% the-id-of-a-row
% :::

## Where it fails, and why

% At least four failures, a heading each: mechanism, study and number, remedy, how far it goes.

## Today

% With month and year: what replaced what and by how much, what is contested, what will age.

## In practice

% A table to decide by, and a calculation that readers redo with their own numbers.

## Questions readers bring

% Five to eight, each answered here in 30 to 90 words that stand alone.

## Oversimplifications we made

## Check yourself

% Three to five questions, with folded answers.

## Sources

% Cite with {footcite:p}`key`; the keys are in articles/references.bib.

```{footbibliography}
```
""")


class Refusal(Exception):
    """Why no article was made, in one line."""


def create(root: Path, theme: str, slug: str, title: str, today: datetime.date) -> Path:
    """Write the article and its toctree entry; return the article's path.

    Raises: Refusal, with nothing written, where the result would not build clean.
    """
    articles = root / "articles"
    index = _theme_index(articles, theme)
    path = _free_path(articles, theme, slug)
    text = _article(articles, slug, " ".join(title.split()), today)
    listed = with_entry(index.read_text(encoding="utf-8"), slug)
    if listed is None:
        raise Refusal(f"{index.relative_to(root)} has no toctree to add the article to")
    path.write_text(text, encoding="utf-8")
    index.write_text(listed, encoding="utf-8")
    return path


def _theme_index(articles: Path, theme: str) -> Path:
    """Return the index page of ``theme``, which must exist already."""
    indexes = {index.parent.name: index for index in sorted(articles.glob("*/index.md"))}
    if theme not in indexes:
        raise Refusal(
            f"theme: there is no '{theme}'{did_you_mean(theme, indexes)}"
            f" (themes: {', '.join(indexes)})"
        )
    return indexes[theme]


def _free_path(articles: Path, theme: str, slug: str) -> Path:
    """Return where the article goes; its slug must be well formed and new to the whole site."""
    if not SLUG.fullmatch(slug) or slug == "index":
        raise Refusal(f"slug: '{slug}' is no slug; use a-z, 0-9 and hyphens, as in what-is-rlhf")
    taken = next(articles.glob(f"*/{slug}.md"), None)
    if taken:
        raise Refusal(f"slug: {taken.relative_to(articles.parent)} has it already")
    return articles / theme / f"{slug}.md"


def _article(articles: Path, slug: str, title: str, today: datetime.date) -> str:
    """Return the new article's text, checked as the build will check it."""
    if not title:
        raise Refusal("title: it is empty")
    for other in sorted(articles.glob("*/*.md")):
        data = read_front_matter(other.read_text(encoding="utf-8")).data
        if str(data.get("title")).casefold() == title.casefold():
            raise Refusal(f"title: {other.relative_to(articles.parent)} has it already")
    tags = list(read_tags((articles / "tags.yaml").read_text(encoding="utf-8"))[0])
    text = TEMPLATE.substitute(
        slug=slug,
        placeholder=PLACEHOLDER,
        title=json.dumps(title, ensure_ascii=False),  # JSON text is YAML text, whatever is in it
        date=today.isoformat(),
        tags=f"[{', '.join(tags[:2])}]".ljust(21) + " # two to six from articles/tags.yaml",
    )
    problems = make_record("articles/theme/slug", read_front_matter(text), "front-matter", tags)[1]
    if problems:
        raise Refusal(problems[0].message)
    return text


def with_entry(page: str, entry: str) -> str | None:
    """Return ``page`` with ``entry`` last in its last toctree, or None where it has none."""
    lines = page.splitlines()
    starts = [number for number, line in enumerate(lines) if FENCE.match(line)]
    if not starts:
        return None
    marks = lines[starts[-1]].partition("{")[0]
    end = next((n for n in range(starts[-1] + 1, len(lines)) if lines[n].strip() == marks), None)
    if end is None:
        return None
    while not lines[end - 1].strip():
        end -= 1
    # the first entry must not run into the options
    gap = [""] if re.match(r":\w", lines[end - 1]) else []
    return "\n".join([*lines[:end], *gap, entry, *lines[end:]]) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Return 0 after printing the new article's path, 2 after saying why there is none."""
    parser = argparse.ArgumentParser(prog="make new", description=__doc__)
    for name in ("theme", "slug", "title"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--root", type=Path, default=Path())
    given = parser.parse_args(arguments)
    try:
        if not (given.theme and given.slug and given.title):
            raise Refusal('say what: make new theme=alignment slug=what-is-x title="What Is X?"')
        path = create(given.root, given.theme, given.slug, given.title, datetime.date.today())
    except Refusal as refusal:
        print(f"make new: {refusal}", file=sys.stderr)
        return 2
    print(f"{path} is a draft: `make live` shows it, and the reading order is in its index.md.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
