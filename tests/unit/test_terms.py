"""Glossary terms, found in running text as a reader would."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest

from terms import Concept, Hit, find_concepts


def concepts(*entries: str) -> list[Concept]:
    """Return concepts from lines such as ``gradient / slope -> one``."""
    made = []
    for number, entry in enumerate(entries, 1):
        terms, _, home = entry.partition(" -> ")
        made.append(Concept(tuple(terms.split(" / ")), home or f"home-{number}"))
    return made


def found(text: str | list[str], *entries: str, limit: int = 99, **skip: list[str]) -> list[str]:
    """Return the characters that become links, each with the home it leads to."""
    texts = [text] if isinstance(text, str) else text
    hits = find_concepts(texts, concepts(*entries), limit=limit, **skip)  # type: ignore[arg-type]
    assert hits == sorted(hits)
    return [f"{texts[hit.text][hit.start : hit.end]} -> {hit.slug}" for hit in hits]


# Glossary terms ----------------------------------------------------------------------------------


def test_a_hit_says_where_and_what() -> None:
    hits = find_concepts(["None.", "The slope, here."], concepts("slope -> one"), limit=1)
    assert hits == [Hit(text=1, start=4, end=9, slug="one")]


@pytest.mark.parametrize(
    "text, term, expected",
    [
        ("A gradient points.", "gradient", "gradient"),
        ("Gradient at the start", "gradient", "Gradient"),
        ("GRADIENT", "gradient", "GRADIENT"),
        ("some gradients", "gradient", "gradients"),
        ("the gradient's length", "gradient", "gradient"),
        ("losses fall", "loss", "losses"),
        ("two biases", "bias", "biases"),
        ("learning rates", "learning rate", "learning rates"),
        ("the learning\nrate", "learning rate", "learning\nrate"),
        ("the learning \t\n  rates", "learning rate", "learning \t\n  rates"),
        ("(gradient)", "gradient", "gradient"),
        ("gradient-based", "gradient", "gradient"),
        # no part of a word
        ("gradiently", "gradient", None),
        ("supergradient", "gradient", None),
        ("gradient_norm", "gradient", None),
        ("the learning rated", "learning rate", None),
        ("learning, rate", "learning rate", None),
        ("learningrate", "learning rate", None),
        ("the gradiens", "gradient", None),
        # acronyms and names in capitals keep their case
        ("PPO and", "PPO", "PPO"),
        ("two PPOs", "PPO", "PPOs"),
        ("ppo", "PPO", None),
        ("Ppo", "PPO", None),
        ("the KL divergence", "KL divergence", "KL divergence"),
        ("kl Divergence", "KL divergence", "kl Divergence"),
        ("GPT-4 is", "GPT-4", "GPT-4"),
        ("gpt-4 is", "GPT-4", None),
        # signs inside of terms are themselves
        ("C++ code", "C++", "C++"),
        ("a k-nearest neighbour", "k-nearest neighbour", "k-nearest neighbour"),
        ("axb", "a.b", None),
        ("a.b", "a.b", "a.b"),
        # any script
        ("die größe", "Größe", "größe"),
        ("ÉPOQUE", "époque", "ÉPOQUE"),
        ("ε-greedy", "ε-greedy", "ε-greedy"),
        ("градиенты", "градиент", None),
        ("Градиент", "градиент", "Градиент"),
        ("die 🦊 Größe🦊", "Größe", "Größe"),
        ("注意力 機構", "注意力", "注意力"),
    ],
)
def test_one_mention(text: str, term: str, expected: str | None) -> None:
    assert found(text, f"{term} -> x") == ([f"{expected} -> x"] if expected else [])


def test_the_first_mention_in_all_the_texts_and_no_other() -> None:
    texts = ["Nothing.", "A slope, a slope.", "slope"]
    assert find_concepts(texts, concepts("slope -> one"), limit=9) == [Hit(1, 2, 7, "one")]


def test_synonyms_are_one_concept() -> None:
    assert found("The slope is a gradient.", "gradient / slope -> one") == ["slope -> one"]


def test_two_concepts_may_have_one_home() -> None:
    text = "A policy and its reward."
    assert found(text, "policy -> rl", "reward -> rl") == ["policy -> rl", "reward -> rl"]


def test_the_longest_term_wins_whatever_the_order() -> None:
    entries = ["reward -> r", "reward model -> rm", "model -> m", "reward model score -> rms"]
    expected = ["reward model score -> rms", "reward model -> rm", "model -> m", "reward -> r"]
    text = "reward model score, reward model, model, reward"
    assert found(text, *entries) == found(text, *reversed(entries)) == expected


def test_a_longer_term_hides_a_shorter_one_even_when_it_is_linked_already() -> None:
    text = "The reward model. Another reward model, then a reward."
    assert found(text, "reward model -> rm", "reward -> r") == ["reward model -> rm", "reward -> r"]
    assert found(text, "reward model -> rm", "reward -> r") != found(text, "reward -> r")


def test_of_terms_that_overlap_the_earlier_wins() -> None:
    entries = ["reward model -> a", "model collapse -> b"]
    assert found("reward model collapse", *entries) == ["reward model -> a"]
    assert found("reward model collapse, model collapse", *entries) == [
        "reward model -> a",
        "model collapse -> b",
    ]


def test_one_term_in_two_entries_is_linked_once() -> None:
    assert found("policy", "policy -> a", "policy -> b") == ["policy -> a"]


def test_terms_stop_at_the_end_of_a_text() -> None:
    assert found(["the learning", "rate"], "learning rate -> x") == []


@pytest.mark.parametrize("limit", range(5))
def test_the_limit_is_on_links_in_text_order(limit: int) -> None:
    entries = ["d -> 4", "c -> 3", "b -> 2", "a -> 1"]
    every = ["a -> 1", "b -> 2", "c -> 3", "d -> 4"]
    assert found(["a b a", "c d"], *entries, limit=limit) == every[:limit]


def test_a_first_mention_beyond_the_limit_is_not_made_up_for() -> None:
    assert found("a b a b", "a -> 1", "b -> 2", limit=1) == ["a -> 1"]


def test_homes_and_terms_can_be_skipped() -> None:
    entries = ["gradient / slope -> one", "loss -> two"]
    text = "gradient, slope, loss"
    assert found(text, *entries) == ["gradient -> one", "loss -> two"]
    assert found(text, *entries, skip_homes=["one"]) == ["loss -> two"]
    assert found(text, *entries, skip_terms=["LOSS"]) == ["gradient -> one"]
    assert found("PPO", "PPO -> one", skip_terms=["ppo"]) == []
    # a synonym stands for its entry
    assert found(text, *entries, skip_terms=["Slope"]) == ["loss -> two"]
    assert found(text, *entries, skip_homes=["one", "two"]) == []


def test_nothing_to_find() -> None:
    assert found([], "a -> 1") == []
    assert found("", "a -> 1") == []
    assert found("text") == []
    assert found("… !", "… -> 1", "! -> 2") == []


def test_whatever_the_text_hits_are_whole_words_in_order_and_once() -> None:
    rng = random.Random(5)
    words = ["reward", "model", "models", "PPO", "loss", "losses", "learning", "rate", "the", "and"]
    terms = ["reward", "reward model", "model", "PPO", "loss", "learning rate", "rate / the rate"]
    for _ in range(200):
        entries = rng.sample(terms, rng.randint(1, len(terms)))
        texts = [
            "".join(
                word + rng.choice([" ", "\n", ", ", "-", "_"]) for word in rng.choices(words, k=12)
            )
            for _ in range(3)
        ]
        limit = rng.randint(0, 4)
        hits = find_concepts(texts, concepts(*entries), limit=limit)
        assert len(hits) <= limit
        assert len({hit.slug for hit in hits}) == len(hits)
        assert hits == sorted(hits)
        for before, after in pairwise(hits):
            assert before.text < after.text or before.end <= after.start
        for hit in hits:
            around = texts[hit.text][max(0, hit.start - 1) : hit.end + 1]
            assert not (hit.start and (around[0].isalnum() or around[0] == "_"))
            assert around[-1] in " \n,-"
