"""Read a legend, which says whom the letters before the turns name: `Key: D = doctor, M = mother`."""

import re
from collections import Counter

from medsum.dialogue.line_starts import start_of
from medsum.dialogue.roles import person

_HIGHEST = 20  # a legend is within this number of lines from the top
_ENTRY = re.compile(r"(?:^|(?<=[ ,;:|/(\[*]))([A-Z][A-Za-z]{0,3}\d{0,2})\.? ?= ?(?=[A-Za-z])")
_TITLED = re.compile(r"\W*(?:key|legend|speakers|abbreviations)\b[^:]{0,30}:", re.IGNORECASE)
_ROW = re.compile(
    r"([A-Z][A-Za-z]{0,2}\d{0,2}) ?(?::|-|\ue000) ?([A-Za-z][A-Za-z' ]{1,30}?)(?: ?\([^()]{1,40}\))?[.,;]?$"
)
_LETTER_AND_STOP = re.compile(r"([A-Z])\. {1,8}(?=\S)")
_FEWEST_WITH_STOP = 2  # different letters with a full stop; a single letter may be chance
_LONGEST_TITLE = 40  # the largest number of characters before the first entry, as in `Speakers in this file:`
_REMARK = re.compile(r" ?[(\[,;|/].*| of .*| ?[.]+ ?$| (?:and|&) ?$|^(?:the|a|an|his|her|their) ")


def with_names_of_legend(lines: list[str]) -> list[str]:
    """Return the lines with the names of a legend instead of its letters, and without the lines of the legend.

    A legend names at least two known roles, and its letters stand before a colon or in brackets below it.
    """
    top = lines[:_HIGHEST]
    entries = {place: found for place, line in enumerate(top) if (found := _entries(line))}
    names = _merged(list(entries.values()))
    fewest = 1  # the letters of the legend that must be in use
    if len(names) < 2:
        entries = _rows(top)
        names = _merged(list(entries.values()))
        fewest = 2
    if sum(person(name).known for name in names.values()) < 2:
        return lines
    last = max(entries)
    lines = _with_colons(lines, set(names), last)
    tag = re.compile(rf"(?:(?:^|(?<=[.?!\"] ))({'|'.join(names)})\.?(?= ?:)|^[\[(<]({'|'.join(names)})[\])>](?= ?:| ))")
    kept = ["" if place in entries else line for place, line in enumerate(lines)]
    used: set[str] = set()
    for place in range(last + 1, len(kept)):
        kept[place] = _named(kept[place], tag, names, used)
    return kept if len(used) >= fewest else lines


def _with_colons(lines: list[str], letters: set[str], last: int) -> list[str]:
    """Return the lines with `Q:` instead of `Q.`, if all lines that begin so have letters of the legend.

    Lines that begin with another letter, such as `B.`, show that the letters count the items of a list.
    """
    found = {
        place: match
        for place, line in enumerate(lines)
        if place > last and (match := _LETTER_AND_STOP.match(start_of(line).bare))
    }
    used = {match[1] for match in found.values()}
    if len(used) < _FEWEST_WITH_STOP or not used <= letters:
        return lines
    kept = list(lines)
    for place, match in found.items():
        line = lines[place].rstrip()
        bare = start_of(line).bare
        kept[place] = f"{line[: len(line) - len(bare)]}{match[1]}: {bare[match.end() :]}"
    return kept


def _named(line: str, tag: re.Pattern[str], names: dict[str, str], used: set[str]) -> str:
    bare = start_of(line).bare
    found = [match[1] or match[2] for match in tag.finditer(bare)]
    if not found:
        return line
    used.update(found)
    stripped = line.rstrip()
    colon = "" if tag.match(bare) is None or ":" in bare[:12] else ":"
    return stripped[: len(stripped) - len(bare)] + tag.sub(lambda one: names[one[1] or one[2]] + colon, bare)


def _entries(line: str) -> dict[str, str]:
    """Return the letters and the names of a line such as `Key: D = doctor, C = child (girl, 9)`."""
    if _TITLED.match(line):
        line = line.replace(" - ", " = ")
    found = list(_ENTRY.finditer(line))
    if not found or found[0].start() > _LONGEST_TITLE:
        return {}
    ends = [*(match.start() for match in found[1:]), len(line)]
    return {match[1]: _name(line[match.end() : end]) for match, end in zip(found, ends, strict=True)}


def _rows(lines: list[str]) -> dict[int, dict[str, str]]:
    """Return the letters and names of consecutive lines that have only a letter and a role, such as `D: doctor`."""
    rows = {place: found for place, line in enumerate(lines) if (found := _ROW.match(line)) and person(found[2]).known}
    return {
        place: {found[1]: _name(found[2])}
        for place, found in rows.items()
        if (place - 1 in rows or place + 1 in rows) and not person(found[1]).known
    }


def _name(value: str) -> str:
    """Return the speaker in the text after a letter: `Lily's mother (58),` → `Mother`, `Dr. Hale` → `Dr. Hale`."""
    value = value.strip()
    for _ in range(3):
        value = _REMARK.sub("", value).strip(" )]}>*")
    words = value.split()
    if not person(value).known and words and person(words[-1]).known:
        value = words[-1]
    return " ".join(word[:1].upper() + word[1:] for word in value.split())


def _merged(entries: list[dict[str, str]]) -> dict[str, str]:
    """Return the names of all letters. If two letters have one name, number the name: `Nurse 1`, `Nurse 2`."""
    names = {letters: name for entry in entries for letters, name in entry.items() if name}
    often = Counter(names.values())
    seen: Counter[str] = Counter()
    for letters, name in names.items():
        if often[name] > 1:
            seen[name] += 1
            names[letters] = f"{name} {seen[name]}"
    return names
