"""What does a text cost in other languages?  For the article on the limits of tokenization.

Sphinx's own messages, translated by volunteers, are counted in three vocabularies of OpenAI's, in
bytes and in characters, each relative to the same messages in English. Then some texts that
tokenizers are said to treat oddly. Nothing is of chance.
"""

from __future__ import annotations

from collections.abc import Iterable

from labs.run import Experiment
from labs.vocabularies import SIZES, count, gini, messages

#: Locale -> language, of those with 90 translated messages or more; many of Latin letters left out.
LANGUAGES = {
    "ka": "Georgian",
    "bn": "Bengali",
    "ne": "Nepali",
    "hi": "Hindi",
    "el": "Greek",
    "uk_UA": "Ukrainian",
    "fa": "Persian",
    "sr": "Serbian",
    "ru": "Russian",
    "ko": "Korean",
    "vi": "Vietnamese",
    "ar": "Arabic",
    "ja": "Japanese",
    "zh_CN": "Chinese",
    "hu": "Hungarian",
    "cs": "Czech",
    "pl": "Polish",
    "tr": "Turkish",
    "eu": "Basque",
    "de": "German",
    "nl": "Dutch",
    "it": "Italian",
    "id": "Indonesian",
    "es": "Spanish",
    "sv": "Swedish",
    "fr": "French",
}
RECORDS = [("sing", 5), ("ring", 4), ("singer", 3), ("rings", 2), ("king", 1)]
#: Texts that tokenizers are said to treat oddly.
SAMPLES = {
    "python": "def total(rows):\n    result = 0\n    for row in rows:\n        if row:\n"
    "            result += row\n    return result\n",
    "json": "[" + ",".join(f'{{"word":"{word}","count":{n}}}' for word, n in RECORDS) + "]\n",
    "pretty": "[\n"
    + ",\n".join(f'  {{\n    "word": "{word}",\n    "count": {n}\n  }}' for word, n in RECORDS)
    + "\n]\n",
    "yaml": "".join(f"- word: {word}\n  count: {n}\n" for word, n in RECORDS),
    "csv": "word,count\n" + "".join(f"{word},{n}\n" for word, n in RECORDS),
    "magikarp": " SolidGoldMagikarp",
    "strawberry": " strawberry",
    "digits": "12345678",
    "commas": "12,345,678",
    "right": " necessary",
    "wrong": " encessary",
}


def relative(locale: str, vocabularies: tuple[str, ...]) -> dict[str, float]:
    """Return what the messages of a locale cost, relative to the same ones in English."""
    found = messages(locale)
    before, after = "\n".join(found), "\n".join(found.values())
    result = {name: _ratio(found, name) for name in vocabularies}
    result["bytes"] = len(after.encode()) / len(before.encode())
    result["characters"] = len(after) / len(before)
    result["messages"] = len(found)
    return result


def _ratio(found: dict[str, str], name: str) -> float:
    """Return tokens of the translations over those of the English."""
    after = sum(count(text, name) for text in found.values())
    return after / sum(count(text, name) for text in found)


def fertility(texts: Iterable[str], name: str) -> float:
    """Return tokens per word, words being what blanks part."""
    texts = list(texts)
    return sum(count(text, name) for text in texts) / sum(len(text.split()) for text in texts)


def run(seed: int) -> dict[str, float | list[float]]:
    """Return the costs by language, and the tokens of each sample by vocabulary."""
    rows = [relative(locale, tuple(SIZES)) for locale in LANGUAGES]
    found: dict[str, float | list[float]] = {name: [row[name] for row in rows] for name in rows[0]}
    found["gini"] = [gini([1.0, *(row[name] for row in rows)]) for name in SIZES]
    found["fertility"] = [fertility(messages(locale).values(), "o200k") for locale in LANGUAGES]
    found["fertility_english"] = fertility(messages("fr"), "o200k")
    for name, text in SAMPLES.items():
        found[f"tokens_{name}"] = [float(count(text, vocabulary)) for vocabulary in SIZES]
    return found


def check() -> dict[str, list[float]]:
    """Return a part that needs neither r50k nor a certain version of Sphinx."""
    new = ("cl100k", "o200k")
    return {name: [float(count(text, size)) for size in new] for name, text in SAMPLES.items()}


EXPERIMENT = Experiment(
    title="Tokens of the same messages in 26 languages, relative to English, in three vocabularies",
    run=run,
    check=check,
    fixed={
        "language": list(LANGUAGES.values()),
        "locale": list(LANGUAGES),
        "vocabulary": list(SIZES),
        "size": list(SIZES.values()),
    },
)
