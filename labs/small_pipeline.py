"""The whole pipeline on six pages and a model of one number, which two workers train."""

from __future__ import annotations

from dataclasses import dataclass

MENU = "home news contact"
PAGES = {
    "A": "she rowed to the bank of the river",
    "B": "she rowed to the bank of the lake",
    "C": "she rowed to the bank of the river",
    "D": "buy now buy now buy now",
    "E": "the bank lends money to those who have it",
    "F": "rivers carry sand down to the sea",
}
#: Pairs of words of A and B, by number: A has 1 to 7, B has 1 to 6 and 8.
PAIRS = (
    "she rowed",
    "rowed to",
    "to the",
    "the bank",
    "bank of",
    "of the",
    "the river",
    "the lake",
)
#: Hash function i turns number n into (factor * n + shift) modulo 11.
FACTORS, SHIFTS, MODULUS = (3, 6, 2, 5), (1, 1, 4, 3), 11
#: What is read, round and round: the words of E, F and A.
LENGTHS = (9, 7, 8)
RATE, MEMORY = 0.1, 0.5


def hashes(numbers: set[int]) -> list[int]:
    """Return for each of the four hash functions the smallest hash of the given pairs."""
    return [
        min((factor * n + shift) % MODULUS for n in numbers)
        for factor, shift in zip(FACTORS, SHIFTS, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """All that decides the next step of the small run."""

    weight: float
    momentum: float
    position: int


def slopes(weight: float, position: int) -> list[float]:
    """Return the slope of the squared miss on each of two workers, a page each."""
    pages = [LENGTHS[(position + worker) % len(LENGTHS)] for worker in range(2)]
    return [2 * (weight - page) for page in pages]


def step(now: Checkpoint) -> Checkpoint:
    """Return what two workers make of a checkpoint in one training step."""
    mean = sum(slopes(now.weight, now.position)) / 2
    momentum = MEMORY * now.momentum + mean
    return Checkpoint(now.weight - RATE * momentum, momentum, now.position + 2)
