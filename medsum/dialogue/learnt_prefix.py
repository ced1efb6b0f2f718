"""Find prefixes of unknown forms in a dialogue, such as `T+02:10` in `T+02:10 Doctor: Any pain?`.

A tag is the text that names the speaker (`Doctor`). A prefix is the text before a tag. The module line_starts.py
removes the usual times and numbers. This module learns prefixes of other forms. It learns a prefix if at least two
lines have this prefix before a role such as `Doctor`. The numbers, months and days in the prefix may differ between
these lines.
"""

import re
from collections import Counter

from medsum.dialogue.line_starts import start_of
from medsum.dialogue.roles import person

_MONTH = r"\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\b"
_DAY = r"\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*\b"
_VARIABLE = re.compile(rf"\d+|{_MONTH}|{_DAY}|\b[APap]\.?[Mm]\b")
_WORDS = re.compile(r"[A-Za-z]+")
_LONGEST = 60  # a prefix and its tag have at most 60 characters together
_MOST_WORDS = 4  # a prefix has at most 4 words; numbers, months and days do not count
STANDARD = "[00:00:00] "  # this time replaces a learnt prefix, because line_starts.py removes times


def with_standard_prefix(lines: list[str]) -> list[str]:
    """Return the lines with each learnt prefix replaced by a time in brackets."""
    found = Counter(shape for line in lines if (shape := _shape_before_tag(line)))
    shapes = [shape for shape, count in found.items() if count > 1]
    if not shapes:
        return lines
    prefix = re.compile("|".join(f"(?:{shape})" for shape in sorted(shapes, key=len, reverse=True)))
    return [_replaced(line, prefix) for line in lines]


def _replaced(line: str, prefix: re.Pattern[str]) -> str:
    """Return the line with the standard prefix instead of a learnt prefix.

    Keep a prefix before a word in lower case, because such a prefix may be speech: `Day 5 was bad.`.
    """
    found = prefix.match(line)
    if found is None or (line[found.end() : found.end() + 1].islower() and not _shape_before_tag(line)):
        return line
    return STANDARD + line[found.end() :]


def _shape_before_tag(line: str) -> str:
    """Return the pattern of the prefix before a role and a colon, or an empty text if there is no such prefix."""
    if not any(character.isdigit() for character in line[:_LONGEST]) or ":" not in line[: _LONGEST + 20]:
        return ""
    place = line.find(":", 1, _LONGEST + 20)
    while place > 0:
        words = line[:place].split(" ")
        for count in (1, 2):
            tag, before = " ".join(words[-count:]), " ".join(words[:-count])
            if tag[:1].isalpha() and person(tag).known:
                usual = start_of(line).bare.startswith(tag)
                return "" if usual or not _is_prefix(before) else _shape(before + " ")
        place = line.find(":", place + 1, _LONGEST + 20)
    return ""


def _is_prefix(text: str) -> bool:
    if len(text) > _LONGEST or not any(character.isdigit() for character in text) or person(text).known:
        return False
    return len(_WORDS.findall(_VARIABLE.sub("", text))) <= _MOST_WORDS and not re.search(
        r"[?!]|\w\.? [A-Z]\w+ \w", text
    )


def _shape(text: str) -> str:
    """Return a pattern that matches the text and also the same text with other numbers, months and days."""
    parts, done = [], 0
    for found in _VARIABLE.finditer(text):
        parts.append(re.escape(text[done : found.start()]))
        parts.append(r"\d+" if found[0].isdigit() else r"[A-Za-z.]+")
        done = found.end()
    return "".join(parts) + re.escape(text[done:])
