"""Find all identifiers of people in a text. The time is linear in the length of the text."""

import re
from collections.abc import Iterator

from medsum.privacy.ages import ages
from medsum.privacy.clerical_names import clerical_names
from medsum.privacy.contacts import contacts
from medsum.privacy.dates import dates
from medsum.privacy.harmless import harmless
from medsum.privacy.institutions import institutions
from medsum.privacy.kinds import Kind
from medsum.privacy.letter_names import letter_names
from medsum.privacy.names import names
from medsum.privacy.numbers import numbers
from medsum.privacy.places import find_places
from medsum.privacy.span import MASK, Span, disjoint
from medsum.privacy.stated_names import stated_names
from medsum.privacy.tagger import tagged_names
from medsum.privacy.towns import towns
from medsum.privacy.word_features import known_words
from medsum.privacy.words import Word, words

RECOGNISERS = (
    contacts,
    numbers,
    dates,
    ages,
    find_places,
    clerical_names,
    letter_names,
)
OF_WORDS = (towns, institutions, names, stated_names)  # these also read the words of the text


_TITLE = re.compile(r"\b(?:Dr|Mr|Mrs|Ms|Miss|Prof)\.? $", re.IGNORECASE)
_OF_WORDS = ("NAME", "PLACE", "OTHER_ID")


def find(text: str) -> list[Span]:
    """Return the identifiers of a text in order, without overlaps. Masks such as [NAME_1] are not identifiers."""
    masks = [(found.start(), found.end()) for found in MASK.finditer(text)]
    hidden = MASK.sub(lambda found: "\x00" * len(found[0]), text)
    its_words = words(hidden)
    found = [span for recogniser in RECOGNISERS for span in recogniser(hidden)]
    found += [span for recogniser in OF_WORDS for span in recogniser(hidden, its_words)]
    found += _tagged(hidden, its_words, found)
    found = [span for span in found if "\x00" not in hidden[span.start : span.end]]
    found = _without_harmless(hidden, found)
    return disjoint(found) if masks or found else []


def _without_harmless(text: str, found: list[Span]) -> list[Span]:
    """Return the findings without names and places that are inside a brand or a clinical term."""
    inside = {place for span in harmless(text) for place in range(span.start, span.end)} if found else set()
    return [span for span in found if span.kind not in _OF_WORDS or not _is_inside(text, span, inside)]


def _is_inside(text: str, span: Span, inside: set[int]) -> bool:
    """Return whether a finding ends inside a harmless text, and has only ordinary words before this text."""
    titled = _TITLE.search(text, max(0, span.start - 8), span.start)
    if span.end - 1 not in inside or (titled and titled.start() not in inside):
        return False
    before = text[span.start : next(place for place in range(span.start, span.end) if place in inside)]
    return all(word in known_words() for word in before.lower().split())


def _tagged(text: str, its_words: list[Word], found: list[Span]) -> Iterator[Span]:
    """Yield the names that the model finds.

    If a rule gives a word another kind, such as a town, the kind of the rule counts.
    """
    kinds: dict[int, Kind] = {place: span.kind for span in found for place in range(span.start, span.end)}
    for start, end, _ in tagged_names(text, its_words):
        inside = [kinds[place] for place in range(start, end) if place in kinds]
        yield Span(start, end, inside[0] if inside and "NAME" not in inside else "NAME")
