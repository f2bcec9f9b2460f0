"""MiniLM on tiny numbers; the real ones where they are at hand."""

from __future__ import annotations

import json
import struct

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from labs.minilm import (
    LAYERED,
    NAMES,
    NORMS,
    WHEEL,
    Shape,
    draw,
    embed,
    encode,
    layer,
    load,
    named,
    padded,
    pieces,
    sizes,
    tensors,
    vectors,
    words,
)
from labs.sorting import (
    Batch,
    accuracy,
    features,
    largest_changes,
    moved,
    new_head,
    probe,
    random_changes,
    scores,
    surprise,
    train,
)
from labs.wordnet import parsed

TINY = Shape(vocabulary=30, width=8, layers=2, heads=2, inner=16, rows=6)
VOCABULARY = {
    name: number
    for number, name in enumerate(
        "[PAD] [UNK] [CLS] [SEP] cafe un ##believ ##able - don ' t a ! 4 ##2".split()
    )
}
#: Published by the makers for all-MiniLM-L6-v2.  Source: Sentence Transformers, quickstart.
WEATHER = ("The weather is lovely today.", "It's so sunny outside!", "He drove to the stadium.")
SIMILAR = [[1.0, 0.6660, 0.1046], [0.6660, 1.0, 0.1411], [0.1046, 0.1411, 1.0]]


def test_words() -> None:
    assert words("Café un-DON'T!") == ["cafe", "un", "-", "don", "'", "t", "!"]


def test_pieces() -> None:
    assert pieces("unbelievable", VOCABULARY) == ["un", "##believ", "##able"]
    assert pieces("42", VOCABULARY) == ["4", "##2"]
    assert pieces("stadium", VOCABULARY) == ["[UNK]"]


def test_encode_and_padded() -> None:
    rows = [encode("A café!", VOCABULARY), encode("don't", VOCABULARY)]
    assert rows == [[2, 12, 4, 13, 3], [2, 9, 10, 11, 3]]
    ids, real = padded([rows[0], rows[1][:3]], 4)
    assert ids.tolist() == [[2, 12, 4, 13], [2, 9, 10, 0]]
    assert real.tolist() == [[True] * 4, [True, True, True, False]]


def test_sizes_are_those_of_the_package() -> None:
    assert sum(np.prod(size) for size in sizes(Shape()).values()) == 22_565_376


def test_the_format_safetensors() -> None:
    table = np.arange(6, dtype=np.float32).reshape(2, 3)
    head = {"a": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, "__metadata__": {}}
    text = json.dumps(head).encode()
    found = tensors(struct.pack("<Q", len(text)) + text + table.tobytes())
    assert list(found) == ["a"]
    np.testing.assert_array_equal(found["a"], table)


def test_names_of_bert_are_ours() -> None:
    ours = draw(TINY, 0)
    theirs = {
        "embeddings.word_embeddings.weight": ours["words"],
        "embeddings.position_embeddings.weight": ours["positions"],
        "embeddings.token_type_embeddings.weight": ours["kinds"],
        "embeddings.LayerNorm.weight": ours["first_scale"],
        "embeddings.LayerNorm.bias": ours["first_shift"],
    }
    for number in range(TINY.layers):
        for name, bert in NAMES.items():
            theirs[f"encoder.layer.{number}.{bert}.weight"] = ours[name][number].T
            theirs[f"encoder.layer.{number}.{bert}.bias"] = ours[f"{name}_bias"][number]
        for name, bert in NORMS.items():
            theirs[f"encoder.layer.{number}.{bert}.weight"] = ours[f"{name}_scale"][number]
            theirs[f"encoder.layer.{number}.{bert}.bias"] = ours[f"{name}_shift"][number]
    back = named({name: np.asarray(table) for name, table in theirs.items()}, TINY.layers)
    assert back.keys() == ours.keys()
    for name, table in ours.items():
        np.testing.assert_array_equal(back[name], table, err_msg=name)


def test_a_layer_word_by_word() -> None:
    """The same layer in NumPy, one head and one row after the other."""
    rng = np.random.default_rng(0)
    part = {
        name: rng.normal(size=size[1:]).astype(np.float32)
        for name, size in sizes(TINY).items()
        if name in LAYERED
    }
    x = rng.normal(size=(4, 8)).astype(np.float32)
    real = np.array([True, True, True, False])

    def norm(row: np.ndarray, name: str) -> np.ndarray:
        spread = np.sqrt(row.var() + 1e-12)
        found: np.ndarray = (row - row.mean()) / spread * part[f"{name}_scale"]
        return found + part[f"{name}_shift"]

    q, k, v = (x @ part[name] + part[f"{name}_bias"] for name in ("query", "key", "value"))
    read = np.zeros_like(x)
    for head in range(2):
        own = slice(4 * head, 4 * head + 4)
        for place in range(4):
            powers = np.exp(k[:3, own] @ q[place, own] / 2)
            read[place, own] = powers / powers.sum() @ v[:3, own]
    mixed = x + read @ part["mixed"] + part["mixed_bias"]
    mixed = np.array([norm(row, "attended") for row in mixed])
    up = mixed @ part["up"] + part["up_bias"]
    bent = np.array(jax.nn.gelu(up, approximate=False))
    wanted = np.array([norm(row, "fed") for row in mixed + bent @ part["down"] + part["down_bias"]])
    tables = {name: jnp.asarray(table) for name, table in part.items()}
    found = layer(jnp.asarray(x[None]), tables, jnp.asarray(real[None]), 2)[0]
    np.testing.assert_allclose(np.asarray(found), wanted, rtol=2e-4, atol=2e-5)


def test_filling_does_not_count_and_lengths_are_one() -> None:
    params = draw(TINY, 1)
    ids, real = padded([[2, 7, 9, 3]], 4)
    longer, longer_real = padded([[2, 7, 9, 3]], 6)
    short = vectors(params, jnp.asarray(ids), jnp.asarray(real), 2)
    long = vectors(params, jnp.asarray(longer), jnp.asarray(longer_real), 2)
    np.testing.assert_allclose(np.asarray(short), np.asarray(long), rtol=1e-5, atol=1e-6)
    length = np.linalg.norm(np.asarray(embed(params, jnp.asarray(ids), jnp.asarray(real), 2)))
    assert length == pytest.approx(1)


@pytest.mark.skipif(not WHEEL.exists(), reason="the package is not needed to build the site")
def test_published_similarities() -> None:
    params, vocabulary = load()
    ids, real = padded([encode(text, vocabulary) for text in WEATHER], 10)
    found = np.asarray(embed(params, jnp.asarray(ids), jnp.asarray(real)))
    np.testing.assert_allclose(found @ found.T, SIMILAR, atol=5e-5)


# --- glosses and ways to sort them


def test_a_line_of_the_dictionary() -> None:
    line = '10022111 18 n 01 dealer 0 001 @ 1 n 0000 | a seller of drugs; "he is a dealer"  \n'
    assert parsed(line) == ("person", "a seller of drugs")
    assert parsed(line.replace(" 18 n", " 03 n")) is None
    assert parsed("  1 This software and database is being provided") is None


def sentences() -> Batch:
    ids = np.random.default_rng(0).integers(1, 30, size=(24, 6)).astype(np.int32)
    return Batch(ids, np.ones((24, 6), bool), (ids[:, 0] > 15).astype(int))


def test_a_new_head_knows_nothing() -> None:
    data, params = sentences(), draw(TINY, 0) | new_head(8, 2)
    given = scores(params, jnp.asarray(data.ids), jnp.asarray(data.real), 2)
    assert float(surprise(given, jnp.asarray(data.labels))) == pytest.approx(np.log(2))


def test_probe_separates_what_can_be() -> None:
    found = np.array([[1.0, 0.0], [2.0, 0.1], [0.0, 1.0], [0.2, 2.0]], np.float32)
    labels = np.array([0, 0, 1, 1])
    assert accuracy(found, probe(found, labels, 2), labels) == 1


def test_training_moves_everything_that_is_used() -> None:
    data, body = sentences(), draw(TINY, 0)
    params = train(body, data, categories=2, heads=2, rate=1e-2, steps=10, batch=8, seed=0)
    assert 0 < moved(params, body) < 1
    assert moved(body, body) == 0
    assert accuracy(features(params, data, 2), params, data.labels) >= 0.5


def test_parts_of_the_changes() -> None:
    body = {"a": jnp.zeros(1000)}
    new = {"a": jnp.arange(1000.0), "head": jnp.ones(1)}
    kept = np.asarray(largest_changes(new, body, 0.01)["a"])
    assert (kept > 0).sum() == 10
    assert kept[-1] == 999
    left = np.asarray(random_changes(new, body, 0.1, 0)["a"])
    assert left.sum() == pytest.approx(float(new["a"].sum()), rel=0.2)
    assert largest_changes(new, body, 0.01)["head"] is new["head"]
