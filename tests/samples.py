"""Texts that a tokenizer may be given: words, many scripts, emoji, marks, spaces of all kinds."""

from __future__ import annotations

import random

_TEXTS = [
    *("", " ", "  ", "\n", " \n", "\n\n a", "\t", "a\tb", " \ta", "a  b", "a   b", "x, y"),
    *("in the beginning was the word", "jesus wept", "and jesus wept", "Jesus Wept", "SING"),
    *("im anfang war das wort", "neural networks learn", "singer", "inner", "2025", "3.14159"),
    *("snake_case __init__", "don't", "o'er", "end.\n\nBegin", "a\u00a0b", "a\u2003b", "\u3000"),
    *("गाना", "हिन्दी में लिखा", "বাংলা", "தமிழ்", "ქართული ენა", "ελληνικά", "русский язык"),
    *("العربية", "עִבְרִית", "日本語のテキスト", "中文 文本", "한국어", "ไทย", "አማርኛ", "ភាសាខ្មែរ"),
    *("naïve café", "nai\u0308ve cafe\u0301", "\u0301a", "a\u0301\u0302\u0303b", "Å Å Å"),
    *("👍", "👍🏽", "👩\u200d👩\u200d👧", "🇬🇪🇩🇪", "a👍b", " 👍 ", "☺\ufe0f", "e\u20e3"),
    *("½ ² ⅷ ① ٣ ३ 〇", "ª º ʰ", "‿ ⁀ ﹍", "𝒜𝓁𝓅𝒽𝒶", "𐎠𐎡", "𓀀", "\ufeffa", "a\u200bb", "\u2028"),
    *("\x85", "\x1c\x1d\x1e\x1f", "\x0b\x0c", "\x07\x7f", "¿qué?", "«là»", "…", "--", "a--b", "?!"),
    *("⟨E2⟩ ␣ ↵", "<b>&amp;</b>", "{tokens} $1 $& \\n", "`code`", "\u180e", "ß ẞ ſ", "ﬁne ǅ"),
    *("the the the", "thethethe", "aaaaaaaaa", "ananas", "to be, or not to be: that is", "- - -"),
    "righteousness exalteth a nation: but sin is a reproach to any people.\n",
]
_LETTERS = "abehinorst  ,.:;'\n\tABE190_éßжगीा字あ👍\u0301\u200d\u00a0\u2028¼٣"


def _made() -> list[str]:
    """Return texts that nobody would think of, the same in every run."""
    chance = random.Random(7)
    return ["".join(chance.choices(_LETTERS, k=chance.randint(1, 60))) for _ in range(120)]


SAMPLES = [*_TEXTS, *_made()]
