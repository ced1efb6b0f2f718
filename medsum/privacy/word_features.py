"""Describe each word of a text by features: its form, the lists that contain it, and the words around it."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from medsum.privacy.anchors import Anchor, anchors
from medsum.privacy.lexicon import (
    common_words,
    countries,
    drugs,
    eponyms,
    frequent_surnames,
    given_names,
    listed_words,
    places,
    surnames,
    word_names,
)
from medsum.privacy.name_patterns import MEDICAL
from medsum.privacy.words import Word, plain_letters

_GAPS = ((re.compile(r" "), "_"), (re.compile(r", ?"), ","), (re.compile(r": ?"), ":"), (re.compile(r"-"), "-"))


class Described(NamedTuple):
    """A word's form (`shape`) and the lists that have it (`lists`)."""

    lower: str
    shape: str
    lists: str


@cache
def known_words() -> frozenset[str]:
    """Return words of dialogues and notes that are not names."""
    return listed_words("known_words.txt")


@lru_cache(1 << 15)
def lists_of(lower: str) -> str:
    """Return one letter for each list that contains the word."""
    stem, plain = lower.removesuffix("s"), plain_letters(lower)
    return "".join(
        letter
        for letter, has in (
            ("k", lower in known_words() or (len(stem) > 3 and stem in known_words())),
            ("c", lower in common_words()),
            ("g", lower in given_names() or plain in given_names()),
            ("S", lower in frequent_surnames() or plain in frequent_surnames()),
            ("s", lower in surnames() or plain in surnames()),
            ("w", lower in word_names()),
            ("e", lower in eponyms()),
            ("d", lower in drugs()),
            ("p", lower in places()),
            ("y", lower in countries()),
        )
        if has
    )


def described(found: list[Word], hidden: frozenset[int] = frozenset()) -> list[Described]:
    """Return the description of each word.

    Words whose index is in `hidden` are described as if no list contained them. The training of the model uses this.
    """
    return [
        Described(word.lower, _shape(word), "" if number in hidden else lists_of(word.lower))
        for number, word in enumerate(found)
    ]


def _shape(word: Word) -> str:
    if len(word.text) == 1:
        return "I" if word.capital else "i"
    if word.loud:
        return "XX"
    if word.capital:
        return "Xo" if word.opens else "Xx"
    return "x"


def _gap(gap: str) -> str:
    for pattern, sign in _GAPS:
        if pattern.fullmatch(gap):
            return sign
    if "\n" in gap:
        return "n"
    if "." in gap or "?" in gap or "!" in gap:
        return "."
    return "(" if "(" in gap else "o"


_NONE = Described("", "-", "-")


def features(
    text: str, found: list[Word], known: list[Described], hidden: frozenset[int] = frozenset()
) -> Iterator[list[str]]:
    """Yield the features of each word.

    If the index of a word is in `hidden`, leave out the feature that is the word itself.
    """
    before_names = anchors(text)
    cased = "C" if any(word.capital and word.text != "I" for word in found) else "c"
    gaps = [_gap(word.gap) for word in found] + ["$" if not text[found[-1].end :].strip() else "."] if found else []
    for number, word in enumerate(found):
        me = known[number]
        left = known[number - 1] if number else _NONE
        left_2 = known[number - 2] if number > 1 else _NONE
        right = known[number + 1] if number + 1 < len(found) else _NONE
        right_2 = known[number + 2] if number + 2 < len(found) else _NONE
        after = (
            _gap(text[word.end : found[number + 1].start]) if number + 1 < len(found) else _gap(text[word.end :] + "\n")
        )
        form = me.shape + cased
        own = me.lists + form
        left_word, right_word = gaps[number] + left.lower, after + right.lower
        active = [
            f"f{form}", f"o{own}", f"l{left_word}", f"r{right_word}",
            f"fl{form}|{left_word}", f"fr{form}|{right_word}", f"ol{own}|{left_word}", f"or{own}|{right_word}",
            f"fa{form}|{gaps[number]}{left.lists}{left.shape}", f"fb{form}|{after}{right.lists}{right.shape}",
            f"oa{own}|{gaps[number]}{left.lists}{left.shape}", f"ob{own}|{after}{right.lists}{right.shape}",
            f"lr{form}|{left_word}|{right_word}",
            f"l2{form}|{left_2.lower} {left_word}", f"r2{form}|{right_word} {right_2.lower}",
            f"m{form}|{bool(MEDICAL.match(text, word.end))}", f"n{form}|{min(len(word.lower), 9)}|{me.lists}",
        ]  # fmt: skip
        active += _of_anchor(before_names.get(word.start), form, me.lists)
        active += _of_spelling(word.lower, form)
        if number not in hidden:
            active += [f"w{word.lower}", f"ws{word.lower}{form}"]
        yield active


def _of_anchor(anchor: Anchor | None, form: str, lists: str) -> list[str]:
    if anchor is None:
        return []
    return [f"A{anchor.strength}{form}", f"B{anchor.said}|{form}", f"C{anchor.strength}{form}{lists}"]


@lru_cache(1 << 15)
def _of_spelling(lower: str, form: str) -> list[str]:
    """Return the beginnings and ends of a word, and its groups of three letters."""
    marked = f"<{lower}>"
    groups = [f"g{marked[place : place + 3]}" for place in range(min(len(marked) - 2, 12))]
    ends = [f"e{length}{lower[-length:]}|{form}" for length in (2, 3, 4) if len(lower) > length]
    starts = [f"b{length}{lower[:length]}|{form}" for length in (2, 3, 4) if len(lower) > length]
    return groups + ends + starts
