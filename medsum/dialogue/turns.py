"""Get speakers and speech from a dialogue text with one line `Speaker: text` for each turn."""

import re

from medsum.dialogue.roles import FAMILY, person

# A speaker is a few words that begin with a capital, or one word with a number (`spk_0`). A space precedes the speech.
_TURN = re.compile(r"((?![a-z0-9])[\w#][^\s:]{0,39}(?: [^\s:]{1,39}){0,4}|[a-z]+[_ ]?\d{1,3}):(?: |$)")


def turn_speaker(turn: str) -> str:
    """Return the speaker, `Doctor` for `Doctor: Any pain?`, or an empty string for a line without a speaker."""
    found = _TURN.match(turn)
    return found[1] if found else ""


def speaker_role(speaker: str) -> str:
    """Return the speaker. A relative of the patient gets the role in front: `Guest_family Wife`."""
    if person(speaker).role == FAMILY and not speaker.startswith(FAMILY):
        return f"{FAMILY} {speaker}"
    return speaker


def spoken_text(dialogue: str) -> str:
    """Return the speech without the speakers, in one line."""
    return " ".join(turn.partition(": ")[2] if turn_speaker(turn) else turn for turn in dialogue.split("\n"))
