"""Dialogues as the reader gives them, one turn a line: who speaks, and what is said."""

import re

from medsum.dialogue.roles import FAMILY, person

# A speaker is a few words, the first with a capital, or a word with a number (`spk_0`); what is said follows a blank.
_TURN = re.compile(r"((?![a-z0-9])[\w#][^\s:]{0,39}(?: [^\s:]{1,39}){0,4}|[a-z]+[_ ]?\d{1,3}):(?: |$)")


def turn_speaker(turn: str) -> str:
    """`Doctor: Any pain?` → `Doctor`; an untagged line → an empty string."""
    found = _TURN.match(turn)
    return found[1] if found else ""


def speaker_role(speaker: str) -> str:
    """Return the speaker, with the role before it where it is one of the patient's family: `Guest_family Wife`."""
    if person(speaker).role == FAMILY and not speaker.startswith(FAMILY):
        return f"{FAMILY} {speaker}"
    return speaker


def spoken_text(dialogue: str) -> str:
    """What is said, without the speakers, in one line."""
    return " ".join(turn.partition(": ")[2] if turn_speaker(turn) else turn for turn in dialogue.split("\n"))
