"""The pictures shown beside links."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from website import share_card

SVG = "{http://www.w3.org/2000/svg}"


def texts(svg: str) -> list[tuple[str, float, float]]:
    """Return text, size and place of every line that is not empty."""
    root = ET.fromstring(svg)  # noqa: S314 - drawn by us
    found = [
        (e.text or "", float(e.get("font-size")), float(e.get("y")))
        for e in root.iter(f"{SVG}text")
    ]
    return [line for line in found if line[0]]


def card(title: str = "A title", text: str = "A sentence.") -> share_card.Card:
    return share_card.Card(title, "Theme", "Site", "advanced · 9 min read", "#7a4fbf", text)


def draw(title: str = "A title", text: str = "A sentence.") -> str:
    return share_card.draw(card(title, text))


@pytest.mark.parametrize(
    "title",
    [
        "A",
        "Attention",
        "What Is RLHF and How Human Preferences Train Large Language Models to Follow Instructions",
        "wide " * 32,
        "W" * 30,
        "Ж" * 8 + " " + "漢字" * 6,
        "变换器如何把一句话变成许多向量，以及为什么注意力要除以维数的平方根" * 2,
        "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
    ],
)
def test_title_fits_whatever_it_is(title) -> None:
    size, lines = share_card.fit(title)
    assert "".join("".join(lines).split()) == "".join(title.split())
    assert all(share_card.width(line, size) <= 1200 - 2 * 84 for line in lines)
    last = max(y for _text, _size, y in texts(draw(title)) if y < 560)
    assert last < 510


def test_a_line_ends_inside_of_a_word_only_where_it_must() -> None:
    assert share_card.fit("Wahrscheinlichkeitsverteilungen") == (
        66,
        ["Wahrscheinlichkeitsverteilungen"],
    )
    assert share_card.fit("Three Words Here")[1] == ["Three Words Here"]
    _size, lines = share_card.fit("为什么要除以根号，不能省略，" * 3)
    assert not any(line.startswith("，") for line in lines)


def test_a_long_sentence_without_spaces_stays_on_the_card() -> None:
    shown = texts(draw("题目", "变换器如何把一句话变成许多向量。" * 5))
    assert all(share_card.width(text, size) <= 1200 - 2 * 84 for text, size, _y in shown)


def test_short_titles_are_large() -> None:
    short, long = share_card.fit("Attention")[0], share_card.fit("Attention " * 16)[0]
    assert short > long >= 42


def test_sentence_is_shown_where_there_is_room() -> None:
    sentence = "How comparisons between answers become a score, and the score behaviour. " * 2
    beside_short, beside_long = texts(draw("Short", sentence)), texts(draw("Word " * 32, sentence))
    assert sentence.strip() in " ".join(text for text, _, _ in beside_short)
    assert "comparisons" not in " ".join(text for text, _, _ in beside_long)


def test_texts_are_escaped() -> None:
    assert "<i>a & b</i>" in [text for text, _, _ in texts(draw("<i>a & b</i>"))]


def test_card_says_where_it_belongs() -> None:
    shown = [text for text, _, _ in texts(draw())]
    assert {"A title", "Theme", "Site", "advanced · 9 min read"} <= {*shown}
    assert "#7a4fbf" in draw()


def test_name_follows_content() -> None:
    one, other = share_card.path(card("One"), "x"), share_card.path(card("Other"), "x")
    assert one != other
    assert one == share_card.path(card("One"), "x")
    assert one.startswith("_images/cards/x.")
    assert one.endswith(".png")


def test_only_what_is_missing_is_drawn(tmp_path) -> None:
    one, other = card("One"), card("Other")
    share_card.write(tmp_path, {share_card.path(one): one})
    (first,) = (tmp_path / share_card.FOLDER).iterdir()
    drawn_at = first.stat().st_mtime_ns
    share_card.write(tmp_path, {share_card.path(c): c for c in (one, other)})
    assert len([*first.parent.iterdir()]) == 2
    assert first.stat().st_mtime_ns == drawn_at
    share_card.write(tmp_path, {share_card.path(other): other})
    assert not first.exists()


def test_drawing_is_deterministic(tmp_path) -> None:
    shown = card()
    for folder in ("a", "b"):
        share_card.write(tmp_path / folder, {share_card.path(shown): shown})
    a, b = ((tmp_path / folder / share_card.path(shown)).read_bytes() for folder in ("a", "b"))
    assert a == b


PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" width="9" height="9"><g/></svg>'
)


@pytest.mark.parametrize("title", ["A", "wide " * 32, "Ж" * 8 + " " + "漢字" * 6])
def test_beside_a_picture_the_title_fits(title: str) -> None:
    drawn = share_card.draw(card(title)._replace(picture=PICTURE))
    inner = ET.fromstring(drawn).find(f"{SVG}svg")  # noqa: S314 - drawn by us
    assert inner is not None
    assert inner.get("viewBox") == "0 0 9 9"
    left = float(inner.get("x", 0))
    lines = [(text, size) for text, size, y in texts(drawn) if 130 < y < 560]
    assert lines
    assert all(84 + share_card.width(line, int(size)) < left - 40 for line, size in lines)


def test_another_picture_is_another_card() -> None:
    assert share_card.path(card()) != share_card.path(card()._replace(picture=PICTURE))
