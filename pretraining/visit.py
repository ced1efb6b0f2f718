"""A synthetic visit in the making: what is said, what is noted, and which facts link the two."""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from pretraining import words
from pretraining.spoken import number, spell, spell_in_pairs

NO = ["No.", "Nope.", "No, nothing like that.", "Not at all.", "No, I don't.", "Um, no.", "No, doctor."]
YES = ["Yes.", "Yeah.", "Yes, I do.", "Uh huh.", "Yep."]


@dataclass
class Visit:
    """A dialogue and its note in the making; `facts` are (as said, as written) pairs."""

    rng: Random
    sex: str = "female"
    turns: list[str] = field(default_factory=list)
    note: list[str] = field(default_factory=list)
    facts: list[tuple[str, str]] = field(default_factory=list)

    def pick(self, *options: str) -> str:
        """One of several ways to say it."""
        return self.rng.choice(options)

    def doctor(self, *options: str) -> None:
        """The doctor says one of these."""
        self.turns.append(f"Doctor: {self.pick(*options)}")

    def patient(self, *options: str) -> None:
        """The patient says one of these."""
        self.turns.append(f"Patient: {self.pick(*options)}")

    def write(self, *options: str) -> None:
        """The note gets one of these."""
        self.note.append(self.pick(*options))

    def fact(self, said: str, written: str) -> tuple[str, str]:
        """Remember that what is said here must be written so."""
        self.facts.append((said, written))
        return said, written

    def same(self, text: str) -> str:
        """What is said and written alike."""
        self.fact(text, text)
        return text

    def number(self, low: int, high: int, say: Callable[[int], str] = spell) -> tuple[str, str]:
        """A number from `low` to `high`, as said and as written."""
        return self.fact(*number(self.rng, low, high, say))

    def phrase(self, pairs: list[tuple[str, str]]) -> tuple[str, str]:
        """One of the phrases, as said and as written."""
        return self.fact(*self.rng.choice(pairs))

    def phrases(self, pairs: list[tuple[str, str]], most: int = 3) -> tuple[list[str], list[str]]:
        """One to `most` phrases: all as said, and all as written."""
        drawn = self.rng.sample(pairs, self.rng.randint(1, most))
        for said, written in drawn:
            self.fact(said, written)
        return [said for said, _ in drawn], [written for _, written in drawn]

    def word(self, choices: list[str]) -> str:
        """One of the words, said and written alike."""
        return self.same(self.rng.choice(choices))

    def drug(self) -> str:
        """A drug, said and written alike."""
        return self.same(words.drug(self.rng))

    def duration(self) -> tuple[str, str]:
        """Some days to years, as said and as written."""
        said, written = self.number(2, 14)
        unit = self.pick("days", "weeks", "months", "years")
        return f"{said} {unit}", f"{written} {unit}"

    def year(self) -> tuple[str, str]:
        """A year, as said and as written."""
        return self.number(1960, 2023, spell_in_pairs)


def joined(parts: list[str], last: str = "and") -> str:
    """'a', 'a and b', 'a, b and c'."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {last} {parts[-1]}"


def capital(text: str) -> str:
    """With a capital first letter."""
    return text[:1].upper() + text[1:]
