"""Pairs of words for analogies, from the test that came with word2vec.

Source: Mikolov and others 2013, the file ``questions-words.txt``. Of its fourteen sections these
are the five of which the King James Bible has at least eight pairs, and the capitals.
"""

from __future__ import annotations


def _pairs(words: str) -> tuple[tuple[str, str], ...]:
    """Return words two by two."""
    single = words.split()
    return tuple(zip(single[::2], single[1::2], strict=True))


#: Section -> its pairs, in the order of the file.
PAIRS: dict[str, tuple[tuple[str, str], ...]] = {
    "family": _pairs(
        "boy girl brother sister brothers sisters dad mom father mother grandfather "
        "grandmother grandpa grandma grandson granddaughter groom bride he she his her "
        "husband wife king queen man woman nephew niece policeman policewoman prince princess "
        "son daughter sons daughters stepbrother stepsister stepfather stepmother stepson "
        "stepdaughter uncle aunt "
    ),
    "comparative": _pairs(
        "bad worse big bigger bright brighter cheap cheaper cold colder cool cooler deep "
        "deeper easy easier fast faster good better great greater hard harder heavy heavier "
        "high higher hot hotter large larger long longer loud louder low lower new newer old "
        "older quick quicker safe safer sharp sharper short shorter simple simpler slow "
        "slower small smaller smart smarter strong stronger tall taller tight tighter tough "
        "tougher warm warmer weak weaker wide wider young younger "
    ),
    "participle": _pairs(
        "code coding dance dancing debug debugging decrease decreasing describe describing "
        "discover discovering enhance enhancing fly flying generate generating go going "
        "implement implementing increase increasing invent inventing jump jumping listen "
        "listening look looking move moving play playing predict predicting read reading run "
        "running say saying scream screaming see seeing shuffle shuffling sing singing sit "
        "sitting slow slowing swim swimming think thinking vanish vanishing walk walking "
        "write writing "
    ),
    "past tense": _pairs(
        "dancing danced decreasing decreased describing described enhancing enhanced falling "
        "fell feeding fed flying flew generating generated going went hiding hid hitting hit "
        "implementing implemented increasing increased jumping jumped knowing knew listening "
        "listened looking looked moving moved paying paid playing played predicting predicted "
        "reading read running ran saying said screaming screamed seeing saw selling sold "
        "shrinking shrank singing sang sitting sat sleeping slept slowing slowed spending "
        "spent striking struck swimming swam taking took thinking thought vanishing vanished "
        "walking walked writing wrote "
    ),
    "plural": _pairs(
        "banana bananas bird birds bottle bottles building buildings car cars cat cats child "
        "children cloud clouds color colors computer computers cow cows dog dogs dollar "
        "dollars donkey donkeys dream dreams eagle eagles elephant elephants eye eyes finger "
        "fingers goat goats hand hands horse horses lion lions machine machines mango mangoes "
        "man men melon melons monkey monkeys mouse mice onion onions pear pears pig pigs "
        "pineapple pineapples rat rats road roads snake snakes woman women "
    ),
    "capital": _pairs(
        "athens greece baghdad iraq bangkok thailand beijing china berlin germany bern "
        "switzerland cairo egypt canberra australia hanoi vietnam havana cuba helsinki "
        "finland islamabad pakistan kabul afghanistan london england madrid spain moscow "
        "russia oslo norway ottawa canada paris france rome italy stockholm sweden tehran "
        "iran tokyo japan "
    ),
}
