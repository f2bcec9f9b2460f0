"""What the networks of a training run take in memory, counted and not measured."""

from __future__ import annotations


def training_gigabytes(billions: float, trained: int, frozen: int) -> float:
    """Return the memory of a run's networks, all of one size, without activations.

    A trained parameter takes 16 bytes: 2 for the weight, 2 for its gradient, 12 for an exact copy
    and Adam's two averages. A frozen one takes 2.
    Units: billions of parameters -> gigabytes of 10^9 bytes.
    """
    return billions * (16 * trained + 2 * frozen)
