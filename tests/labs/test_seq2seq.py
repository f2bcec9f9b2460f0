"""The encoder-decoder by hand: each digit that the article prints."""

from __future__ import annotations

import math

import numpy as np
import pytest

from labs import seq2seq as lab
from labs.seq2seq import BOUGH, beam_search, chances, decode, encode, rounded, surprises

POT = ("P", "AA", "T", "<end>")


def test_reading() -> None:
    state = np.zeros(3)
    seen = []
    for letter in "top":  # "pot" from its end
        state = state / 2 + lab.ROWS[letter]
        seen.append(state.tolist())
    assert seen == [[0, 0, 4], [0, 4, 2], [4, 2, 1]]
    assert encode("pot").tolist() == [4, 2, 1]
    assert encode("top").tolist() == [1, 2, 4]


def test_writing() -> None:
    state, likely, states = encode("pot"), [], []
    for sound in POT:
        states.append(state.tolist())
        assert lab.SOUNDS[chances(state).argmax()] == sound
        likely.append(round(float(chances(state).max()), 4))
        state = lab.after(state, sound)
    assert states == [[4, 2, 1], [0, 4, 2], [0, 0, 4], [0, 0, 0]]
    assert likely == [0.7573, 0.7758, 0.8533, 0.7112]
    powers = np.exp([4.0, 2, 1, 2])
    assert powers.round(3).tolist() == [54.598, 7.389, 2.718, 7.389]
    assert round(float(powers.sum()), 3) == 72.095
    assert decode(encode("pot")) == ["P", "AA", "T"]
    assert decode(encode("top")) == ["T", "AA", "P"]
    assert decode(encode("pop")) == ["P", "AA", "P"]


def test_surprises_of_the_truth() -> None:
    costs = surprises("pot", POT)
    assert [round(cost, 4) for cost in costs] == [0.4010, 0.3662, 0.2289, 0.4916]
    assert round(sum(costs), 4) == 1.4878
    assert round(sum(costs) / 4, 4) == 0.3720
    assert round(2 ** -sum(costs), 4) == 0.3566
    assert round(0.7573 * 0.7758 * 0.8533 * 0.7112, 4) == 0.3565  # from rounded digits


def test_a_long_word_loses_its_end() -> None:
    assert encode("potto").tolist() == [4, 2.25, 1.5]
    assert decode(encode("potto")) == ["P", "AA", "T", "T", "AA"]
    assert rounded(encode("potto"), 0.5).tolist() == [4, 2, 1.5]
    assert decode(rounded(encode("potto"), 0.5)) == ["P", "AA", "T", "T"]
    assert decode(rounded(encode("pot"), 0.5)) == ["P", "AA", "T"]


def test_one_wrong_sound_derails() -> None:
    state = lab.after(encode("pot"), "T")
    assert state.tolist() == [8, 4, -6] == (2 * np.array([4, 2, 1 - 4])).tolist()
    assert decode(state)[:4] == ["P", "P", "AA", "AA"]
    assert len(decode(state)) == 8  # never the end
    second = lab.after(state, "P")
    assert second.tolist() == [8, 8, -12]
    assert lab.after(second, "P").tolist() == [8, 16, -24]


def test_beam() -> None:
    for said, follow in BOUGH.items():
        assert sum(follow.values()) == pytest.approx(1.0), said
    one, two, three = (beam_search(BOUGH, width) for width in (1, 2, 3))
    assert [found[0][0] for found in one][-1] == ("B", "AO", "F", "<end>")
    assert one[-1][0][1] == pytest.approx(0.18)
    assert [said for said, _ in two[1]] == [("B", "AO"), ("B", "AW")]
    assert two[-1][0] == (("B", "AW", "<end>"), pytest.approx(0.342))
    assert three[-1][1] == (("B", "AH", "F", "<end>"), pytest.approx(0.216))


def test_shorter_is_likelier() -> None:
    """Twenty tokens at 0.8 each against an immediate end at 0.02; a mean per token turns it."""
    assert round(0.8**20, 4) == 0.0115
    assert round(math.log2(0.8), 2) == -0.32
    assert round(20 * math.log2(0.8), 2) == -6.44
    assert round(math.log2(0.02), 2) == -5.64


def test_a_gentler_correction_of_length() -> None:
    """Google's rule with the exponent of the transformer of 2017."""
    divisor = ((5 + 20) / 6) ** 0.6
    assert round(divisor, 2) == 2.35
    assert round(20 * math.log2(0.8) / divisor, 2) == -2.73
    assert ((5 + 1) / 6) ** 0.6 == 1


def test_backwards_moves_no_mean() -> None:
    for m in (3, 10, 35):
        apart = [(m + i) - (m + 1 - i) for i in range(1, m + 1)]
        assert apart == [2 * i - 1 for i in range(1, m + 1)]
        assert sum(apart) / m == m


def test_a_published_size_is_what_is_left_without_28_decoder_layers() -> None:
    """Whisper large-v3-turbo: its card says 809 million, that of large 1550, both rounded."""
    one = lab.layer(1280, writes=True)
    assert round(one / 1e6, 1) == 26.2
    assert round(28 * one / 1e6) == 734
    assert 1550 - 734 == 816
    assert pytest.approx(809, rel=0.01) == 816
    assert lab.layer(512, writes=False) == 12 * 512**2


def test_waiting() -> None:
    assert [round(ms) for ms in lab.milliseconds(9, 2, 1000, 50)] == [36, 60]
    assert [round(ms) for ms in lab.milliseconds(9, 9, 1000, 50)] == [36, 269]
    assert [round(ms) for ms in lab.milliseconds(2, 2, 1000, 50)] == [8, 60]
    sums = [sum(lab.milliseconds(*sizes, 1000, 50)) for sizes in ((9, 9), (9, 2), (2, 2))]
    assert [round(ms) for ms in sums] == [305, 96, 68]
    shared = [sum(lab.milliseconds(*s, 1000, 50, together=32)) for s in ((9, 9), (9, 2), (2, 2))]
    assert [round(ms) for ms in shared] == [45, 38, 10]
    assert lab.tokens_read(turns=10, each=500) == (27_500, 5_000)


def test_scores_of_a_pair_and_of_a_single_stack() -> None:
    made = lab.scores(1000, 50)
    assert made == {"encoder": 1_000_000, "own": 1_275, "across": 50_000, "single": 551_775}
    pair = 12 * (made["encoder"] + made["own"] + made["across"])
    assert round(pair / 1e6, 1) == 12.6
    assert round(24 * made["single"] / 1e6, 1) == 13.2


def test_checked_answers() -> None:
    assert encode("opt").tolist() == [2, 4, 1]
    assert decode(encode("opt")) == ["AA", "P", "T"]
    read, write = lab.milliseconds(4, 1, 2000, 100)
    assert (round(read), round(write)) == (32, 60)
    read, write = lab.milliseconds(4, 4, 2000, 100)
    assert (round(read), round(write)) == (32, 239)
