"""``{result}`` and ``{results-table}``: numbers of our own experiments, never typed by hand.

A page depends on the results files that it prints, so editing one reads exactly its pages
again. Warnings are of type ``figures.result``: an unknown file, key or format at the place that
names it, a broken file once, at its own line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole

from evidence.numbers import NAME, KnownFault, NumberError, printed
from figures.results import BrokenFile, Results, load, parse, path_of, table

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

logger = logging.getLogger(__name__)

_PLACEHOLDER = re.compile(rf"\{{({NAME.pattern}:[^{{}}]+)\}}")


def folder_of(env: BuildEnvironment) -> Path:
    """Return where results are kept."""
    return Path(env.srcdir, env.config.figures_results)


def results_of(env: BuildEnvironment, name: str) -> Results:
    """Return the results ``name``, on which the page being read depends from now on.

    Raises: NumberError.
    """
    folder = folder_of(env)
    # Also where there is no such file yet: once there is, the page is read again.
    env.note_dependency(path_of(folder, name))
    return load(folder, name)


def in_words(env: BuildEnvironment, reference: str) -> str:
    """Return what ``file:key|format`` stands for.

    Raises: NumberError.
    """
    name, key, how = parse(reference)
    found = results_of(env, name)[key]
    try:
        return printed(found, how)
    except NumberError as error:
        raise NumberError(f"'{key}': {error}") from error


def filled(env: BuildEnvironment, text: str, location: Any) -> str:
    """Return ``text`` with every ``{file:key|format}`` replaced, reporting those that cannot be.

    What is in the record is printed from there: ``{id:name|format}``.
    """
    domains: Any = env.domains
    record = domains.get("evidence")  # a project may have none

    def fill(match: re.Match[str]) -> str:
        try:
            if record is not None and record.has(match[1]):
                return str(record.number(match[1]))
            return in_words(env, match[1])
        except NumberError as error:
            report(error, location)
            return match[1]

    return _PLACEHOLDER.sub(fill, text)


def report(error: NumberError, location: Any) -> None:
    """Report ``error``, unless its file is broken: that is said once for all of its pages."""
    if not isinstance(error, KnownFault):
        warn(str(error), location)


def warn(message: str, location: Any) -> None:
    """Report ``message`` as ``figures.result``."""
    logger.warning("%s", message, location=location, type="figures", subtype="result")


class ResultRole(SphinxRole):
    """The role: plain text, so it can stand wherever words can."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        try:
            text = in_words(self.env, self.text)
        except NumberError as error:
            report(error, self.get_location())
            text = self.text
        return [nodes.Text(text)], []


class ResultsTable(SphinxDirective):
    """The directive: each line of its content is a column, ``key | header | format``."""

    required_arguments = 1
    has_content = True
    option_spec = {  # noqa: RUF012  docutils' name
        "caption": directives.unchanged_required,
        "class": directives.class_option,
        "name": directives.unchanged,
    }

    def run(self) -> list[nodes.Node]:
        try:
            columns = [self._column(line) for line in self.content if line.strip()]
            if not columns:
                raise NumberError("a table needs columns: write lines of `key | header | format`")
            keys, headers, formats = zip(*columns, strict=True)
            if not NAME.fullmatch(self.arguments[0]):
                raise NumberError(f"'{self.arguments[0]}' is no name of results")
            rows = table(results_of(self.env, self.arguments[0]), keys, formats)
        except NumberError as error:
            report(error, self.get_location())
            return []
        return [self._table(headers, rows)]

    def _column(self, line: str) -> tuple[str, str, str]:
        """Return key, header and format of a column."""
        key, _, rest = line.partition("|")
        header, _, how = rest.rpartition("|") if "|" in rest else (rest, "", "")
        return key.strip(), header.strip() or key.strip(), how.strip()

    def _table(self, headers: tuple[str, ...], rows: list[list[str]]) -> nodes.table:
        """Return the rows as a table as any other."""
        # Numbers stand under each other at the right, words at the left.
        sides = [
            ["text-right" if re.match(r"[\d+\N{MINUS SIGN}]", cell) else "text-left"]
            for cell in rows[0]
        ]
        whole = nodes.table(classes=["colwidths-auto", *self.options.get("class", [])])
        if caption := self.options.get("caption"):
            whole += nodes.title(caption, "", *self.parse_inline(caption)[0])
        group = nodes.tgroup(cols=len(headers))
        widths = [max(map(len, column)) for column in zip(headers, *rows, strict=True)]
        group += [nodes.colspec(colwidth=width) for width in widths]
        head, body = nodes.thead(), nodes.tbody()
        head += _row([self.parse_inline(header)[0] for header in headers], sides)
        body += [_row([[nodes.Text(cell)] for cell in row], sides) for row in rows]
        group += [head, body]
        whole += group
        self.set_source_info(whole)
        self.add_name(whole)
        return whole


def _row(cells: list[list[nodes.Node]], sides: list[list[str]]) -> nodes.row:
    """Return one row of a table."""
    row = nodes.row()
    for cell, side in zip(cells, sides, strict=True):
        row += nodes.entry("", nodes.paragraph("", "", *cell), classes=list(side))
    return row


def on_before_read(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Remember which pages this run reads."""
    app.figures_read = frozenset(docnames)  # type: ignore[attr-defined]


def on_env_updated(app: Sphinx, env: BuildEnvironment) -> None:
    """Report broken files, once each."""
    broken: dict[Path, BrokenFile] = {}
    for docname in sorted(pages_read(app)):
        for path in _files(env, docname):
            if path.parent == folder_of(env) and path not in broken:
                try:
                    load(path.parent, path.stem)
                except BrokenFile as error:
                    broken[path] = error
                except NumberError:  # no such file: said where it is named
                    continue
    for path, fault in broken.items():
        warn(str(fault), f"{path}:{fault.line}")


def pages_read(app: Sphinx) -> frozenset[str]:
    """Return the names of the pages that this run has read."""
    return getattr(app, "figures_read", frozenset())


def _files(env: BuildEnvironment, docname: str) -> Iterator[Path]:
    """Yield the results and charts' code that a page depends on."""
    ours = {folder_of(env), Path(env.srcdir, env.config.figures_charts)}
    for name in sorted(env.dependencies.get(docname, ())):
        path = Path(env.srcdir, name)
        if path.parent in ours:
            yield path


def setup(app: Sphinx) -> None:
    """Register role and directive."""
    app.add_config_value("figures_results", "labs/results", "env", types=(str,))
    app.add_role("result", ResultRole())
    app.add_directive("results-table", ResultsTable)
    app.connect("env-before-read-docs", on_before_read)
    app.connect("env-updated", on_env_updated)
