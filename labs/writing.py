"""A small trained model writes with a cache: how the choice of each next character shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from labs.decoding import Array
from labs.texts import ALPHABET, Codes
from labs.tiny import Shape

Rows = NDArray[np.float32]
Rule = Callable[[Array], Array]


class Writer:
    """A model of ``labs.tiny`` with rotary positions, run in NumPy one place at a time."""

    def __init__(self, params: Mapping[str, Rows], shape: Shape, texts: int, places: int) -> None:
        """Take trained parameters, and room for ``places`` keys and values of each text."""
        self.params, self.shape, self.place = params, shape, 0
        each = shape.width // shape.heads
        size = (shape.layers, 2, texts, shape.heads, places, each)
        self.cache = np.zeros(size, dtype=np.float32)

    def read(self, codes: Codes) -> Array:
        """Return the probabilities after one more character of each text.

        Shapes: (texts,) -> (texts, V).
        """
        p = self.params
        x = p["characters"][codes]
        for layer in range(self.shape.layers):
            scales = p["scales"][layer]
            x = x + self._attention(_normalised(x, scales[0]), layer)
            inner = _gelu(_normalised(x, scales[1]) @ p["up"][layer])
            x = x + inner @ p["down"][layer]
        self.place += 1
        scores = (_normalised(x, p["last_scale"]) @ p["output"]).astype(float)
        powers = np.exp(scores - scores.max(axis=1, keepdims=True))
        return np.asarray(powers / powers.sum(axis=1, keepdims=True))

    def _attention(self, x: Rows, layer: int) -> Rows:
        """Return what one layer's attention adds; key and value of this place are kept."""
        texts, width = x.shape
        parts = (x @ self.params["attention"][layer]).reshape(texts, 3, self.shape.heads, -1)
        query, key = (_turned(part, self.place) for part in (parts[:, 0], parts[:, 1]))
        kept = self.cache[layer]
        kept[0, :, :, self.place], kept[1, :, :, self.place] = key, parts[:, 2]
        keys, values = kept[:, :, :, : self.place + 1]
        scores = np.einsum("bhe,bhne->bhn", query, keys) / parts.shape[-1] ** 0.5
        powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
        shares = powers / powers.sum(axis=-1, keepdims=True)
        mixed = np.einsum("bhn,bhne->bhe", shares, values).reshape(texts, width)
        added: Rows = mixed @ self.params["mixed"][layer]
        return added


def write(
    writer: Writer, prompts: Codes, length: int, rule: Rule, rng: np.random.Generator
) -> tuple[Codes, Array]:
    """Return texts of ``length`` characters that begin with the prompts, and all probabilities.

    ``rule`` changes the probabilities from which each next character is drawn; those returned
    are the model's own.  Shapes: (texts, n) -> (texts, length), (texts, length, V).
    """
    texts = np.zeros((len(prompts), length), dtype=np.uint8)
    texts[:, : prompts.shape[1]] = prompts
    chances = np.empty((len(prompts), length, len(ALPHABET)))
    for place in range(length):
        chances[:, place] = writer.read(texts[:, place])
        if prompts.shape[1] <= place + 1 < length:
            texts[:, place + 1] = [draw(rule(row), rng) for row in chances[:, place]]
    return texts, chances


def draw(chances: Array, rng: np.random.Generator) -> int:
    """Return one place, drawn from ``chances``."""
    place = np.searchsorted(np.cumsum(chances), rng.random() * chances.sum(), side="right")
    return int(min(place, len(chances) - 1))


def surprise(texts: Codes, chances: Array, prompt: int) -> float:
    """Return what each character after the prompt costs the model on average.  Units: bits."""
    told = np.take_along_axis(chances[:, :-1], texts[:, 1:, None].astype(int), axis=2)
    return float(-np.log2(told[:, prompt - 1 :]).mean())


def repeated(texts: Codes, prompt: int, size: int = 8) -> float:
    """Return the share of stretches of ``size`` characters that the same text had before.

    Stretches count that end after the prompt.
    """
    again = total = 0
    for text in texts:
        seen: set[bytes] = set()
        for start in range(len(text) - size + 1):
            stretch = text[start : start + size].tobytes()
            if start + size > prompt:
                total += 1
                again += stretch in seen
            seen.add(stretch)
    return again / total


def words(text: str) -> list[str]:
    """Return the words of a text, without the two that its ends may have cut."""
    return "".join(char if char.isalpha() else " " for char in text).split()[1:-1]


def unknown(texts: list[str], known: set[str]) -> float:
    """Return the share of words that are not ``known``."""
    found = [word for text in texts for word in words(text)]
    return sum(word not in known for word in found) / len(found)


def trigrams(codes: Codes) -> Array:
    """Return how likely each character is after the two before it, counted with one tenth added.

    Shapes: (n,) -> (V, V, V).
    """
    size = len(ALPHABET)
    counts = np.full((size, size, size), 0.1)
    np.add.at(counts, (codes[:-2], codes[1:-1], codes[2:]), 1)
    return np.asarray(counts / counts.sum(axis=2, keepdims=True))


def _turned(x: Rows, place: int) -> Rows:
    """Return queries or keys with each pair of features turned by the place's angle."""
    width = x.shape[-1]
    angles = (place * 10_000.0 ** (-np.arange(0, width, 2) / width)).astype(np.float32)
    first, second = x[..., : width // 2], x[..., width // 2 :]
    sine, cosine = np.sin(angles), np.cos(angles)
    return np.concatenate([first * cosine - second * sine, first * sine + second * cosine], axis=-1)


def _normalised(x: Rows, scale: Rows) -> Rows:
    """Return rows with mean square one, times ``scale``."""
    scaled: Rows = scale * x / np.sqrt((x * x).mean(axis=1, keepdims=True) + 1e-6)
    return scaled


def _gelu(x: Rows) -> Rows:
    """Return the bend of ``labs.tiny``."""
    bent: Rows = 0.5 * x * (1 + np.tanh((2 / np.pi) ** 0.5 * (x + 0.044715 * x**3)))
    return bent
