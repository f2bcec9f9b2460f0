"""A run that is stopped and goes on."""

from __future__ import annotations

import pytest

from labs import checkpoints as lab
from labs.texts import encoded
from labs.tiny import Shape

SHAPE = Shape(vocabulary=35, width=8, heads=2, layers=1)
TEXT = lab.order(encoded("in the beginning was the word, " * 80), 16, seed=0)


def run(state: lab.State, steps: int) -> lab.State:
    for _ in range(steps):
        state = lab.stepped(state, TEXT, SHAPE, batch=4, steps=8, rate=3e-3)
    return state


def test_saved_and_loaded_is_the_same_run() -> None:
    half = run(lab.begun(SHAPE, seed=0), 4)
    straight = run(half, 4)
    assert lab.equal(run(lab.loaded(lab.saved(half)), 4), straight)
    assert (straight.step, straight.position) == (8, 32)


@pytest.mark.parametrize("what", ["averages", "step", "position", "digits", "everything"])
def test_what_is_forgotten_changes_the_run(what: str) -> None:
    half = run(lab.begun(SHAPE, seed=0), 4)
    assert not lab.equal(run(lab.forgetful(half, what), 4), run(half, 4))


def test_a_step_leaves_the_state_before_it_alone() -> None:
    start = lab.begun(SHAPE, seed=0)
    before = lab.saved(start)
    run(start, 1)
    assert lab.saved(start) == before
