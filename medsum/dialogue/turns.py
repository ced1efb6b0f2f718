"""Get the speakers and the speech from a dialogue that has one line `Speaker: text` for each turn."""

import re

from medsum.dialogue.roles import CHILD, FAMILY, PATIENT, person

# A speaker is a few words, of which the first begins with a capital letter, or one word with a number (`spk_0`). A
# colon and a space follow the speaker.
_TURN = re.compile(r"((?![a-z0-9])[\w#][^\s:]{0,39}(?: [^\s:]{1,39}){0,4}|[a-z]+[_ ]?\d{1,3}):(?: |$)")


def turn_speaker(turn: str) -> str:
    """Return the speaker of a turn: `Doctor: Any pain?` → `Doctor`. Return an empty string if there is no speaker."""
    found = _TURN.match(turn)
    return found[1] if found else ""


def speaker_role(speaker: str) -> str:
    """Return the speaker with the role in front: `Wife` → `Guest_family Wife`, `Child` → `Patient Child`."""
    known = person(speaker).role
    if known == CHILD:
        return f"{PATIENT} {speaker}"
    if known == FAMILY and not speaker.startswith(FAMILY):
        return f"{FAMILY} {speaker}"
    return speaker


def spoken_text(dialogue: str) -> str:
    """Return the speech of all turns in one line, without the speakers."""
    return " ".join(turn.partition(": ")[2] if turn_speaker(turn) else turn for turn in dialogue.split("\n"))
