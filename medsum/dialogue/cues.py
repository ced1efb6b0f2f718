"""Mark the speakers of subtitles in which every cue begins with a speaker, as in the subtitles of Zoom and Teams.

A cue is an entry of a subtitle file. A cue has a line with its start and end time (the timing), and its text.
"""

import re

from medsum.dialogue.line_starts import TIMING_LINE
from medsum.dialogue.roles import person

_NAMED = re.compile(r"[ \t]{0,8}([^\s:<>][^:<>]{0,59}):[ \t]+(?=\S)")
_LEAST_CUES = 3
_MOST_WORDS = 6  # of a name


def with_voices(text: str) -> str:
    """Return the text with `<v Name>` instead of `Name:` if every cue begins with a name and a colon.

    Such a name is certainly a speaker, whatever its form, such as `Ann's iPad` or `14155550100`. At least one
    name must occur again. Return any other text unchanged.
    """
    if "-->" not in text:
        return text
    lines = text.split("\n")
    places = [place + 1 for place, line in enumerate(lines) if TIMING_LINE.match(line.strip())]
    found = [_NAMED.match(lines[place]) if place < len(lines) else None for place in places]
    names = [match[1].strip() for match in found if match]
    if len(names) < _LEAST_CUES or len(names) < len(places) or len(set(names)) == len(names):
        return text
    if all(person(name).known for name in names) or any(len(name.split()) > _MOST_WORDS for name in names):
        return text
    for place in places:
        lines[place] = _NAMED.sub(r"<v \1>", lines[place], count=1)
    return "\n".join(lines)
