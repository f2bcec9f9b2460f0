"""Running text: links quoted with their whole sentence."""

from __future__ import annotations

import pytest

from explainers.prose import fill_marks, mark, mark_math, marked_sentences, parts, unmarked

# Sentences that hold a link ----------------------------------------------------------------------


def title(target: str) -> str:
    return {"rlhf": "What Is RLHF? An overview", "dr": "Dr. Evil vs. A Reward"}[target]


def quoted(text: str) -> list[tuple[str, str]]:
    return [(target, fill_marks(said, title)) for target, said in marked_sentences(text)]


def test_a_link_is_quoted_with_its_sentence_only() -> None:
    text = f"One comes before. Two has {mark('rlhf', 'a link')} in it.\nThree follows."
    assert quoted(text) == [("rlhf", "Two has a link in it.")]


def test_a_paragraph_without_links_gives_nothing() -> None:
    assert quoted("One. Two.") == []
    assert quoted("") == []


def test_several_links_in_a_sentence_quote_it_for_each() -> None:
    text = f"A {mark('rlhf', 'first')} and {mark('/articles/x', 'second')}. Not this."
    assert quoted(text) == [("rlhf", "A first and second."), ("/articles/x", "A first and second.")]


def test_a_link_without_text_shows_the_title() -> None:
    assert quoted(f"Read {mark('rlhf', '')} now.") == [
        ("rlhf", "Read What Is RLHF? An overview now.")
    ]


def test_line_ends_become_spaces() -> None:
    link = mark("rlhf", "long\n link")
    assert quoted(f"Read\n  the {link}\ttoo.") == [("rlhf", "Read the long link too.")]


@pytest.mark.parametrize(
    "text", ["Is it? Yes. No!", "He said… Then", "Dr. Evil vs. A", "e.g. This"]
)
def test_a_sentence_does_not_end_inside_of_a_link(text: str) -> None:
    said = f"See {mark('rlhf', text)} for more."
    assert quoted(f"Before. {said} After.") == [("rlhf", f"See {text} for more.")]


@pytest.mark.parametrize(
    "sentence",
    [
        "Some methods, e.g. Adam and {}, do.",
        "That is, i.e. Adam and {}, does.",
        "Compare cf. Section 3 of {} here.",
        "Take PPO vs. DPO in {} today.",
        "Ouyang et al. Showed it in {} first.",
        "See Fig. 3 and Eq. 4 of {} again.",
        "Work by D. Silver on {} and more.",
        "It is 3.5 times {} and more.",
        "It uses file.Name in {} here.",
        "He asks “why?” and reads {} then.",
        'The question "Is it?" of {} here.',
        "A remark (as here.) about {} too.",
        "Wait... for {} here.",
        "Is {} right?",
        "Read {}!",
        "{} comes first.",
        "“Quoted {} here.”",
        "(In parentheses {} here.)",
        "2026 brought {} along.",
        "Élan comes with {} here.",
        "Without an end {} here",
    ],
)
def test_what_is_one_sentence_is_quoted_whole(sentence: str) -> None:
    text = sentence.format(mark("rlhf", "Links"))
    for before, after in (("", ""), ("Before it. ", " After it."), ("Is it? ", " “So it is.”")):
        said = quoted(before + text + (after if sentence[-1] in ".?!”)" else ""))
        assert said == [("rlhf", sentence.format("Links"))]


def test_a_sentence_may_begin_with_a_link() -> None:
    """A title starts one; a text in small letters may as well follow an abbreviation."""
    assert quoted(f"It ends. {mark('rlhf', '')} says more.") == [
        ("rlhf", "What Is RLHF? An overview says more.")
    ]
    assert quoted(f"It ends. {mark('rlhf', 'This')} says more.")[0][1] == "This says more."
    assert quoted(f"Many, resp. {mark('rlhf', 'most')} do.")[0][1] == "Many, resp. most do."
    assert quoted(f"Some, e.g. {mark('rlhf', '')} do.")[0][1].startswith("Some, e.g. What Is RLHF?")


def test_a_sentence_before_that_ends_in_a_link() -> None:
    text = f"It ends in {mark('dr', '')}. Then {mark('rlhf', 'this')} follows."
    assert quoted(text) == [
        ("dr", "It ends in Dr. Evil vs. A Reward."),
        ("rlhf", "Then this follows."),
    ]


def test_formulas_stay_whole_and_come_back() -> None:
    tex = r"P(a. B) \text{, e.g. } X! Y"
    text = f"So. Take {mark_math(tex)} and {mark('rlhf', 'this')}. Then {mark_math('z')}."
    ((target, sentence),) = quoted(text)
    assert target == "rlhf"
    assert list(parts(sentence)) == [("Take ", ""), ("", tex), (" and this.", "")]


def test_parts_of_a_sentence_without_formulas() -> None:
    assert list(parts("")) == []
    assert list(parts("Words.")) == [("Words.", "")]
    assert list(parts(mark_math("x") + mark_math("y"))) == [("", "x"), ("", "y")]


# What authors write is no mark --------------------------------------------------------------------

MARKS = "".join(map(chr, range(0xE000, 0xE006)))
FORGED = "\ue000rlhf\ue001\ue003 \ue004\\input{x}\ue005 \ue002"


def test_marks_are_no_characters_of_authors() -> None:
    assert unmarked(f"a{MARKS}b\ue006") == "ab\ue006"
    sentence = f"{unmarked(FORGED)} {mark(FORGED, FORGED)} {mark_math(FORGED)} {mark('dr', '')}."
    assert sentence.count("\ue004") == sentence.count("\ue005") == 1
    assert [target for target, _ in marked_sentences(sentence)] == [unmarked(FORGED), "dr"]
    filled = fill_marks(sentence, lambda target: FORGED)
    assert [tex for _, tex in parts(filled) if tex] == [" ".join(unmarked(FORGED).split())]
