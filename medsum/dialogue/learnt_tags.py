"""Collect the tags and the forms of tags that a dialogue uses.

A tag is the text at the start of a turn that names its speaker. Forms of tags are `Doctor:`, `[Doctor]`, `Doctor -` and
a line with the tag alone.
"""

import re
from collections import Counter
from dataclasses import dataclass, field

from medsum.dialogue.line_starts import starts_with_time
from medsum.dialogue.roles import DOCTOR, PATIENT, person
from medsum.dialogue.tag_forms import alone_tag, bracket_tag, colon_tag, dash_tag, is_strong, spaced_tag

_NUMERIC = re.compile(r"[<>~]?\d[\d.,/ ]*(?:%|\w{1,6}(?:/\w{1,3})?)?\.?$")  # a measured value, such as `160 mg/dL`
_INNER_LETTER = re.compile(r"(?:(?<=\s)(?=D|P|Q|A|C|N|I)|(?<=[.?!]\s))(Dr|Pt|[A-Z])\.?:(?=\s)")
_INTRODUCED = re.compile(r"([^()]{2,40}) \([^()]{1,40}\)$")  # a name and a role, as in `Grace (daughter)`
LETTERS = {"d": DOCTOR, "p": PATIENT, "q": DOCTOR, "a": PATIENT, "c": DOCTOR, "n": "Nurse", "i": "Interpreter"}


@dataclass
class Learnt:
    """The tags and the forms of tags that the lines of a dialogue begin with."""

    colon: Counter[str] = field(default_factory=Counter)  # tags before a colon, in lower case → number of lines
    other: Counter[str] = field(default_factory=Counter)  # tags in brackets, before a dash or alone → number of lines
    lines: int = 0
    first_words: Counter[str] = field(default_factory=Counter)  # roles before a space → number of lines
    spaced: bool = False  # whether only a space separates tags from the speech
    lines_of: Counter[str] = field(default_factory=Counter)  # form of a tag, except the colon → number of lines
    covering: set[str] = field(default_factory=set)  # forms that `covers` accepts
    times: int = 0  # number of lines with the time of a recording after the tag
    numeric: Counter[str] = field(default_factory=Counter)  # tags → number of lines with only a measured value
    alone_roles: int = 0  # number of lines that have only a role, and perhaps a time
    colon_roles: int = 0  # number of lines with a role before a colon
    alone_times: int = 0  # number of lines that have only a tag and a time
    named: int = 0  # number of lines with a person's role that is not in brackets
    lower: bool = False  # whether some tags are in lower case
    capital: bool = False  # whether some tags begin with a capital letter
    letters: bool = False  # whether the tags are pairs of letters, such as D: and P:, or Q: and A:
    letter_tags: set[str] = field(default_factory=set)  # tags such as A: and B:, if there are no other tags
    inner_letters: set[str] = field(default_factory=set)

    def learn(self, line: str) -> None:
        """If a line begins with text that may be a tag, count this text."""
        self.lines += 1
        spaced = spaced_tag(line)
        if spaced:
            self.first_words[spaced.tag.lower()] += 1
        found = colon_tag(line)
        if found:
            self.colon[found.tag.lower()] += 1
            introduced = _INTRODUCED.match(found.tag)
            if introduced and not person(introduced[1]).known:
                self.colon[introduced[1].lower()] += 1
            self.times += starts_with_time(found.said)
            self.numeric[found.tag.lower()] += _NUMERIC.match(found.said) is not None
            self.named += person(found.tag).known
            self.colon_roles += person(found.tag).known
            if len(found.tag) < 3:
                self.inner_letters.update(match[1].lower() for match in _INNER_LETTER.finditer(line))
            if person(found.tag).known:
                self.lower |= found.tag.islower()
                self.capital |= not found.tag.islower()
            return
        for form in (bracket_tag(line), dash_tag(line), alone_tag(line)):
            if form:
                self.other[f"{form.form} {form.tag.lower()}"] += 1
                self.times += starts_with_time(form.said)
                self.named += person(form.tag).known and form.form != "bracket"
                self.alone_roles += person(form.tag).known and form.form.startswith("alone")
                self.alone_times += form.form == "alone timed"
                if person(form.tag).known:
                    self.lower |= form.tag.islower() or form.said[:1].islower()
                return

    def finish(self) -> None:
        """Set the fields that depend on all lines."""
        self._count_forms()
        seen = set(self.colon)
        strong = any(is_strong(tag) for tag in self.colon)
        self.spaced = not strong and len(self.first_words) > 1 and self.first_words.total() * 5 >= self.lines * 4
        letters = {tag for tag in seen if len(tag) == 1} | self.inner_letters
        repeat = any(self.colon[letter] > 1 for letter in letters) or bool(self.inner_letters)
        is_note = set("soap") <= letters  # a SOAP note has four parts that begin with S:, O:, A: and P:
        if not (strong or is_note) and seen & letters and (len(letters) == 2 or (repeat and len(letters) > 1)):
            self.letter_tags = {letter for letter in letters if len(letter) == 1}
        seen |= self.inner_letters if seen & set(LETTERS) else set()
        self.letters = any(pair <= seen for pair in ({"d", "p"}, {"q", "a"}, {"d", "pt"}, {"c", "p"}, {"dr", "p"}))

    @property
    def timed(self) -> bool:
        """Return whether a time follows the tag in at least half of the lines.

        Return False if only one line has such a time, because a single time may be speech.
        """
        return self.times > 1 and self.times * 2 >= self.lines

    def counts(self, form: str, tag: str) -> int:
        """Return the number of lines that begin with this tag in this form."""
        return self.other[f"{form} {tag.lower()}"]

    def is_of_values(self, tag: str) -> bool:
        """Return whether a measured value follows the tag in most lines that have this tag, as in `LDL: 160`."""
        return self.numeric[tag.lower()] * 2 > self.colon[tag.lower()]

    def covers(self, form: str) -> bool:
        """Return whether at least two tags of this form occur more than once.

        Together, these tags must begin at least a third of the lines.
        """
        return form in self.covering

    @property
    def on_own_lines(self) -> bool:
        """Return whether tags have their own lines, because more roles are alone on a line than before a colon."""
        return self.alone_roles > max(1, self.colon_roles)

    def _count_forms(self) -> None:
        """Sum the counts of each form once, because the check of every line needs these sums."""
        repeated: dict[str, list[int]] = {}
        for key, count in self.other.items():
            form, _, _ = key.partition(" ")
            self.lines_of[form] += count
            if count > 1:
                repeated.setdefault(form, []).append(count)
        self.covering = {form for form, counts in repeated.items() if len(counts) > 1 and sum(counts) * 3 >= self.lines}
