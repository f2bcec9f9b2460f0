"""A training run that can be stopped and goes on as if it had not been."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace

import jax
import jax.numpy as jnp
import numpy as np

from labs.texts import Codes
from labs.tiny import Params, Shape, _step, draw


@dataclass(frozen=True, slots=True)
class State:
    """All that decides the next step.

    ``mean`` and ``square`` are Adam's running averages of slopes and squared slopes; ``step``
    sets the learning rate; ``position`` is how many windows of the shuffled text were read.
    """

    params: Params
    mean: Params
    square: Params
    step: int
    position: int


def begun(shape: Shape, seed: int) -> State:
    """Return the state before the first step."""
    params = draw(shape, seed)
    nothing = jax.tree.map(jnp.zeros_like, params)
    return State(params, nothing, jax.tree.map(jnp.zeros_like, params), step=0, position=0)


def order(codes: Codes, length: int, seed: int) -> Codes:
    """Return the text cut into windows of ``length`` + 1, shuffled once.

    Shapes: (n,) -> (windows, length + 1).
    """
    count = len(codes) // (length + 1)
    whole = codes[: count * (length + 1)].reshape(count, length + 1)
    shuffled: Codes = np.random.default_rng(seed).permutation(whole)
    return shuffled


def stepped(
    state: State, text: Codes, shape: Shape, *, batch: int, steps: int, rate: float
) -> State:
    """Return the state one training step later; ``steps`` is how long the whole run shall be."""
    start = state.position % (len(text) - batch + 1)
    codes = jnp.asarray(text[start : start + batch])
    # The step may overwrite what it is given, and a state must stay as it is.
    params, mean, square = jax.tree.map(jnp.copy, (state.params, state.mean, state.square))
    step = jnp.float32(state.step)
    params, (mean, square) = _step(params, (mean, square), codes, step, shape, steps, rate)
    return State(params, mean, square, state.step + 1, state.position + batch)


def saved(state: State) -> bytes:
    """Return the state as the bytes of a file."""
    file = io.BytesIO()
    parts = {"params": state.params, "mean": state.mean, "square": state.square}
    tables = {
        f"{part}.{name}": np.asarray(x) for part, all_ in parts.items() for name, x in all_.items()
    }
    np.savez(file, step=state.step, position=state.position, **tables)  # type: ignore[arg-type]
    return file.getvalue()


def loaded(content: bytes) -> State:
    """Return the state that ``saved`` wrote."""
    parts: dict[str, Params] = {"params": {}, "mean": {}, "square": {}}
    with np.load(io.BytesIO(content)) as file:
        for key in file.files:
            part, _, name = key.partition(".")
            if name:
                parts[part][name] = jnp.asarray(file[key])
        return State(**parts, step=int(file["step"]), position=int(file["position"]))


def equal(one: State, other: State) -> bool:
    """Return whether two states agree in every bit."""
    return saved(one) == saved(other)


def forgetful(state: State, what: str) -> State:
    """Return the state as a careless checkpoint would bring it back.

    ``what`` is forgotten: averages, step, position, digits (parameters are rounded to 16 bits)
    or all but the parameters (everything).
    """
    nothing = jax.tree.map(jnp.zeros_like, state.params)
    if what in {"averages", "everything"}:
        state = replace(state, mean=nothing, square=jax.tree.map(jnp.copy, nothing))
    if what in {"step", "everything"}:
        state = replace(state, step=0)
    if what in {"position", "everything"}:
        state = replace(state, position=0)
    if what == "digits":
        rounded = jax.tree.map(lambda x: x.astype(jnp.bfloat16).astype(x.dtype), state.params)
        state = replace(state, params=rounded)
    return state
