"""Guessing the next word: what it costs, what lowers the cost, and what training costs in all."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence

#: Four stories, the raw text of the article on pre-training; a word is a token, and so is a stop.
STORIES = (
    "ann has a cat . ben has a dog . ann feeds her cat .",
    "ben has a cat . ann has a dog . ann feeds her dog .",
    "ann has a dog . ben has a cat . ben feeds his cat .",
    "ben has a dog . ann has a cat . ben feeds his dog .",
)
#: A story that is not among them.
NEW = "ann has a dog . ben has a cat . ann feeds her dog ."

Guesser = Callable[[Sequence[str]], dict[str, float]]


def by_frequency(before: Sequence[str]) -> dict[str, float]:
    """Return how often each word stands in the stories, whatever stands before."""
    del before
    counts = Counter(" ".join(STORIES).split())
    return {word: count / counts.total() for word, count in counts.items()}


def by_last_word(before: Sequence[str]) -> dict[str, float]:
    """Return how often each word has followed the last one within a story."""
    counts = Counter(
        after
        for story in STORIES
        for word, after in zip(story.split(), story.split()[1:], strict=False)
        if word == before[-1]
    )
    return {word: count / counts.total() for word, count in counts.items()}


def by_story(before: Sequence[str]) -> dict[str, float]:
    """Return what a reader expects who knows how stories go: pronouns, pets, the third sentence."""
    place = len(before) % 15
    if place == 11:
        return {"feeds": 1.0}
    if place == 12:
        return {"her" if before[-2] == "ann" else "his": 1.0}
    if place == 13:
        owner = before[-3]
        return {before[before.index(owner) + 3]: 1.0}
    return by_last_word(before)


def surprises(guesser: Guesser, story: str, start: int) -> list[float]:
    """Return what each word from place ``start`` on costs.  Units: bits."""
    words = story.split()
    return [-math.log2(guesser(words[:place])[words[place]]) for place in range(start, len(words))]


def perplexity(nats: float) -> float:
    """Return among how many equally likely tokens a model with this loss seems to waver."""
    return math.exp(nats)


def bits_per_byte(nats: float, tokens: float, byte_count: float) -> float:
    """Return a loss per token as bits per byte of its text.

    Units: nats per token -> bits per byte.
    """
    return nats / math.log(2) * tokens / byte_count


def training_flop(parameters: float, tokens: float) -> float:
    """Return the operations of a training run: two forwards and four backwards a parameter.

    Units: parameters that work on a token, training tokens -> FLOP.
    Source: Kaplan et al. 2020, section 2.1; attention to the context is left out.
    """
    return 6 * parameters * tokens


def gpu_hours(flop: float, flop_per_second: float) -> float:
    """Return how long one processor would take at the speed that it really reaches.

    Units: FLOP, FLOP/s -> hours.
    """
    return flop / flop_per_second / 3600


def masked(words: Sequence[str], hidden: Sequence[int]) -> tuple[list[str], dict[int, str]]:
    """Return a text with some words hidden, and what must be guessed at which place."""
    shown = ["[MASK]" if place in hidden else word for place, word in enumerate(words)]
    return shown, {place: words[place] for place in hidden}


def spans_cut(
    words: Sequence[str], spans: Sequence[tuple[int, int]]
) -> tuple[list[str], list[str]]:
    """Return a text with stretches cut out, and the answer that names each gap and fills it.

    A span is (first place, place after the last); spans are in order and do not touch.
    Source: Raffel et al. 2020, section 3.1.4.
    """
    shown, answer, done = [], [], 0
    for number, (first, end) in enumerate(spans):
        gap = f"<{chr(ord('X') + number)}>"
        shown += [*words[done:first], gap]
        answer += [gap, *words[first:end]]
        done = end
    return [*shown, *words[done:]], answer
