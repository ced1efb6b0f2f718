"""Convert the labels of benchmarks/judge/unseen_sentences and the extracted facts into one form.

In this form, labels and facts can be compared. Names are compared by their names in the project's lexicons. A name that
no lexicon has counts as missed.
"""

import re
from collections.abc import Iterator
from typing import Any

from medsum.facts.allergies import allergies
from medsum.facts.courses import courses
from medsum.facts.extraction import extract, extract_dialogue
from medsum.facts.fact import QUANTITIES, STATED, Fact
from medsum.facts.findings import findings
from medsum.facts.lexicon import words
from medsum.facts.medications import drug_classes, medications
from medsum.facts.plans import plans
from medsum.facts.procedures import procedures
from medsum.facts.relatives import relatives
from medsum.facts.sites import sites
from medsum.facts.units import UNIT_OF, comparable
from medsum.faithfulness.kin import relatives_of

# A finding of any other person (`other`) counts as family, because the project has one flag for all other people.
FLAGS = ("negated", "family", "historical", "hypothetical", "uncertain")
ROWS = (
    "quantity", "medication", "drug_class", "finding", "laterality", "procedure", "allergy", "plan",
    "course", "relative", "regimen", *FLAGS,
)  # fmt: skip
Labels = set[tuple[str, str]]  # a label consists of the row of the table to which it belongs, and its text
_OF_GOLD = {"test": "procedure", "vaccine": "procedure", "device": "procedure", "respiration": "respiratory_rate"}
_NUMBERS = {"lab", "saturation", "count", "percent"}  # for these kinds, only the numbers are compared, not the units
_NAMED = ("finding", "medication", "drug_class")
_SPEAKER = re.compile(r"[ \t]+(?=(?:Doctor|Patient|Nurse|Mother|Father|Wife|Husband|Daughter|Son|Guest\w*):)")


def gold_labels(facts: list[str]) -> Labels:
    """Return the labels of a sentence. Each has the form `kind: value = result | flags`."""
    labels: Labels = set()
    for fact in facts:
        stated, _, flags = fact.partition(" | ")
        kind, _, value = stated.partition(": ")
        value, _, result = value.partition(" = ")
        kind = _OF_GOLD.get(kind, kind)
        if kind == "regimen":
            labels |= {("regimen", f"{_name('medication', value)} = {part}") for part in _amounts(result)}
        elif kind == "plan":
            verb, _, drug = value.partition(" ")
            if "negated" not in flags:
                labels.add(("plan", f"{verb} {_drug(drug)}"))
        elif kind == "dose" and "/" in value.partition(" ")[0]:
            both, _, unit = value.partition(" ")
            labels |= {("quantity", _quantity("dose", part, unit)) for part in both.split("/")}
        elif kind in QUANTITIES | _NUMBERS:
            labels.add(("quantity", _quantity(kind, *_number(kind, value))))
        elif kind == "allergy":
            context = [flag.strip() for flag in flags.split(",") if flag.strip() in ("negated", "family")]
            labels.add(("allergy", " | ".join([_allergen(value), *context])))
        elif kind == "course":
            labels.add(("course", f"{value} = {_what(result)}"))
        elif kind == "relative":
            labels |= {("relative", f"{one} = {_what(result)}") for one in relatives(value)}
        elif kind == "laterality":
            side, _, site = value.partition(" ")
            labels.add(("laterality", f"{side} {_name('site', site)}".strip()))
        elif kind in STATED:
            labels |= set(
                _stated(
                    kind, _name(kind, value), [flag.strip() for flag in flags.replace("other", "family").split(",")]
                )
            )
    return labels


def _stated(kind: str, name: str, flags: list[str]) -> Iterator[tuple[str, str]]:
    yield kind, name
    if kind != "procedure":
        yield from ((flag, f"{kind}: {name}") for flag in flags if flag in FLAGS)


def _amounts(result: str) -> Iterator[str]:
    for part in result.split(", "):
        kind = "frequency" if part == "prn" or " per " in part else "dose"
        yield _quantity(kind, *_number(kind, part))


def _number(kind: str, value: str) -> tuple[str, str]:
    """Return value and unit in the form in which the extraction writes them."""
    clock = re.fullmatch(r"(\d+)(?::(\d\d))? [ap]m", value)
    if kind == "time" and clock:
        return f"{clock[1]}:{clock[2] or '00'}", ""
    if kind == "time" and value.isdigit():
        return f"{value}:00", ""
    feet = re.fullmatch(r"(\d+) ft(?: (\d+) in)?", value)
    if kind == "height" and feet:
        return str(12 * int(feet[1]) + int(feet[2] or 0)), "in"
    stones = re.fullmatch(r"(\d+) st (\d+) lb", value)
    if stones:
        return str(14 * int(stones[1]) + int(stones[2])), "lb"
    if kind in ("date", "time"):
        return value, ""
    number, _, unit = value.partition(" ")
    return number, UNIT_OF.get(unit.lower(), unit)


def _quantity(kind: str, value: str, unit: str) -> str:
    if kind in _NUMBERS:
        return f"number: {float(value):.10g}" if re.fullmatch(r"\d+\.?\d*", value) else f"number: {value}"
    if kind in ("dose", "measure"):
        return f"{kind}: {value} {unit}".strip()
    return f"{kind}: {' '.join(str(part) for part in comparable(kind, value, unit))}"


def _allergen(name: str) -> str:
    allergens = allergies(f"Allergies: {name}.", extract(f"Allergies: {name}."))
    return allergens[0].value if len(allergens) == 1 else name.lower()


def _what(name: str) -> str:
    """Return what a course or a relative's illness is about: the finding or, if there is no finding, the test."""
    text = words(name)
    whole = any((term.start, term.end) == (0, len(name)) for term in findings(name, text, list(sites(name, text))))
    return _name("finding", name) if whole else _procedure(name)


def _drug(name: str) -> str:
    return _name("medication", name) if _name("medication", name) != name else _name("drug_class", name)


def _name(kind: str, name: str) -> str:
    """Return the lexicon's name if the whole `name` is a phrase of the lexicon. Otherwise return `name`."""
    if kind == "procedure":
        return _procedure(name)
    text = words(name)
    finders: dict[str, Any] = {
        "finding": lambda: findings(name, text, list(sites(name, text))),
        "medication": lambda: medications(name, text),
        "drug_class": lambda: drug_classes(name, text),
        "site": lambda: sites(name, text),
    }
    whole = [term.name for term in finders[kind]() if (term.start, term.end) == (0, len(name))]
    return whole[0] if whole else name.lower()


def _procedure(name: str) -> str:
    """Return the lexicon's name of a procedure or vaccine, without the part of the body and its side."""
    for said in (name, f"{name} vaccine"):
        text = words(said)
        terms = list(procedures(said, text))
        if len(terms) == 1 and terms[0].end == len(said):
            before = said[: terms[0].start]
            if not before.strip() or any(part.end == len(before.rstrip()) for part in sites(before, words(before))):
                return terms[0].name
    return name.lower()


def predicted_labels(row: dict[str, Any]) -> Labels:
    """Return the labels of the facts that are extracted from a sentence. In a dialogue, each turn is one line."""
    text = row["text"]
    if row["style"] == "dialogue" or re.match(r"(?:Doctor|Patient|Nurse): ", text):
        text = _SPEAKER.sub("\n", text)
        facts = extract_dialogue(text)
    else:
        facts = extract(text)
    labels: Labels = {("plan", f"{plan.value} {plan.drug}") for plan in plans(text, facts)}
    labels |= {
        ("allergy", " | ".join([one.value, *sorted(one.context & {"negated", "family"})]))
        for one in allergies(text, facts)
    }
    labels |= {("course", f"{one.value} = {one.unit}") for one in courses(text, facts)}
    for fact in facts:
        if fact.kind == "finding" and "family" in fact.context and "negated" not in fact.context:
            labels |= {("relative", f"{one} = {fact.value}") for one in relatives_of(fact, text)}
    in_allergies = _names_in_allergies(row["facts"])
    for fact in facts:
        if fact.value not in in_allergies:
            labels |= set(_labels(fact))
    return labels


def _names_in_allergies(labels: list[str]) -> set[str]:
    """Return the names of allergens and reactions, which have only the label allergy."""
    names = set()
    for label in labels:
        if label.startswith("allergy: "):
            stated = label.removeprefix("allergy: ").partition(" | ")[0]
            names |= {"allergy", *(_name(kind, part) for part in stated.split(" = ") for kind in _NAMED)}
    return names


def _labels(fact: Fact) -> Iterator[tuple[str, str]]:
    if fact.kind in STATED:
        yield from _stated(fact.kind, fact.value, sorted(fact.context))
    elif fact.kind == "laterality":
        yield "laterality", f"{fact.value} {fact.unit}".strip()
    elif fact.kind in QUANTITIES:
        amount = _quantity(fact.kind, fact.value, fact.unit)
        yield "quantity", amount
        if fact.drug and fact.kind in ("dose", "frequency"):
            yield "regimen", f"{fact.drug} = {amount}"
