"""Find names with a linear model. The model also finds names that are in no list.

The features of a word are its form and the words around it. The model reads these features and returns the probability
that the word is part of a name. `pretraining/name_tagger.py` trains the model on invented sentences. The file of the
model has one weight for each hash value of a feature.
"""

import math
import re
import zlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from medsum.privacy.addresses import STATE
from medsum.privacy.clerical_names import EXAMINED
from medsum.privacy.lexicon import FOLDER, countries, drugs, given_names, proper_words
from medsum.privacy.name_patterns import CALENDAR, CONTRACTED, JOINED
from medsum.privacy.roles import JOB
from medsum.privacy.span import Span
from medsum.privacy.unexplained import is_explained, is_unexplained
from medsum.privacy.word_endings import is_clinical, is_inflected
from medsum.privacy.word_features import described, features, known_words
from medsum.privacy.words import Word

WEIGHTS = FOLDER / "name_tagger.safetensors"
BUCKETS = 1 << 16
LEAST = 0.35  # a word with at least this probability is part of a name
LEAST_UNEXPLAINED = 0.12  # the same for a word that is in no list of ordinary or clinical words
LEAST_CAPITAL = 0.03  # the same for such a word if it begins with a capital within a sentence
LONGEST = 6  # a name has at most 6 words
_STATES = ("New York", "New Mexico", "New Jersey", "New Hampshire")
_CODE = re.compile(r"[A-Z]-[A-Z]+")
_ENDS_NAME = re.compile(r"['’]s\b")


@cache
def _weights(path: Path = WEIGHTS) -> Any:
    """Return the weights and the bias.

    The weights are a list, because an element of a list is read faster than an element of an array.
    """
    from safetensors.numpy import load_file

    tensors = load_file(str(path))
    return (tensors["weights"].astype("float32") * float(tensors["scale"][0])).tolist(), float(tensors["bias"][0])


def bucket(feature: str) -> int:
    """Return the index of the feature's weight."""
    return zlib.crc32(feature.encode()) % BUCKETS


def probabilities(text: str, found: list[Word]) -> list[float]:
    """Return for each word the probability that it is part of a name."""
    weights, bias = _weights()
    result = []
    for active in features(text, found, described(found)):
        score = bias + sum(weights[bucket(feature)] for feature in active)
        result.append(1 / (1 + math.exp(-max(-30.0, min(30.0, score)))))
    return result


def tagged_names(text: str, found: list[Word]) -> Iterator[Span]:
    """Yield the words that are probably names. If such words follow each other, they are one name."""
    likely = [
        chance >= LEAST or (chance >= LEAST_CAPITAL and _is_likely(text, word, chance))
        for word, chance in zip(found, probabilities(text, found), strict=True)
    ]
    number = 0
    while number < len(found):
        end = number
        while (
            end < len(found) and likely[end] and end - number < LONGEST and (end == number or _joined(text, found, end))
        ):
            end += 1
        if end > number and any(_may_be_name(text, word) for word in found[number:end]):
            yield Span(found[number].start, found[end - 1].end, "NAME")
        number = max(end, number + 1)


def _is_likely(text: str, word: Word, chance: float) -> bool:
    """Return whether a word with a small probability is a name, because no list explains the word."""
    if chance >= LEAST_UNEXPLAINED and not word.loud:
        return not is_explained(word.lower)
    return is_unexplained(text, word)


def _may_be_name(text: str, word: Word) -> bool:
    """Return whether a single word may be a name.

    These are not names: abbreviations such as EDD, PERRLA and C-DIFF, single letters, `she'd`, states, countries,
    speakers such as `Son:`, the answer `May.`, words with a digit such as `Arg248`, `sharper`, words with a clinical
    ending such as `Rheumatologist`, and the first word of a Spanish question, because the model has read only English.
    """
    code = word.lower in EXAMINED or _CODE.fullmatch(word.text)
    short = len(word.text) == 1 or (len(word.text) < 5 and sum(map(str.isupper, word.text)) > 1)
    speaker = text[word.end : word.end + 1] == ":" and word.lower in known_words()
    new = text.endswith("New ", 0, word.start) and f"New {word.text}" in _STATES
    drug = word.lower in drugs() and word.lower not in given_names()
    known = new or drug or word.lower in countries() or word.lower in proper_words() or STATE.fullmatch(word.text)
    spanish = text[: word.start].endswith(("¿", "¡"))
    digits = text[max(0, word.start - 1) : word.start].isdigit() or text[word.end : word.end + 1].isdigit()
    month = word.lower in CALENDAR and text[: word.start].endswith(": ")  # as in `Patient: May.`
    compared = not word.capital and text.startswith(" than ", word.end)
    job = JOB.fullmatch(word.lower) and not word.opens
    barred = (
        month
        or compared
        or job
        or code
        or short
        or speaker
        or known
        or spanish
        or digits
        or CONTRACTED.search(word.lower)
    )
    return not barred and not is_inflected(word) and not is_clinical(word.lower)


def _joined(text: str, found: list[Word], number: int) -> bool:
    """Return whether a word belongs to the same name as the word before it."""
    return bool(JOINED.fullmatch(found[number].gap)) and not _ENDS_NAME.match(text, found[number - 1].end)
