"""Build a synthetic visit: the spoken text, the note, and the facts that link the two."""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from pretraining import words
from pretraining.spoken import number, spell, spell_in_pairs

NO = ["No.", "Nope.", "No, nothing like that.", "Not at all.", "No, I don't.", "Um, no.", "No, doctor."]
YES = ["Yes.", "Yeah.", "Yes, I do.", "Uh huh.", "Yep."]


@dataclass
class Visit:
    """A dialogue and its note, which are built together. `facts` are (spoken, written) pairs."""

    rng: Random
    sex: str = "female"
    turns: list[str] = field(default_factory=list)
    note: list[str] = field(default_factory=list)
    facts: list[tuple[str, str]] = field(default_factory=list)

    def pick(self, *options: str) -> str:
        """Return one of several wordings."""
        return self.rng.choice(options)

    def doctor(self, *options: str) -> None:
        """Add one of these turns for the doctor."""
        self.turns.append(f"Doctor: {self.pick(*options)}")

    def patient(self, *options: str) -> None:
        """Add one of these turns for the patient."""
        self.turns.append(f"Patient: {self.pick(*options)}")

    def write(self, *options: str) -> None:
        """Add one of these texts to the note."""
        self.note.append(self.pick(*options))

    def fact(self, said: str, written: str) -> tuple[str, str]:
        """Remember how a spoken fact must be written."""
        self.facts.append((said, written))
        return said, written

    def same(self, text: str) -> str:
        """Return a fact whose spoken and written forms are equal."""
        self.fact(text, text)
        return text

    def number(self, low: int, high: int, say: Callable[[int], str] = spell) -> tuple[str, str]:
        """Return a number from `low` to `high` in spoken and written form."""
        return self.fact(*number(self.rng, low, high, say))

    def phrase(self, pairs: list[tuple[str, str]]) -> tuple[str, str]:
        """Return one of the phrases in spoken and written form."""
        return self.fact(*self.rng.choice(pairs))

    def phrases(self, pairs: list[tuple[str, str]], most: int = 3) -> tuple[list[str], list[str]]:
        """Return one to `most` phrases: all in spoken form, and all in written form."""
        drawn = self.rng.sample(pairs, self.rng.randint(1, most))
        for said, written in drawn:
            self.fact(said, written)
        return [said for said, _ in drawn], [written for _, written in drawn]

    def word(self, choices: list[str]) -> str:
        """Return one of the words. Its spoken and written forms are equal."""
        return self.same(self.rng.choice(choices))

    def drug(self) -> str:
        """Return a drug. Its spoken and written forms are equal."""
        return self.same(words.drug(self.rng))

    def duration(self) -> tuple[str, str]:
        """Return a duration from days to years in spoken and written form."""
        said, written = self.number(2, 14)
        unit = self.pick("days", "weeks", "months", "years")
        return f"{said} {unit}", f"{written} {unit}"

    def year(self) -> tuple[str, str]:
        """Return a year in spoken and written form."""
        return self.number(1960, 2023, spell_in_pairs)


def joined(parts: list[str], last: str = "and") -> str:
    """Return the items as 'a', 'a and b' or 'a, b and c'."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {last} {parts[-1]}"


def capital(text: str) -> str:
    """Return the text with a capital first letter."""
    return text[:1].upper() + text[1:]
