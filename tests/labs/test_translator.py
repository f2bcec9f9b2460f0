"""The small translator: every digit that the article shows of it, and its training."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from labs import translator, translator_training
from labs.attention import attention
from labs.experiments import transformer_translator as experiment
from labs.translator import COLUMNS, DECODER, ENCODER, TABLE, WORDS, embed, normalise, translate

ROOT = Path(__file__).parents[2]
ARTICLE = (ROOT / "articles" / "transformers" / "transformer-architecture.md").read_text(
    encoding="utf-8"
)
RESULTS = json.loads(
    (ROOT / "labs" / "results" / "transformer-translator.json").read_text(encoding="utf-8")
)["values"]
SOURCE = ["dog", "bites", "man", "<end>"]
READ = ["<start>", "canis", "hominem", "mordet"]


def said(*texts: str) -> None:
    """Fail unless each text stands in the article, line breaks aside."""
    words = " ".join(ARTICLE.split())
    for text in texts:
        assert text in words, text


def two(number: float, digits: int = 2) -> str:
    """Return a number as the article prints it."""
    return f"{number:.{digits}f}".replace("-", "−")


def column(rows: np.ndarray, word: int, name: str) -> float:
    return float(rows[word, COLUMNS.index(name)])


class Walk:
    """What each box of the machine makes of the sentence, step by step."""

    def __init__(self) -> None:
        t = translator
        self.x = embed(SOURCE)
        self.heard = t.multi_head(self.x, self.x, ENCODER.heads, ENCODER.W_O)
        self.scaled = normalise(self.x + self.heard)
        self.fed = t.feed_forward(self.scaled, ENCODER)
        self.memory = normalise(self.scaled + self.fed)
        self.y = embed(READ)
        self.mask = t.no_peeking(4)
        self.stock = self.y + t.multi_head(self.y, self.y, DECODER.heads, DECODER.W_O, self.mask)
        self.told = normalise(self.stock)
        self.fetched = t.multi_head(self.told, self.memory, DECODER.cross, DECODER.W_cross)
        self.asked = self.told + self.fetched
        self.known = normalise(self.asked)
        self.looked_up = self.known + t.feed_forward(self.known, DECODER)
        self.final = normalise(self.looked_up)


WALK = Walk()


def divisor(rows: np.ndarray, word: int) -> float:
    return float(np.sqrt((rows[word] ** 2).mean()))


# --- what the machine writes


def test_the_steps_are_the_functions() -> None:
    memory = translator.encode(WALK.x, ENCODER)
    np.testing.assert_allclose(memory, WALK.memory)
    np.testing.assert_allclose(translator.decode(WALK.y, memory, DECODER), WALK.final)


def test_earlier_rows_do_not_depend_on_later_words() -> None:
    for length in (1, 2, 3):
        shorter = translator.decode(embed(READ[:length]), WALK.memory, DECODER)
        np.testing.assert_allclose(shorter, WALK.final[:length])


def test_both_sentences_come_out_right() -> None:
    assert translate(SOURCE) == ["canis", "hominem", "mordet", "<end>"]
    assert translate(["man", "bites", "dog", "<end>"]) == ["homo", "canem", "mordet", "<end>"]


def marked(word: str, after: str = "") -> str:
    return f"`{word}`{after}" if word.startswith("<") else f"*{word}*{after}"


def test_the_table_of_runs() -> None:
    chances = translator.chances(SOURCE, READ)
    across = translator.weights(WALK.told, WALK.memory, DECODER.cross[0])
    for run in range(4):
        first, second = (WORDS[place] for place in chances[run].argsort()[::-1][:2])
        best, next_best = np.sort(chances[run])[::-1][:2]
        heard = SOURCE[across[run].argmax()]
        read = " ".join(["`<start>`", *READ[1 : run + 1]])
        said(
            f"| {run + 1} | {read} | {marked(heard)} ({across[run].max():.2f}) "
            f"| {marked(first)} {best:.2f} | {marked(second)} {next_best:.2f} |"
        )


def test_a_box_that_is_silent() -> None:
    unplaced = translator.chances(SOURCE, ["<start>"], positions=False)[0]
    tied = [unplaced[WORDS.index(word)] for word in ("dog", "man", "<end>")]
    assert tied == pytest.approx([unplaced.max()] * 3)
    said(f"tie at {unplaced.max():.2f} |")
    silent = translator.without("encoder heads")
    memory = translator.encode(WALK.x, silent[0])
    scores = translator.decode(embed(["<start>"]), memory, DECODER)[0] @ TABLE.T
    assert scores[WORDS.index("dog")] == pytest.approx(scores[WORDS.index("man")])
    assert scores[WORDS.index("<end>")] == pytest.approx(scores.max())

    def writes(box: str) -> str:
        return " ".join(translate(SOURCE, *translator.without(box)))

    assert writes("encoder feed-forward") == "canis man mordet <end>"
    hint = translator.encode(WALK.x, translator.without("encoder feed-forward")[0])
    share = translator.weights(WALK.told, hint, DECODER.cross[0])[1, 2]
    said(
        f"role of {column(hint, 0, 'role'):.2f} gives *man* a share of {share:.2f} instead of 0.94"
    )
    asked = translator.multi_head(WALK.told, hint, DECODER.cross, DECODER.W_cross)
    known = normalise(WALK.told + asked)
    assert column(known, 1, "man") > 1
    assert column(known + translator.feed_forward(known, DECODER), 1, "latin") < 0
    assert writes("decoder heads") == "canis hominem mordet mordet canis hominem"
    assert set(writes("decoder cross").split()) == {"<start>"}
    assert writes("decoder feed-forward") == "dog man bites <end>"
    said(
        "| encoder, feed-forward | *canis man mordet* `<end>` |",
        "| decoder, self-attention | *canis hominem mordet mordet canis hominem* |",
        "| decoder, cross-attention | `<start>` for ever |",
        "| decoder, feed-forward | *dog man bites* `<end>` |",
    )


def test_the_bend_is_needed_and_normalising_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without max(0, ·) what was said cancels what is to be said; one layer needs no scale."""

    def straight(x: np.ndarray, layer: translator.Layer) -> np.ndarray:
        inner: np.ndarray = (x @ layer.W_1 + layer.b_1) @ layer.W_2
        return inner + layer.b_2

    with monkeypatch.context() as patch:
        patch.setattr(translator, "feed_forward", straight)
        assert translate(SOURCE) == ["dog", "man", "bites", "<end>"]
    with monkeypatch.context() as patch:
        patch.setattr(translator, "normalise", lambda x: x)
        assert translate(SOURCE) == ["canis", "hominem", "mordet", "<end>"]
    said("With one layer we could do without it")


def test_the_same_word_twice() -> None:
    assert translate(["dog", "bites", "dog", "<end>"]) == ["canis", "dog", "mordet", "<end>"]
    said("writes *canis dog mordet*", f"{128_000**2 / 1e9:.0f} billion shares")


# --- the digits of the walk


def test_the_table_that_enters() -> None:
    for word, name in enumerate(("*dog*", "*bites*", "*man*", "`<end>`")):
        numbers = " | ".join(two(round(number), 0).replace("−0", "0") for number in WALK.x[word])
        said(f"| {name}, place {word} | {numbers} |")


def test_the_right_head_asked_by_dog() -> None:
    head = ENCODER.heads[0]
    query, keys = WALK.x[0] @ head.W_Q, WALK.x @ head.W_K
    assert query.tolist() == [2, 0, 0, 0]
    shares = translator.weights(WALK.x, WALK.x, head)[0]
    for word, name in enumerate(("*dog*", "*bites*", "*man*", "`<end>`")):
        east, north = (two(round(number), 0).replace("−0", "0") for number in keys[word][:2])
        product = round(float(query @ keys[word]))
        verb = round(float((WALK.x @ head.W_V)[word, 0]))
        said(
            f"| {name} | ({east}, {north}) | {two(product, 0)} | {two(product / 2, 0)} "
            f"| {shares[word]:.2f} | {verb} |"
        )
    left = translator.weights(WALK.x, WALK.x, ENCODER.heads[1])[0]
    said(f"{shares[1]:.2f} \\cdot 1 = {shares[1]:.2f}", f"and brings {left[1]:.2f}.")
    role = column(WALK.heard, 0, "role")
    assert column(WALK.heard, 2, "role") == pytest.approx(-role)
    assert WALK.heard[[1, 3]] == pytest.approx(np.zeros((2, 8)))
    said(f"${shares[1]:.2f} - {left[1]:.2f} = {role:.2f}$, for *man* −{role:.2f}")
    # and what one head would bring
    both = (shares[1] + left[1]) / 2
    said(f"({shares[1]:.2f} + {left[1]:.2f}) ÷ 2 = {both:.2f}")
    tables = [translator.weights(WALK.x, WALK.x, head)[:, 1] for head in ENCODER.heads]
    for word, name in ((1, "*bites*"), (3, "`<end>`")):
        right, other = (table[word] for table in tables)
        said(f"| {name} | {(right + other) / 2:.2f} | {right:.2f} | {other:.2f} |")


def test_dog_in_the_encoder() -> None:
    first, second = divisor(WALK.x + WALK.heard, 0), divisor(WALK.scaled + WALK.fed, 0)
    rows = {
        "box 2, heads, added": (WALK.x + WALK.heard, ""),
        "box 3, normalised": (WALK.scaled, f"{first:.2f} "),
        "box 4, feed-forward, added": (WALK.scaled + WALK.fed, ""),
    }
    for label, (found, by) in rows.items():
        numbers = " | ".join(two(column(found, 0, name)) for name in ("dog", "role", "north"))
        said(f"| {label} | {numbers} | {by}|")
    dog, role, north = (column(WALK.memory, 0, name) for name in ("dog", "role", "north"))
    said(f"| **{dog:.2f}** | **{role:.2f}** | {north:.2f} | {second:.2f} |")
    hint, decided = column(WALK.scaled, 0, "role"), column(WALK.fed, 0, "role")
    assert decided == pytest.approx(4 * hint)
    raw = column(WALK.heard, 0, "role")
    said(f"it is {raw:.2f} ÷ {first:.2f} = {hint:.2f}.", f"{hint:.2f} and −{hint:.2f}. The bend")
    said(f"for *dog* {decided:.2f}, and for *man*", f"positive one, −{decided:.2f}.")
    assert column(WALK.fed, 2, "role") == pytest.approx(-decided)
    assert np.count_nonzero(WALK.memory[0].round(9)) == 3
    assert column(WALK.memory, 2, "role") == pytest.approx(-role)
    assert column(WALK.memory, 1, "bite") == pytest.approx(column(WALK.memory, 3, "end"))
    said(f"hold {column(WALK.memory, 1, 'bite'):.2f} and no role", f"{first:.2f}$, where 8 counts")


def test_canis_in_run_2() -> None:
    steps = [
        ("box 5, added", WALK.stock),
        (f"÷ {divisor(WALK.stock, 1):.2f}", WALK.told),
        ("box 6, added", WALK.asked),
        (f"÷ {divisor(WALK.asked, 1):.2f}", WALK.known),
        ("box 7, added", WALK.looked_up),
        (f"÷ {divisor(WALK.looked_up, 1):.2f}", WALK.final),
    ]
    lines = {line.split("|")[1].strip(): line for line in ARTICLE.splitlines() if "|" in line}
    for label, rows in steps:
        cells = [cell.strip(" *") for cell in lines[label].split("|")[2:-1]]
        for cell, number in zip(cells, rows[1], strict=True):
            assert cell == ("0" if abs(number) < 1e-9 else two(number)), label


def test_what_box_5_hears() -> None:
    shares = translator.weights(WALK.y, WALK.y, DECODER.heads[0], WALK.mask)
    assert (shares[1] @ WALK.y[:, 0]) == pytest.approx(2 * shares[1, 1])
    said(f"its shares are {shares[1, 1]:.2f} and {shares[1, 0]:.2f}")
    said(f"${shares[1, 1]:.2f}\\cdot 2 = {2 * shares[1, 1]:.2f}$ in *dog*")
    said(f"$2 - {4 * shares[1, 1]:.2f} = {column(WALK.stock, 1, 'dog'):.2f}$")
    role, latin = (column(WALK.stock, 1, name) for name in ("role", "latin"))
    said(f"$1 - 2\\cdot {shares[1, 1]:.2f} = {role:.2f}$ and *Latin* {two(latin)}.")
    assert np.triu(shares, 1).max() == 0


def test_what_box_6_asks() -> None:
    head = DECODER.cross[0]
    query, keys = WALK.told[1] @ head.W_Q, WALK.memory @ head.W_K
    shares = translator.weights(WALK.told, WALK.memory, head)[1]
    scores = query @ keys.T / 2
    east = column(WALK.told, 1, "east")
    said(
        f"its hand points {east:.2f} east",
        f"{two(query[0])} for *role* and {two(query[2])} for *end*",
    )
    assert query == pytest.approx([-3 * east, 0, -4 * east, 0])
    for word, name in enumerate(("*dog*", "*bites*", "*man*", "`<end>`")):
        cells = (
            "0" if abs(cell) < 1e-9 else two(cell)
            for cell in (keys[word, 0], keys[word, 2], scores[word])
        )
        said(f"| {name} | {' | '.join(cells)} | {shares[word]:.2f} |")
    man, role = column(WALK.fetched, 1, "man"), column(WALK.fetched, 1, "role")
    said(f"${shares[2]:.2f}\\cdot 2.17 = {man:.2f}$", f"the other the role, {two(role)}.")
    assert man == pytest.approx(shares[2] * column(WALK.memory, 2, "man"))


def test_what_box_7_writes_and_chooses() -> None:
    known, final = column(WALK.known, 1, "man"), WALK.final[1]
    added = column(WALK.looked_up - WALK.known, 1, "latin")
    assert added == pytest.approx(4 * (known - 1))
    raw = column(WALK.asked, 1, "man")
    said(f"is {raw:.2f} ÷ {divisor(WALK.asked, 1):.2f} = {known:.2f}, and adds")
    said(f"$4\\cdot({known:.2f}-1) = {added:.2f}$")
    scores = dict(zip(WORDS, final @ TABLE.T, strict=True))
    man, role, latin = (column(WALK.final, 1, name) for name in ("man", "role", "latin"))
    hominem = scores["hominem"]
    said(f"$2\\cdot {man:.2f} + {-role:.2f} + 2\\cdot {latin:.2f} = {hominem:.2f}$")
    said(f"$3\\cdot {man:.2f} = {scores['man']:.2f}$")
    chances = translator.chances(SOURCE, READ)[1]
    best, second = (chances[WORDS.index(word)] for word in ("hominem", "man"))
    said(f"makes this {best:.2f} and {second:.2f}")


def test_the_scores_of_run_1() -> None:
    scores = dict(zip(WORDS, WALK.final[0] @ TABLE.T, strict=True))
    dog, role, latin = (column(WALK.final, 0, name) for name in ("dog", "role", "latin"))
    said(f"{dog:.2f} in *dog*, {role:.2f} in *role* and {latin:.2f} in *Latin*")
    assert scores["canis"] == pytest.approx(6.88, abs=0.02)  # 6.88 from the rounded row
    assert scores["dog"] == pytest.approx(3.66, abs=0.02)
    said("2 · 1.22 + 0.94 + 2 · 1.75 = 6.88", "3 · 1.22 = 3.66")
    said(f"and gets {scores['canem']:.2f}:")


def test_three_words_shuffled() -> None:
    dog, bites, man = np.array([[2.0, 0, 0, 0], [0, 2, 0, 0], [1, 1, 1, 1]])
    scores = [float(dog @ word) / 2 for word in (dog, bites, man)]
    assert scores == [2, 0, 1]
    one, other = np.array([dog, bites, man]), np.array([man, bites, dog])
    np.testing.assert_allclose(attention(one, one, one)[0], attention(other, other, other)[2])


# --- the same shape, trained


def test_where_training_ends() -> None:
    placed, unplaced = RESULTS["bits_placed"]["value"], RESULTS["bits_unplaced"]["value"]
    assert placed[-1] < 0.02
    assert 0.25 < unplaced[-1] < 0.27
    assert RESULTS["parameters_by_hand"]["value"] == translator.count() == 1136


def test_no_row_of_the_trained_shape_sees_a_later_word() -> None:
    params, read = translator_training.draw(0), translator_training.READ
    before = translator_training.guesses(params, 1.0)
    after = translator_training.guesses(params, 1.0, read.at[:, 2].set(0))
    np.testing.assert_allclose(after[:, :2], before[:, :2])
    assert not np.allclose(after[:, 2:], before[:, 2:])


def test_without_places_the_sentences_differ_in_what_is_written_alone() -> None:
    guesses = translator_training.guesses(translator_training.draw(1), 0.0)
    np.testing.assert_allclose(guesses[0, 0], guesses[1, 0], rtol=1e-4)  # both read <start>


def test_the_hand_set_weights_fit_the_trained_shape() -> None:
    places = np.asarray(translator_training.PLACES)
    np.testing.assert_allclose(places, translator.clock(4), atol=1e-6)


def test_the_tables_of_weights_are_those_of_the_machine() -> None:
    for name, table in experiment.listening().items():
        assert np.reshape(table, (4, 4)).sum(axis=1) == pytest.approx(np.ones(4)), name
