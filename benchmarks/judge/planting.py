"""Plant errors into correct summaries: change one fact, so that the kind and the place of the error are known.

`plant(category, summary, dialogue, rng)` returns the changed text with the span of the change. It returns None if the
summary has no place for an error of the category.
"""

import random
import re
from collections.abc import Callable
from typing import NamedTuple

from medsum.dialogue.sentences import sentences
from medsum.dialogue.turns import spoken_text
from medsum.facts.extraction import extract, extract_dialogue
from medsum.facts.fact import QUANTITIES, Fact
from medsum.facts.findings import canonical
from medsum.facts.lexicon import read


class Planted(NamedTuple):
    """The changed text, and the span of the change in this text.

    If a sentence was left out, the span is the place of this sentence in the correct text.
    """

    text: str
    start: int
    end: int


_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_OF_TIME = {"date", "duration", "time"}
_COUNTED = QUANTITIES - _OF_TIME - {"dose"}
_RELATIVE = re.compile(r"\b(?:His |Her |The )?(?:[Mm]other|[Ff]ather|[Bb]rother|[Ss]ister)\b(?=\s+(?:has|had|with)\b)")
_SIDE = re.compile(r"\b(left|right)\b", re.IGNORECASE)
_OTHER_SIDE = {"left": "right", "right": "left", "Left": "Right", "Right": "Left"}
_DENIALS = (
    (re.compile(r"\b(?:No|Denies|Negative for|Without)\b (?=\w)"), "Reports "),
    (re.compile(r"\b(?:no|without)\b (?=\w)"), "with "),
    (re.compile(r"\b(?:denies|denied)\b (?=\w)"), "reports "),
)
# The first two patterns match the text before and after the name of a finding, if the text denies only this name. The
# third pattern matches the rest of a longer name, such as `repair` after `hernia`.
_BARE_DENIAL = re.compile(r"(?:\b(?:no|denies|denied|without|negative for|or|and|nor|any)|,)\s+$", re.IGNORECASE)
_BARE_END = re.compile(r"\s*(?:[.,;]|$)|\s+(?:or|and|nor)\b", re.IGNORECASE)
_NAME_GOES_ON = re.compile(
    r"[ -]+(?:repair|surgery|test|testing|screen|screening|clinic|vaccin\w+|shots?)\b", re.IGNORECASE
)
_DRUGS = [entry.fields for entry in read("medications.txt")]
_FINDINGS = [entry.fields[0] for entry in read("findings.txt")]
_MANY = 3  # smaller counts are not changed: speakers imply them in many ways, so the new count may not be an error


def _replaced(text: str, start: int, end: int, by: str) -> Planted:
    return Planted(text[:start] + by + text[end:], start, start + len(by))


def _other_number(text: str, fact: Fact, rng: random.Random) -> Planted | None:
    """Replace the first number of a fact by a different number of similar size. A year remains a year."""
    match = _NUMBER.search(text, fact.start, fact.end)
    if match is None:
        return None
    value = float(match[0])
    change = rng.choice([2, 3, 4, 5, 7]) if value >= 10 else rng.choice([2, 3, 4])
    other = value + change if rng.random() < 0.5 or value <= change else value - change
    return _replaced(text, match.start(), match.end(), f"{other:g}" if "." in match[0] else f"{other:.0f}")


def _quantity(text: str, _: str, rng: random.Random) -> Planted | None:
    places = [
        f for f in extract(text) if f.kind in _COUNTED and not _is_few(f) and _NUMBER.search(text, f.start, f.end)
    ]
    return _other_number(text, rng.choice(places), rng) if places else None


def _is_few(fact: Fact) -> bool:
    return (
        fact.kind in ("count", "frequency") and _NUMBER.fullmatch(fact.value) is not None and float(fact.value) <= _MANY
    )


def _time(text: str, _: str, rng: random.Random) -> Planted | None:
    places = [f for f in extract(text) if f.kind in _OF_TIME and _NUMBER.search(text, f.start, f.end)]
    return _other_number(text, rng.choice(places), rng) if places else None


def _negation(text: str, _: str, rng: random.Random) -> Planted | None:
    """Turn a denial into a statement, or deny a finding."""
    places: list[Planted] = []
    for fact in (f for f in extract(text) if f.kind == "finding" and not f.context - {"negated"}):
        start = max((s for s, e in sentences(text) if s <= fact.start < e), default=0)
        if "negated" not in fact.context:
            before = text[start : fact.start]
            noun = text[fact.start].islower() and not text[fact.start : fact.end].endswith(("ed", "s the"))
            if noun and before.rstrip().endswith(("with", "has", "reports", "for", "had", "of")):
                places.append(_replaced(text, fact.start, fact.end, f"no {text[fact.start : fact.end]}"))
            continue
        for pattern, by in _DENIALS:
            denial = next(iter(pattern.finditer(text, start, fact.start)), None)
            if denial and fact.start - denial.end() < 3:
                changed = _replaced(text, denial.start(), denial.end(), by)
                places.append(Planted(changed.text, changed.start, changed.end + fact.end - denial.end()))
    return rng.choice(places) if places else None


def _medication(text: str, dialogue: str, rng: random.Random) -> Planted | None:
    """Replace a drug by a drug of a different class, or change a dose."""
    found = extract(text)
    drugs = [f for f in found if f.kind == "medication"]
    doses = [f for f in found if f.kind == "dose"]
    if doses and (not drugs or rng.random() < 0.5):
        return _other_number(text, rng.choice(doses), rng)
    if not drugs:
        return None
    drug = rng.choice(drugs)
    said = {f.value for f in [*extract_dialogue(dialogue), *found]}
    name = rng.choice([name for name, kind in _DRUGS if kind != drug.unit and name not in said and "/" not in name])
    return _replaced(text, drug.start, drug.end, name)


def _laterality(text: str, _: str, rng: random.Random) -> Planted | None:
    sides = [f for f in extract(text) if f.kind == "laterality" and _SIDE.search(text, f.start, f.end)]
    if not sides:
        return None
    side = rng.choice(sides)
    match = _SIDE.search(text, side.start, side.end)
    return _replaced(text, match.start(), match.end(), _OTHER_SIDE.get(match[0], "right")) if match else None


def _person(text: str, _: str, rng: random.Random) -> Planted | None:
    """Give a relative's finding to the patient."""
    family = [f for f in extract(text) if f.kind == "finding" and f.context == {"family"}]
    places = []
    for match in _RELATIVE.finditer(text):
        end = next((e for s, e in sentences(text) if s <= match.start() < e), len(text))
        if any(match.end() < fact.start < end for fact in family):
            changed = _replaced(text, match.start(), match.end(), "The patient")
            places.append(Planted(changed.text, changed.start, end + len("The patient") - len(match[0])))
    return rng.choice(places) if places else None


def _hallucination(text: str, dialogue: str, rng: random.Random) -> Planted | None:
    """Add a finding that the dialogue does not mention."""
    said = {f.value for f in [*extract_dialogue(dialogue), *extract(text)]}
    name = rng.choice([name for name in _FINDINGS if canonical(name) not in said])
    added = rng.choice(["The patient has {}.", "Reports {}.", "Also has {}."]).format(name)
    return Planted(f"{text} {added}", len(text) + 1, len(text) + 1 + len(added))


def _omission(text: str, _: str, rng: random.Random) -> Planted | None:
    """Leave out a sentence with a fact."""
    spans = sentences(text)
    facts = extract(text)
    told = [(s, e) for s, e in spans if any(s <= f.start < e for f in facts)]
    if len(spans) < 2 or not told:
        return None
    start, end = rng.choice(told)
    return Planted((text[:start].rstrip() + " " + text[end:].strip()).strip(), start, end)


def _contradiction(text: str, _: str, rng: random.Random) -> Planted | None:
    """Add a sentence that denies what the summary states, or that states what the summary denies."""
    stated = [f for f in extract(text) if f.kind == "finding" and not f.context - {"negated"} and not f.laterality]
    places = [f for f in stated if _is_opposed(text, f)]
    if not places:
        return None
    fact = rng.choice(places)
    added = f"{'Reports' if 'negated' in fact.context else 'Denies'} {fact.value}."
    return Planted(f"{text} {added}", len(text) + 1, len(text) + 1 + len(added))


def _is_opposed(text: str, fact: Fact) -> bool:
    """Return whether the opposite of a fact contradicts the text.

    `Reports rash.` does not contradict `no other rash`, and `Denies hernia.` does not contradict a `hernia repair`.
    """
    if "negated" in fact.context:
        return bool(_BARE_DENIAL.search(text[: fact.start]) and _BARE_END.match(text, fact.end))
    return not _NAME_GOES_ON.match(text, fact.end)


def _section(text: str, _: str, rng: random.Random) -> Planted | None:
    header = rng.choice(["IMMUNIZATIONS", "IMAGING", "PLAN", "DISPOSITION"])
    return Planted(f"{header}: {text}", 0, len(header))


def _repetition(text: str, _: str, rng: random.Random) -> Planted | None:
    spans = [(s, e) for s, e in sentences(text) if len(text[s:e].split()) > 1]
    if not spans:
        return None
    start, end = rng.choice(spans)
    again = text[start:end].strip()
    return Planted(f"{text} {again}", len(text) + 1, len(text) + 1 + len(again))


def _truncation(text: str, _: str, rng: random.Random) -> Planted | None:
    """Cut off the summary in the middle of a sentence."""
    long = [(s, e) for s, e in sentences(text) if len(text[s:e].split()) >= 5]
    if not long:
        return None
    start, end = rng.choice(long)
    words = text[start:end].split()
    kept = text[:start] + " ".join(words[: rng.randint(3, len(words) - 1)]).rstrip(".,;:")
    return Planted(kept, 0, len(kept))


def _length(text: str, dialogue: str, _: random.Random) -> Planted | None:
    """Append the whole dialogue, and repeat it until the summary is far too long."""
    said = spoken_text(dialogue)
    said = " ".join([said] * (1 + (2 * len(text.split()) + 40) // max(1, len(said.split()))))
    return Planted(f"{text} {said}", 0, len(text) + 1 + len(said))


def _degenerate(text: str, dialogue: str, rng: random.Random) -> Planted | None:
    word = rng.choice(text.split())
    made = rng.choice(["", ". . . , , .", " ".join([word] * 12), "\n".join(dialogue.split("\n")[:3])])
    return Planted(made, 0, len(made))


PLANTERS: dict[str, Callable[[str, str, random.Random], Planted | None]] = {
    "quantity": _quantity,
    "negation": _negation,
    "medication": _medication,
    "laterality": _laterality,
    "time": _time,
    "person": _person,
    "hallucination": _hallucination,
    "omission": _omission,
    "contradiction": _contradiction,
    "section": _section,
    "repetition": _repetition,
    "truncation": _truncation,
    "length": _length,
    "degenerate": _degenerate,
}


def plant(category: str, summary: str, dialogue: str, rng: random.Random) -> Planted | None:
    """Plant an error of the category. The same random state gives the same error."""
    return PLANTERS[category](summary, dialogue, rng)
