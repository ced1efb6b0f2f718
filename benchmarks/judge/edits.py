"""Change one fact of a dialogue: age, sex, name, dose, side, a denial or a drug. Everything else stays the same.

`edited(kind, dialogue, rng)` returns the edit, or None if the dialogue has no fact of this kind. The fact is changed
everywhere in the dialogue, so that the dialogue still makes sense.
"""

import random
import re
from collections.abc import Callable
from typing import NamedTuple

from medsum.facts.extraction import extract_dialogue
from medsum.facts.fact import Fact
from medsum.facts.lexicon import read
from medsum.facts.numbers import TEENS, TENS, UNITS, spoken_numbers


class Edit(NamedTuple):
    """The dialogue before and after an edit, and the value of the edited fact before and after the edit."""

    before: str
    after: str
    old: str
    new: str


_DRUGS = [entry.fields for entry in read("medications.txt")]
_WORDS = {value: word for words in (UNITS, TEENS) for word, value in words.items()}
_TENS = {value: word for word, value in TENS.items() if word != "fourty"}
_TITLED = re.compile(r"\b(?:Mr|Mrs|Ms|Miss)\b\.? (?P<name>[A-Z][a-z]+)\b")
_NAMES = ("Nguyen", "Garcia", "Okafor", "Kowalski", "Singh", "Johnson", "Haddad", "Kim", "Rossi", "Begum")
SIDES = {"left": "right", "right": "left"}
_SIDE = re.compile(r"\b(?:left|right)\b", re.IGNORECASE)
_SEXED_PAIRS = (
    "he she, him her, his her, himself herself, man woman, men women, male female, boy girl, gentleman lady, "
    "sir ma'am, mr ms, guy gal"
)
SEXES = {a: b for pair in _SEXED_PAIRS.split(", ") for a, b in (pair.split(), pair.split()[::-1])}
SEXES |= {"hers": "his", "mrs": "mr", "miss": "mr", "her": "his", "he's": "she's", "she's": "he's"}
_SEXED = re.compile(rf"\b(?:{'|'.join(sorted(SEXES, key=len, reverse=True))})\b", re.IGNORECASE)
# If a dialogue has one of these words, the topic fixes the sex of the patient, or `she` may be another person.
_OF_ONE_SEX = re.compile(
    r"pregnan|\bperiods?\b|menstru|menopaus|uter|ovar|vagin|breast|\bpap\b|cervi[cx]|prostat|testic|scrot|penis|circumci|"
    r"\b(?:mother|mom|mum|father|dad|sister|brother|wife|husband|son|daughter|aunt|uncle|grand\w+|girlfriend|boyfriend|"
    r"nephew|niece|midwife|birth|born|deliver\w*)\b",
    re.IGNORECASE,
)
_AGED = re.compile(r"\b(?:old|aged?|I['’]m|I am|(?:he|she)['’]s|(?:he|she) is|turn\w*|birthday)\b", re.IGNORECASE)
_SHORT = re.compile(
    r"(?P<speaker>[^:]+): (?:(?P<yes>yes|yeah|yep)|no|nope)"
    r"(?:[.!]?$|[.!](?P<rest> (?!.*\b(?:no|not|never|either|none|too)\b|.*n['’]t\b).*))",
    re.IGNORECASE,
)
_HER_ALONE = re.compile(r"\s*(?:[^\w\s]|$|(?:already|again|before|now|today|in|on|for|with|to|at|and|or|since|that)\b)")


def _replaced(dialogue: str, spans: list[tuple[int, int, str]]) -> str:
    for start, end, by in sorted(spans, reverse=True):
        dialogue = dialogue[:start] + by + dialogue[end:]
    return dialogue


def _in_words(number: int) -> str:
    """Return the spoken form of a number below 1,000."""
    if number in _WORDS:
        return _WORDS[number]
    if number >= 100:
        rest = number % 100
        return f"{_WORDS[number // 100]} hundred" + (f" {_in_words(rest)}" if rest else "")
    tens, unit = number // 10 * 10, number % 10
    return f"{_TENS[tens]} {_WORDS[unit]}" if unit else _TENS[tens]


def _other_number(dialogue: str, facts: list[Fact], new: int) -> Edit | None:
    """Replace the number in each of the facts by `new`. Digits are replaced by digits, and words by words."""
    old, spans = int(facts[0].value), []
    for fact in facts:
        said = dialogue[fact.start : fact.end]
        digits = re.search(rf"(?<!\d){old}(?!\d)", said)
        spoken = [number for number in spoken_numbers(said) if number.digits == str(old)]
        if digits:
            spans.append((fact.start + digits.start(), fact.start + digits.end(), str(new)))
        elif spoken:
            by = _in_words(new) if new < 1000 else str(new)
            by = by.capitalize() if said[spoken[0].start].isupper() else by
            spans.append((fact.start + spoken[0].start, fact.start + spoken[0].end, by))
        else:
            return None
    return Edit(dialogue, _replaced(dialogue, spans), str(old), str(new))


def _age(dialogue: str, rng: random.Random) -> Edit | None:
    """Change the age of an adult patient by ten to twenty years. The ages of relatives do not change."""
    lines = dialogue.split("\n")
    ages = [f for f in extract_dialogue(dialogue) if f.kind == "age" and f.unit == "year" and f.value.isdigit()]
    ages = [f for f in ages if _AGED.search(lines[f.turn]) and not _OF_ONE_SEX.search(lines[f.turn])]
    if not ages or not 30 <= int(ages[0].value) <= 90:
        return None
    change = rng.randint(10, 20)
    new = int(ages[0].value) + (change if int(ages[0].value) < 60 else -change)
    return _other_number(dialogue, [fact for fact in ages if fact.value == ages[0].value], new)


def _dose(dialogue: str, rng: random.Random) -> Edit | None:
    doses = [f for f in extract_dialogue(dialogue) if f.kind == "dose" and f.value.isdigit() and int(f.value) > 1]
    if not doses:
        return None
    one = rng.choice(doses)
    new = int(one.value) * 2 if int(one.value) % 2 or rng.random() < 0.5 else int(one.value) // 2
    if any(int(fact.value) == new for fact in doses):
        return None
    return _other_number(dialogue, [fact for fact in doses if fact.value == one.value], new)


def _drug(dialogue: str, rng: random.Random) -> Edit | None:
    """Replace a drug by a different drug of the same class."""
    drugs = [f for f in extract_dialogue(dialogue) if f.kind == "medication"]
    said = {fact.value for fact in drugs}
    one = rng.choice(drugs) if drugs else None
    others = [n for n, kind in _DRUGS if one and kind == one.unit and n not in said and n.isalpha()]
    if one is None or not others:
        return None
    new = rng.choice(others)
    spans = [(f.start, f.end, _like(dialogue[f.start], new)) for f in drugs if f.value == one.value]
    return Edit(dialogue, _replaced(dialogue, spans), one.value, new)


def _side(dialogue: str, _: random.Random) -> Edit | None:
    """Exchange left and right wherever they are sides of the body."""
    spans = []
    for fact in extract_dialogue(dialogue):
        if fact.kind == "laterality":
            for match in _SIDE.finditer(dialogue, fact.start, fact.end):
                spans.append((match.start(), match.end(), _like(match[0], SIDES[match[0].lower()])))
    return Edit(dialogue, _replaced(dialogue, sorted(set(spans))), "left", "right") if spans else None


def _negation(dialogue: str, rng: random.Random) -> Edit | None:
    """Turn a short yes into a no, or a no into a yes. The yes or no must answer a question about a finding.

    The dialogue must not mention this finding at any other place.
    """
    lines = dialogue.split("\n")
    facts = [fact for fact in extract_dialogue(dialogue) if fact.kind == "finding"]
    places = []
    for fact in facts:
        turn = fact.turn
        alone = sum(other.turn == turn or other.value == fact.value for other in facts) == 1
        answer = _SHORT.fullmatch(lines[turn + 1]) if turn + 1 < len(lines) else None
        if alone and answer and lines[turn].rstrip().endswith("?") and fact.context <= {"negated"}:
            by = "No." if answer["yes"] else "Yes."
            places.append((fact.value, turn + 1, f"{answer['speaker']}: {by}{answer['rest'] or ''}"))
    if not places:
        return None
    value, turn, line = rng.choice(places)
    lines[turn] = line
    return Edit(dialogue, "\n".join(lines), value, value)


def _name(dialogue: str, rng: random.Random) -> Edit:
    """Change the family name after Mr. or Ms. Without such a name, first add a turn that names the patient."""
    old, new = rng.sample([name for name in _NAMES if name not in dialogue], 2)
    titled = _TITLED.search(dialogue)
    if titled is None:
        before = f"Doctor: The next patient is {old}.\n{dialogue}"
        return Edit(before, before.replace(old, new), old, new)
    return Edit(dialogue, re.sub(rf"\b{titled['name']}\b", new, dialogue), titled["name"], new)


def _sex(dialogue: str, _: random.Random) -> Edit | None:
    """Exchange the words that show the patient's sex.

    Return None if the topic fixes the sex, or if these words may be about another person.
    """
    if _OF_ONE_SEX.search(dialogue) or not _SEXED.search(dialogue):
        return None
    return Edit(dialogue, other_sex(dialogue), "", "")


def other_sex(text: str) -> str:
    """Return the text with the words for one sex in place of the words for the other sex.

    `her` becomes `his` before a word, and otherwise `him`.
    """

    def other(match: re.Match[str]) -> str:
        word = match[0].lower()
        by = SEXES[word]
        if word == "her" and _HER_ALONE.match(text, match.end()):
            by = "him"
        return _like(match[0], by)

    return _SEXED.sub(other, text)


def sexed_words(text: str) -> list[str]:
    """Return the words of a text that show a sex, as `m` or `f`."""
    male = {"he", "him", "his", "himself", "man", "men", "male", "boy", "gentleman", "sir", "mr", "guy", "he's"}
    return ["m" if match[0].lower() in male else "f" for match in _SEXED.finditer(text)]


def _like(said: str, by: str) -> str:
    return by.capitalize() if said[0].isupper() else by


EDITS: dict[str, Callable[[str, random.Random], Edit | None]] = {
    "age": _age,
    "sex": _sex,
    "name": _name,
    "dose": _dose,
    "drug": _drug,
    "side": _side,
    "negation": _negation,
}


def edited(kind: str, dialogue: str, rng: random.Random) -> Edit | None:
    """Return an edit of this kind. The same random state gives the same edit."""
    edit = EDITS[kind](dialogue, rng)
    return edit if edit is not None and edit.after != edit.before else None
