"""The encoder-decoder that learns to say words, and what the article says of it."""

from __future__ import annotations

import json

import jax
import jax.numpy as jnp
import numpy as np

from labs import spelling as lab
from labs.phonemes import END, START, encoded
from labs.run import RESULTS

WORDS = encoded(("pot", "thorough", "bough"))
LETTERS = jnp.asarray(WORDS.letters)


def drawn() -> lab.Params:
    """Return random parameters, larger than at the start of training, so that chances differ."""
    return jax.tree.map(lambda param: 4 * param, lab.draw(0, 8))


def results(slug: str) -> dict[str, list[float]]:
    kept = json.loads((RESULTS / f"{slug}.json").read_text(encoding="utf-8"))["values"]
    return {key: entry["value"] for key, entry in kept.items()}


def test_what_fills_up_is_not_read() -> None:
    short = lab.encode(drawn(), LETTERS[:1, :3])
    assert np.allclose(short, lab.encode(drawn(), LETTERS)[0], atol=1e-6)


def test_a_beam_of_one_is_greedy() -> None:
    params = drawn()
    found = lab.search(params, LETTERS, beam=1, steps=6)
    for row in range(len(LETTERS)):
        h, last, said = lab.encode(params, LETTERS[row : row + 1]), START, []
        for _ in range(6):
            h, chances = lab.write(params, h, jnp.array([last]))
            last = int(chances.argmax())
            said.append(last)
            if last == END:
                break
        assert np.asarray(found.phonemes)[row, 0, : len(said)].tolist() == said


def test_scores_are_what_the_model_thinks_of_its_answer() -> None:
    params = drawn()
    found = lab.search(params, LETTERS, beam=3, steps=6)
    for rank in range(3):
        said = found.phonemes[:, rank]
        chances = lab.told(params, LETTERS, lab.shifted(said))
        right = jnp.take_along_axis(chances, said[..., None], axis=2)[..., 0]
        whole = (right * lab.counted(said)).sum(axis=1)
        assert np.allclose(whole, found.scores[:, rank], atol=1e-4)
    assert np.all(np.diff(np.asarray(found.scores), axis=1) <= 0)


def test_distance() -> None:
    assert lab.distance(("P", "AA", "T"), ("P", "AA", "T")) == 0
    assert lab.distance(("P", "AA", "T"), ("P", "T")) == 1
    assert lab.distance(("B", "AO", "F"), ("B", "AW")) == 2
    assert lab.distance((), ("B", "AW")) == 2


def test_every_pair_is_trained_on_once_but_for_rests() -> None:
    pairs = encoded(("pot", "top", "opt", "thorough", "thoroughbred", "formaldehyde"))
    found = lab.batches(pairs, 1, np.random.default_rng(0))
    assert len(found) == len(pairs)
    for letters, phonemes in found:
        assert letters.shape[1] in lab.LENGTHS or letters.shape[1] == pairs.letters.shape[1]
        assert phonemes[0, -1] == END


def test_what_the_article_says() -> None:
    found = results("encoder-decoder")
    assert found["phonemes_1"][-1] > 2.5 * found["phonemes_1"][0]
    assert found["told"][-1] > 2 * found["told"][0]
    gap = np.array(found["phonemes_1"]) - found["told"]
    assert gap[-1] > 3 * gap[0]
    assert found["words"][0] - found["words"][1] > found["words"][1] - found["words"][-1] > 0
    assert found["empty_wide"] == 0
    assert found["right_told_mistake"][0] < found["right_told_truth"][0] - 0.1
    steps = results("encoder-decoder-steps")
    assert steps["high_g"] > steps["high_g_told"] > 0.5
    assert steps["high_ih"] > steps["high_ay"]
    assert steps["bough_aw"] > steps["bough_ao"]
