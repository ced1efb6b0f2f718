"""Put a colon after tags that other signs follow: `Q. Any pain?`, or the confidence in `Patient (95%)  no`.

A tag is the text at the start of a turn that names its speaker, such as `Doctor` in `Doctor: Any pain?`. The confidence
is a number with which a speech recogniser says how sure it is.
"""

import re
from collections import Counter
from itertools import pairwise

from medsum.dialogue.line_starts import start_of
from medsum.dialogue.not_speakers import is_heading
from medsum.dialogue.roles import person
from medsum.dialogue.screenplay import without_manner
from medsum.dialogue.tag_forms import colon_tag, may_be_tag

_LETTER = re.compile(r"([A-Z])\. (?=\S)")
_NUMBERED = re.compile(r"([QA])(\d{1,4}) ?[:.)-] ?(?=\S)")
_STOPPED = re.compile(r"([A-Z][A-Za-z]{0,14}(?:'[Ss])?(?: [A-Z][A-Za-z]{1,14})?)\. (?=\S)")
_PAIRS = (("Q", "A"), ("D", "P"), ("C", "P"))  # who asks, and who answers
_FEWEST = 2  # a letter or a speaker that occurs only once may be chance
_NUMBER = r"(?:conf(?:idence)?\.? ?[:=]? ?)?(?:\d{1,3}(?:\.\d{1,4})? ?%|[01]?\.\d{1,4})"
_CONFIDENCE = re.compile(
    r"([A-Za-z][^:%()\[\]{}?!]{0,39}?):? ?"
    rf"(?:\( ?{_NUMBER} ?\)|\[ ?{_NUMBER} ?\]|\{{ ?{_NUMBER} ?\}}) ?[:|>-]? ?(?=\S)",
    re.IGNORECASE,
)


def with_colons_after_tags(lines: list[str]) -> list[str]:
    """Return the lines with a colon after each tag that another sign follows: a full stop, a number, a confidence."""
    return _after_confidences(_after_letters(_after_stops(_without_numbers(lines))))


def _without_numbers(lines: list[str]) -> list[str]:
    """Return the lines with `Q:` instead of `Q1:` or `Q1.`, if the lines have the questions and answers 1, 2, 3 ..."""
    found = [_NUMBERED.match(start_of(line).bare) for line in lines]
    order = [(match[1], int(match[2])) for match in found if match]
    letters = {letter for letter, _ in order}
    asked = [number for letter, number in order if letter == "Q"]
    if letters != {"Q", "A"} or asked != list(range(asked[0], asked[0] + len(asked))) or len(asked) < _FEWEST:
        return lines
    return [_replaced(line, match[1], match.end()) if match else line for line, match in zip(lines, found, strict=True)]


def _after_stops(lines: list[str]) -> list[str]:
    """Return the lines with `DOCTOR:` instead of `DOCTOR.`, if a third of the lines begin so with two or more roles."""
    found = [_STOPPED.match(start_of(line).bare) for line in lines]
    tags = Counter(match[1] for match in found if match and person(match[1]).known)
    enough = len(tags) >= _FEWEST and tags.total() * 3 >= sum(map(bool, lines)) and max(tags.values()) >= _FEWEST
    if not enough or _has_known_colons(lines, tags.total()):
        return lines
    return [
        _replaced(line, match[1], match.end(), in_play=True) if match and match[1] in tags else line
        for line, match in zip(lines, found, strict=True)
    ]


def _after_letters(lines: list[str]) -> list[str]:
    """Return the lines with `Q:` instead of `Q.`, if the lines of two letters alternate as questions and answers do.

    Lines that begin with another letter, such as `B.`, show that the letters count the items of a list.
    """
    found = [_LETTER.match(start_of(line).bare) for line in lines]
    letters = [match[1] for match in found if match]
    filled = sum(map(bool, lines))
    for asks, answers in _PAIRS:
        if set(letters) != {asks, answers} or len(letters) * 3 < filled:
            continue
        turns = sum(pair == (asks, answers) for pair in pairwise(letters))
        enough = turns >= _FEWEST or len(letters) == filled
        if enough and turns * 4 >= len(letters) and not _has_known_colons(lines, len(letters)):
            return [
                _replaced(line, match[1], match.end()) if match else line
                for line, match in zip(lines, found, strict=True)
            ]
    return lines


def _has_known_colons(lines: list[str], letters: int) -> bool:
    """Return whether at least as many lines begin with a role and a colon as with a letter."""
    tags = [colon_tag(start_of(line).bare) for line in lines]
    return sum(tag is not None and person(tag.tag).known for tag in tags) >= letters


def _after_confidences(lines: list[str]) -> list[str]:
    """Return the lines without the confidence after their tags, if at least half of the lines have one."""
    found = [_CONFIDENCE.match(start_of(line).bare) if "%" in line or "." in line else None for line in lines]
    counts = Counter(match[1].strip() for match in found if match and may_be_tag(match[1].strip()))
    if counts.total() * 2 < sum(map(bool, lines)) or sum(_is_sure(tag, counts) for tag in counts) < _FEWEST:
        return lines
    return [
        _replaced(line, match[1].strip(), match.end())
        if match and match[1].strip() in counts and (_is_sure(match[1].strip(), counts) or _is_name(match[1]))
        else line
        for line, match in zip(lines, found, strict=True)
    ]


def _is_sure(tag: str, counts: Counter[str]) -> bool:
    return person(tag).known or (counts[tag] >= _FEWEST and not is_heading(tag))


def _is_name(tag: str) -> bool:
    return all(word[:1].isupper() for word in tag.split()) and not is_heading(tag)


def _replaced(line: str, tag: str, end: int, *, in_play: bool = False) -> str:
    """Return the line with a colon after the tag. The tag and its signs have `end` characters."""
    bare = start_of(line).bare
    before = line.rstrip()[: len(line.rstrip()) - len(bare)]
    said = without_manner(bare[end:]) if in_play else bare[end:]
    return f"{before}{tag}: {said}"
