"""Read transcripts with two columns of text: the speakers on the left, and the indented speech on the right."""

import re

from medsum.dialogue.roles import person

_ROW = re.compile(r"([A-Za-z][A-Za-z .']{0,24}?) {2,}(\S.*)")


def with_colons(text: str) -> str:
    """Return the text with a colon after each speaker, if every line begins with a known speaker or is indented.

    At least two speakers must occur. Return any other text unchanged.
    """
    lines = text.split("\n")
    rows = [_ROW.match(line) for line in lines]
    speakers = set()
    for line, row in zip(lines, rows, strict=True):
        if row and person(row[1]).known:
            speakers.add(row[1])
        elif line.strip() and not line.startswith("  "):
            return text
    if len(speakers) < 2:
        return text
    return "\n".join(f"{row[1]}: {row[2]}" if row else line for line, row in zip(lines, rows, strict=True))
