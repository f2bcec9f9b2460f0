"""A sentence, the same in other words twice, and the sentence changed where it matters."""

from __future__ import annotations

import numpy as np

#: Kind -> a sentence, the same with little changed, the same turned round, and the changed one.
TEMPLATES = {
    "negation": (
        "The {animal} is afraid of the {thing}.",
        "The {animal} is scared of the {thing}.",
        "The {thing} frightens the {animal}.",
        "The {animal} is not afraid of the {thing}.",
    ),
    "opposite": (
        "The price of {goods} rose in {month}.",
        "The price of {goods} climbed in {month}.",
        "In {month}, {goods} became more expensive.",
        "The price of {goods} fell in {month}.",
    ),
    "number": (
        "The ticket to {city} costs {small} euros.",
        "The ticket to {city} is {small} euros.",
        "You have to pay {small} euros for travelling to {city}.",
        "The ticket to {city} costs {large} euros.",
    ),
    "roles": (
        "The {animal} bit the {person}.",
        "The {animal} has bitten the {person}.",
        "The {person} was bitten by the {animal}.",
        "The {person} bit the {animal}.",
    ),
}
SLOTS = {
    "animal": "dog horse monkey wolf goat donkey bear parrot rat camel".split(),
    "person": "farmer postman teacher soldier tourist nurse butcher singer judge baker".split(),
    "thing": "thunder river ladder mirror bridge vacuum storm tunnel siren balloon".split(),
    "goods": "coffee timber copper wheat cotton sugar diesel butter cement wool".split(),
    "month": "January March April May June July August September October December".split(),
    "city": "Paris Vienna Madrid Oslo Prague Lisbon Dublin Warsaw Athens Rome".split(),
}


def foursomes(kind: str, count: int, seed: int) -> list[tuple[str, ...]]:
    """Return ``count`` times the four sentences of a kind, with words drawn by lot.

    Prices have two digits; the changed one is ten times as high.
    """
    rng = np.random.default_rng([seed, 13])
    made = []
    for _ in range(count):
        words = {name: str(rng.choice(choices)) for name, choices in SLOTS.items()}
        price = int(rng.integers(11, 99))
        words |= {"small": str(price), "large": str(10 * price)}
        made.append(tuple(text.format(**words) for text in TEMPLATES[kind]))
    return made
