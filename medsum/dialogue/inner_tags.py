"""Find tags in the middle of a line. A new turn begins at each of these tags.

A tag is the text at the start of a turn that names its speaker, such as `Doctor` in `Doctor: Any pain?`.
"""

import re

from medsum.dialogue.known_tags import is_known, is_name, starts_utterance
from medsum.dialogue.learnt_tags import LETTERS, Learnt
from medsum.dialogue.line_starts import without_time_after
from medsum.dialogue.not_speakers import is_heading
from medsum.dialogue.roles import person
from medsum.dialogue.tag_forms import BRACKETED, CLOSERS, OPENERS, TAB, Tagged, is_strong, may_be_tag

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
_ENDS = ".?!\u2026\"')]}|/>\u2022;~-*,"
_WINDOW = 48  # a tag begins at most 48 characters before its colon


def inner_tags(text: str, learnt: Learnt) -> list[tuple[int, int, str]]:
    """Return the start, end and text of each tag within a line. The end is after the colon or bracket of the tag."""
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
        for match in BRACKETED.finditer(text)
        if (
            (learnt.counts("bracket", match[1]) and is_known(Tagged(match[1], "", "bracket"), learnt))
            or (is_strong(match[1]) and text[match.start()] != "(")
        )
        and not colons & {match.end(), match.end() - 1}
    ]


def _start_of_tag(text: str, done: int, colon: int, learnt: Learnt) -> int | None:
    """Return the place where the tag before a colon starts, or None if there is no tag before the colon."""
    low = max(done, colon - _WINDOW)
    window = text[low:colon].rstrip(" *_")
    if window[-1:] and window[-1] in CLOSERS:
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
    opener = window.rfind(OPENERS[CLOSERS.index(window[-1])])
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
    """Return whether the text `tag` within a line is the tag of a new turn."""
    if start > 1 and text[start - 1] in "\"'" and text[start - 2] == " ":  # a quotation: `she told me, "Doctor: ...`
        return False
    before = text[max(0, start - 24) : start].rstrip(" *_" + TAB)
    at_end = not before or before[-1] in _ENDS
    word = re.search(r"[\w']+$", before)
    last = word[0].lower() if word else ""
    lower, who = tag.lower(), person(tag)
    counted = learnt.colon[lower]
    if len(tag) == 1:
        in_use = (learnt.letters and lower in LETTERS) or (at_end and lower in learnt.letter_tags)
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
