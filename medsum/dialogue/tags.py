"""Find speakers' tags in a line.

A tag is the text at the start of a turn that names its speaker. It has one of several forms, such as `Doctor:`,
`[Doctor]` or `Doctor -`. The class `Learnt` collects the tags and forms that a dialogue uses.
"""

import re
from collections import Counter
from dataclasses import dataclass, field

from medsum.dialogue.line_starts import starts_with_time, without_time_after
from medsum.dialogue.not_speakers import has_heading_word, is_heading, is_medication
from medsum.dialogue.roles import (
    ANONYMOUS,
    CLINICIAN,
    DOCTOR,
    FAMILY,
    LONGEST_TAG,
    OTHER,
    PARTICLES,
    PATIENT,
    person,
    unbracketed,
)

TAB = "\ue000"  # replaces a tab, which may separate a tag from the speech
_OPENERS, _CLOSERS = "[({<", "])}>"
_ABBREVIATED = r"(?<!\b[A-Za-z]\.)(?<!\b[DMJSPdmjsp][rstRST]\.)(?<!\b[Mm][Rr][Ss]\.)(?<!\b[Pp][Rr][Oo][Ff]\.)"
_NOT_IN_TAG = re.compile(rf"[?!\"=@%;]|(?<![A-Za-z])\d{{3,}}|\.(?! ?$)(?!\w){_ABBREVIATED}")
_DASHED = re.compile(rf"([^:{TAB}]{{1,{LONGEST_TAG}}}?)(?: ?{TAB}[ {TAB}]*| (?:--?|\||=|~|>+) | ?(?:>+|;|\|) )(?=\S)")
_BRACKETED = re.compile(rf"[\[({{<] ?([^\[\](){{}}<>]{{1,{LONGEST_TAG}}}?) ?[\])}}>] ?[:-]? ?")
_STAGE = re.compile(
    r"(?:laugh|pause|inaudible|unintelligible|crosstalk|cough|sigh|cry|noise|music|background|door|phone|typing|nod|shak"
    r"|point|chuckl|sniff|end|start|beep|unclear|overlap|whisper|foreign|speaks?\b|sound|clear|breath|examin|recording"
    r"|gestur|silence|redacted|applause|blank).*|(?:doctor |patient )?name|date|location|pii|phi|in spanish|hospital",
    re.IGNORECASE,
)
_WORD = re.compile(r"[\w'#]+(?:[./-](?![A-Z])[\w'#]+)*\.?")
_DETERMINERS_WORDS = """
the a an my your his her our their this that these those another any some every each which what for of to by
"""
_DETERMINERS = frozenset(_DETERMINERS_WORDS.split())
_BEFORE_A_NOUN_WORDS = """
other old new same regular previous last next first second told tell asked ask dear
"""
_BEFORE_A_NOUN = frozenset(_BEFORE_A_NOUN_WORDS.split())
_BEFORE_LETTER_WORDS = """
vitamin vitamins hepatitis hep type group plan part option step grade stage class schedule influenza flu strep
"""
_BEFORE_LETTER = frozenset(_BEFORE_LETTER_WORDS.split())
_NUMBERED = re.compile(r"((?:speaker|spk|doctor|patient)[ _]?\d{1,2}) (?=\w)", re.IGNORECASE)
_HONORIFIC = re.compile(r"(?:Mr|Mrs|Ms|Miss|Mx)\b\.? ?\w", re.IGNORECASE)
_NUMERIC = re.compile(r"[<>~]?\d[\d.,/ ]*(?:%|\w{1,6}(?:/\w{1,3})?)?\.?$")  # a measured value: `160 mg/dL`
_TITLED = re.compile(r"(?:Dr|Mr|Mrs|Ms|Miss|Prof)\b")
_ENDS = ".?!\u2026\"')]}|/>\u2022;~-*,"
_WINDOW = 48  # a tag begins at most this many characters before its colon
_INNER_LETTER = re.compile(r"(?:(?<=\s)(?=D|P|Q|A|C|N|I)|(?<=[.?!]\s))(Dr|Pt|[A-Z])\.?:(?=\s)")
_LETTERS = {"d": DOCTOR, "p": PATIENT, "q": DOCTOR, "a": PATIENT, "c": DOCTOR, "n": "Nurse", "i": "Interpreter"}


@dataclass(frozen=True)
class Tagged:
    """A tag without brackets and times, the speech after it, and the form of the tag."""

    tag: str
    said: str
    form: str  # colon, bracket, dash, alone


@dataclass
class Learnt:
    """The tags and forms that were found at the beginnings of a dialogue's lines."""

    colon: Counter[str] = field(default_factory=Counter)  # tags in lower case, each with its number of lines
    other: Counter[str] = field(default_factory=Counter)  # tags in brackets, before a dash or alone
    lines: int = 0
    first_words: Counter[str] = field(default_factory=Counter)  # roles at the start of a line, with only a space after
    spaced: bool = False  # only a space separates tags from the speech
    lines_of: Counter[str] = field(default_factory=Counter)  # number of lines by form of the tag, except colon
    covering: set[str] = field(default_factory=set)  # forms that `covers` accepts
    times: int = 0  # number of lines with the time of a recording after the tag
    numeric: Counter[str] = field(default_factory=Counter)  # tags, and how often only a measured value follows each
    named: int = 0  # lines with a person's role before a colon
    lower: bool = False  # some tags are in lower case
    capital: bool = False  # some tags begin with a capital letter
    letters: bool = False  # the tags are pairs of letters such as D: and P:, or Q: and A:
    letter_tags: set[str] = field(default_factory=set)  # letters such as A: and B:, if there are no other tags
    inner_letters: set[str] = field(default_factory=set)

    def learn(self, line: str) -> None:
        """Count the tag that may begin a line."""
        self.lines += 1
        spaced = _spaced_tag(line)
        if spaced:
            self.first_words[spaced.tag.lower()] += 1
        found = colon_tag(line)
        if found:
            self.colon[found.tag.lower()] += 1
            self.times += starts_with_time(found.said)
            self.numeric[found.tag.lower()] += _NUMERIC.match(found.said) is not None
            self.named += person(found.tag).known
            if len(found.tag) < 3:
                self.inner_letters.update(match[1].lower() for match in _INNER_LETTER.finditer(line))
            if person(found.tag).known:
                self.lower |= found.tag.islower()
                self.capital |= not found.tag.islower()
            return
        for form in (_bracket_tag(line), _dash_tag(line), alone_tag(line)):
            if form:
                self.other[f"{form.form} {form.tag.lower()}"] += 1
                self.times += starts_with_time(form.said)
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
        seen |= self.inner_letters if seen & set(_LETTERS) else set()
        self.letters = any(pair <= seen for pair in ({"d", "p"}, {"q", "a"}, {"d", "pt"}, {"c", "p"}, {"dr", "p"}))

    @property
    def timed(self) -> bool:
        """Return whether a time follows at least half of the tags. A single time may be speech."""
        return self.times > 1 and self.times * 2 >= self.lines

    def counts(self, form: str, tag: str) -> int:
        """Return the number of lines that begin with this tag in this form."""
        return self.other[f"{form} {tag.lower()}"]

    def is_of_values(self, tag: str) -> bool:
        """Return whether mostly measured values follow a tag, as in `LDL: 160`."""
        return self.numeric[tag.lower()] * 2 > self.colon[tag.lower()]

    def covers(self, form: str) -> bool:
        """Return whether two or more tags of this form occur repeatedly and begin at least a third of the lines."""
        return form in self.covering

    def _count_forms(self) -> None:
        """Sum the counts of each form once, because the check of every line needs these sums."""
        repeated: dict[str, list[int]] = {}
        for key, count in self.other.items():
            form, _, _ = key.partition(" ")
            self.lines_of[form] += count
            if count > 1:
                repeated.setdefault(form, []).append(count)
        self.covering = {form for form, counts in repeated.items() if len(counts) > 1 and sum(counts) * 3 >= self.lines}


def colon_tag(line: str) -> Tagged | None:
    """Return the tag before the first colon, as in `Doctor (Lee): Any pain?`, or None. Ignore the colon of a time."""
    place = line.find(":", 0, LONGEST_TAG + 24)
    while 0 < place < len(line) - 1 and line[place - 1].isdigit() and line[place + 1].isdigit():
        place = line.find(":", place + 1, LONGEST_TAG + 24)
    if place < 1:
        return None
    written = line[:place].replace(TAB, " ").strip()
    tag, timed = without_time_after(written)
    tag = unbracketed(tag)
    if timed and written[-1:].isdigit() and not person(tag).known:  # `Around 10:30: ...`
        return None
    said = line[place + 1 :].lstrip(" *_:" + TAB)
    return Tagged(tag, said.removeprefix("- "), "colon") if may_be_tag(tag) else None


def may_be_tag(tag: str) -> bool:
    """Return whether a text may be a tag: a few words without the end of a sentence."""
    return (
        0 < len(tag) <= LONGEST_TAG
        and (tag[0].isalpha() or tag[0] == "_")
        and len(tag.split()) <= 5
        and ":" not in tag
        and not _NOT_IN_TAG.search(tag)
        and sum(tag.count(mark) for mark in _OPENERS) == sum(tag.count(mark) for mark in _CLOSERS)
    )


def _bracket_tag(line: str) -> Tagged | None:
    found = _BRACKETED.match(line)
    if not found or line[:1] not in _OPENERS or _STAGE.fullmatch(found[1]):
        return None
    tag, _ = without_time_after(found[1])
    return Tagged(unbracketed(tag), line[found.end() :], "bracket") if may_be_tag(tag) else None


def _dash_tag(line: str) -> Tagged | None:
    found = _DASHED.match(line)
    if not found:
        return None
    tag, _ = without_time_after(found[1].strip())
    return Tagged(unbracketed(tag), line[found.end() :], "dash") if may_be_tag(unbracketed(tag)) else None


def alone_tag(line: str) -> Tagged | None:
    """Return the tag of a line that has only a tag and perhaps a time, such as `Dr. Lee  0:03` or `### Patient`.

    Return None for any other line.
    """
    if len(line) > LONGEST_TAG + 30:
        return None
    tag, timed = without_time_after(line.replace(TAB, " "))
    tag = unbracketed(tag)
    if not may_be_tag(tag) or (line.rstrip().endswith((".", "?", "!", ",")) and not timed):
        return None
    return Tagged(tag, "", "alone timed" if timed else "alone")


def is_strong(tag: str) -> bool:
    """Return whether a tag before a colon is a speaker at any place in a text."""
    who = person(tag)
    if who.role in (DOCTOR, PATIENT, CLINICIAN):
        return True
    if who.role == ANONYMOUS:
        return bool(who.number)
    lower = tag.lower()
    if who.role == FAMILY:
        return lower.startswith(("guest", "gest"))
    return who.role == OTHER and lower.startswith(("nurse", "interpreter", "paramedic", "pharmacist", "medical "))


def starts_utterance(said: str, learnt: Learnt) -> bool:
    """Return whether a text begins like an utterance and not like an item of a list."""
    first = said.lstrip("\"'([*_ ")[:1]
    return not said or first.isupper() or first in "\u00bf\u00a1" or (learnt.lower and first.isalpha())


def is_known(found: Tagged, learnt: Learnt) -> bool:
    """Return whether the beginning of a line is certainly a tag."""
    who, tag = person(found.tag), found.tag
    if found.form == "colon":
        return _is_known_before_colon(found, learnt)
    if found.form == "bracket":
        if who.known or learnt.named > 1:  # otherwise `(sometimes) at night` would begin a turn
            return who.known
        in_use = learnt.lines_of["bracket"]
        return (in_use > 2 and not is_heading(tag)) or learnt.counts("bracket", tag) > 1
    if found.form == "dash":
        return (who.known and not has_heading_word(tag)) or (learnt.covers("dash") and learnt.counts("dash", tag) > 1)
    if found.form == "alone timed":
        return who.known or (learnt.covers("alone") and tag[:1].isupper() and is_name(tag) and not is_heading(tag))
    return (
        who.known
        and (tag[:1].isupper() or not who.name)
        and (learnt.covers("alone") or tag.lower() not in ("family", "person", "voice"))
    )


def _is_known_before_colon(found: Tagged, learnt: Learnt) -> bool:
    tag = found.tag
    often = learnt.colon[tag.lower()]
    if len(tag) == 1:
        return (learnt.letters and tag.lower() in _LETTERS) or often > 1 or tag.lower() in learnt.letter_tags
    if is_strong(tag):
        _, dash, name = tag.partition(" - ")
        may_be_said = (tag.islower() and len(tag.split()) > 3) or (dash and not _TITLED.match(name) and often < 2)
        return not may_be_said
    if is_heading(tag) or is_medication(tag, found.said):
        return False
    if _HONORIFIC.match(tag) and is_name(tag):
        return True
    if person(tag).known:
        return often > 1 or starts_utterance(found.said, learnt)
    if learnt.covering:  # the tags of this dialogue have another form
        return False
    if learnt.is_of_values(tag):
        return False
    if not tag[:1].islower():
        return often > 1 and is_name(tag)
    return often > 1 and not learnt.capital and len(tag.split()) < 3 and often * 4 >= learnt.lines


def is_name(tag: str) -> bool:
    """Return whether each word of a tag begins like a name."""
    return all(not word[:1].islower() or word in PARTICLES for word in tag.split())


def first_tag(line: str, learnt: Learnt) -> Tagged | None:
    """Return the tag that certainly begins a line, or None."""
    for find in (colon_tag, _bracket_tag, _dash_tag, alone_tag):
        found = find(line)
        if found and is_known(found, learnt):
            return found
    return _spaced_tag(line) if learnt.spaced else None


def _spaced_tag(line: str) -> Tagged | None:
    """Return the tag of a line with only a space after the role, such as `doctor any pain`, or None."""
    line = line.replace(TAB, " ")
    numbered = _NUMBERED.match(line)
    tag, _, said = (numbered[1], " ", line[numbered.end() :]) if numbered else line.partition(" ")
    known = (numbered or (person(tag).role in (DOCTOR, PATIENT) and tag.isalpha())) and said[:1].isalnum()
    return Tagged(tag, said, "space") if known else None


def inner_tags(text: str, learnt: Learnt) -> list[tuple[int, int, str]]:
    """Return the start, end and text of each tag within a line. The end is after the tag's colon or bracket."""
    found = []
    done = 0
    place = text.find(":")
    while place >= 0:
        if not (0 < place < len(text) - 1 and text[place - 1].isdigit() and text[place + 1].isdigit()):
            start = _start_of_tag(text, done, place, learnt)
            if start is not None:
                found.append((start, place + 1, text[start:place]))
                done = place + 1
        place = text.find(":", place + 1)
    return sorted(found + _inner_brackets(text, learnt, found))


def _inner_brackets(text: str, learnt: Learnt, taken: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    if not learnt.lines_of["bracket"]:
        return []
    colons = {end for _, end, _ in taken}
    return [
        (match.start(), match.end(), match[1])
        for match in _BRACKETED.finditer(text)
        if (
            (learnt.counts("bracket", match[1]) and is_known(Tagged(match[1], "", "bracket"), learnt))
            or (is_strong(match[1]) and text[match.start()] != "(")
        )
        and not colons & {match.end(), match.end() - 1}
    ]


def _start_of_tag(text: str, done: int, colon: int, learnt: Learnt) -> int | None:
    """Return where the tag before a colon starts, or None if there is no tag."""
    low = max(done, colon - _WINDOW)
    window = text[low:colon].rstrip(" *_")
    if window[-1:] and window[-1] in _CLOSERS:
        return _start_of_bracketed(low, window, learnt)
    words = [match.span() for match in _WORD.finditer(window)][-4:]
    for start, _ in words:
        tag = window[start:]
        outer, dash, _ = tag.partition(" - ")
        joined = "," in tag or " / " in tag or (dash and (not is_strong(outer) or bool(person(outer).name)))
        joined = joined and tag.lower() not in learnt.colon
        if (
            not joined
            and may_be_tag(tag)
            and _is_inner(text, low + start, tag, text[colon + 1 : colon + 12].lstrip(" *_"), learnt)
        ):
            return low + start
    return None


def _start_of_bracketed(low: int, window: str, learnt: Learnt) -> int | None:
    opener = window.rfind(_OPENERS[_CLOSERS.index(window[-1])])
    if opener < 0:
        return None
    if not window[:opener].strip() or window[:opener].rstrip()[-1:] in _ENDS:
        return low + opener if person(window[opener:]).known else None
    words = [match.start() for match in _WORD.finditer(window, 0, opener)][-3:]
    for start in words:
        tag, _ = without_time_after(window[start:])
        if person(tag).known and (tag.lower() in learnt.colon or is_strong(tag)):
            return low + start
    return None


def _is_inner(text: str, start: int, tag: str, said: str, learnt: Learnt) -> bool:
    """Return whether a tag within a line begins a turn."""
    if start > 1 and text[start - 1] in "\"'" and text[start - 2] == " ":  # a quotation: she told me, "Doctor: ...
        return False
    before = text[max(0, start - 24) : start].rstrip(" *_" + TAB)
    at_end = not before or before[-1] in _ENDS
    word = re.search(r"[\w']+$", before)
    last = word[0].lower() if word else ""
    lower, who = tag.lower(), person(tag)
    counted = learnt.colon[lower]
    if len(tag) == 1:
        in_use = (learnt.letters and lower in _LETTERS) or (at_end and lower in learnt.letter_tags)
        return in_use and tag.isupper() and last not in _BEFORE_LETTER
    if not at_end and lower.startswith("the "):
        return False
    if not at_end and (last in _DETERMINERS or (last in _BEFORE_A_NOUN and len(tag) > 3)):
        return False
    if is_strong(tag) and not who.name:
        return at_end or tag[:1].isupper() or counted > 0 or learnt.lower
    if who.known and at_end:
        return counted > 0 or is_strong(tag) or (starts_utterance(said, learnt) and not is_heading(tag))
    is_no_speaker = learnt.covering or is_heading(tag) or learnt.is_of_values(tag)
    return at_end and counted > 1 and tag[:1].isupper() and is_name(tag) and not is_no_speaker
