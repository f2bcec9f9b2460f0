"""One colour for each theme, from its page's front matter to a style sheet."""

from __future__ import annotations

from pathlib import Path

from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.environment import BuildEnvironment

from explainers.domain import domain_of
from incremental.files import write_file

NAME = "accents.css"


def style_sheet(accents: dict[str, str]) -> str:
    """Return the rules that give each theme its accent, lighter on a dark page.

    The classes are those of cards, rows and article heads; ``accents`` maps a theme's slug to
    #rrggbb.
    """
    dark = "color-mix(in oklab, {} 62%, white)"
    rules = ["/* Made from the themes' front matter. */"]
    for slug, accent in sorted(accents.items()):
        here = f"body .theme-{slug}, body:has(.page-theme-{slug})"
        soft = dark.format(accent)
        night = here.replace("body", "body[data-theme=dark]")
        auto = night.replace("[data-theme=dark]", ":not([data-theme=light])")
        rules.append(f"{here} {{ --accent: {accent}; }}")
        rules.append(f"@media screen {{ {night} {{ --accent: {soft}; }} }}")
        media = "@media screen and (prefers-color-scheme: dark)"
        rules.append(f"{media} {{ {auto} {{ --accent: {soft}; }} }}")
    return "\n".join(rules) + "\n"


def on_write_started(app: Sphinx, builder: Builder) -> None:
    """Write the style sheet, unless it says so already; before pages, which name its checksum."""
    if not isinstance(builder, StandaloneHTMLBuilder):
        return
    write_file(Path(builder.outdir, "_static", NAME), _made(app.env))


def on_shown(app: Sphinx, env: BuildEnvironment) -> dict[str, str]:
    """Return the style sheet for every page, as all of them name its checksum."""
    return dict.fromkeys(env.found_docs, _made(env))


def _made(env: BuildEnvironment) -> str:
    """Return the style sheet of this project."""
    themes = domain_of(env).library.themes
    return style_sheet({slug: theme.accent for slug, theme in themes.items() if theme.accent})
