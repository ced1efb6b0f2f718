"""Make visits out of exchanges: short pieces of dialogue, each with the note that follows from it.

The texts in pretraining/exchange_texts/*.txt were written one by one for this purpose. Their slots are filled at
random, so that a model cannot memorise the words that it must copy. `{n=2-14}` is drawn at its first use, and later
uses of `{n}` get the same value. A slot is a number, a choice (`left/right`, or `tummy ache|abdominal pain` if the
spoken and written forms differ) or one of BANKS. `{_=okay/I see}` is drawn again at each use. `{he}` and similar slots
depend on the patient's sex.
"""

import re
from collections import defaultdict
from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random
from typing import NamedTuple

from pretraining import words
from pretraining.spoken import number, say_decimal, sometimes_digits, spell, spell_in_pairs
from pretraining.text import SECTIONS, Example
from pretraining.visit import capital

FOLDER = Path(__file__).with_name("exchange_texts")
SPEAKERS = {"D": "Doctor", "P": "Patient", "F": "Guest_family", "C": "Guest_clinician"}
SLOT = re.compile(r"\{(\w+)(?:=([^{}]*))?\}")
RANGE = re.compile(r"(\d+)-(\d+)")
COUNTS, COUNT_SHARES = (1, 2, 3, 4, 5, 6, 8, 12), (30, 22, 16, 11, 8, 6, 4, 3)  # exchanges of a visit
# Number of visits with each section, of 100 visits: similar to MTS-Dialog, but rare sections are more frequent.
SHARES = {"GENHX": 24, "FAM/SOCHX": 24, "PASTMEDICALHX": 9, "CC": 6, "PASTSURGICAL": 6, "ROS": 6, "ALLERGY": 5}
OTHER_SHARE = 2
MONTHS = words.items("January, February, March, April, May, June, July, August, September, October, November, December")
ORDINALS = words.items(
    "first, second, third, fourth, fifth, sixth, seventh, eighth, ninth, tenth, eleventh, twelfth, thirteenth, "
    "fourteenth, fifteenth, sixteenth, seventeenth, eighteenth, nineteenth, twentieth, twenty first, twenty second, "
    "twenty third, twenty fourth, twenty fifth, twenty sixth, twenty seventh, twenty eighth"
)
BY_SEX = {
    "female": {"he": "she", "him": "her", "his": "her", "man": "woman", "sex": "female", "boy": "girl"},
    "male": {"he": "he", "him": "him", "his": "his", "man": "man", "sex": "male", "boy": "boy"},
}

Value = tuple[str, str]  # spoken form, written form


class Exchange(NamedTuple):
    """A few turns and their note. `where` is the file and line, for error messages."""

    section: str
    topic: str
    turns: list[str]
    note: str
    where: str


def same(draw: Callable[[Random], str]) -> Callable[[Random], Value]:
    """Return a draw whose spoken and written forms are equal."""

    def twice(rng: Random) -> Value:
        text = draw(rng)
        return text, text

    return twice


def date(rng: Random) -> Value:
    """Return a date as 'July third two thousand four' and 07/03/2004."""
    month, day, year = rng.randint(1, 12), rng.randint(1, len(ORDINALS)), rng.randint(1995, 2023)
    return f"{MONTHS[month - 1]} {ORDINALS[day - 1]} {spell_in_pairs(year)}", f"{month:02}/{day:02}/{year}"


def blood_pressure(rng: Random) -> Value:
    """Return a blood pressure as 'one thirty over eighty' and 130/80."""
    high, low = rng.randint(85, 210), rng.randint(50, 120)
    return f"{spell_in_pairs(high)} over {spell_in_pairs(low)}", f"{high}/{low}"


def temperature(rng: Random) -> Value:
    """Return a temperature as 'ninety nine point four' and 99.4."""
    tenths = rng.randint(970, 1045)
    return say_decimal(tenths), f"{tenths / 10:g}"


def dose(rng: Random) -> Value:
    """Return a number of units, round or odd."""
    value = rng.randint(1, 99) * rng.choice((1, 5, 10))
    return sometimes_digits(rng, rng.choice((spell, spell_in_pairs))(value), str(value)), str(value)


def one_of(pairs: list[Value]) -> Callable[[Random], Value]:
    """Return a draw from phrases whose spoken and written forms differ."""
    return lambda rng: rng.choice(pairs)


BANKS: dict[str, Callable[[Random], Value]] = {
    "drug": same(words.drug),
    "surname": same(words.invented_name),
    "firstname": same(words.invented_name),
    "city": same(lambda rng: words.invented_name(rng, 2)),
    "year": lambda rng: number(rng, 1945, 2024, spell_in_pairs),
    "date": date,
    "bp": blood_pressure,
    "temperature": temperature,
    "adult": lambda rng: number(rng, 18, 95),
    "child": lambda rng: number(rng, 2, 17),
    "dose": dose,
    "job": same(lambda rng: rng.choice(words.JOBS)),
    "symptom": one_of(words.SYMPTOMS),
    "condition": one_of(words.CONDITIONS),
    "surgery": one_of(words.SURGERIES),
    "allergen": same(lambda rng: rng.choice(words.ALLERGENS)),
    "side": same(lambda rng: rng.choice(("left", "right"))),
    "relative": same(lambda rng: rng.choice(words.RELATIVES)),
}


@cache
def read(folder: Path = FOLDER) -> dict[str, list[Exchange]]:
    """Read all exchanges by MTS-Dialog's section header. Raise ValueError with file and line if one cannot be read."""
    found = defaultdict(list)
    for path in sorted(folder.glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        for block in re.finditer(r"(?:.+\n?)+", text):
            line = text.count("\n", 0, block.start()) + 1
            exchange = parse(block[0].strip(), f"{path.name}:{line}")
            found[exchange.section].append(exchange)
    return dict(found)


def parse(block: str, where: str) -> Exchange:
    """Parse one exchange from its lines."""
    head, *lines = block.split("\n")
    match = re.fullmatch(r"# (\S+) (\S+)", head)
    if not match or match[1] not in SECTIONS:
        raise ValueError(f"{where}: '{head}' is not '# SECTION topic'")
    *turns, note = lines
    if not turns or not note.startswith(">") or any(not re.match(r"[DPFC]: \S", turn) for turn in turns):
        raise ValueError(f"{where}: needs turns (D:, P:, F: or C:) and then one line of note (>)")
    return Exchange(match[1], match[2], turns, note[1:].strip(), where)


class Filler:
    """Fill the slots of one exchange. Slots with the same name get the same value."""

    def __init__(self, rng: Random, sex: str, where: str) -> None:
        self.rng, self.where = rng, where
        self.by_sex = BY_SEX[sex]
        self.values: dict[str, Value] = {}

    def fill(self, text: str, written: bool) -> str:
        """Return the text with its slots in spoken or written form. A slot inside another slot is filled first."""
        while "{" in text:
            filled = SLOT.sub(lambda match: self.value(match[1], match[2], written), text)
            if filled == text:
                raise ValueError(f"{self.where}: unreadable slot in '{text}'")
            text = filled
        return text

    def value(self, name: str, options: str | None, written: bool) -> str:
        """Return the text of one slot."""
        if name.lower() in self.by_sex and options is None:
            text = self.by_sex[name.lower()]
            return capital(text) if name[0].isupper() else text
        if name == "_":
            return self.draw(options or "")[written]
        if options is not None and name not in self.values:
            self.values[name] = self.draw(options)
        if name not in self.values:
            raise ValueError(f"{self.where}: slot '{name}' is used before it is defined")
        return self.values[name][written]

    def draw(self, options: str) -> Value:
        """Return a value from a range, a bank or alternatives."""
        if bounds := RANGE.fullmatch(options):
            return number(self.rng, int(bounds[1]), int(bounds[2]), self.rng.choice((spell, spell_in_pairs)))
        if options in BANKS:
            return BANKS[options](self.rng)
        said, bar, written = self.rng.choice(options.split("/")).partition("|")
        return (said, written) if bar else (said, said)


def render(exchange: Exchange, rng: Random, sex: str) -> tuple[list[str], str]:
    """Return the turns with their speakers, and the note. Each begins with a capital letter."""
    filler = Filler(rng, sex, exchange.where)
    turns = [f"{SPEAKERS[turn[0]]}: {capital(filler.fill(turn[3:], written=False))}" for turn in exchange.turns]
    return turns, capital(filler.fill(exchange.note, written=True))


def draw(rng: Random, folder: Path = FOLDER) -> Example:
    """Return a visit of a random section: exchanges about different topics, one after the other."""
    exchanges = read(folder)
    headers = list(exchanges)
    header = rng.choices(headers, [SHARES.get(name, OTHER_SHARE) for name in headers])[0]
    count = 1 if header == "CC" else rng.choices(COUNTS, COUNT_SHARES)[0]
    sex, turns, notes, topics = rng.choice(("male", "female")), [], [], set()
    for exchange in rng.sample(exchanges[header], min(count, len(exchanges[header]))):
        if exchange.topic not in topics:
            topics.add(exchange.topic)
            said, note = render(exchange, rng, sex)
            turns += said
            notes += [note] if note else []
    if not notes:
        return draw(rng, folder)
    return Example(SECTIONS[header], "\n".join(turns), " ".join(notes))
