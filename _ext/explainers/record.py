"""One page's front matter: read with line numbers, checked against its schema, kept as a record.

Knows no Sphinx. A mistake becomes a :class:`Problem` with its line; what is right is kept.
"""

from __future__ import annotations

import difflib
import functools
import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, fields
from numbers import Number
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from .text import UNSHOWN, cleaned, faults, named

PLACEHOLDER = "In place of this, "  # so begins a description that is still to be written
KINDS = ("overview", "building-blocks", "prerequisites", "limits")
LEVELS = ("intro", "intermediate", "advanced")
# Where one of these is broken, the value can be used all the same.
_MILD = ("minLength", "maxLength", "minItems", "maxItems", "uniqueItems")
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_A_TAG = "must be a list of tags, each with a slug (a-z, 0-9 and hyphens) and a name"
# What to do about what PyYAML says.
_REMEDIES = {
    "mapping values are not allowed here": "put a value with a colon in it in quotes",
    "'\\t' that cannot start any token": "indent with blanks, not with tabs",
    "that cannot start any token": "put a value that begins with it in quotes",
    "expected <block end>, but found '<scalar>'": "put the whole value in quotes",
    "could not find expected ':'": "write a key, a colon, a blank and the value",
}
KeyPath = tuple[str | int, ...]


class Problem(NamedTuple):
    """A contributor's mistake: warning subtype, one clear sentence, 1-based line in the file."""

    subtype: str
    message: str
    line: int


class PageRef(NamedTuple):
    """A slug or former address that a page names: why, and on which line."""

    slug: str
    why: str
    line: int


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The YAML block: its values, the line of every key path, its length in lines, its faults."""

    data: dict[str, Any] = field(default_factory=dict)
    lines: dict[KeyPath, int] = field(default_factory=dict)
    length: int = 0
    problems: tuple[Problem, ...] = ()

    def line(self, *path: str | int) -> int:
        """Return the line of the deepest known part of ``path``, or 1."""
        parts = (path[:n] for n in range(len(path), -1, -1))
        return next((self.lines[part] for part in parts if part in self.lines), 1)


@dataclass(frozen=True, slots=True)
class Record:
    """What the front matter of an article, or of a theme's page, says; empty where it says nothing.

    ``repr`` has just what other pages may show of it: a page is written again when it changes.
    """

    docname: str
    title: str
    short_title: str = ""
    description: str = ""
    kind: str = ""
    level: str = ""
    thumbnail: str = ""
    thumbnail_alt: str = ""
    draft: bool = False
    date: str = field(default="", repr=False)
    checked: str = field(default="", repr=False)
    accent: str = field(default="", repr=False)
    place: str = field(default="", repr=False)
    signature: str = field(default="", repr=False)
    authors: tuple[str, ...] = field(default=(), repr=False)
    tags: tuple[str, ...] = field(default=(), repr=False)
    prerequisites: tuple[PageRef, ...] = field(default=(), repr=False)
    related: tuple[PageRef, ...] = field(default=(), repr=False)
    formerly: tuple[PageRef, ...] = field(default=(), repr=False)
    orphan: bool = field(default=False, repr=False)
    unlinked: bool | tuple[str, ...] = field(default=False, repr=False)
    lines: dict[str, int] = field(default_factory=dict, repr=False)

    @property
    def slug(self) -> str:
        """The file's name."""
        return self.docname.rpartition("/")[2]

    @property
    def theme(self) -> str:
        """The folder's name."""
        return self.docname.split("/")[-2]


class Loader(yaml.SafeLoader):
    """YAML without aliases (a short file could then become a huge one); dates stay text.

    A block (`|`, `>`) ends in a line break that nobody means.
    """

    yaml_implicit_resolvers = {  # noqa: RUF012 - the name and shape are PyYAML's
        first: [pair for pair in pairs if pair[0] != "tag:yaml.org,2002:timestamp"]
        for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.composer.ComposerError(None, None, "aliases are not supported", mark)
        return super().compose_node(parent, index)

    def construct_scalar(self, node: Any) -> Any:
        value = super().construct_scalar(node)
        return value.rstrip("\n") if node.style in ("|", ">") else value


def load_yaml(
    text: str, before: int = 0, loader_type: type[Loader] = Loader
) -> tuple[Any, dict[KeyPath, int], list[Problem]]:
    """Return the value of YAML ``text``, the line of each key path, and what is wrong.

    ``before`` is the number of lines that precede the text in its file.
    """
    lines: dict[KeyPath, int] = {}
    text = re.sub("[\x85\u2028\u2029]", " ", text)  # no line ends to editors
    found = [Problem("character", message, line + before) for line, message in faults(text)]
    text = cleaned(text)

    def walk(node: Any, path: KeyPath) -> None:
        pairs: Any = node.value if isinstance(node, yaml.MappingNode) else ()
        # By an escape such as "\\0": what stands in the text itself is replaced before.
        if isinstance(node, yaml.ScalarNode) and (match := UNSHOWN.search(node.value)):
            problem = f"a character no page can show, {named(match[0])}"
            raise yaml.MarkedYAMLError(problem=problem, problem_mark=node.start_mark)
        if isinstance(node, yaml.SequenceNode):
            pairs = ((item, item) for item in node.value)
        for index, (key, value) in enumerate(pairs):
            step = index if key is value else str(loader.construct_object(key, deep=True))
            line = key.start_mark.line + 1 + before
            whole = (*path, step)
            if whole in lines:
                found.append(Problem("key", f"the key '{step}' stands twice", line))
                for below in [known for known in lines if known[: len(whole)] == whole]:
                    del lines[below]  # the last one counts, and what it holds does not stand twice
            lines[whole] = line
            walk(value, whole)

    try:
        loader = loader_type(text)
        node = loader.get_single_node()
        walk(node, ())
        return loader.construct_document(node) if node else None, lines, found
    except Exception as error:  # PyYAML lets LookupError and others through: `!!int ""`
        mark, position = getattr(error, "problem_mark", None), getattr(error, "position", 0)
        reason = getattr(error, "problem", None) or str(error).partition("\n")[0]
        remedy = next((f"; {what}" for said, what in _REMEDIES.items() if said in reason), "")
        message = f"not readable as YAML: {reason}{remedy}"
        line = min(mark.line, text.rstrip().count("\n")) if mark else text.count("\n", 0, position)
        return None, {}, [*found, Problem("yaml", message, line + 1 + before)]


def read_front_matter(text: str) -> FrontMatter:
    """Return the YAML block that opens ``text``; an empty one where there is none."""
    rows = text.removeprefix("\ufeff").split("\n")
    if rows[0].rstrip() != "---":
        return FrontMatter()
    end = next((i for i, row in enumerate(rows) if i and row.rstrip() in ("---", "...")), 0)
    if not end:
        message = "the front matter is not closed: a line of three hyphens must end it"
        return FrontMatter(length=1, problems=(Problem("yaml", message, 1),))
    data, lines, found = load_yaml("\n".join(rows[1:end]), before=1)
    if not isinstance(data, dict):
        data = {}
        found = found or [Problem("yaml", "the front matter must be lines of 'key: value'", 2)]
    data = {str(key): value for key, value in data.items()}
    return FrontMatter(data, lines, end + 1, tuple(found))


@functools.cache
def validator(name: str, folder: Path = Path(__file__).parent, *, strict: bool = True) -> Any:
    """Return what checks data against the JSON Schema ``name``, which is its ``schema``.

    Unless ``strict``, other programs may have keys of their own in the same front matter, and the
    title may be the page's heading.
    """
    from jsonschema import Draft202012Validator, FormatChecker  # costly: only when a page is read

    schema = json.loads((folder / f"{name}.schema.json").read_text(encoding="utf-8"))
    if not strict:
        schema["additionalProperties"] = True
        schema["required"].remove("title")
    return Draft202012Validator(schema, format_checker=FormatChecker(["date"]))


def did_you_mean(word: str, known: Collection[str]) -> str:
    """Return ``"; did you mean 'x'?"`` for the closest known word, or nothing."""
    close = difflib.get_close_matches(word, sorted(known), n=1)
    return f"; did you mean '{close[0]}'?" if close else ""


def asks(front: FrontMatter) -> bool:
    """Return whether a page asks to be an explainer, or a theme's page: by its key ``kind``."""
    return "kind" in front.data


def make_record(
    docname: str,
    front: FrontMatter,
    name: str,
    tags: Collection[str] | None = None,
    *,
    strict: bool = True,
    latest: str = "",
) -> tuple[Record, list[Problem]]:
    """Return the record of a page and every mistake in its front matter, by line.

    ``name`` is the schema, ``tags`` the known tags, ``latest`` the last day that may be named, if
    any is the last. A value that cannot be used is left out.
    """
    found, data, check = list(front.problems), dict(front.data), validator(name, strict=strict)
    properties = check.schema["properties"]
    if not front.length:
        needed = ", ".join(check.schema["required"])
        found.append(Problem("missing", f"no front matter; the page needs at least {needed}", 1))
    elif not any(problem.subtype == "yaml" for problem in found):
        for error in check.iter_errors(data):
            found += explain(front, error, properties)
            key, *rest = error.absolute_path or [""]
            if rest:  # one entry of a list
                data[key] = [None if i == rest[0] else v for i, v in enumerate(data[key])]
            elif error.validator not in _MILD:
                data.pop(key, None)
    entries = {key: [(item, front.line(key, index)) for index, item in enumerate(values)
                     if item is not None and item not in values[:index]]
               for key, values in data.items()
               if isinstance(values, list) and key in properties}  # fmt: skip
    for tag, line in entries.get("tags", ()) if tags is not None else ():
        if tag not in (tags or ()):
            message = f"tags: '{tag}' is not in tags.yaml{did_you_mean(tag, tags or ())}"
            found.append(Problem("tag", message, line))
    values: dict[str, Any] = {key: tuple(v for v, _ in pairs) for key, pairs in entries.items()}
    values["tags"] = tuple(tag for tag in values.get("tags", ()) if tags is None or tag in tags)
    for key in ("prerequisites", "related", "formerly"):
        values[key] = tuple(_need(item, line) for item, line in entries.get(key, ()))
    names = {field.name for field in fields(Record)} & properties.keys()
    values = {key: value for key, value in (data | values).items() if key in names}
    values.setdefault("title", docname.removesuffix("/index").rpartition("/")[2].replace("-", " "))
    lines = {str(path[0]): line for path, line in front.lines.items() if len(path) == 1}
    record = Record(docname=docname, lines=lines, **values)
    found += _doubtful(record, latest)
    return record, sorted(dict.fromkeys(found), key=lambda problem: problem.line)


def _doubtful(record: Record, latest: str) -> Iterator[Problem]:
    """Yield what a record says in the right form, and cannot mean."""
    for key in ("date", "checked"):
        if latest and getattr(record, key) > latest:
            message = f"{key}: {getattr(record, key)} is still to come"
            yield Problem("value", message, record.lines[key])
    if record.date and record.checked and record.checked < record.date:
        message = f"checked: {record.checked} is before the day of first publication, {record.date}"
        yield Problem("value", message, record.lines["checked"])
    if record.description.startswith(PLACEHOLDER) and not record.draft:
        message = "description: is still what a new article begins with"
        yield Problem("value", message, record.lines["description"])


def _need(item: Any, line: int) -> PageRef:
    entry = item if isinstance(item, dict) else {"slug": item}
    return PageRef(entry["slug"], entry.get("why", ""), line)


def explain(front: FrontMatter, error: Any, properties: dict[str, Any]) -> Iterator[Problem]:
    """Yield what one schema error means to the author of the file."""
    path, value = error.absolute_path, error.instance
    rule, limit = error.validator, error.validator_value
    line, key = front.line(*path), ".".join(part for part in path if isinstance(part, str))
    wanted = properties.get(key, error.schema).get("description", "")
    known = error.schema.get("properties", {})
    if rule == "additionalProperties":
        for name in sorted(set(map(str, value)) - set(known)):
            message = f"unknown key '{name}'{did_you_mean(name, known)}"
            yield Problem("key", message, front.line(*path, name))
    elif rule == "required":
        missing = [name for name in limit if name not in value]
        message = f"these keys are missing: {', '.join(missing)}"
        if len(missing) == 1:
            message = f"the key '{missing[0]}' is missing: {known[missing[0]]['description']}"
        yield Problem("missing", message, line)  # the same for each of them
    elif rule == "dependentRequired":
        for name, needs in limit.items():
            for need in (need for need in needs if name in value and need not in value):
                yield Problem("missing", f"'{name}' needs '{need}' beside it", front.line(name))
    elif rule == "uniqueItems":
        again = next((i for i, item in enumerate(value) if item in value[:i]), 0)
        yield Problem("value", f"{key}: an entry stands twice", front.line(key, again))
    elif rule in _MILD:
        unit = "characters" if rule.endswith("Length") else "entries"
        yield Problem("length", f"{key}: has {len(value)} {unit}; expected {wanted}", line)
    else:
        subtype = "type" if rule in ("type", "anyOf") else "value"
        shown = json.dumps(value, ensure_ascii=False, default=str, skipkeys=True)
        hint = did_you_mean(str(value), limit) if rule == "enum" else _unquoted(error)
        yield Problem(subtype, f"{key}: is {shown}; expected {wanted}{hint}", line)


def _unquoted(error: Any) -> str:
    """Return what to do about a value that ``error`` wants to be a text, and YAML reads as none."""
    wishes = [error, *error.context]  # of one schema, or of several alternatives
    texts = [e for e in wishes if e.validator == "type" and e.validator_value == "string"]
    is_day = any("format" in wish.schema for wish in texts)  # a number in quotes is none
    return in_quotes(error.instance) if texts and not is_day else ""


def in_quotes(value: Any) -> str:
    """Return what makes a text of what YAML reads as a number, or as true or false."""
    if isinstance(value, bool):
        return "; YAML reads yes, no, on, off, true and false so: put the word in quotes"
    return "; YAML reads it as a number: put it in quotes" if isinstance(value, Number) else ""


@functools.lru_cache(maxsize=4)  # every article of a build asks for the same text
def read_tags(text: str) -> tuple[dict[str, str], list[Problem]]:
    """Return the names of the tags by slug, and what is wrong with the list."""
    rows, lines, found = load_yaml(text)
    names: dict[str, str] = {}
    wrong = [] if isinstance(rows, list) and rows else [Problem("tags", _A_TAG, 1)]
    for number, row in enumerate(rows if isinstance(rows, list) else ()):
        slug, name = (row.get(key) if isinstance(row, dict) else None for key in ("slug", "name"))
        if not all(isinstance(value, str) and value.strip() for value in (slug, name)):
            hint = in_quotes(slug) or in_quotes(name)
            wrong.append(Problem("tags", f"{_A_TAG}{hint}", lines[(number,)]))
        elif not SLUG.fullmatch(str(slug)):
            wrong.append(Problem("tags", _A_TAG, lines[(number,)]))
        elif slug in names:
            wrong.append(Problem("tags", f"the tag '{slug}' stands twice", lines[(number,)]))
        else:
            names[str(slug)] = str(name)
    return names, found or wrong
